// SPDX-License-Identifier: Apache-2.0

package siting

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral/coverage"
)

// Setting says how a landscape becomes a problem.
type Setting struct {
	Weight Weight
	// Minutes, KmPerHour and Detour are those of [network.TravelRule].
	Minutes    bool
	KmPerHour  float64
	Detour     float64
	Candidates []string // hospitals; nil means all
	Fixed      []string // those that are centers in any case
	Forbidden  []string // those that are none in any case
}

// Weight says what a demand weighs.
type Weight = coverage.Weight

// The weights.
const (
	Cases      = coverage.Cases      // new patients of the region
	Population = coverage.Population // inhabitants of the region
	EachRegion = coverage.EachRegion // 1
)

// FromLandscape makes a problem of the regions and hospitals of a landscape on
// a date. Where no distance is known, the hospital does not serve the region.
//
// Notes say where the distances come from: great circles are not roads, and a
// point that stands for a region hides its edge. They name the regions from which
// no distance is known; the models that must serve these are infeasible. It returns a *ProblemError for
// an unknown hospital, a region without the weight asked for, or when no
// distance is known at all.
func FromLandscape(s *network.Snapshot, c Setting) (p Problem, notes []string, err error) {
	l := s.Landscape()
	travel := network.TravelRule{Minutes: c.Minutes, KmPerHour: c.KmPerHour, Detour: c.Detour}
	if err := travel.Validate(); err != nil {
		return p, nil, fmt.Errorf("siting: %w", err)
	}
	p.Unit = travel.Unit()
	if p.Candidates, err = candidates(s, c); err != nil {
		return p, nil, err
	}
	regions := l.Regions()
	if len(regions) == 0 {
		return p, nil, &ProblemError{Field: "Demands", Want: "a landscape with regions (regions.csv)"}
	}
	var circles, supplied, unknown int
	var lost []string // regions without any distance
	for _, r := range regions {
		w := c.Weight.Of(r)
		if math.IsNaN(w) {
			return p, nil, &ProblemError{Field: c.Weight.String(), Of: r.ID, Value: "not known", Want: "a number in regions.csv"}
		}
		p.Demands = append(p.Demands, Demand{ID: r.ID, Weight: w})
		row := make([]float64, len(p.Candidates))
		for j, h := range p.Candidates {
			d, err := l.Distance(r.ID, h.ID)
			if err != nil && !errors.Is(err, network.ErrNoDistance) {
				return p, nil, fmt.Errorf("siting: %w", err)
			}
			row[j] = math.NaN()
			if err == nil {
				row[j] = travel.Of(d)
			}
			switch {
			case math.IsNaN(row[j]):
				unknown++
			case d.Method == network.MethodGreatCircle:
				circles++
			default:
				supplied++
			}
		}
		p.Distances = append(p.Distances, row)
		if !slices.ContainsFunc(row, func(v float64) bool { return !math.IsNaN(v) }) {
			lost = append(lost, r.ID)
		}
	}
	if circles+supplied == 0 {
		return p, nil, &ProblemError{Field: "Distances", Want: "a landscape with coordinates or distances.csv (minutes only from distances.csv)"}
	}
	if circles > 0 {
		notes = append(notes, fmt.Sprintf("%d distances are great circles between points, times %v", circles, cmp.Or(c.Detour, 1)))
		if c.Minutes {
			notes = append(notes, fmt.Sprintf("travel times of great circles are at %v km/h", c.KmPerHour))
		}
	}
	if supplied > 0 {
		notes = append(notes, fmt.Sprintf("%d distances are supplied with the landscape", supplied))
	}
	if unknown > 0 {
		notes = append(notes, fmt.Sprintf("%d distances are not known: these hospitals do not serve these regions", unknown))
	}
	if len(lost) > 0 {
		notes = append(notes, fmt.Sprintf("no hospital serves %s: regions need coordinates or rows in distances.csv", shown(lost)))
	}
	return p, notes, nil
}

func candidates(s *network.Snapshot, c Setting) ([]Candidate, error) {
	ids := c.Candidates
	if ids == nil {
		for _, h := range s.Hospitals() {
			ids = append(ids, h.ID)
		}
	}
	at := map[string]int{}
	var out []Candidate
	for _, id := range ids {
		if _, ok := s.Hospital(id); !ok {
			return nil, &ProblemError{Field: "Candidates", Value: id, Want: "a hospital of the landscape on " + s.Date().String()}
		}
		at[id] = len(out)
		out = append(out, Candidate{ID: id})
	}
	for i, list := range [][]string{c.Fixed, c.Forbidden} {
		choice := [...]Choice{Fixed, Forbidden}[i]
		for _, id := range list {
			j, ok := at[id]
			if !ok || out[j].Choice != Free {
				return nil, &ProblemError{Field: choice.String(), Value: id, Want: "a candidate, either fixed or forbidden"}
			}
			out[j].Choice = choice
		}
	}
	return out, nil
}
