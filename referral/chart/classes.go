// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"fmt"
	"math"
	"slices"

	"github.com/oncoref/oncoref/graph/viz"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/coverage"
	"github.com/oncoref/oncoref/referral/inference"
)

// ClassesOf are the referral classes of a group of patients, such as those of a
// tumor or a network; Group may be empty where there is one.
type ClassesOf struct {
	Group string
	coverage.Classes
}

// ReferralClassesConfig says how referral classes are drawn.
type ReferralClassesConfig struct {
	Page
	Intervals inference.Config // around the shares; the zero value asks for 95 % Wilson intervals
	Percent   bool             // the classes are published percentages, not patients: no intervals, no gate
}

// ReferralClasses draws for each group how its patients came to the hospital of
// their definitive treatment, as one bar of 100 %: those in a center
// throughout, those referred after a first visit and after treatment
// elsewhere, and those treated elsewhere. The whisker below is the interval of
// the share treated in a center, which is the border of the last piece; the
// numbers stand below it. Groups are in the order given.
//
// Counts of 1 to 4 are hidden as in [DestinationShares], and the number of
// patients with them. With Percent nothing is hidden and there are no
// intervals, since the number of patients is not known.
//
// It returns an error matching [ErrEmpty] without groups, errors matching
// [ErrConfig] for a page that cannot be made and ErrCrowded for more than fits
// on one, a *referral.CellError for a class that is no count, and the errors
// of inference.OfShares. Time O(groups).
//
// IKNL 2023, figure 3.3.
func ReferralClasses(groups []ClassesOf, c ReferralClassesConfig) (*viz.Drawing, error) {
	if len(groups) == 0 {
		return nil, fmt.Errorf("%w: no groups of patients", ErrEmpty)
	}
	f, w := figureWordsIn(c.Lang), wordsIn(c.Lang)
	s, err := newFigure(c.Page, about{title: f.classes, what: fmt.Sprintf(f.classesOf, cmpText(w.care(groups[0].Kind), "?"))})
	if err != nil {
		return nil, err
	}
	g := gradedBars{s: s, names: []string{f.throughout, f.afterDiagnosis, f.afterTreatment, f.elsewhere}, fills: gradeFills[:]}
	for _, x := range groups {
		counts := []float64{x.Throughout, x.AfterDiagnosis, x.AfterTreatment, x.Elsewhere}
		if err := g.add(x.Group, counts, c.Intervals, c.Percent); err != nil {
			return nil, err
		}
	}
	s.keys(g.keys(f.whiskerCenter))
	if c.Percent {
		s.note(true, "%s", f.percentNote)
	}
	s.centersNote(groups[0].Experts)
	var lost [3]int
	for _, x := range groups {
		for i, n := range [...]int{x.Untreated, x.OriginUnknown, x.HospitalLost} {
			lost[i] += n
		}
	}
	if lost != [3]int{} {
		var text [3]string
		for i, n := range lost {
			text[i] = s.w.cellText(c.gatedCount(float64(n)))
		}
		s.note(false, f.leftOutOf, text[0], text[1], text[2])
	}
	g.writeNotes(c.Percent)
	g.k.draw(f.inCenters)
	return s.finish()
}

// InvolvementConfig says how the involvement of centers is drawn.
type InvolvementConfig struct {
	Page
	Intervals inference.Config // around the shares; the zero value asks for 95 % Wilson intervals
}

