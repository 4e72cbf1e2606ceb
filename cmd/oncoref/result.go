// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/oncoref/oncoref/internal/output"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/chart"
)

// outputFlags say how results are written, and what may be in them.
type outputFlags struct {
	gate
	format, out, lang string
}

func (f *outputFlags) add(c *cobra.Command) {
	f.gate.add(c)
	p := c.Flags()
	p.StringVar(&f.format, "format", "", "table, csv or json (default: the extension of the output file, else table)")
	p.StringVarP(&f.out, "output", "o", "-", `file to write; "-" is standard output`)
	p.StringVar(&f.lang, "lang", "en", "language of a table for reading: en or nl; csv and json have the same words in both")
}

// check gives the format; it comes before any reading.
func (f outputFlags) check() (string, error) {
	if _, err := chart.ParseLanguage(f.lang); err != nil {
		return "", &usageError{err}
	}
	return outputFormat(f.format, f.out)
}

// language is that of a table, which check has found to be one.
func (f outputFlags) language() chart.Language {
	lang, _ := chart.ParseLanguage(f.lang)
	return lang
}

// resultFlags are outputFlags for results that can be asked "why".
type resultFlags struct {
	outputFlags
	why bool
}

func (f *resultFlags) add(c *cobra.Command) {
	f.outputFlags.add(c)
	c.Flags().BoolVar(&f.why, "why", false, "write JSON with the result and what is behind it: lists, dates, norms and rules")
}

// check gives the format; it comes before any reading.
func (f resultFlags) check() (string, error) {
	if f.why && f.format != "" && f.format != "json" {
		return "", usagef("format %q: --why writes json", f.format)
	}
	format, err := f.outputFlags.check()
	if f.why {
		format = "json"
	}
	return format, err
}

// write writes the rows, or with --why the rows and what is behind them.
func (f resultFlags) write(c *cobra.Command, format string, rows []row, behind reasons) error {
	behind.Settings = settingsOf(c)
	intervals := slices.ContainsFunc(rows, func(r row) bool { return r.interval != nil })
	return writeTo(c, f.out, func(w io.Writer) error {
		if f.why {
			return writeJSON(w, explained{jsonRows(rows, behind.Synthetic), behind})
		}
		return writeRows(w, rows, rowStyle{format, intervals, behind.Synthetic, f.language()})
	})
}

// writeTo writes to a file, whole or not at all, or to standard output. What the
// command reads is not replaced: it may be the only copy of an extract.
func writeTo(c *cobra.Command, path string, write func(io.Writer) error) error {
	if path == "-" {
		return write(c.OutOrStdout())
	}
	if to, err := os.Stat(path); err == nil && to.Mode().IsRegular() {
		for _, arg := range c.Flags().Args() {
			if from, err := os.Stat(arg); err == nil && os.SameFile(from, to) {
				return usagef("output %q is the file that is read: name another one", path)
			}
		}
	}
	return output.WriteFile(path, write)
}

// outputFormat is that of results: the one asked for, or what the name of the
// file says.
func outputFormat(format, out string) (string, error) {
	if format == "" {
		format = "table"
		for _, ext := range []string{"csv", "json"} {
			if strings.HasSuffix(strings.ToLower(out), "."+ext) {
				format = ext
			}
		}
	}
	if !slices.Contains([]string{"table", "csv", "json"}, format) {
		return "", usagef("format %q: expected table, csv or json", format)
	}
	return format, nil
}

// readTable reads the flow table that config.File names, or one from in if that
// is "-".
func readTable(c *cobra.Command, in io.Reader, config referral.TableConfig) (*referral.Table, error) {
	if config.File != "-" {
		file, err := os.Open(config.File)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		in = file
	}
	return referral.ReadTable(c.Context(), in, config)
}

// remark tells the user something about the result.
func remark(c *cobra.Command, format string, a ...any) {
	fmt.Fprintf(c.ErrOrStderr(), "oncoref: "+format+"\n", a...)
}
