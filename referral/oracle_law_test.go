// SPDX-License-Identifier: Apache-2.0

package referral_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// roundings is how far the sums of parts of cases may be apart.
const roundings = 1e-12

var anyAttributes = []string{"sex", "mode"}

// anyEvent draws a row of one of a few patients, with most of what can be wrong
// or missing in it.
func anyEvent(layout referral.LogLayout) *rapid.Generator[referral.Event] {
	return rapid.Custom(func(t *rapid.T) referral.Event {
		some := func(label string, from ...string) string { return rapid.SampledFrom(from).Draw(t, label) }
		e := referral.Event{
			Patient:    some("patient", "p1", "p2", "an-identifier", "p3"),
			Seq:        int32(rapid.IntRange(0, 4).Draw(t, "seq")),
			Hospital:   some("hospital", "A", "A", "B", "C", "D", "E", ""),
			Tumor:      some("tumor", "", "x", "x", "y"),
			Year:       rapid.SampledFrom([]int{0, 0, 0, 2020, 2021}).Draw(t, "year"),
			Attributes: []string{some("sex", "", "f", "m"), some("mode", "", "in", "out")},
		}
		if d := rapid.IntRange(0, 20).Draw(t, "day"); d > 0 {
			e.Date = network.NewDate(2020, 12, 25).AddDays(d)
			if rapid.IntRange(0, 3).Draw(t, "stay") == 0 {
				e.Until = e.Date.AddDays(rapid.IntRange(0, 9).Draw(t, "length"))
			}
		}
		if layout == referral.LayoutTreatments {
			e.Kind = some("treatment", "", "surgery", "radio", "chemo", "first_visit")
			e.FirstVisit = some("first", "A", "B", "C", "")
			return e
		}
		e.Kind = some("kind", "first_visit", "first_visit", "diagnosis", "consult", "surgery", "surgery", "radiotherapy", "systemic", "death")
		if e.Kind == "death" {
			e.Layer, e.Hospital = referral.LayerStatus, ""
		}
		return e
	})
}

// anyLog makes a log of such rows. Hospital C is a radiotherapy institute.
func anyLog(t *rapid.T, s *network.Snapshot) (*referral.Log, []referral.Event) {
	layout := rapid.SampledFrom([]referral.LogLayout{referral.LayoutEvents, referral.LayoutTreatments}).Draw(t, "layout")
	events := rapid.SliceOfN(anyEvent(layout), 1, 30).Draw(t, "events")
	c := referral.LogConfig{Layout: layout, Attributes: anyAttributes, Within: s, Workers: rapid.IntRange(1, 3).Draw(t, "workers")}
	l, q, err := referral.ReadLog(t.Context(), sequence(events), c)
	require.NoError(t, err)
	require.Zero(t, q.Refused)
	return l, events
}

var anyTypes = map[string]network.HospitalType{
	"A": network.TypeGeneral, "B": network.TypeGeneral, "C": network.TypeRadiotherapy, "D": network.TypeAcademic, "E": network.TypeGeneral,
}

func anySnapshot(t *testing.T) *network.Snapshot {
	t.Helper()
	text := "hospital,type\n"
	for h, kind := range anyTypes {
		text += h + "," + kind.String() + "\n"
	}
	return landscapeOf(t, map[string]string{"hospitals": text}).On(0)
}

func anyPartitions(t *testing.T) []*network.Partition {
	t.Helper()
	out := []*network.Partition{nil}
	for _, text := range []string{"A=N;B=N;C=M;D=M;E=O", "A=N;B=N+M;C=M+O;D=M;E=N+M+O"} {
		out = append(out, partitionOf(t, network.SetValued, text), partitionOf(t, network.Split, text))
	}
	l := landscapeOf(t, map[string]string{
		"hospitals": "hospital\nA\nB\nC\nD\nE\n", "networks": "network,partition\nM,regional\nN,regional\nO,regional\n",
		"membership": "hospital,network,primary\nA,N,\nB,N,yes\nB,M,\nC,M,\nC,O,yes\nD,M,\nE,O,\n",
	})
	primary, err := l.On(0).Partition(network.PartitionConfig{Rule: network.Primary})
	require.NoError(t, err)
	return append(out, primary)
}

