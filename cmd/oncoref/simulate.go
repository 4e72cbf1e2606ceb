// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/simulate"
	"github.com/oncoref/oncoref/seeds"
)

// figures names the dataset that shows which flows occur, by preset.
var figures = map[string]string{
	simulate.PresetPenileCancer: "iknl-2023-fig-5.2-penile-cancer",
	simulate.PresetEyeMelanoma:  "iknl-2023-fig-5.3-eye-melanoma",
}

// simulateFlags are the flags of "oncoref simulate".
type simulateFlags struct {
	tumor, layout, period, landscape, date, out string
	patients, faults                            int
	seed                                        uint64
	quiet                                       bool
	second                                      []string
	share                                       float64
}

func newSimulate() *cobra.Command {
	var f simulateFlags
	c := &cobra.Command{
		Use:   "simulate --tumor T",
		Short: "Make up a registry extract",
		Long: `Simulate writes a registry extract of patients who do not exist, in hospitals
that do. Every row says so in the column "synthetic", and whatever oncoref makes
of the file says so too.

For ` + strings.Join(simulate.Presets(), " and ") + ` it reproduces what is published: the number of
patients, the center's share where it is known, and which networks refer to
which. For any other tumor everything is assumed. What is published and what is
assumed is printed on standard error.

Nothing is hidden in the extract, since nobody is in it. What other commands
make of it hides small counts as it would those of a real one.

The same flags give the same bytes.`,
		Example: `  oncoref simulate --tumor penile-cancer -o extract.csv
  oncoref simulate --tumor eye-melanoma --layout treatments --seed 7 -o treatments.csv
  oncoref simulate --tumor sarcoma --patients 1000000 | oncoref check -
  oncoref simulate --tumor sarcoma --second vulva,anus --second-tumors 0.1 -o three.csv
  oncoref simulate --tumor penile-cancer --faults=3 -o bad.csv`,
		Args: exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error { return f.run(c) },
	}
	p := c.Flags()
	p.StringVar(&f.tumor, "tumor", "", "tumor; "+strings.Join(simulate.Presets(), " and ")+" are calibrated")
	p.IntVar(&f.patients, "patients", 0, "number of patients (default: the published total of the tumor, else 1000)")
	p.Uint64Var(&f.seed, "seed", 1, "seed of the random numbers")
	p.StringVar(&f.layout, "layout", referral.LayoutEvents.String(), "events: one row for each event; treatments: one row for each treatment")
	p.StringVar(&f.period, "period", "", "years of first visits, such as 2016-2021 (default: those of the published total, else 2016-2021)")
	p.IntVar(&f.faults, "faults", 0, "plant so many of each kind of fault and print their lines on standard error; 1 if no number is given")
	p.Lookup("faults").NoOptDefVal = "1"
	p.StringSliceVar(&f.second, "second", nil, "further tumors, of which the registry has patients too; some have two. For tumors that are not calibrated")
	p.Float64Var(&f.share, "second-tumors", 0.05, "share of those treated who get another tumor, with --second")
	p.StringVar(&f.landscape, "landscape", "", "folder with the landscape's CSV files (default: the embedded Dutch landscape)")
	p.StringVar(&f.date, "date", "", "day of the landscape whose hospitals occur "+dateUsage)
	p.StringVarP(&f.out, "output", "o", "-", `file to write; "-" is standard output`)
	p.BoolVarP(&f.quiet, "quiet", "q", false, "do not print what is published and what is assumed")
	return c
}

func (f simulateFlags) run(c *cobra.Command) error {
	layout := slices.IndexFunc([]referral.LogLayout{referral.LayoutEvents, referral.LayoutTreatments},
		func(l referral.LogLayout) bool { return l.String() == f.layout })
	switch {
	case f.tumor == "":
		return usagef("simulate needs --tumor, such as %s", strings.Join(simulate.Presets(), " or "))
	case layout < 0:
		return usagef("layout %q: expected events or treatments", f.layout)
	case f.patients < 0:
		return usagef("patients %d: expected a number of at least 1", f.patients)
	case !(f.share >= 0 && f.share <= 1):
		return usagef("--second-tumors %v: expected a share from 0 to 1", f.share)
	case f.faults < 0:
		return usagef("faults %d: expected a number of at least 0", f.faults)
	}
	config, err := f.config()
	if err != nil {
		return err
	}
	r, err := simulate.New(config)
	if err != nil {
		return err
	}
	if !f.quiet {
		if _, err := fmt.Fprint(c.ErrOrStderr(), r.Label()); err != nil {
			return err
		}
	}
	bar := newProgress(c.ErrOrStderr(), "patients")
	bar.counts = true
	defer bar.close()
	var sum simulate.Summary
	write := func(w io.Writer) error {
		var err error
		sum, err = r.Write(c.Context(), w, simulate.WriteConfig{
			Layout: referral.LogLayout(layout), Faults: f.faults, Progress: bar.set,
		})
		return err
	}
	err = writeTo(c, f.out, write)
	bar.close()
	if err != nil {
		return err
	}
	for _, p := range sum.Planted {
		if _, err := fmt.Fprintf(c.ErrOrStderr(), "line %d: %s\n", p.Line, p.Fault); err != nil {
			return err
		}
	}
	return nil
}

func (f simulateFlags) config() (simulate.Config, error) {
	s, err := landscapeOn(f.landscape, f.date)
	if err != nil {
		return simulate.Config{}, err
	}
	config, err := f.preset(s)
	if err != nil {
		return config, err
	}
	config.Seed = f.seed
	if f.patients > 0 {
		config.Patients = f.patients
	}
	if f.period != "" {
		if config.Period, err = network.ParsePeriod(f.period); err != nil {
			return config, &usageError{err}
		}
	}
	if len(f.second) > 0 && len(config.Label.Published) > 0 {
		return config, usagef("--second: %s is made as published, with one tumor; it goes with tumors of which everything is assumed", f.tumor)
	}
	for _, tumor := range f.second {
		config.Tumors = append(config.Tumors, simulate.Plain(tumor, s).Tumors...)
		config.SecondTumors = f.share
	}
	if len(config.Label.Published) > 0 && (f.patients > 0 || f.period != "") {
		config.Label.Assumed = append(config.Label.Assumed, "The number of patients or the period was chosen: the published total is not that of this registry.")
	}
	return config, nil
}

func (f simulateFlags) preset(s *network.Snapshot) (simulate.Config, error) {
	name := strings.ReplaceAll(f.tumor, "_", "-")
	figure, ok := figures[name]
	if !ok {
		return simulate.Plain(f.tumor, s), nil
	}
	shown, err := seeds.Table(figure)
	if err != nil {
		return simulate.Config{}, err
	}
	return simulate.Preset(name, s, shown)
}
