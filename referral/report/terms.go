// SPDX-License-Identifier: Apache-2.0

package report

import (
	"strings"

	"github.com/oncoref/oncoref/internal/small"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/coverage"
)

// term is a word of output files in both languages.
type term struct{ english, dutch string }

func (l tongue) term(words map[string]term, code string) string {
	w, ok := words[code]
	if !ok {
		return strings.ReplaceAll(code, "_", " ")
	}
	return l.t(w.english, w.dutch)
}

// status says how a value may be read.
func (l tongue) status(s referral.Status) string {
	return l.term(map[string]term{
		referral.OK.String():         {"exact", "exact"},
		referral.Bounded.String():    {"between bounds", "tussen grenzen"},
		referral.Envelope.String():   {"seen in samples", "gezien in steekproeven"},
		referral.Undefined.String():  {"undefined", "niet gedefinieerd"},
		referral.Infeasible.String(): {"contradiction", "tegenspraak"},
		referral.Suppressed.String(): {"withheld", "niet getoond"},
		referral.Disclosed.String():  {"withheld: gives a count away", "niet getoond: verraadt een aantal"},
	}, s.String())
}

// state says what is known about a cell.
func (l tongue) state(c referral.Cell) string {
	if c == referral.Between(small.Lo, small.Hi) {
		return l.t("small, hidden", "klein, verborgen")
	}
	return l.term(map[string]term{
		referral.Zero.String():           {"zero, observed", "nul, waargenomen"},
		referral.Exact.String():          {"exact", "exact"},
		referral.StructuralZero.String(): {"cannot occur", "kan niet voorkomen"},
		referral.Interval.String():       {"between bounds", "tussen grenzen"},
		referral.Present.String():        {"occurs, count not published", "komt voor, aantal niet gepubliceerd"},
		referral.Missing.String():        {"unknown", "onbekend"},
	}, c.State.String())
}

// reason says why a value is not exact.
func (l tongue) reason(code string) string {
	if code == "" {
		return ""
	}
	return l.term(map[string]term{
		referral.ReasonZeroRow:         {"nobody has this origin", "niemand heeft deze herkomst"},
		referral.ReasonZeroColumn:      {"nobody was treated here", "niemand is hier behandeld"},
		referral.ReasonZeroDenominator: {"division by zero", "deling door nul"},
		referral.ReasonUnknownClass:    {"not in the table", "niet in de tabel"},
		referral.ReasonNoRow:           {"no row in the table", "geen rij in de tabel"},
		referral.ReasonUnlisted:        {"pairs that are not listed may have patients", "paren die er niet staan kunnen patiënten hebben"},
		referral.ReasonSetValued:       {"a destination is one of several", "een bestemming is een van meerdere"},
		referral.ReasonUnknownCells:    {"counts are not exact", "aantallen zijn niet exact"},
		referral.ReasonZeroPossible:    {"bounds; may be undefined", "grenzen; kan ongedefinieerd zijn"},
		referral.ReasonOneClass:        {"only one class", "slechts één klasse"},
		referral.ReasonOnePatient:      {"needs two patients", "vraagt twee patiënten"},
		referral.ReasonNoDistance:      {"a distance is not known", "een afstand is niet bekend"},
		referral.ReasonTotals:          {"totals contradict counts", "totalen spreken aantallen tegen"},
		referral.ReasonRecovered:       {"totals give a hidden count away", "totalen verraden een verborgen aantal"},
		small.Reason:                   {"1 to 4 patients are behind it", "er zitten 1 tot en met 4 patiënten achter"},
		small.ReasonRange:              {"in ranges of five: a small number would follow from it", "in bereiken van vijf: een klein aantal zou eruit volgen"},
		coverage.ReasonNotRegistered:   {"case discussions are not registered", "besprekingen zijn niet geregistreerd"},
		coverage.ReasonUnknownNorm:     {"the norm is not known", "de norm is niet bekend"},
		reasonNotReached:               {"not reached in the time observed", "niet bereikt in de waargenomen tijd"},
	}, code)
}

// reasonNotReached is the reason of a quantile that a curve does not come to.
const reasonNotReached = "not_reached"

// fault says what was found in a row.
func (l tongue) fault(f referral.Fault) string {
	return l.term(map[string]term{
		string(referral.FaultPatient):     {"no patient identifier", "geen patiëntnummer"},
		string(referral.FaultDate):        {"not a date", "geen datum"},
		string(referral.FaultUntil):       {"ends before it begins", "eindigt voor het begin"},
		string(referral.FaultSeq):         {"not a sequence number", "geen volgnummer"},
		string(referral.FaultYear):        {"not a year", "geen jaar"},
		string(referral.FaultLayer):       {"unknown layer", "onbekende laag"},
		string(referral.FaultKind):        {"no kind of event", "geen soort gebeurtenis"},
		string(referral.FaultText):        {"unusable text", "onbruikbare tekst"},
		string(referral.FaultCopy):        {"copy of another row", "kopie van een andere rij"},
		string(referral.FaultMerged):      {"hospital since merged", "ziekenhuis inmiddels gefuseerd"},
		string(referral.FaultHospital):    {"hospital not in the landscape", "ziekenhuis niet in het landschap"},
		string(referral.FaultSplit):       {"hospital since split", "ziekenhuis inmiddels gesplitst"},
		string(referral.FaultNoHospital):  {"no hospital", "geen ziekenhuis"},
		string(referral.FaultNoTumor):     {"no tumor; taken as the patient's only one", "geen tumor; genomen als de enige van de patiënt"},
		string(referral.FaultFirstVisit):  {"several hospitals of first visit", "meerdere ziekenhuizen van eerste bezoek"},
		string(referral.FaultNoKind):      {"treatment of no kind", "behandeling zonder soort"},
		string(referral.FaultOtherKind):   {"unknown kind, taken as no treatment", "onbekende soort, niet als behandeling genomen"},
		string(referral.FaultNoDate):      {"no date", "geen datum vermeld"},
		string(referral.FaultNoFirst):     {"no first visit", "geen eerste bezoek"},
		string(referral.FaultYears):       {"several years of diagnosis", "meerdere jaren van diagnose"},
		string(referral.FaultSeqTwice):    {"sequence number twice", "volgnummer dubbel"},
		string(referral.FaultOrder):       {"dates against the sequence", "datums tegen de volgorde in"},
		string(referral.FaultBeforeFirst): {"care before the first visit", "zorg voor het eerste bezoek"},
		string(referral.FaultAfterDeath):  {"dated after death", "gedateerd na overlijden"},
	}, string(f))
}

// decision says what was done about a row.
func (l tongue) decision(d referral.Decision) string {
	return l.term(map[string]term{
		referral.Noted.String():    {"taken as it is", "genomen zoals het is"},
		referral.Repaired.String(): {"repaired", "hersteld"},
		referral.LeftOut.String():  {"left out", "weggelaten"},
		referral.Refused.String():  {"refused", "geweigerd"},
	}, d.String())
}

// class gives the name of a class: those that are no place in words.
func (l tongue) class(label string) string {
	if !referral.Beside(label) {
		return label
	}
	return l.term(map[string]term{
		referral.Untreated:          {"untreated", "niet behandeld"},
		referral.OriginUnknown:      {"origin unknown", "herkomst onbekend"},
		referral.DestinationUnknown: {"destination unknown", "bestemming onbekend"},
	}, label)
}
