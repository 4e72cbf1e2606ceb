// SPDX-License-Identifier: Apache-2.0

package disclosure_test

import (
	"context"
	"fmt"

	"github.com/oncoref/oncoref/referral/disclosure"
)

// volumes is a table of two hospitals by three years.
func volumes() disclosure.Grid {
	return disclosure.Grid{
		Rows: []string{"North", "South"}, Columns: []string{"2019", "2020", "2021"},
		Counts: [][]int64{{3, 12, 20}, {14, 9, 30}},
	}
}

// The 3 is small. With all totals published it is the row less the other cells,
// and the column less the other cell: one more number in its row and in its column
// must go, and the one where these cross.
func ExampleSuppressGrid() {
	small, err := disclosure.Primary(volumes(), disclosure.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range small {
		fmt.Println("sensitive:", s.Entry)
	}
	s, err := disclosure.SuppressGrid(context.Background(), volumes(), disclosure.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, h := range s.Hidden {
		fmt.Println("hidden:", h.Entry)
	}
	// Output:
	// sensitive: North, 2019
	// hidden: North, 2019
	// hidden: North, 2020
	// hidden: South, 2019
	// hidden: South, 2020
}

// Every number becomes a multiple of 5, and the totals still add up.
func ExampleRoundGrid() {
	r, err := disclosure.RoundGrid(context.Background(), volumes(), disclosure.RoundConfig{Base: 5})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Counts, r.RowTotals, r.ColumnTotals, r.Total)
	fmt.Println("random rounding makes 3 a 5 with probability", disclosure.ProbabilityUp(3, 5))
	// Output:
	// [[5 10 20] [15 10 30]] [35 55] [20 20 50] 90
	// random rounding makes 3 a 5 with probability 0.6
}
