// SPDX-License-Identifier: Apache-2.0

package structure

import (
	"context"
	"math"
	"slices"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/internal/sum"
)

// Independence compares a graph with the weights expected if where weight goes
// did not depend on where it comes from.
type Independence struct {
	ChiSquared       float64 // X² = Σ (w_ij - E_ij)² / E_ij
	G2               float64 // G² = 2 Σ w_ij ln(w_ij / E_ij)
	DegreesOfFreedom int     // of both, among the rows and columns that are not zero
	CramersV         float64 // sqrt(X² / (T (min(r,c)-1))), in [0, 1]

	g        *graph.Digraph
	row, col []float64
	otherRow []float64 // sum of all other rows
	otherCol []float64
	total    float64
}

// ExpectIndependence returns the comparison with independence of rows and
// columns:
//
//	E_ij = O_i D_j / T
//
// where O_i is all weight that leaves node i, D_j all that enters node j and T
// their sum, self loops included. Nodes that send nothing are left out of the
// number of rows r, those that receive nothing out of the number of columns c;
// there are (r-1)(c-1) degrees of freedom. The statistics are NaN for a graph
// without edges, and V is NaN with a single row or column. Weights are counts
// here: X² and G² grow with them.
//
// Time O(n + m), memory O(n), for n nodes and m edges.
//
// Reference: Haberman 1973, doi:10.2307/2529686; Cramér 1946, section 21.9.
func ExpectIndependence(g *graph.Digraph) Independence {
	c := g.CSR()
	n := g.Len()
	t := Independence{
		g: g, row: make([]float64, n), col: make([]float64, n), total: g.Total(),
		otherRow: make([]float64, n), otherCol: make([]float64, n),
	}
	var r, k int
	for i := range n {
		t.row[i] = sum.Of(c.OutWeight[c.OutStart[i]:c.OutStart[i+1]])
		t.col[i] = sum.Of(c.InWeight[c.InStart[i]:c.InStart[i+1]])
		r += indicator(t.row[i] > 0)
		k += indicator(t.col[i] > 0)
	}
	withoutEach(t.otherRow, t.row)
	withoutEach(t.otherCol, t.col)
	t.DegreesOfFreedom = max(r-1, 0) * max(k-1, 0)
	t.ChiSquared, t.G2 = statistics(g, t.total, func(int) bool { return false }, t.Expected)
	t.CramersV = math.Sqrt(t.ChiSquared / (t.total * float64(max(min(r, k)-1, 0))))
	if r == 0 || min(r, k) == 1 {
		t.CramersV = math.NaN()
	}
	return t
}

func indicator(b bool) int {
	if b {
		return 1
	}
	return 0
}

// statistics returns X² and G² over all cells with something expected. What is
// expected in the others adds up to the total less what is expected here. It
// stops when halt of a node says so.
func statistics(g *graph.Digraph, total float64, halt func(i int) bool, expected func(from, to int) float64) (float64, float64) {
	var squares, logs, rest sum.Compensated
	rest.Add(total)
	last := -1
	for e := range g.Edges() {
		if e.From != last {
			if last = e.From; halt(last) {
				break
			}
		}
		x := expected(e.From, e.To)
		if x == 0 {
			continue // a loop where loops are left out
		}
		d := e.Weight - x
		squares.Add(d * (d / x)) // the square alone may be no number
		rest.Add(-x)
		logs.Add(e.Weight * math.Log(e.Weight/x))
	}
	if total == 0 {
		return math.NaN(), math.NaN()
	}
	return squares.Value() + max(0, rest.Value()), max(0, 2*logs.Value())
}

// Expected returns the weight expected from one node to another, by index; 0 in
// the row or column of a node that sends or receives nothing.
func (t Independence) Expected(from, to int) float64 {
	if t.total == 0 {
		return 0
	}
	return t.row[from] * (t.col[to] / t.total)
}

// Pearson returns the difference between a weight and what is expected, in
// standard units:
//
//	(w_ij - E_ij) / √E_ij
//
// It is NaN in the row or column of a node that sends or receives nothing.
func (t Independence) Pearson(from, to int) float64 {
	x := t.Expected(from, to)
	return (t.g.EdgeWeight(from, to) - x) / math.Sqrt(x)
}

// Adjusted returns the Pearson residual divided by its standard deviation under
// independence, so that it is about standard normal:
//
//	(w_ij - E_ij) / √(E_ij (1 - O_i/T) (1 - D_j/T))
//
// It is NaN in the row or column of a node that sends or receives nothing, and
// in one that has all weight.
func (t Independence) Adjusted(from, to int) float64 {
	// 1 - O/T would lose its digits where O is nearly T.
	rest := (t.otherRow[from] / t.total) * (t.otherCol[to] / t.total)
	if !(rest > 0) {
		return math.NaN()
	}
	return t.Pearson(from, to) / math.Sqrt(rest)
}

