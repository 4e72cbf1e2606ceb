// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/oncoref/oncoref/graph/viz"
	"github.com/oncoref/oncoref/internal/output"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/chart"
	"github.com/oncoref/oncoref/seeds"
)

// mapFlags are the flags of "oncoref map".
type mapFlags struct {
	landscape, date, partition, title, tumor, unit, source string
	out, format, lang, level, period                       string
	retained, rest                                         string
	dpi                                                    float64
	timeout                                                time.Duration
	maxFlows                                               int
	synthetic, windows1252                                 bool
	gate                                                   gate
}

func newMap() *cobra.Command {
	var f mapFlags
	c := &cobra.Command{
		Use:   "map FLOWS",
		Short: "Draw the flow map of a table",
		Long: `Map draws a flow table on the map of its landscape.

FLOWS is a CSV file in one of three forms, or "-" for standard input:
  origin,destination,count     one row for each flow; optional lower,upper
  origin\destination,A,B,...   a matrix
  origin,destination           which flows occur, sizes unknown
or the name of an embedded dataset with a flow table (see "oncoref seeds list").`,
		Example: `  oncoref map iknl-2023-fig-5.2-penile-cancer -o penile.svg
  oncoref map flows.csv --landscape mylandscape --title "Sarcoma 2020" -o sarcoma.png
  oncoref map - --format dot < flows.csv`,
		Args: exactly(1, "one flow table"),
		RunE: func(c *cobra.Command, args []string) error { return f.run(c, args[0]) },
	}
	f.add(c, "svg, png, pdf or dot")
	p := c.Flags()
	p.IntVar(&f.maxFlows, "max-flows", 60, "draw at most this many of the largest flows; the map says what is left out")
	return c
}

// add registers what all pictures of flow tables have.
func (f *mapFlags) add(c *cobra.Command, formats string) {
	f.gate.add(c)
	p := c.Flags()
	p.StringVarP(&f.out, "output", "o", "-", `file to write, of the format that its name ends in; "-" is standard output`)
	p.StringVar(&f.format, "format", "", formats+" (default: the extension of the output file, else svg)")
	p.StringVar(&f.landscape, "landscape", "", "folder with the landscape's CSV files (default: the embedded Dutch landscape)")
	p.StringVar(&f.date, "date", "", "day for which the landscape holds, such as 2021-12-31 (default: end of the table's period, else the newest described)")
	p.StringVar(&f.partition, "partition", "regional", "partition that the networks of the table belong to")
	p.StringVar(&f.level, "level", "network", "what the table's classes are: network or hospital")
	p.StringVar(&f.title, "title", "", "title of the picture")
	p.StringVar(&f.tumor, "tumor", "", "draw only what is about this tumor")
	p.StringVar(&f.period, "period", "", "period that the counts cover, such as 2016-2021")
	p.StringVar(&f.unit, "unit", "", "what is counted: patients, treatments or episodes")
	p.StringVar(&f.source, "source", "", "where the data come from, printed on the picture")
	p.StringVar(&f.retained, "retained", "geen", "word in the destination column that means: not referred")
	p.StringVar(&f.rest, "rest", "", `class of the table for hospitals that are in no network, as given to "oncoref flows"; it is drawn beside the map`)
	p.StringVar(&f.lang, "lang", "en", "language of the picture's words: en or nl")
	p.Float64Var(&f.dpi, "dpi", 144, "resolution of a PNG")
	p.BoolVar(&f.synthetic, "synthetic", false, "the data are made up; the picture says so")
	p.BoolVar(&f.windows1252, "windows-1252", false, "the file is in Windows-1252, not UTF-8")
	p.DurationVar(&f.timeout, "timeout", time.Minute, "stop reading and drawing after this time")
}

func (f mapFlags) run(c *cobra.Command, name string) error {
	format, err := f.outputFormat()
	if err != nil {
		return &usageError{err}
	}
	if f.maxFlows < 1 {
		return usagef("--max-flows %d: expected 1 or more", f.maxFlows)
	}
	if sameFile(name, f.out) {
		return usagef("output %s is the input", f.out)
	}
	ctx, cancel := context.WithTimeout(c.Context(), f.timeout)
	defer cancel()
	c.SetContext(ctx)
	lang, err := chart.ParseLanguage(f.lang)
	if err != nil {
		return &usageError{err}
	}
	landscape, err := openLandscape(f.landscape)
	if err != nil {
		return err
	}
	table, snapshot, err := f.passed(c, name, landscape)
	if err != nil {
		return err
	}
	d, err := chart.FlowMap(table, snapshot, chart.FlowMapConfig{Page: chart.Page{Title: f.title, Lang: lang, AllowSmall: f.gate.allowSmall}, MaxFlows: f.maxFlows})
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return f.draw(c, d, format)
}

