// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/seeds"
)

// measureFlags are the flags of "oncoref measure".
type measureFlags struct {
	groups, measures, merge []string
	nodes, edges, whole     bool
	list                    bool
	input, policy           string
	retained, unit          string
	windows1252             bool
	outputFlags
	choices  choices
	ground   groundFlags
	interval intervalFlags
}

// choices are settings of single measures.
type choices struct {
	seed           uint64
	resolution     float64
	workers        int
	limit, samples int // of the tables that are tried where cells are not known
}

func newMeasure() *cobra.Command {
	var f measureFlags
	c := &cobra.Command{
		Use:   "measure FLOWS",
		Short: "Measure a flow table and its graph",
		Long: `Measure computes measures of a flow table, of its graph, or of a plain edge list.

FLOWS is a file, "-" for standard input, or the name of an embedded dataset:
  a flow table, with a header that names origin and destination, in one of
  the three forms that "oncoref map" reads; rows of the word "total" are
  published sums and narrow what is not known
  an edge list, one edge a line: source, target, weight, with any separator

Each row of the result is one value. Scope is a class, a pair as A>B, or empty
for the whole; a measure with several values names each there.

What is not known stays so. Counts of 1 to 4 count as unknown between 1 and 4,
unless --allow-small is given. A value is then between lower and upper: these
hold for every table that agrees with what is known if the status is "bounded";
"envelope" is what was seen in tables drawn with --seed and guarantees nothing.
The group "flow" has exact bounds for its measures, also for tables that give
presence only. Where weights were taken as something that is not known, the
column reason says so: "unit_weights" if every flow counts as 1, "lower_bounds"
or "upper_bounds" with --policy. A table of made-up flows adds the column
"synthetic".

--interval adds intervals to shares. They are another thing than lower and
upper: a registry counts everybody, so an interval tells which shares of the
process that sent the patients agree with the counts. Around a share that is
known between bounds it reaches from the lowest end to the highest.

Measures that take long are left out for more than 20,000 classes unless named,
and for more than 300 if cells are not known.`,
		Example: `  oncoref measure flows.csv --group flow --interval wilson
  oncoref measure flows.csv --measures retention,origin_share --interval goodman --format csv
  oncoref measure flows.csv --landscape embedded --experts Onconovo+ --measures travel,bypass,expert_directed
  oncoref measure flows.csv --group centrality --nodes -o values.json
  oncoref measure iknl-2023-fig-5.2-penile-cancer --merge "EMBRAZE+CONCORD" --graph
  oncoref measure --list`,
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error { return f.run(c, args) },
	}
	p := c.Flags()
	p.StringSliceVar(&f.groups, "group", nil, "groups of measures: "+strings.Join(groupNames(), ", ")+" (default: all)")
	p.StringSliceVar(&f.measures, "measures", nil, `measures by name (default: all of the groups); see --list`)
	p.BoolVar(&f.nodes, "nodes", false, "only values of nodes (or with --graph, --edges: these too)")
	p.BoolVar(&f.whole, "graph", false, "only values of the graph as a whole")
	p.BoolVar(&f.edges, "edges", false, "only values of edges")
	p.BoolVar(&f.list, "list", false, "list the measures instead")
	p.StringVar(&f.input, "input", "auto", "what FLOWS is: table, edges, or auto to tell by the first line")
	p.StringVar(&f.policy, "policy", "auto", "weights from a table: counts, lower, upper, presence, or auto for counts or the bounds there are")
	p.StringVar(&f.retained, "retained", "geen", "word in the destination column that means: not referred")
	p.StringSliceVar(&f.merge, "merge", nil, `classes to take as one, such as "EMBRAZE+CONCORD"`)
	p.StringVar(&f.unit, "unit", "", "what is counted: patients, treatments or episodes")
	p.BoolVar(&f.windows1252, "windows-1252", false, "the file is in Windows-1252, not UTF-8")
	p.Uint64Var(&f.choices.seed, "seed", 0, "seed of the search for communities and of the tables that are drawn")
	p.IntVar(&f.choices.limit, "completions", 20_000, "try all tables that agree with what is known if there are at most so many")
	p.IntVar(&f.choices.samples, "samples", 1000, "else draw so many of them")
	p.Float64Var(&f.choices.resolution, "resolution", 1, "resolution of communities; more gives smaller ones")
	p.IntVar(&f.choices.workers, "workers", 0, "parallel workers; 0 means one for each core. The result is the same")
	f.add(c)
	f.ground.add(c)
	f.interval.add(c, "")
	return c
}

