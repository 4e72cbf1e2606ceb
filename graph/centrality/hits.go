// SPDX-License-Identifier: Apache-2.0

package centrality

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/internal/sum"
	"github.com/oncoref/oncoref/graph/internal/team"
)

// Norm says how a vector that is known but for a factor is scaled.
type Norm uint8

// The norms.
const (
	NormUsual  Norm = iota // what is usual for the measure: it says so
	NormSum                // the values add up to 1
	NormEuclid             // their squares add up to 1
	NormMax                // the largest is 1
)

// String returns "usual", "sum", "Euclid" or "max".
func (n Norm) String() string {
	names := [...]string{"usual", "sum", "Euclid", "max"}
	if int(n) < len(names) {
		return names[n]
	}
	return fmt.Sprintf("Norm(%d)", uint8(n))
}

// apply scales x, which has no negative entries and some above 0.
func (n Norm) apply(x []float64) {
	largest := slices.Max(x)
	for i := range x {
		x[i] /= largest
	}
	var s sum.Compensated
	switch n {
	case NormSum:
		for _, v := range x {
			s.Add(v)
		}
	case NormEuclid:
		for _, v := range x {
			s.Add(v * v)
		}
	default:
		return
	}
	by := s.Value()
	if n == NormEuclid {
		by = math.Sqrt(by)
	}
	for i := range x {
		x[i] /= by
	}
}

func (n Norm) orUsual(usual Norm) Norm {
	if n == NormUsual {
		return usual
	}
	return n
}

func checkNorm(measure string, n Norm) error {
	if n > NormMax {
		return badSetting(measure, "Norm", n, "a norm that exists")
	}
	return nil
}

// HITSConfig are the choices of [HITS].
type HITSConfig struct {
	Norm          Norm    // the usual one is NormSum
	WithSelf      bool    // self loops count: a node points to itself
	Tolerance     float64 // bound on the residual, as a share of the eigenvalue; 0 means 1e-13
	MaxIterations int     // products with the matrix; 0 means 10000
	Workers       int     // goroutines; 0 means all cores. The result does not depend on it
}

// HITSScores are the results of [HITS].
type HITSScores struct {
	Hub       graph.Values[float64]
	Authority graph.Values[float64]
	Singular  float64 // largest singular value of the matrix of weights
}

// HITS returns for each node how good a hub it is, which sends to good
// authorities, and how good an authority, which receives from good hubs:
//
//	Xᵀ X a = σ² a,  X Xᵀ h = σ² h,  h = X a / σ
//
// where X is the matrix of weights and σ its largest singular value.
//
// Self loops are left out unless WithSelf. A node that nothing leaves has hub
// 0, one that nothing enters authority 0. If the graph falls into parts that
// share neither a hub nor an authority, all but the one with the largest σ
// have exactly 0. The values lie in [0, 1], scaled by the norm: by default
// they add up to 1. Scaling all weights changes nothing but Singular;
// transposing swaps the two; adding an isolated node adds a 0.
//
// The error wraps [ErrUndefined] if no edge counts ([NoEdges]), or if two
// parts have the same σ ([Degenerate]: relative difference at most 1e-12), so
// that every mixture of them would do; [ErrConfig]; or [ErrNotConverged]; or
// it is that of ctx. A graph without nodes gives no scores and no error.
//
// Time O(m) per product, divided among the workers, with about 50 products;
// memory O(n), for n nodes and m edges. A part with at most 128 authorities
// is solved directly.
//
// Reference: Kleinberg 1999, doi:10.1145/324133.324140, with weights.
func HITS(ctx context.Context, g *graph.Digraph, c HITSConfig) (HITSScores, error) {
	if err := checkNorm("HITS", c.Norm); err != nil {
		return HITSScores{}, err
	}
	limit, err := limitsOf("HITS", c.Tolerance, c.MaxIterations, usualPerron)
	if err != nil || g.Len() == 0 {
		return HITSScores{}, err
	}
	h := newHits(ctx, g, c)
	defer h.team.Close()
	parts := h.parts(ctx)
	if err := ctx.Err(); err != nil {
		return HITSScores{}, err
	}
	if len(parts) == 0 {
		return HITSScores{}, &UndefinedError{"HITS", NoEdges}
	}
	best, tied := -1.0, false
	var top hitsPart
	var scores []float64
	lower := 0.0
	for _, p := range parts {
		lower = max(lower, p.lower)
	}
	for _, p := range parts {
		if p.upper < max(lower, best)*(1-tie) {
			break
		}
		value, x, err := h.solve(ctx, limit, p)
		if err != nil {
			return HITSScores{}, err
		}
		tied = tied && value <= best*(1+tie) || math.Abs(value-best) <= tie*best
		if value > best {
			best, top, scores = value, p, x
		}
	}
	if tied {
		return HITSScores{}, &UndefinedError{"HITS", Degenerate}
	}
	authority, hub := make([]float64, g.Len()), make([]float64, g.Len())
	for a, j := range top.authorities {
		authority[j] = scores[a]
	}
	for i := range hub {
		hub[i] = h.times(h.out, i, authority)
	}
	c.Norm.orUsual(NormSum).apply(hub)
	c.Norm.orUsual(NormSum).apply(authority)
	return HITSScores{graph.NewValues(g, hub), graph.NewValues(g, authority), math.Sqrt(best) / h.unit}, nil
}

