// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"bytes"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestReadTotals(t *testing.T) {
	want := Totals{
		Origins: map[string]Cell{"A": Count(60)}, Destinations: map[string]Cell{"B": Count(81), "C": Between(1, 4)},
		All: Count(200), HasAll: true,
	}
	for name, c := range map[string]struct {
		text   string
		config TableConfig
	}{
		"long":           {"origin,destination,count,lower,upper\nA,B,,1,4\nA,C,2,,\nA,total,60,,\ntotal,B,81,,\nTotal,C,,1,4\ntotal,total,200,,\ntotal,A,,,\n", TableConfig{}},
		"matrix":         {"origin\\destination,B,C,total\nA,,2,60\ntotal,81,<5,200\n", TableConfig{Suppressed: map[string]Cell{"<5": Between(1, 4)}}},
		"matrix, middle": {"origin\\destination,som,B,geen,C\nsom,200,81,,<5\nA,60,,0,2\n", TableConfig{Total: "som", Suppressed: map[string]Cell{"<5": Between(1, 4)}}},
	} {
		t.Run(name, func(t *testing.T) {
			table := readText(t, c.text, c.config)
			got := table.Totals()
			assert.Equal(t, want, got)
			assert.Equal(t, []string{"A"}, table.Origins())
			got.Origins["A"] = Count(1)
			assert.Equal(t, want, table.Totals(), "the maps are copies")
			assert.Equal(t, Totals{Origins: map[string]Cell{}, Destinations: map[string]Cell{}}, table.WithoutTotals().Totals())
		})
	}
}

func TestReadTotalsRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		text         string
		line, column int
	}{
		"twice":               {long + "A,B,1\nA,total,2\nA,total,2\n", 4, 0},
		"retained":            {long + "A,B,1\ntotal,geen,2\n", 3, 7},
		"presence":            {"origin,destination\nA,B\nA,total\n", 3, 3},
		"matrix, retained":    {"origin\\destination,geen,B\nA,1,2\ntotal,3,4\n", 3, 7},
		"only totals":         {long + "A,total,2\n", 0, 0},
		"matrix, only totals": {"origin\\destination,total\nA,2\n", 1, 20},
		"total in a set":      {long + "A,B / total,2\n", 2, 3},
		"no count":            {long + "A,B,1\nA,total,x\n", 3, 9},
		"matrix, total twice": {"origin\\destination,B\nA,2\ntotal,2\ntotal,2\n", 4, 1},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ReadTable(t.Context(), bytes.NewReader([]byte(c.text)), TableConfig{File: "f"})
			var bad *InputError
			require.ErrorAs(t, err, &bad)
			assert.Equal(t, c.line, bad.Line, bad)
			if c.column > 0 {
				assert.Equal(t, c.column, bad.Column, bad)
			}
		})
	}
	_, err := ReadTable(t.Context(), bytes.NewReader(nil), TableConfig{Total: "GEEN"})
	require.Error(t, err)
}

func TestWithTotals(t *testing.T) {
	table := readText(t, bounds+"A,B,,1,4\nA,A,10,,\nB,A,3,,\n", TableConfig{})
	for name, c := range map[string]struct {
		x  Totals
		is error
	}{
		"unknown origin":      {Totals{Origins: map[string]Cell{"Z": Count(1)}}, ErrNoClass},
		"unknown destination": {Totals{Destinations: map[string]Cell{"Z": Count(1)}}, ErrNoClass},
		"invalid":             {Totals{All: Cell{State: Exact, Lo: 2, Hi: 1}, HasAll: true}, ErrCell},
		"fraction":            {Totals{Origins: map[string]Cell{"A": Count(1.5)}}, ErrCell},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := table.WithTotals(c.x)
			require.ErrorIs(t, err, c.is)
		})
	}
	with, err := table.WithTotals(Totals{Origins: map[string]Cell{"A": Count(13), "B": MissingCell()}, Destinations: map[string]Cell{"A": Between(0, 20)}})
	require.NoError(t, err)
	assert.Equal(t, Totals{Origins: map[string]Cell{"A": Count(13)}, Destinations: map[string]Cell{"A": Between(0, 20)}}, with.Totals(),
		"a missing total is not published")
	assert.Equal(t, ExactResult(13).Value, with.OriginTotal("A").Value)
	assert.Equal(t, 13.0, with.DestinationTotal("A").Value, "the total says less than the cells")
	assert.False(t, with.Equal(table))
	contradiction, err := table.WithTotals(Totals{Origins: map[string]Cell{"A": Count(20)}, All: Count(3), HasAll: true})
	require.NoError(t, err)
	assert.Equal(t, Infeasible, contradiction.OriginTotal("A").Status)
	assert.Equal(t, Infeasible, contradiction.Total().Status)
	assert.Equal(t, ReasonTotals, contradiction.Total().Reason)
	sliced := readText(t, "origin,destination,count,period\nA,B,1,2016\nA,B,2,2017\n", TableConfig{})
	_, err = sliced.WithTotals(Totals{})
	require.Error(t, err)
}

func TestAggregateTotals(t *testing.T) {
	table := readText(t, long+"A,B,1\nB,A,2\nC,C,3\nA,total,10\nB,total,20\ntotal,A,30\ntotal,total,60\n", TableConfig{})
	got, err := table.Aggregate(partition(t, map[string]string{"A": "G", "B": "G", "C": "H"}))
	require.NoError(t, err)
	assert.Equal(t, Totals{Origins: map[string]Cell{"G": Count(30)}, Destinations: map[string]Cell{}, All: Count(60), HasAll: true}, got.Totals(),
		"B has no column total, C no row total")
}

