// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"cmp"
	"math"
	"slices"
)

// topShares gives for each k the largest share that k classes can have together.
func (s *spread) topShares() []float64 {
	n := len(s.x)
	out := make([]float64, n+1)
	if math.IsInf(s.total.hi, 1) {
		for k := 1; k <= n; k++ {
			out[k] = 1 // one class outgrows the others
		}
		return out
	}
	low, high := 0.0, 0.0
	for _, b := range s.x {
		low += b.lo
		high += b.hi
	}
	width := high - low
	if s.free() {
		for k := 1; k < n; k++ {
			out[k] = s.topFree(k)
		}
	} else if s.whole && width*float64(n*n) <= 16*maxTable {
		s.topTable(out, low, high)
	} else {
		s.topBound(out)
	}
	out[n] = 1
	return out
}

// topFree finds the largest share of k classes with nothing known of the sum: the
// k classes are at their upper bounds and the others at their lower ones.
func (s *spread) topFree(k int) float64 {
	order := slices.Clone(s.x)
	share := 0.0
	for range 100 { // each round has another set of classes, or is the last
		gain := func(b span) float64 { return (1-share)*b.hi + share*b.lo }
		slices.SortFunc(order, func(a, b span) int { return cmp.Compare(gain(b), gain(a)) })
		part, rest := 0.0, 0.0
		for i, b := range order {
			if i < k {
				part += b.hi
			} else {
				rest += b.lo
			}
		}
		if part+rest == 0 || part/(part+rest) <= share {
			break
		}
		share = part / (part + rest)
	}
	return share
}

// topTable finds the largest shares for whole counts: for each number of classes
// and each width of their bounds together the largest upper bound.
func (s *spread) topTable(out []float64, low, high float64) {
	n, width := len(s.x), int(high-low)
	none := math.Inf(-1)
	best := make([][]float64, n+1)
	for k := range best {
		best[k] = make([]float64, width+1)
		for q := range best[k] {
			best[k][q] = none
		}
	}
	best[0][0] = 0
	reach := 0
	for i, b := range s.x {
		w := int(b.hi - b.lo)
		for k := i; k >= 0; k-- {
			for q := reach; q >= 0; q-- {
				if v := best[k][q]; v > none {
					best[k+1][q+w] = max(best[k+1][q+w], v+b.hi)
				}
			}
		}
		reach += w
	}
	for k := 1; k < n; k++ {
		for q, hi := range best[k] {
			if hi > none {
				lo := hi - float64(q)
				b := block{span{lo, hi}, span{low - lo, high - hi}, s.total}
				out[k] = max(out[k], portion(b.most()))
			}
		}
	}
}

// topBound gives upper bounds: the k largest upper bounds over the smallest sum,
// and one less the smallest lower bounds over the largest sum.
func (s *spread) topBound(out []float64) {
	n := len(s.x)
	var lo, hi []float64
	for _, b := range s.x {
		lo, hi = append(lo, b.lo), append(hi, b.hi)
	}
	slices.Sort(lo)
	slices.Sort(hi)
	for k := 1; k < n; k++ {
		top, rest := 0.0, 0.0
		for i := range n {
			if i < n-k {
				rest += lo[i]
			} else {
				top += hi[i]
			}
		}
		out[k] = min(s.topFree(k), top/s.total.lo, 1-rest/s.total.hi)
	}
}

// Limits on the classes for the largest Gini coefficient.
const maxAssigned = 200

// mostGini gives the largest Gini coefficient, or, beyond the limits, an upper
// bound: it is a sum of top shares, which the bound takes as the largest each.
func (s *spread) mostGini() float64 {
	n := float64(len(s.x))
	if math.IsInf(s.total.hi, 1) {
		return (n - 1) / n
	}
	unknown := 0
	for _, b := range s.x {
		if !b.known() {
			unknown++
		}
	}
	free := s.free()
	switch {
	case unknown == 0:
		return gini(s.atSum(s.total.lo))
	case !free && unknown <= maxCorners-3:
		return s.giniCorners()
	}
	bound := 0.0
	for _, share := range s.topShares()[1:] {
		bound += 2 / n * share
	}
	bound -= (n + 1) / n
	if len(s.x) <= maxAssigned {
		bound = min(bound, s.giniFree())
	}
	return bound
}

