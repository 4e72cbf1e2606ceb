// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/examples/internal/golden"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/chart"
	"github.com/oncoref/oncoref/referral/simulate"
	"github.com/oncoref/oncoref/seeds"
)

// files runs an evaluation and returns what it wrote, by name.
func files(t *testing.T, o options) map[string]string {
	t.Helper()
	o.out = t.TempDir()
	require.NoError(t, run(context.Background(), io.Discard, o))
	entries, err := os.ReadDir(o.out)
	require.NoError(t, err)
	out := map[string]string{}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(o.out, e.Name()))
		require.NoError(t, err)
		out[e.Name()] = string(text)
	}
	return out
}

func TestEvaluation(t *testing.T) {
	first := files(t, options{seed: 1})
	golden.Equal(t, []byte(first["evaluation.md"]))
	second := files(t, options{seed: 1})
	assert.Len(t, second, len(first))
	for name, text := range first {
		assert.True(t, text == second[name], "%s: two runs differ", name)
	}
	for name, text := range first {
		if strings.Contains(name, "-published-") {
			assert.False(t, strings.Contains(text, "SYNTHETIC"), name)
			assert.True(t, strings.Contains(text, "IKNL"), name)
			continue
		}
		assert.True(t, strings.Contains(strings.ToLower(text), "synthetic"), name)
	}
	for _, link := range regexp.MustCompile(`\]\(([a-z-]+\.[a-z]+)\)`).FindAllStringSubmatch(first["evaluation.md"], -1) {
		assert.NotEmpty(t, first[link[1]], link[1])
	}
	for _, row := range rows(t, first["numbers.csv"])[1:] {
		assert.Equal(t, row[13] == "synthetic", row[14] == "yes", row)
	}

	made := files(t, options{seed: 1, language: chart.Dutch})
	assert.Contains(t, made["evaluation.md"], "Geen patiënt in dit document bestaat")
	assert.NotContains(t, made["evaluation.md"], "**Made up:**")
	assert.Len(t, rows(t, made["numbers.csv"]), len(rows(t, first["numbers.csv"])))
	assert.Equal(t, strings.Count(first["evaluation.md"], "\n"), strings.Count(made["evaluation.md"], "\n"), "the texts have the same parts")
	for name := range first {
		assert.NotEmpty(t, made[name], name)
	}
}

// extract writes a made-up extract without the column that says so, as if its
// patients existed.
func extract(t *testing.T, layout referral.LogLayout, tumor string) string {
	t.Helper()
	all, err := seeds.Landscape()
	require.NoError(t, err)
	hospitals := all.On(network.NewDate(2021, 12, 31))
	shown, err := seeds.Table("iknl-2023-fig-5.2-penile-cancer")
	require.NoError(t, err)
	c, err := simulate.Preset(simulate.PresetPenileCancer, hospitals, shown)
	require.NoError(t, err)
	c.Period, c.Seed = period, 3
	registry, err := simulate.New(c)
	require.NoError(t, err)
	var b bytes.Buffer
	_, err = registry.Write(context.Background(), &b, simulate.WriteConfig{Layout: layout})
	require.NoError(t, err)
	table := rows(t, strings.ReplaceAll(b.String(), "penile_cancer", tumor))
	drop := len(table[0]) - 1
	require.Equal(t, "synthetic", table[0][drop])
	path := filepath.Join(t.TempDir(), "extract.csv")
	f, err := os.Create(path)
	require.NoError(t, err)
	w := csv.NewWriter(f)
	for _, row := range table {
		require.NoError(t, w.Write(row[:drop]))
	}
	w.Flush()
	require.NoError(t, w.Error())
	require.NoError(t, f.Close())
	return path
}

func rows(t *testing.T, text string) [][]string {
	t.Helper()
	out, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	require.NoError(t, err)
	return out
}

func TestNoSmallCountOfAnExtractIsShown(t *testing.T) {
	for _, layout := range []referral.LogLayout{referral.LayoutEvents, referral.LayoutTreatments} {
		made := files(t, options{seed: 1, in: extract(t, layout, "penile_cancer")})
		counts := 0
		for _, row := range rows(t, made["numbers.csv"])[1:] {
			if row[13] != "extract" || row[12] != "patients" || row[9] != "ok" {
				continue
			}
			counts++
			assert.NotContains(t, []string{"1", "2", "3", "4"}, row[4], row)
		}
		assert.Positive(t, counts)
		for _, row := range rows(t, made["flows-penile-cancer.csv"])[1:] {
			assert.NotContains(t, []string{"1", "2", "3", "4"}, row[2], row)
		}
		assert.NotContains(t, made["evaluation.md"], "Made up")
		assert.Contains(t, made["evaluation.md"], "**Counted:**")
	}
}

func TestHarmfulNameOfATumor(t *testing.T) {
	made := files(t, options{seed: 1, in: extract(t, referral.LayoutEvents, "=cmd()|<script>_")})
	assert.Contains(t, made["evaluation.md"], `=cmd()/&lt;script&gt;\_`)
	assert.NotContains(t, made["evaluation.md"], "<script>")
	assert.Contains(t, made["numbers.csv"], "\n'=cmd()")
	assert.NotEmpty(t, made["map--cmd----script--.svg"])
}

func TestBadExtract(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"patient,date,layer,event,hospital,tumor\np1,2020-01-01,patient,first_visit,AVL,penile_cancer\np2,\"2020,patient\n", "bad.csv:3:"},
		{"patient,when\np1,2020-01-01\n", "bad.csv:1"},
		{"", "the file is empty"},
	} {
		path := filepath.Join(t.TempDir(), "bad.csv")
		require.NoError(t, os.WriteFile(path, []byte(c.text), 0o644))
		err := run(context.Background(), io.Discard, options{in: path, out: t.TempDir()})
		require.Error(t, err)
		assert.Contains(t, err.Error(), c.want)
	}
}

func TestUnitsAreInTheLanguage(t *testing.T) {
	for unit, want := range map[string][2]string{
		"patients/year/hospital":   {"patients / year / hospital", "patiënten / jaar / ziekenhuis"},
		"operations/year/location": {"operations / year / location", "operaties / jaar / locatie"},
		"T1aG1 patients/year":      {"T1aG1 patients / year", "T1aG1-patiënten / jaar"},
		"treatments/year":          {"treatments / year", "behandelingen / jaar"},
	} {
		assert.Equal(t, want[0], (&document{lang: chart.English}).unit(unit))
		assert.Equal(t, want[1], (&document{lang: chart.Dutch}).unit(unit))
	}
}
