// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/oncoref/oncoref/internal/output"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/disclosure"
)

// The methods of "oncoref disclose".
const (
	bySuppression = "suppress"
	byRounding    = "round"
	byInterval    = "interval"
)

// discloseFlags are the flags of "oncoref disclose".
type discloseFlags struct {
	readFlags
	method, rounding, protect string
	threshold, base           int
	seed                      uint64
	seeded                    bool // the seed was given
	drop                      []string
	zeros, hideTotals, ranges bool
	present, complements      bool
	out, format, layout       string
	audit                     string
	losses                    bool
}

func newDisclose() *cobra.Command {
	var f discloseFlags
	c := &cobra.Command{
		Use:   "disclose FLOWS",
		Short: "Make a flow table safe to publish, with the audit that shows it",
		Long: `Disclose protects the small counts of a flow table and then attacks the result:
from all that will be published it works out what a reader can know of every
hidden count. A table that fails is not written; the exit status is 1 and the
advice says what would help.

  suppress   hides counts below the threshold, and as little else as keeps them
             hidden while all totals are published. Without more hidden cells a
             total less the other cells of its row would give the count away
  interval   publishes small counts as the range of small counts, and no total
             from which one could be worked out
  round      publishes every number as the range of counts that are rounded to
             the same multiple of --base

FLOWS has exact counts: it is the table before protection, as made by "oncoref
flows --allow-small". --protect says how wide a hidden count must stay: with 1-5
a reader can exclude neither 1 or less nor 5 or more.

The audit covers this table. Other tables of the same patients, such as those of
each year or each hospital, or this one protected in another way, and shares
printed beside it can be subtracted from it; audit these together with package
disclosure. Neither report nor messages
name a hidden count. The report may be published with the table, without
--losses: it names the hidden numbers, which the table shows as well, but not
which of them are small. Random rounding needs a --seed that nobody can guess and
that is kept secret: who knows it knows which numbers were rounded up, and two
tables of the same counts with different seeds average out.`,
		Example: `  oncoref flows extract.csv --allow-small | oncoref disclose - -o published.csv --audit audit.csv
  oncoref disclose flows.csv --threshold 10 --drop origins --ranges -o published.csv
  oncoref disclose flows.csv --method round --base 5 --format table
  oncoref disclose flows.csv --method interval --layout long -o published.csv`,
		Args: exactly(1, "one flow table"),
		RunE: func(c *cobra.Command, args []string) error {
			f.seeded = c.Flags().Changed("seed")
			return f.run(c, args[0])
		},
	}
	f.flags(c)
	p := c.Flags()
	p.StringVar(&f.method, "method", bySuppression, "suppress, round or interval")
	p.IntVar(&f.threshold, "threshold", disclosure.DefaultThreshold, "smallest count that is published")
	p.StringVar(&f.protect, "protect", "", `range that a reader must not be able to narrow, such as "1-5" (default: 1 to the threshold for suppress, to just below it otherwise)`)
	p.IntVar(&f.base, "base", disclosure.DefaultBase, "of rounding")
	p.StringVar(&f.rounding, "rounding", disclosure.Controlled.String(), "controlled, random or conventional; only controlled adds up")
	p.Uint64Var(&f.seed, "seed", 0, "secret seed of random rounding, which needs one")
	p.StringSliceVar(&f.drop, "drop", nil, "totals that suppress does not publish: origins, destinations, grand")
	p.BoolVar(&f.hideTotals, "hide-totals", false, "suppress may hide single totals too")
	p.BoolVar(&f.ranges, "ranges", false, "write what a reader can work out of a suppressed count in its place")
	p.BoolVar(&f.zeros, "zeros", false, "zeros are protected too")
	p.BoolVar(&f.present, "known-present", false, "readers know that a hidden count is not zero")
	p.BoolVar(&f.complements, "complements", false, "a count that leaves less than the threshold of its total is protected too")
	p.StringVarP(&f.out, "output", "o", "-", `file to write; "-" is standard output`)
	p.StringVar(&f.format, "format", "csv", "csv, json or table")
	p.StringVar(&f.layout, "layout", "long", "of csv and table: long or matrix")
	p.StringVar(&f.audit, "audit", "", "file for the report of the audit: .csv, .json, or text")
	p.BoolVar(&f.losses, "losses", false, "add to the report why each number is hidden, and what every other method would take away; both depend on the hidden counts: not for publication")
	return c
}

