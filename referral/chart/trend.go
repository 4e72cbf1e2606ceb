// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/oncoref/oncoref/graph/viz"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/inference"
)

// TrendPoint is a share in a period, such as a year.
type TrendPoint struct {
	Period network.Period
	Share  referral.Share
}

// TrendSeries is what became of one share over the periods.
type TrendSeries struct {
	Name   string
	Points []TrendPoint // of different periods, in any order
}

// TrendConfig says how trends are drawn.
type TrendConfig struct {
	Page
	Intervals inference.Config // around the shares; the zero value asks for 95 % Wilson intervals
}

// Trend draws how shares, such as those of flow.Retention in tables of
// several years, change over the periods: a small plot for each series, all with
// the same axes, with the interval of each share. Periods stand at equal
// distances in the order of their beginnings. A period without a share leaves a
// gap; a share that is known between two bounds, such as that of 1 to 4
// patients without AllowSmall, is a hatched bar from one to the other.
//
// It returns an error matching [ErrEmpty] without points, errors matching
// [ErrConfig] for a page that cannot be made and for a series with a period
// twice, and the errors of inference.OfShare. Time O(series * periods).
func Trend(series []TrendSeries, c TrendConfig) (*viz.Drawing, error) {
	t := trends{c: c}
	if err := t.collect(series); err != nil {
		return nil, err
	}
	f := figureWordsIn(c.Lang)
	s, err := newFigure(c.Page, about{title: f.trend, what: f.trendOf, period: t.span()})
	if err != nil {
		return nil, err
	}
	t.s = s
	t.draw()
	return s.finish()
}

type trends struct {
	c        TrendConfig
	s        *figure
	periods  []network.Period
	names    []string
	rows     [][]inference.Estimate // by series and period; without a level where there is none
	wholes   [][]referral.Cell
	twoLines bool // the number of a panel stands below its name
}

