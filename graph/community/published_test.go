// SPDX-License-Identifier: Apache-2.0

package community_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/community"
)

const published = "../../testdata/catalogue/"

// readCSV reads the one file whose name matches.
func readCSV(t *testing.T, pattern string) [][]string {
	t.Helper()
	names, err := filepath.Glob(published + pattern)
	require.NoError(t, err)
	require.Len(t, names, 1)
	data, err := os.ReadFile(names[0])
	require.NoError(t, err)
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	require.NoError(t, err)
	return rows
}

// readMatrix reads a square table of weights.
func readMatrix(t *testing.T, name string) *graph.Digraph {
	t.Helper()
	rows := readCSV(t, name)
	var b graph.Builder
	for _, row := range rows[1:] {
		require.NoError(t, b.AddNode(row[0]))
		for k, text := range row[1:] {
			w, err := strconv.ParseFloat(text, 64)
			require.NoError(t, err)
			if w > 0 {
				require.NoError(t, b.AddEdge(row[0], rows[0][k+1], w))
			}
		}
	}
	return b.Build()
}

// given returns the partition of the published example that is not detected.
func given(t *testing.T, g *graph.Digraph) community.Partition {
	t.Helper()
	number := map[string]int{}
	labels, err := graph.CollectValues(g, func(yield func(string, int) bool) {
		for _, row := range readCSV(t, "example_h*ls.csv")[1:] {
			if _, ok := number[row[1]]; !ok {
				number[row[1]] = len(number)
			}
			if !yield(row[0], number[row[1]]) {
				return
			}
		}
	}, community.None)
	require.NoError(t, err)
	return community.NewPartition(g, labels)
}

// sent returns what each node sends, self loops included.
func sent(g *graph.Digraph) graph.Values[float64] {
	s := make([]float64, g.Len())
	for i := range s {
		for _, w := range g.Out(i) {
			s[i] += w
		}
	}
	return graph.NewValues(g, s)
}

func blocks(p community.Partition) []any {
	var names []string
	for _, keys := range p.Keys() {
		names = append(names, strings.Join(keys, "+"))
	}
	slices.Sort(names)
	list := make([]any, len(names))
	for i, name := range names {
		list[i] = name
	}
	return list
}

// byBlock gives the values of communities names made of their members.
func byBlock(p community.Partition, x []float64) map[string]any {
	m := map[string]any{}
	for c, keys := range p.Keys() {
		m[strings.Join(keys, "+")] = number(x[c])
	}
	return m
}

// number is NaN as JSON has it: undefined.
func number(x float64) any {
	if math.IsNaN(x) {
		return nil
	}
	return x
}

