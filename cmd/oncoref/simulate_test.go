// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/referral/simulate"
	"github.com/oncoref/oncoref/seeds"
)

// published returns a value of the dataset of single published numbers.
func published(t *testing.T, tumor, measure, period, scope string) float64 {
	t.Helper()
	f, err := seeds.Open("nl-published-numbers/numbers.csv")
	require.NoError(t, err)
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	at := func(row []string, column string) string { return row[slices.Index(rows[0], column)] }
	for _, row := range rows[1:] {
		if at(row, "tumor") == tumor && at(row, "measure") == measure && at(row, "period") == period && at(row, "scope") == scope {
			v, err := strconv.ParseFloat(at(row, "value"), 64)
			require.NoError(t, err)
			return v
		}
	}
	require.Fail(t, "not among the published numbers", "%s, %s, %s", tumor, measure, period)
	return 0
}

// The numbers in the presets are those of the dataset.
func TestPresetsHavePublishedNumbers(t *testing.T) {
	s, err := landscapeOn("", "")
	require.NoError(t, err)
	load := func(name string) (simulate.Config, *simulate.Registry) {
		shown, err := seeds.Table(figures[name])
		require.NoError(t, err)
		c, err := simulate.Preset(name, s, shown)
		require.NoError(t, err)
		r, err := simulate.New(c)
		require.NoError(t, err)
		return c, r
	}
	rate := func(c simulate.Config, from, to int) float64 {
		sum := 0.0
		for year := from; year <= to; year++ {
			v := 0.0
			for _, r := range c.Tumors[0].Incidence {
				if r.From <= year {
					v = r.PerYear
				}
			}
			sum += v
		}
		return sum
	}
	c, r := load(simulate.PresetPenileCancer)
	assert.EqualValues(t, published(t, "penile_cancer", "diagnoses (PSCC), total", "1990-2020", "NL"), r.Patients())
	assert.InDelta(t, published(t, "penile_cancer", "PSCC", "1989-2006", "NL"), rate(c, 1989, 2006), 1e-6)
	assert.Equal(t, "1990-2020", c.Period.String())
	center := c.Tumors[0].Centers[0]
	assert.Equal(t, "AVL", center.Hospital)
	for _, share := range center.Shares {
		want := published(t, "penile_cancer", "share of annual caseload at NCI/AVL", strconv.Itoa(share.Year), "AVL")
		assert.InDelta(t, want/100, share.Share, 1e-12)
	}

	c, r = load(simulate.PresetEyeMelanoma)
	assert.EqualValues(t, published(t, "eye_melanoma", "uveal melanoma diagnoses, total", "1989-2019", "NL"), r.Patients())
	assert.InDelta(t, 5036, rate(c, 1989, 2019), 1e-6)
	assert.Equal(t, "1989-2019", c.Period.String())
}

// The whole way: of the made-up extract, the share that a flow table puts in
// the center is the published one, to within two patients of about a hundred.
func TestCenterShareInTheFlows(t *testing.T) {
	_, extract, _ := oncoref(t, "", "simulate", "--tumor", "penile-cancer", "-q")
	code, out, errs := oncoref(t, extract, "flows", "-", "--allow-small", "--by", "hospital", "--period", "year", "--format", "json")
	require.Zero(t, code, errs)
	var r tableRecord
	require.NoError(t, json.Unmarshal([]byte(out), &r))
	total, center := map[string]float64{}, map[string]float64{}
	for _, f := range r.Flows {
		total[f.Period] += f.Lower
		if f.Destination == "AVL" {
			center[f.Period] += f.Lower
		}
	}
	all := 0.0
	for _, n := range total {
		all += n
	}
	assert.EqualValues(t, published(t, "penile_cancer", "diagnoses (PSCC), total", "1990-2020", "NL"), all)
	for _, year := range []string{"1990", "2020"} {
		want := published(t, "penile_cancer", "share of annual caseload at NCI/AVL", year, "AVL")
		assert.InDelta(t, want, 100*center[year]/total[year], 2, year)
	}
}

