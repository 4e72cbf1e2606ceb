// SPDX-License-Identifier: Apache-2.0

package main

import (
	"path/filepath"
	"strings"

	"github.com/oncoref/oncoref/network"
)

// front is what stands before the groups: what this is, how to read it, and
// what came out.
func (e *evaluation) front() *document {
	d := &document{lang: e.language}
	d.line("# " + d.pick("Referral for rare cancer within and between networks: an evaluation", "Verwijzing bij zeldzame kanker binnen en tussen netwerken: een evaluatie") + "\n")
	e.warning(d)
	d.heading(2, "How to read this", "Hoe dit te lezen")
	d.item("**Published** stands before what a source says, **made up** before numbers of patients who do not exist, **counted** before numbers of an extract, **not known** and **cannot be answered** before the rest, with the reason. What is not known is nowhere taken as zero.",
		"**Gepubliceerd** staat voor wat een bron zegt, **verzonnen** voor getallen van patiënten die niet bestaan, **geteld** voor getallen van een extract, **niet bekend** en **niet te beantwoorden** voor de rest, met de reden. Wat niet bekend is wordt nergens als nul genomen.")
	d.item("54%% (49 to 60) is a share with its 95%% interval. A registry counts every patient, so the interval is not about a sample: it says which values of the process agree with what was counted, as if other patients went the same way.",
		"54%% (49 tot 60) is een deel met het 95%%-interval. Een registratie telt elke patiënt, dus het interval gaat niet over een steekproef: het zegt welke waarden van het proces passen bij wat geteld is, alsof andere patiënten dezelfde weg gingen.")
	d.item("30 to 40%% before the parentheses are bounds: the number itself is only known to lie between them.",
		"30 tot 40%% voor de haakjes zijn grenzen: van het getal zelf is alleen bekend dat het daartussen ligt.")
	d.item("A patient's network is that of the hospital of the first visit. Referred means treated, for a part at least, in another network, as in figures 5.2 to 5.6 of the report (IKNL, Zeldzame kanker: organisatie van expertise, 2023-03-06).",
		"Het netwerk van een patiënt is dat van het ziekenhuis van het eerste bezoek. Verwezen betekent: minstens voor een deel in een ander netwerk behandeld, zoals in figuur 5.2 tot 5.6 van het rapport (IKNL, Zeldzame kanker: organisatie van expertise, 2023-03-06).")
	d.item("The activities are those of the action plan for rare cancer: 1 how care is organized; 8 support for the role of expert centers; 9 advice on expert centers (step 2 referral patterns, step 3 involvement of centers); 10 expert panels. Every number stands in numbers.csv with its activity.",
		"De activiteiten zijn die van het actieplan zeldzame kankers: 1 hoe de zorg belegd is; 8 draagvlak voor de rol van expertisecentra; 9 advies over expertisecentra (stap 2 verwijspatronen, stap 3 betrokkenheid van centra); 10 expertpanels. Elk getal staat in numbers.csv met de activiteit.")
	d.gap()
	e.answers(d)
	e.findings(d)
	e.general(d)
	return d
}

// warning says what the patients are.
func (e *evaluation) warning(d *document) {
	synthetic := e.synthetic()
	switch {
	case e.in == "":
		d.say("> **SYNTHETIC DATA. No patient in this document exists.** Two tumor groups have a made-up registry that keeps the totals that are published; the others have none. Lists, norms and the figures of the report are real. Nothing made up is a statement about care in the Netherlands. To evaluate an extract of your own: `-in extract.csv`.",
			"> **SYNTHETISCHE GEGEVENS. Geen patiënt in dit document bestaat.** Twee tumorgroepen hebben een verzonnen registratie die de gepubliceerde totalen aanhoudt; de andere hebben er geen. Lijsten, normen en de figuren van het rapport zijn echt. Niets wat verzonnen is zegt iets over de zorg in Nederland. Om een eigen extract te evalueren: `-in extract.csv`.")
	case synthetic:
		d.say("> **SYNTHETIC DATA. No patient in this document exists:** the extract says that it is made up.", "> **SYNTHETISCHE GEGEVENS. Geen patiënt in dit document bestaat:** het extract zegt dat het verzonnen is.")
	}
	if e.in == "" {
		return
	}
	switch {
	case synthetic || e.small:
		d.say("Extract: %s, SHA-256 %s.", "Extract: %s, SHA-256 %s.", plain(filepath.Base(e.in)), e.digest)
	default: // a hash lets one try what is hidden
		d.say("Extract: %s.", "Extract: %s.", plain(filepath.Base(e.in)))
	}
	if e.quality.Refused > 0 {
		d.say("**%d of %d rows were refused**, and are in no number:", "**%d van %d rijen zijn geweigerd**, en zitten in geen enkel getal:", e.quality.Refused, e.quality.Rows)
	}
	for _, f := range e.quality.Findings {
		d.line("- " + plain(f.String()))
	}
	d.gap()
}

