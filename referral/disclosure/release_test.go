// SPDX-License-Identifier: Apache-2.0

package disclosure

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/internal/catalogue"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// hide gives a table with the cells of some pairs missing.
func hide(t testing.TB, truth *referral.Table, pairs ...string) *referral.Table {
	t.Helper()
	out, err := remake(truth.WithoutTotals(), func(f referral.Flow) referral.Cell {
		for _, p := range pairs {
			if f.Origin+f.Destination == p {
				return referral.MissingCell()
			}
		}
		return f.Cell
	}, false)
	require.NoError(t, err)
	return out
}

// totals gives the true totals of a table.
func totals(t *referral.Table) referral.Totals {
	x := referral.Totals{Origins: map[string]referral.Cell{}, Destinations: map[string]referral.Cell{}, HasAll: true}
	for _, o := range t.Origins() {
		x.Origins[o] = referral.Count(0)
	}
	for _, d := range t.Destinations() {
		x.Destinations[d] = referral.Count(0)
	}
	for f := range t.Flows() {
		x.Origins[f.Origin] = x.Origins[f.Origin].Add(f.Cell)
		x.Destinations[f.Destination] = x.Destinations[f.Destination].Add(f.Cell)
		x.All = x.All.Add(f.Cell)
	}
	return x
}

func shares(t *referral.Table, of Margins) []referral.Share {
	x := totals(t)
	var out []referral.Share
	for f := range t.Flows() {
		whole := x.Origins[f.Origin]
		switch of {
		case ColumnTotals:
			whole = x.Destinations[f.Destination]
		case GrandTotal:
			whole = x.All
		default:
		}
		r := referral.UndefinedResult(referral.ReasonZeroRow)
		if whole.Lo > 0 {
			r = referral.ExactResult(f.Cell.Lo / whole.Lo)
		}
		out = append(out, referral.Share{Origin: f.Origin, Destination: f.Destination, Part: f.Cell, Whole: whole, Result: r})
	}
	return out
}

// veiled gives the table with every positive cell missing.
func veiled(t testing.TB, truth *referral.Table) *referral.Table {
	t.Helper()
	out, err := remake(truth.WithoutTotals(), func(f referral.Flow) referral.Cell {
		if f.Cell.Lo > 0 {
			return referral.MissingCell()
		}
		return f.Cell
	}, false)
	require.NoError(t, err)
	return out
}

func audit(t testing.TB, r *Release) *Audit {
	t.Helper()
	a, err := r.Audit(t.Context(), Config{})
	require.NoError(t, err)
	return a
}

// Row shares and column shares to full precision give the table but for a
// factor, and the counts when one of them is known.
func TestExactSharesReveal(t *testing.T) {
	truth := catalogue.Table(t, "example_flows.csv")
	var r Release
	require.NoError(t, r.Publish("flows", veiled(t, truth), truth))
	require.NoError(t, r.Shares("flows", RowTotals, FullPrecision, shares(truth, RowTotals)))
	a := audit(t, &r)
	for _, f := range a.Findings {
		assert.NotEqual(t, Proportional, f.Verdict, "row shares alone leave the factor of each row open: %v", f.Ref)
	}
	require.NoError(t, r.Shares("flows", ColumnTotals, FullPrecision, shares(truth, ColumnTotals)))
	a = audit(t, &r)
	assert.Equal(t, Proportional, a.Verdict)
	proportional := 0
	for _, f := range a.Findings {
		if f.Verdict == Proportional {
			proportional++
			assert.NotEmpty(t, f.Reveals, "%v", f.Ref)
			assert.Equal(t, truth.Cell(f.Origin, f.Destination).Lo, f.Step, "the counts have no common divisor: %v", f.Ref)
		}
	}
	assert.Greater(t, proportional, 15)

	x := totals(truth)
	one, err := veiled(t, truth).WithTotals(referral.Totals{All: x.All, HasAll: true})
	require.NoError(t, err)
	r = Release{}
	require.NoError(t, r.Publish("flows", one, truth))
	require.NoError(t, r.Shares("flows", RowTotals, FullPrecision, shares(truth, RowTotals)))
	require.NoError(t, r.Shares("flows", ColumnTotals, FullPrecision, shares(truth, ColumnTotals)))
	a = audit(t, &r)
	assert.Equal(t, Revealed, a.Verdict)
	for _, f := range a.Findings {
		if f.Origin != "" && f.Destination != "" {
			assert.Equal(t, truth.Cell(f.Origin, f.Destination).Lo, f.Lo, "%v", f.Ref)
			assert.Equal(t, f.Lo, f.Hi)
			assert.Equal(t, Revealed, f.Verdict)
			assert.NotEmpty(t, f.Reveals)
		}
	}
}

