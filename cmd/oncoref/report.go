// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/chart"
	"github.com/oncoref/oncoref/referral/report"
)

// reportFlags are the flags of "oncoref report".
type reportFlags struct {
	flowsFlags
	designated             centerFlags // which hospitals are centers
	norm, lang, made       string
	confidence             float64
	level, partitionName   string // of a flow table
	unit, source, retained string
}

func newReport() *cobra.Command {
	var f reportFlags
	c := &cobra.Command{
		Use:   "report EVENTS|FLOWS -o FILE.html",
		Short: "Write everything that is known as one HTML file",
		Long: `Report measures an extract or a flow table and writes one HTML file: a summary in
words, the quality of the data, the rules, a flow map and other figures, tables
that can be sorted and filtered, a part for each network, what is not known, the
methods, and where it all comes from. The file needs no network, sends nothing,
and prints to a PDF.

EVENTS is an extract as for "oncoref flows", and the flags that say which cases
count are the same. FLOWS is a flow table, or the name of an embedded one (see
"oncoref seeds list"); what takes events to know is then not in the report.
Expert centers are those that the landscape designates for --disease, or
--centers.

Counts of 1 to 4 are not shown, unless --allow-small is given, and nothing in
the file tells how many they are: volumes, waiting times and the like are about
the patients whose flows are shown.`,
		Example: `  oncoref simulate --tumor penile-cancer -o extract.csv
  oncoref report extract.csv --disease penile_cancer -o report.html
  oncoref report extract.csv --tumor sarcoma --period 2016-2021 --modality surgery --norm 20 --lang nl -o rapport.html
  oncoref report iknl-2023-fig-5.2-penile-cancer -o report.html`,
		Args: exactly(1, "one extract or flow table"),
		RunE: func(c *cobra.Command, args []string) error { return f.run(c, args[0]) },
	}
	f.extractFlags.add(c)
	f.gate.add(c)
	f.classFlags.add(c, referral.LevelNetwork, "what the classes are: network, hospital, province or a partition of the landscape, such as head-neck")
	f.addRules(c)
	f.designated.add(c)
	p := c.Flags()
	p.StringVar(&f.designated.level, "designation-level", "", "level of the designations: cluster, disorder or subtype (default: all)")
	p.StringVar(&f.designated.role, "role", network.RoleCenter.String(), `role of the designations: center, "preferred partner", panel, or any`)
	p.StringVar(&f.norm, "norm", "", "least number of patients a year that a hospital should have")
	p.Float64Var(&f.confidence, "confidence", 0.95, "probability that an interval is to cover")
	p.StringVar(&f.lang, "lang", "en", "language of the report: en or nl")
	p.StringVar(&f.made, "made", "", "day on which the report is made, such as 2026-01-31, to stand in it (default: none, so that the same input gives the same file)")
	p.StringVar(&f.level, "level", "network", "what the classes of a flow table are: network or hospital")
	p.StringVar(&f.partitionName, "partition", network.DefaultPartition, "partition that the networks of a flow table belong to")
	p.StringVar(&f.unit, "unit", "", "what a flow table counts: patients, treatments or episodes")
	p.StringVar(&f.source, "source", "", "where the data come from, printed in the report")
	p.StringVar(&f.retained, "retained", "geen", "word in the destination column of a flow table that means: not referred")
	p.StringVarP(&f.out, "output", "o", "-", `file to write; "-" is standard output`)
	p.StringVar(&f.title, "title", "", "title of the report")
	p.BoolVar(&f.synthetic, "synthetic", false, "the data are made up, though the file does not say so")
	return c
}

