// SPDX-License-Identifier: Apache-2.0

package pathway

import (
	"context"
	"fmt"
	"maps"

	"github.com/oncoref/oncoref/referral"
)

// LayerTable returns the flows of one layer between hospitals: for the layer of
// patients their changes of hospital ([referral.Log.Transitions]), for referral,
// pathology and mdt the events from Hospital to ToHospital. What stays in a
// hospital is left out, as are events without a receiving hospital; a sending one
// that is not known is [referral.DestinationUnknown]. Cells count events, not
// patients. A layer that is not registered gives a table without
// flows: that is not the same as a layer in which nothing happened.
//
// It returns an error for the status layer, which has no flows, or that of ctx.
// Time O(n) for n events.
//
// Layers as in Kivelä et al. 2014, Journal of Complex Networks 2:203-271.
func LayerTable(ctx context.Context, l *referral.Log, layer referral.Layer) (*referral.Table, error) {
	switch layer {
	case referral.LayerPatient:
		return l.Transitions(ctx, referral.LinkRule{DropSelf: true})
	case referral.LayerReferral, referral.LayerPathology, referral.LayerMDT:
	case referral.LayerStatus:
		return nil, fmt.Errorf("pathway: the %s layer has no flows", layer)
	default:
		return nil, fmt.Errorf("pathway: %v: want a layer", layer)
	}
	changes, err := l.Transitions(ctx, referral.LinkRule{DropSelf: true})
	if err != nil {
		return nil, err
	}
	meta := changes.Meta()
	meta.Conditions = "events of the " + layer.String() + " layer; self=dropped"
	counts := map[[2]string]int{}
	n := 0
	for p := range l.Pathways() {
		if n++; n&1023 == 0 && ctx.Err() != nil {
			break
		}
		for e := range p.Events() {
			if e.Layer == layer && e.Hospital != "" && e.ToHospital != "" && e.Hospital != e.ToHospital {
				counts[[2]string{e.Hospital, e.ToHospital}]++
			}
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return referral.FromFlows(meta, referral.AbsentZero, func(yield func(referral.Flow) bool) {
		for pair, k := range maps.All(counts) {
			if !yield(referral.Flow{Origin: pair[0], Destination: pair[1], Cell: referral.Count(float64(k))}) {
				return
			}
		}
	})
}