// TestCatalogue computes all keys of group C and compares the published ones;
// patterns stand for keys with words that are no words of this package.
func TestCatalogue(t *testing.T) {
	whole, net := readMatrix(t, "example_h*_flows.csv"), readMatrix(t, "example_flows.csv")
	agreed := given(t, whole)
	q := func(g *graph.Digraph, p community.Partition, c community.ModularityConfig) float64 {
		x, err := community.Modularity(g, p, c)
		require.NoError(t, err)
		return x
	}
	optimum := func(g *graph.Digraph) community.Optimum {
		o, err := community.Exact(t.Context(), g, community.ModularityConfig{})
		require.NoError(t, err)
		return o
	}
	entry := func(g *graph.Digraph) map[string]any {
		o := optimum(g)
		return map[string]any{"q": o.Modularity, "partition": blocks(o.Partition), "runner_up_q": o.RunnerUp}
	}
	detected := optimum(whole.Loopless()).Partition
	plain, err := community.Compare(agreed, detected, community.CompareConfig{})
	require.NoError(t, err)
	weighted, err := community.Compare(agreed, detected, community.CompareConfig{Weights: sent(whole)})
	require.NoError(t, err)
	match, err := community.Match(t.Context(), agreed, detected, community.CompareConfig{Weights: sent(whole)})
	require.NoError(t, err)
	agreement := func(a community.Agreement) map[string]any {
		return map[string]any{
			"mi": a.MI, "h_a": a.EntropyA, "h_b": a.EntropyB, "vi": a.VI, "nvi_log_n": a.NVI(),
			"nmi_arithmetic": a.NMI(community.Arithmetic), "nmi_geometric": a.NMI(community.Geometric),
			"nmi_max": a.NMI(community.Max), "nmi_min": a.NMI(community.Min), "nmi_joint": a.NMI(community.Joint),
		}
	}
	nodes := agreement(plain)
	nodes["rand"], nodes["ari"], nodes["emi"] = plain.Rand, plain.ARI, plain.EMI
	nodes["ami_max"], nodes["ami_arithmetic"] = plain.AMI(community.Max), plain.AMI(community.Arithmetic)
	trivial, err := community.Compare(community.Whole(whole), community.Whole(whole), community.CompareConfig{})
	require.NoError(t, err)
	status := "ok"
	if math.IsNaN(trivial.NMI(community.Arithmetic)) {
		status = "undefined:zero_entropy"
	}
	withCount := entry(whole)
	withCount["n_partitions"] = optimum(whole).Partitions

	five := community.Singletons(net)
	got := map[string]any{
		"C01.q_governance":                q(whole, agreed, community.ModularityConfig{}),
		"C01.q_governance_excl_self":      q(whole.Loopless(), agreed, community.ModularityConfig{}),
		"C01.q_governance_gamma_1.5":      q(whole, agreed, community.ModularityConfig{Resolution: 1.5}),
		"C01.q_undirected_symmetrised":    q(whole, agreed, community.ModularityConfig{Null: community.Undirected}),
		"C01.q_network_singletons":        q(net, five, community.ModularityConfig{}),
		"C01.q_network_trivial":           q(net, community.Whole(net), community.ModularityConfig{}),
		"C02.max_q_h*l":                   withCount,
		"C02.max_q_h*_excl_self":          entry(whole.Loopless()),
		"C02.max_q_network":               entry(net),
		"C02.max_q_network_excl_self":     entry(net.Loopless()),
		"C03.compare_nodes":               nodes,
		"C03.compare_p*_weighted":         agreement(weighted),
		"C03.status_single_cluster":       status,
		"C04.conductance_out":             byBlock(five, community.OutConductance(net, five)),
		"C04.conductance_total":           byBlock(five, community.Conductance(net, five)),
		"C04.conductance_total_excl_self": byBlock(five, community.Conductance(net.Loopless(), five)),
		"C04.conductance_region_referral": byBlock(detected, community.Conductance(whole, detected)),
		"C05.self_containment_governance": community.Coverage(whole, agreed),
		"C05.self_containment_referral":   community.Coverage(whole, detected),
		"C05.partition_referral":          blocks(detected),
		"C05.p*_in_matched_region":        match.Share,
	}

	if testing.Verbose() {
		for key, value := range got {
			t.Log(key, value)
		}
	}
	var expected struct {
		Metrics map[string]struct {
			Value    any
			Tol      float64
			Withheld bool
		}
	}
	data, err := os.ReadFile(published + "expected.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, &expected))
	compared, seen := 0, map[string]bool{}
	for key, want := range expected.Metrics {
		if !strings.HasPrefix(key, "C0") || want.Withheld {
			continue
		}
		for pattern, value := range got {
			if ok, err := path.Match(pattern, key); ok && err == nil {
				same(t, key, want.Value, value, want.Tol)
				seen[pattern] = true
			}
		}
		compared++
	}
	assert.Len(t, seen, compared, "every published key is computed")
}

// same compares values as JSON has them.
func same(t *testing.T, key string, want, got any, tol float64) {
	t.Helper()
	switch want := want.(type) {
	case float64:
		if i, ok := got.(int); ok {
			got = float64(i)
		}
		assert.InDelta(t, want, got, tol, key)
	case map[string]any:
		require.Len(t, got, len(want), key)
		for k, v := range want {
			same(t, key+"."+k, v, got.(map[string]any)[k], tol)
		}
	default:
		assert.Equal(t, want, got, key)
	}
}
