// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/coverage"
)

// Units of results.
const (
	unitPatients  = "patients"
	unitHospitals = "hospitals"
	unitYearly    = "patients/year"
)

// coverageAnswer collects what "oncoref coverage" finds.
type coverageAnswer struct {
	f      *coverageFlags
	s      *network.Snapshot // nil without a landscape
	g      gate
	list   coverage.List
	other  *coverage.List // compared with list
	groups *network.Partition

	annual []coverage.Volume // patients a year, as shown
	rows   []row
	why    reasons
}

func (a *coverageAnswer) add(measure, scope string, r referral.Result, unit string) {
	a.rows = append(a.rows, row{measure, referral.Scoped{Scope: scope, Result: r}, unit, nil})
}

func (a *coverageAnswer) note(format string, v ...any) {
	a.why.Notes = append(a.why.Notes, fmt.Sprintf(format, v...))
}

// fromTable measures a flow table of hospitals.
func (a *coverageAnswer) fromTable(c *cobra.Command, path string, in *bufio.Reader) error {
	t, err := readTable(c, in, referral.TableConfig{
		File: path, Meta: referral.Meta{Level: referral.LevelHospital}, Retained: a.f.retained, Within: a.s, Windows1252: a.f.windows1252,
	})
	if err != nil {
		return err
	}
	if a.f.modality != "" {
		if t, err = t.Filter(referral.Selection{Modality: a.f.modality}); err != nil {
			return err
		}
	}
	if t, err = a.g.pass(c, sourceName(path), t); err != nil {
		return err
	}
	if err := a.treated(t); err != nil {
		return err
	}
	years, err := a.years(t.Meta().Period)
	if err != nil {
		return err
	}
	volumes := coverage.PeriodVolumes(t)
	for _, v := range volumes {
		a.add("volume", v.Hospital, bounds(v.Patients, referral.ReasonUnknownCells), unitPatients)
	}
	if years == [2]int{} {
		a.note("the years of the table are not known: norms are left out; --period gives them")
		a.annual = volumes
		return nil
	}
	for i, v := range volumes {
		volumes[i].Year, volumes[i].Patients = years[0], v.Patients
	}
	a.means(coverage.AnnualMean(volumes, "", years[0], years[1]))
	return nil
}

// fromExtract measures an extract.
func (a *coverageAnswer) fromExtract(c *cobra.Command, path string, in *bufio.Reader) error {
	config, err := a.f.config(path, nil)
	if err != nil {
		return err
	}
	config.Log.Strict = !a.f.refused
	l, _, err := readExtract(c, path, in, config)
	if err != nil {
		return err
	}
	if n := len(l.Tumors()); n > 1 {
		a.note("the extract has %d tumors; all its patients count", n)
	}
	a.involvement(l)
	if err := a.classes(l); err != nil {
		return err
	}
	t, err := l.Table(referral.Rule{Modality: a.f.modality})
	if err != nil {
		return err
	}
	if err := a.treated(t); err != nil {
		return err
	}
	return a.volumes(l)
}

// involvement counts patients by their strongest contact with a center; by
// group it gives shares only, as the counts of both would give small ones away.
func (a *coverageAnswer) involvement(l *referral.Log) {
	if a.groups == nil {
		v := coverage.Involve(l, a.list)
		counts := []float64{float64(v.Treated), float64(v.Seen), float64(v.Discussed), float64(v.ReferredOnly), float64(v.None - v.ReferredOnly)}
		cells, whole := a.g.family(counts...)
		for i, name := range []string{"treated_in_center", "seen_in_center", "discussed_by_center", "only_referred_to_center", "no_contact_with_center"} {
			r := a.g.cell(cells[i])
			if i == 2 && !v.Registered {
				r = referral.UndefinedResult(coverage.ReasonNotRegistered)
			}
			r.N = shownN(whole)
			a.add(name, "", r, unitPatients)
		}
		involved := a.g.share(cells[:3], cells[3:], whole)
		if !v.Registered {
			involved = referral.BoundedResult(involved.Lo, 1, coverage.ReasonNotRegistered)
		}
		a.add("center_involved", "", involved, unitShare)
		return
	}
	for _, x := range coverage.InvolveBy(l, a.list, a.groupOf) {
		label := x.Group
		if label == "" {
			label = referral.OriginUnknown
		}
		r := a.g.proportion(x.Any)
		if !x.Registered {
			r = referral.BoundedResult(r.Lo, 1, coverage.ReasonNotRegistered)
		}
		a.add("center_involved", label, r, unitShare)
	}
}

// groupOf is the group of the hospital of a patient's first visit.
func (a *coverageAnswer) groupOf(p referral.Pathway) string {
	h, _, ok := p.FirstVisit()
	if !ok {
		return ""
	}
	shares, ok := a.groups.Of(h)
	if !ok {
		return h
	}
	return shares[0].Group
}

