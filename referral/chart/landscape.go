// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/oncoref/oncoref/graph/viz"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// LandscapeConfig says what a landscape map shows. A Height of 0 is that of
// a FlowMap. Period and AllowSmall have no meaning here: a landscape holds on a
// day, and counts nobody.
type LandscapeConfig struct {
	Page
	Partition string // of the networks; empty means network.DefaultPartition
	// Designations chooses who is a hub: hospitals with the role of a center,
	// and their preferred partners. The zero value chooses all designations of
	// the landscape; NoHubs draws none.
	Designations network.DesignationQuery
	NoHubs       bool
	OnlyMembers  bool    // hospitals that are in no network and have no role are left out
	LabelSize    float64 // font size of the names in points; 0 means 7
}

// Landscape draws the hospitals of a snapshot at their places, with the network
// each belongs to on that day, and the hubs among them: expert centers, with
// their preferred partners tied to them.
//
// A network has a color, a letter in each disc, and lines along its hospitals,
// the shortest that connect all; with more than 14 networks colors repeat and
// letters do not. A hospital of several networks has all their letters, and
// a ring with a part for each; one of none is small and gray. A hub has a
// double rim and a partner a thick one, tied to the hub if the source names it.
// Names that would hide something are left out, those of hubs and partners
// only if there is no other way.
// Hospitals without coordinates cannot be drawn; the map says how many they are.
//
// It returns ErrNoFlows if no hospital has a place, and errors matching
// ErrConfig for a snapshot that is missing and for settings that make no page.
// Time O(n²) in n hospitals.
func Landscape(s *network.Snapshot, c LandscapeConfig) (*viz.Drawing, error) {
	if err := (FlowMapConfig{Page: c.Page, LabelSize: c.LabelSize}).check(); err != nil {
		return nil, err
	}
	if s == nil {
		return nil, fmt.Errorf("%w: no snapshot", ErrConfig)
	}
	l := newLandscape(s, c)
	if len(l.m.places) == 0 {
		return nil, ErrNoFlows
	}
	l.layPage()
	m := l.m
	if err := m.sheet.roomy(); err != nil {
		return nil, err
	}
	m.outline = project(s.Landscape().Outline())
	m.fit()
	for i := range m.places {
		m.places[i].at = m.places[i].anchor
	}
	m.separate()
	l.connectAll()
	m.nameAll()
	d := m.sheet.begin()
	l.draw(d)
	m.sheet.draw(d)
	return d, nil
}

// careMap is a landscape map in the making. Its places are hospitals.
type careMap struct {
	c         LandscapeConfig
	s         *network.Snapshot
	m         *flowMap
	networks  []network.Network
	members   [][]int // indices of networks, for each place
	roles     []network.Role
	lines     []careLine
	index     map[string]int
	unplaced  int
	undated   [2]int // memberships and designations without a start
	sources   []string
	rolesUsed map[network.Role]bool
}

const (
	memberRadius = 6.4
	hubRadius    = 7.6
	otherRadius  = 3.2
	rimGap       = 2.2
)