func (f *reportFlags) run(c *cobra.Command, path string) error {
	config, err := f.reportConfig(c)
	if err != nil {
		return err
	}
	if path != "-" && sameFile(path, f.out) {
		return usagef("output %s is the input", f.out)
	}
	if (f.tumor == each) || (f.modality == each) || f.period == "year" || strings.Contains(f.period, ",") {
		return usagef("a report is about one table: --tumor, --modality and --period take one value; make several reports to compare")
	}
	in, err := f.input(c, path)
	if err != nil {
		return err
	}
	bar := newSteps(c.ErrOrStderr(), "report")
	defer bar.close()
	config.Progress = func(step, steps int, about string) {
		bar.text = about
		bar.set(int64(step), int64(steps))
	}
	r, err := report.Build(c.Context(), in, config)
	bar.close()
	if errors.Is(err, referral.ErrNoClass) && f.rest == "" {
		return fmt.Errorf("%w; --rest gives hospitals in no network a class", err)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", sourceName(path), err)
	}
	if err := writeTo(c, f.out, r.WriteHTML); err != nil {
		return err
	}
	if f.gate.allowSmall {
		return say(c.ErrOrStderr(), "%s: counts of 1 to 4 are shown as they are (--allow-small): not for publication", sourceName(path))
	}
	return nil
}

// reportConfig gives what the flags say of the report as a whole.
func (f *reportFlags) reportConfig(c *cobra.Command) (report.Config, error) {
	lang, err := chart.ParseLanguage(f.lang)
	if err != nil {
		return report.Config{}, &usageError{err}
	}
	if !(f.confidence > 0 && f.confidence < 1) {
		return report.Config{}, usagef("confidence %v: expected a probability between 0 and 1", f.confidence)
	}
	if f.level != referral.LevelNetwork && f.level != referral.LevelHospital {
		return report.Config{}, usagef("level %q: expected network or hospital", f.level)
	}
	config := report.Config{
		Title: f.title, Lang: lang, AllowSmall: f.gate.allowSmall, Level: f.confidence, Version: moduleVersion(),
	}
	if f.made != "" {
		if config.Made, err = network.ParseDate(f.made); err != nil {
			return config, &usageError{err}
		}
	}
	c.Flags().Visit(func(x *pflag.Flag) {
		if x.Name != "output" && x.Name != "made" { // where it is written changes nothing in it
			config.Options = append(config.Options, "--"+x.Name+"="+x.Value.String())
		}
	})
	return config, nil
}

// moduleVersion is the version of the program; "(devel)" outside a release.
func moduleVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		return cmp.Or(info.Main.Version, "(devel)")
	}
	return "(devel)"
}

// input reads the extract or the flow table, and what belongs to it.
func (f *reportFlags) input(c *cobra.Command, path string) (report.Input, error) {
	in := report.Input{Name: sourceName(path)}
	if f.norm != "" {
		x, err := strconv.ParseFloat(f.norm, 64)
		if err != nil || !(x > 0) || x > 1e9 {
			return in, usagef("norm %q: expected patients a year, such as 20", f.norm)
		}
		in.Norm = x
	}
	stdin := bufio.NewReaderSize(c.InOrStdin(), 1<<16)
	kind := asTable
	_, statErr := os.Stat(path)
	embedded := path != "-" && errors.Is(statErr, fs.ErrNotExist)
	if !embedded {
		var err error
		if kind, err = kindOfFile(path, stdin); err != nil {
			return in, err
		}
	}
	var err error
	if kind == asTable {
		err = f.readFlows(c, path, embedded, stdin, &in)
	} else {
		err = f.readEvents(c, path, stdin, &in)
	}
	if err != nil {
		return in, err
	}
	return in, f.centersOf(&in)
}