func (t *trends) collect(series []TrendSeries) error {
	for _, x := range series {
		for _, p := range x.Points {
			if !slices.Contains(t.periods, p.Period) {
				t.periods = append(t.periods, p.Period)
			}
		}
	}
	if len(t.periods) == 0 {
		return fmt.Errorf("%w: no shares", ErrEmpty)
	}
	slices.SortFunc(t.periods, func(a, b network.Period) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	for _, x := range series {
		row, wholes := make([]inference.Estimate, len(t.periods)), make([]referral.Cell, len(t.periods))
		seen := make([]bool, len(t.periods))
		for _, p := range x.Points {
			i := slices.Index(t.periods, p.Period)
			if seen[i] {
				return fmt.Errorf("%w: %q has the period %v twice", ErrConfig, x.Name, p.Period)
			}
			seen[i] = true
			share := t.c.gatedShare(p.Share)
			e, err := inference.OfShare(share, t.c.Intervals)
			if err != nil {
				return err
			}
			row[i], wholes[i] = e, share.Whole
		}
		t.names = append(t.names, plain(x.Name))
		t.rows = append(t.rows, row)
		t.wholes = append(t.wholes, wholes)
	}
	return nil
}

// span is from the first to the last period.
func (t *trends) span() network.Period {
	return network.Period{From: t.periods[0].From, To: t.periods[len(t.periods)-1].To}
}

// shown reports whether there is anything to draw of an estimate.
func shown(e inference.Estimate) bool {
	return e.Interval.Level > 0 && (e.Status == referral.OK || e.Status == referral.Bounded || e.Status == referral.Envelope)
}

func (t *trends) draw() {
	s := t.s
	ranged := false
	var interval inference.Interval
	for _, row := range t.rows {
		for _, e := range row {
			if shown(e) {
				ranged = ranged || e.Status != referral.OK
				interval = e.Interval
			}
		}
	}
	keys := []key{
		{s.f.trendPoint, func(s *figure, b box) {
			s.line(originColors[0], 1.6, viz.Solid, viz.Point{X: b.x0, Y: b.center().Y}, viz.Point{X: b.x1, Y: b.center().Y})
			s.d.Discs = append(s.d.Discs, viz.Disc{ID: s.id("key"), Center: b.center(), Radius: 2.6, Fill: originColors[0]})
		}},
		{s.f.trendBar, func(s *figure, b box) { s.upright(b.center().X, b.y0-1, b.y1+1) }},
	}
	if ranged {
		keys = append(keys, fillKey(unknownFill, s.f.between))
		s.note(true, "%s", s.f.trendRanged)
	}
	s.keys(keys)
	s.smallNote()
	if interval.Level > 0 {
		s.note(false, s.f.bars, s.intervalLabel(interval))
	}
	s.endNotes()
	s.text(viz.Point{X: s.left(), Y: s.y + textSize}, viz.Left, s.f.trendY, textSize, false, softInk)
	s.y += textSize + 10
	columns := min(max(1, int(s.width()/140)), len(t.rows))
	const gap = 16.0
	width := (s.width() - gap*float64(columns-1)) / float64(columns)
	height := 96.0
	if len(t.rows) < 3 {
		height = 180
	}
	for i, name := range t.names {
		t.twoLines = t.twoLines || viz.TextWidth(name, textSize, true) > width-viz.TextWidth(t.count(i), smallSize, false)-6
	}
	if t.twoLines {
		height += trendLead
	}
	for i := range t.rows {
		if i > 0 && i%columns == 0 {
			s.y += height + 34
		}
		left := s.left() + float64(i%columns)*(width+gap)
		t.panel(i, box{left, s.y, left + width, s.y + height + 12})
	}
	s.y += height + 34
}

// count says of how many the shares of a series are.
func (t *trends) count(i int) string {
	n := referral.Cell{Lo: math.Inf(1)}
	for k, e := range t.rows[i] {
		if shown(e) {
			c := t.wholes[i][k]
			n.Lo, n.Hi = math.Min(n.Lo, c.Lo), math.Max(n.Hi, c.Hi)
		}
	}
	if n.Lo > n.Hi {
		return ""
	}
	return "n = " + t.s.w.cellText(referral.Between(n.Lo, n.Hi))
}

// upright draws a vertical interval.
func (s *figure) upright(x, y0, y1 float64) {
	s.rule(ink, 0.9, x, y0, x, y1)
	s.rule(ink, 0.9, x-2, y0, x+2, y0)
	s.rule(ink, 0.9, x-2, y1, x+2, y1)
}

// trendLead is the height of a second line above a panel.
const trendLead = 11.0

// nameRoom is the room for the name of a panel beside its number, or above it.
func (t *trends) nameRoom(i int, width float64) float64 {
	if t.twoLines {
		return width
	}
	return width - viz.TextWidth(t.count(i), smallSize, false) - 6
}

func (t *trends) panel(i int, b box) {
	s := t.s
	count := t.count(i)
	s.text(viz.Point{X: b.x0, Y: b.y0 + textSize}, viz.Left, clip(t.names[i], t.nameRoom(i, b.width()), textSize, true), textSize, true, ink)
	if t.twoLines {
		b.y0 += trendLead
		s.text(viz.Point{X: b.x0, Y: b.y0 + textSize}, viz.Left, count, smallSize, false, softInk)
	} else {
		s.text(viz.Point{X: b.x1, Y: b.y0 + textSize}, viz.Right, count, smallSize, false, softInk)
	}
	y := percentAxis(b.y1, b.y0+textSize+8)
	y.ticks = []tick{{0, "0%"}, {0.5, "50%"}, {1, "100%"}}
	left := b.x0 + y.labelWidth() + 5
	right := b.x1 - 6
	s.along(y, left, right)
	n := float64(len(t.periods))
	at := func(k int) float64 { return left + (float64(k)+0.5)*(right-left)/n }
	last := math.Inf(-1)
	for k, p := range t.periods {
		text := p.String()
		w := viz.TextWidth(text, leastSize, false)
		from := min(max(at(k)-w/2, left-6), b.x1-w)
		if from < last+5 {
			continue
		}
		last = from + w
		s.text(viz.Point{X: from, Y: b.y1 + leastSize + 3}, viz.Left, text, leastSize, false, softInk)
	}
	var run []viz.Point
	flush := func() {
		if len(run) > 1 {
			s.line(originColors[0], 1.6, viz.Solid, run...)
		}
		run = nil
	}
	for k, e := range t.rows[i] {
		if !shown(e) {
			flush()
			continue
		}
		tip := fmt.Sprintf(s.f.trendTip, t.names[i], t.periods[k], estimateText(e), s.w.cellText(t.wholes[i][k]))
		if !math.IsNaN(e.Interval.Lo) {
			s.upright(at(k), y.at(e.Interval.Hi), y.at(e.Interval.Lo))
		}
		if e.Status != referral.OK {
			flush()
			s.area(s.id("range"), box{at(k) - 3, y.at(e.Hi), at(k) + 3, y.at(e.Lo)}, unknownFill, tip)
			continue
		}
		c := viz.Point{X: at(k), Y: y.at(e.Value)}
		run = append(run, c)
		s.d.Discs = append(s.d.Discs, viz.Disc{ID: s.id("point"), Center: c, Radius: 2.6, Fill: originColors[0], Tooltip: tip})
	}
	flush()
	t.lastValue(i, y, at)
}

// lastValue writes the last share of a series where its interval leaves room.
func (t *trends) lastValue(i int, y axis, at func(k int) float64) {
	s := t.s
	for k := len(t.periods) - 1; k >= 0; k-- {
		e := t.rows[i][k]
		if !shown(e) || e.Status != referral.OK {
			continue
		}
		lo, hi := e.Value, e.Value
		if !math.IsNaN(e.Interval.Lo) {
			lo, hi = e.Interval.Lo, e.Interval.Hi
		}
		base := y.at(hi) - 3
		if hi > 0.85 {
			base = y.at(lo) + 8.5
		}
		if hi <= 0.85 || lo > 0.15 {
			s.text(viz.Point{X: at(k), Y: base}, viz.Center, percent(e.Value), smallSize, false, ink)
		}
		return
	}
}
