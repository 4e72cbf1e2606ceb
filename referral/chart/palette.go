// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"fmt"
	"math"
	"slices"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// originColors tell origins apart, the first six best. They are dark enough to
// be seen as thin lines on the land color, and far from each other for those
// who see no red, green or blue: they were searched for the largest least
// difference (CIEDE2000) over normal sight and the three simulations of Machado,
// Oliveira and Fernandes (2009, doi:10.1109/TVCG.2009.113), which is 10 or more.
var originColors = [...]string{
	"#1e87ff", "#c32d69", "#699600", "#0000e1", "#1e5a2d", "#9678a5", "#d26969",
	"#3c1e3c", "#5a3c87", "#002d00", "#3c5ae1", "#2d7878", "#0f0078", "#5a782d",
}

// plainColors is the number of origins that color alone tells apart; with more
// of them, or in gray, arrows need the letter of their origin.
const plainColors = 6

// maxLetters is the number of origins up to which arrows carry letters: beyond
// it there are so many arrows that letters hide them.
const maxLetters = 26

// The colors of everything else on the page.
const (
	ink      = "#1a1a1a"
	softInk  = "#4a4a4a"
	paper    = "#ffffff"
	land     = "#f0efe9"
	coast    = "#b9b6aa"
	hairline = "#8a8a8a"
	alarm    = "#b00020"
	growth   = "#0072b2"
	decline  = "#c04a00"
)

// pale is a color mixed with white, for what may be but need not.
func pale(color string) string { return mixed(color, 0.4) }

// mixed is so much of a color in white.
func mixed(color string, part float64) string {
	var r, g, b int
	if _, err := fmt.Sscanf(color, "#%02x%02x%02x", &r, &g, &b); err != nil {
		return color
	}
	mix := func(x int) int { return int(255 - float64(255-x)*part) }
	return fmt.Sprintf("#%02x%02x%02x", mix(r), mix(g), mix(b))
}

// textOn is the color in which a text is read best on another.
func textOn(color string) string {
	var r, g, b int
	if _, err := fmt.Sscanf(color, "#%02x%02x%02x", &r, &g, &b); err != nil {
		return ink
	}
	linear := func(x int) float64 { return math.Pow(float64(x)/255, 2.2) }
	if 0.2126*linear(r)+0.7152*linear(g)+0.0722*linear(b) > 0.19 {
		return ink
	}
	return paper
}

func originColor(i int) string { return originColors[i%len(originColors)] }

// letterOf is the sign of the i-th class beside its color: A to Z, then A2 to
// Z2 and so on.
func letterOf(i int) string {
	letter := string(rune('A' + i%26))
	if i >= 26 {
		letter += fmt.Sprint(i/26 + 1)
	}
	return letter
}

// group is what a color stands for where there are more origins than colors.
type group struct{ name, color string }

// colorPlaces gives every class its color. Origins have their own as long as
// there are enough, with a letter if color alone would not do. Beyond that
// hospitals have the color of their network.
func (m *flowMap) colorPlaces(s *network.Snapshot) {
	if s != nil && m.t.Meta().Level == referral.LevelHospital && len(m.origins) > len(originColors) && m.colorByNetwork(s) {
		return
	}
	m.tagged = len(m.origins) > plainColors && len(m.origins) <= maxLetters
	for i := range m.places {
		p := &m.places[i]
		if k := slices.Index(m.origins, p.label); k >= 0 && !p.set() {
			p.color = originColor(k)
			if m.tagged {
				p.letter = letterOf(k)
			}
		}
	}
}

// colorByNetwork colors hospitals by their network in the table's partition,
// if there are networks and colors for all.
func (m *flowMap) colorByNetwork(s *network.Snapshot) bool {
	partition := m.t.Meta().Partition
	networks := s.Networks(partition)
	if len(networks) == 0 || len(networks) > len(originColors) {
		return false
	}
	colors := map[string]int{}
	for i, n := range networks {
		colors[n.ID] = i
	}
	used := map[string]bool{}
	for i := range m.places {
		p := &m.places[i]
		if p.set() {
			continue
		}
		of := s.NetworksOf(p.label, partition)
		switch len(of) {
		case 0:
			p.color, p.group = softInk, m.w.noNetwork
		case 1:
			k := colors[of[0]]
			p.color, p.group = originColor(k), networks[k].Name
		default:
			p.color, p.group = ink, m.w.severalNetworks
		}
		used[p.group] = true
	}
	for i, n := range networks {
		if used[n.Name] {
			m.groups = append(m.groups, group{n.Name, originColor(i)})
		}
	}
	for _, g := range [...]group{{m.w.severalNetworks, ink}, {m.w.noNetwork, softInk}} {
		if used[g.name] {
			m.groups = append(m.groups, g)
		}
	}
	return true
}
