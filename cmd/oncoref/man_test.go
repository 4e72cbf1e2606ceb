// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every command has a manual page, in which every line of its help stands and
// no text is taken for a request.
func TestManPages(t *testing.T) {
	dir := t.TempDir()
	code, _, errs := oncoref(t, "", "man", dir)
	require.Zero(t, code, errs)
	root := newRoot()
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, c := range documented(root) {
		page, err := os.ReadFile(filepath.Join(dir, manName(c)+".1"))
		require.NoError(t, err)
		lines := strings.Split(string(page), "\n")
		for _, text := range []string{c.Long, c.Example} {
			for line := range strings.SplitSeq(text, "\n") {
				assert.Contains(t, lines, roff(line), c.Name())
			}
		}
		for _, line := range lines {
			if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
				request, _, _ := strings.Cut(line, " ")
				assert.Contains(t, []string{".TH", ".SH", ".B", ".BR", ".TP", ".nf", ".fi"}, request, line)
			}
		}
	}
	pages, err := filepath.Glob(filepath.Join(dir, "*.1"))
	require.NoError(t, err)
	assert.Len(t, pages, len(documented(root)))
	code, _, _ = oncoref(t, "", "man")
	assert.Equal(t, 2, code)
}

func TestRoff(t *testing.T) {
	assert.Equal(t, `\&.SH \e\-\(dq`, roff(`.SH \-"`))
	assert.Equal(t, `\&'`, roff(`'`))
	assert.Equal(t, "a b", roff("a\nb"))
}

func TestVersion(t *testing.T) {
	code, out, _ := oncoref(t, "", "version")
	assert.Zero(t, code)
	assert.Regexp(t, `^oncoref \S+\n(revision .*\n)?go\S* \S+/\S+\n$`, out)
	code, out, _ = oncoref(t, "", "--version")
	assert.Zero(t, code)
	assert.Regexp(t, `^oncoref version \S+\n$`, out)
	assert.Equal(t, "(devel)", versionName(nil))
	text := versionText(&debug.BuildInfo{Main: debug.Module{Version: "v0.1.0"}, Settings: []debug.BuildSetting{
		{Key: "vcs.revision", Value: "abc"}, {Key: "vcs.time", Value: "2026-01-02T03:04:05Z"}, {Key: "vcs.modified", Value: "true"},
	}})
	assert.Contains(t, text, "oncoref v0.1.0\nrevision abc of 2026-01-02T03:04:05Z, with changes\n")
}
