// SPDX-License-Identifier: Apache-2.0

package coverage

import (
	"cmp"
	"math"
	"slices"

	"github.com/oncoref/oncoref/referral"
)

// Volume is how many patients a hospital treated with a modality in a year.
type Volume struct {
	Hospital string
	Year     int    // 0: the whole period
	Kind     string // modality; empty: all together
	// Patients are different patients. A cell that is missing means that the
	// number is not known; that a hospital does not offer a modality is said by
	// leaving the volume out. A patient treated in two hospitals counts in both,
	// so volumes do not add up to patients.
	Patients   referral.Cell
	Treatments int // events, where they were counted; 0 otherwise
	// Years is the number of years that Patients is the annual mean of; 0 if it
	// is a count.
	Years int
}

// VolumeRule says how CountVolumes counts.
type VolumeRule struct {
	ByKind bool // a volume for each kind of treatment, instead of all together
}

// CountVolumes counts patients and treatments by hospital and year of treatment
// from a log, patients without a known first visit included. Treatments without
// a date stand under year 0, those in a hospital that is not known are left out.
// The result is sorted by hospital, year and kind; what did not occur is left
// out, as the log does not say what a hospital offers. Time O(n) for n events.
//
// IKNL 2023, figures 3.1 to 3.16.
func CountVolumes(l *referral.Log, r VolumeRule) []Volume {
	type key struct {
		hospital string
		year     int
		kind     string
	}
	type counts struct{ patients, treatments int }
	type worker struct {
		count map[key]*counts
		mine  []key // of one patient
	}
	start := func() *worker { return &worker{count: map[key]*counts{}} }
	workers := referral.EachPathway(l, start, func(w *worker, p referral.Pathway) {
		w.mine = w.mine[:0]
		for i := range p.Len() {
			if !p.IsTreatment(i) {
				continue
			}
			e := p.Event(i)
			if e.Hospital == "" || e.Hospital == referral.DestinationUnknown {
				continue
			}
			k := key{hospital: e.Hospital, year: e.Date.Year()}
			if r.ByKind {
				k.kind = e.Kind
			}
			c := w.count[k]
			if c == nil {
				c = &counts{}
				w.count[k] = c
			}
			c.treatments++
			if !slices.Contains(w.mine, k) {
				w.mine = append(w.mine, k)
				c.patients++
			}
		}
	})
	count := map[key]counts{}
	for _, w := range workers {
		for k, n := range w.count {
			c := count[k]
			count[k] = counts{c.patients + n.patients, c.treatments + n.treatments}
		}
	}
	var out []Volume
	for k, c := range count {
		out = append(out, Volume{
			Hospital: k.hospital, Year: k.year, Kind: k.kind, Patients: referral.Count(float64(c.patients)), Treatments: c.treatments,
		})
	}
	slices.SortFunc(out, func(a, b Volume) int {
		return cmp.Or(cmp.Compare(a.Hospital, b.Hospital), cmp.Compare(a.Year, b.Year), cmp.Compare(a.Kind, b.Kind))
	})
	return out
}

// AnnualMean returns the mean number of patients a year over a period of years,
// for each hospital that has a volume of the kind in any of them: years without
// one count as 0, as a hospital that offers a modality had no patients then.
// Hospitals without any volume do not offer it and are left out. Volumes of
// year 0 are not in the mean. The result has Year 0 and is sorted by hospital;
// it is empty if to is before from.
func AnnualMean(volumes []Volume, kind string, from, to int) []Volume {
	sum := map[string]referral.Cell{}
	for _, v := range volumes {
		if v.Kind == kind && v.Year >= from && v.Year <= to && v.Year != 0 {
			sum[v.Hospital] = sum[v.Hospital].Add(v.Patients)
		}
	}
	years := float64(to - from + 1)
	var out []Volume
	for h, c := range sum {
		mean := referral.Between(c.Lo/years, c.Hi/years)
		if c.Known() {
			mean = referral.Count(c.Lo / years)
		}
		out = append(out, Volume{Hospital: h, Kind: kind, Patients: mean, Years: to - from + 1})
	}
	slices.SortFunc(out, func(a, b Volume) int { return cmp.Compare(a.Hospital, b.Hospital) })
	return out
}

// PeriodVolumes returns the destination totals of a table of hospitals as
// volumes, sorted by hospital. One of which published totals and cells
// contradict each other is missing.
func PeriodVolumes(t *referral.Table) []Volume {
	var out []Volume
	for _, h := range t.Classes() {
		if referral.Beside(h) {
			continue
		}
		c := referral.MissingCell()
		switch r := t.DestinationTotal(h); {
		case r.Status == referral.OK:
			c = referral.Count(r.Value)
		case !math.IsNaN(r.Lo):
			c = referral.Between(r.Lo, r.Hi)
		}
		out = append(out, Volume{Hospital: h, Patients: c})
	}
	slices.SortFunc(out, func(a, b Volume) int { return cmp.Compare(a.Hospital, b.Hospital) })
	return out
}

// Under says how many hospitals, and how many of their patients, are below a
// norm.
type Under struct {
	Norm          float64
	Active        referral.Result // hospitals with at least one patient
	Hospitals     referral.Result // of them, those below the norm
	Share         referral.Result // Hospitals over Active
	Patients      referral.Result // of all active hospitals; a patient of two counts twice
	PatientsUnder referral.Result // of those below
	SharePatients referral.Result
	Certain       []string // hospitals below the norm whatever the unknown counts are
	Possible      []string // those that may be
}

