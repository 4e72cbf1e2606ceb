// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/community"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/flow"
	"github.com/oncoref/oncoref/referral/flow/gravity"
	"github.com/oncoref/oncoref/referral/inference"
)

// patterns answers step 2 of activity 9: who refers to whom within and between
// networks.
func (c chapter) patterns(ctx context.Context, l *landscape, seed uint64) error {
	c.heading(3, "Referral within and between networks (activity 9, step 2)", "Verwijzing binnen en tussen netwerken (activiteit 9, stap 2)")
	if c.shows != nil {
		c.shownByReport()
	}
	if c.log == nil {
		c.unanswered()
		return nil
	}
	return errors.Join(c.retention(), c.hubs(ctx, seed), c.change(ctx, seed), c.detected(ctx, l, seed), c.expected(ctx, l, seed))
}

// shownByReport says what the published figure tells without any number.
func (c chapter) shownByReport() {
	t := c.shows
	basis := c.basis
	c.basis = published
	defer func() { c.basis = basis }()
	flows, origins := 0, len(t.Origins())
	var stay, all []string
	for f := range t.Flows() {
		if f.Retained() {
			stay = append(stay, f.Origin)
		} else {
			flows++
		}
	}
	best := 0.0
	for _, in := range flow.InDegree(t) {
		c.record("networks_that_refer_to_it", in.Scope, "networks", in.Result, noInterval)
		switch {
		case in.Lo > best:
			best, all = in.Lo, []string{in.Scope}
		case in.Lo == best:
			all = append(all, in.Scope)
		}
	}
	c.record("flows_between_networks", "", "flows", referral.Result{Value: math.NaN(), Lo: float64(flows), Hi: math.Inf(1), Status: referral.Bounded, Reason: referral.ReasonUnlisted}, noInterval)
	c.item("**Published:** the figure \"%s\" shows %d flows between the %d networks that have a row. Most often named as destination: %s (by %s of the other %d).",
		"**Gepubliceerd:** de figuur \"%s\" toont %d stromen tussen de %d netwerken die een rij hebben. Het vaakst als bestemming genoemd: %s (door %s van de andere %d).",
		t.Meta().Title, flows, origins, plain(strings.Join(all, ", ")), c.figure(best, 0), origins-1)
	c.find("Most often named as destination in the figure of the report: %s (by %s of the other %d networks). How many patients go there is not known.",
		"Het vaakst als bestemming genoemd in de figuur van het rapport: %s (door %s van de andere %d netwerken). Hoeveel patiënten daarheen gaan is niet bekend.",
		plain(strings.Join(all, ", ")), c.figure(best, 0), origins-1)
	c.item("**Published:** %d of the %d networks are shown to treat some of their own patients. Part of the flows with a flow back, among those shown: %s.",
		"**Gepubliceerd:** van %d van de %d netwerken is te zien dat ze een deel van de eigen patiënten behandelen. Deel van de getoonde stromen met een stroom terug: %s.",
		len(stay), origins, c.share("reciprocity_of_flows", "", flow.BinaryReciprocity(t)))
	c.item("**Not known:** how many patients take each way. The percentages of the figure are not in the text that could be read, and a flow that is not shown may be zero or too small to draw.",
		"**Niet bekend:** hoeveel patiënten elke weg gaan. De percentages van de figuur staan niet in de tekst die gelezen kon worden, en een stroom die niet getoond wordt kan nul zijn of te klein om te tekenen.")
	c.gap()
}

