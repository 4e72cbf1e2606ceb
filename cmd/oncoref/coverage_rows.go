// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"fmt"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"github.com/oncoref/oncoref/internal/small"
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

	counted bool              // from an extract: numbers of patients are ranges
	annual  []coverage.Volume // patients a year, as shown
	rows    []row
	why     reasons
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
	if a.f.modality != "" || a.f.tumor != "" {
		if t, err = t.Filter(referral.Selection{Modality: a.f.modality, Tumor: a.f.tumor}); err != nil {
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
	}
	return a.means(volumes, years)
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
	if l, err = a.f.ofTumor(l); err != nil {
		return err
	}
	if n := len(l.Tumors()); n > 1 {
		a.note("the extract has %d tumors; all its patients count; --tumor chooses one", n)
	}
	if err := a.g.passCounts(c, sourceName(path)); err != nil {
		return err
	}
	a.counted = true
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
		cells, whole := a.g.family(v.Treated, v.Seen, v.Discussed, v.ReferredOnly, v.None-v.ReferredOnly)
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
	cells, whole := a.g.family(int(x.Throughout), int(x.AfterDiagnosis), int(x.AfterTreatment), int(x.Elsewhere))
	for i, name := range []string{"class_center_throughout", "class_referred_after_diagnosis", "class_referred_after_treatment", "class_treated_elsewhere"} {
		r := a.g.cell(cells[i])
		r.N = shownN(whole)
		a.add(name, a.f.modality, r, unitPatients)
	}
	a.add("definitively_in_center", a.f.modality, a.g.share(cells[:3], cells[3:], whole), unitShare)
	a.add("referred_of_others", a.f.modality, among(cells[1:3], cells[3:]), unitShare)
	a.add("class_origin_unknown", a.f.modality, a.g.cell(a.g.count(x.OriginUnknown)), unitPatients)
	a.add("class_hospital_unknown", a.f.modality, a.g.cell(a.g.count(x.HospitalLost)), unitPatients)
	return nil
}

// among is the share of part in part and rest, as far as the cells tell.
func among(part, rest []referral.Cell) referral.Result {
	r := small.Among(part, rest)
	if r.Status == referral.Suppressed && !few(small.Add(part).Hi) && !few(small.Add(rest).Hi) {
		r.Reason = reasonRange
	}
	return r
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
	all := shares[len(shares)-1]
	if a.f.by == "" || !a.counted {
		if a.f.by == "" {
			shares = shares[len(shares)-1:]
		}
		for _, x := range shares {
			r := x.Result
			if a.counted {
				r = a.g.proportion(x)
			}
			a.add("patients_treated_in_center", x.Origin, r, unitShare)
		}
		return nil
	}
	// The share of all follows from what is shown of the groups.
	var in, out []referral.Cell
	for _, x := range shares[:len(shares)-1] {
		if !x.Part.Known() || !x.Whole.Known() {
			a.add("patients_treated_in_center", x.Origin, x.Result, unitShare)
			in, out = append(in, x.Part), append(out, referral.MissingCell())
			continue
		}
		cells, whole := a.g.family(int(x.Part.Lo), int(x.Whole.Lo-x.Part.Lo))
		in, out = append(in, cells[0]), append(out, cells[1])
		r := a.g.share(cells[:1], cells[1:], whole)
		if r.Status == referral.Undefined {
			r = x.Result
		}
		a.add("patients_treated_in_center", x.Origin, r, unitShare)
	}
	r := all.Result
	if all.Status != referral.Bounded {
		r = among(in, out)
	}
	a.add("patients_treated_in_center", "", r, unitShare)
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

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
