// SPDX-License-Identifier: Apache-2.0

package main

import (
	"math"
	"slices"
	"strings"

	"github.com/oncoref/oncoref/examples/internal/study"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/chart"
	"github.com/oncoref/oncoref/referral/coverage"
	"github.com/oncoref/oncoref/referral/inference"
	"github.com/oncoref/oncoref/referral/pathway"
)

// centers answers step 3 of activity 9: how expert centers are involved.
func (c chapter) centers(l *landscape) error {
	c.heading(3, "Involvement of expert centers (activity 9, step 3)", "Betrokkenheid van expertisecentra (activiteit 9, stap 3)")
	c.experts = coverage.Designated(l.Snapshot, c.pick("all lists together", "alle lijsten samen"), network.DesignationQuery{Disease: c.key, Role: network.RoleCenter})
	if c.key == "head_and_neck" {
		if err := c.publishedClasses(); err != nil {
			return err
		}
	}
	switch {
	case len(c.experts.Hospitals) == 0:
		c.item("**Cannot be answered:** no list of expert centers for this tumor could be read, so nobody can be counted as seen in one.",
			"**Niet te beantwoorden:** voor deze tumor kon geen lijst van expertisecentra worden gelezen, zodat niemand geteld kan worden als daar gezien.")
		c.gap()
		return nil
	case c.log == nil:
		c.item("**Cannot be answered:** who was treated in, seen by or discussed with a center, shared care and time to treatment. That needs events of patients, and none are published.",
			"**Niet te beantwoorden:** wie in een centrum behandeld, gezien of besproken is, gedeelde zorg en tijd tot behandeling. Daarvoor zijn gebeurtenissen van patiënten nodig, en die zijn niet gepubliceerd.")
		c.gap()
		return nil
	}
	c.say("Centers here: %s (%s); whether each was one in all of %d-%d is not known.", "Centra hier: %s (%s); of elk dat in heel %d-%d was is niet bekend.",
		strings.Join(c.experts.Hospitals, ", "), c.experts.Name, c.first, c.last)
	for _, step := range []func() error{c.involvement, c.byNetwork, c.classes, c.shared, c.waits} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// publishedClasses prints figure 3.3.
func (c chapter) publishedClasses() error {
	x, err := study.Figure33()
	if err != nil {
		return err
	}
	basis := c.basis
	c.basis = published
	defer func() { c.basis = basis }()
	c.item("**Published:** of the patients with surgery in 2016-2021 (figure 3.3, whole percents), %s were diagnosed and operated in a specialized hospital, %s referred there after diagnosis elsewhere, %s after earlier surgery elsewhere, and %s had their definitive surgery elsewhere.",
		"**Gepubliceerd:** van de geopereerde patiënten in 2016-2021 (figuur 3.3, hele procenten) kreeg %s diagnose en operatie in een gespecialiseerd ziekenhuis, werd %s daarheen verwezen na diagnose elders, %s na eerdere chirurgie elders, en had %s de definitieve operatie elders.",
		c.share("class_throughout", "", referral.ExactResult(x.Throughout/100)), c.share("class_after_diagnosis", "", referral.ExactResult(x.AfterDiagnosis/100)),
		c.share("class_after_treatment", "", referral.ExactResult(x.AfterTreatment/100)), c.share("class_elsewhere", "", referral.ExactResult(x.Elsewhere/100)))
	c.find("%s of the patients with surgery were operated in a specialized hospital in 2016-2021 (figure 3.3).", "%s van de geopereerde patiënten is in 2016-2021 in een gespecialiseerd ziekenhuis geopereerd (figuur 3.3).",
		c.result(x.InCenter().Result, noInterval, 100, 0, "%"))
	c.item("**Published, worked out from it:** %s were operated in a specialized hospital; of those whose first visit was elsewhere, %s. No interval: the figure gives no number of patients.",
		"**Gepubliceerd, daaruit berekend:** %s is in een gespecialiseerd ziekenhuis geopereerd; van wie eerst elders kwam %s. Geen interval: de figuur noemt geen aantal patiënten.",
		c.share("operated_in_center", "", x.InCenter().Result), c.share("operated_in_center_of_others", "", x.Referred().Result))
	return nil
}

// divided gives what is shown of numbers of patients that add up to all of
// them, as shares.
func (c chapter) divided(counts ...int) ([]inference.Estimate, error) {
	numbers := make([]float64, len(counts))
	for i, n := range counts {
		numbers[i] = float64(n)
	}
	cells, whole := c.gate.Family(numbers...)
	var out []inference.Estimate
	for i := range cells {
		rest := slices.Concat(cells[:i], cells[i+1:])
		e, err := inference.OfShare(referral.Share{Part: cells[i], Whole: whole, Result: c.gate.Share(cells[i:i+1], rest, whole)}, inference.Config{})
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

// part gives what is shown of a share of whole patients.
func (c chapter) part(s referral.Share) (inference.Estimate, error) {
	r := c.gate.Proportion(s)
	if r.Status != referral.OK {
		return inference.Estimate{Result: r}, nil
	}
	return inference.OfShare(s, inference.Config{})
}

// classRows prints shares of classes in a table.
func (c chapter) classRows(head string, names, measures []string, e []inference.Estimate) {
	var rows [][]string
	for i, name := range names {
		rows = append(rows, []string{name, c.percent(measures[i], "", e[i])})
	}
	c.table([]string{head, c.pick("share of patients", "deel van de patiënten")}, rows)
}

// involvement prints the strongest contact of patients with a center, as
// figure 4.4 of the report does for soft tissue sarcoma.
func (c chapter) involvement() error {
	v := coverage.Involve(c.log, c.experts)
	e, err := c.divided(v.Treated, v.Seen, v.Discussed, v.None)
	if err != nil {
		return err
	}
	c.classRows(c.pick("strongest contact with a center", "sterkste contact met een centrum"), []string{
		c.pick("treated in one", "er behandeld"), c.pick("seen in one, treated elsewhere or not", "er gezien, elders of niet behandeld"),
		c.pick("discussed with one, or tissue reviewed there", "er besproken, of weefsel daar beoordeeld"), c.pick("none recorded", "geen vastgelegd"),
	}, []string{"contact_treated", "contact_seen", "contact_discussed", "contact_none"}, e)
	contact, err := c.part(v.Any)
	if err != nil {
		return err
	}
	if !v.Registered {
		c.say("Discussions and tissue are not in the data: somebody who was only discussed stands under none, and the share with any contact is only known to be %s.",
			"Besprekingen en weefsel staan niet in de gegevens: wie alleen besproken is staat onder geen, en van het deel met enig contact is alleen bekend: %s.", c.percent("contact_any", "", contact))
		return nil
	}
	c.find("%s of the patients have some contact with a listed center: treated, seen or discussed.",
		"%s van de patiënten heeft enig contact met een centrum van de lijst: behandeld, gezien of besproken.", c.percent("contact_any", "", contact))
	return nil
}

// byNetwork prints where the share treated in a center is smallest and where
// it is largest.
func (c chapter) byNetwork() error {
	groups := coverage.InvolveBy(c.log, c.experts, func(p referral.Pathway) string {
		hospital, _, _ := p.FirstVisit()
		if of, ok := c.one.Of(hospital); ok {
			return of[0].Group
		}
		return ""
	})
	var low, high *inference.Estimate
	for _, g := range groups {
		if g.Group == "" {
			continue
		}
		shares, err := c.divided(g.Treated, g.Patients()-g.Treated)
		if err != nil {
			return err
		}
		e := shares[0]
		e.Origin = g.Group
		c.record("treated_in_center", g.Group, "share", e.Result, e.Interval)
		if low == nil || e.Lo < low.Lo {
			low = &e
		}
		if high == nil || e.Hi > high.Hi {
			high = &e
		}
	}
	if low == nil {
		return nil
	}
	c.say("%s By network of the first visit (a hospital of several in the first by name) the share treated in a center runs from %s in %s to %s in %s.",
		"%s Per netwerk van het eerste bezoek (een ziekenhuis van meer in het eerste naar naam) loopt het deel dat in een centrum behandeld is van %s in %s tot %s in %s.",
		c.mark(), c.result(low.Result, low.Interval, 100, 0, "%"), plain(low.Origin), c.result(high.Result, high.Interval, 100, 0, "%"), plain(high.Origin))
	return nil
}

// classes divides the patients by how they came to their treatment, as figure
// 3.3 of the report does for surgery.
func (c chapter) classes() error {
	kind := c.kind
	if kind == "" {
		kind = "surgery"
	}
	if !slices.Contains(c.log.Kinds(), kind) {
		c.say("**Cannot be answered:** the classes of figure 3.3; no %s is in the data.", "**Niet te beantwoorden:** de klassen van figuur 3.3; %s staat niet in de gegevens.", plain(kind))
		return nil
	}
	x, err := coverage.CountClasses(c.log, kind, c.experts)
	if err != nil {
		return err
	}
	e, err := c.divided(int(x.Throughout), int(x.AfterDiagnosis), int(x.AfterTreatment), int(x.Elsewhere))
	if err != nil {
		return err
	}
	c.ways = &x
	c.say("The classes of figure 3.3, for patients with %s:", "De klassen van figuur 3.3, voor patiënten met %s:", c.pick(kind, dutchKind(kind)))
	c.classRows(c.pick("how they came to it", "hoe ze ertoe kwamen"), []string{
		c.pick("first visit and treatment in a center", "eerste bezoek en behandeling in een centrum"), c.pick("first visit elsewhere, then treated in a center", "eerste bezoek elders, daarna in een centrum behandeld"),
		c.pick("treated elsewhere before", "eerder elders behandeld"), c.pick("definitive treatment elsewhere", "definitieve behandeling elders"),
	}, []string{"class_throughout", "class_after_diagnosis", "class_after_treatment", "class_elsewhere"}, e)
	return nil
}

func dutchKind(kind string) string {
	switch kind {
	case "surgery":
		return "chirurgie"
	case "radiotherapy":
		return "radiotherapie"
	}
	return kind
}

// shared prints how many patients came back.
func (c chapter) shared() error {
	x := pathway.CountReturns(c.log)
	back, err := c.part(x.Back)
	if err != nil {
		return err
	}
	both, err := c.part(x.Shared)
	if err != nil {
		return err
	}
	c.say("%s Of the patients who went on to another hospital, %s came back to one where they had been, and %s were treated there: shared care. Follow-up is not always registered, so both are lower bounds.",
		"%s Van de patiënten die naar een ander ziekenhuis gingen kwam %s terug waar ze geweest waren, en werd %s daar behandeld: gedeelde zorg. Follow-up wordt niet altijd geregistreerd, dus beide zijn ondergrenzen.",
		c.mark(), c.percent("came_back", "", back), c.percent("treated_where_they_came_back", "", both))
	return nil
}

// inDays is the day at which the share treated is given: six weeks.
const inDays = 42

// waits prints the time to treatment of those who went to a center and of the
// others.
func (c chapter) waits() error {
	groups := [2][]pathway.Wait{}
	for p := range c.log.Pathways() {
		w, problem := pathway.WaitOf(p)
		if problem != "" {
			continue
		}
		contact, referred := coverage.ContactOf(p, c.experts)
		i := 1
		if referred || contact >= coverage.Seen {
			i = 0
		}
		groups[i] = append(groups[i], w)
	}
	if len(groups[0])+len(groups[1]) == 0 {
		c.say("**Cannot be answered:** time to treatment. The dates of first visits are not in the data.", "**Niet te beantwoorden:** tijd tot behandeling. De datums van eerste bezoeken staan niet in de gegevens.")
		return nil
	}
	var rows [][]string
	for i, name := range []string{c.pick("referred to a center or seen in one", "naar een centrum verwezen of er gezien"), c.pick("others", "anderen")} {
		row, err := c.wait([]string{"to_center", "others"}[i], groups[i])
		if err != nil {
			return err
		}
		rows = append(rows, append([]string{name}, row...))
		c.waited = append(c.waited, chart.WaitsOf{Group: name, Waits: groups[i]})
	}
	c.say("Days from the first visit to the first treatment (Kaplan-Meier; those who die untreated count as still waiting until then):",
		"Dagen van het eerste bezoek tot de eerste behandeling (Kaplan-Meier; wie onbehandeld overlijdt telt tot dan als wachtend):")
	c.table([]string{c.pick("patients", "patiënten"), c.pick("number", "aantal"), c.pick("median days", "mediaan dagen"), c.pick("treated within six weeks", "binnen zes weken behandeld")}, rows)
	if c.basis == madeUp {
		c.say("Waiting times are assumed entirely in the model: the table shows what would be printed, and says nothing about Dutch hospitals.",
			"Wachttijden zijn in het model geheel aangenomen: de tabel laat zien wat er zou staan, en zegt niets over Nederlandse ziekenhuizen.")
	}
	return nil
}

// wait returns number, median and share treated in time of some patients.
func (c chapter) wait(scope string, waits []pathway.Wait) ([]string, error) {
	curve, err := pathway.KaplanMeier(waits, 0.95)
	if err != nil {
		return nil, err
	}
	n := c.gate.Count(float64(len(waits)))
	number := c.amount("patients_with_a_wait", scope, "patients", referral.BoundedResult(n.Lo, n.Hi, referral.ReasonUnknownCells), 0)
	if len(waits) == 0 || !n.Known() {
		return []string{number, c.pick("hidden", "verborgen"), c.pick("hidden", "verborgen")}, nil
	}
	median := c.pick("not reached", "niet bereikt")
	if day, ok := curve.Quantile(0.5); ok {
		median = c.amount("median_days", scope, "days", referral.ExactResult(float64(day)), 0)
	}
	at := curve.At(inDays)
	treated := math.Round((1 - at.Survival) * float64(len(waits)))
	if c.gate.Hidden(treated) || c.gate.Hidden(float64(len(waits))-treated) {
		return []string{number, median, c.pick("hidden", "verborgen")}, nil
	}
	e := inference.Estimate{Result: referral.ExactResult(1 - at.Survival)}
	e.N = len(waits)
	e.Interval = inference.Interval{Lo: 1 - at.Upper, Hi: 1 - at.Lower, Level: 0.95}
	return []string{number, median, c.percent("treated_within_six_weeks", scope, e)}, nil
}