// giniCorners tries every vertex.
func (s *spread) giniCorners() float64 {
	var at []int
	parts := make([]float64, len(s.x))
	low := 0.0
	for k, b := range s.x {
		parts[k] = b.lo
		low += b.lo
		if !b.known() {
			at = append(at, k)
		}
	}
	best := math.Inf(-1)
	for mask := range 1 << len(at) {
		sum := low
		for i, k := range at {
			if parts[k] = s.x[k].lo; mask>>i&1 == 1 {
				parts[k] = s.x[k].hi
				sum += s.x[k].hi - s.x[k].lo
			}
		}
		if sum >= s.total.lo && sum <= s.total.hi {
			best = max(best, gini(parts))
		}
		for i, k := range at {
			if mask>>i&1 == 1 {
				continue
			}
			for _, end := range [...]float64{s.total.lo, s.total.hi} {
				if part := s.x[k].lo + end - sum; part > s.x[k].lo && part < s.x[k].hi {
					parts[k] = part
					best = max(best, gini(parts))
				}
			}
			parts[k] = s.x[k].lo
		}
	}
	return best
}

// giniFree finds the largest coefficient with nothing known of the sum. With
// ranks r from 1 it is 2 Σ r x_(r) / (n Σ x) - (n+1)/n; for a ratio λ = Σ r x / Σ x
// the classes are assigned to ranks so that Σ (r-λ) x is the largest, each at the
// bound that suits its rank, until no assignment has a higher ratio.
func (s *spread) giniFree() float64 {
	n := len(s.x)
	parts := make([]float64, n)
	for k, b := range s.x {
		parts[k] = b.hi
	}
	rank := func(parts []float64) (float64, float64) {
		sorted := slices.Sorted(slices.Values(parts))
		weighted, sum := 0.0, 0.0
		for r, x := range sorted {
			weighted += float64(r+1) * x
			sum += x
		}
		return weighted, sum
	}
	w, t := rank(parts)
	ratio := w / t
	value := make([]float64, n*n)
	for range 100 { // the ratio rises from one vertex to another
		for k, b := range s.x {
			for r := range n {
				d := float64(r+1) - ratio
				value[k*n+r] = max(d*b.lo, d*b.hi)
			}
		}
		for k, r := range assign(value, n) {
			if parts[k] = s.x[k].lo; float64(r+1) > ratio {
				parts[k] = s.x[k].hi
			}
		}
		if w, t = rank(parts); t == 0 || w/t <= ratio*(1+1e-14) {
			break
		}
		ratio = w / t
	}
	return 2*ratio/float64(n) - float64(n+1)/float64(n)
}

// assign gives each of n rows another column so that the sum of the values is the
// largest, by shortest augmenting paths in time O(n³).
func assign(value []float64, n int) []int {
	u, v := make([]float64, n+1), make([]float64, n+1)
	row, way := make([]int, n+1), make([]int, n+1)
	least := make([]float64, n+1)
	used := make([]bool, n+1)
	for i := 1; i <= n; i++ {
		row[0] = i
		j := 0
		for k := range least {
			least[k], used[k] = math.Inf(1), false
		}
		for row[j] != 0 {
			used[j] = true
			r, next, delta := row[j], 0, math.Inf(1)
			for k := 1; k <= n; k++ {
				if used[k] {
					continue
				}
				if c := -value[(r-1)*n+k-1] - u[r] - v[k]; c < least[k] {
					least[k], way[k] = c, j
				}
				if least[k] < delta {
					delta, next = least[k], k
				}
			}
			for k := 0; k <= n; k++ {
				if used[k] {
					u[row[k]] += delta
					v[k] -= delta
				} else {
					least[k] -= delta
				}
			}
			j = next
		}
		for j != 0 {
			row[j] = row[way[j]]
			j = way[j]
		}
	}
	out := make([]int, n)
	for k := 1; k <= n; k++ {
		out[row[k]-1] = k - 1
	}
	return out
}
