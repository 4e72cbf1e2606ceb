// SPDX-License-Identifier: Apache-2.0

package linear

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var inf = math.Inf(1)

func solve(t *testing.T, p Problem, sum []Term) (Optimum, error) {
	t.Helper()
	s, err := New(t.Context(), p)
	if err != nil {
		return Optimum{}, err
	}
	return s.Minimize(t.Context(), sum)
}

func TestMinimize(t *testing.T) {
	for _, c := range []struct {
		name string
		p    Problem
		sum  []Term
		want float64
	}{
		{"bounds only", Problem{Lo: []float64{2, -inf}, Hi: []float64{9, 4}}, []Term{{0, 1}, {1, -1}}, -2},
		{"textbook", Problem{ // max 3x+5y: x <= 4, 2y <= 12, 3x+2y <= 18 (Hillier and Lieberman)
			Lo: []float64{0, 0}, Hi: []float64{inf, inf},
			Rows: []Row{{[]Term{{0, 1}}, -inf, 4}, {[]Term{{1, 2}}, -inf, 12}, {[]Term{{0, 3}, {1, 2}}, -inf, 18}},
		}, []Term{{0, -3}, {1, -5}}, -36},
		{"equation", Problem{Lo: []float64{0, 0, 0}, Hi: []float64{inf, inf, inf}, Rows: []Row{{[]Term{{0, 1}, {1, 1}, {2, 1}}, 10, 10}, {[]Term{{0, 1}, {1, -1}}, 0, 0}}}, []Term{{2, 1}, {0, -1}}, -5},
		{"unbounded", Problem{Lo: []float64{0, 0}, Hi: []float64{inf, inf}, Rows: []Row{{[]Term{{0, 1}, {1, -1}}, 0, 0}}}, []Term{{0, -1}}, -inf},
		{"free", Problem{Lo: []float64{-inf, -inf}, Hi: []float64{inf, inf}, Rows: []Row{{[]Term{{0, 1}, {1, 1}}, 3, 3}, {[]Term{{0, 1}, {1, -1}}, -1, 5}}}, []Term{{0, 1}}, 1},
		{"cycling", Problem{ // Beale 1955
			Lo: []float64{0, 0, 0, 0}, Hi: []float64{inf, inf, inf, inf},
			Rows: []Row{
				{[]Term{{0, 0.25}, {1, -60}, {2, -1. / 25}, {3, 9}}, -inf, 0},
				{[]Term{{0, 0.5}, {1, -90}, {2, -1. / 50}, {3, 3}}, -inf, 0},
				{[]Term{{2, 1}}, -inf, 1},
			},
		}, []Term{{0, -0.75}, {1, 150}, {2, -0.02}, {3, 6}}, -0.05},
	} {
		t.Run(c.name, func(t *testing.T) {
			o, err := solve(t, c.p, c.sum)
			require.NoError(t, err)
			if math.IsInf(c.want, 0) {
				assert.Equal(t, c.want, o.Value)
				return
			}
			assert.InDelta(t, c.want, o.Value, 1e-9)
			assert.InDelta(t, c.want, o.Bound, 1e-7)
		})
	}
}

func TestInfeasible(t *testing.T) {
	p := Problem{Lo: []float64{0, 0, 0}, Hi: []float64{5, 5, inf}, Rows: []Row{
		{[]Term{{0, 1}, {1, 1}}, 11, inf}, {[]Term{{2, 1}}, 1, 4},
	}}
	_, err := New(t.Context(), p)
	var e *InfeasibleError
	require.ErrorAs(t, err, &e)
	assert.Equal(t, []int{0}, e.Rows)
	assert.Equal(t, []int{0, 1}, e.Vars)
	p.Rows[0].Lo = math.NaN()
	_, err = New(t.Context(), p)
	require.ErrorIs(t, err, ErrProblem)
	_, err = New(t.Context(), Problem{Lo: []float64{3}, Hi: []float64{2}})
	require.ErrorAs(t, err, &e)
	_, err = New(t.Context(), Problem{Lo: []float64{3}, Hi: []float64{4}, Rows: []Row{{[]Term{{1, 1}}, 0, 0}}})
	require.ErrorIs(t, err, ErrProblem)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	p.Rows[0].Lo = 4
	_, err = New(ctx, p)
	require.ErrorIs(t, err, context.Canceled)
}

