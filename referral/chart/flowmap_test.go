// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// reportTables are the presence-only tables of a report, as catalogue files.
var reportTables = []struct{ file, partition string }{
	{"example_fig5_2_penile.csv", "regional"},
	{"example_fig5_3_eye_melanoma.csv", "regional"},
	{"example_fig5_4_mesothelioma.csv", "regional"},
	{"example_fig5_6_head_neck.csv", "head-neck"},
}

// dutchLandscape is the landscape of the Netherlands with its outline.
func dutchLandscape(t testing.TB) *network.Snapshot {
	t.Helper()
	fsys := fstest.MapFS{}
	for _, name := range []string{"hospitals.csv", "networks.csv", "membership.csv", "successions.csv", "designations.csv", "outline.csv"} {
		text, err := os.ReadFile("../../seeds/data/nl-oncology-landscape-2023/" + name)
		require.NoError(t, err)
		fsys[name] = &fstest.MapFile{Data: text}
	}
	l, err := network.ReadLandscape(fsys)
	require.NoError(t, err)
	date, err := network.ParseDate("2021-12-31")
	require.NoError(t, err)
	return l.On(date)
}

func readTable(t testing.TB, text string, meta referral.Meta) *referral.Table {
	t.Helper()
	table, err := referral.ReadTable(context.Background(), strings.NewReader(text), referral.TableConfig{File: "test.csv", Meta: meta})
	require.NoError(t, err)
	return table
}

func reportTable(t testing.TB, i int) *referral.Table {
	t.Helper()
	text, err := os.ReadFile("../../testdata/catalogue/" + reportTables[i].file)
	require.NoError(t, err)
	period, err := network.ParsePeriod("2016-2021")
	require.NoError(t, err)
	return readTable(t, string(text), referral.Meta{
		Title: "Referral between oncology networks", Unit: referral.Patients, Period: period, Level: "network",
		Partition: reportTables[i].partition, Source: "the report",
	})
}

func drawn(t *testing.T, table *referral.Table, s *network.Snapshot, c FlowMapConfig) picture {
	t.Helper()
	d, err := FlowMap(table, s, c)
	require.NoError(t, err)
	return readPicture(t, d)
}

func TestNothingOverlapsOnTheReportsMaps(t *testing.T) {
	s := dutchLandscape(t)
	for i, r := range reportTables {
		for _, lang := range []Language{English, Dutch} {
			t.Run(fmt.Sprint(r.file, " ", lang), func(t *testing.T) {
				assert.Empty(t, drawn(t, reportTable(t, i), s, FlowMapConfig{Page: Page{Lang: lang}}).overlaps())
			})
		}
	}
}

// A picture of flows whose sizes are not known must not look as if they were.
func TestPresenceOnlyShowsNoSizes(t *testing.T) {
	p := drawn(t, reportTable(t, 0), dutchLandscape(t), FlowMapConfig{})
	arrows := 0
	for _, l := range p.lines {
		if l.legend {
			continue
		}
		arrows++
		assert.True(t, l.dashed, l.title)
		assert.True(t, l.head, l.title)
		assert.InDelta(t, unknownWidth, l.width, 1e-9, l.title)
	}
	assert.Equal(t, 22, arrows)
	radii := map[float64]int{}
	for _, d := range p.discs {
		if d.filled && !d.legend && !d.tag {
			radii[d.radius]++
		}
	}
	assert.Equal(t, map[float64]int{presenceRadius: 10, setRadius: 1}, radii)
}

const counted = `origin,destination,count
A,A,50
A,B,40
A,C,20
B,B,100
B,A,3
C,C,10
C,B,1
`

func TestCountsGiveWidthAreaAndRing(t *testing.T) {
	meta := referral.Meta{Title: "Counts", Unit: referral.Patients, Level: "network"}
	p := drawn(t, readTable(t, counted, meta), nil, FlowMapConfig{Page: Page{AllowSmall: true}})
	widths := map[string]float64{}
	for _, l := range p.lines {
		if l.head && !l.legend {
			widths[l.title] = l.width
			assert.False(t, l.dashed)
		}
	}
	// Places are A, B, C in order: A to B is the largest flow, A to C half of it.
	assert.InDelta(t, 7, widths["place 0->place 1"], 0.01)
	assert.InDelta(t, 3.5, widths["place 0->place 2"], 0.01)
	assert.InDelta(t, 0.9, widths["place 2->place 1"], 0.01)
	var radii []float64
	for _, d := range p.discs {
		if !d.legend && d.filled && d.radius > 6.9 {
			radii = append(radii, d.radius)
		}
	}
	// Treated: A 53, B 141, C 30; the area is in proportion.
	assert.Contains(t, rounded(radii), math.Round(100*24*math.Sqrt(53.0/141))/100)
	assert.Contains(t, rounded(radii), 24.0)
	assert.Empty(t, p.overlaps())
}

func rounded(v []float64) []float64 {
	for i := range v {
		v[i] = math.Round(v[i]*100) / 100
	}
	return v
}

