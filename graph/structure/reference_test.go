// SPDX-License-Identifier: Apache-2.0

package structure_test

import (
	"encoding/json"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/structure"
)

// referenceTolerance is how far values of other programs may differ, as a share.
const referenceTolerance = 1e-9

// reference reads a graph and the values of other programs for it.
func reference(t *testing.T, name string) (*graph.Digraph, map[string]map[string]json.RawMessage) {
	t.Helper()
	file, err := os.Open("../../testdata/reference/" + name + ".tsv")
	require.NoError(t, err)
	defer file.Close()
	g, err := graph.ReadEdges(t.Context(), file, graph.EdgeListConfig{File: name + ".tsv"})
	require.NoError(t, err)
	data, err := os.ReadFile("../../testdata/reference/" + name + ".json")
	require.NoError(t, err)
	var ref struct {
		Values map[string]map[string]json.RawMessage
	}
	require.NoError(t, json.Unmarshal(data, &ref))
	return g, ref.Values
}

// into decodes one value.
func into[T any](t *testing.T, values map[string]map[string]json.RawMessage, metric, source string) T {
	t.Helper()
	var v T
	require.Contains(t, values, metric)
	require.Contains(t, values[metric], source)
	require.NoError(t, json.Unmarshal(values[metric][source], &v), metric)
	return v
}

// byNumber puts values in the order of node numbers, which are the keys.
func byNumber[T any](t *testing.T, v graph.Values[T]) []T {
	t.Helper()
	s := make([]T, v.Len())
	for key, x := range v.All() {
		i, err := strconv.Atoi(key)
		require.NoError(t, err)
		s[i] = x
	}
	return s
}

func TestReference(t *testing.T) {
	for _, name := range []string{"h80", "h80j"} {
		t.Run(name, func(t *testing.T) {
			g, values := reference(t, name)
			near(t, into[float64](t, values, "reciprocity", "igraph_ignore_loops"), structure.Reciprocity(g), referenceTolerance)
			near(t, into[float64](t, values, "reciprocity", "nx_overall_noloops"), structure.Reciprocity(g), referenceTolerance)
			near(t, into[float64](t, values, "reciprocity", "weighted_min_over_total_noloops"), structure.WeightedReciprocity(g), referenceTolerance)

			for source, c := range map[string]structure.DegreeAssortativityConfig{
				"nx_noloops_in_in": {Pair: structure.InIn}, "nx_noloops_in_out": {Pair: structure.InOut},
				"nx_noloops_out_in": {Pair: structure.OutIn}, "nx_noloops_out_out": {Pair: structure.OutOut},
				"nx_noloops_strength_in_in":   {Pair: structure.InIn, Strength: true},
				"nx_noloops_strength_in_out":  {Pair: structure.InOut, Strength: true},
				"nx_noloops_strength_out_in":  {Pair: structure.OutIn, Strength: true},
				"nx_noloops_strength_out_out": {Pair: structure.OutOut, Strength: true},
				"igraph_noloops_directed":     {},
			} {
				got, err := structure.DegreeAssortativity(g, c)
				require.NoError(t, err)
				near(t, into[float64](t, values, "assortativity", source), got, referenceTolerance, source)
			}

			for metric, got := range map[string]structure.Components{
				"scc_labels_by_first_member": structure.StronglyConnected(g), "wcc_labels_by_first_member": structure.WeaklyConnected(g),
			} {
				want := into[[]int](t, values, metric, "nx")
				first := map[int]int{}
				for i, l := range byNumber(t, got.Label) {
					if _, ok := first[l]; !ok {
						first[l] = want[i]
					}
					assert.Equal(t, first[l], want[i], metric)
				}
				assert.Len(t, first, got.Count)
			}

			triads, err := structure.TriadCensus(t.Context(), g)
			require.NoError(t, err)
			for _, source := range []string{"nx", "igraph"} {
				want := into[map[string]int64](t, values, "triad_census_noloops", source)
				require.Len(t, want, len(triads))
				for k, n := range triads {
					assert.Equal(t, want[structure.Triad(k).String()], n, structure.Triad(k))
				}
			}
			dyads := structure.DyadCensus(g)
			assert.Equal(t, into[[]int64](t, values, "dyad_census_noloops", "igraph_mutual_asymmetric_null"),
				[]int64{dyads.Mutual, dyads.Asymmetric, dyads.Null})

			constraint, err := structure.Constraint(t.Context(), g, structure.HolesConfig{})
			require.NoError(t, err)
			want := into[[]*float64](t, values, "burt_constraint_noloops", "nx")
			for i, got := range byNumber(t, constraint) {
				if want[i] != nil {
					near(t, *want[i], got, referenceTolerance)
					continue
				}
				// That program leaves out nodes that send nothing.
				node, _ := g.Index(strconv.Itoa(i))
				for j := range g.Out(node) {
					assert.Equal(t, node, j)
				}
			}
		})
	}
}
