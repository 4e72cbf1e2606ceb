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
	count := map[key]*counts{}
	var mine []key
	for p := range l.Pathways() {
		mine = mine[:0]
		for i := range p.Len() {
			if !p.IsTreatment(i) {
				continue
			}
			e := p.Event(i)
			if e.Hospital == "" || e.Hospital == referral.DestinationUnknown {
				continue
			}
			k := key{hospital: e.Hospital}
			if !e.Date.IsZero() {
				k.year = e.Date.Year()
			}
			if r.ByKind {
				k.kind = e.Kind
			}
			c := count[k]
			if c == nil {
				c = &counts{}
				count[k] = c
			}
			c.treatments++
			if !slices.Contains(mine, k) {
				mine = append(mine, k)
				c.patients++
			}
		}
	}
	var out []Volume
	for k, c := range count {
		out = append(out, Volume{k.hospital, k.year, k.kind, referral.Count(float64(c.patients)), c.treatments})
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
// year 0 are not in the mean. The result has Year 0 and is sorted by hospital.
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
		out = append(out, Volume{Hospital: h, Kind: kind, Patients: mean})
	}
	slices.SortFunc(out, func(a, b Volume) int { return cmp.Compare(a.Hospital, b.Hospital) })
	return out
}

// PeriodVolumes returns the destination totals of a table of hospitals as
// volumes.
func PeriodVolumes(t *referral.Table) []Volume {
	var out []Volume
	for _, h := range t.Classes() {
		if referral.Beside(h) {
			continue
		}
		r := t.DestinationTotal(h)
		if math.IsNaN(r.Lo) {
			continue
		}
		c := referral.Between(r.Lo, r.Hi)
		if r.Status == referral.OK {
			c = referral.Count(r.Value)
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

// CountUnder compares volumes of one year, or annual means, with a norm. A
// hospital that offers a modality and had nobody is not active. Volumes known
// within bounds give [certain, possible]; the bounds of the shares are exact,
// as every hospital is below, above or undecided by itself. Shares are undefined
// (zero_denominator) if no hospital is active.
func CountUnder(volumes []Volume, norm float64) Under {
	u := Under{Norm: norm}
	type item struct{ lo, hi float64 }
	var list []item
	for _, v := range volumes {
		lo, hi := v.Patients.Lo, v.Patients.Hi
		list = append(list, item{lo, hi})
		switch {
		case hi < norm && lo > 0:
			u.Certain = append(u.Certain, v.Hospital)
		case lo < norm && hi > 0:
			u.Possible = append(u.Possible, v.Hospital)
		}
	}
	// Each hospital is inactive, below or at least at the norm. Which of them it
	// can be decides the bounds of counts; its largest and smallest volume below
	// and above decide those of patients.
	var activeLo, activeHi, underLo, underHi, allLo, allHi, belowLo, belowHi float64
	known := true
	for _, x := range list {
		known = known && x.lo == x.hi
		allLo, allHi = allLo+x.lo, allHi+x.hi
		activeLo, activeHi = activeLo+one(x.lo > 0), activeHi+one(x.hi > 0)
		certain, possible := x.lo > 0 && x.hi < norm, x.hi > 0 && x.lo < norm
		underLo, underHi = underLo+one(certain), underHi+one(possible)
		if certain {
			belowLo += x.lo
		}
		if possible {
			belowHi += below(x.lo, x.hi, norm)
		}
	}
	unknown := referral.ReasonUnknownCells
	u.Active = referral.BoundedResult(activeLo, activeHi, unknown)
	u.Hospitals = referral.BoundedResult(underLo, underHi, unknown)
	u.Patients = referral.BoundedResult(allLo, allHi, unknown)
	u.PatientsUnder = referral.BoundedResult(belowLo, belowHi, unknown)
	if activeHi == 0 {
		u.Share = referral.UndefinedResult(referral.ReasonZeroDenominator)
		u.SharePatients = u.Share
		return u
	}
	if known {
		u.Share = referral.ExactResult(underLo / activeLo)
		u.SharePatients = referral.ExactResult(belowLo / allLo)
		return u
	}
	// A share of hospitals is least when every undecided one is above the norm if
	// it can be, else inactive if it can be; and largest the other way around.
	var lowUnder, lowActive, highUnder, highActive float64
	var lowBelow, lowAll, highBelow, highAll float64
	for _, x := range list {
		switch {
		case x.hi >= norm:
			lowActive++
			lowAll += x.hi
		case x.lo > 0:
			lowUnder++
			lowActive++
			lowBelow += x.lo
			lowAll += x.lo
		}
		switch {
		case x.hi > 0 && x.lo < norm:
			highUnder++
			highActive++
			v := below(x.lo, x.hi, norm)
			highBelow += v
			highAll += v
		case x.lo >= norm:
			highActive++
			highAll += x.lo
		}
	}
	u.Share = quotients(lowUnder, lowActive, highUnder, highActive)
	u.SharePatients = quotients(lowBelow, lowAll, highBelow, highAll)
	return u
}

// below is the largest volume from lo to hi that is below a norm; whole volumes
// stay whole.
func below(lo, hi, norm float64) float64 {
	if hi < norm {
		return hi
	}
	if lo == math.Trunc(lo) {
		return max(lo, math.Ceil(norm)-1)
	}
	return math.Nextafter(norm, 0)
}

func one(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func quotients(lowPart, lowWhole, highPart, highWhole float64) referral.Result {
	lo, hi := 0.0, 1.0
	if lowWhole > 0 {
		lo = lowPart / lowWhole
	}
	if math.IsInf(lowWhole, 1) {
		lo = 0
	}
	if highWhole > 0 {
		hi = highPart / highWhole
	}
	return referral.BoundedResult(lo, hi, referral.ReasonUnknownCells)
}
