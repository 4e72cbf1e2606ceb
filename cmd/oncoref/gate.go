// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/disclosure"
)

// gate is the one way from a flow table that was read, or counted, to anything
// that is put out. Tables marked as synthetic go through it too, so that what
// is tried on them behaves as on real data.
type gate struct{ allowSmall bool }

func (g *gate) add(c *cobra.Command) {
	c.Flags().BoolVar(&g.allowSmall, "allow-small", false, "use and show counts of 1 to 4 as they are; the result is not for publication")
}

// pass returns the table of what may be known: counts of 1 to 4 become the
// interval from 1 to 4, and totals stay if they reveal nothing. With
// --allow-small it returns the table itself. Either is said on standard error
// if it makes a difference.
func (g gate) pass(c *cobra.Command, name string, t *referral.Table) (*referral.Table, error) {
	small := smallCells(t)
	if g.allowSmall {
		if small == 0 {
			return t, nil
		}
		return t, say(c.ErrOrStderr(), "%s: counts of 1 to 4 are shown as they are (--allow-small): not for publication", name)
	}
	gated, err := disclosure.Gate(t, disclosure.Config{})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if small > 0 {
		err = say(c.ErrOrStderr(), "%s: %d counts of 1 to 4 are taken to lie between 1 and 4; --allow-small uses them as they are", name, small)
	}
	if was, is := numberOfTotals(t), numberOfTotals(gated); was > is && err == nil {
		err = say(c.ErrOrStderr(), "%s: %d of %d totals left out, because counts of 1 to 4 could be worked out from them", name, was-is, was)
	}
	return gated, err
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

// smallCells is the number of counts of 1 to 4, totals apart.
func smallCells(t *referral.Table) int {
	n := 0
	for f := range t.Slices() {
		if isSmall(f.Cell) {
			n++
		}
	}
	return n
}

// isSmall reports whether a cell gives a count of 1 to 4 away.
func isSmall(c referral.Cell) bool {
	return c.Known() && c.Lo > 0 && c.Lo < disclosure.DefaultThreshold
}

func numberOfTotals(t *referral.Table) int {
	x := t.Totals()
	n := len(x.Origins) + len(x.Destinations)
	if x.HasAll {
		n++
	}
	return n
}

// band is the range of five counts in which a number of patients lies: zero,
// 1 to 4, 5 to 9 and so on.
func band(n int64) (lo, hi int64) {
	const width = disclosure.DefaultThreshold
	if n == 0 {
		return 0, 0
	}
	lo = n / width * width
	return max(lo, 1), lo + width - 1
}

// patients gives the numbers of patients in an extract, in bands if one of them
// is small or what lies between two of them is.
func (g gate) patients(q referral.Quality) []checkFact {
	exact := []checkFact{
		fact("patients", q.Patients), fact("cases", q.Cases), fact("treated", q.Treated), fact("untreated", q.Untreated),
		fact("died_untreated", q.DiedUntreated), fact("without_first_visit", q.NoOrigin),
	}
	parts := []int64{q.Patients, q.Cases, q.Treated, q.Untreated, q.DiedUntreated, q.NoOrigin,
		q.Cases - q.Patients, q.Untreated - q.DiedUntreated, q.Cases - q.NoOrigin}
	small := func(n int64) bool { return n > 0 && n < disclosure.DefaultThreshold }
	if g.allowSmall || !slices.ContainsFunc(parts, small) {
		return exact
	}
	for i, x := range exact {
		lo, hi := band(*x.Value)
		if exact[i].Lower, exact[i].Upper = lo, hi; lo < hi {
			exact[i].Value = nil
		}
	}
	return exact
}
