// SPDX-License-Identifier: Apache-2.0

package flow_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/centrality"
	"github.com/oncoref/oncoref/graph/structure"
	"github.com/oncoref/oncoref/internal/catalogue"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/flow"
)

func TestCatalogueF18Graph(t *testing.T) {
	table := catalogue.Table(t, "example_flows_interval.csv")
	ctx := t.Context()
	pagerank, err := flow.PageRankBounds(ctx, table, centrality.PageRankConfig{})
	require.NoError(t, err)
	by := map[string]func(*graph.Digraph) ([]float64, error){
		"F18.interval.pagerank.": func(g *graph.Digraph) ([]float64, error) {
			v, err := centrality.PageRank(ctx, g, centrality.PageRankConfig{})
			return v.Slice(), err
		},
		"F18.interval.betweenness_weighted.": func(g *graph.Digraph) ([]float64, error) {
			v, err := centrality.Betweenness(ctx, g, centrality.BetweennessConfig{})
			return v.Slice(), err
		},
		"F18.interval.flow_hierarchy_weighted": func(g *graph.Digraph) ([]float64, error) {
			return []float64{structure.FlowHierarchy(g)}, nil
		},
		"F18.interval.reciprocity_weighted": func(g *graph.Digraph) ([]float64, error) {
			return []float64{structure.WeightedReciprocity(g)}, nil
		},
	}
	keys := catalogue.Metrics(t)
	checked := 0
	check := func(key string, r referral.Result) {
		t.Log(key, r, r.Status)
		assert.Contains(t, []referral.Status{referral.Bounded, referral.OK}, r.Status, key)
		if _, ok := keys[key]; ok {
			want, tol := catalogue.Into[[2]float64](t, key)
			assert.InDelta(t, want[0], r.Lo, tol, key)
			assert.InDelta(t, want[1], r.Hi, tol, key)
			checked++
		}
	}
	for prefix, measure := range by {
		got, err := flow.GraphBounds(ctx, table, measure, flow.CompletionConfig{})
		require.NoError(t, err)
		if len(got) == 1 {
			check(prefix, got[0])
			continue
		}
		for i, class := range table.Classes() {
			check(prefix+class, got[i])
			if prefix == "F18.interval.pagerank." {
				assert.Equal(t, class, pagerank[i].Scope)
				assert.InDelta(t, got[i].Lo, pagerank[i].Lo, 1e-9)
				assert.InDelta(t, got[i].Hi, pagerank[i].Hi, 1e-9)
				check("F18.pagerank_exact_bounds."+class, pagerank[i].Result)
			}
		}
	}
	assert.Equal(t, 9, checked)
}

// sumsAndLargest is a measure whose completions are easy to follow by hand: the
// total, the largest weight, and one that has no value when the total is odd.
func sumsAndLargest(g *graph.Digraph) ([]float64, error) {
	largest := 0.0
	for e := range g.Edges() {
		largest = max(largest, e.Weight)
	}
	odd := g.Total()
	if math.Mod(odd, 2) == 1 {
		odd = math.NaN()
	}
	return []float64{g.Total(), largest, odd}, nil
}

