// SPDX-License-Identifier: Apache-2.0

package inference_test

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/graph/structure"
	"github.com/oncoref/oncoref/internal/catalogue"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/inference"
)

func compare(t testing.TB, a, b *referral.Table) inference.Comparison {
	t.Helper()
	c, err := inference.Compare(t.Context(), a, b, inference.CompareConfig{})
	require.NoError(t, err)
	return c
}

// The similarities of graphs are written independently of those here.
func TestSimilarityAgreesWithGraphs(t *testing.T) {
	a, b := catalogue.Table(t, "example_flows_p1.csv"), catalogue.Table(t, "example_flows_p2.csv")
	f, err := a.Graph(referral.Counts)
	require.NoError(t, err)
	g, err := b.Graph(referral.Counts)
	require.NoError(t, err)
	got := compare(t, a, b)
	const near = 1e-14
	assert.InDelta(t, structure.CommonPart(f, g), got.Common.Value, near)
	assert.InDelta(t, structure.CommonPart(f.Loopless(), g.Loopless()), got.CommonCross.Value, near)
	assert.InDelta(t, structure.CommonShare(f, g), got.CommonShare.Value, near)
	assert.InDelta(t, structure.JensenShannon(f, g), got.JensenShannon.Value, near)
	assert.InDelta(t, structure.CommonEdges(f.Loopless(), g.Loopless()), got.Flows.Value, near)
	for class, v := range structure.RowVariation(f, g).All() {
		for _, r := range got.Rows {
			if r.Scope == class && !math.IsNaN(v) {
				assert.InDelta(t, v, r.Value, near, class)
			}
		}
	}
	self := compare(t, a, a)
	assert.Equal(t, 1.0, self.Common.Value)
	assert.Equal(t, 0.0, self.JensenShannon.Value)
	assert.InDelta(t, 1, self.Matrix.P.Value, 1e-12)
	assert.InDelta(t, 1, self.Supra.Fisher.Value, 1e-12)
}

// Ranges of all measures against every completion of both tables.
func TestCompareAgainstCompletions(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		type cell struct{ lo, hi int }
		var cells [8]cell
		for i := range cells {
			cells[i].lo = rapid.IntRange(0, 4).Draw(rt, "lo")
			cells[i].hi = cells[i].lo
			if rapid.IntRange(0, 2).Draw(rt, "open") == 0 {
				cells[i].hi += rapid.IntRange(1, 2).Draw(rt, "width")
			}
		}
		text := func(c []cell) string {
			var s strings.Builder
			s.WriteString("origin,destination,count,lower,upper\n")
			for i, pair := range []string{"A,A", "A,B", "B,A", "B,B"} {
				if c[i].lo == c[i].hi {
					fmt.Fprintf(&s, "%s,%d,,\n", pair, c[i].lo)
				} else {
					fmt.Fprintf(&s, "%s,,%d,%d\n", pair, c[i].lo, c[i].hi)
				}
			}
			return s.String()
		}
		got := compare(t, long(t, text(cells[:4])), long(t, text(cells[4:])))
		names := []string{"common", "cross", "share", "divergence", "difference", "row A", "fisher", "z"}
		measures := func(c inference.Comparison) []referral.Result {
			return []referral.Result{c.Common, c.CommonCross, c.CommonShare, c.JensenShannon, c.Supra.Difference, c.Rows[0].Result,
				c.Supra.Fisher, c.Supra.Z}
		}
		lo, hi := make([]float64, len(names)), make([]float64, len(names))
		for k := range lo {
			lo[k], hi[k] = math.Inf(1), math.Inf(-1)
		}
		now := cells
		var visit func(i int)
		visit = func(i int) {
			if i == len(cells) {
				c := compare(t, long(t, text(now[:4])), long(t, text(now[4:])))
				for k, r := range measures(c) {
					if r.Status == referral.OK {
						lo[k], hi[k] = min(lo[k], r.Value), max(hi[k], r.Value)
					}
				}
				return
			}
			for v := cells[i].lo; v <= cells[i].hi; v++ {
				now[i] = cell{v, v}
				visit(i + 1)
			}
		}
		visit(0)
		for k, r := range measures(got) {
			if math.IsInf(lo[k], 1) {
				assert.NotEqual(t, referral.OK, r.Status, names[k])
				continue
			}
			if names[k] == "difference" && r.Status == referral.Undefined {
				continue // nobody in one of the tables for some completion
			}
			assert.InDelta(t, lo[k], r.Lo, 1e-12, "%s %v", names[k], cells)
			assert.InDelta(t, hi[k], r.Hi, 1e-12, "%s %v", names[k], cells)
		}
	})
}

