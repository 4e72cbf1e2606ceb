// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/community"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/flow"
	"github.com/oncoref/oncoref/referral/inference"
)

// compareFlags are the flags of "oncoref compare".
type compareFlags struct {
	readFlags
	interval intervalFlags
	outputFlags
	periods, tumors []string
	merge           []string
	partitions      []string
	landscape, date string
	double          string
	choices         choices
	draws           int
}

func newCompare() *cobra.Command {
	var f compareFlags
	c := &cobra.Command{
		Use:   "compare FLOWS FLOWS | --partitions NAME,NAME",
		Short: "Say what differs between two flow tables, or two partitions",
		Long: `Compare says how the second table differs from the first, such as a later
period or another tumor: in the share treated outside the origin, in each
origin's retained share, in all destinations together, and how alike they are.
The patients of the two must be different ones.

Each row of the result is one value, with the columns of "oncoref measure":
  *_difference    second less first; the interval around it is Newcombe's when
                  that of the shares is wilson. One that holds 0 is no evidence
                  of change, nor of its absence
  *_fisher_p      exact two-sided p-value; *_z and *_z_p the normal test
  matrix_p        permutation test of all destinations, origin by origin, of the
                  sum matrix_x2 of Pearson's X²
  matrix_p_seen   where matrix_p is a range that is proved but may be too wide:
                  between which values it goes in two of the possible tables
  common_part     2 Σ min / Σ, of counts; common_share of shares; common_flows
                  the share of the flows that occur in both
  jensen_shannon  divergence of the shares, in bits; 0 if they are equal
  row_variation   part of an origin's patients that would have to go elsewhere
  community_*     agreement of the communities found in each table: adjusted
                  Rand index (ari) and mutual information, adjusted for chance
                  (ami) or only normalized (nmi): 1 if they are equal; variation
                  of information (vi): 0 if they are. ami and nmi divide by the
                  mean of the two entropies

Counts of 1 to 4 count as unknown between 1 and 4, unless --allow-small is
given: values are then between lower and upper. Many origins are many tests:
some differ by chance.

With --partitions it compares two ways to take hospitals together, such as
regional networks and provinces, by the same measures (partition_*). Hospitals
that are in a group of one of them only are left out, and said.`,
		Example: `  oncoref compare flows-2016-2018.csv flows-2019-2021.csv --periods 2016-2018,2019-2021
  oncoref compare penile.csv vulva.csv --tumors penile,vulva --interval jeffreys --format csv -o change.csv
  oncoref compare before.csv after.csv --allow-small --draws 1000000 --seed 7
  oncoref compare --partitions regional,province`,
		Args: func(c *cobra.Command, args []string) error {
			if len(f.partitions) > 0 {
				return exactly(0, "two flow tables or --partitions")(c, args)
			}
			return exactly(2, "two flow tables")(c, args)
		},
		RunE: func(c *cobra.Command, args []string) error { return f.run(c, args) },
	}
	f.flags(c)
	f.interval.add(c, inference.Wilson.String())
	f.add(c)
	p := c.Flags()
	p.StringSliceVar(&f.periods, "periods", nil, "periods of the two tables, such as 2016-2018,2019-2021; they may not overlap")
	p.StringSliceVar(&f.tumors, "tumors", nil, "tumors of the two tables, if that is what differs")
	p.StringSliceVar(&f.merge, "merge", nil, `classes to take as one in both, such as "EMBRAZE+CONCORD"`)
	p.StringSliceVar(&f.partitions, "partitions", nil, "compare two partitions of the landscape's hospitals, such as regional,province")
	p.StringVar(&f.landscape, "landscape", "", "with --partitions: folder with a landscape's CSV files (default: the embedded one)")
	p.StringVar(&f.date, "date", "", "with --partitions: day for which the landscape holds, such as 2021-12-31 "+dateUsage)
	p.StringVar(&f.double, "double", network.SetValued.String(), "with --partitions: hospitals of several networks: set-valued (a group of their own) or primary")
	p.IntVar(&f.draws, "draws", 100_000, "random permutations where not all can be gone through")
	p.Uint64Var(&f.choices.seed, "seed", 0, "seed of the permutations, the drawn tables and the search for communities")
	p.IntVar(&f.choices.limit, "completions", 20_000, "find the communities of all tables that agree with what is known if there are at most so many")
	p.IntVar(&f.choices.samples, "samples", 1000, "else draw so many of them")
	p.Float64Var(&f.choices.resolution, "resolution", 1, "resolution of communities; more gives smaller ones")
	p.IntVar(&f.choices.workers, "workers", 0, "parallel workers; 0 means one for each core. The result is the same")
	return c
}

