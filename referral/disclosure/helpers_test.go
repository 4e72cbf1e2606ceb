// SPDX-License-Identifier: Apache-2.0

package disclosure

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/referral"
)

const folder = "../../testdata/catalogue"

type metric struct {
	Value json.RawMessage
	Tol   float64
}

// into reads a value of the catalogue; it skips the test of a key that is not
// published.
func into[T any](t *testing.T, key string) T {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(folder, "expected.json"))
	require.NoError(t, err)
	var doc struct{ Metrics map[string]metric }
	require.NoError(t, json.Unmarshal(b, &doc))
	m, ok := doc.Metrics[key]
	if !ok {
		t.Skipf("%s is not published", key)
	}
	var v T
	require.NoError(t, json.Unmarshal(m.Value, &v))
	return v
}

func read(t testing.TB, file string) *referral.Table {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(folder, file))
	require.NoError(t, err)
	table, err := referral.ReadTable(t.Context(), bytes.NewReader(b), referral.TableConfig{File: file})
	require.NoError(t, err)
	return table
}

// grid makes a grid with labels r0, r1, ... and c0, c1, ...
func grid(counts ...[]int64) Grid {
	g := Grid{Counts: counts}
	for i := range counts {
		g.Rows = append(g.Rows, fmt.Sprintf("r%02d", i))
	}
	if len(counts) > 0 {
		for j := range counts[0] {
			g.Columns = append(g.Columns, fmt.Sprintf("c%02d", j))
		}
	}
	return g
}

// table makes a flow table of a grid.
func table(t testing.TB, g Grid) *referral.Table {
	t.Helper()
	out, err := referral.FromFlows(referral.Meta{Unit: referral.Patients}, referral.AbsentZero, func(yield func(referral.Flow) bool) {
		for i, row := range g.Counts {
			for j, x := range row {
				c := referral.Count(float64(max(x, 0)))
				if x == Structural {
					c = referral.StructuralCell()
				}
				if !yield(referral.Flow{Origin: g.Rows[i], Destination: g.Columns[j], Cell: c}) {
					return
				}
			}
		}
	})
	require.NoError(t, err)
	return out
}

// flows draws a table like those of referral between networks: a heavy
// diagonal, many small and empty cells.
func flows(r *rand.Rand, n int, scale float64) Grid {
	g := Grid{Counts: zeros(n, n)}
	size := make([]float64, n)
	for i := range n {
		g.Rows = append(g.Rows, fmt.Sprintf("N%02d", i))
		size[i] = scale * math.Exp(r.NormFloat64()*0.7)
	}
	g.Columns = g.Rows
	for i := range n {
		for j := range n {
			mean := size[i] * size[j] / (scale * float64(n)) * 0.6
			if i == j {
				mean = size[i] * 3
			}
			g.Counts[i][j] = poisson(r, mean*math.Exp(r.NormFloat64()*1.2))
		}
	}
	return g
}

func poisson(r *rand.Rand, mean float64) int64 {
	if mean > 50 {
		return max(0, int64(math.Round(mean+math.Sqrt(mean)*r.NormFloat64())))
	}
	limit, p, k := math.Exp(-mean), 1.0, int64(-1)
	for p > limit {
		p *= r.Float64()
		k++
	}
	return k
}
