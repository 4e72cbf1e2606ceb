// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"math"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/structure"
	"github.com/oncoref/oncoref/referral"
)

// pair is the flow between two single classes, both ways.
type pair struct{ there, back span }

// crossPairs gives the flows between different single classes, one entry for
// each pair that may have any. A set-valued cell may be for each member, or for
// none.
func (m *model) crossPairs() []pair {
	n := len(m.classes)
	flow := make([]span, n*n)
	for k, c := range m.cell {
		if !m.cross(k) {
			continue
		}
		from, to := m.rows[m.at[k]], m.cols[c.col]
		s := c.span
		if len(from.members) > 1 || len(to.members) > 1 {
			s.lo = 0
		}
		for _, i := range from.members {
			for _, j := range to.members {
				if i != j {
					flow[i*n+j] = flow[i*n+j].add(s)
				}
			}
		}
	}
	var out []pair
	for i := range n {
		for j := range i {
			if p := (pair{flow[i*n+j], flow[j*n+i]}); p.there.hi > 0 || p.back.hi > 0 {
				out = append(out, p)
			}
		}
	}
	return out
}

// BinaryReciprocity returns the share of the flows between different classes,
// each counted once however large, that have a flow back:
//
//	#{(i,j) : F_ij > 0, F_ji > 0} / #{(i,j) : i ≠ j, F_ij > 0}
//
// It needs presence only. A cell that may be zero, and a set-valued one for each
// of its members, may be a flow or none; the bounds take these as independent. It
// is undefined if there are no flows (zero_denominator).
//
// Time and memory O(classes²).
//
// Reference: [structure.Reciprocity] has the graph measure.
func BinaryReciprocity(t *referral.Table) referral.Result {
	m := newModel(t)
	if m.err != nil {
		return *m.err
	}
	// A pair has flows one way, both or none. One that can have both should for
	// the largest share, and a single one that can be left out is; for the
	// smallest share it is the other way around.
	var most, least struct{ back, all float64 }
	possible, single := true, false
	for _, p := range m.crossPairs() {
		sure, maybe := 0.0, 0.0
		for _, s := range [...]span{p.there, p.back} {
			if s.lo > 0 {
				sure++
			}
			if s.hi > 0 {
				maybe++
			}
		}
		possible = possible && sure == 0
		if maybe == 2 {
			most.back, most.all = most.back+2, most.all+2
		} else {
			most.all += sure
			single = single || maybe > sure
		}
		if sure == 2 {
			least.back, least.all = least.back+2, least.all+2
		} else {
			least.all++
		}
	}
	switch {
	case least.all == 0:
		return referral.UndefinedResult(referral.ReasonZeroDenominator)
	case most.all == 0: // only single flows that may be none
		most.all = 1
	}
	return m.bounded(least.back/least.all, most.back/most.all, possible)
}

// WeightedReciprocity returns the share of the patients who leave their class that
// is matched by patients the other way:
//
//	Σ_{i≠j} min(F_ij, F_ji) / Σ_{i≠j} F_ij
//
// It is undefined if nobody leaves (zero_denominator). Bounds are exact without
// published totals and set-valued classes.
//
// Time and memory O(classes²), times a few rounds with unknown cells.
//
// Reference: Squartini, Picciolo, Ruzzenenti and Garlaschelli 2013,
// doi:10.1038/srep02729; [structure.WeightedReciprocity] has the graph measure.
func WeightedReciprocity(t *referral.Table) referral.Result {
	m := newModel(t)
	if m.err != nil {
		return *m.err
	}
	pairs := m.crossPairs()
	_, w := m.volumes(false)
	if w.hi <= 0 {
		return referral.UndefinedResult(referral.ReasonZeroDenominator)
	}
	lo, hi := m.matched(pairs, -1), m.matched(pairs, 1)
	return m.bounded(min(lo, hi), max(lo, hi), w.lo <= 0)
}

