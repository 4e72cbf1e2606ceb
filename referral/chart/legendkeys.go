// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"github.com/oncoref/oncoref/graph/viz"
)

// key is an entry of the legend of a figure.
type key struct {
	label string
	draw  func(s *figure, b box) // the sample, in a box of keyWidth
}

const (
	keyWidth  = 18.0
	keyHeight = 8.0
	keyGap    = 14.0
	keyLead   = 12.5
)

func fillKey(f fill, label string) key {
	return key{label, func(s *figure, b box) { s.area("", b, f, "") }}
}

func lineKey(color string, width float64, dash viz.Dash, label string) key {
	return key{label, func(s *figure, b box) {
		y := b.center().Y
		s.line(color, width, dash, viz.Point{X: b.x0, Y: y}, viz.Point{X: b.x1, Y: y})
	}}
}

func whiskerKey(label string) key {
	return key{label, func(s *figure, b box) { s.whisker(b.x0+1, b.x1-1, b.center().Y, 2.5) }}
}

// whisker draws an interval along a line.
func (s *figure) whisker(x0, x1, y, half float64) {
	s.rule(ink, 0.9, x0, y, x1, y)
	s.rule(ink, 0.9, x0, y-half, x0, y+half)
	s.rule(ink, 0.9, x1, y-half, x1, y+half)
}

// keys writes the legend, entries beside each other as far as they fit.
func (s *figure) keys(keys []key) {
	x := s.left()
	for i, k := range keys {
		room := s.width() - keyWidth - 5
		lines := wrapClipped(plain(k.label), room, textSize, false, 4)
		w := keyWidth + 5 + viz.TextWidth(lines[0], textSize, false)
		if i > 0 && (x+w > s.right() || len(lines) > 1) {
			x = s.left()
			s.y += keyLead
		}
		middle := s.y + keyLead/2
		k.draw(s, box{x, middle - keyHeight/2, x + keyWidth, middle + keyHeight/2})
		for j, line := range lines {
			if j > 0 {
				s.y += keyLead
			}
			s.text(viz.Point{X: x + keyWidth + 5, Y: s.y + keyLead/2 + 3.2}, viz.Left, line, textSize, false, ink)
		}
		if len(lines) > 1 {
			x = s.right() // the next starts on a new line
			continue
		}
		x += w + keyGap
	}
	if len(keys) > 0 {
		s.y += keyLead + 6
	}
}