func TestGraphBoundsEqualEnumeration(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table, all := intervals(t, rapid.Bool().Draw(t, "totals"))
		c := flow.CompletionConfig{Workers: rapid.IntRange(0, 3).Draw(t, "workers")}
		got, err := flow.GraphBounds(t.Context(), table, func(g *graph.Digraph) ([]float64, error) {
			return []float64{structure.WeightedReciprocity(g), g.Total()}, nil
		}, c)
		require.NoError(t, err)
		require.Len(t, got, 2)
		if got[0].Status == referral.Disclosed {
			return
		}
		want := []float64{math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)}
		undefined := 0
		for _, w := range all {
			both, cross, total := 0.0, 0.0, 0.0
			for i := range w {
				for j := range w[i] {
					total += w[i][j]
					if i != j {
						both += min(w[i][j], w[j][i])
						cross += w[i][j]
					}
				}
			}
			want[2], want[3] = min(want[2], total), max(want[3], total)
			if cross == 0 {
				undefined++
				continue
			}
			want[0], want[1] = min(want[0], both/cross), max(want[1], both/cross)
		}
		assert.Equal(t, want[2:], []float64{got[1].Lo, got[1].Hi})
		switch undefined {
		case len(all):
			assert.Equal(t, referral.Undefined, got[0].Status)
			return
		case 0:
		default:
			assert.Equal(t, flow.ReasonSomeUndefined, got[0].Reason)
		}
		assert.InDelta(t, want[0], got[0].Lo, 1e-12)
		assert.InDelta(t, want[1], got[0].Hi, 1e-12)

		c.Limit, c.Samples, c.Seed = 1, 40, 7
		inner, err := flow.GraphBounds(t.Context(), table, func(g *graph.Digraph) ([]float64, error) { return []float64{g.Total()}, nil }, c)
		require.NoError(t, err)
		if len(all) > 1 {
			assert.Equal(t, referral.Envelope, inner[0].Status)
			assert.Equal(t, want[2:], []float64{inner[0].Lo, inner[0].Hi}, "the first two draws are the extremes of a sum")
		}
	})
}

func TestGraphBoundsByHand(t *testing.T) {
	table := tableOf(t, cell("A", "A", referral.Between(0, 2)), cell("A", "B", referral.Between(1, 3)), cell("B", "A", referral.Count(2)))
	got, err := flow.GraphBounds(t.Context(), table, sumsAndLargest, flow.CompletionConfig{})
	require.NoError(t, err)
	assert.Equal(t, [2]float64{3, 7}, [2]float64{got[0].Lo, got[0].Hi})
	assert.Equal(t, [2]float64{2, 3}, [2]float64{got[1].Lo, got[1].Hi})
	assert.Equal(t, [2]float64{4, 6}, [2]float64{got[2].Lo, got[2].Hi})
	assert.Equal(t, []referral.Status{referral.Bounded, referral.Bounded, referral.Bounded}, []referral.Status{got[0].Status, got[1].Status, got[2].Status})
	assert.Equal(t, flow.ReasonSomeUndefined, got[2].Reason)

	// With 4 patients from A the cells are 2 and 2 or 1 and 3; with the total of B too.
	known, err := table.WithTotals(referral.Totals{
		Origins: map[string]referral.Cell{"A": referral.Count(4)}, Destinations: map[string]referral.Cell{"A": referral.Between(3, 4)},
	})
	require.NoError(t, err)
	got, err = flow.GraphBounds(t.Context(), known, sumsAndLargest, flow.CompletionConfig{})
	require.NoError(t, err)
	assert.Equal(t, referral.ExactResult(6), got[0])
	assert.Equal(t, [2]float64{2, 3}, [2]float64{got[1].Lo, got[1].Hi})

	exact := tableOf(t, cell("A", "B", referral.Count(3)))
	got, err = flow.GraphBounds(t.Context(), exact, sumsAndLargest, flow.CompletionConfig{})
	require.NoError(t, err)
	assert.Equal(t, referral.ExactResult(3), got[0])
	assert.Equal(t, referral.UndefinedResult(referral.ReasonZeroDenominator).Reason, got[2].Reason)
}

func TestGraphBoundsRefused(t *testing.T) {
	check := func(table *referral.Table, status referral.Status, reason string) {
		t.Helper()
		got, err := flow.GraphBounds(t.Context(), table, sumsAndLargest, flow.CompletionConfig{})
		require.NoError(t, err)
		require.Len(t, got, 3)
		assert.Equal(t, status, got[0].Status)
		assert.Equal(t, reason, got[0].Reason)
		one, err := flow.TableBounds(t.Context(), table, func(*referral.Table) ([]float64, error) { return []float64{1}, nil }, flow.CompletionConfig{})
		require.NoError(t, err)
		require.Len(t, one, 1)
		assert.Equal(t, status, one[0].Status)
	}
	check(presence(t), referral.Undefined, referral.ReasonUnknownCells)
	check(catalogue.Table(t, "example_flows_presence.csv"), referral.Undefined, referral.ReasonUnlisted)
	two := tableOf(t, cell("A", "A", referral.Between(1, 4)), cell("A", "B", referral.Between(1, 4)))
	bad, err := two.WithTotals(referral.Totals{HasAll: true, All: referral.Count(9)})
	require.NoError(t, err)
	check(bad, referral.Infeasible, referral.ReasonTotals)
	told, err := two.WithTotals(referral.Totals{HasAll: true, All: referral.Count(8)})
	require.NoError(t, err)
	check(told, referral.Disclosed, referral.ReasonRecovered)
	divided, err := referral.FromFlows(referral.Meta{DestinationRule: referral.Fractional}, referral.AbsentZero,
		slices.Values([]referral.Flow{cell("A", "A", referral.Between(0.5, 2))}))
	require.NoError(t, err)
	check(divided, referral.Undefined, flow.ReasonDivided)
}

