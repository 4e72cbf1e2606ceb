// SPDX-License-Identifier: Apache-2.0

package team_test

import (
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/oncoref/oncoref/graph/internal/team"
)

// TestEach does every part of every job once, whatever the number of workers.
func TestEach(t *testing.T) {
	for _, size := range []int{1, 2, 8} {
		w := team.New(size)
		for n := range 100 {
			done := make([]atomic.Int32, n)
			w.Each(n, func(part int) { done[part].Add(1) })
			for part := range done {
				assert.Equal(t, int32(1), done[part].Load(), "part %d of %d, %d workers", part, n, size)
			}
		}
		w.Close()
	}
}

// TestDo calls the function once for each worker, round after round.
func TestDo(t *testing.T) {
	for _, size := range []int{1, 2, 8} {
		w := team.New(size)
		count := make([]int, size)
		for range 1000 {
			w.Do(func(worker int) { count[worker]++ })
		}
		for worker, c := range count {
			assert.Equal(t, 1000, c, "worker %d of %d", worker, size)
		}
		w.Close()
	}
}
