// SPDX-License-Identifier: Apache-2.0

package community

import (
	"context"
	"math"
)

// Matching pairs the communities of two partitions.
type Matching struct {
	Mate   []int   // for each community of the first partition the one of the second; None for none
	Weight float64 // of the nodes that are in a community of the first and in its mate
	Share  float64 // Weight as a share of the weight of all nodes of both partitions
}

// Match pairs the communities of two partitions one to one so that as much
// weight as possible lies in matched communities: the sum over the pairs of
// the weight of the nodes that are in both is the largest possible.
//
// Without weights every node counts once. Nodes without community in one of
// the partitions are in no pair and not in the whole. Communities that share
// no weight are not paired. Share lies in [0, 1], 1 for equal partitions; it
// is NaN without nodes or weight. Of several best matchings one is returned,
// always the same.
//
// The error is a [*graph.KeyError] that wraps [ErrNodeWeight] if a weight is
// not finite or below 0, or is that of ctx. It panics if b or the weights
// belong to other nodes than a does.
//
// Time O(n + K² L) for n nodes, K communities in the partition that has fewer
// and L in the other, or much less if they fall into parts that do not
// overlap; memory O(n + K L).
//
// Reference: Kuhn 1955, doi:10.1002/nav.3800020109, with the shortest paths of
// Jonker and Volgenant 1987, doi:10.1007/BF02278710.
func Match(ctx context.Context, a, b Partition, c CompareConfig) (Matching, error) {
	o, err := newOverlap(a, b, c.Weights)
	if err != nil {
		return Matching{}, err
	}
	m := Matching{Mate: make([]int, a.Count())}
	for k := range m.Mate {
		m.Mate[k] = None
	}
	for _, part := range o.parts() {
		if err := part.match(ctx, m.Mate); err != nil {
			return Matching{}, err
		}
	}
	for _, x := range o.cells {
		if m.Mate[x.a] == x.b {
			m.Weight += x.w
		}
	}
	m.Share = divide(m.Weight, o.mass, 0)
	return m, nil
}

// parts divides the cells into sets that share no community.
func (o overlap) parts() []overlap {
	root := make([]int, len(o.sizeA)+len(o.sizeB))
	for i := range root {
		root[i] = i
	}
	find := func(i int) int {
		for root[i] != i {
			root[i] = root[root[i]]
			i = root[i]
		}
		return i
	}
	for _, x := range o.cells {
		if x.w > 0 {
			root[find(len(o.sizeA)+x.b)] = find(x.a)
		}
	}
	number := make([]int, len(root))
	var parts []overlap
	for _, x := range o.cells {
		if x.w == 0 {
			continue
		}
		r := find(x.a)
		if number[r] == 0 {
			parts = append(parts, overlap{})
			number[r] = len(parts)
		}
		p := &parts[number[r]-1]
		p.cells = append(p.cells, x)
	}
	return parts
}

// match finds the best matching of the cells and writes it to mate.
func (o overlap) match(ctx context.Context, mate []int) error {
	var rows, cols []int
	rowOf, colOf := make(map[int]int), make(map[int]int)
	for _, x := range o.cells {
		if _, ok := rowOf[x.a]; !ok {
			rowOf[x.a] = len(rows)
			rows = append(rows, x.a)
		}
		if _, ok := colOf[x.b]; !ok {
			colOf[x.b] = len(cols)
			cols = append(cols, x.b)
		}
	}
	flip := len(rows) > len(cols)
	n, m := min(len(rows), len(cols)), max(len(rows), len(cols))
	gain := make([][]float64, n)
	for i := range gain {
		gain[i] = make([]float64, m)
	}
	for _, x := range o.cells {
		i, j := rowOf[x.a], colOf[x.b]
		if flip {
			i, j = j, i
		}
		gain[i][j] = x.w
	}
	assigned, err := assign(ctx, gain)
	if err != nil {
		return err
	}
	for i, j := range assigned {
		if gain[i][j] == 0 {
			continue
		}
		if flip {
			i, j = j, i
		}
		mate[rows[i]] = cols[j]
	}
	return nil
}

// assign gives every row a column of its own so that the sum of the gains is
// the largest. There are at least as many columns as rows.
func assign(ctx context.Context, gain [][]float64) ([]int, error) {
	n, m := len(gain), len(gain[0])
	// Prices of rows and columns; index 0 stands for none.
	u, v := make([]float64, n+1), make([]float64, m+1)
	row, back := make([]int, m+1), make([]int, m+1)
	least, done := make([]float64, m+1), make([]bool, m+1)
	t := ticker{ctx: ctx}
	for i := 1; i <= n; i++ {
		for j := range least {
			least[j], done[j] = math.Inf(1), false
		}
		row[0] = i
		j0 := 0
		for row[j0] != 0 {
			if err := t.spend(m); err != nil {
				return nil, err
			}
			done[j0] = true
			i0, j1, delta := row[j0], 0, math.Inf(1)
			for j := 1; j <= m; j++ {
				if done[j] {
					continue
				}
				if d := -gain[i0-1][j-1] - u[i0] - v[j]; d < least[j] {
					least[j], back[j] = d, j0
				}
				if least[j] < delta {
					delta, j1 = least[j], j
				}
			}
			for j := range least {
				if done[j] {
					u[row[j]] += delta
					v[j] -= delta
				} else {
					least[j] -= delta
				}
			}
			j0 = j1
		}
		for j0 != 0 {
			row[j0] = row[back[j0]]
			j0 = back[j0]
		}
	}
	assigned := make([]int, n)
	for j := 1; j <= m; j++ {
		if row[j] > 0 {
			assigned[row[j]-1] = j - 1
		}
	}
	return assigned, nil
}
