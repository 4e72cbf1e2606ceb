// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/network"
)

func TestMergeTwoYears(t *testing.T) {
	a := readText(t, matrix+"A,24,4\nB,5,26\n", TableConfig{Meta: Meta{Unit: Patients, Period: year(2016), Title: "b", Source: "s"}})
	b := readText(t, matrix+"A,16,8\nB,3,29\n", TableConfig{Meta: Meta{Unit: Patients, Period: year(2018), Title: "a", Source: "s"}})
	m, err := a.Merge(b)
	require.NoError(t, err)
	assert.Equal(t, Count(12), m.Cell("A", "B"))
	assert.Equal(t, ExactResult(115).Value, m.Total().Value)
	assert.Equal(t, 115, m.Total().N)
	meta := m.Meta()
	assert.Equal(t, []string{"a; b", "s", "2016-2018"}, []string{meta.Title, meta.Source, meta.Period.String()})
	back, err := m.Filter(Selection{Period: year(2016)})
	require.NoError(t, err)
	assert.Equal(t, Count(4), back.Cell("A", "B"))
	assert.Equal(t, year(2016), back.Meta().Period)
	n := 0
	for f := range m.Flows() {
		n++
		assert.Equal(t, meta.Period, f.Period)
	}
	assert.Equal(t, 4, n, "one flow for each pair")
}

func TestMergeClashes(t *testing.T) {
	base := TableConfig{Meta: Meta{Unit: Patients, Period: year(2016), Tumor: "penile", Level: LevelNetwork}}
	a := readText(t, long+"A,B,1\n", base)
	for _, c := range []struct {
		field  string
		change func(*TableConfig)
		text   string
	}{
		{"unit", func(c *TableConfig) { c.Meta.Unit = Treatments }, "B,A,1\n"},
		{"tumor", func(c *TableConfig) { c.Meta.Tumor = "eye" }, "B,A,1\n"},
		{"level", func(c *TableConfig) { c.Meta.Level = LevelHospital }, "B,A,1\n"},
		{"partition", func(c *TableConfig) { c.Meta.Partition = "head-neck" }, "B,A,1\n"},
		{"partition rule", func(c *TableConfig) { c.Meta.PartitionRule = network.Split }, "B,A,1\n"},
		{"origin rule", func(c *TableConfig) { c.Meta.OriginRule = FirstVisit }, "B,A,1\n"},
		{"destination rule", func(c *TableConfig) { c.Meta.DestinationRule = AnyOutside }, "B,A,1\n"},
		{"landscape", func(c *TableConfig) { c.Meta.Landscape = "2021" }, "B,A,1\n"},
		{"synthetic", func(c *TableConfig) { c.Meta.Synthetic = true }, "B,A,1\n"},
		{"unlisted pairs", func(c *TableConfig) { c.Absent = AbsentUnknown }, "B,A,1\n"},
		{"period", func(c *TableConfig) { c.Meta.Period.To = network.NewDate(2017, 12, 31) }, "B,A,1\n"},
		{"period", func(c *TableConfig) { c.Meta.Period = network.Period{} }, "B,A,1\n"},
		{"patients", func(*TableConfig) {}, "A,C,1\n"},
	} {
		t.Run(c.field, func(t *testing.T) {
			config := base
			c.change(&config)
			_, err := a.Merge(readText(t, long+c.text, config))
			require.ErrorIs(t, err, ErrClash)
			var clash *ClashError
			require.ErrorAs(t, err, &clash)
			assert.Equal(t, c.field, clash.Field)
		})
	}
	_, err := a.Merge(a)
	assert.EqualError(t, err, `referral: merging would count the same patients twice: `+
		`origin "A", tumor "penile", period "2016", and origin "A", tumor "penile", period "2016"`)
	_, err = a.Merge(readText(t, long+"B,X / Y,1\nC,X,1\n", base), readText(t, long+"X / Y,A,1\n", base))
	assert.ErrorIs(t, err, ErrNoClass, "a label is a set in one table and one class in the other")
	_, err = a.Merge(readText(t, "origin,destination,count,modality\nB,A,1,surgery\n", base))
	assert.ErrorIs(t, err, ErrClash)
}

