// SPDX-License-Identifier: Apache-2.0

// Command supraregional shows where patients of each network are treated, how
// sure that is, and what of it may be published. It is meant to be copied.
//
//	go run ./examples/supraregional -in myextract.csv -o out
//
// Without an extract it makes one up. Counts of real patients below 5 are
// never printed.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/oncoref/oncoref/internal/output"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/disclosure"
	"github.com/oncoref/oncoref/referral/flow"
	"github.com/oncoref/oncoref/referral/inference"
	"github.com/oncoref/oncoref/referral/simulate"
	"github.com/oncoref/oncoref/referral/source"
	"github.com/oncoref/oncoref/seeds"
)

func main() {
	in := flag.String("in", "", "extract with one row for each event or treatment (default: a made-up one)")
	out := flag.String("o", "", "folder for supraregional.csv, the table as it may be published")
	flag.Parse()
	if err := run(context.Background(), os.Stdout, *in, *out); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, w io.Writer, in, out string) error {
	landscape, err := seeds.Landscape()
	if err != nil {
		return err
	}
	hospitals := landscape.On(network.NewDate(2021, time.December, 31))
	figure, err := seeds.Table("iknl-2023-fig-5.2-penile-cancer")
	if err != nil {
		return err
	}
	events, err := read(ctx, in, hospitals, figure)
	if err != nil {
		return err
	}
	networks, err := hospitals.Partition(network.PartitionConfig{})
	if err != nil {
		return err
	}
	table, err := events.Table(referral.Rule{Partition: networks, Title: "Treated outside the network of the first visit"})
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "Treated outside the network of the first visit: percent of the patients of an")
	fmt.Fprintln(w, "origin, with the bounds of what is not known and the 95 % Wilson interval in")
	fmt.Fprintln(w, "parentheses. An interval is about the process, not about a sample.")
	fmt.Fprintln(w)
	hidden, err := suppress(ctx, w, table)
	if err != nil {
		return err
	}
	if out != "" {
		if err := output.WriteFile(filepath.Join(out, "supraregional.csv"), func(f io.Writer) error {
			return hidden.WriteCSV(f, referral.WriteConfig{})
		}); err != nil {
			return err
		}
	}
	shown := column{"figure 5.2", figure}
	if !table.Meta().Synthetic {
		return errors.Join(write(w, column{"suppressed", hidden}, shown), report(ctx, w, table, column{"suppressed", hidden}))
	}
	// Of patients who do not exist the counts may stand beside what hides them.
	// Of real ones publish one table only: two say more than each.
	rounding, err := disclosure.Round(ctx, table, disclosure.RoundConfig{})
	if err != nil {
		return err
	}
	rounded, err := rounding.Table()
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "SYNTHETIC: no patient of the columns counted, suppressed and rounded exists.")
	columns := []column{{"counted", table}, {"suppressed", hidden}, {"rounded", rounded}}
	return errors.Join(write(w, append(columns, shown)...), report(ctx, w, table, columns...), losses(ctx, w, table))
}

// read reads the extract, or makes one up.
func read(ctx context.Context, in string, hospitals *network.Snapshot, figure *referral.Table) (*referral.Log, error) {
	c := referral.LogConfig{Within: hospitals}
	if in != "" {
		l, quality, err := source.ReadFile(ctx, in, source.Config{Log: c})
		if err == nil && quality.Refused > 0 {
			fmt.Fprintln(os.Stderr, quality)
		}
		return l, err
	}
	preset, err := simulate.Preset(simulate.PresetPenileCancer, hospitals, figure)
	if err != nil {
		return nil, err
	}
	preset.Period.From = network.NewDate(2016, time.January, 1)
	registry, err := simulate.New(preset)
	if err != nil {
		return nil, err
	}
	c.Synthetic = true
	l, _, err := referral.ReadLog(ctx, registry.Rows(referral.LayoutEvents), c)
	return l, err
}

// suppress returns the table as it may be published: small counts, and what
// would give them away, known only as what a reader can work out. Totals that
// cannot be published with it are left out, as the library advises.
func suppress(ctx context.Context, w io.Writer, t *referral.Table) (*referral.Table, error) {
	s, err := disclosure.Suppress(ctx, t, disclosure.Config{})
	if err != nil {
		return nil, err
	}
	for _, a := range s.Advice { // none unless not protectable
		if a.Drop == 0 {
			continue
		}
		fmt.Fprintf(w, "With all totals %d numbers cannot be protected: published without those of %s.\n", len(s.Exposed), margins(a.Drop))
		if s, err = disclosure.Suppress(ctx, t, disclosure.Config{Drop: a.Drop}); err != nil {
			return nil, err
		}
		break
	}
	return s.Table(true)
}

