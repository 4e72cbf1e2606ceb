// SPDX-License-Identifier: Apache-2.0

package disclosure

import (
	"container/heap"
	"math"
)

// circuit is a grid as a network in which every number is the flow of an arc
// and every sum a node: the total flows from the source through groups and
// rows into the cells, and through the totals of groups in each column and the
// column totals back. What a reader can work out is which other flows are
// possible when the arcs of published numbers are fixed.
//
// The arcs are in the order cells (row by row), rows, columns, total, groups,
// and groups in each column.
type circuit struct {
	g          Grid
	rows, cols int
	groups     []string
	groupOf    []int
	nodes      int
	tail, head []int32
	value      []int64
	floor      []int64 // no less than this is possible
	kind       []kind
	start      []int32 // steps by node: 2a along arc a, 2a+1 against it
	step       []int32
}

// kind says what a number is to a reader.
type kind uint8

const (
	published kind = iota // fixed
	candidate             // published, and may become hidden
	dropped               // a total that is not published
	hidden                // a number that is suppressed
)

func newCircuit(g Grid, c Config) *circuit {
	n := &circuit{g: g, rows: len(g.Rows), cols: len(g.Columns)}
	n.groups, n.groupOf = g.groups()
	source := n.rows + n.cols
	sink, group := source+1, source+2
	block := group + len(n.groups)
	n.nodes = block + len(n.groups)*n.cols
	groupSum := make([]int64, len(n.groups))
	blockSum := make([]int64, len(n.groups)*n.cols)
	rowSum, colSum := make([]int64, n.rows), make([]int64, n.cols)
	var total int64
	for i, row := range g.Counts {
		k := n.groupOf[i]
		for j, x := range row {
			to := n.rows + j
			if k >= 0 {
				to = block + k*n.cols + j
				groupSum[k] += max(x, 0)
				blockSum[k*n.cols+j] += max(x, 0)
			}
			rowSum[i] += max(x, 0)
			colSum[j] += max(x, 0)
			total += max(x, 0)
			n.add(i, to, max(x, 0), 0, c, x == Structural)
		}
	}
	for i, x := range rowSum {
		from := source
		if k := n.groupOf[i]; k >= 0 {
			from = group + k
		}
		n.add(from, i, x, RowTotals, c, false)
	}
	for j, x := range colSum {
		n.add(n.rows+j, sink, x, ColumnTotals, c, false)
	}
	n.add(sink, source, total, GrandTotal, c, false)
	for k, x := range groupSum {
		n.add(source, group+k, x, GroupTotals, c, false)
	}
	for b, x := range blockSum {
		n.add(block+b, n.rows+b%n.cols, x, GroupCells, c, false)
	}
	n.start, n.step = steps(n.nodes, n.tail, n.head, func(a int) bool { return n.kind[a] != published })
	return n
}

// add appends an arc; what cannot occur stays fixed, and zeros unless they are
// sensitive.
func (n *circuit) add(tail, head int, value int64, margin Margins, c Config, structural bool) {
	k := candidate
	switch {
	case margin != 0 && c.Drop&margin != 0:
		k = dropped
	case structural || value == 0 && !c.SuppressZero:
		k = published
	}
	var floor int64
	if c.KnownPresent && k != dropped {
		floor = min(value, 1)
	}
	n.tail, n.head = append(n.tail, int32(tail)), append(n.head, int32(head))
	n.value, n.floor, n.kind = append(n.value, value), append(n.floor, floor), append(n.kind, k)
}

// Arcs by what they stand for.
func (n *circuit) row(i int) int      { return n.rows*n.cols + i }
func (n *circuit) col(j int) int      { return n.row(n.rows) + j }
func (n *circuit) total() int         { return n.col(n.cols) }
func (n *circuit) group(k int) int    { return n.total() + 1 + k }
func (n *circuit) block(k, j int) int { return n.group(len(n.groups)) + k*n.cols + j }

// margin gives the totals that an arc belongs to; 0 for a cell.
func (n *circuit) margin(a int) Margins {
	switch {
	case a < n.row(0):
		return 0
	case a < n.col(0):
		return RowTotals
	case a < n.total():
		return ColumnTotals
	case a == n.total():
		return GrandTotal
	case a < n.block(0, 0):
		return GroupTotals
	}
	return GroupCells
}

// entry names the number of an arc.
func (n *circuit) entry(a int) Entry {
	switch n.margin(a) {
	case 0:
		return Entry{n.g.Rows[a/n.cols], n.g.Columns[a%n.cols]}
	case RowTotals:
		return Entry{Row: n.g.Rows[a-n.row(0)]}
	case ColumnTotals:
		return Entry{Column: n.g.Columns[a-n.col(0)]}
	case GroupTotals:
		return Entry{Row: n.groups[a-n.group(0)]}
	case GroupCells:
		b := a - n.block(0, 0)
		return Entry{n.groups[b/n.cols], n.g.Columns[b%n.cols]}
	default:
		return Entry{}
	}
}

// walker searches a circuit for what can be changed. It is not safe for
// concurrent use.
type walker struct {
	*circuit
	delta []int64   // how far each arc is from its value
	dirty []int32   // arcs that were moved
	dist  []float64 // by node
	from  []int32   // step that reached a node; -1 for none
	done  []bool
	queue []int32
	heap  nodeHeap
}

