// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"fmt"

	"github.com/oncoref/oncoref/referral"
)

// Language is the language of the words that a chart puts around its data.
// Names and titles that come from the data stay as they are.
type Language uint8

// The languages of charts.
const (
	English Language = iota
	Dutch
)

// ParseLanguage reads "en" or "nl".
func ParseLanguage(s string) (Language, error) {
	switch s {
	case "en", "":
		return English, nil
	case "nl":
		return Dutch, nil
	}
	return 0, fmt.Errorf("language %q: expected en or nl", s)
}

// String gives the code of the language, "en" or "nl".
func (l Language) String() string {
	if int(l) < len(languages) {
		return languages[l]
	}
	return fmt.Sprintf("Language(%d)", l)
}

var languages = [...]string{"en", "nl"}

// words are the phrases of a flow map. Fields with a %s or %d are formats.
type words struct {
	untitled, network, networks, hospital, hospitals                                                                                                                              string
	patients, treatments, episodes, units                                                                                                                                         string
	subtitle, period                                                                                                                                                              string
	discPresence, discRange, discTreated, ringPresent                                                                                                                             string
	ringShare, arrowPresent, arrowWidth, arrowUnknown                                                                                                                             string
	setDisc, color, letters, point, changeEither, untreated, originUnknown, destinationUnknown, firstVisit, diagnosis, followup, surgery, radiotherapy, systemic, strip, mayOccur string
	between, arrowRange, ringRange, ranges, more                                                                                                                                  string
	source, unknown, absent, small, smallShown, hidden, outside                                                                                                                   string
	synthetic, tipFlow, tipUnknown, tipCount, tipIn, tipSet                                                                                                                       string
	tipRetained, tipNotRetained, tipRetainedCount, treatedIn, atLeast, leftOut, tumor, number, numberUnknown, tipRetainedUnknown                                                  string
	colorGroup, colorLetter, colorRepeats, sameScales, differenceTitle, differenceOf, grown, declined, changeDisc, changeRange, changeOpen,
	changeUnknown, atMost, sharedHidden, changesHidden, changesUnknown, treatedChange, stagesTitle, stagesAbout, stagesBand, stagesOrder, stagesGate,
	stagesTip, stagesNone, stagesUnknown, stagesOther, stagesRare, heatAbout, heatShade, heatUnknown, heatMayBe,
	heatCannot, heatFound, heatGiven, heatFrame, tipOwn, landscapeTitle, landscapeAbout, noDate, region, hub, partner,
	panelist, partnerOf, memberless, unplaced, undated, noNetwork, severalNetworks string
}

func wordsIn(l Language) words {
	if l == Dutch {
		return dutch()
	}
	return english()
}

