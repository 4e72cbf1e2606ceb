// SPDX-License-Identifier: Apache-2.0

package siting_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/referral/siting"
)

// national draws a problem on a map of 200 by 300 km.
func national(seed uint64, n, m int) siting.Problem {
	rng := rand.New(rand.NewPCG(seed, 1))
	place := func() [2]float64 { return [2]float64{rng.Float64() * 200, rng.Float64() * 300} }
	p := siting.Problem{Unit: "km"}
	var demands, candidates [][2]float64
	total := 0.0
	for i := range n {
		w := float64(rng.IntN(50))
		total += w
		p.Demands = append(p.Demands, siting.Demand{ID: fmt.Sprintf("R%03d", i), Weight: w})
		demands = append(demands, place())
	}
	for j := range m {
		p.Candidates = append(p.Candidates, siting.Candidate{ID: fmt.Sprintf("H%02d", j)})
		candidates = append(candidates, place())
	}
	for i := range n {
		var row []float64
		for j := range m {
			row = append(row, math.Hypot(demands[i][0]-candidates[j][0], demands[i][1]-candidates[j][1]))
		}
		p.Distances = append(p.Distances, row)
	}
	return p
}

// limit gives every candidate a capacity and a least volume, as parts of the
// mean volume of a center.
func limit(p siting.Problem, count int, least, most float64) siting.Problem {
	total := 0.0
	for _, d := range p.Demands {
		total += d.Weight
	}
	for j := range p.Candidates {
		p.Candidates[j].Least = math.Round(least * total / float64(count))
		p.Candidates[j].Capacity = math.Round(most * total / float64(count))
	}
	return p
}

var objective = regexp.MustCompile(`Objective:\s+obj = (\S+)`)

// outside solves a model with glpsol; ok is false if it is infeasible.
func outside(t *testing.T, p siting.Problem, e siting.Export) (value float64, ok bool) {
	t.Helper()
	dir := t.TempDir()
	var b bytes.Buffer
	require.NoError(t, siting.WriteLP(&b, p, e))
	model, result := filepath.Join(dir, "model.lp"), filepath.Join(dir, "result.txt")
	require.NoError(t, os.WriteFile(model, b.Bytes(), 0o600))
	out, err := exec.Command("glpsol", "--lp", model, "--cuts", "--tmlim", "60", "-o", result).CombinedOutput()
	require.NoError(t, err, string(out))
	text, err := os.ReadFile(result)
	require.NoError(t, err)
	if !bytes.Contains(text, []byte("INTEGER OPTIMAL")) {
		require.Regexp(t, "INTEGER EMPTY|INTEGER UNDEFINED|INFEASIBLE", string(text))
		return 0, false
	}
	m := objective.FindSubmatch(text)
	require.NotNil(t, m, string(text[:min(len(text), 500)]))
	value, err = strconv.ParseFloat(string(m[1]), 64)
	require.NoError(t, err)
	return value, true
}

// TestOutsideSolver compares with GLPK on 200 random problems. It is skipped
// without glpsol, except where CI is set.
func TestOutsideSolver(t *testing.T) {
	if _, err := exec.LookPath("glpsol"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("glpsol is missing")
		}
		t.Skip("glpsol is missing (Debian package glpk-utils)")
	}
	if testing.Short() {
		t.Skip("many runs of another solver")
	}
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 2))
		p := national(seed, 6+rng.IntN(20), 4+rng.IntN(8))
		count := 1 + rng.IntN(3)
		radius := 40 + 60*rng.Float64()
		p.Candidates[0].Choice = siting.Choice(rng.IntN(3))
		var got siting.Plan
		var err error
		e := siting.Export{Model: siting.Model(seed % 5), Count: count, Radius: radius, Whole: seed%10 >= 5}
		switch e.Model {
		case siting.MedianModel:
			got, err = siting.Median(t.Context(), p, count, siting.Config{})
		case siting.CenterModel:
			got, err = siting.Center(t.Context(), p, count, siting.CoverConfig{})
		case siting.CoverModel:
			got, err = siting.Cover(t.Context(), p, radius, siting.CoverConfig{})
		case siting.MaxCoverModel:
			got, err = siting.MaxCover(t.Context(), p, count, radius, siting.Config{})
		case siting.CapacitatedModel:
			p = limit(p, count, 0.6, 1.3)
			got, err = siting.CapacitatedMedian(t.Context(), p, count, siting.CapacitatedConfig{SingleSource: e.Whole})
		}
		want, ok := outside(t, p, e)
		if !ok {
			var none *siting.InfeasibleError
			require.True(t, errors.As(err, &none), "seed %d: %v", seed, err)
			continue
		}
		require.NoError(t, err, "seed %d %v", seed, e.Model)
		assert.True(t, got.Proved, "seed %d %v", seed, e.Model)
		assert.InEpsilon(t, want+1, got.Objective+1, 1e-6, "seed %d %v", seed, e.Model)
	}
}
