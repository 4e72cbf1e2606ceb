// SPDX-License-Identifier: Apache-2.0

package network

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestParseDate(t *testing.T) {
	for _, c := range []struct {
		in   string
		want Date
	}{
		{"", 0},
		{"0001-01-01", 1},
		{"1970-01-01", 719163},
		{"2000-02-29", 730179},
		{"2021-12-31", 738155},
		{"9999-12-31", 3652059},
	} {
		got, err := ParseDate(c.in)
		require.NoError(t, err, c.in)
		assert.Equal(t, c.want, got, c.in)
		assert.Equal(t, c.in, got.String())
	}
}

func TestParseDateRefuses(t *testing.T) {
	for _, s := range []string{
		"2021", "2021-12", "2021-13-01", "2021-00-10", "2021-02-29", "1900-02-29", "2021-04-31", "2021-01-00",
		"0000-01-01", "21-12-31", "2021/12/31", "31-12-2021", "2021-12-31T00:00", " 2021-12-31", "2021-1-01 ", "+021-12-31",
		"２０２１-12-31", "unknown",
	} {
		_, err := ParseDate(s)
		var bad *InputError
		require.ErrorAs(t, err, &bad, s)
		assert.Equal(t, wantDate, bad.Want)
		assert.Equal(t, s, bad.Value)
	}
}

func TestNewDate(t *testing.T) {
	assert.Equal(t, NewDate(2021, time.November, 1), NewDate(2021, time.October, 32), "values carry over as in time.Date")
	assert.Zero(t, NewDate(0, time.December, 31))
	assert.Zero(t, NewDate(10000, time.January, 1))
	assert.Zero(t, NewDate(-1<<40, time.January, 1))
	assert.Zero(t, NewDate(1<<40, time.January, 1))
}

func TestDateZero(t *testing.T) {
	var d Date
	e := NewDate(2021, time.May, 4)
	assert.True(t, d.IsZero())
	assert.Zero(t, d.Year())
	assert.Zero(t, d.Month())
	assert.Zero(t, d.Day())
	assert.Zero(t, d.AddDays(1))
	assert.False(t, d.Before(e) || d.After(e) || e.Before(d) || e.After(d), "no date is neither before nor after")
	_, ok := e.Sub(d)
	assert.False(t, ok)
	_, ok = d.Sub(e)
	assert.False(t, ok)
}

func TestDateRange(t *testing.T) {
	assert.Zero(t, lastDate.AddDays(1))
	assert.Zero(t, firstDate.AddDays(-1))
	assert.Zero(t, firstDate.AddDays(math.MaxInt))
	assert.Zero(t, firstDate.AddDays(math.MinInt))
	assert.Equal(t, lastDate, firstDate.AddDays(int(lastDate-firstDate)))
	assert.Equal(t, "Date(-5)", Date(-5).String())
}

func TestDateText(t *testing.T) {
	type record struct{ From, To Date }
	in := record{From: NewDate(2018, time.June, 7)}
	b, err := json.Marshal(in)
	require.NoError(t, err)
	assert.JSONEq(t, `{"From":"2018-06-07","To":""}`, string(b))
	var out record
	require.NoError(t, json.Unmarshal(b, &out))
	assert.Equal(t, in, out)
	assert.Error(t, json.Unmarshal([]byte(`{"From":"2018-06"}`), &out))
}

func drawDate(t *rapid.T, label string) Date {
	return Date(rapid.Int32Range(int32(firstDate), int32(lastDate)).Draw(t, label))
}

func TestDateLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, e := drawDate(t, "d"), drawDate(t, "e")
		back, err := ParseDate(d.String())
		require.NoError(t, err)
		require.Equal(t, d, back)
		require.Equal(t, d, NewDate(d.Year(), d.Month(), d.Day()))
		n, ok := d.Sub(e)
		require.True(t, ok)
		require.Equal(t, d, e.AddDays(n))
		require.Equal(t, d.String() < e.String(), d.Before(e))
		require.Equal(t, e.Before(d), d.After(e))

		// Oracle: the standard library's calendar.
		day := time.Date(1, time.January, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(d)-1)
		require.Equal(t, day.Format(time.DateOnly), d.String())
	})
}

