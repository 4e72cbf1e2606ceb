// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/coverage"
	"github.com/oncoref/oncoref/referral/inference"
)

// volumes counts patients by hospital and year, and sets annual means against
// the norms.
func (a *coverageAnswer) volumes(l *referral.Log) error {
	years, err := a.years(l.Period())
	if err != nil {
		return err
	}
	period := map[string]int{}
	undated := 0
	for _, v := range coverage.CountVolumes(l, coverage.VolumeRule{ByKind: a.f.modality != ""}) {
		if v.Kind != a.f.modality || v.Year != 0 && (v.Year < years[0] || v.Year > years[1]) {
			continue
		}
		if v.Year == 0 {
			undated += v.Treatments
			continue
		}
		n := int(v.Patients.Lo)
		period[v.Hospital] += n
		a.add("volume", v.Hospital+" "+strconv.Itoa(v.Year), a.g.cell(a.g.count(n)), unitPatients)
	}
	if undated > 0 {
		a.note("treatments without a date are in no volume")
	}
	var sums []coverage.Volume
	for _, h := range sortedKeys(period) {
		sums = append(sums, coverage.Volume{Hospital: h, Patients: a.g.count(period[h])})
	}
	return a.means(sums, years)
}

// years is the period of the volumes; zero if it is not known.
func (a *coverageAnswer) years(p network.Period) ([2]int, error) {
	if a.f.period != "" {
		var err error
		if p, err = network.ParsePeriod(a.f.period); err != nil {
			return [2]int{}, &usageError{err}
		}
	}
	if p.From.IsZero() || p.To.IsZero() {
		return [2]int{}, nil
	}
	a.why.Rules["volumes"] = fmt.Sprintf("patients a year, mean of %d-%d, years without patients included", p.From.Year(), p.To.Year())
	return [2]int{p.From.Year(), p.To.Year()}, nil
}

// means gives how concentrated the volumes of a period are, annual means with
// their intervals, and the hospitals under the norms. Without years it leaves
// what is a year out.
func (a *coverageAnswer) means(sums []coverage.Volume, years [2]int) error {
	if err := a.concentration(sums); err != nil {
		return err
	}
	if years == [2]int{} {
		a.annual = sums
		return nil
	}
	length := years[1] - years[0] + 1
	a.annual = yearly(sums, length)
	for i, v := range a.annual {
		interval, err := inference.Rate(sums[i].Patients, inference.RateConfig{Years: float64(length)})
		if err != nil {
			return err
		}
		r := a.shown(v.Patients)
		a.rows = append(a.rows, row{"annual_volume", referral.Scoped{Scope: v.Hospital, Result: r}, unitYearly, &interval})
	}
	for _, n := range a.norms() {
		u := coverage.CountUnder(a.annual, n.Lower)
		scope := fmt.Sprintf("%s %v", n.Body, n.Lower)
		a.add("hospitals_active", scope, u.Active, unitHospitals)
		a.add("hospitals_under_norm", scope, u.Hospitals, unitHospitals)
		a.add("share_hospitals_under_norm", scope, u.Share, unitShare)
		a.add("share_patients_under_norm", scope, u.SharePatients, unitShare)
		a.note("under %s a year (%s): certain %s", scope, n.Unit, orNone(u.Certain))
		if len(u.Possible) > 0 {
			a.note("under %s a year (%s): possible %s", scope, n.Unit, orNone(u.Possible))
		}
	}
	return nil
}

// topHospitals are the numbers of hospitals whose share of all patients is
// given.
const topHospitals = 5

func (a *coverageAnswer) concentration(sums []coverage.Volume) error {
	for k := 1; k <= min(topHospitals, len(sums)); k++ {
		r, err := coverage.TopShare(sums, k)
		if err != nil {
			return err
		}
		a.add("top_share", strconv.Itoa(k), a.bounded(r), unitShare)
	}
	r, err := coverage.Centralization(sums)
	if err != nil {
		return err
	}
	a.add("freeman_centralization", "", a.bounded(r), unitIndex)
	return nil
}

// shown is a volume as a result.
func (a *coverageAnswer) shown(c referral.Cell) referral.Result {
	if a.counted {
		return a.g.cell(c)
	}
	return bounds(c, reasonSmall)
}

// bounded takes the number of patients from a result that rests on ranges.
func (a *coverageAnswer) bounded(r referral.Result) referral.Result {
	if r.Status == referral.Bounded {
		r.N = 0
	}
	return r
}

func orNone(list []string) string {
	if len(list) == 0 {
		return "none"
	}
	return strings.Join(list, ", ")
}

// norms gives the norms that apply, and tells why others do not.
func (a *coverageAnswer) norms() []network.Norm {
	if x, err := strconv.ParseFloat(a.f.norm, 64); err == nil && x > 0 && !math.IsInf(x, 1) {
		n := chosenNorm(x)
		a.why.norm(n, "")
		return []network.Norm{n}
	}
	if a.s == nil || a.f.disease == "" {
		return nil
	}
	var out []network.Norm
	for _, n := range a.s.Norms(network.NormQuery{Body: a.f.norm, Disease: a.f.disease}) {
		reason := ""
		switch {
		case !n.Published() || math.IsNaN(n.Lower):
			reason = "the number is not published"
		case n.Unit != unitYearly && n.Unit != unitYearly+"/hospital":
			reason = "it counts " + n.Unit + ", here are patients/year/hospital"
		case n.Modality != "" && n.Modality != a.f.modality:
			reason = "it is about " + n.Modality + "; --modality chooses that"
		default:
			out = append(out, n)
		}
		a.why.norm(n, reason)
	}
	return out
}

// yearly gives volumes a year, of those of so many years. The result is sorted by
// hospital.
func yearly(volumes []coverage.Volume, years int) []coverage.Volume {
	out := slices.Clone(volumes)
	for i := range out {
		out[i].Year = years // all in one year, of as many
	}
	return coverage.AnnualMean(out, "", 1, years)
}
