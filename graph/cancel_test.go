// SPDX-License-Identifier: Apache-2.0

package graph_test

import (
	"bytes"
	"context"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/graphtest"
)

// countdown is a context that is canceled after it has been looked at some times.
type countdown struct {
	context.Context
	left atomic.Int64
}

func (c *countdown) Err() error {
	if c.left.Add(-1) < 0 {
		return context.Canceled
	}
	return nil
}

// TestCanceledAtEveryLook cancels at the first look at the context, at the second
// and so on, until the graph is finished.
func TestCanceledAtEveryLook(t *testing.T) {
	g := graphtest.Random(1, 2000, 40)
	edges := slices.Collect(g.Edges())
	backwards := slices.Clone(edges)
	slices.Reverse(backwards)
	var text bytes.Buffer
	require.NoError(t, graph.WriteEdges(&text, g, graph.EdgeListConfig{Isolated: true}))
	for name, build := range map[string]func(ctx context.Context) (*graph.Digraph, error){
		"edge list": func(ctx context.Context) (*graph.Digraph, error) {
			return graph.ReadEdges(ctx, bytes.NewReader(text.Bytes()), graph.EdgeListConfig{Isolated: true, Workers: 2})
		},
		"edges in order": func(ctx context.Context) (*graph.Digraph, error) { return g.WithEdges(ctx, slices.Values(edges)) },
		"edges in any order": func(ctx context.Context) (*graph.Digraph, error) {
			return g.WithEdges(ctx, slices.Values(backwards))
		},
		"repeated edges": func(ctx context.Context) (*graph.Digraph, error) {
			return g.WithEdges(ctx, slices.Values(append(backwards, edges...)))
		},
	} {
		t.Run(name, func(t *testing.T) {
			for looks := range int64(1000) {
				ctx := &countdown{Context: t.Context()}
				ctx.left.Store(looks)
				got, err := build(ctx)
				if err == nil {
					assert.Equal(t, g.Size(), got.Size())
					assert.Greater(t, looks, int64(5), "looks at the context")
					return
				}
				require.ErrorIs(t, err, context.Canceled, looks)
				require.Nil(t, got)
			}
			assert.Fail(t, "never finished")
		})
	}
}
