// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"

	"github.com/spf13/cobra"

	"github.com/oncoref/oncoref/network"
)

// coverageFlags are the flags of "oncoref coverage".
type coverageFlags struct {
	extractFlags
	classFlags
	resultFlags
	centerFlags
	against, modality, period, norm, retained string
	tumorFlag
	within           []float64
	weight           string
	minutes, refused bool
	detour           float64
}

func newCoverage() *cobra.Command {
	var f coverageFlags
	c := &cobra.Command{
		Use:   "coverage EVENTS|FLOWS",
		Short: "Measure whether patients reach a center, and volumes against norms",
		Long: `Coverage measures whether patients are treated, seen or discussed in a center,
how many patients hospitals have against a norm, how far people live from a
center, and whether two lists of centers agree.

The centers are those that the landscape designates for --disease on the date,
or --centers. EVENTS is an extract as for "oncoref flows", with all patients
that the question is about and no others; FLOWS is a flow table of hospitals as
"oncoref flows --by hospital" writes it. From a table follow shares by place of
treatment and volumes over the whole period.

Numbers of patients counted in an extract are shown as ranges of five, and what
is made of them as bounds, as small numbers are differences of others. Counts of
1 to 4 in a flow table are taken as from 1 to 4. --why adds the designations, dates, sources and norms that were used.`,
		Example: `  oncoref simulate --tumor penile-cancer -o extract.csv
  oncoref coverage extract.csv --disease penile_cancer --modality surgery
  oncoref coverage extract.csv --disease head_and_neck --body NWHHT --against ECZA --format csv
  oncoref coverage flows.csv --centers AVL,RADBOUDUMC --by province --why`,
		Args: exactly(1, "one extract or flow table"),
		RunE: func(c *cobra.Command, args []string) error { return f.run(c, args[0]) },
	}
	f.extractFlags.add(c)
	f.classFlags.add(c, "", "also by network, hospital, province or a partition of the landscape, such as head-neck")
	f.resultFlags.add(c)
	f.tumorFlag.add(c)
	f.centerFlags.add(c)
	p := c.Flags()
	p.StringVar(&f.level, "level", "", "level of the designations: cluster, disorder or subtype (default: all)")
	p.StringVar(&f.role, "role", network.RoleCenter.String(), `role of the designations: center, "preferred partner", panel, or any`)
	p.StringVar(&f.against, "against", "", "body whose list is compared with that of --body or --centers")
	p.StringVar(&f.modality, "modality", "", "kind of treatment, such as surgery: referral classes, and volumes of it only")
	p.StringVar(&f.period, "period", "", "years of the volumes, such as 2016-2021 (default: those of the input)")
	p.StringVar(&f.norm, "norm", "", "patients a year, or the body whose norm is meant (default: all norms of the disease)")
	p.Float64SliceVar(&f.within, "within", nil, "distances for the share of people within reach, in km or minutes")
	p.StringVar(&f.weight, "weight", "population", "what regions weigh: population or cases")
	p.BoolVar(&f.minutes, "minutes", false, "travel times instead of kilometers; distances.csv has them")
	p.Float64Var(&f.detour, "detour", 1, "roads over great circles")
	p.StringVar(&f.retained, "retained", "geen", "word in the destination column of a flow table that means: not referred")
	p.BoolVar(&f.refused, "allow-refused", false, "go on without the rows of an extract that are wrong")
	return c
}

func (f *coverageFlags) run(c *cobra.Command, path string) error {
	format, err := f.check()
	if err != nil {
		return err
	}
	s, err := f.snapshot()
	if err != nil {
		return err
	}
	a := &coverageAnswer{f: f, s: s, g: f.gate, why: behind("coverage", sourceName(path), s, f.gate)}
	if err := a.lists(); err != nil {
		return err
	}
	if f.by != "" {
		if a.groups, err = f.disjoint(s); err != nil {
			return err
		}
	}
	in := bufio.NewReaderSize(c.InOrStdin(), 1<<16)
	kind, err := kindOfFile(path, in)
	if err != nil {
		return err
	}
	if kind == asTable {
		err = a.fromTable(c, path, in)
	} else {
		err = a.fromExtract(c, path, in)
	}
	if err == nil {
		err = a.access()
	}
	if err != nil {
		return err
	}
	a.agreement()
	for _, note := range a.why.Notes {
		remark(c, "%s", shortened(note))
	}
	return f.write(c, format, a.rows, a.why)
}

// lists makes the lists of centers, and fails for one that is empty.
func (a *coverageAnswer) lists() error {
	f := a.f
	if f.against != "" && f.disease == "" {
		return usagef("--against needs --disease")
	}
	if a.s == nil && len(f.within) > 0 {
		return usagef("distances need a landscape")
	}
	var err error
	if a.list, err = f.list(a.s, &a.why); err != nil || f.against == "" {
		return err
	}
	other, err := f.designated(a.s, f.against, &a.why)
	a.other = &other
	return err
}
