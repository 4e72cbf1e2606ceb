// SPDX-License-Identifier: Apache-2.0

package disclosure

import (
	"context"
	"errors"
	"math"
	"slices"

	"github.com/oncoref/oncoref/referral"
)

// ErrExposed is matched by errors about a table that cannot be protected.
var ErrExposed = errors.New("not protectable")

// Status says whether what was asked for can be published.
type Status uint8

// The statuses.
const (
	Protected      Status = iota // no sensitive number can be worked out closer than asked for
	NotProtectable               // nothing that may be hidden is enough
)

// String returns "protected" or "not_protectable".
func (s Status) String() string {
	if s == Protected {
		return "protected"
	}
	return "not_protectable"
}

// Hidden is a number that is not published, and what a reader can work out: it
// lies between Lo and Hi; Hi is +Inf when nothing limits it. Value and Reason are
// not for publication: a reader who knows which numbers are below the threshold
// can narrow them and the others.
type Hidden struct {
	Entry
	Value  int64
	Reason Reason
	Lo, Hi float64
}

// Suppression says which numbers of a grid to hide.
type Suppression struct {
	Status Status
	// Hidden are the numbers to hide, cells row by row before totals. The
	// totals dropped by Config.Drop are not among them.
	Hidden []Hidden
	// Value and Cells are the sum and the number of what is hidden only to
	// protect other numbers: what was minimized, in this order. They and Bound
	// are not for publication.
	Value int64
	Cells int
	// Bound is a value that no protection can be below; with Value it gives
	// the gap. Best reports that the pattern is the best one: least value, then
	// fewest cells, then first in the order of the table.
	Bound int64
	Best  bool
	// Exposed are the sensitive numbers without enough protection; none unless
	// NotProtectable. Advice says then what would help.
	Exposed []Entry
	Advice  []Advice

	grid  Grid
	table *referral.Table
	c     Config
	n     *circuit // its kinds say what is hidden
	index map[Entry]int
}

// Gap returns how much of Value may be more than needed, as a part of Value: 0
// when no pattern hides less.
func (s *Suppression) Gap() float64 {
	if s.Value == 0 {
		return 0
	}
	return float64(s.Value-s.Bound) / float64(s.Value)
}

// Suppress returns what to hide of a table that is published with its totals:
// the sensitive numbers ([Primary]), and the complementary cells of least total
// value, then fewest, then first in the order of the table, such that for every
// sensitive number a reader can exclude neither Lower or less nor Upper or
// more. Zeros are never complementary; totals only with Config.HideMargins.
//
// Up to 20 candidates, and in practice some more, the best pattern is found by
// branch and bound. Beyond that a heuristic of shortest paths is improved as
// far as Config.Limit lets it; Bound then tells how far it can be from the
// best. The result is checked by exact flows either way, and does not depend on
// the order of the input.
//
// It returns an error matching [ErrConfig] or [ErrGrid], [referral.ErrCell] for
// a cell that is not a known whole number, or the error of ctx. A table that
// cannot be protected is not an error but a Status.
//
// The method is that of Fischetti and Salazar-González (2001),
// doi:10.1287/mnsc.47.7.1008.9805, with the flows of Cox (1980),
// doi:10.1080/01621459.1980.10477481.
func Suppress(ctx context.Context, t *referral.Table, c Config) (*Suppression, error) {
	g, err := FromTable(t, nil)
	if err != nil {
		return nil, err
	}
	s, err := SuppressGrid(ctx, g, c)
	if err != nil {
		return nil, err
	}
	s.table = t
	return s, nil
}

// SuppressGrid is [Suppress] for a grid, whose rows may have group totals.
func SuppressGrid(ctx context.Context, g Grid, c Config) (*Suppression, error) {
	c, err := c.withDefaults()
	if err != nil {
		return nil, err
	}
	if err := g.check(); err != nil {
		return nil, err
	}
	n := newCircuit(g, c)
	sensitive := n.sensitive(c)
	s := newSearch(n, sensitive, c)
	out := &Suppression{grid: g, c: c, n: n, index: map[Entry]int{}}
	for a := range n.value {
		out.index[n.entry(a)] = a
	}
	if exposed := s.unmet(s.mayHide); len(exposed) > 0 {
		out.Status = NotProtectable
		for _, x := range exposed {
			if e := n.entry(x.arc); !slices.Contains(out.Exposed, e) {
				out.Exposed = append(out.Exposed, e)
			}
		}
		out.report(s, sensitive)
		out.Advice = advise(g, c, out.Exposed)
		return out, nil
	}
	if err := out.solve(ctx, s); err != nil {
		return nil, err
	}
	out.report(s, sensitive)
	return out, nil
}

// exhaustive is the number of candidates up to which the best pattern is always
// found, unless a limit is set.
const exhaustive = 20

// effort is about how many arcs a search may look at.
const effort = 4e9

func (s *Suppression) solve(ctx context.Context, w *search) error {
	once := float64(1+len(w.needs)) * float64(len(w.step)+w.nodes)
	rounds := int(min(40, effort/(40*once)))
	best, ok, err := w.construct(ctx, rounds)
	if err != nil || !ok {
		return err
	}
	w.show()
	floor := min(floorWeight(w.bestBound(rounds)), best.weight)
	limit := s.c.Limit
	if limit == 0 {
		limit = int(min(20000, effort/(20*once)))
		if len(w.candidates()) <= exhaustive {
			limit = math.MaxInt
		}
	}
	best, s.Best, err = w.improve(ctx, best, limit)
	if err != nil {
		return err
	}
	if s.Best {
		floor = best.weight
	}
	w.restore(best)
	for _, a := range best.arcs {
		s.Value += w.value[a]
	}
	s.Cells = len(best.arcs)
	s.Bound = min(floor/w.unit(), s.Value)
	return nil
}

// report lists what is hidden with what a reader can work out.
func (s *Suppression) report(w *search, sensitive []Sensitive) {
	why := map[int]Reason{}
	for _, x := range sensitive {
		why[x.arc] = x.Reason
	}
	for a, k := range w.kind {
		if k != hidden {
			continue
		}
		h := Hidden{Entry: w.entry(a), Value: w.value[a], Reason: Complementary}
		if r, ok := why[a]; ok {
			h.Reason = r
		}
		h.Lo = float64(w.value[a] - w.reach(a, false, endless, w.isHidden))
		w.reset()
		if up := w.reach(a, true, endless, w.isHidden); up >= endless {
			h.Hi = math.Inf(1)
		} else {
			h.Hi = float64(w.value[a] + up)
		}
		w.reset()
		s.Hidden = append(s.Hidden, h)
	}
}
