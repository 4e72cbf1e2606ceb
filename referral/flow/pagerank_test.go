// SPDX-License-Identifier: Apache-2.0

package flow_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/centrality"
	"github.com/oncoref/oncoref/internal/catalogue"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/flow"
)

// agree is how close bounds found by policy iteration are to those found by
// enumeration.
const agree = 1e-9

// ranks solves the PageRank equations by Gauss elimination, with v for the
// teleport and u for the rows of dangling members.
func ranks(w [][]float64, d float64, v, u []float64, withSelf bool) []float64 {
	n := len(w)
	a := make([][]float64, n)
	for i := range a {
		a[i] = make([]float64, n+1)
		a[i][i] = 1
		a[i][n] = (1 - d) * v[i]
	}
	for i := range w {
		sum := 0.0
		for j, x := range w[i] {
			if i != j || withSelf {
				sum += x
			}
		}
		for j, x := range w[i] {
			switch {
			case sum == 0:
				a[j][i] -= d * u[j]
			case i != j || withSelf:
				a[j][i] -= d * x / sum
			}
		}
	}
	for c := range n {
		best := c
		for r := c; r < n; r++ {
			if math.Abs(a[r][c]) > math.Abs(a[best][c]) {
				best = r
			}
		}
		a[c], a[best] = a[best], a[c]
		for r := range n {
			if r != c {
				f := a[r][c] / a[c][c]
				for k := c; k <= n; k++ {
					a[r][k] -= f * a[c][k]
				}
			}
		}
	}
	out := make([]float64, n)
	for i := range out {
		out[i] = a[i][n] / a[i][i]
	}
	return out
}

// intervals draws a small table whose cells are intervals, and all its
// completions.
func intervals(t *rapid.T, totals bool) (*referral.Table, [][][]float64) {
	n := rapid.IntRange(2, 4).Draw(t, "n")
	label := func(i int) string { return string(rune('A' + i)) }
	lo, hi := make([][]float64, n), make([][]float64, n)
	var list []referral.Flow
	boxes := 1
	for i := range n {
		lo[i], hi[i] = make([]float64, n), make([]float64, n)
		for j := range n {
			x := rapid.IntRange(0, 4).Draw(t, "lo")
			y := x + rapid.SampledFrom([]int{0, 0, 0, 1, 2, 5}).Draw(t, "width")
			if boxes*(y-x+1) > 2000 {
				y = x
			}
			boxes *= y - x + 1
			lo[i][j], hi[i][j] = float64(x), float64(y)
			list = append(list, cell(label(i), label(j), referral.Between(lo[i][j], hi[i][j])))
		}
	}
	table := tableOf(t, list...)
	known := make([]float64, n)
	if totals {
		x := referral.Totals{Origins: map[string]referral.Cell{}}
		for i := range n {
			least, most := 0.0, 0.0
			for j := range n {
				least += lo[i][j]
				most += hi[i][j]
			}
			known[i] = float64(rapid.IntRange(int(least), int(most)).Draw(t, "total"))
			x.Origins[label(i)] = referral.Count(known[i])
		}
		var err error
		table, err = table.WithTotals(x)
		require.NoError(t, err)
	}
	var all [][][]float64
	w := make([][]float64, n)
	for i := range w {
		w[i] = make([]float64, n)
	}
	var fill func(k int)
	fill = func(k int) {
		if k%n == 0 && k > 0 && totals {
			sum := 0.0
			for _, x := range w[k/n-1] {
				sum += x
			}
			if sum != known[k/n-1] {
				return
			}
		}
		if k == n*n {
			c := make([][]float64, n)
			for i := range c {
				c[i] = append([]float64(nil), w[i]...)
			}
			all = append(all, c)
			return
		}
		for x := lo[k/n][k%n]; x <= hi[k/n][k%n]; x++ {
			w[k/n][k%n] = x
			fill(k + 1)
		}
	}
	fill(0)
	return table, all
}

