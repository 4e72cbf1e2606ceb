// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/oncoref/oncoref/graph/viz"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/pathway"
)

// StagesConfig says how a stage diagram looks. A Height of 0 gives it 420
// points between header and legend.
type StagesConfig struct {
	Page
	MaxClasses int // at most so many hospitals or groups in a column, the rest together; 0 means 12
}

// Stages draws where patients were in each stage of their care, as a Sankey
// diagram: a column for each stage, a bar for each class in it, and bands
// from one column to the next. Bands only ever lead to the next column, so that
// the diagram has no cycle whatever the order of events was. Patients without
// the stage, and those whose hospital is not known there, have bars of their
// own. A band is darker where patients stay in the same class. Where the page is
// too narrow for the names, letters stand for them, with the names at the last column.
//
// Without AllowSmall nothing is drawn from fewer than five patients with the
// same way through all stages: rarer ways are first taken together by where
// they begin and whether they lead elsewhere, and what remains is one band of
// rarer ways, drawn as between 1 and 4 if it is that small. Every number in the
// picture is a sum of groups of at least five, so that no number can be worked
// out from the others; the same for all ways that are hidden.
//
// It returns ErrNoFlows without patients, and errors matching ErrConfig for
// fewer than two stages, ways that do not have them, and settings that make no
// page. Time O(w·k + b²) for w ways through k stages and b bands.
func Stages(ways pathway.Staged, c StagesConfig) (*viz.Drawing, error) {
	if err := checkPage(c.Page); err != nil {
		return nil, err
	}
	if c.MaxClasses < 0 {
		return nil, fmt.Errorf("%w: at most %d classes, want 1 or more, or 0", ErrConfig, c.MaxClasses)
	}
	if len(ways.Stages) < 2 {
		return nil, fmt.Errorf("%w: %d stages, want 2 or more", ErrConfig, len(ways.Stages))
	}
	for _, v := range ways.Ways {
		if len(v.Steps) != len(ways.Stages) || v.Patients < 0 {
			return nil, fmt.Errorf("%w: a way of %d steps through %d stages", ErrConfig, len(v.Steps), len(ways.Stages))
		}
	}
	k := newSankey(ways, c)
	if len(k.ways) == 0 {
		return nil, ErrNoFlows
	}
	k.layPage()
	if err := k.sheet.roomy(); err != nil {
		return nil, err
	}
	k.place()
	d := k.sheet.begin()
	k.draw(d)
	k.sheet.draw(d)
	return d, nil
}

// The classes of a column that are no places. They begin with a character that
// no label has.
const (
	classNone    = "\x01"
	classUnknown = "\x02"
	classOther   = "\x03"
	classRare    = "\x04"
)

// sankey is a stage diagram in the making.
type sankey struct {
	c       StagesConfig
	w       words
	sheet   *sheet
	stages  []string
	meta    referral.Meta
	ways    []way
	few     bool // the rarer ways are 1 to 4 patients
	classes []string
	columns [][]stageBar
	bands   []stageBand
	scale   float64 // points for a patient
	step    float64 // points from a column to the next
	letters bool    // stand for the names before the last column, which has both
}

// way is a number of patients with the same classes in all stages.
type way struct {
	steps []string
	n     int
}

// stageBar is a class in a column.
type stageBar struct {
	class string
	n     int
	box   box
}

// stageBand leads from a bar of a column to one of the next.
type stageBand struct {
	column, from, to int
	n                int
	y0, y1           float64 // of its middle, at both ends
}

const (
	barWidth    = 9.0
	barLabel    = 8.0
	barGap      = 4.0
	stageHeight = 420.0
	stageHead   = 20.0
	stageSize   = 9.5 // font size of the names of stages
)

func newSankey(ways pathway.Staged, c StagesConfig) *sankey {
	if c.MaxClasses == 0 {
		c.MaxClasses = 12
	}
	k := &sankey{c: c, w: wordsIn(c.Lang)}
	for _, name := range ways.Stages {
		k.stages = append(k.stages, k.w.care(strings.ToValidUTF8(name, "\ufffd")))
	}
	k.meta = referral.Meta{Period: ways.Period, Tumor: ways.Tumor, Synthetic: ways.Synthetic, Level: referral.LevelHospital, Source: ways.Source}
	if ways.Grouped {
		k.meta.Level = referral.LevelNetwork
	}
	k.gate(ways.Ways)
	k.keepLargest()
	k.count()
	return k
}

