// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// everyCommand visits all commands that a user can run.
func everyCommand(c *cobra.Command, visit func(*cobra.Command)) {
	visit(c)
	for _, sub := range c.Commands() {
		if !isHelper(sub) {
			everyCommand(sub, visit)
		}
	}
}

// Each command has a text, a group and examples whose commands and flags exist.
func TestHelpTeaches(t *testing.T) {
	everyCommand(newRoot(), func(c *cobra.Command) {
		assert.NotEmpty(t, c.Short, c.CommandPath())
		if c.HasParent() && !c.Parent().HasParent() && c.Name() != "version" && c.Name() != "man" { // these are about the tool
			assert.NotEmpty(t, c.GroupID, "%s has no group", c.CommandPath())
			assert.NotEmpty(t, c.Long, c.CommandPath())
		}
		require.NotEmpty(t, c.Example, c.CommandPath())
		for line := range strings.Lines(c.Example) {
			line, _, _ = strings.Cut(line, " && ")
			for part := range strings.SplitSeq(line, "|") {
				words := splitWords(t, part)
				require.Equal(t, "oncoref", words[0], line)
				root := newRoot()
				of, rest, err := root.Find(words[1:])
				require.NoError(t, err, line)
				require.NotEqual(t, root, of, line)
				require.NoError(t, of.ParseFlags(rest), line)
				if of.Args != nil && !of.HasSubCommands() && !of.Flags().Changed("list") {
					require.NoError(t, of.Args(of, of.Flags().Args()), line)
				}
			}
		}
		c.Flags().VisitAll(func(f *pflag.Flag) { assert.NotEmpty(t, f.Usage, "%s --%s", c.CommandPath(), f.Name) })
	})
	_, out, _ := oncoref(t, "")
	for _, want := range []string{"Data:", "Measures:", "Decisions:", "Pictures and publication:", "simulate --tumor"} {
		assert.Contains(t, out, want)
	}
	assert.NotContains(t, out, "Additional Commands:\n  map")
}

// splitWords cuts a command line as a shell does, as far as examples need it.
func splitWords(t *testing.T, line string) []string {
	t.Helper()
	var words []string
	var word strings.Builder
	quoted, begun := false, false
	for _, r := range strings.TrimSpace(line) {
		switch {
		case r == '"':
			quoted, begun = !quoted, true
		case r == ' ' && !quoted:
			if begun {
				words = append(words, word.String())
			}
			word.Reset()
			begun = false
		default:
			word.WriteRune(r)
			begun = true
		}
	}
	require.False(t, quoted, line)
	words = append(words, word.String())
	if n := len(words); n > 2 && words[n-2] == "<" { // standard input from a file
		words = words[:n-2]
	}
	return words
}

// Mistakes are answered with what was probably meant.
func TestMistakesAreAnswered(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("flows.csv", []byte("origin,destination,count\nRO West,EMBRAZE,12\n"), 0o644))
	require.NoError(t, os.Mkdir("data", 0o755))
	require.NoError(t, os.WriteFile(filepath.Join("data", "extract.csv"), nil, 0o644))
	for _, c := range []struct {
		args string
		code int
		errs []string
	}{
		{"simulat", 2, []string{`unknown command "simulat"; did you mean simulate?`, "'oncoref --help'"}},
		{"seeds lst", 2, []string{"did you mean list?", "'oncoref seeds --help'"}},
		{"xyzzy", 2, []string{`unknown command "xyzzy"`}},
		{"measure flows.csv --intervall wilson", 2, []string{"unknown flag --intervall; did you mean --interval?", "'oncoref measure --help'"}},
		{"measure flows.csv --seed soon", 2, []string{`--seed "soon": expected a whole number, 0 or more`}},
		{"measure flows.csv --confidence half", 2, []string{`--confidence "half": expected a number`}},
		{"map flows.csv --timeout 5", 2, []string{`such as "30s"`}},
		{"pathways flows.csv --at x", 2, []string{"whole numbers with commas"}},
		{"measure flows.csv --seed", 2, []string{"--seed needs a value: seed of the search"}},
		{"measure flow.csv", 1, []string{"no such file: flow.csv; did you mean flows.csv?"}},
		{"flows data/extrct.csv", 1, []string{"did you mean data/extract.csv?"}},
		{"map iknl-2023-fig-5.2-penile", 1, []string{"did you mean iknl-2023-fig-5.2-penile-cancer?"}},
		{"map nothing-like-it", 1, []string{"no such file: nothing-like-it (expected a file"}},
		{"map", 2, []string{"takes one flow table, got nothing; for example: oncoref map"}},
		{"map a b", 2, []string{"got 2: a b"}},
		{"map flows.csv --timeout 1ns", 1, []string{"--timeout gives it more time"}},
	} {
		t.Run(c.args, func(t *testing.T) {
			code, out, errs := oncoref(t, "", strings.Fields(c.args)...)
			assert.Equal(t, c.code, code)
			assert.Empty(t, out)
			for _, want := range c.errs {
				assert.Contains(t, errs, want)
			}
			assert.NotContains(t, errs, "no such file or directory")
			assert.NotContains(t, errs, "strconv")
		})
	}
}

