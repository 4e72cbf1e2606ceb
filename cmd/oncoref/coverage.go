// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral/coverage"
)

// coverageFlags are the flags of "oncoref coverage".
type coverageFlags struct {
	extractFlags
	classFlags
	resultFlags
	disease, body, level, role, against string
	centers                             []string
	modality, period, norm, retained    string
	within                              []float64
	weight                              string
	minutes, refused                    bool
	detour                              float64
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

Counts of 1 to 4 patients are shown as bounds, and so is what would give them
away. --why adds the designations, dates, sources and norms that were used.`,
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
	p := c.Flags()
	p.StringVar(&f.disease, "disease", "", "disease of the designations and norms, as the landscape has it")
	p.StringVar(&f.body, "body", "", "body whose designations count (default: all)")
	p.StringVar(&f.level, "level", "", "level of the designations: cluster, disorder or subtype (default: all)")
	p.StringVar(&f.role, "role", network.RoleCenter.String(), `role of the designations: center, "preferred partner", panel, or any`)
	p.StringSliceVar(&f.centers, "centers", nil, "the centers themselves, instead of designations")
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
	a := &coverageAnswer{f: f, s: s, g: f.gate(), why: behind("coverage", sourceName(path), s)}
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

// query is what designates a hospital for a body.
func (f *coverageFlags) query(body string) (network.DesignationQuery, error) {
	q := network.DesignationQuery{Body: body, Disease: f.disease}
	found := f.level == ""
	for _, l := range []network.Level{network.LevelCluster, network.LevelDisorder, network.LevelSubtype} {
		if l.String() == f.level {
			q.Level, found = l, true
		}
	}
	if !found {
		return q, usagef("level %q: expected cluster, disorder or subtype", f.level)
	}
	if f.role == "any" {
		return q, nil
	}
	for _, r := range []network.Role{network.RoleCenter, network.RolePreferredPartner, network.RolePanel} {
		if strings.ReplaceAll(r.String(), "-", " ") == strings.ReplaceAll(f.role, "-", " ") {
			q.Role = r
			return q, nil
		}
	}
	return q, usagef("role %q: expected center, preferred partner, panel or any", f.role)
}

// lists makes the lists of centers, and fails for one that is empty.
func (a *coverageAnswer) lists() error {
	f := a.f
	if (f.disease == "") == (len(f.centers) == 0) && f.disease == "" {
		return usagef("coverage needs --disease, for the designations of a landscape, or --centers")
	}
	if f.against != "" && f.disease == "" {
		return usagef("--against needs --disease")
	}
	if a.s == nil && (f.disease != "" || len(f.within) > 0) {
		return usagef("designations and distances need a landscape")
	}
	var err error
	if len(f.centers) > 0 {
		for _, h := range f.centers {
			if a.s == nil {
				continue
			}
			if _, ok := a.s.Hospital(h); !ok {
				return fmt.Errorf("center %q: expected a hospital of the landscape on %s", h, a.s.Date())
			}
		}
		a.list = coverage.NewList("chosen", f.centers...)
		a.why.list(a.list, nil)
	} else if a.list, err = a.designated(f.body); err != nil {
		return err
	}
	if f.against != "" {
		other, err := a.designated(f.against)
		if err != nil {
			return err
		}
		a.other = &other
	}
	return nil
}

func (a *coverageAnswer) designated(body string) (coverage.List, error) {
	q, err := a.f.query(body)
	if err != nil {
		return coverage.List{}, err
	}
	name := body
	if name == "" {
		name = "any body"
	}
	l := coverage.Designated(a.s, name+" "+a.f.disease, q)
	if len(l.Hospitals) == 0 {
		have := map[string]bool{}
		for _, d := range a.s.Designations(network.DesignationQuery{}) {
			have[d.Body+" "+d.Disease] = true
		}
		return l, fmt.Errorf("no designations of %s on %s with the level and role asked for; the landscape has %s",
			l.Name, a.s.Date(), shortened(strings.Join(sortedKeys(have), ", ")))
	}
	if len(l.Undated) > 0 {
		a.why.Notes = append(a.why.Notes, fmt.Sprintf("%s: since when %d of %d hospitals are designated is not known; they count on %s",
			l.Name, len(l.Undated), len(l.Hospitals), a.s.Date()))
	}
	if len(l.Rolled) > 0 {
		a.why.Notes = append(a.why.Notes, fmt.Sprintf("%s: designated at another level and left out: %s", l.Name, strings.Join(l.Rolled, ", ")))
	}
	a.why.list(l, a.s.Designations(q))
	return l, nil
}