// draw makes a problem with small whole numbers: sums, balances and shares.
func draw(r *rand.Rand, n, m int) (Problem, []Term) {
	p := Problem{Lo: make([]float64, n), Hi: make([]float64, n)}
	x := make([]float64, n)
	for j := range x {
		x[j] = float64(r.IntN(12))
		p.Lo[j], p.Hi[j] = 0, inf
		if r.IntN(3) == 0 {
			p.Lo[j], p.Hi[j] = max(0, x[j]-float64(r.IntN(4))), x[j]+float64(r.IntN(4))
		}
	}
	for range m {
		var row Row
		sum := 0.0
		for j := range n {
			if r.IntN(3) == 0 {
				c := []float64{1, 1, 1, -1, -0.37, 0.01}[r.IntN(6)]
				row.Terms = append(row.Terms, Term{j, c})
				sum += c * x[j]
			}
		}
		row.Lo, row.Hi = sum, sum
		switch r.IntN(4) {
		case 0:
			row.Hi = inf
		case 1:
			row.Lo -= float64(r.IntN(5))
		}
		p.Rows = append(p.Rows, row)
	}
	if r.IntN(5) == 0 && m > 0 {
		p.Rows[0].Lo += 3
		p.Rows[0].Hi += 3
	}
	var cost []Term
	for j := range n {
		if r.IntN(2) == 0 {
			cost = append(cost, Term{j, float64(r.IntN(7) - 2)})
		}
	}
	return p, cost
}

// TestOracle compares with the vertices: every choice of n bounds that meet in
// one point, for problems whose region is bounded.
func TestOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 2))
		n := 1 + r.IntN(3)
		p, cost := draw(r, n, r.IntN(3))
		for j := range p.Hi {
			p.Hi[j] = min(p.Hi[j], 15)
		}
		want := vertices(p, cost)
		s, err := New(t.Context(), p)
		var none *InfeasibleError
		if errors.As(err, &none) {
			if !math.IsInf(want, 1) {
				t.Fatalf("infeasible, want %v", want)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		o, err := s.Minimize(t.Context(), cost)
		if err != nil || math.Abs(o.Value-want) > 1e-6 || o.Bound > o.Value || o.Value-o.Bound > 1e-6 {
			t.Fatalf("got %v (bound %v), want %v: %v", o.Value, o.Bound, want, err)
		}
	})
}

// vertices gives the smallest value over all vertices, +Inf if there is none.
func vertices(p Problem, cost []Term) float64 {
	n := len(p.Lo)
	var planes [][]float64 // coefficients, then the constant
	dense := func(terms []Term) []float64 {
		c := make([]float64, n+1)
		for _, t := range terms {
			c[t.Var] += t.Coef
		}
		return c
	}
	for j := range n {
		for _, b := range []float64{p.Lo[j], p.Hi[j]} {
			c := dense([]Term{{j, 1}})
			c[n] = b
			planes = append(planes, c)
		}
	}
	for _, row := range p.Rows {
		for _, b := range []float64{row.Lo, row.Hi} {
			if !math.IsInf(b, 0) {
				c := dense(row.Terms)
				c[n] = b
				planes = append(planes, c)
			}
		}
	}
	best := math.Inf(1)
	pick := make([]int, n)
	var choose func(k, from int)
	choose = func(k, from int) {
		if k == n {
			a := make([][]float64, n)
			for i, f := range pick {
				a[i] = append([]float64(nil), planes[f]...)
			}
			x, ok := gauss(a)
			if !ok {
				return
			}
			v := 0.0
			for j := range x {
				if x[j] < p.Lo[j]-1e-9 || x[j] > p.Hi[j]+1e-9 {
					return
				}
			}
			for _, row := range p.Rows {
				s := 0.0
				for _, t := range row.Terms {
					s += t.Coef * x[t.Var]
				}
				if s < row.Lo-1e-9 || s > row.Hi+1e-9 {
					return
				}
			}
			for _, t := range cost {
				v += t.Coef * x[t.Var]
			}
			best = min(best, v)
			return
		}
		for f := from; f < len(planes); f++ {
			pick[k] = f
			choose(k+1, f+1)
		}
	}
	choose(0, 0)
	return best
}

func gauss(a [][]float64) ([]float64, bool) {
	n := len(a)
	for k := range n {
		b := k
		for i := k; i < n; i++ {
			if math.Abs(a[i][k]) > math.Abs(a[b][k]) {
				b = i
			}
		}
		if math.Abs(a[b][k]) < 1e-9 {
			return nil, false
		}
		a[k], a[b] = a[b], a[k]
		for i := range n {
			if i != k {
				f := a[i][k] / a[k][k]
				for j := k; j <= n; j++ {
					a[i][j] -= f * a[k][j]
				}
			}
		}
	}
	x := make([]float64, n)
	for k := range n {
		x[k] = a[k][n] / a[k][k]
	}
	return x, true
}

