// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
	"strings"

	"github.com/oncoref/oncoref/internal/small"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/chart"
	"github.com/oncoref/oncoref/referral/flow"
	"github.com/oncoref/oncoref/referral/siting"
)

// near is the distance in km within which a center counts as near.
const near = 50

// decision answers what activity 8 needs for a choice: travel, what a change
// would do, and what depends on one center.
func (c chapter) decision(ctx context.Context, l *landscape) error {
	c.heading(3, "What would a decision do? (activity 8)", "Wat zou een besluit doen? (activiteit 8)")
	if c.log == nil {
		c.item("**Cannot be answered:** travel, and what one center more or fewer would mean. That needs how many patients come first to each hospital; the places of hospitals alone do not tell.",
			"**Niet te beantwoorden:** reizen, en wat een centrum meer of minder zou betekenen. Daarvoor moet bekend zijn hoeveel patiënten in elk ziekenhuis het eerst komen; de plaatsen van ziekenhuizen alleen zeggen dat niet.")
		c.gap()
		return nil
	}
	located, left, err := c.located(l)
	if err != nil {
		return err
	}
	c.say("Distances are along a great circle, one way, from the hospital of the first visit: where patients live is not in the data, and roads are longer. The regions of the landscape have no coordinates, so access of the population cannot be computed.",
		"Afstanden zijn hemelsbreed, enkele reis, vanaf het ziekenhuis van het eerste bezoek: waar patiënten wonen staat niet in de gegevens, en wegen zijn langer. De regio's van het landschap hebben geen coördinaten, zodat de bereikbaarheid voor de bevolking niet te berekenen is.")
	if left.Hi > 0 {
		c.say("Left out, because a hospital has no coordinates: %s patients.", "Weggelaten omdat een ziekenhuis geen coördinaten heeft: %s patiënten.",
			c.amount("patients_without_place", "", "patients", referral.BoundedResult(left.Lo, left.Hi, referral.ReasonUnknownCells), 0))
	}
	if len(located.Origins()) == 0 {
		c.say("**Cannot be answered:** no hospital with patients has coordinates.", "**Niet te beantwoorden:** geen ziekenhuis met patiënten heeft coördinaten.")
		return nil
	}
	burden, err := flow.Travel(located, flow.LandscapeKilometers(l.Landscape()), flow.TravelConfig{})
	if err != nil {
		return err
	}
	c.say("%s Patients travel %s km on average, half of them at most %s km, nine in ten at most %s km.",
		"%s Patiënten reizen gemiddeld %s km, de helft hoogstens %s km, negen op de tien hoogstens %s km.", c.mark(),
		c.amount("km_mean", "", "km", burden.Mean, 0), c.amount("km_median", "", "km", burden.Median, 0), c.amount("km_nine_in_ten", "", "km", burden.P90, 0))
	var centers, nowhere []string
	for _, h := range c.experts.Hospitals {
		if p, ok := l.Hospital(h); ok && p.Point.Known() {
			centers = append(centers, h)
		} else {
			nowhere = append(nowhere, h)
		}
	}
	if nowhere != nil {
		c.say("On the list of centers, but without coordinates and so left out below: %s.", "Op de lijst van centra, maar zonder coördinaten en daarom hieronder weggelaten: %s.", strings.Join(nowhere, ", "))
	}
	if err := c.access(l, located, centers); err != nil {
		return err
	}
	return errors.Join(c.scenarios(l, located, centers), c.frontier(ctx, l, located))
}

// located returns the flows between hospitals whose place is known, and how
// many treated patients the other ones have.
func (c chapter) located(l *landscape) (*referral.Table, referral.Cell, error) {
	place := func(id string) bool {
		h, ok := l.Hospital(id)
		return ok && h.Point.Known()
	}
	left := referral.Count(0)
	kept := func(yield func(referral.Flow) bool) {
		for f := range c.sites.Flows() {
			switch {
			case f.Destination == referral.Untreated:
			case !place(f.Origin) || !place(f.Destination):
				left = left.Add(f.Cell)
			case !yield(f):
				return
			}
		}
	}
	t, err := referral.FromFlows(c.sites.Meta(), referral.AbsentZero, kept)
	return t, left, err
}

// access prints how near the centers are.
func (c chapter) access(l *landscape, t *referral.Table, centers []string) error {
	if len(centers) == 0 {
		return nil
	}
	patients := map[string]referral.Cell{}
	for f := range t.Flows() {
		patients[f.Origin] = patients[f.Origin].Add(f.Cell)
	}
	var within, beyond []referral.Cell
	for _, n := range flow.NearestOf(t, centers, flow.LandscapeKilometers(l.Landscape())) {
		if n.Far <= near {
			within = append(within, patients[n.Origin])
		} else {
			beyond = append(beyond, patients[n.Origin])
		}
	}
	if within == nil {
		within = []referral.Cell{referral.Count(0)}
	}
	r := small.Among(within, beyond)
	c.say("%s %s of the treated patients come first to a hospital at most %d km from a center of the list (%s).",
		"%s %s van de behandelde patiënten komt het eerst in een ziekenhuis op hoogstens %d km van een centrum van de lijst (%s).",
		c.mark(), c.share("center_within_50_km", "", r), near, strings.Join(centers, ", "))
	return nil
}

