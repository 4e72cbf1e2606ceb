// SPDX-License-Identifier: Apache-2.0

package network

import (
	"os"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"
)

// landscape reads testdata/landscape: a few hospitals with their true mergers
// and memberships.
func landscape(t testing.TB) *Landscape {
	t.Helper()
	l, err := ReadLandscape(os.DirFS("testdata/landscape"))
	require.NoError(t, err)
	return l
}

// folder makes a landscape folder from texts by file name. Where hospitals.csv is
// missing it has the hospitals A to F.
func folder(files map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{hospitalsFile: {Data: []byte("hospital\nA\nB\nC\nD\nE\nF\n")}}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

func read(t testing.TB, files map[string]string) *Landscape {
	t.Helper()
	l, err := ReadLandscape(folder(files))
	require.NoError(t, err)
	return l
}

// on is short for a date in tables.
func on(t testing.TB, s string) Date {
	t.Helper()
	d, err := ParseDate(s)
	require.NoError(t, err)
	return d
}

func keys[T any](list []T, key func(T) string) []string {
	out := []string{}
	for _, x := range list {
		out = append(out, key(x))
	}
	return out
}

func hospitalKey(h Hospital) string { return h.ID }

func networkKey(n Network) string { return n.ID }

var asOf2021 = NewDate(2021, time.December, 31)
