// SPDX-License-Identifier: Apache-2.0

package transport

import (
	"fmt"
	"math/bits"
)

// infinite is the capacity of an arc without an upper bound, and endless what
// is left of it whatever flows: the finite bounds of a problem add up to less.
const (
	infinite = 1 << 61
	endless  = 1 << 60
)

// network is a problem as a circulation: the flow goes from the source through
// the groups and their rows, along a cell, through the blocks to the column,
// and back by the arc of the total. Its arcs are in the order cells, rows,
// columns, total, groups, blocks.
type network struct {
	nodes      int
	tail, head []int32
	lo, hi     []int64
	finite     int64 // sum of all finite bounds

	cells, rows, cols, groups int
	blocks                    [][2]int // group and column, in the order of the arcs

	// The arcs that are not fixed, by node: 2a along arc a, 2a+1 against it.
	start []int32
	step  []int32
}

// newNetwork lays out the arcs of a problem that passed its check.
func newNetwork(p Problem) (*network, error) {
	n := &network{cells: len(p.Cells), rows: len(p.Rows), cols: len(p.Cols), groups: len(p.Groups)}
	source := len(p.Rows) + len(p.Cols)
	sink, firstGroup := source+1, source+2
	n.nodes = firstGroup + len(p.Groups)
	entry := make([]int, len(p.Groups)) // node of a group's block in column 0; -1 without blocks
	for g := range p.Groups {
		if entry[g] = -1; p.Groups[g].Cols != nil {
			entry[g] = n.nodes
			n.nodes += len(p.Cols)
		}
	}
	// into gives the node where the flow of a group goes on its way to a column.
	into := func(g, col int) int {
		for ; g >= 0; g = p.Groups[g].Parent {
			if entry[g] >= 0 {
				return entry[g] + col
			}
		}
		return len(p.Rows) + col
	}
	groupOf := func(r int) int {
		if p.GroupOf == nil {
			return -1
		}
		return p.GroupOf[r]
	}
	supply := func(g int) int {
		if g < 0 {
			return source
		}
		return firstGroup + g
	}
	for _, c := range p.Cells {
		n.add(c.Row, into(groupOf(c.Row), c.Col), c.Range)
	}
	for r, total := range p.Rows {
		n.add(supply(groupOf(r)), r, total)
	}
	for c, total := range p.Cols {
		n.add(len(p.Rows)+c, sink, total)
	}
	n.add(sink, source, p.Total)
	for g, x := range p.Groups {
		n.add(supply(x.Parent), firstGroup+g, x.Range)
	}
	for g, x := range p.Groups {
		for c, total := range x.Cols {
			n.add(entry[g]+c, into(x.Parent, c), total)
			n.blocks = append(n.blocks, [2]int{g, c})
		}
	}
	if err := n.measure(); err != nil {
		return nil, err
	}
	n.index()
	return n, nil
}

func (n *network) add(tail, head int, r Range) {
	if r.Hi == Open {
		r.Hi = infinite
	}
	n.tail, n.head = append(n.tail, int32(tail)), append(n.head, int32(head))
	n.lo, n.hi = append(n.lo, r.Lo), append(n.hi, r.Hi)
}

// measure adds up the bounds and refuses what would overflow.
func (n *network) measure() error {
	limit := uint64(endless) / uint64(len(n.lo)+1)
	var sum uint64
	for a, lo := range n.lo {
		if lo < 0 || n.hi[a] < 0 {
			return fmt.Errorf("transport: range [%d, %d] of %s, want bounds of at least 0: %w", lo, n.hi[a], n.name(a), ErrProblem)
		}
		x := uint64(n.hi[a])
		if n.hi[a] == infinite {
			x = uint64(lo)
		}
		var carry uint64
		if sum, carry = bits.Add64(sum, max(x, uint64(lo)), 0); carry != 0 || sum > limit {
			return fmt.Errorf("transport: the bounds add up to more than %d: %w", limit, ErrProblem)
		}
	}
	n.finite = int64(sum)
	return nil
}

// index lists the arcs that are not fixed by node.
func (n *network) index() {
	n.start = make([]int32, n.nodes+1)
	for a := range n.lo {
		if n.lo[a] < n.hi[a] {
			n.start[n.tail[a]+1]++
			n.start[n.head[a]+1]++
		}
	}
	for v := range n.nodes {
		n.start[v+1] += n.start[v]
	}
	n.step = make([]int32, n.start[n.nodes])
	next := append([]int32(nil), n.start...)
	for a := range n.lo {
		if n.lo[a] < n.hi[a] {
			u, v := n.tail[a], n.head[a]
			n.step[next[u]], n.step[next[v]] = int32(2*a), int32(2*a+1)
			next[u]++
			next[v]++
		}
	}
}

// Arcs by what they stand for.
func (n *network) firstRow() int   { return n.cells }
func (n *network) firstCol() int   { return n.cells + n.rows }
func (n *network) total() int      { return n.cells + n.rows + n.cols }
func (n *network) firstGroup() int { return n.total() + 1 }
func (n *network) firstBlock() int { return n.firstGroup() + n.groups }

// name says what an arc stands for.
func (n *network) name(a int) string {
	switch {
	case a < n.cells:
		return fmt.Sprintf("cell %d", a)
	case a < n.firstCol():
		return fmt.Sprintf("row %d", a-n.firstRow())
	case a < n.total():
		return fmt.Sprintf("column %d", a-n.firstCol())
	case a == n.total():
		return "the total"
	case a < n.firstBlock():
		return fmt.Sprintf("group %d", a-n.firstGroup())
	}
	return fmt.Sprintf("block %v", n.blocks[a-n.firstBlock()])
}

// conflict sorts arcs by what they stand for.
func (n *network) conflict(arcs []int) *InfeasibleError {
	e := &InfeasibleError{}
	for _, a := range arcs {
		switch {
		case a < n.cells:
			e.Cells = append(e.Cells, a)
		case a < n.firstCol():
			e.Rows = append(e.Rows, a-n.firstRow())
		case a < n.total():
			e.Cols = append(e.Cols, a-n.firstCol())
		case a == n.total():
			e.Total = true
		case a < n.firstBlock():
			e.Groups = append(e.Groups, a-n.firstGroup())
		default:
			e.Blocks = append(e.Blocks, n.blocks[a-n.firstBlock()])
		}
	}
	return e
}
