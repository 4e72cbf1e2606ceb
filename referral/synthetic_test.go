// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A made-up table stays one through every layout of a file.
func TestSyntheticSurvivesWriting(t *testing.T) {
	for _, c := range []struct{ name, in, out string }{
		{"long", "origin,destination,count,synthetic\nA,B,3,yes\nA,A,4,\n", "origin,destination,count,synthetic\nA,A,4,yes\nA,B,3,yes\n"},
		{"matrix", "origin\\destination (synthetic),A,B\nA,4,3\n", "origin\\destination (synthetic),A,B\nA,4,3\n"},
		{"presence", "origin,destination,synthetic\nA,B,YES\n", "origin,destination,synthetic\nA,B,yes\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			table, err := ReadTable(context.Background(), strings.NewReader(c.in), TableConfig{})
			require.NoError(t, err)
			assert.True(t, table.Meta().Synthetic)
			var b strings.Builder
			layout := map[string]Layout{"long": Long, "matrix": Matrix, "presence": PresenceLayout}[c.name]
			require.NoError(t, table.WriteCSV(&b, WriteConfig{Layout: layout}))
			assert.Equal(t, c.out, b.String())
		})
	}
	table, err := ReadTable(context.Background(), strings.NewReader("origin,destination,count,synthetic\nA,B,3,no\n"), TableConfig{})
	require.NoError(t, err)
	assert.False(t, table.Meta().Synthetic)
	_, err = ReadTable(context.Background(), strings.NewReader("origin,destination,count,synthetic\nA,B,3,perhaps\n"), TableConfig{})
	var in *InputError
	require.ErrorAs(t, err, &in)
	assert.Equal(t, 2, in.Line)
}