func english() words {
	return words{
		untitled: "Referral flows", network: "network", networks: "networks", hospital: "hospital", hospitals: "hospitals",
		patients: "patients", treatments: "treatments", episodes: "episodes", units: "cases (unit not stated)",
		subtitle:           "From the %[1]s of the first hospital visit to the %[1]s of (a part of) the treatment",
		period:             "Period %s",
		discPresence:       "The number counts the other %s that refer here.",
		discRange:          "Two numbers: at least and at most, because of the open disc.",
		discTreated:        "Area: %s treated here; a lower bound where flows are not known.",
		atLeast:            "at least %s",
		between:            "%s to %s",
		arrowRange:         "Dotted in a pale band: between two numbers of %s; counts of 1 to 4 are drawn so.",
		ringRange:          "Pale: it may be up to this.",
		ranges:             "Known between two numbers: %s.",
		more:               "and %d more",
		tumor:              "Tumor: %s",
		number:             "n = %s %s",
		numberUnknown:      "n not published",
		tipRetainedUnknown: "; how many of its own are treated here is not known",
		leftOut:            "Names that would hide something are left out; in an SVG, point at a disc to read its name.",
		ringPresent:        "Dashed ring: some are treated in their own %s; the share is not published.",
		ringShare:          "Ring: of those treated, the share in their own %s.",
		arrowPresent:       "Referral occurs; how many is not published. All arrows have one width.",
		arrowWidth:         "Width: %s referred.",
		arrowUnknown:       "Dashed: referral occurs, the number is not published.",
		setDisc:            "Open disc: the source names the tied %s together and does not say which of them.",
		color:              "Color: %s of the first visit, where the arrow starts.",
		colorGroup:         "Color: network of the hospital of the first visit, where the arrow starts.",
		colorLetter:        "Color and letter: %s of the first visit, where the arrow starts.",
		stagesTitle:        "Ways through the stages of care",
		stagesAbout:        "In each column the %s of the stage",
		stagesBand:         "Height: patients. Darker: they stay where they were in the stage before.",
		stagesOrder:        "A column is a stage, not a date: what came first is not shown.",
		stagesGate:         "Ways of fewer than 5 patients are taken together: by where they begin, with \"other places\" for elsewhere, and what is still fewer than 5 as rarer ways.",
		stagesTip:          "%s: %s, %s: %s: %s",
		stagesNone:         "none recorded",
		stagesUnknown:      "not known where",
		stagesOther:        "other places",
		stagesRare:         "rarer ways",
		heatAbout:          "Row: %[1]s of the first hospital visit. Column: %[1]s of (a part of) the treatment; the diagonal is treatment in the own one",
		heatShade:          "Shade: %s. White: none.",
		heatUnknown:        "Hatched on blue: occurs, the number is not known or not shown.",
		heatMayBe:          "Hatched on white: not known, may be none.",
		heatCannot:         "Point: cannot occur.",
		heatFound:          "Frame: a community, found by the Leiden method in the flows between classes.",
		heatGiven:          "Frame: a group of the partition %s.",
		heatFrame:          "group",
		tipOwn:             "%s, own: ",
		landscapeTitle:     "Hospitals and their networks",
		landscapeAbout:     "As of %s: %d hospitals, %d of them in a network",
		noDate:             "no date",
		region:             "region",
		hub:                "expert center",
		partner:            "preferred partner, tied to its center",
		panelist:           "member of an expert panel",
		partnerOf:          "%s is a preferred partner of %s",
		memberless:         "No members are known on this date of: %s.",
		unplaced:           "Not drawn because the place is not known: %d hospitals.",
		undated:            "No start date is known of %d memberships and %d designations: they count on earlier dates too.",
		differenceTitle:    "Change in referral flows",
		differenceOf:       "Change: %s minus %s",
		grown:              "Growth: solid blue, with a plus. Width: the change in %s.",
		declined:           "Decline: hollow orange, with a minus.",
		changeDisc:         "Area: the change in %s treated; filled for growth, hollow for decline.",
		changeRange:        "Dotted in a pale band: the change is between two numbers. Gray, with ±: growth or decline.",
		changeEither:       "Dotted disc with ±: it is not known whether more, fewer or as many were treated.",
		changeOpen:         "Dashed: changed in this direction, by how many is not known.",
		changeUnknown:      "change not known",
		atMost:             "at most %s",
		sharedHidden:       "Both sides may count the same patients: changes by 1 to 4 are not shown either.",
		changesHidden:      "Not drawn: %d flows that changed less.",
		changesUnknown:     "Not drawn: %d flows of which it is not known whether and how they changed.",
		treatedChange:      "; treated: %s",
		sameScales:         "All panels have the same scales",
		colorRepeats:       "There are more of them than colors.",
		noNetwork:          "no network known",
		severalNetworks:    "several networks",
		letters:            "Letters: %s.",
		point:              ".",
		firstVisit:         "first visit", diagnosis: "diagnosis", followup: "follow-up",
		surgery: "surgery", radiotherapy: "radiotherapy", systemic: "systemic therapy",
		untreated:          "untreated",
		originUnknown:      "origin not known",
		destinationUnknown: "destination not known",
		strip:              "Place not known",
		mayOccur:           "Not drawn because it may be none: %d of the flows in the table.",
		source:             "Source: %s.",
		unknown:            "Not known: how many %s each flow has. The source gives destinations, not sizes: read no size from this map.",
		absent:             "No arrow means that no referral is shown in the source: none, or too few to be drawn there.",
		small:              "Counts of 1 to 4 are not shown: they are drawn as between 1 and 4.",
		smallShown:         "This map shows counts of 1 to 4. Do not publish it without disclosure control.",
		hidden:             "Not drawn: %d flows smaller than %s, together %s.",
		outside:            "Not on the map: the untreated, and those of unknown origin or destination.",
		synthetic:          "SYNTHETIC DATA: made up for testing, not about real patients.",
		tipFlow:            "%s to %s: ",
		tipUnknown:         "occurs, number not published",
		tipCount:           "%s %s",
		tipIn:              "%s: referred to by %s other %s, refers to %s",
		tipSet:             "%s: one of these, the source does not say which",
		tipRetained:        "; some are treated here, share not published",
		tipNotRetained:     "; no treatment of own patients is shown",
		tipRetainedCount:   "; %s of its own are treated here",
		treatedIn:          "; %s treated",
	}
}

