// SPDX-License-Identifier: Apache-2.0

package export

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/exchange"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// Weights says which weight a flow gets whose count is not known.
type Weights uint8

// The rules of weights.
const (
	// Known gives weights to exact counts only. Every flow that may occur is
	// written, also one of which that is all that is known.
	Known    Weights = iota
	Lower            // the lower bound; flows that need not occur are left out
	Upper            // the upper bound; a flow without one is an error
	Presence         // 1 for every flow known to occur, whatever its count
)

var weightNames = [...]string{Known: "known", Lower: "lower", Upper: "upper", Presence: "presence"}

// String returns the rule in lower case.
func (w Weights) String() string {
	if int(w) >= len(weightNames) {
		return fmt.Sprintf("Weights(%d)", uint8(w))
	}
	return weightNames[w]
}

// ParseWeights returns the rule that String gives as s.
func ParseWeights(s string) (Weights, error) {
	if i := slices.Index(weightNames[:], s); i >= 0 {
		return Weights(i), nil
	}
	return 0, fmt.Errorf("export: weights %q: expected %s", s, strings.Join(weightNames[:], ", "))
}

// rule is how a weight rule is written beside the weights.
var rule = [...]string{Known: "", Lower: "lower bound", Upper: "upper bound", Presence: "1 for every flow known to occur"}

// Config says how a table is laid out. The zero value gives weights to exact
// counts only and places nothing.
type Config struct {
	Weights Weights
	// Within, if not nil, is the landscape that gives names, places and, to
	// hospitals, the networks they belong to.
	Within *network.Snapshot
}

const (
	kindSet    = "set"
	colKind    = "kind"
	colLat     = "lat"
	colLon     = "lon"
	yes        = "yes"
	nameJoiner = " / "
)

// Graph returns the flows of a table as a graph, and the style that says what
// the graph is. The classes of the table are nodes by label, also those without
// flow; retained patients are loops. The slices of a table are taken together,
// as in Table.Flows. Flows that are zero are left out; the fact unlisted_pairs
// says whether pairs without an edge are zero or not known.
//
// Each node has a kind (the level of the table, "set" for a set-valued class, or
// the label of a class beside them), and the bounds of its totals as origin and
// as destination. With a landscape it has the name there, lat and lon in degrees
// WGS84, its place in kilometers on an equirectangular projection (all rounded to
// six decimals), and, if it is a hospital, its networks as group. Each edge has lower, upper and state.
//
// It returns a *referral.CellError for a flow that does not fit the rule of
// weights. Time and memory are linear in classes and cells, apart from the
// totals, which take O(classes) each.
func Graph(t *referral.Table, c Config) (*graph.Digraph, exchange.Style, error) {
	if int(c.Weights) >= len(rule) {
		return nil, exchange.Style{}, fmt.Errorf("export: unknown rule of weights %v", c.Weights)
	}
	var b graph.Builder
	labels := slices.Concat(t.Classes(), t.Origins(), t.Destinations())
	for _, label := range labels {
		if err := b.AddNode(label); err != nil {
			return nil, exchange.Style{}, err
		}
	}
	cells := map[[2]string]referral.Cell{}
	for f := range t.Flows() {
		w, err := c.Weights.weight(f)
		if err != nil {
			return nil, exchange.Style{}, err
		}
		if w == 0 {
			continue
		}
		to := f.Destination
		if f.Retained() {
			to = f.Origin
		}
		if err := b.AddEdge(f.Origin, to, w); err != nil {
			return nil, exchange.Style{}, err
		}
		pair := [2]string{f.Origin, to}
		cells[pair] = cells[pair].Add(f.Cell)
	}
	g := b.Build()
	s := exchange.Style{Name: t.Meta().Title, Facts: facts(t), WeightRule: rule[c.Weights], Bounds: []exchange.Bounds{}}
	for e := range g.Edges() {
		cell := cells[[2]string{g.Key(e.From), g.Key(e.To)}]
		s.Bounds = append(s.Bounds, exchange.Bounds{Lower: cell.Lo, Upper: cell.Hi, State: cell.State.String()})
	}
	describe(t, g, &s, c.Within)
	return g, s, nil
}

// weight is that of a flow; 0 for one that gets no edge.
func (w Weights) weight(f referral.Flow) (float64, error) {
	c := f.Cell
	switch w {
	case Known:
		switch {
		case c.Known():
			return c.Lo, nil
		case c.Hi > 0:
			return 1, nil // a stand-in that is not written
		}
	case Lower:
		return c.Lo, nil
	case Upper:
		if math.IsInf(c.Hi, 1) {
			return 0, &referral.CellError{Origin: f.Origin, Destination: f.Destination, Cell: c, Want: "an upper bound; use the weights lower or presence"}
		}
		return c.Hi, nil
	case Presence:
		if c.Lo > 0 {
			return 1, nil
		}
	}
	return 0, nil
}

