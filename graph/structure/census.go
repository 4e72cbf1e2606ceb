// SPDX-License-Identifier: Apache-2.0

package structure

import (
	"context"
	"fmt"

	"github.com/oncoref/oncoref/graph"
)

// Dyads counts the pairs of nodes by the edges between them.
type Dyads struct {
	Mutual     int64 // edges both ways
	Asymmetric int64 // an edge one way
	Null       int64 // no edge
}

// DyadCensus returns the number of pairs of different nodes with edges both
// ways, one way and not at all. Self loops and weights do not matter. The three
// add up to n (n-1) / 2.
//
// Time O(m), memory O(1), for n nodes and m edges.
//
// Reference: Holland and Leinhardt 1970, doi:10.1086/224954.
func DyadCensus(g *graph.Digraph) Dyads {
	c := g.CSR()
	var d Dyads
	for i := range g.Len() {
		mutualAbove(c, i, func(_, _ float64) { d.Mutual++ })
	}
	n := int64(g.Len())
	d.Asymmetric = int64(g.Size()-loops(g)) - 2*d.Mutual
	d.Null = n*(n-1)/2 - d.Mutual - d.Asymmetric
	return d
}

// Triad is one of the 16 kinds of three nodes with the edges between them. Its
// name is the number of mutual, asymmetric and null pairs, with a letter where
// that leaves several: Down, Up, Cycle, Transitive.
type Triad uint8

// The kinds of triads, in the usual order.
const (
	Triad003 Triad = iota
	Triad012
	Triad102
	Triad021D
	Triad021U
	Triad021C
	Triad111D
	Triad111U
	Triad030T
	Triad030C
	Triad201
	Triad120D
	Triad120U
	Triad120C
	Triad210
	Triad300
	triads
)

var triadNames = [triads]string{
	"003", "012", "102", "021D", "021U", "021C", "111D", "111U",
	"030T", "030C", "201", "120D", "120U", "120C", "210", "300",
}

// String returns the name of the kind, such as "021D".
func (t Triad) String() string {
	if t < triads {
		return triadNames[t]
	}
	return fmt.Sprintf("Triad(%d)", uint8(t))
}

// Triads counts three nodes by kind, indexed by [Triad].
type Triads [triads]int64

// maxTriadNodes keeps the number of triads within an int64.
const maxTriadNodes = 3_000_000

// TriadCensus returns how many of all sets of three nodes are of each of the 16
// kinds. Self loops and weights do not matter. The counts add up to
// n (n-1) (n-2) / 6. In the names a D points from one node down to two, a U from
// two up to one; "111D" has its single edge toward the mutual pair, as in the
// usual tables, although the letters suggest otherwise.
//
// The error is that of ctx, or wraps [graph.ErrTooLarge] above 3 million nodes.
//
// Time O(n + m √m), memory O(n + m), for n nodes and m edges.
//
// Reference: Batagelj and Mrvar 2001, doi:10.1016/S0378-8733(01)00035-1, with
// nodes taken by falling degree and neighbors of one node counted, not visited; names
// after Holland and Leinhardt 1970, doi:10.1086/224954.
func TriadCensus(ctx context.Context, g *graph.Digraph) (Triads, error) {
	if g.Len() > maxTriadNodes {
		return Triads{}, fmt.Errorf("structure: triad census of %d nodes: %w", g.Len(), graph.ErrTooLarge)
	}
	n := int64(g.Len())
	var t Triads
	near, err := byDegree(ctx, g)
	if err != nil {
		return Triads{}, err
	}
	mark := make([]uint8, n) // code of the edges with u
	work := 0
	for u := range near.start[:n] {
		node, code := near.row(u)
		for k, v := range node {
			mark[v] = code[k]
		}
		var above [4]int64 // neighbors of u above v, by code
		work += len(node) + 1
		for k := len(node) - 1; k >= 0 && int(node[k]) > u; k-- {
			if work > checkWork {
				work = 0
				if err := ctx.Err(); err != nil {
					return Triads{}, err
				}
			}
			t.add(n, near, mark, u, int(node[k]), above)
			work += near.degree(int(node[k]))
			above[code[k]]++
		}
		for _, v := range node {
			mark[v] = 0
		}
	}
	t[Triad003] = choose3(n)
	for _, k := range t[1:] {
		t[Triad003] -= k
	}
	return t, nil
}

