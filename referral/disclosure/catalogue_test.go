// SPDX-License-Identifier: Apache-2.0

package disclosure

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/internal/catalogue"
	"github.com/oncoref/oncoref/referral"
)

func TestCataloguePrimary(t *testing.T) {
	g, err := FromTable(catalogue.Table(t, "example_flows.csv"), nil)
	require.NoError(t, err)
	s, err := Primary(g, Config{})
	require.NoError(t, err)
	var got []string
	for _, x := range s {
		if x.Row != "" && x.Column != "" {
			got = append(got, x.Row+x.Column)
		}
	}
	assert.Equal(t, into[[]string](t, "F11.primary_cells"), got)
}

func TestCatalogueAuditPrimaryOnly(t *testing.T) {
	truth := catalogue.Table(t, "example_flows.csv")
	whole, err := Suppress(t.Context(), truth, Config{})
	require.NoError(t, err)
	published, err := whole.Table(false)
	require.NoError(t, err)
	gated, err := Gate(truth, Config{})
	require.NoError(t, err)
	only, err := gated.WithTotals(published.Totals())
	require.NoError(t, err)
	var r Release
	require.NoError(t, r.Publish("flows", only, truth))
	a, err := r.Audit(t.Context(), Config{})
	require.NoError(t, err)
	got := map[string][]float64{}
	for _, f := range a.Findings {
		got[f.Origin+f.Destination] = []float64{f.Lo, f.Hi}
		assert.Equal(t, Revealed, f.Verdict)
		assert.NotEmpty(t, f.Reveals)
	}
	assert.Equal(t, into[map[string][]float64](t, "F12.audit_primary_only"), got)
}

// The pattern and the bounds were also found by looking at all subsets of the
// eleven candidates.
func TestSuppressExample(t *testing.T) {
	s, err := Suppress(t.Context(), catalogue.Table(t, "example_flows.csv"), Config{})
	require.NoError(t, err)
	assert.Equal(t, Protected, s.Status)
	assert.Equal(t, int64(54), s.Value)
	assert.Equal(t, 6, s.Cells)
	assert.True(t, s.Best)
	assert.Zero(t, s.Gap())
	want := map[string][2]float64{
		"AD": {0, 8}, "AE": {0, 8}, "BA": {0, 10}, "BC": {0, 7}, "BE": {0, 15}, "CA": {0, 10},
		"CB": {4, 14}, "CE": {0, 16}, "DB": {0, 10}, "DC": {0, 7}, "DD": {10, 18},
	}
	got := map[string][2]float64{}
	for _, h := range s.Hidden {
		got[h.Row+h.Column] = [2]float64{h.Lo, h.Hi}
	}
	assert.Equal(t, want, got)
}

func TestCatalogueRounding(t *testing.T) {
	p2 := catalogue.Table(t, "example_flows_p2.csv")
	g, err := FromTable(p2, nil)
	require.NoError(t, err)
	up := map[string]float64{}
	for i, row := range g.Counts {
		for j, n := range row {
			if p := ProbabilityUp(n, DefaultBase); p > 0 {
				up[g.Rows[i]+g.Columns[j]] = p
			}
		}
	}
	assert.Equal(t, into[map[string]float64](t, "F15.random_rounding_prob_up_p2"), up)
	r, err := Round(t.Context(), p2, RoundConfig{Method: Conventional})
	require.NoError(t, err)
	sums := map[string]float64{}
	for i, x := range r.RowSums() {
		sums[r.Rows[i]] = float64(x)
	}
	assert.Equal(t, into[map[string]float64](t, "F15.conventional_rounding_row_sums_p2"), sums)

	// Controlled: repeated by listing all tables.
	r, err = Round(t.Context(), p2, RoundConfig{Count: true})
	require.NoError(t, err)
	assert.Equal(t, int64(21), r.Feasible)
	assert.Equal(t, int64(30), r.L1)
	assert.Equal(t, int64(3), r.Optima)
	assert.Equal(t, [][]int64{{15, 10, 0, 0, 5}, {5, 30, 0, 0, 0}, {0, 5, 10, 0, 5}, {0, 0, 0, 5, 10}, {0, 0, 0, 0, 0}}, r.Counts)
}

func TestGateExample(t *testing.T) {
	truth := catalogue.Table(t, "example_flows.csv")
	g, err := Gate(truth, Config{})
	require.NoError(t, err)
	var small []string
	for f := range g.Flows() {
		if !f.Cell.Known() {
			small = append(small, f.Origin+f.Destination)
			assert.Equal(t, referral.Between(1, 4), f.Cell)
		}
	}
	slices.Sort(small)
	assert.Equal(t, []string{"AD", "BE", "CA", "DB", "DC"}, small)
	assert.Equal(t, truth.Origins(), g.Origins(), "a row of zeros stays")
	assert.Equal(t, truth.Meta(), g.Meta())
	again, err := Gate(g, Config{})
	require.NoError(t, err)
	assert.Same(t, g, again)
}
