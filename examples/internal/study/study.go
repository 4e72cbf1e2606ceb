// SPDX-License-Identifier: Apache-2.0

// Package study is what the examples of single tumors share: read a published
// table, print who refers to whom, draw the map.
package study

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/oncoref/oncoref/graph/structure"
	"github.com/oncoref/oncoref/graph/viz"
	"github.com/oncoref/oncoref/internal/output"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/chart"
	"github.com/oncoref/oncoref/referral/flow"
	"github.com/oncoref/oncoref/seeds"
)

// Study is one published table and the name of the files made from it.
type Study struct {
	Dataset string // a name that seeds.Table knows
	Name    string // of the files, without extension
}

// Main runs a study as a program: flag -o names the folder for the pictures,
// -lang their language. It ends the process with status 1 if anything fails.
func Main(s Study) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	out := flag.String("o", "out", "folder for the pictures")
	lang := flag.String("lang", "en", "language of the pictures: en or nl")
	flag.Parse()
	if err := s.Run(ctx, os.Stdout, *out, *lang); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// Run prints the table to w and writes NAME.svg, NAME.png and NAME.dot to the
// folder out.
func (s Study) Run(ctx context.Context, w io.Writer, out, lang string) error {
	language, err := chart.ParseLanguage(lang)
	if err != nil {
		return err
	}
	table, err := seeds.Table(s.Dataset)
	if err != nil {
		return err
	}
	if err := Print(w, table); err != nil {
		return err
	}
	landscape, err := seeds.Landscape()
	if err != nil {
		return err
	}
	drawing, err := chart.FlowMap(table, landscape.On(table.Meta().Period.To), chart.FlowMapConfig{Page: chart.Page{Lang: language}})
	if err != nil {
		return err
	}
	for _, format := range []viz.Format{viz.SVG, viz.PNG, viz.DOT} {
		path := filepath.Join(out, s.Name+format.Extension())
		o := viz.Options{Title: drawing.Name, Lang: lang}
		if err := output.DrawingFile(ctx, path, drawing, o); err != nil {
			return err
		}
		if _, err := fmt.Fprintln(w, "wrote", filepath.ToSlash(path)); err != nil {
			return err
		}
	}
	return nil
}

// Print writes what a presence-only table says about each network and about
// all of them together.
func Print(w io.Writer, table *referral.Table) error {
	meta := table.Meta()
	p := printer{w: tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)}
	p.line("%s", meta.Title)
	p.line("Period %s. Source: %s.", meta.Period, meta.Source)
	p.line("The source says which destinations occur, not how many %s go there.\n", meta.Unit)

	out := map[string]string{}
	for _, origin := range flow.OutDegree(table) {
		out[origin.Scope] = count(origin.Result)
	}
	p.line("network\trefers to\tdestinations\treferred to by\tever a destination")
	for _, class := range flow.InDegree(table) {
		p.line("%s\t%s\t%s\t%s\t%s", class.Scope, destinations(table, class.Scope), cmp.Or(out[class.Scope], "no row"),
			count(class.Result), ever(class.Result))
	}
	p.line("")
	if err := p.totals(table); err != nil {
		return err
	}
	for _, note := range meta.Notes {
		p.line("Note: %s", note)
	}
	return p.flush()
}

// totals prints what holds for the graph as a whole.
func (p *printer) totals(table *referral.Table) error {
	flows, retained := 0, 0
	for f := range table.Flows() {
		if f.Retained() {
			retained++
		} else {
			flows++
		}
	}
	p.line("Flows between networks: %d. Networks that treat some of their own patients: %d.", flows, retained)
	hubs, most := hubs(table)
	p.line("Hub: %s, with referrals from %d of the %d other networks that have a row.", strings.Join(hubs, ", "), most, len(table.Origins())-1)
	merged, names, err := mergeSets(table)
	if err != nil {
		return err
	}
	if len(names) > 0 {
		p.line("The source names some destinations together; from here on these are one: %s.", strings.Join(names, ", "))
	}
	g, err := merged.Graph(referral.Presence)
	if err != nil {
		return err
	}
	p.line("Reciprocity: %.3f of these %d flows have a flow back.", structure.Reciprocity(g), g.Loopless().Size())
	components := structure.StronglyConnected(g)
	_, largest := components.Largest()
	p.line("Strongly connected components: %d; the largest has %d of %d networks.", components.Count, largest, g.Len())
	return nil
}

// mergeSets joins networks that the source names together into one, so that
// every flow has one destination.
func mergeSets(table *referral.Table) (*referral.Table, []string, error) {
	labels := map[string]string{}
	var names []string
	for _, class := range table.Classes() {
		labels[class] = class
	}
	for f := range table.Flows() {
		if !f.SetValued() || slices.Contains(names, f.Destination) {
			continue
		}
		names = append(names, f.Destination)
		for _, member := range f.Members {
			labels[member] = f.Destination
		}
	}
	if len(names) == 0 {
		return table, nil, nil
	}
	partition, err := network.NewPartition("merged", labels)
	if err != nil {
		return nil, nil, err
	}
	merged, err := table.Aggregate(partition)
	return merged, names, err
}

// hubs are the classes with the most referring classes.
func hubs(table *referral.Table) (names []string, most int) {
	for _, class := range flow.InDegree(table) {
		switch n := int(class.Lo); {
		case n > most:
			names, most = []string{class.Scope}, n
		case n == most:
			names = append(names, class.Scope)
		}
	}
	return names, most
}

func destinations(table *referral.Table, origin string) string {
	var names []string
	for f := range table.Flows() {
		if f.Origin == origin && !f.Retained() {
			names = append(names, f.Destination)
		}
	}
	if names == nil {
		return "-"
	}
	return strings.Join(names, ", ")
}

// count prints a number of networks, or its bounds.
func count(r referral.Result) string {
	switch {
	case r.Status == referral.Undefined:
		return "unknown"
	case r.Lo == r.Hi:
		return fmt.Sprintf("%.0f", r.Lo)
	}
	return fmt.Sprintf("%.0f to %.0f", r.Lo, r.Hi)
}

func ever(r referral.Result) string {
	switch {
	case r.Lo > 0:
		return "yes"
	case r.Hi > 0:
		return "perhaps"
	}
	return "no"
}

// printer remembers the first error, so that printing reads as text.
type printer struct {
	w   *tabwriter.Writer
	err error
}

func (p *printer) line(format string, a ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format+"\n", a...)
	}
}

func (p *printer) flush() error {
	if p.err != nil {
		return p.err
	}
	return p.w.Flush()
}
