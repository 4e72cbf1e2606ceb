// SPDX-License-Identifier: Apache-2.0

package network

// Tumor is a type of tumor and the codes by which a registry selects it.
type Tumor struct {
	ID         string
	Name       string  // the key if the file gives none
	Domain     string  // key of its domain; empty if the file gives none
	ICD10      CodeSet // ICD-10 selection
	Topography CodeSet // ICD-O-3 topography (primary site)
	Morphology CodeSet // ICD-O-3 morphology, with or without behavior
	Provenance
}

// Selects reports whether a tumor with these ICD-O-3 codes ("C69.3", "8720/3")
// is of this type, and whether that is known: it is not if the type has neither
// topography nor morphology codes. An axis without codes sets no condition.
func (t Tumor) Selects(topography, morphology string) (bool, bool) {
	if t.Topography.Empty() && t.Morphology.Empty() {
		return false, false
	}
	return (t.Topography.Empty() || t.Topography.Contains(topography)) &&
		(t.Morphology.Empty() || t.Morphology.Contains(morphology)), true
}

// SelectsICD10 reports whether a diagnosis with this ICD-10 code ("C60") is of
// this type, and whether that is known: it is not if the type has no ICD-10
// codes.
func (t Tumor) SelectsICD10(code string) (bool, bool) {
	return t.ICD10.Contains(code), !t.ICD10.Empty()
}

func (b *builder) tumor(w row) error {
	id, err := b.newKey(w, "tumor", b.tumors)
	if err != nil {
		return err
	}
	domain, err := w.optionalRef("domain", b.domains)
	if err != nil {
		return err
	}
	t := Tumor{ID: id, Name: w.Text("name"), Domain: domain, Provenance: w.provenance()}
	if t.Name == "" {
		t.Name = id
	}
	if t.ICD10, err = ParseTopography(w.Text("icd10")); err != nil {
		return w.Err("icd10", wantTopography)
	}
	if t.Topography, err = ParseTopography(w.Text("topography")); err != nil {
		return w.Err("topography", wantTopography)
	}
	if t.Morphology, err = ParseMorphology(w.Text("morphology")); err != nil {
		return w.Err("morphology", wantMorphology)
	}
	b.l.tumors = append(b.l.tumors, t)
	return nil
}