// scenario is a question of the form: what if these hospitals stop?
type scenario struct {
	key, en, nl    string
	close, targets []string
	why            string // it cannot be asked, in the language of the document
}

// scenarios prints what changes would mean.
func (c chapter) scenarios(l *landscape, t *referral.Table, centers []string) error {
	var rows [][]string
	volumes := map[string]referral.Cell{}
	for f := range t.Flows() {
		volumes[f.Destination] = volumes[f.Destination].Add(f.Cell)
	}
	for _, s := range c.choices(l, t, centers) {
		if s.why != "" {
			c.say("**Cannot be answered:** %s: %s.", "**Niet te beantwoorden:** %s: %s.", c.pick(s.en, s.nl), s.why)
			continue
		}
		e, err := siting.WhatIf(t, siting.Change{Close: s.close, Targets: s.targets, Rule: siting.Nearest, Distance: l.km})
		if err != nil {
			return err
		}
		rows = append(rows, []string{
			c.pick(s.en, s.nl), c.amount("moved", s.key, "patients", e.Moved, 0), c.amount("km_mean_after", s.key, "km", e.MeanAfter, 0),
			c.amount("km_extra_each_moved", s.key, "km", e.PerMoved, 0), c.amount("km_extra_worst_tenth", s.key, "km", e.WorstTenth, 0),
		})
		if s.key == "all_in_centers" && e.MeanAfter.Status == referral.OK {
			c.marks = []chart.FrontierMark{{Name: strings.Join(s.targets, ", "), Count: len(s.targets), Mean: e.MeanAfter.Value, Largest: math.NaN()}}
		}
		if s.key == "stop_largest" {
			now := referral.Count(0)
			for _, h := range s.targets {
				now = now.Add(volumes[h])
			}
			c.find("If %s stopped, %s patients of %d-%d would have gone elsewhere, to hospitals (%s) that together treated %s in those years.",
				"Als %s stopte waren %s patiënten van %d-%d ergens anders heen gegaan, naar ziekenhuizen (%s) die er samen in die jaren %s behandelden.",
				s.close[0], c.result(e.Moved, noInterval, 1, 0, ""), c.first, c.last, strings.Join(s.targets, ", "),
				c.amount("treated_by_receiving_hospitals", s.key, "patients", referral.BoundedResult(now.Lo, now.Hi, referral.ReasonUnknownCells), 0))
		}
	}
	if rows == nil {
		return nil
	}
	c.say("What if, everything else staying the same; capacity, waiting times and habits are not in it. Who moves goes to the nearest hospital named:",
		"Wat als, terwijl al het andere gelijk blijft; capaciteit, wachttijden en gewoonten zitten er niet in. Wie verplaatst wordt gaat naar het dichtstbijzijnde genoemde ziekenhuis:")
	c.table([]string{c.pick("change", "verandering"), c.pick("patients moved", "verplaatste patiënten"), c.pick("km a patient after it", "km per patiënt erna"),
		c.pick("extra km for those moved", "extra km voor de verplaatsten"), c.pick("extra km, worst tenth of them", "extra km, slechtste tiende ervan")}, rows)
	return nil
}

