// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"math"

	"github.com/oncoref/oncoref/graph/viz"
)

// tag is a short text on an arrow, such as the letter of its origin.
type tag struct {
	text   string
	at     viz.Point
	radius float64
	placed bool
}

const (
	tagSize = 7.0 // font size
	tagBest = 0.6 // of the way, where a tag is looked for
)

// placeTags puts a tag on every arrow that has room for one.
func (m *flowMap) placeTags() {
	for i := range m.links {
		l := &m.links[i]
		if m.tagged && l.tag.text == "" {
			l.tag.text = m.places[l.from].letter
		}
		l.tag.placed = false
		l.tag.radius = math.Max(4.6, viz.TextWidth(l.tag.text, tagSize, false)/2+1.4)
	}
	for i := range m.links {
		if m.links[i].tag.text != "" {
			m.placeTag(i)
		}
	}
}

// placeTag puts the tag of arrow i where it hides least, if it hides no name,
// no disc and no other tag.
func (m *flowMap) placeTag(i int) {
	l := &m.links[i]
	best := math.Inf(1)
	for k, at := range l.samples {
		t := float64(k) / samples
		if distance(at, l.tip) < headLength+l.width+l.tag.radius || distance(at, l.samples[0]) < l.tag.radius+1 {
			continue
		}
		cost := 20 * math.Abs(t-tagBest)
		if m.tagHides(i, at) {
			continue
		}
		for j := range m.links {
			if o := &m.links[j]; j != i && o.box.meetsDisc(at, l.tag.radius+o.width/2) {
				for _, q := range o.samples {
					if distance(q, at) < l.tag.radius+o.width/2 {
						cost += 3
					}
				}
			}
		}
		if cost < best {
			best, l.tag.at, l.tag.placed = cost, at, true
		}
	}
}

// tagHides reports whether a tag of arrow i at a point would hide a name, a
// disc, another tag or the head of an arrow.
func (m *flowMap) tagHides(i int, at viz.Point) bool {
	r := m.links[i].tag.radius
	for k := range m.places {
		p := &m.places[k]
		if distance(p.at, at) < p.reach()+r+1 || p.name.placed && p.name.box.meetsDisc(at, r+1) {
			return true
		}
	}
	if !m.frame.contains(at) || m.caption.meetsDisc(at, r) {
		return true
	}
	for j := range m.links {
		o := &m.links[j]
		if j == i {
			continue
		}
		if o.tag.placed && distance(o.tag.at, at) < o.tag.radius+r+1 || distance(o.tip, at) < r+headLength/2 {
			return true
		}
	}
	return false
}

func (m *flowMap) drawTags(d *viz.Drawing) {
	for i := range m.links {
		l := &m.links[i]
		if !l.tag.placed {
			continue
		}
		d.Discs = append(d.Discs, viz.Disc{
			ID: m.id("tag", i), Center: l.tag.at, Radius: l.tag.radius, Fill: paper, Stroke: viz.Stroke{Color: m.linkColor(l), Width: 0.9},
			Text: l.tag.text, Size: tagSize, Color: ink, Tooltip: m.linkTip(l),
		})
	}
}
