// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"math"
	"slices"

	"github.com/oncoref/oncoref/internal/small"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/chart"
	"github.com/oncoref/oncoref/referral/coverage"
	"github.com/oncoref/oncoref/referral/inference"
	"github.com/oncoref/oncoref/referral/pathway"
)

var nan = math.NaN()

// eventMeasures is what the events say, of the patients that may be known. Where
// a field is raw, the figures hide small counts themselves.
type eventMeasures struct {
	care        []answer // tidy: one row a number
	volumes     []coverage.Volume
	annual      []coverage.Volume // a year, those whose flows are hidden included
	normed      bool              // against the norm every hospital stands where the figure shows it
	years       [2]int
	under       *coverage.Under
	involvement *coverage.Involvement
	classesOf   *coverage.Classes
	waits       []pathway.Wait
	trend       []chart.TrendPoint
	fewYears    int // that trend leaves out, with fewer than five patients
}

// measureCare measures what takes events, or centers and places, to know.
func (b *builder) measureCare() error {
	if err := b.measureEvents(); err != nil {
		return err
	}
	return b.measureReach()
}

// measureEvents measures what takes events to know.
func (b *builder) measureEvents() error {
	if b.log == nil || b.log.Patients() == 0 {
		return nil
	}
	b.measureVolumes()
	if len(b.in.Centers.Hospitals) > 0 {
		b.measureCenters()
		if err := b.measureClassesOf(); err != nil {
			return err
		}
	}
	b.measureVisits()
	if err := b.measureWaits(); err != nil {
		return err
	}
	b.measureReturns()
	if err := b.measureRoutes(); err != nil {
		return err
	}
	return b.measureYears()
}

func (b *builder) add(id, name, scope string, k kind, r referral.Result) {
	b.care = append(b.care, answer{id: id, name: name, scope: scope, kind: k, result: r, interval: noInterval})
}

// proportion adds a share of whole numbers, as far as it may be shown, with its
// interval where the counts are shown.
func (b *builder) proportion(id, name string, s referral.Share) {
	r := b.g.Proportion(s)
	a := answer{id: id, name: name, kind: ofShare, result: r, interval: noInterval}
	if r.Status == referral.OK {
		a.interval = b.share(id, name, s).interval
	}
	b.care = append(b.care, a)
}

// measureVolumes counts patients by hospital and year.
func (b *builder) measureVolumes() {
	l := b.l
	p := b.in.Rule.Period
	if p.From.IsZero() || p.To.IsZero() {
		p = b.log.Period()
	}
	kind := b.in.Rule.Modality
	for _, v := range coverage.CountVolumes(b.log, coverage.VolumeRule{ByKind: kind != ""}) {
		if v.Kind != kind || v.Year == 0 {
			continue
		}
		b.volumes = append(b.volumes, coverage.Volume{Hospital: v.Hospital, Year: v.Year, Kind: v.Kind, Patients: b.g.Count(v.Patients.Lo)})
	}
	if len(b.volumes) == 0 || p.From.IsZero() || p.To.IsZero() {
		return
	}
	b.years = [2]int{p.From.Year(), p.To.Year()}
	b.volumes = slices.DeleteFunc(b.volumes, func(v coverage.Volume) bool { return v.Year < b.years[0] || v.Year > b.years[1] })
	b.annual = coverage.AnnualMean(b.volumes, kind, b.years[0], b.years[1])
	shown := b.annual
	b.annual = b.withHidden(shown)
	if b.in.Norm == 0 {
		return
	}
	b.normed = slices.EqualFunc(shown, b.annual, func(v, w coverage.Volume) bool { return b.against(v.Patients) == b.against(w.Patients) })
	u := coverage.CountUnder(b.annual, b.in.Norm)
	b.under = &u
	scope := b.normName()
	b.add("coverage.CountUnder", l.t("hospitals with patients", "ziekenhuizen met patiënten"), scope, ofClasses, u.Active)
	b.add("coverage.CountUnder", b.underName(), scope, ofClasses, u.Hospitals)
	b.add("coverage.CountUnder", l.t("share of hospitals under the norm", "aandeel ziekenhuizen onder de norm"), scope, ofShare, u.Share)
	b.add("coverage.CountUnder", l.t("share of patients in hospitals under the norm", "aandeel patiënten in ziekenhuizen onder de norm"), scope, ofShare, u.SharePatients)
}

