// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"math"
	"slices"

	"github.com/oncoref/oncoref/referral"
)

// Partner is where most of the patients who leave an origin go.
type Partner struct {
	Origin string
	// Candidates are the labels that can be the largest destination, in order:
	// one if it is certain, several if counts are equal or not known, none if
	// nobody leaves. A cell is a candidate if it can be as large as every other
	// is at least.
	Candidates []string
	Tied       bool            // the candidates are known to be equal
	OfOutflow  referral.Result // max_j X_ij / out_i
	OfPatients referral.Result // max_j X_ij / O_i
}

// Partners returns the destination that most of the patients who leave each
// origin go to, and how much the origin depends on it:
//
//	argmax_{j≠i} X_ij
//
// Retained patients count in OfPatients only. A set-valued destination is a
// label of its own. There is one entry for each origin, in the order of the table;
// the shares are undefined for one that nobody leaves (zero_row). The bounds of
// the shares are exact with and without a published total of the row.
//
// Time O(cells), memory O(classes).
//
// Reference: Nystuen and Dacey 1961, doi:10.1007/BF01969070, for the largest
// flow; [structure.DominantFlows] makes their regions from a graph.
func Partners(t *referral.Table) []Partner {
	m := newModel(t)
	rows := m.careRows()
	out := make([]Partner, len(rows))
	whole, away := m.byRow(rows, m.cross, m.care), m.byRow(rows, m.cross, m.cross)
	for i, r := range rows {
		p := Partner{Origin: m.rows[r].name}
		var cells []cell
		for k := m.start[r]; k < m.start[r+1]; k++ {
			if m.cross(k) && m.cell[k].hi > 0 {
				cells = append(cells, m.cell[k])
			}
		}
		if m.err != nil {
			p.OfOutflow, p.OfPatients = *m.err, *m.err
		} else {
			p.rank(m, cells)
			p.OfOutflow = m.largest(cells, away[i])
			p.OfPatients = m.largest(cells, whole[i])
		}
		out[i] = p
	}
	return out
}

// rank finds the candidates by interval dominance.
func (p *Partner) rank(m *model, cells []cell) {
	least := 0.0
	for _, c := range cells {
		least = max(least, c.lo)
	}
	known := true
	for _, c := range cells {
		if c.hi >= least {
			p.Candidates = append(p.Candidates, m.cols[c.col].name)
			known = known && c.known()
		}
	}
	slices.Sort(p.Candidates)
	p.Tied = known && len(p.Candidates) > 1
}

// largest gives the bounds of the largest of some cells over a sum that they are
// a part of.
func (m *model) largest(cells []cell, of block) referral.Result {
	of = of.normal()
	if of.part.hi <= 0 || len(cells) == 0 {
		return referral.UndefinedResult(referral.ReasonZeroRow)
	}
	possible := of.part.lo <= 0
	part := max(of.part.lo, m.smallest()) // somebody leaves
	hi := 0.0
	var all tally
	level := 0.0
	for _, c := range cells {
		all.add(c.span)
		level = max(level, c.lo)
	}
	for _, c := range cells {
		others := all.without(c.span)
		b := block{c.span, others.add(of.rest), of.sum}
		if math.IsInf(c.hi, 1) && all.open == 1 {
			b.rest = span{all.lo - c.lo, all.hi}.add(of.rest)
		}
		b.part.lo = max(b.part.lo, 0)
		if b = b.normal(); b.part.hi > 0 {
			b.part.lo = max(b.part.lo, min(b.part.hi, m.smallest()))
			hi = max(hi, portion(b.most()))
		}
	}
	// The largest is the smallest if no cell is above a level, and the sum as
	// large as it then can be.
	sumAt := func(level float64) float64 {
		sum := 0.0
		for _, c := range cells {
			sum += c.clip(level)
		}
		return sum
	}
	need := max(part, of.sum.lo-of.rest.hi)
	if top := sumAt(level); top < need {
		level = m.levelFor(cells, need)
	}
	lo := ratioOf(level, min(of.sum.hi, of.rest.hi+sumAt(level)))
	return m.bounded(lo, hi, possible)
}

// levelFor gives the lowest level at which the cells can hold so many.
func (m *model) levelFor(cells []cell, need float64) float64 {
	levels := []float64{0}
	for _, c := range cells {
		levels = append(levels, c.lo)
		if !math.IsInf(c.hi, 1) {
			levels = append(levels, c.hi)
		}
	}
	slices.Sort(levels)
	for i, level := range levels {
		sum, active := 0.0, 0.0
		for _, c := range cells {
			sum += c.clip(level)
			if c.lo <= level && c.hi > level {
				active++
			}
		}
		if sum >= need {
			return level
		}
		if active == 0 {
			continue
		}
		at := level + (need-sum)/active
		if m.whole {
			at = math.Ceil(at)
		}
		if i+1 == len(levels) || at <= levels[i+1] {
			return at
		}
	}
	return levels[len(levels)-1]
}
