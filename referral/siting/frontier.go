// SPDX-License-Identifier: Apache-2.0

package siting

import (
	"context"
	"errors"
)

// FrontierPoint is what as many centers could reach at best, for the mean and
// for the worst-off.
type FrontierPoint struct {
	Count  int
	Median Plan // least mean distance
	Center Plan // least largest distance
}

// Frontier solves Median and Center for each number of centers from least to
// most: how much travel each further center saves. Numbers for which a model is
// infeasible are left out.
//
// It returns the errors of Median and Center, infeasibility excepted unless it
// holds for all numbers.
func Frontier(ctx context.Context, p Problem, least, most int, c Config) ([]FrontierPoint, error) {
	var out []FrontierPoint
	var none *InfeasibleError
	for count := least; count <= most; count++ {
		median, err := Median(ctx, p, count, c)
		if errors.As(err, &none) {
			continue
		} else if err != nil {
			return nil, err
		}
		center, err := Center(ctx, p, count, CoverConfig{Config: c})
		if errors.As(err, &none) {
			continue
		} else if err != nil {
			return nil, err
		}
		out = append(out, FrontierPoint{count, median, center})
	}
	if len(out) == 0 && none != nil {
		return nil, none
	}
	return out, nil
}