// unanswered lists what a table without counts cannot answer.
func (c chapter) unanswered() {
	t := c.shows
	if t == nil {
		c.item("**Not known:** anything about flows; none are published.", "**Niet bekend:** alles over stromen; er zijn er geen gepubliceerd.")
		c.gap()
		return
	}
	basis := c.basis
	c.basis = published
	defer func() { c.basis = basis }()
	for _, q := range []struct {
		en, nl, measure string
		percent         bool
		r               referral.Result
	}{
		{"Which share of the patients is treated outside the network of the first visit?", "Welk deel van de patiënten wordt buiten het netwerk van het eerste bezoek behandeld?", "supra_regional", true, flow.SupraRegional(t).Result},
		{"How concentrated is treatment (Herfindahl index)?", "Hoe geconcentreerd is de behandeling (Herfindahl-index)?", "herfindahl_networks", false, flow.MarketHerfindahl(t, flow.HerfindahlConfig{})},
		{"How much of what is sent comes back?", "Hoeveel van wat gestuurd wordt komt terug?", "weighted_reciprocity", true, flow.WeightedReciprocity(t)},
	} {
		c.record(q.measure, "", "share", q.r, noInterval)
		answer := c.pick("cannot be answered: anything from ", "niet te beantwoorden: alles van ") + c.bounds(q.r, q.percent) +
			c.pick(" agrees with what is published", " past bij wat gepubliceerd is")
		if q.r.Status != referral.Bounded {
			answer = c.pick("cannot be answered: ", "niet te beantwoorden: ") + c.why(q.r.Reason)
		}
		c.item("%s %s.", "%s %s.", c.pick(q.en, q.nl), answer)
	}
	c.item("Main destinations by size, change between 2016-2018 and 2019-2021, communities, and what distance explains: cannot be answered without counts.",
		"Belangrijkste bestemmingen naar omvang, verandering tussen 2016-2018 en 2019-2021, gemeenschappen, en wat afstand verklaart: zonder aantallen niet te beantwoorden.")
	c.gap()
}

// bounds writes both ends of a result.
func (c chapter) bounds(r referral.Result, percent bool) string {
	if percent {
		return c.span(100*r.Lo, 100*r.Hi, 0, "%")
	}
	return c.span(r.Lo, r.Hi, 2, "")
}

// retention prints what stays in each network, and where the rest goes.
func (c chapter) retention() error {
	supra, err := inference.OfShare(flow.SupraRegional(c.flows), inference.Config{})
	if err != nil {
		return err
	}
	same, err := inference.OfShare(flow.PooledRetention(c.sites), inference.Config{})
	if err != nil {
		return err
	}
	c.say("%s %s of the treated patients are treated (in part) outside the network of their first visit: the supra-regional share. %s are treated only in the hospital of the first visit.",
		"%s %s van de behandelde patiënten wordt (deels) buiten het netwerk van het eerste bezoek behandeld: het bovenregionale deel. %s wordt alleen in het ziekenhuis van het eerste bezoek behandeld.",
		c.mark(), c.percent("supra_regional", "", supra), c.percent("treated_in_first_hospital", "", same))
	c.find("%s of the treated patients leave the network of their first visit for (part of) their treatment.",
		"%s van de behandelde patiënten verlaat voor (een deel van) de behandeling het netwerk van het eerste bezoek.", c.result(supra.Result, supra.Interval, 100, 0, "%"))
	retained, err := inference.OfShares(flow.Retention(c.flows), inference.Config{})
	if err != nil {
		return err
	}
	spread := map[string]referral.Result{}
	for _, h := range flow.OriginHerfindahl(c.flows, flow.HerfindahlConfig{Form: flow.EffectiveNumber}) {
		spread[h.Scope] = h.Result
	}
	patients := map[string]referral.Result{}
	for _, o := range flow.OriginTotals(c.flows) {
		patients[o.Scope] = o.Result
	}
	partners := map[string]flow.Partner{}
	for _, p := range flow.Partners(c.flows) {
		partners[p.Origin] = p
	}
	var rows [][]string
	for _, r := range retained {
		if r.Reason == referral.ReasonZeroRow {
			continue
		}
		p := partners[r.Origin]
		to := c.pick("nobody leaves", "niemand vertrekt")
		if len(p.Candidates) > 0 {
			to = plain(strings.Join(p.Candidates, c.pick(" or ", " of "))) + ", " + c.share("largest_destination", r.Origin, p.OfPatients)
		}
		rows = append(rows, []string{
			plain(r.Origin), c.amount("patients", r.Origin, "patients", patients[r.Origin], 0), c.percent("retention", r.Origin, r),
			to, c.amount("effective_destinations", r.Origin, "networks", spread[r.Origin], 1),
		})
	}
	c.table([]string{
		c.pick("network of the first visit", "netwerk van het eerste bezoek"), c.pick("treated patients", "behandelde patiënten"),
		c.pick("treated in it", "daar behandeld"), c.pick("largest destination elsewhere", "grootste bestemming elders"),
		c.pick("as spread as over so many equal places", "verdeeld als over zoveel gelijke plaatsen"),
	}, rows)
	for f := range c.flows.Flows() {
		if f.SetValued() {
			c.say("%s stands for hospitals that belong to both networks. For patients of either it is no other network; for all others it is one of the two, and numbers that depend on which are bounds.",
				"%s staat voor ziekenhuizen die bij beide netwerken horen. Voor patiënten van elk van beide is het geen ander netwerk; voor alle anderen is het een van de twee, en getallen die daarvan afhangen zijn grenzen.", plain(f.Destination))
			break
		}
	}
	return nil
}

