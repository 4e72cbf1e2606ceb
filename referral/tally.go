// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"context"
	"fmt"
	"iter"
	"math/bits"
	"slices"
	"strconv"
)

// Dimension is what counts are grouped by. Any other text than the constants is
// the name of an attribute.
type Dimension string

// The dimensions.
const (
	ByOrigin        Dimension = "origin"   // hospital of the first visit
	ByHospital      Dimension = "hospital" // hospital of treatment
	ByTumor         Dimension = "tumor"
	ByYear          Dimension = "year"           // year of diagnosis
	ByTreatmentYear Dimension = "treatment_year" // year of the date of treatment
	ByKind          Dimension = "kind"           // kind of treatment
)

// CountRule says what is counted. The zero value counts all treatments together.
type CountRule struct {
	By       []Dimension
	Patients bool   // patients, each once in every group it occurs in, instead of treatments
	Tumor    string // treatments of this tumor only; empty means all
	Kind     string // treatments of this kind only; empty means all
}

// Tally holds the number of treatments, or of patients, for each combination of
// values that occurs. It is immutable.
type Tally struct {
	by     []Dimension
	axes   []axis
	keys   []uint64 // ascending
	counts []int64
}

// axis is a dimension of a tally: the values, and what one step is worth in a
// key.
type axis struct {
	values []string
	size   uint64
	worth  uint64
	column column
	kind   axisKind
	low    int64 // of axes with years: the year of code 0
}

type axisKind uint8

const (
	axisColumn axisKind = iota // the codes of a column
	axisOrigin                 // the hospital of the first visit, which an event may not have
	axisYear                   // the calendar year of the date
)

// Count returns the number of treatments by some dimensions:
//
//	n(a, b, ...) = number of treatments with the values a, b, ...
//
// Under CountRule.Patients a patient counts once in each group in which it has a
// treatment, so that groups do not add up to patients. Combinations that do not
// occur are not listed. A value that the input does not give is the empty text,
// a first visit or a hospital that is not known [OriginUnknown] or
// [DestinationUnknown].
//
// It returns a [*RuleError] for a dimension, tumor or kind that the log does not
// have, and the error of ctx when that is done. Time O(n), memory O(groups) for
// n events; while it counts, 2 bytes for each treatment.
func (l *Log) Count(ctx context.Context, r CountRule) (*Tally, error) {
	t := &Tally{by: slices.Clone(r.By)}
	size := uint64(1)
	for i := len(r.By) - 1; i >= 0; i-- {
		a, err := l.axis(r.By[i])
		if err != nil {
			return nil, err
		}
		a.worth = size
		high, low := bits.Mul64(size, a.size)
		if high != 0 {
			return nil, &RuleError{"By", "fewer dimensions: there are more than 2^64 combinations"}
		}
		size = low
		t.axes = append(t.axes, a)
	}
	slices.Reverse(t.axes)
	c := counter{l: l, axes: t.axes, patients: r.Patients, size: size}
	var err error
	if c.tumor, err = l.tumorCode(r.Tumor); err != nil {
		return nil, err
	}
	if c.kind, err = l.required(familyKind, r.Kind, "Kind", "a kind of treatment in the log"); err != nil {
		return nil, err
	}
	workers := parallel(l, c.clone, func(c *counter, s *shard) {
		if ctx.Err() == nil {
			c.shard(s)
		}
	})
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	t.take(workers)
	return t, nil
}

// axis finds a dimension in the log.
func (l *Log) axis(d Dimension) (axis, error) {
	hospitals := func(unknown string) []string {
		v := slices.Clone(l.values[familyHospital])
		v[codeUnknown] = unknown
		return v
	}
	var a axis
	switch d {
	case ByOrigin:
		a = axis{values: hospitals(OriginUnknown), kind: axisOrigin}
	case ByHospital:
		a = axis{values: hospitals(DestinationUnknown), column: evHospital}
	case ByTumor:
		a = axis{values: l.values[familyTumor], column: evTumor}
	case ByKind:
		a = axis{values: l.values[familyKind], column: evKind}
	case ByYear:
		s := l.numbers[evYear]
		a = axis{column: evYear, low: s.low, size: s.codes() + 1}
	case ByTreatmentYear:
		p := l.Period()
		a = axis{kind: axisYear, low: int64(p.From.Year()), size: uint64(p.To.Year()-p.From.Year()) + 2}
	default:
		i := slices.Index(l.config.Attributes, string(d))
		if i < 0 {
			return a, &RuleError{"By", fmt.Sprintf("a dimension or an attribute of the log, which %q is not", string(d))}
		}
		a = axis{column: evAttr + column(i)}
		a.values = l.values[familyOf(a.column)]
	}
	if a.values != nil {
		a.size = uint64(len(a.values))
	}
	return a, nil
}

