// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"math"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/graph/viz"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/pathway"
)

func waysOf(stages []string, ways map[string]int) pathway.Staged {
	w := pathway.Staged{Stages: stages}
	for steps, n := range ways {
		w.Ways = append(w.Ways, pathway.Variant{Steps: strings.Split(steps, ">"), Patients: n})
		w.Patients += n
	}
	slices.SortFunc(w.Ways, func(a, b pathway.Variant) int { return slices.Compare(a.Steps, b.Steps) })
	return w
}

// bars are the texts at the bars of a diagram.
func barTexts(d *viz.Drawing) []string {
	var out []string
	for _, x := range d.Texts {
		if strings.HasPrefix(x.ID, "bar ") {
			out = append(out, strings.TrimPrefix(x.ID, "bar ")+" "+x.Text)
		}
	}
	return out
}

// Ten stay at A, six go from A to B, and three and two to C and D: together five
// go elsewhere. Two at B and one at E remain as rarer ways, between 1 and 4.
func TestStagesByHand(t *testing.T) {
	w := waysOf([]string{"visit", "surgery"}, map[string]int{"A>A": 10, "A>B": 6, "A>C": 3, "A>D": 2, "B>none": 2, "E>A": 1})
	d, err := Stages(w, StagesConfig{})
	require.NoError(t, err)
	assert.Equal(t, []string{
		"0.0 A  21", "0.1 rarer ways  1 to 4",
		"1.0 A  10", "1.1 B  6", "1.2 other places  5", "1.3 rarer ways  1 to 4",
	}, barTexts(d))
	text := dotText(t, d)
	assert.Contains(t, text, "n = 22 to 25 patients")
	assert.Contains(t, text, "visit: A, surgery: other places: 5 patients")
	for _, not := range []string{"surgery: C", "surgery: D", ": E"} {
		assert.NotContains(t, text, not)
	}
	d, err = Stages(w, StagesConfig{Page: Page{AllowSmall: true}})
	require.NoError(t, err)
	text = dotText(t, d)
	assert.Contains(t, text, "visit: A, surgery: D: 2 patients")
	assert.Contains(t, text, "visit: B, surgery: none recorded: 2 patients")
	assert.Contains(t, text, "n = 24 patients")
	assert.Contains(t, text, "Do not publish")
}

// All patients pass every column, bands lead to the right, and are as high at
// both ends.
func TestStagesConserveAndLeadForward(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 4))
		ways := map[string]int{}
		classes := []string{"A", "B", "C", "D", pathway.StageNone, pathway.StageUnknown}
		for range 300 {
			ways[classes[r.IntN(4)]+">"+classes[r.IntN(6)]+">"+classes[r.IntN(6)]]++
		}
		k := newSankey(waysOf([]string{"1", "2", "3"}, ways), StagesConfig{})
		k.layPage()
		k.place()
		sum := 0
		for _, v := range k.ways {
			sum += v.n
			assert.GreaterOrEqual(t, v.n, 4)
		}
		for column, bars := range k.columns {
			n := 0
			for i, b := range bars {
				n += b.n
				in, out := 0, 0
				for _, e := range k.bands {
					if e.column == column && e.from == i {
						out += e.n
					}
					if e.column == column-1 && e.to == i {
						in += e.n
					}
				}
				if column > 0 {
					assert.Equal(t, b.n, in)
				}
				if column < 2 {
					assert.Equal(t, b.n, out)
				}
				if i > 0 {
					assert.Less(t, b.box.y1, bars[i-1].box.y0, "bars do not meet")
				}
				assert.InDelta(t, float64(b.n)*k.scale, b.box.height(), 1e-9)
				assert.True(t, b.box.inside(k.sheet.frame().grow(0.01)))
			}
			assert.Equal(t, sum, n)
		}
		d := k.sheet.begin()
		k.draw(d)
		for _, a := range d.Arrows {
			assert.LessOrEqual(t, a.Points[0].X, a.Points[3].X)
		}
	}
}

