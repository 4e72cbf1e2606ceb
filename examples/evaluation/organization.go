// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/coverage"
	"github.com/oncoref/oncoref/referral/flow"
	"github.com/oncoref/oncoref/referral/inference"
)

// organization answers activity 1: who does what, according to whom.
func (c chapter) organization(l *landscape) error {
	c.heading(3, "How is care organized? (activity 1)", "Hoe is de zorg georganiseerd? (activiteit 1)")
	c.lists(l)
	norm := c.agreedNorm(l)
	if c.log == nil {
		c.item("**Not known:** how many patients each hospital treats. %s", "**Niet bekend:** hoeveel patiënten elk ziekenhuis behandelt. %s", c.pick(c.saysEN, c.saysNL))
		c.gap()
		return nil
	}
	return c.volumes(norm)
}

// lists prints who is recognized as expert, by whom, and whether the lists
// agree.
func (c chapter) lists(l *landscape) {
	bodies := map[string][]network.Designation{}
	var names []string
	for _, d := range l.Designations(network.DesignationQuery{Disease: c.key}) {
		if bodies[d.Body] == nil {
			names = append(names, d.Body)
		}
		bodies[d.Body] = append(bodies[d.Body], d)
	}
	slices.Sort(names)
	if names == nil {
		c.item("**Not known:** expert centers. No list of them for this tumor could be read.",
			"**Niet bekend:** expertisecentra. Voor deze tumor kon geen lijst worden gelezen.")
		return
	}
	var lists []coverage.List
	for _, body := range names {
		var hospitals []string
		for _, d := range bodies[body] {
			name := d.Hospital
			if d.Role != network.RoleCenter {
				name += " (" + c.role(d) + ")"
			}
			hospitals = append(hospitals, name)
		}
		slices.Sort(hospitals)
		c.item("**Published:** on the list of %s: %s.", "**Gepubliceerd:** op de lijst van %s: %s.", c.body(body), strings.Join(hospitals, ", "))
		if body == theField {
			continue
		}
		if centers := coverage.Designated(l.Snapshot, body, network.DesignationQuery{Body: body, Disease: c.key, Role: network.RoleCenter}); len(centers.Hospitals) > 0 {
			lists = append(lists, centers)
		}
	}
	var all []string
	for _, h := range l.Hospitals() {
		all = append(all, h.ID)
	}
	for i, a := range lists {
		for _, b := range lists[i+1:] {
			x := coverage.Agree(a, b, all)
			scope := a.Name + " / " + b.Name
			basis := c.basis
			c.basis = published
			c.item("**Published:** the centers of %s and of %s: %d on both lists, %d on the first only, %d on the second only. Agreement beyond chance (kappa): %s.",
				"**Gepubliceerd:** de centra van %s en van %s: %d op beide lijsten, %d alleen op de eerste, %d alleen op de tweede. Overeenstemming boven toeval (kappa): %s.",
				plain(a.Name), plain(b.Name), len(x.Both), len(x.OnlyA), len(x.OnlyB), c.amount("list_kappa", scope, "none", x.Kappa, 2))
			c.basis = basis
		}
	}
	if bodies[theField] != nil {
		c.item("What the field says was gathered from single pages, and is not compared with a list.", "Wat het veld zegt is van losse pagina's verzameld, en wordt niet met een lijst vergeleken.")
	}
	c.item("Since when most of these hold is not in the sources, and what was read is not complete: a hospital that is missing here may be on a list.",
		"Sinds wanneer de meeste hiervan gelden staat niet in de bronnen, en wat gelezen is, is niet volledig: een ziekenhuis dat hier ontbreekt kan op een lijst staan.")
}

// theField stands in the landscape for hospitals and specialists themselves.
const theField = "field"

// body names who makes a list or a norm.
func (d *document) body(name string) string {
	if name == theField {
		return d.pick("the field itself", "het veld zelf")
	}
	return plain(name)
}

func (c chapter) role(d network.Designation) string {
	switch d.Role {
	case network.RolePreferredPartner:
		return fmt.Sprintf(c.pick("preferred partner of %s", "preferred partner van %s"), d.Of)
	case network.RolePanel:
		return c.pick("national panel", "landelijk panel")
	default:
		return c.pick("role not stated", "rol niet genoemd")
	}
}

// agreedNorm prints the norms for the tumor, and returns the one that is a
// number of patients of a hospital in a year; NaN for none.
func (c chapter) agreedNorm(l *landscape) float64 {
	norm := l.volumeNorm(c.group)
	for _, n := range l.normsOf(c.group) {
		if !n.Published() {
			c.item("**Published:** %s makes requirements for %s, without a number in what was read.",
				"**Gepubliceerd:** %s stelt eisen voor %s, zonder getal in wat gelezen is.", c.body(n.Body), plain(strings.ReplaceAll(n.Disease, "_", " ")))
			continue
		}
		note := c.unit(n.Unit)
		if n.Note != "" {
			note += "; " + c.quote(plain(n.Note))
		}
		c.item("**Published:** norm of %s: at least %s (%s).", "**Gepubliceerd:** norm van %s: minstens %s (%s).", c.body(n.Body), c.figure(n.Lower, 0), note)
	}
	if math.IsNaN(norm) {
		c.item("**Not known:** a norm in patients a year for each hospital.", "**Niet bekend:** een norm in patiënten per jaar voor elk ziekenhuis.")
	}
	return norm
}

