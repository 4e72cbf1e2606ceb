// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/oncoref/oncoref/graph/viz"
	"github.com/oncoref/oncoref/referral/pathway"
)

// WaitsOf are the waits of a group of patients; one without a name is called
// all patients.
type WaitsOf struct {
	Group string
	Waits []pathway.Wait
}

// TimeToTreatmentConfig says how time-to-treatment curves are drawn.
type TimeToTreatmentConfig struct {
	Page
	Level float64 // of the bands; 0 means 0.95
	Days  int     // last day drawn; 0: the last that a curve reaches
	// KaplanMeier draws who is not yet treated in a world in which nobody dies
	// waiting. Without it the curves are of Aalen and Johansen: who was treated,
	// and who died before.
	KaplanMeier bool
}

// TimeToTreatment draws for each group the share of patients who were treated by
// a day, and the share who died before, as pathway.AalenJohansen estimates
// them; or, with KaplanMeier, the share not yet treated of pathway.KaplanMeier. Bands are
// pointwise intervals, and below the plot stands how many were still waiting.
// Groups differ in color, in dashes and by their names at the end of the
// curve; the died are thin lines.
//
// A step of 1 to 4 patients would count them. Without AllowSmall a curve is
// drawn on the days by which at least 5 more had the event and after which
// nobody or at least 5 are still waiting; straight pieces join these days, and the
// curve ends at the last of them. Numbers waiting are rounded down to fives. Groups
// of which no day can be shown are named at the foot.
//
// It returns an error matching [ErrEmpty] if there is no curve, errors matching
// [ErrConfig] for a page, a level or days that make no sense and for more than
// 6 groups, and the errors of package pathway. Time O(n log n) for n waits.
func TimeToTreatment(groups []WaitsOf, c TimeToTreatmentConfig) (*viz.Drawing, error) {
	if c.Level == 0 {
		c.Level = 0.95
	}
	switch {
	case !(c.Level > 0 && c.Level < 1):
		return nil, fmt.Errorf("%w: level %g, want a number between 0 and 1", ErrConfig, c.Level)
	case c.Days < 0:
		return nil, fmt.Errorf("%w: %d days, want 0 or more", ErrConfig, c.Days)
	case len(groups) > maxCurves:
		return nil, fmt.Errorf("%w: %d groups, at most %d in one figure", ErrConfig, len(groups), maxCurves)
	}
	w := waitPlot{c: c}
	f := figureWordsIn(c.Lang)
	for i, g := range groups {
		g.Group = cmpText(g.Group, f.allPatients)
		if err := w.add(i, g); err != nil {
			return nil, err
		}
	}
	if len(w.curves) == 0 {
		return nil, fmt.Errorf("%w: no group with enough patients", ErrEmpty)
	}
	a := about{title: f.waits, what: f.waitsOf}
	if c.KaplanMeier {
		a.what = f.waitsKM
	}
	s, err := newFigure(c.Page, a)
	if err != nil {
		return nil, err
	}
	w.s = s
	w.draw()
	return s.finish()
}

const maxCurves = 6

// waitCurve is one line with its band.
type waitCurve struct {
	group  int
	died   bool
	points []wayPoint // from day 0
}

// wayPoint is a day on which a curve is shown. Grouped says that events between
// this day and the one before are shown together.
type wayPoint struct {
	day           float64
	value, lo, hi float64
	grouped       bool
}

type waitPlot struct {
	c       TimeToTreatmentConfig
	s       *figure
	names   []string // of all groups
	counts  []int
	waits   [][]int // days, sorted
	curves  []waitCurve
	drawn   []bool   // of all groups
	left    []string // groups without a curve
	grouped bool
}

