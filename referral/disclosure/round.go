// SPDX-License-Identifier: Apache-2.0

package disclosure

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/oncoref/oncoref/referral"
)

// RoundMethod says how counts become multiples of the base.
type RoundMethod uint8

// The methods.
const (
	// Controlled rounds every count and total to a multiple next to it such
	// that the table still adds up, and changes as little as can be.
	Controlled RoundMethod = iota
	// Random rounds up with probability (n mod base)/base, each number by
	// itself: without bias, but the table does not add up.
	Random
	// Conventional rounds to the nearest multiple, halves up, each number by
	// itself: the table does not add up, and small counts are biased.
	Conventional
)

var roundMethods = [...]string{"controlled", "random", "conventional"}

// String returns the method in lower case.
func (m RoundMethod) String() string {
	if int(m) < len(roundMethods) {
		return roundMethods[m]
	}
	return "invalid"
}

// DefaultBase is the base of rounding unless a RoundConfig says otherwise.
const DefaultBase = 5

// RoundConfig says how to round. The zero value is controlled rounding to
// multiples of 5.
type RoundConfig struct {
	Base   int // 0 means [DefaultBase]
	Method RoundMethod
	Seed   uint64 // of random rounding; a secret: who knows it knows which numbers were rounded up
	Count  bool   // count all controlled roundings of a small table
}

// NotCounted is the number of roundings where it was not asked for or too large
// a task.
const NotCounted = -1

// Rounding is a grid whose numbers are multiples of a base.
type Rounding struct {
	Method  RoundMethod
	Base    int
	Rows    []string
	Columns []string
	Groups  []string // of GroupTotals, sorted

	Counts                  [][]int64 // Structural stays
	RowTotals, ColumnTotals []int64   // rounded by themselves unless Controlled
	Total                   int64
	GroupTotals             []int64
	GroupCells              [][]int64 // by group and column

	// L1 is the sum over all numbers, totals included, of the difference from
	// the count before, L2 that of its square over the cells only.
	L1, L2 int64
	// Feasible is the number of controlled roundings that a table has, Optima
	// how many of them have the smallest L1; NotCounted unless RoundConfig.Count
	// asked for it, the table has no groups, and it is small.
	Feasible, Optima int64

	table *referral.Table
}

// Round returns the counts of a table as multiples of a base, so that a reader
// cannot tell small counts apart.
//
// Controlled rounding is zero-restricted: multiples of the base stay, other
// numbers go to one of the two multiples next to them, and cells add up to
// totals. Of all such tables, which always exist for two-way tables (Cox 1987,
// doi:10.1080/01621459.1987.10478456), it returns the one with the smallest L1,
// then the smallest L2, then the first when rows are compared from the first
// cell on. It is found as a minimum-cost flow (Causey, Cox and Ernst 1985,
// doi:10.1080/01621459.1985.10478198). Random and conventional rounding treat
// every number by itself.
//
// It returns an error matching [ErrConfig] for a negative base or an unknown
// method, [ErrGrid], [referral.ErrCell] for a cell that is not a known whole
// number, or the error of ctx. Time O(cells²) for controlled rounding at
// worst, otherwise O(cells).
func Round(ctx context.Context, t *referral.Table, c RoundConfig) (*Rounding, error) {
	g, err := FromTable(t, nil)
	if err != nil {
		return nil, err
	}
	r, err := RoundGrid(ctx, g, c)
	if err != nil {
		return nil, err
	}
	r.table = t
	return r, nil
}

// RoundGrid is [Round] for a grid, whose rows may have group totals; they are
// part of L1.
func RoundGrid(ctx context.Context, g Grid, c RoundConfig) (*Rounding, error) {
	if c.Base == 0 {
		c.Base = DefaultBase
	}
	if c.Base < 1 || int(c.Method) >= len(roundMethods) {
		return nil, fmt.Errorf("disclosure: rounding to base %d by method %v: %w", c.Base, c.Method, ErrConfig)
	}
	if err := g.check(); err != nil {
		return nil, err
	}
	n := newCircuit(g, Config{})
	up := make([]bool, len(n.value))
	base := int64(c.Base)
	r := &Rounding{Method: c.Method, Base: c.Base, Rows: g.Rows, Columns: g.Columns, Groups: n.groups, Feasible: NotCounted, Optima: NotCounted}
	switch c.Method {
	case Controlled:
		if err := n.controlled(ctx, base, up); err != nil {
			return nil, err
		}
		if c.Count && len(n.groups) == 0 {
			r.Feasible, r.Optima = n.countRoundings(base)
		}
	case Random:
		random := rand.New(rand.NewPCG(c.Seed, 0))
		for a, x := range n.value {
			up[a] = random.Int64N(base) < x%base
		}
	case Conventional:
		for a, x := range n.value {
			up[a] = 2*(x%base) >= base
		}
	}
	r.fill(n, base, up)
	return r, nil
}

