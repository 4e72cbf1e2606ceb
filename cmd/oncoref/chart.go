// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/oncoref/oncoref/graph/viz"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/chart"
	"github.com/oncoref/oncoref/referral/inference"
	"github.com/oncoref/oncoref/referral/source"
	"github.com/oncoref/oncoref/seeds"
)

// chartFlags are the flags of "oncoref chart".
type chartFlags struct {
	mapFlags
	classFlags
	centerFlags
	interval                 intervalFlags
	subtitle, modality       string
	mapping, regions, weight string
	columns, events, notes   []string
	width, height, norm      float64
	count, days              int
	columnsOfPage            int
	survival, refused        bool
	seed                     uint64
}

// chartKind is a figure.
type chartKind struct {
	name, input, about string
	inputs             [2]int // least and most; -1 for any number
	draw               func(*figure) (*viz.Drawing, error)
}

// What a figure is made of.
const (
	ofTables  = "flow table"
	ofExtract = "extract"
	ofEither  = "extract or flow table of hospitals"
	ofNothing = "landscape"
)

// chartKinds are the figures, by what they are made of.
func chartKinds() []chartKind {
	list := []chartKind{
		{"flow-map", ofTables, "flows on the map", [2]int{1, 1}, (*figure).flowMap},
	}
	list = append(list, tableFigures()...)
	list = append(list, extractFigures()...)
	return append(list, mapFigures()...)
}

func newChart() *cobra.Command {
	var f chartFlags
	var b strings.Builder
	var names []string
	for _, k := range chartKinds() {
		names = append(names, k.name)
		fmt.Fprintf(&b, "  %-18s %-36s %s\n", k.name, k.about, k.input)
	}
	c := &cobra.Command{
		Use:   "chart KIND [INPUT...]",
		Short: "Draw a figure of a flow table or an extract",
		Long: `Chart draws one figure. KIND is one of these, made of what stands behind it:

` + b.String() + `
A flow table is a file, "-" or the name of an embedded dataset, as for "oncoref
map"; an extract is as for "oncoref flows". Counts of 1 to 4 are hidden in
figures as they are elsewhere. Figures are wide enough for A4 and as high as they
need; no text is smaller than 7 points.`,
		Example: `  oncoref chart flow-map iknl-2023-fig-5.2-penile-cancer -o penile.svg
  oncoref chart destination-shares flows.csv --interval wilson -o shares.pdf
  oncoref chart heat-map flows.csv --lang nl -o table.png
  oncoref chart volumes extract.csv --modality surgery --norm 20 -o volumes.svg
  oncoref chart referral-classes extract.csv --centers AVL --modality surgery -o classes.svg
  oncoref chart time-to-treatment extract.csv --days 180 -o waits.svg
  oncoref chart difference before.csv after.csv --landscape mylandscape -o change.svg
  oncoref chart landscape --partition head-neck -o landscape.svg`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usagef("chart needs a kind of figure: %s", strings.Join(names, ", "))
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error { return f.run(c, args[0], args[1:]) },
		ValidArgsFunction: func(_ *cobra.Command, args []string, start string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveDefault
			}
			var out []string
			for _, k := range chartKinds() {
				if strings.HasPrefix(k.name, start) {
					out = append(out, cobra.CompletionWithDesc(k.name, k.about))
				}
			}
			return out, cobra.ShellCompDirectiveNoFileComp
		},
	}
	f.mapFlags.add(c, "svg, png, pdf or dot")
	f.centerFlags.add(c)
	f.interval.add(c, inference.Wilson.String())
	p := c.Flags()
	p.StringVar(&f.by, "by", "", "of extracts and heat maps: groups of hospitals, by network, province or a partition of the landscape")
	p.StringVar(&f.double, "double", network.SetValued.String(), "hospitals of several networks: set-valued or primary")
	p.StringVar(&f.subtitle, "subtitle", "", "line below the title (default: what the figure shows)")
	p.StringArrayVar(&f.notes, "note", nil, "line at the foot; may be repeated")
	p.Float64Var(&f.width, "width", 0, "of the page in points (default: 595, as A4)")
	p.Float64Var(&f.height, "height", 0, "of the page in points (default: as the content needs)")
	p.StringVar(&f.modality, "modality", "", "kind of treatment, such as surgery, for volumes and referral classes")
	p.StringVar(&f.mapping, "mapping", "", "YAML file that says how the extract names things")
	p.StringArrayVar(&f.columns, "column", nil, `a column of the extract and what it is here, as "pseudonym=patient"; may be repeated`)
	p.StringArrayVar(&f.events, "event", nil, `a code of the extract and what it is here, as "OK=surgery"; may be repeated`)
	p.BoolVar(&f.refused, "allow-refused", false, "go on without the rows of an extract that are wrong")
	p.Float64Var(&f.norm, "norm", 0, "of volumes: patients a year")
	p.IntVar(&f.days, "days", 0, "of waits: last day drawn (default: the last that a curve reaches)")
	p.BoolVar(&f.survival, "kaplan-meier", false, "of waits: who is not yet treated, as if nobody died waiting")
	p.IntVarP(&f.count, "count", "p", 8, "of the frontier: most centers")
	p.StringVar(&f.regions, "regions", "", "of the frontier: CSV of regions, as for oncoref locate")
	p.StringVar(&f.weight, "weight", "population", "of the frontier: what a region weighs: population, cases or region")
	p.IntVar(&f.maxFlows, "max-flows", 60, "draw at most this many of the largest flows; the figure says what is left out")
	p.IntVar(&f.columnsOfPage, "columns", 0, "of flow-maps: panels beside each other (default: as fit best)")
	p.Uint64Var(&f.seed, "seed", 0, "of a heat map: seed of the search for communities")
	return c
}

