// SPDX-License-Identifier: Apache-2.0

// Command evaluation goes through an evaluation of referral patterns within and
// between networks from start to end, as the action plan for rare cancer asks
// for (activities 1, 8, 9 and 10): for each tumor group of the report of 2023 it
// answers each question with a number, an interval and bounds, or says why it
// cannot be answered. It is meant to be copied.
//
//	go run ./examples/evaluation -o out
//	go run ./examples/evaluation -in myextract.csv -lang nl -o out
//
// Without an extract the patients are made up where a model of published totals
// exists, and every file says so. Of an own extract no count of 1 to 4 is shown.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"

	"github.com/oncoref/oncoref/referral/chart"
)

// options are the flags.
type options struct {
	in, out  string
	language chart.Language
	seed     uint64
	small    bool
}

func main() {
	var o options
	lang := ""
	flag.StringVar(&o.in, "in", "", "extract with one row for each event or treatment (default: made-up ones)")
	flag.StringVar(&o.out, "o", "out", "folder for the files")
	flag.StringVar(&lang, "lang", "en", "language of text and pictures: en or nl")
	flag.Uint64Var(&o.seed, "seed", 1, "seed of everything that is drawn at random")
	flag.BoolVar(&o.small, "allow-small", false, "show counts of 1 to 4 of an own extract: not for publication")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var err error
	if o.language, err = chart.ParseLanguage(lang); err == nil {
		err = run(ctx, os.Stdout, o)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run makes all files, and names them.
func run(ctx context.Context, w io.Writer, o options) error {
	e, err := newEvaluation(ctx, o)
	if err != nil {
		return err
	}
	if err := e.write(ctx); err != nil {
		return err
	}
	files := []file{
		{"evaluation.md", func(w io.Writer) error {
			_, err := io.WriteString(w, e.front().text.String()+e.body.text.String())
			return err
		}},
		{"numbers.csv", e.body.writeNumbers},
	}
	files = append(files, e.flowFiles()...)
	for _, f := range append(files, e.drawn...) {
		if err := f.save(o.out); err != nil {
			return err
		}
		if _, err := fmt.Fprintln(w, "wrote", filepath.ToSlash(filepath.Join(o.out, f.name))); err != nil {
			return err
		}
	}
	return nil
}
