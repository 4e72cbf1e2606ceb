// SPDX-License-Identifier: Apache-2.0

package network

import (
	"fmt"
	"math"
)

// Norm is a volume that a body asks for. Disease and modality are texts of that
// body, not keys; an empty modality is any. Two sources may give different
// numbers for the same norm; both are kept, with their Provenance.
type Norm struct {
	Body, Disease, Modality string
	Lower, Upper            float64 // NaN: not published, or no such bound
	Unit                    string  // of Lower and Upper, such as "patients/year/hospital"; empty if not stated
	From, To                Date    // zero: open
	Provenance
}

// Period returns the days on which the norm is in force.
func (n Norm) Period() Period { return Period{From: n.From, To: n.To} }

// Undated reports whether the file gives no start: the norm is in force on
// earlier dates because nobody said otherwise.
func (n Norm) Undated() bool { return n.From.IsZero() }

// Published reports whether the norm has a number. One without is known to
// exist; what it asks for is not known.
func (n Norm) Published() bool { return !math.IsNaN(n.Lower) || !math.IsNaN(n.Upper) }

// NormQuery chooses norms. Each field that is not empty must be equal; the zero
// value chooses all.
type NormQuery struct {
	Body, Disease, Modality string
}

func (q NormQuery) matches(n Norm) bool {
	return (q.Body == "" || q.Body == n.Body) &&
		(q.Disease == "" || q.Disease == n.Disease) &&
		(q.Modality == "" || q.Modality == n.Modality)
}

func (b *builder) norm(w row) error {
	body, disease, err := w.statement()
	if err != nil {
		return err
	}
	lower, err := w.amount("lower")
	if err != nil {
		return err
	}
	upper, err := w.amount("upper")
	if err != nil {
		return err
	}
	if lower > upper {
		return w.Err("upper", fmt.Sprintf("a number not below lower (%v)", lower))
	}
	n := Norm{
		Body: body, Disease: disease, Modality: w.Text("modality"), Lower: lower, Upper: upper,
		Unit: w.Text("unit"), Provenance: w.provenance(),
	}
	p, err := w.period()
	if err != nil {
		return err
	}
	n.From, n.To = p.From, p.To
	b.l.norms = append(b.l.norms, n)
	b.claim(w, "disease", p, body, disease, n.Modality, n.Unit,
		w.Text("lower"), w.Text("upper"))
	return nil
}