// A fault of the program is no text of Go's.
func TestNoPanicText(t *testing.T) {
	var errs strings.Builder
	code := run(context.Background(), []string{"seeds", "list", "--format", "csv"}, strings.NewReader(""), failing{}, &errs)
	assert.Equal(t, 1, code)
	assert.Contains(t, errs.String(), "a fault of oncoref")
	assert.NotContains(t, errs.String(), "goroutine")
	assert.NotContains(t, errs.String(), "secret")
}

type failing struct{}

func (failing) Write([]byte) (int, error) { panic("secret") }

// Shells complete commands, values of flags and names of datasets.
func TestCompletion(t *testing.T) {
	for args, want := range map[string]string{
		"map --format ":                   "svg\npng\npdf\ndot\n:4\n",
		"check x --format c":              "csv\n:4\n",
		"flows x --by h":                  "hospital\nhead-neck\n:4\n",
		"flows x --rule f":                "first\nfractional\n:4\n",
		"whatif x --rule g":               "gravity\n:4\n",
		"measure --group flow,com":        "flow,community\n:4\n",
		"locate --model p-":               "p-median\np-center\n:4\n",
		"compare a b --interval ":         "wilson\njeffreys\nclopper-pearson\n:4\n",
		"map --landscape ":                ":16\n",
		"map --title ":                    ":0\n",
		"measure --seed ":                 ":4\n",
		"export x --format g":             "graphml\ngexf\n:4\n",
		"simulate --layout ":              "events\ntreatments\n:4\n",
		"coverage x --disease y --level ": "cluster\ndisorder\nsubtype\n:4\n",
	} {
		words := append([]string{"__complete"}, strings.Fields(args)...)
		if strings.HasSuffix(args, " ") {
			words = append(words, "")
		}
		_, out, _ := oncoref(t, "", words...)
		assert.Equal(t, want, out, args)
	}
	_, out, _ := oncoref(t, "", "__complete", "measure", "iknl-2023-fig-5.3")
	assert.Contains(t, out, "iknl-2023-fig-5.3-eye-melanoma\t")
	_, out, _ = oncoref(t, "", "__complete", "seeds", "show", "nl-onc")
	assert.Contains(t, out, "nl-oncology-landscape-2023")
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		code, out, errs := oncoref(t, "", "completion", shell)
		assert.Zero(t, code, errs)
		assert.Contains(t, out, "oncoref")
	}
	// What is offered is a value of the flag, and the flag exists.
	for name := range valuesOf() {
		words := strings.Fields(name)
		found := false
		everyCommand(newRoot(), func(c *cobra.Command) {
			found = found || (len(words) == 1 || c.Name() == words[0]) && c.Flags().Lookup(words[len(words)-1]) != nil
		})
		assert.True(t, found, name)
	}
}

// On a terminal the words of a table have colors, elsewhere not.
func TestColors(t *testing.T) {
	columns, lines := []string{"measure", "value", "status"}, [][]string{{"a", "1", "ok"}, {"b", "", "suppressed"}, {"long name", "22", "bounded"}}
	text := tableText(columns, lines, []string{"value"}, false)
	color := tableText(columns, lines, []string{"value"}, true)
	assert.NotContains(t, text, "\x1b")
	assert.Contains(t, color, faint+"suppressed"+normal)
	assert.Contains(t, color, bold+"measure"+normal)
	for _, c := range []string{bold, faint, red, yellow, normal} {
		color = strings.ReplaceAll(color, c, "")
	}
	assert.Equal(t, text, color, "columns stand in the same places")
	assert.False(t, colored(io.Discard))
	file, err := os.Create(filepath.Join(t.TempDir(), "x"))
	require.NoError(t, err)
	defer file.Close()
	assert.False(t, colored(file))
}

// Tables for reading are in Dutch if asked for, files are the same.
func TestTablesInDutch(t *testing.T) {
	in := "origin,destination,count\nA,A,40\nA,B,3\nB,B,10\n"
	code, out, errs := oncoref(t, in, "measure", "-", "--group", "flow", "--lang", "nl", "--interval", "wilson")
	require.Zero(t, code, errs)
	for _, want := range []string{"maat ", "waarde", "ondergrens", "begrensd", "onbekende_cellen", "aandeel", "interval_van", "wat de tabel"} {
		assert.Contains(t, out, want)
	}
	assert.NotContains(t, out, "bounded")
	_, english, _ := oncoref(t, in, "measure", "-", "--group", "flow", "--interval", "wilson")
	assert.Contains(t, english, "bounded")
	for _, format := range []string{"csv", "json"} {
		_, en, _ := oncoref(t, in, "measure", "-", "--group", "flow", "--format", format)
		_, nl, _ := oncoref(t, in, "measure", "-", "--group", "flow", "--format", format, "--lang", "nl")
		assert.Equal(t, en, nl)
	}
	assert.Equal(t, yellow, colorOf("begrensd"))
	assert.Equal(t, "", colorOf(""))
	code, _, errs = oncoref(t, in, "measure", "-", "--lang", "fr")
	assert.Equal(t, 2, code)
	assert.Contains(t, errs, "en or nl")
}
