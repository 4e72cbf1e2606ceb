// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"slices"

	"github.com/oncoref/oncoref/graph/viz"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/chart"
	"github.com/oncoref/oncoref/referral/coverage"
	"github.com/oncoref/oncoref/referral/flow"
	"github.com/oncoref/oncoref/referral/inference"
)

func (b *builder) drawInvolvement() (*viz.Drawing, error) {
	groups := []coverage.GroupInvolvement{{Group: b.l.t("all patients", "alle patiënten"), Involvement: *b.involvement}}
	return chart.Involvement(groups, chart.InvolvementConfig{Page: b.careSheet(), Intervals: b.intervals()})
}

// ownShares are the retained shares of classes that are places, and of how many
// of them the number of patients is known: others have no place in a funnel.
func (b *builder) ownShares() (shares []referral.Share, known int) {
	for _, s := range flow.Retention(b.t) {
		if referral.Beside(s.Origin) {
			continue
		}
		shares = append(shares, s)
		if s.Whole.Known() && s.Whole.Lo > 0 {
			known++
		}
	}
	return shares, known
}

// funnelReason says why there is no funnel; empty if there is one.
func (b *builder) funnelReason() string {
	shares, known := b.ownShares()
	if 2*known >= len(shares) {
		return ""
	}
	return fmt.Sprintf(b.l.t("It needs the exact number of patients, which is shown for %s of %s %s only; the table has the shares as ranges. Larger classes or a longer period have fewer hidden counts.",
		"Zij vraagt het exacte aantal patiënten, dat maar voor %s van de %s %s is getoond; de tabel heeft de aandelen als bereiken. Grotere klassen of een langere periode hebben minder verborgen aantallen."),
		b.l.number(float64(known), 0), b.l.number(float64(len(shares)), 0), b.nouns())
}

// drawFunnel draws the retained shares of classes that are places.
func (b *builder) drawFunnel() (*viz.Drawing, error) {
	shares, _ := b.ownShares()
	c := chart.FunnelConfig{Page: b.sheet()}
	if r := flow.PooledRetention(b.t).Result; r.Status != referral.OK && r.Lo < r.Hi {
		c.Limits = inference.FunnelConfig{Target: (r.Lo + r.Hi) / 2} // what is known in part needs a target: the middle of its bounds
	}
	return chart.Funnel(shares, c)
}

// contacts are the numbers of the figure of involvement.
func (b *builder) contacts() []float64 {
	v := b.involvement
	if v == nil {
		return nil
	}
	return []float64{float64(v.Treated), float64(v.Seen), float64(v.Discussed), float64(v.None)}
}

// ways are the numbers of the figure of referral classes.
func (b *builder) ways() []float64 {
	x := b.classesOf
	if x == nil {
		return nil
	}
	return []float64{x.Throughout, x.AfterDiagnosis, x.AfterTreatment, x.Elsewhere}
}

// drawStages draws the ways through the stages of care.
func (b *builder) drawStages() (*viz.Drawing, error) {
	p := b.careSheet()
	if b.rounded {
		p.Notes = append(p.Notes, b.stagesNote())
	}
	return chart.Stages(b.stages, chart.StagesConfig{Page: p})
}

// few is the reason why a figure is left out whose numbers would, beside the
// table, give one of 1 to 4 away; empty if they do not.
func (b *builder) few(counts []float64) string {
	return b.missing(slices.ContainsFunc(counts, b.g.Hidden), b.l.t("One of its numbers is 1 to 4, which the picture would give away beside the table.",
		"Een van de getallen is 1 tot en met 4, en de figuur zou dat naast de tabel verraden."))
}
