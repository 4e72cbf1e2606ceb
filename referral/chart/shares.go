// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/oncoref/oncoref/graph/viz"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/disclosure"
	"github.com/oncoref/oncoref/referral/flow"
	"github.com/oncoref/oncoref/referral/inference"
)

// DestinationSharesConfig says how the bars of destinations look.
type DestinationSharesConfig struct {
	Page
	Intervals   inference.Config // around the shares; the zero value asks for 95 % Wilson intervals
	HideNumbers bool             // leave out the lines of numbers below the bars
}

const (
	manyRows   = 24   // more bars than these have their words beside them and not all of them
	namedOnBar = 4    // at most so many destinations have a piece of their own where there are many bars
	leastNamed = 0.02 // smaller shares are summed up in the words
	leastPiece = 0.05 // and those below this in the bars, where there are many
)

// DestinationShares draws for each origin of a table how its patients are
// divided over the destinations, as one bar of 100 %: first those who stayed,
// then the other classes in the order of the table, then the set-valued ones,
// which are classes of their own, because the source does not say which member it
// was. Classes have the colors of [FlowMap], and patterns beside them; where there are
// more classes than colors, those to which most are referred have one and the
// others share a gray. Below the bar stand the interval of the retained
// share and the shares in words with their intervals, those below 2 % as one sum.
//
// For more than 24 origins, such as all hospitals, every bar has its own
// largest destinations in the order of their size, at most four of 5 % and more, and the rest in
// one piece; the words beside the bar name them in the same order.
//
// The length of a piece is the share that is certain. What is known between two
// numbers only, such as counts of 1 to 4 without AllowSmall, ends in a hatched
// piece without a destination, so that every bar adds up. Origins without
// patients have a line that says so. Patients who were not treated, or of
// whom a class is not known, are not in the bars.
//
// A table without any number is drawn as a matrix of dots, all of one size: a
// dot says that the destination occurs.
//
// The shares are those of flow.OriginShares of what disclosure.Gate lets
// through. It returns ErrNoFlows for an empty table, errors matching ErrConfig
// for a page that cannot be made and ErrCrowded for more than fits on one, and
// the errors of disclosure.Gate and inference.OfShares. Time O(origins * classes).
func DestinationShares(t *referral.Table, c DestinationSharesConfig) (*viz.Drawing, error) {
	if !anyFlow(t) {
		return nil, ErrNoFlows
	}
	if t.PresenceOnly() {
		return presenceMatrix(t, c.Page)
	}
	t, err := gated(t, c.AllowSmall)
	if err != nil {
		return nil, err
	}
	shares := flow.OriginShares(t)
	estimates, err := inference.OfShares(shares, c.Intervals)
	if err != nil {
		return nil, err
	}
	a := aboutTable(t, c.Lang)
	f := figureWordsIn(c.Lang)
	w := wordsIn(c.Lang)
	a.what = fmt.Sprintf(f.sharesOf, w.class(t.Meta().Level))
	if c.Title == "" && a.title == "" {
		a.title = f.shares
	}
	a.n = numberOf(w, t, shares)
	s, err := newFigure(c.Page, a)
	if err != nil {
		return nil, err
	}
	b := shareBars{s: s, t: t, shares: shares, estimates: estimates, colored: coloredClasses(t), many: len(t.Origins()) > manyRows}
	k := &stack{s: s, hide: c.HideNumbers, beside: b.many}
	for _, group := range b.byOrigin() {
		k.rows = append(k.rows, b.row(group))
	}
	s.keys(b.keys())
	b.writeNotes(k.hide || k.beside)
	k.draw(fmt.Sprintf(s.f.shareOf, s.w.unit(t.Meta().Unit)))
	return s.finish()
}

// numberOf says how many a figure of origin shares is about.
func numberOf(w words, t *referral.Table, shares []referral.Share) string {
	var n referral.Cell
	for i, x := range shares {
		if i == 0 || x.Origin != shares[i-1].Origin {
			n = n.Add(x.Whole)
		}
	}
	return fmt.Sprintf(w.number, w.cellText(n), w.unit(t.Meta().Unit))
}

// gated is the table of what may be shown.
func gated(t *referral.Table, allowSmall bool) (*referral.Table, error) {
	if allowSmall {
		return t, nil
	}
	return disclosure.Gate(t, disclosure.Config{})
}

// anyFlow reports whether there is anything to draw.
func anyFlow(t *referral.Table) bool {
	for f := range t.Flows() {
		if f.Cell.Hi > 0 && !referral.Beside(f.Origin) && !referral.Beside(f.Destination) {
			return true
		}
	}
	return false
}

