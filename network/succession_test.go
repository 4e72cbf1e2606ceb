// SPDX-License-Identifier: Apache-2.0

package network

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestResolve follows true mergers through the years.
func TestResolve(t *testing.T) {
	l := landscape(t)
	for _, c := range []struct {
		id, date string
		want     []string
		why      string
	}{
		{"AMC", "2018-06-06", []string{"AMC"}, "the day before the merger"},
		{"AMC", "2018-06-07", []string{"AUMC"}, "the day of the merger"},
		{"VUMC", "2021-12-31", []string{"AUMC"}, "as of 2021"},
		{"AUMC", "2021-12-31", []string{"AUMC"}, ""},
		{"AUMC", "2017-01-01", []string{"AMC", "VUMC"}, "not begun: what it came from"},
		{"SLINGELAND", "2016-12-31", []string{"SLINGELAND"}, ""},
		{"SLINGELAND", "2017-01-01", []string{"SANTIZ"}, "merged"},
		{"SLINGELAND", "2020-12-31", []string{"SANTIZ"}, ""},
		{"SLINGELAND", "2021-01-01", []string{"SLINGELAND"}, "separate again, and itself"},
		{"SANTIZ", "2016-12-31", []string{"SKB", "SLINGELAND"}, "not begun"},
		{"SANTIZ", "2018-01-01", []string{"SANTIZ"}, ""},
		{"SANTIZ", "2021-12-31", []string{"SKB", "SLINGELAND"}, "split"},
		{"SLOTERVAART", "2018-10-24", []string{"SLOTERVAART"}, ""},
		{"SLOTERVAART", "2018-10-25", []string{}, "closed, nobody follows"},
		{"IJSSELMEER", "2018-10-24", []string{"IJSSELMEER"}, ""},
		{"IJSSELMEER", "2018-10-25", []string{"STJANSDAL"}, "taken over"},
		{"STJANSDAL", "2010-01-01", []string{"STJANSDAL"}, "a taker existed before"},
		{"ERASMUSMC", "1900-01-01", []string{"ERASMUSMC"}, "no succession: always"},
		{"nobody", "2021-12-31", nil, "unknown key"},
	} {
		assert.Equal(t, c.want, l.On(on(t, c.date)).Resolve(c.id), "%s on %s: %s", c.id, c.date, c.why)
	}
}

func TestHospitalsOnDate(t *testing.T) {
	l := landscape(t)
	of := func(date string, among ...string) []string {
		s := l.On(on(t, date))
		out := []string{}
		for _, id := range among {
			_, one := s.Hospital(id)
			listed := false
			for _, h := range s.Hospitals() {
				listed = listed || h.ID == id
			}
			require.Equal(t, listed, one)
			if one {
				out = append(out, id)
			}
		}
		return out
	}
	assert.Equal(t, []string{"AMC", "VUMC", "SANTIZ"}, of("2018-06-06", "AMC", "VUMC", "AUMC", "SANTIZ", "SKB", "SLINGELAND"))
	assert.Equal(t, []string{"AUMC", "SKB", "SLINGELAND"}, of("2021-12-31", "AMC", "VUMC", "AUMC", "SANTIZ", "SKB", "SLINGELAND"))
	assert.Equal(t, []string{"STJANSDAL"}, of("2021-12-31", "SLOTERVAART", "IJSSELMEER", "STJANSDAL"))
	assert.Len(t, l.Hospitals(), 15, "the landscape has those of all times")
}

func successions(rows ...string) map[string]string {
	return map[string]string{"successions.csv": "predecessor,successor,date,kind\n" + strings.Join(rows, "\n") + "\n"}
}