// ReasonUnknownNorm says that a norm is not a number.
const ReasonUnknownNorm = "unknown_norm"

// CountUnder compares volumes of one year, or annual means, with a norm: a
// hospital is below it if 0 < volume < norm. A hospital that offers a modality
// and had nobody is not active. Volumes of the same hospital are added up.
//
// Volumes known within bounds give [certain, possible], with the volume of each
// hospital a whole number, or a whole number over [Volume.Years]; the bounds of
// the shares are exact, as every hospital is below, above or undecided by
// itself. Shares are undefined (zero_denominator) if no hospital can be active,
// and within the bounds of the tables in which one is active otherwise. With a
// norm that is NaN everything that needs it is undefined (unknown_norm). Time
// O(n log n) for n volumes.
//
// J. D. Birkmeyer et al., New England Journal of Medicine 346:1128-1137, 2002.
func CountUnder(volumes []Volume, norm float64) Under {
	u := Under{Norm: norm}
	var active, under, all, below sides
	var least, most underShare
	for _, v := range byHospital(volumes) {
		x := v.against(norm)
		all.add(x.lo, x.hi)
		active.add(one(x.lo > 0), one(x.hi > 0))
		under.add(one(x.certain), one(x.possible))
		switch {
		case x.certain:
			u.Certain = append(u.Certain, v.Hospital)
			below.add(x.lo, x.hi)
		case x.possible:
			u.Possible = append(u.Possible, v.Hospital)
			below.add(0, x.most)
		}
		// A share is least when every undecided hospital is above the norm if it
		// can be, else inactive if it can be; and largest the other way around.
		switch {
		case x.above:
			least.add(0, x.hi)
		case x.lo > 0:
			least.add(x.lo, x.lo)
		}
		switch {
		case x.possible:
			most.add(x.most, x.most)
		case x.lo > 0:
			most.add(0, x.lo)
		}
	}
	u.Active, u.Patients = active.result(), all.result()
	u.Hospitals, u.PatientsUnder = under.result(), below.result()
	switch {
	case math.IsNaN(norm):
		none := referral.UndefinedResult(ReasonUnknownNorm)
		u.Hospitals, u.PatientsUnder, u.Share, u.SharePatients = none, none, none, none
		u.Certain, u.Possible = nil, nil
	case active.hi == 0:
		none := referral.UndefinedResult(referral.ReasonZeroDenominator)
		u.Share, u.SharePatients = none, none
	default:
		// Where nobody need be active, those who may be are all below (least), or
		// all above (most), whichever of them is.
		if least.hospitals == 0 {
			least = underShare{1, 1, 1, 1}
		}
		if most.hospitals == 0 {
			most = underShare{0, 1, 0, 1}
		}
		none := active.lo == 0
		u.Share = bounded(least.under/least.hospitals, most.under/most.hospitals, none)
		low := least.below / least.patients // 0 if any number may be above
		if math.IsNaN(low) {
			low = 0
		}
		high := most.below / most.patients
		if math.IsInf(most.patients, 1) {
			high = 1
		}
		u.SharePatients = bounded(low, high, none)
	}
	return u
}

// underShare is the parts of two shares: hospitals below the norm and all of
// them, and their patients.
type underShare struct{ under, hospitals, below, patients float64 }

func (s *underShare) add(below, patients float64) {
	s.under += one(below > 0)
	s.hospitals++
	s.below += below
	s.patients += patients
}

// sides is a sum known within bounds.
type sides struct{ lo, hi float64 }

func (s *sides) add(lo, hi float64) { s.lo, s.hi = s.lo+lo, s.hi+hi }

func (s sides) result() referral.Result {
	return referral.BoundedResult(s.lo, s.hi, referral.ReasonUnknownCells)
}

// byHospital adds up the volumes of each hospital, sorted by hospital.
func byHospital(volumes []Volume) []Volume {
	sorted := slices.Clone(volumes)
	slices.SortStableFunc(sorted, func(a, b Volume) int { return cmp.Compare(a.Hospital, b.Hospital) })
	out := sorted[:0]
	for _, v := range sorted {
		if n := len(out); n > 0 && out[n-1].Hospital == v.Hospital {
			out[n-1].Patients = out[n-1].Patients.Add(v.Patients)
			out[n-1].Years = max(out[n-1].Years, v.Years)
		} else {
			out = append(out, v)
		}
	}
	return out
}

// standing is what a volume can be with respect to a norm.
type standing struct {
	lo, hi            float64
	most              float64 // largest active volume below the norm, if possible
	certain, possible bool    // below the norm, whatever the volume is or for some volume
	above             bool    // at or above the norm for some volume
}

func (v Volume) against(norm float64) standing {
	x := standing{lo: v.Patients.Lo, hi: v.Patients.Hi}
	step := 1 / float64(max(1, v.Years))
	switch {
	case x.hi < norm:
		x.most = x.hi
	case x.lo < norm:
		// The largest whole number of steps below the norm.
		x.most = (math.Ceil(norm/step-1e-9) - 1) * step
	}
	x.above = x.hi >= norm && x.hi > 0
	x.possible = x.most > 0 && x.most >= x.lo && x.lo < norm
	x.certain = x.possible && x.lo > 0 && x.hi < norm
	return x
}

func one(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
