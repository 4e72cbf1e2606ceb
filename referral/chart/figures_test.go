// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/graph/viz"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/pathway"
)

// figures draws every kind of map and matrix from the same rows, in the order
// given, with small counts and an unknown one among them.
func figures(t testing.TB, names [5]string, p Page, order []int) map[string]*viz.Drawing {
	t.Helper()
	flows := []referral.Flow{
		{Origin: names[0], Destination: names[0], Cell: referral.Count(60)},
		{Origin: names[0], Destination: names[1], Cell: referral.Count(40)},
		{Origin: names[0], Destination: names[2], Cell: referral.Count(3)},
		{Origin: names[1], Destination: names[1], Cell: referral.Count(100)},
		{Origin: names[1], Destination: names[2], Cell: referral.PresentCell()},
		{Origin: names[2], Destination: names[3], Cell: referral.Between(5, 9)},
		{Origin: names[2], Destination: names[2], Cell: referral.Count(2)},
		{Origin: names[3], Destination: names[1], Cell: referral.MissingCell()},
		{Origin: names[3], Destination: names[3], Cell: referral.Count(12)},
		{Origin: names[4], Destination: names[0], Cell: referral.Count(25)},
	}
	table := func(extra float64) *referral.Table {
		sorted := make([]referral.Flow, len(flows))
		for i, k := range order {
			sorted[i] = flows[k]
			if c := sorted[i].Cell; c.Known() && c.Lo >= 5 {
				sorted[i].Cell = referral.Count(c.Lo + extra*float64(k+1))
			}
		}
		year, err := network.ParsePeriod(fmt.Sprint(2019 + int(extra)))
		require.NoError(t, err)
		m := referral.Meta{Title: names[1], Unit: referral.Patients, Level: referral.LevelNetwork, Period: year, Tumor: names[2], Source: names[3]}
		out, err := referral.FromFlows(m, referral.AbsentByKind, slices.Values(sorted))
		require.NoError(t, err)
		return out
	}
	a, b := table(0), table(1)
	out := map[string]*viz.Drawing{}
	put := func(name string, d *viz.Drawing, err error) {
		require.NoError(t, err, name)
		out[name] = d
	}
	d, err := FlowMap(a, nil, FlowMapConfig{Page: p})
	put("flow map", d, err)
	d, err = FlowMaps([]Panel{{Table: a}, {Title: names[0], Table: b}}, nil, FlowMapsConfig{Page: p})
	put("flow maps", d, err)
	d, err = Difference(a, b, nil, DifferenceConfig{Page: p, Before: names[0]})
	put("difference", d, err)
	d, err = HeatMap(a, HeatMapConfig{Page: p})
	put("heat map", d, err)
	groups, err := network.NewPartition("p", map[string]string{names[0]: names[3], names[1]: names[3], names[2]: names[4]})
	require.NoError(t, err)
	d, err = HeatMap(a, HeatMapConfig{Page: p, Groups: groups})
	put("heat map of groups", d, err)
	w := pathway.Staged{Stages: []string{names[3], names[4]}}
	for _, k := range order {
		w.Ways = append(w.Ways, pathway.Variant{Steps: []string{names[k%5], []string{names[k/2], pathway.StageNone, pathway.StageUnknown}[k%3]}, Patients: 3 * k})
	}
	d, err = Stages(w, StagesConfig{Page: p})
	put("stages", d, err)
	return out
}

// hostileTitles are refused as labels of a table, but not as titles.
var hostileTitles = []string{"two\nlines", "tab\there", "\u202eevil", "bell\a", "\u0000"}

var (
	plainNames = [5]string{"North", "East", "South", "West", "Center"}
	inOrder    = []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}
)

func dotText(t testing.TB, d *viz.Drawing) string {
	t.Helper()
	text, err := d.DOT()
	require.NoError(t, err)
	return string(text)
}

