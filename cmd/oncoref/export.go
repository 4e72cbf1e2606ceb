// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/oncoref/oncoref/graph/exchange"
	"github.com/oncoref/oncoref/internal/output"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/export"
	"github.com/oncoref/oncoref/referral/source"
)

// The formats of "oncoref export" beside those of package exchange.
const (
	formatParquet = "parquet"
	formatFlowmap = "flowmap"
)

// The sheets of the format flowmap, files in a folder.
const (
	sheetLocations = "locations.csv"
	sheetFlows     = "flows.csv"
)

// exportFlags are the flags of "oncoref export", which reads tables like "oncoref map".
type exportFlags struct {
	mapFlags
	weights string
}

func newExport() *cobra.Command {
	var f exportFlags
	c := &cobra.Command{
		Use:   "export FLOWS",
		Short: "Write a flow table for Gephi, igraph, NetworkX, Pajek or flowmap.gl",
		Long: `Export writes a flow table in a format that other tools read:

  graphml    igraph (R, Python, C), NetworkX, Gephi, yEd
  gexf       Gephi
  pajek      Pajek, igraph, NetworkX
  nodelink   JSON of NetworkX (edges="edges") and D3
  csv        an edge list: source,target,weight,lower,upper,state
  parquet    the table itself, for data frames and databases
  flowmap    the sheets locations.csv and flows.csv of flowmap.gl, in a folder

FLOWS is as for "oncoref map": a CSV file, "-", or the name of an embedded
dataset. Networks and hospitals get their names and places from the landscape.
Retained patients are loops. What is counted, by which rules, and that data are
made up goes along.

Other tools take a weight for a number. A count that is not known is left out,
and its bounds stand beside it; --weights lower, upper or presence puts a number
in its place, and the file says which. In gexf, pajek and flowmap a weight
cannot be left out. Classes without a place, such as "EMBRAZE / CONCORD" or
untreated patients, are not in flowmap; how many flows that leaves out is said
on standard error.`,
		Example: `  oncoref export flows.csv --format graphml -o flows.graphml
  oncoref export flows.csv --weights lower -o flows.gexf
  oncoref export flows.csv --level hospital --landscape mylandscape -o flows.json
  oncoref export iknl-2023-fig-5.2-penile-cancer --weights presence --format flowmap -o penile`,
		Args: exactly(1, "one flow table"),
		RunE: func(c *cobra.Command, args []string) error { return f.run(c, args[0]) },
	}
	f.gate.add(c)
	p := c.Flags()
	p.StringVarP(&f.out, "output", "o", "-", `file to write, for flowmap a folder; "-" is standard output`)
	p.StringVar(&f.format, "format", "", "graphml, gexf, pajek, nodelink, csv, parquet or flowmap (default: the extension of the output file)")
	p.StringVar(&f.weights, "weights", export.Known.String(), "weight of a flow: known (left out if it is not), lower, upper or presence")
	p.StringVar(&f.landscape, "landscape", "", "folder with the landscape's CSV files (default: the embedded Dutch landscape)")
	p.StringVar(&f.date, "date", "", "day for which the landscape holds, such as 2021-12-31 (default: end of the table's period, else the newest described)")
	p.StringVar(&f.partition, "partition", "regional", "partition that the networks of the table belong to")
	p.StringVar(&f.level, "level", "network", "what the table's classes are: network or hospital")
	p.StringVar(&f.title, "title", "", "title of the graph")
	p.StringVar(&f.tumor, "tumor", "", "only the flows of this tumor")
	p.StringVar(&f.period, "period", "", "period that the counts cover, such as 2016-2021")
	p.StringVar(&f.unit, "unit", "", "what is counted: patients, treatments or episodes")
	p.StringVar(&f.source, "source", "", "where the table comes from")
	p.StringVar(&f.retained, "retained", "geen", "word in the destination column that means: not referred")
	p.StringVar(&f.rest, "rest", "", `class of the table for hospitals that are in no network, as given to "oncoref flows"`)
	p.BoolVar(&f.synthetic, "synthetic", false, "the data are made up; the file says so")
	p.BoolVar(&f.windows1252, "windows-1252", false, "the file is in Windows-1252, not UTF-8")
	p.DurationVar(&f.timeout, "timeout", time.Minute, "stop reading after this time")
	return c
}

