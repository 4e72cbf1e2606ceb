// SPDX-License-Identifier: Apache-2.0

package disclosure

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// DefaultThreshold is the smallest count that is published unless a Config
// says otherwise.
const DefaultThreshold = 5

// Margins is a set of totals of a table.
type Margins uint8

// The totals of a table.
const (
	RowTotals    Margins = 1 << iota // of each row, or origin
	ColumnTotals                     // of each column, or destination
	GrandTotal                       // of the table
	GroupTotals                      // of each group of rows
	GroupCells                       // of each group of rows in each column
)

// AllMargins are all totals of a table.
const AllMargins = RowTotals | ColumnTotals | GrandTotal | GroupTotals | GroupCells

var marginNames = [...]string{"rows", "columns", "grand", "groups", "group cells"}

// String returns the totals separated by "+", such as "rows+grand", and "none"
// for the zero value.
func (m Margins) String() string {
	var parts []string
	for i, name := range marginNames {
		if m&(1<<i) != 0 {
			parts = append(parts, name)
		}
	}
	switch {
	case m&^AllMargins != 0:
		return "invalid(" + strconv.Itoa(int(m)) + ")"
	case parts == nil:
		return "none"
	}
	return strings.Join(parts, "+")
}

// Config says what must be protected, and how well. The zero value protects
// counts of 1 to 4 so that a reader cannot exclude 1 or less, nor 5 or more,
// in a table published with all its totals.
type Config struct {
	Threshold    int     // smallest count that is published; 0 means [DefaultThreshold]
	SuppressZero bool    // zeros are sensitive too; structural zeros never are
	Lower, Upper int     // a hidden count must seem possibly as low and as high as this; 0 means 1 and Threshold
	Drop         Margins // totals that are not published; the zero value publishes all
	HideMargins  bool    // totals may be hidden one by one to protect others
	KnownPresent bool    // the reader knows that what is hidden is not zero
	Complements  bool    // a cell that leaves fewer than Threshold of its row or column total is sensitive
	Dominance    Dominance

	// Limit is the number of patterns that the search for the best one looks
	// at before it gives the best so far with the gap; 0 chooses by size.
	Limit int
	// Workers is the number of goroutines of the audit; 0 means one for each
	// processor. The result does not depend on it.
	Workers int
}

// Dominance holds rules for cells to which a few contribute nearly all, such as
// the hospitals of a network, so that each could work out the other's count.
// The zero value has no such rule.
type Dominance struct {
	// Of gives what each contributor adds to a cell, in any order; nil where
	// it is not known, which no rule applies to.
	Of func(row, column string) []float64
	// N and K: a cell is sensitive if its N largest contributions are more
	// than K percent of it; N = 0 for no such rule.
	N int
	K float64
	// P: a cell is sensitive if the contributions after the two largest are
	// less than P percent of the largest; 0 for no such rule.
	P float64
}

// ErrConfig is matched by errors about settings that make no sense.
var ErrConfig = errors.New("disclosure settings")

func (c Config) withDefaults() (Config, error) {
	if c.Threshold == 0 {
		c.Threshold = DefaultThreshold
	}
	if c.Lower == 0 {
		c.Lower = 1
	}
	if c.Upper == 0 {
		c.Upper = c.Threshold
	}
	switch d := c.Dominance; {
	case c.Threshold < 1:
		return c, fmt.Errorf("disclosure: threshold %d, want at least 1: %w", c.Threshold, ErrConfig)
	case c.Lower < 0 || c.Upper < c.Lower:
		return c, fmt.Errorf("disclosure: protection from %d to %d, want 0 <= lower <= upper: %w", c.Lower, c.Upper, ErrConfig)
	case c.KnownPresent && c.SuppressZero:
		return c, fmt.Errorf("disclosure: hidden counts cannot be known to be present when zeros are hidden: %w", ErrConfig)
	case c.Limit < 0:
		return c, fmt.Errorf("disclosure: limit %d, want at least 0: %w", c.Limit, ErrConfig)
	case d.N < 0 || !(d.K >= 0 && d.K <= 100) || !(d.P >= 0) || (d.N > 0) != (d.K > 0):
		return c, fmt.Errorf("disclosure: dominance n=%d k=%v p=%v, want percentages and n and k together: %w", d.N, d.K, d.P, ErrConfig)
	case d.Of == nil && (d.N > 0 || d.P > 0):
		return c, fmt.Errorf("disclosure: a dominance rule needs contributions: %w", ErrConfig)
	}
	return c, nil
}

// small reports whether a count is sensitive because it is small.
func (c Config) small(n int64) bool { return n > 0 && n < int64(c.Threshold) }
