// SPDX-License-Identifier: Apache-2.0

package network

import "math"

// EarthRadius is the mean radius of the Earth in kilometers, (2a+b)/3 of the
// GRS 80 ellipsoid (Moritz 2000, DOI 10.1007/s001900050278).
const EarthRadius = 6371.0088

// minResultant is the length of a mean of unit vectors below which it has no
// direction that could be told from rounding.
const minResultant = 1e-9

// Point is a place in degrees, WGS84: Lat from -90 to 90, Lon from -180 to
// 180. Mind that the zero Point is a place in the Gulf of Guinea; the unknown
// place is NoPoint.
type Point struct {
	Lat, Lon float64
}

// NoPoint returns the unknown place, with NaN for both coordinates.
func NoPoint() Point { return Point{Lat: math.NaN(), Lon: math.NaN()} }

// Known reports whether both coordinates are numbers.
func (p Point) Known() bool { return !math.IsNaN(p.Lat) && !math.IsNaN(p.Lon) }

// GreatCircle returns the length in kilometers of the shortest way from p to q
// over a sphere of radius EarthRadius, by the haversine formula:
//
//	h = sin²(Δlat/2) + cos(lat p) cos(lat q) sin²(Δlon/2)
//	d = 2 R asin(√h)
//
// It is NaN if a place is not known. Rounding stays below a millimeter, near the
// antipode below a meter. The sphere itself is the larger error: against the WGS84 ellipsoid a distance is off by
// up to 0.6 percent, in the Netherlands (50.7 to 53.6 degrees north) it is 0.04
// to 0.33 percent too short. Travel by road is longer: supply a table for that.
//
// Reference: Sinnott 1984, Virtues of the haversine, Sky and Telescope 68:159.
func GreatCircle(p, q Point) float64 {
	const rad = math.Pi / 180
	s, t := math.Sin((q.Lat-p.Lat)*rad/2), math.Sin((q.Lon-p.Lon)*rad/2)
	h := s*s + math.Cos(p.Lat*rad)*math.Cos(q.Lat*rad)*t*t
	return 2 * EarthRadius * math.Asin(math.Sqrt(min(1, h)))
}

// middle returns the mean of the known points as directions from the center of
// the Earth; not ok if none is known or if they cancel out.
func middle(points []Point) (Point, bool) {
	const rad = math.Pi / 180
	var x, y, z float64
	n := 0
	for _, p := range points {
		if !p.Known() {
			continue
		}
		n++
		x += math.Cos(p.Lat*rad) * math.Cos(p.Lon*rad)
		y += math.Cos(p.Lat*rad) * math.Sin(p.Lon*rad)
		z += math.Sin(p.Lat * rad)
	}
	if n == 0 || math.Sqrt(x*x+y*y+z*z) < minResultant*float64(n) {
		return NoPoint(), false
	}
	return Point{Lat: math.Atan2(z, math.Hypot(x, y)) / rad, Lon: math.Atan2(y, x) / rad}, true
}
