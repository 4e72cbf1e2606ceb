// SPDX-License-Identifier: Apache-2.0

package centrality_test

import (
	"encoding/json"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/centrality"
)

// TestReference compares with the values of other programs.
func TestReference(t *testing.T) {
	file, err := os.Open("../../testdata/graph/h80.tsv")
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	g, err := graph.ReadEdges(t.Context(), file, graph.EdgeListConfig{File: "h80.tsv"})
	require.NoError(t, err)
	var ref struct {
		Values map[string]map[string]json.RawMessage
	}
	data, err := os.ReadFile("../../testdata/graph/h80.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, &ref))

	loop := func(i int) float64 { return g.Loop(i) }
	one := func(i int) float64 { return min(1, g.Loop(i)) }
	none := func(int) float64 { return 0 }
	asFloat := func(v graph.Values[int]) graph.Values[float64] {
		s := make([]float64, v.Len())
		for i, k := range v.Slice() {
			s[i] = float64(k)
		}
		return graph.NewValues(g, s)
	}
	tests := []struct {
		name string
		got  graph.Values[float64]
		self func(i int) float64 // what the other programs add for loops
	}{
		{"in_degree", asFloat(centrality.InDegree(g)), one},
		{"out_degree", asFloat(centrality.OutDegree(g)), one},
		{"in_strength", centrality.InStrength(g), loop},
		{"out_strength", centrality.OutStrength(g), loop},
		{"in_strength_noloops", centrality.InStrength(g), none},
		{"out_strength_noloops", centrality.OutStrength(g), none},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			require.NotEmpty(t, ref.Values[tt.name])
			for source, raw := range ref.Values[tt.name] {
				var want []float64
				require.NoError(t, json.Unmarshal(raw, &want))
				for i, key := range g.Keys() {
					number, err := strconv.Atoi(key)
					require.NoError(t, err)
					assert.Equal(t, want[number], tt.got.Slice()[i]+tt.self(i), "%s, node %s", source, key)
				}
			}
		})
	}
}
