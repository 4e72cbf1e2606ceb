// SPDX-License-Identifier: Apache-2.0

package transport

import (
	"cmp"
	"slices"
)

// limit is one bound of an arc.
type limit struct {
	arc   int
	upper bool
}

// conflict returns arcs whose bounds cannot be met together but can when any
// one arc is freed of its bounds. The residual is where the routing got stuck:
// the nodes it still reaches are one side of a cut into which more must flow
// than can flow out (Hoffman 1960). Of that surplus the smallest lower bounds
// are left out as long as there is one; then each arc that is left is freed in
// turn and stays free if there is a conflict without it (deletion filter).
func (r *residual) conflict() []int {
	var kept []limit
	var surplus int64
	for a := range r.lo {
		from, to := r.level[r.tail[a]] >= 0, r.level[r.head[a]] >= 0
		switch {
		case !from && to && r.lo[a] > 0:
			kept = append(kept, limit{arc: a})
			surplus += r.lo[a]
		case from && !to:
			kept = append(kept, limit{a, true})
			surplus -= r.hi[a]
		}
	}
	slices.SortStableFunc(kept, func(x, y limit) int { return cmp.Compare(r.weight(x), r.weight(y)) })
	kept = slices.DeleteFunc(kept, func(l limit) bool {
		if l.upper || r.lo[l.arc] >= surplus {
			return false
		}
		surplus -= r.lo[l.arc]
		return true
	})
	kept = r.filter(kept)
	arcs := make([]int, len(kept))
	for i, l := range kept {
		arcs[i] = l.arc
	}
	slices.Sort(arcs)
	return arcs
}

// weight puts lower bounds in the order in which they are left out.
func (r *residual) weight(l limit) int64 {
	if l.upper {
		return 0
	}
	return r.lo[l.arc]
}

// filter leaves out what a conflict does not need. A conflict needs one bound
// of an arc only, as the cut crosses it in one direction.
func (r *residual) filter(kept []limit) []limit {
	free := *r.network
	free.lo, free.hi = make([]int64, len(r.lo)), make([]int64, len(r.hi))
	for a := range free.hi {
		free.hi[a] = infinite
	}
	free.index()
	set := func(l limit, on bool) {
		switch {
		case l.upper && on:
			free.hi[l.arc] = r.hi[l.arc]
		case l.upper:
			free.hi[l.arc] = infinite
		case on:
			free.lo[l.arc] = r.lo[l.arc]
		default:
			free.lo[l.arc] = 0
		}
	}
	for _, l := range kept {
		set(l, true)
	}
	return slices.DeleteFunc(kept, func(l limit) bool {
		set(l, false)
		if !newResidual(&free).feasible() {
			return true
		}
		set(l, true)
		return false
	})
}
