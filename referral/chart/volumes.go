// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/oncoref/oncoref/graph/viz"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/coverage"
	"github.com/oncoref/oncoref/referral/inference"
)

// VolumesConfig says how hospital volumes are drawn.
type VolumesConfig struct {
	Page
	Norm     float64       // least patients a year; 0: no norm
	From, To int           // years that the mean is of; 0: the first and last that occur
	Experts  coverage.List // hospitals that are marked
	Level    float64       // of the intervals; 0 means 0.95
}

// Volumes draws how many patients each hospital treated, the largest first:
// the mean of a year over a period for volumes that were counted by year, else
// the numbers as they are. Kinds of treatment have a part of the figure each.
// The whisker is Garwood's interval of the expected number (inference.Rate), the
// dashed line is the norm, and below it stands what coverage.CountUnder says.
//
// A number that is known between two bounds, such as any of 1 to 4 in the whole
// period without AllowSmall, is a bar up to the lower one and a hatched piece up
// to the upper one; hospitals with equal bounds are in the order of their
// names, so that the order tells nothing.
//
// It returns an error matching [ErrEmpty] without volumes, errors matching
// [ErrConfig] for a page, a norm or years that make no sense and ErrCrowded for
// more than fits on one, and the errors of inference.Rate. Time O(n log n).
//
// IKNL 2023, figures 3.1 to 3.16.
func Volumes(volumes []coverage.Volume, c VolumesConfig) (*viz.Drawing, error) {
	if len(volumes) == 0 {
		return nil, fmt.Errorf("%w: no volumes", ErrEmpty)
	}
	if !(c.Norm >= 0) || math.IsInf(c.Norm, 1) {
		return nil, fmt.Errorf("%w: norm of %g patients, want 0 or more", ErrConfig, c.Norm)
	}
	f := figureWordsIn(c.Lang)
	v := volumeBars{c: c}
	if err := v.collect(volumes); err != nil {
		return nil, err
	}
	a := about{title: f.volumes, what: f.volumesOf, period: v.period()}
	if len(v.panels) == 1 {
		a.n = fmt.Sprintf(f.hospitalsN, len(v.panels[0].rows))
	}
	s, err := newFigure(c.Page, a)
	if err != nil {
		return nil, err
	}
	v.s = s
	s.keys(v.keys())
	v.writeNotes()
	for i := range v.panels {
		v.draw(&v.panels[i])
	}
	return s.finish()
}

type volumeBars struct {
	s        *figure
	c        VolumesConfig
	from, to int // years; 0 if the volumes are no mean of years
	panels   []volumePanel
	undated  int // hospitals
	ranged   bool
	interval inference.Interval
}

type volumePanel struct {
	kind string
	rows []volumeRow
}

type volumeRow struct {
	coverage.Volume // what may be shown
	interval        inference.Interval
}

// collect makes the panels.
func (v *volumeBars) collect(volumes []coverage.Volume) error {
	var kinds []string
	undated := map[string]bool{}
	first, last := math.MaxInt, 0
	for _, x := range volumes {
		if !slices.Contains(kinds, x.Kind) {
			kinds = append(kinds, x.Kind)
		}
		if x.Year == 0 {
			undated[x.Hospital] = true
			continue
		}
		first, last = min(first, x.Year), max(last, x.Year)
	}
	slices.Sort(kinds)
	if last > 0 {
		v.from, v.to = cmp.Or(v.c.From, first), cmp.Or(v.c.To, last)
		v.undated = len(undated)
		if v.to < v.from {
			return fmt.Errorf("%w: years %d to %d, want the first not after the last", ErrConfig, v.from, v.to)
		}
	}
	for _, kind := range kinds {
		of := volumes
		if last > 0 {
			of = coverage.AnnualMean(volumes, kind, v.from, v.to)
		} else {
			of = slices.DeleteFunc(slices.Clone(of), func(x coverage.Volume) bool { return x.Kind != kind })
		}
		p := volumePanel{kind: kind}
		for _, x := range of {
			row, err := v.row(x)
			if err != nil {
				return err
			}
			p.rows = append(p.rows, row)
		}
		slices.SortStableFunc(p.rows, func(a, b volumeRow) int {
			return cmp.Or(cmp.Compare(b.Patients.Lo, a.Patients.Lo), cmp.Compare(b.Patients.Hi, a.Patients.Hi), cmp.Compare(a.Hospital, b.Hospital))
		})
		if len(p.rows) > 0 {
			v.panels = append(v.panels, p)
		}
	}
	if len(v.panels) == 0 {
		return fmt.Errorf("%w: no volumes in %d to %d", ErrEmpty, v.from, v.to)
	}
	return nil
}

