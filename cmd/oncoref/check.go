// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
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

// What a file can be checked as.
const (
	asEvents    = "events"
	asTable     = "table"
	asLandscape = "landscape"
)

// checkFlags are the flags of "oncoref check".
type checkFlags struct {
	extractFlags
	gate                                   gate
	as, format, level, partition, retained string
}

func newCheck() *cobra.Command {
	var f checkFlags
	c := &cobra.Command{
		Use:   "check FILE",
		Short: "Report the quality of an extract, a flow table or a landscape",
		Long: `Check reads a file as all other commands do and says what it found: how many
rows, and for every fault how often, what was done about it and on which lines
it stands first. No patient is named. Numbers of patients are given in ranges of
five if one of them, or what lies between two of them, is 1 to 4; numbers of rows
are about the file and are exact. The cells of a flow table are reported as the
other commands use them, with counts of 1 to 4 unknown.

FILE is one of these, told apart by itself:
  an extract     one row for each event or each treatment: CSV or TSV, also
                 compressed, a spreadsheet, a Parquet file, or "-"
  a flow table   as for "oncoref map"
  a landscape    a folder of CSV files

The exit status is 1 if rows were refused, or if the file cannot be read at
all. What was repaired or noted leaves it 0.`,
		Example: `  oncoref check extract.csv
  oncoref check extract.csv.gz --column pseudonym=patient --format csv
  oncoref check mylandscape`,
		Args: exactly(1, "one file or folder"),
		RunE: func(c *cobra.Command, args []string) error { return f.run(c, args[0]) },
	}
	f.add(c)
	f.gate.add(c)
	p := c.Flags()
	p.StringVar(&f.as, "as", "", "what the file is: events, table or landscape (default: found out)")
	p.StringVar(&f.format, "format", "table", "table, csv or json")
	p.StringVar(&f.level, "level", "network", "what the classes of a flow table are: network or hospital")
	p.StringVar(&f.partition, "partition", network.DefaultPartition, "partition that the networks of a flow table belong to")
	p.StringVar(&f.retained, "retained", "geen", "word in the destination column of a flow table that means: not referred")
	return c
}

// checkReport is what a check found, in the form of the JSON output.
type checkReport struct {
	File     string         `json:"file"`
	Kind     string         `json:"kind"`
	Facts    []checkFact    `json:"facts"`
	Findings []checkFinding `json:"findings"`
}

// checkFact is a number, or the range that is given in its place.
type checkFact struct {
	Name  string `json:"name"`
	Value *int64 `json:"value"`
	Lower int64  `json:"lower"`
	Upper int64  `json:"upper"`
}

func fact(name string, n int64) checkFact { return checkFact{name, &n, n, n} }

func (x checkFact) text() string {
	if x.Value != nil {
		return strconv.FormatInt(*x.Value, 10)
	}
	return fmt.Sprintf("%d-%d", x.Lower, x.Upper)
}

type checkFinding struct {
	Decision string  `json:"decision"`
	Fault    string  `json:"fault"`
	Count    int64   `json:"count"`
	Lines    []int64 `json:"first_lines,omitempty"`
	What     string  `json:"what,omitempty"` // names of hospitals or columns; never of patients
}

func (f *checkFlags) run(c *cobra.Command, path string) error {
	if !slices.Contains([]string{"table", "csv", "json"}, f.format) {
		return usagef("format %q: expected table, csv or json", f.format)
	}
	if !slices.Contains([]string{"", asEvents, asTable, asLandscape}, f.as) {
		return usagef("as %q: expected events, table or landscape", f.as)
	}
	if f.level != referral.LevelNetwork && f.level != referral.LevelHospital {
		return usagef("level %q: expected network or hospital", f.level)
	}
	in := bufio.NewReaderSize(c.InOrStdin(), 1<<16)
	as, err := f.kind(path, in)
	if err != nil {
		return err
	}
	var r checkReport
	var refused error
	switch as {
	case asLandscape:
		r, err = f.landscapeReport(path)
	case asTable:
		r, err = f.tableReport(c, path, in)
	default:
		r, refused, err = f.eventsReport(c, path, in)
	}
	if err != nil {
		return err
	}
	if err := r.write(c.OutOrStdout(), f.format); err != nil {
		return err
	}
	return refused
}

