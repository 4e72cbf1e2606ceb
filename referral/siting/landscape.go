// SPDX-License-Identifier: Apache-2.0

package siting

import (
	"errors"
	"fmt"
	"math"

	"github.com/oncoref/oncoref/network"
)

// Setting says how a landscape becomes a problem.
type Setting struct {
	Weight  Weight
	Minutes bool // travel times instead of kilometers; they must be supplied with the landscape
	// Detour multiplies great-circle distances, which are shorter than roads; 0
	// means 1. Supplied distances are taken as they are.
	Detour     float64
	Candidates []string // hospitals; nil means all
	Fixed      []string // those that are centers in any case
	Forbidden  []string // those that are none in any case
}

// Weight says what a demand weighs.
type Weight uint8

// The weights.
const (
	Cases      Weight = iota // new patients of the region
	Population               // inhabitants of the region
	EachRegion               // 1
)

var weightNames = [...]string{"cases", "population", "region"}

// String returns "cases", "population" or "region".
func (w Weight) String() string {
	if int(w) < len(weightNames) {
		return weightNames[w]
	}
	return fmt.Sprintf("Weight(%d)", uint8(w))
}

// FromLandscape makes a problem of the regions and hospitals of a landscape on
// a date. Where no distance is known, the hospital does not serve the region.
//
// Notes say where the distances come from: great circles are not roads, and a
// point that stands for a region hides its edge. It returns a *ProblemError for
// an unknown hospital, a region without the weight asked for, or when no
// distance is known at all.
func FromLandscape(s *network.Snapshot, c Setting) (p Problem, notes []string, err error) {
	l := s.Landscape()
	if c.Detour == 0 {
		c.Detour = 1
	}
	if !(c.Detour >= 1) || math.IsInf(c.Detour, 1) {
		return p, nil, &ProblemError{Field: "Detour", Value: fmt.Sprint(c.Detour), Want: "at least 1"}
	}
	p.Unit = "km"
	if c.Minutes {
		p.Unit = "min"
	}
	if p.Candidates, err = candidates(s, c); err != nil {
		return p, nil, err
	}
	regions := l.Regions()
	if len(regions) == 0 {
		return p, nil, &ProblemError{Field: "Demands", Want: "a landscape with regions (regions.csv)"}
	}
	var circles, supplied, unknown int
	for _, r := range regions {
		w, err := c.Weight.of(r)
		if err != nil {
			return p, nil, err
		}
		p.Demands = append(p.Demands, Demand{ID: r.ID, Weight: w})
		row := make([]float64, len(p.Candidates))
		for j, h := range p.Candidates {
			d, err := l.Distance(r.ID, h.ID)
			switch v := d.Km; {
			case errors.Is(err, network.ErrNoDistance):
				row[j] = math.NaN()
			case err != nil:
				return p, nil, err
			case c.Minutes:
				row[j] = d.Minutes
			case d.Method == network.MethodGreatCircle:
				row[j] = v * c.Detour
			default:
				row[j] = v
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
	}
	if circles+supplied == 0 {
		return p, nil, &ProblemError{Field: "Distances", Want: "a landscape with coordinates or distances.csv (minutes only from distances.csv)"}
	}
	if circles > 0 {
		notes = append(notes, fmt.Sprintf("%d distances are great circles between points, times %v", circles, c.Detour))
	}
	if supplied > 0 {
		notes = append(notes, fmt.Sprintf("%d distances are supplied with the landscape", supplied))
	}
	if unknown > 0 {
		notes = append(notes, fmt.Sprintf("%d distances are not known: these hospitals do not serve these regions", unknown))
	}
	return p, notes, nil
}

func (w Weight) of(r network.Region) (float64, error) {
	v, field := 1.0, "weight"
	switch w {
	case Cases:
		v, field = r.Cases, "cases"
	case Population:
		v, field = r.Population, "population"
	case EachRegion:
	}
	if math.IsNaN(v) {
		return 0, &ProblemError{Field: field, Of: r.ID, Value: "not known", Want: "a number in regions.csv"}
	}
	return v, nil
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
