// SPDX-License-Identifier: Apache-2.0

package disclosure

import (
	"context"
	"math"

	"github.com/oncoref/oncoref/referral"
)

// Loss says what a method of protection takes away from a table, counted in
// the cells of the table before, so that methods compare.
type Loss struct {
	Method string // "gate", "suppress", "merge", or "round" and its method
	// Cells are those whose count is not published, Patients the sum of their
	// counts, and Totals the row, column and grand totals not published.
	Cells    int
	Patients int64
	Totals   int
	Classes  int // rows and columns that are no longer told apart
	// Width is how far apart the bounds are that a reader knows of a cell, on
	// average over all cells; those that nothing limits count as the total of
	// the table. Narrowest is the smallest such distance among the sensitive
	// cells: what protects them. It is NaN if there are none.
	Width, Narrowest float64
	// Possible is false if the method cannot protect the table; then the
	// numbers are those of hiding all that may be hidden.
	Possible bool
}

// Compare returns what each method takes away from a table: the [Gate], which
// publishes ranges and no total that narrows them; suppression with totals
// ([Suppress]); merging rows and columns, the pair that leaves fewest sensitive
// cells first, until none is left; and rounding by the three methods
// ([Round]; the method in rc is ignored). What a reader knows takes into
// account that cells add up to totals.
//
// Its errors are those of Suppress and Round.
func Compare(ctx context.Context, t *referral.Table, c Config, rc RoundConfig) ([]Loss, error) {
	s, err := Suppress(ctx, t, c)
	if err != nil {
		return nil, err
	}
	m := &measurer{g: s.grid, c: s.c, n: newCircuit(s.grid, s.c)}
	for _, x := range m.n.sensitive(s.c) {
		if m.n.margin(x.arc) == 0 {
			m.sensitive = append(m.sensitive, x.arc)
		}
	}
	gated, err := Gate(t.WithoutTotals(), c)
	if err != nil {
		return nil, err
	}
	out := []Loss{m.loss("gate", func(a int) (float64, bool) {
		e := m.n.entry(a)
		x := gated.Cell(e.Row, e.Column)
		return x.Hi - x.Lo, x.Known()
	}, len(s.grid.Rows)+len(s.grid.Columns)+1)}

	width := map[int]float64{}
	totals := 0
	for _, h := range s.Hidden {
		if a := s.index[h.Entry]; m.n.margin(a) == 0 {
			width[a] = h.Hi - h.Lo
		} else {
			totals++
		}
	}
	for a := m.n.row(0); a < m.n.group(0); a++ {
		if m.n.kind[a] == dropped {
			totals++
		}
	}
	l := m.loss("suppress", func(a int) (float64, bool) { w, is := width[a]; return w, !is }, totals)
	l.Possible = s.Status == Protected
	out = append(out, l, m.merge())
	for _, method := range [...]RoundMethod{Controlled, Random, Conventional} {
		rc.Method = method
		l, err := m.round(ctx, t, rc)
		if err != nil {
			return nil, err
		}
		out = append(out, l)
	}
	return out, nil
}

type measurer struct {
	g         Grid
	c         Config
	n         *circuit
	sensitive []int
}

// loss adds up what reader says of each cell: the width, and whether the count
// is published.
func (m *measurer) loss(method string, reader func(a int) (width float64, exact bool), totals int) Loss {
	l := Loss{Method: method, Totals: totals, Narrowest: math.NaN(), Possible: true}
	cells := m.n.row(0)
	for a := range cells {
		w, exact := reader(a)
		l.Width += min(w, float64(m.n.value[m.n.total()])) / float64(cells)
		if !exact {
			l.Cells++
			l.Patients += m.n.value[a]
		}
	}
	for _, a := range m.sensitive {
		if w, _ := reader(a); !(w >= l.Narrowest) {
			l.Narrowest = w
		}
	}
	return l
}

