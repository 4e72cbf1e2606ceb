// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/pathway"
)

// pathwayFlags are the flags of "oncoref pathways".
type pathwayFlags struct {
	extractFlags
	classFlags
	resultFlags
	groups  []string
	days    []int
	tau     int
	top     int
	seed    uint64
	refused bool
}

// pathwayGroups are the parts of the answer, in its order.
var pathwayGroups = []struct {
	name string
	add  func(*pathwayAnswer, context.Context) error
}{
	{"visits", (*pathwayAnswer).visits},
	{"days", (*pathwayAnswer).spans},
	{"waits", (*pathwayAnswer).waits},
	{"returns", (*pathwayAnswer).returns},
	{"transit", (*pathwayAnswer).transit},
	{"continuity", (*pathwayAnswer).continuity},
	{"sharing", (*pathwayAnswer).sharing},
	{"variants", (*pathwayAnswer).variants},
	{"tissue", (*pathwayAnswer).tissue},
	{"order", (*pathwayAnswer).order},
}

func pathwayGroupNames() []string {
	var names []string
	for _, g := range pathwayGroups {
		names = append(names, g.name)
	}
	return names
}

func newPathways() *cobra.Command {
	var f pathwayFlags
	c := &cobra.Command{
		Use:   "pathways EVENTS",
		Short: "Measure routes, waiting times, shared care and the ways of tissue",
		Long: `Pathways measures what happened to the patients of an extract in order: in how
many hospitals they were, how long it took, who came back, which hospitals they
passed through or have in common, which ways most of them took, and how their
tissue went.

EVENTS is an extract as for "oncoref flows". Waiting times count those who are
still waiting; the median of those treated does not.

Counts of 1 to 4 patients are shown as bounds, values that rest on so few are
left out, and so are ways that so few patients took.`,
		Example: `  oncoref simulate --tumor penile-cancer -o extract.csv
  oncoref pathways extract.csv --group visits,waits --at 30,60,90
  oncoref pathways extract.csv --group variants --by network --top 10 --format csv
  oncoref pathways extract.csv --why -o pathways.json`,
		Args: exactly(1, "one extract"),
		RunE: func(c *cobra.Command, args []string) error { return f.run(c, args[0]) },
	}
	f.extractFlags.add(c)
	f.classFlags.add(c, referral.LevelHospital, "steps of variants: network, hospital, province or a partition of the landscape")
	f.resultFlags.add(c)
	p := c.Flags()
	p.StringSliceVar(&f.groups, "group", nil, "parts: "+strings.Join(pathwayGroupNames(), ", ")+" (default: all but order)")
	p.IntSliceVar(&f.days, "at", []int{30, 60, 90}, "days after the first visit at which the treated share is given")
	p.IntVar(&f.tau, "until", 180, "days up to which the mean wait is restricted")
	p.IntVar(&f.top, "top", 20, "most rows of variants and of pairs of hospitals; 0 means all")
	p.Uint64Var(&f.seed, "seed", 1, "seed of the permutations of order")
	p.BoolVar(&f.refused, "allow-refused", false, "go on without the rows that are wrong")
	return c
}

func (f *pathwayFlags) run(c *cobra.Command, path string) error {
	format, err := f.check()
	if err != nil {
		return err
	}
	for _, g := range f.groups {
		if !slices.Contains(pathwayGroupNames(), g) {
			return usagef("group %q: expected %s", g, strings.Join(pathwayGroupNames(), ", "))
		}
	}
	if f.top < 0 || f.tau < 1 || slices.ContainsFunc(f.days, func(d int) bool { return d < 0 }) {
		return usagef("--top %d, --until %d, --at %v: expected numbers of days and rows", f.top, f.tau, f.days)
	}
	config, err := f.config(path, nil)
	if err != nil {
		return err
	}
	config.Log.Strict = !f.refused
	l, q, err := readExtract(c, path, bufio.NewReaderSize(c.InOrStdin(), 1<<16), config)
	if err != nil {
		return err
	}
	a := &pathwayAnswer{f: f, l: l, g: f.gate(), why: behind("pathways", sourceName(path), config.Log.Within)}
	if f.by != referral.LevelHospital {
		if a.groups, err = f.disjoint(config.Log.Within); err != nil {
			return err
		}
	}
	a.why.Synthetic = l.Synthetic()
	a.why.Rules["patients"] = fmt.Sprintf("%d rows in the log, %d left out as copies, %d refused", q.Events, q.LeftOut, q.Refused)
	for _, g := range pathwayGroups {
		if len(f.groups) == 0 && g.name != "order" || slices.Contains(f.groups, g.name) {
			if err := g.add(a, c.Context()); err != nil {
				return err
			}
		}
	}
	for _, note := range a.why.Notes {
		remark(c, "%s", shortened(note))
	}
	return f.write(c, format, a.rows, a.why)
}

