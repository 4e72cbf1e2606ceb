// SPDX-License-Identifier: Apache-2.0

package siting_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/referral/siting"
)

// small draws a problem that can be solved by looking at every choice. Whole
// numbers make ties common.
func small(t *rapid.T) siting.Problem {
	n, m := rapid.IntRange(1, 6).Draw(t, "demands"), rapid.IntRange(1, 7).Draw(t, "candidates")
	p := siting.Problem{Unit: "km"}
	for i := range n {
		p.Demands = append(p.Demands, siting.Demand{ID: fmt.Sprint("R", n-i), Weight: float64(rapid.IntRange(0, 4).Draw(t, "weight"))})
	}
	fixed := 0
	for j := range m {
		c := siting.Candidate{ID: fmt.Sprint("H", m-j)}
		switch rapid.IntRange(0, 9).Draw(t, "choice") {
		case 0:
			c.Choice = siting.Forbidden
		case 1:
			if fixed == 0 {
				c.Choice, fixed = siting.Fixed, 1
			}
		}
		if rapid.Bool().Draw(t, "limited") {
			c.Least = float64(rapid.IntRange(0, 4).Draw(t, "least"))
			c.Capacity = c.Least + float64(rapid.IntRange(1, 8).Draw(t, "room"))
		}
		p.Candidates = append(p.Candidates, c)
	}
	for range n {
		row := make([]float64, m)
		for j := range row {
			if row[j] = float64(rapid.IntRange(0, 9).Draw(t, "km")); rapid.IntRange(0, 11).Draw(t, "lost") == 0 {
				row[j] = math.NaN()
			}
		}
		p.Distances = append(p.Distances, row)
	}
	return p
}

// sets yields every allowed set of a size.
func sets(p siting.Problem, size int) [][]int {
	var out [][]int
	for mask := range 1 << len(p.Candidates) {
		var set []int
		ok := true
		for j, c := range p.Candidates {
			chosen := mask>>j&1 == 1
			ok = ok && (c.Choice == siting.Free || chosen == (c.Choice == siting.Fixed))
			if chosen {
				set = append(set, j)
			}
		}
		if ok && len(set) == size {
			out = append(out, set)
		}
	}
	return out
}

func nearest(p siting.Problem, r int, set []int) float64 {
	best := math.Inf(1)
	for _, j := range set {
		if d := p.Distances[r][j]; d < best {
			best = d
		}
	}
	return best
}

func names(p siting.Problem, set []int) string {
	var out []string
	for _, j := range set {
		out = append(out, p.Candidates[j].ID)
	}
	slices.Sort(out)
	return strings.Join(out, "+")
}

// answer is what looking at every set gives.
type answer struct {
	value  float64
	optima int
	first  string
}

// least finds the sets with the smallest value; +Inf is no value.
func least(p siting.Problem, size int, value func(set []int) float64) answer {
	a := answer{value: math.Inf(1)}
	for _, set := range sets(p, size) {
		v, id := value(set), names(p, set)
		switch {
		case math.IsInf(v, 1) || v > a.value+1e-9:
		case v < a.value-1e-9:
			a = answer{v, 1, id}
		default:
			a.optima++
			a.first = min(a.first, id)
		}
	}
	return a
}

func agree(t *rapid.T, want answer, got siting.Plan, err error) {
	if math.IsInf(want.value, 1) {
		var none *siting.InfeasibleError
		if !errors.As(err, &none) {
			t.Fatalf("want infeasible, have %v %v", got.Objective, err)
		}
		return
	}
	if err != nil {
		t.Fatalf("want %v, have error %v", want, err)
	}
	have := answer{got.Objective, got.Optima, strings.Join(got.Centers, "+")}
	if math.Abs(have.value-want.value) > 1e-9 || have.optima != want.optima || have.first != want.first ||
		!got.Proved || !got.AllOptima || !got.FirstProved || got.Bound != got.Objective {
		t.Fatalf("want %v, have %+v", want, got)
	}
}

