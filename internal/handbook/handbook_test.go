// SPDX-License-Identifier: Apache-2.0

package main

import (
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const root = "../.."

func TestEveryMeasureHasAPage(t *testing.T) {
	pages, err := write(root)
	require.NoError(t, err)
	require.Greater(t, len(pages), 150)
	index := pages["README.md"]
	worked := regexp.MustCompile("(?m)^## Example|^- `[A-F][0-9]+[.].*`: `")
	for name, text := range pages {
		assert.True(t, strings.HasPrefix(text, generated), name)
		if name != "README.md" {
			assert.Contains(t, index, "("+name+")")
			assert.Contains(t, text, "\nfunc ", name)
			assert.Regexp(t, worked, text, "%s has neither an example nor a value on the shared one", name)
		}
	}
	retention := pages["flow/Retention.md"]
	assert.Contains(t, retention, "\n\tr_i = F_ii / O_i\n")
	assert.Contains(t, retention, "`oncoref measure FLOWS --measures retention`")
	assert.Contains(t, retention, "- `A05.retention`: `{\"A\": 0.666667, ") // 40 of 60
	assert.Contains(t, retention, "](../flow/OriginShares.md)")
	rank := pages["centrality/PageRank.md"]
	assert.Contains(t, rank, "prints\n\n```\nA 0.2078 0.2771\n")
	assert.Contains(t, rank, "\n## PageRankConfig\n")
	assert.NotContains(t, rank, "// Output:")
	again, err := write(root)
	require.NoError(t, err)
	assert.Equal(t, pages, again)
}

func TestPagesOfGoneMeasuresGo(t *testing.T) {
	out := t.TempDir()
	old, own := filepath.Join(out, "flow", "Gone.md"), filepath.Join(out, "flow", "note.md")
	require.NoError(t, os.MkdirAll(filepath.Dir(old), 0o750))
	require.NoError(t, os.WriteFile(old, []byte(generated+"# Gone\n"), 0o600))
	require.NoError(t, os.WriteFile(own, []byte("# By hand\n"), 0o600))
	require.NoError(t, run(root, out))
	assert.NoFileExists(t, old)
	assert.FileExists(t, own)
	assert.FileExists(t, filepath.Join(out, "flow", "Retention.md"))
}

func TestAnchor(t *testing.T) {
	assert.Equal(t, "what-it-is-not", anchor("What it is, not"))
	assert.Equal(t, "a-b_c", anchor("A `b_c`"))
}

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.+)$`)
	fenced  = regexp.MustCompile("(?s)```.*?```")
	coded   = regexp.MustCompile("`[^`\n]*`")
)

// Every link from one document of the project to another leads to a file, and
// to a heading in it if it names one.
func TestLinks(t *testing.T) {
	links := 0
	for _, path := range documents(t) {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		for _, m := range link.FindAllStringSubmatch(coded.ReplaceAllString(fenced.ReplaceAllString(string(text), ""), ""), -1) {
			u, err := url.Parse(m[1])
			require.NoError(t, err, "%s: %s", path, m[1])
			if u.Scheme != "" {
				assert.Contains(t, []string{"https", "http", "mailto"}, u.Scheme, "%s: %s", path, m[1])
				continue
			}
			links++
			target := path
			if u.Path != "" {
				target = filepath.Join(filepath.Dir(path), filepath.FromSlash(u.Path))
			}
			info, err := os.Stat(target)
			if !assert.NoError(t, err, "%s: %s", path, m[1]) || u.Fragment == "" || info.IsDir() {
				continue
			}
			there, err := os.ReadFile(target)
			require.NoError(t, err)
			var anchors []string
			for _, h := range heading.FindAllStringSubmatch(fenced.ReplaceAllString(string(there), ""), -1) {
				anchors = append(anchors, anchor(h[1]))
			}
			assert.Contains(t, anchors, u.Fragment, "%s: %s", path, m[1])
		}
	}
	assert.Greater(t, links, 300)
}

// documents lists the Markdown files of the project.
func documents(t *testing.T) []string {
	var list []string
	require.NoError(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules" || d.Name() == "out") {
			return fs.SkipDir
		}
		if strings.HasSuffix(path, ".md") {
			list = append(list, path)
		}
		return nil
	}))
	require.NotEmpty(t, list)
	return list
}