// TestSuccessionKinds shows per kind who exists before and after, as a text.
func TestSuccessionKinds(t *testing.T) {
	alive := func(l *Landscape, date string) string {
		return strings.Join(keys(l.On(on(t, date)).Hospitals(), hospitalKey), "")
	}
	for _, c := range []struct {
		name          string
		rows          []string
		before, after string // on 2019-12-31 and 2020-01-01
	}{
		{"merger of two into a new one", []string{"A,C,2020-01-01,merger", "B,C,2020-01-01,merger"}, "ABDEF", "CDEF"},
		{"merger of one into the other", []string{"A,B,2020-01-01,merger"}, "ABCDEF", "BCDEF"},
		{"takeover by one", []string{"A,B,2020-01-01,takeover"}, "ABCDEF", "BCDEF"},
		{"takeover by two", []string{"A,B,2020-01-01,takeover", "A,C,2020-01-01,takeover"}, "ABCDEF", "BCDEF"},
		{"two taken over by one", []string{"A,C,2020-01-01,takeover", "B,C,2020-01-01,takeover"}, "ABCDEF", "CDEF"},
		{"closure", []string{"A,,2020-01-01,closure"}, "ABCDEF", "BCDEF"},
		{"closure with a follower", []string{"A,B,2020-01-01,closure"}, "ABCDEF", "BCDEF"},
		{"split in two", []string{"A,B,2020-01-01,split", "A,C,2020-01-01,split"}, "ADEF", "BCDEF"},
		{"split off", []string{"A,B,2020-01-01,split"}, "ACDEF", "ABCDEF"},
		{"split off two", []string{"A,A,2020-01-01,split", "A,B,2020-01-01,split", "A,C,2020-01-01,split"}, "ADEF", "ABCDEF"},
		{"renaming", []string{"A,B,2020-01-01,renaming"}, "ACDEF", "BCDEF"},
		{"renaming twice in one day", []string{"A,B,2020-01-01,renaming", "B,C,2020-01-01,renaming"}, "ADEF", "CDEF"},
		{"taken over and merged in one day", []string{"A,B,2020-01-01,takeover", "B,D,2020-01-01,merger", "C,D,2020-01-01,merger"}, "ABCEF", "DEF"},
		{"date not known", []string{"A,B,,merger"}, "BCDEF", "BCDEF"},
		{"renamed at an unknown date", []string{"A,B,,renaming"}, "BCDEF", "BCDEF"},
		{"closed at an unknown date", []string{"A,,,closure"}, "BCDEF", "BCDEF"},
		{"merged, split, merged", []string{
			"A,C,2015-01-01,merger", "B,C,2015-01-01,merger", "C,A,2018-01-01,split", "C,B,2018-01-01,split",
			"A,C,2020-01-01,merger", "B,C,2020-01-01,merger",
		}, "ABDEF", "CDEF"},
		{"merged, renamed, split", []string{
			"A,C,2015-01-01,merger", "B,C,2015-01-01,merger", "C,D,2018-01-01,renaming",
			"D,A,2020-01-01,split", "D,B,2020-01-01,split",
		}, "DEF", "ABEF"},
	} {
		l := read(t, successions(c.rows...))
		assert.Equal(t, c.before, alive(l, "2019-12-31"), c.name)
		assert.Equal(t, c.after, alive(l, "2020-01-01"), c.name)
	}
}

func TestResolveChains(t *testing.T) {
	l := read(t, successions(
		"A,B,2016-01-01,renaming", "B,D,2018-01-01,merger", "C,D,2018-01-01,merger",
		"D,E,2020-01-01,split", "D,F,2020-01-01,split",
	))
	for date, want := range map[string]string{
		"2015-12-31": "A", "2016-01-01": "B", "2017-12-31": "B", "2018-01-01": "D", "2020-01-01": "EF",
	} {
		assert.Equal(t, want, strings.Join(l.On(on(t, date)).Resolve("A"), ""), date)
	}
	assert.Equal(t, []string{"A", "C"}, l.On(on(t, "2015-01-01")).Resolve("F"), "back through split, merger and renaming")
}

func TestResolveMeetingAgain(t *testing.T) {
	l := read(t, successions("A,B,2018-01-01,takeover", "A,C,2018-01-01,takeover", "B,D,2019-01-01,takeover", "C,D,2019-01-01,takeover"))
	assert.Equal(t, []string{"D"}, l.On(asOf2021).Resolve("A"))
}

func TestSuccessionLongCycle(t *testing.T) {
	var hospitals strings.Builder
	var rows []string
	hospitals.WriteString("hospital\n")
	for i := range 12 {
		fmt.Fprintf(&hospitals, "H%d\n", i)
		rows = append(rows, fmt.Sprintf("H%d,H%d,2018-01-01,takeover", i, (i+1)%12))
	}
	files := successions(rows...)
	files[hospitalsFile] = hospitals.String()
	_, err := ReadLandscape(folder(files))
	var bad *InputError
	require.ErrorAs(t, err, &bad)
	assert.Equal(t, 13, bad.Line)
	assert.True(t, strings.HasSuffix(bad.Want, "(line 9), ..."), bad.Want)
}

