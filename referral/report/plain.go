// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/oncoref/oncoref/referral"
)

// summary says in sentences what was found, for readers who know the care and
// not the measures.
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
	say("This report counts %s %s. They came from or were treated in %s %s.", "Dit rapport telt %s %s. Zij kwamen uit of zijn behandeld in %s %s.",
		l.result(total.result, ofPatients), b.units(), n, b.nouns())
	if a, ok := b.pick("flow.SupraRegional", ""); ok && a.result.Status != referral.Undefined {
		outside := term{"Of those treated, %s were treated outside the %s %s%s.", "Van de behandelden werd %s behandeld buiten het %s %s%s."}
		if b.t.Meta().DestinationRule == referral.AnyOutside {
			outside = term{"Of those treated, %s had at least one treatment outside the %s %s%s.", "Van de behandelden had %s minstens één behandeling buiten het %s %s%s."}
		}
		say(outside.english, outside.dutch, l.result(a.result, ofShare), b.noun(), b.whence(), b.within(a))
	}
	b.sayRange(say)
	b.sayHubs(say)
	if a, ok := b.pick("flow.PooledExpertDirected", ""); ok && a.result.Status != referral.Undefined {
		say("Of those who left, %s went to a %s with an expert center%s.", "Van wie vertrok ging %s naar een %s met een expertisecentrum%s.", l.result(a.result, ofShare), b.noun(), b.within(a))
	}
	b.sayCare(say)
	switch {
	case b.hidden == 1:
		say("One flow, from one place to another, is of 1 to 4 patients. How many is not shown, nor can it be worked out from this report.",
			"Eén stroom, van een plaats naar een andere, is van 1 tot en met 4 patiënten. Hoeveel het er zijn staat er niet, en is uit dit rapport niet af te leiden.")
	case b.hidden > 1:
		say("%s flows, each from one place to another, are of 1 to 4 patients. How many each has is not shown, nor can it be worked out from this report.",
			"%s stromen, elk van een plaats naar een andere, zijn van 1 tot en met 4 patiënten. Hoeveel elk er heeft staat er niet, en is uit dit rapport niet af te leiden.", l.number(float64(b.hidden), 0))
	}
	say("How to read this: “%s” means that the number lies between the two, because not all counts are shown or known. A %s says how much a share could differ by chance if nothing else changed. Neither says whether care was good.",
		"Hoe dit te lezen: “%s” betekent dat het getal tussen die twee ligt, omdat niet alle aantallen getoond of bekend zijn. Een %s zegt hoeveel een aandeel door toeval kan verschillen als verder niets verandert. Geen van beide zegt of de zorg goed was.",
		l.bounds(10, 20, ofPatients), b.intervalName())
	return out
}

