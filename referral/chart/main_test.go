// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"os"
	"testing"

	"github.com/oncoref/oncoref/graph/viz"
)

// TestMain lets the test program be the worker that renders.
func TestMain(m *testing.M) {
	if viz.IsWorker() {
		os.Exit(viz.ServeWorker(os.Stdin, os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}