func TestSuccessionRefuses(t *testing.T) {
	for _, c := range []struct {
		name   string
		rows   []string
		line   int
		column int
		field  string
		want   string
	}{
		{"cycle of two", []string{"A,B,2018-01-01,merger", "B,A,2019-01-01,merger"}, 3, 1, "predecessor", "A to B (line 2), B to A (line 3)"},
		{"cycle on one day", []string{"A,B,2018-01-01,takeover", "B,A,2018-01-01,takeover"}, 3, 1, "predecessor", "never lead back"},
		{"cycle without dates", []string{"A,B,,merger", "B,A,,merger"}, 3, 1, "predecessor", "never lead back"},
		{"cycle of three, last line first in time", []string{"B,C,2019-01-01,renaming", "C,A,2020-01-01,takeover", "A,B,2018-01-01,renaming"}, 4, 1, "predecessor", "never lead back"},
		{"renamed back", []string{"A,B,2018-01-01,renaming", "B,A,2019-01-01,renaming"}, 3, 1, "predecessor", "never lead back"},
		{"cycle of splits", []string{"A,B,2018-01-01,split", "A,C,2018-01-01,split", "B,A,2019-01-01,split", "B,D,2019-01-01,split"}, 4, 1, "predecessor", "never lead back"},
		{"split back on the day of the merger", []string{"A,C,2018-01-01,merger", "B,C,2018-01-01,merger", "C,A,2018-01-01,split", "C,B,2018-01-01,split"}, 4, 1, "predecessor", "never lead back"},
		{"merged again on the day of the split", []string{
			"A,C,2015-01-01,merger", "B,C,2015-01-01,merger", "C,A,2018-01-01,split", "C,B,2018-01-01,split",
			"A,C,2018-01-01,merger", "B,C,2018-01-01,merger",
		}, 6, 1, "predecessor", "A to C (line 6), C to A (line 4)"},
		{"itself", []string{"A,A,2018-01-01,merger"}, 2, 3, "successor", "another hospital"},
		{"nobody after a merger", []string{"A,,2018-01-01,merger"}, 2, 3, "successor", "only a closure"},
		{"unknown predecessor", []string{"X,A,2018-01-01,merger"}, 2, 1, "predecessor", "hospitals.csv"},
		{"unknown successor", []string{"A,X,2018-01-01,merger"}, 2, 3, "successor", "hospitals.csv"},
		{"no predecessor", []string{",A,2018-01-01,merger"}, 2, 1, "predecessor", "a text"},
		{"unknown kind", []string{"A,B,2018-01-01,fusion"}, 2, 16, "kind", "merger, takeover, closure, split, renaming"},
		{"no kind", []string{"A,B,2018-01-01,"}, 2, 16, "kind", "merger, takeover"},
		{"bad date", []string{"A,B,2018,merger"}, 2, 5, "date", "a date like"},
		{"twice", []string{"A,B,2018-01-01,merger", "A,B,2018-01-01,merger"}, 3, 1, "predecessor", "each succession once; see line 2"},
		{"two kinds on one day", []string{"A,B,2018-01-01,merger", "A,C,2018-01-01,takeover"}, 3, 1, "predecessor", "one kind"},
		{"merger into two", []string{"A,B,2018-01-01,merger", "A,C,2018-01-01,merger"}, 3, 1, "predecessor", "one successor for a merger"},
		{"renaming of two", []string{"A,C,2018-01-01,renaming", "B,C,2018-01-01,renaming"}, 3, 1, "predecessor", "one predecessor for a renaming"},
		{"renaming to an existing one", []string{"C,B,2015-01-01,renaming", "A,B,2018-01-01,renaming"}, 3, 1, "predecessor", "a new key"},
		{"closure with and without follower", []string{"A,,2018-01-01,closure", "A,B,2018-01-01,closure"}, 3, 1, "predecessor", "with successors or without"},
		{"ends twice", []string{"A,B,2018-01-01,merger", "A,C,2019-01-01,merger"}, 3, 1, "predecessor", "had ended or not begun"},
		{"taken over by one that is gone", []string{"B,,2017-01-01,closure", "A,B,2018-01-01,takeover"}, 3, 1, "predecessor", "a successor that exists"},
	} {
		_, err := ReadLandscape(folder(successions(c.rows...)))
		var bad *InputError
		require.ErrorAs(t, err, &bad, c.name)
		assert.Equal(t, "successions.csv", bad.File, c.name)
		assert.Equal(t, c.line, bad.Line, "%s: %v", c.name, err)
		assert.Equal(t, c.column, bad.Column, c.name)
		assert.Equal(t, c.field, bad.Field, c.name)
		assert.Contains(t, bad.Want, c.want, c.name)
	}
}

