// SPDX-License-Identifier: Apache-2.0

package network

import (
	"fmt"
	"math"
)

// TravelRule says how a [Distance] becomes a number. The zero value gives
// kilometers, great circles as they are.
type TravelRule struct {
	// Minutes asks for travel times. Where they are not supplied, KmPerHour makes
	// them of kilometers; 0 leaves them unknown.
	Minutes   bool
	KmPerHour float64
	Detour    float64 // roads over great circles, at least 1; 0 means 1. Supplied distances are taken as they are
}

// Validate returns an error for a detour below 1, and for a speed that is not a
// number of at least 0.
func (r TravelRule) Validate() error {
	if r.Detour != 0 && !(r.Detour >= 1) || math.IsInf(r.Detour, 1) {
		return fmt.Errorf("detour %v: want at least 1", r.Detour)
	}
	if !(r.KmPerHour >= 0) || math.IsInf(r.KmPerHour, 1) {
		return fmt.Errorf("%v km/h: want a speed of at least 0", r.KmPerHour)
	}
	return nil
}

// Unit returns "km" or "min".
func (r TravelRule) Unit() string {
	if r.Minutes {
		return "min"
	}
	return "km"
}

// Of returns the length of a distance in the unit of the rule; NaN if it is not
// known.
func (r TravelRule) Of(d Distance) float64 {
	km := d.Km
	if d.Method == MethodGreatCircle && r.Detour != 0 {
		km *= r.Detour
	}
	switch {
	case !r.Minutes:
		return km
	case !math.IsNaN(d.Minutes):
		return d.Minutes
	case r.KmPerHour > 0:
		return km / r.KmPerHour * 60
	}
	return math.NaN()
}
