// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"

	"github.com/oncoref/oncoref/internal/small"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// each is the value of a filter that makes a slice of every value instead.
const each = "each"

// flowsFlags are the flags of "oncoref flows".
type flowsFlags struct {
	extractFlags
	gate gate
	classFlags
	rule, origin               string
	tumor, period, modality    string
	where                      []string
	withoutInstitutes, refused bool
	out, format, layout, title string
	synthetic                  bool
}

func newFlows() *cobra.Command {
	var f flowsFlags
	c := &cobra.Command{
		Use:   "flows EVENTS",
		Short: "Make a flow table of an extract",
		Long: `Flows counts the patients of an extract by where they came first and where they
were treated. The rules by which this is decided stand in the table.

EVENTS has one row for each event or each treatment: CSV or TSV, also
compressed, a spreadsheet, a Parquet file, or "-" for standard input. Rows that
are wrong stop the command, unless --allow-refused is given; "oncoref check"
shows them. Counts of 1 to 4 are written as the interval from 1 to 4, which all
other commands understand; --allow-small writes them as they are. Tables of
several years, tumors or levels can be subtracted from each other: what goes out
together is a matter for "oncoref disclose".`,
		Example: `  oncoref flows extract.csv --by network -o flows.csv
  oncoref flows extract.csv --tumor sarcoma --period 2016-2021 --modality surgery
  oncoref flows extract.csv --by hospital --period year --layout long --format json
  oncoref simulate --tumor penile-cancer | oncoref flows - --format table --layout matrix`,
		Args: exactly(1, "one extract"),
		RunE: func(c *cobra.Command, args []string) error { return f.run(c, args[0]) },
	}
	f.extractFlags.add(c)
	f.gate.add(c)
	f.classFlags.add(c, referral.LevelNetwork, "what the classes are: network, hospital, province or a partition of the landscape, such as head-neck")
	f.addRules(c)
	p := c.Flags()
	p.StringVarP(&f.out, "output", "o", "-", `file to write; "-" is standard output`)
	p.StringVar(&f.format, "format", "csv", "csv, json or table")
	p.StringVar(&f.layout, "layout", "long", "of csv and table: long or matrix")
	p.StringVar(&f.title, "title", "", "title of the table")
	p.BoolVar(&f.synthetic, "synthetic", false, "the data are made up, though the file does not say so")
	return c
}

// addRules adds the flags that say which cases count and how.
func (f *flowsFlags) addRules(c *cobra.Command) {
	p := c.Flags()
	p.StringVar(&f.rule, "rule", "any-outside", "place of treatment: any-outside, first, last or fractional")
	p.StringVar(&f.origin, "origin", "first-visit", "origin: first-visit or diagnosis")
	p.StringVar(&f.tumor, "tumor", "", `only this tumor, or "each" for a slice of every tumor`)
	p.StringVar(&f.period, "period", "", `only cases that begin in this period, such as 2016-2021; several with commas, or "year", for slices`)
	p.StringVar(&f.modality, "modality", "", `only treatments of this kind, or "each" for a slice of every kind`)
	p.StringArrayVar(&f.where, "where", nil, `only cases with a value in another column, as "stage=IV"; may be repeated`)
	p.BoolVar(&f.withoutInstitutes, "without-institutes", false, "radiotherapy and proton institutes do not count as places of treatment")
	p.BoolVar(&f.refused, "allow-refused", false, "go on without the rows that are wrong")
}

func (f *flowsFlags) run(c *cobra.Command, path string) error {
	write, err := tableWriter(f.format, f.layout, f.gate)
	if err != nil {
		return err
	}
	rule, attributes, err := f.rules()
	if err != nil {
		return err
	}
	config, err := f.config(path, attributes)
	if err != nil {
		return err
	}
	if rule.Partition, err = f.partition(config.Log.Within); err != nil {
		return err
	}
	config.Log.Strict, config.Log.Source, config.Log.Synthetic = !f.refused, sourceName(path), f.synthetic
	log, q, err := readExtract(c, path, bufio.NewReaderSize(c.InOrStdin(), 1<<16), config)
	if err != nil {
		return err
	}
	if err := hasOrigins(log, rule, path); err != nil {
		return err
	}
	t, err := log.Table(rule)
	if errors.Is(err, referral.ErrNoClass) && f.rest == "" {
		return fmt.Errorf("%w; --rest gives hospitals in no network a class", err)
	}
	if err != nil {
		return err
	}
	if t, err = f.gate.pass(c, sourceName(path), t); err != nil {
		return err
	}
	if err := writeTo(c, f.out, func(w io.Writer) error { return write(w, t) }); err != nil {
		return err
	}
	return remarks(c.ErrOrStderr(), path, q)
}

// hasOrigins refuses a rule whose origin no event of the extract can tell: a
// table in which everybody comes from an unknown place is no answer.
func hasOrigins(l *referral.Log, r referral.Rule, path string) error {
	if r.Origin == referral.Diagnosis && !slices.Contains(l.Kinds(), referral.KindDiagnosis) {
		return fmt.Errorf("%s: origin diagnosis: expected events of the kind %q, but there are none", sourceName(path), referral.KindDiagnosis)
	}
	return nil
}

