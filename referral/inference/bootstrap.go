// SPDX-License-Identifier: Apache-2.0

package inference

import (
	"context"
	"math"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"

	"gonum.org/v1/gonum/floats"

	"github.com/oncoref/oncoref/referral"
)

// BootstrapConfig says how tables are drawn. The zero value draws 2,000.
type BootstrapConfig struct {
	Replicates int     // tables to draw; 0 means 2000
	Seed       uint64  // of the random numbers; 0 is a seed like others
	Level      float64 // probability between the ends of the intervals; 0 means 0.95
	Meaning    Meaning // changes the label only
	// WithinOrigins draws the patients of each origin by themselves, so that
	// the origin totals stay what they are.
	WithinOrigins bool
	// Noise adds, in each replicate, Dirichlet(1/2) noise of half a patient on average to
	// each possible cell before patients are drawn. It shows how much the
	// intervals depend on flows that could occur but were not seen.
	Noise      bool
	DrawAlways bool // do not go through all samples of a small row one by one
	Workers    int  // goroutines; 0 means all cores. The result does not depend on it
}

// Resampled is what the bootstrap says about one number.
type Resampled struct {
	Statistic string
	Scope     string          // label of the class; empty for the table as a whole
	Observed  referral.Result // the number in the table itself
	Mean      float64         // over the replicates
	Bias      float64         // Mean less Observed
	SE        float64         // standard deviation over the replicates
	Interval  Interval
	// Defined is the share of replicates in which there is a value; the other
	// figures are about those, and NaN if there are none.
	Defined float64
	// Of numbers for each class: the probability of being the largest, shared
	// between classes that are equal, and the places in between which the class
	// is with the probability of the level, 1 being the largest. Otherwise Top is
	// NaN and Rank zero.
	Top  float64
	Rank RankInterval
}

// Resampling is the result of a bootstrap.
type Resampling struct {
	Replicates int    // tables drawn; if Exact, the number of different samples
	Seed       uint64 // of the random numbers
	Exact      bool   // all samples were gone through with their probabilities
	Noise      bool
	Numbers    []Resampled // by statistic in the order asked for, then by class
}

// Find returns the figures of a statistic for a class, or for the table as a
// whole if scope is empty; the last result is false if there are none.
func (r *Resampling) Find(statistic, scope string) (Resampled, bool) {
	for _, n := range r.Numbers {
		if n.Statistic == statistic && n.Scope == scope {
			return n, true
		}
	}
	return Resampled{}, false
}

// Bootstrap says how much statistics of a table would vary if other patients
// had been sent by the same process. Patients, not flows, are drawn with
// replacement: a table is a multinomial draw of as many patients over the cells.
// The intervals are percentile intervals, by order statistics (type 1 of Hyndman
// and Fan 1996).
//
// A row of at most 60 patients to at most 4 destinations is not drawn: all its
// samples are gone through. That is what [referral.Table.Filter] gives for one origin.
// A flow that was not seen is never drawn, so that intervals of degrees,
// betweenness or cores are too short; Noise shows by how much. HHI and Gini
// coefficients are too large in small samples, and larger still in the
// bootstrap: Bias tells, the interval shows the spread.
//
// Cells that are known in part are drawn within their bounds, all whole numbers
// alike, before patients are; then Observed is the range seen (envelope), and
// Bias the mean change of a drawn table against its own completion. Published
// totals narrow the cells, each on its own; those that contradict the cells or
// give one away are an [*InputError].
//
// Equal tables, seeds and configs give equal bits, whatever the number of workers. It
// returns an [*UnknownError] for cells without an upper bound, an [*InputError]
// for an unusable config, for fractional counts and for an empty table, and the
// first error of a statistic or of ctx. Time O(B n² + B S), for B replicates of statistics
// that take S; memory O(B) for each number.
//
// Reference: Efron and Tibshirani 1993, doi:10.1201/9780429246593, chapters 6,
// 10 and 13; Snijders and Borgatti 1999, Connections 22:161-170, for networks.
func Bootstrap(ctx context.Context, t *referral.Table, stats []Statistic, c BootstrapConfig) (*Resampling, error) {
	if t.Absent().State == referral.Missing {
		return nil, unlisted(t)
	}
	g, err := readGrid(t, placesOf(t))
	if err != nil {
		return nil, err
	}
	m, gaps := g.matrix()
	var unknown []gap
	for _, at := range gaps {
		lo, hi := math.Ceil(g.cells[at].Lo), math.Floor(g.cells[at].Hi)
		if math.IsInf(hi, 1) || lo > hi {
			return nil, g.unknown(at, "whole bounds")
		}
		m.cells[at] = lo
		unknown = append(unknown, gap{at, lo, hi})
	}
	if !m.whole() {
		return nil, &InputError{Field: "table", Value: "with fractions of patients", Want: "whole counts"}
	}
	if m.Total() == 0 && len(unknown) == 0 {
		return nil, &InputError{Field: "table", Value: "without patients", Want: "some patients with a known origin and treatment"}
	}
	b := &bootstrap{base: m, unknown: unknown, stats: stats, config: c}
	if len(unknown) == 0 && !c.Noise && !c.DrawAlways && enumerable(m) {
		return b.enumerate(ctx)
	}
	b.draw = func(r replicate) { b.cells(r) }
	return b.run(ctx)
}

