// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/network"
)

var lawClasses = []string{"A", "B", "C", "=D", "E,é", `F"`}

func year(y int) network.Period {
	return network.Period{From: network.NewDate(y, 1, 1), To: network.NewDate(y, 12, 31)}
}

// anyFlows draws flows with distinct places; rows names origins to choose from.
func anyFlows(t *rapid.T, rows []string, sliced bool) []Flow {
	seen := map[string]bool{}
	var out []Flow
	for range rapid.IntRange(1, 25).Draw(t, "flows") {
		f := Flow{Origin: rapid.SampledFrom(rows).Draw(t, "origin"), Cell: anyCell().Draw(t, "cell")}
		f.Destination = rapid.SampledFrom(lawClasses).Draw(t, "destination")
		if rapid.IntRange(0, 4).Draw(t, "set") == 0 {
			f.Members = []string{"B", "X"}
			f.Destination = rapid.SampledFrom([]string{"X / B", "B / X", ""}).Draw(t, "label")
		}
		if sliced {
			f.Tumor = rapid.SampledFrom([]string{"penile", "eye"}).Draw(t, "tumor")
			f.Period = year(rapid.IntRange(2016, 2018).Draw(t, "year"))
			f.Modality = rapid.SampledFrom([]string{"surgery", "+radiotherapy"}).Draw(t, "modality")
		}
		key := fmt.Sprint(f.Origin, len(f.Members) > 1 || f.Destination == "", f.Tumor, f.Period, f.Modality)
		if len(f.Members) == 0 {
			key += f.Destination
		}
		if !seen[key] {
			seen[key] = true
			out = append(out, f)
		}
	}
	return out
}

func anyTable(t *rapid.T, m Meta, rows []string, sliced bool) *Table {
	absence := rapid.SampledFrom([]Absence{AbsentZero, AbsentUnknown}).Draw(t, "absence")
	return fromFlows(t, m, absence, anyFlows(t, rows, sliced))
}

func fromFlows(t require.TestingT, m Meta, a Absence, flows []Flow) *Table {
	table, err := FromFlows(m, a, slices.Values(flows))
	require.NoError(t, err)
	return table
}

// show makes tables readable in failures.
func show(t *Table) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%+v absent %v by %+v\norigins %q destinations %q\nslices %v\n", t.meta, t.absent, t.by, t.Origins(), t.Destinations(), t.slices)
	for f := range t.Slices() {
		fmt.Fprintf(&b, "%q %q %v %v %v %v\n", f.Origin, f.Destination, f.Tumor, f.Period, f.Modality, f.Cell)
	}
	return b.String()
}

func requireEqual(t require.TestingT, want, got *Table) {
	if !want.Equal(got) {
		require.Equal(t, show(want), show(got))
		require.Fail(t, "tables differ in what they do not show")
	}
}

func TestFlowOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		flows := anyFlows(t, lawClasses, true)
		a := fromFlows(t, Meta{}, AbsentZero, flows)
		requireEqual(t, a, fromFlows(t, Meta{}, AbsentZero, rapid.Permutation(flows).Draw(t, "order")))
	})
}

func TestWriteThenRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := anyTable(t, Meta{}, lawClasses, rapid.Bool().Draw(t, "sliced"))
		for _, layout := range []Layout{Long, Matrix, PresenceLayout} {
			var b bytes.Buffer
			c := WriteConfig{
				Layout: layout, Comma: rapid.SampledFrom([]rune{0, ';', '\t'}).Draw(t, "comma"),
				Separator: rapid.SampledFrom([]string{"", "|"}).Draw(t, "separator"),
				Retained:  rapid.SampledFrom([]string{"", "geen", "none"}).Draw(t, "retained"),
			}
			if err := want.WriteCSV(&b, c); err != nil {
				require.NotEqual(t, Long, layout, "%v", err)
				continue
			}
			got, err := ReadTable(t.Context(), &b, TableConfig{Absent: want.absence(), Separator: c.Separator, Retained: c.Retained})
			require.NoError(t, err)
			requireEqual(t, want, got)
		}
	})
}

func TestFilterThenMerge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := anyTable(t, Meta{Unit: Patients, Notes: []string{"kept"}}, lawClasses, true)
		var parts []*Table
		part := func(s Selection) {
			p, err := want.Filter(s)
			require.NoError(t, err)
			parts = append(parts, p)
		}
		switch rapid.IntRange(0, 3).Draw(t, "by") {
		case 0:
			for _, o := range want.Origins() {
				part(Selection{Origins: []string{o}})
			}
		case 1:
			for _, y := range distinct(want, func(f Flow) network.Period { return f.Period }) {
				part(Selection{Period: y})
			}
		case 2:
			for _, s := range distinct(want, func(f Flow) string { return f.Tumor }) {
				part(Selection{Tumor: s})
			}
		case 3:
			for _, s := range distinct(want, func(f Flow) string { return f.Modality }) {
				part(Selection{Modality: s})
			}
		}
		parts = rapid.Permutation(parts).Draw(t, "order")
		got, err := parts[0].Merge(parts[1:]...)
		require.NoError(t, err)
		requireEqual(t, want, got)
	})
}

