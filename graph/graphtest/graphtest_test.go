// SPDX-License-Identifier: Apache-2.0

package graphtest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/oncoref/oncoref/graph/graphtest"
)

func TestStandard(t *testing.T) {
	names := map[string]bool{}
	for _, c := range graphtest.Standard() {
		names[c.Name] = true
	}
	assert.Len(t, names, 9)
}

func TestExample(t *testing.T) {
	g := graphtest.Example()
	assert.Equal(t, 5, g.Len())
	assert.Equal(t, 200.0, g.Total())
	assert.Equal(t, 72.0, g.Loopless().Total())
	assert.Equal(t, "E", g.Key(4))
}

func TestRandom(t *testing.T) {
	a, b := graphtest.Random(1, 500, 6), graphtest.Random(1, 500, 6)
	assert.Equal(t, graphtest.Matrix(a), graphtest.Matrix(b))
	assert.Equal(t, 500, a.Len())
	assert.NotEqual(t, a.Total(), graphtest.Random(2, 500, 6).Total())
	sizes := map[int]bool{}
	for seed := range uint64(200) {
		g := graphtest.Small(seed)
		assert.LessOrEqual(t, g.Len(), 12)
		sizes[g.Len()] = true
	}
	assert.Len(t, sizes, 13, "every size occurs among 200 graphs")
}

func TestRename(t *testing.T) {
	got := graphtest.Rename(map[string]float64{"a": 1, "a>b": 2, "whole": 3}, func(key string) string {
		switch key {
		case "a":
			return "b"
		case "b":
			return "a"
		}
		return key
	})
	assert.Equal(t, map[string]float64{"b": 1, "b>a": 2, "whole": 3}, got)
}