func (f measureFlags) run(c *cobra.Command, args []string) error {
	format, err := f.check()
	if err != nil {
		return err
	}
	chosen, err := f.chosen()
	if err != nil {
		return err
	}
	if f.choices.workers < 0 || !(f.choices.resolution > 0) {
		return usagef("workers %d and resolution %v: expected at least 0, and above 0", f.choices.workers, f.choices.resolution)
	}
	if f.choices.limit < 1 || f.choices.samples < 1 {
		return usagef("completions %d and samples %d: expected at least 1", f.choices.limit, f.choices.samples)
	}
	if f.list {
		if err := exactly(0, "no arguments with --list")(c, args); err != nil {
			return err
		}
		return listMeasures(c.OutOrStdout(), chosen, format)
	}
	if err := exactly(1, "one flow table or edge list")(c, args); err != nil {
		return err
	}
	s, err := f.subject(c, args[0])
	if err != nil {
		return err
	}
	chosen, err = f.possible(c, chosen, s)
	if err != nil {
		return err
	}
	if s.sets {
		if err := say(c.ErrOrStderr(), `the table has a class that stands for one of several; --merge "A+B" takes them as one`); err != nil {
			return err
		}
	}
	bar := newSteps(c.ErrOrStderr(), "trying tables")
	defer bar.close()
	rows, err := s.measureAll(c.Context(), chosen, f.choices, bar.step)
	if err != nil {
		return err
	}
	style := rowStyle{format, s.around != nil, s.table != nil && s.table.Meta().Synthetic, f.language()}
	return writeTo(c, f.out, func(w io.Writer) error { return writeRows(w, rows, style) })
}

// possible leaves out what takes too long or lacks something, unless it is
// asked for by name.
func (f measureFlags) possible(c *cobra.Command, list []measure, s subject) ([]measure, error) {
	many := manyNodes
	if !s.exact {
		many = manyUnknown
	}
	slow := 0
	var out []measure
	for _, m := range list {
		named := slices.Contains(f.measures, m.name)
		switch {
		case m.compute == nil && s.table == nil:
			if named || slices.Contains(f.groups, m.group) {
				return nil, usagef("measure %q is one of flow tables, not of edge lists", m.name)
			}
		case m.compute == nil && !s.flows.has(m.needs):
			if named {
				return nil, usagef("measure %q needs %s", m.name, m.needs)
			}
		case !named && m.slow && s.low.Len() > many:
			slow++
		default:
			out = append(out, m)
		}
	}
	if slow == 0 {
		return out, nil
	}
	return out, say(c.ErrOrStderr(), "%d measures that take long with %d classes left out; name them to have them", slow, s.low.Len())
}

// manyNodes is the number of nodes up to which slow measures are computed
// without being named.
const manyNodes = 20_000

// manyUnknown is the same where they are computed for many tables.
const manyUnknown = 300

