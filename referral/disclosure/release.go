// SPDX-License-Identifier: Apache-2.0

package disclosure

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// Release is everything that is published together about the same patients,
// and how it belongs together. The zero value is empty and ready to use. It is
// not safe for concurrent use.
type Release struct {
	tables []*part
	lo, hi []float64 // what is published of each number; [0, +Inf) of others
	refs   []Ref
	asked  []bool    // numbers that must not be worked out
	truth  []float64 // NaN where not known
	number map[Ref]int
	rows   []line
	linked bool // there is more than one table with its totals
}

// part is a table of a release.
type part struct {
	name  string
	table *referral.Table // nil for a difference
	truth *referral.Table // nil if not known
	cells []int           // numbers of its cells, in order
}

// line is a relation between numbers: an equation that follows from what they
// are, or something published.
type line struct {
	terms  []term
	lo, hi float64
	item   string // what was published; "" for an equation
	exact  bool   // a share to full precision
	share  bool   // the first term is the total of a share
}

type term struct {
	number int
	coef   float64
}

// Ref names a number of a release: a cell of a table, or a sum where Origin,
// Destination, Tumor, Modality or Period is empty and the table has several of
// them.
type Ref struct {
	Table               string
	Origin, Destination string
	Tumor, Modality     string
	Period              network.Period
}

// String returns the table and what of it is meant.
func (r Ref) String() string {
	s := r.Table + ": " + Entry{r.Origin, r.Destination}.String()
	for _, x := range [...]string{r.Tumor, r.Modality, r.Period.String()} {
		if x != "" {
			s += ", " + x
		}
	}
	return s
}

// Term is a number with its coefficient.
type Term struct {
	Ref
	Coef float64
}

// Statement is something printed from which follows that a sum of counts lies
// between Lo and Hi, both included: a number in a picture, a difference, a
// number that was rounded.
type Statement struct {
	Name   string // for the report of the audit
	Terms  []Term
	Lo, Hi float64
}

// ErrRelease is matched by errors about parts of a release that do not fit.
var ErrRelease = errors.New("release does not fit together")

func releaseError(format string, a ...any) error {
	return fmt.Errorf("disclosure: "+format+": %w", append(a, ErrRelease)...)
}

// Publish adds a table as readers will see it: its cells as far as they are
// given, and its published totals. The audit works out the cells that are not
// exact. With the true table it judges each cell by its count, without (nil)
// it takes every hidden cell that could be small for small.
//
// Unlisted pairs of a table with observed zeros are known to be zero. It
// returns an error matching [ErrRelease] for a name that is empty or in use.
func (r *Release) Publish(name string, t, truth *referral.Table) error {
	if err := r.fresh(name); err != nil {
		return err
	}
	p := &part{name: name, table: t, truth: truth}
	r.linked = r.linked || len(r.tables) > 0
	r.tables = append(r.tables, p)
	true64 := trueCounts(truth)
	for f := range everyCell(t, t.Absent().State == referral.Missing) {
		c := f.Cell
		ref := Ref{Table: name, Origin: f.Origin, Destination: f.Destination, Tumor: f.Tumor, Modality: f.Modality, Period: f.Period}
		i := r.add(ref, c.Lo, c.Hi)
		p.cells = append(p.cells, i)
		r.asked[i] = !c.Known()
		if truth != nil {
			r.truth[i] = true64[cellKey{f.Origin, f.Destination, sliceOf(f)}]
		}
	}
	x := t.Totals()
	for _, o := range t.Origins() {
		if len(x.Origins) > 0 {
			c, ok := x.Origins[o]
			if err := r.total(p, Ref{Table: name, Origin: o}, c, ok); err != nil {
				return err
			}
		}
	}
	for _, d := range t.Destinations() {
		if len(x.Destinations) > 0 {
			c, ok := x.Destinations[d]
			if err := r.total(p, Ref{Table: name, Destination: d}, c, ok); err != nil {
				return err
			}
		}
	}
	if !x.HasAll {
		return nil
	}
	return r.total(p, Ref{Table: name}, x.All, true)
}

type cellKey struct {
	origin, destination string
	slice               sliceKey
}

