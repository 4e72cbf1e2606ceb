// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/oncoref/oncoref/internal/output"
)

func newMan() *cobra.Command {
	return &cobra.Command{
		Use:   "man DIR",
		Short: "Write the manual pages",
		Long: `Man writes a manual page for each command into a folder, where man finds them if
the folder is named man1 and its parent is in the manual path.`,
		Example: `  oncoref man ~/.local/share/man/man1 && man oncoref-flows`,
		Args:    exactly(1, "one folder"),
		RunE: func(c *cobra.Command, args []string) error {
			for _, x := range documented(c.Root()) {
				path := filepath.Join(args[0], manName(x)+".1")
				if err := output.WriteFile(path, func(w io.Writer) error {
					_, err := io.WriteString(w, manPage(x))
					return err
				}); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

// documented lists a command and those below it that users see.
func documented(c *cobra.Command) []*cobra.Command {
	list := []*cobra.Command{c}
	for _, x := range c.Commands() {
		if x.IsAvailableCommand() || x.Name() == "help" {
			list = append(list, documented(x)...)
		}
	}
	return list
}

func manName(c *cobra.Command) string { return strings.ReplaceAll(c.CommandPath(), " ", "-") }

// manPage is the manual page of a command. Texts are set as they are printed on
// a terminal: their columns are made by spaces.
func manPage(c *cobra.Command) string {
	c.InitDefaultHelpFlag()
	info, _ := debug.ReadBuildInfo()
	var b strings.Builder
	fmt.Fprintf(&b, ".TH \"%s\" \"1\" \"\" \"oncoref %s\" \"oncoref\"\n", roff(strings.ToUpper(manName(c))), roff(versionName(info)))
	fmt.Fprintf(&b, ".SH NAME\n%s \\- %s\n", roff(manName(c)), roff(c.Short))
	fmt.Fprintf(&b, ".SH SYNOPSIS\n.B %s\n", roff(c.UseLine()))
	text := c.Long
	if text == "" {
		text = c.Short + "."
	}
	b.WriteString(".SH DESCRIPTION\n" + asPrinted(text))
	options(&b, "OPTIONS", c.NonInheritedFlags())
	options(&b, "GLOBAL OPTIONS", c.InheritedFlags())
	if c.Example != "" {
		b.WriteString(".SH EXAMPLES\n" + asPrinted(c.Example))
	}
	if c.Parent() == nil {
		b.WriteString(".SH EXIT STATUS\n0 done, 1 the data are wrong, 2 wrong usage\n")
	}
	var also []string
	if p := c.Parent(); p != nil {
		also = append(also, manName(p))
	}
	for _, x := range c.Commands() {
		if slices.Contains(documented(c), x) {
			also = append(also, manName(x))
		}
	}
	if len(also) > 0 {
		b.WriteString(".SH SEE ALSO\n")
		for i, name := range also {
			end := " ,"
			if i == len(also)-1 {
				end = ""
			}
			fmt.Fprintf(&b, ".BR %s (1)%s\n", roff(name), end)
		}
	}
	return b.String()
}

func options(b *strings.Builder, title string, flags *pflag.FlagSet) {
	if !flags.HasAvailableFlags() {
		return
	}
	fmt.Fprintf(b, ".SH %s\n", title)
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		value, usage := pflag.UnquoteUsage(f)
		name := "--" + f.Name
		if f.Shorthand != "" {
			name = "-" + f.Shorthand + ", " + name
		}
		if value != "" {
			name += " " + value
		}
		if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "[]" && f.DefValue != "0" && f.DefValue != "0s" {
			usage += " (default " + f.DefValue + ")"
		}
		fmt.Fprintf(b, ".TP\n.B %s\n%s\n", roff(name), roff(usage))
	})
}

// asPrinted sets text with its own line breaks and columns.
func asPrinted(text string) string {
	var b strings.Builder
	b.WriteString(".nf\n")
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		b.WriteString(roff(line) + "\n")
	}
	b.WriteString(".fi\n")
	return b.String()
}

// roff writes text for the manual: backslashes, hyphens and quotes as they are,
// and no line that begins like a request.
func roff(s string) string {
	s = strings.NewReplacer(`\`, `\e`, "-", `\-`, "\n", " ", `"`, `\(dq`, "`", "\\(ga", "^", "\\(ha", "~", "\\(ti").Replace(s)
	if strings.HasPrefix(s, ".") || strings.HasPrefix(s, "'") {
		return `\&` + s
	}
	return s
}
