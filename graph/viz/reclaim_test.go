// SPDX-License-Identifier: Apache-2.0

package viz

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/goccy/go-graphviz"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMemoryIsReclaimed(t *testing.T) {
	require.True(t, canReclaim(), "go-graphviz keeps its module elsewhere")
	d := pinnedDOT(60, 400)
	for _, f := range allFormats {
		t.Run(f.String(), func(t *testing.T) {
			first := render(t, d, f, Options{})
			for range 4 {
				render(t, d, f, Options{})
			}
			size := graphvizModule.module.Memory().Size()
			for range 10 {
				assert.True(t, bytes.Equal(first, render(t, d, f, Options{})))
			}
			assert.Equal(t, size, graphvizModule.module.Memory().Size())
		})
	}
}

func TestMemoryIsReclaimedAfterErrors(t *testing.T) {
	broken := "digraph { a -> " + strings.Repeat("x", 1<<20) + " [label="
	fail := func() {
		require.ErrorIs(t, Render(t.Context(), new(bytes.Buffer), []byte(broken), SVG, Options{}), ErrSyntax)
	}
	for range 4 {
		fail()
	}
	size := graphvizModule.module.Memory().Size()
	for range 20 {
		fail()
	}
	assert.Equal(t, size, graphvizModule.module.Memory().Size())
}

// TestReclaimLeavesOthersAlone has a graph of the program's own, made with
// go-graphviz, outlive drawings of ours.
func TestReclaimLeavesOthersAlone(t *testing.T) {
	ctx := context.Background()
	g, err := graphviz.New(ctx)
	require.NoError(t, err)
	defer func() { require.NoError(t, g.Close()) }()
	own, err := graphviz.ParseBytes([]byte(`digraph { a -> b; b -> "` + strings.Repeat("c", 100_000) + `" }`))
	require.NoError(t, err)
	defer func() { require.NoError(t, own.Close()) }()
	draw := func() string {
		var b bytes.Buffer
		require.NoError(t, g.SetLayout(graphviz.CIRCO).Render(ctx, own, graphviz.SVG, &b))
		return b.String()
	}
	before := draw()
	for range 3 {
		render(t, pinnedDOT(60, 400), SVG, Options{})
		assert.Equal(t, before, draw())
	}
	_, err = own.CreateNodeByName("later")
	require.NoError(t, err)
	render(t, pinnedDOT(60, 400), JSON, Options{})
	assert.Contains(t, draw(), "later")
}