// Keys are put into ranges that are small enough to be counted in the cache of a
// processor, unless there are so many combinations that it does not pay.
const (
	rangeBits = 16
	maxRanges = 1 << 11
)

// counter counts the treatments of the shards that it is given.
type counter struct {
	l           *Log
	axes        []axis
	size        uint64
	patients    bool
	tumor, kind uint64
	ranges      []placeList // by range of keys: the place of each treatment in it
	sparse      map[uint64]int64
	of          []uint64 // keys of one patient
	events      []event
	ills        []illness
}

func (c *counter) clone() *counter {
	n := *c
	if c.size <= maxRanges<<rangeBits && c.size <= uint64(32*c.l.Len())+1<<12 {
		n.ranges = make([]placeList, (c.size-1)>>rangeBits+1)
	} else {
		n.sparse = map[uint64]int64{}
	}
	return &n
}

// placeList is a list that grows without being copied.
type placeList struct {
	full [][]uint16
	last []uint16
}

// blockPlaces is the number of places that a list grows by.
const blockPlaces = 1 << 11

func (p *placeList) grow() {
	p.full = append(p.full, p.last)
	p.last = make([]uint16, 0, blockPlaces)
}

// all gives the places, in blocks.
func (p *placeList) all() [][]uint16 { return append(p.full, p.last) }

func (c *counter) shard(s *shard) {
	if c.plain() {
		c.rows(s.events)
		return
	}
	for i := range s.patients() {
		c.events = c.l.appendRows(c.events[:0], s.patient(i, c.l.words))
		c.ills = c.l.illnesses(c.events, c.ills)
		c.of = c.of[:0]
		for _, ill := range c.ills {
			if c.tumor == codeEmpty || c.tumor == ill.tumor {
				c.illness(ill)
			}
		}
		if c.patients {
			slices.Sort(c.of)
			c.of = slices.Compact(c.of)
		}
		c.addAll(c.of)
	}
}

// plain reports whether all that is counted stands in the rows themselves.
func (c *counter) plain() bool {
	return c.l.layout == LayoutTreatments && c.l.words == 1 && !c.patients && c.tumor == codeEmpty && c.kind == codeEmpty &&
		!slices.ContainsFunc(c.axes, func(a axis) bool { return a.kind == axisYear })
}

// rows counts the treatments in plain rows of one word.
func (c *counter) rows(words []uint64) {
	kind, hospital := c.l.fields[evKind], c.l.fields[evHospital]
	some := kind.mask<<kind.shift | hospital.mask<<hospital.shift
	type part struct {
		shift            uint8
		mask, worth, low uint64
	}
	parts := make([]part, len(c.axes))
	for i, a := range c.axes {
		f := c.l.fields[a.column]
		if a.kind == axisOrigin {
			f = c.l.fields[evOther]
			parts[i].low = codeUnknown
		}
		parts[i].shift, parts[i].mask, parts[i].worth = f.shift&63, f.mask, a.worth
	}
	var keys, treated [keysAtOnce]uint64
	for len(words) > 0 {
		n := 0
		for _, w := range words[:min(keysAtOnce, len(words))] {
			if w&some != 0 {
				treated[n] = w
				n++
			}
		}
		words = words[min(keysAtOnce, len(words)):]
		clear(keys[:])
		for _, p := range parts {
			for i, w := range treated[:n] {
				keys[i] += max(w>>(p.shift&63)&p.mask, p.low) * p.worth
			}
		}
		c.addAll(keys[:n])
	}
}

// keysAtOnce is the number of keys that are made one dimension after the other.
const keysAtOnce = 256

func (c *counter) addAll(keys []uint64) {
	if c.ranges == nil {
		for _, key := range keys {
			c.sparse[key]++
		}
		return
	}
	ranges := c.ranges
	for _, key := range keys {
		r := &ranges[key>>rangeBits]
		if len(r.last) == cap(r.last) {
			r.grow()
		}
		r.last = append(r.last, uint16(key))
	}
}

