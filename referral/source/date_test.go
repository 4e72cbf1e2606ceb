// SPDX-License-Identifier: Apache-2.0

package source

import (
	"fmt"
	"testing"
	"time"

	"github.com/oncoref/oncoref/network"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every day of the calendar, against the dates of package network.
func TestDatesOfAllDays(t *testing.T) {
	last := network.NewDate(9999, time.December, 31)
	var text []byte
	for d := network.NewDate(1, 1, 1); !d.IsZero(); d = d.AddDays(1) {
		y, m, day := d.Year(), int(d.Month()), d.Day()
		for _, form := range [...]string{"%04[1]d-%02[2]d-%02[3]d", "%02[3]d-%02[2]d-%04[1]d", "%04[1]d%02[2]d%02[3]d"} {
			if y%7 != 0 && y > 1900 && y < 2100 {
				break // enough years of each kind remain
			}
			if y > 2100 && y%100 != 0 || y < 1800 && y%100 != 0 {
				break
			}
			text = fmt.Appendf(text[:0], form, y, m, day)
			got, ok := parseDate(text)
			require.True(t, ok && got == d, "%s", text)
		}
		got, ok := fromUnixDays(int64(d) - unixDate)
		require.True(t, ok && got == d)
	}
	got, ok := fromTime(time.Date(9999, 12, 31, 0, 0, 0, 0, time.Local))
	require.True(t, ok)
	assert.Equal(t, last, got)
}

func TestDatesThatAreNone(t *testing.T) {
	for _, s := range []string{
		"2020-02-30", "30-02-2020", "20200230", "2021-02-29", "1900-02-29", "2020-13-01", "2020-00-01", "2020-01-00", "0000-01-01",
		"2020-1-1", "1-1-2020", "2020/01/01", "01/02/2020", "2020", "202001", "2020-01-01T00:00:00", "2020-01-0a", "+2020101", "٢٠٢٠٠١٠١", " ",
	} {
		_, ok := parseDate(s)
		assert.False(t, ok, s)
	}
	d, ok := parseDate("")
	assert.True(t, ok)
	assert.True(t, d.IsZero())
	for _, days := range []int64{-unixDate, 3652060 - unixDate, 1 << 40, -1 << 60, 1 << 62} {
		_, ok := fromUnixDays(days)
		assert.False(t, ok, days)
	}
	_, ok = fromTime(time.Date(2020, 3, 1, 0, 0, 0, 1, time.UTC))
	assert.False(t, ok, "a time of day")
}
