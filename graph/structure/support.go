// SPDX-License-Identifier: Apache-2.0

package structure

import (
	"context"
	"math"
	"slices"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/internal/scc"
	"github.com/oncoref/oncoref/graph/internal/sum"
)

// supportOf returns seed without the edges that have weight 0 in every matrix
// that meets the margins, or an [*InfeasibleError] if there is no such matrix.
// With margins that are not whole numbers only the edges of nodes with margin 0
// go, so that rounding decides nothing, and a conflict of less than a share of
// 1e-11 of the total is not seen.
func supportOf(ctx context.Context, seed *graph.Digraph, row, col []float64) (*graph.Digraph, error) {
	total := sum.Of(row)
	if total == 0 {
		return seed.WithEdges(ctx, func(func(graph.Edge) bool) {})
	}
	exact := whole(row) && whole(col) && total == sum.Of(col)
	l := newLading(ctx, seed, row, col)
	if !exact {
		l.allow(row, col)
	}
	if err := l.ship(); err != nil {
		return nil, err
	}
	if left := sum.Of(l.row); left > 1e-11*total || exact && left > 0 {
		return nil, l.conflict(seed)
	}
	keep := func(i, j int) bool { return row[i] > 0 && col[j] > 0 }
	if exact {
		exchange, err := l.exchanges()
		if err != nil {
			return nil, err
		}
		keep = func(i, j int) bool { return exchange[i] == exchange[l.n+j] }
	}
	return seed.WithEdges(ctx, func(yield func(graph.Edge) bool) {
		for e := range seed.Edges() {
			if l.stop(1) || keep(e.From, e.To) && !yield(e) {
				return
			}
		}
	})
}

// whole reports whether sums of the numbers are exact.
func whole(x []float64) bool {
	total := 0.0
	for _, v := range x {
		if v != math.Trunc(v) {
			return false
		}
		total += v
	}
	return total <= 1<<53
}

// lading brings what rows must send to columns that must receive it, along
// edges that carry any amount: Dinic's largest flow on the two sides of a
// graph. Places on the two sides are rows 0 to n-1 and columns n to 2n-1.
type lading struct {
	ctx      context.Context
	c        graph.CSR
	n        int
	row, col []float64 // still to send, to receive
	rowDust  []float64 // at most this much is nothing
	colDust  []float64
	flow     []float64 // by position in OutTo
	place    []int64   // position in OutTo of each position in InFrom
	level    []int32   // steps from a row that has something to send; -1 if not reached
	next     []int64   // edge of a place to try next
	path     []step
	work     int
	stopped  bool
}

func newLading(ctx context.Context, g *graph.Digraph, row, col []float64) *lading {
	n := g.Len()
	l := &lading{
		ctx: ctx, c: g.CSR(), n: n, row: slices.Clone(row), col: slices.Clone(col),
		rowDust: make([]float64, n), colDust: make([]float64, n),
		flow: make([]float64, g.Size()), level: make([]int32, 2*n), next: make([]int64, 2*n),
	}
	return l
}

// allow makes the lading heed that margins are rounded.
func (l *lading) allow(row, col []float64) {
	const dust = 1e-13 // of a margin, far above what rounding does to one sum
	even := sum.Of(row) / sum.Of(col)
	for i := range l.n {
		l.col[i] *= even
		l.rowDust[i], l.colDust[i] = dust*row[i], dust*col[i]
	}
}

// stop says whether ctx is done, which it asks now and then.
func (l *lading) stop(work int) bool {
	const patience = 1 << 17
	if l.work += work; l.work >= patience {
		l.work = 0
		l.stopped = l.ctx.Err() != nil
	}
	return l.stopped
}

// ship sends as much as can be sent, along ever longer ways.
func (l *lading) ship() error {
	for l.survey() {
		for i := range l.n {
			for l.row[i] > l.rowDust[i] && l.send(int32(i)) {
			}
			if l.stop(1) {
				break
			}
		}
	}
	return l.ctx.Err()
}

