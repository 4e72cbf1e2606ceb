// SPDX-License-Identifier: Apache-2.0

package seeds_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/seeds"
)

var update = flag.Bool("update", false, "write the list of datasets into README.md")

const (
	readme    = "README.md"
	listBegin = "<!-- list of datasets, made by go generate -->\n"
	listEnd   = "<!-- end of list -->\n"
)

// datasetList is the table of all datasets in Markdown.
func datasetList() string {
	var b strings.Builder
	b.WriteString("| dataset | what | kind | rows | period | source |\n|---|---|---|---|---|---|\n")
	for _, m := range seeds.List() {
		rows := 0
		for _, f := range m.Files {
			rows += f.Rows
		}
		period := ""
		if m.PeriodStart != "" {
			period = m.PeriodStart[:4] + "-" + m.PeriodEnd[:4]
		}
		fmt.Fprintf(&b, "| [`%s`](data/%s) | %s | %s | %d | %s | %s |\n", m.Name, m.Name, m.Title, m.Kind, rows, period, m.Citation)
	}
	return b.String()
}

func TestReadmeListsEveryDataset(t *testing.T) {
	text, err := os.ReadFile(readme)
	require.NoError(t, err)
	before, rest, ok := strings.Cut(string(text), listBegin)
	require.True(t, ok, "no list in %s", readme)
	list, after, ok := strings.Cut(rest, listEnd)
	require.True(t, ok, "the list in %s does not end", readme)
	if *update {
		require.NoError(t, os.WriteFile(readme, []byte(before+listBegin+datasetList()+listEnd+after), 0o644))
		return
	}
	assert.Equal(t, datasetList(), list, "run go generate")
}