// Without leave, a count of 1 to 4 appears nowhere: not as a width, not in a
// tooltip, and not through totals from which it could be found.
func TestSmallCountsAreHidden(t *testing.T) {
	meta := referral.Meta{Title: "Counts", Unit: referral.Patients, Level: "network"}
	for _, small := range []bool{true, false} {
		d, err := FlowMap(readTable(t, counted, meta), nil, FlowMapConfig{Page: Page{AllowSmall: small}})
		require.NoError(t, err)
		text, err := d.DOT()
		require.NoError(t, err)
		assert.Equal(t, small, strings.Contains(string(text), "B to A: 3 patients"))
		assert.Equal(t, small, strings.Contains(string(text), "53 treated"))
		assert.Equal(t, small, strings.Contains(string(text), "Do not publish"))
	}
}

func TestUnplacedClassesStandInABox(t *testing.T) {
	table := reportTable(t, 2)
	d, err := FlowMap(table, dutchLandscape(t), FlowMapConfig{})
	require.NoError(t, err)
	text, err := d.DOT()
	require.NoError(t, err)
	assert.True(t, strings.Contains(string(text), "Place not known"))
	assert.True(t, strings.Contains(string(text), "NW NL"))
}

func TestSetValuedOriginAndSelfOnlyTables(t *testing.T) {
	for _, text := range []string{
		"origin,destination\nA,geen\nB,geen\n",
		"origin,destination\nA / B,C\nC,geen\n",
		"origin,destination\nA,B / C\nB,geen\nC,A\n",
		"origin,destination,count\nA,untreated,9\nA,A,20\norigin_unknown,A,7\nA,destination_unknown,6\nA,B,8\n",
	} {
		p := drawn(t, readTable(t, text, referral.Meta{Level: "network"}), nil, FlowMapConfig{})
		assert.Empty(t, p.overlaps(), text)
	}
}

func TestEmptyAndCrowdedTablesAreRefused(t *testing.T) {
	_, err := FlowMap(readTable(t, "origin,destination,count\nA,B,0\n", referral.Meta{}), nil, FlowMapConfig{})
	require.ErrorIs(t, err, ErrNoFlows)
	var b strings.Builder
	b.WriteString("origin,destination,count\n")
	for i := range 200 {
		fmt.Fprintf(&b, "h%d,h%d,9\n", i, i+1)
	}
	_, err = FlowMap(readTable(t, b.String(), referral.Meta{}), nil, FlowMapConfig{})
	require.ErrorIs(t, err, ErrCrowded)
}

func TestMapDoesNotDependOnInputOrder(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(counted), "\n")
	var want []byte
	for seed := range uint64(5) {
		rows := append([]string{}, lines[1:]...)
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		d, err := FlowMap(readTable(t, lines[0]+"\n"+strings.Join(rows, "\n"), referral.Meta{}), nil, FlowMapConfig{})
		require.NoError(t, err)
		got, err := d.DOT()
		require.NoError(t, err)
		if want == nil {
			want = got
		}
		assert.Equal(t, string(want), string(got))
	}
}

func TestLargestFlowsAreKeptAndTheRestIsNamed(t *testing.T) {
	d, err := FlowMap(readTable(t, hospitals(30, 3), referral.Meta{Level: "hospital", Unit: referral.Patients}), nil, FlowMapConfig{MaxFlows: 20})
	require.NoError(t, err)
	heads := 0
	for _, a := range d.Arrows {
		if a.Head > 0 && !strings.HasPrefix(a.From, "legend") {
			heads++
		}
	}
	assert.LessOrEqual(t, heads, 20)
	assert.Positive(t, heads)
	text, err := d.DOT()
	require.NoError(t, err)
	assert.True(t, strings.Contains(string(text), "Not drawn: "))
}

// hospitals makes a counted table of n hospitals.
func hospitals(n int, seed uint64) string {
	r := rand.New(rand.NewPCG(seed, 2))
	var b strings.Builder
	b.WriteString("origin,destination,count\n")
	for i := range n {
		fmt.Fprintf(&b, "h%02d,h%02d,%d\n", i, i, 10+r.IntN(200))
		for _, j := range r.Perm(n)[:3] {
			if j != i {
				fmt.Fprintf(&b, "h%02d,h%02d,%d\n", i, j, 5+r.IntN(60))
			}
		}
	}
	return b.String()
}

func TestRandomNetworksDoNotOverlap(t *testing.T) {
	names := []string{"Onconovo+", "RO West", "EMBRAZE", "CONCORD", "OncoZON", "Oncomid", "Onco-Oost",
		"Oncologisch netwerk Friesland", "Groningen-Drenthe", "Twente-Salland"}
	s := dutchLandscape(t)
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 3))
		var b strings.Builder
		b.WriteString("origin,destination,count\n")
		for i, from := range names {
			fmt.Fprintf(&b, "%s,%s,%d\n", from, from, 20+r.IntN(300))
			for _, j := range r.Perm(len(names))[:1+r.IntN(3)] {
				if j != i {
					fmt.Fprintf(&b, "%s,%s,%d\n", from, names[j], 5+r.IntN(90))
				}
			}
		}
		table := readTable(t, b.String(), referral.Meta{Level: "network", Partition: "regional", Unit: referral.Patients, Synthetic: true})
		assert.Empty(t, drawn(t, table, s, FlowMapConfig{}).overlaps(), "seed %d", seed)
	}
}

func BenchmarkFlowMap(b *testing.B) {
	s := dutchLandscape(b)
	table := reportTable(b, 0)
	for b.Loop() {
		if _, err := FlowMap(table, s, FlowMapConfig{}); err != nil {
			b.Fatal(err)
		}
	}
}