// sourceName is how a table names the extract it is made of.
func sourceName(path string) string {
	if path == "-" {
		return "standard input"
	}
	return path
}

// remarks says on standard error what a reader of the table must know.
func remarks(w io.Writer, path string, q referral.Quality) error {
	n := q.Decided(referral.Repaired) + q.Decided(referral.Noted) + q.LeftOut + q.Refused
	if n == 0 {
		return nil
	}
	return say(w, "%s: %d remarks on rows (refused %d, left out %d, repaired %d, noted %d); see oncoref check",
		sourceName(path), n, q.Refused, q.LeftOut, q.Decided(referral.Repaired), q.Decided(referral.Noted))
}

// rules gives the rule that the flags describe and the further columns that it
// looks at.
func (f *flowsFlags) rules() (referral.Rule, []string, error) {
	r := referral.Rule{Title: f.title}
	if err := r.Destination.UnmarshalText([]byte(strings.ReplaceAll(f.rule, "-", "_"))); err != nil || f.rule == "" {
		return r, nil, usagef("rule %q: expected any-outside, first, last or fractional", f.rule)
	}
	if err := r.Origin.UnmarshalText([]byte(strings.ReplaceAll(f.origin, "-", "_"))); err != nil || f.origin == "" {
		return r, nil, usagef("origin %q: expected first-visit or diagnosis", f.origin)
	}
	if r.ByTumor = f.tumor == each; !r.ByTumor {
		r.Tumor = f.tumor
	}
	if r.ByModality = f.modality == each; !r.ByModality {
		r.Modality = f.modality
	}
	if f.withoutInstitutes {
		r.WithoutTypes = []network.HospitalType{network.TypeRadiotherapy, network.TypeProton}
	}
	var attributes []string
	for _, w := range f.where {
		name, value, ok := strings.Cut(w, "=")
		if !ok || name == "" {
			return r, nil, usagef("--where %q: expected COLUMN=VALUE", w)
		}
		r.Where = append(r.Where, referral.Condition{Attribute: name, Value: value})
		attributes = append(attributes, name)
	}
	return r, attributes, f.periods(&r)
}

func (f *flowsFlags) periods(r *referral.Rule) error {
	if f.period == "year" {
		r.ByYear = true
		return nil
	}
	if f.period == "" {
		return nil
	}
	var list []network.Period
	for s := range strings.SplitSeq(f.period, ",") {
		p, err := network.ParsePeriod(strings.TrimSpace(s))
		if err != nil {
			return &usageError{err}
		}
		list = append(list, p)
	}
	if len(list) == 1 {
		r.Period = list[0]
		return nil
	}
	r.Slices = list
	return nil
}

// tableWriter gives the function that writes a table in a format.
func tableWriter(format, layoutName string, g gate) (func(io.Writer, *referral.Table) error, error) {
	layout := referral.Long
	switch layoutName {
	case "long":
	case "matrix":
		layout = referral.Matrix
	default:
		return nil, usagef("layout %q: expected long or matrix", layoutName)
	}
	switch format {
	case "csv":
		return func(w io.Writer, t *referral.Table) error {
			return t.WriteCSV(w, referral.WriteConfig{Layout: layout})
		}, nil
	case "json":
		return func(w io.Writer, t *referral.Table) error { return writeTableJSON(w, t, g) }, nil
	case "table":
		return func(w io.Writer, t *referral.Table) error { return printTable(w, t, layout) }, nil
	}
	return nil, usagef("format %q: expected csv, json or table", format)
}

// flowRecord is one cell of a table in the JSON output.
type flowRecord struct {
	Origin      string   `json:"origin"`
	Destination string   `json:"destination"`
	Members     []string `json:"members,omitempty"` // of a set-valued destination
	Retained    bool     `json:"retained"`
	Tumor       string   `json:"tumor,omitempty"`
	Period      string   `json:"period,omitempty"`
	Modality    string   `json:"modality,omitempty"`
	State       string   `json:"state"`
	Lower       float64  `json:"lower"`
	Upper       *float64 `json:"upper"` // null: no upper bound
}

// tableRecord is a table in the JSON output.
type tableRecord struct {
	Title           string       `json:"title,omitempty"`
	Unit            string       `json:"unit"`
	Period          string       `json:"period,omitempty"`
	Tumor           string       `json:"tumor,omitempty"`
	Level           string       `json:"level"`
	Partition       string       `json:"partition,omitempty"`
	PartitionRule   string       `json:"partition_rule,omitempty"`
	OriginRule      string       `json:"origin_rule"`
	DestinationRule string       `json:"destination_rule"`
	Landscape       string       `json:"landscape,omitempty"`
	Source          string       `json:"source,omitempty"`
	Synthetic       bool         `json:"synthetic"`
	Notes           []string     `json:"notes,omitempty"`
	Flows           []flowRecord `json:"flows"`
	Totals          []flowRecord `json:"totals,omitempty"` // published sums; what they sum over is empty
}