// matched finds the largest share that is matched, or with sign -1 the smallest,
// by Dinkelbach's method: for a share λ each pair is at the corner where
// 2 min(a, b) - λ (a+b) is best, or with equal flows.
func (m *model) matched(pairs []pair, sign float64) float64 {
	share := math.NaN()
	for range 100 { // the share moves from one corner to another
		both, all := 0.0, 0.0
		for _, p := range pairs {
			best, bestBoth, bestAll := math.Inf(-1), 0.0, 0.0
			look := func(a, b float64) {
				v := 2 * min(a, b)
				worth := sign * v
				if !math.IsNaN(share) {
					worth = sign * (v - share*(a+b))
				}
				if worth > best {
					best, bestBoth, bestAll = worth, v, a+b
				}
			}
			a, b := span{p.there.lo, min(p.there.hi, maxPatients)}, span{p.back.lo, min(p.back.hi, maxPatients)}
			for _, x := range [...]float64{a.lo, a.hi} {
				for _, y := range [...]float64{b.lo, b.hi, b.clip(x)} {
					look(x, y)
				}
			}
			for _, y := range [...]float64{b.lo, b.hi} {
				look(a.clip(y), y)
			}
			both, all = both+bestBoth, all+bestAll
		}
		if all == 0 {
			// The best is that nobody leaves, which has no share; one patient who
			// leaves is not matched.
			return max(0, share)
		}
		next := both / all
		if !math.IsNaN(share) && sign*(next-share) <= 1e-15 {
			break
		}
		share = next
	}
	return share
}

// FlowHierarchy returns the share of the patients who leave their class whose
// flow lies on no cycle: with c(i) the strongly connected component of class i,
//
//	h = Σ_{c(i)≠c(j)} F_ij / Σ_{i≠j} F_ij
//
// It is undefined if nobody leaves (zero_denominator). Bounds are exact without
// published totals where it is known which flows occur; otherwise a flow is taken
// to lie on a cycle if it may, or only if it must.
//
// Time O(cells), memory O(classes).
//
// Reference: Luo and Magee 2011, doi:10.1002/cplx.20368;
// [structure.FlowHierarchy] has the graph measure.
func FlowHierarchy(t *referral.Table) referral.Share {
	m := newModel(t)
	may := m.across(func(c cell) bool { return c.hi > 0 }, true)
	must := m.across(func(c cell) bool { return c.lo > 0 }, false)
	a, b := m.pooled(may, m.cross), m.pooled(must, m.cross)
	return either(a, b)
}

// across selects the cells between different components of the graph of some
// cells. With sets, a set-valued cell leads to each member; without, it lies on no
// cycle.
func (m *model) across(in func(c cell) bool, sets bool) func(k int) bool {
	var b graph.Builder
	for _, c := range m.classes {
		_ = b.AddNode(c) // labels of a table are keys
	}
	for k, c := range m.cell {
		from, to := m.rows[m.at[k]].members, m.cols[c.col].members
		if !m.cross(k) || !in(c) || !sets && (len(from) > 1 || len(to) > 1) {
			continue
		}
		for _, i := range from {
			for _, j := range to {
				_ = b.AddEdge(m.classes[i], m.classes[j], 1)
			}
		}
	}
	g := b.Build()
	label := structure.StronglyConnected(g).Label.Slice()
	return func(k int) bool {
		if !m.cross(k) {
			return false
		}
		for _, i := range m.rows[m.at[k]].members {
			for _, j := range m.cols[m.cell[k].col].members {
				if label[i] == label[j] {
					return false
				}
			}
		}
		return true
	}
}

// Decision says what is known about a flow in a backbone.
type Decision uint8

// The decisions.
const (
	Undecided Decision = iota // it depends on counts that are not known
	Kept
	Dropped
)

var decisions = [...]string{"undecided", "kept", "dropped"}

// String returns "undecided", "kept" or "dropped".
func (d Decision) String() string {
	if int(d) < len(decisions) {
		return decisions[d]
	}
	return "invalid"
}

// Prominence is how much a flow stands out among those that leave its origin and
// those that reach its destination.
type Prominence struct {
	Origin, Destination string
	Out, In             referral.Result // α, small for a flow that stands out
	Decision            Decision        // kept if one of them is below the level
}

