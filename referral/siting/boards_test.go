// SPDX-License-Identifier: Apache-2.0

package siting_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/referral/siting"
)

// board is a problem whose demands and candidates are the squares of an n by n
// board; a piece serves its own square and those it moves to, at distance 0 and
// 1. All other squares are at distance 2.
func board(n int, moves func(dx, dy int) bool) siting.Problem {
	p := siting.Problem{Unit: "moves"}
	for i := range n * n {
		id := fmt.Sprintf("%c%d", 'a'+i%n, i/n+1)
		p.Demands = append(p.Demands, siting.Demand{ID: id, Weight: 1})
		p.Candidates = append(p.Candidates, siting.Candidate{ID: id})
		row := make([]float64, n*n)
		for j := range row {
			dx, dy := i%n-j%n, i/n-j/n
			switch {
			case i == j:
			case moves(max(dx, -dx), max(dy, -dy)):
				row[j] = 1
			default:
				row[j] = 2
			}
		}
		p.Distances = append(p.Distances, row)
	}
	return p
}

func queen(dx, dy int) bool  { return dx == 0 || dy == 0 || dx == dy }
func king(dx, dy int) bool   { return max(dx, dy) == 1 }
func knight(dx, dy int) bool { return dx*dy == 2 }
func wazir(dx, dy int) bool  { return dx+dy == 1 }

// dominating counts the sets of a size whose pieces reach every square, by
// looking at all of them.
func dominating(p siting.Problem, size int) int {
	reach := make([]uint64, len(p.Candidates))
	for i, row := range p.Distances {
		for j, d := range row {
			if d <= 1 {
				reach[j] |= 1 << i
			}
		}
	}
	every := uint64(1)<<(len(p.Demands)-1)<<1 - 1
	var count func(from, left int, covered uint64) int
	count = func(from, left int, covered uint64) int {
		if left == 0 {
			if covered == every {
				return 1
			}
			return 0
		}
		n := 0
		for j := from; j <= len(reach)-left; j++ {
			n += count(j+1, left-1, covered|reach[j])
		}
		return n
	}
	return count(0, size, 0)
}

// TestChessboards compares with all ways to place pieces on a board so that they
// reach every square, the problem of the five queens among them.
func TestChessboards(t *testing.T) {
	for _, tt := range []struct {
		name  string
		n     int
		moves func(dx, dy int) bool
		least int
	}{
		{"queens 8", 8, queen, 5},
		{"queens 5", 5, queen, 3},
		{"kings 5", 5, king, 4},
		{"knights 5", 5, knight, 5},
		{"grid 4", 4, wazir, 4},
		{"grid 5", 5, wazir, 7},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := board(tt.n, tt.moves)
			require.Zero(t, dominating(p, tt.least-1))
			optima := dominating(p, tt.least)
			require.Positive(t, optima)
			plan, err := siting.Cover(t.Context(), p, 1, siting.CoverConfig{})
			require.NoError(t, err)
			assert.Len(t, plan.Centers, tt.least)
			assert.True(t, plan.Proved)
			assert.True(t, plan.AllOptima)
			assert.Equal(t, optima, plan.Optima)
			// The same fact as a p-center: with that many centers everybody is
			// within one move, with one less nobody can arrange it.
			center, err := siting.Center(t.Context(), p, tt.least, siting.CoverConfig{})
			require.NoError(t, err)
			assert.InDelta(t, 1, center.Objective, 0)
			center, err = siting.Center(t.Context(), p, tt.least-1, siting.CoverConfig{})
			require.NoError(t, err)
			assert.InDelta(t, 2, center.Objective, 0)
			if tt.n > 5 {
				return
			}
			// And as p-median and maximal covering: all squares but the centers'
			// own are at distance 1.
			squares := float64(tt.n * tt.n)
			median, err := siting.Median(t.Context(), p, tt.least, siting.Config{})
			require.NoError(t, err)
			assert.InDelta(t, squares-float64(tt.least), median.Objective, 1e-9)
			most, err := siting.MaxCover(t.Context(), p, tt.least, 1, siting.Config{})
			require.NoError(t, err)
			assert.InDelta(t, squares, most.Covered, 1e-9)
			if most.AllOptima {
				assert.Equal(t, plan.Optima, most.Optima)
			}
		})
	}
}

