// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/community"
	"github.com/oncoref/oncoref/graph/viz"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// HeatMapConfig says how a heat map is ordered. The zero value looks for
// communities.
type HeatMapConfig struct {
	Page
	Groups     *network.Partition // of the classes; nil: the communities that Leiden finds in what the picture shows
	Seed       uint64             // of Leiden
	Resolution float64            // of Leiden; 0 means 1
}

// HeatMap draws a flow table as a matrix: a row for each origin, a column for
// each destination, darker for more. Classes of one group stand together in a
// frame, the largest groups first; those treated in their own class are on the
// diagonal. Destinations that the source gives as one of several, the untreated
// and those of unknown origin or destination have rows and columns at the end.
//
// A cell whose count is not known is hatched: on blue if the flow occurs, on
// white if it may be none. Counts of 1 to 4 without AllowSmall are hatched as
// those that occur. White is none, and a point a flow that cannot
// occur. Where they fit, cells have their number and rows their name; in a larger
// table rows and columns are numbered, with a key below.
//
// Communities are found in the counts that the picture shows, with lower bounds
// for those it does not; the picture does not depend on hidden counts.
//
// It returns ErrNoFlows for an empty table, and errors matching ErrCrowded for
// more than 120 classes, ErrConfig for settings that make no page, and those of
// community.Leiden. Time O(n²) in n classes, and that of Leiden.
func HeatMap(t *referral.Table, c HeatMapConfig) (*viz.Drawing, error) {
	if err := checkPage(c.Page); err != nil {
		return nil, err
	}
	h := newHeat(t, c)
	if h.most == 0 && !h.unknown {
		return nil, ErrNoFlows
	}
	if err := crowded(max(len(h.rows), len(h.columns))); err != nil {
		return nil, err
	}
	if err := h.order(); err != nil {
		return nil, err
	}
	h.layPage()
	if h.cell.side < leastSide {
		return nil, fmt.Errorf("%w: cells of %.1f points, want at least %g; enlarge the page or aggregate the table", ErrCrowded, h.cell.side, leastSide)
	}
	d := h.sheet.begin()
	h.draw(d)
	h.sheet.draw(d)
	return d, nil
}

// heat is a heat map in the making.
type heat struct {
	c             HeatMapConfig
	t             *referral.Table
	w             words
	sheet         *sheet
	rows, columns []string
	group         map[string]int // of a class; classes without one have none
	cells         map[[2]string]amount
	cannot        map[[2]string]bool
	most          float64 // the largest known count
	unknown       bool    // some flow occurs in an unknown number
	mayBe         bool    // some flow may be none
	steps         []float64
	title         map[string]int // number of a class
	cell          cellSize
}

// cellSize is how large the parts of the matrix are.
type cellSize struct {
	side   float64
	left   float64 // room for the labels of the rows
	top    float64 // and of the columns
	names  bool    // rows have their names
	number float64 // width of the widest number
	key    []string
	keyX   float64 // width of a column of the key
	keyN   int     // entries in a column of the key
}

const (
	heatLabel = 8.0 // font size of names
	heatSmall = 7.0 // font size of numbers
	keyStep   = 8.8
	maxSide   = 30.0
	leastSide = 2.5
)

// heatColors go from few to many; they differ in lightness, and so in gray.
var heatColors = [...]string{"#d3e3f1", "#a3c5e2", "#659fce", "#2b72ad", "#0a386d"}

func newHeat(t *referral.Table, c HeatMapConfig) *heat {
	h := &heat{c: c, t: t, w: wordsIn(c.Lang), cells: map[[2]string]amount{}, cannot: map[[2]string]bool{}}
	h.rows = t.Origins()
	h.columns = slices.Compact(slices.Sorted(slices.Values(append(t.Classes(), t.Destinations()...))))
	for _, row := range h.rows {
		for _, column := range h.columns {
			cell := t.Cell(row, column)
			if cell.State == referral.StructuralZero {
				h.cannot[[2]string{row, column}] = true
			}
			a := amountOf(cell, c.AllowSmall)
			h.cells[[2]string{row, column}] = a
			h.unknown = h.unknown || !a.sized && a.some()
			h.mayBe = h.mayBe || !a.sized && !a.some()
			if a.sized {
				h.most = math.Max(h.most, a.lo)
			}
		}
	}
	h.steps = heatSteps(h.most, c.AllowSmall)
	return h
}