func TestModelsAgainstEveryChoice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := small(t)
		lo, hi := 0, 0
		for _, c := range p.Candidates {
			if c.Choice != siting.Forbidden {
				hi++
			}
			if c.Choice == siting.Fixed {
				lo++
			}
		}
		count := rapid.IntRange(max(1, lo), max(1, hi)).Draw(t, "count")
		radius := float64(rapid.IntRange(0, 9).Draw(t, "radius"))
		ctx := t.Context()
		if hi == 0 {
			_, err := siting.Median(ctx, p, count, siting.Config{})
			require.Error(t, err)
			return
		}

		median, err := siting.Median(ctx, p, count, siting.Config{})
		agree(t, least(p, count, func(set []int) float64 {
			sum := 0.0
			for r, d := range p.Demands {
				if d.Weight > 0 {
					sum += d.Weight * nearest(p, r, set)
				}
			}
			return sum
		}), median, err)

		center, err := siting.Center(ctx, p, count, siting.CoverConfig{})
		agree(t, least(p, count, func(set []int) float64 {
			far := 0.0
			for r := range p.Demands {
				far = max(far, nearest(p, r, set))
			}
			return far
		}), center, err)

		uncovered, total := 0.0, 0.0
		for _, d := range p.Demands {
			total += d.Weight
		}
		cover, err := siting.MaxCover(ctx, p, count, radius, siting.Config{})
		want := least(p, count, func(set []int) float64 {
			uncovered = 0
			for r, d := range p.Demands {
				if nearest(p, r, set) > radius {
					uncovered += d.Weight
				}
			}
			return uncovered
		})
		want.value = total - want.value
		agree(t, want, cover, err)

		times := rapid.IntRange(1, 2).Draw(t, "times")
		want = answer{value: math.Inf(1)}
		for size := max(1, lo); size <= hi && math.IsInf(want.value, 1); size++ {
			want = least(p, size, func(set []int) float64 {
				for r := range p.Demands {
					n := 0
					for _, j := range set {
						if p.Distances[r][j] <= radius {
							n++
						}
					}
					if n < times {
						return math.Inf(1)
					}
				}
				return float64(size)
			})
		}
		lscp, err := siting.Cover(ctx, p, radius, siting.CoverConfig{Times: times})
		agree(t, want, lscp, err)
	})
}

func TestCapacitatedAgainstEveryChoice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := small(t)
		total, hi, lo := 0.0, 0, 0
		for _, d := range p.Demands {
			total += d.Weight
		}
		for _, c := range p.Candidates {
			if c.Choice != siting.Forbidden {
				hi++
			}
			if c.Choice == siting.Fixed {
				lo++
			}
		}
		if total == 0 || hi == 0 || lo > min(hi, 3) {
			t.Skip("nothing to serve")
		}
		count := rapid.IntRange(max(1, lo), min(hi, 3)).Draw(t, "count")
		for _, single := range []bool{false, true} {
			got, err := siting.CapacitatedMedian(t.Context(), p, count, siting.CapacitatedConfig{SingleSource: single})
			want := least(p, count, func(set []int) float64 { return allocate(p, set, make([]float64, len(set)), 0, single) })
			agree(t, want, got, err)
			if err != nil {
				continue
			}
			load, cost := map[string]float64{}, 0.0
			for _, s := range got.Served {
				load[s.Center] += s.Weight
				cost += s.Weight * s.Distance
			}
			require.InDelta(t, got.Objective, cost, 1e-9)
			for _, c := range p.Candidates {
				if slices.Contains(got.Centers, c.ID) {
					require.GreaterOrEqual(t, load[c.ID], c.Least-1e-9)
					if c.Capacity > 0 {
						require.LessOrEqual(t, load[c.ID], c.Capacity+1e-9)
					}
				}
			}
		}
	})
}

// allocate tries every division of the demands from r on into whole patients.
func allocate(p siting.Problem, set []int, load []float64, r int, single bool) float64 {
	if r == len(p.Demands) {
		for i, j := range set {
			c := p.Candidates[j]
			if load[i] < c.Least || c.Capacity > 0 && load[i] > c.Capacity {
				return math.Inf(1)
			}
		}
		return 0
	}
	best := math.Inf(1)
	var divide func(at int, left, cost float64)
	divide = func(at int, left, cost float64) {
		if left == 0 || at == len(set) {
			if left == 0 {
				best = min(best, cost+allocate(p, set, load, r+1, single))
			}
			return
		}
		for w := 0.0; w <= left; w++ {
			d := p.Distances[r][set[at]]
			if single && w != 0 && w != p.Demands[r].Weight || w > 0 && math.IsNaN(d) {
				continue
			}
			load[at] += w
			step := 0.0
			if w > 0 {
				step = w * d
			}
			divide(at+1, left-w, cost+step)
			load[at] -= w
		}
	}
	divide(0, p.Demands[r].Weight, 0)
	return best
}
