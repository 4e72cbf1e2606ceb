// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"fmt"
	"math"

	"github.com/oncoref/oncoref/graph/viz"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/flow"
)

// LorenzConfig says how a Lorenz curve is drawn.
type LorenzConfig struct {
	Page
	Volumes flow.VolumeConfig // what is counted
}

// Lorenz draws how unequally patients are divided over the classes in which they
// are treated: the share of the patients that the smallest classes treat, as
// flow.Lorenz gives it, with the Gini coefficient. The diagonal is what equal
// numbers would give. Where numbers are not known, such as counts of 1 to 4
// without AllowSmall, the curve is a band between its bounds and the
// coefficient has bounds.
//
// It returns an error matching [ErrEmpty] for a table in which nobody is treated,
// errors matching [ErrConfig] for a page that cannot be made, and the errors of
// disclosure.Gate. Time is that of flow.Lorenz.
func Lorenz(t *referral.Table, c LorenzConfig) (*viz.Drawing, error) {
	t, err := gated(t, c.AllowSmall)
	if err != nil {
		return nil, err
	}
	points := flow.Lorenz(t, c.Volumes)
	if len(points) < 2 || math.IsNaN(points[len(points)-1].Patients.Lo) {
		return nil, fmt.Errorf("%w: nobody is treated", ErrEmpty)
	}
	f := figureWordsIn(c.Lang)
	many := wordsIn(c.Lang).networks
	if t.Meta().Level == "hospital" {
		many = wordsIn(c.Lang).hospitals
	}
	a := aboutTable(t, c.Lang)
	a.title, a.what = cmpText(a.title, f.lorenz), fmt.Sprintf(f.lorenzOf, many)
	a.n = numberOf(wordsIn(c.Lang), t, flow.OriginShares(t))
	s, err := newFigure(c.Page, a)
	if err != nil {
		return nil, err
	}
	gini := flow.Gini(t, c.Volumes)
	bounded := false
	for _, p := range points {
		bounded = bounded || p.Patients.Lo != p.Patients.Hi
	}
	color := originColors[0]
	label := fmt.Sprintf(f.gini, s.decimals(gini))
	keys := []key{lineKey(color, 2, viz.Solid, label)}
	if bounded {
		keys[0] = fillKey(fill{color: pale(color), edge: color}, label)
		s.note(true, "%s", f.lorenzBand)
	}
	s.keys(append(keys, lineKey(hairline, 1, viz.Dashed, f.equal)))
	n := len(points) - 1
	s.note(false, f.lorenzClasses, n, many)
	s.smallNote()
	s.endNotes()
	unit := s.w.unit(t.Meta().Unit)
	p := s.newPlot(s.room(math.Min(s.width(), 380)), 0, fmt.Sprintf(f.lorenzX, many), fmt.Sprintf(f.lorenzY, unit), percentAxis, percentAxis)
	p.curve(hairline, 1, viz.Dashed, []viz.Point{p.at(0, 0), p.at(1, 1)})
	var lower, upper []viz.Point
	for _, x := range points {
		lower = append(lower, p.at(x.Classes, x.Patients.Lo))
		upper = append(upper, p.at(x.Classes, x.Patients.Hi))
	}
	if bounded {
		p.band(pale(color), lower, upper)
		p.curve(color, 1, viz.Solid, upper)
		p.curve(color, 1, viz.Solid, lower)
	} else {
		p.curve(color, 2, viz.Solid, lower)
	}
	half := (p.x.b - p.x.a) / float64(n) / 2
	for k, x := range points[1:] {
		tip := fmt.Sprintf(f.lorenzTip, k+1, n, many, percents(x.Patients.Lo, x.Patients.Hi), unit)
		at := p.x.at(x.Classes)
		s.pointAt("curve", box{at - half, p.frame.y0, math.Min(at+half, p.frame.x1), p.frame.y1}, tip)
	}
	return s.finish()
}

// decimals writes a coefficient or its bounds.
func (s *figure) decimals(r referral.Result) string {
	if math.IsNaN(r.Lo) {
		return s.f.reason(r)
	}
	a, b := s.fixed(r.Lo, 2), s.fixed(r.Hi, 2)
	if a == b {
		return a
	}
	return a + "–" + b
}