// kind finds out what a file is; it leaves standard input unread.
func (f *checkFlags) kind(path string, in *bufio.Reader) (string, error) {
	if f.as != "" {
		return f.as, nil
	}
	if path != "-" {
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			return asLandscape, nil
		}
	}
	return kindOfFile(path, in)
}

// kindOfFile tells whether a file, or standard input, is an extract or a flow
// table; it leaves standard input unread.
func kindOfFile(path string, in *bufio.Reader) (string, error) {
	if path == "-" {
		return kindOf(in), nil
	}
	r, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer r.Close()
	return kindOf(bufio.NewReader(r)), nil
}

// kindOf tells a flow table by its columns of origins and destinations; extracts
// do not have both.
func kindOf(r *bufio.Reader) string {
	head, _ := r.Peek(1 << 12) // a short file is no error here
	from, to := false, false
	line, _, _ := strings.Cut(strings.TrimLeft(strings.TrimPrefix(string(head), "\ufeff"), "\r\n"), "\n")
	for _, name := range strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(",;\t", r) }) {
		switch name = strings.ToLower(strings.Trim(name, " \r\"")); {
		case strings.HasPrefix(name, `origin\destination`):
			return asTable
		case name == "origin":
			from = true
		case name == "destination":
			to = true
		}
	}
	if from && to {
		return asTable
	}
	return asEvents
}

func (f *checkFlags) eventsReport(c *cobra.Command, path string, in io.Reader) (checkReport, error, error) {
	config, err := f.config(path, nil)
	if err != nil {
		return checkReport{}, nil, err
	}
	_, q, err := readExtract(c, path, in, config)
	if err != nil && !errors.Is(err, referral.ErrQuality) { // that no row can be used is what a report is for
		return checkReport{}, nil, err
	}
	r := checkReport{File: path, Kind: q.Layout.String(), Facts: []checkFact{
		fact("rows", q.Rows), fact("rows_in_the_log", q.Events), fact("copies_left_out", q.LeftOut), fact("rows_refused", q.Refused),
	}}
	r.Facts = append(r.Facts, f.gate.patients(q)...)
	for _, g := range q.Findings {
		r.Findings = append(r.Findings, checkFinding{Decision: g.Decision.String(), Fault: string(g.Fault), Count: g.Count, Lines: g.Lines})
	}
	if q.Refused > 0 {
		return r, fmt.Errorf("%s: %d of %d rows were refused", path, q.Refused, q.Rows), nil
	}
	return r, nil, nil
}

func (f *checkFlags) tableReport(c *cobra.Command, path string, in io.Reader) (checkReport, error) {
	s, err := f.snapshot()
	if err != nil {
		return checkReport{}, err
	}
	meta := referral.Meta{Level: f.level}
	if f.level == referral.LevelNetwork {
		meta.Partition = f.partition
	}
	t, err := readTable(c, in, referral.TableConfig{
		File: path, Meta: meta, Retained: f.retained, Within: s, OriginSets: true, Windows1252: f.windows1252,
	})
	if err != nil {
		return checkReport{}, err
	}
	hidden := int64(small.Cells(t))
	if t, err = f.gate.pass(c, path, t); err != nil {
		return checkReport{}, err
	}
	r := checkReport{File: path, Kind: "flow table"}
	var sets int64
	states := map[referral.State]int64{}
	for g := range t.Slices() {
		states[g.Cell.State]++
		if g.SetValued() {
			sets++
		}
	}
	r.Facts = []checkFact{
		fact("cells", int64(t.Len())), fact("classes", int64(len(t.Classes()))), fact("origins", int64(len(t.Origins()))),
		fact("destinations", int64(len(t.Destinations()))), fact("set_valued_cells", sets), fact("totals", int64(numberOfTotals(t))),
	}
	for state := referral.Zero; state <= referral.Missing; state++ {
		r.Facts = append(r.Facts, fact("cells_"+strings.ReplaceAll(state.String(), " ", "_"), states[state]))
	}
	r.noted(small.Reason, hidden, "counts of 1 to 4, which are not published")
	if t.Meta().Synthetic {
		r.noted("synthetic", int64(t.Len()), "made up, not about patients")
	}
	return r, nil
}