// row hides the number of the whole period if it is small, and puts an interval
// around what is left.
func (v *volumeBars) row(x coverage.Volume) (volumeRow, error) {
	years := float64(max(x.Years, 1))
	whole := func(n float64) float64 { // a mean times its years is whole but for rounding
		if r := math.Round(n * years); math.Abs(r-n*years) < 1e-6 {
			return r
		}
		return n * years
	}
	total := v.c.gatedCell(referral.Between(whole(x.Patients.Lo), whole(x.Patients.Hi)))
	interval, err := inference.Rate(total, inference.RateConfig{Years: years, Level: v.c.Level})
	if err != nil {
		return volumeRow{}, err
	}
	x.Patients = referral.Between(total.Lo/years, total.Hi/years)
	v.ranged = v.ranged || !x.Patients.Known()
	v.interval = interval
	x.Treatments = 0
	return volumeRow{x, interval}, nil
}

func (v *volumeBars) period() network.Period {
	if v.from == 0 {
		return network.Period{}
	}
	p, err := network.ParsePeriod(fmt.Sprintf("%d-%d", v.from, v.to))
	if err != nil {
		return network.Period{}
	}
	return p
}

func (v *volumeBars) marked() bool { return len(v.c.Experts.Hospitals) > 0 }

var expertFill, hospitalFill = fill{color: originColors[0]}, fill{color: "#d9c58c"}

func (v *volumeBars) keys() []key {
	s := v.s
	var out []key
	if v.marked() {
		out = append(out, fillKey(expertFill, fmt.Sprintf(s.f.expert, cmpText(v.c.Experts.Name, "?"))), fillKey(hospitalFill, s.f.elseHosp))
	}
	if v.ranged {
		out = append(out, fillKey(unknownFill, s.f.hiddenBand))
	}
	out = append(out, whiskerKey(s.f.whiskerVolume))
	if v.c.Norm > 0 {
		out = append(out, lineKey(warning, 1.2, viz.Dashed, fmt.Sprintf(s.f.norm, s.amount(v.c.Norm))))
	}
	return out
}

func (v *volumeBars) writeNotes() {
	s := v.s
	for _, p := range v.panels {
		if v.c.Norm == 0 {
			break
		}
		of := make([]coverage.Volume, len(p.rows))
		for i, r := range p.rows {
			of[i] = r.Volume
		}
		u := coverage.CountUnder(of, v.c.Norm)
		text := fmt.Sprintf(s.f.underNorm, s.amount(v.c.Norm), s.resultText(u.Hospitals), s.resultText(u.Active), s.shareText(u.SharePatients))
		if len(v.panels) > 1 {
			text = s.w.care(p.kind) + ": " + text
		}
		s.note(true, "%s", text)
	}
	if v.from > 0 {
		s.note(false, s.f.offersNot, v.period())
	}
	if v.undated > 0 {
		s.note(false, s.f.noYear, v.undated)
	}
	s.note(false, "%s", s.f.volumesTwice)
	s.smallNote()
	s.note(false, s.f.poisson, s.intervalLabel(v.interval))
	s.centersNote(v.c.Experts)
	s.endNotes()
}

// phrase writes a word of the data, such as systemic_therapy, for a reader.
func phrase(word string) string { return plain(strings.ReplaceAll(word, "_", " ")) }

// resultText writes a number that is whole, or its bounds.
func (s *figure) resultText(r referral.Result) string {
	switch {
	case math.IsNaN(r.Lo):
		return "?"
	case r.Lo == r.Hi:
		return s.w.decimal(r.Lo)
	}
	return s.w.decimal(r.Lo) + "–" + s.w.decimal(r.Hi)
}

// shareText writes a share, or its bounds.
func (s *figure) shareText(r referral.Result) string {
	if math.IsNaN(r.Lo) {
		return "?"
	}
	return percents(r.Lo, r.Hi)
}