// readFlags say how a flow table is read.
type readFlags struct {
	retained, unit string
	windows1252    bool
}

func (f *readFlags) flags(c *cobra.Command) {
	p := c.Flags()
	p.StringVar(&f.retained, "retained", "geen", "word in the destination column that means: not referred")
	p.StringVar(&f.unit, "unit", "", "what is counted: patients, treatments or episodes")
	p.BoolVar(&f.windows1252, "windows-1252", false, "the file is in Windows-1252, not UTF-8")
}

// read reads a flow table by path, as it is: it has not passed the gate.
func (f *readFlags) read(c *cobra.Command, path string, m referral.Meta) (*referral.Table, error) {
	if err := m.Unit.UnmarshalText([]byte(f.unit)); err != nil {
		return nil, &usageError{err}
	}
	r, err := input(c, path)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return referral.ReadTable(c.Context(), r, referral.TableConfig{File: path, Meta: m, Retained: f.retained, Windows1252: f.windows1252})
}

func (f *discloseFlags) run(c *cobra.Command, path string) error {
	config, err := f.config()
	if err != nil {
		return err
	}
	rounding, err := f.roundConfig()
	if err != nil {
		return err
	}
	write, err := tableWriter(f.format, f.layout, gate{})
	if err != nil {
		return err
	}
	if sameFile(path, f.out) || sameFile(path, f.audit) {
		return usagef("an output is the input %s", path)
	}
	t, err := f.read(c, path, referral.Meta{})
	if err != nil {
		return err
	}
	bar := newSteps(c.ErrOrStderr(), "protecting")
	defer bar.close()
	bar.step()
	published, report, err := f.protectTable(c.Context(), t, config, rounding)
	if errors.Is(err, referral.ErrCell) {
		return fmt.Errorf("%s: %w; disclose needs the exact counts", path, err)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if report.Losses, err = f.lost(c.Context(), t, config, rounding); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	bar.close()
	if f.audit != "" {
		if err := output.WriteFile(f.audit, func(w io.Writer) error { return report.write(w, formatOf(f.audit)) }); err != nil {
			return err
		}
	}
	if err := report.summary(c.ErrOrStderr(), path, true); err != nil {
		return err
	}
	if report.Status != disclosure.Protected.String() {
		return fmt.Errorf("%s: not protectable in this way: nothing was written", path)
	}
	return writeTo(c, f.out, func(w io.Writer) error { return write(w, published) })
}

// config gives the protection asked for.
func (f *discloseFlags) config() (disclosure.Config, error) {
	c := disclosure.Config{
		Threshold: f.threshold, SuppressZero: f.zeros, HideMargins: f.hideTotals, KnownPresent: f.present, Complements: f.complements,
	}
	if !slices.Contains([]string{bySuppression, byRounding, byInterval}, f.method) {
		return c, usagef("method %q: expected suppress, round or interval", f.method)
	}
	if f.threshold < 2 {
		return c, usagef("threshold %d: expected 2 or more", f.threshold)
	}
	for _, name := range f.drop {
		switch name {
		case "origins":
			c.Drop |= disclosure.RowTotals
		case "destinations":
			c.Drop |= disclosure.ColumnTotals
		case "grand":
			c.Drop |= disclosure.GrandTotal
		default:
			return c, usagef("drop %q: expected origins, destinations or grand", name)
		}
	}
	if f.method != bySuppression {
		c.Lower, c.Upper = 1, f.threshold-1
	}
	if f.protect != "" {
		if n, err := fmt.Sscanf(f.protect, "%d-%d", &c.Lower, &c.Upper); n != 2 || err != nil || c.Lower < 0 || c.Upper < c.Lower ||
			fmt.Sprintf("%d-%d", c.Lower, c.Upper) != f.protect {
			return c, usagef("protect %q: expected two counts, such as 1-5", f.protect)
		}
	}
	return c, nil
}

func (f *discloseFlags) roundConfig() (disclosure.RoundConfig, error) {
	c := disclosure.RoundConfig{Base: f.base, Seed: f.seed}
	if f.base < 2 {
		return c, usagef("base %d: expected 2 or more", f.base)
	}
	for _, m := range []disclosure.RoundMethod{disclosure.Controlled, disclosure.Random, disclosure.Conventional} {
		if m.String() == f.rounding {
			if c.Method = m; m == disclosure.Random && f.method == byRounding && !f.seeded {
				return c, usagef("random rounding needs a --seed that is kept secret: who knows it can narrow every count")
			}
			return c, nil
		}
	}
	return c, usagef("rounding %q: expected controlled, random or conventional", f.rounding)
}

// protectTable gives the table to publish, nil if there is none, and the report
// of its audit.
func (f *discloseFlags) protectTable(ctx context.Context, t *referral.Table, c disclosure.Config, rc disclosure.RoundConfig) (*referral.Table, *auditReport, error) {
	r := &auditReport{reasons: f.losses, Method: f.method, Threshold: f.threshold, Lower: c.Lower, Upper: c.Upper, Status: disclosure.Protected.String()}
	var out *referral.Table
	var err error
	switch f.method {
	case bySuppression:
		if r.Lower, r.Upper = 1, f.threshold; f.protect != "" {
			r.Lower, r.Upper = c.Lower, c.Upper
		}
		s, err := disclosure.Suppress(ctx, t, c)
		if err != nil {
			return nil, nil, err
		}
		r.suppression(s)
		if s.Status != disclosure.Protected {
			return nil, r, nil
		}
		if out, err = s.Table(f.ranges); err != nil {
			return nil, nil, err
		}
	case byRounding:
		rounded, err := disclosure.Round(ctx, t, rc)
		if err != nil {
			return nil, nil, err
		}
		r.Method = fmt.Sprintf("round %s to %d", rounded.Method, rounded.Base)
		if out, err = rounded.Table(); err != nil {
			return nil, nil, err
		}
	default:
		if out, err = disclosure.Gate(t, c); err != nil {
			return nil, nil, err
		}
	}
	var release disclosure.Release
	if err := release.Publish("flows", out, t); err != nil {
		return nil, nil, err
	}
	a, err := release.Audit(ctx, c)
	if err != nil {
		return nil, nil, err
	}
	r.audit(a)
	return out, r, nil
}

// lost says what the method takes away, and with --losses what the others would.
func (f *discloseFlags) lost(ctx context.Context, t *referral.Table, c disclosure.Config, rc disclosure.RoundConfig) ([]lossRecord, error) {
	list, err := disclosure.Compare(ctx, t, c, rc)
	if errors.Is(err, disclosure.ErrGrid) || errors.Is(err, referral.ErrCell) {
		return nil, nil // the table is no grid: losses cannot be counted in its cells
	}
	own := map[string]string{bySuppression: "suppress", byInterval: "gate", byRounding: "round " + rc.Method.String()}[f.method]
	var out []lossRecord
	for _, l := range list {
		if f.losses || l.Method == own {
			out = append(out, lossRecord{Method: l.Method, Cells: l.Cells, Totals: l.Totals, Classes: l.Classes, Width: roughly(l.Width), Possible: l.Possible})
		}
	}
	return out, err
}

// adviceText says what would help.
func adviceText(a disclosure.Advice) string {
	var parts []string
	for _, m := range []struct {
		is   disclosure.Margins
		name string
	}{{disclosure.RowTotals, "origins"}, {disclosure.ColumnTotals, "destinations"}, {disclosure.GrandTotal, "grand"}} {
		if a.Drop&m.is != 0 {
			parts = append(parts, "--drop "+m.name)
		}
	}
	if len(a.Rows) > 0 {
		parts = append(parts, "take the origins "+strings.Join(a.Rows, " and ")+" as one")
	}
	if len(a.Columns) > 0 {
		parts = append(parts, "take the destinations "+strings.Join(a.Columns, " and ")+" as one")
	}
	return strings.Join(parts, ", ")
}
