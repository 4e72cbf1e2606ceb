// SPDX-License-Identifier: Apache-2.0

package inference

import (
	"context"
	"math"
	"slices"
	"strconv"

	"github.com/oncoref/oncoref/referral"
)

// Dimension is in what two tables that are compared may differ.
type Dimension uint8

// The dimensions.
const (
	Periods Dimension = iota // tables of two periods that do not overlap
	Tumors                   // tables of two tumors
)

// String returns "period" or "tumor".
func (d Dimension) String() string {
	switch d {
	case Periods:
		return "period"
	case Tumors:
		return "tumor"
	}
	return "invalid(" + strconv.Itoa(int(d)) + ")"
}

// CompareConfig says how two tables are compared. The zero value compares
// periods by 95 % intervals and 100,000 permutations.
type CompareConfig struct {
	Config                // of the intervals of the shares
	Dimension   Dimension // in what the tables may differ
	Permutation PermutationConfig
}

// Comparison is what differs between two tables.
type Comparison struct {
	Supra     DifferenceOf   // of the shares of patients treated outside their origin
	Retention []DifferenceOf // of the retained shares, by origin
	Matrix    Homogeneity    // of all destinations of all origins
	Similarity
	LeftOut []string // origins that have a row in one table only: not compared
}

// Compare says how the second table differs from the first: in the share
// treated outside the origin, in each origin's retained share, in the matrix as a
// whole, and how alike they are. The patients must be different ones. The test of
// the matrix permutes between the tables the patients of each origin, so that all margins stay, and
// adds up Pearson's X² of the origins:
//
//	p = P(X²* >= X²), over all permutations, or (1 + #{X²* >= X²}) / (1 + draws)
//
// Origins of nobody in one of the tables are skipped in it. Classes that are
// no place ([referral.Beside]) are left out of both tables, as in [Matrix], and so are
// origins that have a row in one table only (LeftOut).
//
// Cells known in part give the ranges of [Difference], and of the similarities:
// exact ones of Common, CommonCross and Flows; of the others over all completions in whole
// numbers if there are at most a million, else over 10,000 random ones
// (envelope). The test of the matrix then is NaN. In tables where unlisted pairs may have
// patients only Flows has a value, of the flows that are listed.
//
// Published totals narrow the cells, each on its own; those that contradict the
// cells or give one away are an [*InputError].
//
// It returns a [*referral.ClashError] if the tables disagree in anything else
// than c.Dimension: unit, period, tumor, level, partition, rules, conditions, landscape,
// meaning of unlisted pairs, synthetic or not; and also if the periods overlap
// that are compared, whose patients would be on both sides. Further the errors of [Difference],
// and that of ctx. Time is that of the permutations, and O(n²) for n classes
// for each completion; with open cells some seconds at most beside that.
//
// Reference: Good 2005, Permutation, Parametric and Bootstrap Tests of
// Hypotheses, chapter 6; Lenormand et al. 2012,
// doi:10.1371/journal.pone.0045985, for the common part; Lin 1991,
// doi:10.1109/18.61115, for the divergence; Haldane 1940,
// doi:10.1093/biomet/31.3-4.346, for the moments of X².
func Compare(ctx context.Context, first, second *referral.Table, c CompareConfig) (Comparison, error) {
	var out Comparison
	if err := agree(first, second, c.Dimension); err != nil {
		return out, err
	}
	labels := slices.Concat(placesOf(first), placesOf(second))
	slices.Sort(labels)
	labels = slices.Compact(labels)
	a, err := readGrid(first, labels)
	if err != nil {
		return out, err
	}
	b, err := readGrid(second, labels)
	if err != nil {
		return out, err
	}
	out.LeftOut = a.shared(b)
	known := first.Absent().State != referral.Missing
	if !known {
		out.Similarity = unlistedSimilarity(a, b)
	} else {
		out.Similarity = similarity(a, b, c.Permutation.Seed)
	}
	if out.Supra, err = Difference(a.supra(known), b.supra(known), c.Config); err != nil {
		return out, err
	}
	for i, label := range labels {
		if !a.rows[i] || !b.rows[i] {
			continue
		}
		d, err := Difference(a.retention(i, label, known), b.retention(i, label, known), c.Config)
		if err != nil {
			return out, err
		}
		out.Retention = append(out.Retention, d)
	}
	if !known {
		r := referral.UndefinedResult(referral.ReasonUnlisted)
		out.Matrix = Homogeneity{X2: r, P: r, Seen: r, Seed: c.Permutation.Seed}
		return out, nil
	}
	out.Matrix, err = homogeneity(ctx, a, b, c.Permutation)
	return out, err
}

