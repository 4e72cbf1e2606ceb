// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/oncoref/oncoref/graph/viz"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// FlowMapConfig says how a flow map looks. The zero value is an English map
// on a portrait A4 page: a Height of 0 means 842 points, or as high as the map
// needs on a page narrower than 430 points, as on a phone.
//
// Without AllowSmall counts of 1 to 4 are hidden in the map. Maps of parts of
// the same table (one tumor, one year) can still be subtracted from each other.
type FlowMapConfig struct {
	Page
	LabelSize float64 // font size of the names in points; 0 means 11.5, and less with many classes, to 7
	MaxFlows  int     // at most so many arrows; 0 means 60. What is left out is said on the map
}

const defaultFlows = 60

// ErrNoFlows is returned for a table in which no class refers to another and
// none retains anything: there is nothing to draw.
var ErrNoFlows = errors.New("the table has no flows to draw")

// ErrCrowded is matched by the error for a table with more classes than fit
// on the page with readable names.
var ErrCrowded = errors.New("too many classes for one map")

// ErrConfig is matched by errors about settings that cannot be followed.
var ErrConfig = errors.New("figure cannot be drawn so")

func (c FlowMapConfig) check() error {
	if err := checkPage(c.Page); err != nil {
		return err
	}
	switch {
	case c.LabelSize != 0 && !(c.LabelSize >= 4 && c.LabelSize <= 72):
		return fmt.Errorf("%w: names of %g points, want 4 to 72", ErrConfig, c.LabelSize)
	case c.MaxFlows < 0:
		return fmt.Errorf("%w: at most %d flows, want 1 or more, or 0", ErrConfig, c.MaxFlows)
	}
	return nil
}

// maxClasses bounds what one page can hold with readable names.
const maxClasses = 120

// FlowMap draws a flow table on the map of its landscape: a disc for each
// network or hospital at its place, an arrow for each flow from the origin to
// the destination. A network stands in the middle of its hospitals; discs that
// would collide are moved apart. Names hide nothing and nothing hides a name; one
// without room is left out, and the map says so. On a dense map arrows may pass
// under discs.
//
// The area of a disc grows with the number treated there, the width of an
// arrow with the flow, and a ring shows the retained share. What the table does
// not know is not drawn as if it were: a flow that occurs in an unknown number is
// dashed and has one width; one that is known between two numbers, such as any
// of 1 to 4 without AllowSmall, is dotted in a pale band that grows with the
// larger one; a ring is pale where the share may or may not reach; and a disc has the
// area of the number that is certain. In a table without any number discs have one size, and
// the number in a disc is how many other classes refer to it, which presence
// tells. A destination that the source gives as one of
// several ("EMBRAZE / CONCORD") is a small open disc tied to each of them. A
// class without a place in the landscape stands in a box beside the map.
//
// Color stands for the origin, where the arrow starts. With more than six
// origins every arrow with room for it carries the letter of its origin, which
// stands behind the name too. On a map of more hospitals than there are colors,
// color stands for the network of the hospital, as the legend says. Heads are
// drawn above all arrows.
//
// The snapshot may be nil; then the classes stand on a circle and no outline
// is drawn. The result does not depend on the order of the table's input.
//
// It returns ErrNoFlows for an empty table, and errors matching ErrCrowded for
// more than 120 classes and ErrConfig for sizes that make no page. Time O(f² + n·f) in n classes and f drawn flows.
func FlowMap(t *referral.Table, s *network.Snapshot, c FlowMapConfig) (*viz.Drawing, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	m := newFlowMap(t, c)
	if m.empty() {
		return nil, ErrNoFlows
	}
	if err := crowded(len(m.places)); err != nil {
		return nil, err
	}
	m.colorPlaces(s)
	m.layPage()
	if err := m.sheet.roomy(); err != nil {
		return nil, err
	}
	m.lay(s)
	if m.leftOut && len(m.places) <= dense { // the note about it needs a line
		m.note = true
		m.layPage()
		m.lay(s)
	}
	d := m.sheet.begin()
	m.draw(d)
	m.sheet.draw(d)
	return d, nil
}

