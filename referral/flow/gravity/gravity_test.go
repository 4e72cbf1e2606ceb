// SPDX-License-Identifier: Apache-2.0

package gravity_test

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/graph/structure"
	"github.com/oncoref/oncoref/internal/catalogue"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/flow"
	"github.com/oncoref/oncoref/referral/flow/gravity"
)

func costs(t testing.TB) gravity.Costs {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(catalogue.Folder(t), "example_networks.csv"))
	require.NoError(t, err)
	points := map[string]network.Point{}
	for _, line := range strings.Split(strings.TrimSpace(string(b)), "\n")[1:] {
		f := strings.Split(line, ",")
		lat, err := strconv.ParseFloat(f[1], 64)
		require.NoError(t, err)
		lon, err := strconv.ParseFloat(f[2], 64)
		require.NoError(t, err)
		points[f[0]] = network.Point{Lat: lat, Lon: lon}
	}
	c, err := gravity.GreatCircle(points, 10)
	require.NoError(t, err)
	return c
}

func TestCatalogueA21(t *testing.T) {
	example, c := catalogue.Table(t, "example_flows.csv"), costs(t)
	for name, constraint := range map[string]gravity.Constraint{"production": gravity.Production, "doubly": gravity.Doubly} {
		m, err := gravity.Fit(t.Context(), example, c, gravity.Config{Constraint: constraint})
		require.NoError(t, err)
		for key, got := range map[string]referral.Result{
			"A21.mean_cost_observed": m.MeanCost, "A21." + name + ".beta": m.Beta,
			"A21." + name + ".cpc": m.CPC, "A21." + name + ".srmse": m.SRMSE,
		} {
			t.Run(key, func(t *testing.T) {
				want, tol := catalogue.Into[float64](t, key)
				assert.InDelta(t, want, got.Value, tol)
				assert.Equal(t, 200, got.N)
			})
		}
		for key, pick := range map[string]func(gravity.Cell) float64{
			"A21.cost_matrix":           func(c gravity.Cell) float64 { return c.Cost },
			"A21." + name + ".expected": func(c gravity.Cell) float64 { return c.Expected },
			"A21." + name + ".residual": func(c gravity.Cell) float64 { return c.Residual },
		} {
			t.Run(key, func(t *testing.T) {
				want, tol := catalogue.Into[map[string]map[string]*float64](t, key)
				assert.Len(t, m.Cells, 25)
				for _, c := range m.Cells {
					if w := want[c.Origin][c.Destination]; w == nil {
						assert.True(t, math.IsNaN(pick(c)), c)
					} else {
						assert.InDelta(t, *w, pick(c), tol, c)
					}
				}
			})
		}
	}
}

// The models have the form of their formula, which with Hyman's condition and
// the totals leaves one: what is expected of two ways of an origin differs by
// the decay of their costs and by a factor of the destinations, the totals in
// the production-constrained model and the same for all origins in the other.
func TestForm(t *testing.T) {
	example, c := catalogue.Table(t, "example_flows.csv"), costs(t)
	for _, constraint := range []gravity.Constraint{gravity.Production, gravity.Doubly} {
		for _, drop := range []bool{false, true} {
			m, err := gravity.Fit(t.Context(), example, c, gravity.Config{Constraint: constraint, DropRetained: drop})
			require.NoError(t, err)
			checkModel(t, modelOf(m, gravity.Config{DropRetained: drop}), constraint)
			factor := func(c gravity.Cell) float64 { return math.Log(c.Expected) + m.Beta.Value*c.Cost }
			in := map[string]float64{}
			for _, c := range m.Cells {
				if !drop || c.Origin != c.Destination {
					in[c.Destination] += c.Observed
				}
			}
			of := map[string]map[string]float64{}
			for _, c := range m.Cells {
				if c.Expected > 0 {
					if of[c.Origin] == nil {
						of[c.Origin] = map[string]float64{}
					}
					of[c.Origin][c.Destination] = factor(c)
				}
			}
			const rounding = 1e-9
			for o, ways := range of {
				for d, x := range ways {
					for e, y := range ways {
						if constraint == gravity.Production {
							assert.InDelta(t, math.Log(in[d]/in[e]), x-y, rounding)
						}
						for p, others := range of {
							if v, ok := others[d]; ok && constraint == gravity.Doubly {
								if w, ok := others[e]; ok {
									assert.InDelta(t, v-w, x-y, rounding, o+p)
								}
							}
						}
					}
				}
			}
		}
	}
}

