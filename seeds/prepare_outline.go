// SPDX-License-Identifier: Apache-2.0

//go:build ignore

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
)

const (
	kmPerDegree  = 111.2 // of latitude; of longitude times the cosine of the latitude
	middle       = 52.2  // degrees of latitude at which longitudes are scaled
	tolerance    = 0.7   // km, largest distance of a dropped point from the simplified line
	smallestSpan = 5.0   // km, islands with a smaller diagonal are dropped
	eastOf       = 0.0   // degrees of longitude; parts west of it lie in the Caribbean
)

// point is a longitude and a latitude in degrees.
type point [2]float64

// outline takes the European Netherlands from the TopoJSON of world-atlas
// and simplifies its rings (Douglas and Peucker, 1973).
func outline(r *raw) (table, error) {
	t := table{header: []string{"part", "lat", "lon"}, keep: true}
	b, err := r.bytes("countries-10m.json")
	if err != nil {
		return t, err
	}
	rings, err := country(b, "Netherlands")
	if err != nil {
		return t, err
	}
	part := 0
	for _, ring := range rings {
		if ring[0][0] < eastOf || span(ring) < smallestSpan {
			continue
		}
		part++
		for _, p := range simplify(ring) {
			t.rows = append(t.rows, []string{strconv.Itoa(part), decimals(p[1]), decimals(p[0])})
		}
	}
	return t, nil
}

func decimals(x float64) string { return strconv.FormatFloat(x, 'f', 4, 64) }

// country returns the outer rings of a named country, each closed.
func country(b []byte, name string) ([][]point, error) {
	var topo struct {
		Objects struct {
			Countries struct {
				Geometries []struct {
					Type       string
					Properties struct{ Name string }
					Arcs       json.RawMessage // its depth depends on the type
				}
			}
		}
		Arcs      [][]point
		Transform struct{ Scale, Translate point }
	}
	if err := json.Unmarshal(b, &topo); err != nil {
		return nil, err
	}
	for _, g := range topo.Objects.Countries.Geometries {
		if g.Properties.Name != name {
			continue
		}
		if g.Type != "MultiPolygon" {
			return nil, fmt.Errorf("%s is a %s, not a MultiPolygon", name, g.Type)
		}
		var polygons [][][]int
		if err := json.Unmarshal(g.Arcs, &polygons); err != nil {
			return nil, err
		}
		var rings [][]point
		for _, polygon := range polygons {
			var ring []point
			for _, i := range polygon[0] { // the outer ring
				ring = append(ring, arc(topo.Arcs, i, topo.Transform.Scale, topo.Transform.Translate)[min(len(ring), 1):]...)
			}
			rings = append(rings, ring)
		}
		return rings, nil
	}
	return nil, errors.New("no country " + name)
}

// arc decodes an arc of a topology; the index ^i means arc i backwards.
func arc(arcs [][]point, i int, scale, translate point) []point {
	backwards := i < 0
	if backwards {
		i = ^i
	}
	out := make([]point, len(arcs[i]))
	var at point
	for k, d := range arcs[i] {
		at[0] += d[0]
		at[1] += d[1]
		p := point{at[0]*scale[0] + translate[0], at[1]*scale[1] + translate[1]}
		if backwards {
			out[len(out)-1-k] = p
		} else {
			out[k] = p
		}
	}
	return out
}

// km returns the vector from a to b in kilometers.
func km(a, b point) (dx, dy float64) {
	return (b[0] - a[0]) * kmPerDegree * math.Cos(middle*math.Pi/180), (b[1] - a[1]) * kmPerDegree
}

// span returns the diagonal of a ring's bounding box in kilometers.
func span(ring []point) float64 {
	lo, hi := ring[0], ring[0]
	for _, p := range ring {
		for k := range p {
			lo[k], hi[k] = min(lo[k], p[k]), max(hi[k], p[k])
		}
	}
	return math.Hypot(km(lo, hi))
}

// simplify drops points of a closed ring that lie within tolerance of the
// line that is left. The first point is not repeated at the end.
func simplify(ring []point) []point {
	far := 0 // the ring is cut at the point farthest from its start
	for i, p := range ring {
		if math.Hypot(km(ring[0], p)) > math.Hypot(km(ring[0], ring[far])) {
			far = i
		}
	}
	out := append(line(ring[:far+1]), line(ring[far:])[1:]...)
	return out[:len(out)-1]
}

// line simplifies an open line and keeps both ends.
func line(pts []point) []point {
	if len(pts) < 3 {
		return append([]point(nil), pts...)
	}
	worst, at := 0.0, 0
	for i := 1; i < len(pts)-1; i++ {
		if d := offset(pts[i], pts[0], pts[len(pts)-1]); d > worst {
			worst, at = d, i
		}
	}
	if worst <= tolerance {
		return []point{pts[0], pts[len(pts)-1]}
	}
	return append(line(pts[:at+1]), line(pts[at:])[1:]...)
}

// offset returns the distance of p from the segment a-b in kilometers.
func offset(p, a, b point) float64 {
	dx, dy := km(a, b)
	px, py := km(a, p)
	t := 0.0
	if l := dx*dx + dy*dy; l > 0 {
		t = max(0, min(1, (px*dx+py*dy)/l))
	}
	return math.Hypot(px-t*dx, py-t*dy)
}
