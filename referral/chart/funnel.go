// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/oncoref/oncoref/graph/viz"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/inference"
)

// FunnelConfig says how a funnel plot is drawn.
type FunnelConfig struct {
	Page
	Limits inference.FunnelConfig // target and levels
}

// Funnel draws shares, such as those of flow.Retention, against the number of
// patients that each is of, with the control limits of inference.NewFunnel
// around the target. Shares outside the widest limits are dark and named,
// those within are open discs. A share that is known between two bounds is a
// line from one to the other. If the shares vary more than chance
// explains, dashed lines are the limits widened for it, and the foot names the
// shares outside these too.
//
// A part of 1 to 4 patients, or all but 1 to 4, counts as between two bounds
// unless AllowSmall is set. Without a target the pooled share of the shares
// that are known is the target. Shares of an unknown number of patients are
// named at the foot.
//
// It returns an error matching [ErrEmpty] without shares, errors matching
// [ErrConfig] for a page that cannot be made and where no share is known and no
// target is given, and the errors of inference.NewFunnel. Time O(k log n) for k
// shares of up to n patients.
func Funnel(shares []referral.Share, c FunnelConfig) (*viz.Drawing, error) {
	var shown, known []referral.Share
	for _, x := range shares {
		x = c.gatedShare(x)
		shown = append(shown, x)
		if x.Part.Known() && x.Whole.Known() && x.Whole.Lo > 0 {
			known = append(known, x)
		}
	}
	if len(shown) == 0 {
		return nil, fmt.Errorf("%w: no shares", ErrEmpty)
	}
	limits := c.Limits
	if limits.Target == 0 {
		if len(known) == 0 {
			return nil, fmt.Errorf("%w: no share is known, and no target is given", ErrConfig)
		}
		f, err := inference.NewFunnel(known, limits)
		if err != nil {
			return nil, err
		}
		limits.Target = f.Target
	}
	funnel, err := inference.NewFunnel(shown, limits)
	if err != nil {
		return nil, err
	}
	most := 0.0
	for _, p := range funnel.Points {
		if p.Patients > most { // false for NaN
			most = p.Patients
		}
	}
	if most == 0 {
		return nil, fmt.Errorf("%w: shares of nobody", ErrEmpty)
	}
	w := figureWordsIn(c.Lang)
	s, err := newFigure(c.Page, about{title: w.funnel, what: w.funnelOf})
	if err != nil {
		return nil, err
	}
	curves, err := limitCurves(funnel.Target, limits.Levels, most)
	if err != nil {
		return nil, err
	}
	p := &funnelPlot{s: s, funnel: funnel, curves: curves, most: most, pooled: c.Limits.Target == 0, partly: len(known) < len(shown)}
	p.writeKeys()
	p.writeNotes()
	p.draw()
	return s.finish()
}

// limitCurves are the control limits at up to 200 numbers of patients.
func limitCurves(target float64, levels []float64, most float64) ([]inference.FunnelPoint, error) {
	var at []referral.Share
	step := math.Max(1, math.Floor(most/200))
	for n := 1.0; n < most+step; n += step {
		at = append(at, referral.Share{Whole: referral.Count(math.Min(n, most)), Result: referral.ExactResult(0)})
	}
	f, err := inference.NewFunnel(at, inference.FunnelConfig{Target: target, Levels: levels})
	return f.Points, err
}

type funnelPlot struct {
	s      *figure
	funnel inference.Funnel
	curves []inference.FunnelPoint
	most   float64
	pooled bool
	partly bool
	ranged bool
}

var limitDashes = [...]viz.Dash{viz.Solid, viz.Dotted}

func (p *funnelPlot) writeKeys() {
	s := p.s
	keys := []key{lineKey(ink, 1.2, viz.Solid, fmt.Sprintf(s.f.target, s.percent1(p.funnel.Target)))}
	for i, l := range p.curves[0].Limits {
		keys = append(keys, lineKey(softInk, 0.9, limitDashes[i%2], fmt.Sprintf(s.f.limits, s.levelText(l.Level))))
	}
	if p.funnel.Overdispersed {
		keys = append(keys, lineKey(warning, 0.9, viz.Dashed, s.f.widened))
	}
	dot := func(fill string, label string) key {
		return key{label, func(s *figure, b box) {
			s.d.Discs = append(s.d.Discs, viz.Disc{ID: s.id("key"), Center: b.center(), Radius: 3.4, Fill: fill, Stroke: viz.Stroke{Color: originColors[0], Width: 1.2}})
		}}
	}
	keys = append(keys, dot(paper, fmt.Sprintf(s.f.within, p.widest())), dot(originColors[0], fmt.Sprintf(s.f.beyond, p.widest())))
	for _, x := range p.funnel.Points {
		p.ranged = p.ranged || x.Patients > 0 && x.Status != referral.OK
	}
	if p.ranged {
		keys = append(keys, key{s.f.between, func(s *figure, b box) {
			s.line(originColors[0], 2.4, viz.Solid, viz.Point{X: b.center().X, Y: b.y0 - 1}, viz.Point{X: b.center().X, Y: b.y1 + 1})
		}})
	}
	s.keys(keys)
}

