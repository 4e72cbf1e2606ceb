// SPDX-License-Identifier: Apache-2.0

package network

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

const (
	printedKm   = 1e-6 // published values have six decimals
	millimeter  = 1e-6 // in km
	meter       = 1e-3 // in km, near the antipode
	sameDegrees = 1e-9
)

// vector is the point as a direction from the center of the Earth.
func vector(p Point) [3]float64 {
	const rad = math.Pi / 180
	return [3]float64{
		math.Cos(p.Lat*rad) * math.Cos(p.Lon*rad), math.Cos(p.Lat*rad) * math.Sin(p.Lon*rad), math.Sin(p.Lat * rad),
	}
}

// vectorDistance is the great circle by another formula: the angle between two
// vectors from their cross and dot products.
func vectorDistance(p, q Point) float64 {
	a, b := vector(p), vector(q)
	dot := a[0]*b[0] + a[1]*b[1] + a[2]*b[2]
	cross := math.Hypot(math.Hypot(a[1]*b[2]-a[2]*b[1], a[2]*b[0]-a[0]*b[2]), a[0]*b[1]-a[1]*b[0])
	return EarthRadius * math.Atan2(cross, dot)
}

// TestGreatCircleCatalogue compares with published distances of the shared
// example, region to the nearer of the hospitals H3 and H7.
func TestGreatCircleCatalogue(t *testing.T) {
	h3, h7 := Point{52.086, 5.18}, Point{51.911, 4.468}
	for _, c := range []struct {
		name   string
		region Point
		want   float64
	}{
		{"R1", Point{52.37, 4.9}, 36.890944},
		{"R2", Point{52.63, 4.75}, 67.169355},
		{"R3", Point{52.09, 5.12}, 4.123490},
		{"R4", Point{52.22, 5.97}, 55.918560},
		{"R5", Point{51.59, 4.78}, 41.657259},
		{"R6", Point{53.22, 6.57}, 157.128879},
		{"R7", Point{53.2, 5.8}, 130.742749},
		{"R8", Point{51.95, 4.2}, 18.880134},
	} {
		assert.InDelta(t, c.want, min(GreatCircle(c.region, h3), GreatCircle(c.region, h7)), printedKm, c.name)
	}
}

func TestGreatCircleKnown(t *testing.T) {
	quarter := EarthRadius * math.Pi / 2
	assert.InDelta(t, quarter, GreatCircle(Point{0, 0}, Point{90, 0}), millimeter)
	assert.InDelta(t, quarter, GreatCircle(Point{0, 0}, Point{0, 90}), millimeter)
	assert.InDelta(t, 2*quarter, GreatCircle(Point{0, 0}, Point{0, 180}), meter, "antipode")
	assert.InDelta(t, 2*EarthRadius*math.Pi/180, GreatCircle(Point{0, 179}, Point{0, -179}), millimeter, "across the date line")
	assert.Zero(t, GreatCircle(Point{52, 5}, Point{52, 5}))
	assert.True(t, math.IsNaN(GreatCircle(NoPoint(), Point{52, 5})))
	assert.True(t, math.IsNaN(GreatCircle(Point{52, 5}, NoPoint())))
}

// TestGreatCircleEllipsoid checks the error that the doc comment states, from the
// radii of curvature of the WGS84 ellipsoid along and across the meridian.
func TestGreatCircleEllipsoid(t *testing.T) {
	const a, f = 6378.137, 1 / 298.257223563
	e2 := f * (2 - f)
	short := func(lat float64) (low, high float64) {
		w := 1 - e2*math.Pow(math.Sin(lat*math.Pi/180), 2)
		along, across := 1-EarthRadius/(a*(1-e2)/math.Pow(w, 1.5)), 1-EarthRadius/(a/math.Sqrt(w))
		return min(along, across), max(along, across)
	}
	for lat := 50.7; lat <= 53.6; lat += 0.1 {
		low, high := short(lat)
		assert.Greater(t, low, 0.0004, lat)
		assert.Less(t, high, 0.0033, lat)
	}
	for lat := 0.0; lat <= 90; lat++ {
		low, high := short(lat)
		assert.Greater(t, low, -0.006)
		assert.Less(t, high, 0.006)
	}
}

func drawPoint(t *rapid.T, label string) Point {
	return Point{rapid.Float64Range(-90, 90).Draw(t, label+" lat"), rapid.Float64Range(-180, 180).Draw(t, label+" lon")}
}

func TestGreatCircleLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, q, r := drawPoint(t, "p"), drawPoint(t, "q"), drawPoint(t, "r")
		d := GreatCircle(p, q)
		require.Equal(t, d, GreatCircle(q, p))
		require.Zero(t, GreatCircle(p, p))
		require.GreaterOrEqual(t, d, 0.0)
		require.LessOrEqual(t, d, EarthRadius*math.Pi)
		require.LessOrEqual(t, d, GreatCircle(p, r)+GreatCircle(r, q)+meter)
		require.InDelta(t, vectorDistance(p, q), d, meter)
	})
}

func TestMiddle(t *testing.T) {
	for _, c := range []struct {
		name   string
		points []Point
		want   Point
		ok     bool
	}{
		{name: "none"},
		{name: "none known", points: []Point{NoPoint()}},
		{name: "one", points: []Point{{52, 5}}, want: Point{52, 5}, ok: true},
		{name: "unknown left out", points: []Point{{52, 5}, NoPoint()}, want: Point{52, 5}, ok: true},
		{name: "on the equator", points: []Point{{0, 10}, {0, 20}}, want: Point{0, 15}, ok: true},
		{name: "across the date line", points: []Point{{0, 179}, {0, -179}}, want: Point{0, 180}, ok: true},
		{name: "across the pole", points: []Point{{80, 0}, {80, 180}}, want: Point{90, 0}, ok: true},
		{name: "antipodes", points: []Point{{0, 0}, {0, 180}}},
	} {
		got, ok := middle(c.points)
		require.Equal(t, c.ok, ok, c.name)
		if !ok {
			assert.False(t, got.Known(), c.name)
			continue
		}
		assert.InDelta(t, c.want.Lat, got.Lat, sameDegrees, c.name)
		if c.want.Lat < 90 {
			assert.InDelta(t, 0, math.Remainder(c.want.Lon-got.Lon, 360), sameDegrees, c.name)
		}
	}
}

// TestMiddleNearest checks that the middle of two places is as far from both.
func TestMiddleNearest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Point{rapid.Float64Range(50, 54).Draw(t, "lat"), rapid.Float64Range(3, 8).Draw(t, "lon")}
		q := Point{rapid.Float64Range(50, 54).Draw(t, "lat2"), rapid.Float64Range(3, 8).Draw(t, "lon2")}
		m, ok := middle([]Point{p, q})
		require.True(t, ok)
		require.InDelta(t, GreatCircle(p, m), GreatCircle(m, q), meter)
		require.InDelta(t, GreatCircle(p, q), GreatCircle(p, m)+GreatCircle(m, q), meter)
	})
}
