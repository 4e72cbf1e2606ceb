// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/oncoref/oncoref/internal/delimited"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/coverage"
	"github.com/oncoref/oncoref/referral/siting"
)

// whatIfFlags are the flags of "oncoref whatif".
type whatIfFlags struct {
	resultFlags
	classFlags
	landscape, date, rule, shares, after string
	retained, period                     string
	closed, targets, keep                []string
	beta, detour, norm                   float64
	minutes, windows1252                 bool
}

// moveRules are the values of --rule.
var moveRules = []siting.Rule{siting.Nearest, siting.Proportional, siting.Gravity, siting.Shares}

func newWhatIf() *cobra.Command {
	var f whatIfFlags
	c := &cobra.Command{
		Use:   "whatif FLOWS --close H",
		Short: "Work out what changes if hospitals stop or care is concentrated",
		Long: `Whatif moves the patients of hospitals that stop, and says how many they are,
how much further they travel, and what volumes follow. FLOWS is a flow table of
hospitals, as "oncoref flows --by hospital" writes it. Rules:

  nearest        to the target nearest to where they came first
  proportional   as the other patients of their hospital of first visit
  gravity        by volume and distance, exp(-beta * distance)
  matrix         as the parts of --shares say

The supra-regional share is that of patients treated outside the networks of the
hospital of their first visit, the Herfindahl index that of all treatment over
hospitals: both before and after.

Nothing else changes: capacity, waiting time and where patients come first are
not in it. Counts of 1 to 4 are taken as bounds, so that results are bounds; the
rules proportional and gravity then have no result. --allow-small uses the
counts themselves.`,
		Example: `  oncoref whatif flows.csv --close BRAVIS --rule nearest
  oncoref whatif flows.csv --keep AVL,RADBOUDUMC,ERASMUSMC --norm 10 --period 2016-2021
  oncoref whatif flows.csv --close LUMC --rule gravity --beta 0.02 --allow-small --format csv
  oncoref whatif flows.csv --close HMC --rule matrix --shares shares.csv --after after.csv --why`,
		Args: exactly(1, "one flow table of hospitals"),
		RunE: func(c *cobra.Command, args []string) error { return f.run(c, args[0]) },
	}
	f.resultFlags.add(c)
	f.classFlags.add(c, referral.LevelNetwork, "networks of the supra-regional share: network, province or a partition of the landscape, such as head-neck")
	p := c.Flags()
	p.StringVar(&f.landscape, "landscape", "", "folder with the landscape's CSV files (default: the embedded Dutch landscape)")
	p.StringVar(&f.date, "date", "", "day of the landscape "+dateUsage)
	p.StringSliceVar(&f.closed, "close", nil, "hospitals that stop")
	p.StringSliceVar(&f.keep, "keep", nil, "hospitals in which care is concentrated: all others stop, and these are the targets")
	p.StringSliceVar(&f.targets, "targets", nil, "hospitals that may receive the patients (default: all that do not stop)")
	p.StringVar(&f.rule, "rule", siting.Nearest.String(), "nearest, proportional, gravity or matrix")
	p.Float64Var(&f.beta, "beta", 0.02, "of gravity: per km, or per minute")
	p.StringVar(&f.shares, "shares", "", "of matrix: CSV with origin, target and share")
	p.BoolVar(&f.minutes, "minutes", false, "travel times instead of kilometers; distances.csv has them")
	p.Float64Var(&f.detour, "detour", 1, "roads over great circles")
	p.Float64Var(&f.norm, "norm", 0, "patients a year that a hospital should treat")
	p.StringVar(&f.period, "period", "", "years of the table, for the norm, such as 2016-2021 (default: what the table says)")
	p.StringVar(&f.after, "after", "", "file for the flow table after the change")
	p.StringVar(&f.retained, "retained", "geen", "word in the destination column that means: not referred")
	p.BoolVar(&f.windows1252, "windows-1252", false, "the file is in Windows-1252, not UTF-8")
	return c
}