func TestFilter(t *testing.T) {
	table := readText(t, long+"A,A,40\nA,B,12\nB,A,8\nB,B,55\nC,A,2\n", TableConfig{})
	rows, err := table.Filter(Selection{Origins: []string{"B", "A", "A"}})
	require.NoError(t, err)
	assert.Equal(t, []string{"A", "B"}, rows.Origins())
	assert.Equal(t, Count(0), table.Cell("C", "B"))
	assert.Equal(t, MissingCell(), rows.Cell("C", "A"), "the part says nothing about other origins")
	assert.Equal(t, UndefinedResult(ReasonUnknownClass).Reason, rows.OriginTotal("C").Reason)

	cols, err := table.Filter(Selection{Destinations: []string{"B"}})
	require.NoError(t, err)
	assert.Equal(t, MissingCell(), cols.Cell("A", "A"), "left out is not zero")
	total := cols.OriginTotal("A")
	assert.Equal(t, []any{Bounded, 12.0, inf, ReasonUnlisted}, []any{total.Status, total.Lo, total.Hi, total.Reason})
	assert.NotEmpty(t, cols.Meta().Notes)

	for _, s := range []Selection{
		{Origins: []string{"A", "Z"}}, {Destinations: []string{"C"}}, {Tumor: "eye"}, {Modality: "surgery"}, {Period: year(2016)},
	} {
		_, err := table.Filter(s)
		assert.ErrorIs(t, err, ErrNoClass, "%+v", s)
	}
	_, err = table.Filter(Selection{Origins: []string{"Y", "A", "Z"}})
	assert.EqualError(t, err, `referral: not an origin of the table: "Y", "Z"`)

	dated := readText(t, "origin,destination,count,period\nA,B,1,2016\nA,B,2,2017-2018\n", TableConfig{})
	_, err = dated.Filter(Selection{Period: year(2017)})
	assert.ErrorIs(t, err, ErrNoClass, "a slice is not cut in two")
}

func TestModalitiesGiveBounds(t *testing.T) {
	text := "origin,destination,count,modality\nA,B,5,surgery\nA,B,3,radiotherapy\nA,C,2,surgery\n"
	patients := readText(t, text, TableConfig{Meta: Meta{Unit: Patients}})
	assert.Equal(t, Between(5, 8), patients.Cell("A", "B"), "a patient can have both")
	assert.Equal(t, Count(2), patients.Cell("A", "C"))
	treatments := readText(t, text, TableConfig{Meta: Meta{Unit: Treatments}})
	assert.Equal(t, Count(8), treatments.Cell("A", "B"))
	unknown := readText(t, text, TableConfig{Absent: AbsentUnknown})
	assert.Equal(t, Between(2, inf), unknown.Cell("A", "C"))
}

func aggregate(t *testing.T, table *Table, p *network.Partition) *Table {
	t.Helper()
	out, err := table.Aggregate(p)
	require.NoError(t, err)
	return out
}

func TestAggregateRules(t *testing.T) {
	s := landscape(t, network.NewDate(2021, 12, 31))
	table := readText(t, long+"H3,EMC,10\nH12,EMC,4\nEMC,EMC,6\nEMC,H12,2\nH12,untreated,1\n",
		TableConfig{Meta: Meta{Unit: Patients, Level: LevelHospital}})
	of := func(r network.Rule) *network.Partition {
		p, err := s.Partition(network.PartitionConfig{Rule: r})
		require.NoError(t, err)
		return p
	}
	sets := aggregate(t, table, of(network.SetValued))
	assert.Equal(t, map[string]string{
		"EMBRAZE>CONCORD / EMBRAZE": "10", "OncoZON>CONCORD / EMBRAZE": "4",
		"CONCORD / EMBRAZE>CONCORD / EMBRAZE": "6", "CONCORD / EMBRAZE>OncoZON": "2", "OncoZON>untreated": "1",
	}, cells(sets))
	assert.Equal(t, []string{LevelNetwork, "regional"}, []string{sets.Meta().Level, sets.Meta().Partition})
	assert.Equal(t, 10.0, sets.RetainedTotal("EMBRAZE").Value)
	concord := sets.DestinationTotal("CONCORD")
	assert.Equal(t, []float64{0, 10}, []float64{concord.Lo, concord.Hi}, "4 from OncoZON and the 6 of the shared hospital may be care in CONCORD; the 10 of EMBRAZE stayed in EMBRAZE")

	split := aggregate(t, table, of(network.Split))
	assert.Equal(t, map[string]string{
		"EMBRAZE>EMBRAZE": "8", "EMBRAZE>CONCORD": "5", "CONCORD>CONCORD": "3", "OncoZON>CONCORD": "2", "OncoZON>EMBRAZE": "2",
		"CONCORD>OncoZON": "1", "EMBRAZE>OncoZON": "1", "OncoZON>untreated": "1",
	}, cells(split), "5 of 10 stay in EMBRAZE with 3 of the 6 that stay in the hospital")
	assert.Equal(t, table.Total(), split.Total())
	merged := aggregate(t, split, partition(t, map[string]string{"EMBRAZE": "SW", "CONCORD": "SW", "OncoZON": "ZO"}))
	assert.Equal(t, network.Split, merged.Meta().PartitionRule, "counts stay fractions")
	assert.Equal(t, Count(16), merged.Cell("SW", "SW"))

	group := aggregate(t, sets, partition(t, map[string]string{"EMBRAZE": "SW", "CONCORD": "SW", "OncoZON": "ZO"}))
	assert.Equal(t, map[string]string{"SW>SW": "16", "ZO>SW": "4", "SW>ZO": "2", "ZO>untreated": "1"}, cells(group))

	_, err := table.Aggregate(partition(t, map[string]string{"H3": "G"}))
	assert.EqualError(t, err, `referral: not assigned to a group of the partition: "EMC", "H12"`)
}

