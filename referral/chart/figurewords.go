// SPDX-License-Identifier: Apache-2.0

package chart

import "github.com/oncoref/oncoref/referral"

// figureWords are the phrases of the statistical figures, beside those of the
// flow map. Fields with a %s or %d are formats.
type figureWords struct {
	small, smallShown, noSource                                                                                                                                                string
	shares, sharesOf, dotsOf, shareOf                                                                                                                                          string
	own, retained, others, set, unknownPart, whiskerRetained, dot                                                                                                              string
	hatched, brackets, whiskers, outsideBars, dotsUnknown, noDot                                                                                                               string
	tipOwn, upTo, tipRest, restNumber, maybeStayed, noShare                                                                                                                    string
	classes, classesOf, inCenters                                                                                                                                              string
	throughout, afterDiagnosis, afterTreatment, elsewhere                                                                                                                      string
	involvement, involvementOf                                                                                                                                                 string
	treatedIn, seenIn, discussed, notInvolved, notRegistered                                                                                                                   string
	whiskerCenter, whiskerInvolved, whiskerSeen, registeredNote                                                                                                                string
	unknownClass                                                                                                                                                               string
	centers, centersOn, leftOutOf, percentNote, allPatients                                                                                                                    string
	volumes, volumesOf, inPeriod, perYear, norm, expert, elseHosp                                                                                                              string
	hiddenBand, whiskerVolume, underNorm, volumesTwice, noYear                                                                                                                 string
	hospitalsN, poisson, offersNot                                                                                                                                             string
	lorenz, lorenzOf, lorenzBand, lorenzClasses, lorenzX, lorenzY, lorenzTip, gini, equal                                                                                      string
	funnel, funnelOf, target, limits, widened, within, beyond, between, funnelMissing, pooled, pooledKnown, overdispersed, funnelNote, funnelX, funnelY, funnelTip             string
	trend, trendOf, trendPoint, trendBar, trendRanged, bars, trendY, trendTip                                                                                                  string
	frontier, frontierOf, frontierMean, frontierLargest, frontierGap, frontierMark, frontierNote, frontierX, frontierY, frontierTip                                            string
	waits, waitsOf, waitsKM, diedBefore, waitsY, waitsYKM, waitsX, noCurve, waitsKMNote, grouped, fives, bands, noDied, wasTreated, hadDied, notTreated, waitTip, stillWaiting string
	nobody, contradiction, withheld, noValue                                                                                                                                   string
}

func figureWordsIn(l Language) figureWords {
	if l == Dutch {
		return dutchFigures()
	}
	return englishFigures()
}

// reason says why a result has no value.
func (f figureWords) reason(r referral.Result) string {
	switch {
	case r.Reason == referral.ReasonZeroRow:
		return f.nobody
	case r.Status == referral.Infeasible:
		return f.contradiction
	case r.Status == referral.Suppressed || r.Status == referral.Disclosed:
		return f.withheld
	}
	return f.noValue
}