// shareBars collects what the bars and their legend need.
type shareBars struct {
	s         *figure
	t         *referral.Table
	shares    []referral.Share
	estimates []inference.Estimate // beside shares
	colored   []string             // classes in the order of the colors
	used      []string             // destinations with a piece, in any order
	many      bool
	sets      bool
	retained  bool
	rest      bool // small destinations share a piece
	unknown   bool
	interval  inference.Interval
	whiskers  bool
}

// byOrigin gives the indices of the shares of each origin.
func (b *shareBars) byOrigin() [][]int {
	var out [][]int
	for i, x := range b.shares {
		if i == 0 || x.Origin != b.shares[i-1].Origin {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], i)
	}
	return out
}

// stays reports whether patients with the destination stayed at the origin.
func (b *shareBars) stays(origin, destination string) bool {
	if origin == destination {
		return true
	}
	members := b.t.Members(destination)
	return len(members) > 1 && slices.Contains(members, origin)
}

func (b *shareBars) row(group []int) stackRow {
	x := b.shares[group[0]]
	r := stackRow{name: plain(x.Origin), count: "n = " + b.s.w.cellText(x.Whole), lo: math.NaN(), hi: math.NaN()}
	if x.Status != referral.OK && x.Status != referral.Bounded && x.Status != referral.Envelope {
		r.count = ""
		r.empty = b.s.f.reason(x.Result)
		return r
	}
	rest := 1.0
	var possible []string
	var small smallShares
	for n, i := range b.order(group) {
		x, e := b.shares[i], b.estimates[i]
		if x.Hi <= 0 {
			continue
		}
		name := plain(x.Destination)
		own := x.Origin == x.Destination
		if own {
			b.retained = true
			name = b.s.f.own
			if r.lo, r.hi = e.Interval.Lo, e.Interval.Hi; !math.IsNaN(r.lo) {
				b.interval, b.whiskers = e.Interval, true
			}
		}
		b.interval = pickInterval(b.interval, e.Interval)
		text, merged := b.text(e), !own && b.merged(x, n)
		switch {
		case x.Part.Lo <= 0:
			possible = append(possible, fmt.Sprintf(b.s.f.upTo, name, percent(x.Hi)))
		case merged:
			small.add(x, name, text)
		default:
			r.numbers = append(r.numbers, name+" "+text)
		}
		if x.Lo <= 0 {
			continue
		}
		rest -= x.Lo
		if !merged || !b.many {
			r.parts = append(r.parts, stackPart{kind: "part", fill: b.fill(x, own), share: x.Lo, text: percent(x.Lo), tip: b.tip(x, e, name)})
		}
	}
	if len(small.names) > 0 {
		text := b.smallText(small, r.parts)
		r.numbers = append(r.numbers, text)
		if b.many && small.lo > 0 {
			b.rest = true
			tip := fmt.Sprintf("%s: %s", plain(x.Origin), strings.Join(small.names, ", "))
			r.parts = append(r.parts, stackPart{kind: "part", fill: restFill, share: small.lo, tip: tip})
		}
	}
	if rest > 1e-9 {
		b.unknown = true
		tip := fmt.Sprintf(b.s.f.tipRest, plain(x.Origin), percent(rest))
		if len(possible) > 0 {
			tip += ": " + strings.Join(possible, ", ")
		}
		r.parts = append(r.parts, stackPart{kind: "unknown", fill: unknownFill, share: rest, tip: tip})
		r.numbers = append(r.numbers, fmt.Sprintf(b.s.f.restNumber, percent(rest)))
	}
	return r
}

// order is that of the pieces of a bar: the retained share, then the classes as
// in the table and the sets, or where there are many bars the largest first.
func (b *shareBars) order(group []int) []int {
	order := slices.Clone(group)
	slices.SortStableFunc(order, func(i, j int) int {
		if x, y := b.shares[i], b.shares[j]; b.many && x.Origin != x.Destination && y.Origin != y.Destination {
			return cmp.Compare(y.Lo, x.Lo)
		}
		return b.rank(i) - b.rank(j)
	})
	return order
}

// text is a share in words; beside a bar there is no room for its interval.
func (b *shareBars) text(e inference.Estimate) string {
	switch {
	case e.Hi-e.Lo == 1:
		return b.s.f.noShare
	case b.many:
		return percents(e.Lo, e.Hi)
	}
	return estimateText(e)
}

// merged reports whether a share, the nth of its bar, is summed up with others.
// One that may be large is not.
func (b *shareBars) merged(x referral.Share, n int) bool {
	if b.many {
		return n > namedOnBar || x.Lo < leastPiece
	}
	return x.Hi < leastNamed
}

// smallShares is what the words of a bar sum up.
type smallShares struct {
	names  []string // with their shares
	lo, hi float64
}

func (a *smallShares) add(x referral.Share, name, text string) {
	a.names = append(a.names, name+" "+text)
	a.lo += x.Lo
	a.hi += x.Hi
}