// choices are the changes to look at.
func (c chapter) choices(l *landscape, t *referral.Table, centers []string) []scenario {
	totals := map[string]referral.Cell{}
	var treat []string
	for f := range t.Flows() {
		if f.Cell.Hi > 0 {
			if _, ok := totals[f.Destination]; !ok {
				treat = append(treat, f.Destination)
			}
			totals[f.Destination] = totals[f.Destination].Add(f.Cell)
		}
	}
	slices.SortFunc(treat, func(a, b string) int { return cmp.Or(cmp.Compare(totals[b].Lo, totals[a].Lo), cmp.Compare(a, b)) })
	without := func(list, drop []string) []string {
		return slices.DeleteFunc(slices.Clone(list), func(h string) bool { return slices.Contains(drop, h) })
	}
	open := slices.DeleteFunc(slices.Clone(centers), func(h string) bool { return !slices.Contains(treat, h) })
	var out []scenario
	if len(open) > 0 {
		names := strings.Join(open, ", ")
		out = append(out, scenario{key: "all_in_centers", en: "all treatment in the listed centers (" + names + ")", nl: "alle behandeling in de centra van de lijst (" + names + ")",
			close: without(treat, open), targets: open})
	}
	if norm := l.volumeNorm(c.group); !math.IsNaN(norm) {
		var under []string
		for _, h := range treat {
			if totals[h].Hi/c.years() < norm {
				under = append(under, h)
			}
		}
		s := scenario{key: "under_norm_stops", en: "hospitals under the norm stop", nl: "ziekenhuizen onder de norm stoppen", close: under, targets: without(treat, under)}
		switch {
		case len(under) == 0:
			s.why = c.pick("no hospital is certainly under it", "geen ziekenhuis zit er zeker onder")
		case len(s.targets) == 0:
			s.why = c.pick("no hospital would be left", "er zou geen ziekenhuis overblijven")
		}
		out = append(out, s)
	}
	for _, h := range treat[:min(1, len(treat))] {
		rest := without(open, []string{h})
		who := c.pick("to the other listed centers", "naar de andere centra van de lijst")
		if len(rest) == 0 {
			who = c.pick("no other listed center treats: to the nearest university hospital that treats now", "geen ander centrum van de lijst behandelt: naar het dichtstbijzijnde academische ziekenhuis dat nu behandelt")
			for _, x := range treat {
				if p, _ := l.Hospital(x); p.Type == network.TypeAcademic && x != h {
					rest = append(rest, x)
				}
			}
		}
		s := scenario{key: "stop_largest", en: h + " stops (" + who + ")", nl: h + " stopt (" + who + ")", close: []string{h}, targets: rest}
		if len(rest) == 0 {
			s.why = c.pick("no hospital is left to go to", "er blijft geen ziekenhuis over om naartoe te gaan")
		}
		out = append(out, s)
	}
	return out
}

// hospitalNorm is the norm in patients a year for each hospital, if there is
// one.
func (l *landscape) hospitalNorm(g group) (network.Norm, bool) {
	for _, n := range l.normsOf(g) {
		if n.Published() && n.Unit == "patients/year/hospital" && n.Modality == "" {
			return n, true
		}
	}
	return network.Norm{}, false
}

// volumeNorm is hospitalNorm as a number; NaN for none.
func (l *landscape) volumeNorm(g group) float64 {
	if n, ok := l.hospitalNorm(g); ok {
		return n.Lower
	}
	return math.NaN()
}

// mostCenters is how many centers the frontier goes to.
const mostCenters = 4

// frontier prints how short the ways could be with a number of centers.
func (c chapter) frontier(ctx context.Context, l *landscape, t *referral.Table) error {
	p := siting.Problem{Unit: "km"}
	for _, h := range l.Hospitals() {
		if h.Point.Known() && (h.Type == network.TypeAcademic || c.experts.Has(h.ID)) {
			p.Candidates = append(p.Candidates, siting.Candidate{ID: h.ID})
		}
	}
	ranges := false
	for _, o := range t.Origins() {
		n := t.OriginTotal(o)
		if n.Hi == 0 {
			continue
		}
		ranges = ranges || n.Lo != n.Hi
		row := make([]float64, len(p.Candidates))
		for i, x := range p.Candidates {
			km, err := l.km(o, x.ID)
			if err != nil {
				return err
			}
			row[i] = km
		}
		p.Demands = append(p.Demands, siting.Demand{ID: o, Weight: n.Lo})
		p.Distances = append(p.Distances, row)
	}
	points, err := siting.Frontier(ctx, p, 1, min(mostCenters, len(p.Candidates)), siting.Config{})
	if err != nil {
		return err
	}
	c.points = points
	c.say("The best places for some number of centers, among the university hospitals and the listed centers. It is about travel alone, not about who has the expertise:",
		"De beste plaatsen voor een aantal centra, uit de academische ziekenhuizen en de centra van de lijst. Het gaat alleen om reizen, niet om wie de expertise heeft:")
	if ranges {
		c.say("Where numbers are hidden the smallest possible ones are used.", "Waar aantallen verborgen zijn, zijn de kleinst mogelijke gebruikt.")
	}
	var rows [][]string
	for _, x := range points {
		scope := c.figure(float64(x.Count), 0)
		places := strings.Join(x.Median.Centers, ", ")
		if !x.Median.Proved {
			places += c.pick(" (not proved the best)", " (niet bewezen de beste)")
		}
		rows = append(rows, []string{
			scope, c.amount("best_mean_km", scope, "km", referral.ExactResult(x.Median.Mean), 0),
			c.amount("largest_km", scope, "km", referral.ExactResult(x.Median.Largest), 0), places,
		})
	}
	c.table([]string{c.pick("centers", "centra"), c.pick("km a patient", "km per patiënt"), c.pick("km, farthest hospital", "km, verste ziekenhuis"), c.pick("places", "plaatsen")}, rows)
	return nil
}