// pathwayAnswer collects what "oncoref pathways" finds.
type pathwayAnswer struct {
	f      *pathwayFlags
	l      *referral.Log
	g      gate
	groups *network.Partition // nil: hospitals
	rows   []row
	why    reasons
}

func (a *pathwayAnswer) add(measure, scope string, r referral.Result, unit string) {
	a.rows = append(a.rows, row{measure, referral.Scoped{Scope: scope, Result: r}, unit, nil})
}

func (a *pathwayAnswer) count(measure, scope string, n int) {
	a.add(measure, scope, a.g.cell(a.g.count(float64(n))), unitPatients)
}

func (a *pathwayAnswer) visits(context.Context) error {
	v := pathway.CountVisits(a.l)
	a.count("without_visits", "", v.Without)
	a.count("hospital_unknown", "", v.Unknown)
	cells, whole := a.spread("patients_by_hospitals", v.Hospitals)
	mean, steps := a.g.of(v.Mean, v.Mean.N), a.g.of(v.MeanTransitions, v.MeanTransitions.N)
	if slices.ContainsFunc(cells, func(c referral.Cell) bool { return !c.Known() }) {
		// The means would give the hidden numbers away.
		mean, steps = withheld(math.NaN(), math.NaN()), withheld(math.NaN(), math.NaN())
	}
	a.add("mean_hospitals", "", mean, unitHospitals)
	if len(cells) > 0 {
		a.add("in_several_hospitals", "", a.g.share(cells[1:], cells[:1], whole), unitShare)
	}
	a.add("mean_transitions", "", steps, "transitions")
	return nil
}

// spread shows how patients are divided over 1, 2, 3 and so on.
func (a *pathwayAnswer) spread(measure string, counts []int) ([]referral.Cell, referral.Cell) {
	numbers := make([]float64, len(counts))
	for i, n := range counts {
		numbers[i] = float64(n)
	}
	cells, whole := a.g.family(numbers...)
	for i, c := range cells {
		r := a.g.cell(c)
		r.N = shownN(whole)
		a.add(measure, strconv.Itoa(i+1), r, unitPatients)
	}
	return cells, whole
}

func (a *pathwayAnswer) spans(context.Context) error {
	for _, s := range []pathway.Span{pathway.ToReferral, pathway.ToTreatment, pathway.ToArrival} {
		d := pathway.CountDays(a.l, s)
		scope := s.String()
		for _, x := range []struct {
			name  string
			value float64
		}{{"days_q1", d.Q1}, {"days_median", d.Median}, {"days_q3", d.Q3}, {"days_p90", d.P90}, {"days_mean", d.Mean}} {
			r := referral.UndefinedResult(referral.ReasonZeroDenominator)
			if d.N > 0 {
				r = referral.ExactResult(x.value)
			}
			a.add(x.name, scope, a.g.of(r, d.N), "days")
		}
		a.count("days_not_dated", scope, d.Undated)
		a.count("days_before_start", scope, d.Negative)
		a.count("days_never", scope, d.Never)
	}
	return nil
}

func (a *pathwayAnswer) waits(context.Context) error {
	w := pathway.CountWaits(a.l)
	curve, err := pathway.KaplanMeier(w.Waits, 0.95)
	if err != nil {
		return err
	}
	incidence, err := pathway.AalenJohansen(w.Waits)
	if err != nil {
		return err
	}
	n := len(w.Waits)
	none := referral.UndefinedResult(referral.ReasonZeroDenominator)
	median := none
	if day, ok := curve.Quantile(0.5); ok {
		median = referral.ExactResult(float64(day))
	} else if n > 0 {
		median = referral.UndefinedResult("not_reached")
	}
	a.add("wait_median", "", a.g.of(median, n), "days")
	mean := none
	if n > 0 {
		m, _ := curve.RestrictedMean(a.f.tau)
		mean = referral.ExactResult(m)
	}
	a.add("wait_restricted_mean", fmt.Sprintf("up to %d days", a.f.tau), a.g.of(mean, n), "days")
	days := slices.Sorted(slices.Values(a.f.days))
	for _, x := range []struct {
		name    string
		outcome pathway.Outcome
		share   func(pathway.IncidenceStep) float64
	}{
		{"treated_by", pathway.Treated, func(s pathway.IncidenceStep) float64 { return s.Treated }},
		{"died_untreated_by", pathway.Died, func(s pathway.IncidenceStep) float64 { return s.Died }},
	} {
		shown := 0 // patients behind the last value that is shown
		for _, day := range days {
			r, events := none, 0
			for _, wait := range w.Waits {
				if wait.Outcome == x.outcome && wait.Days <= day {
					events++
				}
			}
			switch {
			case a.g.hidden(float64(events - shown)):
				r = withheld(math.NaN(), math.NaN())
			case n > 0:
				r, shown = referral.ExactResult(x.share(incidence.At(day))), events
			}
			a.add(x.name, fmt.Sprintf("day %d", day), a.g.of(r, n), unitShare)
		}
	}
	a.count("wait_no_first_visit", "", w.NoFirst)
	a.count("wait_not_dated", "", w.Undated)
	a.count("wait_before_first_visit", "", w.Earlier)
	a.why.Rules["waits"] = "from first visit to first treatment; death competes; treated_by is Aalen-Johansen, the median Kaplan-Meier"
	return nil
}