// classes divides the patients with the treatment as figure 3.3 does.
func (a *coverageAnswer) classes(l *referral.Log) error {
	if a.f.modality == "" || a.groups != nil {
		return nil
	}
	x, err := coverage.CountClasses(l, a.f.modality, a.list)
	if err != nil {
		return err
	}
	cells, whole := a.g.family(x.Throughout, x.AfterDiagnosis, x.AfterTreatment, x.Elsewhere)
	for i, name := range []string{"class_center_throughout", "class_referred_after_diagnosis", "class_referred_after_treatment", "class_treated_elsewhere"} {
		r := a.g.cell(cells[i])
		r.N = shownN(whole)
		a.add(name, a.f.modality, r, unitPatients)
	}
	a.add("definitively_in_center", a.f.modality, a.g.share(cells[:3], cells[3:], whole), unitShare)
	a.add("referred_of_others", a.f.modality, among(cells[1:3], cells[3:]), unitShare)
	a.add("class_origin_unknown", a.f.modality, a.g.cell(a.g.count(float64(x.OriginUnknown))), unitPatients)
	a.add("class_hospital_unknown", a.f.modality, a.g.cell(a.g.count(float64(x.HospitalLost))), unitPatients)
	return nil
}

// among is the share of part in part and rest, as far as the cells tell.
func among(part, rest []referral.Cell) referral.Result {
	x, y := add(part), add(rest)
	if x.Hi+y.Hi == 0 {
		return referral.UndefinedResult(referral.ReasonZeroDenominator)
	}
	lo, hi := ratio(x.Lo, y.Hi), ratio(x.Hi, y.Lo)
	if x.Known() && y.Known() {
		r := referral.ExactResult(lo)
		r.N = int(x.Lo + y.Lo)
		return r
	}
	return withheld(lo, hi)
}

// treated gives the shares by place of treatment, of groups if there are any.
func (a *coverageAnswer) treated(t *referral.Table) error {
	a.why.Synthetic = t.Meta().Synthetic
	a.why.Rules["origin"], a.why.Rules["destination"] = t.Meta().OriginRule.String(), t.Meta().DestinationRule.String()
	if a.groups != nil {
		a.why.Rules["groups"] = a.groups.Name() + ", hospitals of several: " + a.f.double
	}
	shares, err := coverage.TreatedInCenters(t, a.list, a.groups)
	if err != nil {
		return fmt.Errorf("%w; --rest gives hospitals in no group a class", err)
	}
	if a.f.by == "" {
		a.add("patients_treated_in_center", "", a.g.proportion(shares[len(shares)-1]), unitShare)
		return nil
	}
	// The last share is that of all: from what is shown of the groups.
	var in, out []referral.Cell
	for _, x := range shares[:len(shares)-1] {
		if !x.Part.Known() || !x.Whole.Known() {
			a.add("patients_treated_in_center", x.Origin, x.Result, unitShare)
			in, out = append(in, x.Part), append(out, referral.MissingCell())
			continue
		}
		cells, whole := a.g.family(x.Part.Lo, x.Whole.Lo-x.Part.Lo)
		in, out = append(in, cells[0]), append(out, cells[1])
		r := a.g.share(cells[:1], cells[1:], whole)
		if r.Status == referral.Undefined {
			r = x.Result
		}
		a.add("patients_treated_in_center", x.Origin, r, unitShare)
	}
	all := shares[len(shares)-1].Result
	if shares[len(shares)-1].Status != referral.Bounded {
		all = among(in, out)
	}
	a.add("patients_treated_in_center", "", all, unitShare)
	return nil
}

