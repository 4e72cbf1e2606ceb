// SPDX-License-Identifier: Apache-2.0

package network

import "slices"

// Domain is a family of rare cancers, usually one of the ten domains of the
// European network EURACAN.
type Domain struct {
	ID            string
	Name          string   // the key if the file gives none
	EURACAN       string   // group of EURACAN, such as "G1"; empty if it is none of its domains
	WorkingGroups []string // national working groups
	Provenance
}

func (d Domain) clone() Domain {
	d.WorkingGroups = slices.Clone(d.WorkingGroups)
	return d
}

func (b *builder) domain(w row) error {
	id, err := b.newKey(w, "domain", b.domains)
	if err != nil {
		return err
	}
	groups, err := w.list("working_groups")
	if err != nil {
		return err
	}
	d := Domain{
		ID: id, Name: w.Text("name"), EURACAN: w.Text("euracan"),
		WorkingGroups: groups, Provenance: w.provenance(),
	}
	if d.Name == "" {
		d.Name = id
	}
	b.l.domains = append(b.l.domains, d)
	return nil
}