// withHidden widens annual volumes by the patients whose flows are hidden: any of
// them may have been treated in any hospital.
func (b *builder) withHidden(annual []coverage.Volume) []coverage.Volume {
	if b.hidden == 0 {
		return annual
	}
	out := slices.Clone(annual)
	for i, v := range out {
		more := float64(small.Hi*b.hidden) / float64(max(v.Years, 1))
		out[i].Patients = referral.Between(v.Patients.Lo, v.Patients.Hi+more)
	}
	return out
}

func (b *builder) underName() string { return b.l.t("of them under the norm", "daarvan onder de norm") }

func (b *builder) normName() string {
	s := b.l.number(b.in.Norm, 0) + b.l.t(" patients a year", " patiënten per jaar")
	if b.in.NormSource != "" {
		s += " (" + b.in.NormSource + ")"
	}
	return s
}

// measureCenters divides patients by their strongest contact with a center.
func (b *builder) measureCenters() {
	const id = "coverage.Involve"
	l := b.l
	v := coverage.Involve(b.log, b.in.Centers)
	b.involvement = &v
	cells, whole := b.g.Family(float64(v.Treated), float64(v.Seen), float64(v.Discussed), float64(v.None))
	for i, name := range []string{
		l.t("treated in a center", "behandeld in een centrum"), l.t("seen in a center", "gezien in een centrum"),
		l.t("discussed by a center", "besproken met een centrum"), l.t("no contact with a center", "geen contact met een centrum"),
	} {
		r := small.Result(cells[i])
		if i == 2 && !v.Registered {
			r = referral.UndefinedResult(coverage.ReasonNotRegistered)
		}
		b.add(id, name, "", ofPatients, r)
	}
	contact := b.g.Share(cells[:3], cells[3:], whole)
	if !v.Registered {
		contact = referral.BoundedResult(contact.Lo, 1, coverage.ReasonNotRegistered)
	}
	b.add(id, l.t("share with any contact with a center", "aandeel met enig contact met een centrum"), "", ofShare, contact)
}

// measureClassesOf divides the patients with the treatment by how they came to
// where it was.
func (b *builder) measureClassesOf() error {
	const id = "coverage.CountClasses"
	kind, l := b.in.Rule.Modality, b.l
	if kind == "" || !slices.Contains(b.log.Kinds(), kind) {
		return nil
	}
	x, err := coverage.CountClasses(b.log, kind, b.in.Centers)
	if err != nil {
		return err
	}
	b.classesOf = &x
	cells, whole := b.g.Family(x.Throughout, x.AfterDiagnosis, x.AfterTreatment, x.Elsewhere)
	for i, name := range []string{
		l.t("in a center throughout", "steeds in een centrum"), l.t("referred to a center after diagnosis", "na diagnose verwezen naar een centrum"),
		l.t("referred to a center after treatment", "na behandeling verwezen naar een centrum"), l.t("treated elsewhere", "elders behandeld"),
	} {
		b.add(id, name, l.event(kind), ofPatients, small.Result(cells[i]))
	}
	b.add(id, l.t("share definitively treated in a center", "aandeel definitief behandeld in een centrum"), l.event(kind), ofShare, b.g.Share(cells[:3], cells[3:], whole))
	b.add(id, l.t("of those first elsewhere, share referred to a center", "van wie elders begon, aandeel verwezen naar een centrum"), l.event(kind), ofShare, small.Among(cells[1:3], cells[3:]))
	return nil
}

