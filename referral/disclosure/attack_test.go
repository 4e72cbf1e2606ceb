// SPDX-License-Identifier: Apache-2.0

package disclosure

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The full run, whose output is testdata/attack.txt:
//
//	go test ./referral/disclosure -run TestAttack -attack -timeout 2h
var attackAll = flag.Bool("attack", false, "attack 1,000 and 10 simulated tables and write testdata/attack.txt")

// attacker knows the published numbers of a grid, and works out the others by a
// textbook simplex on a dense tableau, with the smallest index entering and
// leaving. It shares no code with the package.
type attacker struct {
	names []Entry     // of the unknowns
	rows  [][]float64 // equations: coefficients, then the constant
	basis []int
	bad   bool
}

// newAttacker writes down the equations: cells add up to row, column and group
// totals, and those to the grand total.
func newAttacker(g Grid, see func(Entry) (float64, bool)) *attacker {
	k := &attacker{}
	unknown := map[Entry]int{}
	var equations []map[Entry]float64
	groups := map[string][]int{}
	for i := range g.Rows {
		e := map[Entry]float64{{Row: g.Rows[i]}: -1}
		for _, c := range g.Columns {
			e[Entry{g.Rows[i], c}] = 1
		}
		equations = append(equations, e)
		if g.Groups != nil && g.Groups[i] != "" {
			groups[g.Groups[i]] = append(groups[g.Groups[i]], i)
		}
	}
	for _, c := range g.Columns {
		e := map[Entry]float64{{Column: c}: -1}
		for i := range g.Rows {
			e[Entry{g.Rows[i], c}] = 1
		}
		equations = append(equations, e)
	}
	total := map[Entry]float64{{}: -1}
	for i := range g.Rows {
		total[Entry{Row: g.Rows[i]}] = 1
	}
	equations = append(equations, total)
	for name, members := range groups {
		e := map[Entry]float64{{Row: name}: -1}
		for _, i := range members {
			e[Entry{Row: g.Rows[i]}] = 1
		}
		equations = append(equations, e)
		for _, c := range g.Columns {
			e := map[Entry]float64{{name, c}: -1}
			for _, i := range members {
				e[Entry{g.Rows[i], c}] = 1
			}
			equations = append(equations, e)
		}
	}
	for _, e := range equations {
		for x := range e {
			if _, known := see(x); known {
				continue
			}
			if _, ok := unknown[x]; !ok {
				unknown[x] = len(k.names)
				k.names = append(k.names, x)
			}
		}
	}
	n := len(k.names)
	for _, e := range equations {
		row := make([]float64, n+1)
		for x, c := range e {
			if v, known := see(x); known {
				row[n] -= c * v
			} else {
				row[unknown[x]] += c
			}
		}
		k.rows = append(k.rows, row)
	}
	k.feasible()
	return k
}

// feasible finds a basis with artificial variables, one for each equation.
func (k *attacker) feasible() {
	n, m := len(k.names), len(k.rows)
	k.basis = make([]int, m)
	cost := make([]float64, n+m+1)
	for i, row := range k.rows {
		if row[n] < 0 {
			for j := range row {
				row[j] = -row[j]
			}
		}
		wide := make([]float64, n+m+1)
		copy(wide, row[:n])
		wide[n+i], wide[n+m] = 1, row[n]
		k.rows[i], k.basis[i] = wide, n+i
		for j := range n {
			cost[j] -= wide[j]
		}
		cost[n+m] -= wide[n+m]
	}
	k.pivots(cost, n)
	k.bad = math.Abs(cost[n+m]) > 1e-6
	// Artificial variables that are left are zero: take them out or drop the equation.
	var rows [][]float64
	var basis []int
	for i := range k.rows {
		if k.basis[i] >= n {
			for j := range n {
				if math.Abs(k.rows[i][j]) > 1e-9 {
					k.pivot(i, j, nil)
					break
				}
			}
		}
	}
	for i, row := range k.rows {
		if k.basis[i] < n {
			rows = append(rows, append(append([]float64(nil), row[:n]...), row[n+m]))
			basis = append(basis, k.basis[i])
		}
	}
	k.rows, k.basis = rows, basis
}

func (k *attacker) pivot(r, c int, cost []float64) {
	p := k.rows[r]
	f := 1 / p[c]
	for j := range p {
		p[j] *= f
	}
	for i, row := range k.rows {
		if i != r && row[c] != 0 {
			subtract(row, p, row[c])
		}
	}
	if cost != nil && cost[c] != 0 {
		subtract(cost, p, cost[c])
	}
	k.basis[r] = c
}

func subtract(a, b []float64, f float64) {
	for j, v := range b {
		if v != 0 {
			a[j] -= f * v
		}
	}
}

// pivots makes a cost as small as can be over the first n columns; it reports
// whether that has no end.
func (k *attacker) pivots(cost []float64, n int) bool {
	for {
		c := -1
		for j := range n {
			if cost[j] < -1e-9 {
				c = j
				break
			}
		}
		if c < 0 {
			return false
		}
		r := -1
		best := math.Inf(1)
		for i, row := range k.rows {
			last := row[len(row)-1]
			if row[c] > 1e-9 && (last/row[c] < best-1e-12 || last/row[c] < best+1e-12 && k.basis[i] < k.basis[r]) {
				r, best = i, last/row[c]
			}
		}
		if r < 0 {
			return true
		}
		k.pivot(r, c, cost)
	}
}

