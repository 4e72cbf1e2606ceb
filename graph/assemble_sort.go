// SPDX-License-Identifier: Apache-2.0

package graph

import (
	"context"
	"math/bits"
	"slices"
	"sync/atomic"
)

// partEdges is the number of edges that are sorted at once: few enough that a
// core's cache holds them.
const partEdges = 1 << 15

// parts are edges dealt out by target: part i has those to nodes i<<shift to
// (i+1)<<shift-1, at start[i] to start[i+1]-1, in no order.
type parts struct {
	edges []triple
	start []uint32
	shift int
}

// sortEdges returns the edges of all shares as the rows of their targets,
// sorted by source, repeats side by side in no order; or the error of ctx. It
// takes the chunks out of the shares.
func sortEdges(ctx context.Context, n int, shares []share) (adjacency, error) {
	p := deal(ctx, n, shares)
	for k := range shares {
		shares[k].chunks = nil
	}
	if err := ctx.Err(); err != nil {
		return adjacency{}, err
	}
	m := len(p.edges)
	collect(m)
	a := adjacency{start: make([]int64, n+1)}
	if m == 0 {
		return a, nil
	}
	a.node, a.weight = make([]int32, m), make([]float64, m)
	a.start[n] = int64(m)
	var next atomic.Int64
	inParallel(len(shares), func(int) {
		s := newPartSorter(n, p.shift)
		for {
			i := int(next.Add(1)) - 1
			if i >= len(p.start)-1 || ctx.Err() != nil {
				return
			}
			s.sort(ctx, p, i, a)
		}
	})
	return a, ctx.Err()
}

// deal makes parts of the edges of all shares. It stops when ctx is done; look
// at ctx afterwards.
func deal(ctx context.Context, n int, shares []share) parts {
	m := 0
	for _, s := range shares {
		for _, chunk := range s.chunks {
			m += len(chunk)
		}
	}
	p := parts{shift: bits.Len(uint(max(n-1, 0) / max(m/partEdges, 1)))}
	count := (n-1)>>p.shift + 1
	counts := make([][]uint32, len(shares))
	inParallel(len(shares), func(k int) {
		c := make([]uint32, count)
		shares[k].each(ctx, func(chunk []triple, rank []int32, shift int32) {
			for i := range chunk {
				c[rank[chunk[i].to+shift]>>p.shift]++
			}
		})
		counts[k] = c
	})
	if ctx.Err() != nil {
		return parts{}
	}
	p.start = rowStarts[uint32](counts)
	p.edges = make([]triple, m)
	inParallel(len(shares), func(k int) {
		c := counts[k]
		shares[k].each(ctx, func(chunk []triple, rank []int32, shift int32) {
			for _, e := range chunk {
				to := rank[e.to+shift]
				at := &c[to>>p.shift]
				p.edges[*at] = triple{rank[e.from+shift], to, e.weight}
				*at++
			}
		})
	})
	return p
}

// rowStarts turns the counts of all workers into the positions where each
// begins to write in each row and returns where the rows begin, with the end of
// the last one.
func rowStarts[T uint32 | int64](counts [][]uint32) []T {
	start := make([]T, len(counts[0])+1)
	pos := uint32(0)
	for v := range counts[0] {
		start[v] = T(pos)
		for _, c := range counts {
			pos, c[v] = pos+c[v], pos
		}
	}
	start[len(start)-1] = T(pos)
	return start
}

// partSorter sorts one part after another: by source, some bits at a time, and
// last by target, by counting.
type partSorter struct {
	digit   int        // bits of the source that one pass sorts by
	sources [][]uint32 // counts for each pass by source
	targets []uint32
	spare   []triple
}

// maxDigit keeps the counts of a pass in the fastest cache.
const maxDigit = 11

func newPartSorter(n, shift int) *partSorter {
	width := bits.Len(uint(n - 1))
	passes := (width + maxDigit - 1) / maxDigit
	s := &partSorter{sources: make([][]uint32, passes), targets: make([]uint32, min(1<<shift, n))}
	if passes > 0 {
		s.digit = (width + passes - 1) / passes
	}
	for k := range s.sources {
		s.sources[k] = make([]uint32, 1<<s.digit)
	}
	return s
}

// sort puts part i of p in order and into a. It stops when ctx is done; look at
// ctx afterwards.
func (s *partSorter) sort(ctx context.Context, p parts, i int, a adjacency) {
	begin, base := p.start[i], i<<p.shift
	edges := p.edges[begin:p.start[i+1]]
	s.count(edges, base)
	if cap(s.spare) < len(edges) {
		s.spare = make([]triple, len(edges))
	}
	other := s.spare[:len(edges)]
	for k, at := range s.sources {
		for part := range slices.Chunk(edges, pace) {
			if ctx.Err() != nil {
				return
			}
			for _, e := range part {
				to := &at[e.from>>(k*s.digit)&(1<<s.digit-1)]
				other[*to] = e
				*to++
			}
		}
		edges, other = other, edges
	}
	rows := a.start[base:min(base+1<<p.shift, len(a.start)-1)]
	for r := range rows {
		rows[r] = int64(begin + s.targets[r])
	}
	node, weight := a.node[begin:p.start[i+1]], a.weight[begin:p.start[i+1]]
	for part := range slices.Chunk(edges, pace) {
		if ctx.Err() != nil {
			return
		}
		for _, e := range part {
			to := &s.targets[int(e.to)-base]
			node[*to], weight[*to] = e.from, e.weight
			*to++
		}
	}
}

// count fills in where each pass begins to write for each value.
func (s *partSorter) count(edges []triple, base int) {
	for _, at := range s.sources {
		clear(at)
	}
	clear(s.targets)
	for i := range edges {
		e := &edges[i]
		for k, at := range s.sources {
			at[e.from>>(k*s.digit)&(1<<s.digit-1)]++
		}
		s.targets[int(e.to)-base]++
	}
	for _, at := range s.sources {
		startsOf(at)
	}
	startsOf(s.targets)
}

// startsOf turns counts into the sums of those before.
func startsOf(at []uint32) {
	pos := uint32(0)
	for i, c := range at {
		at[i] = pos
		pos += c
	}
}