// draw writes a picture; a child process makes it, which can be stopped.
func (f mapFlags) draw(c *cobra.Command, d *viz.Drawing, format viz.Format) error {
	o := viz.Options{DPI: f.dpi, Title: d.Name, Lang: f.lang}
	if self, err := os.Executable(); err == nil {
		o.Command = []string{self}
	}
	return writeTo(c, f.out, func(w io.Writer) error { return output.Drawing(c.Context(), w, d, format, o) })
}

// sameFile reports whether two paths name one file.
func sameFile(a, b string) bool {
	x, err := os.Stat(a)
	if err != nil {
		return false
	}
	y, err := os.Stat(b)
	return err == nil && os.SameFile(x, y)
}

func (f mapFlags) outputFormat() (viz.Format, error) {
	name := cmp.Or(f.format, filepath.Base(f.out))
	if f.format == "" && f.out == "-" {
		name = "svg"
	}
	format, err := viz.ParseFormat(name)
	switch wrong := err != nil || format == viz.JSON; {
	case wrong && f.format == "":
		return 0, fmt.Errorf("output %q: expected a name that ends in .svg, .png, .pdf or .dot, or --format svg, png, pdf or dot", f.out)
	case wrong:
		return 0, fmt.Errorf("format %q: expected svg, png, pdf or dot", name)
	}
	return format, nil
}

// passed reads the flows that may be drawn.
func (f mapFlags) passed(c *cobra.Command, name string, l *network.Landscape) (*referral.Table, *network.Snapshot, error) {
	if f.level != "network" && f.level != "hospital" {
		return nil, nil, usagef("level %q: expected network or hospital", f.level)
	}
	t, s, err := f.table(c, name, l)
	if err != nil {
		return nil, nil, err
	}
	if t, err = f.gate.pass(c, name, t); err != nil {
		return nil, nil, err
	}
	if f.tumor != "" {
		t, err = t.Filter(referral.Selection{Tumor: f.tumor})
	}
	return t, s, err
}

// table reads the flows: an embedded dataset, a file or standard input.
func (f mapFlags) table(c *cobra.Command, name string, l *network.Landscape) (*referral.Table, *network.Snapshot, error) {
	var date network.Date
	var err error
	if f.date != "" {
		if date, err = network.ParseDate(f.date); err != nil {
			return nil, nil, &usageError{err}
		}
	}
	if _, statErr := os.Stat(name); statErr != nil && name != "-" {
		table, err := seeds.Table(name)
		if err == nil {
			if date.IsZero() {
				date = table.Meta().Period.To
			}
			return table, l.On(date), f.noFileFlags(c)
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, nil, err
		}
	}
	meta := referral.Meta{Title: f.title, Level: f.level, Source: f.source, Synthetic: f.synthetic}
	if f.level == "network" {
		meta.Partition = f.partition
		if !slices.Contains(l.Partitions(), f.partition) {
			return nil, nil, usagef("partition %q: the landscape has %s", f.partition, strings.Join(l.Partitions(), ", "))
		}
	}
	if err := meta.Unit.UnmarshalText([]byte(f.unit)); err != nil {
		return nil, nil, &usageError{err}
	}
	if f.period != "" {
		if meta.Period, err = network.ParsePeriod(f.period); err != nil {
			return nil, nil, &usageError{err}
		}
	}
	if date.IsZero() {
		date = meta.Period.To
	}
	snapshot := l.On(date)
	r, err := input(c, name)
	if err != nil {
		return nil, nil, err
	}
	defer r.Close()
	config := referral.TableConfig{
		File: name, Meta: meta, Retained: f.retained, Within: snapshot, OriginSets: true, Windows1252: f.windows1252,
	}
	if f.rest != "" {
		config.Beyond, config.Single = []string{f.rest}, []string{f.rest}
	}
	table, err := referral.ReadTable(c.Context(), r, config)
	var wrong *referral.InputError
	if errors.As(err, &wrong) && f.rest == "" && (wrong.Field == "origin" || wrong.Field == "destination") && wrong.Value != "" {
		err = fmt.Errorf("%w; if it is the class of hospitals in no network, name it by --rest", err)
	}
	return table, snapshot, err
}

// noFileFlags refuses the flags that describe a file: an embedded dataset
// describes itself.
func (f mapFlags) noFileFlags(c *cobra.Command) error {
	for _, name := range []string{"level", "unit", "period", "source", "retained", "rest", "partition", "synthetic", "windows-1252"} {
		if c.Flags().Changed(name) {
			return usagef("--%s is for files; an embedded dataset has it already", name)
		}
	}
	return nil
}
