// SPDX-License-Identifier: Apache-2.0

package siting

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Problem says who must be served, where care could be given, and how far it
// is. All models of the package read the same problem.
type Problem struct {
	Demands    []Demand
	Candidates []Candidate
	// Distances has a row for each demand and a column for each candidate, in
	// their order: kilometers or minutes, at least 0. NaN and +Inf say that the
	// distance is not known or that there is no way: the candidate does not
	// serve the demand.
	Distances [][]float64
	Unit      string // of Distances, for outputs: "km", "min"
}

// Demand is a place whose patients must be served.
type Demand struct {
	ID     string
	Weight float64 // patients or inhabitants, at least 0
}

// Candidate is a hospital that could be a center.
type Candidate struct {
	ID       string
	Choice   Choice
	Capacity float64 // most weight it can serve; 0 means any. Only CapacitatedMedian reads it
	Least    float64 // least weight a center must serve; 0 means none. Only CapacitatedMedian reads it
}

// Choice says whether a candidate may be chosen.
type Choice uint8

// The choices.
const (
	Free      Choice = iota // may be a center
	Fixed                   // is a center
	Forbidden               // is none
)

var choiceNames = [...]string{"free", "fixed", "forbidden"}

// String returns "free", "fixed" or "forbidden".
func (c Choice) String() string {
	if int(c) < len(choiceNames) {
		return choiceNames[c]
	}
	return fmt.Sprintf("Choice(%d)", uint8(c))
}

// WithWeight returns the problem without the demands of weight 0, which
// Center, Cover and the largest distance otherwise serve like any other.
func (p Problem) WithWeight() Problem {
	out := p
	out.Demands, out.Distances = nil, nil
	for i, d := range p.Demands {
		if d.Weight != 0 {
			out.Demands = append(out.Demands, d)
			if i < len(p.Distances) {
				out.Distances = append(out.Distances, p.Distances[i])
			}
		}
	}
	return out
}

// instance is a checked problem: demands and candidates by ID.
type instance struct {
	demands    []Demand
	candidates []Candidate
	dist       []float64 // by candidate, then demand; +Inf where it does not serve
	unit       string
	fixed      int // number of fixed candidates
	open       int // number of candidates that are not forbidden
}

func (in *instance) at(demand, candidate int) float64 {
	return in.dist[candidate*len(in.demands)+demand]
}

// column gives the distances of all demands to a candidate.
func (in *instance) column(candidate int) []float64 {
	n := len(in.demands)
	return in.dist[candidate*n : (candidate+1)*n]
}

// compile checks a problem.
func (p Problem) compile() (*instance, error) {
	if len(p.Demands) == 0 {
		return nil, &ProblemError{Field: "Demands", Want: "at least one demand"}
	}
	if len(p.Candidates) == 0 {
		return nil, &ProblemError{Field: "Candidates", Want: "at least one candidate"}
	}
	if len(p.Distances) != len(p.Demands) {
		return nil, &ProblemError{Field: "Distances", Value: fmt.Sprint(len(p.Distances), " rows"),
			Want: fmt.Sprint("a row for each of the ", len(p.Demands), " demands")}
	}
	rows, err := order(p.Demands, func(d Demand) string { return d.ID }, "Demands")
	if err != nil {
		return nil, err
	}
	columns, err := order(p.Candidates, func(c Candidate) string { return c.ID }, "Candidates")
	if err != nil {
		return nil, err
	}
	in := &instance{unit: p.Unit, dist: make([]float64, len(rows)*len(columns))}
	for _, c := range columns {
		candidate := p.Candidates[c]
		if err := candidate.check(); err != nil {
			return nil, err
		}
		in.candidates = append(in.candidates, candidate)
		switch candidate.Choice {
		case Fixed:
			in.fixed++
			in.open++
		case Free:
			in.open++
		case Forbidden:
		}
	}
	for i, r := range rows {
		d := p.Demands[r]
		if !(d.Weight >= 0) || math.IsInf(d.Weight, 1) {
			return nil, &ProblemError{Field: "Weight", Of: d.ID, Value: fmt.Sprint(d.Weight), Want: "a finite number, at least 0"}
		}
		in.demands = append(in.demands, d)
		if len(p.Distances[r]) != len(columns) {
			return nil, &ProblemError{Field: "Distances", Of: d.ID, Value: fmt.Sprint(len(p.Distances[r]), " columns"),
				Want: fmt.Sprint("a column for each of the ", len(columns), " candidates")}
		}
		for j, c := range columns {
			km := p.Distances[r][c]
			if km < 0 {
				return nil, &ProblemError{Field: "Distances", Of: d.ID + " to " + p.Candidates[c].ID, Value: fmt.Sprint(km), Want: "at least 0"}
			}
			if math.IsNaN(km) {
				km = math.Inf(1)
			}
			in.dist[j*len(rows)+i] = km
		}
	}
	return in, nil
}

func (c Candidate) check() error {
	switch {
	case c.Choice > Forbidden:
		return &ProblemError{Field: "Choice", Of: c.ID, Value: c.Choice.String(), Want: "free, fixed or forbidden"}
	case !(c.Capacity >= 0):
		return &ProblemError{Field: "Capacity", Of: c.ID, Value: fmt.Sprint(c.Capacity), Want: "at least 0"}
	case !(c.Least >= 0) || c.Capacity > 0 && c.Least > c.Capacity:
		return &ProblemError{Field: "Least", Of: c.ID, Value: fmt.Sprint(c.Least), Want: "from 0 to the capacity"}
	}
	return nil
}

// order gives the places of a list sorted by key; a key that is empty or comes
// twice is an error.
func order[T any](list []T, key func(T) string, field string) ([]int, error) {
	at := make([]int, len(list))
	for i := range list {
		at[i] = i
	}
	slices.SortFunc(at, func(a, b int) int { return cmp.Compare(key(list[a]), key(list[b])) })
	for i, x := range at {
		k := key(list[x])
		if k == "" {
			return nil, &ProblemError{Field: field, Value: k, Want: "an ID"}
		}
		if i > 0 && key(list[at[i-1]]) == k {
			return nil, &ProblemError{Field: field, Value: k, Want: "each ID once"}
		}
	}
	return at, nil
}

// checkCount tells whether as many centers can be chosen.
func (in *instance) checkCount(count int) error {
	least := max(1, in.fixed)
	if count < least || count > in.open {
		return &ProblemError{Field: "count", Value: fmt.Sprint(count), Want: fmt.Sprintf(
			"from %d to %d: %d candidates are not forbidden, %d are fixed", least, in.open, in.open, in.fixed)}
	}
	return nil
}

// unreachable lists the demands that no allowed candidate serves within a
// distance.
func (in *instance) unreachable(within float64, times int) []string {
	var out []string
	for i, d := range in.demands {
		n := 0
		for j, c := range in.candidates {
			if c.Choice != Forbidden && reaches(in.at(i, j), within) {
				n++
			}
		}
		if n < times {
			out = append(out, d.ID)
		}
	}
	return out
}

// tolerance is the relative difference at which two values are the same.
const tolerance = 1e-9

func slack(v float64) float64 { return tolerance * max(1, math.Abs(v)) }

// reaches tells whether a distance is within a limit, equal included.
func reaches(distance, limit float64) bool {
	return !math.IsInf(distance, 1) && distance <= limit+slack(limit)
}
