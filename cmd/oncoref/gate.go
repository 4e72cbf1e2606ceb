// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"math"

	"github.com/spf13/cobra"

	"github.com/oncoref/oncoref/internal/small"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/disclosure"
)

// gate is the one way from data that were read to anything that is put out.
// Tables marked as synthetic go through it too, so that what is tried on them
// behaves as on real data.
//
// The cells of a flow table pass whole, by [gate.pass]. Numbers counted in an
// extract overlap in many ways, so that small ones are differences of others:
// they are all shown as ranges of five, and all that is made of them as bounds.
type gate struct{ allowSmall bool }

// threshold is the smallest number of patients that is shown, and the width of
// the ranges.
const threshold = disclosure.DefaultThreshold

// Reasons of a value that is known and not shown.
const (
	reasonSmall = small.Reason      // 1 to 4 patients are behind it
	reasonRange = small.ReasonRange // with it, a number of 1 to 4 could be worked out
)

func (g *gate) add(c *cobra.Command) {
	c.Flags().BoolVar(&g.allowSmall, "allow-small", false, "use and show counts of 1 to 4 as they are; the result is not for publication")
}

// pass returns the table of what may be known: counts of 1 to 4 become the
// interval from 1 to 4, and totals stay if they reveal nothing. With
// --allow-small it returns the table itself. Either is said on standard error
// if it makes a difference.
func (g gate) pass(c *cobra.Command, name string, t *referral.Table) (*referral.Table, error) {
	n := small.Cells(t)
	if g.allowSmall {
		if n == 0 {
			return t, nil
		}
		return t, g.open(c, name)
	}
	gated, err := disclosure.Gate(t, disclosure.Config{})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if n > 0 {
		err = say(c.ErrOrStderr(), "%s: %d counts of 1 to 4 are taken to lie between 1 and 4; --allow-small uses them as they are", name, n)
	}
	if was, is := numberOfTotals(t), numberOfTotals(gated); was > is && err == nil {
		err = say(c.ErrOrStderr(), "%s: %d of %d totals left out, because counts of 1 to 4 could be worked out from them", name, was-is, was)
	}
	return gated, err
}

// open says that small counts are shown.
func (g gate) open(c *cobra.Command, name string) error {
	return say(c.ErrOrStderr(), "%s: counts of 1 to 4 are shown as they are (--allow-small): not for publication", name)
}

// passCounts says how numbers counted in an extract are shown.
func (g gate) passCounts(c *cobra.Command, name string) error {
	if g.allowSmall {
		return g.open(c, name)
	}
	return say(c.ErrOrStderr(), "%s: numbers of patients are shown as ranges of five; --allow-small shows them as they are", name)
}

// passEdges lets a plain edge list pass. Its weights are not known to be
// patients; those that are said to be, or stand in a flow table, are refused
// without --allow-small.
func (g gate) passEdges(c *cobra.Command, name string, people bool) error {
	if !people {
		return nil
	}
	if !g.allowSmall {
		return usagef("%s: the weights of an edge list are used as they are; read it as a flow table, or give --allow-small", name)
	}
	return say(c.ErrOrStderr(), "%s: weights are shown as they are (--allow-small): not for publication", name)
}

func say(w io.Writer, format string, a ...any) error {
	_, err := fmt.Fprintf(w, "oncoref: "+format+"\n", a...)
	return err
}

func few(n float64) bool { return n > 0 && n < threshold }

func numberOfTotals(t *referral.Table) int {
	x := t.Totals()
	n := len(x.Origins) + len(x.Destinations)
	if x.HasAll {
		n++
	}
	return n
}

// patients gives the numbers of patients in an extract, in bands if one of them
// is small or what lies between two of them is.
func (g gate) patients(q referral.Quality) []checkFact {
	var out []checkFact
	for _, x := range (small.Gate{AllowSmall: g.allowSmall}).Numbers(q) {
		f := fact(x.Name, x.Lo)
		if f.Lower, f.Upper = x.Lo, x.Hi; x.Lo < x.Hi {
			f.Value = nil
		}
		out = append(out, f)
	}
	return out
}

// hidden tells whether a number of patients is not shown at all.
func (g gate) hidden(n float64) bool { return !g.allowSmall && few(n) }

// alone gives what is shown of a number that others are not made of: itself,
// or that it is from 1 to 4.
func (g gate) alone(n float64) referral.Cell {
	if g.hidden(n) {
		return referral.Between(1, threshold-1)
	}
	return referral.Count(n)
}

// ranges shows numbers counted in an extract.
func (g gate) ranges() small.Ranges { return small.Ranges{AllowSmall: g.allowSmall} }

// count gives what is shown of one number of patients of an extract.
func (g gate) count(n int) referral.Cell { return g.ranges().Count(n) }

// family gives what is shown of numbers and of their sum.
func (g gate) family(counts ...int) ([]referral.Cell, referral.Cell) {
	return g.ranges().Family(counts...)
}

// share gives the share of part in part and rest, which together are whole.
func (g gate) share(part, rest []referral.Cell, whole referral.Cell) referral.Result {
	return g.ranges().Share(part, rest, whole)
}

// proportion gives what is shown of a share of whole numbers of patients.
func (g gate) proportion(s referral.Share) referral.Result { return g.ranges().Proportion(s) }

// part gives what is shown of the share of some patients in all.
func (g gate) part(some, all int) referral.Result {
	cells, whole := g.family(some, all-some)
	return g.share(cells[:1], cells[1:], whole)
}

// average gives what is shown of the mean over n patients of a number from 0 to
// 1 for each, such as the share of those treated.
func (g gate) average(r referral.Result, n int) referral.Result { return g.ranges().Average(r, n) }

// of gives what is shown of a value that rests on n patients: between multiples
// of step.
func (g gate) of(r referral.Result, n int, step float64) referral.Result {
	if g.allowSmall {
		r.N = n
		return r
	}
	r.N = 0
	if g.hidden(float64(n)) {
		return small.Withheld(math.NaN(), math.NaN())
	}
	if r.Status != referral.OK {
		return r
	}
	lo, hi := math.Floor(r.Value/step)*step, math.Ceil(r.Value/step)*step
	if lo == hi {
		return r
	}
	b := small.Withheld(lo, hi)
	b.Reason = reasonRange
	return b
}

// cell is a number of patients as a result; what is not shown keeps its bounds.
func (g gate) cell(c referral.Cell) referral.Result { return g.ranges().Result(c) }

// shownN is the number of patients behind a result, if that is shown.
func shownN(c referral.Cell) int {
	if c.Known() {
		return int(c.Lo)
	}
	return 0
}

// within turns bounds that rest on hidden numbers into those of a result that is
// known and not shown.
func within(r referral.Result) referral.Result {
	if r.Status == referral.Bounded {
		r.Status, r.Reason, r.N = referral.Suppressed, reasonRange, 0
	}
	return r
}