// choose3 returns the number of sets of three out of n.
func choose3(n int64) int64 {
	a, b, c := n, n-1, n-2
	if a%2 == 0 {
		a /= 2
	} else {
		b /= 2
	}
	switch {
	case a%3 == 0:
		a /= 3
	case b%3 == 0:
		b /= 3
	default:
		c /= 3
	}
	return a * b * c
}

// add counts the triads of which u < v is the first pair with edges: in the
// order of pairs by smaller, then larger node. The third node w is above v, or
// between u and v and no neighbor of u. Only the neighbors of v are visited;
// those of u alone follow from the counts above.
func (t *Triads) add(n int64, near neighborhood, mark []uint8, u, v int, above [4]int64) {
	uv := mark[v]
	nodes, codes := near.row(v)
	third := int64(near.degree(u) + len(nodes) - 2) // neighbors of u or v, but for these
	for k, w := range nodes {
		w := int(w)
		uw := mark[w]
		switch {
		case w == u:
			continue
		case uw != 0:
			third--
			if w > v {
				above[uw]--
				t[triadOf[uv][uw][codes[k]]]++
			}
		case w > u:
			t[triadOf[uv][0][codes[k]]]++
		}
	}
	for uw := uint8(1); uw < 4; uw++ {
		t[triadOf[uv][uw][0]] += above[uw]
	}
	t[triadOf[uv][0][0]] += n - 2 - third
}

// triadOf gives the kind of the triad u, v, w by the codes of its pairs (u,v),
// (u,w) and (v,w): 1 for an edge from the first to the second node, 2 for one
// back, 3 for both.
var triadOf = func() [4][4][4]Triad {
	var table [4][4][4]Triad
	for uv := range 4 {
		for uw := range 4 {
			for vw := range 4 {
				var a [3][3]int
				for k, code := range [3]int{uv, uw, vw} {
					i, j := [3]int{0, 0, 1}[k], [3]int{1, 2, 2}[k]
					a[i][j], a[j][i] = code&1, code>>1
				}
				table[uv][uw][vw] = classify(a)
			}
		}
	}
	return table
}()

// classify returns the kind of a triad from its adjacency matrix.
func classify(a [3][3]int) Triad {
	mutual, null := 0, 0
	var out, in [3]int // edges that are not mutual
	for i, j := range [3]int{1, 2, 0} {
		switch a[i][j] + a[j][i] {
		case 2:
			mutual++
		case 0:
			null++
		}
	}
	for i := range 3 {
		for j := range 3 {
			out[i] += a[i][j] * (1 - a[j][i])
			in[i] += a[j][i] * (1 - a[i][j])
		}
	}
	has := func(x [3]int, k int) bool { return x[0] == k || x[1] == k || x[2] == k }
	letter := func(down, up, other Triad) Triad {
		switch {
		case has(out, 2):
			return down
		case has(in, 2):
			return up
		}
		return other
	}
	switch [2]int{mutual, null} {
	case [2]int{0, 3}:
		return Triad003
	case [2]int{0, 2}:
		return Triad012
	case [2]int{1, 2}:
		return Triad102
	case [2]int{0, 1}:
		return letter(Triad021D, Triad021U, Triad021C)
	case [2]int{1, 1}:
		for i := range 3 {
			// The node of the mutual pair that the single edge leaves or enters.
			if out[i] == 1 && in[i] == 0 && a[i][0]+a[i][1]+a[i][2] == 2 {
				return Triad111U
			}
		}
		return Triad111D
	case [2]int{0, 0}:
		return letter(Triad030T, Triad030T, Triad030C)
	case [2]int{2, 1}:
		return Triad201
	case [2]int{1, 0}:
		return letter(Triad120D, Triad120U, Triad120C)
	case [2]int{2, 0}:
		return Triad210
	}
	return Triad300
}
