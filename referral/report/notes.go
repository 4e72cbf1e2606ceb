// SPDX-License-Identifier: Apache-2.0

package report

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/oncoref/oncoref/internal/small"
	"github.com/oncoref/oncoref/referral"
)

// remark is a sentence that tables carry about themselves. In the words the
// first group of the pattern is $1, and so on.
type remark struct {
	pattern *regexp.Regexp
	words   term
}

// remarks are those that the library writes. What a file says about its own
// flows stays as it is.
var remarks = func() []remark {
	list := []struct{ pattern, english, dutch string }{
		{
			`^([0-9]+) cases were left out because it is not known whether they are in a period\.$`,
			"Cases left out because it is not known whether they are in a period: $1.", "Weggelaten gevallen omdat niet bekend is of zij in een periode vallen: $1.",
		},
		{
			`^([0-9]+) cases were left out because they were treated only in hospitals that do not count\.$`,
			"Cases left out because they were treated only in hospitals that do not count: $1.", "Weggelaten gevallen omdat zij alleen in ziekenhuizen zijn behandeld die niet meetellen: $1.",
		},
		{
			`^([0-9]+) cases were left out because they had no treatment by (.*)\.$`,
			"Cases left out because they had no treatment by $2: $1.", "Weggelaten gevallen omdat zij geen behandeling hadden met $2: $1.",
		},
		{`^([0-9]+) of ([0-9]+) rows were refused\.$`, "Rows refused: $1, of $2.", "Geweigerde rijen: $1, van $2."},
		{`^([0-9]+) copies of rows were left out\.$`, "Copies of rows left out: $1.", "Weggelaten kopieën van rijen: $1."},
		{
			`^Patients with several tumors count once for each of them\.$`,
			"Patients with several tumors count once for each of them.", "Patiënten met meerdere tumoren tellen voor elk daarvan een keer.",
		},
		{
			`^([0-9]+) pairs of stays were not linked because a date is not known\.$`,
			"Pairs of stays not linked because a date is not known: $1.", "Paren van opnamen die niet zijn gekoppeld omdat een datum niet bekend is: $1.",
		},
		{`^([0-9]+) (cases|transitions)\b(.*)$`, "$1 $2$3", "$1 $2$3"},
		{
			`^Only some destinations were selected, so that rows are not complete\.$`,
			"Only some destinations were selected, so that rows are not complete.", "Alleen sommige bestemmingen zijn gekozen, zodat rijen niet volledig zijn.",
		},
		{`^source: (.*)$`, "source: $1", "bron: $1"},
		{`^(".*") is printed (".*")$`, "$1 is printed $2", "$1 is gedrukt als $2"},
		{`^(".*") to (".*"): confidence (.*)$`, "$1 to $2: confidence $3", "$1 naar $2: zekerheid $3"},
		{`^(".*") to (".*"): (.*)$`, "$1 to $2: $3", "$1 naar $2: $3"},
		{`^(".*") in the file is (".*") in the landscape of (.*)$`, "$1 in the file is $2 in the landscape of $3", "$1 in het bestand is $2 in het landschap van $3"},
		{`^(".*") in the file has become (".*") in the landscape of (.*)$`, "$1 in the file has become $2 in the landscape of $3", "$1 in het bestand is opgegaan in $2 in het landschap van $3"},
		{`^more than ([0-9]+) notes in the file: the rest is left out$`, "more than $1 notes in the file: the rest is left out", "meer dan $1 opmerkingen in het bestand: de rest is weggelaten"},
		{
			`^Counts below ([0-9]+), and others that would reveal them, are suppressed\.$`,
			"Counts below $1, and others that would reveal them, are suppressed.", "Aantallen onder $1, en andere die ze zouden verraden, staan er niet.",
		},
		{
			`^Counts are rounded to multiples of ([0-9]+) \((.*)\); the ranges hold the counts\.$`,
			"Counts are rounded to multiples of $1 ($2); the ranges hold the counts.", "Aantallen zijn afgerond op veelvouden van $1 ($2); de bereiken bevatten de aantallen.",
		},
	}
	var out []remark
	for _, x := range list {
		out = append(out, remark{regexp.MustCompile(x.pattern), term{x.english, x.dutch}})
	}
	return out
}()

