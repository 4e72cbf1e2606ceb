// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
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
	format, out             string
	choices                 choices
}

// choices are settings of single measures.
type choices struct {
	seed       uint64
	resolution float64
	workers    int
}

func newMeasure() *cobra.Command {
	var f measureFlags
	c := &cobra.Command{
		Use:   "measure FLOWS",
		Short: "Measure the graph of a flow table",
		Long: `Measure computes measures of the graph of a flow table or of a plain edge list.

FLOWS is a file, "-" for standard input, or the name of an embedded dataset:
  a flow table, with a header that names origin and destination, in one of
  the three forms that "oncoref map" reads
  an edge list, one edge a line: source, target, weight, with any separator

Each row of the result is one value. Scope is a node, an edge as A>B, or empty
for the graph as a whole. Where the counts of the table are known only between
bounds, lower and upper are the values at these bounds, which are guaranteed if
the status is "bounded" and not if it is "envelope". A table of presence only
has values for measures that do not need weights.

Measures that take long are left out for more than 20,000 nodes unless named.`,
		Example: `  oncoref measure flows.csv --group centrality --nodes --format csv
  oncoref measure edges.tsv --measures pagerank,in_degree -o values.json
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
	p.StringVar(&f.format, "format", "", "table, csv or json (default: the extension of the output file, else table)")
	p.StringVarP(&f.out, "output", "o", "-", `file to write; "-" is standard output`)
	p.Uint64Var(&f.choices.seed, "seed", 0, "seed of the search for communities")
	p.Float64Var(&f.choices.resolution, "resolution", 1, "resolution of communities; more gives smaller ones")
	p.IntVar(&f.choices.workers, "workers", 0, "parallel workers; 0 means one for each core. The result is the same")
	return c
}

func (f measureFlags) run(c *cobra.Command, args []string) error {
	format, err := outputFormat(f.format, f.out)
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
	if len(f.measures) == 0 && s.low.Len() > manyNodes {
		all := len(chosen)
		chosen = slices.DeleteFunc(chosen, func(m measure) bool { return m.slow })
		if n := all - len(chosen); n > 0 {
			fmt.Fprintf(c.ErrOrStderr(), "oncoref: %d measures that take long with %d nodes left out; name them to have them\n", n, s.low.Len())
		}
	}
	if s.sets {
		fmt.Fprintln(c.ErrOrStderr(), `oncoref: the table has a class that stands for one of several; --merge "A+B" takes them as one`)
	}
	var rows []row
	for _, m := range chosen {
		r, err := s.measure(c.Context(), m, f.choices)
		if err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		rows = append(rows, r...)
	}
	return writeTo(c, f.out, func(w io.Writer) error { return writeRows(w, rows, format) })
}

// manyNodes is the number of nodes up to which slow measures are computed
// without being named.
const manyNodes = 20_000

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

// subject is what is measured: a graph, or two that bound it.
type subject struct {
	low, high *graph.Digraph // the same graph if all weights are known
	binary    bool           // weights are 1 because only presence is known
	sets      bool           // a class stands for one of several
	table     *referral.Table
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
	t, err := seeds.Table(name)
	if errors.Is(err, fs.ErrNotExist) {
		r, err := input(c, name)
		if err != nil {
			return subject{}, err
		}
		defer r.Close()
		b := bufio.NewReaderSize(r, 1<<16)
		if f.input == "edges" || f.input == "auto" && !isTable(b) {
			return f.edgeList(c.Context(), b, name)
		}
		t, err = referral.ReadTable(c.Context(), b, referral.TableConfig{
			File: name, Meta: meta, Retained: f.retained, Windows1252: f.windows1252,
		})
		if err != nil {
			return subject{}, err
		}
	} else if err != nil {
		return subject{}, err
	}
	if t, err = merge(t, f.merge); err != nil {
		return subject{}, err
	}
	return newSubject(t, policy)
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
	return subject{low: g, high: g, unit: unit}, err
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
	exact := true
	for f := range t.Flows() {
		s.sets = s.sets || f.SetValued() && !f.Retained() || len(f.Origins) > 1
		exact = exact && f.Cell.Known()
	}
	low, high := referral.Counts, referral.Counts
	switch {
	case s.binary:
		low, high = referral.Presence, referral.Presence
	case p != nil:
		low, high = *p, *p
	case !exact:
		low, high = referral.Lower, referral.Upper
	}
	var err error
	if s.low, err = t.Graph(low); err != nil || low == high {
		s.high = s.low
		return s, err
	}
	s.high, err = t.Graph(high)
	return s, err
}
