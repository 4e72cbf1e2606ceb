// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/oncoref/oncoref/referral"
)

// title is what the report is called.
func (b *builder) title() string {
	return firstText(b.c.Title, b.t.Meta().TitleIn(b.l.code()), b.l.t("Referral flows between "+b.nouns(), "Verwijsstromen tussen "+b.nouns()))
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
	add(strings.ReplaceAll(m.Tumor, "_", " "))
	add(m.Period.String())
	add(b.conditions(m.Conditions))
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
	if b.fewYears > 0 {
		say("The share treated outside the own %s in %s years with fewer than five patients.", "Het aandeel dat buiten het eigen %s is behandeld in %s jaren met minder dan vijf patiënten.", b.noun(), l.number(float64(b.fewYears), 0))
	}
	if b.unplaced {
		say("Who went past the nearest center: of some patients the place is one of several.", "Wie het dichtstbijzijnde centrum voorbijging: van sommige patiënten is de plaats een van meerdere.")
	}
	if b.noRegions {
		say("How far people live from a center: the landscape has no places or travel times of regions.", "Hoe ver mensen van een centrum wonen: het landschap heeft geen plaatsen of reistijden van regio's.")
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
	all := slices.Concat(b.whole, b.perClass(), b.care, b.reach)
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
	facts := []fact{{Name: l.t("made by", "gemaakt door"), Value: "oncoref " + firstText(b.c.Version, l.t("(version not stated)", "(versie niet vermeld)"))}}
	if !b.c.Made.IsZero() {
		facts = append(facts, fact{Name: l.t("made on", "gemaakt op"), Value: b.c.Made.String()})
	}
	if b.in.Name != "" {
		facts = append(facts, fact{Name: l.t("input", "invoer"), Value: b.in.Name})
	}
	if b.in.SHA256 != "" && b.hidden == 0 {
		facts = append(facts, fact{Name: l.t("SHA-256 of the input", "SHA-256 van de invoer"), Value: b.in.SHA256})
	}
	hash, err := b.fingerprint()
	if err != nil {
		return nil, err
	}
	why := ""
	if b.hidden > 0 {
		why = l.t("The hash of the input itself is left out: hidden counts could be found by trying.", "De hash van de invoer zelf is weggelaten: verborgen aantallen zouden door proberen te vinden zijn.")
	}
	facts = append(facts, fact{Name: l.t("SHA-256 of the flow table as shown", "SHA-256 van de stromentabel zoals getoond"), Value: hash, Note: why})
	if s := b.in.Snapshot; s != nil {
		facts = append(facts, fact{Name: l.t("landscape as of", "landschap op"), Value: s.Date().String()},
			fact{Name: l.t("SHA-256 of the landscape", "SHA-256 van het landschap"), Value: s.Landscape().Digest()})
	}
	for _, o := range b.c.Options {
		facts = append(facts, fact{Name: l.t("option", "optie"), Value: o})
	}
	if len(b.c.Options) == 0 {
		facts = append(facts, fact{Name: l.t("options", "opties"), Value: l.t("none", "geen")})
	}
	return facts, nil
}
