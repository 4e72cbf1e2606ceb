// SPDX-License-Identifier: Apache-2.0

package inference_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/centrality"
	"github.com/oncoref/oncoref/internal/catalogue"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/inference"
)

func resample(t testing.TB, table *referral.Table, c inference.BootstrapConfig, stats ...inference.Statistic) *inference.Resampling {
	t.Helper()
	r, err := inference.Bootstrap(t.Context(), table, stats, c)
	require.NoError(t, err)
	return r
}

// same compares all figures, with NaN equal to NaN.
func same(t *testing.T, a, b *inference.Resampling) {
	t.Helper()
	assert.Equal(t, fmt.Sprintf("%b", bits(a)), fmt.Sprintf("%b", bits(b)))
}

func bits(r *inference.Resampling) []uint64 {
	var out []uint64
	for _, n := range r.Numbers {
		for _, v := range []float64{n.Observed.Lo, n.Observed.Hi, n.Mean, n.Bias, n.SE, n.Interval.Lo, n.Interval.Hi, n.Defined, n.Top,
			float64(n.Rank.Best), float64(n.Rank.Worst)} {
			out = append(out, math.Float64bits(v))
		}
	}
	return out
}

func TestBootstrapIsReproducible(t *testing.T) {
	text := "origin,destination,count,lower,upper\nA,A,40,,\nA,B,12,,\nB,A,,1,4\nB,B,30,,\nC,A,9,,\n"
	lines := strings.Split(strings.TrimSpace(text), "\n")
	slices.Reverse(lines[1:])
	for _, c := range []inference.BootstrapConfig{{}, {WithinOrigins: true}, {Noise: true}} {
		c.Replicates, c.Seed = 300, 5
		var all []*inference.Resampling
		for _, workers := range []int{1, 2, 8} {
			c.Workers = workers
			all = append(all, resample(t, long(t, text), c, flowStatistics()...))
		}
		all = append(all, resample(t, long(t, strings.Join(lines, "\n")), c, flowStatistics()...))
		for _, r := range all[1:] {
			same(t, all[0], r)
		}
		c.Seed = 6
		assert.NotEqual(t, bits(all[0]), bits(resample(t, long(t, text), c, flowStatistics()...)))
	}
}

// All samples of a small row against draws of them, and against the hand
// calculation for two patients: (2, 0), (1, 1), (0, 2) with 1/4, 1/2, 1/4.
func TestBootstrapOfSmallRow(t *testing.T) {
	two := long(t, "origin,destination,count\nA,A,1\nA,B,1\n")
	r := resample(t, two, inference.BootstrapConfig{}, inference.HHIOrigin(), inference.Retention())
	assert.True(t, r.Exact)
	assert.Equal(t, 3, r.Replicates)
	n, ok := r.Find("hhi_origin", "A")
	require.True(t, ok)
	assert.InDelta(t, 0.5, n.Observed.Value, 1e-15)
	assert.InDelta(t, 0.75, n.Mean, 1e-15) // (1 + 1/2·2 + 1)/4
	assert.InDelta(t, 0.25, n.Bias, 1e-15)
	assert.InDelta(t, 0.25, n.SE, 1e-15)
	assert.InDelta(t, 0.5, n.Interval.Lo, 1e-15)
	assert.InDelta(t, 1, n.Interval.Hi, 1e-15)
	n, _ = r.Find("retention", "B")
	assert.Zero(t, n.Defined)
	assert.True(t, math.IsNaN(n.Mean))
	assert.Equal(t, referral.Undefined, n.Observed.Status)
	_, ok = r.Find("hhi_origin", "Z")
	assert.False(t, ok)

	row, err := catalogue.Table(t, "example_flows.csv").Filter(referral.Selection{Origins: []string{"C"}})
	require.NoError(t, err)
	all := resample(t, row, inference.BootstrapConfig{}, inference.HHIOrigin(), inference.EntropyMarket())
	drawn := resample(t, row, inference.BootstrapConfig{DrawAlways: true, Replicates: 100_000}, inference.HHIOrigin(), inference.EntropyMarket())
	assert.True(t, all.Exact)
	assert.False(t, drawn.Exact)
	for k, n := range all.Numbers {
		if n.Defined == 0 {
			continue
		}
		d := drawn.Numbers[k]
		assert.InDelta(t, n.Mean, d.Mean, 0.001)
		assert.InDelta(t, n.SE, d.SE, 0.001)
		assert.InDelta(t, n.Interval.Lo, d.Interval.Lo, 0.003)
		assert.InDelta(t, n.Interval.Hi, d.Interval.Hi, 0.003)
	}
}

