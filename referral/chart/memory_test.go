// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"bytes"
	"context"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/graph/viz"
	"github.com/oncoref/oncoref/referral"
)

// resident is the memory of this process in MiB, as the system sees it; where
// the system does not say, what the heap holds.
func resident(t testing.TB) float64 {
	t.Helper()
	runtime.GC()
	text, err := os.ReadFile("/proc/self/status")
	if err == nil {
		for line := range strings.Lines(string(text)) {
			if kb, ok := strings.CutPrefix(line, "VmRSS:"); ok {
				v, err := strconv.ParseFloat(strings.Fields(kb)[0], 64)
				require.NoError(t, err)
				return v / 1024
			}
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / (1 << 20)
}

// BenchmarkMemory draws a map 200 times and reports how much memory this process
// takes more than after the tenth time, when it draws itself and when it asks a
// worker. Run it with -benchtime=1x.
func BenchmarkMemory(b *testing.B) {
	if testing.Short() {
		b.Skip("minutes")
	}
	exe, err := os.Executable()
	require.NoError(b, err)
	worker := viz.Options{Command: []string{exe}, CacheDir: b.TempDir()}
	require.NoError(b, os.Chmod(worker.CacheDir, 0o700))
	s := dutchLandscape(b)
	for _, m := range []struct {
		name  string
		table *referral.Table
		flows int
	}{{"10 networks", tenNetworks(b, 1), 60}, {"80 hospitals, 600 flows", manyHospitals(b), 600}} {
		d, err := FlowMap(m.table, s, FlowMapConfig{MaxFlows: m.flows})
		require.NoError(b, err)
		text, err := d.DOT()
		require.NoError(b, err)
		for _, f := range []viz.Format{viz.SVG, viz.PNG} {
			b.Run(m.name+"/"+f.String()+"/worker", func(b *testing.B) { memoryGrown(b, text, f, worker) })
			b.Run(m.name+"/"+f.String()+"/here", func(b *testing.B) { memoryGrown(b, text, f, viz.Options{}) })
		}
	}
}

// memoryGrown reports how much memory 200 drawings take beyond the tenth.
func memoryGrown(b *testing.B, text []byte, f viz.Format, o viz.Options) {
	for b.Loop() {
		tenth, most := 0.0, 0.0
		for i := range 200 {
			require.NoError(b, viz.Render(context.Background(), new(bytes.Buffer), text, f, o))
			switch {
			case i == 9:
				tenth = resident(b)
			case i > 9 && i%10 == 9:
				most = max(most, resident(b))
			}
		}
		b.ReportMetric(most-tenth, "MiB-grown")
	}
}

// BenchmarkHospitals draws a map of 80 hospitals and up to 600 flows, from the
// table to the file.
func BenchmarkHospitals(b *testing.B) {
	table, s := manyHospitals(b), dutchLandscape(b)
	for _, most := range []int{60, 600} {
		for _, f := range []viz.Format{viz.SVG, viz.PNG} {
			b.Run(strconv.Itoa(most)+"/"+f.String(), func(b *testing.B) {
				for b.Loop() {
					d, err := FlowMap(table, s, FlowMapConfig{MaxFlows: most})
					require.NoError(b, err)
					text, err := d.DOT()
					require.NoError(b, err)
					require.NoError(b, viz.Render(context.Background(), new(bytes.Buffer), text, f, viz.Options{}))
				}
			})
		}
	}
}