// gate takes rare ways together until none has fewer than five patients.
func (k *sankey) gate(ways []pathway.Variant) {
	least := smallCount
	if k.c.AllowSmall {
		least = 1
	}
	sums := func(ways []way) (enough, rest []way) {
		slices.SortFunc(ways, func(a, b way) int { return slices.Compare(a.steps, b.steps) })
		for _, v := range ways {
			if n := len(enough); n > 0 && slices.Equal(enough[n-1].steps, v.steps) {
				enough[n-1].n += v.n
				continue
			}
			enough = append(enough, v)
		}
		for _, v := range enough {
			if v.n < least {
				rest = append(rest, v)
			}
		}
		return slices.DeleteFunc(enough, func(v way) bool { return v.n < least }), rest
	}
	var all []way
	for _, v := range ways {
		if v.Patients == 0 {
			continue
		}
		steps := make([]string, len(v.Steps))
		for i, s := range v.Steps {
			steps[i] = classIn(s)
		}
		all = append(all, way{steps, v.Patients})
	}
	whole, rest := sums(all)
	for i, v := range rest {
		rest[i].steps = coarse(v.steps)
	}
	rough, rest := sums(rest)
	k.ways = append(whole, rough...)
	rare := 0
	for _, v := range rest {
		rare += v.n
	}
	if rare > 0 {
		if k.few = rare < least; k.few {
			rare = smallCount - 1
		}
		k.ways = append(k.ways, way{slices.Repeat([]string{classRare}, len(k.stages)), rare})
	}
}

// classIn is the class of a step.
func classIn(step string) string {
	switch step {
	case pathway.StageNone:
		return classNone
	case pathway.StageUnknown:
		return classUnknown
	}
	return strings.ToValidUTF8(step, "\ufffd")
}

// coarse is a way that keeps where it begins and says of later stages only
// whether they are there, elsewhere, nowhere or not known.
func coarse(steps []string) []string {
	out := slices.Clone(steps)
	for i, s := range steps {
		if i > 0 && s != steps[0] && s != classNone && s != classUnknown {
			out[i] = classOther
		}
	}
	return out
}

// keepLargest takes the smallest classes of each column together.
func (k *sankey) keepLargest() {
	for column := range k.stages {
		count := map[string]int{}
		for _, v := range k.ways {
			count[v.steps[column]] += v.n
		}
		var places []string
		for class := range count {
			if class > classRare {
				places = append(places, class)
			}
		}
		slices.SortFunc(places, func(a, b string) int { return cmp.Or(count[b]-count[a], cmp.Compare(a, b)) })
		if len(places) <= k.c.MaxClasses {
			continue
		}
		for i, v := range k.ways {
			if slices.Contains(places[k.c.MaxClasses:], v.steps[column]) {
				k.ways[i].steps[column] = classOther
			}
		}
	}
}

// count makes the bars and the bands.
func (k *sankey) count() {
	total := map[string]int{}
	for _, v := range k.ways {
		for _, s := range v.steps {
			total[s] += v.n
		}
	}
	for class := range total {
		k.classes = append(k.classes, class)
	}
	last := func(class string) int { // classes that are no places stand below
		if class <= classRare {
			return int(class[0])
		}
		return 0
	}
	slices.SortFunc(k.classes, func(a, b string) int { return cmp.Or(last(a)-last(b), total[b]-total[a], cmp.Compare(a, b)) })
	index := make([]map[string]int, len(k.stages))
	for column := range k.stages {
		index[column] = map[string]int{}
		var bars []stageBar
		for _, class := range k.classes {
			n := 0
			for _, v := range k.ways {
				if v.steps[column] == class {
					n += v.n
				}
			}
			if n > 0 {
				index[column][class] = len(bars)
				bars = append(bars, stageBar{class: class, n: n})
			}
		}
		k.columns = append(k.columns, bars)
	}
	for column := range len(k.stages) - 1 {
		pairs := map[[2]int]int{}
		for _, v := range k.ways {
			pairs[[2]int{index[column][v.steps[column]], index[column+1][v.steps[column+1]]}] += v.n
		}
		var bands []stageBand
		for pair, n := range pairs {
			bands = append(bands, stageBand{column: column, from: pair[0], to: pair[1], n: n})
		}
		slices.SortFunc(bands, func(a, b stageBand) int { return cmp.Or(a.from-b.from, a.to-b.to) })
		k.bands = append(k.bands, bands...)
	}
}