// heatSteps are the smallest counts of the shades: round numbers up to most.
func heatSteps(most float64, small bool) []float64 {
	steps := []float64{smallCount}
	if small {
		steps = []float64{1}
	}
	for p := 1.0; p <= most; p *= 10 {
		for _, v := range [...]float64{p, 2 * p, 5 * p} {
			if v <= most && v > steps[len(steps)-1] {
				steps = append(steps, v)
			}
		}
	}
	for len(steps) > len(heatColors) {
		out := slices.Clone(steps[:1])
		for i := len(steps) - 1; i > 0; i -= 2 { // the largest stay
			out = append(out, steps[i])
		}
		slices.Sort(out)
		steps = out
	}
	return steps
}

// shade is the color of a known count.
func (h *heat) shade(v float64) string {
	k := 0
	for k+1 < len(h.steps) && v >= h.steps[k+1] {
		k++
	}
	return heatColors[k*(len(heatColors)-1)/max(1, len(h.steps)-1)]
}

// order puts classes of a group together, the largest group and in it the
// class with most patients first.
func (h *heat) order() error {
	labels, err := h.groups()
	if err != nil {
		return err
	}
	h.group = map[string]int{}
	size := map[string]int{}
	for _, g := range labels {
		size[g]++
	}
	names := slices.SortedFunc(maps.Keys(size), func(a, b string) int { return cmp.Or(size[b]-size[a], cmp.Compare(a, b)) })
	for label, g := range labels {
		h.group[label] = slices.Index(names, g)
	}
	arrived := map[string]float64{}
	for pair, a := range h.cells {
		arrived[pair[1]] += a.lo
	}
	place := func(label string) int {
		g, ok := h.group[label]
		switch {
		case ok:
			return g
		case !referral.Beside(label):
			return len(names)
		}
		return len(names) + 1
	}
	compare := func(a, b string) int {
		return cmp.Or(place(a)-place(b), cmp.Compare(arrived[b], arrived[a]), cmp.Compare(a, b))
	}
	slices.SortFunc(h.rows, compare)
	slices.SortFunc(h.columns, compare)
	h.title = map[string]int{}
	for _, label := range append(slices.Clone(h.columns), h.rows...) {
		if _, ok := h.title[label]; !ok {
			h.title[label] = len(h.title) + 1
		}
	}
	return nil
}

// groups gives every single class its group.
func (h *heat) groups() (map[string]string, error) {
	out := map[string]string{}
	classes := slices.DeleteFunc(h.t.Classes(), referral.Beside)
	if h.c.Groups != nil {
		for _, label := range classes {
			var names []string
			shares, _ := h.c.Groups.Of(label)
			for _, s := range shares {
				names = append(names, s.Group)
			}
			out[label] = strings.Join(names, " / ")
		}
		return out, nil
	}
	var b graph.Builder
	for _, label := range classes {
		if err := b.AddNode(label); err != nil {
			return nil, err
		}
	}
	for _, row := range classes {
		for _, column := range classes {
			if a := h.cells[[2]string{row, column}]; row != column && a.some() {
				if err := b.AddEdge(row, column, a.lo); err != nil {
					return nil, err
				}
			}
		}
	}
	found, err := community.Leiden(context.Background(), b.Build(), community.LeidenConfig{Seed: h.c.Seed, Resolution: h.c.Resolution})
	if err != nil {
		return nil, err
	}
	for _, keys := range found.Partition.Keys() {
		for _, label := range keys {
			out[label] = slices.Min(keys)
		}
	}
	return out, nil
}

