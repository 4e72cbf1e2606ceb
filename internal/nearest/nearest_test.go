// SPDX-License-Identifier: Apache-2.0

package nearest_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/oncoref/oncoref/internal/nearest"
)

func TestNames(t *testing.T) {
	names := []string{"measure", "map", "compare", "flows", "flow-table"}
	for s, want := range map[string][]string{
		"mapp": {"map"}, "mesure": {"measure"}, "FLOW": {"flows", "flow-table"}, "xyz": {}, "": {}, strings.Repeat("x", 1<<20): {},
	} {
		assert.Equal(t, want, nearest.Names(s, names), s[:min(9, len(s))])
	}
	assert.Empty(t, nearest.Names("a", nil))
	assert.Len(t, nearest.Names("a", []string{"a1", "a2", "a3", "a4"}), 3)
}
