// SPDX-License-Identifier: Apache-2.0

package network

import (
	"fmt"
	"time"
)

// Date is a calendar day of the Gregorian calendar, without time of day or
// zone. Its number counts days; 1 is 0001-01-01. The zero value is no date: at
// the start or end of a period it means open, elsewhere not known.
type Date int32

const (
	firstDate Date = 1       // 0001-01-01
	lastDate  Date = 3652059 // 9999-12-31
	unixDate  Date = 719163  // 1970-01-01
)

const secondsPerDay = 24 * 60 * 60

const wantDate = "a date like 2021-12-31"

// NewDate returns the date of a year, month and day. Values outside the usual
// ranges carry over as in time.Date, so October 32 is November 1. A date
// outside the years 1 to 9999 is the zero Date.
func NewDate(year int, month time.Month, day int) Date {
	return fromUnix(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix())
}

func fromUnix(seconds int64) Date {
	n := seconds/secondsPerDay + int64(unixDate)
	if seconds%secondsPerDay < 0 {
		n--
	}
	if n < int64(firstDate) || n > int64(lastDate) {
		return 0
	}
	return Date(n)
}

// ParseDate reads an ISO 8601 calendar date with four, two and two digits:
// 2021-12-31. The empty text gives the zero Date. Anything else, a day that
// does not exist and the year 0000 included, is an *InputError without a file.
func ParseDate(s string) (Date, error) {
	if s == "" {
		return 0, nil
	}
	d, ok := parseDate(s)
	if !ok {
		return 0, badText(s, wantDate)
	}
	return d, nil
}

func parseDate(s string) (Date, bool) {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return 0, false
	}
	year, ok1 := digits(s[:4])
	month, ok2 := digits(s[5:7])
	day, ok3 := digits(s[8:])
	if !ok1 || !ok2 || !ok3 || year == 0 {
		return 0, false
	}
	d := NewDate(year, time.Month(month), day)
	if d.IsZero() || d.Year() != year || int(d.Month()) != month || d.Day() != day {
		return 0, false
	}
	return d, true
}

// digits reads a text of decimal digits only.
func digits(s string) (int, bool) {
	n := 0
	for i := range len(s) {
		c := s[i]
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, s != ""
}

func (d Date) time() time.Time {
	return time.Unix((int64(d)-int64(unixDate))*secondsPerDay, 0).UTC()
}

// Year returns the year, 1 to 9999; 0 for the zero Date.
func (d Date) Year() int {
	if d.IsZero() {
		return 0
	}
	return d.time().Year()
}

// Month returns the month; 0 for the zero Date.
func (d Date) Month() time.Month {
	if d.IsZero() {
		return 0
	}
	return d.time().Month()
}

// Day returns the day of the month, 1 to 31; 0 for the zero Date.
func (d Date) Day() int {
	if d.IsZero() {
		return 0
	}
	return d.time().Day()
}

// IsZero reports whether d is no date.
func (d Date) IsZero() bool { return d == 0 }

// Before reports whether both dates are known and d is earlier than e.
func (d Date) Before(e Date) bool { return !d.IsZero() && !e.IsZero() && d < e }

// After reports whether both dates are known and d is later than e.
func (d Date) After(e Date) bool { return e.Before(d) }

// AddDays returns the date n days after d, or before it if n is negative. It is
// the zero Date if d is, or if the result is outside the years 1 to 9999.
func (d Date) AddDays(n int) Date {
	m := int64(d) + int64(n)
	if d.IsZero() || int64(n) > int64(lastDate) || int64(n) < -int64(lastDate) ||
		m < int64(firstDate) || m > int64(lastDate) {
		return 0
	}
	return Date(m)
}

// Sub returns the number of days from e to d, negative if d is earlier. It is
// not ok if either is the zero Date: the distance to no date is not known.
func (d Date) Sub(e Date) (int, bool) {
	if d.IsZero() || e.IsZero() {
		return 0, false
	}
	return int(d) - int(e), true
}

// String returns the date as 2021-12-31, and the empty text for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	if d < firstDate || d > lastDate {
		return fmt.Sprintf("Date(%d)", int32(d))
	}
	return d.time().Format(time.DateOnly)
}

// MarshalText implements encoding.TextMarshaler with the form of String.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler; it reads what ParseDate
// reads.
func (d *Date) UnmarshalText(text []byte) error {
	e, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = e
	return nil
}
