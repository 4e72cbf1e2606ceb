// SPDX-License-Identifier: Apache-2.0

package structure

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/internal/sum"
)

// Kept says what random graphs share with the graph they stand beside.
type Kept uint8

// What may be kept.
const (
	// KeepDegrees keeps the in- and out-degree of every node. Weights stay
	// with the sender, so that what a node sends is kept too.
	KeepDegrees Kept = iota
	// KeepStrengths keeps the in- and out-strength of every node, for weights
	// that are counts: every unit of weight finds a receiver of its own.
	KeepStrengths
)

// String returns "degrees" or "strengths".
func (k Kept) String() string {
	switch k {
	case KeepDegrees:
		return "degrees"
	case KeepStrengths:
		return "strengths"
	}
	return fmt.Sprintf("Kept(%d)", uint8(k))
}

// RandomizeConfig are the choices of [Randomize]. The zero value keeps degrees
// and is number 0 of seed 0.
type RandomizeConfig struct {
	Kept     Kept
	Seed     uint64 // of the random numbers; 0 is a seed like others
	Number   uint64 // which of the random graphs of this seed
	Switches int    // switches tried for each edge or unit of weight; 0 means 20
}

const (
	defaultSwitches = 20
	maxUnits        = math.MaxInt32
)

// ErrRandomize says that a config has negative numbers or a [Kept] that does
// not exist, or that there are more than 2^31-1 units of weight to switch.
var ErrRandomize = errors.New("unusable configuration of a random graph")

// Randomize returns a random graph with the degrees or the strengths of g: a
// sample of the directed configuration model without self loops and without
// parallel edges (KeepDegrees) or with edges of any weight (KeepStrengths). The
// self loops of g stay as they are and count in nothing. All nodes stay.
//
// Two edges are drawn and switch receivers, again and again; a switch that would
// make a self loop, or a parallel edge if degrees are kept, is not made. One step
// in eight instead turns a cycle of three edges around, without which not all
// graphs could be reached. Both kinds of step are as likely forward as back, so
// that after many all graphs (all ways to hand out
// units) are equally likely. The same config gives the same graph whatever the
// machine.
//
// The error wraps [ErrCounts] if strengths are kept and a weight is not whole,
// [ErrRandomize], or is that of ctx.
//
// Time O(k) for k switches tried, and O(m log m); memory O(m) for m edges or
// units of weight.
//
// Reference: Rao, Jana and Bandyopadhyay 1996, Sankhyā A 58:225-242; Milo,
// Kashtan, Itzkovitz, Newman and Alon 2003, arXiv:cond-mat/0312028.
func Randomize(ctx context.Context, g *graph.Digraph, c RandomizeConfig) (*graph.Digraph, error) {
	if c.Kept > KeepStrengths || c.Switches < 0 {
		return nil, fmt.Errorf("structure: random graph with %v and %d switches: %w", c.Kept, c.Switches, ErrRandomize)
	}
	if c.Switches == 0 {
		c.Switches = defaultSwitches
	}
	s, err := newSwitcher(ctx, g, c.Kept)
	if err != nil {
		return nil, err
	}
	s.rand = rand.New(rand.NewPCG(c.Seed, c.Number))
	if err := s.run(ctx, c.Switches); err != nil {
		return nil, err
	}
	return g.WithEdges(ctx, s.edges(g))
}

// switcher holds the edges, or the units of weight, whose receivers change.
type switcher struct {
	kept   Kept
	start  []int64 // where the edges of each sender begin
	from   []int32
	to     []int32
	weight []float64           // of the edges; units have 1
	exists map[uint64]struct{} // pairs with an edge, if they must be unique
	rand   *rand.Rand
}

