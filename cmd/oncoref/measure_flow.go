// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"strconv"
	"strings"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/flow"
)

// flows is a table with all that its measures may need beside it.
type flows struct {
	*referral.Table
	distances flow.Distances           // nil without a landscape
	points    map[string]network.Point // of the classes that have a place in the landscape
	experts   []string                 // classes with an expert center
	groups    *network.Partition       // networks of a table of hospitals
	within    float64                  // kilometers within a class, for the gravity model
	choices   choices
}

// need is what a measure of a table cannot do without.
type need uint8

const (
	needsDistances need = 1 << iota
	needsExperts
	needsGroups
)

// has reports whether all that is needed is there.
func (f flows) has(n need) bool {
	return (n&needsDistances == 0 || f.distances != nil) && (n&needsExperts == 0 || len(f.experts) > 0) && (n&needsGroups == 0 || f.groups != nil)
}

// String says what is needed, as flags.
func (n need) String() string {
	var list []string
	if n&needsDistances != 0 {
		list = append(list, "--landscape")
	}
	if n&needsExperts != 0 {
		list = append(list, "--experts")
	}
	if n&needsGroups != 0 {
		list = append(list, "--landscape and --level hospital, with each hospital in one network")
	}
	return strings.Join(list, " and ")
}

const unitIndex = "index"

