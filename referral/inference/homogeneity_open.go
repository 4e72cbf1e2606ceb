// SPDX-License-Identifier: Apache-2.0

package inference

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/oncoref/oncoref/referral"
)

// Limits of what the test of partly known tables goes through.
const (
	maxRowCompletions = 1 << 18 // of one origin
	maxLawWork        = 1 << 22 // permutations behind the laws of all origins
	maxTailWork       = 1 << 25 // steps in putting the laws of origins together
)

// ways are completions of an origin in which X² has one law under permutation,
// with the least and the largest X² of these completions.
type ways struct {
	law     []weighted
	lo, hi  float64
	skipped bool // the origin has nobody in one of the tables
}

// ranges sets the statistic and the p-value to their ranges over all
// completions.
func (h *Homogeneity) ranges(ctx context.Context, rows []openRow, c PermutationConfig) error {
	bounds := make([]rowBounds, len(rows))
	if err := parallel(ctx, c.Workers, len(rows), func() func(int) error {
		return func(i int) error {
			bounds[i] = rows[i].bounds()
			return nil
		}
	}); err != nil {
		return err
	}
	h.X2 = rangeOfX2(bounds)
	groups, ok, err := groupRows(ctx, rows)
	if err != nil {
		return err
	}
	lo, hi := 0.0, 1.0
	if ok {
		if lo, hi, h.Exact, err = exactRange(ctx, groups); err != nil {
			return err
		}
		if h.Exact {
			h.P = rangeOf(lo, hi)
			h.Seen = h.P
			return nil
		}
		lo, hi = orderedRange(groups)
	}
	least, most := momentRange(bounds)
	h.P = rangeOf(max(lo, least), min(hi, most))
	return h.see(ctx, bounds, c)
}

// rangeOf gives a range as a result; ends that differ by rounding only are one
// value.
func rangeOf(lo, hi float64) referral.Result {
	if hi-lo <= 1e-11*max(1, hi) {
		lo = hi
	}
	return referral.BoundedResult(lo, hi, referral.ReasonUnknownCells)
}

// see tests the completions that have the least and the largest X2.
func (h *Homogeneity) see(ctx context.Context, bounds []rowBounds, c PermutationConfig) error {
	h.Seen = referral.UndefinedResult(referral.ReasonUnknownCells)
	var ends [2][]pairOfRows
	for _, b := range bounds {
		if !b.attained {
			return nil
		}
		for k, p := range b.ends {
			if p.n1 > 0 && p.n2 > 0 {
				ends[k] = append(ends[k], p)
			}
		}
	}
	var p [2]float64
	for k, rows := range ends {
		if len(rows) == 0 {
			return nil
		}
		var err error
		if p[k], err = h.test(ctx, rows, c); err != nil {
			return err
		}
	}
	h.Exact = false
	lo, hi := min(p[0], p[1]), max(p[0], p[1])
	h.Seen = referral.Result{Value: math.NaN(), Lo: lo, Hi: hi, Status: referral.Envelope, Reason: referral.ReasonUnknownCells}
	return nil
}

// groupRows puts together the completions of each origin that have the same
// law; not ok if they are too many or their laws too large.
func groupRows(ctx context.Context, rows []openRow) ([][]ways, bool, error) {
	out := make([][]ways, len(rows))
	work := 0.0
	for i, r := range rows {
		if err := ctx.Err(); err != nil {
			return nil, false, err
		}
		cells := slices.Concat(r.first, r.second)
		k := len(r.first)
		if countCompletions(cells) > maxRowCompletions {
			return nil, false, nil
		}
		place := map[string]int{}
		fits := true
		err := completions(cells, maxRowCompletions, func(x []float64) error {
			p, some := pairOf(x[:k], x[k:])
			key := ""
			if some {
				sorted := slices.Clone(p.both)
				slices.Sort(sorted)
				key = fmt.Sprint(min(p.n1, p.n2), sorted)
			}
			at, seen := place[key]
			if !seen {
				at = len(out[i])
				place[key] = at
				g := ways{law: certain(), skipped: !some}
				if some {
					if work += p.tables(); work > maxLawWork {
						fits = false
						return context.Canceled // ends the visit
					}
					g.law = p.law()
					g.lo, g.hi = math.Inf(1), math.Inf(-1)
				}
				out[i] = append(out[i], g)
			}
			if some {
				v := p.x2(p.first)
				out[i][at].lo, out[i][at].hi = min(out[i][at].lo, v), max(out[i][at].hi, v)
			}
			return nil
		})
		if !fits {
			return nil, false, nil
		}
		if err != nil {
			return nil, false, err
		}
	}
	return out, true, nil
}