func newSwitcher(ctx context.Context, g *graph.Digraph, kept Kept) (*switcher, error) {
	s := &switcher{kept: kept, start: make([]int64, g.Len()+1)}
	if err := s.measure(ctx, g); err != nil {
		return nil, err
	}
	size := s.start[g.Len()]
	s.from, s.to = make([]int32, 0, size), make([]int32, 0, size)
	if kept == KeepDegrees {
		s.weight = make([]float64, 0, size)
		s.exists = map[uint64]struct{}{} // without a size: it grows in small steps, between looks at ctx
	}
	for i := range g.Len() {
		if stopped(ctx, i*8) {
			return nil, ctx.Err()
		}
		for j, w := range g.Out(i) {
			switch {
			case i == j:
			case kept == KeepDegrees:
				s.from, s.to, s.weight = append(s.from, int32(i)), append(s.to, int32(j)), append(s.weight, w)
				s.exists[pair(int32(i), int32(j))] = struct{}{}
			default:
				for range int(w) {
					s.from, s.to = append(s.from, int32(i)), append(s.to, int32(j))
				}
			}
		}
	}
	return s, nil
}

// measure finds where the edges or units of each sender begin.
func (s *switcher) measure(ctx context.Context, g *graph.Digraph) error {
	for i := range g.Len() {
		if stopped(ctx, i) {
			return ctx.Err()
		}
		units := float64(s.start[i])
		for j, w := range g.Out(i) {
			switch {
			case i == j:
			case s.kept == KeepDegrees:
				units++
			case w != math.Trunc(w):
				return &graph.EdgeError{From: g.Key(i), To: g.Key(j), Weight: w, Err: fmt.Errorf("%w, which units need", ErrCounts)}
			default:
				units += w
			}
		}
		if units > maxUnits {
			return fmt.Errorf("structure: random graph of more than %d units: %w", maxUnits, ErrRandomize)
		}
		s.start[i+1] = int64(units)
	}
	return nil
}

func pair(i, j int32) uint64 { return uint64(uint32(i))<<32 | uint64(uint32(j)) }

func (s *switcher) run(ctx context.Context, switches int) error {
	n := len(s.to)
	for step := range switches * n {
		if stopped(ctx, step) {
			return ctx.Err()
		}
		e := s.rand.IntN(n)
		if s.rand.IntN(8) == 0 {
			s.turn(e)
			continue
		}
		s.swap(e, s.rand.IntN(n))
	}
	return ctx.Err()
}

// swap lets two edges change receivers, unless that makes an edge that may not
// be.
func (s *switcher) swap(e, f int) {
	a, b, c, d := s.from[e], s.to[e], s.from[f], s.to[f]
	if a == d || c == b || b == d {
		return
	}
	if s.kept == KeepDegrees && (a == c || s.has(a, d) || s.has(c, b)) {
		return
	}
	s.redirect(e, d)
	s.redirect(f, b)
}

// turn reverses the cycle of edge e and two drawn edges that follow it, if they
// make one and no edge is in the way.
func (s *switcher) turn(e int) {
	a, b := s.from[e], s.to[e]
	f := s.follow(b)
	if f < 0 {
		return
	}
	c := s.to[f]
	h := s.follow(c)
	if c == a || h < 0 || s.to[h] != a {
		return
	}
	if s.kept == KeepDegrees && (s.has(b, a) || s.has(c, b) || s.has(a, c)) {
		return
	}
	// The three receivers change, the senders keep their number of edges.
	s.redirect(e, c)
	s.redirect(f, a)
	s.redirect(h, b)
}

// follow draws an edge that leaves node i; -1 if there is none.
func (s *switcher) follow(i int32) int {
	degree := s.start[i+1] - s.start[i]
	if degree == 0 {
		return -1
	}
	return int(s.start[i] + s.rand.Int64N(degree))
}

func (s *switcher) has(i, j int32) bool {
	_, ok := s.exists[pair(i, j)]
	return ok
}

func (s *switcher) redirect(e int, to int32) {
	if s.kept == KeepDegrees {
		delete(s.exists, pair(s.from[e], s.to[e]))
		s.exists[pair(s.from[e], to)] = struct{}{}
	}
	s.to[e] = to
}

// edges yields the edges there are now, and the self loops of g, in order;
// units with the same ends are one edge.
func (s *switcher) edges(g *graph.Digraph) func(yield func(graph.Edge) bool) {
	return func(yield func(graph.Edge) bool) {
		var row []graph.Edge
		for i := range g.Len() {
			row = row[:0]
			if w := g.Loop(i); w > 0 {
				row = append(row, graph.Edge{From: i, To: i, Weight: w})
			}
			for k := s.start[i]; k < s.start[i+1]; k++ {
				w := 1.0
				if s.weight != nil {
					w = s.weight[k]
				}
				row = append(row, graph.Edge{From: i, To: int(s.to[k]), Weight: w})
			}
			slices.SortFunc(row, func(a, b graph.Edge) int { return a.To - b.To })
			for k := 0; k < len(row); {
				e := row[k]
				for k++; k < len(row) && row[k].To == e.To; k++ {
					e.Weight += row[k].Weight
				}
				if !yield(e) {
					return
				}
			}
		}
	}
}