func TestGraphBoundsErrors(t *testing.T) {
	table := tableOf(t, cell("A", "B", referral.Between(1, 400)), cell("B", "A", referral.Between(1, 3)))
	wrong := errors.New("wrong")
	for _, workers := range []int{1, 2, 8} {
		for _, limit := range []int{0, 10} {
			c := flow.CompletionConfig{Workers: workers, Limit: limit}
			_, err := flow.GraphBounds(t.Context(), table, func(g *graph.Digraph) ([]float64, error) {
				if g.Total() > 5 {
					return nil, wrong
				}
				return nil, nil
			}, c)
			require.ErrorIs(t, err, wrong)
			_, err = flow.GraphBounds(t.Context(), table, func(g *graph.Digraph) ([]float64, error) {
				return make([]float64, int(g.Total())), nil
			}, c)
			require.Error(t, err)
			ctx, cancel := context.WithCancel(t.Context())
			_, err = flow.GraphBounds(ctx, table, func(*graph.Digraph) ([]float64, error) {
				cancel()
				return []float64{1}, nil
			}, c)
			require.ErrorIs(t, err, context.Canceled)
		}
	}
	_, err := flow.GraphBounds(t.Context(), table, sumsAndLargest, flow.CompletionConfig{Limit: -1})
	require.Error(t, err)
}

// Every draw is a completion, and neither the number of workers nor a second
// run changes what is seen.
func TestSamples(t *testing.T) {
	big := square(t, 8, 0.5)
	var open [][2]string
	margins, err := flow.MarginBounds(t.Context(), big, 0)
	require.NoError(t, err)
	for _, p := range margins {
		if p.Status == referral.Bounded {
			open = append(open, [2]string{p.Origin, p.Destination})
		}
	}
	require.Greater(t, len(open), 20)
	var want [][2]float64
	for _, workers := range []int{1, 2, 8} {
		got, err := flow.TableBounds(t.Context(), big, func(u *referral.Table) ([]float64, error) {
			for f := range u.Flows() {
				b := big.Cell(f.Origin, f.Destination)
				assert.True(t, b.Lo <= f.Cell.Lo && f.Cell.Hi <= b.Hi)
			}
			var x []float64
			for _, p := range open {
				x = append(x, u.Cell(p[0], p[1]).Lo)
			}
			for o, c := range big.Totals().Origins {
				assert.Equal(t, c.Lo, u.OriginTotal(o).Value)
			}
			for d, c := range big.Totals().Destinations {
				assert.Equal(t, c.Lo, u.DestinationTotal(d).Value)
			}
			return x, nil
		}, flow.CompletionConfig{Workers: workers, Samples: 100, Seed: 3, Limit: 1000})
		require.NoError(t, err)
		var seen [][2]float64
		for _, r := range got {
			assert.Equal(t, referral.Envelope, r.Status)
			seen = append(seen, [2]float64{r.Lo, r.Hi})
		}
		if want == nil {
			want = seen
		}
		assert.Equal(t, want, seen)
	}
	i, wide := 0, 0
	for _, p := range margins {
		if p.Status == referral.Bounded {
			assert.LessOrEqual(t, p.Lo, want[i][0])
			assert.GreaterOrEqual(t, p.Hi, want[i][1])
			if p.Lo == want[i][0] && p.Hi == want[i][1] {
				wide++
			}
			i++
		}
	}
	assert.Greater(t, 2*wide, len(open), "half of the cells are seen at both bounds")
}