func trueCounts(t *referral.Table) map[cellKey]float64 {
	out := map[cellKey]float64{}
	if t == nil {
		return out
	}
	for f := range t.Slices() {
		v := f.Cell.Lo
		if !f.Cell.Known() {
			v = math.NaN()
		}
		out[cellKey{f.Origin, f.Destination, sliceOf(f)}] = v
	}
	return out
}

// total adds a total. One that is not published where others are was hidden,
// and must stay so.
func (r *Release) total(p *part, ref Ref, c referral.Cell, given bool) error {
	i, err := r.lookup(ref)
	if err != nil {
		return err
	}
	if i < 0 { // nothing is listed
		i = r.add(ref, 0, 0)
	}
	if given {
		r.lo[i], r.hi[i] = max(r.lo[i], c.Lo), min(r.hi[i], c.Hi)
	} else if p.truth != nil && r.lo[i] != r.hi[i] {
		r.asked[i] = true
	}
	return nil
}

func (r *Release) fresh(name string) error {
	if name == "" || r.table(name) != nil {
		return releaseError("table name %q is empty or in use", name)
	}
	return nil
}

func (r *Release) table(name string) *part {
	for _, p := range r.tables {
		if p.name == name {
			return p
		}
	}
	return nil
}

func (r *Release) add(ref Ref, lo, hi float64) int {
	if r.number == nil {
		r.number = map[Ref]int{}
	}
	i := len(r.refs)
	r.refs, r.lo, r.hi = append(r.refs, ref), append(r.lo, lo), append(r.hi, hi)
	r.asked, r.truth = append(r.asked, false), append(r.truth, math.NaN())
	r.number[ref] = i
	return i
}

// matches reports whether a cell is part of what a reference names.
func (r Ref) matches(cell Ref) bool {
	return (r.Origin == "" || r.Origin == cell.Origin) && (r.Destination == "" || r.Destination == cell.Destination) &&
		(r.Tumor == "" || r.Tumor == cell.Tumor) && (r.Modality == "" || r.Modality == cell.Modality) &&
		(r.Period == network.Period{} || r.Period == cell.Period)
}

// lookup gives the number that a reference names, -1 for a known zero; a sum
// becomes a number with its equation.
func (r *Release) lookup(ref Ref) (int, error) {
	if i, ok := r.number[ref]; ok {
		return i, nil
	}
	p := r.table(ref.Table)
	if p == nil {
		return 0, releaseError("no table %q", ref.Table)
	}
	var terms []term
	modalities := map[string]bool{}
	for _, i := range p.cells {
		if ref.matches(r.refs[i]) {
			terms = append(terms, term{i, 1})
			modalities[r.refs[i].Modality] = true
		}
	}
	if p.table != nil {
		for _, x := range [...]struct {
			label string
			have  []string
		}{{ref.Origin, p.table.Origins()}, {ref.Destination, p.table.Destinations()}} {
			if x.label != "" && !slices.Contains(x.have, x.label) {
				return 0, &referral.ClassError{Want: fmt.Sprintf("in table %q", ref.Table), Labels: []string{x.label}}
			}
		}
		if len(modalities) > 1 && p.table.Meta().Unit != referral.Treatments {
			return 0, releaseError("patients of several modalities of table %q do not add up", ref.Table)
		}
	}
	switch len(terms) {
	case 0:
		return -1, nil
	case 1:
		if ref.Origin != "" && ref.Destination != "" {
			r.number[ref] = terms[0].number
			return terms[0].number, nil
		}
	}
	i := r.add(ref, 0, math.Inf(1))
	sum := 0.0
	for _, t := range terms {
		sum += r.truth[t.number]
	}
	r.truth[i] = sum
	r.rows = append(r.rows, line{terms: append(terms, term{i, -1})})
	return i, nil
}

