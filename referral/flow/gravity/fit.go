// SPDX-License-Identifier: Apache-2.0

package gravity

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/oncoref/oncoref/graph/structure"
	"github.com/oncoref/oncoref/internal/transport"
	"github.com/oncoref/oncoref/referral"
)

// flows is a table as a matrix of origins and classes.
type flows struct {
	origins, classes []string
	count            []float64
	barred           []bool // no way: a structural zero, or one that is left out
	row, col         []float64
	cost             []float64
	scale            float64 // largest difference of costs
	decay            []float64
	balance          []float64 // by class
	expected         []float64
}

// newFlows reads a table; a reason says why it cannot be fitted.
func newFlows(t *referral.Table, c Config) (*flows, string) {
	place := func(label string) bool { return !referral.Beside(label) && len(t.Members(label)) == 1 }
	f := &flows{}
	for _, o := range t.Origins() {
		if place(o) {
			f.origins = append(f.origins, o)
		}
	}
	for _, d := range t.Classes() {
		if !referral.Beside(d) {
			f.classes = append(f.classes, d)
		}
	}
	n := len(f.classes)
	f.count, f.barred = make([]float64, len(f.origins)*n), make([]bool, len(f.origins)*n)
	f.row, f.col = make([]float64, len(f.origins)), make([]float64, n)
	if t.Absent().State == referral.Missing {
		return f, referral.ReasonUnlisted
	}
	total := 0.0
	for x := range t.Flows() {
		if referral.Beside(x.Origin) || referral.Beside(x.Destination) {
			continue
		}
		if !x.Cell.Known() {
			return f, referral.ReasonUnknownCells
		}
		if !place(x.Origin) || !place(x.Destination) {
			if x.Cell.Hi > 0 {
				return f, ReasonSetValued
			}
			continue
		}
		i, _ := slices.BinarySearch(f.origins, x.Origin)
		j, _ := slices.BinarySearch(f.classes, x.Destination)
		if x.Cell.State == referral.StructuralZero {
			f.barred[i*n+j] = true
		}
		if c.DropRetained && x.Retained() {
			continue
		}
		f.count[i*n+j] = x.Cell.Lo
		f.row[i] += x.Cell.Lo
		f.col[j] += x.Cell.Lo
		total += x.Cell.Lo
	}
	if c.DropRetained {
		for i, o := range f.origins {
			j, _ := slices.BinarySearch(f.classes, o)
			f.barred[i*n+j] = true
		}
	}
	if total == 0 {
		return f, referral.ReasonZeroDenominator
	}
	return f, ""
}

// price finds the costs of the ways that patients may take.
func (f *flows) price(costs Costs) error {
	n := len(f.classes)
	f.cost = slices.Repeat([]float64{math.NaN()}, len(f.count))
	f.decay, f.expected = make([]float64, len(f.count)), make([]float64, len(f.count))
	f.balance = slices.Repeat([]float64{1}, n)
	least, most := math.Inf(1), math.Inf(-1)
	for i, o := range f.origins {
		for j, d := range f.classes {
			x, ok := costs.At(o, d)
			if f.cost[i*n+j] = x; !f.open(i, j) {
				continue
			}
			if !ok {
				return &CostError{o, d, math.NaN()}
			}
			least, most = min(least, x), max(most, x)
		}
	}
	f.scale = most - least
	return nil
}

// open reports whether patients may take a way.
func (f *flows) open(i, j int) bool {
	return f.row[i] > 0 && f.col[j] > 0 && !f.barred[i*len(f.classes)+j]
}

// steepest is the largest decay over the range of costs that is tried: e^-steepest is
// about the smallest float64 above 0.
const steepest = 700

// fit finds the decay at which the model has the observed cost, by halving a
// bracket and the rule of false position in turns.
func (f *flows) fit(ctx context.Context, c Constraint) (float64, string, error) {
	if f.scale == 0 {
		return 0, ReasonOneCost, nil
	}
	// excess is the cost of the model less that observed; it falls as x rises.
	excess := func(x float64) (float64, error) {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		if err := f.expect(ctx, x/f.scale, c); err != nil {
			return 0, err
		}
		var sum, size float64
		for a, m := range f.expected {
			if m > 0 || f.count[a] > 0 {
				sum += (m - f.count[a]) * f.cost[a]
				size += (m + f.count[a]) * math.Abs(f.cost[a])
			}
		}
		if math.Abs(sum) <= 1e-14*size {
			sum = 0
		}
		return sum, nil
	}
	if reason, err := f.attainable(ctx, c); err != nil || reason != "" {
		return 0, reason, err
	}
	at, err := excess(0)
	if err != nil || at == 0 {
		return 0, "", err
	}
	lo, hi := 0.0, 1.0 // excess above 0 at lo, below 0 at hi
	sign := math.Copysign(1, at)
	var other float64
	for {
		if hi > steepest {
			return 0, ReasonNoDecay, nil
		}
		if other, err = excess(sign * hi); errors.Is(err, structure.ErrNotConverged) && hi >= 16 {
			return 0, ReasonNoDecay, nil
		} else if err != nil {
			return 0, "", err
		}
		if other*sign <= 0 {
			break
		}
		lo, at = hi, other
		hi *= 2
	}
	for round := 0; other != 0 && at != 0 && round < 200 && hi-lo > 1e-15*hi; round++ {
		x := lo + (hi-lo)/2
		if round%2 == 1 {
			if s := lo + (hi-lo)*at/(at-other); s > lo && s < hi {
				x = s
			}
		}
		y, err := excess(sign * x)
		switch {
		case err != nil:
			return 0, "", err
		case y*sign > 0:
			lo, at = x, y
		default:
			hi, other = x, y
		}
	}
	if _, err := excess(sign * hi); err != nil {
		return 0, "", err
	}
	return sign * hi / f.scale, "", nil
}

