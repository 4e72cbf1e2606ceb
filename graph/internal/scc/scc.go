// SPDX-License-Identifier: Apache-2.0

// Package scc finds strongly connected components in compressed sparse rows.
package scc

// patience is the number of steps between two questions to stop.
const patience = 1 << 18

// Of returns the component of each node and the number of components. The
// edges that leave node i are those at start[i] to start[i+1]-1 of to.
// Components are numbered in the order in which they close, so that an edge
// never leads to a higher number. If stop, which is asked now and then, says
// yes, the result is of no use.
//
// Time O(n + m), memory O(n), for n nodes and m edges, without recursion.
//
// Reference: Tarjan 1972, doi:10.1137/0201010.
func Of(start []int64, to []int32, stop func() bool) ([]int32, int) {
	n := max(len(start)-1, 0)
	const open = int32(-1)
	component := make([]int32, n)
	number := make([]int32, n) // visit number from 1, 0 while unseen
	low := make([]int32, n)
	next := make([]int64, n)
	var path, pending []int32
	var visited, count int32
	visit := func(u int32) {
		visited++
		number[u], low[u], next[u], component[u] = visited, visited, start[u], open
		path = append(path, u)
		pending = append(pending, u)
	}
	steps, stopped := 0, false
	for root := range n {
		if number[root] != 0 {
			continue
		}
		if stopped {
			break
		}
		visit(int32(root))
		for len(path) > 0 && !stopped {
			if steps++; steps%patience == 0 && stop() {
				stopped = true
			}
			u := path[len(path)-1]
			if next[u] < start[u+1] {
				v := to[next[u]]
				next[u]++
				switch {
				case number[v] == 0:
					visit(v)
				case component[v] == open:
					low[u] = min(low[u], number[v])
				}
				continue
			}
			path = path[:len(path)-1]
			if len(path) > 0 {
				up := path[len(path)-1]
				low[up] = min(low[up], low[u])
			}
			if low[u] < number[u] {
				continue
			}
			for {
				v := pending[len(pending)-1]
				pending = pending[:len(pending)-1]
				component[v] = count
				if v == u {
					break
				}
			}
			count++
		}
	}
	return component, int(count)
}