// checkModel checks what must hold of any model: the totals and Hyman's
// condition.
func checkModel(t require.TestingT, m gravity.Model, constraint gravity.Constraint) {
	row, col := map[string]float64{}, map[string]float64{}
	var cost, size float64
	for _, c := range m.Cells {
		assert.GreaterOrEqual(t, c.Expected, 0.0)
		row[c.Origin] += c.Expected - c.Observed
		col[c.Destination] += c.Expected - c.Observed
		if c.Expected > 0 || c.Observed > 0 {
			cost += (c.Expected - c.Observed) * c.Cost
			size += c.Observed * c.Cost
		}
	}
	const off = 1e-9
	for o, x := range row {
		assert.InDelta(t, 0, x, off, o)
	}
	if constraint == gravity.Doubly {
		for d, x := range col {
			assert.InDelta(t, 0, x, off, d)
		}
	}
	assert.InDelta(t, 0, cost, off*(1+math.Abs(size)))
	assert.True(t, m.CPC.Value >= 0 && m.CPC.Value <= 1)
	assert.GreaterOrEqual(t, m.SRMSE.Value, 0.0)
}

func TestLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 6).Draw(t, "n")
		labels := make([]string, n)
		cost := make([][]float64, n)
		var list []referral.Flow
		for i := range n {
			labels[i] = string(rune('a' + i))
			cost[i] = rapid.SliceOfN(rapid.Float64Range(1, 100), n, n).Draw(t, "cost")
		}
		for i := range n {
			for j := range n {
				list = append(list, referral.Flow{Origin: labels[i], Destination: labels[j], Cell: referral.Count(float64(rapid.IntRange(0, 30).Draw(t, "count")))})
			}
		}
		table, err := referral.FromFlows(referral.Meta{}, referral.AbsentZero, slices.Values(list))
		require.NoError(t, err)
		c, err := gravity.Matrix(labels, cost)
		require.NoError(t, err)
		for _, config := range []gravity.Config{{}, {Constraint: gravity.Doubly}, {DropRetained: true}, {Constraint: gravity.Doubly, DropRetained: true}} {
			m, err := gravity.Fit(context.Background(), table, c, config)
			if err != nil {
				require.ErrorIs(t, err, structure.ErrNotConverged)
				continue
			}
			if m.Beta.Status == referral.Undefined {
				assert.Contains(t, []string{gravity.ReasonOneCost, gravity.ReasonNoDecay, referral.ReasonZeroDenominator}, m.Beta.Reason)
				continue
			}
			checkModel(t, modelOf(m, config), config.Constraint)
			for i := range cost { // costs that are three times as high
				for j := range cost[i] {
					cost[i][j] *= 3
				}
			}
			far, err := gravity.Matrix(labels, cost)
			require.NoError(t, err)
			for i := range cost {
				for j := range cost[i] {
					cost[i][j] /= 3
				}
			}
			again, err := gravity.Fit(context.Background(), table, far, config)
			require.NoError(t, err)
			assert.InDelta(t, m.Beta.Value, 3*again.Beta.Value, 1e-7*(1+math.Abs(m.Beta.Value)))
		}
	})
}

// modelOf leaves out the retained cells that the model does not have.
func modelOf(m gravity.Model, c gravity.Config) gravity.Model {
	if c.DropRetained {
		m.Cells = slices.DeleteFunc(slices.Clone(m.Cells), func(c gravity.Cell) bool { return c.Origin == c.Destination })
	}
	return m
}

func TestUndefined(t *testing.T) {
	c := costs(t)
	fit := func(table *referral.Table, config gravity.Config) referral.Result {
		m, err := gravity.Fit(t.Context(), table, c, config)
		require.NoError(t, err)
		if m.Beta.Status != referral.OK {
			assert.Nil(t, m.Cells)
			assert.Equal(t, m.Beta.Reason, m.CPC.Reason)
		}
		return m.Beta
	}
	assert.Equal(t, referral.ReasonUnknownCells, fit(catalogue.Table(t, "example_flows_interval.csv"), gravity.Config{}).Reason)
	assert.Equal(t, referral.ReasonUnlisted, fit(catalogue.Table(t, "example_flows_presence.csv"), gravity.Config{}).Reason)
	flows := func(f ...referral.Flow) *referral.Table {
		out, err := referral.FromFlows(referral.Meta{}, referral.AbsentZero, slices.Values(f))
		require.NoError(t, err)
		return out
	}
	at := func(o, d string, n float64) referral.Flow {
		return referral.Flow{Origin: o, Destination: d, Cell: referral.Count(n)}
	}
	assert.Equal(t, referral.ReasonZeroDenominator, fit(flows(), gravity.Config{}).Reason)
	assert.Equal(t, referral.ReasonZeroDenominator, fit(flows(at("A", "A", 3)), gravity.Config{DropRetained: true}).Reason)
	assert.Equal(t, gravity.ReasonOneCost, fit(flows(at("A", "A", 3)), gravity.Config{}).Reason)
	stay := flows(at("A", "A", 3), at("B", "B", 4))
	assert.Equal(t, gravity.ReasonNoDecay, fit(stay, gravity.Config{}).Reason)
	assert.Equal(t, gravity.ReasonNoDecay, fit(stay, gravity.Config{Constraint: gravity.Doubly}).Reason)
	assert.Equal(t, gravity.ReasonNoDecay, fit(flows(at("A", "B", 3), at("B", "A", 4)), gravity.Config{}).Reason)
	set := referral.Flow{Origin: "A", Members: []string{"B", "C"}, Cell: referral.Count(2)}
	assert.Equal(t, gravity.ReasonSetValued, fit(flows(at("A", "A", 3), set), gravity.Config{}).Reason)
	// A's patients who went to nobody knows where are not in the model.
	beside := flows(at("A", "A", 3), at("A", "B", 1), at("B", "B", 4), at("A", referral.Untreated, 9))
	assert.Equal(t, 8, fit(beside, gravity.Config{}).N)
}

