// SPDX-License-Identifier: Apache-2.0

package community

import (
	"context"
	"slices"
)

// Consensus returns a partition that agrees with as many runs as possible on
// as many pairs of nodes as possible: beginning with Best, nodes move one at a
// time, in their order, to the community that raises
//
//	Σ (t_ij - 1/2) over all pairs i, j in the same community
//
// the most, until none does, where t_ij is [Ensemble.Together]. So its mean
// Rand index with the runs is at least that of Best, and it is Best if all runs
// are equal. It need not have the modularity of the runs, and a community of
// it need not be connected.
//
// The error is that of ctx.
//
// Time about O(n d) a pass for d different partitions of n nodes, memory
// O(n d) at most.
//
// Reference: Filkov and Skiena 2004, doi:10.1142/S0218213004001867, for the median
// partition.
func (e Ensemble) Consensus(ctx context.Context) (Partition, error) {
	n := e.g.Len()
	v, err := newVote(ctx, e)
	if err != nil {
		return Partition{}, err
	}
	for moved := true; moved; {
		moved = false
		for i := range n {
			if i%1024 == 0 {
				if err := ctx.Err(); err != nil {
					return Partition{}, err
				}
			}
			if v.move(i) {
				moved = true
			}
		}
	}
	return renumbered(e.g, v.label), nil
}

// vote counts how the communities of the consensus and those of the runs
// overlap. All numbers are whole: gains are counted in half runs.
type vote struct {
	runs  [][]int
	times []int
	all   int
	label []int32
	size  []int
	empty []int32
	share [][][]shared // for each run and community of it
	gain  []int        // of each community of the consensus, for the node at hand
	met   []int32
}

// shared is the number of nodes that a community of a run shares with one of
// the consensus.
type shared struct {
	c     int32
	nodes int32
}

func newVote(ctx context.Context, e Ensemble) (*vote, error) {
	n := e.g.Len()
	v := &vote{times: e.times, all: len(e.of), label: make([]int32, n), size: make([]int, n+1), gain: make([]int, n+1)}
	for i, l := range e.Best.Partition.labels.Slice() {
		v.label[i] = int32(l)
		v.size[l]++
	}
	for c := n; c >= 0; c-- {
		if v.size[c] == 0 {
			v.empty = append(v.empty, int32(c))
		}
	}
	for _, r := range e.runs {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		label := r.Partition.labels.Slice()
		share := make([][]shared, r.Partition.Count())
		for i, k := range label {
			share[k] = add(share[k], v.label[i], 1)
		}
		v.runs = append(v.runs, label)
		v.share = append(v.share, share)
	}
	return v, nil
}

// add adds to the count of c.
func add(s []shared, c int32, nodes int32) []shared {
	k := slices.IndexFunc(s, func(x shared) bool { return x.c == c })
	switch {
	case k < 0:
		return append(s, shared{c, nodes})
	case s[k].nodes+nodes == 0:
		return slices.Delete(s, k, k+1)
	}
	s[k].nodes += nodes
	return s
}

// move moves node i if that is better, and reports whether it did.
func (v *vote) move(i int) bool {
	from := v.label[i]
	v.met = v.met[:0]
	for r, label := range v.runs {
		for _, x := range v.share[r][label[i]] {
			if v.gain[x.c] == 0 {
				v.met = append(v.met, x.c)
			}
			v.gain[x.c] += 2 * v.times[r] * int(x.nodes)
		}
	}
	stay := v.gain[from] - 2*v.all - v.all*(v.size[from]-1)
	best, most := from, stay
	for _, c := range v.met {
		if x := v.gain[c] - v.all*v.size[c]; c != from && x > most {
			best, most = c, x
		}
		v.gain[c] = 0
	}
	if most < 0 {
		best = v.empty[len(v.empty)-1]
		v.empty = v.empty[:len(v.empty)-1]
	}
	if best == from {
		return false
	}
	if v.size[from]--; v.size[from] == 0 {
		v.empty = append(v.empty, from)
	}
	v.size[best]++
	v.label[i] = best
	for r, label := range v.runs {
		k := label[i]
		v.share[r][k] = add(add(v.share[r][k], from, -1), best, 1)
	}
	return true
}
