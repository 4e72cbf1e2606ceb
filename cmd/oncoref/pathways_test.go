// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPathways(t *testing.T) {
	open := foundRow(t, care, "pathways", "-", "--allow-small", "--at", "40,100")
	for key, want := range map[string]float64{
		"patients_by_hospitals 1":              1, // 3
		"patients_by_hospitals 2":              3,
		"in_several_hospitals":                 0.75,
		"mean_transitions":                     0.75,
		"days_median first visit to treatment": 31,
		"wait_median":                          31,
		"treated_by day 40":                    1,
		"came_back":                            0,
		"shared_patients AMPHIA & AVL":         1,
		"variant AVL":                          1,
	} {
		assert.InDelta(t, want, number(t, open, key), 1e-9, key)
	}
	// Four patients: nothing of them is shown.
	for key, r := range foundRow(t, care, "pathways", "-") {
		links := strings.HasPrefix(key, "layer_links") || strings.HasPrefix(key, "links_also_in") || key == "mean_overlap"
		if r[0] != "" && r[0] != "0" && !links { // which links there are is no number of patients
			t.Errorf("%s is shown: %v", key, r)
		}
		if strings.HasPrefix(key, "variant") || strings.HasPrefix(key, "shared_patients") {
			t.Errorf("%s is listed", key)
		}
	}
	by := foundRow(t, care, "pathways", "-", "--group", "variants", "--by", "network", "--allow-small")
	assert.Contains(t, by, "variant EMBRAZE > Onconovo+")
	code, out, errs := oncoref(t, care, "pathways", "-", "--group", "order,waits", "--why")
	require.Zero(t, code, errs)
	var x explained
	require.NoError(t, json.Unmarshal([]byte(out), &x))
	assert.Contains(t, x.Why.Rules["order"], "seed 1")
	assert.Equal(t, "2021-12-31", x.Why.Landscape.Date)
	assert.False(t, x.Why.Synthetic)
}

func TestPathwaysRefuses(t *testing.T) {
	for _, c := range []struct {
		args []string
		code int
		errs string
	}{
		{[]string{"--group", "luck"}, 2, "visits, days"},
		{[]string{"--top", "-1"}, 2, "--top"},
		{[]string{"--by", "netwerk"}, 2, "head-neck, regional, province; did you mean network?"},
		{[]string{"--landscape", "none", "--by", "network"}, 2, "needs a landscape"},
	} {
		code, out, errs := oncoref(t, care, append([]string{"pathways", "-"}, c.args...)...)
		assert.Equal(t, c.code, code, errs)
		assert.Contains(t, errs, c.errs)
		assert.Empty(t, out)
	}
	code, _, errs := oncoref(t, strings.Replace(care, "2020-05-06", "2020-05-60", 1), "pathways", "-")
	assert.Equal(t, 1, code)
	assert.Contains(t, errs, "refused")
}
