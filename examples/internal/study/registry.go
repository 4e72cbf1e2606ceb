// SPDX-License-Identifier: Apache-2.0

package study

import (
	"context"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/coverage"
	"github.com/oncoref/oncoref/referral/simulate"
)

// HeadAndNeck makes up a registry of head and neck cancer. Everything in it is
// assumed; the weights are such that the classes of referral come near those of
// figure 3.3.
func HeadAndNeck(ctx context.Context, hospitals *network.Snapshot, centers coverage.List, period network.Period) (*referral.Log, error) {
	c := simulate.Plain("head_and_neck", hospitals)
	c.Patients, c.Seed, c.Period = 18_000, 1, period
	c.Tumors[0].Gravity.Km, c.Tumors[0].Gravity.Pull = 40, 100
	c.Tumors[0].Treatments[0].Home = 0 // operations only where patients are referred to
	for _, h := range hospitals.Hospitals() {
		weight := 1.0
		if centers.Has(h.ID) {
			weight = 2.75
		}
		if h.Type != network.TypeRadiotherapy && h.Type != network.TypeProton {
			c.Tumors[0].Origins = append(c.Tumors[0].Origins, simulate.Weight{Hospital: h.ID, Weight: weight})
		}
	}
	registry, err := simulate.New(c)
	if err != nil {
		return nil, err
	}
	events, _, err := referral.ReadLog(ctx, registry.Rows(referral.LayoutEvents), referral.LogConfig{Within: hospitals, Synthetic: true})
	return events, err
}
