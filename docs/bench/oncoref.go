// SPDX-License-Identifier: Apache-2.0

//go:build ignore

// Command oncoref runs one task of the benchmarks, again and again.
//
//	oncoref TASK FILE REPETITIONS SECONDS
//
// It reads the edge list once, runs the task until the repetitions are done or
// the seconds are over, and prints for each run
//
//	run WALL CPU CHECK
//
// with times in seconds and a value by which the results of different programs
// are compared: for a score of each node x_i, Σ x_i (1 + (i mod 97) / 97), with
// i the number that is the node's name.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/centrality"
	"github.com/oncoref/oncoref/graph/community"
	"github.com/oncoref/oncoref/graph/structure"
)

// pivots is the number of sources of the sampled tasks.
const pivots = 256

func must[T any](v T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return v
}

// cpu returns the seconds of processor time used so far.
func cpu() float64 {
	var r syscall.Rusage
	must(0, syscall.Getrusage(syscall.RUSAGE_SELF, &r))
	return float64(r.Utime.Sec+r.Stime.Sec) + float64(r.Utime.Usec+r.Stime.Usec)/1e6
}

type bench struct {
	ctx    context.Context
	file   string
	g      *graph.Digraph
	number []int // name of node i
	index  []int // node with name i
}

func (b *bench) read() *graph.Digraph {
	f := must(os.Open(b.file))
	defer f.Close()
	return must(graph.ReadEdges(b.ctx, f, graph.EdgeListConfig{File: b.file}))
}

func (b *bench) check(v graph.Values[float64]) float64 {
	byName := make([]float64, v.Len())
	for i, x := range v.Slice() {
		byName[b.number[i]] = x
	}
	s := 0.0
	for i, x := range byName {
		s += x * (1 + float64(i%97)/97)
	}
	return s
}

func (b *bench) score(v graph.Values[float64], err error) func() string {
	must(0, err)
	return func() string { return fmt.Sprintf("%.9g", b.check(v)) }
}

func (b *bench) pair(v, w graph.Values[float64]) func() string {
	return func() string { return fmt.Sprintf("%.9g", b.check(v)+2*b.check(w)) }
}

// run does the task and returns how its result is to be written, which is not
// part of the time.
func (b *bench) run(task string) func() string {
	length := centrality.Hops
	plain, weighted := strings.CutSuffix(task, "-w")
	if weighted {
		length = centrality.Inverse
	}
	switch plain {
	case "load":
		g := b.read()
		return func() string { return fmt.Sprintf("n=%d m=%d w=%.0f", g.Len(), g.Size(), g.Total()) }
	case "strength":
		return b.pair(centrality.InStrengthWithSelf(b.g), centrality.OutStrengthWithSelf(b.g))
	case "scc":
		c := structure.StronglyConnected(b.g)
		_, largest := c.Largest()
		return func() string { return fmt.Sprintf("count=%d largest=%d", c.Count, largest) }
	case "reciprocity":
		r := structure.WeightedReciprocity(b.g)
		return func() string { return fmt.Sprintf("%.9g", r) }
	case "pagerank":
		// The others stop when the scores change by less than 1e-10 in all. The
		// error is then at most d / (1-d) times that, which is what is asked for.
		const d = 0.85
		return b.score(centrality.PageRank(b.ctx, b.g, centrality.PageRankConfig{WithSelf: true, Tolerance: d / (1 - d) * 1e-10}))
	case "hits":
		h := must(centrality.HITS(b.ctx, b.g, centrality.HITSConfig{WithSelf: true}))
		return b.pair(h.Hub, h.Authority)
	case "betweenness":
		return b.score(centrality.Betweenness(b.ctx, b.g, centrality.BetweennessConfig{Length: length}))
	case "sampled":
		sources := make([]int, pivots)
		for i := range sources {
			sources[i] = b.index[i*b.g.Len()/pivots]
		}
		return b.score(centrality.Betweenness(b.ctx, b.g, centrality.BetweennessConfig{Length: length, Sources: sources}))
	case "harmonic":
		return b.score(centrality.Harmonic(b.ctx, b.g, centrality.HarmonicConfig{Length: length, Direction: centrality.Out}))
	case "communities":
		return b.communities(community.Undirected)
	case "communities-directed":
		return b.communities(community.Directed)
	}
	log.Fatalf("%q: no such task", task)
	return nil
}

func (b *bench) communities(null community.Null) func() string {
	r := must(community.Leiden(b.ctx, b.g, community.LeidenConfig{Null: null}))
	return func() string { return fmt.Sprintf("Q=%.6f k=%d", r.Modularity, r.Partition.Count()) }
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 5 {
		log.Fatal("usage: oncoref TASK FILE REPETITIONS SECONDS")
	}
	task := os.Args[1]
	b := &bench{ctx: context.Background(), file: os.Args[2]}
	repetitions := must(strconv.Atoi(os.Args[3]))
	seconds := must(strconv.ParseFloat(os.Args[4], 64))
	fmt.Println("version", runtime.Version())
	if task != "load" {
		b.g = b.read()
		b.number, b.index = make([]int, b.g.Len()), make([]int, b.g.Len())
		for i, key := range b.g.Keys() {
			b.number[i] = must(strconv.Atoi(key))
			b.index[b.number[i]] = i
		}
	}
	begin := time.Now()
	for range repetitions {
		now, used := time.Now(), cpu()
		result := b.run(task)
		wall, busy := time.Since(now).Seconds(), cpu()-used
		fmt.Printf("run %.6f %.6f %s\n", wall, busy, result())
		if time.Since(begin).Seconds() > seconds {
			break
		}
	}
}