func TestBootstrapMatchesMoments(t *testing.T) {
	// SE of a share is √(p(1-p)/n); of one within fixed rows the same for each row.
	r := resample(t, catalogue.Table(t, "example_flows.csv"), inference.BootstrapConfig{Replicates: 20_000, WithinOrigins: true}, inference.Retention())
	for class, want := range map[string]float64{"A": math.Sqrt(2.0 / 9 / 60), "C": math.Sqrt(0.45 * 0.55 / 40)} {
		n, _ := r.Find("retention", class)
		assert.InDelta(t, want, n.SE, 0.02*want)
		assert.InDelta(t, 0, n.Bias, 0.002)
	}
}

func total(name string, of func(m *inference.Matrix) float64) inference.Statistic {
	return inference.Statistic{Name: name, Of: func(m *inference.Matrix, out []float64) error {
		out[0] = of(m)
		return nil
	}}
}

func TestBootstrapKeepsWhatItSays(t *testing.T) {
	text := "origin,destination,count\nA,A,30\nA,B,structural\nB,A,5\nB,B,20\nuntreated,A,0\nA,untreated,7\n"
	patients := total("patients", (*inference.Matrix).Total)
	ofA := total("of A", func(m *inference.Matrix) float64 { return m.Row(0)[0] + m.Row(0)[1] })
	barred := total("A to B", func(m *inference.Matrix) float64 { return m.At(0, 1) })
	r := resample(t, long(t, text), inference.BootstrapConfig{Noise: true, WithinOrigins: true, DrawAlways: true}, patients, ofA, barred)
	assert.Equal(t, 55.0, r.Numbers[0].Observed.Value, "the untreated are left out")
	for k, want := range []float64{55, 30, 0} {
		assert.Equal(t, [3]float64{want, want, 0}, [3]float64{r.Numbers[k].Interval.Lo, r.Numbers[k].Interval.Hi, r.Numbers[k].SE})
	}
	r = resample(t, long(t, text), inference.BootstrapConfig{DrawAlways: true}, patients, ofA)
	assert.Equal(t, 0.0, r.Numbers[0].SE)
	assert.Greater(t, r.Numbers[1].SE, 1.0, "origin totals vary")
}

// A flow that was not seen is never drawn without noise.
func TestBootstrapNoise(t *testing.T) {
	table := catalogue.Table(t, "example_flows.csv")
	arcs := inference.Centrality("out_degree", func(g *graph.Digraph) (graph.Values[int], error) { return centrality.OutDegree(g), nil })
	plain := resample(t, table, inference.BootstrapConfig{}, arcs)
	noisy := resample(t, table, inference.BootstrapConfig{Noise: true}, arcs)
	for k, n := range plain.Numbers {
		assert.LessOrEqual(t, n.Interval.Hi, n.Observed.Value)
		if n.Scope != "E" { // nobody comes from E, but in the noise
			assert.GreaterOrEqual(t, noisy.Numbers[k].Interval.Hi, n.Interval.Hi)
		}
	}
	a, _ := noisy.Find("out_degree", "A")
	assert.Equal(t, 4.0, a.Interval.Hi)
}