func newLandscape(s *network.Snapshot, c LandscapeConfig) *careMap {
	if c.LabelSize == 0 {
		c.LabelSize = 7
	}
	l := &careMap{c: c, s: s, index: map[string]int{}, rolesUsed: map[network.Role]bool{}}
	l.m = &flowMap{c: FlowMapConfig{Page: c.Page, LabelSize: c.LabelSize}, w: wordsIn(c.Lang), scale: 1, shrink: 1}
	l.networks = s.Networks(c.Partition)
	roles := l.findRoles()
	hospitals := s.Hospitals()
	slices.SortStableFunc(hospitals, func(a, b network.Hospital) int { // hubs are named first
		return rank(roles[a.ID]) - rank(roles[b.ID])
	})
	for _, h := range hospitals {
		var in []int
		for _, of := range s.MembershipsOf(h.ID, c.Partition) {
			in = append(in, slices.IndexFunc(l.networks, func(n network.Network) bool { return n.ID == of.Network }))
			if of.Undated() {
				l.undated[0]++
			}
			l.addSource(of.Source)
		}
		role := roles[h.ID]
		switch {
		case !h.Point.Known():
			l.unplaced++
			continue
		case len(in) == 0 && role == network.RoleUnknown && c.OnlyMembers:
			continue
		}
		p := place{label: h.ID, title: cmp.Or(h.ShortName, h.Name, h.ID), known: true, anchor: projectPoint(h.Point), radius: memberRadius, color: softInk}
		switch {
		case role != network.RoleUnknown:
			p.radius = hubRadius
		case len(in) == 0:
			p.radius = otherRadius
		}
		switch role {
		case network.RoleCenter:
			p.rims = 2*rimGap + 1
		case network.RolePreferredPartner, network.RolePanel:
			p.rims = rimGap + 1
		case network.RoleUnknown:
		}
		if len(in) > 0 {
			p.color = originColor(in[0])
		}
		l.rolesUsed[role] = true
		l.index[h.ID] = len(l.m.places)
		l.m.places = append(l.m.places, p)
		l.members = append(l.members, in)
		l.roles = append(l.roles, role)
	}
	return l
}

// rank orders roles by how much they say.
func rank(r network.Role) int {
	switch r {
	case network.RoleCenter:
		return 0
	case network.RolePreferredPartner:
		return 1
	case network.RolePanel:
		return 2
	case network.RoleUnknown:
	}
	return 3
}

// designations are those the map is about.
func (l *careMap) designations() []network.Designation {
	if l.c.NoHubs {
		return nil
	}
	return l.s.Designations(l.c.Designations)
}

// findRoles gives each designated hospital the role that says most.
func (l *careMap) findRoles() map[string]network.Role {
	roles := map[string]network.Role{}
	for _, d := range l.designations() {
		if old, ok := roles[d.Hospital]; !ok || rank(d.Role) < rank(old) {
			roles[d.Hospital] = d.Role
		}
		if d.Undated() {
			l.undated[1]++
		}
		l.addSource(d.Source)
	}
	return roles
}

func (l *careMap) addSource(s string) {
	if s != "" && !slices.Contains(l.sources, s) {
		l.sources = append(l.sources, s)
	}
}

// layPage writes header, legend and notes.
func (l *careMap) layPage() {
	w := &l.m.w
	meta := referral.Meta{}
	s := newSheet(l.c.Page, meta)
	l.m.sheet = s
	if s.title == "" {
		s.title = w.landscapeTitle
	}
	in, several := 0, 0
	for _, of := range l.members {
		if len(of) > 0 {
			in++
		}
		if len(of) > 1 {
			several++
		}
	}
	s.about = l.c.Subtitle
	if s.about == "" {
		s.about = fmt.Sprintf(w.landscapeAbout, cmp.Or(l.s.Date().String(), w.noDate), len(l.m.places), in)
		if q := l.c.Designations; !l.c.NoHubs && q.Disease != "" {
			s.about += ". " + fmt.Sprintf(w.tumor, strings.ReplaceAll(q.Disease, "_", " "))
		}
	}
	for i, n := range l.networks {
		if slices.ContainsFunc(l.members, func(of []int) bool { return slices.Contains(of, i) }) {
			s.list(l.networkName(n), func(p *pen, c viz.Point) { l.drawMember(p, c, i) })
		}
	}
	if several > 0 {
		s.list(w.severalNetworks, func(p *pen, c viz.Point) {
			l.drawParts(p.d, p.disc(c, 4.6, paper, viz.Stroke{}), c, 5.5, []int{0, 1}, p.tip)
		})
	}
	if in < len(l.members) {
		s.list(w.noNetwork, func(p *pen, c viz.Point) { p.disc(c, otherRadius, hairline, viz.Stroke{Color: hairline, Width: 1}) })
	}
	if l.rolesUsed[network.RoleCenter] {
		s.list(w.hub, func(p *pen, c viz.Point) { drawRims(p.d, p.next(), c, 2.5, network.RoleCenter, p.tip) })
	}
	if l.rolesUsed[network.RolePreferredPartner] {
		s.list(w.partner, func(p *pen, c viz.Point) {
			drawRims(p.d, p.next(), c, 4.5, network.RolePreferredPartner, p.tip)
		})
	}
	if l.rolesUsed[network.RolePanel] {
		s.list(w.panelist, func(p *pen, c viz.Point) { drawRims(p.d, p.next(), c, 4.5, network.RolePanel, p.tip) })
	}
	s.note(false, w.leftOut)
	if names := l.memberless(); len(names) > 0 {
		s.note(true, fmt.Sprintf(w.memberless, strings.Join(names, ", ")))
	}
	if l.unplaced > 0 {
		s.note(true, fmt.Sprintf(w.unplaced, l.unplaced))
	}
	if l.undated[0] > 0 || l.undated[1] > 0 {
		s.note(false, fmt.Sprintf(w.undated, l.undated[0], l.undated[1]))
	}
	if s.page.Source == "" && len(l.sources) > 0 {
		const most = 3
		slices.Sort(l.sources)
		s.page.Source = strings.Join(l.sources[:min(most, len(l.sources))], "; ")
		if more := len(l.sources) - most; more > 0 {
			s.page.Source += "; " + fmt.Sprintf(w.more, more)
		}
	}
	s.finish()
	s.fix(s.mapRoom())
	l.m.frame = s.frame()
}

