// SPDX-License-Identifier: Apache-2.0

//go:build ignore

// Command generate writes the inputs of the benchmarks: directed weighted
// graphs with self loops as edge lists of source, target and weight.
//
//	go run docs/bench/generate.go NODES EDGES LEAST FILE
//
// The graphs look like flows between many places. What leaves and what enters a
// place falls off as a power of its rank; 70 % of the edges stay in a region of
// about 250 places; weights are whole numbers from LEAST up with a Pareto tail;
// self loops carry 40 % of the weight. Of twenty places one has no loop and one
// only receives. Edges are in random order. The same arguments give the same
// bytes everywhere.
package main

import (
	"bufio"
	"fmt"
	"log"
	"math"
	"os"
	"strconv"
)

// random is the generator SplitMix64.
type random uint64

func (r *random) next() uint64 {
	*r += 0x9e3779b97f4a7c15
	z := uint64(*r)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func (r *random) below(n int) int { return int(r.next() % uint64(n)) }
func (r *random) unit() float64   { return float64(r.next()>>11) / (1 << 53) }

// shuffle calls swap as Fisher and Yates do.
func (r *random) shuffle(n int, swap func(i, j int)) {
	for i := n - 1; i > 0; i-- {
		swap(i, r.below(i+1))
	}
}

func (r *random) order(n int) []int32 {
	p := make([]int32, n)
	for i := range p {
		p[i] = int32(i)
	}
	r.shuffle(n, func(i, j int) { p[i], p[j] = p[j], p[i] })
	return p
}

// urn draws places in proportion to their weight, by Walker's aliases.
type urn struct {
	place, alias []int32
	keep         []float64
}

func newUrn(place []int32, weight func(int32) float64) *urn {
	n := len(place)
	u := &urn{place: place, alias: make([]int32, n), keep: make([]float64, n)}
	total := 0.0
	for _, p := range place {
		total += weight(p)
	}
	var poor, rich []int32
	for i, p := range place {
		u.keep[i] = weight(p) * float64(n) / total
		if u.keep[i] < 1 {
			poor = append(poor, int32(i))
		} else {
			rich = append(rich, int32(i))
		}
	}
	for len(poor) > 0 && len(rich) > 0 {
		p, q := poor[len(poor)-1], rich[len(rich)-1]
		poor = poor[:len(poor)-1]
		u.alias[p] = q
		if u.keep[q] -= 1 - u.keep[p]; u.keep[q] < 1 {
			rich = rich[:len(rich)-1]
			poor = append(poor, q)
		}
	}
	for _, i := range append(poor, rich...) {
		u.keep[i] = 1
	}
	return u
}

func (u *urn) draw(r *random) int32 {
	i := r.below(len(u.place))
	if r.unit() >= u.keep[i] {
		return u.place[u.alias[i]]
	}
	return u.place[i]
}

type edge struct {
	from, to int32
	weight   float64
}

// Places by their number modulo 20.
const (
	noLoop   = 7  // sends at least one edge
	receiver = 13 // sends nothing
)

// links draws count different edges between different places.
func links(r *random, n, count, capacity int) []edge {
	in, out := r.order(n), r.order(n)
	region := make([]int32, n)
	members := make([][]int32, max(4, n/250))
	for i, p := range r.order(n) {
		region[p] = int32(i % len(members))
		members[region[p]] = append(members[region[p]], p)
	}
	receives := func(p int32) float64 { return math.Pow(float64(in[p]+1), -0.75) }
	sends := func(p int32) float64 {
		if p%20 == receiver {
			return 0
		}
		return math.Pow(float64(out[p]+1), -0.5)
	}
	all := make([]int32, n)
	for i := range all {
		all[i] = int32(i)
	}
	from, to := newUrn(all, sends), newUrn(all, receives)
	near := make([]*urn, len(members))
	for i, m := range members {
		near[i] = newUrn(m, receives)
	}
	edges := make([]edge, 0, capacity)
	known := make(map[[2]int32]struct{}, count)
	add := func(u, v int32) bool {
		_, old := known[[2]int32{u, v}]
		if old || u == v || u%20 == receiver {
			return false
		}
		known[[2]int32{u, v}] = struct{}{}
		edges = append(edges, edge{from: u, to: v})
		return true
	}
	for p := range int32(n) {
		switch p % 20 {
		case noLoop:
			for !add(p, to.draw(r)) {
			}
		case receiver:
			for !add(from.draw(r), p) {
			}
		}
	}
	for len(edges) < count {
		u := from.draw(r)
		if r.unit() < 0.7 {
			add(u, near[region[u]].draw(r))
		} else {
			add(u, to.draw(r))
		}
	}
	return edges
}

// graph draws a graph of n places and m edges.
func graph(r *random, n, m int, least float64) []edge {
	hasLoop := func(p int) bool { return p%20 != noLoop && p%20 != receiver }
	loops := 0
	for p := range n {
		if hasLoop(p) {
			loops++
		}
	}
	edges := links(r, n, m-loops, m)
	sent := make([]float64, n)
	total := 0.0
	for i := range edges {
		w := min(1e6, math.Floor(least*math.Pow(1-r.unit(), -1/1.3)))
		edges[i].weight = w
		sent[edges[i].from] += w
		total += w
	}
	const share = 0.4 // of the loops in the weight of all edges
	base := 0.0
	for p := range n {
		if hasLoop(p) {
			base += sent[p] + least
		}
	}
	for p := range n {
		if hasLoop(p) {
			w := math.Round(total * share / (1 - share) * (sent[p] + least) / base)
			edges = append(edges, edge{int32(p), int32(p), max(least, w)})
		}
	}
	r.shuffle(len(edges), func(i, j int) { edges[i], edges[j] = edges[j], edges[i] })
	return edges
}

func write(name string, edges []edge) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	var line []byte
	for _, e := range edges {
		line = append(strconv.AppendInt(line[:0], int64(e.from), 10), '\t')
		line = append(strconv.AppendInt(line, int64(e.to), 10), '\t')
		line = append(strconv.AppendFloat(line, e.weight, 'f', -1, 64), '\n')
		if _, err := w.Write(line); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Close()
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 5 {
		log.Fatal("usage: generate NODES EDGES LEAST FILE")
	}
	var number [3]int
	for i := range number {
		var err error
		if number[i], err = strconv.Atoi(os.Args[i+1]); err != nil || number[i] < 1 {
			log.Fatalf("%q: want a whole number above 0", os.Args[i+1])
		}
	}
	if number[0] < 20 || number[1] < 2*number[0] {
		log.Fatal("want at least 20 nodes, and two edges for each")
	}
	r := random(20240601)
	if err := write(os.Args[4], graph(&r, number[0], number[1], float64(number[2]))); err != nil {
		log.Fatal(err)
	}
	fmt.Println(os.Args[4])
}
