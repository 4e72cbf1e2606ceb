// SPDX-License-Identifier: Apache-2.0

package export

import (
	"bytes"
	"context"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/graph/exchange"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// landscape has two networks: N (hospitals h1 at 52 N 5 E and h2 at 53 N 5 E)
// and S (h3, without a place).
func landscape(t *testing.T) *network.Snapshot {
	t.Helper()
	l, err := network.ReadLandscape(fstest.MapFS{
		"hospitals.csv":  {Data: []byte("hospital,name,short_name,city,province,type,lat,lon\nh1,First,One,,,,52,5\nh2,Second,,,,,53,5\nh3,Third,,,,,,\n")},
		"networks.csv":   {Data: []byte("network,name,kind,partition,aliases\nN,North,,regional,\nS,South,,regional,\n")},
		"membership.csv": {Data: []byte("hospital,network,from,to\nh1,N,,\nh2,N,,\nh3,S,,\nh2,S,,\n")},
	})
	require.NoError(t, err)
	return l.On(network.NewDate(2021, 1, 1))
}

func table(t *testing.T, text string, m referral.Meta, absent referral.Absence) *referral.Table {
	t.Helper()
	x, err := referral.ReadTable(context.Background(), strings.NewReader(text), referral.TableConfig{Meta: m, Absent: absent, OriginSets: true})
	require.NoError(t, err)
	return x
}

const known = `origin,destination,count,lower,upper
h1,h1,40,,
h1,h2,,1,4
h2,h1,,0,4
h2,h2,0,,
h3,h1,,,
h3,h1 / h2,7,,
h3,untreated,6,,
h1,h1 / h2,3,,
`

// bounds are what is said of each edge, by "from>to".
func bounds(t *testing.T, x *referral.Table, c Config) (map[string]exchange.Bounds, exchange.Style) {
	t.Helper()
	g, s, err := Graph(x, c)
	require.NoError(t, err)
	require.Len(t, s.Bounds, g.Size())
	out := map[string]exchange.Bounds{}
	i := 0
	for e := range g.Edges() {
		out[g.Key(e.From)+">"+g.Key(e.To)] = s.Bounds[i]
		i++
	}
	return out, s
}

func TestGraphKeepsWhatIsKnown(t *testing.T) {
	x := table(t, known, referral.Meta{Level: referral.LevelHospital, Unit: referral.Patients, Synthetic: true, Title: "Title"}, referral.AbsentByKind)
	b, s := bounds(t, x, Config{Within: landscape(t)})
	assert.Equal(t, map[string]exchange.Bounds{
		"h1>h1":        {Lower: 43, Upper: 43, State: "exact"}, // 40 and the 3 who stayed in h1 or h2, of which h1 is theirs
		"h1>h2":        {Lower: 1, Upper: 4, State: "interval"},
		"h2>h1":        {Lower: 0, Upper: 4, State: "interval"},
		"h3>h1":        {Lower: 0, Upper: math.Inf(1), State: "missing"},
		"h3>h1 / h2":   {Lower: 7, Upper: 7, State: "exact"},
		"h3>untreated": {Lower: 6, Upper: 6, State: "exact"},
	}, b)
	assert.Empty(t, s.WeightRule)
	assert.Equal(t, "Title", s.Name)
	assert.Equal(t, []exchange.Fact{
		{Name: "unit", Value: "patients", OnEdges: true}, {Name: "unlisted_pairs", Value: "zero"}, {Name: "level", Value: "hospital"},
		{Name: "origin_rule", Value: "unknown"}, {Name: "destination_rule", Value: "unknown"}, {Name: "synthetic", Value: "yes", OnEdges: true},
	}, s.Facts)

	// Nodes are h1, h1 / h2, h2, h3, untreated.
	assert.Equal(t, []string{"One", "h1 / h2", "Second", "Third", "untreated"}, s.Labels.Slice())
	assert.Equal(t, []string{"N", "", "N / S", "S", ""}, s.Groups.Slice())
	assert.Equal(t, []string{"hospital", "set", "hospital", "hospital", "untreated"}, s.Texts[0].Values.Slice())
	// One degree of latitude is 111.195 km; the middle is half way.
	places := s.Places.Slice()
	assert.Equal(t, exchange.Place{X: 0, Y: -55.59754}, places[0])
	assert.Equal(t, exchange.Place{X: 0, Y: 55.59754}, places[2])
	assert.True(t, math.IsNaN(places[3].X))
	totals := map[string][]float64{}
	for _, v := range s.Numbers {
		totals[v.Name] = v.Values.Slice()
	}
	assert.Equal(t, 44.0, totals["origin_total_lower"][0]) // 40 + 1 + 3
	assert.Equal(t, 47.0, totals["origin_total_upper"][0])
	assert.True(t, math.IsNaN(totals["origin_total_upper"][3]), "nothing limits what is missing")
	assert.Equal(t, 52.0, totals["lat"][0])
}

func TestGraphByRule(t *testing.T) {
	x := table(t, known, referral.Meta{Level: referral.LevelHospital}, referral.AbsentByKind)
	weights := func(w Weights) map[string]float64 {
		g, s, err := Graph(x, Config{Weights: w})
		require.NoError(t, err)
		assert.NotEmpty(t, s.WeightRule)
		out := map[string]float64{}
		for e := range g.Edges() {
			out[g.Key(e.From)+">"+g.Key(e.To)] = e.Weight
		}
		return out
	}
	assert.Equal(t, map[string]float64{"h1>h1": 43, "h1>h2": 1, "h3>h1 / h2": 7, "h3>untreated": 6}, weights(Lower))
	assert.Equal(t, map[string]float64{"h1>h1": 2, "h1>h2": 1, "h3>h1 / h2": 1, "h3>untreated": 1}, weights(Presence))
	_, _, err := Graph(x, Config{Weights: Upper})
	var wrong *referral.CellError
	require.ErrorAs(t, err, &wrong)
	assert.Equal(t, []string{"h3", "h1"}, []string{wrong.Origin, wrong.Destination})
	_, _, err = Graph(x, Config{Weights: 9})
	require.Error(t, err)
}

func TestGraphOfPresence(t *testing.T) {
	x := table(t, "origin,destination\nA,B\nB,geen\n", referral.Meta{Level: referral.LevelNetwork}, referral.AbsentByKind)
	b, s := bounds(t, x, Config{})
	assert.Equal(t, map[string]exchange.Bounds{
		"A>B": {Lower: 1, Upper: math.Inf(1), State: "present"}, "B>B": {Lower: 1, Upper: math.Inf(1), State: "present"},
	}, b)
	assert.Contains(t, s.Facts, exchange.Fact{Name: "unlisted_pairs", Value: "not known"})
	assert.Contains(t, s.Facts, exchange.Fact{Name: "presence_only", Value: "yes", OnEdges: true})
	var out bytes.Buffer
	g, s, err := Graph(x, Config{})
	require.NoError(t, err)
	require.NoError(t, exchange.Encode(&out, g, exchange.EdgeList, s))
	assert.Equal(t, "source,target,weight,lower,upper,state,unit,presence_only\nA,B,,1,,present,unknown,yes\nB,B,,1,,present,unknown,yes\n", out.String())
}

// Where the rules agree with those of Table.Graph, the graphs are the same, and
// the bounds of each edge hold its weight.
func TestGraphAgreesWithTableGraph(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var flows []referral.Flow
		for _, o := range []string{"a", "b", "c"} {
			for _, d := range []string{"a", "b", "c", "untreated"} {
				lo := float64(rapid.IntRange(0, 6).Draw(t, "lo"))
				hi := lo + float64(rapid.IntRange(0, 3).Draw(t, "more"))
				flows = append(flows, referral.Flow{Origin: o, Destination: d, Cell: referral.Between(lo, hi)})
			}
		}
		x, err := referral.FromFlows(referral.Meta{}, referral.AbsentZero, slices.Values(flows))
		require.NoError(t, err)
		for w, p := range map[Weights]referral.Policy{Lower: referral.Lower, Upper: referral.Upper, Presence: referral.Presence} {
			got, s, err := Graph(x, Config{Weights: w})
			require.NoError(t, err)
			want, err := x.Graph(p)
			require.NoError(t, err)
			require.Equal(t, slices.Collect(want.Edges()), slices.Collect(got.Edges()), p)
			i := 0
			for e := range got.Edges() {
				cell := x.Cell(got.Key(e.From), got.Key(e.To))
				require.Equal(t, exchange.Bounds{Lower: cell.Lo, Upper: cell.Hi, State: cell.State.String()}, s.Bounds[i])
				i++
			}
		}
	})
}