func (f *compareFlags) run(c *cobra.Command, paths []string) error {
	format, err := f.check()
	if err != nil {
		return err
	}
	if len(f.partitions) > 0 {
		rows, err := f.comparePartitions(c)
		if err != nil {
			return err
		}
		return writeTo(c, f.out, func(w io.Writer) error { return writeRows(w, rows, rowStyle{format: format, lang: f.language()}) })
	}
	if c.Flags().Changed("landscape") || c.Flags().Changed("date") {
		return usagef("--landscape and --date go with --partitions")
	}
	config := inference.CompareConfig{Permutation: inference.PermutationConfig{Draws: f.draws, Seed: f.choices.seed, Workers: f.choices.workers}}
	if config.Config, err = f.interval.config(shareMethods); err != nil {
		return err
	}
	if len(f.tumors) > 0 {
		config.Dimension = inference.Tumors
	}
	switch {
	case f.draws < 1 || f.choices.limit < 1 || f.choices.samples < 1 || f.choices.workers < 0 || !(f.choices.resolution > 0):
		return usagef("--draws, --completions and --samples: expected at least 1; --workers at least 0; --resolution above 0")
	case paths[0] == "-" && paths[1] == "-":
		return usagef("standard input can be one of the tables only")
	case sameFile(paths[0], paths[1]):
		return usagef("both tables are %s: the patients must be different ones", paths[0])
	}
	metas, err := f.metas()
	if err != nil {
		return err
	}
	var tables [2]*referral.Table
	for i, path := range paths {
		t, err := f.read(c, path, metas[i])
		if err != nil {
			return err
		}
		if t, err = f.pass(c, path, t); err != nil {
			return err
		}
		if tables[i], err = merge(t, f.merge); err != nil {
			return err
		}
	}
	bar := newSteps(c.ErrOrStderr(), "comparing")
	defer bar.close()
	bar.step()
	result, err := inference.Compare(c.Context(), tables[0], tables[1], config)
	if errors.Is(err, referral.ErrClash) {
		return fmt.Errorf("the tables do not compare: %w", err)
	}
	if err != nil {
		return err
	}
	rows := comparisonRows(result, f.choices.seed)
	agreement, err := f.communities(c.Context(), tables, bar.step)
	if err != nil {
		return err
	}
	rows = append(rows, agreement...)
	bar.close()
	if len(result.LeftOut) > 0 {
		if err := say(c.ErrOrStderr(), "not compared, in one table only: %s", strings.Join(result.LeftOut, ", ")); err != nil {
			return err
		}
	}
	style := rowStyle{format, true, tables[0].Meta().Synthetic || tables[1].Meta().Synthetic, f.language()}
	return writeTo(c, f.out, func(w io.Writer) error { return writeRows(w, rows, style) })
}

// metas gives what the flags say about the tables.
func (f *compareFlags) metas() ([2]referral.Meta, error) {
	var m [2]referral.Meta
	if n := len(f.tumors); n != 0 && n != 2 {
		return m, usagef("tumors: expected two, got %d", n)
	}
	if n := len(f.periods); n != 0 && n != 2 && (n != 1 || len(f.tumors) == 0) {
		return m, usagef("periods: expected two, got %d", n)
	}
	for i := range m {
		if len(f.tumors) > 0 {
			m[i].Tumor = f.tumors[i]
		}
		if len(f.periods) > 0 {
			var err error
			if m[i].Period, err = network.ParsePeriod(f.periods[min(i, len(f.periods)-1)]); err != nil {
				return m, &usageError{err}
			}
		}
	}
	return m, nil
}

