// SPDX-License-Identifier: Apache-2.0

package main

import (
	"strings"

	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/chart"
)

// dutch are the words of a table that is read by people, in Dutch. Names of
// measures are the same in both languages, as they are in files.
var dutch = map[string]string{
	"measure": "maat", "scope": "betreft", "value": "waarde", "lower": "ondergrens", "upper": "bovengrens", "status": "status", "reason": "reden",
	"unit": "eenheid", "interval_lower": "interval_van", "interval_upper": "interval_tot",

	referral.OK.String(): "bekend", referral.Bounded.String(): "begrensd", referral.Envelope.String(): "steekproef",
	referral.Undefined.String(): "onbepaald", referral.Infeasible.String(): "tegenstrijdig", referral.Suppressed.String(): "verborgen",
	referral.Disclosed.String(): "onthuld",

	reasonSmall: "klein_aantal", reasonRange: "per_vijf", reasonHere: "niet_gedefinieerd", reasonPresence: "alleen_aanwezigheid",
	reasonUnit: "elke_stroom_telt_als_1", reasonLower: "ondergrenzen", reasonUpper: "bovengrenzen", reasonTiny: "te_kleine_gewichten",
	reasonConverged: "niet_geconvergeerd", reasonCounts: "geen_aantallen", referral.ReasonZeroRow: "lege_rij", referral.ReasonZeroColumn: "lege_kolom",
	referral.ReasonZeroDenominator: "deling_door_nul", referral.ReasonUnknownCells: "onbekende_cellen", referral.ReasonSetValued: "een_van_meer",
	referral.ReasonUnlisted: "niet_vermelde_cellen", referral.ReasonZeroPossible: "nul_mogelijk", referral.ReasonOneClass: "één_klasse",
	referral.ReasonNoDistance: "geen_afstand", referral.ReasonTotals: "tegenstrijdige_totalen",

	unitPatients: "patiënten", unitHospitals: "ziekenhuizen", unitYearly: "patiënten/jaar", unitShare: "aandeel", "days": "dagen",
}

// inWords translates the words of a table, except names of measures and classes.
func inWords(lang chart.Language, columns []string, lines [][]string) []string {
	if lang != chart.Dutch {
		return columns
	}
	translate := func(word string) string {
		if w, ok := dutch[word]; ok {
			return w
		}
		return word
	}
	out := make([]string, len(columns))
	for i, name := range columns {
		out[i] = translate(name)
		if name != "status" && name != "reason" && name != "unit" {
			continue
		}
		for _, line := range lines {
			first, rest, more := strings.Cut(line[i], " ") // a reason can have details
			if w, ok := dutch[line[i]]; ok {
				line[i] = w
			} else if line[i] = translate(first); more {
				line[i] += " " + rest
			}
		}
	}
	return out
}