// Involvement draws for each group the strongest contact of its patients with a
// center, as one bar of 100 %: treated there, seen there, discussed by it, none.
// The whisker below is the interval of the share with a center involved. Where
// case discussions are not in the data, being discussed and nothing at all are
// one hatched piece. Groups are in the order given; the one without a name is
// called all patients.
//
// Counts of 1 to 4 are hidden as in [DestinationShares]. The errors are those of
// [ReferralClasses]. Time O(groups).
//
// IKNL 2023, figure 4.4.
func Involvement(groups []coverage.GroupInvolvement, c InvolvementConfig) (*viz.Drawing, error) {
	if len(groups) == 0 {
		return nil, fmt.Errorf("%w: no groups of patients", ErrEmpty)
	}
	f := figureWordsIn(c.Lang)
	s, err := newFigure(c.Page, about{title: f.involvement, what: f.involvementOf})
	if err != nil {
		return nil, err
	}
	registered := !slices.ContainsFunc(groups, func(x coverage.GroupInvolvement) bool { return !x.Registered })
	g := gradedBars{s: s, names: []string{f.treatedIn, f.seenIn, f.discussed, f.notInvolved}, fills: gradeFills[:]}
	whisker := f.whiskerInvolved
	if !registered {
		g.names = []string{f.treatedIn, f.seenIn, f.notRegistered}
		g.fills = []fill{gradeFills[0], gradeFills[1], unknownFill}
		whisker = f.whiskerSeen
	}
	for _, x := range groups {
		counts := []float64{float64(x.Treated), float64(x.Seen), float64(x.Discussed), float64(x.None)}
		if !registered {
			counts = append(counts[:2], counts[2]+counts[3])
		}
		if err := g.add(cmpText(x.Group, f.allPatients), counts, c.Intervals, false); err != nil {
			return nil, err
		}
	}
	s.keys(g.keys(whisker))
	if !registered {
		s.note(true, "%s", f.registeredNote)
	}
	s.centersNote(groups[0].Experts)
	g.writeNotes(false)
	g.k.draw(fmt.Sprintf(f.shareOf, s.w.patients))
	return s.finish()
}

// centersNote says which hospitals count as centers.
func (s *figure) centersNote(l coverage.List) {
	switch {
	case l.Name == "" && len(l.Hospitals) == 0:
	case l.On == 0:
		s.note(false, s.f.centers, plain(l.Name), len(l.Hospitals))
	default:
		s.note(false, s.f.centersOn, plain(l.Name), l.On, len(l.Hospitals))
	}
}

// gradedBars are bars of a few ordered classes, the last of which is the one
// that the others are not.
type gradedBars struct {
	s        *figure
	k        stack
	names    []string
	fills    []fill
	unknown  bool
	whiskers bool
	interval inference.Interval
}

// add makes the bar of one group.
func (g *gradedBars) add(group string, counts []float64, c inference.Config, percentages bool) error {
	page := g.s.page
	page.AllowSmall = page.AllowSmall || percentages
	estimates, shares, err := page.partition(counts, c)
	if err != nil {
		return err
	}
	r := stackRow{name: plain(group), lo: math.NaN(), hi: math.NaN()}
	if !percentages {
		r.count = "n = " + g.s.w.cellText(shares[0].Whole)
	}
	if shares[0].Status == referral.Undefined {
		r.empty = g.s.f.reason(shares[0].Result)
	}
	rest := 1.0
	for _, x := range shares {
		rest -= x.Lo
	}
	last := len(shares) - 1
	for i, x := range shares {
		if i == last && rest > 1e-9 && r.empty == "" {
			g.unknown = true
			r.parts = append(r.parts, stackPart{kind: "unknown", fill: unknownFill, share: rest, tip: fmt.Sprintf(g.s.f.tipRest, r.name, percent(rest))})
		}
		e := estimates[i]
		if percentages {
			e.Interval.Lo = math.NaN()
		}
		if !(x.Hi > 0) {
			continue
		}
		text := estimateText(e)
		r.parts = append(r.parts, stackPart{kind: "part", fill: g.fills[i], share: x.Lo, text: percent(x.Lo), tip: g.names[i] + ": " + text})
		r.numbers = append(r.numbers, g.names[i]+" "+text)
	}
	if e := estimates[last].Interval; !percentages && r.empty == "" && !math.IsNaN(e.Lo) {
		r.lo, r.hi = 1-e.Hi, 1-e.Lo
		g.whiskers, g.interval = true, e
	}
	g.k.rows = append(g.k.rows, r)
	return nil
}

func (g *gradedBars) keys(whisker string) []key {
	g.k.s, g.k.hide = g.s, len(g.k.rows) > manyRows
	var out []key
	for i, name := range g.names {
		out = append(out, fillKey(g.fills[i], name))
	}
	if g.unknown && g.fills[len(g.fills)-1] != unknownFill {
		out = append(out, fillKey(unknownFill, g.s.f.unknownClass))
	}
	if g.whiskers {
		out = append(out, whiskerKey(whisker))
	}
	return out
}

func (g *gradedBars) writeNotes(percentages bool) {
	s := g.s
	if g.unknown {
		s.note(true, "%s", s.f.hatched)
	}
	if !percentages {
		s.smallNote()
	}
	if g.whiskers {
		format := s.f.brackets
		if g.k.hide {
			format = s.f.whiskers
		}
		s.note(false, format, s.intervalLabel(g.interval))
	}
	s.endNotes()
}