// QuasiIndependence compares a graph with the weights expected if where weight
// goes did not depend on where it comes from, but for what stays.
type QuasiIndependence struct {
	ChiSquared       float64 // X² over pairs of different nodes
	G2               float64 // G² over pairs of different nodes
	DegreesOfFreedom int     // pairs in rows and columns that are not zero, less their number, plus 1; at least 0
	Sweeps           int     // sweeps that the fit took

	g        *graph.Digraph
	row, col []float64 // strengths
	a, b     []float64 // factors
	hub      int       // end of every edge, or -1
}

// ExpectQuasiIndependence returns the comparison with independence of rows and
// columns where self loops are left out:
//
//	E_ij = a_i b_j for i ≠ j, with Σ_j E_ij = s_out(i) and Σ_i E_ij = s_in(j)
//
// Nodes that send or receive nothing are left out. If all edges share one
// node, the strengths fix all weights, and nothing differs from what is
// expected. The statistics are NaN for a graph without edges other than loops.
//
// The error is that of ctx, or a [*ConvergenceError] when strengths are not met
// to 1e-10 of each.
//
// Time O(n) for each sweep, and O(n + m); memory O(n), for n nodes and m edges.
//
// Reference: Goodman 1968, doi:10.1080/01621459.1968.10480916.
func ExpectQuasiIndependence(ctx context.Context, g *graph.Digraph) (QuasiIndependence, error) {
	c := g.CSR()
	t := QuasiIndependence{
		g:   g,
		row: endValues(ctx, c.OutStart, c.OutTo, c.OutWeight, true),
		col: endValues(ctx, c.InStart, c.InFrom, c.InWeight, true),
	}
	if err := ctx.Err(); err != nil {
		return QuasiIndependence{}, err
	}
	total := sum.Of(t.row)
	var r, k, diagonal int
	for i := range t.row {
		r += indicator(t.row[i] > 0)
		k += indicator(t.col[i] > 0)
		diagonal += indicator(t.row[i] > 0 && t.col[i] > 0)
	}
	t.DegreesOfFreedom = max(0, r*k-diagonal-(r+k-1))
	if t.hub = hubOf(g); t.hub < 0 {
		if err := t.fit(ctx); err != nil {
			return QuasiIndependence{}, err
		}
	}
	t.ChiSquared, t.G2 = statistics(g, total, func(i int) bool { return stopped(ctx, i) }, t.Expected)
	return t, ctx.Err()
}

const (
	quasiExact  = 1e-14
	quasiGood   = 1e-10
	quasiSweeps = 100_000
)

// fit finds the factors by turns.
func (t *QuasiIndependence) fit(ctx context.Context) error {
	n := len(t.row)
	t.a, t.b = make([]float64, n), slices.Clone(t.col)
	others := make([]float64, n)
	// update sets each factor to strength over the other factors of its row and
	// returns the largest error there was.
	update := func(factor, other, strength []float64) float64 {
		var worst float64
		withoutEach(others, other)
		for i, s := range strength {
			if s > 0 {
				worst = max(worst, math.Abs(factor[i]*others[i]/s-1))
				factor[i] = s / others[i]
			}
		}
		return worst
	}
	worst := math.Inf(1)
	for ; t.Sweeps < quasiSweeps && worst > quasiExact; t.Sweeps++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		before := worst
		worst = update(t.a, t.b, t.row)
		update(t.b, t.a, t.col)
		if worst < 1e-12 && worst >= before {
			break // rounding
		}
	}
	if !(worst <= quasiGood) && n > 0 && sum.Of(t.row) > 0 {
		return &ConvergenceError{What: "quasi-independence", Iterations: t.Sweeps, Residual: worst}
	}
	return nil
}

// withoutEach sets to[i] to the sum of x without x[i], without subtracting.
func withoutEach(to, x []float64) {
	var before, after sum.Compensated
	for i, v := range x {
		to[i] = before.Value()
		before.Add(v)
	}
	for i := len(x) - 1; i >= 0; i-- {
		to[i] += after.Value()
		after.Add(x[i])
	}
}

// Expected returns the weight expected from one node to another, by index; 0
// from a node to itself and in the row or column of a node that sends or
// receives nothing.
func (t QuasiIndependence) Expected(from, to int) float64 {
	switch {
	case from == to:
		return 0
	case t.hub < 0:
		return t.a[from] * t.b[to]
	case from == t.hub:
		return t.col[to]
	case to == t.hub:
		return t.row[from]
	}
	return 0
}

// Pearson returns the difference between a weight and what is expected, in
// standard units, as for [Independence.Pearson]. It is NaN from a node to itself
// and where nothing is expected.
func (t QuasiIndependence) Pearson(from, to int) float64 {
	x := t.Expected(from, to)
	if x == 0 {
		return math.NaN()
	}
	return (t.g.EdgeWeight(from, to) - x) / math.Sqrt(x)
}