// empty reports that there is nothing to draw.
func (m *flowMap) empty() bool {
	return len(m.links) == 0 && !slices.ContainsFunc(m.places, func(p place) bool { return p.retained.some() })
}

func crowded(classes int) error {
	if classes > maxClasses {
		return fmt.Errorf("%w: %d, at most %d; aggregate the table to networks first", ErrCrowded, classes, maxClasses)
	}
	return nil
}

// lay gives everything its place in the frame.
func (m *flowMap) lay(s *network.Snapshot) {
	if s != nil {
		m.outline = project(s.Landscape().Outline())
	}
	m.locate(s)
	m.separate()
	m.arrange()
	m.placeTags()
}

// move shifts the layout of a map to another place of the page.
func (m *flowMap) move(by viz.Point) {
	for i := range m.places {
		p := &m.places[i]
		p.at, p.anchor = add(p.at, by), add(p.anchor, by)
	}
	m.frame, m.strip, m.caption = m.frame.move(by), m.strip.move(by), m.caption.move(by)
}

// flowMap is a map in the making.
type flowMap struct {
	c       FlowMapConfig
	w       words
	t       *referral.Table
	sheet   *sheet
	delta   bool   // a difference map
	prefix  string // of IDs, where a page has several maps
	origins []string
	places  []place
	links   []link
	outline [][]viz.Point
	frame   box     // where discs and names may stand
	counted bool    // the table has numbers that may be shown
	scale   float64 // of a panel among others; 1 for a map of its own
	shrink  float64 // factor for the sizes of discs and names
	// The largest numbers, which get the largest disc and the widest arrow.
	mostTreated, mostFlow float64
	hidden                hiddenFlows
	outside               bool    // some flows have no place: untreated, or of unknown origin
	unknown               int     // flows that may be none and are not drawn
	groups                []group // that color stands for; empty if it stands for the origin
	tagged                bool    // arrows carry the letter of their origin
	strip                 box     // where classes without a place stand; empty if there are none
	caption               box     // of the strip
	leftOut, note         bool    // a name had no room; the page says so
}

// hiddenFlows is what MaxFlows left out.
type hiddenFlows struct {
	flows int
	total amount
	below float64
}

// place is a class of the table, or a set of classes that share a destination.
type place struct {
	label    string // in the table
	title    string // on the map: the name of the network, or the label
	members  []int  // of a set; nil for a single class
	anchor   viz.Point
	at       viz.Point
	radius   float64
	color    string
	known    bool   // the landscape knows where it is
	in, out  [2]int // classes that refer to it, and that it refers to: certainly, possibly
	treated  amount // here, from anywhere
	started  amount // with their first visit here
	retained amount // both
	name     label
	change   change  // of a difference map
	letter   string  // that stands for it at its arrows; empty if none is needed
	group    string  // the network of a hospital, for its title
	rims     float64 // room that rims take around the disc
}

func (p *place) set() bool { return p.members != nil }

// reach is the radius that arrows and names keep free: the disc and its ring.
func (p *place) reach() float64 {
	if p.rims > 0 {
		return p.radius + p.rims
	}
	if p.retained.some() {
		return p.radius + p.ringGap() + ringWidth
	}
	return p.radius + 1
}

// ringGap keeps the ring off the disc, less for a small one.
func (p *place) ringGap() float64 { return math.Min(ringGap, p.radius/4) }

// link is one flow between two places.
type link struct {
	from, to int
	amount   amount
	width    float64
	bend     float64
	curve    bezier
	tip      viz.Point
	samples  []viz.Point
	blocks   []block
	box      box // around all samples
	tag      tag
	change   change // of a difference map
}