func englishFigures() figureWords {
	return figureWords{
		small:           "Counts of 1 to 4 are not shown: they count as anything from 1 to 4.",
		smallShown:      "This figure shows counts of 1 to 4. Do not publish it without disclosure control.",
		noSource:        "Source: not stated.",
		shares:          "Where patients are treated",
		sharesOf:        "Destinations of the patients of each %s, in percent",
		dotsOf:          "Destinations that occur, for the patients of each %s",
		shareOf:         "Share of %s (%%)",
		own:             "own",
		retained:        "stayed in the own %s",
		others:          "other destinations: %d",
		set:             "one of several, the source does not say which",
		unknownPart:     "not known where",
		whiskerRetained: "interval of the share that stayed",
		dot:             "another destination, in its color",
		hatched:         "Hatched: the share is known between two numbers only; each piece has the length that is certain.",
		brackets:        "In brackets and as whiskers: %s.",
		whiskers:        "Whiskers: %s.",
		outsideBars:     "Not in the bars: patients without treatment, and those of unknown origin or destination.",
		dotsUnknown:     "Not known: how many %s went where. The source gives destinations, not sizes: all dots have one size.",
		noDot:           "No dot means that the source shows no referral: none, or too few to be drawn there.",
		upTo:            "%s up to %s",
		tipOwn:          "%s, stayed: ",
		tipRest:         "%s: %s of which the destination is not known",
		restNumber:      "not known where %s",
		maybeStayed:     "some of these may have stayed",
		nobody:          "no patients",
		contradiction:   "cells and totals contradict each other",
		withheld:        "withheld",
		noValue:         "not known",
		noShare:         "share not known",
		classes:         "Referral to specialized hospitals",
		classesOf:       "How patients came to the hospital of their definitive treatment (%s), in percent",
		inCenters:       "Share of patients treated (%)",
		throughout:      "first visit and treatment in a center",
		afterDiagnosis:  "referred after a first visit elsewhere",
		afterTreatment:  "referred after treatment elsewhere",
		elsewhere:       "definitive treatment elsewhere",
		involvement:     "Involvement of specialized hospitals",
		involvementOf:   "Strongest contact of patients with a center, in percent",
		treatedIn:       "treated in a center",
		seenIn:          "seen in a center",
		discussed:       "discussed or reviewed by a center",
		notInvolved:     "no center involved",
		notRegistered:   "discussed by a center, or not at all: not in the data",
		unknownClass:    "in one of these classes, not known which",
		whiskerCenter:   "interval of the share treated in a center",
		whiskerInvolved: "interval of the share with a center involved",
		whiskerSeen:     "interval of the share treated or seen in a center",
		registeredNote:  "The data have no case discussions and no tissue: more patients may have had a center involved.",
		centers:         "Centers: %s (%d hospitals).",
		centersOn:       "Centers: %s on %s (%d hospitals).",
		leftOutOf:       "Not in the bars: %s without this treatment, %s whose first visit is not known, %s treated in a hospital that is not known.",
		percentNote:     "Percentages as published; how many patients they are of is not in the data.",
		allPatients:     "all patients",
		volumes:         "Patients per hospital",
		volumesOf:       "Hospitals by the number of patients treated",
		inPeriod:        "Patients",
		perYear:         "Patients per year",
		norm:            "norm %s",
		expert:          "center: %s",
		elseHosp:        "hospital",
		hiddenBand:      "number between two bounds",
		whiskerVolume:   "interval of the expected number",
		underNorm:       "Below the norm of %s: %s of %s hospitals, with %s of the patients.",
		volumesTwice:    "A patient treated in several hospitals counts in each.",
		noYear:          "Not in the mean: treatments without a year, in %d hospitals.",
		hospitalsN:      "%d hospitals",
		poisson:         "Whiskers and brackets: %s.",
		offersNot:       "Mean of %s; a year without patients counts as 0. Hospitals without any patient are not listed.",
		lorenz:          "Concentration of treatment",
		lorenzOf:        "Share of the patients treated by the smallest %s (Lorenz curve)",
		lorenzBand:      "Pale: the curve is known between two bounds only; it lies in the band.",
		lorenzClasses:   "All %d %s of the table count, those without patients too.",
		lorenzX:         "Share of the %s, the smallest first",
		lorenzY:         "Share of the %s",
		lorenzTip:       "the %d smallest of %d %s treat %s of the %s",
		gini:            "Gini coefficient %s",
		equal:           "equal numbers",
		funnel:          "Shares compared with a target",
		funnelOf:        "Share of each origin against its number of patients, with control limits",
		target:          "target %s",
		limits:          "%s limits",
		widened:         "limits widened for overdispersion",
		within:          "within the limits",
		beyond:          "outside all limits",
		between:         "between two bounds",
		funnelMissing:   "Not drawn, because the number of patients is not known or 0: %s.",
		pooled:          "The target is the share of all patients together.",
		pooledKnown:     "The target is the share of all patients of the origins whose counts are known.",
		overdispersed:   "The shares vary more than chance explains (mean squared score %s): compare with the widened limits.",
		funnelNote:      "A share within the limits agrees with the target as far as chance goes; a share outside is a question, not a verdict.",
		funnelX:         "Patients",
		funnelY:         "Share (%)",
		funnelTip:       "%s: %s of %s patients",
		trend:           "Shares over the years",
		trendOf:         "Share of each series by period",
		trendPoint:      "share",
		trendBar:        "interval",
		trendRanged:     "Hatched: the share is known between two bounds only.",
		bars:            "Bars: %s.",
		trendY:          "Share (%)",
		trendTip:        "%s, %s: %s of %s",
		frontier:        "Travel and the number of centers",
		frontierOf:      "Distance to the nearest center for the best choice of as many centers",
		frontierMean:    "mean distance, where that is least",
		frontierLargest: "largest distance, where that is least",
		frontierGap:     "the optimum lies on the line",
		frontierMark:    "another choice of centers",
		frontierNote:    "The two curves are different choices of centers. Least travel is not the only thing that counts.",
		frontierX:       "Centers",
		frontierY:       "Distance (%s)",
		frontierTip:     "%d centers: %s %s (%s)",
		waits:           "Time to treatment",
		waitsOf:         "Patients treated since their first visit (Aalen-Johansen)",
		waitsKM:         "Patients not yet treated since their first visit (Kaplan-Meier)",
		diedBefore:      "thin: died before treatment",
		waitsY:          "Share treated (%)",
		waitsYKM:        "Share not yet treated (%)",
		waitsX:          "Days since the first visit",
		noCurve:         "Not drawn, because too few patients are behind it: %s.",
		waitsKMNote:     "Those who died waiting count as if they could still be treated: the curve is about a world in which nobody dies waiting.",
		grouped:         "Days with 1 to 4 patients are shown together with later ones: straight pieces join the days on which a curve is shown.",
		fives:           "Numbers waiting are rounded down to fives; a curve ends where fewer than 5 would be told apart.",
		bands:           "Bands: pointwise %s intervals.",
		noDied:          "Deaths before treatment are none, or too few to be shown.",
		wasTreated:      "treated",
		hadDied:         "died before",
		notTreated:      "not yet treated",
		waitTip:         "%s, day %.0f: %s %s (%s)",
		stillWaiting:    "Still waiting",
	}
}