// normsOf returns the norms for a group, under each of its names.
func (l *landscape) normsOf(g group) []network.Norm {
	var out []network.Norm
	for _, disease := range append([]string{g.key}, g.norms...) {
		out = append(out, l.Norms(network.NormQuery{Disease: disease})...)
	}
	return out
}

// most is how many hospitals a table names.
const most = 6

// volumes prints who treats how many patients.
func (c chapter) volumes(norm float64) error {
	volumes := coverage.CountVolumes(c.log, coverage.VolumeRule{})
	annual := coverage.AnnualMean(volumes, "", c.first, c.last)
	for i, v := range annual {
		n := c.gate.Count(math.Round(v.Patients.Lo * c.years()))
		annual[i].Patients = referral.Between(n.Lo/c.years(), n.Hi/c.years())
	}
	under := coverage.CountUnder(annual, norm)
	c.gap()
	c.say("%s %s hospitals treated at least one patient in %d-%d. A patient treated in two hospitals counts in both.",
		"%s %s ziekenhuizen behandelden minstens één patiënt in %d-%d. Een patiënt die in twee ziekenhuizen behandeld is telt in beide.",
		c.mark(), c.amount("hospitals_that_treat", "", "hospitals", under.Active, 0), c.first, c.last)
	slices.SortStableFunc(annual, func(a, b coverage.Volume) int { return cmp.Compare(b.Patients.Lo, a.Patients.Lo) })
	var rows [][]string
	for _, v := range annual[:min(most, len(annual))] {
		total := referral.Between(math.Round(v.Patients.Lo*c.years()), math.Round(v.Patients.Hi*c.years()))
		rate, err := inference.Rate(total, inference.RateConfig{Years: c.years()})
		if err != nil {
			return err
		}
		below := c.pick("no norm", "geen norm")
		if !math.IsNaN(norm) {
			p, err := inference.BelowNorm(total, norm, inference.RateConfig{Years: c.years()})
			if err != nil {
				return err
			}
			below = c.share("chance_below_norm", v.Hospital, p)
		}
		mean := referral.BoundedResult(v.Patients.Lo, v.Patients.Hi, referral.ReasonUnknownCells)
		rows = append(rows, []string{v.Hospital, c.ranged("patients_a_year", v.Hospital, "patients/year", mean, rate, 1), below})
	}
	c.table([]string{c.pick("hospital", "ziekenhuis"), c.pick("patients a year", "patiënten per jaar"),
		c.pick("chance that its true number is below the norm", "kans dat het werkelijke aantal onder de norm ligt")}, rows)
	if !math.IsNaN(norm) {
		c.say("%s Below the norm of %s: %s of them, which treat %s of the patients.", "%s Onder de norm van %s: %s ervan, die %s van de patiënten behandelen.",
			c.mark(), c.figure(norm, 0), c.amount("hospitals_below_norm", "", "hospitals", under.Hospitals, 0), c.share("share_below_norm", "", under.SharePatients))
		c.find("%s of the %s hospitals that treat patients stay below the norm of %s a year; together they treat %s.",
			"%s van de %s ziekenhuizen die patiënten behandelen blijven onder de norm van %s per jaar; samen behandelen ze %s.",
			c.result(under.Hospitals, inference.Interval{}, 1, 0, ""), c.result(under.Active, inference.Interval{}, 1, 0, ""), c.figure(norm, 0),
			c.result(under.SharePatients, inference.Interval{}, 100, 0, "%"))
	}
	active := flow.VolumeConfig{ActiveOnly: true}
	c.say("%s The largest hospital treats %s of all patients, the three largest %s. The Gini coefficient of the hospitals that treat anybody is %s (0: all equally many; near 1: one has nearly all).",
		"%s Het grootste ziekenhuis behandelt %s van alle patiënten, de drie grootste %s. De Gini-coëfficiënt van de ziekenhuizen die iemand behandelen is %s (0: allemaal evenveel; bijna 1: één heeft bijna alles).",
		c.mark(), c.share("share_of_largest", "", flow.ConcentrationRatio(c.sites, 1, flow.VolumeConfig{})),
		c.share("share_of_three_largest", "", flow.ConcentrationRatio(c.sites, 3, flow.VolumeConfig{})),
		c.amount("gini_hospitals", "", "none", flow.Gini(c.sites, active), 2))
	c.say("The report: %s", "Het rapport: %s", c.pick(c.saysEN, c.saysNL))
	return nil
}
