// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/oncoref/oncoref/referral"
)

// title is what the report is called.
func (b *builder) title() string {
	return firstText(b.c.Title, b.t.Meta().Title, b.l.t("Referral flows between "+b.nouns(), "Verwijsstromen tussen "+b.nouns()))
}

// subtitle is what it is about.
func (b *builder) subtitle() string {
	m := b.t.Meta()
	s := ""
	add := func(t string) {
		if t != "" && s != "" {
			s += " · "
		}
		s += t
	}
	add(m.Tumor)
	add(m.Period.String())
	add(m.Conditions)
	add(m.Source)
	return s
}

// banners are what must be read before any number.
func (b *builder) banners() []string {
	l := b.l
	var out []string
	if b.t.Meta().Synthetic {
		out = append(out, l.t("SYNTHETIC DATA: made up, not about patients.", "SYNTHETISCHE GEGEVENS: verzonnen, niet over patiënten."))
	}
	if b.c.AllowSmall {
		out = append(out, l.t("Counts of 1 to 4 are shown as they are. Do not publish this report without disclosure control.",
			"Aantallen van 1 tot en met 4 staan er zoals ze zijn. Publiceer dit rapport niet zonder onthullingscontrole."))
	}
	if b.t.PresenceOnly() {
		out = append(out, l.t("The source tells which flows occur, not how many patients they have. No number here stands for their size.",
			"De bron vertelt welke stromen voorkomen, niet om hoeveel patiënten het gaat. Geen getal hier staat voor hun omvang."))
	}
	return out
}

// summary says in sentences what was found.
func (b *builder) summary() []string {
	l := b.l
	var out []string
	say := func(english, dutch string, a ...any) { out = append(out, fmt.Sprintf(l.t(english, dutch), a...)) }
	n := l.number(float64(len(b.classes)), 0)
	if b.t.PresenceOnly() {
		say("The table shows which flows occur between %s %s. Shares and totals are not known.", "De tabel toont welke stromen voorkomen tussen %s %s. Aandelen en totalen zijn niet bekend.", n, b.nouns())
		b.sayDegrees(say)
		return out
	}
	total, _ := b.pick("referral.Table.Total", "")
	say("The table counts %s %s, with %s %s as origin or destination.", "De tabel telt %s %s, met %s %s als herkomst of bestemming.",
		l.result(total.result, ofPatients), b.units(), n, b.nouns())
	if a, ok := b.pick("flow.SupraRegional", ""); ok && a.result.Status != referral.Undefined {
		say("Of those treated, %s were treated outside the %s of their first visit%s.", "Van de behandelden werd %s behandeld buiten het %s van het eerste bezoek%s.",
			l.result(a.result, ofShare), b.noun(), b.within(a))
	}
	b.sayRange(say)
	b.sayHubs(say)
	if a, ok := b.pick("flow.PooledExpertDirected", ""); ok && a.result.Status != referral.Undefined {
		say("Of those who left, %s went to a %s with an expert center%s.", "Van wie vertrok ging %s naar een %s met een expertisecentrum%s.", l.result(a.result, ofShare), b.noun(), b.within(a))
	}
	b.sayCare(say)
	switch {
	case b.hidden == 1:
		say("1 flow is of 1 to 4 patients. How many is not shown, nor can it be worked out from this report.",
			"1 stroom is van 1 tot en met 4 patiënten. Hoeveel het er zijn staat er niet, en is uit dit rapport niet af te leiden.")
	case b.hidden > 1:
		say("%s flows are of 1 to 4 patients. How many each has is not shown, nor can it be worked out from this report.",
			"%s stromen zijn van 1 tot en met 4 patiënten. Hoeveel elk er heeft staat er niet, en is uit dit rapport niet af te leiden.", l.number(float64(b.hidden), 0))
	}
	return out
}

// within gives the interval of an answer in brackets.
func (b *builder) within(a answer) string {
	i := b.l.interval(a.interval, a.kind)
	if i == "" {
		return ""
	}
	return " (" + b.intervalName() + " " + i + ")"
}

// sayRange tells where the least and the largest share is retained, and in which
// class if that is certain.
func (b *builder) sayRange(say func(string, string, ...any)) {
	var list []answer
	for _, c := range b.classes {
		if a, ok := b.pick("flow.Retention", c); ok && a.result.Status != referral.Undefined {
			list = append(list, a)
		}
	}
	if len(list) < 2 {
		return
	}
	least := b.extreme(list, func(x, y referral.Result) bool { return x.Hi < y.Lo }, math.Min)
	most := b.extreme(list, func(x, y referral.Result) bool { return x.Lo > y.Hi }, math.Max)
	say("Treated in the own %s: least %s; most %s.", "In het eigen %s behandeld: het minst %s; het meest %s.", b.noun(), least, most)
}