func (a *pathwayAnswer) returns(context.Context) error {
	r := pathway.CountReturns(a.l)
	a.add("came_back", "", a.g.proportion(r.Back), unitShare)
	a.add("shared_treatment", "", a.g.proportion(r.Shared), unitShare)
	return nil
}

func (a *pathwayAnswer) transit(context.Context) error {
	for _, s := range pathway.CountTransit(a.l) {
		if s.Part.Hi == 0 {
			continue
		}
		a.add("transit", s.Origin, a.g.proportion(s), unitShare)
	}
	return nil
}

func (a *pathwayAnswer) continuity(context.Context) error {
	m := pathway.CountContinuity(a.l)
	a.add("continuity_bice_boxerman", "", a.g.of(m.BiceBoxerman, m.BiceBoxerman.N), "index")
	a.add("usual_provider", "", a.g.of(m.UsualProvider, m.UsualProvider.N), unitShare)
	a.count("continuity_too_few_events", "", m.TooFew)
	return nil
}

func (a *pathwayAnswer) sharing(context.Context) error {
	pairs := pathway.CountSharing(a.l)
	slices.SortStableFunc(pairs, func(x, y pathway.Sharing) int { return y.Patients - x.Patients })
	left := 0
	for i, p := range pairs {
		if a.f.top > 0 && i >= a.f.top || a.g.hidden(float64(p.Patients)) {
			left++
			continue
		}
		a.count("shared_patients", p.A+" & "+p.B, p.Patients)
	}
	a.left("pairs of hospitals with patients in common", left)
	return nil
}

func (a *pathwayAnswer) left(what string, n int) {
	if n > 0 {
		a.why.Notes = append(a.why.Notes, fmt.Sprintf("%d %s are not listed: beyond --top, or of 1 to 4 patients", n, what))
	}
}

func (a *pathwayAnswer) variants(context.Context) error {
	group := map[string]string{}
	by := pathway.ByRoute
	if a.groups != nil {
		by = pathway.ByGroup
		for _, h := range a.l.Hospitals() {
			if shares, ok := a.groups.Of(h); ok {
				group[h] = shares[0].Group
			}
		}
	}
	left := 0
	for i, v := range pathway.Variants(a.l, by, group) {
		if a.f.top > 0 && i >= a.f.top || a.g.hidden(float64(v.Patients)) {
			left++
			continue
		}
		scope := strings.Join(v.Steps, " > ")
		a.count("variant", scope, v.Patients)
		a.add("variant_cumulative", scope, referral.ExactResult(v.Cumulative), unitShare)
	}
	a.left("ways", left)
	return nil
}

func (a *pathwayAnswer) tissue(context.Context) error {
	t := pathway.CountShipments(a.l)
	cells, whole := a.spread("tissue_patients_by_legs", t.Legs)
	a.add("tissue_reached_treatment", "", a.g.proportion(t.Reached), unitShare)
	if len(cells) > 0 {
		a.add("tissue_detours", "", a.g.share(cells[1:], cells[:1], whole), unitShare)
	}
	a.add("tissue_in_time", "", a.g.proportion(pathway.TissueInTime(a.l)), unitShare)
	return nil
}

func (a *pathwayAnswer) order(ctx context.Context) error {
	o, err := pathway.OrderTest(ctx, a.l, pathway.OrderConfig{Seed: a.f.seed})
	if err != nil {
		return err
	}
	p := referral.UndefinedResult(referral.ReasonZeroDenominator)
	if o.DF > 0 {
		p = referral.ExactResult(o.P)
	}
	a.add("order_p", "", a.g.of(p, o.Steps), "probability")
	a.add("order_bits", "", a.g.of(referral.ExactResult(o.Bits), o.Steps), "bits/step")
	a.why.Rules["order"] = fmt.Sprintf("%d permutations with seed %d", o.Replicates, o.Seed)
	return nil
}