// draws is how many tables the intervals of the hubs rest on.
const draws = 1000

// hubs prints how concentrated care is over networks, and which is the hub.
func (c chapter) hubs(ctx context.Context, seed uint64) error {
	r, err := inference.Bootstrap(ctx, c.flows, []inference.Statistic{inference.HHIMarket(), inference.GiniDestination(), inference.PageRank()},
		inference.BootstrapConfig{Replicates: draws, Seed: seed})
	if err != nil {
		return err
	}
	in := map[string]referral.Result{}
	for _, x := range flow.InDegree(c.flows) {
		in[x.Scope] = x.Result
	}
	received := map[string]referral.Result{}
	for _, x := range flow.Inflow(c.flows) {
		received[x.Scope] = x.Result
	}
	var ranks []inference.Resampled
	var texts []string
	for i, x := range r.Numbers {
		switch i {
		case 0:
			texts = append(texts, c.ranged("herfindahl_networks", "", "none", x.Observed, x.Interval, 2))
		case 1:
			texts = append(texts, c.ranged("gini_networks", "", "none", x.Observed, x.Interval, 2))
		default:
			ranks = append(ranks, x)
		}
	}
	c.say("%s Over the networks of treatment the Herfindahl index is %s and the Gini coefficient %s. Both are too high in small numbers; the intervals are of %d tables drawn anew from the patients.",
		"%s Over de netwerken van behandeling is de Herfindahl-index %s en de Gini-coëfficiënt %s. Beide zijn bij kleine aantallen te hoog; de intervallen komen van %d tabellen die opnieuw uit de patiënten getrokken zijn.",
		c.mark(), texts[0], texts[1], draws)
	slices.SortStableFunc(ranks, func(a, b inference.Resampled) int { return cmp.Compare(b.Observed.Lo, a.Observed.Lo) })
	var rows [][]string
	for _, x := range ranks[:min(4, len(ranks))] {
		networks, patients := c.pick("shared", "gedeeld"), c.pick("shared", "gedeeld")
		if d, ok := in[x.Scope]; ok {
			networks = c.amount("networks_that_refer_to_it", x.Scope, "networks", d, 0)
			patients = c.amount("patients_received", x.Scope, "patients", received[x.Scope], 0)
		}
		rows = append(rows, []string{
			plain(x.Scope), networks, patients, c.ranged("pagerank", x.Scope, "share", x.Observed, x.Interval, 2),
			fmt.Sprintf("%s%%", c.figure(100*x.Top, 0)),
		})
	}
	c.table([]string{
		c.pick("network", "netwerk"), c.pick("networks that refer to it", "netwerken die erheen verwijzen"),
		c.pick("patients received", "ontvangen patiënten"), "PageRank", c.pick("is the largest in", "is de grootste in"),
	}, rows)
	c.say("The places after the first hang on the few patients whom the hub sends on: do not rank them.", "De plaatsen na de eerste hangen aan de weinige patiënten die de spil doorstuurt: rangschik ze niet.")
	if len(ranks) > 0 {
		c.find("%s is the hub: first by PageRank in %s%% of the tables drawn anew.", "%s is de spil: eerste naar PageRank in %s%% van de opnieuw getrokken tabellen.",
			plain(ranks[0].Scope), c.figure(100*ranks[0].Top, 0))
	}
	c.exchange()
	return nil
}