// flowMeasures is the group "flow": what packages flow and gravity measure, by
// the names of their functions.
var flowMeasures = []measure{
	{name: "total", unit: unitWeight, ofTable: total((*referral.Table).Total)},
	{name: "cross_total", unit: unitWeight, ofTable: total(flow.CrossTotal)},
	{name: "pooled_retention", unit: unitShare, ofTable: totalShare(flow.PooledRetention)},
	{name: "mean_retention", unit: unitShare, ofTable: total(func(t *referral.Table) referral.Result { return flow.MeanRetention(t).Result })},
	{name: "supra_regional", unit: unitShare, ofTable: supraRegional},
	{name: "same_class", unit: unitShare, needs: needsGroups, ofTable: decomposed(func(d flow.Decomposition) referral.Share { return d.SameClass })},
	{name: "same_group", unit: unitShare, needs: needsGroups, ofTable: decomposed(func(d flow.Decomposition) referral.Share { return d.SameGroup })},
	{name: "other_group", unit: unitShare, needs: needsGroups, ofTable: decomposed(func(d flow.Decomposition) referral.Share { return d.OtherGroup })},
	{name: "migration_effectiveness", unit: "percent", ofTable: total(flow.MigrationEffectiveness)},
	{name: "ei_system", unit: unitIndex, ofTable: total(flow.EISystem)},
	{name: "ei_between", unit: unitIndex, needs: needsGroups, ofTable: betweenGroups(flow.EIBetween)},
	{name: "ei_expected", unit: unitIndex, needs: needsGroups, ofTable: betweenGroups(flow.EIExpected)},
	{name: "ei_between_out", unit: unitIndex, level: ofNode, needs: needsGroups, ofTable: func(_ context.Context, f flows) ([]entry, error) {
		list, err := flow.EIBetweenOut(f.Table, f.groups)
		return scopes(list), err
	}},
	{name: "market_herfindahl", unit: unitIndex, ofTable: herfindahl(flow.HerfindahlConfig{})},
	{name: "market_herfindahl_referred", unit: unitIndex, ofTable: herfindahl(flow.HerfindahlConfig{DropRetained: true})},
	{name: "market_herfindahl_normalized", unit: unitIndex, ofTable: herfindahl(flow.HerfindahlConfig{Form: flow.Normalized})},
	{name: "market_herfindahl_unbiased", unit: unitIndex, ofTable: herfindahl(flow.HerfindahlConfig{Form: flow.Unbiased})},
	{name: "market_effective_number", unit: "classes", ofTable: herfindahl(flow.HerfindahlConfig{Form: flow.EffectiveNumber})},
	{name: "concentration_ratio", unit: unitShare, ofTable: concentration(flow.VolumeConfig{})},
	{name: "concentration_ratio_referred", unit: unitShare, ofTable: concentration(flow.VolumeConfig{DropRetained: true})},
	{name: "market_entropy", unit: "nats", ofTable: entropy(flow.Nats)},
	{name: "market_entropy_bits", unit: "bits", ofTable: entropy(flow.Bits)},
	{name: "market_entropy_miller_madow", unit: "nats", ofTable: entropy(flow.MillerMadow)},
	{name: "market_effective_classes", unit: "classes", ofTable: entropy(flow.EffectiveClasses)},
	{name: "gini", unit: unitIndex, ofTable: gini(flow.VolumeConfig{})},
	{name: "gini_small_sample", unit: unitIndex, ofTable: gini(flow.VolumeConfig{SmallSample: true})},
	{name: "gini_referred", unit: unitIndex, ofTable: gini(flow.VolumeConfig{DropRetained: true})},
	{name: "hoover", unit: unitIndex, ofTable: total(func(t *referral.Table) referral.Result { return flow.Hoover(t, flow.VolumeConfig{}) })},
	{name: "lorenz", unit: unitShare, ofTable: lorenz},
	{name: "pooled_expert_directed", unit: unitShare, needs: needsExperts, ofTable: expert(flow.PooledExpertDirected)},
	{name: "retained_by_others", unit: unitShare, needs: needsExperts, ofTable: expert(flow.RetainedByOthers)},
	{name: "expert_directed", unit: unitShare, level: ofNode, needs: needsExperts, ofTable: func(_ context.Context, f flows) ([]entry, error) {
		list, err := flow.ExpertDirected(f.Table, f.experts)
		return shares(list), err
	}},
	{name: "bypass", unit: unitShare, needs: needsExperts | needsDistances, ofTable: func(_ context.Context, f flows) ([]entry, error) {
		b, err := flow.Bypass(f.Table, f.experts, f.distances)
		return shares([]referral.Share{b.Share}), err
	}},
	{name: "bypass_excess", unit: "km", needs: needsExperts | needsDistances, ofTable: bypass(func(b flow.Bypassing) referral.Result { return b.Excess })},
	{name: "bypass_excess_mean", unit: "km", needs: needsExperts | needsDistances, ofTable: bypass(func(b flow.Bypassing) referral.Result { return b.Mean })},
	{name: "nearest_expert", unit: "km", level: ofEdge, needs: needsExperts | needsDistances, ofTable: nearestExpert},
	{name: "travel", unit: "km", needs: needsDistances, ofTable: travel(flow.TravelConfig{})},
	{name: "travel_referred", unit: "km", needs: needsDistances, ofTable: travel(flow.TravelConfig{DropRetained: true})},
	{name: "travel_by_origin", unit: "km", level: ofNode, needs: needsDistances, ofTable: func(_ context.Context, f flows) ([]entry, error) {
		list, err := flow.TravelByOrigin(f.Table, f.distances, flow.TravelConfig{})
		return scopes(list), err
	}},
	{name: "gravity", unit: unitNone, needs: needsDistances, slow: true, ofTable: gravityModel},

	{name: "origin_total", unit: unitWeight, level: ofNode, ofTable: classes(flow.OriginTotals)},
	{name: "destination_total", unit: unitWeight, level: ofNode, ofTable: classes(flow.DestinationTotals)},
	{name: "retained", unit: unitWeight, level: ofNode, ofTable: classes(flow.Retained)},
	{name: "outflow", unit: unitWeight, level: ofNode, ofTable: classes(flow.Outflow)},
	{name: "inflow", unit: unitWeight, level: ofNode, ofTable: classes(flow.Inflow)},
	{name: "net_flow", unit: unitWeight, level: ofNode, ofTable: classes(flow.NetFlow)},
	{name: "net_flow_ratio", unit: unitIndex, level: ofNode, ofTable: classes(flow.NetFlowRatio)},
	{name: "retention", unit: unitShare, level: ofNode, ofTable: classShares(flow.Retention)},
	{name: "destination_self_containment", unit: unitShare, level: ofNode, ofTable: classShares(flow.SelfContainment)},
	{name: "import_dependency", unit: unitShare, level: ofNode, ofTable: classShares(flow.ImportDependency)},
	{name: "market_share", unit: unitShare, level: ofNode, ofTable: classShares(flow.MarketShares)},
	{name: "external_attraction", unit: unitShare, level: ofNode, ofTable: classShares(flow.ExternalAttraction)},
	{name: "attraction_ratio", unit: "ratio", level: ofNode, ofTable: classes(flow.AttractionRatio)},
	{name: "import_export_ratio", unit: "ratio", level: ofNode, ofTable: classes(flow.ImportExportRatio)},
	{name: "log_import_export_ratio", unit: unitIndex, level: ofNode, ofTable: classes(flow.LogImportExportRatio)},
	{name: "ei_out", unit: unitIndex, level: ofNode, ofTable: classes(flow.EIOut)},
	{name: "ei_total", unit: unitIndex, level: ofNode, ofTable: classes(flow.EITotal)},
	{name: "origin_herfindahl", unit: unitIndex, level: ofNode, ofTable: herfindahls(flow.OriginHerfindahl, flow.HerfindahlConfig{})},
	{name: "origin_herfindahl_referred", unit: unitIndex, level: ofNode, ofTable: herfindahls(flow.OriginHerfindahl, flow.HerfindahlConfig{DropRetained: true})},
	{name: "origin_herfindahl_unbiased", unit: unitIndex, level: ofNode, ofTable: herfindahls(flow.OriginHerfindahl, flow.HerfindahlConfig{Form: flow.Unbiased})},
	{name: "destination_herfindahl", unit: unitIndex, level: ofNode, ofTable: herfindahls(flow.DestinationHerfindahl, flow.HerfindahlConfig{})},
	{name: "destination_herfindahl_referred", unit: unitIndex, level: ofNode, ofTable: herfindahls(flow.DestinationHerfindahl, flow.HerfindahlConfig{DropRetained: true})},
	{name: "origin_entropy", unit: "nats", level: ofNode, ofTable: entropies(flow.OriginEntropy, flow.Nats)},
	{name: "origin_evenness_observed", unit: unitIndex, level: ofNode, ofTable: entropies(flow.OriginEntropy, flow.EvennessObserved)},
	{name: "origin_evenness_possible", unit: unitIndex, level: ofNode, ofTable: entropies(flow.OriginEntropy, flow.EvennessPossible)},
	{name: "destination_entropy", unit: "nats", level: ofNode, ofTable: entropies(flow.DestinationEntropy, flow.Nats)},
	{name: "largest_partner_of_outflow", unit: unitShare, level: ofNode, ofTable: partners(func(p flow.Partner) referral.Result { return p.OfOutflow })},
	{name: "largest_partner_of_patients", unit: unitShare, level: ofNode, ofTable: partners(func(p flow.Partner) referral.Result { return p.OfPatients })},
	{name: "largest_partner", unit: "indicator", level: ofEdge, ofTable: largestPartners},

	{name: "cells", unit: unitWeight, level: ofEdge, ofTable: pairsOf(flow.Cells)},
	{name: "frechet_bounds", unit: unitWeight, level: ofEdge, slow: true, ofTable: pairsOf(flow.FrechetBounds)},
	{name: "origin_share", unit: unitShare, level: ofEdge, ofTable: classShares(flow.OriginShares)},
	{name: "referred_share", unit: unitShare, level: ofEdge, ofTable: classShares(flow.ReferredShares)},
	{name: "destination_share", unit: unitShare, level: ofEdge, ofTable: classShares(flow.DestinationShares)},
	{name: "prominence_out", unit: unitNone, level: ofEdge, ofTable: prominence(func(p flow.Prominence) referral.Result { return p.Out })},
	{name: "prominence_in", unit: unitNone, level: ofEdge, ofTable: prominence(func(p flow.Prominence) referral.Result { return p.In })},
	{name: "backbone", unit: "indicator", level: ofEdge, ofTable: prominence(kept)},
}