func dutchFigures() figureWords {
	return figureWords{
		small:           "Aantallen van 1 tot en met 4 worden niet getoond: zij tellen als iets tussen 1 en 4.",
		smallShown:      "Deze figuur toont aantallen van 1 tot en met 4. Niet publiceren zonder onthullingscontrole.",
		noSource:        "Bron: niet vermeld.",
		shares:          "Waar patiënten worden behandeld",
		sharesOf:        "Bestemmingen van de patiënten van elk %s, in procenten",
		dotsOf:          "Bestemmingen die voorkomen, voor de patiënten van elk %s",
		shareOf:         "Aandeel van de %s (%%)",
		own:             "eigen",
		retained:        "gebleven in het eigen %s",
		others:          "andere bestemmingen: %d",
		set:             "één van meerdere, de bron zegt niet welke",
		unknownPart:     "niet bekend waarheen",
		whiskerRetained: "interval van het aandeel dat bleef",
		dot:             "een andere bestemming, in haar kleur",
		hatched:         "Gearceerd: het aandeel is alleen bekend tussen twee getallen; elk deel heeft de lengte die vaststaat.",
		brackets:        "Tussen haakjes en als streepjes: %s.",
		whiskers:        "Streepjes: %s.",
		outsideBars:     "Niet in de balken: patiënten zonder behandeling, en herkomst of bestemming onbekend.",
		dotsUnknown:     "Niet bekend: hoeveel %s waarheen gingen. De bron geeft bestemmingen, geen aantallen: alle stippen zijn even groot.",
		noDot:           "Geen stip betekent dat de bron geen verwijzing toont: geen, of te weinig om te tekenen.",
		upTo:            "%s tot %s",
		tipOwn:          "%s, gebleven: ",
		tipRest:         "%s: %s waarvan de bestemming niet bekend is",
		restNumber:      "niet bekend waarheen %s",
		maybeStayed:     "een deel hiervan kan zijn gebleven",
		nobody:          "geen patiënten",
		contradiction:   "cellen en totalen spreken elkaar tegen",
		withheld:        "achtergehouden",
		noValue:         "niet bekend",
		noShare:         "aandeel niet bekend",
		classes:         "Verwijzing naar gespecialiseerde ziekenhuizen",
		classesOf:       "Hoe patiënten in het ziekenhuis van hun definitieve behandeling (%s) kwamen, in procenten", //nolint:misspell // Dutch
		inCenters:       "Aandeel van de behandelde patiënten (%)",
		throughout:      "eerste bezoek en behandeling in een centrum",
		afterDiagnosis:  "verwezen na een eerste bezoek elders",
		afterTreatment:  "verwezen na behandeling elders",
		elsewhere:       "definitieve behandeling elders", //nolint:misspell // Dutch
		involvement:     "Betrokkenheid van gespecialiseerde ziekenhuizen",
		involvementOf:   "Sterkste contact van patiënten met een centrum, in procenten",
		treatedIn:       "behandeld in een centrum",
		seenIn:          "gezien in een centrum",
		discussed:       "besproken of beoordeeld door een centrum",
		notInvolved:     "geen centrum betrokken",
		notRegistered:   "besproken door een centrum, of niets: niet in de gegevens",
		unknownClass:    "in één van deze klassen, niet bekend welke",
		whiskerCenter:   "interval van het aandeel behandeld in een centrum",
		whiskerInvolved: "interval van het aandeel met een centrum betrokken",
		whiskerSeen:     "interval van het aandeel behandeld of gezien in een centrum",
		registeredNote:  "De gegevens bevatten geen besprekingen en geen weefsel: bij meer patiënten kan een centrum betrokken zijn geweest.",
		centers:         "Centra: %s (%d ziekenhuizen).",
		centersOn:       "Centra: %s op %s (%d ziekenhuizen).",
		leftOutOf:       "Niet in de balken: %s zonder deze behandeling, %s van wie het eerste bezoek niet bekend is, %s behandeld in een onbekend ziekenhuis.",
		percentNote:     "Percentages zoals gepubliceerd; van hoeveel patiënten staat niet in de gegevens.",
		allPatients:     "alle patiënten",
		volumes:         "Patiënten per ziekenhuis",
		volumesOf:       "Ziekenhuizen naar het aantal behandelde patiënten",
		inPeriod:        "Patiënten",
		perYear:         "Patiënten per jaar",
		norm:            "norm %s",
		expert:          "centrum: %s",
		elseHosp:        "ziekenhuis",
		hiddenBand:      "aantal tussen twee grenzen",
		whiskerVolume:   "interval van het verwachte aantal",
		underNorm:       "Onder de norm van %s: %s van %s ziekenhuizen, met %s van de patiënten.",
		volumesTwice:    "Een patiënt die in meerdere ziekenhuizen is behandeld telt in elk mee.",
		noYear:          "Niet in het gemiddelde: behandelingen zonder jaar, in %d ziekenhuizen.",
		hospitalsN:      "%d ziekenhuizen",
		poisson:         "Streepjes en haakjes: %s.",
		offersNot:       "Gemiddelde van %s; een jaar zonder patiënten telt als 0. Ziekenhuizen zonder patiënten staan er niet in.",
		lorenz:          "Concentratie van behandeling", //nolint:misspell // Dutch
		lorenzOf:        "Aandeel van de patiënten dat de kleinste %s behandelen (Lorenzcurve)",
		lorenzBand:      "Licht: de curve is alleen bekend tussen twee grenzen; zij ligt in de band.",
		lorenzClasses:   "Alle %d %s in de tabel tellen mee, ook die zonder patiënten.",
		lorenzX:         "Aandeel van de %s, de kleinste eerst",
		lorenzY:         "Aandeel van de %s",
		lorenzTip:       "de %d kleinste van %d %s behandelen %s van de %s",
		gini:            "Gini-coëfficiënt %s",
		equal:           "gelijke aantallen",
		funnel:          "Aandelen vergeleken met een streefwaarde",
		funnelOf:        "Aandeel van elke herkomst tegen het aantal patiënten, met controlegrenzen",
		target:          "streefwaarde %s",
		limits:          "grenzen van %s",
		widened:         "grenzen verruimd voor overdispersie",
		within:          "binnen de grenzen",
		beyond:          "buiten alle grenzen",
		between:         "tussen twee grenzen",
		funnelMissing:   "Niet getekend, omdat het aantal patiënten niet bekend of 0 is: %s.",
		pooled:          "De streefwaarde is het aandeel van alle patiënten samen.",
		pooledKnown:     "De streefwaarde is het aandeel van alle patiënten van de herkomsten waarvan de aantallen bekend zijn.",
		overdispersed:   "De aandelen lopen verder uiteen dan toeval verklaart (gemiddelde gekwadrateerde score %s): vergelijk met de verruimde grenzen.",
		funnelNote:      "Een aandeel binnen de grenzen past bij de streefwaarde voor zover het om toeval gaat; een aandeel erbuiten is een vraag, geen oordeel.",
		funnelX:         "Patiënten",
		funnelY:         "Aandeel (%)",
		funnelTip:       "%s: %s van %s patiënten",
		trend:           "Aandelen door de jaren",
		trendOf:         "Aandeel van elke reeks per periode",
		trendPoint:      "aandeel",
		trendBar:        "interval",
		trendRanged:     "Gearceerd: het aandeel is alleen bekend tussen twee grenzen.",
		bars:            "Streepjes: %s.",
		trendY:          "Aandeel (%)",
		trendTip:        "%s, %s: %s van %s",
		frontier:        "Reisafstand en het aantal centra",
		frontierOf:      "Afstand tot het dichtstbijzijnde centrum bij de beste keuze van zoveel centra",
		frontierMean:    "gemiddelde afstand, waar die het kleinst is",
		frontierLargest: "grootste afstand, waar die het kleinst is",
		frontierGap:     "het optimum ligt op de lijn",
		frontierMark:    "een andere keuze van centra",
		frontierNote:    "De twee lijnen zijn verschillende keuzes van centra. De kortste reis is niet het enige dat telt.",
		frontierX:       "Centra",
		frontierY:       "Afstand (%s)",
		frontierTip:     "%d centra: %s %s (%s)",
		waits:           "Tijd tot behandeling",
		waitsOf:         "Behandelde patiënten sinds hun eerste bezoek (Aalen-Johansen)",
		waitsKM:         "Nog niet behandelde patiënten sinds hun eerste bezoek (Kaplan-Meier)",
		diedBefore:      "dun: overleden voor behandeling",
		waitsY:          "Aandeel behandeld (%)",
		waitsYKM:        "Aandeel nog niet behandeld (%)",
		waitsX:          "Dagen sinds het eerste bezoek",
		noCurve:         "Niet getekend, omdat er te weinig patiënten achter staan: %s.",
		waitsKMNote:     "Wie wachtend overleed telt als iemand die nog behandeld kon worden: de curve gaat over een wereld waarin niemand wachtend overlijdt.",
		grouped:         "Dagen met 1 tot en met 4 patiënten zijn samen met latere getoond: rechte stukken verbinden de dagen waarop een curve is getoond.",
		fives:           "Aantallen wachtenden zijn naar beneden afgerond op vijftallen; een curve eindigt waar minder dan 5 te onderscheiden zouden zijn.",
		bands:           "Banden: puntsgewijze intervallen van %s.",
		noDied:          "Er is niemand voor behandeling overleden, of te weinig om te tonen.",
		wasTreated:      "behandeld",
		hadDied:         "eerder overleden",
		notTreated:      "nog niet behandeld",
		waitTip:         "%s, dag %.0f: %s %s (%s)",
		stillWaiting:    "Nog wachtend",
	}
}