// add makes the curves of a group.
func (w *waitPlot) add(i int, g WaitsOf) error {
	days := make([]int, len(g.Waits))
	for k, x := range g.Waits {
		days[k] = x.Days
	}
	slices.Sort(days)
	w.names = append(w.names, plain(g.Group))
	w.counts = append(w.counts, len(days))
	w.waits = append(w.waits, days)
	z := distuv.UnitNormal.Quantile((1 + w.c.Level) / 2)
	band := func(v, se float64) (float64, float64) { return math.Max(0, v-z*se), math.Min(1, v+z*se) }
	before := len(w.curves)
	if w.c.KaplanMeier {
		curve, err := pathway.KaplanMeier(g.Waits, w.c.Level)
		if err != nil {
			return err
		}
		w.curve(waitCurve{group: i}, g.Waits, pathway.Treated, 1, func(day int) (float64, float64, float64) {
			s := curve.At(day)
			return s.Survival, s.Lower, s.Upper
		})
	} else {
		x, err := pathway.AalenJohansen(g.Waits)
		if err != nil {
			return err
		}
		w.curve(waitCurve{group: i}, g.Waits, pathway.Treated, 0, func(day int) (float64, float64, float64) {
			s := x.At(day)
			lo, hi := band(s.Treated, s.TreatedSE)
			return s.Treated, lo, hi
		})
		w.curve(waitCurve{group: i, died: true}, g.Waits, pathway.Died, 0, func(day int) (float64, float64, float64) {
			s := x.At(day)
			lo, hi := band(s.Died, s.DiedSE)
			return s.Died, lo, hi
		})
	}
	w.drawn = append(w.drawn, len(w.curves) > before)
	if !w.drawn[i] {
		w.left = append(w.left, w.names[i])
	}
	return nil
}

// curve keeps the days that may be shown.
func (w *waitPlot) curve(c waitCurve, waits []pathway.Wait, event pathway.Outcome, start float64, at func(day int) (v, lo, hi float64)) {
	events, all := map[int]int{}, map[int]int{}
	var days []int
	for _, x := range waits {
		all[x.Days]++
		if x.Outcome == event {
			if events[x.Days] == 0 {
				days = append(days, x.Days)
			}
			events[x.Days]++
		}
	}
	slices.Sort(days)
	waiting := func(after int) int { // still there after a day
		sorted := w.waits[c.group]
		i, _ := slices.BinarySearch(sorted, after+1)
		return len(sorted) - i
	}
	c.points = []wayPoint{{0, start, start, start, false}}
	sum, skipped := 0, false
	for _, d := range days {
		if w.c.Days > 0 && d > w.c.Days {
			break
		}
		sum += events[d]
		if rest := waiting(d); !w.c.AllowSmall && (sum < smallCount || rest > 0 && rest < smallCount) {
			skipped = true
			continue
		}
		v, lo, hi := at(d)
		c.points = append(c.points, wayPoint{float64(d), v, lo, hi, skipped})
		w.grouped = w.grouped || skipped
		sum, skipped = 0, false
	}
	if len(c.points) > 1 {
		w.curves = append(w.curves, c)
	}
}

// curveDashes stand beside originColors: equal ones differ in color for all eyes.
var curveDashes = [maxCurves]viz.Dash{viz.Solid, viz.Dashed, viz.Dotted, viz.Dashed, viz.Solid, viz.Dotted}

func (w *waitPlot) draw() {
	s := w.s
	var keys []key
	for i, name := range w.names {
		if w.drawn[i] {
			n := s.w.cellText(w.c.gatedCount(float64(w.counts[i])))
			keys = append(keys, lineKey(originColors[i], 2, curveDashes[i], fmt.Sprintf("%s (n = %s)", name, n)))
		}
	}
	died := slices.ContainsFunc(w.curves, func(c waitCurve) bool { return c.died })
	if died {
		keys = append(keys, lineKey(softInk, 0.8, viz.Solid, s.f.diedBefore))
	}
	s.keys(keys)
	w.writeNotes(died)
	last := float64(w.c.Days)
	for _, c := range w.curves {
		if w.c.Days == 0 {
			last = math.Max(last, c.points[len(c.points)-1].day)
		}
	}
	yName := s.f.waitsY
	if w.c.KaplanMeier {
		yName = s.f.waitsYKM
	}
	column := 0.0
	for _, name := range w.names {
		column = math.Max(column, viz.TextWidth(name, smallSize, false))
	}
	column = math.Min(column, s.width()*0.22)
	table := float64(len(w.names))*11 + textSize + 12
	p := s.newPlot(s.room(math.Min(s.width()*0.8, 330)+table)-table, column+20, s.f.waitsX, yName,
		func(a, b float64) axis { return s.valueAxis(0, last, a, b, true) }, percentAxis)
	for _, c := range w.curves {
		w.line(p, c)
	}
	for _, c := range w.curves {
		if end := c.points[len(c.points)-1]; !c.died {
			p.name(clip(w.names[c.group], 110, smallSize, false), p.at(end.day, end.value), 4)
		}
	}
	w.atRisk(p)
}