// least gives the smallest value of sign times an unknown.
func (k *attacker) least(x int, sign float64) float64 {
	n := len(k.names)
	cost := make([]float64, n+1)
	cost[x] = sign
	for i, b := range k.basis {
		if b == x {
			subtract(cost, k.rows[i], sign)
		}
	}
	if k.pivots(cost, n) {
		return math.Inf(-1)
	}
	return -cost[n]
}

// volumes draws patients of hospitals in networks over years.
func volumes(r *rand.Rand, hospitals, networks, years int) Grid {
	g := Grid{Counts: zeros(hospitals, years)}
	for j := range years {
		g.Columns = append(g.Columns, fmt.Sprint(2016+j))
	}
	for i := range hospitals {
		g.Rows = append(g.Rows, fmt.Sprintf("H%03d", i))
		g.Groups = append(g.Groups, fmt.Sprintf("Network %02d", i%networks))
		mean := 6 * math.Exp(1.3*r.NormFloat64())
		for j := range years {
			g.Counts[i][j] = poisson(r, mean)
		}
	}
	return g
}

type outcome struct {
	tables, sensitive, hidden, recovered, narrow, differ, best, impossible int
	value, bound, total                                                    int64
	gap                                                                    float64
}

// attack suppresses a grid, attacks what is published and counts.
func (o *outcome) attack(t *testing.T, g Grid, c Config) {
	t.Helper()
	s, err := SuppressGrid(t.Context(), g, c)
	require.NoError(t, err)
	o.tables++
	if s.Status != Protected {
		o.impossible++
		return
	}
	if s.Best {
		o.best++
	}
	o.value += s.Value
	o.bound += s.Bound
	o.gap = max(o.gap, s.Gap())
	for _, row := range g.Counts {
		for _, x := range row {
			o.total += x
		}
	}
	k := newAttacker(g, func(e Entry) (float64, bool) {
		x := s.Cell(e, false)
		return x.Lo, x.Known()
	})
	require.False(t, k.bad)
	number := map[Entry]int{}
	for i, e := range k.names {
		number[e] = i
	}
	for _, h := range s.Hidden {
		x, ok := number[h.Entry]
		require.True(t, ok)
		lo, hi := k.least(x, 1), -k.least(x, -1)
		o.hidden++
		if math.Abs(lo-h.Lo) > 1e-6 || hi != h.Hi && math.Abs(hi-h.Hi) > 1e-6 {
			o.differ++
		}
		if hi-lo < 0.5 {
			o.recovered++
		}
		if h.Reason != Complementary {
			o.sensitive++
			if lo > 1+1e-6 || hi < 5-1e-6 {
				o.narrow++
			}
		}
	}
}

func (o outcome) print(w io.Writer, what string) {
	fmt.Fprintf(w, "%s\n", what)
	fmt.Fprintf(w, "  tables %d, not protectable %d, patients %d\n", o.tables, o.impossible, o.total)
	fmt.Fprintf(w, "  hidden numbers %d, of which sensitive %d\n", o.hidden, o.sensitive)
	fmt.Fprintf(w, "  recovered by the attack %d, sensitive ones closer than [1, 5] %d, bounds that differ from those reported %d\n", o.recovered, o.narrow, o.differ)
	fmt.Fprintf(w, "  patients in complementary cells %d, lower bound %d (gap %.1f%%, largest of a table %.1f%%), best pattern proved for %d tables\n",
		o.value, o.bound, 100*float64(o.value-o.bound)/math.Max(1, float64(o.value)), 100*o.gap, o.best)
}

// TestAttack attacks simulated tables: a sample, or all of them.
func TestAttack(t *testing.T) {
	square, deep := 25, 1
	if *attackAll {
		square, deep = 1000, 10
	}
	var out bytes.Buffer
	var a, b outcome
	for k := range square {
		r := rand.New(rand.NewPCG(uint64(k), 10))
		a.attack(t, flows(r, 10, []float64{6, 20, 60}[k%3]), Config{HideMargins: true})
	}
	a.print(&out, "Flows between 10 networks, published with row, column and grand totals")
	for k := range deep {
		r := rand.New(rand.NewPCG(uint64(k), 80))
		b.attack(t, volumes(r, 80, 10, 6), Config{HideMargins: true})
	}
	b.print(&out, "80 hospitals in 10 networks x 6 years, with totals of hospitals, years, networks, and networks in each year")
	t.Log("\n" + out.String())
	for _, o := range []outcome{a, b} {
		assert.Zero(t, o.recovered)
		assert.Zero(t, o.narrow)
		assert.Zero(t, o.differ)
		assert.Zero(t, o.impossible)
	}
	if *attackAll {
		require.NoError(t, os.MkdirAll("testdata", 0o750))
		require.NoError(t, os.WriteFile(filepath.Join("testdata", "attack.txt"), out.Bytes(), 0o600))
	}
}