// extreme gives the share that beats all others, and its class if there is one
// that is certain to.
func (b *builder) extreme(list []answer, beats func(x, y referral.Result) bool, best func(x, y float64) float64) string {
	lo, hi := list[0].result.Lo, list[0].result.Hi
	for _, x := range list {
		lo, hi = best(lo, x.result.Lo), best(hi, x.result.Hi)
		if !slices.ContainsFunc(list, func(y answer) bool { return y.scope != x.scope && !beats(x.result, y.result) }) {
			return b.l.t("in ", "in ") + x.scope + ", " + b.l.result(x.result, ofShare) + b.within(x)
		}
	}
	return b.l.result(referral.BoundedResult(lo, hi, referral.ReasonUnknownCells), ofShare) +
		b.l.t(" (in several, or not certain where)", " (in meer dan een, of niet zeker waar)")
}

// sayHubs names the classes that receive most from elsewhere.
func (b *builder) sayHubs(say func(string, string, ...any)) {
	var list []answer
	for _, c := range b.classes {
		if a, ok := b.pick("flow.Inflow", c); ok && a.result.Lo > 0 {
			list = append(list, a)
		}
	}
	slices.SortStableFunc(list, func(x, y answer) int { return cmp.Compare(y.result.Lo, x.result.Lo) })
	var names []string
	for _, a := range list[:min(3, len(list))] {
		names = append(names, a.scope+" ("+b.l.result(a.result, ofPatients)+")")
	}
	if len(names) > 0 {
		say("Most patients from elsewhere were treated in %s.", "De meeste patiënten van elders zijn behandeld in %s.", b.l.list(names))
	}
}

// sayDegrees names the class that most others refer to.
func (b *builder) sayDegrees(say func(string, string, ...any)) {
	best := answer{}
	for _, c := range b.classes {
		if a, ok := b.pick("flow.InDegree", c); ok && a.result.Lo > best.result.Lo {
			best = a
		}
	}
	if best.result.Lo > 0 {
		say("Most %s refer to %s: %s others.", "De meeste %s verwijzen naar %s: %s andere.", b.nouns(), best.scope, b.l.result(best.result, ofClasses))
	}
}

// sayCare says what the events tell.
func (b *builder) sayCare(say func(string, string, ...any)) {
	if s := b.aboutShown(); s != "" && len(b.care) > 0 {
		say("The following sentences leave some patients out. %s", "De volgende zinnen laten sommige patiënten weg. %s", s)
	}
	for _, a := range b.care {
		if a.result.Status == referral.Undefined || a.kind == ofShare && !(a.result.Lo < a.result.Hi) && a.result.Status != referral.OK {
			continue
		}
		value := b.l.result(a.result, a.kind)
		switch {
		case a.id == "coverage.Involve" && a.kind == ofShare:
			say("An expert center was in contact with %s of the patients, by treatment, visit or discussion.", "Een expertisecentrum had contact met %s van de patiënten, door behandeling, bezoek of bespreking.", value)
		case a.id == "pathway.KaplanMeier":
			say("Half of the patients were treated within %s days of their first visit.", "De helft van de patiënten was binnen %s dagen na het eerste bezoek behandeld.", value)
		case a.id == "coverage.CountUnder" && a.kind == ofClasses && a.name == b.underName():
			say("Fewer patients than the norm of %s were treated in %s of the hospitals with patients.", "In %[2]s van de ziekenhuizen met patiënten zijn minder patiënten behandeld dan de norm van %[1]s.", a.scope, value)
		}
	}
}