// readEvents reads an extract.
func (f *reportFlags) readEvents(c *cobra.Command, path string, stdin io.Reader, in *report.Input) error {
	rule, attributes, err := f.rules()
	if err != nil {
		return err
	}
	config, err := f.config(path, attributes)
	if err != nil {
		return err
	}
	in.Snapshot = config.Log.Within
	if rule.Partition, err = f.partition(in.Snapshot); err != nil {
		return err
	}
	config.Log.Strict, config.Log.Source, config.Log.Synthetic = !f.refused, cmp.Or(f.source, sourceName(path)), f.synthetic
	sum := sha256.New()
	if path == "-" {
		stdin = io.TeeReader(stdin, sum)
	}
	in.Rule = rule
	if in.Log, _, err = readExtract(c, path, stdin, config); err != nil {
		return err
	}
	if err := hasOrigins(in.Log, rule, path); err != nil {
		return err
	}
	in.SHA256, err = hashOf(c, path, sum)
	return err
}

// readPlain reads a flow table whose labels are taken as they are written.
func (f *reportFlags) readPlain(c *cobra.Command, path string, stdin io.Reader) (*referral.Table, error) {
	meta := referral.Meta{Title: f.title, Level: f.level, Source: cmp.Or(f.source, sourceName(path)), Synthetic: f.synthetic}
	if err := meta.Unit.UnmarshalText([]byte(f.unit)); err != nil {
		return nil, &usageError{err}
	}
	if f.period != "" {
		var err error
		if meta.Period, err = network.ParsePeriod(f.period); err != nil {
			return nil, &usageError{err}
		}
	}
	return readTable(c, stdin, referral.TableConfig{File: path, Meta: meta, Retained: f.retained, Windows1252: f.windows1252})
}

// readFlows reads a flow table, or takes an embedded one.
func (f *reportFlags) readFlows(c *cobra.Command, path string, embedded bool, stdin io.Reader, in *report.Input) error {
	sum := sha256.New()
	if path == "-" {
		stdin = io.TeeReader(stdin, sum)
	}
	var t *referral.Table
	var err error
	if f.landscape == withoutLandscape && !embedded {
		t, err = f.readPlain(c, path, stdin)
	} else {
		t, in.Snapshot, err = f.readPlaced(c, path, stdin)
	}
	if err != nil {
		return err
	}
	if f.tumor != "" || f.modality != "" {
		if t, err = t.Filter(referral.Selection{Tumor: f.tumor, Modality: f.modality}); err != nil {
			return err
		}
	}
	in.Table = t
	if embedded {
		return nil
	}
	in.SHA256, err = hashOf(c, path, sum)
	return err
}

// readPlaced reads a flow table whose classes are in the landscape.
func (f *reportFlags) readPlaced(c *cobra.Command, path string, stdin io.Reader) (*referral.Table, *network.Snapshot, error) {
	l, err := openLandscape(landscapeDir(f.landscape))
	if err != nil {
		return nil, nil, err
	}
	m := mapFlags{
		level: f.level, partition: f.partitionName, title: f.title, unit: f.unit, source: cmp.Or(f.source, sourceName(path)), period: f.period,
		retained: f.retained, rest: f.rest, synthetic: f.synthetic, date: f.date, windows1252: f.windows1252,
	}
	c.SetIn(stdin)
	return m.table(c, path, l)
}

// landscapeDir is the folder of the landscape; empty for the embedded one.
func landscapeDir(name string) string {
	if name == withoutLandscape {
		return ""
	}
	return name
}

// hashOf gives the hash of an input, of which sum has seen what came from
// standard input.
func hashOf(c *cobra.Command, path string, sum hash.Hash) (string, error) {
	if path != "-" {
		r, err := input(c, path)
		if err != nil {
			return "", err
		}
		defer r.Close()
		if _, err := io.Copy(sum, r); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// centersOf finds the expert centers; none if none are asked for.
func (f *reportFlags) centersOf(in *report.Input) error {
	d := &f.designated
	if d.disease == "" && len(d.centers) == 0 {
		return nil
	}
	var err error
	if len(d.centers) == 0 {
		if in.Designations, err = d.query(d.body); err != nil {
			return err
		}
	}
	why := behind("report", in.Name, in.Snapshot, f.gate)
	in.Centers, err = d.list(in.Snapshot, &why)
	return err
}