// anyRule draws a rule that the log can follow.
func anyRule(t *rapid.T, l *referral.Log, partitions []*network.Partition) referral.Rule {
	chance := func(label string) bool { return rapid.IntRange(0, 3).Draw(t, label) == 0 }
	r := referral.Rule{
		Destination: rapid.SampledFrom([]referral.DestinationRule{
			referral.UnknownDestinationRule, referral.AnyOutside, referral.FirstTreatment, referral.LastTreatment, referral.Fractional,
		}).Draw(t, "destination"),
		Partition: rapid.SampledFrom(partitions).Draw(t, "partition"),
	}
	if l.Layout() == referral.LayoutEvents && chance("diagnosis") {
		r.Origin = referral.Diagnosis
	}
	if tumors := l.Tumors(); len(tumors) > 0 && chance("one tumor") {
		r.Tumor = rapid.SampledFrom(tumors).Draw(t, "of tumor")
	} else {
		r.ByTumor = chance("by tumor")
	}
	if kinds := l.Kinds(); len(kinds) > 0 && chance("one kind") {
		r.Modality = rapid.SampledFrom(kinds).Draw(t, "of kind")
	} else {
		r.ByModality = chance("by kind")
	}
	whole := func(text string) network.Period {
		p, err := network.ParsePeriod(text)
		require.NoError(t, err)
		return p
	}
	switch rapid.IntRange(0, 6).Draw(t, "when") {
	case 0:
		r.ByYear = true
	case 1:
		r.Period = rapid.SampledFrom([]network.Period{whole("2020"), whole("2021"), whole("2020-12-28/2021-06-30"), whole("2021-01-02/"), whole("/2020-12-30")}).Draw(t, "period")
		r.ByYear = chance("years of it")
	case 2:
		r.Slices = []network.Period{whole("2020"), whole("2021-01-01/2021-01-05"), whole("2021-01-06/")}
	}
	if chance("sex") {
		r.Where = append(r.Where, referral.Condition{Attribute: "sex", Value: rapid.SampledFrom([]string{"f", ""}).Draw(t, "of sex")})
	}
	if chance("mode") {
		r.Where = append(r.Where, referral.Condition{Attribute: "mode", Value: "in"})
	}
	if chance("types") {
		r.WithoutTypes = []network.HospitalType{network.TypeRadiotherapy}
	}
	return r
}

// Cell for cell, a table is what the plain reading of its rule makes of the
// events.
func TestTableEqualsPlainReading(t *testing.T) {
	s, partitions := anySnapshot(t), anyPartitions(t)
	rapid.Check(t, func(t *rapid.T) {
		l, events := anyLog(t, s)
		r := anyRule(t, l, partitions)
		table, err := l.Table(r)
		if len(r.Where) > 0 && err != nil { // no event has the value
			require.ErrorIs(t, err, referral.ErrRule)
			return
		}
		require.NoError(t, err)
		want, notes := plainTable(events, l.Layout(), r, anyAttributes, anyTypes)
		got := map[cellKey]float64{}
		for f := range table.Slices() {
			require.True(t, f.Cell.Known())
			k := cellKey{from: f.Origin, to: f.Destination}
			if r.ByTumor {
				k.tumor = f.Tumor
			}
			if r.ByModality {
				k.modality = f.Modality
			}
			if r.ByYear || len(r.Slices) > 0 {
				k.period = f.Period.String()
			}
			if f.Cell.Lo != 0 {
				got[k] = f.Cell.Lo
			}
		}
		requireSameCells(t, want, got)

		classes := map[string]bool{}
		for k := range want {
			classes[k.from], classes[k.to] = true, true
		}
		if r.Partition != nil {
			for _, g := range r.Partition.Groups() {
				classes[g] = true
			}
		}
		for _, special := range []string{referral.OriginUnknown, referral.DestinationUnknown, referral.Untreated} {
			delete(classes, special)
		}
		for c := range classes {
			require.Contains(t, table.Origins(), c)
			require.Contains(t, table.Destinations(), c)
		}
		said := strings.Join(table.Meta().Notes, "\n")
		for n, why := range map[*int]string{
			&notes.undated: "it is not known whether they are in a period", &notes.elsewhere: "only in hospitals that do not count", &notes.otherKinds: "they had no treatment by",
		} {
			require.Equal(t, *n > 0, strings.Contains(said, why), said)
			if *n > 0 {
				require.Regexp(t, fmt.Sprintf("(?m)^%d cases were left out because .*%s", *n, why), said)
			}
		}
	})
}

