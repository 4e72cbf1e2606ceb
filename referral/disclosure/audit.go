// SPDX-License-Identifier: Apache-2.0

package disclosure

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"

	"github.com/oncoref/oncoref/internal/transport"
)

// Verdict says how well a hidden number is protected.
type Verdict uint8

// The verdicts, from good to bad.
const (
	Safe         Verdict = iota // there are tables, that agree with all that is published, as far apart as asked for
	Unproven                    // no such tables were found, nor that there are none: not to be published
	Narrow                      // a reader knows the count closer than asked for
	Proportional                // a reader knows it but for a common factor of all counts
	Revealed                    // a reader knows the count
)

var verdicts = [...]string{"safe", "unproven", "narrow", "proportional", "revealed"}

// String returns the verdict in lower case.
func (v Verdict) String() string {
	if int(v) < len(verdicts) {
		return verdicts[v]
	}
	return "invalid"
}

// Finding is what a reader can work out about a hidden number.
type Finding struct {
	Ref
	// Lo and Hi are the bounds that follow from what is published; Hi is +Inf
	// if none does. Tight says that whole tables attain both; otherwise a
	// reader might know more, which Safe excludes as far as protection goes.
	Lo, Hi float64
	Tight  bool
	// Step is the number of which the count must be a multiple, because of
	// shares to full precision; 0 where none are published of it.
	Step    float64
	Verdict Verdict
	// Reveals are published things that give it away together, and do not if
	// any of them is left out; nil if Safe or Unproven.
	Reveals []string
}

// Audit is what a reader can work out from a release.
type Audit struct {
	Verdict  Verdict   // the worst of the findings; Safe if nothing is hidden
	Findings []Finding // the hidden numbers in the order they were added
}

// Failed returns the findings that are not safe.
func (a *Audit) Failed() []Finding {
	return slices.DeleteFunc(slices.Clone(a.Findings), func(f Finding) bool { return f.Verdict == Safe })
}

// ErrInfeasible is matched by errors about published numbers that contradict
// each other.
var ErrInfeasible = errors.New("infeasible")

// InfeasibleError gives published things that contradict each other: no table
// of counts agrees with all of Items, and some do if any one is left out.
type InfeasibleError struct{ Items []string }

// Error lists the items.
func (e *InfeasibleError) Error() string {
	return "disclosure: no counts agree with " + strings.Join(e.Items, "; ")
}

// Unwrap returns [ErrInfeasible].
func (e *InfeasibleError) Unwrap() error { return ErrInfeasible }

// Audit works out, for every hidden number, the bounds that follow from all
// that is published together, and whether they are as wide as Config asks: a
// number that is sensitive must not be known to be above Lower nor below
// Upper, others must not be known exactly. Where the true table is not given, a
// number is taken to be sensitive unless it is known not to be.
//
// A table with its totals is solved exactly as flows. Linked tables, shares and
// statements are a linear program, whose bounds are rounded to whole numbers;
// Safe is only said of a number for which whole tables were found that agree
// with everything and are as far apart as asked for.
//
// Shares to full precision of the rows and of the columns of a table give all
// its counts but for a common factor, and the counts when one count is known.
//
// It returns an [*InfeasibleError] with the smallest conflict if published
// numbers contradict each other, an error matching [ErrConfig], or that of ctx.
func (r *Release) Audit(ctx context.Context, c Config) (*Audit, error) {
	c, err := c.withDefaults()
	if err != nil {
		return nil, err
	}
	s := r.system(c)
	a := &Audit{}
	found := make([]Finding, len(r.refs))
	if problem, ok := s.transport(); ok {
		err = s.flows(ctx, problem, found)
	} else {
		err = s.programs(ctx, found)
	}
	if err != nil {
		return nil, err
	}
	for i, f := range found {
		if !r.asked[i] {
			continue
		}
		f.Ref = r.refs[i]
		if s.judge(i, &f); f.Verdict > Unproven {
			if f.Reveals, err = s.reveals(ctx, i, f); err != nil {
				return nil, err
			}
		}
		a.Verdict = max(a.Verdict, f.Verdict)
		a.Findings = append(a.Findings, f)
	}
	return a, nil
}

