// SPDX-License-Identifier: Apache-2.0

package network

// Region is an area where people live.
type Region struct {
	ID         string // key, unique among hospitals and regions
	Name       string // the key if the file gives none
	Network    string // network that serves it; empty if the file gives none
	Point      Point  // place that stands for the region; NoPoint if not known
	Population float64
	Cases      float64 // new patients in the period the file is made for
	Provenance
}

func (b *builder) region(w row) error {
	if id := w.Text("region"); b.hospitals[id] != 0 {
		return w.Err("region", "a key that no hospital has: distances name hospitals and regions alike")
	}
	id, err := b.newKey(w, "region", b.regions)
	if err != nil {
		return err
	}
	n, err := w.optionalRef("network", b.networks)
	if err != nil {
		return err
	}
	p, err := w.point()
	if err != nil {
		return err
	}
	population, err := w.amount("population")
	if err != nil {
		return err
	}
	cases, err := w.amount("cases")
	if err != nil {
		return err
	}
	r := Region{
		ID: id, Name: w.Text("name"), Network: n, Point: p,
		Population: population, Cases: cases, Provenance: w.provenance(),
	}
	if r.Name == "" {
		r.Name = id
	}
	b.l.regions = append(b.l.regions, r)
	return nil
}