func TestSimulate(t *testing.T) {
	_, first, label := oncoref(t, "", "simulate", "--tumor", "penile_cancer", "--patients", "50", "--seed", "3")
	_, again, _ := oncoref(t, "", "simulate", "--tumor", "penile-cancer", "--patients", "50", "--seed", "3", "-q")
	_, other, quiet := oncoref(t, "", "simulate", "--tumor", "penile-cancer", "--patients", "50", "--seed", "4", "-q")
	assert.True(t, first == again)
	assert.False(t, first == other)
	assert.Contains(t, label, "the published total is not that of this registry")
	assert.Empty(t, quiet)
	for line := range strings.Lines(first) {
		assert.True(t, strings.HasSuffix(line, ",yes\n") || strings.HasSuffix(line, ",synthetic\n"), line)
	}

	path := filepath.Join(t.TempDir(), "new", "x.csv")
	code, out, errs := oncoref(t, "", "simulate", "--tumor", "sarcoma", "--layout", "treatments", "--period", "2018-2019", "-o", path, "-q")
	require.Zero(t, code, errs)
	assert.Empty(t, out)
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	rows := csv.NewReader(f)
	patients := map[string]bool{}
	for {
		row, err := rows.Read()
		if err == io.EOF {
			break
		}
		require.NoError(t, err)
		if row[0] != "patient_id" {
			patients[row[0]] = true
			assert.Contains(t, []string{"2018", "2019"}, row[2])
		}
	}
	assert.Len(t, patients, 1000)
}

// A registry that cannot be written leaves nothing behind.
func TestSimulateWritesWholeOrNotAtAll(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.csv")
	code, _, errs := oncoref(t, "", "simulate", "--tumor", "sarcoma", "--patients", "5", "--faults", "-q", "-o", path)
	assert.Equal(t, 1, code)
	assert.Contains(t, errs, "more patients")
	files, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	assert.Empty(t, files)
}

// Several tumors, and patients with two of them.
func TestSimulateSecondTumors(t *testing.T) {
	code, out, errs := oncoref(t, "", "simulate", "--tumor", "sarcoma", "--second", "vulva", "--second-tumors", "0.3", "--patients", "300", "-q")
	require.Zero(t, code, errs)
	assert.Contains(t, out, "sarcoma")
	assert.Contains(t, out, "vulva")
	code, checked, errs := oncoref(t, out, "check", "-", "--format", "json", "--allow-small")
	require.Zero(t, code, errs)
	var r checkReport
	require.NoError(t, json.Unmarshal([]byte(checked), &r))
	of := map[string]int64{}
	for _, x := range r.Facts {
		of[x.Name] = *x.Value
	}
	assert.Equal(t, int64(300), of["patients"])
	assert.Greater(t, of["cases"], int64(330))
	for _, args := range [][]string{{"--tumor", "penile-cancer", "--second", "x"}, {"--tumor", "x", "--second-tumors", "2"}} {
		code, _, errs = oncoref(t, "", append([]string{"simulate"}, args...)...)
		assert.Equal(t, 2, code)
		assert.Contains(t, errs, "--second")
	}
	// Each tumor by itself.
	_, all, _ := oncoref(t, out, "pathways", "-", "--group", "visits")
	_, one, _ := oncoref(t, out, "pathways", "-", "--group", "visits", "--tumor", "vulva")
	assert.NotEqual(t, all, one)
	code, _, errs = oncoref(t, out, "pathways", "-", "--tumor", "gout")
	assert.Equal(t, 1, code)
	assert.Contains(t, errs, "the extract has sarcoma, vulva")
	code, _, errs = oncoref(t, out, "coverage", "-", "--centers", "AVL", "--tumor", "vulva", "--format", "csv")
	assert.Zero(t, code, errs)
}