// comparisonRows writes a comparison as rows.
func comparisonRows(c inference.Comparison, seed uint64) []row {
	var rows []row
	put := func(measure, scope, unit string, r referral.Result, i *inference.Interval) {
		if i != nil && (finite(i.Lo) == nil || finite(i.Hi) == nil) {
			i = nil
		}
		if r.Status == referral.Envelope {
			r.Reason += fmt.Sprintf(" seed=%d", seed)
		}
		rows = append(rows, row{measure, referral.Scoped{Scope: scope, Result: r}, unit, i})
	}
	difference := func(name, scope string, d inference.DifferenceOf) {
		put(name+"_first", scope, unitShare, d.First.Result, &d.First.Interval)
		put(name+"_second", scope, unitShare, d.Second.Result, &d.Second.Interval)
		put(name+"_difference", scope, unitShare, d.Difference, &d.Interval)
		put(name+"_fisher_p", scope, "p", d.Fisher, nil)
		put(name+"_z", scope, unitNone, d.Z, nil)
		put(name+"_z_p", scope, "p", d.ZP, nil)
	}
	difference("supra_regional", "", c.Supra)
	for _, d := range c.Retention {
		difference("retention", d.First.Origin, d)
	}
	m := c.Matrix
	if m.P.Status == referral.OK && m.Draws > 0 {
		m.P.Reason = fmt.Sprintf("draws=%d seed=%d", m.Draws, m.Seed)
	}
	put("matrix_x2", "", unitNone, m.X2, nil)
	put("matrix_p", "", "p", m.P, nil)
	if m.Seen.Status == referral.Envelope {
		if m.Draws > 0 {
			m.Seen.Reason += fmt.Sprintf(" draws=%d seed=%d", m.Draws, m.Seed)
		}
		rows = append(rows, row{"matrix_p_seen", referral.Scoped{Result: m.Seen}, "p", nil})
	}
	put("common_part", "", unitShare, c.Common, nil)
	put("common_part_referred", "", unitShare, c.CommonCross, nil)
	put("common_share", "", unitShare, c.CommonShare, nil)
	put("common_flows", "", unitShare, c.Flows, nil)
	put("jensen_shannon", "", "bits", c.JensenShannon, nil)
	for _, v := range c.Rows {
		put("row_variation", v.Scope, unitShare, v.Result, nil)
	}
	return rows
}

// communities compares the communities of two tables.
func (f *compareFlags) communities(ctx context.Context, tables [2]*referral.Table, step func()) ([]row, error) {
	var found [2]found
	for i, t := range tables {
		var err error
		if found[i], err = f.findCommunities(ctx, t, step); err != nil {
			return nil, err
		}
	}
	var rows []row
	for k, name := range agreements {
		r := referral.Result{Value: math.NaN(), Lo: math.Inf(1), Hi: math.Inf(-1), Status: referral.Bounded, Reason: referral.ReasonUnknownCells}
		for _, a := range found[0].partitions {
			for _, b := range found[1].partitions {
				x, err := community.Compare(a, b, community.CompareConfig{})
				if err != nil {
					return nil, err
				}
				v := agreementOf(x)[k]
				r.Lo, r.Hi = min(r.Lo, v), max(r.Hi, v)
			}
		}
		switch {
		case found[0].reason+found[1].reason != "":
			r = referral.UndefinedResult(strings.TrimSpace(found[0].reason + " " + found[1].reason))
		case math.IsNaN(r.Lo) || r.Lo > r.Hi:
			r = referral.UndefinedResult(reasonHere)
		case found[0].drawn || found[1].drawn:
			r.Status = referral.Envelope
			r = f.choices.drawn(r)
		case r.Lo == r.Hi:
			r = referral.ExactResult(r.Lo)
		}
		rows = append(rows, row{measure: "community_" + name.measure, Scoped: referral.Scoped{Result: r}, unit: name.unit})
	}
	return rows, nil
}

