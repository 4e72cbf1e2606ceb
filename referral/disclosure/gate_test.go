// SPDX-License-Identifier: Apache-2.0

package disclosure

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/internal/catalogue"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// TestGateLaws: nothing small is left, the truth lies in the cells, twice is
// once, and with the totals that are kept no reader gets below a range.
func TestGateLaws(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		truth := table(t, drawGrid(rt, 3, 4, 30))
		x := totals(truth)
		for _, o := range truth.Origins() {
			if rapid.Bool().Draw(rt, "without") {
				delete(x.Origins, o)
			}
		}
		x.HasAll = rapid.Bool().Draw(rt, "all")
		in, err := truth.WithTotals(x)
		if err != nil {
			rt.Fatal(err)
		}
		out, err := Gate(in, Config{})
		if err != nil {
			rt.Fatal(err)
		}
		for f := range in.Flows() {
			c := out.Cell(f.Origin, f.Destination)
			switch n := f.Cell.Lo; {
			case n > 0 && n < 5 && c != referral.Between(1, 4), (n == 0 || n >= 5) && c != f.Cell:
				rt.Fatalf("%v became %v", f.Cell, c)
			}
		}
		for _, m := range []map[string]referral.Cell{out.Totals().Origins, out.Totals().Destinations} {
			for label, c := range m {
				if c.Lo > 0 && c.Lo < 5 {
					rt.Fatalf("total of %s is %v", label, c)
				}
			}
		}
		var r Release
		if err := r.Publish("t", out, nil); err != nil {
			rt.Fatal(err)
		}
		a, err := r.Audit(t.Context(), Config{})
		if err != nil {
			rt.Fatal(err)
		}
		for _, f := range a.Findings {
			if f.Origin != "" && f.Destination != "" && (f.Lo > 1 || f.Hi < 4) {
				rt.Fatalf("%v is known to be %v to %v", f.Ref, f.Lo, f.Hi)
			}
		}
		again, err := Gate(out, Config{})
		if err != nil || !again.Equal(out) {
			rt.Fatalf("twice is not once: %v", err)
		}
	})
}

// TestGateTellsNothing: whatever is hidden, the rest of what comes out is the
// same, totals included.
func TestGateTellsNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		g := drawGrid(rt, 3, 3, 30)
		kept := rapid.IntRange(0, 7).Draw(rt, "totals")
		published := func(g Grid) string {
			truth := table(t, g)
			x, all := totals(truth), totals(truth)
			x.Origins, x.Destinations, x.HasAll = nil, nil, kept&4 > 0
			if kept&1 > 0 {
				x.Origins = all.Origins
			}
			if kept&2 > 0 {
				x.Destinations = all.Destinations
			}
			in, err := truth.WithTotals(x)
			require.NoError(t, err)
			out, err := Gate(in, Config{})
			require.NoError(t, err)
			return fmt.Sprint(slices.Collect(out.Flows()), out.Totals())
		}
		want := published(g)
		for _, row := range g.Counts {
			for j, n := range row {
				if n > 0 && n < 5 {
					row[j] = rapid.Int64Range(1, 4).Draw(rt, "another")
				}
			}
		}
		if got := published(g); got != want {
			rt.Fatalf("%s\n%s", want, got)
		}
	})
}

func TestGateSlices(t *testing.T) {
	year := func(y string) network.Period {
		p, err := network.ParsePeriod(y)
		require.NoError(t, err)
		return p
	}
	in, err := referral.FromFlows(referral.Meta{Unit: referral.Patients}, referral.AbsentZero, func(yield func(referral.Flow) bool) {
		for _, f := range []referral.Flow{
			{Origin: "A", Destination: "A", Period: year("2016"), Tumor: "penile", Cell: referral.Count(12)},
			{Origin: "A", Destination: "B", Period: year("2016"), Tumor: "penile", Cell: referral.Count(2)},
			{Origin: "A", Destination: "B", Period: year("2017"), Tumor: "penile", Cell: referral.Count(4)},
			{Origin: "B", Destination: "A", Period: year("2017"), Tumor: "uveal", Cell: referral.Between(2, 3)},
			{Origin: "B", Destination: "B", Period: year("2017"), Tumor: "uveal", Cell: referral.Between(3, 9)},
			{Origin: "C", Destination: "C", Period: year("2017"), Tumor: "uveal", Cell: referral.Count(0)},
		} {
			if !yield(f) {
				return
			}
		}
	})
	require.NoError(t, err)
	out, err := Gate(in, Config{})
	require.NoError(t, err)
	var cells []string
	for f := range out.Slices() {
		cells = append(cells, f.Origin+f.Destination+" "+f.Period.String()+" "+f.Cell.String())
	}
	assert.Equal(t, []string{"AA 2016 12", "AB 2016 [1, 4]", "AB 2017 [1, 4]", "BA 2017 [1, 4]", "BB 2017 [3, 9]"}, cells)
	assert.Equal(t, "[2, 8]", out.Cell("A", "B").String(), "sums are made of what was let through")
	assert.Equal(t, in.Classes(), out.Classes())
	again, err := Gate(out, Config{})
	require.NoError(t, err)
	assert.Same(t, out, again)
}