// smallText writes the sum of small shares, or the only one by its name. The
// sum is at most what the other pieces leave.
func (b *shareBars) smallText(a smallShares, others []stackPart) string {
	if len(a.names) == 1 {
		return a.names[0]
	}
	left := 1.0
	if b.many { // the pieces are those that are not summed up
		for _, p := range others {
			left -= p.share
		}
	}
	return fmt.Sprintf(b.s.f.smaller, len(a.names), percents(a.lo, math.Max(a.lo, math.Min(a.hi, left))))
}

// pickInterval keeps the first interval, for its label.
func pickInterval(have, next inference.Interval) inference.Interval {
	if have.Level == 0 && !math.IsNaN(next.Lo) {
		return next
	}
	return have
}

// rank orders the pieces of a bar: retained, classes, sets.
func (b *shareBars) rank(i int) int {
	x := b.shares[i]
	switch {
	case x.Origin == x.Destination:
		return 0
	case len(b.t.Members(x.Destination)) > 1:
		return 2
	}
	return 1
}

func (b *shareBars) fill(x referral.Share, own bool) fill {
	switch {
	case own:
		return retainedFill
	case len(b.t.Members(x.Destination)) > 1:
		b.sets = true
		return setFill
	}
	if !slices.Contains(b.used, x.Destination) {
		b.used = append(b.used, x.Destination)
	}
	return b.colorOf(x.Destination)
}

// colorOf is the fill of a class.
func (b *shareBars) colorOf(class string) fill { return classFill(slices.Index(b.colored, class)) }

// coloredClasses gives the classes in the order of the colors: that of the flow
// map, origins first, or, with more classes than colors, those to which most
// are certain to be referred first.
func coloredClasses(t *referral.Table) []string {
	out := slices.Clone(t.Origins())
	for _, d := range t.Destinations() {
		if len(t.Members(d)) < 2 && !referral.Beside(d) && !slices.Contains(out, d) {
			out = append(out, d)
		}
	}
	if len(out) <= len(originColors) {
		return out
	}
	received := map[string]float64{}
	for f := range t.Flows() {
		if !f.Retained() {
			received[f.Destination] += f.Cell.Lo
		}
	}
	slices.SortStableFunc(out, func(a, b string) int { return cmp.Compare(received[b], received[a]) })
	return out
}

func (b *shareBars) tip(x referral.Share, e inference.Estimate, name string) string {
	tip := b.s.flowTip(x.Origin, x.Destination, name) + estimateText(e)
	if b.stays(x.Origin, x.Destination) && x.Origin != x.Destination {
		tip += "; " + b.s.f.maybeStayed
	}
	return fmt.Sprintf("%s; %s %s", tip, b.s.w.cellText(x.Part), b.s.w.unit(b.t.Meta().Unit))
}

// flowTip says which flow a number is about.
func (s *figure) flowTip(origin, destination, name string) string {
	if origin == destination {
		return fmt.Sprintf(s.f.tipOwn, plain(origin))
	}
	return fmt.Sprintf(s.w.tipFlow, plain(origin), name)
}

func (b *shareBars) keys() []key {
	var out []key
	if b.retained {
		out = append(out, fillKey(retainedFill, fmt.Sprintf(b.s.f.retained, b.s.w.class(b.t.Meta().Level))))
	}
	slices.Sort(b.used)
	others := 0
	for _, class := range b.used {
		f := b.colorOf(class)
		if f == otherFill {
			others++
			continue
		}
		out = append(out, fillKey(f, class))
	}
	if others > 0 {
		out = append(out, fillKey(otherFill, fmt.Sprintf(b.s.f.others, others)))
	}
	if b.rest {
		out = append(out, fillKey(restFill, b.s.f.rest))
	}
	if b.sets {
		out = append(out, fillKey(setFill, b.s.f.set))
	}
	if b.unknown {
		out = append(out, fillKey(unknownFill, b.s.f.unknownPart))
	}
	if b.whiskers {
		out = append(out, whiskerKey(b.s.f.whiskerRetained))
	}
	return out
}

func (b *shareBars) writeNotes(hidden bool) {
	s := b.s
	if b.unknown {
		s.note(true, "%s", s.f.hatched)
	}
	s.smallNote()
	if b.interval.Level > 0 {
		format := s.f.brackets
		if hidden {
			format = s.f.whiskers
		}
		s.note(false, format, s.intervalLabel(b.interval))
	}
	for f := range b.t.Flows() {
		if f.Cell.Hi > 0 && (referral.Beside(f.Origin) || referral.Beside(f.Destination)) {
			s.note(false, "%s", s.f.outsideBars)
			break
		}
	}
	s.endNotes()
}
