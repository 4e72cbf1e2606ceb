// SPDX-License-Identifier: Apache-2.0

package report

import (
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

// drawFunnel draws the retained shares of classes that are places.
func (b *builder) drawFunnel() (*viz.Drawing, error) {
	var shares []referral.Share
	for _, s := range flow.Retention(b.t) {
		if !referral.Beside(s.Origin) {
			shares = append(shares, s)
		}
	}
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

// stageWays are the numbers of the figure of stages.
func (b *builder) stageWays() []float64 {
	var out []float64
	for _, w := range b.stages.Ways {
		out = append(out, float64(w.Patients))
	}
	return out
}

// few is the reason why a figure is left out whose numbers would, beside the
// table, give one of 1 to 4 away; empty if they do not.
func (b *builder) few(counts []float64) string {
	return b.missing(slices.ContainsFunc(counts, b.g.Hidden), b.l.t("One of its numbers is 1 to 4, which the picture would give away beside the table.",
		"Een van de getallen is 1 tot en met 4, en de figuur zou dat naast de tabel verraden."))
}