func writeTableJSON(w io.Writer, t *referral.Table, g gate) error {
	m := t.Meta()
	for i, n := range m.Notes {
		m.Notes[i] = small.Gate{AllowSmall: g.allowSmall}.Note(n)
	}
	r := tableRecord{
		Title: m.Title, Unit: m.Unit.String(), Period: m.Period.String(), Tumor: m.Tumor, Level: m.Level, Partition: m.Partition,
		OriginRule: m.OriginRule.String(), DestinationRule: m.DestinationRule.String(), Landscape: m.Landscape, Source: m.Source,
		Synthetic: m.Synthetic, Notes: m.Notes, Flows: []flowRecord{},
	}
	if m.Partition != "" {
		r.PartitionRule = m.PartitionRule.String()
	}
	for f := range t.Slices() {
		x := flowRecord{
			Origin: f.Origin, Destination: f.Destination, Retained: f.Retained(), Tumor: f.Tumor, Period: f.Period.String(),
			Modality: f.Modality, State: f.Cell.State.String(), Lower: f.Cell.Lo,
		}
		if f.SetValued() {
			x.Members = f.Members
		}
		x.Upper = finite(f.Cell.Hi)
		r.Flows = append(r.Flows, x)
	}
	for _, f := range totalsOf(t) {
		r.Totals = append(r.Totals, flowRecord{
			Origin: f.Origin, Destination: f.Destination, State: f.Cell.State.String(), Lower: f.Cell.Lo, Upper: finite(f.Cell.Hi),
		})
	}
	return writeJSON(w, r)
}

// totalsOf lists the published totals of a table, by origin, by destination and
// of all.
func totalsOf(t *referral.Table) []referral.Flow {
	x := t.Totals()
	var list []referral.Flow
	for _, o := range slices.Sorted(maps.Keys(x.Origins)) {
		list = append(list, referral.Flow{Origin: o, Cell: x.Origins[o]})
	}
	for _, d := range slices.Sorted(maps.Keys(x.Destinations)) {
		list = append(list, referral.Flow{Destination: d, Cell: x.Destinations[d]})
	}
	if x.HasAll {
		list = append(list, referral.Flow{Cell: x.All})
	}
	return list
}

// totalWord stands where a table that is read or written has a total.
const totalWord = "total"

// printTable prints a table for reading.
func printTable(w io.Writer, t *referral.Table, layout referral.Layout) error {
	p := table.NewWriter()
	p.SetStyle(plainStyle())
	var right []table.ColumnConfig
	totals := totalsOf(t)
	if layout == referral.Matrix {
		destinations, origins := t.Destinations(), t.Origins()
		of := map[[2]string]string{}
		for _, f := range totals {
			of[[2]string{f.Origin, f.Destination}] = cellText(f.Cell)
		}
		head := table.Row{`origin\destination`}
		for _, d := range destinations {
			head = append(head, d)
		}
		if len(totals) > 0 {
			head = append(head, totalWord)
		}
		for i := range head[1:] {
			right = append(right, table.ColumnConfig{Number: i + 2, Align: text.AlignRight})
		}
		p.AppendHeader(head)
		for _, o := range origins {
			row := table.Row{o}
			for _, d := range destinations {
				row = append(row, cellText(t.Cell(o, d)))
			}
			p.AppendRow(append(row, of[[2]string{o, ""}])[:len(head)])
		}
		if len(totals) > 0 {
			row := table.Row{totalWord}
			for _, d := range append(destinations, "") {
				row = append(row, of[[2]string{"", d}])
			}
			p.AppendRow(row)
		}
	} else {
		p.AppendHeader(table.Row{"origin", "destination", "tumor", "period", "modality", "count"})
		p.SetColumnConfigs([]table.ColumnConfig{{Name: "count", Align: text.AlignRight}})
		for f := range t.Slices() {
			p.AppendRow(table.Row{f.Origin, f.Destination, f.Tumor, f.Period.String(), f.Modality, cellText(f.Cell)})
		}
		for _, f := range totals {
			p.AppendRow(table.Row{cmp.Or(f.Origin, totalWord), cmp.Or(f.Destination, totalWord), "", "", "", cellText(f.Cell)})
		}
	}
	if right != nil {
		p.SetColumnConfigs(right)
	}
	m := t.Meta()
	var err error
	if m.Level != "" {
		_, err = fmt.Fprintf(w, "%s by %s; origin %s, destination %s\n", m.Unit, m.Level, m.OriginRule, m.DestinationRule)
	}
	if err == nil && m.Synthetic {
		_, err = fmt.Fprintln(w, "SYNTHETIC DATA: made up, not about patients")
	}
	if err == nil {
		_, err = fmt.Fprintf(w, "\n%s\n", p.Render())
	}
	return err
}

func cellText(c referral.Cell) string {
	if c.Known() && c.State != referral.StructuralZero {
		return strconv.FormatFloat(c.Lo, 'f', -1, 64)
	}
	return c.String()
}
