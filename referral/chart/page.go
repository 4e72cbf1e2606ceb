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
	"github.com/oncoref/oncoref/referral"
)

// layPage writes header and footer and leaves the rest to the map.
func (m *flowMap) layPage() {
	m.sheet = newSheet(m.c.Page, m.t.Meta())
	m.sheet.title = cmp.Or(m.sheet.title, m.w.untitled)
	m.sheet.symbol = m.symbolWidth()
	m.sheet.about = m.about(m.t, m.total())
	m.explainAll()
	m.putNotes()
	m.sheet.fix(m.sheet.mapRoom())
	m.frame = m.sheet.frame()
}

// about says below the title what the flows of a table are.
func (m *flowMap) about(t *referral.Table, total string) string {
	if m.c.Subtitle != "" {
		return m.c.Subtitle
	}
	parts := []string{fmt.Sprintf(m.w.subtitle, m.one())}
	title := strings.ToLower(m.sheet.title)
	if period := m.sheet.page.Period.String(); period != "" && !strings.Contains(title, period) {
		parts = append(parts, fmt.Sprintf(m.w.period, period))
	}
	if tumor := t.Meta().Tumor; tumor != "" && !strings.Contains(title, strings.ToLower(strings.ReplaceAll(tumor, "_", " "))) {
		parts = append(parts, fmt.Sprintf(m.w.tumor, tumor))
	}
	if total != "" {
		parts = append(parts, total)
	}
	return strings.Join(parts, ". ")
}

// total says how many the map is about.
func (m *flowMap) total() string {
	if !m.counted {
		return m.w.numberUnknown
	}
	sum := exactly(0)
	for _, p := range m.places {
		sum = sum.add(p.started)
	}
	return fmt.Sprintf(m.w.number, m.w.amount(sum), m.unit())
}

// one and many are the words for the classes of the table.
func (m *flowMap) one() string { return m.w.class(m.t.Meta().Level) }

func (m *flowMap) many() string { return m.w.classes(m.t.Meta().Level) }

func (m *flowMap) unit() string { return m.w.unit(m.t.Meta().Unit) }

func (w *words) class(level string) string {
	if level == referral.LevelHospital {
		return w.hospital
	}
	return w.network
}

func (w *words) classes(level string) string {
	if level == referral.LevelHospital {
		return w.hospitals
	}
	return w.networks
}

func (w *words) unit(u referral.Unit) string {
	switch u {
	case referral.Patients:
		return w.patients
	case referral.Treatments:
		return w.treatments
	case referral.Episodes:
		return w.episodes
	default:
		return w.units
	}
}

// explainAll lists in the legend only what the map uses.
func (m *flowMap) explainAll() {
	s, u := m.sheet, m.uses()
	color := " " + m.colorText()
	if m.counted {
		s.explain(fmt.Sprintf(m.w.discTreated, m.unit()), 0, m.drawAreas)
		if u.sized {
			s.explain(fmt.Sprintf(m.w.arrowWidth, m.unit())+color, 13*float64(len(m.sampleFlows()))+5, m.drawWidths)
		}
		switch {
		case u.rangeShare:
			s.explain(fmt.Sprintf(m.w.ringShare, m.one())+" "+m.w.ringRange, 0, drawShareSample(0.55, 0.8))
		case u.share:
			s.explain(fmt.Sprintf(m.w.ringShare, m.one()), 0, drawShareSample(0.7, 0.7))
		}
		if u.ranged {
			text := fmt.Sprintf(m.w.arrowRange, m.unit())
			if !u.sized {
				text += color
			}
			s.explain(text, 0, drawRangeSample)
		}
		if u.unsized {
			text := m.w.arrowUnknown
			if !u.sized && !u.ranged {
				text += color
			}
			s.explain(text, 0, drawArrowSample)
		}
	} else {
		if presenceRadius*m.shrink > numberRadius {
			text := fmt.Sprintf(m.w.discPresence, m.many())
			if u.bounds {
				text += " " + m.w.discRange
			}
			s.explain(text, 0, func(p *pen, c viz.Point) {
				p.labeled(c, 9, originColor(0), "3", textOn(originColor(0)), viz.Stroke{Color: originColor(0), Width: 1})
			})
		}
		if m.t.PresenceOnly() {
			s.explain(m.w.arrowPresent+color, 0, drawArrowSample)
		} else {
			s.explain(m.w.arrowUnknown+color, 0, drawArrowSample)
		}
	}
	if u.ring {
		s.explain(fmt.Sprintf(m.w.ringPresent, m.one()), 0, func(p *pen, c viz.Point) {
			p.disc(c, 6, originColor(0), viz.Stroke{Color: originColor(0), Width: 1})
			p.disc(c, 9.5, "", viz.Stroke{Color: originColor(0), Width: 1.4, Dash: viz.Dashed})
		})
	}
	if u.set {
		s.explain(fmt.Sprintf(m.w.setDisc, m.many()), 0, drawSetSample)
	}
	m.explainGroups()
}