// entry is a value of a table, with the share it is if an interval can be put
// around it.
type entry struct {
	referral.Scoped
	share *referral.Share
}

type tableMeasure = func(context.Context, flows) ([]entry, error)

func single(r referral.Result) []entry { return []entry{{Scoped: referral.Scoped{Result: r}}} }

func scopes(list []referral.Scoped) []entry {
	out := make([]entry, len(list))
	for i, s := range list {
		out[i].Scoped = s
	}
	return out
}

// shares names each share by the classes it is about.
func shares(list []referral.Share) []entry {
	out := make([]entry, len(list))
	for i := range list {
		s := &list[i]
		scope := s.Origin + s.Destination
		if s.Origin != "" && s.Destination != "" {
			scope = pairScope(s.Origin, s.Destination)
		}
		out[i] = entry{referral.Scoped{Scope: scope, Result: s.Result}, s}
	}
	return out
}

func pairScope(origin, destination string) string { return origin + ">" + destination }

func total(f func(*referral.Table) referral.Result) tableMeasure {
	return func(_ context.Context, x flows) ([]entry, error) { return single(f(x.Table)), nil }
}

func totalShare(f func(*referral.Table) referral.Share) tableMeasure {
	return func(_ context.Context, x flows) ([]entry, error) { return shares([]referral.Share{f(x.Table)}), nil }
}

