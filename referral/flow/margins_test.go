// SPDX-License-Identifier: Apache-2.0

package flow_test

import (
	"bytes"
	"context"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/internal/catalogue"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/flow"
)

// sumsOf returns the totals of an exact table.
func sumsOf(t *referral.Table) referral.Totals {
	x := referral.Totals{Origins: map[string]referral.Cell{}, Destinations: map[string]referral.Cell{}, HasAll: true}
	for _, o := range t.Origins() {
		x.Origins[o] = referral.Count(t.OriginTotal(o).Value)
	}
	for _, d := range t.Destinations() {
		x.Destinations[d] = referral.Count(t.DestinationTotal(d).Value)
	}
	x.All = referral.Count(t.Total().Value)
	return x
}

// presence returns the presence table of the shared example: what is not listed
// did not occur.
func presence(t *testing.T) *referral.Table {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(catalogue.Folder(t), "example_flows_presence.csv"))
	require.NoError(t, err)
	out, err := referral.ReadTable(t.Context(), bytes.NewReader(b), referral.TableConfig{File: "presence", Absent: referral.AbsentZero})
	require.NoError(t, err)
	return out
}

// withTotals gives a table those totals that it has classes for.
func withTotals(t *testing.T, table *referral.Table, x referral.Totals) *referral.Table {
	t.Helper()
	for o := range x.Origins {
		if !slices.Contains(table.Origins(), o) {
			delete(x.Origins, o)
		}
	}
	for d := range x.Destinations {
		if !slices.Contains(table.Destinations(), d) {
			delete(x.Destinations, d)
		}
	}
	out, err := table.WithTotals(x)
	require.NoError(t, err)
	return out
}

func TestCatalogueF16(t *testing.T) {
	example := catalogue.Table(t, "example_flows.csv")
	t.Run("frechet_bounds", func(t *testing.T) {
		want, tol := catalogue.Into[map[string]map[string][2]float64](t, "F16.frechet_bounds")
		got := flow.FrechetBounds(example)
		assert.Len(t, got, 25)
		for _, p := range got {
			w := want[p.Origin][p.Destination]
			assert.InDelta(t, w[0], p.Lo, tol)
			assert.InDelta(t, w[1], p.Hi, tol)
		}
	})
	known := withTotals(t, presence(t), sumsOf(example))
	t.Run("lp_bounds_presence", func(t *testing.T) {
		got, err := flow.MarginBounds(t.Context(), known, 0)
		require.NoError(t, err)
		assert.Len(t, got, 16)
		for _, p := range got {
			x := example.Cell(p.Origin, p.Destination).Lo
			assert.LessOrEqual(t, p.Lo, x)
			assert.GreaterOrEqual(t, p.Hi, x)
			assert.GreaterOrEqual(t, p.Lo, 1.0)
		}
		want, tol := catalogue.Into[map[string][2]float64](t, "F16.lp_bounds_presence")
		for _, p := range got {
			assert.InDelta(t, want[p.Origin+p.Destination][0], p.Lo, tol)
			assert.InDelta(t, want[p.Origin+p.Destination][1], p.Hi, tol)
		}
	})
	t.Run("lp_bounds_supra_share", func(t *testing.T) {
		s, err := flow.SupraRegionalBounds(t.Context(), known)
		require.NoError(t, err)
		assert.Equal(t, referral.Bounded, s.Status)
		assert.Less(t, s.Lo, 72.0/200)
		assert.Greater(t, s.Hi, 72.0/200)
		assert.Equal(t, referral.Count(200), s.Whole)
		assert.InDelta(t, s.Part.Lo/200, s.Lo, 1e-12)
		assert.InDelta(t, s.Part.Hi/200, s.Hi, 1e-12)
		want, tol := catalogue.Into[[2]float64](t, "F16.lp_bounds_supra_share")
		assert.InDelta(t, want[0], s.Lo, tol)
		assert.InDelta(t, want[1], s.Hi, tol)
	})
}

// With the totals of the rows alone the supra-regional share is that of
// presence with known rows.
func TestCatalogueF17SupraBounds(t *testing.T) {
	x := sumsOf(catalogue.Table(t, "example_flows.csv"))
	x.Destinations, x.HasAll = nil, false
	s, err := flow.SupraRegionalBounds(t.Context(), withTotals(t, presence(t), x))
	require.NoError(t, err)
	want, tol := catalogue.Into[[2]float64](t, "F17.presence_supra_bounds")
	assert.InDelta(t, want[0], s.Lo, tol)
	assert.InDelta(t, want[1], s.Hi, tol)
}