// exchange prints how far referral goes both ways.
func (c chapter) exchange() {
	c.say("%s Of the flows between networks, %s have a flow back; of the patients who leave, %s are matched by a patient the other way. Referral to an expert center is one-way: low numbers are no lack of cooperation.",
		"%s Van de stromen tussen netwerken heeft %s een stroom terug; tegenover %s van de patiënten die vertrekken staat een patiënt de andere kant op. Verwijzing naar een expertisecentrum gaat één kant op: lage getallen zijn geen gebrek aan samenwerking.",
		c.mark(), c.share("reciprocity_of_flows", "", flow.BinaryReciprocity(c.flows)), c.share("weighted_reciprocity", "", flow.WeightedReciprocity(c.flows)))
}

// change compares the halves of the period.
func (c chapter) change(ctx context.Context, seed uint64) error {
	if len(c.parts) < 2 {
		c.say("**Cannot be answered:** change over time. The patients are of one year.", "**Niet te beantwoorden:** verandering in de tijd. De patiënten zijn van één jaar.")
		return nil
	}
	x, err := inference.Compare(ctx, c.parts[0], c.parts[1], inference.CompareConfig{Permutation: inference.PermutationConfig{Draws: 20_000, Seed: seed}})
	if err != nil {
		return err
	}
	one, two := c.halves[0].String(), c.halves[1].String()
	c.record("supra_regional", one, "share", x.Supra.First.Result, x.Supra.First.Interval)
	c.record("supra_regional", two, "share", x.Supra.Second.Result, x.Supra.Second.Interval)
	c.record("supra_regional_change", two+" less "+one, "share", x.Supra.Difference, x.Supra.Interval)
	c.record("supra_regional_change_fisher_p", "", "probability", x.Supra.Fisher, noInterval)
	c.say("%s Supra-regional share in %s: %s; in %s: %s. Difference: %s percentage points; Fisher's exact test: %s. %s",
		"%s Bovenregionaal deel in %s: %s; in %s: %s. Verschil: %s procentpunt; exacte toets van Fisher: %s. %s",
		c.mark(), one, c.result(x.Supra.First.Result, x.Supra.First.Interval, 100, 0, "%"), two, c.result(x.Supra.Second.Result, x.Supra.Second.Interval, 100, 0, "%"),
		c.result(x.Supra.Difference, x.Supra.Interval, 100, 1, ""), c.chance(x.Supra.Fisher), c.verdict(x.Supra))
	c.record("ways_changed_p", "", "probability", x.Matrix.P, noInterval)
	c.say("%s Did the patients of each network go the same ways in both periods? A permutation test over all flows gives %s.",
		"%s Gingen de patiënten van elk netwerk in beide perioden dezelfde wegen? Een permutatietoets over alle stromen geeft %s.", c.mark(), c.chance(x.Matrix.P))
	least, most := make([]float64, len(x.Retention)), make([]float64, len(x.Retention))
	for i, d := range x.Retention {
		least[i], most[i] = d.Fisher.Lo, d.Fisher.Hi
	}
	least, err = inference.FalseDiscovery(least)
	if err != nil {
		return err
	}
	if most, err = inference.FalseDiscovery(most); err != nil {
		return err
	}
	var changed []string
	open := 0
	for i, d := range x.Retention {
		c.record("retention_change", d.First.Origin, "share", d.Difference, d.Interval)
		switch {
		case most[i] < 0.05:
			changed = append(changed, plain(d.First.Origin))
		case least[i] < 0.05:
			open++
		}
	}
	list := c.pick("none", "geen")
	if changed != nil {
		list = strings.Join(changed, ", ")
	}
	c.say("%s Networks whose own share changed by more than chance explains (false discovery rate of 5%% over all networks): %s.",
		"%s Netwerken waarvan het eigen deel meer veranderde dan toeval verklaart (false discovery rate van 5%% over alle netwerken): %s.", c.mark(), list)
	if open > 0 {
		c.say("Of %d networks it cannot be said, because counts are hidden.", "Van %d netwerken is het niet te zeggen, omdat aantallen verborgen zijn.", open)
	}
	c.find("From %s to %s the supra-regional share changed by %s percentage points. %s", "Van %s tot %s veranderde het bovenregionale deel met %s procentpunt. %s",
		one, two, c.result(x.Supra.Difference, x.Supra.Interval, 100, 1, ""), c.verdict(x.Supra))
	if c.basis == madeUp {
		c.say("What was put in: %s", "Wat erin gestopt is: %s", c.pick(c.putInEN, c.putInNL))
	}
	return nil
}