// chosen returns the measures asked for, in the order of the registry.
func (f measureFlags) chosen() ([]measure, error) {
	for _, g := range f.groups {
		if !slices.Contains(groupNames(), g) {
			return nil, usagef("group %q: expected %s", g, strings.Join(groupNames(), ", "))
		}
	}
	levels := map[level]bool{ofNode: f.nodes, ofGraph: f.whole, ofEdge: f.edges}
	every := !f.nodes && !f.whole && !f.edges
	var list []measure
	for _, m := range registry {
		if (len(f.groups) == 0 || slices.Contains(f.groups, m.group)) &&
			(len(f.measures) == 0 || slices.Contains(f.measures, m.name)) && (every || levels[m.level]) {
			list = append(list, m)
		}
	}
	for _, name := range f.measures {
		if !slices.ContainsFunc(registry, func(m measure) bool { return m.name == name }) {
			return nil, usagef("measure %q: see oncoref measure --list", name)
		}
		if !slices.ContainsFunc(list, func(m measure) bool { return m.name == name }) {
			return nil, usagef("measure %q is not in the groups and levels asked for", name)
		}
	}
	return list, nil
}

// subject is what is measured: a graph, or a table and graphs that bound its own.
type subject struct {
	low, high *graph.Digraph // the same graph if all weights are known; no high one if nothing bounds them
	exact     bool           // all weights are known, or only presence counts
	sameEdges bool           // which edges there are is known
	binary    bool           // weights are 1 because only presence is known
	sets      bool           // a class stands for one of several
	fixed     bool           // the user says which weights the graph has
	assumed   string         // reason that says what weights are that are not known and taken as something; "" if none is
	table     *referral.Table
	flows     flows
	around    *around
	unit      string // of a weight
}

// subject reads the flows: an embedded dataset, a file or standard input.
func (f measureFlags) subject(c *cobra.Command, name string) (subject, error) {
	if f.input != "auto" && f.input != "table" && f.input != "edges" {
		return subject{}, usagef("input %q: expected auto, table or edges", f.input)
	}
	policy, err := f.parsePolicy()
	if err != nil {
		return subject{}, err
	}
	var meta referral.Meta
	if err := meta.Unit.UnmarshalText([]byte(f.unit)); err != nil {
		return subject{}, &usageError{err}
	}
	place, err := f.ground.snapshot()
	if err != nil {
		return subject{}, err
	}
	meta.Level = f.ground.level
	t, err := seeds.Table(name)
	if errors.Is(err, fs.ErrNotExist) {
		r, err := input(c, name)
		if err != nil {
			return subject{}, err
		}
		defer r.Close()
		b := bufio.NewReaderSize(r, 1<<16)
		flowTable := isTable(b)
		if f.input == "edges" || f.input == "auto" && !flowTable {
			if err := f.passEdges(c, name, flowTable || meta.Unit != referral.UnknownUnit); err != nil {
				return subject{}, err
			}
			return f.edgeList(c.Context(), b, name)
		}
		if place != nil && meta.Level == referral.LevelNetwork {
			meta.Partition = f.ground.partition
		}
		t, err = referral.ReadTable(c.Context(), b, referral.TableConfig{
			File: name, Meta: meta, Retained: f.retained, Windows1252: f.windows1252, Within: place, OriginSets: place != nil,
		})
		if err != nil {
			return subject{}, err
		}
	} else if err != nil {
		return subject{}, err
	}
	if t, err = f.pass(c, name, t); err != nil {
		return subject{}, err
	}
	if t, err = merge(t, f.merge); err != nil {
		return subject{}, err
	}
	s, err := newSubject(t, policy)
	if err != nil {
		return s, err
	}
	if s.flows, err = f.ground.flows(t, place, f.choices); err != nil {
		return s, err
	}
	s.around, err = newAround(t, f.interval)
	return s, err
}

func (f measureFlags) edgeList(ctx context.Context, r io.Reader, name string) (subject, error) {
	if f.policy != "auto" || len(f.merge) > 0 {
		return subject{}, usagef("%s is an edge list: --policy and --merge are for flow tables", name)
	}
	g, err := graph.ReadEdges(ctx, r, graph.EdgeListConfig{File: name, Workers: f.choices.workers})
	unit := f.unit
	if unit == "" {
		unit = "weight"
	}
	return subject{low: g, high: g, exact: true, unit: unit}, err
}