func requireSameCells[K comparable](t *rapid.T, want, got map[K]float64) {
	t.Helper()
	for k, n := range want {
		require.InDelta(t, n, got[k], roundings, "%v of %v", k, got)
	}
	for k := range got {
		require.Contains(t, want, k)
	}
}

func TestCountEqualsPlainReading(t *testing.T) {
	s := anySnapshot(t)
	all := []referral.Dimension{referral.ByOrigin, referral.ByHospital, referral.ByTumor, referral.ByYear, referral.ByTreatmentYear, referral.ByKind, "sex"}
	rapid.Check(t, func(t *rapid.T) {
		l, events := anyLog(t, s)
		r := referral.CountRule{By: rapid.SliceOfNDistinct(rapid.SampledFrom(all), 0, 4, rapid.ID).Draw(t, "by"), Patients: rapid.Bool().Draw(t, "patients")}
		if tumors := l.Tumors(); len(tumors) > 0 && rapid.Bool().Draw(t, "one tumor") {
			r.Tumor = rapid.SampledFrom(tumors).Draw(t, "of tumor")
		}
		if kinds := l.Kinds(); len(kinds) > 0 && rapid.Bool().Draw(t, "one kind") {
			r.Kind = rapid.SampledFrom(kinds).Draw(t, "of kind")
		}
		tally, err := l.Count(t.Context(), r)
		require.NoError(t, err)
		got := map[string]int64{}
		for values, n := range tally.All() {
			got[strings.Join(values, "|")] += n
		}
		require.Equal(t, countsOf(events, l.Layout(), r, anyAttributes), got)
	})
}

func TestTransitionsEqualPlainReading(t *testing.T) {
	s, partitions := anySnapshot(t), anyPartitions(t)
	rapid.Check(t, func(t *rapid.T) {
		l, events := anyLog(t, s)
		r := referral.LinkRule{
			Treatments: rapid.Bool().Draw(t, "treatments"), AllPairs: rapid.Bool().Draw(t, "all pairs"), DropSelf: rapid.Bool().Draw(t, "drop self"),
			Window:    rapid.SampledFrom([]referral.Window{0, referral.Within(0), referral.Within(3)}).Draw(t, "window"),
			Partition: rapid.SampledFrom(partitions).Draw(t, "partition"),
		}
		if tumors := l.Tumors(); len(tumors) > 0 && rapid.Bool().Draw(t, "one tumor") {
			r.Tumor = rapid.SampledFrom(tumors).Draw(t, "of tumor")
		}
		if rapid.IntRange(0, 3).Draw(t, "flags") == 0 {
			r.Flags = referral.Flags{Out: "mode", In: rapid.SampledFrom([]string{"mode", ""}).Draw(t, "in"), Values: []string{"in", "out"}}
		}
		table, err := l.Transitions(t.Context(), r)
		require.NoError(t, err)
		got := map[[2]string]float64{}
		for f := range table.Flows() {
			if f.Cell.Lo != 0 {
				got[[2]string{f.Origin, f.Destination}] = f.Cell.Lo
			}
		}
		want := linksOf(events, l.Layout(), r, anyAttributes)
		requireSameCells(t, want, got)
	})
}