// Nothing drawn is about fewer than five patients, and the picture is the same
// for all ways that are hidden in it.
func TestStagesDoNotDependOnHiddenWays(t *testing.T) {
	counted := regexp.MustCompile(`(\d+) patients`)
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 6))
		places := []string{"A", "B", "C", "D", "E"}
		one, other := map[string]int{}, map[string]int{}
		for _, a := range places {
			for _, b := range places {
				if n := r.IntN(20); n >= 5 {
					one[a+">"+b], other[a+">"+b] = n, n
				}
			}
		}
		// Rare ways from one place to others: as many, divided otherwise.
		if len(one) == 0 {
			continue
		}
		for _, a := range places {
			var free []string
			for _, b := range places {
				if b != a && one[a+">"+b] == 0 {
					free = append(free, a+">"+b)
				}
			}
			if len(free) < 2 {
				continue
			}
			total := 2 + r.IntN(3)
			x := 1 + r.IntN(total-1)
			y := 1 + r.IntN(total-1)
			one[free[0]], one[free[1]] = x, total-x
			other[free[0]], other[free[1]] = y, total-y
		}
		var texts [2]string
		for i, ways := range []map[string]int{one, other} {
			d, err := Stages(waysOf([]string{"1", "2"}, ways), StagesConfig{MaxClasses: 1 + int(seed%4)})
			require.NoError(t, err)
			texts[i] = dotText(t, d)
			for _, m := range counted.FindAllStringSubmatch(texts[i], -1) {
				n, err := strconv.Atoi(m[1])
				require.NoError(t, err)
				// 5 stands in the note, 4 in "1 to 4".
				assert.True(t, n >= 5 || n == 4 && strings.Contains(texts[i], "1 to 4 patients"), m[0])
			}
		}
		assert.Equal(t, texts[0], texts[1], "seed %d", seed)
	}
	few := func(n int) string {
		d, err := Stages(waysOf([]string{"1", "2"}, map[string]int{"A>A": 50, "B>A": n}), StagesConfig{})
		require.NoError(t, err)
		return dotText(t, d)
	}
	for n := 2; n < smallCount; n++ {
		assert.Equal(t, few(1), few(n))
	}
}

func TestStagesTakeTheSmallestClassesTogether(t *testing.T) {
	w := waysOf([]string{"1", "2"}, map[string]int{"A>A": 50, "B>A": 40, "C>B": 30, "D>B": 20, "E>C": 10})
	d, err := Stages(w, StagesConfig{MaxClasses: 2})
	require.NoError(t, err)
	assert.Equal(t, []string{"0.0 A  50", "0.1 B  40", "0.2 other places  60", "1.0 A  90", "1.1 B  50", "1.2 other places  10"}, barTexts(d))
}

// On a narrow page labels are cut before the next column, and keep their number.
func TestStageLabelsAreCut(t *testing.T) {
	long := strings.Repeat("Oncologisch netwerk ", 2) + "Friesland"
	w := waysOf([]string{"1", "2", "3", "4"}, map[string]int{long + ">" + long + ">" + long + ">B": 50, "A>B>" + long + ">none": 40})
	d, err := Stages(w, StagesConfig{Page: Page{Width: 330}})
	require.NoError(t, err)
	var columns [4]float64
	right := [4]float64{}
	for _, x := range d.Texts {
		if !strings.HasPrefix(x.ID, "bar ") {
			continue
		}
		k := int(x.ID[4] - '0')
		columns[k] = x.At.X
		right[k] = max(right[k], x.At.X+viz.TextWidth(x.Text, x.Size, x.Bold))
		assert.Regexp(t, `(40|50|90)$`, x.Text)
	}
	for k := range 3 {
		assert.Less(t, right[k], columns[k+1]-barWidth)
	}
	assert.LessOrEqual(t, right[3], 330.0)
}

// Names that would be cut to the same few letters have a letter, which the last
// column or a note explains.
func TestStageLettersStandForNames(t *testing.T) {
	w := waysOf([]string{"1", "2", "3", "4"}, map[string]int{"Onconovo+>Onconovo+>Oncologisch West>Onconovo+": 50, "Onco-Oost>Onco-Oost>Onco-Oost>Onco-Oost": 40})
	d, err := Stages(w, StagesConfig{Page: Page{Width: 300}})
	require.NoError(t, err)
	assert.Equal(t, []string{"0.0 A  40", "0.1 B  50", "1.0 A  40", "1.1 B  50", "2.0 A  40", "2.1 C  50", "3.0 A Onco-Oost  40", "3.1 B Onconovo+  50"}, barTexts(d))
	assert.Contains(t, allText(d), "Letters: C Oncologisch West.")
	d, err = Stages(w, StagesConfig{})
	require.NoError(t, err)
	assert.Equal(t, "0.0 Onco-Oost  40", barTexts(d)[0])
}