func (f *whatIfFlags) run(c *cobra.Command, path string) error {
	format, err := f.check()
	if err != nil {
		return err
	}
	rule := slices.IndexFunc(moveRules, func(r siting.Rule) bool { return r.String() == f.rule })
	switch {
	case rule < 0:
		return usagef("rule %q: expected nearest, proportional, gravity or matrix", f.rule)
	case (len(f.closed) == 0) == (len(f.keep) == 0):
		return usagef("whatif needs either --close or --keep")
	case len(f.keep) > 0 && len(f.targets) > 0:
		return usagef("--keep names the targets already")
	case (f.shares != "") != (moveRules[rule] == siting.Shares):
		return usagef("--shares goes with --rule matrix")
	case !(f.norm >= 0) || math.IsInf(f.norm, 1) || !(f.detour >= 1) || math.IsInf(f.detour, 1):
		return usagef("--norm %v and --detour %v: expected at least 0, and at least 1", f.norm, f.detour)
	}
	s, err := landscapeOn(f.landscape, f.date)
	if err != nil {
		return err
	}
	t, err := readTable(c, bufio.NewReaderSize(c.InOrStdin(), 1<<16), referral.TableConfig{
		File: path, Meta: referral.Meta{Level: referral.LevelHospital}, Retained: f.retained, Within: s, Windows1252: f.windows1252,
	})
	if err != nil {
		return err
	}
	years, err := f.years(t)
	if err != nil {
		return err
	}
	if t, err = f.pass(c, sourceName(path), t); err != nil {
		return err
	}
	change := siting.Change{Close: f.closed, Targets: f.targets, Rule: moveRules[rule], Beta: f.beta, Distance: f.distance(s.Landscape())}
	if len(f.keep) > 0 {
		change.Close, change.Targets = closedBut(t, f.keep), f.keep
	}
	if f.shares != "" {
		if change.Shares, err = readShares(c, f.shares); err != nil {
			return err
		}
	}
	change.Norm, change.Years = f.norm, years
	if change.Groups, err = f.networks(c, s, t); err != nil {
		return err
	}
	e, err := siting.WhatIf(t, change)
	if err != nil {
		return err
	}
	if e.After == nil {
		remark(c, "rule %s needs counts, and the table has bounds for counts of 1 to 4; --allow-small uses the counts", f.rule)
	} else if f.after != "" {
		if err := writeTo(c, f.after, func(w io.Writer) error { return e.After.WriteCSV(w, referral.WriteConfig{}) }); err != nil {
			return err
		}
	}
	why := f.reasons(path, s, e, change, years)
	if e.Groups != "" {
		why.Rules["networks"] = e.Groups + ", hospitals of several: " + f.double
	}
	rows := f.effectRows(e, &why)
	return f.write(c, format, rows, why)
}

// closedBut gives the hospitals that treat patients and are not kept.
func closedBut(t *referral.Table, keep []string) []string {
	var out []string
	for f := range t.Flows() {
		for _, h := range f.Members {
			if f.Cell.Hi > 0 && !referral.Beside(h) && !slices.Contains(keep, h) && !slices.Contains(out, h) {
				out = append(out, h)
			}
		}
	}
	return out
}

func (f *whatIfFlags) unit() string {
	if f.minutes {
		return "min"
	}
	return "km"
}

func (f *whatIfFlags) distance(l *network.Landscape) func(from, to string) (float64, error) {
	return func(from, to string) (float64, error) {
		d, err := l.Distance(from, to)
		switch {
		case err != nil:
			return 0, err
		case f.minutes:
			return d.Minutes, nil
		case d.Method == network.MethodGreatCircle:
			return d.Km * f.detour, nil
		}
		return d.Km, nil
	}
}

// years is how many years the table is about; 0 if that is not known.
func (f *whatIfFlags) years(t *referral.Table) (int, error) {
	p := t.Meta().Period
	if f.period != "" {
		var err error
		if p, err = network.ParsePeriod(f.period); err != nil {
			return 0, &usageError{err}
		}
	}
	if p.From.IsZero() || p.To.IsZero() {
		if f.norm > 0 {
			return 0, usagef("--norm is a number a year: --period must say which years the table is about")
		}
		return 0, nil
	}
	return p.To.Year() - p.From.Year() + 1, nil
}

func (f *whatIfFlags) reasons(path string, s *network.Snapshot, e siting.Effect, c siting.Change, years int) reasons {
	r := behind("whatif", sourceName(path), s, f.gate)
	r.Synthetic = e.Before.Meta().Synthetic
	r.list(coverage.NewList("stopped", e.Closed...), nil)
	if c.Targets != nil {
		r.list(coverage.NewList("targets", c.Targets...), nil)
	}
	r.Rules["moved_by"], r.Rules["unit"] = e.Rule.String(), f.unit()
	if e.Rule == siting.Gravity {
		r.Rules["beta"] = fmt.Sprint(f.beta)
	}
	if f.norm > 0 {
		r.norm(chosenNorm(f.norm), "")
		r.Rules["years"] = fmt.Sprint(years)
	}
	r.Notes = append(r.Notes, fmt.Sprintf("distances that are not supplied are great circles, times %v", f.detour))
	for _, m := range e.Moves {
		r.Moves = append(r.Moves, moveRecord{m.Origin, m.From, m.To, m.Part, m.Patients.Lo, finite(m.Patients.Hi), m.Extra})
	}
	return r
}

// readShares reads the parts of a matrix of targets by origin.
func readShares(c *cobra.Command, path string) (map[string]map[string]float64, error) {
	in, err := input(c, path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	const origin, target, share = "origin", "target", "share"
	columns := []string{origin, target, share}
	r, err := delimited.NewReader(in, delimited.Config{File: path, Known: columns, Required: columns})
	if err != nil {
		return nil, err
	}
	out := map[string]map[string]float64{}
	for {
		w, err := r.Next()
		if errors.Is(err, io.EOF) {
			return out, nil
		} else if err != nil {
			return nil, err
		}
		v, ok, err := w.Float(share)
		if err != nil {
			return nil, err
		}
		if !ok || v < 0 || v > 1 {
			return nil, w.Err(share, "a part from 0 to 1")
		}
		o, to := strings.Clone(w.Text(origin)), strings.Clone(w.Text(target))
		if out[o] == nil {
			out[o] = map[string]float64{}
		}
		if _, twice := out[o][to]; twice {
			return nil, w.Err(target, "one line for each origin and target")
		}
		out[o][to] = v
	}
}