func meta(t *testing.T, m referral.Meta) *referral.Table {
	t.Helper()
	table, err := referral.ReadTable(t.Context(), strings.NewReader("origin,destination,count\nA,B,3\nA,A,4\n"), referral.TableConfig{Meta: m})
	require.NoError(t, err)
	return table
}

func period(t *testing.T, s string) network.Period {
	t.Helper()
	p, err := network.ParsePeriod(s)
	require.NoError(t, err)
	return p
}

func TestCompareRefuses(t *testing.T) {
	base := referral.Meta{Unit: referral.Patients, Level: referral.LevelNetwork, Tumor: "penis", Period: period(t, "2016")}
	later := base
	later.Period = period(t, "2017")
	_, err := inference.Compare(t.Context(), meta(t, base), meta(t, later), inference.CompareConfig{})
	require.NoError(t, err)
	for field, change := range map[string]func(*referral.Meta){
		"unit":             func(m *referral.Meta) { m.Unit = referral.Treatments },
		"level":            func(m *referral.Meta) { m.Level = referral.LevelHospital },
		"tumor":            func(m *referral.Meta) { m.Tumor = "eye" },
		"partition":        func(m *referral.Meta) { m.Partition = "province" },
		"partition rule":   func(m *referral.Meta) { m.PartitionRule = network.Primary },
		"origin rule":      func(m *referral.Meta) { m.OriginRule = referral.Residence },
		"destination rule": func(m *referral.Meta) { m.DestinationRule = referral.LastTreatment },
		"conditions":       func(m *referral.Meta) { m.Conditions = "modality=surgery" },
		"landscape":        func(m *referral.Meta) { m.Landscape = "2018" },
		"synthetic":        func(m *referral.Meta) { m.Synthetic = true },
		"patients":         func(m *referral.Meta) { m.Period = period(t, "2016-2017") },
	} {
		other := later
		change(&other)
		_, err := inference.Compare(t.Context(), meta(t, base), meta(t, other), inference.CompareConfig{})
		var clash *referral.ClashError
		require.ErrorAs(t, err, &clash, field)
		assert.Equal(t, field, clash.Field)
	}
	eye := base
	eye.Tumor = "eye"
	_, err = inference.Compare(t.Context(), meta(t, base), meta(t, eye), inference.CompareConfig{Dimension: inference.Tumors})
	require.NoError(t, err)
	_, err = inference.Compare(t.Context(), meta(t, base), meta(t, later), inference.CompareConfig{Dimension: inference.Tumors})
	assert.ErrorIs(t, err, referral.ErrClash)
	_, err = inference.Compare(t.Context(), meta(t, base), meta(t, later), inference.CompareConfig{Dimension: 9})
	assert.ErrorIs(t, err, inference.ErrInput)
	_, err = inference.Compare(t.Context(), meta(t, base), meta(t, later), inference.CompareConfig{Config: inference.Config{Level: 2}})
	assert.ErrorIs(t, err, inference.ErrInput)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = inference.Compare(ctx, meta(t, base), meta(t, later), inference.CompareConfig{})
	assert.ErrorIs(t, err, context.Canceled)
}