// Percentages of a small row with its total give the counts; of a large one
// they leave a range.
func TestRoundedShares(t *testing.T) {
	truth := table(t, grid([]int64{3, 17, 20}, []int64{300, 700, 4000}))
	x := totals(truth)
	published, err := veiled(t, truth).WithTotals(referral.Totals{Origins: x.Origins})
	require.NoError(t, err)
	for _, c := range []struct {
		decimals int
		small    Verdict
	}{{2, Revealed}, {1, Narrow}, {0, Safe}} {
		var r Release
		require.NoError(t, r.Publish("flows", published, truth))
		require.NoError(t, r.Shares("flows", RowTotals, c.decimals, shares(truth, RowTotals)))
		a := audit(t, &r)
		for _, f := range a.Findings {
			n := truth.Cell(f.Origin, f.Destination).Lo
			assert.LessOrEqual(t, f.Lo, n)
			assert.GreaterOrEqual(t, f.Hi, n)
			if n == 3 {
				assert.Equal(t, c.small, f.Verdict, "%d decimals: %v to %v", c.decimals, f.Lo, f.Hi)
				if c.small == Revealed {
					assert.Contains(t, f.Reveals, "flows: r00, total")
					assert.LessOrEqual(t, len(f.Reveals), 3)
				}
			}
		}
	}
}

func TestNestedTables(t *testing.T) {
	fine := table(t, Grid{Rows: []string{"h1", "h2", "h3", "h4"}, Columns: []string{"h1", "h2", "h3", "h4"}, Counts: [][]int64{{20, 3, 6, 0}, {7, 30, 9, 5}, {2, 8, 40, 11}, {0, 6, 7, 50}}})
	p, err := network.NewPartition("regional", map[string]string{"h1": "A", "h2": "A", "h3": "B", "h4": "B"})
	require.NoError(t, err)
	coarse, err := fine.Aggregate(p)
	require.NoError(t, err)
	var r Release
	require.NoError(t, r.Publish("hospitals", hide(t, fine, "h1h2", "h3h1"), fine))
	assert.Equal(t, Safe, audit(t, &r).Verdict, "alone")
	require.NoError(t, r.Publish("networks", coarse, coarse))
	require.NoError(t, r.Nest("networks", "hospitals", p))
	a := audit(t, &r)
	assert.Equal(t, Revealed, a.Verdict)
	require.Len(t, a.Findings, 2)
	assert.Equal(t, 3.0, a.Findings[0].Lo)
	assert.Equal(t, []string{"hospitals: h1, h1", "hospitals: h2, h1", "hospitals: h2, h2", "networks: A, A"}, a.Findings[0].Reveals)
	// Hiding more in the same block protects.
	r = Release{}
	require.NoError(t, r.Publish("hospitals", hide(t, fine, "h1h2", "h3h1", "h2h1", "h3h2"), fine))
	require.NoError(t, r.Publish("networks", coarse, coarse))
	require.NoError(t, r.Nest("networks", "hospitals", p))
	assert.Equal(t, Safe, audit(t, &r).Verdict)
}