// survey finds how far each place is from the rows that have something to send,
// up to the first column that lacks something. It reports whether there is one.
func (l *lading) survey() bool {
	var queue []int32
	for i := range l.level {
		l.level[i] = -1
	}
	for i, x := range l.row {
		if x > l.rowDust[i] {
			l.level[i] = 0
			queue = append(queue, int32(i))
		}
	}
	last := int32(math.MaxInt32)
	for len(queue) > 0 {
		u := queue[0]
		queue = queue[1:]
		if l.level[u] >= last {
			break
		}
		work := l.onward(u, func(v int32) {
			if l.level[v] < 0 {
				l.level[v] = l.level[u] + 1
				queue = append(queue, v)
				if j := int(v) - l.n; j >= 0 && l.col[j] > l.colDust[j] {
					last = l.level[v]
				}
			}
		})
		if l.stop(work) {
			return false
		}
	}
	copy(l.next, l.c.OutStart[:l.n])
	copy(l.next[l.n:], l.c.InStart[:l.n])
	return last < math.MaxInt32
}

// onward calls visit for the places to which something at place u can go: from a
// row to the columns it has edges to, from a column back to the rows whose
// shipments could make way. It returns the number of edges looked at.
func (l *lading) onward(u int32, visit func(v int32)) int {
	if int(u) < l.n {
		row := l.c.OutTo[l.c.OutStart[u]:l.c.OutStart[u+1]]
		for _, j := range row {
			visit(j + int32(l.n))
		}
		return 1 + len(row)
	}
	lo, hi := l.c.InStart[int(u)-l.n], l.c.InStart[int(u)-l.n+1]
	if lo == hi {
		return 1
	}
	place := l.places()
	for k := lo; k < hi; k++ {
		if l.flow[place[k]] > 0 {
			visit(l.c.InFrom[k])
		}
	}
	return 1 + int(hi-lo)
}

// places returns where each edge of the in direction stands in the other.
func (l *lading) places() []int64 {
	if l.place == nil {
		l.place = make([]int64, len(l.flow))
		next := slices.Clone(l.c.InStart)
		for k, j := range l.c.OutTo {
			if k%checkWork == 0 && l.ctx.Err() != nil {
				break // the callers look too
			}
			l.place[next[j]] = int64(k)
			next[j]++
		}
	}
	return l.place
}

// step is a place on a way and the position in OutTo of the edge that led there.
type step struct {
	at   int32
	edge int64
}

// send ships from row s along one way of the survey; it reports whether there
// was one.
func (l *lading) send(s int32) bool {
	path := append(l.path[:0], step{at: s})
	for len(path) > 0 && !l.stop(1) {
		u := path[len(path)-1].at
		if j := int(u) - l.n; j >= 0 && l.col[j] > l.colDust[j] {
			l.book(path)
			return true
		}
		if to := l.advance(u); to.at >= 0 {
			path = append(path, to)
			continue
		}
		l.level[u] = -1
		path = path[:len(path)-1]
	}
	l.path = path
	return false
}

// book ships as much as the way allows. Going back from a column to a row undoes
// a shipment.
func (l *lading) book(path []step) {
	row, col := &l.row[path[0].at], &l.col[int(path[len(path)-1].at)-l.n]
	amount := min(*row, *col)
	for k := 2; k < len(path); k += 2 {
		amount = min(amount, l.flow[path[k].edge])
	}
	*row -= amount
	*col -= amount
	for k := 1; k < len(path); k++ {
		f := &l.flow[path[k].edge]
		if k%2 == 1 {
			*f += amount
		} else if *f -= amount; *f <= l.rowDust[path[k].at] {
			*f = 0
		}
	}
}

// advance returns the next step on a way of the survey from u; at -1 if there is
// none.
func (l *lading) advance(u int32) step {
	if int(u) < l.n {
		for end := l.c.OutStart[u+1]; l.next[u] < end; l.next[u]++ {
			k := l.next[u]
			if v := l.c.OutTo[k] + int32(l.n); l.level[v] == l.level[u]+1 {
				return step{v, k}
			}
		}
		return step{at: -1}
	}
	for end := l.c.InStart[int(u)-l.n+1]; l.next[u] < end; l.next[u]++ {
		k := l.next[u]
		if v := l.c.InFrom[k]; l.level[v] == l.level[u]+1 && l.flow[l.places()[k]] > 0 {
			return step{v, l.place[k]}
		}
	}
	return step{at: -1}
}