func TestBootstrapOfUnknownCells(t *testing.T) {
	text := "origin,destination,count,lower,upper\nA,A,50,,\nA,B,,1,4\nB,B,40,,\n"
	r := resample(t, long(t, text), inference.BootstrapConfig{Replicates: 4000}, inference.SupraShare())
	n := r.Numbers[0]
	assert.Equal(t, referral.Envelope, n.Observed.Status)
	assert.InDelta(t, 1.0/91, n.Observed.Lo, 1e-15)
	assert.InDelta(t, 4.0/94, n.Observed.Hi, 1e-15)
	assert.InDelta(t, 0, n.Bias, 0.001)
	_, err := inference.Bootstrap(t.Context(), long(t, "origin,destination,count,lower,upper\nA,A,50,,\nA,B,,1,\n"), nil, inference.BootstrapConfig{})
	assert.ErrorIs(t, err, inference.ErrUnknown)
	assert.ErrorContains(t, err, `from "A" to "B"`)
	_, err = inference.Bootstrap(t.Context(), long(t, "origin,destination\nA,B\n"), nil, inference.BootstrapConfig{})
	assert.ErrorIs(t, err, inference.ErrUnknown)
}

func TestBootstrapErrors(t *testing.T) {
	table := catalogue.Table(t, "example_flows.csv")
	for _, c := range []inference.BootstrapConfig{{Replicates: -1}, {Level: 1}, {Level: math.NaN()}} {
		_, err := inference.Bootstrap(t.Context(), table, flowStatistics(), c)
		assert.ErrorIs(t, err, inference.ErrInput, "%+v", c)
	}
	_, err := inference.Bootstrap(t.Context(), long(t, "origin,destination,count\nA,A,0\n"), nil, inference.BootstrapConfig{})
	assert.ErrorIs(t, err, inference.ErrInput)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = inference.Bootstrap(ctx, table, flowStatistics(), inference.BootstrapConfig{})
	assert.ErrorIs(t, err, context.Canceled)
	broken := errors.New("broken")
	bad := inference.Statistic{Name: "bad", Of: func(m *inference.Matrix, _ []float64) error {
		if m.At(0, 0) != 40 {
			return broken
		}
		return nil
	}}
	_, err = inference.Bootstrap(t.Context(), table, []inference.Statistic{bad}, inference.BootstrapConfig{})
	assert.ErrorIs(t, err, broken)
	r := resample(t, table, inference.BootstrapConfig{})
	assert.Empty(t, r.Numbers)
	assert.Equal(t, 2000, r.Replicates)
}

func TestPageRankAgreesWithCentrality(t *testing.T) {
	table := catalogue.Table(t, "example_flows.csv")
	slow := inference.Centrality("slow", func(g *graph.Digraph) (graph.Values[float64], error) {
		return centrality.PageRank(t.Context(), g, centrality.PageRankConfig{Workers: 1})
	})
	r := resample(t, table, inference.BootstrapConfig{Replicates: 200}, inference.PageRank(), slow)
	for k := range 5 {
		a, b := r.Numbers[k], r.Numbers[5+k]
		assert.Equal(t, a.Scope, b.Scope)
		assert.InDelta(t, a.Observed.Value, b.Observed.Value, 1e-11)
		assert.InDelta(t, a.Interval.Lo, b.Interval.Lo, 1e-11)
		assert.InDelta(t, a.Mean, b.Mean, 1e-11)
		assert.Equal(t, a.Rank, b.Rank)
	}
	sum := 0.0
	for _, n := range r.Numbers[:5] {
		sum += n.Top
	}
	assert.InDelta(t, 1, sum, 1e-9)
	undefined := inference.Centrality("eigenvector", func(g *graph.Digraph) (graph.Values[float64], error) {
		return centrality.Eigenvector(t.Context(), g, centrality.EigenvectorConfig{})
	})
	e := resample(t, long(t, "origin,destination,count\nA,A,9\nA,B,9\nA,C,9\nB,C,9\n"), inference.BootstrapConfig{Replicates: 50, DrawAlways: true}, undefined)
	assert.Less(t, e.Numbers[0].Defined, 1.0)
}

