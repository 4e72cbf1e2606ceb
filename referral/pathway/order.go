// SPDX-License-Identifier: Apache-2.0

package pathway

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/oncoref/oncoref/referral"
)

// OrderConfig is how OrderTest permutes.
type OrderConfig struct {
	Seed       uint64
	Replicates int // permutations; 0 means 2,000
}

// Order tells whether flows between pairs of hospitals say enough, or whether
// where patients go next depends on where they came from.
type Order struct {
	Steps int // a > b > c of all routes
	// G2 is 2 Σ n_abc ln(n_abc n_.b. / (n_ab. n_.bc)): how far the steps are from
	// what the pairs a > b and b > c alone would give.
	G2 float64
	DF int // Σ_b (number of a - 1)(number of c - 1)
	// P is the part of the permutations of c within each b whose G2 is at least
	// as large, (1 + #) / (1 + Replicates); NaN where DF is 0.
	P          float64
	Replicates int
	Seed       uint64
	// Bits is G2 / (2 Steps ln 2): what the hospital before tells of the one
	// after, per step.
	Bits float64
}

// OrderTest compares a second-order with a first-order chain of hospitals. A
// small P says that networks of pairs, and all centralities on them, miss how
// patients move: paths in the aggregate are not paths of patients. Steps with a
// hospital that is not known are left out.
//
// It returns an error for a negative number of replicates or that of ctx. Time
// O(n + s·replicates) for n events and s steps.
//
// P. Billingsley, Statistical methods in Markov chains, Annals of Mathematical
// Statistics 32:12-40, 1961; I. Scholtes et al., Nature Communications 5:5024,
// 2014.
func OrderTest(ctx context.Context, l *referral.Log, c OrderConfig) (Order, error) {
	if c.Replicates < 0 {
		return Order{}, fmt.Errorf("pathway: %d replicates: want at least 0", c.Replicates)
	}
	if c.Replicates == 0 {
		c.Replicates = 2000
	}
	steps := triples(l)
	out := Order{Steps: len(steps), Replicates: c.Replicates, Seed: c.Seed, P: math.NaN()}
	if len(steps) == 0 {
		out.G2, out.Bits = math.NaN(), math.NaN()
		return out, nil
	}
	slices.SortFunc(steps, func(x, y triple) int {
		return cmp.Or(cmp.Compare(x.b, y.b), cmp.Compare(x.a, y.a), cmp.Compare(x.c, y.c))
	})
	var blocks []*block
	for i, j := 0, 1; i < len(steps); i, j = j, j+1 {
		for ; j < len(steps) && steps[j].b == steps[i].b; j++ {
		}
		b := newBlock(steps[i:j])
		blocks = append(blocks, b)
		out.DF += (b.rows - 1) * (b.columns - 1)
		out.G2 += b.g2()
	}
	out.Bits = out.G2 / (2 * float64(len(steps)) * math.Ln2)
	if out.DF == 0 {
		return out, nil
	}
	above := 0
	for r := range c.Replicates {
		if err := ctx.Err(); err != nil {
			return Order{}, err
		}
		rng := rand.New(rand.NewPCG(c.Seed, uint64(r)))
		g := 0.0
		for _, b := range blocks {
			rng.Shuffle(len(b.c), func(i, j int) { b.c[i], b.c[j] = b.c[j], b.c[i] })
			g += b.g2()
		}
		if g >= out.G2-1e-9*max(1, out.G2) {
			above++
		}
	}
	out.P = float64(1+above) / float64(1+c.Replicates)
	return out, nil
}

// triple is three successive hospitals of a route, by number.
type triple struct{ a, b, c int32 }

// triples gives those of all routes, in no order.
func triples(l *referral.Log) []triple {
	number := map[string]int32{}
	for i, h := range l.Hospitals() {
		number[h] = int32(i)
	}
	type worker struct{ steps []triple }
	workers := eachTriple(l, func() *worker { return &worker{} }, func(w *worker, a, b, c string) {
		w.steps = append(w.steps, triple{number[a], number[b], number[c]})
	})
	var out []triple
	for _, w := range workers {
		out = append(out, w.steps...)
	}
	return out
}

// block is the steps through one hospital, as a table of a by c.
type block struct {
	a, c          []int32 // of each step, numbered from 0
	rows, columns int
	cells         []int32
	fixed         float64 // Σ ln of the margins, which permutation keeps
}

func newBlock(steps []triple) *block {
	b := &block{}
	rows, columns := map[int32]int32{}, map[int32]int32{}
	for _, s := range steps {
		if _, ok := rows[s.a]; !ok {
			rows[s.a] = int32(len(rows))
		}
		if _, ok := columns[s.c]; !ok {
			columns[s.c] = int32(len(columns))
		}
		b.a, b.c = append(b.a, rows[s.a]), append(b.c, columns[s.c])
	}
	b.rows, b.columns = len(rows), len(columns)
	b.cells = make([]int32, b.rows*b.columns)
	row, column := make([]int32, b.rows), make([]int32, b.columns)
	for i := range b.a {
		row[b.a[i]]++
		column[b.c[i]]++
	}
	n := float64(len(steps))
	b.fixed = n * math.Log(n)
	for _, margin := range [][]int32{row, column} {
		for _, k := range margin {
			b.fixed -= float64(k) * math.Log(float64(k))
		}
	}
	return b
}

// g2 is 2 Σ n_ac ln(n_ac n / (n_a n_c)) of the table.
func (b *block) g2() float64 {
	clear(b.cells)
	for i, a := range b.a {
		b.cells[int(a)*b.columns+int(b.c[i])]++
	}
	sum := b.fixed
	for _, k := range b.cells {
		if k > 1 {
			sum += float64(k) * math.Log(float64(k))
		}
	}
	return 2 * max(0, sum)
}