// exactRange gives the least and the largest p-value over all completions; not
// ok if they are too many. Of the completions of equal laws those with the
// least and the largest X² have them.
func exactRange(ctx context.Context, groups [][]ways) (lo, hi float64, ok bool, err error) {
	groups = slices.Clone(groups)
	slices.SortStableFunc(groups, func(a, b []ways) int { return sizeOf(a) - sizeOf(b) })
	last := len(groups) - 1
	lo, hi = math.Inf(1), math.Inf(-1)
	work := 0
	var visit func(i int, law []weighted, least, most float64, some bool) bool
	visit = func(i int, law []weighted, least, most float64, some bool) bool {
		for _, g := range groups[i] {
			l, m, tested := least+g.lo, most+g.hi, some || !g.skipped
			if i == last {
				if work += len(law) + len(g.law); work > maxTailWork {
					return false
				}
				if tested {
					lo, hi = min(lo, tailOf(law, g.law, m)), max(hi, tailOf(law, g.law, l))
				}
				continue
			}
			n := len(law) * len(g.law)
			if work += 8 * n; n > maxLaw || work > maxTailWork || ctx.Err() != nil {
				return false
			}
			if !visit(i+1, convolve(law, g.law), l, m, tested) {
				return false
			}
		}
		return true
	}
	ok = visit(0, certain(), 0, 0, false) && lo <= hi
	return lo, hi, ok, ctx.Err()
}

// sizeOf is the number of values in the laws of an origin.
func sizeOf(g []ways) int {
	n := 0
	for _, w := range g {
		n += len(w.law)
	}
	return n
}

// orderedRange bounds the p-value by stochastic order. With D the X² of a
// permutation less the observed one, of an origin, the p-value is P(Σ D ≥ 0).
// A law whose tail at every point is the largest of those of all completions
// is stochastically larger than each, and so are sums of such laws. D is
// rounded away to a grid.
func orderedRange(groups [][]ways) (lo, hi float64) {
	const points = 1 << 13
	widest := 0.0
	for _, g := range groups {
		low, high := spanOfD(g)
		widest += high - low
	}
	if widest == 0 {
		return 1, 1
	}
	width := widest / points
	return orderedTail(groups, width, false), orderedTail(groups, width, true)
}

// spanOfD gives the range of X² of a permutation less the observed one.
func spanOfD(g []ways) (lo, hi float64) {
	for _, w := range g {
		lo, hi = min(lo, w.law[0].value-w.hi), max(hi, w.law[len(w.law)-1].value-w.lo)
	}
	return lo, hi
}

// orderedTail gives an upper bound of the p-value, or a lower one.
func orderedTail(groups [][]ways, width float64, upper bool) float64 {
	sum := []float64{1} // probabilities of the points from offset on
	offset := 0
	for _, g := range groups {
		low, high := spanOfD(g)
		from, to := int(math.Floor(low/width))-1, int(math.Ceil(high/width))+1
		extreme := make([]float64, to-from+1) // of P(D ≥ point)
		if !upper {
			for k := range extreme {
				extreme[k] = 1
			}
		}
		tail := make([]float64, len(extreme))
		for _, w := range g {
			clear(tail)
			for _, v := range w.law {
				d := v.value - w.hi
				if upper {
					d = v.value - w.lo
				}
				if math.Abs(d) <= 1e-9*max(1, v.value) {
					d = 0
				}
				point := math.Floor(d / width)
				if upper {
					point = math.Ceil(d / width)
				}
				tail[int(point)-from] += v.probability
			}
			rest := 0.0
			for k := len(tail) - 1; k >= 0; k-- {
				rest += tail[k]
				if upper {
					extreme[k] = max(extreme[k], rest)
				} else {
					extreme[k] = min(extreme[k], rest)
				}
			}
		}
		for k := range len(extreme) - 1 {
			extreme[k] = max(0, extreme[k]-extreme[k+1]) // the law of that tail
		}
		next := make([]float64, len(sum)+len(extreme)-1)
		for i, p := range sum {
			if p == 0 {
				continue
			}
			for k, q := range extreme {
				next[i+k] += p * q
			}
		}
		sum = next
		offset += from
	}
	p := 0.0
	for k := len(sum) - 1; k >= max(0, -offset); k-- {
		p += sum[k]
	}
	const rounding = 1e-11
	if upper {
		return min(1, p+rounding)
	}
	return max(0, p-rounding)
}