// bootstrap is a bootstrap at work.
type bootstrap struct {
	base    *Matrix
	unknown []gap
	stats   []Statistic
	config  BootstrapConfig
	draw    func(replicate)
}

// gap is a cell that is known to hold a whole number from lo to hi.
type gap struct {
	at     int // in Matrix.cells
	lo, hi float64
}

// replicate is one table being drawn.
type replicate struct {
	number  int
	to      *Matrix // the table drawn
	of      *Matrix // the completion it is drawn from; the base if all is known
	weights []float64
}

func (b *bootstrap) width() int {
	w := 0
	for _, s := range b.stats {
		w += s.width(b.base)
	}
	return w
}

func (b *bootstrap) run(ctx context.Context) (*Resampling, error) {
	c := b.config
	level, err := levelOf(c.Level)
	if err != nil {
		return nil, err
	}
	count := c.Replicates
	if count == 0 {
		count = 2000
	}
	if count < 1 {
		return nil, &InputError{Field: "Replicates", Value: strconv.Itoa(count), Want: "at least 1"}
	}
	width := b.width()
	values := make([]float64, count*width) // number by number
	var origin []float64                   // the same of the completions
	if len(b.unknown) > 0 {
		origin = make([]float64, count*width)
	}
	observed := make([]float64, width)
	if err := evaluate(ctx, b.base.fork().with(b.base.cells), b.stats, observed); err != nil {
		return nil, err
	}
	err = parallel(ctx, c.Workers, count, func() func(int) error {
		r := replicate{to: b.base.fork(), of: b.base, weights: make([]float64, len(b.base.cells))}
		if origin != nil {
			r.of = b.base.fork()
		}
		out := make([]float64, width)
		keep := func(to []float64, m *Matrix, number int) error {
			err := evaluate(ctx, m, b.stats, out)
			for k, v := range out {
				to[k*count+number] = v
			}
			return err
		}
		return func(number int) error {
			r.number = number
			b.draw(r)
			if origin != nil {
				if err := keep(origin, r.of, number); err != nil {
					return err
				}
			}
			return keep(values, r.to, number)
		}
	})
	if err != nil {
		return nil, err
	}
	res := &Resampling{Replicates: count, Seed: c.Seed, Noise: c.Noise}
	i := Interval{Level: level, Method: Percentile, Meaning: c.Meaning}
	k := 0
	for _, s := range b.stats {
		w := s.width(b.base)
		for j := range w {
			n := b.number(s, j, observed[k], i)
			of := values[k*count : (k+1)*count]
			change := -observed[k]
			if origin != nil {
				from := origin[k*count : (k+1)*count]
				n.Observed = envelope(from)
				change = -meanOf(from)
			}
			n.summarize(of, change)
			res.Numbers = append(res.Numbers, n)
			k++
		}
		if !s.PerClass {
			continue
		}
		p, x := newPlacing(w), make([]float64, w)
		for number := range count {
			for j := range x {
				x[j] = values[(k-w+j)*count+number]
			}
			p.add(x, 1)
		}
		p.set(level, res.Numbers[k-w:k])
	}
	return res, nil
}

// number makes a result of a statistic, of the class at a place if it has one
// for each, without what samples tell.
func (b *bootstrap) number(s Statistic, class int, observed float64, i Interval) Resampled {
	n := Resampled{Statistic: s.Name, Interval: i, Top: math.NaN(), Observed: resultOf(observed)}
	if s.PerClass {
		n.Scope = b.base.classes[class]
	}
	return n
}