// unknown lists what the report cannot say.
func (b *builder) unknown() []string {
	l := b.l
	var out []string
	say := func(english, dutch string, a ...any) { out = append(out, fmt.Sprintf(l.t(english, dutch), a...)) }
	m := b.t.Meta()
	if m.Synthetic {
		say("The data are made up: nothing here is about real patients.", "De gegevens zijn verzonnen: niets hier gaat over echte patiënten.")
	}
	if b.hidden > 0 {
		say("How many patients each of %s flows has: 1 to 4. Sums and shares that contain them are given between bounds.",
			"Hoeveel patiënten elk van %s stromen heeft: 1 tot en met 4. Sommen en aandelen waar zij in zitten staan tussen grenzen.", l.number(float64(b.hidden), 0))
	}
	if s := b.aboutShown(); s != "" {
		say("What the patients of these flows experienced: volumes, waiting times and contact with centers leave them out. %s", "Wat de patiënten van deze stromen meemaakten: volumes, wachttijden en contact met centra laten hen weg. %s", s)
	}
	if b.lost > 0 {
		say("%s published totals are left out, because hidden counts could be worked out from them.", "%s gepubliceerde totalen zijn weggelaten, omdat verborgen aantallen eruit af te leiden zijn.", l.number(float64(b.lost), 0))
	}
	states, sets := map[referral.State]int{}, 0
	for f := range b.t.Flows() {
		states[f.Cell.State]++
		if f.SetValued() {
			sets++
		}
	}
	if n := states[referral.Present]; n > 0 {
		say("The size of %s flows that occur: the source does not give it.", "De omvang van %s stromen die voorkomen: de bron geeft die niet.", l.number(float64(n), 0))
	}
	if n := states[referral.Missing]; n > 0 {
		say("Anything about %s flows: the source leaves them open.", "Alles over %s stromen: de bron laat ze open.", l.number(float64(n), 0))
	}
	if !b.t.Absent().Known() {
		say("Whether pairs that are not listed have patients.", "Of paren die er niet staan patiënten hebben.")
	}
	if sets > 0 {
		say("Of %s flows, which of several destinations it was.", "Van %s stromen, welke van meerdere bestemmingen het was.", l.number(float64(sets), 0))
	}
	b.unknownMeasures(say)
	if len(b.in.Centers.Undated) > 0 {
		say("Since when these hospitals are centers: %s.", "Sinds wanneer deze ziekenhuizen centra zijn: %s.", l.some(b.in.Centers.Undated, 6))
	}
	for _, f := range b.figures {
		if f.Why != "" {
			say("The figure “%s” is not here. %s", "De figuur “%s” staat er niet. %s", f.Heading, f.Why)
		}
	}
	say("Whether a difference is good or bad: the report counts where patients went, not how they fared.", "Of een verschil goed of slecht is: het rapport telt waar patiënten heen gingen, niet hoe het hun verging.")
	if !b.c.AllowSmall {
		say("What follows when this report is set beside another one about a part of the same patients: small counts are protected within one report.",
			"Wat volgt als dit rapport naast een ander over een deel van dezelfde patiënten wordt gelegd: kleine aantallen zijn beschermd binnen één rapport.")
	}
	return out
}

// unknownMeasures counts the measures that have no exact value.
func (b *builder) unknownMeasures(say func(string, string, ...any)) {
	all := slices.Concat(b.whole, b.perClass(), b.care)
	bounded, undefined := 0, 0
	for _, a := range all {
		switch a.result.Status {
		case referral.OK:
		case referral.Undefined, referral.Infeasible, referral.Disclosed:
			undefined++
		default:
			bounded++
		}
	}
	n := func(v int) string { return b.l.number(float64(v), 0) }
	if bounded > 0 {
		say("The exact value of %s of the %s results: they are given between bounds, or withheld.", "De exacte waarde van %s van de %s uitkomsten: zij staan tussen grenzen, of worden niet getoond.", n(bounded), n(len(all)))
	}
	if undefined > 0 {
		say("%s results that have no value, such as a share of nobody; the tables give the reason.", "%s uitkomsten die geen waarde hebben, zoals een aandeel van niemand; de tabellen geven de reden.", n(undefined))
	}
}

// provenance says where the report comes from.
func (b *builder) provenance() ([]fact, error) {
	l := b.l
	facts := []fact{{l.t("made by", "gemaakt door"), "oncoref " + firstText(b.c.Version, l.t("(version not stated)", "(versie niet vermeld)")), ""}}
	if !b.c.Made.IsZero() {
		facts = append(facts, fact{l.t("made on", "gemaakt op"), b.c.Made.String(), ""})
	}
	if b.in.Name != "" {
		facts = append(facts, fact{l.t("input", "invoer"), b.in.Name, ""})
	}
	if b.in.SHA256 != "" && b.hidden == 0 {
		facts = append(facts, fact{l.t("SHA-256 of the input", "SHA-256 van de invoer"), b.in.SHA256, ""})
	}
	hash, err := b.fingerprint()
	if err != nil {
		return nil, err
	}
	why := ""
	if b.hidden > 0 {
		why = l.t("The hash of the input itself is left out: hidden counts could be found by trying.", "De hash van de invoer zelf is weggelaten: verborgen aantallen zouden door proberen te vinden zijn.")
	}
	facts = append(facts, fact{l.t("SHA-256 of the flow table as shown", "SHA-256 van de stromentabel zoals getoond"), hash, why})
	if s := b.in.Snapshot; s != nil {
		facts = append(facts, fact{l.t("landscape as of", "landschap op"), s.Date().String(), ""},
			fact{l.t("SHA-256 of the landscape", "SHA-256 van het landschap"), s.Landscape().Digest(), ""})
	}
	for _, o := range b.c.Options {
		facts = append(facts, fact{l.t("option", "optie"), o, ""})
	}
	if len(b.c.Options) == 0 {
		facts = append(facts, fact{l.t("options", "opties"), l.t("none", "geen"), ""})
	}
	return facts, nil
}
