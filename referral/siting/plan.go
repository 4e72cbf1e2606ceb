// SPDX-License-Identifier: Apache-2.0

package siting

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Plan is a choice of centers, what it costs, and what is proved about it.
type Plan struct {
	Model   Model
	Unit    string   // of distances
	Centers []string // sorted; the lexicographically first of the optima where FirstProved

	// What was asked for beside the model.
	Radius    float64  // CoverModel and MaxCoverModel, else NaN
	Times     int      // CoverModel and CenterModel, else 0
	Fixed     []string // candidates that had to be centers, sorted
	Forbidden []string // candidates that could not be, sorted

	// Objective is the value of the model: the sum of weight times distance
	// (MedianModel, CapacitatedModel), the largest distance (CenterModel), the
	// number of centers (CoverModel) or the weight covered (MaxCoverModel).
	Objective float64
	// Bound is the best value that any choice could have, as far as proved: at
	// most Objective where less is better, at least Objective for MaxCoverModel.
	Bound  float64
	Proved bool // Objective is the optimum, within a relative 1e-9

	Optima      int  // different sets of centers found that have the optimal value
	AllOptima   bool // Optima is how many there are; else there are at least as many
	FirstProved bool // no optimal set comes before Centers in the order of the IDs

	Weighted float64 // sum of weight times distance to the center that serves
	Mean     float64 // Weighted over the total weight; NaN if that is 0
	Largest  float64 // largest distance of any demand, of weight 0 too
	Covered  float64 // weight within the radius; NaN for models without one
	Share    float64 // Covered over the total weight; NaN without either

	Served []Service // who is served where, by demand, then center
}

// Service is the part of a demand that a center serves.
type Service struct {
	Demand, Center string
	Weight         float64 // of the demand served here
	Distance       float64
}

// Gap returns how far Objective can be from the optimum, as a part of the
// larger of the two; 0 when it is proved.
func (p Plan) Gap() float64 {
	if p.Proved {
		return 0
	}
	return math.Abs(p.Objective-p.Bound) / max(math.Abs(p.Objective), math.Abs(p.Bound))
}

// Model names what a plan optimizes.
type Model uint8

// The models, with their names in the literature.
const (
	MedianModel      Model = iota // p-median
	CenterModel                   // p-center
	CoverModel                    // location set covering, LSCP
	MaxCoverModel                 // maximal covering, MCLP
	CapacitatedModel              // capacitated p-median with minimum volume
)

var modelNames = [...]string{"p-median", "p-center", "lscp", "mclp", "capacitated-p-median"}

// String returns the name of the model: "p-median", "p-center", "lscp", "mclp"
// or "capacitated-p-median".
func (m Model) String() string {
	if int(m) < len(modelNames) {
		return modelNames[m]
	}
	return fmt.Sprintf("Model(%d)", uint8(m))
}

// MarshalText writes the name of the model.
func (m Model) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// Config bounds how long a search may go on. Results do not depend on the
// machine: effort is counted in steps, not in seconds.
type Config struct {
	Effort int // most steps of the search, after which the gap is stated instead; 0 means 1,000,000
	Optima int // most optimal sets to count; 0 means 10,000
}

func (c Config) effort() int {
	if c.Effort > 0 {
		return c.Effort
	}
	return 1_000_000
}

func (c Config) optima() int {
	if c.Optima > 0 {
		return c.Optima
	}
	return 10_000
}

// ProblemError says what is wrong with a problem or a question about it.
type ProblemError struct {
	Field string // what is wrong
	Of    string // the demand or candidate, if it is about one
	Value string
	Want  string
}

// Error names the field, its value and what was expected.
func (e *ProblemError) Error() string {
	var b strings.Builder
	b.WriteString("siting: ")
	b.WriteString(e.Field)
	if e.Of != "" {
		fmt.Fprintf(&b, " of %q", e.Of)
	}
	if e.Value != "" {
		fmt.Fprintf(&b, " is %q", e.Value)
	}
	fmt.Fprintf(&b, ": want %s", e.Want)
	return b.String()
}

// InfeasibleError says that no choice of centers satisfies a model, and why.
type InfeasibleError struct {
	Model      Model
	Constraint string   // what cannot be met
	Demands    []string // demands it cannot be met for, sorted; may be empty
}

// unproved is the constraint of a search that ended before it was proved that no
// choice satisfies the model.
const unproved = "none found within the effort; it is not proved that there is none"

// Error names the model, the constraint and the first demands.
func (e *InfeasibleError) Error() string {
	s := fmt.Sprintf("siting: %s is infeasible: %s", e.Model, e.Constraint)
	if len(e.Demands) > 0 {
		s += ": " + shown(e.Demands)
	}
	return s
}

// shown gives the first texts of a list, and how many more there are.
func shown(list []string) string {
	const most = 10
	s := strings.Join(list[:min(len(list), most)], ", ")
	if len(list) > most {
		s += fmt.Sprintf(" and %d more", len(list)-most)
	}
	return s
}

// ids gives the sorted IDs of chosen candidates.
func (in *instance) ids(chosen []int) []string {
	out := make([]string, len(chosen))
	for i, j := range chosen {
		out[i] = in.candidates[j].ID
	}
	slices.Sort(out)
	return out
}

// describe fills in who is served where when everybody goes to the nearest
// center, the first by ID where several are.
func (in *instance) describe(p *Plan, chosen []int, radius float64) {
	slices.Sort(chosen)
	p.Centers = in.ids(chosen)
	for i, d := range in.demands {
		best := -1
		for _, j := range chosen {
			if km := in.at(i, j); best < 0 || !reaches(in.at(i, best), km) {
				best = j
			}
		}
		if km := in.at(i, best); !math.IsInf(km, 1) {
			p.Served = append(p.Served, Service{d.ID, in.candidates[best].ID, d.Weight, km})
		}
	}
	in.sum(p, radius)
}

// sum fills in what was asked for, and the totals of a plan from who is served
// where.
func (in *instance) sum(p *Plan, radius float64) {
	p.Unit, p.Radius = in.unit, radius
	for _, c := range in.candidates {
		switch c.Choice {
		case Fixed:
			p.Fixed = append(p.Fixed, c.ID)
		case Forbidden:
			p.Forbidden = append(p.Forbidden, c.ID)
		case Free:
		}
	}
	total := 0.0
	for _, d := range in.demands {
		total += d.Weight
	}
	p.Covered = math.NaN()
	if !math.IsNaN(radius) {
		p.Covered = 0
	}
	if served := len(p.Served); served == 0 || !in.allServed(p) {
		p.Largest = math.Inf(1)
	}
	for _, s := range p.Served {
		p.Weighted += s.Weight * s.Distance
		p.Largest = max(p.Largest, s.Distance)
		if reaches(s.Distance, radius) {
			p.Covered += s.Weight
		}
	}
	if math.IsInf(p.Largest, 1) {
		p.Weighted = math.NaN()
	}
	p.Mean, p.Share = p.Weighted/total, p.Covered/total // NaN for a total of 0
}

func (in *instance) allServed(p *Plan) bool {
	seen := map[string]bool{}
	for _, s := range p.Served {
		seen[s.Demand] = true
	}
	return len(seen) == len(in.demands)
}