// hits is the matrix of weights in both directions.
type hits struct {
	out, in *rows
	self    bool
	unit    float64 // factor that makes the largest weight 1
	team    *team.Team
	x, y    []float64
	lines   [hitsLines][]both
}

// hitsLines is the number of parts of the hubs that can be done at the same
// time.
const hitsLines = 4

// both is an authority's entry in the vector and in its product.
type both struct{ x, y float64 }

func newHits(ctx context.Context, g *graph.Digraph, c HITSConfig) *hits {
	csr := g.CSR()
	t := newSweepTeam(c.Workers, g.Size())
	h := &hits{
		out:  newRows(ctx, t, csr.OutStart, csr.OutTo, csr.OutWeight),
		in:   newRows(ctx, t, csr.InStart, csr.InFrom, csr.InWeight),
		self: c.WithSelf, unit: unitOf(csr, c.WithSelf),
		team: t, x: make([]float64, g.Len()), y: make([]float64, g.Len()),
	}
	for l := range h.lines {
		h.lines[l] = make([]both, g.Len())
	}
	return h
}

// unitOf returns the factor that makes the largest weight that counts 1.
func unitOf(c graph.CSR, self bool) float64 {
	largest := 0.0
	for i := range len(c.OutStart) - 1 {
		for k := c.OutStart[i]; k < c.OutStart[i+1]; k++ {
			if w := c.OutWeight[k]; w > largest && (self || c.OutTo[k] != int32(i)) {
				largest = w
			}
		}
	}
	if largest == 0 {
		return 1
	}
	return min(1/largest, math.MaxFloat64)
}

func (h *hits) times(r *rows, i int, x []float64) float64 {
	s := r.dot(i, x)
	if h.self {
		s += r.diagonal(i) * x[i]
	}
	return s * h.unit
}

// hitsPart is a part of the graph that shares no hub and no authority with
// the rest, with bounds on the square of its singular value.
type hitsPart struct {
	hubs, authorities []int32
	lower, upper      float64
}

// parts returns the parts that have edges, those with the largest upper bound
// first; none if ctx is done.
func (h *hits) parts(ctx context.Context) []hitsPart {
	n := h.out.len()
	parent := make([]int32, 2*n) // hub i is i, authority j is n+j
	for i := range parent {
		parent[i] = int32(i)
	}
	find := func(x int32) int32 {
		for parent[x] != x {
			parent[x] = parent[parent[x]]
			x = parent[x]
		}
		return x
	}
	for i := range n {
		if i%rowsPerLook == 0 && ctx.Err() != nil {
			return nil
		}
		root := find(int32(i))
		for k := h.out.start[i]; k < h.out.start[i+1]; k++ {
			if k == h.out.loop[i] && !h.self {
				continue
			}
			if other := find(int32(n) + h.out.node[k]); other != root {
				// The smaller root wins, so that the order is fixed.
				parent[max(root, other)] = min(root, other)
				root = min(root, other)
			}
		}
	}
	index := make([]int32, 2*n)
	var parts []hitsPart
	var rowSum, columnSum []float64
	for x := range int32(2 * n) {
		if x%rowsPerLook == 0 && ctx.Err() != nil {
			return nil
		}
		r, i := h.out, int(x)
		if i >= n {
			r, i = h.in, i-n
		}
		total, square := h.row(r, i)
		if total == 0 {
			continue
		}
		root := find(x)
		if index[root] == 0 {
			parts = append(parts, hitsPart{})
			rowSum, columnSum = append(rowSum, 0), append(columnSum, 0)
			index[root] = int32(len(parts))
		}
		at := index[root] - 1
		p := &parts[at]
		p.lower = max(p.lower, square)
		if int(x) < n {
			p.hubs = append(p.hubs, int32(i))
			rowSum[at] = max(rowSum[at], total)
		} else {
			p.authorities = append(p.authorities, int32(i))
			columnSum[at] = max(columnSum[at], total)
		}
	}
	for at := range parts {
		parts[at].upper = rowSum[at] * columnSum[at] * (1 + tie)
	}
	slices.SortStableFunc(parts, func(a, b hitsPart) int { return cmp.Compare(b.upper, a.upper) })
	return parts
}