// colorText says what the color of an arrow means.
func (m *flowMap) colorText() string {
	switch {
	case len(m.groups) > 0:
		return m.w.colorGroup
	case m.tagged:
		return fmt.Sprintf(m.w.colorLetter, m.one())
	}
	text := fmt.Sprintf(m.w.color, m.one())
	if len(m.origins) > len(originColors) {
		text += " " + m.w.colorRepeats
	}
	return text
}

// uses is what a map has to explain.
type uses struct{ sized, ranged, unsized, share, rangeShare, ring, set, bounds bool }

func (m *flowMap) uses() uses {
	var u uses
	for _, p := range m.places {
		u.set = u.set || p.set()
		u.bounds = u.bounds || p.in[0] != p.in[1]
		share := p.shared()
		u.share = u.share || p.retained.some() && share
		u.rangeShare = u.rangeShare || p.retained.some() && share && (!p.started.sized || !p.retained.sized)
		u.ring = u.ring || p.retained.some() && !share
	}
	for _, l := range m.links {
		u.sized = u.sized || l.amount.sized
		u.ranged = u.ranged || l.amount.ranged()
		u.unsized = u.unsized || !l.amount.sized && !l.amount.ranged()
	}
	return u
}

// putNotes adds the lines below the legend: what is not known, what was left
// out, where the data come from.
func (m *flowMap) putNotes() {
	s := m.sheet
	s.noteSmall(m.t, m.unit())
	if text := m.ranges(); text != "" {
		s.note(false, text)
	}
	if m.hidden.flows > 0 {
		s.note(true, fmt.Sprintf(m.w.hidden, m.hidden.flows, m.w.decimal(m.hidden.below), m.w.amount(m.hidden.total)))
	}
	if m.unknown > 0 {
		s.note(true, fmt.Sprintf(m.w.mayOccur, m.unknown))
	}
	if len(m.places) > dense || m.note {
		s.note(false, m.w.leftOut)
	}
	if m.note && m.tagged {
		s.note(false, fmt.Sprintf(m.w.letters, m.letterKey()))
	}
	if m.outside {
		s.note(false, m.w.outside)
	}
	s.finish()
}

// letterKey names the classes of the letters, for those whose name is left out.
func (m *flowMap) letterKey() string {
	var list []string
	for _, p := range m.places {
		if text := p.letter + " " + plain(p.title); p.letter != "" && !slices.Contains(list, text) {
			list = append(list, text)
		}
	}
	return strings.Join(list, ", ")
}

// noteSmall says what the page shows of unknown and small counts.
func (s *sheet) noteSmall(t *referral.Table, unit string) {
	switch {
	case t.PresenceOnly():
		s.note(true, fmt.Sprintf(s.w.unknown, unit))
		s.note(false, s.w.absent)
	case s.page.AllowSmall:
		s.note(true, s.w.smallShown)
	default:
		s.note(false, s.w.small)
	}
}

// ranges lists the flows that are known between other bounds than those of all
// small counts, since an arrow shows these only roughly.
func (m *flowMap) ranges() string {
	const most = 8
	var list []string
	more := 0
	for i := range m.links {
		l := &m.links[i]
		if !l.amount.ranged() || l.amount.lo == 1 && l.amount.hi == smallCount-1 {
			continue
		}
		if len(list) == most {
			more++
			continue
		}
		list = append(list, m.linkName(l)+m.w.amount(l.amount))
	}
	if more > 0 {
		list = append(list, fmt.Sprintf(m.w.more, more))
	}
	if len(list) == 0 {
		return ""
	}
	return fmt.Sprintf(m.w.ranges, strings.Join(list, "; "))
}

// number writes a count without a needless fraction.
func number(v float64) string { return strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64) }

// decimal is number with the sign of the language before a fraction.
func (w *words) decimal(v float64) string { return strings.Replace(number(v), ".", w.point, 1) }

// amount writes an amount: as a range or a lower bound if parts of it are not
// known.
func (w *words) amount(a amount) string {
	switch {
	case a.sized:
		return w.decimal(a.lo)
	case a.ranged():
		return fmt.Sprintf(w.between, w.decimal(a.lo), w.decimal(a.hi))
	}
	return fmt.Sprintf(w.atLeast, w.decimal(a.lo))
}

// sampleFlows are the counts whose widths the legend shows: round numbers that
// the map may show.
func (m *flowMap) sampleFlows() []float64 {
	var out []float64
	for _, share := range [...]float64{1, 0.5, 0.1} {
		v := roundNice(m.mostFlow * share)
		if v >= 1 && (v >= smallCount || m.c.AllowSmall) && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// symbolWidth is the room for the symbols of the legend, with their numbers.
func (m *flowMap) symbolWidth() float64 {
	w := 0.0
	if m.counted {
		w = viz.TextWidth(number(max(roundNice(m.mostTreated), roundNice(m.mostFlow))), 8, false)
	}
	return 46 + math.Max(0, w+2)
}

// roundNice rounds down to 1, 2 or 5 times a power of ten.
func roundNice(v float64) float64 {
	if v < 1 {
		return 0
	}
	p := math.Pow(10, math.Floor(math.Log10(v)))
	switch {
	case v >= 5*p:
		return 5 * p
	case v >= 2*p:
		return 2 * p
	}
	return p
}