// countedRemarks is how many of the remarks, from the first, have numbers of
// patients or rows in them.
const countedRemarks = 8

// note writes a remark about the table in the language of the report, and keeps
// what may not be known out of it: small numbers, and where flows are hidden
// every exact number, since totals less what is shown would give them away.
func (b *builder) note(s string) string {
	for i, r := range remarks {
		m := r.pattern.FindStringSubmatch(s)
		if m == nil {
			continue
		}
		out := b.l.t(r.words.english, r.words.dutch)
		for k, group := range m[1:] {
			if n, err := strconv.ParseInt(group, 10, 64); err == nil && i < countedRemarks {
				group = b.tally(n)
			} else if i < countedRemarks {
				group = b.l.event(group)
			}
			out = strings.ReplaceAll(out, "$"+strconv.Itoa(k+1), group)
		}
		return out
	}
	return s
}

// tally writes a number of cases or rows of the whole input as far as it may be
// known.
func (b *builder) tally(n int64) string {
	switch {
	case b.g.Hidden(float64(n)):
		return b.l.bounds(small.Lo, small.Hi, ofClasses)
	case b.hidden > 0:
		return b.l.magnitude(n)
	}
	return b.l.number(float64(n), 0)
}

// conditions writes which cases count, in words where the library chose them.
func (b *builder) conditions(s string) string {
	var out []string
	for _, part := range strings.Split(s, "; ") {
		name, value, ok := strings.Cut(part, "=")
		switch {
		case !ok || part == "":
		case name == "modality":
			part = b.l.t("treatment: ", "behandeling: ") + b.l.event(value)
		case name == "without":
			part = b.l.t("without: ", "zonder: ") + b.l.term(map[string]term{
				"radiotherapy": {"radiotherapy institutes", "radiotherapie-instituten"}, "proton": {"proton centers", "protonencentra"},
			}, value)
		}
		out = append(out, part)
	}
	return strings.Join(out, "; ")
}

// event names a kind of event.
func (l tongue) event(kind string) string {
	return l.term(map[string]term{
		referral.KindFirstVisit: {"first visit", "eerste bezoek"}, referral.KindDiagnosis: {"diagnosis", "diagnose"}, referral.KindConsult: {"consult", "consult"},
		referral.KindFollowup: {"follow-up", "controle"}, "surgery": {"surgery", "chirurgie"}, "radiotherapy": {"radiotherapy", "radiotherapie"},
		"radio": {"radiotherapy", "radiotherapie"}, "chemotherapy": {"chemotherapy", "chemotherapie"}, "chemo": {"chemotherapy", "chemotherapie"},
		"immunotherapy": {"immunotherapy", "immunotherapie"}, "immuno": {"immunotherapy", "immunotherapie"}, "hormonal": {"hormonal therapy", "hormoontherapie"},
		"hormone": {"hormonal therapy", "hormoontherapie"}, "systemic": {"systemic therapy", "systemische therapie"}, "targeted": {"targeted therapy", "doelgerichte therapie"},
	}, kind)
}

// nameCenters says in the language of the report which list of centers it uses.
func (b *builder) nameCenters() {
	c := &b.in.Centers
	if c.Query.Disease == "" {
		if c.Name == "chosen" {
			c.Name = b.l.t("chosen", "zelf gekozen")
		}
		return
	}
	c.Name = b.l.t("designated for ", "aangewezen voor ") + strings.ReplaceAll(c.Query.Disease, "_", " ")
	if c.Query.Body != "" {
		c.Name += b.l.t(" by ", " door ") + c.Query.Body
	}
}