// The cells of a heat map, its numbers, shades and signs.
func TestHeatMapByHand(t *testing.T) {
	meta := referral.Meta{Unit: referral.Patients, Level: referral.LevelNetwork}
	list := []referral.Flow{
		{Origin: "A", Destination: "A", Cell: referral.Count(60)},
		{Origin: "A", Destination: "B", Cell: referral.Count(3)},
		{Origin: "B", Destination: "A", Cell: referral.Count(7)},
		{Origin: "B", Destination: "B", Cell: referral.PresentCell()},
		{Origin: "C", Destination: "D", Cell: referral.Count(150)},
		{Origin: "C", Destination: "C", Cell: referral.MissingCell()},
		{Origin: "D", Destination: "C", Cell: referral.StructuralCell()},
		{Origin: "D", Destination: "D", Cell: referral.Between(5, 9)},
	}
	table, err := referral.FromFlows(meta, referral.AbsentByKind, slices.Values(list))
	require.NoError(t, err)
	d, err := HeatMap(table, HeatMapConfig{})
	require.NoError(t, err)
	tips := map[string]string{}
	for _, a := range d.Arrows {
		if a.Stroke.Width > 10 {
			tips[a.Tooltip] = a.Stroke.Color
		}
	}
	h := newHeat(table, HeatMapConfig{})
	assert.Equal(t, []float64{5, 10, 20, 50, 100}, h.steps)
	assert.Equal(t, heatColors[3], tips["A, own: 60 patients"])
	assert.Equal(t, heatColors[0], tips["B to A: 7 patients"])
	assert.Equal(t, heatColors[4], tips["C to D: 150 patients"])
	assert.Equal(t, heatColors[0], tips["A to B: 1 to 4 patients"], "hatched on blue")
	assert.Equal(t, heatColors[0], tips["D, own: 5 to 9 patients"])
	assert.Equal(t, heatColors[0], tips["B, own: occurs, number not published"])
	text := dotText(t, d)
	assert.Contains(t, text, "C, own: ")
	assert.Contains(t, text, "D to C: Point: cannot occur.")
	assert.NotContains(t, text, ": 3 patients")
	// A with B and C with D are the communities; the larger numbers come first in each.
	var rows []string
	for _, x := range d.Texts {
		if strings.HasPrefix(x.ID, "row ") {
			rows = append(rows, x.Text)
		}
	}
	assert.Equal(t, []string{"A  1", "B  2", "D  3", "C  4"}, rows)
}

func TestHeatSteps(t *testing.T) {
	for _, c := range []struct {
		most  float64
		small bool
		want  []float64
	}{
		{0, false, []float64{5}}, {5, false, []float64{5}}, {30, false, []float64{5, 10, 20}},
		{9, true, []float64{1, 2, 5}}, {100, false, []float64{5, 10, 20, 50, 100}},
	} {
		assert.Equal(t, c.want, heatSteps(c.most, c.small), "%g", c.most)
	}
	for _, most := range []float64{1e3, 1e5, math.Pow(2, 53)} {
		steps := heatSteps(most, false)
		assert.LessOrEqual(t, len(steps), len(heatColors))
		assert.True(t, slices.IsSorted(steps))
		assert.InDelta(t, 5, steps[0], 0)
		assert.Greater(t, steps[len(steps)-1], most/10)
	}
}

// Eighty hospitals fit on A4, with a number for each and a key to the names.
func TestLargeHeatMapFitsThePage(t *testing.T) {
	table := manyHospitals(t)
	d, err := HeatMap(table, HeatMapConfig{})
	require.NoError(t, err)
	assert.LessOrEqual(t, d.Height, pageHeight+0.5)
	assert.LessOrEqual(t, d.Width, pageWidth)
	var boxes []box
	for _, x := range d.Texts {
		w := viz.TextWidth(x.Text, x.Size, x.Bold)
		left := x.At.X - w*float64(1+x.Align)/2
		boxes = append(boxes, box{left, x.At.Y, left + w, x.At.Y + 0.7*x.Size})
	}
	for i, a := range boxes {
		for j, b := range boxes[:i] {
			assert.False(t, a.meets(b), "%q meets %q", d.Texts[i].Text, d.Texts[j].Text)
		}
	}
	text := dotText(t, d)
	for i, label := range table.Origins() {
		assert.Contains(t, text, label, i)
	}
}