// attainable says why the observed cost is that of no finite decay: it must lie
// between the smallest and the largest cost that the totals allow.
func (f *flows) attainable(ctx context.Context, c Constraint) (string, error) {
	observed, size := 0.0, 0.0
	for a, x := range f.count {
		if x > 0 {
			observed += x * f.cost[a]
			size += x * math.Abs(f.cost[a])
		}
	}
	least, most, err := f.extremes(ctx, c)
	switch slack := 1e-12 * (size + f.scale); {
	case err != nil:
		return "", err
	case most-least <= slack:
		return ReasonOneCost, nil
	case observed <= least+slack || observed >= most-slack:
		return ReasonNoDecay, nil
	}
	return "", nil
}

// extremes gives the smallest and the largest cost that the totals allow.
func (f *flows) extremes(ctx context.Context, c Constraint) (least, most float64, err error) {
	n := len(f.classes)
	var cells []transport.Cell
	var cost []float64
	whole := true
	for i, o := range f.row {
		lo, hi := math.Inf(1), math.Inf(-1)
		for j := range n {
			if x := f.cost[i*n+j]; f.open(i, j) {
				lo, hi = min(lo, x), max(hi, x)
				cells = append(cells, transport.Cell{Row: i, Col: j, Range: transport.Any})
				cost = append(cost, x)
				whole = whole && f.count[i*n+j] == math.Trunc(f.count[i*n+j])
			}
		}
		if o > 0 {
			least += o * lo
			most += o * hi
		}
	}
	if c == Production || !whole {
		return least, most, nil
	}
	p := transport.Problem{Total: transport.Any, Cells: cells}
	for _, o := range f.row {
		p.Rows = append(p.Rows, transport.At(int64(o)))
	}
	for _, d := range f.col {
		p.Cols = append(p.Cols, transport.At(int64(d)))
	}
	polytope, err := transport.New(p)
	if err != nil {
		return 0, 0, err
	}
	return polytope.Linear(ctx, cost)
}

// expect fills in the model for a decay.
func (f *flows) expect(ctx context.Context, beta float64, c Constraint) error {
	n := len(f.classes)
	for i := range f.origins {
		least := math.Inf(1) // of -log decay, so that the largest term of a row is 1
		for j := range n {
			if f.open(i, j) {
				least = min(least, beta*f.cost[i*n+j])
			}
		}
		for j := range n {
			if f.decay[i*n+j] = 0; f.open(i, j) {
				f.decay[i*n+j] = math.Exp(least-beta*f.cost[i*n+j]) * f.col[j]
			}
		}
	}
	if c == Production {
		f.rows()
		return nil
	}
	return f.balanceTotals(ctx)
}

// rows scales each row to its total and returns the largest error of a column,
// as a share of it.
func (f *flows) rows() float64 {
	n := len(f.classes)
	sums := make([]float64, n)
	for i, o := range f.row {
		sum := 0.0
		for j, b := range f.balance {
			sum += f.decay[i*n+j] * b
		}
		for j, b := range f.balance {
			m := 0.0
			if sum > 0 {
				m = o * (f.decay[i*n+j] * b / sum)
			}
			f.expected[i*n+j] = m
			sums[j] += m
		}
	}
	worst := 0.0
	for j, d := range f.col {
		if d > 0 {
			worst = max(worst, math.Abs(sums[j]-d)/d)
		}
	}
	return worst
}

// Limits of the proportional fitting: the error of a column, as a share of it,
// and the sweeps.
const (
	columnError = 1e-13
	maxSweeps   = 100_000
)

// balanceTotals scales columns and rows in turns until the columns agree when
// the rows do. It begins with the factors of the decay before.
func (f *flows) balanceTotals(ctx context.Context) error {
	n := len(f.classes)
	worst := math.Inf(1)
	for sweep := range maxSweeps {
		if sweep%64 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if worst = f.rows(); worst <= columnError {
			return nil
		}
		for j, d := range f.col {
			if d == 0 {
				continue
			}
			sum := 0.0
			for i := range f.row {
				sum += f.expected[i*n+j]
			}
			if f.balance[j] *= d / sum; !(f.balance[j] > 0) || math.IsInf(f.balance[j], 1) {
				return fmt.Errorf("gravity: balance of %q: %w", f.classes[j], structure.ErrNotConverged)
			}
		}
	}
	return fmt.Errorf("gravity: totals off by a share of %.2g after %d sweeps: %w", worst, maxSweeps, structure.ErrNotConverged)
}
