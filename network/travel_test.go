// SPDX-License-Identifier: Apache-2.0

package network_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/network"
)

// travelTimes makes a folder with so many regions and hospitals and a full
// matrix of kilometers and minutes between them.
func travelTimes(regions, hospitals int) fstest.MapFS {
	var h, r, d strings.Builder
	h.WriteString("hospital,lat,lon\n")
	for j := range hospitals {
		fmt.Fprintf(&h, "H%d,52,5\n", j)
	}
	r.WriteString("region,population\n")
	d.WriteString("from,to,km,minutes\n")
	for i := range regions {
		fmt.Fprintf(&r, "R%d,1000\n", i)
		for j := range hospitals {
			fmt.Fprintf(&d, "R%d,H%d,%d.5,%d\n", i, j, i+j, i+2*j)
		}
	}
	file := func(b *strings.Builder) *fstest.MapFile { return &fstest.MapFile{Data: []byte(b.String())} }
	return fstest.MapFS{"hospitals.csv": file(&h), "regions.csv": file(&r), "distances.csv": file(&d)}
}

func TestTravelTimesOfTheWholeCountry(t *testing.T) {
	l, err := network.ReadLandscape(travelTimes(400, 80))
	require.NoError(t, err)
	d, err := l.Distance("R399", "H79")
	require.NoError(t, err)
	assert.Equal(t, network.MethodSupplied, d.Method)
	assert.InDelta(t, 478.5, d.Km, 0)
	assert.InDelta(t, 557, d.Minutes, 0)

	// The way back is not supplied, and a region without coordinates has no
	// great circle: a hole is an error, never 0.
	_, err = l.Distance("H79", "R399")
	require.ErrorIs(t, err, network.ErrNoDistance)
}

// A hole in the matrix is filled by the great circle where both places have
// coordinates, and Method says so; minutes are then not known.
func TestHoleInTravelTimes(t *testing.T) {
	l, err := network.ReadLandscape(fstest.MapFS{
		"hospitals.csv": {Data: []byte("hospital,lat,lon\nA,52,5\nB,52,6\n")},
		"regions.csv":   {Data: []byte("region,population,lat,lon\nR,1,52,5.5\n")},
		"distances.csv": {Data: []byte("from,to,minutes\nR,A,31\n")},
	})
	require.NoError(t, err)
	d, err := l.Distance("R", "A")
	require.NoError(t, err)
	assert.InDelta(t, 31, d.Minutes, 0)
	assert.True(t, math.IsNaN(d.Km), "kilometers are not supplied")
	d, err = l.Distance("R", "B")
	require.NoError(t, err)
	assert.Equal(t, network.MethodGreatCircle, d.Method)
	assert.True(t, math.IsNaN(d.Minutes))
	assert.InDelta(t, 34.2, d.Km, 0.1)
}

func BenchmarkReadTravelTimes(b *testing.B) {
	fsys := travelTimes(400, 80)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := network.ReadLandscape(fsys); err != nil {
			b.Fatal(err)
		}
	}
}

func TestTravelRule(t *testing.T) {
	circle := network.Distance{Km: 10, Minutes: math.NaN()}
	timed := network.Distance{Km: 10, Minutes: 14, Method: network.MethodSupplied}
	road := network.Distance{Km: 10, Minutes: math.NaN(), Method: network.MethodSupplied}
	nan := math.NaN()
	for _, tt := range []struct {
		rule                network.TravelRule
		circle, timed, road float64
	}{
		{network.TravelRule{}, 10, 10, 10},
		{network.TravelRule{Detour: 1.3}, 13, 10, 10},
		{network.TravelRule{Minutes: true}, nan, 14, nan},
		{network.TravelRule{Minutes: true, KmPerHour: 60, Detour: 1.5}, 15, 14, 10},
	} {
		require.NoError(t, tt.rule.Validate())
		for i, want := range []float64{tt.circle, tt.timed, tt.road} {
			d := []network.Distance{circle, timed, road}[i]
			if got := tt.rule.Of(d); math.IsNaN(want) {
				assert.True(t, math.IsNaN(got), "%+v of %+v", tt.rule, d)
			} else {
				assert.InDelta(t, want, got, 1e-12, "%+v of %+v", tt.rule, d)
			}
		}
	}
	for _, wrong := range []network.TravelRule{{Detour: 0.9}, {Detour: nan}, {Detour: math.Inf(1)}, {KmPerHour: -1}, {KmPerHour: nan}} {
		assert.Error(t, wrong.Validate())
	}
}
