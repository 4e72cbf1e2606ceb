// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/oncoref/oncoref/internal/delimited"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral/siting"
)

// locateFlags are the flags of "oncoref locate".
type locateFlags struct {
	resultFlags
	landscape, date, regions, model, weight string
	count, times, effort                    int
	radius, detour                          float64
	minutes, single, frontier               bool
	candidates, fixed, forbidden            []string
	capacity, lp                            string
}

// siteModels names the models of --model.
var siteModels = []siting.Model{siting.MedianModel, siting.CenterModel, siting.CoverModel, siting.MaxCoverModel, siting.CapacitatedModel}

func modelName(m siting.Model) string { return strings.TrimSuffix(m.String(), "-p-median") }

func newLocate() *cobra.Command {
	var f locateFlags
	c := &cobra.Command{
		Use:   "locate --model M -p N",
		Short: "Choose the best places for a number of centers",
		Long: `Locate chooses centers among the hospitals of a landscape for the people of its
regions, and says whether the choice is proved to be the best, or how far the
best can be. Models:

  p-median      least distance per person, for -p centers
  p-center      least distance of the worst-off region, for -p centers
  lscp          fewest centers so that each region has one within --radius
  mclp          most people within --radius, for -p centers
  capacitated   p-median with the least and most volumes of --capacity

The landscape needs regions.csv with a weight for each region, and coordinates
or distances.csv. The embedded one has the population of provinces, which are no
points: --regions gives regions that have coordinates. Distances that are not
supplied are great circles, times --detour.`,
		Example: `  oncoref locate --regions regions.csv --model p-median -p 6
  oncoref locate --landscape mylandscape --model p-median -p 6
  oncoref locate --landscape mylandscape --model lscp --radius 50 --minutes
  oncoref locate --landscape mylandscape --model capacitated -p 4 --weight cases --capacity volumes.csv
  oncoref locate --landscape mylandscape --model p-median -p 8 --fix AVL --frontier --format csv
  oncoref locate --landscape mylandscape --model p-median -p 6 --lp model.lp`,
		Args: exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error { return f.run(c) },
	}
	f.add(c)
	p := c.Flags()
	p.StringVar(&f.landscape, "landscape", "", "folder with the landscape's CSV files (default: the embedded Dutch landscape)")
	p.StringVar(&f.date, "date", "", "day of the landscape whose hospitals can be centers "+dateUsage)
	p.StringVar(&f.regions, "regions", "", "CSV of regions to use instead of the landscape's: region, lat, lon, population, cases")
	p.StringVar(&f.model, "model", "p-median", "p-median, p-center, lscp, mclp or capacitated")
	p.IntVarP(&f.count, "centers", "p", 0, "number of centers; with --frontier the largest")
	p.Float64Var(&f.radius, "radius", 0, "of lscp and mclp, in km or minutes")
	p.IntVar(&f.times, "times", 1, "centers that each region needs within the radius (lscp), or that are counted to (p-center)")
	p.StringVar(&f.weight, "weight", "population", "what a region weighs: population, cases or region (1 each)")
	p.BoolVar(&f.minutes, "minutes", false, "travel times instead of kilometers; distances.csv has them")
	p.Float64Var(&f.detour, "detour", 1, "roads over great circles")
	p.StringSliceVar(&f.candidates, "candidates", nil, "hospitals that may be centers (default: all)")
	p.StringSliceVar(&f.fixed, "fix", nil, "hospitals that are centers in any case")
	p.StringSliceVar(&f.forbidden, "forbid", nil, "hospitals that are none in any case")
	p.StringVar(&f.capacity, "capacity", "", "CSV with hospital, capacity and least: the volumes of capacitated, in the unit of --weight; empty means any")
	p.BoolVar(&f.single, "single-source", false, "of capacitated: a region goes to one center as a whole")
	p.BoolVar(&f.frontier, "frontier", false, "best mean and best largest distance for 1 to -p centers instead")
	p.IntVar(&f.effort, "effort", 0, "most steps of the search before the gap is stated instead (default: 1,000,000)")
	p.StringVar(&f.lp, "lp", "", `write the model for other solvers to this file ("-" is standard output) instead of solving it`)
	return c
}

func (f *locateFlags) run(c *cobra.Command) error {
	format, err := f.check()
	if err != nil {
		return err
	}
	model, err := f.usage()
	if err != nil {
		return err
	}
	s, err := landscapeWith(f.landscape, f.date, f.regions)
	if err != nil {
		return err
	}
	why := behind("locate", "", s, f.gate)
	p, err := f.problem(c, s, &why)
	if err != nil {
		return err
	}
	small, err := f.passWeights(c, &p)
	if err != nil {
		return err
	}
	config := siting.Config{Effort: f.effort}
	switch {
	case f.lp != "":
		e := siting.Export{Model: model, Count: f.count, Radius: f.radius, Times: f.times, Whole: f.single}
		return writeTo(c, f.lp, func(w io.Writer) error { return siting.WriteLP(w, p, e) })
	case f.frontier:
		points, err := siting.Frontier(c.Context(), p, max(1, len(f.fixed)), f.count, config)
		if err != nil {
			return err
		}
		return f.write(c, format, f.frontierRows(points, small), why)
	}
	plan, err := f.solve(c.Context(), model, p, config)
	if err != nil {
		return err
	}
	if !plan.Proved {
		remark(c, "not proved: the optimum can be up to %.3g%% better; --effort goes on longer", 100*plan.Gap())
	}
	why.Rules["model"] = fmt.Sprintf("%s; proved: %t; first of the equally good choices: %t", plan.Model, plan.Proved, plan.FirstProved)
	return f.write(c, format, f.planRows(plan, small), why)
}