// isTable looks whether the first line with text is the header of a flow table.
func isTable(r *bufio.Reader) bool {
	start, _ := r.Peek(1 << 16)
	for line := range bytes.Lines(start) {
		line = bytes.ToLower(bytes.TrimSpace(line))
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		return bytes.Contains(line, []byte("origin")) && bytes.Contains(line, []byte("destination"))
	}
	return true // an empty file: the reader of tables says so
}

var policies = []referral.Policy{referral.Counts, referral.Lower, referral.Upper, referral.Presence}

// parsePolicy returns the policy asked for; none for "auto".
func (f measureFlags) parsePolicy() (*referral.Policy, error) {
	var names []string
	for _, p := range policies {
		if p.String() == f.policy {
			return &p, nil
		}
		names = append(names, p.String())
	}
	if f.policy != "auto" {
		return nil, usagef("policy %q: expected auto, %s", f.policy, strings.Join(names, ", "))
	}
	return nil, nil
}

// merge takes classes of the table together, each list as one.
func merge(t *referral.Table, lists []string) (*referral.Table, error) {
	if len(lists) == 0 {
		return t, nil
	}
	labels := map[string]string{}
	for _, c := range t.Classes() {
		labels[c] = c
	}
	for _, list := range lists {
		var members []string
		for _, name := range strings.Split(list, "+") {
			members = append(members, strings.TrimSpace(name))
		}
		if slices.ContainsFunc(members, func(m string) bool { return labels[m] == "" }) {
			// A name may have a plus of its own, as Onconovo+ has.
			members = splitKnown(list, labels)
		}
		if len(members) < 2 {
			return nil, usagef("merge %q: expected two or more classes of the table, joined by +", list)
		}
		for _, m := range members {
			labels[m] = strings.Join(members, " / ")
		}
	}
	p, err := network.NewPartition(t.Meta().Partition, labels)
	if err != nil {
		return nil, err
	}
	return t.Aggregate(p)
}

// splitKnown splits a list at those pluses that leave known names, longest
// first; nil if that is not possible.
func splitKnown(list string, known map[string]string) []string {
	for end := len(list); end > 0; end-- {
		name := strings.TrimSpace(list[:end])
		if known[name] == "" {
			continue
		}
		rest := strings.TrimSpace(list[end:])
		if rest == "" {
			return []string{name}
		}
		if more, ok := strings.CutPrefix(rest, "+"); ok {
			if tail := splitKnown(more, known); tail != nil {
				return append([]string{name}, tail...)
			}
		}
	}
	return nil
}

func newSubject(t *referral.Table, p *referral.Policy) (subject, error) {
	s := subject{table: t, unit: t.Meta().Unit.String(), binary: p != nil && *p == referral.Presence || p == nil && t.PresenceOnly()}
	if t.Meta().Unit == 0 {
		s.unit = "weight"
	}
	s.fixed = p != nil
	s.exact, s.sameEdges = true, true
	for f := range t.Flows() {
		s.sets = s.sets || f.SetValued() && !f.Retained() || len(f.Origins) > 1
		s.exact = s.exact && f.Cell.Known()
		s.sameEdges = s.sameEdges && (f.Cell.Lo > 0 || f.Cell.Hi == 0)
	}
	policy := referral.Lower
	switch {
	case s.binary:
		policy, s.exact, s.assumed = referral.Presence, true, reasonUnit
	case p != nil:
		if policy = *p; !s.exact {
			s.assumed = assumedBy[policy]
		}
		s.exact = true
	case s.exact:
		policy = referral.Counts
	}
	var err error
	if s.low, err = t.Graph(policy); err != nil || s.exact {
		s.high = s.low
		return s, err
	}
	// Without upper bounds there is no high graph.
	if s.high, err = t.Graph(referral.Upper); errors.Is(err, referral.ErrCell) {
		s.high, err = nil, nil
	}
	return s, err
}