func TestFiguresDoNotDependOnInputOrder(t *testing.T) {
	want := figures(t, plainNames, Page{}, inOrder)
	for seed := range uint64(4) {
		order := rand.New(rand.NewPCG(seed, 9)).Perm(10)
		for name, d := range figures(t, plainNames, Page{}, order) {
			assert.Equal(t, dotText(t, want[name]), dotText(t, d), name)
		}
	}
}

// Everything that is drawn says what it is when pointed at, except the ground,
// rules and leader lines, which are shapes of the background.
func TestEverythingHasATitle(t *testing.T) {
	all := figures(t, plainNames, Page{}, inOrder)
	d, err := Landscape(dutchLandscape(t), LandscapeConfig{})
	require.NoError(t, err)
	all["landscape"] = d
	for name, d := range all {
		for _, x := range d.Discs {
			assert.NotEmpty(t, x.Tooltip, "%s: disc %s", name, x.ID)
		}
		for _, x := range d.Arrows {
			assert.NotEmpty(t, x.Tooltip, "%s: arrow %s to %s", name, x.From, x.To)
		}
		for _, x := range d.Texts {
			assert.True(t, x.ID == "" || x.Tooltip != "", "%s: text %s", name, x.ID)
		}
		assert.Contains(t, svgOf(t, d), "<title>", name)
	}
}

func svgOf(t testing.TB, d *viz.Drawing) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, viz.RenderSVG(context.Background(), &b, []byte(dotText(t, d)), viz.Options{}))
	return b.String()
}

// On A4 and on a phone, in both languages, every text of a map, matrix or
// diagram is on the page, legible, complete and free of other texts. The figures
// of numbers are in TestFiguresAreReadable.
func TestTextsOfFigures(t *testing.T) {
	dutch := dutchLandscape(t)
	many := manyHospitals(t)
	long := [5]string{"Oncologisch netwerk Friesland", "Groningen-Drenthe", "Regionaal streekziekenhuis met een lange naam", "W", "Oncologisch netwerk Oost-Nederland"}
	for _, lang := range []Language{English, Dutch} {
		for _, width := range []float64{0, 360} {
			p := Page{Lang: lang, Width: width, Synthetic: true, Notes: []string{strings.Repeat("https://example.org/", 40)}}
			all := figures(t, plainNames, p, inOrder)
			for name, d := range figures(t, long, p, inOrder) {
				all[name+" of long names"] = d
			}
			put := func(name string, d *viz.Drawing, err error) {
				require.NoError(t, err, name)
				all[name] = d
			}
			d, err := Landscape(dutch, LandscapeConfig{Page: p})
			put("landscape", d, err)
			d, err = FlowMap(many, dutch, FlowMapConfig{Page: p})
			put("flow map of hospitals", d, err)
			d, err = HeatMap(many, HeatMapConfig{Page: p})
			put("heat map of hospitals", d, err)
			var panels []Panel
			for i := range 3 {
				panels = append(panels, Panel{Table: reportTable(t, i)})
			}
			d, err = FlowMaps(panels, dutch, FlowMapsConfig{Page: p})
			put("flow maps of the report", d, err)
			d, err = Stages(fourStages(), StagesConfig{Page: p})
			put("stages of hospitals", d, err)
			for name, d := range all {
				assert.Empty(t, readPicture(t, d).textFaults(), "%s, %s, %g", name, lang, width)
			}
		}
	}
	en, nl := figures(t, plainNames, Page{}, inOrder), figures(t, plainNames, Page{Lang: Dutch}, inOrder)
	for name := range en {
		assert.NotEqual(t, dotText(t, en[name]), dotText(t, nl[name]), name)
	}
}

