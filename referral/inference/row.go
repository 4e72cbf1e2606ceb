// SPDX-License-Identifier: Apache-2.0

package inference

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"github.com/oncoref/oncoref/referral"
)

// row is what a table says about one origin: a cell for each possible
// destination.
type row struct {
	origin string
	labels []string
	cells  []referral.Cell
}

// readRow lists the possible destinations of an origin, by label.
func readRow(t *referral.Table, origin string) (row, error) {
	if !slices.Contains(t.Origins(), origin) {
		return row{}, &referral.ClassError{Want: "an origin of the table", Labels: []string{origin}}
	}
	if t.Absent().State == referral.Missing {
		return row{}, unlisted(t)
	}
	narrower, err := narrowed(t)
	if err != nil {
		return row{}, err
	}
	r := row{origin: origin}
	labels := slices.Concat(t.Classes(), t.Destinations())
	slices.Sort(labels)
	for _, d := range slices.Compact(labels) {
		if cell := narrow(narrower, origin, d, t.Cell(origin, d)); cell.State != referral.StructuralZero {
			r.labels = append(r.labels, d)
			r.cells = append(r.cells, cell)
		}
	}
	return r, nil
}

func unlisted(t *referral.Table) error {
	return &UnknownError{Cell: t.Absent(), Want: "a table in which pairs that are not listed are zero"}
}

// share gives the share of destination k with its counts.
func (r row) share(k int) referral.Share {
	var rest referral.Cell
	for j, c := range r.cells {
		if j != k {
			rest = rest.Add(c)
		}
	}
	part := r.cells[k]
	return ratio(r.origin, r.labels[k], part, rest)
}

// ratio makes a share of two counts that vary freely.
func ratio(origin, destination string, part, rest referral.Cell) referral.Share {
	s := referral.ShareOf(part, rest, referral.ReasonZeroRow)
	s.Origin, s.Destination = origin, destination
	return s
}

// completions calls visit with every choice of whole numbers within the cells,
// the last cell changing fastest. It returns an *UnknownError if there are
// more than budget of them, and the first error of visit.
func completions(cells []referral.Cell, budget float64, visit func(x []float64) error) error {
	if ways := countCompletions(cells); ways > budget {
		return &UnknownError{Want: "at most " + strconv.FormatFloat(budget, 'f', -1, 64) +
			" completions of the unknown cells, not " + strconv.FormatFloat(ways, 'g', 3, 64)}
	}
	x := make([]float64, len(cells))
	for i, c := range cells {
		x[i] = first(c)
	}
	for {
		if err := visit(x); err != nil {
			return err
		}
		i := len(cells) - 1
		for ; i >= 0; i-- {
			if x[i]+1 <= cells[i].Hi {
				x[i]++
				break
			}
			x[i] = first(cells[i])
		}
		if i < 0 {
			return nil
		}
	}
}

// first gives the smallest count in a cell that is gone through: the count
// itself, which may be a fraction, or the smallest whole number.
func first(c referral.Cell) float64 {
	if c.Known() {
		return c.Lo
	}
	return math.Ceil(c.Lo)
}

func countCompletions(cells []referral.Cell) float64 {
	ways := 1.0
	for _, c := range cells {
		if !c.Known() {
			ways *= math.Floor(c.Hi) - math.Ceil(c.Lo) + 1
		}
	}
	return ways
}

// extend widens the range [lo, hi] to hold x; NaN leaves it.
func extend(lo, hi *float64, x float64) {
	if x < *lo {
		*lo = x
	}
	if x > *hi {
		*hi = x
	}
}

// ranked returns the indices of x in falling order, equal values by index.
func ranked(x []float64) []int {
	order := make([]int, len(x))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(x[b], x[a]) })
	return order
}
