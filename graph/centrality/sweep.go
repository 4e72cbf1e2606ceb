// SPDX-License-Identifier: Apache-2.0

package centrality

import (
	"context"
	"slices"

	"github.com/oncoref/oncoref/graph/internal/sum"
	"github.com/oncoref/oncoref/graph/internal/team"
)

// rows is a sparse matrix by rows, its diagonal apart.
type rows struct {
	start []int64
	node  []int32
	value []float64
	loop  []int64 // place of the diagonal entry in each row; the end of the row if there is none
}

// newRows returns the matrix; it is of no use once ctx is done.
func newRows(ctx context.Context, t *team.Team, start []int64, node []int32, value []float64) *rows {
	n := max(len(start)-1, 0)
	r := &rows{start, node, value, make([]int64, n)}
	t.Each((n+rowsPerLook-1)/rowsPerLook, func(part int) {
		if ctx.Err() != nil {
			return
		}
		for i := part * rowsPerLook; i < min((part+1)*rowsPerLook, n); i++ {
			row := node[start[i]:start[i+1]]
			k, ok := slices.BinarySearch(row, int32(i))
			if !ok {
				k = len(row)
			}
			r.loop[i] = start[i] + int64(k)
		}
	})
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
func cut(start []int64, parts int) []chunk {
	n := len(start) - 1
	if n == 0 {
		return nil
	}
	var chunks []chunk
	size := start[n] + int64(n) // a row costs something too
	lo := 0
	for p := range parts {
		want := size * int64(p+1) / int64(parts)
		hi := lo
		for hi < n && (start[hi]+int64(hi) < want || p == parts-1) {
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
	minPhases    = 8       // parts of a sweep, each of which sees the results of those before
	maxPhases    = 128     // more would cost more in waiting than they gain
	phaseEdges   = 1 << 16 // entries that make another phase worth while
	phaseChunks  = 16      // chunks of a phase that can be done at the same time
	minTeamEdges = 1 << 16 // entries that make a second worker worth while
)

// newSweepTeam returns a team for products with a matrix of m entries.
func newSweepTeam(workers, m int) *team.Team {
	if m < minTeamEdges {
		workers = 1
	}
	return team.New(workersFor(workers, phaseChunks))
}

// rounding is the change in a sweep, as a share of the sum, that does not get
// smaller however many sweeps are done.
const rounding = 6e-14

// A sweeper solves x = f(x) by going over the rows again and again, each phase
// of a sweep with the results of the phases before it, as Gauss and Seidel do.
// The rows of a phase see the same x whoever computes them, so that the result
// does not depend on the number of workers.
type sweeper struct {
	chunks []chunk
	phases [][]chunk // the chunks by phase
	x      []float64 // what the rows see; one entry more than there are rows, which is 0
	fresh  []float64 // what the rows of the current phase give
	tally  []tally   // of each chunk
	team   *team.Team
}

// tally is what the rows of a chunk add up to.
type tally struct {
	change float64 // of the solution
	total  float64 // of the solution
	worst  float64 // largest change of an entry, as a share of it: no sum
}

func newSweeper(t *team.Team, start []int64) *sweeper {
	n := len(start) - 1
	s := &sweeper{team: t, x: make([]float64, n+1), fresh: make([]float64, n), tally: make([]tally, phaseChunks)}
	phases := max(minPhases, min(int(start[max(n, 0)]/phaseEdges), maxPhases))
	chunks := cut(start, phases*phaseChunks)
	for p := range phases {
		lo, hi := len(chunks)*p/phases, len(chunks)*(p+1)/phases
		if hi > lo {
			s.phases = append(s.phases, chunks[lo:hi])
		}
	}
	s.chunks = chunks
	return s
}

// sweep does one sweep. For a range of rows, solve writes what x is to become
// to fresh. It returns the tally of all rows.
func (s *sweeper) sweep(ctx context.Context, solve func(rows chunk) tally) (tally, error) {
	var change, total sum.Compensated
	worst := 0.0
	for _, chunks := range s.phases {
		if err := ctx.Err(); err != nil {
			return tally{}, err
		}
		s.team.Each(len(chunks), func(c int) { s.tally[c] = solve(chunks[c]) })
		lo, hi := chunks[0].lo, chunks[len(chunks)-1].hi
		copy(s.x[lo:hi], s.fresh[lo:hi])
		for _, t := range s.tally[:len(chunks)] {
			change.Add(t.change)
			total.Add(t.total)
			worst = max(worst, t.worst)
		}
	}
	return tally{change.Value(), total.Value(), worst}, nil
}

// overAll calls f for ranges that hold all rows, several at a time.
func (s *sweeper) overAll(f func(rows chunk)) {
	s.team.Each(len(s.chunks), func(c int) { f(s.chunks[c]) })
}

// others returns row i, without the diagonal, times x. Instead of the entry of
// the diagonal it looks at the zero at the end of x, which costs less than a
// branch.
func (r *rows) others(i int, x []float64) float64 {
	var a, b float64
	lo, hi := r.start[i], r.start[i+1]
	value, node := r.value[lo:hi], r.node[lo:hi]
	node = node[:len(value)]
	self, zero := int32(i), int32(len(x)-1)
	k := 0
	for ; k+1 < len(value); k += 2 {
		u, v := node[k], node[k+1]
		if u == self {
			u = zero
		}
		if v == self {
			v = zero
		}
		a += value[k] * x[u]
		b += value[k+1] * x[v]
	}
	if k < len(value) && node[k] != self {
		a += value[k] * x[node[k]]
	}
	return a + b
}
