// SPDX-License-Identifier: Apache-2.0

package inference

import (
	"context"
	"errors"
	"math"
	"slices"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/centrality"
)

// Statistic is a measure of a [Matrix] that can be computed again and again.
type Statistic struct {
	Name string
	// PerClass says that Of gives a number for each class, in the order of
	// Matrix.Classes, and not one for the table as a whole.
	PerClass bool
	// Of writes the number or numbers to out; NaN where the measure is
	// undefined. It is called from several goroutines at once, each with a
	// matrix of its own. An error ends the bootstrap.
	Of func(m *Matrix, out []float64) error
}

// width gives how many numbers a statistic has.
func (s Statistic) width(m *Matrix) int {
	if s.PerClass {
		return m.Len()
	}
	return 1
}

func perClass(name string, of func(m *Matrix, out []float64)) Statistic {
	return Statistic{Name: name, PerClass: true, Of: func(m *Matrix, out []float64) error {
		of(m, out)
		return nil
	}}
}

func ofTable(name string, of func(m *Matrix) float64) Statistic {
	return Statistic{Name: name, Of: func(m *Matrix, out []float64) error {
		out[0] = of(m)
		return nil
	}}
}

// Retention returns the statistic of the retained share of each origin, F_ii /
// O_i; NaN for an origin of nobody.
func Retention() Statistic {
	return perClass("retention", func(m *Matrix, out []float64) {
		for i := range out {
			row := m.Row(i)
			out[i] = row[i] / total(row)
		}
	})
}

// SupraShare returns the statistic of the share of patients treated outside
// their origin, Σ_{i≠j} F_ij / Σ F; NaN for an empty table.
func SupraShare() Statistic {
	return ofTable("supra_share", func(m *Matrix) float64 {
		own := 0.0
		for i := range m.classes {
			own += m.Row(i)[i]
		}
		all := m.Total()
		return (all - own) / all
	})
}

// HHIOrigin returns the statistic of the Herfindahl index of each origin's
// destinations, Σ_j (F_ij / O_i)², the retained included; NaN for an origin of nobody. It
// is too large for small numbers, by (1-H)/N on average.
func HHIOrigin() Statistic {
	return perClass("hhi_origin", func(m *Matrix, out []float64) {
		for i := range out {
			out[i] = herfindahl(m.Row(i))
		}
	})
}

// HHIDestination returns the statistic of the Herfindahl index of each
// destination's origins, Σ_i (F_ij / D_j)², the retained included; NaN where
// nobody was treated.
func HHIDestination() Statistic {
	return perClass("hhi_destination", func(m *Matrix, out []float64) {
		column := m.room(m.Len())
		for j := range out {
			for i := range column {
				column[i] = m.cells[i*len(column)+j]
			}
			out[j] = herfindahl(column)
		}
	})
}

// HHIMarket returns the statistic of the Herfindahl index of the destinations
// of all patients, Σ_j (D_j / Σ F)²; NaN for an empty table.
func HHIMarket() Statistic {
	return ofTable("hhi_market", func(m *Matrix) float64 { return herfindahl(m.treated()) })
}

// GiniDestination returns the statistic of the Gini coefficient of the numbers
// treated by the n classes, of which those with none count too:
//
//	G = 2 Σ_k k x_(k) / (n Σ x) - (n+1)/n
//
// NaN for an empty table.
func GiniDestination() Statistic {
	return ofTable("gini_destination", func(m *Matrix) float64 {
		x := m.treated()
		slices.Sort(x)
		n := float64(len(x))
		sum, weighted := 0.0, 0.0
		for k, v := range x {
			sum += v
			weighted += float64(k+1) * v
		}
		return 2*weighted/(n*sum) - (n+1)/n
	})
}

// EntropyOrigin returns the statistic of the Shannon entropy of each origin's
// destinations in nats, -Σ_j p_ij ln p_ij, the retained included; NaN for an
// origin of nobody.
func EntropyOrigin() Statistic {
	return perClass("entropy_origin", func(m *Matrix, out []float64) {
		for i := range out {
			out[i] = entropy(m.Row(i))
		}
	})
}