func TestPageRankBoundsEqualEnumeration(t *testing.T) {
	bounded := 0
	rapid.Check(t, func(t *rapid.T) {
		table, all := intervals(t, rapid.Bool().Draw(t, "totals"))
		g, err := table.Graph(referral.Lower)
		require.NoError(t, err)
		n := g.Len()
		c := centrality.PageRankConfig{
			Damping: rapid.SampledFrom([]float64{0, 0.5, 0.99}).Draw(t, "damping"), WithSelf: rapid.Bool().Draw(t, "self"),
			Workers: rapid.IntRange(0, 3).Draw(t, "workers"),
		}
		uniform := make([]float64, n)
		for i := range uniform {
			uniform[i] = 1 / float64(n)
		}
		v, u := uniform, uniform
		if rapid.Bool().Draw(t, "personalized") {
			weights := make([]float64, n)
			sum := 0.0
			for i := range weights {
				weights[i] = float64(rapid.IntRange(i/(n-1), 5).Draw(t, "teleport"))
				sum += weights[i]
			}
			c.Teleport = graph.NewValues(g, weights)
			v = make([]float64, n)
			for i := range v {
				v[i] = weights[i] / sum
			}
			if rapid.Bool().Draw(t, "dangling") {
				c.Dangling, u = centrality.DanglingTeleport, v
			}
		}
		got, err := flow.PageRankBounds(context.Background(), table, c)
		require.NoError(t, err)
		if len(got) > 0 && got[0].Status == referral.Disclosed {
			return
		}
		d := c.Damping
		if d == 0 {
			d = 0.85
		}
		lo, hi := make([]float64, n), make([]float64, n)
		for i := range lo {
			lo[i] = math.Inf(1)
		}
		for _, w := range all {
			for i, x := range ranks(w, d, v, u, c.WithSelf) {
				lo[i], hi[i] = min(lo[i], x), max(hi[i], x)
			}
		}
		for i := range got {
			assert.InDelta(t, lo[i], got[i].Lo, agree, "%v of %v", i, len(all))
			assert.InDelta(t, hi[i], got[i].Hi, agree, "%v of %v", i, len(all))
			if got[i].Status == referral.Bounded {
				bounded++
			}
		}
	})
	assert.Positive(t, bounded)
}

func TestPageRankBoundsExact(t *testing.T) {
	example := catalogue.Table(t, "example_flows.csv")
	g, err := example.Graph(referral.Counts)
	require.NoError(t, err)
	for _, c := range []centrality.PageRankConfig{{}, {WithSelf: true}, {Damping: 0.5}} {
		want, err := centrality.PageRank(t.Context(), g, c)
		require.NoError(t, err)
		got, err := flow.PageRankBounds(t.Context(), example, c)
		require.NoError(t, err)
		for _, s := range got {
			w, _ := want.At(s.Scope)
			assert.Equal(t, referral.ExactResult(w), s.Result)
		}
	}
	_, err = flow.PageRankBounds(t.Context(), example, centrality.PageRankConfig{Damping: 2})
	require.ErrorIs(t, err, centrality.ErrConfig)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = flow.PageRankBounds(ctx, catalogue.Table(t, "example_flows_interval.csv"), centrality.PageRankConfig{})
	require.ErrorIs(t, err, context.Canceled)
	empty, err := flow.PageRankBounds(t.Context(), tableOf(t), centrality.PageRankConfig{})
	require.NoError(t, err)
	assert.Empty(t, empty)
}

// Of two present cells of a row either can outweigh the other. A has half of
// the jumps of B and C, which are dangling, and all else goes from A to B or C.
func TestPageRankBoundsPresence(t *testing.T) {
	table := tableOf(t, cell("A", "B", referral.PresentCell()), cell("A", "C", referral.PresentCell()))
	got, err := flow.PageRankBounds(t.Context(), table, centrality.PageRankConfig{})
	require.NoError(t, err)
	third := []float64{1. / 3, 1. / 3, 1. / 3}
	all := ranks([][]float64{{0, 1, 0}, {0, 0, 0}, {0, 0, 0}}, 0.85, third, third, false)
	assert.InDelta(t, all[0], got[0].Value, agree)
	assert.InDelta(t, all[2], got[1].Lo, agree)
	assert.InDelta(t, all[1], got[1].Hi, agree)
	assert.InDelta(t, got[1].Lo, got[2].Lo, agree)
	assert.InDelta(t, got[1].Hi, got[2].Hi, agree)
}

// The total of the row makes the present cell 6 patients.
func TestPageRankBoundsFixedByTotal(t *testing.T) {
	table, err := tableOf(t, cell("A", "B", referral.PresentCell()), cell("A", "C", referral.Count(2))).
		WithTotals(referral.Totals{Origins: map[string]referral.Cell{"A": referral.Count(8)}})
	require.NoError(t, err)
	got, err := flow.PageRankBounds(t.Context(), table, centrality.PageRankConfig{})
	require.NoError(t, err)
	third := []float64{1. / 3, 1. / 3, 1. / 3}
	for i, want := range ranks([][]float64{{0, 6, 2}, {0, 0, 0}, {0, 0, 0}}, 0.85, third, third, false) {
		assert.Equal(t, referral.OK, got[i].Status)
		assert.InDelta(t, want, got[i].Value, agree)
	}
}