// merge takes rows or columns together until no cell is sensitive.
func (m *measurer) merge() Loss {
	g := m.g
	row, col := make([]int, len(g.Rows)), make([]int, len(g.Columns))
	for i := range row {
		row[i] = i
	}
	for j := range col {
		col[j] = j
	}
	small := func(x int64) int {
		if m.c.small(x) || m.c.SuppressZero && x == 0 {
			return 1
		}
		return 0
	}
	at := func(i, j int, rows bool) int64 {
		if rows {
			return g.Counts[i][j]
		}
		return g.Counts[j][i]
	}
	for {
		left := 0
		for _, line := range g.Counts {
			for _, x := range line {
				left += small(x)
			}
		}
		if left == 0 || len(g.Rows)+len(g.Columns) <= 2 {
			break
		}
		best, gain, cost, ofRows := [2]int{-1}, math.MinInt, int64(0), false
		for _, rows := range [...]bool{true, false} {
			lines, across := len(g.Rows), len(g.Columns)
			if !rows {
				lines, across = across, lines
			}
			for i := range lines {
				for k := i + 1; k < lines; k++ {
					g0, sum := 0, int64(0)
					for j := range across {
						x, y := at(i, j, rows), at(k, j, rows)
						both := max(x, 0) + max(y, 0)
						if x == Structural && y == Structural {
							both = Structural
						}
						g0 += small(x) + small(y) - small(both)
						sum += max(both, 0)
					}
					if g0 > gain || g0 == gain && sum < cost {
						best, gain, cost, ofRows = [2]int{i, k}, g0, sum, rows
					}
				}
			}
		}
		if best[0] < 0 {
			break
		}
		places := col
		if ofRows {
			places = row
		}
		for i, p := range places {
			switch {
			case p == best[1]:
				places[i] = best[0]
			case p > best[1]:
				places[i]--
			}
		}
		g = merged(g, best, ofRows)
	}
	members := zeros(len(g.Rows), len(g.Columns))
	for _, i := range row {
		for _, j := range col {
			members[i][j]++
		}
	}
	l := m.loss("merge", func(a int) (float64, bool) {
		i, j := row[a/m.n.cols], col[a%m.n.cols]
		if x := g.Counts[i][j]; members[i][j] > 1 && x > 0 {
			return float64(x), false
		}
		return 0, true
	}, 0)
	for _, of := range [...]struct{ place, counts []int }{{row, make([]int, len(g.Rows))}, {col, make([]int, len(g.Columns))}} {
		for _, p := range of.place {
			of.counts[p]++
		}
		for _, p := range of.place {
			if of.counts[p] > 1 {
				l.Totals++
				l.Classes++
			}
		}
	}
	return l
}

// round rounds a table and lets a reader add up.
func (m *measurer) round(ctx context.Context, t *referral.Table, rc RoundConfig) (Loss, error) {
	r, err := Round(ctx, t, rc)
	if err != nil {
		return Loss{}, err
	}
	table, err := r.Table()
	if err != nil {
		return Loss{}, err
	}
	var release Release
	if err := release.Publish("table", table, nil); err != nil {
		return Loss{}, err
	}
	s := release.system(m.c)
	problem, ok := s.transport()
	if !ok {
		return Loss{}, releaseError("a rounded table of several slices")
	}
	found := make([]Finding, len(release.refs))
	if err := s.flows(ctx, problem, found); err != nil {
		return Loss{}, err
	}
	width := map[Entry]float64{}
	totals := 0
	for i, ref := range release.refs {
		w := found[i].Hi - found[i].Lo
		width[Entry{ref.Origin, ref.Destination}] = w
		if w > 0 && (ref.Origin == "" || ref.Destination == "") {
			totals++
		}
	}
	return m.loss("round "+rc.Method.String(), func(a int) (float64, bool) {
		w := width[m.n.entry(a)]
		return w, w == 0
	}, totals), nil
}
