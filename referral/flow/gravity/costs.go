// SPDX-License-Identifier: Apache-2.0

package gravity

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/oncoref/oncoref/network"
)

// ErrCost says that the cost of a way is not known, or not a finite number.
var ErrCost = errors.New("no cost that is a finite number")

// CostError says which cost.
type CostError struct {
	Origin, Destination string
	Cost                float64 // NaN if there is none
}

// Error names the way.
func (e *CostError) Error() string {
	return fmt.Sprintf("gravity: cost %v from %q to %q: %v", e.Cost, e.Origin, e.Destination, ErrCost)
}

// Unwrap returns [ErrCost].
func (e *CostError) Unwrap() error { return ErrCost }

// Costs are the costs of the ways between classes: kilometers, minutes, or
// what else is longer the farther it is. It is immutable; the zero value has no
// classes.
type Costs struct {
	classes []string
	cost    []float64 // by origin and destination
}

// GreatCircle returns the great-circle distances in kilometers between points,
// keyed by class, with within as the cost of staying in a class. A point that
// is not known leaves its class without costs, other than that of staying.
//
// It returns an error that wraps [ErrCost] if within is not a finite number.
// Time and memory O(n²).
func GreatCircle(points map[string]network.Point, within float64) (Costs, error) {
	if math.IsNaN(within) || math.IsInf(within, 0) {
		return Costs{}, fmt.Errorf("gravity: cost %v within a class: %w", within, ErrCost)
	}
	c := Costs{classes: slices.Sorted(maps.Keys(points))}
	for i, o := range c.classes {
		for j, d := range c.classes {
			x := within
			if i != j {
				x = network.GreatCircle(points[o], points[d])
			}
			c.cost = append(c.cost, x)
		}
	}
	return c, nil
}

// Networks returns the great-circle distances in kilometers between the middles
// of networks of a partition, given by ID, name or alias as a table has them,
// with within as the cost of staying in one. Labels that are no network, or one
// without a place, have no costs.
//
// It returns an error as [GreatCircle] does.
func Networks(s *network.Snapshot, partition string, labels []string, within float64) (Costs, error) {
	points := make(map[string]network.Point, len(labels))
	for _, l := range labels {
		n, ok := s.Network(partition, l)
		if !ok {
			continue
		}
		if p, ok := s.Middle(n.ID); ok {
			points[l] = p
		}
	}
	return GreatCircle(points, within)
}

// Matrix returns the costs of a matrix by origin and destination; its diagonal
// is the cost of staying. A NaN is a cost that is not known.
//
// It returns an error if a class is given twice or the matrix is not square,
// and a [*CostError] if a cost is infinite.
func Matrix(classes []string, cost [][]float64) (Costs, error) {
	order := make([]int, len(classes))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		if classes[a] < classes[b] {
			return -1
		}
		return 1
	})
	var c Costs
	for n, i := range order {
		if n > 0 && classes[i] == classes[order[n-1]] {
			return Costs{}, fmt.Errorf("gravity: class %q given twice", classes[i])
		}
		c.classes = append(c.classes, classes[i])
	}
	if len(cost) != len(classes) {
		return Costs{}, fmt.Errorf("gravity: %d rows of costs for %d classes", len(cost), len(classes))
	}
	for _, i := range order {
		if len(cost[i]) != len(classes) {
			return Costs{}, fmt.Errorf("gravity: %d costs from %q for %d classes", len(cost[i]), classes[i], len(classes))
		}
		for _, j := range order {
			if math.IsInf(cost[i][j], 0) {
				return Costs{}, &CostError{classes[i], classes[j], cost[i][j]}
			}
			c.cost = append(c.cost, cost[i][j])
		}
	}
	return c, nil
}

// Classes returns the classes, sorted.
func (c Costs) Classes() []string { return slices.Clone(c.classes) }

// At returns the cost of a way; false if it is not known.
//
// Time O(log n).
func (c Costs) At(origin, destination string) (float64, bool) {
	i, okO := slices.BinarySearch(c.classes, origin)
	j, okD := slices.BinarySearch(c.classes, destination)
	if !okO || !okD {
		return math.NaN(), false
	}
	x := c.cost[i*len(c.classes)+j]
	return x, !math.IsNaN(x)
}