// measureVisits counts in how many hospitals patients were.
func (b *builder) measureVisits() {
	const id = "pathway.CountVisits"
	l := b.l
	v := pathway.CountVisits(b.log)
	const most = 4 // hospitals; more are taken together
	counts := make([]float64, min(len(v.Hospitals), most))
	for i, n := range v.Hospitals {
		counts[min(i, most-1)] += float64(n)
	}
	cells, whole := b.g.Family(counts...)
	hidden := false
	for i, c := range cells {
		scope := l.number(float64(i+1), 0)
		if i == most-1 {
			scope = l.t(scope+" or more", scope+" of meer")
		}
		b.add(id, l.t("patients by number of hospitals", "patiënten naar aantal ziekenhuizen"), scope, ofPatients, small.Result(c))
		hidden = hidden || !c.Known()
	}
	if len(cells) == 0 {
		return
	}
	b.add(id, l.t("share in more than one hospital", "aandeel in meer dan één ziekenhuis"), "", ofShare, b.g.Share(cells[1:], cells[:1], whole))
	mean := b.g.Of(v.Mean, v.Mean.N)
	if hidden { // it would give the hidden numbers away
		mean = small.Withheld(nan, nan)
	}
	b.add(id, l.t("mean number of hospitals", "gemiddeld aantal ziekenhuizen"), "", ofRatio, mean)
}

// waitDays are the days at which the share treated is given.
var waitDays = [...]int{30, 60, 90}

// measureWaits measures the time to treatment. A log of treatments has no date of
// the first visit.
func (b *builder) measureWaits() error {
	l := b.l
	if b.log.Layout() == referral.LayoutTreatments {
		return nil
	}
	d := pathway.CountDays(b.log, pathway.ToTreatment)
	for _, x := range []struct {
		name string
		v    float64
	}{
		{l.t("first quartile", "eerste kwartiel"), d.Q1}, {l.t("median", "mediaan"), d.Median}, {l.t("third quartile", "derde kwartiel"), d.Q3},
	} {
		r := referral.UndefinedResult(referral.ReasonZeroDenominator)
		if d.N > 0 {
			r = referral.ExactResult(x.v)
		}
		b.add("pathway.CountDays", l.t("days to the first treatment, of those treated", "dagen tot de eerste behandeling, van de behandelden"), x.name, ofDays, b.g.Of(r, d.N))
	}
	w := pathway.CountWaits(b.log)
	b.waits = w.Waits
	n := len(w.Waits)
	curve, err := pathway.KaplanMeier(w.Waits, b.c.Level)
	if err != nil {
		return err
	}
	incidence, err := pathway.AalenJohansen(w.Waits)
	if err != nil || n == 0 {
		return err
	}
	median := referral.UndefinedResult(reasonNotReached)
	if day, ok := curve.Quantile(0.5); ok {
		median = referral.ExactResult(float64(day))
	}
	b.add("pathway.KaplanMeier", l.t("median wait, those still waiting included", "mediane wachttijd, wachtenden inbegrepen"), "", ofDays, b.g.Of(median, n))
	shown := 0 // patients behind the last value that is shown
	for _, day := range waitDays {
		events := 0
		for _, x := range w.Waits {
			if x.Outcome == pathway.Treated && x.Days <= day {
				events++
			}
		}
		r := small.Withheld(nan, nan)
		if !b.g.Hidden(float64(events-shown)) && !b.g.Hidden(float64(n)) {
			r, shown = referral.ExactResult(incidence.At(day).Treated), events
		}
		r.N = n
		b.add("pathway.AalenJohansen", l.t("share treated, death competing", "aandeel behandeld, met overlijden als concurrent"),
			fmt.Sprintf(l.t("by day %d", "op dag %d"), day), ofShare, r)
		b.care[len(b.care)-1].days = day
	}
	return nil
}

