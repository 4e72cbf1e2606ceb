// SPDX-License-Identifier: Apache-2.0

package coverage

import (
	"math"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// TreatedInCenters returns for each group of origins the share of its patients
// who are treated in a center, from a table of hospitals; those treated at home
// in a center count. The last is the share of all patients, with Origin empty.
// Groups are those of a partition; a hospital of several groups counts in its
// first under a rule that has an order, and is an error otherwise. Nil groups
// gives hospitals.
//
// Unknown cells, and pairs that are not listed where these are unknown, give the
// exact bounds of x / (x + rest): cells in centers at one end, all others at the
// other. Published totals are not taken into account: the bounds hold with them
// but can be wider than they allow. A group without patients is undefined
// (zero_row), and its bounds say so where it may have none (zero_possible). The
// result has every group of the partition, sorted.
//
// It returns a *referral.ClassError for hospitals without exactly one group.
func TreatedInCenters(t *referral.Table, experts List, groups *network.Partition) ([]referral.Share, error) {
	var names []string
	group := map[string]string{}
	var lost []string
	for _, h := range t.Origins() {
		if referral.Beside(h) {
			continue
		}
		g := h
		if groups != nil {
			shares, ok := groups.Of(h)
			if !ok || len(shares) != 1 {
				lost = append(lost, h)
				continue
			}
			g = shares[0].Group
		} else {
			names = append(names, h)
		}
		group[h] = g
	}
	if len(lost) > 0 {
		return nil, &referral.ClassError{Want: "exactly one group of the partition " + groups.Name(), Labels: lost}
	}
	if groups != nil {
		names = groups.Groups()
	}
	in, out := map[string]referral.Cell{}, map[string]referral.Cell{}
	var allIn, allOut referral.Cell
	for f := range t.Flows() {
		g, ok := group[f.Origin]
		if !ok || referral.Beside(f.Destination) {
			continue
		}
		treated, ok := experts.hasAll(f.Members)
		if !ok {
			return nil, &referral.ClassError{Want: "destinations that are in the list as a whole or not at all", Labels: []string{f.Destination}}
		}
		if treated {
			in[g], allIn = in[g].Add(f.Cell), allIn.Add(f.Cell)
		} else {
			out[g], allOut = out[g].Add(f.Cell), allOut.Add(f.Cell)
		}
	}
	for origin, g := range group {
		someIn, someOut := unlisted(t, origin, experts)
		if someIn {
			in[g], allIn = in[g].Add(referral.MissingCell()), allIn.Add(referral.MissingCell())
		}
		if someOut {
			out[g], allOut = out[g].Add(referral.MissingCell()), allOut.Add(referral.MissingCell())
		}
	}
	var shares []referral.Share
	for _, g := range names {
		s := referral.ShareOf(in[g], out[g], referral.ReasonZeroRow)
		s.Origin = g
		shares = append(shares, s)
	}
	return append(shares, referral.ShareOf(allIn, allOut, referral.ReasonZeroDenominator)), nil
}

// unlisted tells whether an origin can have patients in centers, and elsewhere,
// of whom a table says nothing.
func unlisted(t *referral.Table, origin string, experts List) (in, out bool) {
	if t.Absent().State != referral.Missing {
		return false, false
	}
	for _, d := range append(t.Classes(), t.Destinations()...) {
		if referral.Beside(d) || t.Cell(origin, d).State != referral.Missing {
			continue
		}
		switch treated, ok := experts.hasAll(t.Members(d)); {
		case !ok:
			in, out = true, true
		case treated:
			in = true
		default:
			out = true
		}
	}
	return in, out
}

// bounded is a result within bounds that unknown cells leave, and where the
// denominator can be zero no result at all may be there.
func bounded(lo, hi float64, zero bool) referral.Result {
	r := referral.BoundedResult(lo, hi, referral.ReasonUnknownCells)
	if zero {
		r.Value, r.Status, r.Reason = math.NaN(), referral.Bounded, referral.ReasonZeroPossible
	}
	return r
}