// layPage writes header, legend and notes.
func (k *sankey) layPage() {
	s := newSheet(k.c.Page, k.meta)
	k.sheet = s
	w := &k.w
	s.title = cmp.Or(s.title, w.stagesTitle)
	s.about = k.c.Subtitle
	if s.about == "" {
		parts := []string{fmt.Sprintf(w.stagesAbout, w.class(k.meta.Level))}
		if period := s.page.Period.String(); period != "" {
			parts = append(parts, fmt.Sprintf(w.period, period))
		}
		if k.meta.Tumor != "" {
			parts = append(parts, fmt.Sprintf(w.tumor, strings.ReplaceAll(k.meta.Tumor, "_", " ")))
		}
		parts = append(parts, fmt.Sprintf(w.number, w.amount(k.total()), w.patients))
		s.about = strings.Join(parts, ". ")
	}
	s.explain(w.stagesBand, 0, func(p *pen, c viz.Point) {
		bar(p.d, p.point(c), boxAround(viz.Point{X: c.X, Y: c.Y + 5}, 34, 7), mixed(originColor(0), stayTone), p.tip)
		bar(p.d, p.point(c), boxAround(viz.Point{X: c.X, Y: c.Y - 5}, 34, 7), mixed(originColor(0), moveTone), p.tip)
	})
	s.explain(w.stagesOrder, 0, nil)
	if k.c.AllowSmall {
		s.note(true, w.smallShown)
	} else {
		s.note(false, w.stagesGate)
	}
	k.useLetters()
	s.finish()
	s.fix(stageHeight)
}

// useLetters puts letters for the names where so little of some name would be
// left that it could be another's. The last column and a note say what they are.
func (k *sankey) useLetters() {
	const least = 8 // characters of a name
	k.step = k.columnStep()
	last := len(k.columns) - 1
	for _, bars := range k.columns[:last] {
		for i := range bars {
			name := []rune(shorten(k.name(bars[i].class)))
			room := k.step - barWidth - 8 - viz.TextWidth("…  "+k.numberAt(&bars[i]), barLabel, false)
			k.letters = k.letters || len(name) > least && fitting(name, room, barLabel, false) < least
		}
	}
	if !k.letters {
		return
	}
	var list []string
	for i, class := range k.classes {
		if !slices.ContainsFunc(k.columns[last], func(b stageBar) bool { return b.class == class }) {
			list = append(list, letterOf(i)+" "+plain(k.name(class)))
		}
	}
	if len(list) > 0 {
		k.sheet.note(false, fmt.Sprintf(k.w.letters, strings.Join(list, ", ")))
	}
}

// columnStep is how far the columns are from each other.
func (k *sankey) columnStep() float64 {
	return (k.sheet.width() - k.labelRoom() - barWidth) / float64(max(1, len(k.columns)-1))
}

// total is the number of patients in the picture.
func (k *sankey) total() amount {
	sum := 0
	for _, v := range k.ways {
		if k.few && v.steps[0] == classRare {
			continue
		}
		sum += v.n
	}
	if k.few {
		return amount{float64(sum + 1), float64(sum + smallCount - 1), false}
	}
	return exactly(float64(sum))
}