// measureReturns measures return referral, shared treatment and the ways of
// tissue.
func (b *builder) measureReturns() {
	l := b.l
	r := pathway.CountReturns(b.log)
	b.proportion("pathway.CountReturns", l.t("of those who changed hospital, share who came back", "van wie van ziekenhuis wisselde, aandeel dat terugkwam"), r.Back)
	b.proportion("pathway.CountReturns", l.t("of those who changed hospital, share treated after coming back", "van wie van ziekenhuis wisselde, aandeel na terugkomst behandeld"), r.Shared)
	if b.log.Layout() == referral.LayoutTreatments {
		return
	}
	t := pathway.CountShipments(b.log)
	if t.Patients == 0 {
		return
	}
	b.proportion("pathway.CountShipments", l.t("of those whose tissue was sent, share where it came to the treating hospital", "van wie weefsel is verstuurd, aandeel waar het in het behandelende ziekenhuis kwam"), t.Reached)
	b.proportion("pathway.CountShipments", l.t("of those whose tissue was sent, share with more than one leg", "van wie weefsel is verstuurd, aandeel met meer dan één etappe"), t.Detours)
}

// measureYears gives the share treated outside the own class by year. The counts
// of all years go through the gate together, since their sums are in the table.
func (b *builder) measureYears() error {
	r := b.in.Rule
	if len(r.Slices) > 0 || b.g.Hidden(float64(b.log.Patients())) {
		return nil
	}
	r.ByYear = true
	t, err := b.log.Table(r)
	if err != nil {
		return nil //nolint:nilerr // cases without a year: then there are no years to compare, and the report says so
	}
	at := map[network.Period]int{}
	var periods []network.Period
	var inside, outside []float64
	for f := range t.Slices() {
		if referral.Beside(f.Origin) || referral.Beside(f.Destination) {
			continue
		}
		i, ok := at[f.Period]
		if !ok {
			i = len(periods)
			at[f.Period] = i
			periods, inside, outside = append(periods, f.Period), append(inside, 0), append(outside, 0)
		}
		if f.Retained() {
			inside[i] += f.Cell.Lo
		} else {
			outside[i] += f.Cell.Lo
		}
	}
	if len(periods) < 2 {
		return nil
	}
	in, _ := b.g.Family(inside...)
	out, _ := b.g.Family(outside...)
	for i, p := range periods {
		whole := in[i].Add(out[i])
		if !b.c.AllowSmall && whole.Lo <= small.Hi {
			b.fewYears++ // one or two patients would make a share of 0 or 100%
			continue
		}
		r := small.Among(out[i:i+1], in[i:i+1])
		s := referral.Share{Part: out[i], Whole: whole, Result: r}
		if r.Status == referral.Suppressed {
			s.Result = referral.BoundedResult(r.Lo, r.Hi, small.Reason)
		}
		b.trend = append(b.trend, chart.TrendPoint{Period: p, Share: s})
	}
	slices.SortFunc(b.trend, func(x, y chart.TrendPoint) int { return int(x.Period.From) - int(y.Period.From) })
	for _, p := range b.trend {
		a := b.share("flow.SupraRegional", b.l.t("share treated outside the own "+b.noun()+", by year", "aandeel behandeld buiten het eigen "+b.noun()+", per jaar"), p.Share)
		a.scope = fmt.Sprint(p.Period.From.Year())
		b.care = append(b.care, a)
	}
	return nil
}

// rates are the intervals of annual volumes.
func (b *builder) rate(v coverage.Volume) inference.Interval {
	total := v.Patients
	if v.Years > 0 {
		total = referral.Between(math.Round(total.Lo*float64(v.Years)), math.Round(total.Hi*float64(v.Years)))
	}
	i, err := inference.Rate(total, inference.RateConfig{Years: float64(max(v.Years, 1)), Level: b.c.Level})
	if err != nil {
		return noInterval
	}
	return i
}