// NullTestConfig are the choices of [NullTest]. The zero value compares with
// 1000 random graphs that keep degrees.
type NullTestConfig struct {
	Kept     Kept
	Seed     uint64
	Samples  int // random graphs; 0 means 1000
	Switches int // as in RandomizeConfig
	Workers  int // samples to work on at the same time; 0 means one for each core. The result is the same
}

const defaultSamples = 1000

// NullResult is a value beside those of random graphs.
type NullResult struct {
	Observed float64
	Mean, SD float64 // of the samples; SD with samples-1 in the denominator
	Z        float64 // (Observed - Mean) / SD; NaN if SD is 0
	// Above and Below are the shares of observed and samples together that are
	// at least and at most Observed: one-sided p-values, never 0.
	Above, Below float64
	Samples      int // samples with a value
	Undefined    int // samples whose value is NaN, left out
}

// NullTest compares a measure of g with the same measure of random graphs, the
// graphs number 0, 1, 2 and so on of [Randomize]. The measure is called from
// several goroutines at once.
//
// Samples whose value is NaN are left out and counted; the rest of the result is
// NaN if the observed value is NaN or no sample has one.
//
// Errors are those of Randomize, and ErrRandomize also for a negative number of
// samples; the context is looked at while a sample is made, not during the
// measure.
//
// Time and memory are those of Randomize and the measure for each sample.
//
// Reference: p-values after Davison and Hinkley 1997, equation 4.11.
func NullTest(ctx context.Context, g *graph.Digraph, measure func(*graph.Digraph) float64, c NullTestConfig) (NullResult, error) {
	if c.Samples < 0 || c.Workers < 0 {
		return NullResult{}, fmt.Errorf("structure: null test with %d samples and %d workers: %w", c.Samples, c.Workers, ErrRandomize)
	}
	samples := c.Samples
	if samples == 0 {
		samples = defaultSamples
	}
	workers := c.Workers
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	value := make([]float64, samples)
	fail := make([]error, samples)
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(workers, samples) {
		wg.Go(func() {
			for k := range next {
				if ctx.Err() != nil {
					continue
				}
				var h *graph.Digraph
				h, fail[k] = Randomize(ctx, g, RandomizeConfig{Kept: c.Kept, Seed: c.Seed, Number: uint64(k), Switches: c.Switches})
				if fail[k] == nil {
					value[k] = measure(h)
				}
			}
		})
	}
	for k := range samples {
		next <- k
	}
	close(next)
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return NullResult{}, err
	}
	for _, err := range fail {
		if err != nil {
			return NullResult{}, err
		}
	}
	return summarize(measure(g), value), nil
}

func summarize(observed float64, value []float64) NullResult {
	r := NullResult{Observed: observed}
	var total sum.Compensated
	above, below := 1, 1
	for _, v := range value {
		if math.IsNaN(v) {
			r.Undefined++
			continue
		}
		r.Samples++
		total.Add(v)
		above += indicator(v >= observed)
		below += indicator(v <= observed)
	}
	n := float64(r.Samples)
	r.Mean = total.Value() / n
	var squares sum.Compensated
	for _, v := range value {
		if !math.IsNaN(v) {
			squares.Add((v - r.Mean) * (v - r.Mean))
		}
	}
	r.SD = math.Sqrt(squares.Value() / (n - 1))
	if r.Z = (observed - r.Mean) / r.SD; math.IsInf(r.Z, 0) {
		r.Z = math.NaN()
	}
	r.Above, r.Below = float64(above)/(n+1), float64(below)/(n+1)
	if math.IsNaN(observed) || r.Samples == 0 {
		r.Above, r.Below, r.Z = math.NaN(), math.NaN(), math.NaN()
	}
	return r
}