func classes(f func(*referral.Table) []referral.Scoped) tableMeasure {
	return func(_ context.Context, x flows) ([]entry, error) { return scopes(f(x.Table)), nil }
}

func classShares(f func(*referral.Table) []referral.Share) tableMeasure {
	return func(_ context.Context, x flows) ([]entry, error) { return shares(f(x.Table)), nil }
}

func pairsOf(f func(*referral.Table) []referral.Paired) tableMeasure {
	return func(_ context.Context, x flows) ([]entry, error) {
		var out []entry
		for _, p := range f(x.Table) {
			out = append(out, entry{Scoped: referral.Scoped{Scope: pairScope(p.Origin, p.Destination), Result: p.Result}})
		}
		return out, nil
	}
}

// supraRegional has tighter bounds where totals of destinations are published.
func supraRegional(ctx context.Context, x flows) ([]entry, error) {
	if t := x.Totals(); len(t.Destinations) == 0 && !t.HasAll {
		return shares([]referral.Share{flow.SupraRegional(x.Table)}), nil
	}
	s, err := flow.SupraRegionalBounds(ctx, x.Table)
	return shares([]referral.Share{s}), err
}

func decomposed(part func(flow.Decomposition) referral.Share) tableMeasure {
	return func(_ context.Context, x flows) ([]entry, error) {
		d, err := flow.Decompose(x.Table, x.groups)
		return shares([]referral.Share{part(d)}), err
	}
}

func betweenGroups(f func(*referral.Table, *network.Partition) (referral.Result, error)) tableMeasure {
	return func(_ context.Context, x flows) ([]entry, error) {
		r, err := f(x.Table, x.groups)
		return single(r), err
	}
}

func herfindahl(c flow.HerfindahlConfig) tableMeasure {
	return total(func(t *referral.Table) referral.Result { return flow.MarketHerfindahl(t, c) })
}

func herfindahls(f func(*referral.Table, flow.HerfindahlConfig) []referral.Scoped, c flow.HerfindahlConfig) tableMeasure {
	return classes(func(t *referral.Table) []referral.Scoped { return f(t, c) })
}

func entropy(form flow.EntropyForm) tableMeasure {
	return total(func(t *referral.Table) referral.Result { return flow.MarketEntropy(t, flow.EntropyConfig{Form: form}) })
}

func entropies(f func(*referral.Table, flow.EntropyConfig) []referral.Scoped, form flow.EntropyForm) tableMeasure {
	return classes(func(t *referral.Table) []referral.Scoped { return f(t, flow.EntropyConfig{Form: form}) })
}

func gini(c flow.VolumeConfig) tableMeasure {
	return total(func(t *referral.Table) referral.Result { return flow.Gini(t, c) })
}

