// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/inference"
	"github.com/oncoref/oncoref/referral/pathway"
)

// panels answers activity 10: what panels and the review of tissue do.
func (c chapter) panels(l *landscape) error {
	c.heading(3, "Expert panels (activity 10)", "Expertpanels (activiteit 10)")
	var sit []string
	for _, d := range l.Designations(network.DesignationQuery{Disease: c.key, Role: network.RolePanel}) {
		sit = append(sit, d.Hospital)
	}
	if sit == nil {
		c.item("**Not known:** whether there is a national panel for this tumor; none is in the lists that were read.",
			"**Niet bekend:** of er een landelijk panel voor deze tumor is; in de gelezen lijsten staat er geen.")
	} else {
		c.item("**Published:** hospitals of a national panel: %s.", "**Gepubliceerd:** ziekenhuizen van een landelijk panel: %s.", strings.Join(sit, ", "))
	}
	if c.log == nil {
		c.item("**Cannot be answered:** how many patients are discussed, what it costs in days, and the way of tissue. That needs the registry's layers of case discussions and pathology.",
			"**Niet te beantwoorden:** hoeveel patiënten besproken worden, wat dat in dagen kost, en de weg van weefsel. Daarvoor zijn de lagen besprekingen en pathologie van de registratie nodig.")
		c.gap()
		return nil
	}
	c.gap()
	if err := c.discussions(); err != nil {
		return err
	}
	return c.tissue()
}

// until is the day up to which mean waits are taken.
const until = 180

// discussions prints how many patients are discussed elsewhere, and the days
// to treatment with and without.
func (c chapter) discussions() error {
	by := map[string]int{}
	discussed := 0
	waits := [2][]pathway.Wait{} // of patients first treated where they came first: with and without
	for p := range c.log.Pathways() {
		where := map[string]bool{}
		treated := ""
		for i, e := range enumerate(p) {
			switch {
			case e.Layer == referral.LayerMDT && e.ToHospital != "" && e.ToHospital != e.Hospital:
				where[e.ToHospital] = true
			case treated == "" && p.IsTreatment(i):
				treated = e.Hospital
			}
		}
		if len(where) > 0 {
			discussed++
		}
		for h := range where {
			by[h]++
		}
		w, problem := pathway.WaitOf(p)
		if first, _, ok := p.FirstVisit(); ok && problem == "" && treated == first {
			i := 1
			if len(where) > 0 {
				i = 0
			}
			waits[i] = append(waits[i], w)
		}
	}
	if discussed == 0 {
		c.say("**Cannot be answered:** how many patients are discussed in another hospital. No case discussion is in the data; that is not the same as none having taken place.",
			"**Niet te beantwoorden:** hoeveel patiënten in een ander ziekenhuis besproken worden. Er staat geen bespreking in de gegevens; dat is iets anders dan dat er geen was.")
		return nil
	}
	e, err := c.divided(discussed, c.log.Patients()-discussed)
	if err != nil {
		return err
	}
	var list []string
	for _, h := range slices.SortedFunc(maps.Keys(by), func(a, b string) int { return cmp.Or(cmp.Compare(by[b], by[a]), cmp.Compare(a, b)) }) {
		n := c.gate.Count(float64(by[h]))
		list = append(list, h+" "+c.amount("patients_discussed", h, "patients", referral.BoundedResult(n.Lo, n.Hi, referral.ReasonUnknownCells), 0))
	}
	c.say("%s %s of the patients are discussed by another hospital than their own. Patients by the hospital that discussed: %s.",
		"%s %s van de patiënten wordt door een ander ziekenhuis dan het eigen besproken. Patiënten per ziekenhuis dat besprak: %s.", c.mark(), c.percent("discussed_elsewhere", "", e[0]), strings.Join(list, ", "))
	c.find("%s of the patients are discussed by another hospital.", "%s van de patiënten wordt door een ander ziekenhuis besproken.", c.result(e[0].Result, e[0].Interval, 100, 0, "%"))
	return c.cost(waits)
}

// cost prints how many days later treatment begins with a discussion.
func (c chapter) cost(waits [2][]pathway.Wait) error {
	var mean, se [2]float64
	for i, w := range waits {
		if len(w) < 10 {
			c.say("**Cannot be answered:** what a discussion costs in days. Fewer than 10 patients treated where they came first are on one side.",
				"**Niet te beantwoorden:** wat een bespreking in dagen kost. Aan één kant staan minder dan 10 patiënten die behandeld zijn waar ze eerst kwamen.")
			return nil
		}
		curve, err := pathway.KaplanMeier(w, 0.95)
		if err != nil {
			return err
		}
		mean[i], se[i] = curve.RestrictedMean(until)
	}
	d, s := mean[0]-mean[1], math.Hypot(se[0], se[1])
	r := referral.ExactResult(d)
	r.N = len(waits[0]) + len(waits[1])
	const z = 1.959963984540054
	c.say("%s Among those treated where they came first, treatment begins %s days later with a discussion elsewhere than without (mean over %d days, 95%% interval in parentheses). Who is discussed is not drawn by lot: the difference is not what the discussion costs.",
		"%s Bij wie behandeld is waar hij eerst kwam begint de behandeling %s dagen later met een bespreking elders dan zonder (gemiddelde over %d dagen, 95%%-interval tussen haakjes). Wie besproken wordt is niet geloot: het verschil is niet wat de bespreking kost.",
		c.mark(), c.ranged("days_with_discussion", "", "days", r, inference.Interval{Lo: d - z*s, Hi: d + z*s, Level: 0.95}, 1), until)
	return nil
}

// tissue prints the ways of tissue beside those of patients.
func (c chapter) tissue() error {
	x := pathway.CountShipments(c.log)
	if x.Patients == 0 {
		c.say("**Cannot be answered:** the way of tissue. No shipment is in the data.", "**Niet te beantwoorden:** de weg van weefsel. Er staat geen verzending in de gegevens.")
		return nil
	}
	n := c.gate.Count(float64(x.Patients))
	reached, err := c.part(x.Reached)
	if err != nil {
		return err
	}
	detours, err := c.part(x.Detours)
	if err != nil {
		return err
	}
	inTime, err := c.part(pathway.TissueInTime(c.log))
	if err != nil {
		return err
	}
	c.say("%s Tissue of %s patients went to another hospital; it reached the treating hospital for %s, and went by a third hospital for %s. Of the patients first treated elsewhere, it is recorded to have been there in time for %s: a lower bound.",
		"%s Weefsel van %s patiënten ging naar een ander ziekenhuis; het bereikte het behandelende ziekenhuis bij %s, en ging bij %s via een derde ziekenhuis. Van de patiënten die eerst elders behandeld zijn was het volgens de gegevens op tijd bij %s: een ondergrens.",
		c.mark(), c.amount("tissue_sent", "", "patients", referral.BoundedResult(n.Lo, n.Hi, referral.ReasonUnknownCells), 0),
		c.percent("tissue_reached", "", reached), c.percent("tissue_detour", "", detours), c.percent("tissue_in_time", "", inTime))
	return nil
}

// enumerate numbers the events of a pathway.
func enumerate(p referral.Pathway) func(func(int, referral.Event) bool) {
	return func(yield func(int, referral.Event) bool) {
		i := 0
		for e := range p.Events() {
			if !yield(i, e) {
				return
			}
			i++
		}
	}
}