// amount writes a number with one decimal where it needs one.
func (s *figure) amount(v float64) string {
	if v == math.Trunc(v) {
		return s.fixed(v, 0)
	}
	return s.fixed(v, 1)
}

func (v *volumeBars) draw(p *volumePanel) {
	s := v.s
	size := sizesFor(len(p.rows))
	size.pitch = math.Max(size.pitch*0.68, size.text+1.4) // nothing stands below a bar
	size.bar = math.Min(size.bar, size.pitch*0.62)
	names, texts := make([]string, len(p.rows)), make([]string, len(p.rows))
	most, textWidth := v.c.Norm*1.1, 0.0
	for i, r := range p.rows {
		names[i], texts[i] = plain(r.Hospital), v.text(r)
		textWidth = math.Max(textWidth, viz.TextWidth(texts[i], size.text, false))
		for _, x := range []float64{r.Patients.Lo, r.Patients.Hi, r.interval.Hi} {
			if !math.IsInf(x, 1) {
				most = math.Max(most, x)
			}
		}
	}
	column, above := s.nameColumn(names, size.text)
	if above { // numbers need the right side, names may be cut
		column = math.Min(110, s.width()*0.3)
	}
	left, right := s.left()+column+6, s.right()-textWidth-8
	axisName := s.f.inPeriod
	if v.from > 0 || p.rows[0].Years > 0 {
		axisName = s.f.perYear
	}
	if p.kind != "" {
		s.text(viz.Point{X: s.left(), Y: s.y + headSize}, viz.Left, clip(s.w.care(p.kind), s.width(), headSize, true), headSize, true, ink)
		s.y += headSize * 1.4
	}
	s.text(viz.Point{X: left, Y: s.y + textSize}, viz.Left, clip(axisName, s.right()-left, textSize, false), textSize, false, softInk)
	s.y += textSize + smallSize + 9
	x := s.valueAxis(0, most, left, right, true)
	end := s.y + 4 + float64(len(p.rows))*size.pitch
	s.across(x, s.y, end)
	for i, r := range p.rows {
		v.bar(r, x, s.y+4+float64(i)*size.pitch, size, clip(names[i], column, size.text, false), texts[i])
	}
	if v.c.Norm > 0 {
		at := x.at(v.c.Norm)
		s.line(warning, 1.2, viz.Dashed, viz.Point{X: at, Y: s.y}, viz.Point{X: at, Y: end})
	}
	s.y = end + 12
}

func (v *volumeBars) text(r volumeRow) string {
	s := v.s
	digits := 0
	if r.Years > 0 {
		digits = 1
	}
	n := s.fixed(r.Patients.Lo, digits)
	switch {
	case math.IsInf(r.Patients.Hi, 1):
		return fmt.Sprintf(s.w.atLeast, n)
	case !r.Patients.Known():
		n += "–" + s.fixed(r.Patients.Hi, digits)
	}
	return n + " (" + s.fixed(r.interval.Lo, digits) + "–" + s.fixed(r.interval.Hi, digits) + ")"
}

func (v *volumeBars) bar(r volumeRow, x axis, y float64, size barSizes, name, text string) {
	s := v.s
	base := y + size.bar/2 + size.text*0.36
	s.text(viz.Point{X: x.a - 6, Y: base}, viz.Right, name, size.text, false, ink)
	s.text(viz.Point{X: s.right(), Y: base}, viz.Right, text, size.text, false, softInk)
	f := expertFill
	if v.marked() && !v.c.Experts.Has(r.Hospital) {
		f = hospitalFill
	}
	tip := plain(r.Hospital) + ": " + text
	if r.Year > 0 {
		tip += " (" + strconv.Itoa(r.Year) + ")"
	}
	lo, hi := r.Patients.Lo, r.Patients.Hi
	if lo > 0 {
		s.area(s.id("bar"), box{x.a, y, x.at(lo), y + size.bar}, f, tip)
	}
	if hi > lo {
		s.area(s.id("unknown"), box{x.at(lo), y, math.Min(x.at(hi), x.b), y + size.bar}, unknownFill, tip)
	}
	if !math.IsInf(r.interval.Hi, 1) {
		s.whisker(x.at(r.interval.Lo), x.at(r.interval.Hi), y+size.bar/2, math.Min(2.2, size.bar*0.35))
	}
}
