// SPDX-License-Identifier: Apache-2.0

package coverage

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// Weight says what a region counts for.
type Weight uint8

// The weights.
const (
	Cases      Weight = iota // new patients of the region
	Population               // inhabitants of the region
	EachRegion               // 1
)

var weightNames = [...]string{"cases", "population", "region"}

// Of returns the weight of a region; NaN if it is not known.
func (w Weight) Of(r network.Region) float64 {
	switch w {
	case Cases:
		return r.Cases
	case Population:
		return r.Population
	case EachRegion:
		return 1
	}
	return math.NaN()
}

// String returns "cases", "population" or "region".
func (w Weight) String() string {
	if int(w) < len(weightNames) {
		return weightNames[w]
	}
	return fmt.Sprintf("Weight(%d)", uint8(w))
}

// RegionAccess is how far the centers are from a region.
type RegionAccess struct {
	Region, Network   string
	Nearest           string    // nearest center, the first by label where several are; empty if no distance is known
	Distance          float64   // to it; NaN if no distance is known
	Distances         []float64 // to each center of the list; NaN if not known
	Population, Cases float64
}

// Access is how far a list of centers is from where people live.
type Access struct {
	Experts List
	Unit    string // "km" or "min"
	Regions []RegionAccess
	Unknown int // pairs of region and center without a known distance: they count as out of reach
	Circles int // pairs whose distance is a great circle between points, not a road
}

// AccessConfig says how distances are made.
type AccessConfig = network.TravelRule

// NewAccess finds the distances from all regions of a landscape to the centers
// of a list.
//
// It returns an error for a landscape without regions, a center that is not in
// it, an empty list, or a detour below 1.
func NewAccess(l *network.Landscape, experts List, c AccessConfig) (*Access, error) {
	if err := c.Validate(); err != nil {
		return nil, fmt.Errorf("coverage: %w", err)
	}
	regions := l.Regions()
	if len(regions) == 0 {
		return nil, errors.New("coverage: the landscape has no regions (regions.csv)")
	}
	if len(experts.Hospitals) == 0 {
		return nil, fmt.Errorf("coverage: the list %q is empty", experts.Name)
	}
	a := &Access{Experts: experts, Unit: c.Unit()}
	for _, r := range regions {
		x := RegionAccess{Region: r.ID, Network: r.Network, Distance: math.NaN(), Population: r.Population, Cases: r.Cases}
		for _, h := range experts.Hospitals {
			d, err := l.Distance(r.ID, h)
			if err != nil && !errors.Is(err, network.ErrNoDistance) {
				return nil, fmt.Errorf("coverage: %w", err)
			}
			v := math.NaN()
			if err == nil {
				v = c.Of(d)
			}
			switch {
			case math.IsNaN(v):
				a.Unknown++
			case d.Method == network.MethodGreatCircle:
				a.Circles++
			}
			x.Distances = append(x.Distances, v)
			if v < x.Distance || math.IsNaN(x.Distance) && !math.IsNaN(v) {
				x.Nearest, x.Distance = h, v
			}
		}
		a.Regions = append(a.Regions, x)
	}
	slices.SortFunc(a.Regions, func(x, y RegionAccess) int { return cmp.Compare(x.Region, y.Region) })
	return a, nil
}

func (r RegionAccess) weight(w Weight) float64 {
	return w.Of(network.Region{Cases: r.Cases, Population: r.Population})
}

// within counts the centers of a region at most a limit away, one left out.
func (r RegionAccess) within(limit float64, without int) int {
	n := 0
	for i, d := range r.Distances {
		if i != without && d <= limit+1e-9*max(1, limit) {
			n++
		}
	}
	return n
}

// Within returns the share of people, or cases, with at least times centers at
// most a limit away,
//
//	Σ_r a_r [centers at most limit from r ≥ times] / Σ_r a_r
//
// with weights a_r; at exactly the limit is within, in the unit of Access. A
// distance that is not known is not within. The share lies in [0, 1]; it is
// undefined (unknown_cells) if a region has no known weight, and
// (zero_denominator) without people. Time O(r·c) for r regions and c centers.
//
// C. Toregas et al., Operations Research 19:1363-1373, 1971, for covering
// distances.
// Backup coverage is Within with times 2: K. Hogan and C. ReVelle, Management
// Science 32:1434-1444, 1986.
func (a *Access) Within(limit float64, w Weight, times int) referral.Share {
	return a.share(w, func(r RegionAccess) bool { return r.within(limit, -1) >= times })
}

// Beyond returns the share of people, or cases, whose nearest center is more
// than a limit away, or at a distance that is not known.
func (a *Access) Beyond(limit float64, w Weight) referral.Share {
	return a.share(w, func(r RegionAccess) bool { return r.within(limit, -1) == 0 })
}

func (a *Access) share(w Weight, counts func(RegionAccess) bool) referral.Share {
	part, whole := 0.0, 0.0
	for _, r := range a.Regions {
		v := r.weight(w)
		if math.IsNaN(v) {
			return referral.Share{Part: referral.MissingCell(), Whole: referral.MissingCell(), Result: referral.UndefinedResult(referral.ReasonUnknownCells)}
		}
		whole += v
		if counts(r) {
			part += v
		}
	}
	return referral.ShareIn(part, whole)
}

// Unweighed returns the regions of which a weight is not known, sorted. Where there
// are any, shares and means with this weight are undefined.
func (a *Access) Unweighed(w Weight) []string {
	var out []string
	for _, r := range a.Regions {
		if math.IsNaN(r.weight(w)) {
			out = append(out, r.Region)
		}
	}
	return out
}