func (f *chartFlags) run(c *cobra.Command, name string, inputs []string) error {
	var kind *chartKind
	var names []string
	for _, k := range chartKinds() {
		names = append(names, k.name)
		if k.name == name {
			kind = &k
		}
	}
	if kind == nil {
		return usagef("chart %q: expected %s%s", name, strings.Join(names, ", "), meant(name, names))
	}
	if n := len(inputs); n < kind.inputs[0] || kind.inputs[1] >= 0 && n > kind.inputs[1] {
		many := map[[2]int]string{{0, 0}: "no input", {1, 1}: "one " + kind.input, {2, 2}: "two of: " + kind.input, {1, -1}: "one or more of: " + kind.input}
		return usagef("chart %s takes %s, got %d", name, many[kind.inputs], n)
	}
	format, err := f.outputFormat()
	if err != nil {
		return &usageError{err}
	}
	for _, in := range inputs {
		if sameFile(in, f.out) {
			return usagef("output %s is the input", f.out)
		}
	}
	if f.maxFlows < 1 || f.days < 0 || f.count < 1 || !(f.norm >= 0) {
		return usagef("--max-flows, --count, --days and --norm: expected at least 1, 1, 0 and 0")
	}
	f.classFlags.rest = f.mapFlags.rest
	ctx, cancel := context.WithTimeout(c.Context(), f.timeout)
	defer cancel()
	c.SetContext(ctx)
	g := &figure{chartFlags: f, c: c, inputs: inputs}
	if g.page, err = f.settings(); err != nil {
		return err
	}
	if g.landscape, err = openLandscape(f.landscape); err != nil {
		return err
	}
	d, err := kind.draw(g)
	if errors.Is(err, chart.ErrConfig) {
		return &usageError{err}
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return f.draw(c, d, format)
}

// settings are those of the page.
func (f *chartFlags) settings() (chart.Page, error) {
	lang, err := chart.ParseLanguage(f.lang)
	if err != nil {
		return chart.Page{}, &usageError{err}
	}
	p := chart.Page{
		Title: f.title, Subtitle: f.subtitle, Source: f.source, Lang: lang, Width: f.width, Height: f.height, Synthetic: f.synthetic, Notes: f.notes,
		AllowSmall: f.gate.allowSmall,
	}
	if f.period != "" {
		if p.Period, err = network.ParsePeriod(f.period); err != nil {
			return p, &usageError{err}
		}
	}
	return p, nil
}

// figure is a figure in the making.
type figure struct {
	*chartFlags
	c         *cobra.Command
	inputs    []string
	landscape *network.Landscape
	page      chart.Page
}

// flows reads a flow table and its landscape.
func (g *figure) flows(i int) (*referral.Table, *network.Snapshot, error) {
	t, s, err := g.passed(g.c, g.inputs[i], g.landscape)
	if err != nil {
		return nil, nil, err
	}
	m := t.Meta()
	g.page.Synthetic = g.page.Synthetic || m.Synthetic
	g.page.Source = cmp.Or(g.page.Source, m.Source)
	return t, s, nil
}

// extractFlags are the same flags as those of other commands that read extracts.
func (g *figure) extract() *extractFlags {
	return &extractFlags{
		landscape: g.mapFlags.landscape, date: g.date, mapping: g.mapping, columns: g.columns, events: g.events,
		windows1252: g.windows1252, duplicates: "by-seq",
	}
}

// log reads an extract, and the landscape it is in.
func (g *figure) log(in *bufio.Reader) (*referral.Log, *network.Snapshot, error) {
	x := g.extract()
	config, err := x.config(g.inputs[0], nil)
	if err != nil {
		return nil, nil, err
	}
	config.Log.Strict = !g.refused
	config.Log.Synthetic = g.synthetic
	l, err := g.readLog(in, config)
	if err != nil {
		return nil, nil, err
	}
	g.page.Synthetic = g.page.Synthetic || l.Synthetic()
	g.page.Source = cmp.Or(g.page.Source, sourceName(filepath.Base(g.inputs[0])))
	if g.page.Period.From.IsZero() {
		g.page.Period = l.Period()
	}
	if g.gate.allowSmall {
		err = g.gate.open(g.c, sourceName(g.inputs[0]))
	}
	return l, config.Log.Within, err
}

func (g *figure) readLog(in *bufio.Reader, config source.Config) (*referral.Log, error) {
	l, _, err := readExtract(g.c, g.inputs[0], in, config)
	if err != nil {
		return nil, err
	}
	return (&tumorFlag{g.tumor}).ofTumor(l)
}

// stdin is standard input, of which the start can be looked at.
func (g *figure) stdin() *bufio.Reader { return bufio.NewReaderSize(g.c.InOrStdin(), 1<<16) }

// isTable tells whether the input is a flow table.
func (g *figure) isTable(in *bufio.Reader) (bool, error) {
	if _, err := os.Stat(g.inputs[0]); g.inputs[0] != "-" && errors.Is(err, fs.ErrNotExist) {
		if m, err := seeds.Find(g.inputs[0]); err == nil {
			return m.Kind == seeds.FlowTable, nil
		}
	}
	kind, err := kindOfFile(g.inputs[0], in)
	return kind == asTable, err
}

func (g *figure) flowMap() (*viz.Drawing, error) {
	t, s, err := g.flows(0)
	if err != nil {
		return nil, err
	}
	return chart.FlowMap(t, s, chart.FlowMapConfig{Page: g.page, MaxFlows: g.maxFlows})
}
