// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	firstPeriod  = "../../testdata/catalogue/example_flows_p1.csv"
	secondPeriod = "../../testdata/catalogue/example_flows_p2.csv"
)

func compared(t *testing.T, args ...string) map[string][]string {
	t.Helper()
	code, out, errs := oncoref(t, "", append([]string{"compare", firstPeriod, secondPeriod, "--format", "csv"}, args...)...)
	require.Zero(t, code, errs)
	rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	require.NoError(t, err)
	require.Equal(t, append(append([]string{}, rowColumns...), intervalColumns...), rows[0])
	m := map[string][]string{}
	for _, r := range rows[1:] {
		m[strings.TrimSuffix(r[0]+" "+r[1], " ")] = r[2:]
	}
	return m
}

// The values are those of the catalogue.
func TestCompare(t *testing.T) {
	got := compared(t, "--allow-small", "--periods", "2016-2018,2019-2021")
	assert.Equal(t, []string{"0.3", "0.3", "0.3", "ok", "", "100", "share"}, got["supra_regional_first"][:7])
	assert.True(t, strings.HasPrefix(got["supra_regional_difference"][0], "0.12"))
	assert.True(t, strings.HasPrefix(got["supra_regional_difference"][7], "-0.012868"), got["supra_regional_difference"][7])
	assert.True(t, strings.HasPrefix(got["supra_regional_fisher_p"][0], "0.10482"))
	assert.Equal(t, "0.81", got["common_part"][0])
	assert.Equal(t, "ok", got["matrix_p"][3])
	assert.True(t, strings.HasPrefix(got["community_ari"][0], "-0.1111"))
	assert.Contains(t, got["supra_regional_first"][9], "of the process, not sampling error")

	got = compared(t)
	assert.Equal(t, "bounded", got["supra_regional_difference"][3])
	assert.Equal(t, []string{"bounded", "unknown_cells"}, got["matrix_x2"][3:5])
	assert.Equal(t, []string{"bounded", "unknown_cells"}, got["matrix_p"][3:5])
	assert.Contains(t, got["community_ari"][4], "seed=0")

	_, out, _ := oncoref(t, "", "compare", firstPeriod, secondPeriod, "--workers", "1", "--allow-small")
	_, again, _ := oncoref(t, "", "compare", firstPeriod, secondPeriod, "--workers", "8", "--allow-small")
	assert.True(t, out == again)
}

func TestComparePartitions(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"hospitals.csv":  "hospital,name,province\nH1,one,N\nH2,two,N\nH3,three,Z\nH4,four,Z\nH5,five,Z\n",
		"networks.csv":   "network,name,kind,partition\nA,Aa,network,regional\nB,Bb,network,regional\n",
		"membership.csv": "hospital,network,from,to\nH1,A,,\nH2,B,,\nH3,B,,\nH4,A,,\nH4,B,,\n",
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	// H5 is in no network. Networks {H1} {H2 H3} {H4, of both}, provinces
	// {H1 H2} {H3 H4}: no pair is together in both, of 1 and of 2 that are, of 6.
	// S = 0, A = 1, B = 2: ARI = (0 - 1/3) / (3/2 - 1/3) = -2/7.
	code, out, errs := oncoref(t, "", "compare", "--partitions", "regional,province", "--landscape", dir, "--format", "csv")
	require.Zero(t, code, errs)
	assert.Contains(t, errs, "1 of 5 hospitals left out")
	assert.Contains(t, out, "partition_ari,,-0.285714285714")
	// H = 1.5 ln 2 and ln 2; MI = 1/2 ln 2: H_p - H_p|n = ln 2 - 1/2 ln 2.
	assert.Contains(t, out, "partition_nmi,,0.39999999999999997,")
	assert.Contains(t, out, "partition_vi,,1.0397207708399")
	assert.Contains(t, out, "partition_ami,,")
	code, out, errs = oncoref(t, "", "compare", "--partitions", "regional,regional", "--landscape", dir, "--format", "csv")
	require.Zero(t, code, errs)
	assert.Contains(t, out, "partition_ari,,1,1,1,ok,,")
}

func TestCompareRefuses(t *testing.T) {
	for _, c := range []struct {
		args []string
		code int
		errs string
	}{
		{[]string{firstPeriod}, 2, "two flow tables"},
		{[]string{"-", "-"}, 2, "one of the tables only"},
		{[]string{firstPeriod, firstPeriod}, 2, "different ones"},
		{[]string{firstPeriod, secondPeriod, "--periods", "2016"}, 2, "expected two"},
		{[]string{firstPeriod, secondPeriod, "--periods", "then,now"}, 2, "then"},
		{[]string{firstPeriod, secondPeriod, "--tumors", "a,b,c"}, 2, "expected two"},
		{[]string{firstPeriod, secondPeriod, "--interval", "goodman"}, 2, "wilson, jeffreys, clopper-pearson"},
		{[]string{firstPeriod, secondPeriod, "--confidence", "1"}, 2, "between 0 and 1"},
		{[]string{firstPeriod, secondPeriod, "--format", "xml"}, 2, "table, csv or json"},
		{[]string{firstPeriod, secondPeriod, "--periods", "2016-2019,2019-2021"}, 1, "do not compare"},
		{[]string{"--partitions", "regional"}, 2, "expected two, got 1"},
		{[]string{"--partitions", "regional,province", firstPeriod}, 2, "--partitions"},
		{[]string{"--partitions", "regional,hospital"}, 2, "no partition to compare"},
		{[]string{"--partitions", "regional,province", "--double", "split"}, 2, "split"},
		{[]string{"--partitions", "regional,province", "--landscape", "nowhere"}, 1, "nowhere"},
		{[]string{"--partitions", "regional,moon"}, 2, "moon"},
		{[]string{firstPeriod, secondPeriod, "--landscape", "x"}, 2, "go with --partitions"},
		{[]string{firstPeriod, "nowhere.csv"}, 1, "nowhere.csv"},
	} {
		code, out, errs := oncoref(t, "", append([]string{"compare"}, c.args...)...)
		assert.Equal(t, c.code, code, "%v: %s", c.args, errs)
		assert.Contains(t, errs, c.errs)
		assert.Empty(t, out)
	}
}