// demand gives what a number must seem possibly to be: at most lo and at least
// hi; equal where any difference will do.
func (s *system) demand(i int, f Finding) (lo, hi float64, sensitive bool) {
	lower, upper := float64(s.c.Lower), float64(s.c.Upper)
	x := s.r.truth[i]
	switch {
	case math.IsNaN(x):
		sensitive = f.Lo < float64(s.c.Threshold) && f.Hi > 0
	case x == 0:
		sensitive = s.c.SuppressZero
	default:
		sensitive = x < float64(s.c.Threshold)
	}
	return lower, upper, sensitive
}

// judge gives the verdict on the bounds of a number that are known.
func (s *system) judge(i int, f *Finding) {
	if f.Verdict == Unproven || f.Verdict == Proportional {
		return
	}
	lo, hi, sensitive := s.demand(i, *f)
	switch {
	case f.Lo == f.Hi && (f.Lo > 0 || s.c.SuppressZero || s.r.truth[i] > 0):
		f.Verdict = Revealed
	case sensitive && (f.Lo > lo || f.Hi < hi):
		f.Verdict = Narrow
	default:
		f.Verdict = Safe
	}
}

// transport gives the release as a problem of transportation, if it is one
// table with totals.
func (s *system) transport() (transport.Problem, bool) {
	r := s.r
	if r.linked || len(r.tables) != 1 || s.divided {
		return transport.Problem{}, false
	}
	t := r.tables[0].table
	row, col := places(t.Origins()), places(t.Destinations())
	p := transport.Problem{Total: transport.Any}
	p.Rows = slices.Repeat([]transport.Range{transport.Any}, len(row))
	p.Cols = slices.Repeat([]transport.Range{transport.Any}, len(col))
	for i, ref := range r.refs {
		x := transport.Range{Lo: int64(s.lo[i]), Hi: transport.Open}
		if !math.IsInf(s.hi[i], 1) {
			x.Hi = int64(s.hi[i])
		}
		switch {
		case ref.Origin != "" && ref.Destination != "":
			p.Cells = append(p.Cells, transport.Cell{Row: row[ref.Origin], Col: col[ref.Destination], Range: x})
		case ref.Origin != "":
			p.Rows[row[ref.Origin]] = x
		case ref.Destination != "":
			p.Cols[col[ref.Destination]] = x
		default:
			p.Total = x
		}
	}
	return p, true
}

// flows finds the bounds of a table with totals exactly.
func (s *system) flows(ctx context.Context, p transport.Problem, found []Finding) error {
	r := s.r
	t := r.tables[0].table
	poly, err := transport.New(p)
	var conflict *transport.InfeasibleError
	if errors.As(err, &conflict) {
		e := &InfeasibleError{}
		name := r.tables[0].name
		for _, i := range conflict.Cells {
			e.Items = append(e.Items, r.refs[r.tables[0].cells[i]].String())
		}
		for _, i := range conflict.Rows {
			e.Items = append(e.Items, Ref{Table: name, Origin: t.Origins()[i]}.String())
		}
		for _, i := range conflict.Cols {
			e.Items = append(e.Items, Ref{Table: name, Destination: t.Destinations()[i]}.String())
		}
		if conflict.Total {
			e.Items = append(e.Items, Ref{Table: name}.String())
		}
		return e
	}
	if err != nil {
		return err
	}
	bounds, err := poly.Bounds(ctx, s.c.Workers)
	if err != nil {
		return err
	}
	totals, err := poly.Margins(ctx, s.c.Workers)
	if err != nil {
		return err
	}
	row, col := places(t.Origins()), places(t.Destinations())
	k := 0
	for i, ref := range r.refs {
		var b transport.Range
		switch {
		case ref.Origin != "" && ref.Destination != "":
			b = bounds[k]
			k++
		case ref.Origin != "":
			b = totals.Rows[row[ref.Origin]]
		case ref.Destination != "":
			b = totals.Cols[col[ref.Destination]]
		default:
			b = totals.Total
		}
		found[i].Lo, found[i].Hi, found[i].Tight = float64(b.Lo), float64(b.Hi), true
		if b.Hi == transport.Open {
			found[i].Hi = math.Inf(1)
		}
	}
	return nil
}
