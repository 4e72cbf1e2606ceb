// SPDX-License-Identifier: Apache-2.0

package disclosure

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/referral"
)

// printedAs reports whether x of n is printed as a share was, to some decimals
// and with halves either way.
func printedAs(x, n int64, share float64, decimals int) bool {
	if n == 0 {
		return false
	}
	p := float64(x) / float64(n)
	if decimals == FullPrecision {
		return p == share
	}
	f := math.Pow(10, float64(decimals))
	return math.Abs(p-math.Round(share*f)/f) <= 0.5/f+1e-14
}

// tablesLike goes through all tables of whole counts that have a total, known
// cells, perhaps known sums of rows, and shares printed as given.
func tablesLike(truth Grid, known func(i, j int) bool, rowsKnown bool, of map[Margins]int, visit func([]int64)) {
	cols := len(truth.Columns)
	total, free := int64(0), []int{}
	x := make([]int64, len(truth.Rows)*cols)
	for i, row := range truth.Counts {
		for j, n := range row {
			total += n
			if known(i, j) {
				x[i*cols+j] = n
			} else {
				free = append(free, i*cols+j)
			}
		}
	}
	sums := func(x []int64) (rows, columns []int64) {
		rows, columns = make([]int64, len(truth.Rows)), make([]int64, cols)
		for k, n := range x {
			rows[k/cols] += n
			columns[k%cols] += n
		}
		return rows, columns
	}
	flat := slices.Concat(truth.Counts...)
	trueRows, trueColumns := sums(flat)
	agrees := func() bool {
		rows, columns := sums(x)
		if rowsKnown && !slices.Equal(rows, trueRows) {
			return false
		}
		for m, decimals := range of {
			for k, n := range x {
				now, was := total, total
				switch m {
				case RowTotals:
					now, was = rows[k/cols], trueRows[k/cols]
				case ColumnTotals:
					now, was = columns[k%cols], trueColumns[k%cols]
				default:
				}
				if was > 0 && !printedAs(n, now, float64(flat[k])/float64(was), decimals) {
					return false
				}
			}
		}
		return true
	}
	left := total
	for _, n := range x {
		left -= n
	}
	var fill func(at int, left int64)
	fill = func(at int, left int64) {
		if at == len(free)-1 {
			if x[free[at]] = left; agrees() {
				visit(x)
			}
			return
		}
		for x[free[at]] = 0; x[free[at]] <= left; x[free[at]]++ {
			fill(at+1, left-x[free[at]])
		}
	}
	if len(free) > 0 {
		fill(0, left)
	}
}

// The audit of a table with printed shares of rows, of columns, or of both,
// against all tables of counts: its bounds hold them all, what it calls safe is
// among them as far apart as asked for, and what it calls revealed is one.
func TestSharesAgainstAllTables(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		counts := zeros(2, 2+rapid.IntRange(0, 1).Draw(rt, "columns"))
		for i := range counts {
			for j := range counts[i] {
				counts[i][j] = rapid.SampledFrom([]int64{0, 1, 2, 3, 4, 5, 6, 8}).Draw(rt, "n")
			}
		}
		g := grid(counts...)
		truth := table(t, g)
		open := map[[2]int]bool{}
		for i := range counts {
			for j := range counts[i] {
				if counts[i][j] > 0 && (counts[i][j] < 5 || rapid.Bool().Draw(rt, "hidden")) {
					open[[2]int{i, j}] = true
				}
			}
		}
		if len(open) == 0 {
			return
		}
		var pairs []string
		for at := range open {
			pairs = append(pairs, g.Rows[at[0]]+g.Columns[at[1]])
		}
		x := totals(truth)
		publish := referral.Totals{All: x.All, HasAll: true}
		rowsKnown := rapid.Bool().Draw(rt, "rows known")
		if rowsKnown {
			publish.Origins = x.Origins
		}
		published, err := hide(t, truth, pairs...).WithTotals(publish)
		require.NoError(t, err)
		var r Release
		require.NoError(t, r.Publish("t", published, truth))
		of := map[Margins]int{}
		for _, m := range []Margins{RowTotals, ColumnTotals, GrandTotal} {
			if rapid.Bool().Draw(rt, "shares") {
				of[m] = rapid.SampledFrom([]int{FullPrecision, 0, 1, 2, 3, 4, 6, 9, 12, 15}).Draw(rt, "decimals")
				require.NoError(t, r.Shares("t", m, of[m], shares(truth, m)))
			}
		}
		a, err := r.Audit(t.Context(), Config{})
		what := fmt.Sprint(counts, open, of, rowsKnown)
		require.NoError(t, err, what)
		lo, hi := slices.Repeat([]int64{math.MaxInt64}, len(counts)*len(g.Columns)), make([]int64, len(counts)*len(g.Columns))
		tablesLike(g, func(i, j int) bool { return !open[[2]int{i, j}] }, rowsKnown, of, func(x []int64) {
			for k, n := range x {
				lo[k], hi[k] = min(lo[k], n), max(hi[k], n)
			}
		})
		for _, f := range a.Findings {
			if f.Origin == "" || f.Destination == "" {
				continue
			}
			i, j := slices.Index(g.Rows, f.Origin), slices.Index(g.Columns, f.Destination)
			k, n := i*len(g.Columns)+j, counts[i][j]
			if f.Lo > float64(lo[k]) || f.Hi < float64(hi[k]) {
				rt.Fatalf("%s: %v: bounds %v to %v, tables %d to %d", what, f.Ref, f.Lo, f.Hi, lo[k], hi[k])
			}
			apart := lo[k] < hi[k]
			if n < 5 {
				apart = lo[k] <= 1 && hi[k] >= 5
			}
			if f.Verdict == Safe && !apart || f.Verdict == Revealed && lo[k] != hi[k] {
				rt.Fatalf("%s: %v is %v with bounds %v to %v; tables %d to %d", what, f.Ref, f.Verdict, f.Lo, f.Hi, lo[k], hi[k])
			}
		}
	})
}
