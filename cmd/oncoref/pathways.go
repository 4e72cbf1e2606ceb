// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/oncoref/oncoref/referral"
)

// pathwayFlags are the flags of "oncoref pathways".
type pathwayFlags struct {
	extractFlags
	classFlags
	resultFlags
	tumorFlag
	groups  []string
	days    []int
	tau     int
	top     int
	seed    uint64
	refused bool
}

// pathwayGroups are the parts of the answer, in its order.
var pathwayGroups = []struct {
	name string
	add  func(*pathwayAnswer, context.Context) error
}{
	{"visits", (*pathwayAnswer).visits},
	{"days", (*pathwayAnswer).spans},
	{"waits", (*pathwayAnswer).waits},
	{"returns", (*pathwayAnswer).returns},
	{"transit", (*pathwayAnswer).transit},
	{"continuity", (*pathwayAnswer).continuity},
	{"sharing", (*pathwayAnswer).sharing},
	{"variants", (*pathwayAnswer).variants},
	{"tissue", (*pathwayAnswer).tissue},
	{"layers", (*pathwayAnswer).layers},
	{"brokerage", (*pathwayAnswer).brokerage},
	{"order", (*pathwayAnswer).order},
}

func pathwayGroupNames() []string {
	var names []string
	for _, g := range pathwayGroups {
		names = append(names, g.name)
	}
	return names
}

func newPathways() *cobra.Command {
	var f pathwayFlags
	c := &cobra.Command{
		Use:   "pathways EVENTS",
		Short: "Measure routes, waiting times, shared care and the ways of tissue",
		Long: `Pathways measures what happened to the patients of an extract in order: in how
many hospitals they were, how long it took, who came back, which hospitals they
passed through or have in common, which ways most of them took, how their tissue
went, whether patients, referrals, tissue and case discussions follow the same
links, and which hospitals stand between networks.

EVENTS is an extract as for "oncoref flows". Waiting times count those who are
still waiting; the median of those treated does not.

Numbers of patients are shown as ranges of five and what is made of them as
bounds, as small numbers are differences of others. Quantiles with fewer than five
patients on one side are left out, and so are ways that fewer than five took.`,
		Example: `  oncoref simulate --tumor penile-cancer -o extract.csv
  oncoref pathways extract.csv --group visits,waits --at 30,60,90
  oncoref pathways extract.csv --group variants --by network --top 10 --format csv
  oncoref pathways extract.csv --group brokerage,layers --by network --rest none
  oncoref pathways extract.csv --tumor penile_cancer --why -o pathways.json`,
		Args: exactly(1, "one extract"),
		RunE: func(c *cobra.Command, args []string) error { return f.run(c, args[0]) },
	}
	f.extractFlags.add(c)
	f.classFlags.add(c, referral.LevelHospital, "what steps, layers and brokerage are between: network, hospital, province or a partition of the landscape")
	f.resultFlags.add(c)
	f.tumorFlag.add(c)
	p := c.Flags()
	p.StringSliceVar(&f.groups, "group", nil, "parts: "+strings.Join(pathwayGroupNames(), ", ")+" (default: all but order)")
	p.IntSliceVar(&f.days, "at", []int{30, 60, 90}, "days after the first visit at which the treated share is given")
	p.IntVar(&f.tau, "until", 180, "days up to which the mean wait is restricted")
	p.IntVar(&f.top, "top", 20, "most rows of variants and of pairs of hospitals; 0 means all")
	p.Uint64Var(&f.seed, "seed", 1, "seed of the permutations of order")
	p.BoolVar(&f.refused, "allow-refused", false, "go on without the rows that are wrong")
	return c
}

func (f *pathwayFlags) run(c *cobra.Command, path string) error {
	format, err := f.check()
	if err != nil {
		return err
	}
	for _, g := range f.groups {
		if !slices.Contains(pathwayGroupNames(), g) {
			return usagef("group %q: expected %s", g, strings.Join(pathwayGroupNames(), ", "))
		}
	}
	if f.top < 0 || f.tau < 1 || slices.ContainsFunc(f.days, func(d int) bool { return d < 0 }) {
		return usagef("--top %d, --until %d, --at %v: expected numbers of days and rows", f.top, f.tau, f.days)
	}
	config, err := f.config(path, nil)
	if err != nil {
		return err
	}
	config.Log.Strict = !f.refused
	l, q, err := readExtract(c, path, bufio.NewReaderSize(c.InOrStdin(), 1<<16), config)
	if err != nil {
		return err
	}
	if l, err = f.ofTumor(l); err != nil {
		return err
	}
	if err := f.passCounts(c, sourceName(path)); err != nil {
		return err
	}
	if f.by == referral.LevelHospital && slices.Equal(f.groups, []string{"brokerage"}) {
		return usagef("brokerage is about groups: --by network, province or a partition gives it")
	}
	a := &pathwayAnswer{f: f, l: l, g: f.gate, why: behind("pathways", sourceName(path), config.Log.Within, f.gate)}
	if f.by != referral.LevelHospital {
		if a.groups, err = f.disjoint(config.Log.Within); err != nil {
			return err
		}
	}
	a.why.Synthetic = l.Synthetic()
	a.why.Rules["rows"] = fmt.Sprintf("%d left out as copies, %d refused", q.LeftOut, q.Refused)
	if f.tumor != "" {
		a.why.Rules["tumor"] = f.tumor
	}
	for _, g := range pathwayGroups {
		if len(f.groups) == 0 && g.name != "order" || slices.Contains(f.groups, g.name) {
			if err := g.add(a, c.Context()); err != nil {
				return err
			}
		}
	}
	for _, note := range a.why.Notes {
		remark(c, "%s", shortened(note))
	}
	return f.write(c, format, a.rows, a.why)
}
