// SPDX-License-Identifier: Apache-2.0

package source

import (
	"time"

	"github.com/oncoref/oncoref/network"
)

// unixDate is the network.Date of 1970-01-01.
const unixDate = 719163

// parseDate reads a date as 2020-03-01, 01-03-2020 (day first) or 20200301;
// the empty text is the zero Date. It is not ok for anything else, days that
// do not exist included.
func parseDate[T string | []byte](s T) (network.Date, bool) {
	var y, m, d int
	switch {
	case len(s) == 0:
		return 0, true
	case len(s) == 10 && s[4] == '-' && s[7] == '-':
		y, m, d = decimal(s[:4]), decimal(s[5:7]), decimal(s[8:])
	case len(s) == 10 && s[2] == '-' && s[5] == '-':
		y, m, d = decimal(s[6:]), decimal(s[3:5]), decimal(s[:2])
	case len(s) == 8:
		y, m, d = decimal(s[:4]), decimal(s[4:6]), decimal(s[6:])
	}
	if y < 1 || m < 1 || m > 12 || d < 1 || d > daysIn(y, m) {
		return 0, false
	}
	return dateOf(y, m, d), true
}

// decimal reads digits; -1 if there is anything else.
func decimal[T string | []byte](s T) int {
	n := 0
	for i := range len(s) {
		c := s[i] - '0'
		if c > 9 {
			return -1
		}
		n = n*10 + int(c)
	}
	return n
}

func daysIn(y, m int) int {
	switch m {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if y%4 == 0 && (y%100 != 0 || y%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// dateOf counts days in years that begin in March, so that a leap day is the
// last of its year.
func dateOf(y, m, d int) network.Date {
	if m <= 2 {
		y--
		m += 12
	}
	return network.Date(365*y + y/4 - y/100 + y/400 + (153*(m-3)+2)/5 + d - 306)
}

// fromUnixDays gives the date a number of days after 1970-01-01, as Parquet
// counts them; not ok outside the years 1 to 9999.
func fromUnixDays(days int64) (network.Date, bool) {
	const last = 3652059 // 9999-12-31
	n := days + unixDate
	if days < -unixDate || days > last || n < 1 || n > last {
		return 0, false
	}
	return network.Date(n), true
}

// fromTime gives the day of a time that has no hours: a time of day may mean
// another day in another zone, so it is for the query to cut it off.
func fromTime(t time.Time) (network.Date, bool) {
	h, m, s := t.Clock()
	if h != 0 || m != 0 || s != 0 || t.Nanosecond() != 0 {
		return 0, false
	}
	y, month, d := t.Date()
	if y < 1 || y > 9999 {
		return 0, false
	}
	return dateOf(y, int(month), d), true
}