func dutch() words {
	return words{
		untitled: "Verwijsstromen", network: "netwerk", networks: "netwerken", hospital: "ziekenhuis", hospitals: "ziekenhuizen",
		patients: "patiënten", treatments: "behandelingen", episodes: "episodes", units: "gevallen (eenheid niet vermeld)",
		subtitle:           "Van het %[1]s van het eerste ziekenhuisbezoek naar het %[1]s van (een deel van) de behandeling",
		period:             "Periode %s",
		discPresence:       "Het getal telt de andere %s die hierheen verwijzen.",
		discRange:          "Twee getallen: minstens en hoogstens, vanwege de open cirkel.",
		discTreated:        "Oppervlak: hier behandelde %s; een ondergrens waar stromen niet bekend zijn.",
		atLeast:            "ten minste %s",
		between:            "%s tot en met %s",
		arrowRange:         "Gestippeld in een lichte band: tussen twee aantallen %s; aantallen van 1 tot en met 4 zijn zo getekend.",
		ringRange:          "Licht: het kan tot hier zijn.",
		ranges:             "Bekend tussen twee aantallen: %s.",
		more:               "en nog %d",
		tumor:              "Tumor: %s",
		number:             "n = %s %s",
		numberUnknown:      "n niet gepubliceerd",
		tipRetainedUnknown: "; hoeveel van de eigen patiënten hier behandeld zijn is niet bekend",
		leftOut:            "Namen die iets zouden bedekken zijn weggelaten; wijs in een SVG een schijf aan om de naam te lezen.",
		ringPresent:        "Onderbroken ring: een deel wordt in het eigen %s behandeld; het aandeel is niet gepubliceerd.",
		ringShare:          "Ring: van de behandelden, het aandeel in het eigen %s.",
		arrowPresent:       "Verwijzing komt voor; hoeveel is niet gepubliceerd. Alle pijlen zijn even dik.",
		arrowWidth:         "Dikte: verwezen %s.",
		arrowUnknown:       "Onderbroken: verwijzing komt voor, het aantal is niet gepubliceerd.",
		setDisc:            "Open cirkel: de bron noemt de verbonden %s samen en zegt niet welke het is.",
		color:              "Kleur: %s van het eerste bezoek, waar de pijl begint.",
		colorGroup:         "Kleur: netwerk van het ziekenhuis van het eerste bezoek, waar de pijl begint.",
		colorLetter:        "Kleur en letter: %s van het eerste bezoek, waar de pijl begint.",
		stagesTitle:        "Wegen door de stadia van zorg",
		stagesAbout:        "In elke kolom het %s van het stadium",
		stagesBand:         "Hoogte: patiënten. Donkerder: zij blijven waar zij in het stadium ervoor waren.",
		stagesOrder:        "Een kolom is een stadium en geen datum: wat eerst kwam is niet te zien.",
		stagesGate:         "Wegen van minder dan 5 patiënten zijn samengenomen: naar waar zij beginnen, met \"andere plaatsen\" voor elders, en wat dan nog minder dan 5 is als zeldzame wegen.",
		stagesTip:          "%s: %s, %s: %s: %s",
		stagesNone:         "geen vastgelegd",
		stagesUnknown:      "onbekend waar",
		stagesOther:        "andere plaatsen",
		stagesRare:         "zeldzame wegen",
		heatAbout:          "Rij: %[1]s van het eerste ziekenhuisbezoek. Kolom: %[1]s van (een deel van) de behandeling; van linksboven naar rechtsonder is het behandeling in het eigen",
		heatShade:          "Tint: %s. Wit: geen.",
		heatUnknown:        "Gearceerd op blauw: komt voor, het aantal is niet bekend of wordt niet getoond.",
		heatMayBe:          "Gearceerd op wit: niet bekend, kan geen zijn.",
		heatCannot:         "Punt: kan niet voorkomen.",
		heatFound:          "Kader: een gemeenschap, gevonden met de Leiden-methode in de stromen tussen klassen.",
		heatGiven:          "Kader: een groep van de indeling %s.",
		heatFrame:          "groep",
		tipOwn:             "%s, eigen: ",
		landscapeTitle:     "Ziekenhuizen en hun netwerken",
		landscapeAbout:     "Op %s: %d ziekenhuizen, waarvan %d in een netwerk",
		noDate:             "geen datum",
		region:             "regio",
		hub:                "expertisecentrum",
		partner:            "preferred partner, verbonden met zijn centrum",
		panelist:           "lid van een expertpanel",
		partnerOf:          "%s is preferred partner van %s",
		memberless:         "Geen leden bekend op deze datum van: %s.",
		unplaced:           "Niet getekend omdat de plaats niet bekend is: %d ziekenhuizen.",
		undated:            "Van %d lidmaatschappen en %d aanwijzingen is geen begindatum bekend: zij tellen ook op eerdere data.",
		differenceTitle:    "Verandering in verwijsstromen",
		differenceOf:       "Verandering: %s min %s",
		grown:              "Groei: dicht blauw, met een plus. Dikte: de verandering in %s.",
		declined:           "Afname: open oranje, met een min.",
		changeDisc:         "Oppervlak: de verandering in behandelde %s; gevuld voor groei, open voor afname.",
		changeRange:        "Gestippeld in een lichte band: de verandering ligt tussen twee aantallen. Grijs, met ±: groei of afname.",
		changeEither:       "Gestippelde cirkel met ±: niet bekend of er meer, minder of evenveel behandeld zijn.",
		changeOpen:         "Onderbroken: in deze richting veranderd, met hoeveel is niet bekend.",
		changeUnknown:      "verandering niet bekend",
		atMost:             "ten hoogste %s",
		sharedHidden:       "Beide kanten kunnen dezelfde patiënten tellen: veranderingen van 1 tot en met 4 worden ook niet getoond.",
		changesHidden:      "Niet getekend: %d stromen die minder veranderden.",
		changesUnknown:     "Niet getekend: %d stromen waarvan niet bekend is of en hoe zij veranderden.",
		treatedChange:      "; behandeld: %s",
		sameScales:         "Alle kaartjes hebben dezelfde schalen",
		colorRepeats:       "Er zijn er meer dan kleuren.",
		noNetwork:          "geen netwerk bekend",
		severalNetworks:    "meerdere netwerken",
		letters:            "Letters: %s.",
		point:              ",",
		firstVisit:         "eerste bezoek", diagnosis: "diagnose", followup: "controle",
		surgery: "chirurgie", radiotherapy: "radiotherapie", systemic: "systemische therapie",
		untreated:          "niet behandeld",
		originUnknown:      "herkomst niet bekend",
		destinationUnknown: "bestemming niet bekend",
		strip:              "Plaats niet bekend",
		mayOccur:           "Niet getekend omdat het er geen kan zijn: %d van de stromen in de tabel.",
		source:             "Bron: %s.",
		unknown:            "Niet bekend: hoeveel %s elke stroom telt. De bron geeft bestemmingen, geen aantallen: lees hier geen omvang af.",
		absent:             "Geen pijl betekent dat de bron geen verwijzing toont: geen, of te weinig om te tekenen.",
		small:              "Aantallen van 1 tot en met 4 worden niet getoond: zij zijn getekend als tussen 1 en 4.",
		smallShown:         "Deze kaart toont aantallen van 1 tot en met 4. Niet publiceren zonder onthullingscontrole.",
		hidden:             "Niet getekend: %d stromen kleiner dan %s, samen %s.",
		outside:            "Niet op de kaart: niet-behandelden, en herkomst of bestemming onbekend.",
		synthetic:          "SYNTHETISCHE GEGEVENS: gemaakt om te testen, niet over echte patiënten.",
		tipFlow:            "%s naar %s: ",
		tipUnknown:         "komt voor, aantal niet gepubliceerd",
		tipCount:           "%s %s",
		tipIn:              "%s: krijgt verwijzingen van %s andere %s, verwijst naar %s",
		tipSet:             "%s: één hiervan, de bron zegt niet welke",
		tipRetained:        "; een deel wordt hier behandeld, aandeel niet gepubliceerd",
		tipNotRetained:     "; behandeling van eigen patiënten wordt niet getoond",
		tipRetainedCount:   "; %s van de eigen patiënten hier behandeld",
		treatedIn:          "; %s behandeld",
	}
}

// care is a kind of care or a stage as a reader calls it; one that is not known
// is written as the data have it.
func (w *words) care(kind string) string {
	switch kind {
	case referral.KindFirstVisit, "first visit":
		return w.firstVisit
	case referral.KindDiagnosis:
		return w.diagnosis
	case referral.KindFollowup:
		return w.followup
	case "surgery":
		return w.surgery
	case "radiotherapy":
		return w.radiotherapy
	case "systemic":
		return w.systemic
	}
	return phrase(kind)
}

// classLabel is the label of a class as a reader calls it.
func (w *words) classLabel(label string) string {
	switch label {
	case referral.Untreated:
		return w.untreated
	case referral.OriginUnknown:
		return w.originUnknown
	case referral.DestinationUnknown:
		return w.destinationUnknown
	}
	return label
}
