// SPDX-License-Identifier: Apache-2.0

package network

// Hospital is an organization that gives care. Independent radiotherapy
// institutes and single-disease hospitals count as hospitals. When it exists
// follows from the successions of the landscape; without any it always does.
type Hospital struct {
	ID        string // key, unique among hospitals and regions
	Name      string // official name; the key if the file gives none
	ShortName string // name for pictures; Name if the file gives none
	City      string
	Province  string
	Type      HospitalType
	Point     Point // main location; NoPoint if not known
	Provenance
}

// HospitalType says what kind of hospital it is. The zero value is not known.
type HospitalType uint8

// The types of hospital, with the word of the file in the comment.
const (
	TypeUnknown      HospitalType = iota // unknown, or nothing
	TypeAcademic                         // academic: university medical center
	TypeTopClinical                      // top-clinical: large teaching hospital
	TypeGeneral                          // general
	TypeCategorical                      // categorical: one group of diseases only
	TypeRadiotherapy                     // radiotherapy: independent institute
	TypeProton                           // proton: proton therapy center
	TypeOther                            // other
)

var hospitalTypes = []string{
	unknownWord, "academic", "top-clinical", "general", "categorical", "radiotherapy", "proton", "other",
}

var otherHospitalTypes = map[string]HospitalType{
	"topclinical":              TypeTopClinical,
	"top clinical stz":         TypeTopClinical,
	"radiotherapy independent": TypeRadiotherapy,
	"proton center":            TypeProton,
	"proton centre":            TypeProton,
}

// String returns the word of the file, "unknown" for the zero value.
func (t HospitalType) String() string { return wordText(t, hospitalTypes) }

func (b *builder) hospital(w row) error {
	id, err := b.newKey(w, "hospital", b.hospitals)
	if err != nil {
		return err
	}
	t, ok := parseWord(w.Text("type"), hospitalTypes, otherHospitalTypes)
	if !ok {
		return w.Err("type", wantWord(hospitalTypes))
	}
	p, err := w.point()
	if err != nil {
		return err
	}
	h := Hospital{
		ID: id, Name: w.Text("name"), ShortName: w.Text("short_name"), City: w.Text("city"),
		Province: w.Text("province"), Type: t, Point: p, Provenance: w.provenance(),
	}
	if h.Name == "" {
		h.Name = id
	}
	if h.ShortName == "" {
		h.ShortName = h.Name
	}
	b.l.hospitals = append(b.l.hospitals, h)
	return nil
}
