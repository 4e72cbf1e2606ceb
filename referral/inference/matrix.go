// SPDX-License-Identifier: Apache-2.0

package inference

import (
	"math"
	"slices"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/referral"
)

// Matrix is a flow table of which every count is known: n classes by n
// classes, retained patients on the diagonal. A [Statistic] is computed from
// it, over and over in a bootstrap; it must not be changed, nor kept after the
// call.
//
// Only places are in it: patients who were not treated or whose origin or
// destination is not known ([referral.Beside]) are left out, so that its total
// is that of the treated with a known origin. A set-valued class is a class of
// its own; those who may have stayed in it are retained at their origin.
type Matrix struct {
	classes []string
	cells   []float64 // row by row
	barred  []bool    // cells that are structural zeros
	scratch []float64 // for statistics; each worker has its own matrix
}

// NewMatrix returns the counts of a table. It returns an [*UnknownError] for a cell
// that is not exact and for a table in which unlisted pairs may have patients,
// and an [*InputError] for published totals that contradict the cells or give
// one away.
// Memory O(n²) for n classes.
func NewMatrix(t *referral.Table) (*Matrix, error) {
	if t.Absent().State == referral.Missing {
		return nil, unlisted(t)
	}
	g, err := readGrid(t, placesOf(t))
	if err != nil {
		return nil, err
	}
	m, unknown := g.matrix()
	if len(unknown) > 0 {
		return nil, g.unknown(unknown[0], "exact counts")
	}
	return m, nil
}

// Classes returns the labels of the classes, sorted. The slice is shared: read
// only.
func (m *Matrix) Classes() []string { return m.classes }

// Len returns the number of classes.
func (m *Matrix) Len() int { return len(m.classes) }

// At returns the number of patients with origin i and destination j, by their
// places in Classes. It panics if there are no such places.
func (m *Matrix) At(i, j int) float64 { return m.Row(i)[j] }

// Row returns the patients of origin i by destination. The slice is shared:
// read only.
func (m *Matrix) Row(i int) []float64 {
	n := len(m.classes)
	return m.cells[i*n : (i+1)*n : (i+1)*n]
}

// Total returns the number of patients.
func (m *Matrix) Total() float64 { return total(m.cells) }

// Graph returns the matrix as a directed graph whose weights are the counts;
// the diagonal becomes loops, zeros nothing.
func (m *Matrix) Graph() (*graph.Digraph, error) {
	var b graph.Builder
	for _, c := range m.classes {
		if err := b.AddNode(c); err != nil {
			return nil, err
		}
	}
	for i := range m.classes {
		for j, w := range m.Row(i) {
			if w > 0 {
				if err := b.AddEdge(m.classes[i], m.classes[j], w); err != nil {
					return nil, err
				}
			}
		}
	}
	return b.Build(), nil
}

// fork returns a matrix with the same classes and zeros for counts.
func (m *Matrix) fork() *Matrix {
	return &Matrix{classes: m.classes, cells: make([]float64, len(m.cells)), barred: m.barred}
}

// room returns scratch space for k numbers, not cleared.
func (m *Matrix) room(k int) []float64 {
	if cap(m.scratch) < k {
		m.scratch = make([]float64, k)
	}
	return m.scratch[:k]
}

// whole reports whether all counts are whole numbers.
func (m *Matrix) whole() bool {
	return !slices.ContainsFunc(m.cells, func(x float64) bool { return x != math.Trunc(x) })
}

// total adds up; counts are whole or nearly so, and exact below 2^53.
func total(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum
}

// grid holds what is known about the flows between places: a cell for each
// pair of classes, row by row.
type grid struct {
	classes []string
	rows    []bool // classes that have a row in the table
	cells   []referral.Cell
}

// placesOf returns the sorted labels of a table that are places.
func placesOf(t *referral.Table) []string {
	labels := slices.Concat(t.Classes(), t.Origins(), t.Destinations())
	slices.Sort(labels)
	return slices.DeleteFunc(slices.Compact(labels), referral.Beside)
}

// readGrid collects the cells of a table under the given labels, which hold
// those of the table, as far as its published totals tell.
func readGrid(t *referral.Table, labels []string) (grid, error) {
	n := len(labels)
	g := grid{classes: labels, rows: make([]bool, n), cells: make([]referral.Cell, n*n)}
	place := make(map[string]int, n)
	for i, l := range labels {
		place[l] = i
	}
	for _, o := range t.Origins() {
		if i, ok := place[o]; ok {
			g.rows[i] = true
		}
	}
	narrower, err := narrowed(t)
	if err != nil {
		return grid{}, err
	}
	seen := make([]bool, n*n)
	for f := range t.Flows() {
		i, known := place[f.Origin]
		j, treated := place[f.Destination]
		if !known || !treated {
			continue
		}
		if f.Retained() {
			j = i
		}
		f.Cell = narrow(narrower, f.Origin, f.Destination, f.Cell)
		if at := i*n + j; seen[at] {
			g.cells[at] = g.cells[at].Add(f.Cell)
		} else {
			seen[at], g.cells[at] = true, f.Cell
		}
	}
	return g, nil
}

// unknown makes an error of the cell at a place of the grid.
func (g grid) unknown(at int, want string) error {
	n := len(g.classes)
	return &UnknownError{Origin: g.classes[at/n], Destination: g.classes[at%n], Cell: g.cells[at], Want: want}
}

// matrix returns the lower bounds of the cells, and the places of the unknown
// ones.
func (g grid) matrix() (m *Matrix, unknown []int) {
	m = &Matrix{classes: g.classes, cells: make([]float64, len(g.cells)), barred: make([]bool, len(g.cells))}
	for at, c := range g.cells {
		m.cells[at] = c.Lo
		m.barred[at] = c.State == referral.StructuralZero
		if !c.Known() {
			unknown = append(unknown, at)
		}
	}
	return m, unknown
}