func (f exportFlags) run(c *cobra.Command, name string) error {
	format, err := f.exportFormat()
	if err != nil {
		return err
	}
	weights, err := export.ParseWeights(f.weights)
	switch {
	case err != nil:
		return usagef("weights %q: expected known, lower, upper or presence", f.weights)
	case format == formatParquet && weights != export.Known:
		return usagef("--weights is not for parquet, which has the count and its bounds")
	case format == formatFlowmap && f.out == "-":
		return usagef("flowmap is two files: -o names their folder")
	case f.level != referral.LevelNetwork && f.level != referral.LevelHospital:
		return usagef("level %q: expected network or hospital", f.level)
	case sameFile(name, f.out):
		return usagef("output %s is the input", f.out)
	}
	table, snapshot, err := f.gated(c, name)
	if err != nil {
		return err
	}
	config := export.Config{Weights: weights, Within: snapshot}
	switch format {
	case formatParquet:
		err = writeTo(c, f.out, func(w io.Writer) error { return source.WriteParquet(w, table) })
	case formatFlowmap:
		err = f.flowmap(c, table, config)
	default:
		err = f.graph(c, table, config, format)
	}
	switch {
	case errors.Is(err, exchange.ErrWeight), errors.Is(err, referral.ErrCell):
		return fmt.Errorf("%s: %w; --weights lower, upper or presence chooses a number", name, err)
	case err != nil:
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// exportFormat is the one asked for, or what the name of the file says.
func (f exportFlags) exportFormat() (string, error) {
	switch {
	case f.format == formatParquet, f.format == formatFlowmap:
		return f.format, nil
	case f.format == "" && strings.EqualFold(filepath.Ext(f.out), "."+formatParquet):
		return formatParquet, nil
	}
	name := f.format
	if name == "" {
		name = filepath.Base(f.out)
	}
	format, err := exchange.ParseFormat(name)
	if err != nil {
		return "", usagef("format %q: expected graphml, gexf, pajek, nodelink, csv, parquet or flowmap", name)
	}
	return format.String(), nil
}

// gated reads a table and lets it through the gate.
func (f exportFlags) gated(c *cobra.Command, name string) (*referral.Table, *network.Snapshot, error) {
	landscape, err := openLandscape(f.landscape)
	if err != nil {
		return nil, nil, err
	}
	table, snapshot, err := f.table(c, name, landscape)
	if err != nil {
		return nil, nil, err
	}
	if table, err = f.gate.pass(c, name, table); err != nil || f.tumor == "" {
		return table, snapshot, err
	}
	table, err = table.Filter(referral.Selection{Tumor: f.tumor})
	return table, snapshot, err
}

func (f exportFlags) graph(c *cobra.Command, t *referral.Table, config export.Config, name string) error {
	format, err := exchange.ParseFormat(name)
	if err != nil {
		return err
	}
	g, style, err := export.Graph(t, config)
	if err != nil {
		return err
	}
	return writeTo(c, f.out, func(w io.Writer) error { return exchange.Encode(w, g, format, style) })
}

func (f exportFlags) flowmap(c *cobra.Command, t *referral.Table, config export.Config) error {
	m, err := export.NewFlowmap(t, config)
	if err != nil {
		return err
	}
	if len(m.Locations) == 0 {
		return fmt.Errorf("%w: no class of the table has coordinates in the landscape", referral.ErrNoClass)
	}
	if err := output.WriteFile(filepath.Join(f.out, sheetLocations), m.WriteLocations); err != nil {
		return err
	}
	if err := output.WriteFile(filepath.Join(f.out, sheetFlows), m.WriteFlows); err != nil {
		return err
	}
	if len(m.Unplaced) == 0 {
		return nil
	}
	var sum referral.Cell
	for _, x := range m.Unplaced {
		sum = sum.Add(x.Cell)
	}
	return say(c.ErrOrStderr(), "flows left out, because an end of them has no place: %d, together %s", len(m.Unplaced), cellText(sum))
}