func TestSyntheticIsMarked(t *testing.T) {
	for name, d := range figures(t, plainNames, Page{Synthetic: true}, inOrder) {
		assert.Contains(t, dotText(t, d), "SYNTHETIC DATA", name)
	}
	meta := referral.Meta{Level: referral.LevelNetwork, Synthetic: true}
	d, err := HeatMap(readTable(t, counted, meta), HeatMapConfig{})
	require.NoError(t, err)
	assert.Contains(t, dotText(t, d), "SYNTHETIC DATA")
	d, err = Stages(pathway.Staged{Stages: []string{"a", "b"}, Synthetic: true, Ways: []pathway.Variant{{Steps: []string{"x", "y"}, Patients: 9}}}, StagesConfig{})
	require.NoError(t, err)
	assert.Contains(t, dotText(t, d), "SYNTHETIC DATA")
}

// hostile are names that mean something to a reader of SVG, a spreadsheet, DOT
// or a terminal, or are hard to set.
var hostile = []string{
	`"><script>alert(1)</script>`, "=cmd()|'/c calc'!A0", strings.TrimSpace(strings.Repeat("Very long name ", 20)), "مركز الأورام",
	`back\slash\N\G\E`, `\n\l\r`, "a & b <i>", "]]>", "%s%d", "{|}", "-->", "é̂̂",
}

func TestHostileNames(t *testing.T) {
	for i := 0; i < len(hostile); i += 5 {
		var names [5]string
		for k := range names {
			names[k] = hostile[(i+k)%len(hostile)]
		}
		checkHarmless(t, names, hostileTitles[i/5%len(hostileTitles)])
	}
	checkHarmless(t, plainNames, strings.Join(hostileTitles, " "))
}

func checkHarmless(t testing.TB, names [5]string, title string) {
	for name, d := range figures(t, names, Page{Title: title, Subtitle: names[0], Source: names[1], Notes: names[:1]}, inOrder) {
		svg := svgOf(t, d)
		dec := xml.NewDecoder(strings.NewReader(svg))
		for {
			tok, err := dec.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			require.NoError(t, err, name)
			if e, ok := tok.(xml.StartElement); ok {
				require.NotEqual(t, "script", strings.ToLower(e.Name.Local), name)
				for _, a := range e.Attr {
					require.False(t, strings.HasPrefix(strings.ToLower(a.Name.Local), "on"), "%s: %s", name, a.Name.Local)
					require.NotEqual(t, "href", a.Name.Local, name)
				}
			}
		}
	}
}

func FuzzNames(f *testing.F) {
	for _, h := range hostile {
		f.Add(h, "b")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		names := [5]string{a, b, "c", "d", a + b}
		seen := map[string]bool{}
		for _, n := range names {
			if strings.TrimSpace(n) == "" || seen[n] || len(n) > 300 {
				t.Skip()
			}
			seen[n] = true
		}
		meta := referral.Meta{Level: referral.LevelNetwork}
		flows := []referral.Flow{{Origin: a, Destination: b, Cell: referral.Count(9)}, {Origin: b, Destination: "c", Cell: referral.PresentCell()}}
		table, err := referral.FromFlows(meta, referral.AbsentByKind, slices.Values(flows))
		if err != nil || len(table.Classes()) != 3 {
			t.Skip() // refused as a label, or a class with a meaning
		}
		if d, err := FlowMap(table, nil, FlowMapConfig{}); err == nil {
			_, err := d.DOT()
			require.NoError(t, err)
		}
		if d, err := HeatMap(table, HeatMapConfig{}); err == nil {
			svg := svgOf(t, d)
			require.NotContains(t, svg, "<script")
			require.NoError(t, xml.Unmarshal([]byte(svg), new(struct{})))
		}
		d, err := Stages(pathway.Staged{Stages: []string{a, b}, Ways: []pathway.Variant{{Steps: []string{b, a}, Patients: 9}}}, StagesConfig{})
		require.NoError(t, err)
		require.NoError(t, xml.Unmarshal([]byte(svgOf(t, d)), new(struct{})))
	})
}

