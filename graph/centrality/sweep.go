// SPDX-License-Identifier: Apache-2.0

package centrality

import (
	"context"
	"slices"

	"github.com/oncoref/oncoref/graph/internal/sum"
)

// rows is a sparse matrix by rows, its diagonal apart.
type rows struct {
	start []int64
	node  []int32
	value []float64
	loop  []int64 // place of the diagonal entry in each row; the end of the row if there is none
}

func newRows(start []int64, node []int32, value []float64) *rows {
	n := len(start) - 1
	r := &rows{start, node, value, make([]int64, max(n, 0))}
	for i := range r.loop {
		row := node[start[i]:start[i+1]]
		k, ok := slices.BinarySearch(row, int32(i))
		if !ok {
			k = len(row)
		}
		r.loop[i] = start[i] + int64(k)
	}
	return r
}

func (r *rows) len() int { return len(r.loop) }

// diagonal returns the entry of row i on the diagonal.
func (r *rows) diagonal(i int) float64 {
	if k := r.loop[i]; k < r.start[i+1] {
		return r.value[k]
	}
	return 0
}

// dot returns row i, without the diagonal, times x.
func (r *rows) dot(i int, x []float64) float64 {
	lo, at, hi := r.start[i], r.loop[i], r.start[i+1]
	s := dot(r.value[lo:at], r.node[lo:at], x)
	if at+1 < hi {
		s += dot(r.value[at+1:hi], r.node[at+1:hi], x)
	}
	return s
}

func dot(value []float64, node []int32, x []float64) float64 {
	var a, b float64
	node = node[:len(value)]
	k := 0
	for ; k+1 < len(value); k += 2 {
		a += value[k] * x[node[k]]
		b += value[k+1] * x[node[k+1]]
	}
	if k < len(value) {
		a += value[k] * x[node[k]]
	}
	return a + b
}

// chunk is a range of rows.
type chunk struct{ lo, hi int }

// cut divides the rows into chunks of about the same number of entries. It
// depends on the matrix alone.
func (r *rows) cut(parts int) []chunk {
	n := r.len()
	if n == 0 {
		return nil
	}
	var chunks []chunk
	size := r.start[n] + int64(n) // a row costs something too
	lo := 0
	for p := range parts {
		want := size * int64(p+1) / int64(parts)
		hi := lo
		for hi < n && (r.start[hi]+int64(hi) < want || p == parts-1) {
			hi++
		}
		if hi > lo {
			chunks = append(chunks, chunk{lo, hi})
		}
		lo = hi
	}
	return chunks
}

const (
	phases       = 8       // parts of a sweep, each of which sees the results of those before
	phaseChunks  = 16      // chunks of a phase that can be done at the same time
	minTeamEdges = 1 << 16 // entries that make a second worker worth while
)

// rounding is the change in a sweep, as a share of the sum, that does not get
// smaller however many sweeps are done.
const rounding = 6e-14

// A sweeper solves x = f(x) by going over the rows again and again, each phase
// of a sweep with the results of the phases before it, as Gauss and Seidel do.
// The rows of a phase see the same x whoever computes them, so that the result
// does not depend on the number of workers.
type sweeper struct {
	phases [][]chunk
	x      []float64 // what the rows see
	fresh  []float64 // what the rows of the current phase give
	change []float64 // change of each chunk
	team   *team
}

func newSweeper(r *rows, x []float64, workers int) *sweeper {
	s := &sweeper{x: x, fresh: make([]float64, len(x))}
	m := int(r.start[r.len()])
	if m < minTeamEdges {
		workers = 1
	}
	s.team = newTeam(workersFor(workers, phaseChunks))
	chunks := r.cut(phases * phaseChunks)
	for p := range phases {
		lo, hi := len(chunks)*p/phases, len(chunks)*(p+1)/phases
		if hi > lo {
			s.phases = append(s.phases, chunks[lo:hi])
		}
	}
	s.change = make([]float64, phaseChunks)
	return s
}

// sweep does one sweep with row giving the new value of x for a row and its
// change as it is to be counted. It returns the sum of the changes.
func (s *sweeper) sweep(ctx context.Context, row func(i int) (x, change float64)) (float64, error) {
	var total sum.Compensated
	for _, chunks := range s.phases {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		s.team.do(func(worker int) {
			for c := worker; c < len(chunks); c += s.team.size {
				var change float64
				for i := chunks[c].lo; i < chunks[c].hi; i++ {
					x, d := row(i)
					s.fresh[i] = x
					change += d
				}
				s.change[c] = change
			}
		})
		lo, hi := chunks[0].lo, chunks[len(chunks)-1].hi
		copy(s.x[lo:hi], s.fresh[lo:hi])
		for c := range chunks {
			total.Add(s.change[c])
		}
	}
	return total.Value(), nil
}
