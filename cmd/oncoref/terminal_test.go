// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write docs/terminal.md anew")

// session is what a new user types, with a word on each.
var session = []struct {
	about, command string
	code           int
}{
	{"The first word is misspelled.", "oncoref simulat --tumor penile-cancer -o extract.csv", 2},
	{"A registry extract of patients who do not exist, to try things on.", "oncoref simulate --tumor penile-cancer -o extract.csv", 0},
	{"What is in it, and what is wrong with it?", "oncoref check extract.csv", 0},
	{"The networks are asked for in Dutch.", "oncoref flows extract.csv --by netwerk -o flows.csv", 2},
	{"The flow table. Small counts are hidden in it from the start.", "oncoref flows extract.csv --by network -o flows.csv", 0},
	{"The name of the file is not quite right.", "oncoref measure flow.csv --measures supra_regional,retention", 1},
	{"Nor is that of a flag.", "oncoref measure flows.csv --measures supra_regional,retention --intervall wilson", 2},
	{"The share of patients who are treated outside their network, and of each network's who stay.", "oncoref measure flows.csv --measures supra_regional,retention --interval wilson", 0},
	{"A kind of picture that oncoref does not make.", "oncoref map flows.csv --title \"Penile cancer\" -o flows.gif", 2},
	{"The map.", "oncoref map flows.csv --title \"Penile cancer\" -o flows.svg", 0},
}

// The recording in docs/terminal.md is what the commands print.
func TestTerminalRecording(t *testing.T) {
	path, err := filepath.Abs(filepath.Join("..", "..", "docs", "terminal.md"))
	require.NoError(t, err)
	t.Chdir(t.TempDir())
	var b strings.Builder
	b.WriteString(`# A first session

Ten commands as a new user types them, five of them with a mistake. This page is written by a test that runs
the commands and fails when they answer otherwise: ` + "`go test ./cmd/oncoref -run Terminal -update`" + ` writes it anew. The data are
made up.
`)
	mistakes := 0
	for i, x := range session {
		var both bytes.Buffer // a terminal shows results and messages in one stream
		words := splitWords(t, x.command)
		code := run(context.Background(), words[1:], strings.NewReader(""), &both, &both)
		require.Equal(t, x.code, code, "%s: %s", x.command, both.String())
		if code != 0 {
			mistakes++
		}
		fmt.Fprintf(&b, "\n%d. %s\n\n```\n$ %s\n", i+1, x.about, x.command)
		for line := range strings.Lines(both.String()) {
			b.WriteString(strings.TrimRight(line, " \n") + "\n")
		}
		b.WriteString("```\n")
	}
	assert.Equal(t, 10, len(session))
	assert.Equal(t, 5, mistakes)
	for _, file := range []string{"extract.csv", "flows.csv", "flows.svg"} {
		assert.FileExists(t, file)
	}
	assert.NoFileExists(t, "flows.gif")
	assert.NotContains(t, b.String(), os.TempDir())
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(b.String()), 0o644))
	}
	have, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(have), b.String(), "docs/terminal.md is not what the commands print; see there")
}