// volumes counts patients by hospital and year, and sets annual means against
// the norms.
func (a *coverageAnswer) volumes(l *referral.Log) error {
	years, err := a.years(l.Period())
	if err != nil {
		return err
	}
	var volumes []coverage.Volume
	undated := 0
	for _, v := range coverage.CountVolumes(l, coverage.VolumeRule{ByKind: a.f.modality != ""}) {
		if v.Kind != a.f.modality || v.Year != 0 && (v.Year < years[0] || v.Year > years[1]) {
			continue
		}
		if v.Year == 0 {
			undated += v.Treatments
			continue
		}
		v.Patients = a.g.count(v.Patients.Lo)
		volumes = append(volumes, v)
		a.add("volume", v.Hospital+" "+strconv.Itoa(v.Year), a.g.cell(v.Patients), unitPatients)
	}
	if undated > 0 {
		a.note("treatments without a date are in no volume")
	}
	a.means(coverage.AnnualMean(volumes, a.f.modality, years[0], years[1]))
	return nil
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

// means gives annual means and the hospitals under the norms.
func (a *coverageAnswer) means(annual []coverage.Volume) {
	a.annual = annual
	for _, v := range annual {
		a.add("annual_volume", v.Hospital, bounds(v.Patients, reasonSmall), unitYearly)
	}
	for _, n := range a.norms() {
		u := coverage.CountUnder(annual, n.Lower)
		scope := fmt.Sprintf("%s %v", n.Body, n.Lower)
		a.add("hospitals_active", scope, u.Active, unitHospitals)
		a.add("hospitals_under_norm", scope, u.Hospitals, unitHospitals)
		a.add("share_hospitals_under_norm", scope, u.Share, unitShare)
		a.add("share_patients_under_norm", scope, u.SharePatients, unitShare)
		a.note("under %s a year (%s): certain %s", scope, n.Unit, orNone(u.Certain))
		if len(u.Possible) > len(u.Certain) {
			a.note("under %s a year (%s): possible %s", scope, n.Unit, orNone(u.Possible))
		}
	}
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

// access measures how far people live from the centers, if regions are there.
func (a *coverageAnswer) access() error {
	if a.s == nil || len(a.s.Landscape().Regions()) == 0 {
		return nil
	}
	x, err := coverage.NewAccess(a.s.Landscape(), a.list, coverage.AccessConfig{Minutes: a.f.minutes, Detour: a.f.detour})
	if err != nil {
		return err
	}
	w := coverage.Population
	switch a.f.weight {
	case "population":
	case "cases":
		w = coverage.Cases
	default:
		return usagef("weight %q: expected population or cases", a.f.weight)
	}
	if x.Unknown == len(x.Regions)*len(a.list.Hospitals) {
		a.note("no distance between regions and centers is known: no measures of access")
		return nil
	}
	a.why.Rules["distance"] = fmt.Sprintf("%d pairs of region and center are great circles, times %v; %d are not known", x.Circles, a.f.detour, x.Unknown)
	largest, _ := x.Largest()
	a.add("mean_distance", "", x.Mean(w), x.Unit)
	a.add("largest_distance", "", largest, x.Unit)
	a.add("gini_distance", "", x.Gini(w), "index")
	for _, r := range x.Regions {
		result := referral.UndefinedResult(referral.ReasonUnknownCells)
		if !math.IsNaN(r.Distance) {
			result = referral.ExactResult(r.Distance)
		}
		a.add("distance_to_center", r.Region, result, x.Unit)
	}
	for _, limit := range a.f.within {
		if !(limit >= 0) || math.IsInf(limit, 1) {
			return usagef("within %v: expected a number of at least 0", limit)
		}
		scope := fmt.Sprintf("%v %s", limit, x.Unit)
		for i, name := range []string{"within_reach", "within_reach_of_two"} {
			s := x.Within(limit, w, i+1)
			if w == coverage.Cases {
				s.Result = a.g.proportion(s)
			}
			a.add(name, scope, s.Result, unitShare)
		}
		for _, lost := range x.WithoutEach(limit, a.annual) {
			s := lost.Covered
			if w == coverage.Cases {
				s.Result = a.g.proportion(s)
			}
			a.add("within_reach_without", scope+" "+lost.Center, s.Result, unitShare)
		}
	}
	return nil
}

// agreement compares the list with another one.
func (a *coverageAnswer) agreement() {
	if a.other == nil {
		return
	}
	var all []string
	for _, h := range a.s.Hospitals() {
		all = append(all, h.ID)
	}
	x := coverage.Agree(a.list, *a.other, all)
	y := coverage.AgreeWeighted(a.list, *a.other, a.annual)
	scope := a.list.Name + " / " + a.other.Name
	a.add("hospitals_on_both", scope, referral.ExactResult(float64(len(x.Both))), unitHospitals)
	a.add("hospitals_on_first_only", scope, referral.ExactResult(float64(len(x.OnlyA))), unitHospitals)
	a.add("hospitals_on_second_only", scope, referral.ExactResult(float64(len(x.OnlyB))), unitHospitals)
	a.add("jaccard", scope, x.Jaccard, unitShare)
	a.add("f1", scope, x.F1, unitShare)
	a.add("kappa", scope, x.Kappa, "index")
	a.add("jaccard_by_patients", scope, y.Jaccard, unitShare)
	a.note("only %s: %s; only %s: %s", a.list.Name, orNone(x.OnlyA), a.other.Name, orNone(x.OnlyB))
}

// bounds is a cell as a result.
func bounds(c referral.Cell, reason string) referral.Result {
	return referral.BoundedResult(c.Lo, c.Hi, reason)
}

// shownN is the number of patients behind a result, if that is shown.
func shownN(c referral.Cell) int {
	if c.Known() {
		return int(c.Lo)
	}
	return 0
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