// concentration gives the ratios of the largest one to five classes; the scope
// is how many.
func concentration(c flow.VolumeConfig) tableMeasure {
	return func(_ context.Context, x flows) ([]entry, error) {
		var out []entry
		for k := 1; k <= min(5, len(x.Classes())); k++ {
			out = append(out, entry{Scoped: referral.Scoped{Scope: strconv.Itoa(k), Result: flow.ConcentrationRatio(x.Table, k, c)}})
		}
		return out, nil
	}
}

// lorenz gives the points of the curve; the scope is how many of the smallest
// classes.
func lorenz(_ context.Context, x flows) ([]entry, error) {
	var out []entry
	for k, p := range flow.Lorenz(x.Table, flow.VolumeConfig{}) {
		out = append(out, entry{Scoped: referral.Scoped{Scope: strconv.Itoa(k), Result: p.Patients}})
	}
	return out, nil
}

func expert(f func(*referral.Table, []string) (referral.Share, error)) tableMeasure {
	return func(_ context.Context, x flows) ([]entry, error) {
		s, err := f(x.Table, x.experts)
		return shares([]referral.Share{s}), err
	}
}

func bypass(part func(flow.Bypassing) referral.Result) tableMeasure {
	return func(_ context.Context, x flows) ([]entry, error) {
		b, err := flow.Bypass(x.Table, x.experts, x.distances)
		return single(part(b)), err
	}
}

func nearestExpert(_ context.Context, x flows) ([]entry, error) {
	var out []entry
	for _, n := range flow.NearestOf(x.Table, x.experts, x.distances) {
		r := referral.ExactResult(n.Far)
		if n.Class == "" {
			r = referral.UndefinedResult(referral.ReasonNoDistance)
		}
		out = append(out, entry{Scoped: referral.Scoped{Scope: pairScope(n.Origin, n.Class), Result: r}})
	}
	return out, nil
}

func travel(c flow.TravelConfig) tableMeasure {
	return func(_ context.Context, x flows) ([]entry, error) {
		b, err := flow.Travel(x.Table, x.distances, c)
		return []entry{
			{Scoped: referral.Scoped{Scope: "total", Result: b.Total}}, {Scoped: referral.Scoped{Scope: "mean", Result: b.Mean}},
			{Scoped: referral.Scoped{Scope: "median", Result: b.Median}}, {Scoped: referral.Scoped{Scope: "p90", Result: b.P90}},
			{Scoped: referral.Scoped{Scope: "max", Result: b.Max}},
		}, err
	}
}

func partners(part func(flow.Partner) referral.Result) tableMeasure {
	return func(_ context.Context, x flows) ([]entry, error) {
		var out []entry
		for _, p := range flow.Partners(x.Table) {
			out = append(out, entry{Scoped: referral.Scoped{Scope: p.Origin, Result: part(p)}})
		}
		return out, nil
	}
}

// largestPartners has a row for each destination that may be the largest of an
// origin: 1 if it is, between 0 and 1 if that is not known.
func largestPartners(_ context.Context, x flows) ([]entry, error) {
	var out []entry
	for _, p := range flow.Partners(x.Table) {
		for _, c := range p.Candidates {
			r := referral.ExactResult(1)
			if len(p.Candidates) > 1 && !p.Tied {
				r = referral.BoundedResult(0, 1, referral.ReasonUnknownCells)
			}
			out = append(out, entry{Scoped: referral.Scoped{Scope: pairScope(p.Origin, c), Result: r}})
		}
	}
	return out, nil
}

func prominence(part func(flow.Prominence) referral.Result) tableMeasure {
	return func(_ context.Context, x flows) ([]entry, error) {
		var out []entry
		for _, p := range flow.Backbone(x.Table, 0) {
			out = append(out, entry{Scoped: referral.Scoped{Scope: pairScope(p.Origin, p.Destination), Result: part(p)}})
		}
		return out, nil
	}
}

func kept(p flow.Prominence) referral.Result {
	switch p.Decision {
	case flow.Kept:
		return referral.ExactResult(1)
	case flow.Dropped:
		return referral.ExactResult(0)
	case flow.Undecided:
	}
	if p.Out.Status == referral.Disclosed || p.Out.Status == referral.Infeasible {
		return p.Out
	}
	return referral.BoundedResult(0, 1, referral.ReasonUnknownCells)
}
