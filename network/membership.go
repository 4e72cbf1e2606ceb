// SPDX-License-Identifier: Apache-2.0

package network

// Membership says that a hospital belongs to a network from From until To, both
// included. A hospital may belong to several networks of one partition at the
// same time; that is how double membership and conflicting claims look, and
// Provenance says how sure each is.
type Membership struct {
	Hospital, Network string
	From, To          Date // zero: open
	Primary           bool // declared the hospital's own network in the partition
	Provenance
}

// Period returns the days on which the membership is in force.
func (m Membership) Period() Period { return Period{From: m.From, To: m.To} }

// Undated reports whether the file gives no start: the membership is in force on
// earlier dates because nobody said otherwise.
func (m Membership) Undated() bool { return m.From.IsZero() }

func (b *builder) membership(w row) error {
	h, err := w.ref("hospital", b.hospitals)
	if err != nil {
		return err
	}
	n, err := w.ref("network", b.networks)
	if err != nil {
		return err
	}
	p, err := w.period()
	if err != nil {
		return err
	}
	primary, err := w.yes("primary")
	if err != nil {
		return err
	}
	b.l.memberships = append(b.l.memberships, Membership{
		Hospital: h, Network: n, From: p.From, To: p.To, Primary: primary, Provenance: w.provenance(),
	})
	b.claim(w, "hospital", p, h, n)
	return nil
}