// Nest says that table coarse is table fine with its classes grouped by a
// partition, as [referral.Table.Aggregate] makes it: each cell of coarse is the
// sum of the cells of fine between its groups, slice by slice.
//
// It returns an error matching [ErrRelease] for a table that is not there or
// has set-valued classes, or a partition that puts a class in several groups.
func (r *Release) Nest(coarse, fine string, p *network.Partition) error {
	c, f := r.table(coarse), r.table(fine)
	if c == nil || f == nil || c.table == nil || f.table == nil {
		return releaseError("no tables %q and %q", coarse, fine)
	}
	r.linked = true
	group := func(label string) (string, error) {
		if _, ok := p.Of(label); !ok {
			return label, nil
		}
		return only(p, label)
	}
	inside := map[Ref][]term{}
	var order []Ref
	for _, i := range f.cells {
		ref := r.refs[i]
		if len(f.table.Members(ref.Origin)) > 1 || len(f.table.Members(ref.Destination)) > 1 {
			return releaseError("table %q has set-valued classes", fine)
		}
		from, err := group(ref.Origin)
		if err != nil {
			return err
		}
		to, err := group(ref.Destination)
		if err != nil {
			return err
		}
		ref.Table, ref.Origin, ref.Destination = coarse, from, to
		if inside[ref] == nil {
			order = append(order, ref)
		}
		inside[ref] = append(inside[ref], term{i, 1})
	}
	for _, i := range c.cells {
		if ref := r.refs[i]; inside[ref] == nil {
			order = append(order, ref)
		}
	}
	for _, ref := range order {
		terms := inside[ref]
		switch i, ok := r.number[ref]; {
		case ok:
			terms = append(terms, term{i, -1})
		case !slices.Contains(c.table.Origins(), ref.Origin) || c.table.Absent().State == referral.Missing:
			continue
		}
		if len(terms) > 0 {
			r.rows = append(r.rows, line{terms: terms})
		}
	}
	return nil
}

// Sum says that each cell of table whole, its slices taken together, is the sum
// of those of the parts, as for a table of several years and those of each
// year.
//
// It returns an error matching [ErrRelease] for a table that is not there.
func (r *Release) Sum(whole string, parts ...string) error {
	r.linked = true
	cells, err := r.pairs(append([]string{whole}, parts...))
	if err != nil {
		return err
	}
	for _, c := range cells {
		terms, err := r.terms(c, whole, parts)
		if err != nil {
			return err
		}
		if len(terms) > 0 {
			r.rows = append(r.rows, line{terms: terms})
		}
	}
	return nil
}

// Difference adds the table of what is counted in whole and not in the part,
// such as the years or the hospitals that only one of two published tables
// has. It is not published itself; the audit finds what a reader can work out
// about it.
//
// It returns an error matching [ErrRelease] for a table that is not there, or a
// name that is empty or in use.
func (r *Release) Difference(name, whole, of string) error {
	if err := r.fresh(name); err != nil {
		return err
	}
	cells, err := r.pairs([]string{whole, of})
	if err != nil {
		return err
	}
	r.linked = true
	p := &part{name: name}
	r.tables = append(r.tables, p)
	for _, c := range cells {
		terms, err := r.terms(c, whole, []string{of})
		if err != nil {
			return err
		}
		i := r.add(Ref{Table: name, Origin: c.Row, Destination: c.Column}, 0, math.Inf(1))
		p.cells = append(p.cells, i)
		r.asked[i] = true
		v := 0.0
		for _, t := range terms {
			v -= t.coef * r.truth[t.number]
		}
		r.truth[i] = v
		r.rows = append(r.rows, line{terms: append(terms, term{i, 1})})
	}
	return nil
}

// pairs gives the pairs of labels that tables have cells for, sorted.
func (r *Release) pairs(tables []string) ([]Entry, error) {
	var out []Entry
	for _, name := range tables {
		p := r.table(name)
		if p == nil {
			return nil, releaseError("no table %q", name)
		}
		for _, i := range p.cells {
			out = append(out, Entry{r.refs[i].Origin, r.refs[i].Destination})
		}
	}
	slices.SortFunc(out, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(a.Row, b.Row), cmp.Compare(a.Column, b.Column))
	})
	return slices.Compact(out), nil
}

// terms gives the sum of the parts of a pair minus the whole.
func (r *Release) terms(c Entry, whole string, parts []string) ([]term, error) {
	var out []term
	for k, name := range append([]string{whole}, parts...) {
		p := r.table(name)
		if p.table != nil && (!slices.Contains(p.table.Origins(), c.Row) || !slices.Contains(p.table.Destinations(), c.Column)) {
			continue
		}
		i, err := r.lookup(Ref{Table: name, Origin: c.Row, Destination: c.Column})
		if err != nil {
			return nil, err
		}
		coef := 1.0
		if k == 0 {
			coef = -1
		}
		if i >= 0 {
			out = append(out, term{i, coef})
		}
	}
	return out, nil
}