// whence says after a class which one of a patient it is.
func (b *builder) whence() string {
	switch b.t.Meta().OriginRule {
	case referral.FirstVisit:
		return b.l.t("of their first visit", "van hun eerste bezoek")
	case referral.Diagnosis:
		return b.l.t("of their diagnosis", "van hun diagnose")
	case referral.Residence:
		return b.l.t("where they live", "waar zij wonen")
	default:
		return b.l.t("they came from", "waar zij vandaan kwamen")
	}
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
// that is certain to; what chance could reverse is said to be so.
func (b *builder) extreme(list []answer, beats func(x, y referral.Result) bool, best func(x, y float64) float64) string {
	lo, hi := list[0].result.Lo, list[0].result.Hi
	for _, x := range list {
		lo, hi = best(lo, x.result.Lo), best(hi, x.result.Hi)
		if !slices.ContainsFunc(list, func(y answer) bool { return y.scope != x.scope && !beats(x.result, y.result) }) {
			return b.l.t("in ", "in ") + x.scope + ", " + b.l.result(x.result, ofShare) + b.within(x) + b.mayBeChance(x, list)
		}
	}
	return b.l.result(referral.BoundedResult(lo, hi, referral.ReasonUnknownCells), ofShare) +
		b.l.t(" (in several, or not certain where)", " (in meer dan een, of niet zeker waar)")
}

// mayBeChance says how many others have an interval that overlaps that of an
// answer.
func (b *builder) mayBeChance(x answer, list []answer) string {
	n := 0
	for _, y := range list {
		if y.scope != x.scope && x.interval.Lo <= y.interval.Hi && y.interval.Lo <= x.interval.Hi {
			n++
		}
	}
	switch n {
	case 0:
		return ""
	case 1:
		return b.l.t(", which may be chance: the interval of one other overlaps it", ", wat toeval kan zijn: het interval van één ander overlapt ermee")
	}
	return fmt.Sprintf(b.l.t(", which may be chance: the intervals of %s others overlap it", ", wat toeval kan zijn: de intervallen van %s andere overlappen ermee"), b.l.number(float64(n), 0))
}

// sayHubs names the classes that receive most from elsewhere, and how many
// others may have received as many.
func (b *builder) sayHubs(say func(string, string, ...any)) {
	var list []answer
	for _, c := range b.classes {
		if a, ok := b.pick("flow.Inflow", c); ok && a.result.Hi > 0 {
			list = append(list, a)
		}
	}
	slices.SortStableFunc(list, func(x, y answer) int { return cmp.Compare(y.result.Lo, x.result.Lo) })
	var names []string
	top := list[:min(3, len(list))]
	for _, a := range top {
		names = append(names, a.scope+" ("+b.l.result(a.result, ofPatients)+")")
	}
	if len(names) == 0 || top[len(top)-1].result.Lo == 0 {
		return
	}
	as := 0
	for _, a := range list[len(top):] {
		if a.result.Hi >= top[len(top)-1].result.Lo {
			as++
		}
	}
	more := ""
	if as > 0 {
		more = fmt.Sprintf(b.l.t("; %s others may have received as many as the last of these", "; %s andere kunnen er evenveel hebben ontvangen als de laatste hiervan"), b.l.number(float64(as), 0))
	}
	say("The most patients from elsewhere came to %s%s.", "De meeste patiënten van elders kwamen naar %s%s.", b.l.list(names), more)
}

// sayDegrees names the class that most others refer to.
func (b *builder) sayDegrees(say func(string, string, ...any)) {
	best, as := answer{}, 0
	for _, c := range b.classes {
		if a, ok := b.pick("flow.InDegree", c); ok && a.result.Lo > best.result.Lo {
			best = a
		}
	}
	if best.result.Lo == 0 {
		return
	}
	for _, c := range b.classes {
		if a, ok := b.pick("flow.InDegree", c); ok && c != best.scope && a.result.Hi >= best.result.Lo {
			as++
		}
	}
	more := ""
	if as > 0 {
		more = fmt.Sprintf(b.l.t(" For %s other %s it may be as many.", " Voor %s andere %s kunnen het er evenveel zijn."), b.l.number(float64(as), 0), b.nouns())
	}
	say("More %s refer to %s than to any other: %s.%s", "Naar %[2]s verwijzen de meeste %[1]s: %[3]s.%[4]s", b.nouns(), best.scope, b.l.result(best.result, ofClasses), more)
}

// sayCare says what the events tell.
func (b *builder) sayCare(say func(string, string, ...any)) {
	if s := b.aboutShown(); s != "" && len(b.care) > 0 {
		say("The following sentences leave some patients out. %s", "De volgende zinnen laten sommige patiënten weg. %s", s)
	}
	var treated []string
	for _, a := range b.care {
		if a.result.Status == referral.Undefined || a.kind == ofShare && !(a.result.Lo < a.result.Hi) && a.result.Status != referral.OK {
			continue
		}
		value := b.l.result(a.result, a.kind)
		switch {
		case a.id == "coverage.Involve" && a.kind == ofShare:
			say("An expert center was in contact with %s of the patients, by treatment, visit or discussion.", "Een expertisecentrum had contact met %s van de patiënten, door behandeling, bezoek of bespreking.", value)
		case a.id == "pathway.AalenJohansen" && a.result.Status == referral.OK:
			treated = append(treated, fmt.Sprintf(b.l.t("%s within %d days", "%s binnen %d dagen"), value, a.days))
		case a.id == "coverage.CountUnder" && a.kind == ofClasses && a.name == b.underName():
			say("Hospitals that treated patients, but fewer than the norm of %s: %s.", "Ziekenhuizen die patiënten behandelden, maar minder dan de norm van %s: %s.", a.scope, value)
		}
	}
	if len(treated) > 0 {
		say("Share of all patients who had begun treatment after their first visit: %s. Those who died before it count as not treated.",
			"Aandeel van alle patiënten dat na het eerste bezoek met behandeling was begonnen: %s. Wie daarvoor overleed telt als niet behandeld.", b.l.list(treated))
	}
}