// illness finds the keys of a case.
func (c *counter) illness(ill illness) {
	for _, e := range ill.events {
		if !c.l.treated(e) || c.kind != codeEmpty && c.l.code(e, evKind) != c.kind {
			continue
		}
		key := uint64(0)
		for _, a := range c.axes {
			key += c.code(a, ill, e) * a.worth
		}
		c.of = append(c.of, key)
	}
}

// code gives the value of an axis for a treatment.
func (c *counter) code(a axis, ill illness, e event) uint64 {
	switch a.kind {
	case axisOrigin:
		return max(ill.origin, codeUnknown)
	case axisYear:
		if y := int64(c.l.day(e).Year()); y != 0 {
			return uint64(y - a.low)
		}
		return a.size - 1
	default:
		return c.l.code(e, a.column)
	}
}

// take adds up what the workers have counted.
func (t *Tally) take(workers []*counter) {
	if workers[0].ranges != nil {
		t.takeRanges(workers)
		return
	}
	total := workers[0].sparse
	for _, w := range workers[1:] {
		for key, n := range w.sparse {
			total[key] += n
		}
	}
	for key := range total {
		t.keys = append(t.keys, key)
	}
	slices.Sort(t.keys)
	for _, key := range t.keys {
		t.counts = append(t.counts, total[key])
	}
}

// takeRanges counts the keys of each range.
func (t *Tally) takeRanges(workers []*counter) {
	n := len(workers[0].ranges)
	parts, at := make([]rangeCounts, n), make([]int, n+1)
	inTurn(len(workers), n, func(next func() (int, bool)) {
		counts := make([]uint32, 1<<rangeBits)
		for k, ok := next(); ok; k, ok = next() {
			parts[k] = countRange(k, counts, workers)
		}
	})
	for k, p := range parts {
		at[k+1] = at[k] + len(p.at)
	}
	t.keys, t.counts = make([]uint64, at[n]), make([]int64, at[n])
	inTurn(len(workers), n, func(next func() (int, bool)) {
		for k, ok := next(); ok; k, ok = next() {
			keys, counts, p := t.keys[at[k]:at[k+1]], t.counts[at[k]:at[k+1]], parts[k]
			for i := range keys {
				keys[i], counts[i] = uint64(k)<<rangeBits|uint64(p.at[i]), int64(p.n[i])
			}
		}
	})
}

// rangeCounts is the places in a range that occur, and how often they do.
type rangeCounts struct {
	at []uint16
	n  []uint32
}

// countRange counts the keys of range k. Counts is all zeros, before and after.
func countRange(k int, counts []uint32, workers []*counter) rangeCounts {
	for _, w := range workers {
		for _, block := range w.ranges[k].all() {
			for _, at := range block {
				counts[at]++
			}
		}
	}
	groups := 0
	for _, n := range counts {
		groups += int(min(n, 1))
	}
	// What does not occur is overwritten by what comes next.
	p := rangeCounts{at: make([]uint16, groups+1), n: make([]uint32, groups+1)}
	i := 0
	for at, n := range counts {
		p.at[i], p.n[i] = uint16(at), n
		i += int(min(n, 1))
	}
	clear(counts)
	return rangeCounts{at: p.at[:groups], n: p.n[:groups]}
}

// By returns the dimensions.
func (t *Tally) By() []Dimension { return slices.Clone(t.by) }

// Len returns the number of groups.
func (t *Tally) Len() int { return len(t.keys) }

// N returns the count of group i. Groups are in the order of their values, the
// first dimension first; what is not given stands before other texts and after
// all years.
func (t *Tally) N(i int) int64 { return t.counts[i] }

// Value returns the value of a dimension, by its place in [Tally.By], in group i.
func (t *Tally) Value(i, dimension int) string {
	a := t.axes[dimension]
	code := t.keys[i] / a.worth % a.size
	switch {
	case a.values != nil:
		return a.values[code]
	case code == a.size-1:
		return ""
	}
	return strconv.FormatInt(a.low+int64(code), 10)
}

// Values returns the values of all dimensions in group i.
func (t *Tally) Values(i int) []string {
	out := make([]string, len(t.axes))
	for d := range out {
		out[d] = t.Value(i, d)
	}
	return out
}

// All returns the values of each group with its count.
func (t *Tally) All() iter.Seq2[[]string, int64] {
	return func(yield func([]string, int64) bool) {
		for i := range t.keys {
			if !yield(t.Values(i), t.counts[i]) {
				return
			}
		}
	}
}

// Total returns the sum of all counts.
func (t *Tally) Total() int64 {
	var n int64
	for _, c := range t.counts {
		n += c
	}
	return n
}