// Margins and presence of the first period of the shared example. The values
// are those of GLPK 5.0 for one linear program per bound in the continuous
// relaxation:
//
//	glpsol --lp b.lp -o b.txt
//
// with, for the smallest flow from A to B: Minimize obj: xAB; Subject To one
// equation per row and column total; Bounds xIJ >= 1 for each flow of the
// example.
func TestMarginBoundsAgreeWithGLPK(t *testing.T) {
	want := map[string][2]float64{
		"AA": {1, 27},
		"AB": {1, 27},
		"AD": {1, 9},
		"AE": {1, 6},
		"BA": {1, 28},
		"BB": {1, 32},
		"BC": {1, 13},
		"BE": {1, 6},
		"CA": {1, 17},
		"CB": {1, 17},
		"CC": {1, 13},
		"CE": {1, 6},
		"DB": {1, 12},
		"DC": {1, 12},
		"DD": {1, 9},
		"DE": {1, 6},
	}
	known := withTotals(t, presence(t), sumsOf(catalogue.Table(t, "example_flows_p1.csv")))
	got, err := flow.MarginBounds(t.Context(), known, 0)
	require.NoError(t, err)
	assert.Len(t, got, len(want))
	for _, p := range got {
		assert.Equal(t, want[p.Origin+p.Destination], [2]float64{p.Lo, p.Hi}, p.Origin+p.Destination)
	}
	s, err := flow.SupraRegionalBounds(t.Context(), known)
	require.NoError(t, err)
	assert.Equal(t, referral.Between(19, 96), s.Part)
}

// F12: with all totals every cell below 5 can be recovered. F18: one suppressed
// cell and the total of its row are the count.
func TestCatalogueRecovered(t *testing.T) {
	example, suppressed := catalogue.Table(t, "example_flows.csv"), catalogue.Table(t, "example_flows_interval.csv")
	want, tol := catalogue.Into[map[string][2]float64](t, "F12.audit_primary_only")
	got, err := flow.MarginBounds(t.Context(), withTotals(t, suppressed, sumsOf(example)), 0)
	require.NoError(t, err)
	n := 0
	for _, p := range got {
		if w, ok := want[p.Origin+p.Destination]; ok {
			assert.Equal(t, referral.Disclosed, p.Status)
			assert.True(t, math.IsNaN(p.Value))
			assert.InDelta(t, w[0], p.Lo, tol)
			assert.InDelta(t, w[1], p.Hi, tol)
			n++
		} else {
			assert.Equal(t, referral.OK, p.Status)
		}
	}
	assert.Equal(t, 5, n)

	row, _ := catalogue.Into[struct {
		Cell   [2]float64 `json:"cell_AD"`
		Status string
	}](t, "F18.row_A_known_total")
	one, err := suppressed.WithTotals(referral.Totals{Origins: map[string]referral.Cell{"A": referral.Count(60)}})
	require.NoError(t, err)
	got, err = flow.MarginBounds(t.Context(), one, 1)
	require.NoError(t, err)
	for _, p := range got {
		if p.Origin == "A" && p.Destination == "D" {
			assert.Equal(t, row.Cell, [2]float64{p.Lo, p.Hi})
			assert.Equal(t, row.Status, p.Status.String())
		}
	}
	s, err := flow.SupraRegionalBounds(t.Context(), one)
	require.NoError(t, err)
	assert.Equal(t, referral.Disclosed, s.Status)
}

// The total of D leaves 5 for the two suppressed cells, so that each is 1 to 4.
func TestKnownRowTotal(t *testing.T) {
	one, err := catalogue.Table(t, "example_flows_interval.csv").WithTotals(referral.Totals{Origins: map[string]referral.Cell{"D": referral.Count(27)}})
	require.NoError(t, err)
	got, err := flow.MarginBounds(t.Context(), one, 0)
	require.NoError(t, err)
	for _, p := range got {
		if p.Origin == "D" && (p.Destination == "B" || p.Destination == "C") {
			assert.Equal(t, referral.Disclosed, p.Status, "2 patients in two cells of at least 1")
		}
	}
}

func cell(o, d string, c referral.Cell) referral.Flow {
	return referral.Flow{Origin: o, Destination: d, Cell: c}
}

func tableOf(t require.TestingT, flows ...referral.Flow) *referral.Table {
	out, err := referral.FromFlows(referral.Meta{}, referral.AbsentZero, slices.Values(flows))
	require.NoError(t, err)
	return out
}

func TestConflict(t *testing.T) {
	two := tableOf(t, cell("A", "A", referral.Between(1, 4)), cell("A", "B", referral.Between(1, 4)),
		cell("B", "A", referral.Between(0, 2)), cell("B", "B", referral.Count(7)))
	for name, test := range map[string]struct {
		totals referral.Totals
		want   string
	}{
		"row":    {referral.Totals{Origins: map[string]referral.Cell{"A": referral.Count(9), "B": referral.Count(8)}}, "cell A > A [1, 4], cell A > B [1, 4], total of origin A"},
		"column": {referral.Totals{Destinations: map[string]referral.Cell{"B": referral.Count(7)}}, "cell A > B [1, 4], cell B > B 7, total of destination B"},
		"sums": {referral.Totals{Origins: map[string]referral.Cell{"A": referral.Count(5), "B": referral.Count(8)}, HasAll: true, All: referral.Count(14)},
			"total of origin A, total of origin B, total of the table"},
	} {
		t.Run(name, func(t *testing.T) {
			bad, err := two.WithTotals(test.totals)
			require.NoError(t, err)
			c, found := flow.FindConflict(bad)
			assert.True(t, found)
			assert.Equal(t, test.want, c.String())
			got, err := flow.MarginBounds(t.Context(), bad, 0)
			require.NoError(t, err)
			for _, p := range got {
				assert.Equal(t, referral.Infeasible, p.Status)
				assert.True(t, math.IsNaN(p.Lo))
			}
			s, err := flow.SupraRegionalBounds(t.Context(), bad)
			require.NoError(t, err)
			assert.Equal(t, referral.Infeasible, s.Status)
			sum, err := flow.MarginSum(t.Context(), bad, func(referral.Flow) float64 { return 1 })
			require.NoError(t, err)
			assert.Equal(t, referral.Infeasible, sum.Status)
		})
	}
	c, found := flow.FindConflict(two)
	assert.False(t, found)
	assert.Empty(t, c)
}