// facts are what the table says about its counts.
func facts(t *referral.Table) []exchange.Fact {
	m := t.Meta()
	unlisted := "zero"
	if t.Absent().State == referral.Missing {
		unlisted = "not known"
	}
	list := []exchange.Fact{
		{Name: "unit", Value: m.Unit.String(), OnEdges: true},
		{Name: "unlisted_pairs", Value: unlisted},
		{Name: "period", Value: m.Period.String()},
		{Name: "tumor", Value: m.Tumor},
		{Name: "level", Value: m.Level},
		{Name: "partition", Value: m.Partition},
		{Name: "origin_rule", Value: m.OriginRule.String()},
		{Name: "destination_rule", Value: m.DestinationRule.String()},
		{Name: "conditions", Value: m.Conditions},
		{Name: "landscape", Value: m.Landscape},
		{Name: "source", Value: m.Source},
		{Name: "notes", Value: strings.Join(m.Notes, " ")},
	}
	if t.PresenceOnly() {
		list = append(list, exchange.Fact{Name: "presence_only", Value: yes, OnEdges: true})
	}
	if m.Synthetic {
		list = append(list, exchange.Fact{Name: "synthetic", Value: yes, OnEdges: true})
	}
	return slices.DeleteFunc(list, func(f exchange.Fact) bool { return f.Value == "" })
}

// describe gives the nodes their kinds, totals, names and places.
func describe(t *referral.Table, g *graph.Digraph, s *exchange.Style, in *network.Snapshot) {
	n := g.Len()
	names, groups, kinds := make([]string, n), make([]string, n), make([]string, n)
	lat, lon := make([]float64, n), make([]float64, n)
	totals := make([][4]float64, n)
	for i, key := range g.Keys() {
		p := find(t, in, key)
		names[i], groups[i], lat[i], lon[i] = p.name, p.group, p.at.Lat, p.at.Lon
		switch {
		case referral.Beside(key):
			kinds[i] = key
		case len(t.Members(key)) > 1:
			kinds[i] = kindSet
		default:
			kinds[i] = t.Meta().Level
		}
		from, to := t.OriginTotal(key), t.DestinationTotal(key)
		totals[i] = [4]float64{from.Lo, from.Hi, to.Lo, to.Hi}
	}
	s.Texts = []exchange.Texts{{Name: colKind, Values: graph.NewValues(g, kinds)}}
	for k, name := range []string{"origin_total_lower", "origin_total_upper", "destination_total_lower", "destination_total_upper"} {
		values := make([]float64, n)
		for i, x := range totals {
			if values[i] = x[k]; math.IsInf(x[k], 1) {
				values[i] = math.NaN()
			}
		}
		s.Numbers = append(s.Numbers, exchange.Numbers{Name: name, Values: graph.NewValues(g, values)})
	}
	if in == nil {
		return
	}
	s.Labels, s.Places = graph.NewValues(g, names), graph.NewValues(g, project(lat, lon))
	if slices.ContainsFunc(groups, func(x string) bool { return x != "" }) {
		s.Groups = graph.NewValues(g, groups)
	}
	s.Numbers = append(s.Numbers, exchange.Numbers{Name: colLat, Values: graph.NewValues(g, lat)}, exchange.Numbers{Name: colLon, Values: graph.NewValues(g, lon)})
}

// found is what the landscape knows of a class.
type found struct {
	name, group string
	at          network.Point
}

// find looks a class up as a network of the table's partition, then as a
// hospital.
func find(t *referral.Table, in *network.Snapshot, label string) found {
	x := found{name: label, at: network.NoPoint()}
	if in == nil {
		return x
	}
	if n, ok := in.Network(t.Meta().Partition, label); ok {
		x.name = n.Name
		if p, ok := in.Middle(n.ID); ok {
			x.at = p
		}
	} else if h, ok := in.Hospital(label); ok {
		x.name = cmp.Or(h.ShortName, h.Name, h.ID)
		x.group = strings.Join(in.NetworksOf(h.ID, t.Meta().Partition), nameJoiner)
		x.at = h.Point
	}
	x.at.Lat, x.at.Lon = rounded(x.at.Lat), rounded(x.at.Lon)
	return x
}

// project is the equirectangular projection in kilometers around the middle of
// the places, true to scale on the parallel there.
func project(lat, lon []float64) []exchange.Place {
	la, lo := middle(lat), middle(lon)
	const perDegree = math.Pi / 180 * network.EarthRadius
	places := make([]exchange.Place, len(lat))
	for i := range lat {
		places[i] = exchange.Place{X: rounded((lon[i] - lo) * perDegree * math.Cos(la*math.Pi/180)), Y: rounded((lat[i] - la) * perDegree)}
	}
	return places
}

// rounded keeps six decimals, as computed coordinates differ between machines
// in the last digits.
func rounded(x float64) float64 {
	const digits = 1e6
	return math.Round(x*digits) / digits
}

// middle is half way between the smallest and the largest number; 0 without
// numbers.
func middle(x []float64) float64 {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, v := range x {
		if !math.IsNaN(v) {
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	if lo > hi {
		return 0
	}
	return (lo + hi) / 2
}