// Nine kings reach a whole chessboard, and no eight do: of the squares a1, d1,
// g1, a4, d4, g4, a7, d7 and g7 no king reaches two.
func TestNineKings(t *testing.T) {
	p := board(8, king)
	for i := range p.Demands {
		reached := 0
		for _, y := range []int{0, 3, 6} {
			for _, x := range []int{0, 3, 6} {
				if p.Distances[y*8+x][i] <= 1 {
					reached++
				}
			}
		}
		require.LessOrEqual(t, reached, 1)
	}
	plan, err := siting.Cover(t.Context(), p, 1, siting.CoverConfig{})
	require.NoError(t, err)
	assert.Len(t, plan.Centers, 9)
	assert.True(t, plan.Proved)
}

// TestSteinerTriples covers the lines of the affine planes and spaces over three
// elements, the Steiner triple systems of 9 and 27 points: the points that are
// not centers have no line among them, so that the optimum is the number of
// points less the largest set without a line.
func TestSteinerTriples(t *testing.T) {
	for points, least := range map[int]int{9: 5, 27: 18} {
		if points > 9 && testing.Short() {
			continue
		}
		size, sets := largestWithoutLine(points)
		require.Equal(t, least, points-size)
		p := siting.Problem{Unit: "steps"}
		for j := range points {
			p.Candidates = append(p.Candidates, siting.Candidate{ID: fmt.Sprintf("P%02d", j)})
		}
		for a := range points {
			for b := range a {
				c := third(a, b)
				if c > b {
					continue
				}
				row := make([]float64, points)
				for j := range row {
					if j != a && j != b && j != c {
						row[j] = 1
					}
				}
				p.Demands = append(p.Demands, siting.Demand{ID: fmt.Sprint(a, b, c), Weight: 1})
				p.Distances = append(p.Distances, row)
			}
		}
		require.Len(t, p.Demands, points*(points-1)/6)
		plan, err := siting.Cover(t.Context(), p, 0, siting.CoverConfig{})
		require.NoError(t, err)
		assert.Len(t, plan.Centers, least)
		assert.True(t, plan.Proved)
		if plan.AllOptima {
			assert.Equal(t, sets, plan.Optima)
		}
		assert.True(t, plan.AllOptima || points > 9)
	}
}

// largestWithoutLine gives the size of the largest sets of points without a
// line, and their number, by looking at all sets without one.
func largestWithoutLine(points int) (size, sets int) {
	var extend func(chosen []int, barred uint32)
	extend = func(chosen []int, barred uint32) {
		switch n := len(chosen); {
		case n > size:
			size, sets = n, 1
		case n == size:
			sets++
		}
		from := 0
		if n := len(chosen); n > 0 {
			from = chosen[n-1] + 1
		}
		for x := from; x < points; x++ {
			if barred&(1<<x) != 0 {
				continue
			}
			now := barred
			for _, y := range chosen {
				now |= 1 << third(x, y)
			}
			extend(append(chosen[:len(chosen):len(chosen)], x), now)
		}
	}
	extend(nil, 0)
	return size, sets
}

// third is the point on the line of two others: in base three, digit by digit,
// what makes their sum 0.
func third(a, b int) int {
	c, unit := 0, 1
	for a+b > 0 {
		c += (6 - a%3 - b%3) % 3 * unit
		a, b, unit = a/3, b/3, unit*3
	}
	return c
}

// TestCycle has n = p(2k+1) places on a ring with a distance of 1 between
// neighbors: the p-median is p·k(k+1) and the p-center k, and the 2k+1 turns of
// the ring are all there are.
func TestCycle(t *testing.T) {
	for _, k := range []int{1, 2, 3} {
		for _, count := range []int{2, 3, 4} {
			n := count * (2*k + 1)
			p := siting.Problem{Unit: "steps"}
			for i := range n {
				id := fmt.Sprintf("P%02d", i)
				p.Demands = append(p.Demands, siting.Demand{ID: id, Weight: 1})
				p.Candidates = append(p.Candidates, siting.Candidate{ID: id})
				row := make([]float64, n)
				for j := range row {
					d := max(i-j, j-i)
					row[j] = float64(min(d, n-d))
				}
				p.Distances = append(p.Distances, row)
			}
			median, err := siting.Median(t.Context(), p, count, siting.Config{})
			require.NoError(t, err)
			assert.InDelta(t, float64(count*k*(k+1)), median.Objective, 1e-9)
			assert.Equal(t, 2*k+1, median.Optima)
			center, err := siting.Center(t.Context(), p, count, siting.CoverConfig{})
			require.NoError(t, err)
			assert.InDelta(t, float64(k), center.Objective, 0)
			assert.Equal(t, 2*k+1, center.Optima)
		}
	}
}
