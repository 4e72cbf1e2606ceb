// SPDX-License-Identifier: Apache-2.0

package centrality

import (
	"context"
	"math"

	"github.com/oncoref/oncoref/graph"
)

// ClusteringConfig are the choices of [Clustering].
type ClusteringConfig struct {
	Workers int // goroutines; 0 means all cores. The result does not depend on it
}

// ClusteringScores are the results of [Clustering]: one coefficient for all
// triangles of a node and one for each way in which the edges can run.
type ClusteringScores struct {
	Total     graph.Values[float64]
	Cycle     graph.Values[float64] // i → j → k → i
	Middleman graph.Values[float64] // i → j, k → j, k → i: i sends to a node to which a sender of its own sends too
	In        graph.Values[float64] // j → k, j → i, k → i: two that send to i are joined
	Out       graph.Values[float64] // j → k, i → j, i → k: two that i sends to are joined
}

// Clustering returns for each node the share of its possible triangles that
// exist, with the strength of their edges:
//
//	ŵ = (w / max w)^(1/3)
//	total      ½ [(Ŵ+Ŵᵀ)³]_ii / (d (d-1) - 2 d_bi)
//	cycle      [Ŵ³]_ii / (d_in d_out - d_bi)
//	middleman  [Ŵ Ŵᵀ Ŵ]_ii / (d_in d_out - d_bi)
//	in         [Ŵᵀ Ŵ²]_ii / (d_in (d_in-1))
//	out        [Ŵ² Ŵᵀ]_ii / (d_out (d_out-1))
//
// where d_in and d_out are the degrees, d their sum and d_bi the number of
// nodes joined both ways.
//
// Self loops are left out, also from max w. The values lie in [0, 1]; one is
// NaN where no such triangle is possible, as for a node with a single
// neighbor. The numerator of total is the sum of the other four. Scaling all
// weights changes nothing, and mapping them to 1 gives the binary version;
// transposing swaps In and Out; adding an isolated node adds NaN. One very
// large weight lowers all other values.
//
// The error is that of ctx.
//
// Time O(Σ k (k_in + k_out)) over the nodes, k being the out-degree, divided
// among the workers; memory O(m), and O(n) more for each worker, for n nodes
// and m edges.
//
// Reference: Fagiolo 2007, doi:10.1103/PhysRevE.76.026107, table I.
func Clustering(ctx context.Context, g *graph.Digraph, c ClusteringConfig) (ClusteringScores, error) {
	n := g.Len()
	t := &triangles{csr: g.CSR()}
	t.out = cubeRoots(ctx, t.csr.OutWeight, t.csr.OutStart, t.csr.OutTo)
	t.in = cubeRoots(ctx, t.csr.InWeight, t.csr.InStart, t.csr.InFrom)
	for i := range t.score {
		t.score[i] = make([]float64, n)
	}
	size := batch(n)
	err := inOrder(ctx, c.Workers, (n+size-1)/size, func(*stopper) kernel {
		return &triangleKernel{triangles: t, size: size, to: make([]float64, n), from: make([]float64, n)}
	})
	if err != nil {
		return ClusteringScores{}, err
	}
	v := func(i int) graph.Values[float64] { return graph.NewValues(g, t.score[i]) }
	return ClusteringScores{Total: v(0), Cycle: v(1), Middleman: v(2), In: v(3), Out: v(4)}, nil
}

// cubeRoots returns (w / max w)^(1/3), and 0 for loops. It stops early if ctx
// is done.
func cubeRoots(ctx context.Context, weight []float64, start []int64, node []int32) []float64 {
	const tiny = 0x1p-340 // root of the smallest number with all its digits
	x := make([]float64, len(weight))
	largest := 0.0
	for i := range len(start) - 1 {
		if i%rowsPerLook == 0 && ctx.Err() != nil {
			return x
		}
		for k := start[i]; k < start[i+1]; k++ {
			if int(node[k]) != i {
				x[k] = weight[k]
				largest = max(largest, x[k])
			}
		}
	}
	for k, w := range x {
		if k%rowsPerLook == 0 && ctx.Err() != nil {
			break
		}
		if w > 0 {
			if x[k] = math.Cbrt(w / largest); x[k] < tiny {
				x[k] = math.Cbrt(w) / math.Cbrt(largest) // the share itself is no number
			}
		}
	}
	return x
}

// triangles is a graph with the cube roots of its weights.
type triangles struct {
	csr     graph.CSR
	out, in []float64
	score   [5][]float64
}

type triangleKernel struct {
	*triangles
	size     int
	to, from []float64 // cube roots for the edges of one node, by neighbor
}

func (t *triangleKernel) run(job int, stop *stopper) {
	for i := job * t.size; i < min((job+1)*t.size, len(t.score[0])); i++ {
		t.node(i, stop)
		if stop.done.Load() {
			return
		}
	}
}

func (t *triangleKernel) node(i int, stop *stopper) {
	c := t.csr
	outs, ins := c.OutTo[c.OutStart[i]:c.OutStart[i+1]], c.InFrom[c.InStart[i]:c.InStart[i+1]]
	var in, out, both float64
	for k, j := range ins {
		if w := t.in[c.InStart[i]+int64(k)]; w > 0 {
			t.from[j] = w
			in++
		}
	}
	for k, j := range outs {
		if w := t.out[c.OutStart[i]+int64(k)]; w > 0 {
			t.to[j] = w
			out++
			if t.from[j] > 0 {
				both++
			}
		}
	}
	var cycle, middle, into, outof float64
	neighbor := func(j int32) {
		var a, b float64
		lo, hi := c.OutStart[j], c.OutStart[j+1]
		w := t.out[lo:hi]
		for e, k := range c.OutTo[lo:hi] {
			a += w[e] * t.to[k]
			b += w[e] * t.from[k]
		}
		cycle += t.to[j] * b
		middle += t.from[j] * a
		into += t.from[j] * b
		outof += t.to[j] * a
	}
	for e, j := range ins {
		if e%patience == 0 && stop.done.Load() {
			break
		}
		neighbor(j)
	}
	for _, j := range outs {
		if t.from[j] == 0 {
			neighbor(j)
		}
	}
	for _, j := range ins {
		t.from[j] = 0
	}
	for _, j := range outs {
		t.to[j] = 0
	}
	d := in + out
	t.score[0][i] = share(cycle+middle+into+outof, d*(d-1)-2*both)
	t.score[1][i] = share(cycle, in*out-both)
	t.score[2][i] = share(middle, in*out-both)
	t.score[3][i] = share(into, in*(in-1))
	t.score[4][i] = share(outof, out*(out-1))
}

// share returns a / b, NaN if b is 0.
func share(a, b float64) float64 {
	if b == 0 {
		return math.NaN()
	}
	return a / b
}

// add has nothing to do: every node's result comes from one job.
func (t *triangleKernel) add(int, *stopper) {}
