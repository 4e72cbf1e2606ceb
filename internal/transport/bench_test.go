// SPDX-License-Identifier: Apache-2.0

package transport_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/internal/transport"
)

// square is an n x n table of counts whose margins are known exactly and of
// whose cells a share is open: between 0 and 9, or from 1 on.
func square(n int, share float64, seed uint64) transport.Problem {
	r := rand.New(rand.NewPCG(seed, 0))
	p := transport.Problem{Rows: make([]transport.Range, n), Cols: make([]transport.Range, n)}
	for i := range n {
		for j := range n {
			x := int64(r.ExpFloat64() * 6)
			if i == j {
				x *= 40
			}
			c := transport.Cell{Row: i, Col: j, Range: transport.At(x)}
			if r.Float64() < share {
				switch {
				case x > 9:
					c.Range = transport.Range{Lo: 1, Hi: transport.Open}
				default:
					c.Range = transport.Range{Lo: 0, Hi: 9}
				}
			}
			p.Cells = append(p.Cells, c)
			for _, t := range []*transport.Range{&p.Rows[i], &p.Cols[j], &p.Total} {
				t.Lo += x
				t.Hi += x
			}
		}
	}
	return p
}

// away is the cost of the flow between different classes.
func away(p transport.Problem) []float64 {
	cost := make([]float64, len(p.Cells))
	for i, c := range p.Cells {
		if c.Row != c.Col {
			cost[i] = 1
		}
	}
	return cost
}

func TestWorkersAndCancellation(t *testing.T) {
	problem := square(20, 0.3, 1)
	p, err := transport.New(problem)
	require.NoError(t, err)
	want, err := p.Bounds(t.Context(), 1)
	require.NoError(t, err)
	for _, workers := range []int{2, 8} {
		got, err := p.Bounds(t.Context(), workers)
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = p.Bounds(ctx, 2)
	require.ErrorIs(t, err, context.Canceled)
	_, err = p.Margins(ctx, 2)
	require.ErrorIs(t, err, context.Canceled)
	_, _, err = p.Linear(ctx, away(problem))
	require.ErrorIs(t, err, context.Canceled)
	_, err = p.Enumerate(ctx, 10, func([]int64) bool { return true })
	require.ErrorIs(t, err, context.Canceled)
}

func BenchmarkBounds(b *testing.B) {
	for _, share := range []float64{0.3, 1} {
		for _, n := range []int{10, 40, 80} {
			b.Run(fmt.Sprintf("open=%v/n=%d", share, n), func(b *testing.B) {
				p, err := transport.New(square(n, share, 1))
				require.NoError(b, err)
				b.ReportAllocs()
				for b.Loop() {
					if _, err := p.Bounds(b.Context(), 0); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkLinear(b *testing.B) {
	for _, n := range []int{10, 40, 80} {
		problem := square(n, 0.3, 1)
		p, err := transport.New(problem)
		require.NoError(b, err)
		supra, random := away(problem), away(problem)
		r := rand.New(rand.NewPCG(1, 1))
		for i := range random {
			random[i] = r.NormFloat64()
		}
		for name, cost := range map[string][]float64{"supra": supra, "random": random} {
			b.Run(fmt.Sprint(name, "/n=", n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, _, err := p.Linear(b.Context(), cost); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkNew(b *testing.B) {
	for _, n := range []int{10, 40, 80} {
		good := square(n, 0.3, 1)
		bad := square(n, 0.3, 1)
		bad.Cols[0].Lo, bad.Cols[0].Hi = bad.Cols[0].Lo+1000, bad.Cols[0].Hi+1000
		b.Run(fmt.Sprint("feasible/n=", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := transport.New(good); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprint("conflict/n=", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var e *transport.InfeasibleError
				if _, err := transport.New(bad); !errors.As(err, &e) {
					b.Fatal(err)
				}
			}
		})
	}
}
