// SPDX-License-Identifier: Apache-2.0

package main

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/internal/catalogue"
)

// Values of the flow measures, of inference and of disclosure that are not
// published agree with those of an independent program, which knows the
// definitions and the data but not this library: exact fractions for the
// bootstrap of a row and the permutation test, all 1,024 completions, all 2,048
// patterns of suppression and all 16,384 roundings looked at one by one, and
// linear programs for what a reader can work out. The one value that is drawn
// is compared within the error of 20,000 draws on either side.
func TestIndependentFlowValues(t *testing.T) {
	got := computed(t)
	var want map[string]any
	load(t, filepath.Join("testdata", "independent_af.json"), &want)
	require.Len(t, want, 52)
	for key, w := range want {
		tol := 5e-9
		if key == "F06.bootstrap_prob_top_pagerank" {
			tol = 0.015
		}
		catalogue.Same(t, key, w, got[key], tol)
	}
}
