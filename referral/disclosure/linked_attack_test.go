// SPDX-License-Identifier: Apache-2.0

package disclosure

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// allTables goes through the tables of as many counts with a sum and known
// counts; -1 for those that are hidden.
func allTables(known []int64, sum int64, visit func([]int64)) {
	x := slices.Clone(known)
	free := -1
	for k, n := range known {
		if n < 0 {
			free = k
		} else {
			sum -= n
		}
	}
	var fill func(k int, left int64)
	fill = func(k int, left int64) {
		switch {
		case left < 0:
		case k == len(x):
			if left == 0 {
				visit(x)
			}
		case known[k] >= 0:
			fill(k+1, left)
		case k == free:
			x[k] = left
			fill(k+1, 0)
		default:
			for x[k] = 0; x[k] <= left; x[k]++ {
				fill(k+1, left-x[k])
			}
		}
	}
	fill(0, sum)
}

// Two tables that belong together, as periods with their sum, as a table and
// part of it, or as two levels, against all pairs of tables.
func TestLinkedAgainstAllTables(t *testing.T) {
	groups, err := network.NewPartition("groups", map[string]string{"r00": "g", "r01": "g", "r02": "h"})
	require.NoError(t, err)
	rapid.Check(t, func(rt *rapid.T) {
		link := rapid.SampledFrom([]string{"sum", "difference", "nest"}).Draw(rt, "link")
		rows := 2
		if link == "nest" {
			rows = 3
		}
		draw := func(rows int) Grid {
			counts := zeros(rows, 2)
			for i := range counts {
				for j := range counts[i] {
					counts[i][j] = rapid.SampledFrom([]int64{0, 1, 2, 3, 5, 6}).Draw(rt, "n")
				}
			}
			return grid(counts...)
		}
		a := draw(rows)
		flat := [3][]int64{slices.Concat(a.Counts...)}
		second := a // the other table of counts, if the link has one
		whole := Grid{Rows: []string{"g", "h"}, Columns: a.Columns, Counts: zeros(2, 2)}
		if link != "nest" {
			second = draw(rows)
			flat[1] = slices.Concat(second.Counts...)
			whole.Rows = a.Rows
		}
		join := func(x, y []int64) []int64 {
			if link == "nest" {
				return []int64{x[0] + x[2], x[1] + x[3], x[4], x[5]}
			}
			out := slices.Clone(x)
			for k := range y {
				out[k] += y[k]
			}
			return out
		}
		flat[2] = join(flat[0], flat[1])
		for k, n := range flat[2] {
			whole.Counts[k/2][k%2] = n
		}
		var seen [3][]int64 // what is published: -1 for hidden
		var r Release
		publish := func(at int, name string, g Grid) {
			seen[at] = slices.Clone(flat[at])
			var pairs []string
			for k, n := range flat[at] {
				if n > 0 && (n < 5 || rapid.IntRange(0, 3).Draw(rt, "hidden") == 0) {
					seen[at][k] = -1
					pairs = append(pairs, g.Rows[k/2]+g.Columns[k%2])
				}
			}
			truth := table(t, g)
			p, err := hide(t, truth, pairs...).WithTotals(referral.Totals{All: totals(truth).All, HasAll: true})
			require.NoError(t, err)
			require.NoError(t, r.Publish(name, p, truth))
		}
		publish(0, "a", a)
		publish(2, "w", whole)
		switch link {
		case "sum":
			publish(1, "b", second)
			require.NoError(t, r.Sum("w", "a", "b"))
		case "difference":
			require.NoError(t, r.Difference("b", "w", "a"))
			seen[1] = slices.Repeat([]int64{-1}, 4)
		default:
			require.NoError(t, r.Nest("w", "a", groups))
		}
		what := fmt.Sprint(link, flat, seen)
		got, err := r.Audit(t.Context(), Config{})
		require.NoError(t, err, what)
		lo, hi := map[Ref]int64{}, map[Ref]int64{}
		note := func(name string, g Grid, x []int64) {
			for k, n := range x {
				ref := Ref{Table: name, Origin: g.Rows[k/2], Destination: g.Columns[k%2]}
				if _, ok := lo[ref]; !ok {
					lo[ref], hi[ref] = math.MaxInt64, -1
				}
				lo[ref], hi[ref] = min(lo[ref], n), max(hi[ref], n)
			}
		}
		sum := func(x []int64) int64 {
			s := int64(0)
			for _, n := range x {
				s += n
			}
			return s
		}
		try := func(x, y []int64) {
			w := join(x, y)
			for k, n := range seen[2] {
				if n >= 0 && n != w[k] {
					return
				}
			}
			note("a", a, x)
			note("w", whole, w)
			if y != nil {
				note("b", second, y)
			}
		}
		allTables(seen[0], sum(flat[0]), func(x []int64) {
			if link == "nest" {
				try(x, nil)
				return
			}
			allTables(seen[1], sum(flat[2])-sum(flat[0]), func(y []int64) { try(x, y) })
		})
		for _, f := range got.Findings {
			if f.Origin == "" || f.Destination == "" {
				continue
			}
			ref := f.Ref
			l, h := lo[ref], hi[ref]
			if f.Lo > float64(l) || f.Hi < float64(h) {
				rt.Fatalf("%s: %v: bounds %v to %v, tables %d to %d", what, f.Ref, f.Lo, f.Hi, l, h)
			}
			k := slices.Index([]string{"a", "b", "w"}, f.Table)
			g := [...]Grid{a, second, whole}[k]
			n := flat[k][slices.Index(g.Rows, f.Origin)*2+slices.Index(g.Columns, f.Destination)]
			apart := l < h || n == 0
			if n > 0 && n < 5 {
				apart = l <= 1 && h >= 5
			}
			if f.Verdict == Safe && !apart || f.Verdict == Revealed && l != h {
				rt.Fatalf("%s: %v is %v with bounds %v to %v; tables %d to %d", what, f.Ref, f.Verdict, f.Lo, f.Hi, l, h)
			}
		}
	})
}