func TestParsePeriod(t *testing.T) {
	for _, c := range []struct{ in, from, to, out string }{
		{"", "", "", ""},
		{"2016", "2016-01-01", "2016-12-31", "2016"},
		{"2016-2021", "2016-01-01", "2021-12-31", "2016-2021"},
		{"2016-2016", "2016-01-01", "2016-12-31", "2016"},
		{"2016-01-01/2021-12-31", "2016-01-01", "2021-12-31", "2016-2021"},
		{"2016-06-13/2021-12-31", "2016-06-13", "2021-12-31", "2016-06-13/2021-12-31"},
		{"2016-06-13/2016-06-13", "2016-06-13", "2016-06-13", "2016-06-13/2016-06-13"},
		{"2016-06-13/", "2016-06-13", "", "2016-06-13/"},
		{"/2021-12-31", "", "2021-12-31", "/2021-12-31"},
	} {
		p, err := ParsePeriod(c.in)
		require.NoError(t, err, c.in)
		assert.Equal(t, Period{From: on(t, c.from), To: on(t, c.to)}, p, c.in)
		assert.Equal(t, c.out, p.String())
	}
}

func TestParsePeriodRefuses(t *testing.T) {
	for _, s := range []string{
		"/", "2021-2016", "0000", "16", "2016-21", "2016/2021", "2016 - 2021", "2021-12-31", "2021-01-02/2021-01-01",
		"2016-2021-2022", "2016-2021/", "-2016", "20160-2021", "2016–2021",
	} {
		_, err := ParsePeriod(s)
		var bad *InputError
		require.ErrorAs(t, err, &bad, s)
		assert.Equal(t, wantPeriod, bad.Want)
	}
}

func drawPeriod(t *rapid.T, label string) Period {
	day := rapid.OneOf(rapid.Just(Date(0)), rapid.Custom(func(t *rapid.T) Date {
		return Date(rapid.Int32Range(736000, 736030).Draw(t, "day"))
	}))
	p := Period{From: day.Draw(t, label+" from"), To: day.Draw(t, label+" to")}
	if p.To.Before(p.From) {
		p.From, p.To = p.To, p.From
	}
	return p
}

func TestPeriodLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, q := drawPeriod(t, "p"), drawPeriod(t, "q")
		back, err := ParsePeriod(p.String())
		require.NoError(t, err)
		require.Equal(t, p, back)
		require.Equal(t, q.Overlaps(p), p.Overlaps(q))
		require.True(t, p.Overlaps(p))

		// Oracle: overlap is a common day, looked for day by day.
		common := false
		for d := Date(735990); d < 736040; d++ {
			common = common || p.Contains(d) && q.Contains(d)
		}
		require.Equal(t, common, p.Overlaps(q))
	})
}

func TestPeriodContains(t *testing.T) {
	p := Period{From: NewDate(2016, time.January, 1), To: NewDate(2016, time.January, 3)}
	assert.False(t, p.Contains(p.From.AddDays(-1)))
	assert.True(t, p.Contains(p.From), "the first day belongs to it")
	assert.True(t, p.Contains(p.To), "the last day belongs to it")
	assert.False(t, p.Contains(p.To.AddDays(1)))
	assert.False(t, p.Contains(0), "no date is in no bounded period")
	assert.True(t, Period{}.Contains(0))
	assert.True(t, Period{}.Contains(p.From))
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"", "2021-12-31", "2000-02-29", "2021-02-29", "0000-00-00", "9999-12-31", "2016-2021", "2016", "/2021-12-31"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if d, err := ParseDate(s); err == nil {
			require.Equal(t, s, d.String(), "there is one way to write a date")
		}
		p, err := ParsePeriod(s)
		if err != nil {
			return
		}
		require.False(t, p.To.Before(p.From))
		back, err := ParsePeriod(p.String())
		require.NoError(t, err)
		require.Equal(t, p, back)
	})
}
