// SPDX-License-Identifier: Apache-2.0

// Command catalogue computes the known measures on a shared example and writes
// them as {key: value}. Each key is one line that shows how to ask for the
// measure.
//
//	go run ./examples/catalogue -data testdata/catalogue -out values.json
//
// A value that is undefined is null, a pair is [lo, hi], and sets of classes are
// their names joined.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"

	"github.com/oncoref/oncoref/internal/output"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	data := flag.String("data", "testdata/catalogue", "folder with the example files")
	out := flag.String("out", "values.json", `file to write; "-" is standard output`)
	flag.Parse()
	err := run(ctx, os.DirFS(*data), *out)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "catalogue:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, data fs.FS, out string) error {
	v, err := compute(ctx, data)
	if err != nil {
		return err
	}
	write := func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		e.SetIndent("", " ")
		return e.Encode(v)
	}
	if out == "-" {
		return write(os.Stdout)
	}
	return output.WriteFile(out, write)
}

// values are the keys of the measures with what they come to.
type values map[string]any

// compute returns every value that the library can compute.
func compute(ctx context.Context, data fs.FS) (values, error) {
	x, err := readExample(ctx, data)
	if err != nil {
		return nil, err
	}
	v := values{}
	for _, group := range []func(context.Context, example, values) error{
		shares, balance, retentionAndAttraction, externalInternal, concentration, inequality, expert,
		gravityModel, travel, bypass,
		reciprocityAndHierarchy, expectation, margins, backbone, similarity, dominance,
		degreeAndStrength, paths, walks, cores, triangles,
		modularity, agreement, conductance, regions,
		routes, transitions, flowTables,
		freeman, referralClasses, involvement, access, hospitalVolumes, largest, lists, vulnerability, siting, whatIf,
		days, waiting, returns, layers, tissue, transit, continuity,
		proportions, rows, resampling, shrinkage, change, volumes, funnel,
		suppression, rounding,
		fromMargins, fromPresence, figures, fromIntervals, fromOneTotal,
	} {
		if err := group(ctx, x, v); err != nil {
			return nil, err
		}
	}
	return v, nil
}