// agree checks that two tables may be compared.
func agree(first, second *referral.Table, d Dimension) error {
	a, b := first.Meta(), second.Meta()
	type field struct{ name, have, got string }
	fields := []field{
		{"unit", a.Unit.String(), b.Unit.String()},
		{"level", a.Level, b.Level},
		{"partition", a.Partition, b.Partition},
		{"partition rule", a.PartitionRule.String(), b.PartitionRule.String()},
		{"origin rule", a.OriginRule.String(), b.OriginRule.String()},
		{"destination rule", a.DestinationRule.String(), b.DestinationRule.String()},
		{"conditions", a.Conditions, b.Conditions},
		{"landscape", a.Landscape, b.Landscape},
		{"synthetic", strconv.FormatBool(a.Synthetic), strconv.FormatBool(b.Synthetic)},
		{"unlisted pairs", first.Absent().String(), second.Absent().String()},
	}
	switch d {
	case Periods:
		fields = append(fields, field{"tumor", a.Tumor, b.Tumor})
	case Tumors:
		fields = append(fields, field{"period", a.Period.String(), b.Period.String()})
	default:
		return &InputError{Field: "Dimension", Value: d.String(), Want: "Periods or Tumors"}
	}
	for _, f := range fields {
		if f.have != f.got {
			return &referral.ClashError{Field: f.name, Have: f.have, Got: f.got}
		}
	}
	var none = a.Period
	none.From, none.To = 0, 0
	if d == Periods && a.Period != none && b.Period != none && a.Period.Overlaps(b.Period) {
		return &referral.ClashError{Field: "patients", Have: a.Period.String(), Got: b.Period.String()}
	}
	return nil
}

// shared empties the rows that only one of two grids has, and returns their
// labels.
func (g grid) shared(o grid) []string {
	var out []string
	n := len(g.classes)
	for i, label := range g.classes {
		if g.rows[i] == o.rows[i] {
			continue
		}
		out = append(out, label)
		clear(g.cells[i*n : (i+1)*n])
		clear(o.cells[i*n : (i+1)*n])
	}
	return out
}

// supra gives the share of patients treated outside their origin. Without
// knowledge of unlisted pairs nothing bounds it.
func (g grid) supra(known bool) referral.Share {
	var own, other referral.Cell
	n := len(g.classes)
	for at, c := range g.cells {
		if at/n == at%n {
			own = own.Add(c)
		} else {
			other = other.Add(c)
		}
	}
	return share("", other, own, known)
}

func (g grid) retention(i int, label string, known bool) referral.Share {
	n := len(g.classes)
	var other referral.Cell
	for j, c := range g.cells[i*n : (i+1)*n] {
		if j != i {
			other = other.Add(c)
		}
	}
	return share(label, g.cells[i*n+i], other, known)
}

func share(origin string, part, rest referral.Cell, known bool) referral.Share {
	if known {
		return ratio(origin, "", part, rest)
	}
	return referral.Share{Origin: origin, Part: referral.Between(part.Lo, math.Inf(1)),
		Whole:  referral.Between(part.Lo+rest.Lo, math.Inf(1)),
		Result: referral.UndefinedResult(referral.ReasonUnlisted)}
}

func unlistedSimilarity(a, b grid) Similarity {
	r := referral.UndefinedResult(referral.ReasonUnlisted)
	s := Similarity{Common: r, CommonCross: r, CommonShare: r, JensenShannon: r, Flows: jaccard(a, b)}
	for _, label := range a.classes {
		s.Rows = append(s.Rows, referral.Scoped{Scope: label, Result: r})
	}
	return s
}
