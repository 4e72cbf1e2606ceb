// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"

	"github.com/oncoref/oncoref/internal/output"
	"github.com/oncoref/oncoref/seeds"
)

func newSeeds() *cobra.Command {
	c := &cobra.Command{
		Use:   "seeds",
		Short: "The embedded datasets and their provenance",
		Long: `Seeds are public datasets that oncoref carries: flow tables that were published,
and the landscape of Dutch hospitals and oncology networks. Each says where it
comes from and what it is not fit for. A flow table can be named wherever a
command reads one.`,
		Example: `  oncoref seeds list
  oncoref seeds show iknl-2023-fig-5.2-penile-cancer
  oncoref map iknl-2023-fig-5.2-penile-cancer -o penile.svg
  oncoref seeds export nl-oncology-landscape-2023 -o mylandscape`,
		RunE: helpOrUnknown,
		Args: cobra.ArbitraryArgs,
	}
	c.AddCommand(newSeedsList(), newSeedsShow(), newSeedsExport())
	return c
}

func newSeedsList() *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:     "list",
		Short:   "List the datasets",
		Example: "  oncoref seeds list\n  oncoref seeds list --format json",
		Args:    exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			return listSeeds(c.OutOrStdout(), format)
		},
	}
	c.Flags().StringVar(&format, "format", "table", "table, csv or json")
	return c
}

func listSeeds(w io.Writer, format string) error {
	list := seeds.List()
	switch format {
	case "json":
		return writeJSON(w, list)
	case "csv":
		cw := csv.NewWriter(w)
		rows := [][]string{{"name", "kind", "rows", "title"}}
		for _, m := range list {
			rows = append(rows, []string{m.Name, string(m.Kind), strconv.Itoa(rowsOf(m)), m.Title})
		}
		return cw.WriteAll(rows)
	case "table":
		t := table.NewWriter()
		t.SetOutputMirror(w)
		t.SetStyle(plainStyle())
		t.AppendHeader(table.Row{"name", "kind", "rows", "title"})
		t.SetColumnConfigs([]table.ColumnConfig{{Name: "rows", Align: text.AlignRight}})
		for _, m := range list {
			t.AppendRow(table.Row{m.Name, m.Kind, rowsOf(m), m.Title})
		}
		t.Render()
		return nil
	}
	return usagef("format %q: expected table, csv or json", format)
}

// plainStyle has columns and no lines, so that a table pastes well.
func plainStyle() table.Style {
	s := table.StyleDefault
	s.Options = table.Options{SeparateHeader: false}
	s.Box.PaddingLeft, s.Box.PaddingRight = "", "  "
	s.Format.Header = text.FormatDefault
	return s
}

func rowsOf(m seeds.Manifest) int {
	n := 0
	for _, f := range m.Files {
		n += f.Rows
	}
	return n
}

func newSeedsShow() *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:     "show NAME",
		Short:   "Show where a dataset comes from and what it is not fit for",
		Example: "  oncoref seeds show iknl-2023-fig-5.2-penile-cancer",
		Args:    exactly(1, "the name of one dataset"),
		RunE: func(c *cobra.Command, args []string) error {
			m, err := seeds.Find(args[0])
			if err != nil {
				return err
			}
			switch format {
			case "json":
				return writeJSON(c.OutOrStdout(), m)
			case "text":
				return showSeed(c.OutOrStdout(), m)
			}
			return usagef("format %q: expected text or json", format)
		},
	}
	c.Flags().StringVar(&format, "format", "text", "text or json")
	return c
}

func showSeed(w io.Writer, m seeds.Manifest) error {
	var b strings.Builder
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%-12s %s\n", name, value)
		}
	}
	list := func(name string, values []string) {
		for _, v := range values {
			line(name, v)
			name = ""
		}
	}
	line("name", m.Name)
	line("title", m.Title)
	line("about", m.Description)
	line("kind", string(m.Kind))
	line("unit", m.Unit)
	line("period", strings.Trim(m.PeriodStart+" to "+m.PeriodEnd, " to"))
	line("geography", m.Geography)
	line("source", m.Citation)
	line("url", m.URL)
	line("published", m.Published)
	line("retrieved", m.Retrieved)
	line("license", m.License.Name)
	if m.Synthetic {
		line("SYNTHETIC", "made up, not about patients")
	}
	list("limits", m.KnownLimits)
	list("steps", m.Transform)
	for _, s := range m.Sources {
		line("also from", s.Citation+" ("+s.License.Name+")")
	}
	for _, f := range m.Files {
		line("file", fmt.Sprintf("%s, %d rows, SHA-256 %s", f.Path, f.Rows, f.SHA256))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func newSeedsExport() *cobra.Command {
	var dir string
	c := &cobra.Command{
		Use:     "export NAME",
		Short:   "Write the files of a dataset to a folder",
		Example: "  oncoref seeds export nl-oncology-landscape-2023 -o mylandscape",
		Args:    exactly(1, "the name of one dataset"),
		RunE: func(c *cobra.Command, args []string) error {
			m, err := seeds.Find(args[0])
			if err != nil {
				return err
			}
			return exportSeed(c.OutOrStdout(), m, dir)
		},
	}
	c.Flags().StringVarP(&dir, "output", "o", "", "folder to write to (default: the dataset's name)")
	return c
}

func exportSeed(w io.Writer, m seeds.Manifest, dir string) error {
	if dir == "" {
		dir = m.Name
	}
	paths := []string{"manifest.json"}
	for _, f := range m.Files {
		paths = append(paths, f.Path)
	}
	for _, p := range paths {
		to := filepath.Join(dir, filepath.FromSlash(p))
		if err := exportFile(m.Name+"/"+p, to); err != nil {
			return err
		}
		if _, err := fmt.Fprintln(w, "wrote", filepath.ToSlash(to)); err != nil {
			return err
		}
	}
	return nil
}

func exportFile(name, to string) error {
	if _, err := os.Stat(to); err == nil {
		return fmt.Errorf("%s exists already; choose another folder", filepath.ToSlash(to))
	}
	f, err := seeds.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	return output.WriteFile(to, func(w io.Writer) error {
		_, err := io.Copy(w, f)
		return err
	})
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