func newWalker(n *circuit) *walker {
	return &walker{
		circuit: n, delta: make([]int64, len(n.value)), dist: make([]float64, n.nodes),
		from: make([]int32, n.nodes), done: make([]bool, n.nodes),
	}
}

// endless is more than any count.
const endless = math.MaxInt64 / 4

// room gives how far a number can go along a step, and where the step leads.
func (w *walker) room(s int32) (int64, int32) {
	a := s >> 1
	if s&1 == 0 {
		return endless, w.head[a]
	}
	return w.value[a] - w.floor[a] + w.delta[a], w.tail[a]
}

func (w *walker) move(s int32, x int64) {
	a := s >> 1
	if w.delta[a] == 0 {
		w.dirty = append(w.dirty, a)
	}
	if s&1 == 0 {
		w.delta[a] += x
	} else {
		w.delta[a] -= x
	}
}

// reset takes back all moves.
func (w *walker) reset() {
	for _, a := range w.dirty {
		w.delta[a] = 0
	}
	w.dirty = w.dirty[:0]
}

// ends gives the nodes between which others must make up for a rise or a fall
// of a number.
func (w *walker) ends(a int, up bool) (int32, int32) {
	if up {
		return w.head[a], w.tail[a]
	}
	return w.tail[a], w.head[a]
}

// reach raises or lowers number p by as much as it can, at most by want, with
// the numbers that free says may move. It gives the amount; the moves are in
// delta until the next reset. Time O(want · arcs) at most, or O(nodes · arcs²)
// as in Edmonds and Karp (1972).
func (w *walker) reach(p int, up bool, want int64, free func(a int32) bool) int64 {
	if !up {
		want = min(want, w.value[p]-w.floor[p])
	}
	source, target := w.ends(p, up)
	var got int64
	for got < want && w.breadth(source, target, int32(p), free) {
		got += w.augment(source, target, want-got)
	}
	return got
}

// augment moves along the path found.
func (w *walker) augment(source, target int32, want int64) int64 {
	x := want
	for v := target; v != source; {
		s := w.from[v]
		r, _ := w.room(s)
		x = min(x, r)
		v = w.behind(s)
	}
	for v := target; v != source; {
		s := w.from[v]
		w.move(s, x)
		v = w.behind(s)
	}
	return x
}

// behind gives the node that a step starts from.
func (w *walker) behind(s int32) int32 {
	if s&1 == 0 {
		return w.tail[s>>1]
	}
	return w.head[s>>1]
}

func (w *walker) breadth(source, target, barred int32, free func(a int32) bool) bool {
	for v := range w.from {
		w.from[v] = -1
	}
	w.from[source] = -2
	q := append(w.queue[:0], source)
	for i := 0; i < len(q); i++ {
		v := q[i]
		for _, s := range w.step[w.start[v]:w.start[v+1]] {
			a := s >> 1
			if a == barred || !free(a) {
				continue
			}
			room, to := w.room(s)
			if room == 0 || w.from[to] != -1 {
				continue
			}
			w.from[to] = s
			if to == target {
				w.queue = q
				return true
			}
			q = append(q, to)
		}
	}
	w.queue = q
	return false
}

// shortest finds the distances from one node, up to that of another, for the
// lengths of the steps; +Inf for a step that cannot be taken (Dijkstra 1959).
// It reports whether the other node is reached. Nodes farther away than it
// keep a distance of at least its own.
func (w *walker) shortest(source, target, barred int32, length func(s int32, room int64) float64) bool {
	for v := range w.dist {
		w.dist[v], w.from[v], w.done[v] = math.Inf(1), -1, false
	}
	w.dist[source] = 0
	w.heap = append(w.heap[:0], reached{0, source})
	for len(w.heap) > 0 {
		v := heap.Pop(&w.heap).(reached).node
		if w.done[v] {
			continue
		}
		if v == target {
			return true
		}
		w.done[v] = true
		for _, s := range w.step[w.start[v]:w.start[v+1]] {
			if s>>1 == barred {
				continue
			}
			room, to := w.room(s)
			if room == 0 || w.done[to] {
				continue
			}
			if d := w.dist[v] + length(s, room); d < w.dist[to] {
				w.dist[to], w.from[to] = d, s
				heap.Push(&w.heap, reached{d, to})
			}
		}
	}
	return false
}

type reached struct {
	dist float64
	node int32
}

// nodeHeap gives the nearest node first; equally near ones in order of index.
type nodeHeap []reached

func (h nodeHeap) Len() int { return len(h) }
func (h nodeHeap) Less(i, j int) bool {
	return h[i].dist < h[j].dist || h[i].dist == h[j].dist && h[i].node < h[j].node
}
func (h nodeHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }

// Push implements heap.Interface.
func (h *nodeHeap) Push(x any) { *h = append(*h, x.(reached)) }

// Pop implements heap.Interface.
func (h *nodeHeap) Pop() any {
	last := len(*h) - 1
	x := (*h)[last]
	*h = (*h)[:last]
	return x
}