func TestMarginShareWithoutTotals(t *testing.T) {
	all := func(referral.Flow) bool { return true }
	share := func(table *referral.Table) referral.Share {
		s, err := flow.MarginShare(t.Context(), table, func(f referral.Flow) bool { return !f.Retained() }, all)
		require.NoError(t, err)
		return s
	}
	// 1 to 4 of 11 to 14 or, with the other cell high, of 13 to 16.
	s := share(tableOf(t, cell("A", "A", referral.Between(10, 12)), cell("A", "B", referral.Between(1, 4))))
	assert.InDelta(t, 1.0/13, s.Lo, 1e-12)
	assert.InDelta(t, 4.0/14, s.Hi, 1e-12)
	assert.Equal(t, referral.Between(11, 16), s.Whole)

	s = share(tableOf(t, cell("A", "A", referral.PresentCell()), cell("A", "B", referral.Count(4))))
	assert.Equal(t, [2]float64{0, 0.8}, [2]float64{s.Lo, s.Hi})
	s = share(tableOf(t, cell("A", "A", referral.Count(1)), cell("A", "B", referral.PresentCell())))
	assert.Equal(t, [2]float64{0.5, 1}, [2]float64{s.Lo, s.Hi})
	s = share(tableOf(t, cell("A", "A", referral.Between(0, 3)), cell("A", "B", referral.Between(0, 3))))
	assert.Equal(t, [2]float64{0, 1}, [2]float64{s.Lo, s.Hi})
	assert.Equal(t, referral.ReasonZeroPossible, s.Reason)
	s = share(tableOf(t, cell("A", "A", referral.Count(3)), cell("A", "B", referral.Count(1))))
	assert.Equal(t, referral.ExactResult(0.25).Value, s.Value)
	assert.Equal(t, 4, s.N)
	s = share(tableOf(t))
	assert.Equal(t, referral.ReasonZeroDenominator, s.Reason)
}

func TestMarginSum(t *testing.T) {
	table := tableOf(t, cell("A", "A", referral.PresentCell()), cell("A", "B", referral.Between(1, 4)), cell("B", "B", referral.Count(3)))
	sum := func(table *referral.Table, w float64) referral.Result {
		r, err := flow.MarginSum(t.Context(), table, func(f referral.Flow) float64 {
			if f.Retained() {
				return w
			}
			return 2.5
		})
		require.NoError(t, err)
		return r
	}
	r := sum(table, 1)
	assert.Equal(t, [2]float64{1 + 2.5 + 3, math.Inf(1)}, [2]float64{r.Lo, r.Hi})
	known, err := table.WithTotals(referral.Totals{Origins: map[string]referral.Cell{"A": referral.Count(10)}})
	require.NoError(t, err)
	r = sum(known, 1) // 9 + 2.5 + 3 to 6 + 10 + 3
	assert.Equal(t, [2]float64{14.5, 19}, [2]float64{r.Lo, r.Hi})
	_, err = flow.MarginSum(t.Context(), table, func(referral.Flow) float64 { return math.NaN() })
	require.Error(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = flow.MarginSum(ctx, known, func(referral.Flow) float64 { return 1 })
	require.ErrorIs(t, err, context.Canceled)
	_, err = flow.MarginBounds(ctx, known, 0)
	require.ErrorIs(t, err, context.Canceled)
}

// Unlisted pairs that are unknown are cells too.
func TestMarginBoundsUnlisted(t *testing.T) {
	list := []referral.Flow{cell("A", "A", referral.PresentCell()), cell("A", "B", referral.PresentCell())}
	open, err := referral.FromFlows(referral.Meta{}, referral.AbsentUnknown, slices.Values(list))
	require.NoError(t, err)
	known, err := open.WithTotals(referral.Totals{Origins: map[string]referral.Cell{"A": referral.Count(10)}})
	require.NoError(t, err)
	got, err := flow.MarginBounds(t.Context(), known, 0)
	require.NoError(t, err)
	for _, p := range got {
		assert.Equal(t, [2]float64{1, 9}, [2]float64{p.Lo, p.Hi}, p)
		assert.Equal(t, referral.ReasonUnlisted, p.Reason)
	}
}