func TestGateZeroAndFractions(t *testing.T) {
	in := table(t, grid([]int64{0, 9, Structural}))
	out, err := Gate(in, Config{SuppressZero: true})
	require.NoError(t, err)
	assert.Equal(t, "[0, 4]", out.Cell("r00", "c00").String())
	assert.Equal(t, referral.StructuralCell(), out.Cell("r00", "c02"))
	again, err := Gate(out, Config{SuppressZero: true})
	require.NoError(t, err)
	assert.True(t, again.Equal(out))
	split, err := referral.FromFlows(referral.Meta{DestinationRule: referral.Fractional}, referral.AbsentZero, func(yield func(referral.Flow) bool) {
		_ = yield(referral.Flow{Origin: "A", Destination: "B", Cell: referral.Count(0.5)}) && yield(referral.Flow{Origin: "A", Destination: "A", Cell: referral.Count(6.5)})
	})
	require.NoError(t, err)
	out, err = Gate(split, Config{})
	require.NoError(t, err)
	assert.Equal(t, "[0, 5]", out.Cell("A", "B").String())
	assert.Equal(t, "6.5", out.Cell("A", "A").String())
	_, err = Gate(in, Config{Threshold: -3})
	require.ErrorIs(t, err, ErrConfig)
	exact := table(t, grid([]int64{0, 9}))
	same, err := Gate(exact, Config{})
	require.NoError(t, err)
	assert.Same(t, exact, same)
}

func TestCompare(t *testing.T) {
	losses, err := Compare(t.Context(), catalogue.Table(t, "example_flows.csv"), Config{}, RoundConfig{})
	require.NoError(t, err)
	by := map[string]Loss{}
	for _, l := range losses {
		by[l.Method] = l
		assert.True(t, l.Possible, l.Method)
		assert.GreaterOrEqual(t, l.Narrowest, 0.0)
	}
	assert.Equal(t, 5, by["gate"].Cells)
	assert.Equal(t, int64(11), by["gate"].Patients)
	assert.Equal(t, 3.0, by["gate"].Narrowest)
	assert.Equal(t, 11, by["gate"].Totals)
	assert.Equal(t, 11, by["suppress"].Cells)
	assert.Equal(t, int64(65), by["suppress"].Patients, "11 and 54")
	assert.Zero(t, by["suppress"].Totals)
	assert.Positive(t, by["merge"].Classes)
	assert.Len(t, losses, 6)
}

func TestVolumes(t *testing.T) {
	one, two := catalogue.Table(t, "example_flows_p1.csv"), catalogue.Table(t, "example_flows_p2.csv")
	m1, m2 := relabel(t, one, "2016-2018"), relabel(t, two, "2019-2021")
	both, err := m1.Merge(m2)
	require.NoError(t, err)
	p, err := network.NewPartition("x", map[string]string{"A": "north", "B": "north", "C": "south", "D": "south", "E": "south"})
	require.NoError(t, err)
	g, err := Volumes(both, p)
	require.NoError(t, err)
	assert.Equal(t, []string{"A", "B", "C", "D", "E"}, g.Rows)
	assert.Equal(t, []string{"2016-2018", "2019-2021"}, g.Columns)
	assert.Equal(t, []string{"north", "north", "south", "south", "south"}, g.Groups)
	assert.Equal(t, []int64{30, 20}, g.Counts[0])
	_, err = FromTable(both, nil)
	require.ErrorIs(t, err, ErrGrid)
}

// relabel gives the table another period.
func relabel(t *testing.T, x *referral.Table, period string) *referral.Table {
	t.Helper()
	p, err := network.ParsePeriod(period)
	require.NoError(t, err)
	m := x.Meta()
	m.Period = p
	out, err := referral.FromFlows(m, referral.AbsentZero, func(yield func(referral.Flow) bool) {
		for f := range everyCell(x, false) {
			f.Period = network.Period{}
			if !yield(f) {
				return
			}
		}
	})
	require.NoError(t, err)
	return out
}