// A table differs from another in its hidden counts only: every figure is the
// same to the last byte.
func TestFiguresDoNotDependOnSmallCounts(t *testing.T) {
	names := []string{"N0", "N1", "N2", "N3", "N4"}
	for seed := range uint64(10) {
		r := rand.New(rand.NewPCG(seed, 11))
		var texts [2][2]strings.Builder // of both variants, before and after
		for side := range 2 {
			for v := range 2 {
				texts[v][side].WriteString("origin,destination,count\n")
			}
			for _, a := range names {
				for _, b := range names {
					x := r.IntN(14)
					for v := range 2 {
						y := x
						if x >= 1 && x <= 4 {
							y = 1 + r.IntN(4)
						}
						fmt.Fprintf(&texts[v][side], "%s,%s,%d\n", a, b, y)
					}
				}
			}
		}
		var drawn [2]map[string]string
		for v := range 2 {
			meta := referral.Meta{Title: "T", Unit: referral.Patients, Level: referral.LevelNetwork}
			a, b := readTable(t, texts[v][0].String(), meta), readTable(t, texts[v][1].String(), meta)
			drawn[v] = map[string]string{}
			for name, f := range map[string]func() (*viz.Drawing, error){
				"panels": func() (*viz.Drawing, error) {
					return FlowMaps([]Panel{{"a", a}, {"b", b}}, nil, FlowMapsConfig{MaxFlows: 1 + int(seed)})
				},
				"difference": func() (*viz.Drawing, error) { return Difference(a, b, nil, DifferenceConfig{MaxFlows: 3 + int(seed)}) },
				"heat":       func() (*viz.Drawing, error) { return HeatMap(a, HeatMapConfig{Seed: seed}) },
			} {
				d, err := f()
				require.NoError(t, err, name)
				drawn[v][name] = dotText(t, d)
			}
		}
		for name := range drawn[0] {
			assert.Equal(t, drawn[0][name], drawn[1][name], "%s, seed %d", name, seed)
		}
	}
}