func TestCompareEdges(t *testing.T) {
	a := long(t, "origin,destination,count\nA,A,3\nA,B,2\nC,A,4\nB,B,0\n")
	b := long(t, "origin,destination,count\nA,A,5\nA,untreated,9\nB,A,0\nB,B,0\n")
	c := compare(t, a, b)
	assert.Equal(t, []string{"C"}, c.LeftOut)
	require.Len(t, c.Retention, 2)
	assert.InDelta(t, 0.4, c.Retention[0].Difference.Value, 1e-15)
	assert.Equal(t, referral.ReasonZeroRow, c.Retention[1].Difference.Reason)
	assert.True(t, math.IsNaN(c.Retention[1].Interval.Lo))
	assert.Equal(t, 1, c.Matrix.Rows)
	assert.Equal(t, referral.Result{Value: 0, Lo: 0, Hi: 0}, c.Flows)

	p, q := long(t, "origin,destination\nA,B\nA,C\nB,B\n"), long(t, "origin,destination\nA,B\nB,B\n")
	c = compare(t, p, q)
	assert.Equal(t, 0.5, c.Flows.Value)
	assert.Equal(t, referral.ReasonUnlisted, c.Common.Reason)
	assert.Equal(t, referral.Undefined, c.Supra.Difference.Status)
	assert.Equal(t, referral.ReasonUnlisted, c.Matrix.P.Reason)
	_, err := inference.Compare(t.Context(), a, q, inference.CompareConfig{})
	assert.ErrorIs(t, err, referral.ErrClash)

	// All patients of both sides in one place: nothing can differ.
	one := long(t, "origin,destination,count\nA,A,3\n")
	c = compare(t, one, one)
	assert.Equal(t, 1.0, c.Matrix.P.Value)
	assert.Equal(t, referral.ReasonZeroDenominator, c.Supra.Z.Reason)
	assert.Equal(t, 1.0, c.Supra.Fisher.Value)
}

// Too many completions to go through: a sample, and it says so.
func TestCompareSamples(t *testing.T) {
	text := "origin,destination,count,lower,upper\nA,A,,1,400\nA,B,,1,400\nB,A,,1,400\nB,B,9,,\n"
	c := compare(t, long(t, text), long(t, "origin,destination,count\nA,A,5\nA,B,5\nB,A,1\nB,B,9\n"))
	assert.Equal(t, referral.Envelope, c.JensenShannon.Status)
	assert.Equal(t, referral.Bounded, c.Common.Status)
	assert.Equal(t, 1.0, c.Common.Hi)
	assert.Equal(t, referral.ReasonUnknownCells, c.Supra.Fisher.Reason)
	assert.Equal(t, referral.Envelope, c.Supra.Fisher.Status)
	assert.Equal(t, referral.Bounded, c.Supra.Z.Status)
	assert.False(t, math.IsNaN(c.Supra.Interval.Lo))
	assert.Equal(t, referral.Bounded, c.Matrix.X2.Status)
	assert.Equal(t, referral.Bounded, c.Supra.Difference.Status)
}

func TestHomogeneityOfLargeTables(t *testing.T) {
	a, b := made(t, 10, 20_000), made(t, 10, 24_000)
	var last inference.Comparison
	for i, workers := range []int{1, 2, 8} {
		c, err := inference.Compare(t.Context(), a, b, inference.CompareConfig{Permutation: inference.PermutationConfig{Draws: 2000, Seed: 3, Workers: workers}})
		require.NoError(t, err)
		assert.False(t, c.Matrix.Exact)
		assert.Equal(t, 2000, c.Matrix.Draws)
		if i > 0 {
			assert.Equal(t, last.Matrix, c.Matrix)
		}
		last = c
	}
	assert.Greater(t, last.Matrix.P.Value, 0.99, "the same pattern")
	_, err := inference.Compare(t.Context(), a, b, inference.CompareConfig{Permutation: inference.PermutationConfig{Draws: -1}})
	assert.ErrorIs(t, err, inference.ErrInput)
}
