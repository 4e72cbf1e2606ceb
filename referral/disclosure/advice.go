// SPDX-License-Identifier: Apache-2.0

package disclosure

import (
	"slices"
)

// Advice is a change with which a table that cannot be protected could be.
type Advice struct {
	Drop    Margins  // totals not to publish; 0 for none
	Rows    []string // rows to merge into one; nil for none
	Columns []string // columns to merge into one; nil for none
}

// advise tries what would help, cheap and small changes first.
func advise(g Grid, c Config, exposed []Entry) []Advice {
	var out []Advice
	for _, drop := range [...]Margins{
		GrandTotal, ColumnTotals, RowTotals, ColumnTotals | GrandTotal, RowTotals | GrandTotal,
		RowTotals | ColumnTotals, RowTotals | ColumnTotals | GrandTotal, AllMargins,
	} {
		d := c
		d.Drop |= drop
		if d.Drop != c.Drop && !slices.ContainsFunc(out, func(a Advice) bool { return a.Drop&drop == a.Drop }) && protectable(g, d) {
			out = append(out, Advice{Drop: drop})
		}
	}
	if a, ok := adviseMerge(g, c, exposed, false); ok {
		out = append(out, a)
	}
	if a, ok := adviseMerge(g, c, exposed, true); ok {
		out = append(out, a)
	}
	return out
}

func protectable(g Grid, c Config) bool {
	n := newCircuit(g, c)
	s := newSearch(n, n.sensitive(c), c)
	return len(s.unmet(s.mayHide)) == 0
}

// adviseMerge looks for one pair of rows or columns whose union is enough, that
// of the exposed number with the smallest total first.
func adviseMerge(g Grid, c Config, exposed []Entry, rows bool) (Advice, bool) {
	if c.Dominance.Of != nil { // contributions to a merged cell are not known
		return Advice{}, false
	}
	labels := g.Columns
	if rows {
		labels = g.Rows
	}
	tried := map[[2]int]bool{}
	for _, e := range exposed {
		label := e.Column
		if rows {
			label = e.Row
		}
		i := slices.Index(labels, label)
		if i < 0 {
			continue
		}
		for _, j := range byTotal(g, rows) {
			pair := [2]int{min(i, j), max(i, j)}
			if i == j || tried[pair] || rows && g.Groups != nil && g.Groups[i] != g.Groups[j] {
				continue
			}
			tried[pair] = true
			if !protectable(merged(g, pair, rows), c) {
				continue
			}
			names := []string{labels[pair[0]], labels[pair[1]]}
			if rows {
				return Advice{Rows: names}, true
			}
			return Advice{Columns: names}, true
		}
	}
	return Advice{}, false
}

// byTotal gives the rows or columns, the smallest total first.
func byTotal(g Grid, rows bool) []int {
	n := len(g.Columns)
	if rows {
		n = len(g.Rows)
	}
	sums := make([]int64, n)
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	for i, row := range g.Counts {
		for j, x := range row {
			if rows {
				sums[i] += max(x, 0)
			} else {
				sums[j] += max(x, 0)
			}
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case sums[a] < sums[b]:
			return -1
		case sums[a] > sums[b]:
			return 1
		}
		return 0
	})
	return order
}

// merged gives the grid with two rows or two columns taken together, under the
// label of the first.
func merged(g Grid, pair [2]int, rows bool) Grid {
	out := Grid{Rows: slices.Clone(g.Rows), Columns: slices.Clone(g.Columns), Groups: slices.Clone(g.Groups)}
	if rows {
		out.Rows = slices.Delete(out.Rows, pair[1], pair[1]+1)
		if out.Groups != nil {
			out.Groups = slices.Delete(out.Groups, pair[1], pair[1]+1)
		}
	} else {
		out.Columns = slices.Delete(out.Columns, pair[1], pair[1]+1)
	}
	to := func(i int, is bool) int {
		switch {
		case !is || i < pair[1]:
			return i
		case i == pair[1]:
			return pair[0]
		}
		return i - 1
	}
	out.Counts = zeros(len(out.Rows), len(out.Columns))
	for _, row := range out.Counts {
		for j := range row {
			row[j] = Structural
		}
	}
	for i, row := range g.Counts {
		for j, x := range row {
			cell := &out.Counts[to(i, rows)][to(j, !rows)]
			if x != Structural {
				*cell = max(*cell, 0) + x
			}
		}
	}
	return out
}