func TestFigureConfigsAreChecked(t *testing.T) {
	table := readTable(t, counted, referral.Meta{})
	other := readTable(t, counted, referral.Meta{Unit: referral.Treatments})
	bad := Page{Width: -1}
	changed := readTable(t, "origin,destination,count\nA,B,400\n", referral.Meta{})
	ways := pathway.Staged{Stages: []string{"a", "b"}, Ways: []pathway.Variant{{Steps: []string{"x", "y"}, Patients: 9}}}
	for name, f := range map[string]func() (*viz.Drawing, error){
		"no panels":        func() (*viz.Drawing, error) { return FlowMaps(nil, nil, FlowMapsConfig{}) },
		"panel of nothing": func() (*viz.Drawing, error) { return FlowMaps([]Panel{{}}, nil, FlowMapsConfig{}) },
		"many panels":      func() (*viz.Drawing, error) { return FlowMaps(make([]Panel, 99), nil, FlowMapsConfig{}) },
		"columns":          func() (*viz.Drawing, error) { return FlowMaps([]Panel{{"", table}}, nil, FlowMapsConfig{Columns: -1}) },
		"units": func() (*viz.Drawing, error) {
			return FlowMaps([]Panel{{"", table}, {"", other}}, nil, FlowMapsConfig{})
		},
		"panels page":    func() (*viz.Drawing, error) { return FlowMaps([]Panel{{"", table}}, nil, FlowMapsConfig{Page: bad}) },
		"other units":    func() (*viz.Drawing, error) { return Difference(table, other, nil, DifferenceConfig{}) },
		"no table":       func() (*viz.Drawing, error) { return Difference(nil, other, nil, DifferenceConfig{}) },
		"flows":          func() (*viz.Drawing, error) { return Difference(table, table, nil, DifferenceConfig{MaxFlows: -1}) },
		"no snapshot":    func() (*viz.Drawing, error) { return Landscape(nil, LandscapeConfig{}) },
		"landscape page": func() (*viz.Drawing, error) { return Landscape(dutchLandscape(t), LandscapeConfig{Page: bad}) },
		"heat page":      func() (*viz.Drawing, error) { return HeatMap(table, HeatMapConfig{Page: bad}) },
		"stages page":    func() (*viz.Drawing, error) { return Stages(ways, StagesConfig{Page: bad}) },
		"one stage":      func() (*viz.Drawing, error) { return Stages(pathway.Staged{Stages: []string{"a"}}, StagesConfig{}) },
		"classes":        func() (*viz.Drawing, error) { return Stages(ways, StagesConfig{MaxClasses: -1}) },
		"steps": func() (*viz.Drawing, error) {
			return Stages(pathway.Staged{Stages: []string{"a", "b"}, Ways: []pathway.Variant{{Steps: []string{"x"}, Patients: 9}}}, StagesConfig{})
		},
	} {
		_, err := f()
		assert.ErrorIs(t, err, ErrConfig, name)
	}
	tight := Page{Width: 300, Height: 400, Notes: slices.Repeat([]string{"A note that takes a line of its own, or two."}, 30)}
	for name, f := range map[string]func() (*viz.Drawing, error){
		"flow map":   func() (*viz.Drawing, error) { return FlowMap(table, nil, FlowMapConfig{Page: tight}) },
		"flow maps":  func() (*viz.Drawing, error) { return FlowMaps([]Panel{{"", table}}, nil, FlowMapsConfig{Page: tight}) },
		"difference": func() (*viz.Drawing, error) { return Difference(table, changed, nil, DifferenceConfig{Page: tight}) },
		"landscape":  func() (*viz.Drawing, error) { return Landscape(dutchLandscape(t), LandscapeConfig{Page: tight}) },
		"stages":     func() (*viz.Drawing, error) { return Stages(ways, StagesConfig{Page: tight}) },
	} {
		_, err := f()
		assert.ErrorIs(t, err, ErrConfig, name)
	}
	_, err := HeatMap(table, HeatMapConfig{Page: tight})
	require.ErrorIs(t, err, ErrCrowded)
	_, err = FlowMaps(slices.Repeat([]Panel{{"", table}}, 24), nil, FlowMapsConfig{Columns: 24})
	require.ErrorIs(t, err, ErrCrowded)
	none := readTable(t, "origin,destination,count\nA,B,0\n", referral.Meta{})
	_, err = FlowMaps([]Panel{{"", none}}, nil, FlowMapsConfig{})
	require.ErrorIs(t, err, ErrNoFlows)
	_, err = Difference(table, table, nil, DifferenceConfig{Page: Page{AllowSmall: true}})
	require.ErrorIs(t, err, ErrNoFlows)
	_, err = HeatMap(none, HeatMapConfig{})
	require.ErrorIs(t, err, ErrNoFlows)
	_, err = Stages(pathway.Staged{Stages: []string{"a", "b"}}, StagesConfig{})
	require.ErrorIs(t, err, ErrNoFlows)
	empty, err := network.ReadLandscape(fstest.MapFS{"hospitals.csv": {Data: []byte("hospital\nA\n")}})
	require.NoError(t, err)
	_, err = Landscape(empty.On(0), LandscapeConfig{})
	require.ErrorIs(t, err, ErrNoFlows, "no hospital has a place")
	_, err = HeatMap(table, HeatMapConfig{Resolution: -1})
	require.Error(t, err)
}

// fourStages are ways between a few dozen hospitals with names that begin alike.
func fourStages() pathway.Staged {
	w := pathway.Staged{Stages: []string{"first visit", "surgery", "radiotherapy", "followup"}}
	for i := range 30 {
		name := func(k int) string { return fmt.Sprintf("Onze-Lieve-Vrouweziekenhuis %02d", k%30) }
		w.Ways = append(w.Ways, pathway.Variant{Steps: []string{name(i), name(i / 3), pathway.StageNone, name(i / 2)}, Patients: 9 * (i + 1)})
	}
	return w
}
