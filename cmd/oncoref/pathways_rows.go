// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/oncoref/oncoref/internal/small"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/pathway"
)

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
	a.add(measure, scope, a.g.cell(a.g.count(n)), unitPatients)
}

func (a *pathwayAnswer) visits(context.Context) error {
	v := pathway.CountVisits(a.l)
	a.count("without_visits", "", v.Without)
	a.count("hospital_unknown", "", v.Unknown)
	cells, whole := a.spread("patients_by_hospitals", v.Hospitals)
	mean, steps := v.Mean, v.MeanTransitions
	if !a.g.allowSmall && v.Patients > 0 {
		number := make([]float64, len(cells))
		for i := range cells {
			number[i] = float64(i + 1)
		}
		mean = within(referral.WeightedMean(number, cells))
		steps = a.transitions(v, pathway.CountReturns(a.l).Movers)
	}
	a.add("mean_hospitals", "", mean, unitHospitals)
	if len(cells) > 0 {
		a.add("in_several_hospitals", "", a.g.share(cells[1:], cells[:1], whole), unitShare)
	}
	a.add("mean_transitions", "", steps, "transitions")
	return nil
}

// transitions shows the changes of hospital per patient, to within those of five
// who changed.
func (a *pathwayAnswer) transitions(v pathway.Visits, movers int) referral.Result {
	if v.Transitions == 0 {
		return v.MeanTransitions
	}
	if a.g.hidden(float64(movers)) {
		return small.Withheld(math.NaN(), math.NaN())
	}
	n := float64(v.Transitions)
	step := threshold * math.Ceil(n/float64(movers))
	few, all := math.Floor(n/step)*step, a.g.count(v.Patients)
	return within(referral.BoundedResult(few/all.Hi, (few+step)/all.Lo, reasonRange))
}

// spread shows how patients are divided over 1, 2, 3 and so on.
func (a *pathwayAnswer) spread(measure string, counts []int) ([]referral.Cell, referral.Cell) {
	cells, whole := a.g.family(counts...)
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
			name     string
			value    float64
			quantile float64
		}{{"days_q1", d.Q1, 0.25}, {"days_median", d.Median, 0.5}, {"days_q3", d.Q3, 0.75}, {"days_p90", d.P90, 0.9}, {"days_mean", d.Mean, 0.5}} {
			r := referral.UndefinedResult(referral.ReasonZeroDenominator)
			if d.N > 0 {
				r = referral.ExactResult(x.value)
			}
			a.add(x.name, scope, a.days(r, d.N, int(min(x.quantile, 1-x.quantile)*float64(d.N)+1e-9)), "days")
		}
		a.count("days_not_dated", scope, d.Undated)
		a.count("days_before_start", scope, d.Negative)
		a.count("days_never", scope, d.Never)
	}
	return nil
}

// days shows a number of days that rests on n patients, and at one side of which
// so few of them are: with fewer than five it would be that of one of a few.
func (a *pathwayAnswer) days(r referral.Result, n, few int) referral.Result {
	if !a.g.allowSmall && n > 0 && few < threshold {
		return small.Withheld(math.NaN(), math.NaN())
	}
	return a.g.of(r, n, 1)
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
	earlier := 0
	for _, wait := range w.Waits {
		if wait.Outcome == pathway.Treated && float64(wait.Days) <= median.Value {
			earlier++
		}
	}
	if median.Status == referral.OK {
		median = a.days(median, n, min(earlier, n/2))
	} else {
		median = a.g.of(median, n, 1)
	}
	a.add("wait_median", "", median, "days")
	mean := none
	if n > 0 {
		m, _ := curve.RestrictedMean(a.f.tau)
		mean = referral.ExactResult(m)
	}
	a.add("wait_restricted_mean", fmt.Sprintf("up to %d days", a.f.tau), a.days(mean, n, n), "days")
	days := slices.Sorted(slices.Values(a.f.days))
	for _, x := range []struct {
		name  string
		share func(pathway.IncidenceStep) float64
	}{
		{"treated_by", func(s pathway.IncidenceStep) float64 { return s.Treated }},
		{"died_untreated_by", func(s pathway.IncidenceStep) float64 { return s.Died }},
	} {
		for _, day := range days {
			r := none
			if n > 0 {
				r = referral.ExactResult(x.share(incidence.At(day)))
			}
			a.add(x.name, fmt.Sprintf("day %d", day), a.g.average(r, n), unitShare)
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
	a.add("continuity_bice_boxerman", "", a.g.average(m.BiceBoxerman, m.BiceBoxerman.N), "index")
	a.add("usual_provider", "", a.g.average(m.UsualProvider, m.UsualProvider.N), unitShare)
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

func (a *pathwayAnswer) note(format string, v ...any) {
	a.why.Notes = append(a.why.Notes, fmt.Sprintf(format, v...))
}

func (a *pathwayAnswer) left(what string, n int) {
	if n > 0 {
		a.note("%d %s are not listed: beyond --top, or of 1 to 4 patients", n, what)
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
	left, listed := 0, 0
	variants := pathway.Variants(a.l, by, group)
	all := 0
	for _, v := range variants {
		all += v.Patients
	}
	for i, v := range variants {
		if a.f.top > 0 && i >= a.f.top || a.g.hidden(float64(v.Patients)) {
			left++
			continue
		}
		scope := strings.Join(v.Steps, " > ")
		a.count("variant", scope, v.Patients)
		listed += v.Patients
		a.add("variant_cumulative", scope, a.g.part(listed, all), unitShare)
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
	a.add("order_p", "", a.g.of(p, o.Steps, 0.01), "probability")
	a.add("order_bits", "", a.g.of(referral.ExactResult(o.Bits), o.Steps, 0.01), "bits/step")
	a.why.Rules["order"] = fmt.Sprintf("%d permutations with seed %d", o.Replicates, o.Seed)
	return nil
}