// memberless are the networks of which no member is known on the date.
func (l *careMap) memberless() []string {
	var names []string
	for _, n := range l.networks {
		if len(l.s.Members(n.ID)) == 0 {
			names = append(names, n.Name)
		}
	}
	return names
}

func (l *careMap) networkName(n network.Network) string {
	if n.Kind == network.KindRegion {
		return n.Name + " (" + l.m.w.region + ")"
	}
	return n.Name
}

// careLine connects two hospitals.
type careLine struct {
	stroke viz.Stroke
	tip    string
}

func (l *careMap) draw(d *viz.Drawing) {
	drawLand(d, l.m.outline)
	for i, line := range l.lines {
		k := &l.m.links[i]
		d.Arrows = append(d.Arrows, viz.Arrow{From: l.m.discID(k.from), To: l.m.discID(k.to), Points: k.curve[:], Tip: k.curve[3],
			Stroke: line.stroke, Tooltip: line.tip})
	}
	l.m.drawNames(d)
	for i := range l.m.places {
		l.drawHospital(d, i)
	}
}

// connectAll lays the lines of the networks and those from partners to the
// hubs that the source names.
func (l *careMap) connectAll() {
	for i := range l.networks {
		l.connectMembers(i)
	}
	for _, t := range l.designations() {
		i, ok := l.index[t.Hospital]
		j, known := l.index[t.Of]
		if ok && known && t.Role == network.RolePreferredPartner {
			tip := fmt.Sprintf(l.m.w.partnerOf, l.m.places[i].title, l.m.places[j].title)
			l.connect(i, j, viz.Stroke{Color: ink, Width: 1.2}, tip)
		}
	}
}

// connectMembers connects the hospitals of a network by its shortest tree.
func (l *careMap) connectMembers(network int) {
	var of []int
	for i, in := range l.members {
		if slices.Contains(in, network) {
			of = append(of, i)
		}
	}
	for n := 1; n < len(of); n++ { // Prim: of[:n] is connected
		best, from, at := math.Inf(1), 0, n
		for _, i := range of[:n] {
			for k := n; k < len(of); k++ {
				if dist := distance(l.m.places[i].at, l.m.places[of[k]].at); dist < best {
					best, from, at = dist, i, k
				}
			}
		}
		of[n], of[at] = of[at], of[n]
		l.connect(from, of[n], viz.Stroke{Color: mixed(originColor(network), 0.75), Width: 1.5}, l.networkName(l.networks[network]))
	}
}