// distinct lists what the slices of a table have, stored cells or not.
func distinct[T comparable](t *Table, of func(Flow) T) []T {
	var out []T
	for _, s := range t.slices {
		if v := of(Flow{Tumor: s.tumor, Period: s.period, Modality: s.modality}); !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

func TestMergeLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var tables []*Table
		for i, rows := range [][]string{{"A", "B"}, {"C", "=D"}, {"E,é", `F"`}} {
			m := Meta{Title: fmt.Sprint(i), Unit: Patients, Period: year(rapid.IntRange(2016, 2018).Draw(t, "year"))}
			tables = append(tables, fromFlows(t, m, AbsentZero, anyFlows(t, rows, false)))
		}
		merge := func(t0 *Table, more ...*Table) *Table {
			m, err := t0.Merge(more...)
			require.NoError(t, err)
			return m
		}
		a, b, c := tables[0], tables[1], tables[2]
		requireEqual(t, merge(a, b), merge(b, a))
		all := merge(a, b, c)
		requireEqual(t, all, merge(c, a, b))
		left, right := merge(merge(a, b), c), merge(a, merge(b, c))
		requireEqual(t, left, right)
		requireEqual(t, all, left)
		sum := Cell{}
		for _, table := range tables {
			total := table.Total()
			sum = sum.Add(Between(total.Lo, total.Hi))
		}
		require.Equal(t, []float64{sum.Lo, sum.Hi}, []float64{all.Total().Lo, all.Total().Hi})
	})
}

func partition(t require.TestingT, labels map[string]string) *network.Partition {
	p, err := network.NewPartition("groups", labels)
	require.NoError(t, err)
	return p
}

func TestAggregateLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := anyTable(t, Meta{Unit: Patients}, lawClasses, rapid.Bool().Draw(t, "sliced"))
		first, second, both, same := map[string]string{}, map[string]string{}, map[string]string{}, map[string]string{}
		for _, c := range table.Classes() {
			g := rapid.SampledFrom([]string{"G", "H", "I"}).Draw(t, "group")
			first[c], same[c] = g, c
		}
		for _, g := range []string{"G", "H", "I"} {
			second[g] = rapid.SampledFrom([]string{"P", "Q"}).Draw(t, "group of "+g)
		}
		for c, g := range first {
			both[c] = second[g]
		}
		agg := func(u *Table, labels map[string]string) *Table {
			a, err := u.Aggregate(partition(t, labels))
			require.NoError(t, err)
			return a
		}
		once := agg(table, first)
		requireEqual(t, agg(table, both), agg(once, second))
		again := agg(table, same)
		again.meta.Partition = table.meta.Partition
		requireEqual(t, table, again)
		if len(distinct(table, func(f Flow) string { return f.Modality })) > 1 {
			return // bounds over modalities are of each pair, and wider after adding pairs up
		}
		require.Equal(t, fmt.Sprint(table.Total()), fmt.Sprint(once.Total()))
	})
}

// TestCellAgainstMap compares lookups and sums with a plain map of flows.
func TestCellAgainstMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		flows := anyFlows(t, lawClasses, false)
		table := fromFlows(t, Meta{}, AbsentZero, flows)
		naive := map[[2]string]Cell{}
		for _, f := range flows {
			if len(f.Members) > 0 {
				f.Destination = table.labelOf(f.Members)
			}
			naive[[2]string{f.Origin, f.Destination}] = f.Cell
		}
		for _, o := range table.Origins() {
			row := Cell{}
			for _, d := range table.Destinations() {
				require.Equal(t, naive[[2]string{o, d}], table.Cell(o, d))
				row = row.Add(table.Cell(o, d))
			}
			total := table.OriginTotal(o)
			require.Equal(t, []float64{row.Lo, row.Hi}, []float64{total.Lo, total.Hi})
		}
		require.Equal(t, MissingCell(), table.Cell("nowhere", "A"))
	})
}

func (t *Table) labelOf(members []string) string {
	for _, c := range t.classes {
		if slices.Equal(c.members, members) {
			return c.label
		}
	}
	return ""
}