// Mean returns the mean distance to the nearest center per person, or case, in
// the unit of Access,
//
//	Σ_r a_r d_r / Σ_r a_r
//
// Regions of weight 0 do not count. It is undefined (unknown_cells) where a
// region with weight has no center at a known distance, and (zero_denominator)
// without people.
func (a *Access) Mean(w Weight) referral.Result {
	sum, whole := 0.0, 0.0
	for _, r := range a.Regions {
		v := r.weight(w)
		switch {
		case v == 0:
			continue
		case math.IsNaN(v) || math.IsNaN(r.Distance):
			return referral.UndefinedResult(referral.ReasonUnknownCells)
		}
		sum += v * r.Distance
		whole += v
	}
	if whole == 0 {
		return referral.UndefinedResult(referral.ReasonZeroDenominator)
	}
	return referral.ExactResult(sum / whole)
}

// Largest returns the largest distance of any region to its nearest center, in
// the unit of Access, and the regions that have it, whatever their weight. Where
// regions have no known distance it is undefined (unknown_cells), with those
// regions.
func (a *Access) Largest() (referral.Result, []string) {
	most := -1.0
	var who, lost []string
	for _, r := range a.Regions {
		switch {
		case math.IsNaN(r.Distance):
			lost = append(lost, r.Region)
		case r.Distance > most:
			most, who = r.Distance, []string{r.Region}
		case r.Distance == most:
			who = append(who, r.Region)
		}
	}
	if len(lost) > 0 {
		return referral.UndefinedResult(referral.ReasonUnknownCells), lost
	}
	return referral.ExactResult(most), who
}

// Gini returns how unequal the distances to the nearest center are,
//
//	Σ_r Σ_s a_r a_s |d_r - d_s| / (2 A² d̄)
//
// with weights a_r, their sum A and the mean d̄, in [0, 1): 0 if all are equally
// far. It is undefined (zero_denominator) if everybody is at distance 0, and
// (unknown_cells) where a distance is not known. Time O(r log r).
//
// M. T. Marsh and D. A. Schilling, European Journal of Operational Research
// 74:1-17, 1994, for measures of equity in location.
func (a *Access) Gini(w Weight) referral.Result {
	mean := a.Mean(w)
	if mean.Status != referral.OK || mean.Value == 0 {
		if mean.Status == referral.OK {
			return referral.UndefinedResult(referral.ReasonZeroDenominator)
		}
		return mean
	}
	regions := slices.DeleteFunc(slices.Clone(a.Regions), func(r RegionAccess) bool { return r.weight(w) == 0 })
	slices.SortFunc(regions, func(x, y RegionAccess) int { return cmp.Compare(x.Distance, y.Distance) })
	before, weighted, sum := 0.0, 0.0, 0.0
	for _, r := range regions {
		v := r.weight(w)
		sum += v * (r.Distance*before - weighted)
		before += v
		weighted += v * r.Distance
	}
	return referral.ExactResult(sum / (before * before * mean.Value))
}

// Loss is what the end of one center would mean for access.
type Loss struct {
	Center         string
	Covered        referral.Share  // of the cases, within the limit without it
	CasesLost      float64         // that have no other center within the limit; NaN where a region does not say
	PopulationLost float64         // people of whom the same holds
	ExtraPerCase   referral.Result // further distance to the nearest center, over all cases, in the unit of Access
	Displaced      referral.Share  // patients treated there, of all treated; undefined without volumes
}

// WithoutEach works out what the end of each center of the list would mean, in
// the order of the list. Volumes are the patients of all hospitals, for
// Displaced, which unknown volumes leave within exact bounds; nil leaves it
// undefined. ExtraPerCase is undefined if a region with cases has no other center
// at a known distance.
//
// R. L. Church, M. P. Scaparra and R. S. Middleton, Annals of the Association of
// American Geographers 94:491-502, 2004.
func (a *Access) WithoutEach(limit float64, volumes []Volume) []Loss {
	var out []Loss
	for i, h := range a.Experts.Hospitals {
		l := Loss{Center: h}
		l.Covered = a.share(Cases, func(r RegionAccess) bool { return r.within(limit, i) > 0 })
		cases, extra := 0.0, 0.0
		for _, r := range a.Regions {
			cases += r.Cases
			if r.within(limit, -1) > 0 && r.within(limit, i) == 0 {
				l.CasesLost += r.Cases
				l.PopulationLost += r.Population
			}
			next := math.Inf(1)
			for j, d := range r.Distances {
				if j != i && !math.IsNaN(d) {
					next = min(next, d)
				}
			}
			if r.Cases != 0 {
				extra += r.Cases * max(0, next-r.Distance)
			}
		}
		switch {
		case math.IsInf(extra, 1) || math.IsNaN(extra):
			l.ExtraPerCase = referral.UndefinedResult(referral.ReasonUnknownCells)
		case cases == 0:
			l.ExtraPerCase = referral.UndefinedResult(referral.ReasonZeroDenominator)
		default:
			l.ExtraPerCase = referral.ExactResult(extra / cases)
		}
		var here, elsewhere referral.Cell
		for _, v := range volumes {
			if v.Hospital == h {
				here = here.Add(v.Patients)
			} else {
				elsewhere = elsewhere.Add(v.Patients)
			}
		}
		l.Displaced = referral.ShareOf(here, elsewhere, referral.ReasonZeroDenominator)
		out = append(out, l)
	}
	return out
}

// Critical returns the center without which most cases lose access, the first
// by label where several do; empty if none loses any, or if it is not known how
// many one loses.
func Critical(losses []Loss) string {
	most, who := 0.0, ""
	for _, l := range losses {
		if math.IsNaN(l.CasesLost) {
			return ""
		}
		if l.CasesLost > most || l.CasesLost == most && most > 0 && l.Center < who {
			most, who = l.CasesLost, l.Center
		}
	}
	return who
}
