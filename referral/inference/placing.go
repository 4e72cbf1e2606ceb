// SPDX-License-Identifier: Apache-2.0

package inference

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
)

// placing collects the places of the numbers of one statistic over samples.
type placing struct {
	top         []float64   // weight of the samples in which each number is the largest
	best, worst [][]float64 // by number and place, the weight of the samples
	ranked      float64     // weight of the samples in which any number is defined
	sorted      []float64
}

func newPlacing(width int) *placing {
	p := &placing{top: make([]float64, width)}
	for range width {
		p.best = append(p.best, make([]float64, width+1))
		p.worst = append(p.worst, make([]float64, width+1))
	}
	return p
}

// add counts a sample. Numbers within 1e-12 of each other share their places.
func (p *placing) add(x []float64, weight float64) {
	p.sorted = p.sorted[:0]
	for _, v := range x {
		if !math.IsNaN(v) {
			p.sorted = append(p.sorted, v)
		}
	}
	if len(p.sorted) == 0 {
		return
	}
	slices.Sort(p.sorted)
	p.ranked += weight
	const tie = 1e-12
	count := len(p.sorted)
	least, _ := slices.BinarySearch(p.sorted, p.sorted[count-1]-tie) // of the largest
	for k, v := range x {
		if math.IsNaN(v) {
			continue
		}
		above, _ := slices.BinarySearch(p.sorted, math.Nextafter(v+tie, math.Inf(1)))
		below, _ := slices.BinarySearch(p.sorted, v-tie)
		p.best[k][1+count-above] += weight
		p.worst[k][count-below] += weight
		if v >= p.sorted[count-1]-tie {
			p.top[k] += weight / float64(count-least)
		}
	}
}

// set writes what was collected to the numbers.
func (p *placing) set(level float64, to []Resampled) {
	tail := (1 - level) / 2
	for k := range to {
		to[k].Top = p.top[k] / p.ranked
		if all := floats.SumCompensated(p.best[k]); all > 0 {
			to[k].Rank = RankInterval{placeAt(p.best[k], tail*all), placeAt(p.worst[k], (1-tail)*all)}
		}
	}
}

// placeAt returns the smallest place whose cumulative weight reaches q.
func placeAt(weight []float64, q float64) int {
	const rounding = 1 - 1e-9
	sum := 0.0
	for place, w := range weight {
		if sum += w; sum >= q*rounding && sum > 0 {
			return place
		}
	}
	return len(weight) - 1
}