// ProbabilityUp returns the probability with which random rounding rounds a
// count up, (n mod base)/base: 0 for a multiple.
func ProbabilityUp(n int64, base int) float64 { return float64(n%int64(base)) / float64(base) }

func (r *Rounding) fill(n *circuit, base int64, up []bool) {
	value := func(a int) int64 {
		x := n.value[a] / base * base
		if up[a] {
			x += base
		}
		return x
	}
	r.Counts = zeros(n.rows, n.cols)
	r.RowTotals, r.ColumnTotals = make([]int64, n.rows), make([]int64, n.cols)
	r.GroupTotals, r.GroupCells = make([]int64, len(n.groups)), zeros(len(n.groups), n.cols)
	for a, x := range n.value {
		v := value(a)
		d := max(v-x, x-v)
		r.L1 += d
		switch n.margin(a) {
		case RowTotals:
			r.RowTotals[a-n.row(0)] = v
		case ColumnTotals:
			r.ColumnTotals[a-n.col(0)] = v
		case GrandTotal:
			r.Total = v
		case GroupTotals:
			r.GroupTotals[a-n.group(0)] = v
		case GroupCells:
			b := a - n.block(0, 0)
			r.GroupCells[b/n.cols][b%n.cols] = v
		default:
			r.L2 += d * d
			if n.g.Counts[a/n.cols][a%n.cols] == Structural {
				v = Structural
			}
			r.Counts[a/n.cols][a%n.cols] = v
		}
	}
}

// RowSums returns the sum of the rounded cells of each row: the row totals only
// of controlled rounding.
func (r *Rounding) RowSums() []int64 {
	out := make([]int64, len(r.Counts))
	for i, row := range r.Counts {
		for _, x := range row {
			out[i] += max(x, 0)
		}
	}
	return out
}

// Reader returns what a reader knows of a number that was rounded to x: the
// range from which it can have come, cut at zero. Conventional rounding to 5
// gives [x-2, x+2], the other methods [x-4, x+4]. A reader who knows the seed of
// random rounding, or uses that controlled rounding is the one that changes
// least, can know more.
func (r *Rounding) Reader(x int64) referral.Cell {
	if x == Structural {
		return referral.StructuralCell()
	}
	b := int64(r.Base)
	lo, hi := x-(b-1), x+(b-1)
	if r.Method == Conventional {
		lo, hi = x-b/2, x+(b-1)/2
	}
	return referral.Between(float64(max(0, lo)), float64(hi))
}

// Table returns the table with the range of each rounded cell and total, as
// [Rounding.Reader] gives it, and a note that says how it was rounded.
//
// It returns an error for a rounding of a grid, which has no table.
func (r *Rounding) Table() (*referral.Table, error) {
	if r.table == nil {
		return nil, fmt.Errorf("disclosure: a rounded grid is not a table: %w", ErrGrid)
	}
	row, col := places(r.Rows), places(r.Columns)
	m := r.table.Meta()
	m.Notes = append(m.Notes, fmt.Sprintf("Counts are rounded to multiples of %d (%v); the ranges hold the counts.", r.Base, r.Method))
	t, err := remakeAs(m, r.table.WithoutTotals(), func(f referral.Flow) referral.Cell {
		return r.Reader(r.Counts[row[f.Origin]][col[f.Destination]])
	}, true)
	if err != nil {
		return nil, err
	}
	x := referral.Totals{Origins: map[string]referral.Cell{}, Destinations: map[string]referral.Cell{}, All: r.Reader(r.Total), HasAll: true}
	for i, o := range r.Rows {
		x.Origins[o] = r.Reader(r.RowTotals[i])
	}
	for j, d := range r.Columns {
		x.Destinations[d] = r.Reader(r.ColumnTotals[j])
	}
	return t.WithTotals(x)
}