// place finds the scale with which the fullest column fits, and puts bars and
// bands in their places.
func (k *sankey) place() {
	f := k.sheet.frame()
	room := f.height() - k.headRoom()
	needed := func(scale float64) float64 {
		most := 0.0
		for _, bars := range k.columns {
			sum := -barGap
			for _, b := range bars {
				sum += math.Max(float64(b.n)*scale, barLabel*1.2) + barGap
			}
			most = math.Max(most, sum)
		}
		return most
	}
	lo, hi := 0.0, room
	for range 60 {
		if mid := (lo + hi) / 2; needed(mid) <= room {
			lo = mid
		} else {
			hi = mid
		}
	}
	k.scale = lo
	k.step = k.columnStep()
	for column := range k.columns {
		y := f.y1 - k.headRoom()
		for i := range k.columns[column] {
			b := &k.columns[column][i]
			h := float64(b.n) * k.scale
			slot := math.Max(h, barLabel*1.2)
			x := f.x0 + k.step*float64(column)
			b.box = box{x, y - (slot+h)/2, x + barWidth, y - (slot-h)/2}
			y -= slot + barGap
		}
	}
	k.placeBands()
}

// labelRoom is the room for the labels of the last column: what they need, but
// not more than a third of the page, or more where the others have letters.
func (k *sankey) labelRoom() float64 {
	last := len(k.columns) - 1
	room := viz.TextWidth(shorten(k.stages[last]), stageSize, true) - barWidth
	for i := range k.columns[last] {
		room = math.Max(room, 5+viz.TextWidth(k.label(&k.columns[last][i]), barLabel, false))
	}
	if k.letters {
		return math.Min(room, k.sheet.width()*0.45)
	}
	return math.Min(room, k.sheet.width()/3)
}

// label is the name of a bar with its number.
func (k *sankey) label(b *stageBar) string { return k.title(b) + "  " + k.numberAt(b) }

// title is the name of a bar, its letter, or in the last column both.
func (k *sankey) title(b *stageBar) string {
	name := shorten(k.name(b.class))
	if !k.letters {
		return name
	}
	letter := letterOf(slices.Index(k.classes, b.class))
	for i := range k.columns[len(k.columns)-1] {
		if b == &k.columns[len(k.columns)-1][i] {
			return letter + " " + name
		}
	}
	return letter
}

// head is the name of a stage, shortened to the room before the next.
func (k *sankey) head(column int) string {
	name, room := []rune(shorten(k.stages[column])), k.step-6
	if k.letters {
		room += k.step // every second head stands lower
	}
	switch column {
	case len(k.columns) - 1:
		room = k.labelRoom() + barWidth
	case len(k.columns) - 2:
		room = math.Min(room, k.step+k.labelRoom())
	}
	if viz.TextWidth(string(name), stageSize, true) <= room {
		return string(name)
	}
	return string(name[:fitting(name, room-viz.TextWidth("…", stageSize, true), stageSize, true)]) + "…"
}

// headShift is how much lower than the first the head of a column stands:
// with letters the columns are so close that neighbors are on two lines.
func (k *sankey) headShift(column int) float64 {
	if k.letters && column%2 == 1 {
		return stageSize * 1.25
	}
	return 0
}

// headRoom is the room for the names of the stages.
func (k *sankey) headRoom() float64 { return stageHead + k.headShift(1) }

// cut is the label of a bar, shortened to its room; the number stays.
func (k *sankey) cut(b *stageBar, room float64) string {
	label := k.label(b)
	if viz.TextWidth(label, barLabel, false) <= room {
		return label
	}
	number := k.numberAt(b)
	name, rest := []rune(k.title(b)), viz.TextWidth("…  "+number, barLabel, false)
	if n := fitting(name, room-rest, barLabel, false); n > 1 && n < len(name) {
		return string(name[:n]) + "…  " + number
	}
	return number
}

// placeBands stacks the bands at both of their ends.
func (k *sankey) placeBands() {
	left, right := map[[2]int]float64{}, map[[2]int]float64{}
	for i := range k.bands { // by column, then by both ends: also the order from the top
		b := &k.bands[i]
		h := float64(b.n) * k.scale
		from, to := [2]int{b.column, b.from}, [2]int{b.column + 1, b.to}
		b.y0 = k.columns[b.column][b.from].box.y1 - left[from] - h/2
		b.y1 = k.columns[b.column+1][b.to].box.y1 - right[to] - h/2
		left[from] += h
		right[to] += h
	}
}

// The parts of a color in a band that stays and in one that moves.
const (
	stayTone = 0.55
	moveTone = 0.27
)

// strandWidth is the most that one line of a band is wide: a wider one would
// not have the same height everywhere.
const strandWidth = 6.0

