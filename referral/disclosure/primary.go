// SPDX-License-Identifier: Apache-2.0

package disclosure

// Reason says why a number is hidden.
type Reason uint8

// The reasons.
const (
	SmallCount      Reason = iota // above zero and below the threshold
	ZeroCount                     // zero, where zeros are sensitive
	Dominated                     // a dominance rule
	SmallComplement               // what it leaves of a published total is small
	Complementary                 // not sensitive itself; hides another number
)

var reasons = [...]string{"small", "zero", "dominated", "small complement", "complementary"}

// String returns the reason in lower-case words.
func (r Reason) String() string {
	if int(r) < len(reasons) {
		return reasons[r]
	}
	return "invalid"
}

// Sensitive is a number that must be hidden, and how well: a reader must not be
// able to exclude that it is Lo or less, nor that it is Hi or more.
type Sensitive struct {
	Entry
	Value  int64
	Reason Reason
	Lo, Hi int64

	arc int
}

// Primary returns the numbers of a grid that are sensitive by themselves, cells
// row by row before totals:
//
//   - counts n with 0 < n < Threshold, cells as well as totals that are not
//     dropped; zeros too if Config.SuppressZero;
//   - cells that a dominance rule finds: the (n, k) rule, or the p% rule, with
//     the protection that Hundepool et al. (2012) ask for, as far above and
//     below as the sum would have to be for the rule not to apply;
//   - with Config.Complements, cells x with 0 < T - x < Threshold for a
//     published row or column total T, which would give the rest away.
//
// A number that several rules find has the first reason and the widest range.
// Differences between tables (a hospital and its network, two periods) are
// found by [Release.Audit], since they need both tables.
//
// It returns an error matching [ErrGrid] or [ErrConfig]. Time O(cells).
func Primary(g Grid, c Config) ([]Sensitive, error) {
	c, err := c.withDefaults()
	if err != nil {
		return nil, err
	}
	if err := g.check(); err != nil {
		return nil, err
	}
	return newCircuit(g, c).sensitive(c), nil
}

func (n *circuit) sensitive(c Config) []Sensitive {
	var out []Sensitive
	for a, x := range n.value {
		if n.kind[a] == dropped || n.kind[a] == published && x == 0 {
			continue
		}
		s := Sensitive{Entry: n.entry(a), Value: x, Lo: x, Hi: x, arc: a}
		found := false
		widen := func(r Reason, lo, hi int64) {
			if !found {
				s.Reason, found = r, true
			}
			s.Lo, s.Hi = min(s.Lo, max(lo, 0)), max(s.Hi, hi)
		}
		if c.small(x) {
			widen(SmallCount, int64(c.Lower), int64(c.Upper))
		}
		if x == 0 && c.SuppressZero {
			widen(ZeroCount, 0, int64(c.Upper))
		}
		if n.margin(a) == 0 {
			n.dominated(a, c, widen)
			if c.Complements {
				n.complement(a, c, widen)
			}
		}
		if found {
			out = append(out, s)
		}
	}
	return out
}

// dominated applies the dominance rules to a cell.
func (n *circuit) dominated(a int, c Config, widen func(Reason, int64, int64)) {
	d := c.Dominance
	if d.Of == nil || n.value[a] == 0 {
		return
	}
	e := n.entry(a)
	parts := d.Of(e.Row, e.Column)
	if len(parts) == 0 {
		return
	}
	x := float64(n.value[a])
	largest := largestOf(parts, max(d.N, 2))
	need := 0.0
	if d.N > 0 {
		sum := 0.0
		for _, p := range largest[:min(d.N, len(largest))] {
			sum += p
		}
		need = max(need, sum*100/d.K-x)
	}
	if d.P > 0 {
		rest := x - largest[0]
		if len(largest) > 1 {
			rest -= largest[1]
		}
		need = max(need, d.P/100*largest[0]-rest)
	}
	if need > 0 {
		amount := int64(need)
		if float64(amount) < need {
			amount++
		}
		widen(Dominated, n.value[a]-amount, n.value[a]+amount)
	}
}

// complement finds a cell that leaves little of a published total.
func (n *circuit) complement(a int, c Config, widen func(Reason, int64, int64)) {
	i, j := a/n.cols, a%n.cols
	for _, t := range [...]int{n.row(i), n.col(j)} {
		if n.kind[t] == dropped {
			continue
		}
		if total := n.value[t]; c.small(total - n.value[a]) {
			widen(SmallComplement, total-int64(c.Upper), total-int64(c.Lower))
		}
	}
}

// largestOf gives the k largest numbers, largest first.
func largestOf(x []float64, k int) []float64 {
	var top []float64
	for _, v := range x {
		i := len(top)
		for i > 0 && top[i-1] < v {
			i--
		}
		if i < k {
			top = append(top, 0)
			copy(top[i+1:], top[i:])
			top[i] = v
			top = top[:min(len(top), k)]
		}
	}
	return top
}