func TestFilterTotals(t *testing.T) {
	table := readText(t, long+"A,B,1\nB,A,2\nA,total,10\nB,total,20\ntotal,A,30\ntotal,total,60\n", TableConfig{})
	a, err := table.Filter(Selection{Origins: []string{"A"}})
	require.NoError(t, err)
	assert.Equal(t, Totals{Origins: map[string]Cell{"A": Count(10)}, Destinations: map[string]Cell{}}, a.Totals())
	d, err := table.Filter(Selection{Destinations: []string{"A"}})
	require.NoError(t, err)
	assert.Equal(t, Totals{Origins: map[string]Cell{}, Destinations: map[string]Cell{"A": Count(30)}}, d.Totals())
}

func TestMergeTotals(t *testing.T) {
	one := readText(t, long+"A,B,1\nA,total,10\ntotal,B,4\ntotal,total,10\n", TableConfig{})
	two := readText(t, long+"C,B,1\nC,D,1\ntotal,B,5\ntotal,D,2\ntotal,total,20\n", TableConfig{})
	got, err := one.Merge(two)
	require.NoError(t, err)
	want := Totals{
		Origins: map[string]Cell{"A": Count(10)}, Destinations: map[string]Cell{"B": Count(9), "D": Count(2)}, All: Count(30), HasAll: true,
	}
	assert.Equal(t, want, got.Totals(), "D is no destination of the first table")
	without, err := one.Merge(two.WithoutTotals())
	require.NoError(t, err)
	assert.Equal(t, Totals{Origins: want.Origins, Destinations: map[string]Cell{}}, without.Totals())

	years := readText(t, "origin,destination,count,lower,upper,period\nA,B,,1,4,2016\nA,total,9,,,2016\nA,B,3,,,2017\nA,A,4,,,2017\n", TableConfig{})
	assert.Equal(t, Count(16), years.Totals().Origins["A"], "9, and the cells of the other year")
}

func anyTotals(t *rapid.T, table *Table) *Table {
	x := Totals{Origins: map[string]Cell{}, Destinations: map[string]Cell{}, HasAll: rapid.Bool().Draw(t, "has all")}
	for _, o := range table.Origins() {
		if rapid.Bool().Draw(t, "has "+o) {
			x.Origins[o] = anyCell().Draw(t, "total")
		}
	}
	for _, d := range table.Destinations() {
		if rapid.Bool().Draw(t, "has "+d) {
			x.Destinations[d] = anyCell().Draw(t, "total")
		}
	}
	if x.HasAll {
		x.All = anyCell().Draw(t, "total")
	}
	out, err := table.WithTotals(x)
	require.NoError(t, err)
	return out
}

func TestTotalsRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := anyTotals(t, anyTable(t, Meta{}, lawClasses, false))
		for _, layout := range []Layout{Long, Matrix, PresenceLayout} {
			var b bytes.Buffer
			c := WriteConfig{Layout: layout, Total: rapid.SampledFrom([]string{"", "som"}).Draw(t, "word")}
			if err := want.WriteCSV(&b, c); err != nil {
				require.NotEqual(t, Long, layout, "%v", err)
				continue
			}
			got, err := ReadTable(t.Context(), &b, TableConfig{Absent: want.absence(), Total: c.Total})
			require.NoError(t, err)
			requireEqual(t, want, got)
		}
		same := map[string]string{}
		for _, c := range want.Classes() {
			same[c] = c
		}
		again, err := want.Aggregate(partition(t, same))
		require.NoError(t, err)
		assert.Equal(t, want.Totals(), again.Totals())
		var parts []*Table
		for _, o := range want.Origins() {
			p, err := want.Filter(Selection{Origins: []string{o}})
			require.NoError(t, err)
			parts = append(parts, p)
		}
		merged, err := parts[0].Merge(parts[1:]...)
		require.NoError(t, err)
		assert.Equal(t, want.Totals().Origins, merged.Totals().Origins, "rows keep their totals")
	})
}

func TestWriteTotalsRefuses(t *testing.T) {
	table := readText(t, long+"A,B,1\n", TableConfig{})
	interval, err := table.WithTotals(Totals{Origins: map[string]Cell{"A": Between(1, 4)}})
	require.NoError(t, err)
	var b bytes.Buffer
	require.ErrorIs(t, interval.WriteCSV(&b, WriteConfig{Layout: Matrix}), ErrCell)
	presence := readText(t, "origin,destination\nA,B\n", TableConfig{})
	with, err := presence.WithTotals(Totals{All: Count(3), HasAll: true})
	require.NoError(t, err)
	require.ErrorIs(t, with.WriteCSV(&b, WriteConfig{Layout: PresenceLayout}), ErrCell)
	word := fromFlows(t, Meta{}, AbsentZero, []Flow{{Origin: "A", Destination: "Total", Cell: Count(1)}})
	require.ErrorIs(t, word.WriteCSV(&b, WriteConfig{}), ErrNoClass)
	require.NoError(t, word.WriteCSV(&b, WriteConfig{Total: "som"}))
	assert.True(t, slices.Contains(word.Destinations(), "Total"))
	assert.False(t, math.IsNaN(word.Total().Value))
}
