// SPDX-License-Identifier: Apache-2.0

package community

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/internal/sum"
)

// Null says with what chance the weight inside communities is compared.
type Null uint8

// The null models.
const (
	// Directed expects s_out(i) s_in(j) / W from node i to node j, so that a
	// node that only sends and one that only receives differ.
	Directed Null = iota
	// Undirected expects the same of the undirected projection, in which the
	// weights of both directions are added: k(i) k(j) / 2W between i and j
	// with k = s_out + s_in, to which a self loop adds its weight twice.
	Undirected
)

// String returns "directed" or "undirected".
func (n Null) String() string {
	switch n {
	case Directed:
		return "directed"
	case Undirected:
		return "undirected"
	}
	return fmt.Sprintf("Null(%d)", uint8(n))
}

// ModularityConfig are the choices of [Modularity].
type ModularityConfig struct {
	Null       Null    // what to compare with; the zero value is Directed
	Resolution float64 // γ, above 0 and at most 1e12: more of it asks for smaller communities; 0 means 1
}

var (
	// ErrNull says that a config has a [Null] that does not exist.
	ErrNull = errors.New("unknown null model")
	// ErrResolution says that a resolution is not a number above 0 and at most
	// 1e12.
	ErrResolution = errors.New("resolution is not a number above 0 and at most 1e12")
)

// resolved returns c with the defaults filled in.
func (c ModularityConfig) resolved() (ModularityConfig, error) {
	if c.Null > Undirected {
		return c, fmt.Errorf("community: %v: %w", c.Null, ErrNull)
	}
	if c.Resolution == 0 {
		c.Resolution = 1
	}
	if !(c.Resolution > 0 && c.Resolution <= 1e12) {
		return c, fmt.Errorf("community: resolution %v: %w", c.Resolution, ErrResolution)
	}
	return c, nil
}

// Modularity returns how much more weight lies inside the communities of p
// than chance would put there:
//
//	Q = Σ_ij [w_ij/W - γ s_out(i) s_in(j)/W²] δ(c_i, c_j)
//
// where W is the sum of all weights, s_out(i) and s_in(i) are the weights that
// leave and enter node i, γ is the resolution, and δ is 1 if i and j are in the
// same community. With the null model [Undirected] it is the modularity of the
// undirected projection, Σ_c [w_c/W - γ (k_c/2W)²], where w_c is the weight
// inside community c and k_c the sum of its s_out + s_in.
//
// A self loop is weight inside its node's community: it counts once in W, in
// s_out and in s_in. So the value does not change when every community is
// contracted to one node. Take g.Loopless() to leave loops out. A node without
// edges changes nothing; nor does a node without community, except in W, s_out
// and s_in.
//
// The value lies in [-1/2, 1) at γ = 1, and is 0 for one community of all
// nodes. It does not change when all weights are scaled. It is NaN for a graph
// without edges. Values of graphs of different size or weight cannot be
// compared.
//
// The error wraps [ErrNull] or [ErrResolution]. It panics if p is a partition
// of other nodes than those of g.
//
// Time O(n + m), memory O(communities), for n nodes and m edges.
//
// Reference: Leicht and Newman 2008, doi:10.1103/PhysRevLett.100.118703; Newman
// and Girvan 2004, doi:10.1103/PhysRevE.69.026113, for the undirected form;
// Reichardt and Bornholdt 2006, doi:10.1103/PhysRevE.74.016110, for γ.
func Modularity(g *graph.Digraph, p Partition, c ModularityConfig) (float64, error) {
	c, err := c.resolved()
	if err != nil {
		return 0, err
	}
	w := newCrew(context.Background(), 0, g.Size())
	defer w.close()
	return modularity(w, g, p, c)
}

func modularity(w *crew, g *graph.Digraph, p Partition, c ModularityConfig) (float64, error) {
	total := g.Total()
	volumes, err := volumesOf(w, g, p)
	if err != nil {
		return 0, err
	}
	var q sum.Compensated
	for _, v := range volumes[:p.Count()] {
		q.Add(v.inside / total)
		o, i := v.out()/total, v.in()/total
		if c.Null == Undirected {
			o = (o + i) / 2
			i = o
		}
		q.Add(-c.Resolution * o * i)
	}
	if total == 0 {
		return math.NaN(), nil
	}
	return q.Value(), nil
}

// volume is the weight inside a community, and the weight that leaves it for
// other nodes and enters it from them.
type volume struct {
	inside, leaving, entering float64
}

// out returns the weight that leaves the nodes of the community, and in what
// enters them, self loops included.
func (v volume) out() float64 { return v.inside + v.leaving }
func (v volume) in() float64  { return v.inside + v.entering }

// volumesOf returns the volume of each community, and last that of the nodes
// without community. Nothing is subtracted, so that no small volume drowns in
// the rounding of a large one. The error is that of the context of the crew.
func volumesOf(w *crew, g *graph.Digraph, p Partition) ([]volume, error) {
	label, count := p.For(g), p.Count()
	s := make([]struct{ inside, leaving, entering sum.Compensated }, count+1)
	csr := g.CSR()
	// The nodes' own volumes are added up in the order of the nodes.
	own := make([]volume, min(len(label), 2*window*rowsAtOnce))
	for first := 0; first < len(label); first += len(own) {
		nodes := label[first:min(first+len(own), len(label))]
		err := w.rows(len(nodes), func(w *worker, u int) error {
			own[u] = volumeOf(csr, label, first+u)
			return w.spend(int(csr.OutStart[first+u+1] - csr.OutStart[first+u] + csr.InStart[first+u+1] - csr.InStart[first+u]))
		})
		if err != nil {
			return nil, err
		}
		for u, l := range nodes {
			v := &s[count]
			if l != None {
				v = &s[l]
			}
			v.inside.Add(own[u].inside)
			v.leaving.Add(own[u].leaving)
			v.entering.Add(own[u].entering)
		}
	}
	volumes := make([]volume, count+1)
	for k := range s {
		volumes[k] = volume{s[k].inside.Value(), s[k].leaving.Value(), s[k].entering.Value()}
	}
	return volumes, nil
}

// volumeOf returns the share of node u in the volume of its community.
func volumeOf(csr graph.CSR, label []int, u int) volume {
	var inside, leaving, entering sum.Compensated
	l := label[u]
	for k := csr.OutStart[u]; k < csr.OutStart[u+1]; k++ {
		if w := csr.OutWeight[k]; label[csr.OutTo[k]] == l {
			inside.Add(w)
		} else {
			leaving.Add(w)
		}
	}
	for k := csr.InStart[u]; k < csr.InStart[u+1]; k++ {
		if label[csr.InFrom[k]] != l {
			entering.Add(csr.InWeight[k])
		}
	}
	return volume{inside.Value(), leaving.Value(), entering.Value()}
}