func (w *waitPlot) writeNotes(died bool) {
	s := w.s
	if len(w.left) > 0 {
		s.note(true, s.f.noCurve, joinNames(w.left))
	}
	if w.c.KaplanMeier {
		s.note(false, "%s", s.f.waitsKMNote)
	}
	if w.grouped {
		s.note(false, "%s", s.f.grouped)
	}
	if !w.c.AllowSmall {
		s.note(false, "%s", s.f.fives)
	} else {
		s.smallNote()
	}
	s.note(false, s.f.bands, s.levelText(w.c.Level))
	if !died && !w.c.KaplanMeier {
		s.note(false, "%s", s.f.noDied)
	}
	s.endNotes()
}

// joinNames writes at most eight names.
func joinNames(names []string) string {
	text := ""
	for i, n := range names {
		if i == 8 {
			return text + ", …"
		}
		if i > 0 {
			text += ", "
		}
		text += n
	}
	return text
}

func (w *waitPlot) line(p *plotArea, c waitCurve) {
	s := w.s
	color := originColors[c.group]
	var line, lower, upper []viz.Point
	for i, x := range c.points {
		if i > 0 && !x.grouped { // a step
			b := c.points[i-1]
			line = append(line, p.at(x.day, b.value))
			lower = append(lower, p.at(x.day, b.lo))
			upper = append(upper, p.at(x.day, b.hi))
		}
		line = append(line, p.at(x.day, x.value))
		lower = append(lower, p.at(x.day, x.lo))
		upper = append(upper, p.at(x.day, x.hi))
	}
	if !c.died {
		p.band(color+"26", lower, upper)
	}
	width, dash := 2.0, curveDashes[c.group]
	if c.died {
		width = 0.8
	}
	p.curve(color, width, dash, line)
	what := s.f.wasTreated
	switch {
	case c.died:
		what = s.f.hadDied
	case w.c.KaplanMeier:
		what = s.f.notTreated
	}
	for i, x := range c.points[1:] {
		at := p.at(x.day, x.value)
		from := p.at(c.points[i].day, c.points[i].value)
		s.pointAt("step", box{from.X, math.Min(at.Y, from.Y) - 2, at.X, math.Max(at.Y, from.Y) + 2},
			fmt.Sprintf(s.f.waitTip, w.names[c.group], x.day, percent(x.value), what, percents(x.lo, x.hi)))
	}
}

// atRisk writes how many are still waiting below the days of the axis.
func (w *waitPlot) atRisk(p *plotArea) {
	s := w.s
	s.text(viz.Point{X: s.left(), Y: s.y + textSize}, viz.Left, s.f.stillWaiting, textSize, false, softInk)
	s.y += textSize + 4
	for i, days := range w.waits {
		s.y += 11
		last := math.Inf(-1)
		for k, t := range p.x.ticks {
			n := len(days) - lowerBound(days, int(math.Ceil(t.at)))
			text := fmt.Sprint(n)
			if !w.c.AllowSmall {
				if text = fmt.Sprint(n / smallCount * smallCount); n < smallCount {
					text = "<5"
				}
			}
			width := viz.TextWidth(text, smallSize, false)
			from := math.Min(p.x.at(t.at)-width/2, s.right()-width)
			if k > 0 && from < last+4 {
				continue
			}
			last = from + width
			s.text(viz.Point{X: from, Y: s.y}, viz.Left, text, smallSize, false, ink)
		}
		name := clip(w.names[i], p.x.a-s.left()-14, smallSize, false)
		s.text(viz.Point{X: s.left(), Y: s.y}, viz.Left, name, smallSize, false, ink)
	}
	s.y += 8
}

// lowerBound is how many of the sorted days are before one.
func lowerBound(days []int, day int) int {
	i, _ := slices.BinarySearch(days, day)
	return i
}