// EntropyMarket returns the statistic of the Shannon entropy of the
// destinations of all patients in nats; NaN for an empty table.
func EntropyMarket() Statistic {
	return ofTable("entropy_market", func(m *Matrix) float64 { return entropy(m.treated()) })
}

// treated gives D_j in scratch space.
func (m *Matrix) treated() []float64 {
	x := m.room(m.Len())
	clear(x)
	for i := range m.classes {
		for j, v := range m.Row(i) {
			x[j] += v
		}
	}
	return x
}

func herfindahl(x []float64) float64 {
	all := total(x)
	sum := 0.0
	for _, v := range x {
		sum += v / all * (v / all)
	}
	return sum
}

func entropy(x []float64) float64 {
	all := total(x)
	if all == 0 {
		return math.NaN()
	}
	sum := 0.0
	for _, v := range x {
		if v > 0 {
			sum -= v / all * math.Log(v/all)
		}
	}
	return max(0, sum)
}

// PageRank returns the statistic of the share of time that a random walker
// spends in each class, who follows the flow between classes with probability
// 0.85 and jumps to any class otherwise. Retained patients do not count, and
// from a class that sends nobody the walker jumps. It is that of
// [centrality.PageRank] without options, by elimination: time O(n³).
func PageRank() Statistic {
	return Statistic{Name: "pagerank", PerClass: true, Of: func(m *Matrix, out []float64) error {
		const damping = 0.85
		n := len(out)
		// Solve (I - d Pᵀ) x = 1 for x and scale: what dangling classes pass on
		// uniformly only scales the solution, too.
		a := m.room(n * (n + 1))
		clear(a)
		for i := range n {
			a[i*(n+1)+i]++
			a[i*(n+1)+n] = 1
			row := m.Row(i)
			sent := total(row[:i]) + total(row[i+1:])
			if sent == 0 {
				continue
			}
			for j, w := range row {
				if j != i {
					a[j*(n+1)+i] -= damping * w / sent
				}
			}
		}
		solve(a, out)
		sum := total(out)
		for i := range out {
			out[i] /= sum
		}
		return nil
	}}
}

// solve eliminates the n by n+1 system a, of which each column's diagonal
// outweighs the rest of it, so that no exchange of rows is needed.
func solve(a, x []float64) {
	n := len(x)
	w := n + 1
	for k := range n {
		pivot := a[k*w : (k+1)*w]
		for i := k + 1; i < n; i++ {
			row := a[i*w : (i+1)*w]
			f := row[k] / pivot[k]
			if f == 0 {
				continue
			}
			for j := k; j <= n; j++ {
				row[j] -= f * pivot[j]
			}
		}
	}
	for i := n - 1; i >= 0; i-- {
		row := a[i*w : (i+1)*w]
		v := row[n]
		for j := i + 1; j < n; j++ {
			v -= row[j] * x[j]
		}
		x[i] = v / row[i]
	}
}

// Centrality returns the statistic of a measure of the matrix as a graph, such
// as
//
//	inference.Centrality("betweenness", func(g *graph.Digraph) (graph.Values[float64], error) {
//		return centrality.Betweenness(ctx, g, centrality.BetweennessConfig{Workers: 1})
//	})
//
// A measure that has no value for some graphs, of an error that matches
// [centrality.ErrUndefined], is NaN there. Ask for one worker: the bootstrap
// has its own.
func Centrality[T int | float64](name string, of func(g *graph.Digraph) (graph.Values[T], error)) Statistic {
	return Statistic{Name: name, PerClass: true, Of: func(m *Matrix, out []float64) error {
		g, err := m.Graph()
		if err != nil {
			return err
		}
		v, err := of(g)
		if errors.Is(err, centrality.ErrUndefined) {
			for i := range out {
				out[i] = math.NaN()
			}
			return nil
		}
		if err != nil {
			return err
		}
		for i, x := range v.Slice() {
			out[i] = float64(x)
		}
		return nil
	}}
}

// evaluate computes all statistics of m into out, one after the other.
func evaluate(ctx context.Context, m *Matrix, stats []Statistic, out []float64) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	for _, s := range stats {
		w := s.width(m)
		if err := s.Of(m, out[:w:w]); err != nil {
			return err
		}
		out = out[w:]
	}
	return nil
}