func (p *funnelPlot) writeNotes() {
	s := p.s
	var missing []string
	for _, x := range p.funnel.Points {
		if !(x.Patients > 0) {
			missing = append(missing, p.nameOf(x))
		}
	}
	if len(missing) > 0 {
		s.note(true, s.f.funnelMissing, strings.Join(missing, ", "))
	}
	if p.pooled {
		if p.partly {
			s.note(false, "%s", s.f.pooledKnown)
		} else {
			s.note(false, "%s", s.f.pooled)
		}
	}
	if p.funnel.Overdispersed {
		s.note(false, s.f.overdispersed, s.fixed(p.funnel.Phi.Value, 1))
	}
	if list := p.list(p.beyond); list != "" {
		s.note(false, s.f.outsideList, p.widest(), list)
	}
	if p.funnel.Overdispersed {
		if list := p.list(p.beyondWidened); list != "" {
			s.note(false, s.f.outsideWidened, list)
		} else {
			s.note(false, "%s", s.f.noneWidened)
		}
	}
	s.note(false, "%s", s.f.funnelNote)
	s.smallNote()
}

// list names the shares outside some limits, for there may be no room for their
// names in the plot.
func (p *funnelPlot) list(outside func(x inference.FunnelPoint) bool) string {
	const most = 10
	var list []string
	more := 0
	for _, x := range p.funnel.Points {
		switch {
		case !(x.Patients > 0) || !outside(x):
		case len(list) == most:
			more++
		default:
			list = append(list, plain(p.nameOf(x))+" "+percents(x.Lo, x.Hi))
		}
	}
	if more > 0 {
		list = append(list, fmt.Sprintf(p.s.w.more, more))
	}
	return strings.Join(list, ", ")
}

func (p *funnelPlot) nameOf(x inference.FunnelPoint) string {
	return cmpText(x.Origin, x.Destination, "?")
}

func (p *funnelPlot) draw() {
	s := p.s
	s.note(false, "%s", s.w.leftOut)
	s.endNotes()
	plot := s.newPlot(s.room(math.Min(s.width()*0.9, 360)), 0, s.f.funnelX, s.f.funnelY,
		func(a, b float64) axis { return s.valueAxis(0, p.most, a, b, true) }, percentAxis)
	plot.curve(ink, 1.2, viz.Solid, []viz.Point{plot.at(0, p.funnel.Target), plot.at(plot.x.hi, p.funnel.Target)})
	for i := range p.curves[0].Limits {
		var lower, upper []viz.Point
		for _, x := range p.curves {
			lower = append(lower, plot.at(x.Patients, x.Limits[i].Lo))
			upper = append(upper, plot.at(x.Patients, x.Limits[i].Hi))
		}
		plot.curve(softInk, 0.9, limitDashes[i%2], lower)
		plot.curve(softInk, 0.9, limitDashes[i%2], upper)
	}
	points := slices.DeleteFunc(slices.Clone(p.funnel.Points), func(x inference.FunnelPoint) bool { return !(x.Patients > 0) })
	slices.SortStableFunc(points, func(a, b inference.FunnelPoint) int { return int(a.Patients - b.Patients) })
	if p.funnel.Overdispersed {
		for i := range p.curves[0].Limits {
			var lower, upper []viz.Point
			for _, x := range points {
				lower = append(lower, plot.at(x.Patients, x.Adjusted[i].Lo))
				upper = append(upper, plot.at(x.Patients, x.Adjusted[i].Hi))
			}
			plot.curve(warning, 0.9, viz.Dashed, lower)
			plot.curve(warning, 0.9, viz.Dashed, upper)
		}
	}
	for _, x := range points {
		p.point(plot, x)
	}
	for _, x := range points {
		if p.beyond(x) {
			plot.name(clip(p.nameOf(x), 140, smallSize, false), plot.at(x.Patients, (x.Lo+x.Hi)/2), 5.5)
		}
	}
}

// beyond reports whether a share is certainly outside the widest limits, and
// beyondWidened whether it is so of those widened for overdispersion.
func (p *funnelPlot) beyond(x inference.FunnelPoint) bool        { return outsideAll(x, x.Limits) }
func (p *funnelPlot) beyondWidened(x inference.FunnelPoint) bool { return outsideAll(x, x.Adjusted) }

func outsideAll(x inference.FunnelPoint, limits []inference.Limit) bool {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, l := range limits {
		lo, hi = math.Min(lo, l.Lo), math.Max(hi, l.Hi)
	}
	return x.Hi < lo || x.Lo > hi
}

// widest writes the level of the widest limits.
func (p *funnelPlot) widest() string {
	level := 0.0
	for _, l := range p.curves[0].Limits {
		level = math.Max(level, l.Level)
	}
	return p.s.levelText(level)
}

func (p *funnelPlot) point(plot *plotArea, x inference.FunnelPoint) {
	tip := fmt.Sprintf(p.s.f.funnelTip, p.nameOf(x), percents(x.Lo, x.Hi), p.s.w.decimal(x.Patients))
	blue := originColors[0]
	if x.Status != referral.OK {
		a, b := plot.at(x.Patients, x.Lo), plot.at(x.Patients, x.Hi)
		p.s.line(blue, 2.4, viz.Solid, a, b)
		p.s.pointAt("range", box{a.X - 2, b.Y, a.X + 2, a.Y}, tip)
		plot.marks = append(plot.marks, box{a.X - 2, b.Y, a.X + 2, a.Y})
		return
	}
	fill := paper
	if p.beyond(x) {
		fill = blue
	}
	plot.disc(plot.at(x.Patients, x.Value), 3.4, fill, viz.Stroke{Color: blue, Width: 1.2}, tip)
}

// percent1 writes a share in percent with one decimal.
func (s *figure) percent1(v float64) string { return s.fixed(100*v, 1) + "%" }

// levelText writes a level, such as 99.8%.
func (s *figure) levelText(v float64) string { return s.decimalTrim(100*v) + "%" }

// decimalTrim writes a number without zeros behind it.
func (s *figure) decimalTrim(v float64) string { return s.w.decimal(v) }
