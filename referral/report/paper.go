// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/oncoref/oncoref/referral"
)

// mostOnPaper is how many rows of a table are printed at most.
const mostOnPaper = 250

// Print names how the table is printed for the style sheet; empty for whole.
func (t table) Print() string {
	switch {
	case t.Absent != "":
		return "screen"
	case t.largest != nil:
		return "some"
	}
	return ""
}

// OnPaper reports whether a row is marked as one of those that are printed.
func (t table) OnPaper(row int) bool { return t.largest != nil && t.largest[row] }

// shorten leaves the smaller flows of a long table to the screen. Which they are
// follows from what is shown of them.
func (b *builder) shorten(t *table, sizes []referral.Cell) {
	if len(sizes) <= mostOnPaper {
		return
	}
	order := make([]int, len(sizes))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		return cmp.Or(cmp.Compare(sizes[j].Lo, sizes[i].Lo), cmp.Compare(sizes[j].Hi, sizes[i].Hi))
	})
	t.largest = make([]bool, len(sizes))
	for _, i := range order[:mostOnPaper] {
		t.largest[i] = true
	}
	l := b.l
	t.PaperNote = fmt.Sprintf(l.t("On paper: the %s largest of %s flows. The others are in the file on a screen, and the %s largest of each %s in its part below.",
		"Op papier: de %s grootste van %s stromen. De andere staan in het bestand op een scherm, en de %s grootste van elk %s in het deel ervan hieronder."),
		l.number(mostOnPaper, 0), l.number(float64(len(sizes)), 0), l.number(mostPartners, 0), b.noun())
}

// paperRule is a line of the style sheet that repeats on each printed page what
// must be read before any number: pages get separated.
func (b *builder) paperRule() string {
	marks := b.marks()
	if len(marks) == 0 {
		return ""
	}
	return `@media print{@page{@top-left{content:"` + strings.Join(marks, " · ") + `";font:bold 8pt "Liberation Sans",Arial,sans-serif;color:#8a5a00}}}` + "\n"
}

// marks are the banners in a few words of our own.
func (b *builder) marks() []string {
	l := b.l
	var out []string
	if b.t.Meta().Synthetic {
		out = append(out, l.t("Synthetic data: made up", "Synthetische gegevens: verzonnen"))
	}
	if b.c.AllowSmall {
		out = append(out, l.t("Small counts shown: do not publish", "Kleine aantallen getoond: niet publiceren"))
	}
	if b.t.PresenceOnly() {
		out = append(out, l.t("No numbers of patients", "Geen aantallen patiënten"))
	}
	return out
}