// row returns the sum and the sum of the squares of a row.
func (h *hits) row(r *rows, i int) (float64, float64) {
	var total, square float64
	for k := r.start[i]; k < r.start[i+1]; k++ {
		if k == r.loop[i] && !h.self {
			continue
		}
		w := r.value[k] * h.unit
		total += w
		square += w * w
	}
	return total, square
}

// solve returns the square of the singular value of a part and the scores of
// its authorities.
func (h *hits) solve(ctx context.Context, limit limits, part hitsPart) (float64, []float64, error) {
	p := perron{
		measure: "HITS", limit: limit, symmetric: true, team: h.team, x: h.x, y: h.y,
		apply: func(y, x []float64) { h.square(part, y, x) },
		entries: func(i int32, put func(j int32, w float64)) {
			h.each(h.in, i, func(hub int32, a float64) {
				h.each(h.out, hub, func(j int32, b float64) { put(j, a*b) })
			})
		},
	}
	return p.solve(ctx, part.authorities)
}

func (h *hits) each(r *rows, i int32, f func(j int32, w float64)) {
	for k := r.start[i]; k < r.start[i+1]; k++ {
		if k != r.loop[i] || h.self {
			f(r.node[k], r.value[k]*h.unit)
		}
	}
}

// square writes XᵀX times x for the authorities of a part. One pass over the
// edges of a hub reads x, and a second one, while they are still at hand, adds
// to y. The hubs are divided into a fixed number of lines, each with a y of
// its own, so that the sums do not depend on the number of workers.
func (h *hits) square(part hitsPart, y, x []float64) {
	n := len(part.hubs)
	h.team.Each(hitsLines, func(l int) {
		line := h.lines[l]
		for _, j := range part.authorities {
			line[j] = both{x: x[j]}
		}
		for _, i := range part.hubs[n*l/hitsLines : n*(l+1)/hitsLines] {
			lo, at, hi := h.out.start[i], h.out.loop[i], h.out.start[i+1]
			if h.self || at == hi {
				u := lineDot(h.out.value[lo:hi], h.out.node[lo:hi], line)
				lineAdd(h.out.value[lo:hi], h.out.node[lo:hi], line, u)
				continue
			}
			u := lineDot(h.out.value[lo:at], h.out.node[lo:at], line) + lineDot(h.out.value[at+1:hi], h.out.node[at+1:hi], line)
			lineAdd(h.out.value[lo:at], h.out.node[lo:at], line, u)
			lineAdd(h.out.value[at+1:hi], h.out.node[at+1:hi], line, u)
		}
	})
	unit := h.unit * h.unit
	m := len(part.authorities)
	h.team.Each(phaseChunks, func(c int) {
		for _, j := range part.authorities[m*c/phaseChunks : m*(c+1)/phaseChunks] {
			s := 0.0
			for l := range h.lines {
				s += h.lines[l][j].y
			}
			y[j] = s * unit
		}
	})
}

func lineDot(value []float64, node []int32, line []both) float64 {
	var a, b float64
	node = node[:len(value)]
	k := 0
	for ; k+1 < len(value); k += 2 {
		a += value[k] * line[node[k]].x
		b += value[k+1] * line[node[k+1]].x
	}
	if k < len(value) {
		a += value[k] * line[node[k]].x
	}
	return a + b
}

func lineAdd(value []float64, node []int32, line []both, u float64) {
	node = node[:len(value)]
	for k, w := range value {
		line[node[k]].y += w * u
	}
}