// with fills a matrix and returns it.
func (m *Matrix) with(cells []float64) *Matrix {
	copy(m.cells, cells)
	return m
}

// cells draws a completion of the unknown cells, noise and patients.
func (b *bootstrap) cells(r replicate) {
	rng := stream(b.config.Seed, r.number)
	if r.of != b.base {
		copy(r.of.cells, b.base.cells)
		for _, u := range b.unknown {
			r.of.cells[u.at] = u.lo + math.Floor(rng.Float64()*(u.hi-u.lo+1))
		}
	}
	copy(r.weights, r.of.cells)
	width := len(r.weights)
	if b.config.WithinOrigins {
		width = len(b.base.classes)
	}
	for from := 0; from < len(r.weights); from += width {
		to := from + width
		patients := total(r.of.cells[from:to])
		if patients == 0 {
			clear(r.to.cells[from:to])
			continue
		}
		if b.config.Noise {
			noise(rng, r.weights[from:to], b.base.barred[from:to])
		}
		multinomial(rng, patients, total(r.weights[from:to]), r.weights[from:to], r.to.cells[from:to])
	}
}

// noise adds a Dirichlet(1/2) vector over the possible cells, with half a
// patient for each on average.
func noise(rng interface{ NormFloat64() float64 }, weights []float64, barred []bool) {
	possible, sum := 0.0, 0.0
	draws := make([]float64, len(weights))
	for i := range weights {
		if !barred[i] {
			g := rng.NormFloat64()
			draws[i] = g * g // Gamma(1/2) but for a factor
			sum += draws[i]
			possible++
		}
	}
	for i, g := range draws {
		if g > 0 {
			weights[i] += possible / 2 * g / sum
		}
	}
}

// resultOf makes a result of a number that may be NaN.
func resultOf(v float64) referral.Result {
	if math.IsNaN(v) {
		return referral.UndefinedResult(referral.ReasonZeroDenominator)
	}
	return referral.ExactResult(v)
}

// envelope gives the range of the values seen.
func envelope(x []float64) referral.Result {
	var s span
	for _, v := range x {
		s.add(v)
	}
	r := s.result(referral.ReasonZeroDenominator)
	if r.Status == referral.OK || r.Status == referral.Bounded {
		r = referral.Result{Value: math.NaN(), Lo: s.lo, Hi: s.hi, Status: referral.Envelope, Reason: referral.ReasonUnknownCells}
	}
	return r
}

func defined(x []float64) []float64 {
	return slices.DeleteFunc(slices.Clone(x), math.IsNaN)
}

func meanOf(x []float64) float64 {
	x = defined(x)
	return floats.SumCompensated(x) / float64(len(x))
}

// summarize sets the figures of a number from its values; change is what has
// to be added to their mean to get the bias.
func (n *Resampled) summarize(values []float64, change float64) {
	x := defined(values)
	count := float64(len(x))
	n.Defined = count / float64(len(values))
	n.Mean = floats.SumCompensated(x) / count
	n.Bias = n.Mean + change
	squares := make([]float64, len(x))
	for i, v := range x {
		squares[i] = (v - n.Mean) * (v - n.Mean)
	}
	n.SE = math.NaN()
	if count > 1 {
		n.SE = math.Sqrt(floats.SumCompensated(squares) / (count - 1))
	}
	slices.Sort(x)
	tail := (1 - n.Interval.Level) / 2
	n.Interval.Lo, n.Interval.Hi = quantile1(x, tail), quantile1(x, 1-tail)
}

// quantile1 returns the order statistic at q, the smallest value with at least
// the share q of values at or below it; NaN of none.
func quantile1[T int | float64](sorted []T, q float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	const rounding = 1e-9
	i := int(math.Ceil(q*float64(len(sorted))-rounding)) - 1
	return float64(sorted[min(max(i, 0), len(sorted)-1)])
}

// parallel calls a function for each number below count, from as many
// goroutines as workers says, each with its own from prepare. The first error
// by number is returned, or that of ctx.
func parallel(ctx context.Context, workers, count int, prepare func() func(int) error) error {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	workers = min(workers, count)
	errs := make([]error, count)
	var next atomic.Int64
	var stop atomic.Bool
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			do := prepare()
			for !stop.Load() && ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= count {
					return
				}
				if errs[i] = do(i); errs[i] != nil {
					stop.Store(true)
				}
			}
		})
	}
	group.Wait()
	if err := ctx.Err(); err != nil {
		return err
	}
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