func (f *checkFlags) landscapeReport(path string) (checkReport, error) {
	if path == "-" {
		return checkReport{}, usagef("a landscape is a folder: give its path")
	}
	f.landscape = path
	s, err := f.snapshot()
	if err != nil {
		return checkReport{}, err
	}
	l := s.Landscape()
	r := checkReport{File: path, Kind: "landscape as on " + s.Date().String(), Facts: []checkFact{
		fact("hospitals", int64(len(l.Hospitals()))), fact("hospitals_on_the_date", int64(len(s.Hospitals()))),
		fact("networks", int64(len(l.Networks()))), fact("memberships", int64(len(l.Memberships()))),
		fact("successions", int64(len(l.Successions()))), fact("designations", int64(len(l.Designations()))),
		fact("norms", int64(len(l.Norms()))), fact("regions", int64(len(l.Regions()))), fact("tumors", int64(len(l.Tumors()))),
	}}
	var unplaced []string
	for _, h := range s.Hospitals() {
		if !h.Point.Known() {
			unplaced = append(unplaced, h.ID)
		}
	}
	r.list("no_coordinates", unplaced)
	for _, partition := range l.Partitions() {
		var several, none []string
		for _, h := range s.Hospitals() {
			switch len(s.NetworksOf(h.ID, partition)) {
			case 0:
				none = append(none, h.ID)
			case 1:
			default:
				several = append(several, h.ID)
			}
		}
		r.list("in_no_network_of_"+partition, none)
		r.list("in_several_networks_of_"+partition, several)
	}
	r.list("column_not_read", l.Ignored())
	return r, nil
}

func (r *checkReport) noted(fault string, n int64, what string) {
	if n > 0 {
		r.Findings = append(r.Findings, checkFinding{Decision: referral.Noted.String(), Fault: fault, Count: n, What: what})
	}
}

func (r *checkReport) list(fault string, names []string) {
	r.noted(fault, int64(len(names)), strings.Join(names, ", "))
}

// lines is the first lines of a finding as text.
func (g checkFinding) lines() string {
	var b strings.Builder
	for i, l := range g.Lines {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(strconv.FormatInt(l, 10))
	}
	if g.Count > int64(len(g.Lines)) && len(g.Lines) > 0 {
		b.WriteString(" ...")
	}
	return b.String()
}

func (r *checkReport) write(w io.Writer, format string) error {
	switch format {
	case "json":
		if r.Findings == nil {
			r.Findings = []checkFinding{}
		}
		return writeJSON(w, r)
	case "csv":
		rows := [][]string{{"file", "kind", "item", "decision", "count", "first_lines", "what"}}
		for _, x := range r.Facts {
			rows = append(rows, []string{guarded(r.File), r.Kind, x.Name, "", x.text(), "", ""})
		}
		for _, g := range r.Findings {
			rows = append(rows, []string{guarded(r.File), r.Kind, g.Fault, g.Decision, strconv.FormatInt(g.Count, 10), g.lines(), guarded(g.What)})
		}
		return csv.NewWriter(w).WriteAll(rows)
	}
	return r.print(w)
}

// shortened keeps the first names of a long list.
func shortened(list string) string {
	const shown = 8
	names := strings.Split(list, ", ")
	if len(names) <= shown {
		return list
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:shown], ", "), len(names)-shown)
}

// guarded keeps a spreadsheet from taking a text for a formula.
func guarded(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) && s != "-" {
		return "'" + s
	}
	return s
}

func (r *checkReport) print(w io.Writer) error {
	_, err := fmt.Fprintf(w, "%s: %s\n\n", r.File, r.Kind)
	facts := table.NewWriter()
	facts.SetStyle(plainStyle())
	facts.SetColumnConfigs([]table.ColumnConfig{{Number: 2, Align: text.AlignRight}})
	for _, x := range r.Facts {
		facts.AppendRow(table.Row{strings.ReplaceAll(x.Name, "_", " "), x.text()})
	}
	_, err2 := fmt.Fprintln(w, facts.Render())
	if len(r.Findings) == 0 {
		_, err3 := fmt.Fprintln(w, "\nNothing to report.")
		return errors.Join(err, err2, err3)
	}
	t := table.NewWriter()
	t.SetStyle(plainStyle())
	t.AppendHeader(table.Row{"decision", "fault", "count", "first lines"})
	t.SetColumnConfigs([]table.ColumnConfig{{Name: "count", Align: text.AlignRight}})
	for _, g := range r.Findings {
		last := g.lines()
		if g.What != "" {
			last = shortened(g.What)
		}
		t.AppendRow(table.Row{g.Decision, g.Fault, g.Count, last})
	}
	_, err3 := fmt.Fprintf(w, "\n%s\n", t.Render())
	return errors.Join(err, err2, err3)
}
