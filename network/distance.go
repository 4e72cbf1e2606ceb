// SPDX-License-Identifier: Apache-2.0

package network

import (
	"errors"
	"fmt"
	"math"
)

// Distance is how far To is from From.
type Distance struct {
	From, To string  // keys of hospitals or regions
	Km       float64 // NaN if not known
	Minutes  float64 // NaN if not known; only a supplied table has it
	Method   DistanceMethod
	Provenance
}

// DistanceMethod says where a distance comes from.
type DistanceMethod uint8

// The origins of a distance.
const (
	MethodGreatCircle DistanceMethod = iota // computed by GreatCircle
	MethodSupplied                          // stands in distances.csv
)

var distanceMethods = []string{"great circle", "supplied"}

// String returns "great circle" or "supplied".
func (m DistanceMethod) String() string { return wordText(m, distanceMethods) }

// Errors of Landscape.Distance.
var (
	ErrUnknownPlace = errors.New("neither a hospital nor a region of the landscape")
	ErrNoDistance   = errors.New("distance not known: not supplied, and a place has no coordinates")
)

// route is a pair of keys, from and to.
type route [2]string

// Distance returns how far to is from from; both are keys of hospitals or
// regions. A row of distances.csv for this pair in this direction wins, even
// where it gives only one of kilometers and minutes; else it is the great
// circle between the coordinates, 0 from a place to itself. Method says which,
// so that the two are never mixed unseen.
//
// It returns an error matching ErrUnknownPlace or ErrNoDistance.
func (l *Landscape) Distance(from, to string) (Distance, error) {
	if i, ok := l.supplied[route{from, to}]; ok {
		return l.distances[i], nil
	}
	p, ok := l.pointOf(from)
	if !ok {
		return Distance{}, fmt.Errorf("%q: %w", from, ErrUnknownPlace)
	}
	q, ok := l.pointOf(to)
	if !ok {
		return Distance{}, fmt.Errorf("%q: %w", to, ErrUnknownPlace)
	}
	d := Distance{From: from, To: to, Km: GreatCircle(p, q), Minutes: math.NaN()}
	if from == to {
		d.Km = 0
	}
	if math.IsNaN(d.Km) {
		return Distance{}, fmt.Errorf("%q to %q: %w", from, to, ErrNoDistance)
	}
	return d, nil
}

func (l *Landscape) pointOf(id string) (Point, bool) {
	if h, ok := l.Hospital(id); ok {
		return h.Point, true
	}
	r, ok := l.Region(id)
	return r.Point, ok
}

func (b *builder) distance(w row) error {
	var pair route
	for i, col := range []string{"from", "to"} {
		id, err := w.key(col)
		if err != nil {
			return err
		}
		if b.hospitals[id] == 0 && b.regions[id] == 0 {
			return w.Err(col, "a hospital of hospitals.csv or a region of regions.csv")
		}
		pair[i] = id
	}
	km, err := w.amount("km")
	if err != nil {
		return err
	}
	minutes, err := w.amount("minutes")
	if err != nil {
		return err
	}
	if math.IsNaN(km) && math.IsNaN(minutes) {
		return w.Err("km", "kilometers, minutes or both")
	}
	if _, twice := b.l.supplied[pair]; twice {
		return w.Err("to", "each pair of places once")
	}
	b.l.supplied[pair] = int32(len(b.l.distances))
	b.l.distances = append(b.l.distances, Distance{
		From: pair[0], To: pair[1], Km: km, Minutes: minutes, Method: MethodSupplied, Provenance: w.provenance(),
	})
	return nil
}