func TestErrors(t *testing.T) {
	example := catalogue.Table(t, "example_flows.csv")
	c, err := gravity.GreatCircle(map[string]network.Point{"A": {Lat: 52, Lon: 5}, "B": network.NoPoint()}, 1)
	require.NoError(t, err)
	assert.Equal(t, []string{"A", "B"}, c.Classes())
	_, ok := c.At("A", "B")
	assert.False(t, ok)
	x, ok := c.At("B", "B")
	assert.True(t, ok)
	assert.Equal(t, 1.0, x)
	_, err = gravity.Fit(t.Context(), example, c, gravity.Config{})
	require.ErrorIs(t, err, gravity.ErrCost)
	assert.EqualError(t, err, `gravity: cost NaN from "A" to "B": no cost that is a finite number`)
	_, err = gravity.GreatCircle(nil, math.NaN())
	require.ErrorIs(t, err, gravity.ErrCost)
	_, err = gravity.Matrix([]string{"A"}, [][]float64{{math.Inf(1)}})
	require.ErrorIs(t, err, gravity.ErrCost)
	for _, rows := range [][][]float64{nil, {{1}, {1}}, {{1, 2}}} {
		_, err = gravity.Matrix([]string{"A", "B"}, rows)
		require.Error(t, err)
	}
	_, err = gravity.Matrix([]string{"A", "A"}, [][]float64{{1, 2}, {3, 4}})
	require.Error(t, err)
	_, err = gravity.Fit(t.Context(), example, costs(t), gravity.Config{Constraint: 2})
	require.Error(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = gravity.Fit(ctx, example, costs(t), gravity.Config{})
	require.ErrorIs(t, err, context.Canceled)
}

// A matrix in any order of its classes gives the same model.
func TestOrder(t *testing.T) {
	example, c := catalogue.Table(t, "example_flows.csv"), costs(t)
	labels := []string{"D", "A", "E", "C", "B"}
	cost := make([][]float64, len(labels))
	for i, o := range labels {
		for _, d := range labels {
			x, ok := c.At(o, d)
			require.True(t, ok)
			cost[i] = append(cost[i], x)
		}
	}
	shuffled, err := gravity.Matrix(labels, cost)
	require.NoError(t, err)
	assert.Equal(t, c, shuffled)
	want, err := gravity.Fit(t.Context(), example, c, gravity.Config{})
	require.NoError(t, err)
	got, err := gravity.Fit(t.Context(), example, shuffled, gravity.Config{})
	require.NoError(t, err)
	assert.Equal(t, want.Beta, got.Beta)
}

// With suppressed cells the decay has bounds over the completions, which hold
// the decay of the true table.
func TestCompletions(t *testing.T) {
	c := costs(t)
	b, err := flow.TableBounds(t.Context(), catalogue.Table(t, "example_flows_interval.csv"), func(u *referral.Table) ([]float64, error) {
		m, err := gravity.Fit(t.Context(), u, c, gravity.Config{})
		return []float64{m.Beta.Value}, err
	}, flow.CompletionConfig{})
	require.NoError(t, err)
	require.Len(t, b, 1)
	assert.Equal(t, referral.Bounded, b[0].Status)
	m, err := gravity.Fit(t.Context(), catalogue.Table(t, "example_flows.csv"), c, gravity.Config{})
	require.NoError(t, err)
	assert.Less(t, b[0].Lo, m.Beta.Value)
	assert.Greater(t, b[0].Hi, m.Beta.Value)
}
