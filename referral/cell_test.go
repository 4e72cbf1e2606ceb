// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"
)

var inf = math.Inf(1)

func anyCell() *rapid.Generator[Cell] {
	return rapid.Custom(func(t *rapid.T) Cell {
		lo := float64(rapid.IntRange(0, 20).Draw(t, "lo"))
		switch rapid.IntRange(0, 5).Draw(t, "state") {
		case 0:
			return Cell{}
		case 1:
			return StructuralCell()
		case 2:
			return PresentCell()
		case 3:
			return MissingCell()
		case 4:
			return Count(lo)
		}
		hi := lo + float64(rapid.IntRange(0, 9).Draw(t, "width"))
		if rapid.Bool().Draw(t, "open") {
			hi = inf
		}
		return Between(lo, hi)
	})
}

func TestCellConstructors(t *testing.T) {
	for _, c := range []struct {
		name string
		got  Cell
		want Cell
		text string
	}{
		{"zero value", Cell{}, Count(0), "0"},
		{"count", Count(12), Cell{Exact, 12, 12}, "12"},
		{"bounds that meet", Between(3, 3), Count(3), "3"},
		{"bounds that meet at zero", Between(0, 0), Cell{State: Zero}, "0"},
		{"interval", Between(1, 4), Cell{Interval, 1, 4}, "[1, 4]"},
		{"at least two", Between(2, inf), Cell{Interval, 2, inf}, "[2, +Inf)"},
		{"at least one", Between(1, inf), PresentCell(), "present"},
		{"nothing known", Between(0, inf), MissingCell(), "missing"},
		{"structural", StructuralCell(), Cell{State: StructuralZero}, "structural zero"},
		{"fraction", Count(0.5), Cell{Exact, .5, .5}, "0.5"},
	} {
		t.Run(c.name, func(t *testing.T) {
			assert.Equal(t, c.want, c.got)
			assert.True(t, c.got.Valid())
			assert.Equal(t, c.text, c.got.String())
		})
	}
}

func TestCellInvalid(t *testing.T) {
	for _, c := range []Cell{
		Count(-1), Count(math.NaN()), Count(inf), Between(4, 1), Between(-1, 2), Between(inf, inf), Between(0, math.NaN()),
		{State: Zero, Hi: 1}, {State: Exact}, {State: Exact, Lo: 1, Hi: 2}, {State: Interval, Lo: 2, Hi: 2},
		{State: Present, Lo: 2, Hi: inf}, {State: Missing, Hi: 5}, {State: StructuralZero, Hi: 1}, {State: 99},
	} {
		assert.False(t, c.Valid(), "%#v", c)
	}
}

func TestCellAdd(t *testing.T) {
	for _, c := range []struct{ a, b, want Cell }{
		{Count(2), Count(3), Count(5)},
		{Count(0), Count(0), Count(0)},
		{Count(3), PresentCell(), Between(4, inf)},
		{PresentCell(), PresentCell(), Between(2, inf)},
		{PresentCell(), MissingCell(), PresentCell()},
		{MissingCell(), MissingCell(), MissingCell()},
		{Count(1), MissingCell(), PresentCell()},
		{Between(1, 4), Between(2, 3), Between(3, 7)},
		{Between(1, 4), StructuralCell(), Between(1, 4)},
		{StructuralCell(), StructuralCell(), StructuralCell()},
		{StructuralCell(), Count(0), Count(0)},
		{StructuralCell(), Count(7), Count(7)},
	} {
		assert.Equal(t, c.want, c.a.Add(c.b), "%v + %v", c.a, c.b)
	}
}

func TestCellLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := anyCell().Draw(t, "a"), anyCell().Draw(t, "b"), anyCell().Draw(t, "c")
		assert.Equal(t, a.Add(b), b.Add(a))
		assert.Equal(t, a.Add(b).Add(c), a.Add(b.Add(c)))
		assert.Equal(t, a.union(b), b.union(a))
		assert.True(t, a.Add(b).Valid())
		assert.True(t, a.union(b).Valid())
		assert.LessOrEqual(t, a.union(b).Lo, a.Add(b).Lo, "patients in both are counted once")
		if a != StructuralCell() {
			assert.Equal(t, a, a.Add(Cell{}))
		}
	})
}

func TestNames(t *testing.T) {
	assert.Equal(t, "structural zero", StructuralZero.String())
	assert.Equal(t, "invalid(99)", State(99).String())
	assert.Equal(t, "presence", Presence.String())
	assert.Equal(t, "matrix", Matrix.String())
	for s, want := range map[Status]string{
		OK: "ok", Bounded: "bounded", Envelope: "envelope", Undefined: "undefined",
		Infeasible: "infeasible", Suppressed: "suppressed", Disclosed: "disclosed",
	} {
		assert.Equal(t, want, s.String())
	}
	var u Unit
	assert.NoError(t, u.UnmarshalText([]byte("episodes")))
	assert.Equal(t, Episodes, u)
	assert.NoError(t, u.UnmarshalText(nil))
	assert.Equal(t, UnknownUnit, u)
	assert.EqualError(t, u.UnmarshalText([]byte("N")), `referral: unit "N" is not one of unknown, patients, treatments, episodes, transitions`)
	for r := UnknownDestinationRule; r <= Fractional; r++ {
		var back DestinationRule
		text, err := r.MarshalText()
		assert.NoError(t, err)
		assert.NoError(t, back.UnmarshalText(text))
		assert.Equal(t, r, back)
	}
	var o OriginRule
	assert.NoError(t, o.UnmarshalText([]byte("first_visit")))
	assert.Equal(t, FirstVisit, o)
}

func TestResults(t *testing.T) {
	assert.Equal(t, ExactResult(3), BoundedResult(3, 3, ReasonUnknownCells))
	b := BoundedResult(1, inf, ReasonUnlisted)
	assert.True(t, math.IsNaN(b.Value))
	assert.Equal(t, "[1, +Inf)", b.String())
	u := UndefinedResult(ReasonZeroRow)
	assert.True(t, math.IsNaN(u.Value) && math.IsNaN(u.Lo) && math.IsNaN(u.Hi))
	assert.Equal(t, "undefined: zero_row", u.String())
	assert.Equal(t, "0.25", ExactResult(.25).String())
	assert.Equal(t, "suppressed", Result{Status: Suppressed}.String())
}