// agreements names the measures of two partitions of the same things.
var agreements = [...]struct{ measure, unit string }{{"ari", unitIndex}, {"ami", unitIndex}, {"nmi", unitIndex}, {"vi", "nats"}}

// agreementOf gives their values in that order.
func agreementOf(x community.Agreement) [len(agreements)]float64 {
	return [...]float64{x.ARI, x.AMI(community.Arithmetic), x.NMI(community.Arithmetic), x.VI}
}

// comparePartitions compares two partitions of the hospitals of a landscape.
func (f *compareFlags) comparePartitions(c *cobra.Command) ([]row, error) {
	if len(f.partitions) != 2 {
		return nil, usagef("partitions: expected two, got %d", len(f.partitions))
	}
	s, err := landscapeOn(f.landscape, f.date)
	if err != nil {
		return nil, err
	}
	var b graph.Builder
	hospitals := s.Hospitals()
	for _, h := range hospitals {
		if err := b.AddNode(h.ID); err != nil {
			return nil, err
		}
	}
	g := b.Build()
	var divisions [2]community.Partition
	for i, name := range f.partitions {
		if name == referral.LevelHospital {
			return nil, usagef("partitions: each hospital alone is no partition to compare; expected names of partitions")
		}
		classes := classFlags{by: name, double: f.double}
		p, err := classes.disjoint(s)
		if err != nil {
			return nil, err
		}
		groups := p.Groups()
		labels := slices.Repeat([]int{community.None}, len(hospitals))
		for k, key := range g.Keys() {
			if of, ok := p.Of(key); ok {
				labels[k], _ = slices.BinarySearch(groups, of[0].Group)
			}
		}
		divisions[i] = community.NewPartition(g, graph.NewValues(g, labels))
	}
	x, err := community.Compare(divisions[0], divisions[1], community.CompareConfig{})
	if err != nil {
		return nil, err
	}
	var rows []row
	for k, name := range agreements {
		r := referral.UndefinedResult(reasonHere)
		if v := agreementOf(x)[k]; !math.IsNaN(v) {
			r = referral.ExactResult(v)
		}
		r.N = x.Nodes
		rows = append(rows, row{measure: "partition_" + name.measure, Scoped: referral.Scoped{Result: r}, unit: name.unit})
	}
	if x.LeftOut > 0 {
		err = say(c.ErrOrStderr(), "%d of %d hospitals left out, which are in no group of %s or of %s", x.LeftOut, len(hospitals), f.partitions[0], f.partitions[1])
	}
	return rows, err
}

// found are the different partitions found in the completions of a table.
type found struct {
	partitions []community.Partition
	drawn      bool   // not all completions were tried
	reason     string // why there are none
}

func (f *compareFlags) findCommunities(ctx context.Context, t *referral.Table, step func()) (found, error) {
	var mutex sync.Mutex
	seen := map[string]community.Partition{}
	results, err := flow.GraphBounds(ctx, t, func(g *graph.Digraph) ([]float64, error) {
		r, err := community.Leiden(ctx, g, community.LeidenConfig{Seed: f.choices.seed, Resolution: f.choices.resolution})
		if err != nil {
			return nil, err
		}
		mutex.Lock()
		defer mutex.Unlock()
		seen[fmt.Sprint(r.Partition.Labels().Slice())] = r.Partition
		step()
		return []float64{0}, nil
	}, f.choices.completions())
	if err != nil {
		return found{}, err
	}
	switch results[0].Status {
	case referral.OK, referral.Bounded:
	case referral.Envelope:
		return found{partitions: sorted(seen), drawn: true}, nil
	default:
		return found{reason: results[0].Reason}, nil
	}
	return found{partitions: sorted(seen)}, nil
}

func sorted(seen map[string]community.Partition) []community.Partition {
	var list []community.Partition
	for _, key := range slices.Sorted(maps.Keys(seen)) {
		list = append(list, seen[key])
	}
	return list
}