// usage checks the flags that go together.
func (f *locateFlags) usage() (siting.Model, error) {
	model := siting.Model(len(siteModels))
	var names []string
	for _, m := range siteModels {
		names = append(names, modelName(m))
		if modelName(m) == f.model {
			model = m
		}
	}
	radius := model == siting.CoverModel || model == siting.MaxCoverModel
	switch {
	case int(model) == len(siteModels):
		return model, usagef("model %q: expected %s", f.model, strings.Join(names, ", "))
	case f.count < 1 && (model != siting.CoverModel || f.frontier):
		return model, usagef("%s needs -p, the number of centers", f.model)
	case radius && !(f.radius > 0) && !f.frontier:
		return model, usagef("%s needs --radius, above 0", f.model)
	case f.capacity != "" && model != siting.CapacitatedModel, f.single && model != siting.CapacitatedModel:
		return model, usagef("--capacity and --single-source are for capacitated")
	case f.times < 1 || f.effort < 0:
		return model, usagef("--times %d and --effort %d: expected at least 1, and at least 0", f.times, f.effort)
	case f.frontier && f.lp != "":
		return model, usagef("--lp writes one model, --frontier is many")
	}
	return model, nil
}

func (f *locateFlags) problem(c *cobra.Command, s *network.Snapshot, why *reasons) (siting.Problem, error) {
	setting := siting.Setting{Minutes: f.minutes, Detour: f.detour, Candidates: f.candidates, Fixed: f.fixed, Forbidden: f.forbidden}
	found := false
	for _, w := range []siting.Weight{siting.Cases, siting.Population, siting.EachRegion} {
		if w.String() == f.weight {
			setting.Weight, found = w, true
		}
	}
	if !found {
		return siting.Problem{}, usagef("weight %q: expected population, cases or region", f.weight)
	}
	p, notes, err := siting.FromLandscape(s, setting)
	var lacks *siting.ProblemError
	if errors.As(err, &lacks) && lacks.Field == "Distances" && f.regions == "" {
		return p, fmt.Errorf("no distance between a region and a hospital is known: --regions FILE gives regions with lat and lon (to start from: "+
			"oncoref seeds export %s, file regions.csv), a distances.csv in the landscape gives distances: %w", embeddedFolder, err)
	}
	if err != nil {
		return p, err
	}
	for _, note := range notes {
		remark(c, "%s", note)
	}
	why.Notes = append(why.Notes, notes...)
	why.Rules["weight"], why.Rules["unit"] = f.weight, p.Unit
	if f.capacity != "" {
		err = f.limits(c, &p)
	}
	return p, err
}

// limits reads the volumes of capacitated.
func (f *locateFlags) limits(c *cobra.Command, p *siting.Problem) error {
	in, err := input(c, f.capacity)
	if err != nil {
		return err
	}
	defer in.Close()
	const hospital, capacity, least = "hospital", "capacity", "least"
	r, err := delimited.NewReader(in, delimited.Config{File: f.capacity, Known: []string{hospital, capacity, least}, Required: []string{hospital}})
	if err != nil {
		return err
	}
	at := map[string]int{}
	for i, x := range p.Candidates {
		at[x.ID] = i
	}
	for {
		w, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		i, ok := at[w.Text(hospital)]
		if !ok {
			return w.Err(hospital, "a candidate, on one line only")
		}
		delete(at, w.Text(hospital))
		for _, x := range []struct {
			column string
			to     *float64
		}{{capacity, &p.Candidates[i].Capacity}, {least, &p.Candidates[i].Least}} {
			v, _, err := w.Float(x.column)
			if err != nil {
				return err
			}
			if v < 0 {
				return w.Err(x.column, "a number of at least 0, or nothing")
			}
			*x.to = v
		}
		if x := p.Candidates[i]; x.Capacity > 0 && x.Least > x.Capacity {
			return w.Err(least, "at most the capacity")
		}
	}
}

func (f *locateFlags) solve(ctx context.Context, m siting.Model, p siting.Problem, c siting.Config) (siting.Plan, error) {
	switch m {
	case siting.CenterModel:
		return siting.Center(ctx, p, f.count, siting.CoverConfig{Config: c, Times: f.times})
	case siting.CoverModel:
		return siting.Cover(ctx, p, f.radius, siting.CoverConfig{Config: c, Times: f.times})
	case siting.MaxCoverModel:
		return siting.MaxCover(ctx, p, f.count, f.radius, c)
	case siting.CapacitatedModel:
		return siting.CapacitatedMedian(ctx, p, f.count, siting.CapacitatedConfig{Config: c, SingleSource: f.single})
	case siting.MedianModel:
	}
	return siting.Median(ctx, p, f.count, c)
}
