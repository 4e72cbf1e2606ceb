// SPDX-License-Identifier: Apache-2.0

package main

import (
	"math"
	"slices"
	"strings"

	"github.com/oncoref/oncoref/graph"
)

// number is x, or nothing where x is undefined.
func number(x float64) any {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return x
}

// nodes lists the values by key.
func nodes[T any](v graph.Values[T]) map[string]any {
	m := map[string]any{}
	for key, x := range v.All() {
		m[key] = x
		if f, ok := any(x).(float64); ok {
			m[key] = number(f)
		}
	}
	return m
}

// matrix lists the values of a function of sender and receiver.
func matrix(g *graph.Digraph, of func(from, to int) float64) map[string]any {
	m := map[string]any{}
	for i, from := range g.Keys() {
		row := map[string]any{}
		for j, to := range g.Keys() {
			row[to] = number(of(i, j))
		}
		m[from] = row
	}
	return m
}

// arcs lists the edges that are not loops.
func arcs(g *graph.Digraph) []string {
	list := []string{}
	for e := range g.Edges() {
		if e.From != e.To {
			list = append(list, g.Key(e.From)+g.Key(e.To))
		}
	}
	return list
}

// blocks lists the members of each label, joined.
func blocks(v graph.Values[int], separator string) []string {
	var list []string
	at := map[int]int{}
	for key, label := range v.All() {
		k, ok := at[label]
		if !ok {
			at[label] = len(list)
			list = append(list, key)
			continue
		}
		list[k] = strings.Join([]string{list[k], key}, separator)
	}
	return list
}

// sorted lists the members of each block, joined by +, in order.
func sorted(members [][]string) []string {
	list := make([]string, len(members))
	for i, m := range members {
		list[i] = strings.Join(m, "+")
	}
	slices.Sort(list)
	return list
}

// unit is g with every weight 1.
func unit(g *graph.Digraph) (*graph.Digraph, error) {
	return g.Map(func(graph.Edge) float64 { return 1 })
}