// TestResolveLaws checks random histories: what is refused is refused with a
// place, and what is accepted resolves to existing hospitals only, the same
// through a successor as directly.
func TestResolveLaws(t *testing.T) {
	accepted := 0
	rapid.Check(t, func(t *rapid.T) {
		ids := rapid.SampledFrom(strings.Split("ABCDEF", ""))
		var rows []string
		for range rapid.IntRange(1, 6).Draw(t, "rows") {
			rows = append(rows, fmt.Sprintf("%s,%s,%d-01-01,%s", ids.Draw(t, "p"), ids.Draw(t, "s"),
				rapid.IntRange(2010, 2020).Draw(t, "year"), rapid.SampledFrom(successionKinds[1:]).Draw(t, "kind")))
		}
		l, err := ReadLandscape(folder(successions(rows...)))
		if err != nil {
			var bad *InputError
			require.ErrorAs(t, err, &bad)
			require.Positive(t, bad.Line)
			return
		}
		accepted++
		requireSound(t, l)
	})
	assert.Positive(t, accepted)
}

// requireSound checks what holds for every landscape.
func requireSound(t require.TestingT, l *Landscape) {
	dates := []Date{0, firstDate, lastDate, asOf2021}
	for _, s := range l.Successions() {
		dates = append(dates, s.Date, s.Date.AddDays(-1))
	}
	for _, d := range dates {
		s := l.On(d)
		exists := map[string]bool{}
		for _, h := range s.Hospitals() {
			exists[h.ID] = true
			require.Equal(t, []string{h.ID}, s.Resolve(h.ID), "who exists is itself")
		}
		for _, h := range l.Hospitals() {
			for _, now := range s.Resolve(h.ID) {
				require.True(t, exists[now], "%s resolves to %s on %s", h.ID, now, d)
			}
		}
		for _, r := range l.Successions() {
			p, q := exists[r.Predecessor], exists[r.Successor]
			if !p && !q && r.Successor != "" && !r.Date.After(s.Date()) && lastEnd(l, r.Predecessor, s.Date()) == r.Date {
				require.Subset(t, s.Resolve(r.Predecessor), s.Resolve(r.Successor), "%v", r)
			}
		}
		for _, name := range l.Partitions() {
			for _, rule := range []Rule{SetValued, Split} {
				requirePartition(t, s, PartitionConfig{Name: name, Rule: rule})
			}
		}
	}
}

// lastEnd is the latest date, not after d, on which the hospital was a
// predecessor.
func lastEnd(l *Landscape, id string, d Date) Date {
	var last Date
	for _, r := range l.Successions() {
		if r.Predecessor == id && !r.Date.After(d) {
			last = max(last, r.Date)
		}
	}
	return last
}

func requirePartition(t require.TestingT, s *Snapshot, c PartitionConfig) {
	p, err := s.Partition(c)
	require.NoError(t, err)
	seen := map[string]bool{}
	for _, id := range p.Unassigned() {
		seen[id] = true
		_, ok := p.Of(id)
		require.False(t, ok)
	}
	for _, h := range s.Hospitals() {
		shares, ok := p.Of(h.ID)
		require.NotEqual(t, ok, seen[h.ID], "each hospital is in a group or unassigned")
		sum := 0.0
		for _, x := range shares {
			require.Contains(t, p.Groups(), x.Group)
			require.Contains(t, p.Members(x.Group), h.ID)
			sum += x.Weight
		}
		if ok {
			require.InDelta(t, 1, sum, weightSum)
		}
	}
}

// weightSum is the tolerance for shares that sum to 1.
const weightSum = 1e-12