// Backbone returns for each flow between different classes how likely it is to be
// so large by chance, if its origin, or its destination, divided patients at random
// over as many flows:
//
//	α_out = (1 - F_ij/out_i)^(k_i-1), α_in = (1 - F_ij/in_j)^(k_j-1)
//
// with k the number of flows; a single flow has α 1. A flow is kept if one of them
// is below the level, in (0, 1]; 0 means 0.05. With the few flows of networks
// nothing stands out at 0.05.
//
// There is one entry for each pair of labels that may have patients, by origin and
// destination. α falls with the flow and rises with the others; bounds take the
// number of flows apart, and hold. A set-valued destination has no α_in
// (set_valued).
//
// Time O(cells), memory O(cells).
//
// Reference: Serrano, Boguñá and Vespignani 2009, doi:10.1073/pnas.0808904106;
// [structure.Backbone] makes the graph.
func Backbone(t *referral.Table, level float64) []Prominence {
	if level == 0 {
		level = 0.05
	}
	m := newModel(t)
	columns := m.columns()
	var out []Prominence
	blocks := m.byRow(m.careRows(), m.cross, m.cross)
	for i, r := range m.careRows() {
		var sum tally
		var sure, maybe float64
		for k := m.start[r]; k < m.start[r+1]; k++ {
			if m.cross(k) {
				sum.add(m.cell[k].span)
				sure, maybe = sure+above(m.cell[k].lo), maybe+above(m.cell[k].hi)
			}
		}
		for k := m.start[r]; k < m.start[r+1]; k++ {
			c := m.cell[k]
			if !m.cross(k) || c.hi <= 0 {
				continue
			}
			p := Prominence{Origin: m.rows[r].name, Destination: m.cols[c.col].name}
			p.Out = m.alpha(block{c.span, sum.without(c.span), blocks[i].sum}, sure, maybe)
			if j := m.cols[c.col].class; j >= 0 {
				p.In = m.alphaIn(columns[j], r)
			} else {
				p.In = referral.UndefinedResult(referral.ReasonSetValued)
			}
			p.decide(level)
			out = append(out, p)
		}
	}
	return out
}

func above(x float64) float64 {
	if x > 0 {
		return 1
	}
	return 0
}

func (m *model) alphaIn(c column, row int) referral.Result {
	var from, rest tally
	var sure, maybe float64
	for _, a := range c.arrivals {
		if a.own {
			continue
		}
		if a.row == row {
			from.add(a.span)
		} else {
			rest.add(a.span)
		}
		sure, maybe = sure+above(a.lo), maybe+above(a.hi)
	}
	return m.alpha(block{from.span(), rest.span(), c.in}, sure, maybe)
}

// alpha gives the bounds of the chance of a share among so many flows at least
// and at most; the flow itself occurs.
func (m *model) alpha(b block, sure, maybe float64) referral.Result {
	if m.err != nil {
		return *m.err
	}
	b = b.normal()
	possible := b.part.lo <= 0
	if possible {
		sure++
	}
	b.part.lo = max(b.part.lo, min(b.part.hi, m.smallest()))
	b = b.normal()
	chance := func(share, k float64) float64 {
		if k < 2 {
			return 1
		}
		return math.Exp((k - 1) * math.Log1p(-min(1, share)))
	}
	return m.bounded(chance(portion(b.most()), maybe), chance(portion(b.least()), sure), possible)
}

func (p *Prominence) decide(level float64) {
	below := func(r referral.Result) (sure, maybe bool) { return r.Hi < level, r.Lo < level }
	outSure, outMaybe := below(p.Out)
	inSure, inMaybe := below(p.In)
	switch {
	case p.Out.Reason == referral.ReasonZeroPossible:
		if !outMaybe && !inMaybe {
			p.Decision = Dropped
		}
	case outSure || inSure:
		p.Decision = Kept
	case !outMaybe && !inMaybe:
		p.Decision = Dropped
	}
}