func TestFlowmap(t *testing.T) {
	x := table(t, known, referral.Meta{Level: referral.LevelHospital, Synthetic: true}, referral.AbsentByKind)
	_, err := NewFlowmap(x, Config{Within: landscape(t)})
	require.ErrorIs(t, err, referral.ErrCell)

	m, err := NewFlowmap(x, Config{Within: landscape(t), Weights: Lower})
	require.NoError(t, err)
	var locations, flows bytes.Buffer
	require.NoError(t, m.WriteLocations(&locations))
	require.NoError(t, m.WriteFlows(&flows))
	assert.Equal(t, "id,name,lat,lon,synthetic\nh1,One,52,5,yes\nh2,Second,53,5,yes\n", locations.String())
	assert.Equal(t, "origin,dest,count,lower,upper,state,count_rule,synthetic\n"+
		"h1,h1,43,43,43,exact,lower bound,yes\nh1,h2,1,1,4,interval,lower bound,yes\n", flows.String())
	var left []string
	for _, f := range m.Unplaced {
		left = append(left, f.Origin+">"+f.Destination)
	}
	assert.Equal(t, []string{"h3>h1 / h2", "h3>untreated"}, left)

	m, err = NewFlowmap(table(t, "origin,destination,count\nh1,h2,5\n", referral.Meta{}, referral.AbsentByKind), Config{Within: landscape(t)})
	require.NoError(t, err)
	flows.Reset()
	require.NoError(t, m.WriteFlows(&flows))
	assert.Equal(t, "origin,dest,count,lower,upper,state\nh1,h2,5,5,5,exact\n", flows.String())
}

func TestParseWeights(t *testing.T) {
	for _, w := range []Weights{Known, Lower, Upper, Presence} {
		got, err := ParseWeights(w.String())
		require.NoError(t, err)
		assert.Equal(t, w, got)
	}
	_, err := ParseWeights("")
	require.Error(t, err)
	assert.Equal(t, "Weights(8)", Weights(8).String())
}
