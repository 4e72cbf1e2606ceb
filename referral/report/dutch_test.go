// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"golang.org/x/net/html"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/chart"
	"github.com/oncoref/oncoref/referral/coverage"
	"github.com/oncoref/oncoref/referral/report"
)

// bothLanguages are words that are the same in English and Dutch, names of
// measures, and names in the test data.
const bothLanguages = "alle band begin bice boxerman contact curve data en exact garwood geen gini had herfindahl hoover in index interval is jaccard kaplan kappa km " +
	"liaison lorenz matrix meier met minder namen norm of oncoref open over per regional route score status tumor van was wilson " +
	"filter leiden routes svg volumes anna aa bert bo cees co center centers ern field north south one two test flows csv aalen johansen consult sha op me we start elk regionaal ring"

// A word that stands in the Dutch report and in the English one about the same
// is a word of neither, or was not translated.
func TestNoEnglishWordInDutch(t *testing.T) {
	s := landscape(t)
	q := network.DesignationQuery{Disease: "x", Role: network.RoleCenter}
	a, b, c := "A", "B", "C"
	log := trips(t, true, trip{[4]string{a, a, "", a}, 60}, trip{[4]string{a, b, b, ""}, 33}, trip{[4]string{a, c, "", a}, 12}, trip{[4]string{c, c, "", ""}, 20}, trip{[4]string{b, c, "", ""}, 2})
	for i, in := range []report.Input{
		{Log: log, Snapshot: s, Centers: coverage.Designated(s, "any x", q), Designations: q, Norm: 10, Rule: referral.Rule{Modality: "surgery"}},
		{Log: log, Snapshot: s, Centers: coverage.NewList("chosen", b), Rule: referral.Rule{Partition: groups(t)}},
		{Table: flows(t, plainFlows), Snapshot: s},
		{Table: flows(t, "origin,destination,count,lower,upper,note\nA,B,,,,\nB,B,7,,,some flows\nA,A,,5,9,\n")},
		{Table: flows(t, "origin,destination\nA,B\nB,C\nA,C\n")},
	} {
		allows := []bool{false}
		if i == 0 {
			allows = append(allows, true)
		}
		for _, allow := range allows {
			config := report.Config{AllowSmall: allow}
			english := words(parse(t, build(t, in, config)))
			config.Lang = chart.Dutch
			dutch := words(parse(t, build(t, in, config)))
			assert.Greater(t, len(dutch), 150)
			same := strings.Fields(bothLanguages)
			for w, where := range dutch {
				_, both := english[w]
				assert.False(t, both && !slices.Contains(same, w), "%q in %q", w, where)
			}
		}
	}
}

var word = regexp.MustCompile(`\p{L}{2,}`)

// words gives the words that readers of a page see or hear, pictures included,
// each with a text that it stands in. Definitions, names of measures, options
// and texts of the data are not among them.
func words(page *html.Node) map[string]string {
	out := map[string]string{}
	take := func(s string) {
		if strings.Contains(s, `"`) { // a text of the data in quotes
			return
		}
		for _, w := range word.FindAllString(strings.ToLower(s), -1) {
			out[w] = s
		}
	}
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		switch {
		case n.Type == html.TextNode:
			take(n.Data)
		case attr(n, "lang") == "en" && n.Data != "html", n.Data == "script", n.Data == "style", n.Data == "head", attr(n, "id") == "provenance":
			return
		}
		for _, a := range n.Attr {
			if slices.Contains([]string{"title", "alt", "aria-label", "data-row", "data-of", "data-filter", "data-sort"}, a.Key) {
				take(a.Val)
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(page)
	return out
}