func (k *sankey) color(class string) string {
	if class <= classRare {
		return hairline
	}
	return originColor(slices.Index(k.classes, class))
}

func (k *sankey) draw(d *viz.Drawing) {
	f := k.sheet.frame()
	point := anchor(d, "stages", f.center(), k.sheet.title)
	order := slices.Clone(k.bands)
	slices.SortStableFunc(order, func(a, b stageBand) int { return b.n - a.n })
	for _, b := range order {
		p, q := &k.columns[b.column][b.from], &k.columns[b.column+1][b.to]
		tone := moveTone
		if p.class == q.class {
			tone = stayTone
		}
		x0, x1 := p.box.x1, q.box.x0
		mid := (x0 + x1) / 2
		tip := fmt.Sprintf(k.w.stagesTip, k.stages[b.column], k.name(p.class), k.stages[b.column+1], k.name(q.class), k.text(p.class, b.n))
		width := math.Max(0.4, float64(b.n)*k.scale)
		strands := math.Ceil(width / strandWidth)
		for i := range int(strands) {
			shift := width * ((float64(i)+0.5)/strands - 0.5)
			d.Arrows = append(d.Arrows, viz.Arrow{From: point, To: point, Tooltip: tip, Tip: viz.Point{X: x1, Y: b.y1 + shift},
				Points: []viz.Point{{X: x0, Y: b.y0 + shift}, {X: mid, Y: b.y0 + shift}, {X: mid, Y: b.y1 + shift}, {X: x1, Y: b.y1 + shift}},
				Stroke: viz.Stroke{Color: mixed(k.color(p.class), tone), Width: width/strands + math.Min(0.3, (strands-1)*0.3)}})
		}
	}
	for column, bars := range k.columns {
		for i := range bars {
			k.drawBar(d, point, column, i)
		}
		x := bars[0].box.x0
		d.Texts = append(d.Texts, viz.Text{ID: fmt.Sprintf("stage %d", column), At: viz.Point{X: x, Y: f.y1 - 11 - k.headShift(column)}, Align: viz.Left,
			Text: k.head(column), Size: stageSize, Bold: true, Color: ink, Tooltip: k.stages[column]})
	}
}

func (k *sankey) drawBar(d *viz.Drawing, point string, column, i int) {
	b := &k.columns[column][i]
	tip := k.stages[column] + ": " + k.name(b.class) + ", " + k.text(b.class, b.n)
	if b.class == classUnknown || b.class == classRare && k.few {
		hatch(d, point, b.box, false, tip)
	} else {
		bar(d, point, b.box, k.color(b.class), tip)
	}
	room := k.step - barWidth - 8
	if column == len(k.columns)-1 {
		room = k.labelRoom() - 4
	}
	label := k.cut(b, room)
	at := box{b.box.x1 + 2, b.box.center().Y - barLabel*0.55, b.box.x1 + 4 + viz.TextWidth(label, barLabel, false), b.box.center().Y + barLabel*0.55}
	bar(d, point, at, paper+"a0", tip) // under the label
	d.Texts = append(d.Texts, viz.Text{ID: fmt.Sprintf("bar %d.%d", column, i), At: viz.Point{X: b.box.x1 + 3, Y: b.box.center().Y - barLabel*0.35},
		Align: viz.Left, Text: label, Size: barLabel, Color: ink, Tooltip: tip})
}

// numberAt is the number at a bar.
func (k *sankey) numberAt(b *stageBar) string {
	if b.class == classRare && k.few {
		return fmt.Sprintf(k.w.between, "1", fmt.Sprint(smallCount-1))
	}
	return fmt.Sprint(b.n)
}

// text is a number of patients in words.
func (k *sankey) text(class string, n int) string {
	return fmt.Sprintf(k.w.tipCount, k.numberAt(&stageBar{class: class, n: n}), k.w.patients)
}

// name is what a class is called.
func (k *sankey) name(class string) string {
	switch class {
	case classNone:
		return k.w.stagesNone
	case classUnknown:
		return k.w.stagesUnknown
	case classOther:
		return k.w.stagesOther
	case classRare:
		return k.w.stagesRare
	}
	return class
}