// layPage writes header, legend and notes, and finds the size of a cell.
func (h *heat) layPage() {
	meta := h.t.Meta()
	s := newSheet(h.c.Page, meta)
	h.sheet = s
	s.title = cmp.Or(s.title, h.w.untitled)
	s.about = h.c.Subtitle
	if s.about == "" {
		s.about = fmt.Sprintf(h.w.heatAbout, h.w.class(meta.Level))
		if period := s.page.Period.String(); period != "" {
			s.about += ". " + fmt.Sprintf(h.w.period, period)
		}
		if meta.Tumor != "" {
			s.about += ". " + fmt.Sprintf(h.w.tumor, meta.Tumor)
		}
	}
	if h.most > 0 {
		s.symbol = 40 + viz.TextWidth(number(h.most)+"–"+number(h.most), 8, false)
		s.explain(fmt.Sprintf(h.w.heatShade, h.w.unit(meta.Unit)), 11*float64(len(h.steps))+6, h.drawShades)
	}
	if h.unknown {
		s.explain(h.w.heatUnknown, 0, func(p *pen, c viz.Point) { drawHatched(p.d, p.id, boxAround(c, 14, 14), true, p.tip) })
	}
	if h.mayBe {
		s.explain(h.w.heatMayBe, 0, func(p *pen, c viz.Point) { drawHatched(p.d, p.id, boxAround(c, 14, 14), false, p.tip) })
	}
	if len(h.cannot) > 0 {
		s.explain(h.w.heatCannot, 0, func(p *pen, c viz.Point) { p.disc(c, 1, softInk, viz.Stroke{}) })
	}
	frame := h.w.heatFound
	if h.c.Groups != nil {
		frame = fmt.Sprintf(h.w.heatGiven, h.c.Groups.Name())
	}
	s.explain(frame, 0, func(p *pen, c viz.Point) { p.outline(boxAround(c, 18, 14), viz.Stroke{Color: ink, Width: 1.2}) })
	s.noteSmall(h.t, h.w.unit(meta.Unit))
	s.finish()
	h.measure()
	if s.page.Height == 0 && s.page.Width <= pageWidth && !s.narrow() {
		if all := s.topHeight() + h.height() + s.bottomHeight(); all > pageHeight {
			s.page.Height = pageHeight
			h.measure()
		}
	}
	s.fix(h.height())
}

// measure finds the largest cells with which all fits the page.
func (h *heat) measure() {
	h.cell = cellSize{}
	z := &h.cell
	z.number = viz.TextWidth(fmt.Sprint(len(h.title)), heatSmall, false)
	name := 0.0
	for _, row := range h.rows {
		name = math.Max(name, viz.TextWidth(h.rowName(row), heatLabel, false))
	}
	fit := func(left float64) float64 { return math.Min(maxSide, (h.sheet.width()-left)/float64(len(h.columns))) }
	z.left = name + 6
	z.side = fit(z.left)
	z.names = z.side >= heatLabel*1.12 && z.left < h.sheet.width()/2
	if !z.names {
		z.left = 2*(z.number+3) + 4
		z.side = fit(z.left)
	}
	h.layKey()
	for range 3 { // with a given height the levels of numbers depend on the side and the side on them
		z.top = float64(h.levels())*(heatSmall+1.5) + 4
		if room := h.sheet.page.Height; room > 0 {
			frame := h.sheet.frame()
			z.side = math.Max(1, math.Min(z.side, (frame.height()-z.top-h.keyHeight())/float64(len(h.rows))))
		}
	}
}

// levels is the number of lines over which the numbers of the columns are
// spread.
func (h *heat) levels() int { return int(math.Ceil((h.cell.number + 2) / h.cell.side)) }

// rowName is the label of a row that has room for its name.
func (h *heat) rowName(label string) string {
	return fmt.Sprintf("%s  %d", shorten(h.w.classLabel(label)), h.title[label])
}

// shorten cuts a name that is longer than a figure has room for.
func shorten(name string) string {
	const most = 40
	name = strings.Join(strings.Fields(name), " ")
	if r := []rune(name); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return name
}

// layKey lists the classes whose name is not beside their row.
func (h *heat) layKey() {
	z := &h.cell
	labels := slices.SortedFunc(maps.Keys(h.title), func(a, b string) int { return h.title[a] - h.title[b] })
	widest := 0.0
	for _, label := range labels {
		if z.names && slices.Contains(h.rows, label) {
			continue
		}
		entry := fmt.Sprintf("%d  %s", h.title[label], shorten(h.w.classLabel(label)))
		widest = math.Max(widest, viz.TextWidth(entry, heatSmall, false))
		z.key = append(z.key, entry)
	}
	columns := max(1, int(h.sheet.width()/(widest+10)))
	z.keyN = (len(z.key) + columns - 1) / columns
	z.keyX = h.sheet.width() / float64(columns)
}

func (h *heat) keyHeight() float64 {
	if len(h.cell.key) == 0 {
		return 0
	}
	return float64(h.cell.keyN)*keyStep + 12
}

func (h *heat) height() float64 {
	return h.cell.top + h.cell.side*float64(len(h.rows)) + h.keyHeight() + 4
}

// box is where a cell stands.
func (h *heat) box(row, column int) box {
	f, z := h.sheet.frame(), &h.cell
	x, y := f.x0+z.left+z.side*float64(column), f.y1-z.top-z.side*float64(row)
	return box{x, y - z.side, x + z.side, y}
}