func TestAggregateUnknown(t *testing.T) {
	labels := map[string]string{"A": "G", "B": "G", "X": "H", "Y": "H", "Z": "Z"}
	presence := readText(t, "origin,destination\nA,X\nB,Y\nA,Z\n", TableConfig{})
	assert.Equal(t, map[string]string{"G>H": "[2, +Inf)", "G>Z": "present"}, cells(aggregate(t, presence, partition(t, labels))))
	counted := readText(t, long+"A,X,3\nA,Y,2\nB,X,1\nB,Y,1\nA,Z,2\n", TableConfig{Absent: AbsentUnknown})
	assert.Equal(t, map[string]string{"G>H": "7", "G>Z": "[2, +Inf)"}, cells(aggregate(t, counted, partition(t, labels))),
		"B to Z is not listed, which here means unknown")
	never := readText(t, long+"A,X,structural\nB,X,structural\nA,Z,structural\nB,Y,1\nA,Y,structural\n", TableConfig{})
	got := aggregate(t, never, partition(t, map[string]string{"A": "G", "B": "G", "X": "X", "Y": "Y", "Z": "Z"}))
	assert.Equal(t, map[string]string{"G>X": "structural zero", "G>Y": "1"}, cells(got), "B could go to Z")
	assert.Equal(t, Count(0), got.Cell("G", "Z"))
}

func edges(g *graph.Digraph) map[string]float64 {
	out := map[string]float64{}
	for e := range g.Edges() {
		out[g.Key(e.From)+">"+g.Key(e.To)] = e.Weight
	}
	return out
}

func TestGraph(t *testing.T) {
	counted := readText(t, long+"A,A,4\nA,B,3\nB,X / A,2\nA,X / A,1\nC,A,0\n", TableConfig{})
	g, err := counted.Graph(Counts)
	require.NoError(t, err)
	assert.Equal(t, map[string]float64{"A>A": 5, "A>B": 3, "B>X / A": 2}, edges(g), "A / X holds A, so its patients stay")
	assert.Equal(t, 5, g.Len(), "A, B, C, X and the set")

	bounded := readText(t, bounds+"A,B,,1,4\nA,C,,0,2\nC,A,5,,\n", TableConfig{})
	for p, want := range map[Policy]map[string]float64{
		Lower: {"A>B": 1, "C>A": 5}, Upper: {"A>B": 4, "A>C": 2, "C>A": 5}, Presence: {"A>B": 1, "C>A": 1},
	} {
		g, err := bounded.Graph(p)
		require.NoError(t, err)
		assert.Equal(t, want, edges(g), p.String())
	}
	_, err = bounded.Graph(Counts)
	assert.EqualError(t, err, `referral: flow "A" to "B" is [1, 4]: expected an exact count; the policies lower, upper and presence work with less`)

	presence := readText(t, "origin,destination\nA,B\nA,geen\n", TableConfig{})
	for _, p := range []Policy{Counts, Upper} {
		_, err := presence.Graph(p)
		require.ErrorIs(t, err, ErrCell)
	}
	g, err = presence.Graph(Presence)
	require.NoError(t, err)
	assert.Equal(t, map[string]float64{"A>A": 1, "A>B": 1}, edges(g))
	_, err = readText(t, long+"A,B,3\n", TableConfig{Absent: AbsentUnknown}).Graph(Counts)
	require.ErrorIs(t, err, ErrCell, "unlisted pairs are unknown")
	_, err = counted.Graph(Policy(9))
	assert.Error(t, err)
}