// verdict says what an interval of a difference allows to say.
func (c chapter) verdict(d inference.DifferenceOf) string {
	switch i := d.Interval; {
	case math.IsNaN(i.Lo):
		return c.pick("Whether that is more than chance cannot be said.", "Of dat meer is dan toeval is niet te zeggen.")
	case i.Lo > 0 || i.Hi < 0:
		return c.pick("That is more than chance explains.", "Dat is meer dan toeval verklaart.")
	}
	return c.pick("Chance alone can explain that, and so can any change within the interval: it does not show that nothing changed.",
		"Toeval alleen kan dat verklaren, en elke verandering binnen het interval ook: het toont niet dat er niets veranderde.")
}

// detected compares the groups of hospitals that the flows show with the
// networks that exist.
func (c chapter) detected(ctx context.Context, l *landscape, seed uint64) error {
	all, err := c.sites.Graph(referral.Lower)
	if err != nil {
		return err
	}
	g := all.Loopless()
	if g.Size() == 0 {
		c.say("**Cannot be answered:** communities. No flow between hospitals is known.", "**Niet te beantwoorden:** gemeenschappen. Geen stroom tussen ziekenhuizen is bekend.")
		return nil
	}
	runs, err := community.Repeat(ctx, g, community.RepeatConfig{Leiden: community.LeidenConfig{Seed: seed}, Runs: 50})
	if err != nil {
		return err
	}
	stable, err := runs.Stability(ctx)
	if err != nil {
		return err
	}
	number := map[string]int{}
	for i, name := range l.primary.Groups() {
		number[name] = i
	}
	labels := make([]int, g.Len())
	for i := range labels {
		labels[i] = community.None
		if of, ok := l.primary.Of(g.Key(i)); ok {
			labels[i] = number[of[0].Group]
		}
	}
	existing := community.NewPartition(g, graph.NewValues(g, labels))
	same, err := community.Compare(runs.Best.Partition, existing, community.CompareConfig{})
	if err != nil {
		return err
	}
	q, err := community.Modularity(g, existing, community.ModularityConfig{})
	if err != nil {
		return err
	}
	for _, x := range []struct {
		measure string
		v       float64
	}{
		{"communities", float64(runs.Best.Partition.Count())}, {"communities_modularity", runs.Best.Modularity}, {"networks_modularity", q},
		{"communities_stability", stable}, {"communities_agreement_ari", same.ARI},
	} {
		c.record(x.measure, "", "none", referral.ExactResult(x.v), noInterval)
	}
	c.say("%s The ways between hospitals fall into %d communities (Leiden, best of 50 runs; staying patients do not count). Their modularity is %s, that of the existing networks %s. Agreement with the networks (adjusted Rand index): %s, where 1 is the same and 0 is chance; agreement of the runs with each other: %s.",
		"%s De wegen tussen ziekenhuizen vallen in %d gemeenschappen uiteen (Leiden, beste van 50; wie blijft telt niet). Hun modulariteit is %s, die van de bestaande netwerken %s. Overeenstemming met de netwerken (adjusted Rand-index): %s, waarbij 1 hetzelfde is en 0 toeval; overeenstemming van de 50 onderling: %s.",
		c.mark(), runs.Best.Partition.Count(), c.figure(runs.Best.Modularity, 2), c.figure(q, 2), c.figure(same.ARI, 2), c.figure(stable, 2))
	if !c.gate.AllowSmall {
		c.say("A flow between hospitals that is hidden counts as one patient here.", "Een verborgen stroom tussen ziekenhuizen telt hier als één patiënt.")
	}
	if runs.Best.Modularity < 0.2 {
		c.say("A modularity this low means weak groups: most who move go to the same place, and the communities rest on the few others. They are no reason to draw the networks differently.",
			"Zo'n lage modulariteit betekent zwakke groepen: de meesten die verplaatst worden gaan naar dezelfde plaats, en de gemeenschappen berusten op de weinige anderen. Ze zijn geen reden om de netwerken anders in te delen.")
	}
	return nil
}

// within are the kilometers that staying in a network is taken to cost; the
// first is used, the others show what depends on it.
var within = []float64{20, 10, 30}