// State adds a statement.
//
// It returns an error matching [ErrRelease] for a table that is not there, no
// terms, or bounds that are not numbers, and [referral.ErrNoClass] for a label
// that its table does not have.
func (r *Release) State(s Statement) error {
	if len(s.Terms) == 0 || math.IsNaN(s.Lo) || math.IsNaN(s.Hi) {
		return releaseError("statement %q needs terms and bounds", s.Name)
	}
	r.linked = true
	l := line{lo: s.Lo, hi: s.Hi, item: cmp.Or(s.Name, "statement")}
	for _, t := range s.Terms {
		if math.IsNaN(t.Coef) || math.IsInf(t.Coef, 0) {
			return releaseError("statement %q has coefficient %v", s.Name, t.Coef)
		}
		i, err := r.lookup(t.Ref)
		if err != nil {
			return err
		}
		if i >= 0 {
			l.terms = append(l.terms, term{i, t.Coef})
		}
	}
	r.rows = append(r.rows, l)
	return nil
}

// FullPrecision stands for shares that are not rounded.
const FullPrecision = -1

// Shares adds the shares of the cells of a table in its row totals, its column
// totals or its grand total (of, one of [RowTotals], [ColumnTotals] and
// [GrandTotal]), printed to a number of decimals of the proportion: 2 for
// percentages without decimals. Shares without a value are left out; bounded
// ones count with their bounds.
//
// It returns an error matching [ErrRelease] for a table that is not there or
// decimals outside 0 to 15 that are not [FullPrecision], and
// [referral.ErrNoClass] for a label that the table does not have.
func (r *Release) Shares(table string, of Margins, decimals int, shares []referral.Share) error {
	if of != RowTotals && of != ColumnTotals && of != GrandTotal || decimals > 15 || decimals < FullPrecision {
		return releaseError("shares of totals %v to %d decimals", of, decimals)
	}
	r.linked = true
	for _, s := range shares {
		if s.Status != referral.OK && s.Status != referral.Bounded {
			continue
		}
		x, err := r.lookup(Ref{Table: table, Origin: s.Origin, Destination: s.Destination})
		if err != nil {
			return err
		}
		whole := Ref{Table: table}
		switch of {
		case RowTotals:
			whole.Origin = s.Origin
		case ColumnTotals:
			whole.Destination = s.Destination
		default:
		}
		n, err := r.lookup(whole)
		if err != nil {
			return err
		}
		r.share(fmt.Sprintf("share of %v", Ref{Table: table, Origin: s.Origin, Destination: s.Destination}), x, n, s.Lo, s.Hi, decimals)
	}
	return nil
}

func (r *Release) share(name string, x, n int, lo, hi float64, decimals int) {
	if n < 0 {
		return
	}
	l := line{item: name, share: true, exact: decimals == FullPrecision && lo == hi}
	if decimals != FullPrecision {
		f := math.Pow(10, float64(decimals))
		lo, hi = (math.Round(lo*f)-0.5)/f, (math.Round(hi*f)+0.5)/f
	}
	one := func(p, from, to float64) {
		l.lo, l.hi = from, to
		l.terms = []term{{n, -p}}
		if x >= 0 {
			l.terms = append(l.terms, term{x, 1})
		}
		r.rows = append(r.rows, l)
	}
	if l.exact {
		one(nearestFraction(lo), 0, 0)
		return
	}
	one(lo, 0, math.Inf(1))
	one(hi, math.Inf(-1), 0)
}

// nearestFraction gives the simplest fraction that a float64 can have come
// from, by continued fractions; the number itself if there is none with a
// denominator below 10^7.
func nearestFraction(p float64) float64 {
	a0, b0, a1, b1 := 0.0, 1.0, 1.0, 0.0
	for x := p; ; {
		k := math.Floor(x)
		a0, b0, a1, b1 = a1, b1, k*a1+a0, k*b1+b0
		switch {
		case b1 > 1e7:
			return p
		case math.Abs(p-a1/b1) <= 4e-16:
			return a1 / b1
		}
		x = 1 / (x - k)
	}
}