// Without one patient, for each patient one by one.
func TestJackknifeAgainstPatients(t *testing.T) {
	counts := [][]int{{3, 1}, {2, 4}}
	text := func() string {
		return fmt.Sprintf("origin,destination,count\nA,A,%d\nA,B,%d\nB,A,%d\nB,B,%d\n", counts[0][0], counts[0][1], counts[1][0], counts[1][1])
	}
	full := text()
	value := func(s string) float64 {
		return resample(t, long(t, s), inference.BootstrapConfig{Replicates: 1}, inference.GiniDestination()).Numbers[0].Observed.Value
	}
	var without []float64
	for i := range 2 {
		for j := range 2 {
			for range counts[i][j] {
				counts[i][j]--
				without = append(without, value(text()))
				counts[i][j]++
			}
		}
	}
	mean, squares := 0.0, 0.0
	for _, v := range without {
		mean += v / 10
	}
	for _, v := range without {
		squares += (v - mean) * (v - mean)
	}
	got, err := inference.Jackknife(t.Context(), long(t, full), []inference.Statistic{inference.GiniDestination(), inference.Retention()})
	require.NoError(t, err)
	require.Len(t, got, 3)
	assert.InDelta(t, math.Sqrt(0.9*squares), got[0].SE, 1e-12)
	assert.InDelta(t, mean, got[0].Mean, 1e-12)
	assert.InDelta(t, 0.75, got[1].Observed.Value, 1e-15)
	_, err = inference.Jackknife(t.Context(), long(t, "origin,destination,count\nA,A,1\n"), nil)
	assert.ErrorIs(t, err, inference.ErrInput)
	_, err = inference.Jackknife(t.Context(), long(t, "origin,destination,count\nA,A,\n"), nil)
	assert.ErrorIs(t, err, inference.ErrUnknown)
}

// Patients of a log: those with one flow each are drawn like the cells of the
// table, and one who adds twice makes the spread larger.
func TestBootstrapPatients(t *testing.T) {
	var events []referral.Event
	line := int64(0)
	visit := func(patient, hospital string, kind string, seq int32) {
		line++
		events = append(events, referral.Event{Line: line, Patient: patient, Seq: seq, Kind: kind, Hospital: hospital})
	}
	for p := range 40 {
		name := fmt.Sprint("P", p)
		visit(name, "H1", referral.KindFirstVisit, 1)
		if p%4 == 0 {
			visit(name, "H2", "surgery", 2)
		} else {
			visit(name, "H1", "surgery", 2)
		}
	}
	log, _, err := referral.ReadLog(t.Context(), func(yield func(referral.Event, error) bool) {
		for _, e := range events {
			if !yield(e, nil) {
				return
			}
		}
	}, referral.LogConfig{})
	require.NoError(t, err)
	weight := 1.0
	first := func(p referral.Pathway, add func(origin, destination string, weight float64)) {
		origin, _, _ := p.FirstVisit()
		for i := range p.Len() {
			if p.IsTreatment(i) {
				add(origin, p.Event(i).Hospital, weight)
			}
		}
	}
	stats := []inference.Statistic{inference.Retention(), total("patients", (*inference.Matrix).Total)}
	of := func(c inference.BootstrapConfig) *inference.Resampling {
		r, err := inference.BootstrapPatients(t.Context(), log, first, stats, c)
		require.NoError(t, err)
		return r
	}
	r := of(inference.BootstrapConfig{Replicates: 20_000})
	n, ok := r.Find("retention", "H1")
	require.True(t, ok)
	assert.InDelta(t, 0.75, n.Observed.Value, 1e-15)
	assert.InDelta(t, math.Sqrt(0.75*0.25/40), n.SE, 0.002)
	same(t, of(inference.BootstrapConfig{Workers: 1, Replicates: 200}), of(inference.BootstrapConfig{Workers: 8, Replicates: 200}))

	for _, c := range []inference.BootstrapConfig{{Noise: true}, {WithinOrigins: true}} {
		_, err := inference.BootstrapPatients(t.Context(), log, first, stats, c)
		assert.ErrorIs(t, err, inference.ErrInput)
	}
	weight = -1
	_, err = inference.BootstrapPatients(t.Context(), log, first, stats, inference.BootstrapConfig{})
	assert.ErrorIs(t, err, inference.ErrInput)
	_, err = inference.BootstrapPatients(t.Context(), log, func(referral.Pathway, func(string, string, float64)) {}, stats, inference.BootstrapConfig{})
	assert.ErrorIs(t, err, inference.ErrInput)
	assert.NotContains(t, err.Error(), "P1", "errors name no patient")
}
