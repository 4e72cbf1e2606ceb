// SPDX-License-Identifier: Apache-2.0

package inference_test

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/flow"
	"github.com/oncoref/oncoref/referral/inference"
)

func parse(t testing.TB, text string) *referral.Table {
	t.Helper()
	table, err := referral.ReadTable(t.Context(), strings.NewReader(text), referral.TableConfig{})
	require.NoError(t, err)
	return table
}

// With 45 patients the two suppressed cells are 2 to 3 each, not 1 to 4.
func TestTotalsNarrow(t *testing.T) {
	const cells = "origin,destination,lo,hi\nA,A,40,40\nA,B,1,3\nA,C,1,3\nB,B,9,9\nC,C,9,9\n"
	wide, err := inference.OfRow(parse(t, cells), "A", inference.Config{})
	require.NoError(t, err)
	tight, err := inference.OfRow(parse(t, cells+"A,total,45,45\n"), "A", inference.Config{})
	require.NoError(t, err)
	assert.InDelta(t, 1./44, wide[1].Lo, 1e-12) // 1 of 40 + 1 + 3
	assert.InDelta(t, 2./45, tight[1].Lo, 1e-12)
	assert.InDelta(t, 3./45, tight[1].Hi, 1e-12)
	assert.Greater(t, tight[1].Interval.Lo, wide[1].Interval.Lo)
	assert.Less(t, tight[0].Interval.Hi, wide[0].Interval.Hi)

	// A total of a column settles the cells of two rows.
	m, err := inference.NewMatrix(parse(t, "origin,destination,count\nA,A,40\nA,B,3\nB,B,9\ntotal,B,12\n"))
	require.NoError(t, err)
	assert.InDelta(t, 52, m.Total(), 0)
}

// Totals that contradict the cells, or give one away, are refused everywhere.
func TestTotalsRefused(t *testing.T) {
	good := parse(t, "origin,destination,count\nA,A,40\nA,B,3\n")
	for want, text := range map[string]string{
		"agree with the cells":        "origin,destination,lo,hi\nA,A,40,40\nA,B,1,4\nA,total,50,50\n",
		"the flow from A to B":        "origin,destination,lo,hi\nA,A,40,40\nA,B,1,4\nA,total,43,43\n",
		"keep suppressed counts hidd": "origin,destination,lo,hi\nA,A,40,40\nA,B,1,4\ntotal,B,2,2\n",
	} {
		bad := parse(t, text)
		stats := []inference.Statistic{inference.HHIMarket()}
		_, row := inference.OfRow(bad, "A", inference.Config{})
		_, boot := inference.Bootstrap(t.Context(), bad, stats, inference.BootstrapConfig{Replicates: 10})
		_, jack := inference.Jackknife(t.Context(), bad, stats)
		_, first := inference.Compare(t.Context(), bad, good, inference.CompareConfig{Dimension: inference.Tumors})
		_, second := inference.Compare(t.Context(), good, bad, inference.CompareConfig{Dimension: inference.Tumors})
		for _, err := range []error{row, boot, jack, first, second} {
			require.ErrorIs(t, err, inference.ErrInput)
			require.ErrorContains(t, err, want)
			assert.NotContains(t, err.Error(), " 3", "a suppressed count")
		}
	}
}

// A difference with a share that has no value says why.
func TestDifferenceKeepsTheReason(t *testing.T) {
	given := parse(t, "origin,destination,lo,hi\nA,A,40,40\nA,B,1,4\nA,total,43,43\n")
	known := parse(t, "origin,destination,count\nA,A,40\nA,B,30\n")
	nobody := parse(t, "origin,destination,count\nA,A,0\nA,B,0\n")
	for want, t2 := range map[string]*referral.Table{
		"disclosed: recovered_cell": given, "undefined: zero_denominator": nobody,
	} {
		d, err := inference.Difference(flow.SupraRegional(known), flow.SupraRegional(t2), inference.Config{})
		require.NoError(t, err)
		assert.Equal(t, want, d.Difference.String())
		assert.Equal(t, want, d.Fisher.String())
	}
	shown := parse(t, "origin,destination\nA,A\nA,B\n")
	c, err := inference.Compare(t.Context(), shown, shown, inference.CompareConfig{Dimension: inference.Tumors})
	require.NoError(t, err)
	assert.Equal(t, "undefined: unlisted_cells", c.Supra.Difference.String())
}

// The row of C has nobody in any replicate: no figure is a number.
func TestUndefinedInAllReplicates(t *testing.T) {
	r, err := inference.Bootstrap(t.Context(), parse(t, "origin\\destination,A,B,C\nA,9,8,1\nB,2,30,9\nC,0,0,0\n"),
		[]inference.Statistic{inference.HHIOrigin()}, inference.BootstrapConfig{Replicates: 50})
	require.NoError(t, err)
	n, ok := r.Find("hhi_origin", "C")
	require.True(t, ok)
	assert.Zero(t, n.Defined)
	for _, x := range []float64{n.Mean, n.Bias, n.SE, n.Interval.Lo, n.Interval.Hi} {
		assert.True(t, math.IsNaN(x))
	}
}
