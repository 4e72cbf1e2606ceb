// SPDX-License-Identifier: Apache-2.0

package flow_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/centrality"
	"github.com/oncoref/oncoref/graph/structure"
	"github.com/oncoref/oncoref/internal/catalogue"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/flow"
)

// measures are measures of graphs of many kinds, each number of a member or of
// the graph.
func measures(ctx context.Context, g *graph.Digraph) map[string]func(*graph.Digraph) ([]float64, error) {
	hub := make([]string, g.Len())
	for i, key := range g.Keys() {
		if hub[i] = "spoke"; key == "B" || key == "E" {
			hub[i] = "hub"
		}
	}
	types := graph.NewValues(g, hub)
	return map[string]func(*graph.Digraph) ([]float64, error){
		"reciprocity": func(g *graph.Digraph) ([]float64, error) { return []float64{structure.WeightedReciprocity(g)}, nil },
		"of a class":  func(g *graph.Digraph) ([]float64, error) { return structure.NodeReciprocity(g).Slice(), nil },
		"hierarchy":   func(g *graph.Digraph) ([]float64, error) { return []float64{structure.FlowHierarchy(g)}, nil },
		"assortativity": func(g *graph.Digraph) ([]float64, error) {
			return []float64{structure.Mixing(g, types, structure.MixingConfig{}).Assortativity()}, nil
		},
		"trophic": func(g *graph.Digraph) ([]float64, error) {
			t, err := structure.TrophicLevels(ctx, g)
			return append([]float64{t.Incoherence}, t.Level.Slice()...), err
		},
		"residuals": func(g *graph.Digraph) ([]float64, error) {
			e := structure.ExpectIndependence(g)
			var out []float64
			for i := range g.Len() {
				for j := range g.Len() {
					out = append(out, e.Adjusted(i, j))
				}
			}
			return out, nil
		},
		"betweenness": func(g *graph.Digraph) ([]float64, error) {
			v, err := centrality.Betweenness(ctx, g, centrality.BetweennessConfig{})
			return v.Slice(), err
		},
		"closeness": func(g *graph.Digraph) ([]float64, error) {
			v, err := centrality.Closeness(ctx, g, centrality.ClosenessConfig{})
			return v.Slice(), err
		},
		"katz": func(g *graph.Digraph) ([]float64, error) {
			v, err := centrality.Katz(ctx, g, centrality.KatzConfig{Alpha: 0.01})
			return v.Slice(), err
		},
		"strength": func(g *graph.Digraph) ([]float64, error) { return centrality.InStrength(g).Slice(), nil },
	}
}

// The bounds of a table with suppressed cells hold the measure of the true
// table, and those of samples lie within them.
func TestGraphMeasures(t *testing.T) {
	ctx := t.Context()
	example, suppressed := catalogue.Table(t, "example_flows.csv"), catalogue.Table(t, "example_flows_interval.csv")
	truth, err := example.Graph(referral.Counts)
	require.NoError(t, err)
	const rounding = 1e-12
	for name, measure := range measures(ctx, truth) {
		t.Run(name, func(t *testing.T) {
			want, err := measure(truth)
			require.NoError(t, err)
			got, err := flow.GraphBounds(ctx, suppressed, measure, flow.CompletionConfig{})
			require.NoError(t, err)
			require.Len(t, got, len(want))
			inner, err := flow.GraphBounds(ctx, suppressed, measure, flow.CompletionConfig{Limit: 100, Samples: 50})
			require.NoError(t, err)
			for i, r := range got {
				if r.Status == referral.Undefined {
					continue
				}
				assert.LessOrEqual(t, r.Lo, want[i]+rounding)
				assert.GreaterOrEqual(t, r.Hi, want[i]-rounding)
				assert.Equal(t, referral.Envelope, inner[i].Status)
				assert.LessOrEqual(t, r.Lo, inner[i].Lo)
				assert.GreaterOrEqual(t, r.Hi, inner[i].Hi)
			}
		})
	}
}

// suppressedTable has two cells of 1 to 4 patients.
func suppressedTable() (*referral.Table, error) {
	return referral.FromFlows(referral.Meta{}, referral.AbsentZero, func(yield func(referral.Flow) bool) {
		_ = yield(referral.Flow{Origin: "A", Destination: "A", Cell: referral.Count(40)}) &&
			yield(referral.Flow{Origin: "A", Destination: "B", Cell: referral.Count(12)}) &&
			yield(referral.Flow{Origin: "A", Destination: "C", Cell: referral.Between(1, 4)}) &&
			yield(referral.Flow{Origin: "B", Destination: "A", Cell: referral.Between(1, 4)}) &&
			yield(referral.Flow{Origin: "B", Destination: "B", Cell: referral.Count(55)})
	})
}

func ExampleGraphBounds() {
	t, err := suppressedTable()
	if err != nil {
		fmt.Println(err)
		return
	}
	b, err := flow.GraphBounds(context.Background(), t, func(g *graph.Digraph) ([]float64, error) {
		return []float64{g.Total(), structure.WeightedReciprocity(g)}, nil
	}, flow.CompletionConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("patients", b[0])
	fmt.Printf("reciprocity %v: %.3f to %.3f\n", b[1].Status, b[1].Lo, b[1].Hi)
	// Output:
	// patients [109, 115]
	// reciprocity bounded: 0.118 to 0.471
}

func ExamplePageRankBounds() {
	t, err := suppressedTable()
	if err != nil {
		fmt.Println(err)
		return
	}
	b, err := flow.PageRankBounds(context.Background(), t, centrality.PageRankConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range b {
		fmt.Printf("%s %.3f to %.3f\n", s.Scope, s.Lo, s.Hi)
	}
	// Output:
	// A 0.426 to 0.452
	// B 0.377 to 0.436
	// C 0.111 to 0.196
}

func ExampleMarginBounds() {
	t, err := suppressedTable()
	if err != nil {
		fmt.Println(err)
		return
	}
	t, err = t.WithTotals(referral.Totals{Destinations: map[string]referral.Cell{"A": referral.Count(42)}})
	if err != nil {
		fmt.Println(err)
		return
	}
	b, err := flow.MarginBounds(context.Background(), t, 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range b {
		if p.Lo != p.Hi || p.Status != referral.OK {
			fmt.Println(p.Origin, p.Destination, p.Status, p.Lo, p.Hi)
		}
	}
	// Output:
	// A C bounded 1 4
	// B A disclosed 2 2
}

func ExampleFindConflict() {
	t, err := suppressedTable()
	if err != nil {
		fmt.Println(err)
		return
	}
	t, err = t.WithTotals(referral.Totals{Origins: map[string]referral.Cell{"B": referral.Count(60)}})
	if err != nil {
		fmt.Println(err)
		return
	}
	c, found := flow.FindConflict(t)
	fmt.Println(found, c)
	// Output:
	// true cell B > A [1, 4], cell B > B 55, total of origin B
}

func ExampleSupraRegionalBounds() {
	t, err := suppressedTable()
	if err != nil {
		fmt.Println(err)
		return
	}
	s, err := flow.SupraRegionalBounds(context.Background(), t)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%v of %v: %.3f to %.3f\n", s.Part, s.Whole, s.Lo, s.Hi)
	// Output:
	// [14, 20] of [109, 115]: 0.128 to 0.174
}