func TestPeriods(t *testing.T) {
	one, two := catalogue.Table(t, "example_flows_p1.csv"), catalogue.Table(t, "example_flows_p2.csv")
	all := catalogue.Table(t, "example_flows.csv")
	var r Release
	require.NoError(t, r.Publish("2016-2021", all, all))
	require.NoError(t, r.Publish("2016-2018", one, one))
	require.NoError(t, r.Difference("2019-2021", "2016-2021", "2016-2018"))
	a := audit(t, &r)
	assert.Equal(t, Revealed, a.Verdict, "two tables give the years between")
	for _, f := range a.Failed() {
		n := two.Cell(f.Origin, f.Destination).Lo
		assert.Equal(t, n, f.Lo)
		assert.Len(t, f.Reveals, 2)
	}
	r = Release{}
	gated, err := Gate(one, Config{})
	require.NoError(t, err)
	require.NoError(t, r.Publish("first", gated, one))
	require.NoError(t, r.Publish("second", two, two))
	require.NoError(t, r.Publish("both", all, all))
	require.NoError(t, r.Sum("both", "first", "second"))
	a = audit(t, &r)
	assert.Equal(t, Revealed, a.Verdict)
	assert.Contains(t, a.Findings[0].Reveals, "both: "+Entry{a.Findings[0].Origin, a.Findings[0].Destination}.String())
}

func TestStatement(t *testing.T) {
	truth := catalogue.Table(t, "example_flows.csv")
	var r Release
	require.NoError(t, r.Publish("flows", hide(t, truth, "AD", "BE"), truth))
	require.Equal(t, Safe, audit(t, &r).Verdict)
	sum := Statement{Name: "label of the arrow", Terms: []Term{{Ref{Table: "flows", Origin: "A", Destination: "D"}, 1}, {Ref{Table: "flows", Origin: "B", Destination: "E"}, 1}}, Lo: 4, Hi: 4}
	require.NoError(t, r.State(sum))
	a := audit(t, &r)
	assert.Equal(t, Narrow, a.Verdict)
	assert.Equal(t, []string{"label of the arrow"}, a.Findings[0].Reveals)
	sum.Terms[0].Table = "other"
	require.ErrorIs(t, r.State(sum), ErrRelease)
	sum.Terms[0].Table, sum.Terms[0].Origin = "flows", "Z"
	require.ErrorIs(t, r.State(sum), referral.ErrNoClass)
	require.ErrorIs(t, r.State(Statement{}), ErrRelease)
	require.ErrorIs(t, r.Publish("flows", truth, nil), ErrRelease)
	require.ErrorIs(t, r.Nest("a", "b", nil), ErrRelease)
	require.ErrorIs(t, r.Sum("a", "flows"), ErrRelease)
	require.ErrorIs(t, r.Shares("flows", GroupTotals, 1, nil), ErrRelease)
}

func TestInfeasible(t *testing.T) {
	truth := catalogue.Table(t, "example_flows.csv")
	x := referral.Totals{Origins: map[string]referral.Cell{"A": referral.Count(41)}} // less than the cells that are shown
	wrong, err := hide(t, truth, "AD", "BE").WithTotals(x)
	require.NoError(t, err)
	var infeasible *InfeasibleError
	for _, linked := range []bool{false, true} {
		var r Release
		require.NoError(t, r.Publish("flows", wrong, nil))
		r.linked = linked
		_, err = r.Audit(t.Context(), Config{})
		require.ErrorAs(t, err, &infeasible)
		require.ErrorIs(t, err, ErrInfeasible)
		assert.Len(t, infeasible.Items, 3, "two cells that are more than the total")
		assert.Contains(t, infeasible.Items, "flows: A, A")
		assert.Contains(t, infeasible.Items, "flows: A, total")
	}
	_, err = Gate(wrong, Config{})
	require.ErrorIs(t, err, ErrInfeasible)

	// Shares of a row that add up to more than one.
	var r Release
	require.NoError(t, r.Publish("flows", veiled(t, truth), nil))
	s := shares(truth, RowTotals)
	for i := range s {
		if s[i].Origin == "B" && s[i].Destination == "A" {
			s[i].Result = referral.ExactResult(0.9)
		}
	}
	require.NoError(t, r.Shares("flows", RowTotals, 2, s))
	_, err = r.Audit(t.Context(), Config{})
	require.ErrorAs(t, err, &infeasible)
	assert.ElementsMatch(t, []string{"share of flows: B, A", "share of flows: B, B"}, infeasible.Items)
}