// synthetic tells whether the patients are made up.
func (e *evaluation) synthetic() bool {
	for _, s := range e.subjects {
		if s.basis == madeUp {
			return true
		}
	}
	return false
}

// answers is a table of what could be answered.
func (e *evaluation) answers(d *document) {
	d.heading(2, "What could be answered", "Wat te beantwoorden was")
	yes := func(s *subject, otherwise string) string {
		switch {
		case s.log == nil:
			return otherwise
		case s.basis == madeUp:
			return d.pick("made up", "verzonnen")
		}
		return d.pick("counted", "geteld")
	}
	no := d.pick("no", "nee")
	var rows [][]string
	for _, s := range e.subjects {
		lists, who, centers := d.pick("no list", "geen lijst"), no, no
		if len(e.land.Designations(network.DesignationQuery{Disease: s.key})) > 0 {
			lists = d.pick("lists published", "lijsten gepubliceerd")
		}
		if s.shows != nil {
			who = d.pick("published: who, not how many", "gepubliceerd: wie, niet hoeveel")
		}
		if s.key == "head_and_neck" {
			centers = d.pick("published: figure 3.3", "gepubliceerd: figuur 3.3")
		}
		if s.key == "mesothelioma" {
			centers = d.pick("published: peritoneal only", "gepubliceerd: alleen peritoneaal")
		}
		flows := who
		if s.log != nil {
			flows = yes(s, who)
			if who != no {
				flows = who + "; " + flows
			}
		}
		if len(s.experts.Hospitals) > 0 {
			centers = yes(s, centers)
		}
		volumes := lists + "; " + yes(s, d.pick("volumes not known", "aantallen niet bekend"))
		rows = append(rows, []string{s.title(d), volumes, flows, centers, yes(s, no), yes(s, no)})
	}
	d.table([]string{
		d.pick("group", "groep"), d.pick("organization (1)", "organisatie (1)"), d.pick("referral (9.2)", "verwijzing (9.2)"),
		d.pick("expert centers (9.3)", "expertisecentra (9.3)"), d.pick("panels (10)", "panels (10)"), d.pick("a decision (8)", "een besluit (8)"),
	}, rows)
	d.say("For the other groups of the report there is only what stands at the end of this document.", "Voor de andere groepen van het rapport is er alleen wat aan het eind van dit document staat.")
}

// findings is the summary of each group.
func (e *evaluation) findings(d *document) {
	d.heading(2, "In short", "In het kort")
	if e.synthetic() {
		d.say("What is made up is no finding about care: it shows what would stand here.", "Wat verzonnen is, is geen bevinding over de zorg: het laat zien wat hier zou staan.")
	}
	for _, s := range e.subjects {
		if s.found == nil {
			continue
		}
		d.say("**%s**", "**%s**", s.title(d))
		for _, x := range s.found {
			d.line("- " + x)
		}
		d.gap()
	}
	d.say("**To answer the rest.** An extract needs for each patient the hospital and date of the first visit, each treatment with hospital, kind and date, referrals, case discussions in another hospital, tissue that was sent, and death or end of follow-up; for activity 8 also where patients live. `oncoref check` tells what an extract has.",
		"**Om de rest te beantwoorden** heeft een extract nodig: voor elke patiënt het ziekenhuis en de datum van het eerste bezoek, elke behandeling met ziekenhuis, soort en datum, verwijzingen, besprekingen in een ander ziekenhuis, verzonden weefsel, en overlijden of einde van de follow-up; voor activiteit 8 ook waar patiënten wonen. `oncoref check` zegt wat een extract heeft.")
}

// general is what holds for all groups.
func (e *evaluation) general(d *document) {
	networks := e.land.Networks(network.DefaultPartition)
	var several []string
	hospitals := e.land.Hospitals()
	for _, h := range hospitals {
		if len(e.land.NetworksOf(h.ID, network.DefaultPartition)) > 1 {
			several = append(several, h.ID)
		}
	}
	d.heading(2, "Networks and hospitals (activity 1, all groups)", "Netwerken en ziekenhuizen (activiteit 1, alle groepen)")
	d.say("**Published:** %d regional networks and regions; %d hospitals and institutes on %s. More than one network claims %s; none claims %s. Which hospitals the report counts to which network is a picture there; the memberships come from the networks' own pages (landscape %s).",
		"**Gepubliceerd:** %d regionale netwerken en regio's; %d ziekenhuizen en instituten op %s. Meer dan één netwerk noemt %s; geen netwerk noemt %s. Welke ziekenhuizen het rapport tot welk netwerk rekent is daar een plaatje; de indeling komt van de eigen pagina's van de netwerken (landschap %s).",
		len(networks), len(hospitals), e.land.Date(), strings.Join(several, ", "), strings.Join(e.land.networks.Unassigned(), ", "), e.land.digest[:min(12, len(e.land.digest))])
}
