// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"math"

	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/flow"
	"github.com/oncoref/oncoref/referral/inference"
)

// gatedCell is what may be shown of a count that is no cell of a table.
func (p Page) gatedCell(c referral.Cell) referral.Cell {
	if a := amountOf(c, p.AllowSmall); !a.sized {
		return referral.Between(a.lo, a.hi)
	}
	return c
}

// gatedCount is gatedCell of a known count.
func (p Page) gatedCount(n float64) referral.Cell { return p.gatedCell(referral.Count(n)) }

// gatedShare is what may be shown of a share: a part of 1 to 4 or all but 1 to 4
// become ranges, and so does the whole where it would give one of them away.
func (p Page) gatedShare(x referral.Share) referral.Share {
	if p.AllowSmall || !x.Part.Valid() || !x.Whole.Valid() || x.Whole.Hi == 0 {
		return x
	}
	rest := referral.Between(math.Max(0, x.Whole.Lo-x.Part.Hi), math.Max(0, x.Whole.Hi-x.Part.Lo))
	if !x.Whole.Known() {
		if !x.Part.Known() || p.gatedCell(x.Part) == x.Part && p.gatedCell(rest) == rest {
			return x // it has been through a gate, or is far from one
		}
	}
	part, others := p.gatedCell(x.Part), p.gatedCell(rest)
	out := referral.Share{Origin: x.Origin, Destination: x.Destination, Part: part, Whole: x.Whole}
	var lo, hi float64
	switch small, left := part != x.Part, others != rest; {
	case !small && !left:
		return x
	case x.Whole.Known() && small && !left && rest.Lo > 0:
		lo, hi = part.Lo/x.Whole.Lo, part.Hi/x.Whole.Lo
	case x.Whole.Known() && left && !small && x.Part.Lo > 0:
		out.Part = referral.Between(x.Whole.Lo-others.Hi, x.Whole.Lo-others.Lo)
		lo, hi = out.Part.Lo/x.Whole.Lo, out.Part.Hi/x.Whole.Lo
	default:
		out.Whole = part.Add(others)
		lo, hi = ratio(part.Lo, others.Hi), ratio(part.Hi, others.Lo)
	}
	out.Result = referral.BoundedResult(lo, hi, referral.ReasonUnknownCells)
	return out
}

// ratio is x in x + rest; 0 if there is no x.
func ratio(x, rest float64) float64 {
	if x == 0 {
		return 0
	}
	return x / (x + rest)
}

// partition gives the shares of counts that make a whole, and their intervals,
// of what may be shown of the counts.
func (p Page) partition(counts []float64, c inference.Config) ([]inference.Estimate, []referral.Share, error) {
	const origin, labels = "origin", "abcdefgh"
	meta := referral.Meta{Unit: referral.Patients}
	t, err := referral.FromFlows(meta, referral.AbsentZero, func(yield func(referral.Flow) bool) {
		for i, n := range counts {
			if !yield(referral.Flow{Origin: origin, Destination: labels[i : i+1], Cell: referral.Count(n)}) {
				return
			}
		}
	})
	if err != nil {
		return nil, nil, err
	}
	if t, err = gated(t, p.AllowSmall); err != nil {
		return nil, nil, err
	}
	var shares []referral.Share
	for _, x := range flow.OriginShares(t) {
		if x.Destination != origin {
			shares = append(shares, x)
		}
	}
	estimates, err := inference.OfShares(shares, c)
	return estimates, shares, err
}
