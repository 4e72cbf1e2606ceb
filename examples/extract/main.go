// SPDX-License-Identifier: Apache-2.0

// Command extract goes the whole way with an extract of a registry: quality
// report, flow table, a few measures, map. It is meant to be copied.
//
//	go run ./examples/extract -in myextract.csv -o out
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/oncoref/oncoref/graph/centrality"
	"github.com/oncoref/oncoref/graph/viz"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/chart"
	"github.com/oncoref/oncoref/referral/simulate"
	"github.com/oncoref/oncoref/referral/source"
	"github.com/oncoref/oncoref/seeds"
)

func main() {
	in := flag.String("in", "", "extract with one row for each event or treatment (default: a made-up one)")
	out := flag.String("o", "out", "folder for the files")
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
	if in == "" {
		in = filepath.Join(out, "extract.csv")
		if err := create(in, func(f io.Writer) error { return makeUp(ctx, f, hospitals) }); err != nil {
			return err
		}
	}
	// Reading checks. Hospitals that merged become what they are on that date.
	events, quality, err := source.ReadFile(ctx, in, source.Config{Log: referral.LogConfig{Within: hospitals, Source: filepath.Base(in)}})
	if err != nil {
		return err
	}
	fmt.Fprintln(w, quality)
	// From the network of the first visit to the first treatment outside it.
	networks, err := hospitals.Partition(network.PartitionConfig{})
	if err != nil {
		return err
	}
	table, err := events.Table(referral.Rule{Partition: networks, Title: "Where patients are treated"})
	if err != nil {
		return err
	}
	g, err := table.Graph(referral.Counts)
	if err != nil {
		return err
	}
	received := centrality.InStrength(g)
	fmt.Fprintf(w, "%-30s %9s %9s %9s\n", "network", "patients", "retained", "received")
	for _, label := range table.Origins() {
		in, _ := received.At(label)
		fmt.Fprintf(w, "%-30s %9s %9s %9g\n", label, table.OriginTotal(label), table.RetainedTotal(label), in)
	}
	// Counts of 1 to 4 may stand on a map of made-up patients only; flows.csv has all of them.
	drawing, err := chart.FlowMap(table, hospitals, chart.FlowMapConfig{Page: chart.Page{AllowSmall: table.Meta().Synthetic}})
	if err != nil {
		return err
	}
	dot, err := drawing.DOT()
	if err != nil {
		return err
	}
	return errors.Join(
		create(filepath.Join(out, "flows.csv"), func(f io.Writer) error { return table.WriteCSV(f, referral.WriteConfig{}) }),
		create(filepath.Join(out, "map.svg"), func(f io.Writer) error { return viz.RenderSVG(ctx, f, dot, viz.Options{}) }),
	)
}

// makeUp writes an extract of patients who do not exist.
func makeUp(ctx context.Context, f io.Writer, hospitals *network.Snapshot) error {
	shown, err := seeds.Table("iknl-2023-fig-5.2-penile-cancer")
	if err != nil {
		return err
	}
	c, err := simulate.Preset(simulate.PresetPenileCancer, hospitals, shown)
	if err != nil {
		return err
	}
	c.Period.From = network.NewDate(2016, time.January, 1)
	registry, err := simulate.New(c)
	if err != nil {
		return err
	}
	_, err = registry.Write(ctx, f, simulate.WriteConfig{})
	return err
}

func create(path string, write func(io.Writer) error) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}
