// SPDX-License-Identifier: Apache-2.0

package pathway

import (
	"context"

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
	return l.Transitions(ctx, referral.LinkRule{Layer: layer, DropSelf: true})
}