// TestGLPK compares with GLPK, where glpsol is installed.
func TestGLPK(t *testing.T) {
	glpsol, err := exec.LookPath("glpsol")
	if err != nil {
		t.Skip("no glpsol")
	}
	folder := t.TempDir()
	number := regexp.MustCompile(`Objective: +\S+ = (\S+)`)
	for k := range 60 {
		r := rand.New(rand.NewPCG(uint64(k), 1))
		p, cost := draw(r, 5+r.IntN(60), 2+r.IntN(30))
		in, out := filepath.Join(folder, "p.lp"), filepath.Join(folder, "p.out")
		require.NoError(t, os.WriteFile(in, []byte(lp(p, cost)), 0o600))
		b, err := exec.CommandContext(t.Context(), glpsol, "--lp", in, "-o", out).CombinedOutput()
		require.NoError(t, err, string(b))
		text, err := os.ReadFile(out)
		require.NoError(t, err)
		all := string(b) + string(text)
		o, err := solve(t, p, cost)
		var none *InfeasibleError
		switch {
		case strings.Contains(all, "NO PRIMAL FEASIBLE") || strings.Contains(all, "NO FEASIBLE"):
			require.ErrorAs(t, err, &none, "problem %d", k)
		case strings.Contains(all, "UNBOUNDED") || strings.Contains(all, "NO DUAL FEASIBLE"):
			require.NoError(t, err)
			assert.Equal(t, -inf, o.Value, "problem %d", k)
		default:
			require.NoError(t, err, "problem %d", k)
			want, err := strconv.ParseFloat(number.FindStringSubmatch(string(text))[1], 64)
			require.NoError(t, err)
			assert.InDelta(t, want, o.Value, 1e-5*(1+math.Abs(want)), "problem %d", k)
		}
	}
}

// lp writes a problem in CPLEX LP format.
func lp(p Problem, cost []Term) string {
	var b strings.Builder
	sum := func(terms []Term) {
		if len(terms) == 0 {
			fmt.Fprint(&b, " 0 x0")
		}
		for _, t := range terms {
			sign := "+"
			if t.Coef < 0 {
				sign = "-"
			}
			fmt.Fprintf(&b, " %s %v x%d", sign, math.Abs(t.Coef), t.Var)
		}
	}
	fmt.Fprint(&b, "Minimize\n obj:")
	sum(cost)
	fmt.Fprint(&b, "\nSubject To\n")
	for i, r := range p.Rows {
		if !math.IsInf(r.Lo, 0) {
			fmt.Fprintf(&b, " a%d:", i)
			sum(r.Terms)
			fmt.Fprintf(&b, " >= %v\n", r.Lo)
		}
		if !math.IsInf(r.Hi, 0) {
			fmt.Fprintf(&b, " b%d:", i)
			sum(r.Terms)
			fmt.Fprintf(&b, " <= %v\n", r.Hi)
		}
	}
	fmt.Fprint(&b, "Bounds\n")
	for j := range p.Lo {
		hi := "+inf"
		if !math.IsInf(p.Hi[j], 1) {
			hi = fmt.Sprint(p.Hi[j])
		}
		fmt.Fprintf(&b, " %v <= x%d <= %s\n", p.Lo[j], j, hi)
	}
	return b.String() + "End\n"
}

func BenchmarkBounds(b *testing.B) {
	for _, n := range []int{10, 30, 60} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			p := Problem{Rows: make([]Row, 2*n)}
			for i := range n {
				for j := range n {
					k := len(p.Lo)
					p.Lo, p.Hi = append(p.Lo, 0), append(p.Hi, inf)
					p.Rows[i].Terms = append(p.Rows[i].Terms, Term{k, 1})
					p.Rows[n+j].Terms = append(p.Rows[n+j].Terms, Term{k, 1})
				}
			}
			for i := range p.Rows {
				p.Rows[i].Lo, p.Rows[i].Hi = 100, 100
			}
			for b.Loop() {
				s, err := New(b.Context(), p)
				if err != nil {
					b.Fatal(err)
				}
				for k := 0; k < len(p.Lo); k += n {
					if _, err := s.Minimize(b.Context(), []Term{{k, -1}}); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}
