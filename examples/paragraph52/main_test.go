// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/examples/internal/golden"
	"github.com/oncoref/oncoref/referral"
)

func TestAnswers(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, run(t.Context(), &b))
	golden.File(t, "answers.txt", b.Bytes())
}

// Verdicts come from results, not from what is known about the figures.
func TestVerdict(t *testing.T) {
	share := question{low: 0, top: 1}
	large := question{low: 0, top: 1, settled: half}
	open, narrow := referral.BoundedResult(0, 1, ""), referral.BoundedResult(0.6, 1, "")
	for _, c := range []struct {
		q    question
		list []referral.Result
		want string
	}{
		{share, []referral.Result{referral.ExactResult(0.2)}, "yes"},
		{share, []referral.Result{referral.ExactResult(0.2), open}, "in part"},
		{share, []referral.Result{open, open}, "no"},
		{share, []referral.Result{narrow}, "in part"},
		{large, []referral.Result{narrow}, "yes"},
		{large, []referral.Result{referral.UndefinedResult("zero_row")}, "no"},
		{question{low: 0, top: math.Inf(1)}, []referral.Result{referral.BoundedResult(0, math.Inf(1), "")}, "no"},
	} {
		assert.Equal(t, c.want, c.q.verdict(c.list))
	}
}

func TestCancellation(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, run(ctx, &bytes.Buffer{}), context.Canceled)
}