func margins(m disclosure.Margins) string {
	var list []string
	for _, x := range []struct {
		disclosure.Margins
		name string
	}{{disclosure.RowTotals, "origins"}, {disclosure.ColumnTotals, "destinations"}, {disclosure.GrandTotal, "the table"}} {
		if m&x.Margins != 0 {
			list = append(list, x.name)
		}
	}
	return strings.Join(list, " and ")
}

// column is a table with a heading.
type column struct {
	heading string
	*referral.Table
}

// write prints the shares of the tables side by side, for the flows that a
// table lists.
func write(w io.Writer, columns ...column) error {
	type place struct{ origin, destination string }
	cells := map[place][]string{}
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprint(out, "origin\tdestination")
	for i, c := range columns {
		fmt.Fprintf(out, "\t%s", c.heading)
		listed := map[place]bool{}
		for f := range c.Flows() {
			listed[place{f.Origin, f.Destination}] = f.Cell.Hi > 0
		}
		shares, err := inference.OfShares(append(flow.OriginShares(c.Table), flow.SupraRegional(c.Table)), inference.Config{})
		if err != nil {
			return err
		}
		for _, s := range shares {
			at := place{s.Origin, label(s.Destination)}
			switch {
			case s.Origin == "":
				at = place{"~ all", "another network"}
			case !listed[place{s.Origin, s.Destination}], c.heading == "rounded" && cells[at] == nil:
				continue
			}
			if cells[at] == nil {
				cells[at] = make([]string, len(columns))
			}
			cells[at][i] = text(s)
		}
	}
	fmt.Fprintln(out)
	for _, p := range slices.SortedFunc(maps.Keys(cells), func(a, b place) int {
		return cmp.Or(cmp.Compare(a.origin, b.origin), cmp.Compare(a.destination, b.destination))
	}) {
		fmt.Fprintln(out, strings.Join(append([]string{strings.TrimPrefix(p.origin, "~ "), p.destination}, cells[p]...), "\t"))
	}
	return out.Flush()
}

// label writes the members of a set-valued class in order: tables differ in it.
func label(class string) string {
	members := strings.Split(class, " / ")
	slices.Sort(members)
	return strings.Join(members, " / ")
}

// text is a share in percent.
func text(e inference.Estimate) string {
	if e.Status == referral.OK {
		return fmt.Sprintf("%.0f (%.0f-%.0f)", 100*e.Value, 100*e.Interval.Lo, 100*e.Interval.Hi)
	}
	return fmt.Sprintf("%.0f-%.0f (%.0f-%.0f)", 100*e.Lo, 100*e.Hi, 100*e.Interval.Lo, 100*e.Interval.Hi)
}

// report prints what a reader can work out of each table, and of all together.
func report(ctx context.Context, w io.Writer, truth *referral.Table, columns ...column) error {
	fmt.Fprintln(w)
	var all disclosure.Release
	for i, c := range columns {
		if c.Table == truth {
			continue // its counts are all there to read
		}
		var one disclosure.Release
		if err := errors.Join(one.Publish(c.heading, c.Table, truth), all.Publish(c.heading, c.Table, truth)); err != nil {
			return err
		}
		if err := audit(ctx, w, &one, c.heading); err != nil {
			return err
		}
		if i > 1 {
			if err := all.Sum(c.heading, columns[i-1].heading); err != nil {
				return err
			}
			return audit(ctx, w, &all, "both together")
		}
	}
	return nil
}

func audit(ctx context.Context, w io.Writer, r *disclosure.Release, name string) error {
	a, err := r.Audit(ctx, disclosure.Config{})
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "Audit, %s: %s; %d numbers hidden, %d of them not protected.\n", name, a.Verdict, len(a.Findings), len(a.Failed()))
	return nil
}

// losses prints what each method costs.
func losses(ctx context.Context, w io.Writer, t *referral.Table) error {
	list, err := disclosure.Compare(ctx, t, disclosure.Config{}, disclosure.RoundConfig{})
	if err != nil {
		return err
	}
	fmt.Fprintln(w)
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(out, "method\tcells hidden\tpatients in them\ttotals hidden\tclasses merged\tmean width\tnarrowest")
	for _, l := range list {
		if !l.Possible {
			fmt.Fprintf(out, "%s\tno way\t\t\t\t\t\n", l.Method)
			continue
		}
		fmt.Fprintf(out, "%s\t%d\t%d\t%d\t%d\t%.1f\t%.0f\n", l.Method, l.Cells, l.Patients, l.Totals, l.Classes, l.Width, l.Narrowest)
	}
	return out.Flush()
}
