// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/examples/internal/golden"
)

func TestOutput(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, run(context.Background(), &b))
	assert.Contains(t, b.String(), "SYNTHETIC DATA")
	assert.NotContains(t, b.String(), "NaN")
	golden.Equal(t, b.Bytes())
}
