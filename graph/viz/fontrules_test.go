// SPDX-License-Identifier: Apache-2.0

package viz_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/graph/viz"
)

func TestFontRules(t *testing.T) {
	rules, err := viz.FontRules("Fryslân ≤ 5%")
	require.NoError(t, err)
	assert.Equal(t, 2, strings.Count(rules, "@font-face{font-family:\""+viz.FontFamily+"\""))
	assert.Equal(t, 1, strings.Count(rules, "font-weight:bold"))
	assert.Equal(t, 2, strings.Count(rules, "src:url(data:font/woff;base64,"))
	again, err := viz.FontRules("Fryslân ≤ 5%")
	require.NoError(t, err)
	assert.Equal(t, rules, again)
	more, err := viz.FontRules("Fryslân ≤ 5% abcdefghijkmopqtuvwxz")
	require.NoError(t, err)
	assert.Greater(t, len(more), len(rules))
}