// TestAuditOracle compares linear programs with the flows of the same table,
// and both with the attacker.
func TestAuditOracle(t *testing.T) {
	for seed := range uint64(40) {
		random := rand.New(rand.NewPCG(seed, 5))
		g := flows(random, 3+int(seed%5), 8)
		truth := table(t, g)
		var pairs []string
		for _, row := range g.Rows {
			for _, col := range g.Columns {
				if random.IntN(2) == 0 {
					pairs = append(pairs, row+col)
				}
			}
		}
		x := totals(truth)
		for _, o := range g.Rows {
			if random.IntN(4) == 0 {
				delete(x.Origins, o)
			}
		}
		p, err := hide(t, truth, pairs...).WithTotals(x)
		require.NoError(t, err)
		var r Release
		require.NoError(t, r.Publish("t", p, truth))
		exact := audit(t, &r)
		r.linked = true
		linear := audit(t, &r)
		require.Len(t, linear.Findings, len(exact.Findings))
		k := newAttacker(g, func(e Entry) (float64, bool) {
			switch {
			case e.Row != "" && e.Column != "":
				c := p.Cell(e.Row, e.Column)
				return c.Lo, c.Known()
			case e.Row != "":
				c, ok := x.Origins[e.Row]
				return c.Lo, ok
			case e.Column != "":
				return x.Destinations[e.Column].Lo, true
			}
			return x.All.Lo, true
		})
		for i, f := range exact.Findings {
			l := linear.Findings[i]
			assert.Equal(t, [2]float64{f.Lo, f.Hi}, [2]float64{l.Lo, l.Hi}, "seed %d %v", seed, f.Ref)
			assert.Equal(t, f.Verdict, l.Verdict)
			for n, e := range k.names {
				if e == (Entry{f.Origin, f.Destination}) {
					assert.InDelta(t, f.Lo, k.least(n, 1), 1e-6)
					if !math.IsInf(f.Hi, 1) {
						assert.InDelta(t, f.Hi, -k.least(n, -1), 1e-6)
					}
				}
			}
		}
	}
}

// TestAuditContainsTruth is a law: whatever is published, the truth lies within
// the bounds, and what is named gives the number away.
func TestAuditContainsTruth(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		g := drawGrid(rt, 3, 3, 40)
		truth := table(t, g)
		if len(truth.Origins()) == 0 {
			return
		}
		x := totals(truth)
		p, err := veiled(t, truth).WithTotals(referral.Totals{Origins: x.Origins})
		if err != nil {
			rt.Fatal(err)
		}
		var r Release
		if err := r.Publish("t", p, truth); err != nil {
			rt.Fatal(err)
		}
		of := rapid.SampledFrom([]Margins{RowTotals, ColumnTotals, GrandTotal}).Draw(rt, "of")
		if err := r.Shares("t", of, rapid.IntRange(FullPrecision, 3).Draw(rt, "decimals"), shares(truth, of)); err != nil {
			rt.Fatal(err)
		}
		a, err := r.Audit(context.Background(), Config{})
		if err != nil {
			rt.Fatalf("%v: %v", g.Counts, err)
		}
		for _, f := range a.Findings {
			if n := truth.Cell(f.Origin, f.Destination).Lo; f.Origin != "" && f.Destination != "" && (f.Lo > n || f.Hi < n) {
				rt.Fatalf("%v: %v is %v, bounds %v to %v", g.Counts, f.Ref, n, f.Lo, f.Hi)
			}
			if f.Verdict > Unproven && len(f.Reveals) == 0 {
				rt.Fatalf("%v: nothing reveals %v (%v)", g.Counts, f.Ref, f.Verdict)
			}
		}
	})
}

func TestAuditCanceled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	truth := catalogue.Table(t, "example_flows.csv")
	var r Release
	require.NoError(t, r.Publish("t", hide(t, truth, "AD"), truth))
	for range 2 {
		if _, err := r.Audit(ctx, Config{}); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		r.linked = true
	}
}
