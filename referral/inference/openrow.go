// SPDX-License-Identifier: Apache-2.0

package inference

import (
	"math"
	"slices"

	"github.com/oncoref/oncoref/referral"
)

// maxSumWork are the steps that openRow may take to go through the sums of its
// cells.
const maxSumWork = 1 << 25

// openRow holds two lists of cells for the same places, such as those of an
// origin in two tables. Bounds of cells that are not known are whole numbers.
type openRow struct{ first, second []referral.Cell }

func inWhole(c referral.Cell) referral.Cell {
	if c.Known() {
		return c
	}
	return referral.Between(math.Ceil(c.Lo), math.Floor(c.Hi))
}

func leastOf(cells []referral.Cell) float64 {
	sum := 0.0
	for _, c := range cells {
		sum += c.Lo
	}
	return sum
}

func mostOf(cells []referral.Cell) float64 {
	sum := 0.0
	for _, c := range cells {
		sum += c.Hi
	}
	return sum
}

// known reports whether all cells are exact.
func (r openRow) known() bool {
	open := func(c referral.Cell) bool { return !c.Known() }
	return !slices.ContainsFunc(r.first, open) && !slices.ContainsFunc(r.second, open)
}

// maybeEmpty reports whether one of the lists may add up to nothing.
func (r openRow) maybeEmpty() bool { return leastOf(r.first) == 0 || leastOf(r.second) == 0 }

// widths gives how far the cells of a place are open.
func (r openRow) widths(j int) (int, int) {
	return int(r.first[j].Hi - r.first[j].Lo), int(r.second[j].Hi - r.second[j].Lo)
}

// fewSums reports whether extreme can be had for all pairs of sums.
func (r openRow) fewSums() bool {
	w1, w2, work := 1.0, 1.0, 0.0
	for j := range r.first {
		x, y := r.first[j].Hi-r.first[j].Lo, r.second[j].Hi-r.second[j].Lo
		work += w1 * w2 * (x + 1) * (y + 1)
		w1, w2 = w1+x, w2+y
	}
	return w1*w2*work <= maxSumWork
}

// extreme gives the least sum of a term (for sign 1; the largest with its sign
// changed for -1) over the places, of the completions whose lists add up to n1
// and n2. The choices, one list for each place, get the cells that lead to each
// pair of sums.
func (r openRow) extreme(n1, n2, sign float64, term func(x, y float64) float64, choices [][]int) float64 {
	best := []float64{0} // by how far the two sums are above their least
	w1, w2 := 0, 0
	for j, x := range r.first {
		y := r.second[j]
		dx, dy := r.widths(j)
		width := w2 + dy + 1
		next := make([]float64, (w1+dx+1)*width)
		for k := range next {
			next[k] = math.Inf(1)
		}
		if choices != nil {
			choices[j] = make([]int, len(next))
		}
		for a := range dx + 1 {
			for b := range dy + 1 {
				v := sign * term(x.Lo+float64(a), y.Lo+float64(b))
				for s := range w1 + 1 {
					for u := range w2 + 1 {
						to := (s+a)*width + u + b
						if w := best[s*(w2+1)+u] + v; w < next[to] {
							next[to] = w
							if choices != nil {
								choices[j][to] = a*(dy+1) + b
							}
						}
					}
				}
			}
		}
		best, w1, w2 = next, w1+dx, w2+dy
	}
	s, u := math.Round(n1-leastOf(r.first)), math.Round(n2-leastOf(r.second))
	return best[int(s)*(w2+1)+int(u)]
}

// pairsOfSums calls visit with all sums that the two lists can have, but 0.
func (r openRow) pairsOfSums(visit func(n1, n2 float64)) {
	for a := range int(mostOf(r.first)-leastOf(r.first)) + 1 {
		for b := range int(mostOf(r.second)-leastOf(r.second)) + 1 {
			if n1, n2 := leastOf(r.first)+float64(a), leastOf(r.second)+float64(b); n1 > 0 && n2 > 0 {
				visit(n1, n2)
			}
		}
	}
}
