// SPDX-License-Identifier: Apache-2.0

package community

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/oncoref/oncoref/graph"
)

// SweepConfig are the choices of [Sweep].
type SweepConfig struct {
	Null        Null      // what to compare with; the zero value is Directed
	Resolutions []float64 // each above 0; nil means 1/4 to 4 in nine equal ratios of √2
	Seed        uint64    // of all runs
	Iterations  int       // of each run, see LeidenConfig; 0 means 2
	Runs        int       // at each resolution; 0 means 10
	Workers     int       // runs at the same time; 0 means one for each core. The result is the same
}

// defaultSweepRuns is the number of runs if the config says 0.
const defaultSweepRuns = 10

func defaultResolutions() []float64 {
	r := make([]float64, 9)
	for k := range r {
		r[k] = math.Exp2(float64(k-4) / 2)
	}
	return r
}

// Level is what [Sweep] found at one resolution.
type Level struct {
	Resolution  float64
	Best        Result  // of the largest modularity among the runs
	Distinct    int     // number of different partitions among the runs
	Stability   float64 // mean adjusted Rand index of all pairs of runs; 1 if all found the same
	Persistence float64 // adjusted Rand index of Best and that of the level before, 1 if they are equal; NaN at the first
}

// Sweep looks for communities at several resolutions, and says how far the
// result at each depends on chance and on the resolution. Communities that are
// there at many resolutions, with a stability and a persistence near 1, are no
// artifact of either. Levels are in the order of the resolutions as given;
// modularities at different resolutions cannot be compared.
//
// The errors are those of [Repeat]. For a graph without edges see [Leiden].
//
// Time and memory as for Repeat, for each resolution.
//
// Reference: Lambiotte 2010, arXiv:1004.4268, for stability over runs.
func Sweep(ctx context.Context, g *graph.Digraph, c SweepConfig) ([]Level, error) {
	runs, err := positive(c.Runs, defaultSweepRuns)
	if err != nil {
		return nil, err
	}
	resolutions := slices.Clone(c.Resolutions)
	if resolutions == nil {
		resolutions = defaultResolutions()
	}
	base, err := newProblem(ctx, g, LeidenConfig{Null: c.Null, Seed: c.Seed, Iterations: c.Iterations})
	if err != nil {
		return nil, err
	}
	base.workers = 1
	problems := make([]problem, len(resolutions))
	for k, r := range resolutions {
		if r == 0 {
			return nil, fmt.Errorf("community: resolution %v: %w", r, ErrResolution)
		}
		problems[k] = *base
		if problems[k].m, err = (ModularityConfig{c.Null, r}).resolved(); err != nil {
			return nil, err
		}
	}
	found := make([]Result, runs*len(problems))
	err = inParallel(ctx, len(found), c.Workers, func(ctx context.Context, k int) error {
		r, err := problems[k/runs].solve(ctx, uint64(k%runs))
		found[k] = r
		return err
	})
	if err != nil {
		return nil, err
	}
	levels := make([]Level, len(resolutions))
	err = inParallel(ctx, len(levels), c.Workers, func(ctx context.Context, k int) error {
		e := newEnsemble(g, found[k*runs:(k+1)*runs])
		s, err := e.Stability(ctx)
		levels[k] = Level{resolutions[k], e.Best, e.Distinct, s, math.NaN()}
		return err
	})
	if err != nil {
		return nil, err
	}
	for k := 1; k < len(levels); k++ {
		if levels[k].Persistence, err = likeness(levels[k].Best.Partition, levels[k-1].Best.Partition); err != nil {
			return nil, err
		}
	}
	return levels, nil
}