// samples is how many tables are tried where counts are hidden.
const samples = 200

// expected compares the flows with what sizes and distances would give.
func (c chapter) expected(ctx context.Context, l *landscape, seed uint64) error {
	var parts []referral.Result
	var first gravity.Model
	for i, km := range within {
		costs, err := gravity.Networks(l.Snapshot, "", c.between.Classes(), km)
		if err != nil {
			return err
		}
		m, err := gravity.Fit(ctx, c.between, costs, gravity.Config{})
		var cost *gravity.CostError
		if errors.As(err, &cost) {
			c.say("**Cannot be answered:** what distance explains. The distance from %s to %s is not known.", "**Niet te beantwoorden:** wat afstand verklaart. De afstand van %s naar %s is niet bekend.", plain(cost.Origin), plain(cost.Destination))
			return nil
		}
		if err != nil {
			return err
		}
		if i == 0 {
			first = m
		}
		part := m.CPC
		if part.Reason == referral.ReasonUnknownCells {
			all, err := flow.TableBounds(ctx, c.between, func(t *referral.Table) ([]float64, error) {
				m, err := gravity.Fit(ctx, t, costs, gravity.Config{})
				return []float64{m.CPC.Value}, err
			}, flow.CompletionConfig{Samples: samples, Seed: seed})
			if err != nil {
				return err
			}
			part = all[0]
		}
		parts = append(parts, part)
	}
	switch parts[0].Status {
	case referral.OK, referral.Bounded, referral.Envelope:
	default:
		c.record("gravity_common_part", "", "share", parts[0], noInterval)
		c.say("**Cannot be answered:** what distance explains (%s).", "**Niet te beantwoorden:** wat afstand verklaart (%s).", c.why(parts[0].Reason))
		return nil
	}
	low, high := math.Inf(1), math.Inf(-1)
	for _, x := range parts {
		low, high = min(low, x.Lo), max(high, x.Hi)
	}
	c.say("%s If patients only looked at how many a network treats and how far it is, %s of them would go where they went (common part of commuters under a gravity model, the middle of a network %s km from its own patients; %s with %s to %s km). A hospital of several networks counts in the first of them by name here.",
		"%s Als patiënten alleen keken naar hoeveel een netwerk er behandelt en hoe ver het is, zou %s gaan waar ze gingen (common part of commuters bij een zwaartekrachtmodel, het midden van een netwerk %s km van de eigen patiënten; %s bij %s tot %s km). Een ziekenhuis van meer netwerken telt hier in de eerste ervan naar naam.",
		c.mark(), c.share("gravity_common_part", "", parts[0]), c.figure(within[0], 0), c.span(100*low, 100*high, 0, "%"), c.figure(within[1], 0), c.figure(within[2], 0))
	if parts[0].Status == referral.Envelope {
		c.say("Where counts are hidden, %d tables that agree with what is shown were tried: the range is what they gave, and nothing more is guaranteed. Which flows stand out cannot be said.",
			"Waar aantallen verborgen zijn, zijn %d tabellen geprobeerd die passen bij wat getoond is: het bereik is wat die gaven, en meer is niet gegarandeerd. Welke stromen eruit springen is niet te zeggen.", samples)
	}
	cells := slices.Clone(first.Cells)
	slices.SortStableFunc(cells, func(a, b gravity.Cell) int { return cmp.Compare(b.Residual, a.Residual) })
	var rows [][]string
	for _, x := range cells[:min(3, len(cells))] {
		if !(x.Residual > 0) {
			break
		}
		c.record("gravity_residual", x.Origin+" to "+x.Destination, "standard deviations", referral.ExactResult(x.Residual), noInterval)
		rows = append(rows, []string{plain(x.Origin), plain(x.Destination), c.figure(x.Observed, 0), c.figure(x.Expected, 1), c.figure(x.Residual, 1)})
	}
	if rows == nil {
		return nil
	}
	c.say("Flows that stand out most above it (own network included):", "Stromen die er het meest boven uitsteken (eigen netwerk inbegrepen):")
	c.table([]string{c.pick("from", "van"), c.pick("to", "naar"), c.pick("patients", "patiënten"), c.pick("expected", "verwacht"), c.pick("residual", "residu")}, rows)
	return nil
}