// connect lays a straight line, which names keep clear of.
func (l *careMap) connect(i, j int, s viz.Stroke, tip string) {
	p, q := &l.m.places[i], &l.m.places[j]
	dir := unit(sub(q.at, p.at))
	a, b := add(p.at, scale(dir, p.reach())), sub(q.at, scale(dir, q.reach()))
	k := link{from: i, to: j, width: s.Width, curve: bezier{a, a, b, b}, tip: viz.Point{X: math.Inf(1)}}
	for n := range samples + 1 {
		k.samples = append(k.samples, add(a, scale(sub(b, a), float64(n)/samples)))
	}
	k.box = boxOf(k.samples)
	l.m.links = append(l.m.links, k)
	l.lines = append(l.lines, careLine{s, tip})
}

func (l *careMap) drawHospital(d *viz.Drawing, i int) {
	p, in, role := &l.m.places[i], l.members[i], l.roles[i]
	disc := viz.Disc{ID: l.m.discID(i), Center: p.at, Radius: p.radius, Size: 7, Color: ink, Tooltip: l.tip(i)}
	switch len(in) {
	case 0:
		disc.Fill, disc.Stroke = hairline, viz.Stroke{Color: hairline, Width: 1}
		if role != network.RoleUnknown {
			disc.Fill = paper
		}
	case 1:
		disc.Fill, disc.Stroke = mixed(p.color, 0.3), viz.Stroke{Color: p.color, Width: 1.6}
		disc.Text = letterOf(in[0])
	default:
		disc.Fill, disc.Radius = paper, p.radius-0.9
		for _, n := range in {
			disc.Text += letterOf(n)
		}
		if viz.TextWidth(disc.Text, disc.Size, false) > 2*p.radius-2 {
			disc.Text = ""
		}
	}
	d.Discs = append(d.Discs, disc)
	if len(in) > 1 {
		l.drawParts(d, disc.ID, p.at, p.radius, in, disc.Tooltip)
	}
	drawRims(d, l.m.id("rim", i), p.at, p.radius, role, disc.Tooltip)
}

// drawParts draws a ring with an equal part for each of several networks.
func (l *careMap) drawParts(d *viz.Drawing, id string, at viz.Point, r float64, in []int, tip string) {
	step := 2 * math.Pi / float64(len(in))
	for k, n := range in {
		from := math.Pi/2 - step*float64(k)
		d.Arrows = append(d.Arrows, viz.Arrow{From: id, To: id, Points: arc(at, r, from, from-step),
			Stroke: viz.Stroke{Color: originColor(n), Width: 1.8}, Tooltip: tip})
	}
}

// drawRims marks the role of a hospital: two rims for a center, a thick one for
// a partner, a dotted one for a member of a panel.
func drawRims(d *viz.Drawing, id string, at viz.Point, r float64, role network.Role, tip string) {
	rim := func(id string, r float64, s viz.Stroke) {
		d.Discs = append(d.Discs, viz.Disc{ID: id, Center: at, Radius: r, Stroke: s, Tooltip: tip})
	}
	switch role {
	case network.RoleCenter:
		rim(id, r+rimGap, viz.Stroke{Color: ink, Width: 1})
		rim(id+" outer", r+2*rimGap, viz.Stroke{Color: ink, Width: 1})
	case network.RolePreferredPartner:
		rim(id, r+rimGap, viz.Stroke{Color: ink, Width: 2})
	case network.RolePanel:
		rim(id, r+rimGap, viz.Stroke{Color: ink, Width: 1, Dash: viz.Dotted})
	case network.RoleUnknown:
	}
}

func (l *careMap) drawMember(p *pen, c viz.Point, i int) {
	p.small(c, 5.6, mixed(originColor(i), 0.3), letterOf(i), ink, viz.Stroke{Color: originColor(i), Width: 1.6})
}

// tip says what a hospital is when pointed at.
func (l *careMap) tip(i int) string {
	w := &l.m.w
	var names []string
	for _, n := range l.members[i] {
		names = append(names, l.networks[n].Name)
	}
	if len(names) == 0 {
		names = []string{w.noNetwork}
	}
	text := l.m.places[i].title + ": " + strings.Join(names, ", ")
	switch l.roles[i] {
	case network.RoleCenter:
		text += "; " + w.hub
	case network.RolePreferredPartner:
		text += "; " + w.partner
	case network.RolePanel:
		text += "; " + w.panelist
	case network.RoleUnknown:
	}
	return text
}