// conflict returns the error for what could not be shipped: senders that reach
// too few receivers or receivers reached by too few senders, whichever names
// fewer nodes. It takes the last survey, which reached all that is at odds.
func (l *lading) conflict(g *graph.Digraph) error {
	short := &InfeasibleError{Reason: ReasonSupport}
	other := &InfeasibleError{Reason: ReasonSupport}
	for i := range l.n {
		if l.level[i] >= 0 {
			short.Senders = append(short.Senders, g.Key(i))
		}
		if l.level[l.n+i] >= 0 {
			short.Receivers = append(short.Receivers, g.Key(i))
		}
	}
	for i, lacks := range l.lacking() {
		switch {
		case !lacks:
		case i < l.n:
			other.Senders = append(other.Senders, g.Key(i))
		default:
			other.Receivers = append(other.Receivers, g.Key(i-l.n))
		}
	}
	if len(other.Senders)+len(other.Receivers) < len(short.Senders)+len(short.Receivers) {
		return other
	}
	return short
}

// lacking marks the columns that lack something, the rows that have edges to
// them, the columns these ship to, and so on.
func (l *lading) lacking() []bool {
	marked := make([]bool, 2*l.n)
	var queue []int32
	mark := func(v int32) {
		if !marked[v] {
			marked[v] = true
			queue = append(queue, v)
		}
	}
	for j, x := range l.col {
		if x > l.colDust[j] {
			mark(int32(l.n + j))
		}
	}
	for len(queue) > 0 {
		u := int(queue[0])
		queue = queue[1:]
		if u >= l.n {
			for _, i := range l.c.InFrom[l.c.InStart[u-l.n]:l.c.InStart[u-l.n+1]] {
				mark(i)
			}
			continue
		}
		for k := l.c.OutStart[u]; k < l.c.OutStart[u+1]; k++ {
			if l.flow[k] > 0 {
				mark(l.c.OutTo[k] + int32(l.n))
			}
		}
	}
	return marked
}

// exchanges returns a number for each place, the same for two if shipments
// between them can be exchanged for others. An edge carries something in some
// matrix with these margins if it does now, or if its ends have the same number:
// then it lies on a circle of edges that could carry more and edges that could
// carry less. (An edge that carries something is such a circle.)
func (l *lading) exchanges() ([]int32, error) {
	n := l.n
	more, less := scc.Rows{Start: make([]int64, 2*n+1)}, scc.Rows{Start: make([]int64, 2*n+1)}
	carry := 0
	for _, f := range l.flow {
		carry += indicator(f > 0)
	}
	more.Node, less.Node = make([]int32, 0, len(l.flow)+carry), make([]int32, 0, len(l.flow)+carry)
	for i := range n {
		if l.stop(1 + int(l.c.OutStart[i+1]-l.c.OutStart[i])) {
			break
		}
		for k := l.c.OutStart[i]; k < l.c.OutStart[i+1]; k++ {
			j := l.c.OutTo[k] + int32(n)
			more.Node = append(more.Node, j)
			if l.flow[k] > 0 {
				less.Node = append(less.Node, j)
			}
		}
		more.Start[i+1], less.Start[i+1] = int64(len(more.Node)), int64(len(less.Node))
	}
	place := l.places()
	for j := range n {
		if l.stop(1 + int(l.c.InStart[j+1]-l.c.InStart[j])) {
			break
		}
		for k := l.c.InStart[j]; k < l.c.InStart[j+1]; k++ {
			i := l.c.InFrom[k]
			less.Node = append(less.Node, i)
			if l.flow[place[k]] > 0 {
				more.Node = append(more.Node, i)
			}
		}
		more.Start[n+j+1], less.Start[n+j+1] = int64(len(more.Node)), int64(len(less.Node))
	}
	if err := l.ctx.Err(); err != nil {
		return nil, err
	}
	number, _ := scc.Of(more, less, func() bool { return l.ctx.Err() != nil })
	return number, l.ctx.Err()
}