func TestTotals(t *testing.T) {
	table := readText(t, bounds+"A,A,10,,\nA,B,,1,4\nA,B / C,2,,\nC,B / C,3,,\nD,D,0,,\n", TableConfig{})
	for _, c := range []struct {
		name   string
		got    Result
		lo, hi float64
	}{
		{"row with an interval", table.OriginTotal("A"), 13, 16},
		{"zero row", table.OriginTotal("D"), 0, 0},
		{"own", table.RetainedTotal("A"), 10, 10},
		{"own by a shared class", table.RetainedTotal("C"), 3, 3},
		{"column with a set", table.DestinationTotal("B"), 1, 6},
		{"column of a member with own patients", table.DestinationTotal("C"), 3, 5},
		{"column of a set", table.DestinationTotal("B / C"), 2, 2},
		{"all", table.Total(), 16, 19},
	} {
		assert.Equal(t, []float64{c.lo, c.hi}, []float64{c.got.Lo, c.got.Hi}, c.name)
		assert.Equal(t, c.lo == c.hi, c.got.Status == OK, c.name)
	}
	assert.Equal(t, ReasonNoRow, table.OriginTotal("B").Reason)
	assert.Equal(t, Undefined, table.RetainedTotal("nowhere").Status)
	assert.Equal(t, ReasonUnknownClass, table.DestinationTotal("nowhere").Reason)

	shared := readText(t, long+"X / Y,X / Y,6\nX / Y,X,2\nX,X / Y,4\n", TableConfig{OriginSets: true})
	assert.Equal(t, "[6, 12]", shared.DestinationTotal("X").String(), "2 and the own 4 surely, the 6 of the shared class possibly")
	assert.Equal(t, "[0, 6]", shared.DestinationTotal("Y").String())
	assert.Equal(t, "6", shared.DestinationTotal("X / Y").String())
	assert.Equal(t, 8.0, shared.RetainedTotal("X / Y").Value)

	presence := readText(t, "origin,destination\nA,B\nA,geen\nB,A\n", TableConfig{})
	assert.Equal(t, "[2, +Inf)", presence.OriginTotal("A").String())
	assert.Equal(t, "[0, +Inf)", presence.RetainedTotal("B").String())
}

func TestFromFlowsErrors(t *testing.T) {
	ok := Flow{Origin: "A", Destination: "B", Cell: Count(1)}
	for name, flows := range map[string][]Flow{
		"twice":            {ok, ok},
		"invalid cell":     {{Origin: "A", Destination: "B", Cell: Count(-1)}},
		"fraction":         {{Origin: "A", Destination: "B", Cell: Count(.5)}},
		"too large":        {{Origin: "A", Destination: "B", Cell: Count(1 << 60)}},
		"no origin":        {{Destination: "B", Cell: Count(1)}},
		"no destination":   {{Origin: "A", Cell: Count(1)}},
		"line break":       {{Origin: "A\n", Destination: "B", Cell: Count(1)}},
		"white space":      {{Origin: " A", Destination: "B", Cell: Count(1)}},
		"not its member":   {{Origin: "A", Destination: "B", Members: []string{"C"}, Cell: Count(1)}},
		"two meanings":     {{Origin: "A", Destination: "B", Members: []string{"C", "D"}, Cell: Count(1)}, {Origin: "B", Destination: "A"}},
		"two sets, a name": {{Origin: "A", Destination: "S", Members: []string{"C", "D"}}, {Origin: "B", Destination: "S", Members: []string{"C", "E"}}},
	} {
		_, err := FromFlows(Meta{}, AbsentByKind, func(yield func(Flow) bool) {
			for _, f := range flows {
				if !yield(f) {
					return
				}
			}
		})
		assert.True(t, errors.Is(err, ErrCell) || errors.Is(err, ErrNoClass), "%s: %v", name, err)
	}
	empty := fromFlows(t, Meta{}, AbsentByKind, nil)
	assert.Empty(t, empty.Classes())
	assert.Equal(t, ExactResult(0), empty.Total())
	g, err := empty.Graph(Counts)
	require.NoError(t, err)
	assert.Zero(t, g.Len())
}
