// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/oncoref/oncoref/graph/viz"
	"github.com/oncoref/oncoref/referral"
)

const (
	pageMargin = 28.0
	titleSize  = 16.0
	headSize   = 10.5
	legendSize = 9.5
	noteSize   = 9.0
	columnGap  = 16.0
)

// symbol is the drawing beside a line of the legend.
type symbol uint8

const (
	noSymbol symbol = iota
	discSymbol
	ringSymbol
	arrowSymbol
	widthSymbol
	areaSymbol
	shareSymbol
	rangeShareSymbol
	rangeSymbol
	setSymbol
)

// legendItem is one entry of the legend.
type legendItem struct {
	symbol symbol
	lines  []string
}

// footerLine is a line of the notes below the legend.
type footerLine struct {
	text string
	bold bool
}

// layPage writes header and footer and leaves the rest to the map.
func (m *flowMap) layPage() {
	width := m.c.Width - 2*pageMargin
	meta := m.t.Meta()
	parts := []string{fmt.Sprintf(m.w.subtitle, m.one())}
	if period := meta.Period.String(); period != "" && !strings.Contains(m.title(), period) {
		parts = append(parts, fmt.Sprintf(m.w.period, period))
	}
	if meta.Tumor != "" && !strings.Contains(strings.ToLower(m.title()), strings.ToLower(strings.ReplaceAll(meta.Tumor, "_", " "))) {
		parts = append(parts, fmt.Sprintf(m.w.tumor, meta.Tumor))
	}
	m.header = wrapText(strings.Join(append(parts, m.total()), ". "), width, headSize, false)
	m.footer = m.notes(width)
	top := m.c.Height - pageMargin - float64(len(m.titleLines()))*titleSize*1.2 - float64(len(m.header))*headSize*1.25 - 8
	if meta.Synthetic {
		top -= headSize * 1.5
	}
	bottom := pageMargin + float64(len(m.footer))*noteSize*1.28 + 6 + m.legendHeight() + 14
	m.frame = box{pageMargin, bottom, m.c.Width - pageMargin, top}
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
	return fmt.Sprintf(m.w.number, m.amountText(sum), m.unit())
}

func (m *flowMap) titleLines() []string {
	return wrapText(m.title(), m.c.Width-2*pageMargin, titleSize, true)
}

// one and many are the words for the classes of the table.
func (m *flowMap) one() string {
	if m.t.Meta().Level == "hospital" {
		return m.w.hospital
	}
	return m.w.network
}

func (m *flowMap) many() string {
	if m.t.Meta().Level == "hospital" {
		return m.w.hospitals
	}
	return m.w.networks
}

func (m *flowMap) unit() string {
	switch m.t.Meta().Unit {
	case referral.Patients:
		return m.w.patients
	case referral.Treatments:
		return m.w.treatments
	case referral.Episodes:
		return m.w.episodes
	default:
		return m.w.units
	}
}

// legend lists only what the map uses.
func (m *flowMap) legend() []legendItem {
	var items []legendItem
	put := func(s symbol, text string) {
		items = append(items, legendItem{s, wrapText(text, m.columnWidth()-m.symbolWidth(), legendSize, false)})
	}
	color := " " + fmt.Sprintf(m.w.color, m.one())
	u := m.uses()
	switch {
	case m.counted:
		put(areaSymbol, fmt.Sprintf(m.w.discTreated, m.unit()))
		if u.sized {
			put(widthSymbol, fmt.Sprintf(m.w.arrowWidth, m.unit())+color)
		}
		switch {
		case u.rangeShare:
			put(rangeShareSymbol, fmt.Sprintf(m.w.ringShare, m.one())+" "+m.w.ringRange)
		case u.share:
			put(shareSymbol, fmt.Sprintf(m.w.ringShare, m.one()))
		}
		if u.ranged {
			put(rangeSymbol, fmt.Sprintf(m.w.arrowRange, m.unit()))
		}
		if u.unsized {
			put(arrowSymbol, m.w.arrowUnknown)
		}
	default:
		if presenceRadius*m.shrink > numberRadius {
			text := fmt.Sprintf(m.w.discPresence, m.many())
			if u.bounds {
				text += " " + m.w.discRange
			}
			put(discSymbol, text)
		}
		if m.t.PresenceOnly() {
			put(arrowSymbol, m.w.arrowPresent+color)
		} else {
			put(arrowSymbol, m.w.arrowUnknown+color)
		}
	}
	if u.ring {
		put(ringSymbol, fmt.Sprintf(m.w.ringPresent, m.one()))
	}
	if u.set {
		put(setSymbol, fmt.Sprintf(m.w.setDisc, m.many()))
	}
	return items
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

func (m *flowMap) columnWidth() float64 { return (m.c.Width - 2*pageMargin - columnGap) / 2 }

func (m *flowMap) itemHeight(i legendItem) float64 {
	h := math.Max(24, float64(len(i.lines))*legendSize*1.22+7)
	if i.symbol == widthSymbol {
		h = math.Max(h, 13*float64(len(m.sampleFlows()))+5)
	}
	return h
}

// legendHeight is the height of the higher of two columns.
func (m *flowMap) legendHeight() float64 {
	var h [2]float64
	for k, item := range m.legend() {
		h[k%2] += m.itemHeight(item)
	}
	return math.Max(h[0], h[1])
}

// notes are the lines below the legend: what is not known, what was left out,
// where the data come from.
func (m *flowMap) notes(width float64) []footerLine {
	var out []footerLine
	put := func(bold bool, text string) {
		for _, line := range wrapText(text, width, noteSize, bold) {
			out = append(out, footerLine{line, bold})
		}
	}
	meta := m.t.Meta()
	if m.t.PresenceOnly() {
		put(true, fmt.Sprintf(m.w.unknown, m.unit()))
		put(false, m.w.absent)
	} else if m.c.AllowSmall {
		put(true, m.w.smallShown)
	} else {
		put(false, m.w.small)
	}
	if text := m.ranges(); text != "" {
		put(false, text)
	}
	if m.hidden.flows > 0 {
		put(true, fmt.Sprintf(m.w.hidden, m.hidden.flows, number(m.hidden.below), m.amountText(m.hidden.total)))
	}
	if m.unknown > 0 {
		put(true, fmt.Sprintf(m.w.mayOccur, m.unknown))
	}
	if len(m.places) > dense || m.note {
		put(false, m.w.leftOut)
	}
	if m.outside {
		put(false, m.w.outside)
	}
	if meta.Source != "" {
		put(false, fmt.Sprintf(m.w.source, strings.TrimSuffix(meta.Source, ".")))
	}
	return out
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
		list = append(list, fmt.Sprintf(m.w.tipFlow, m.places[l.from].title, m.places[l.to].title)+m.amountText(l.amount))
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

// wrapText breaks a text into lines of at most the given width.
func wrapText(text string, width, size float64, bold bool) []string {
	var lines []string
	line := ""
	for w := range strings.FieldsSeq(text) {
		next := w
		if line != "" {
			next = line + " " + w
		}
		if line != "" && viz.TextWidth(next, size, bold) > width {
			lines = append(lines, line)
			next = w
		}
		line = next
	}
	return append(lines, line)
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
	return 46 + math.Max(0, w-9)
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
