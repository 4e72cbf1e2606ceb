// SPDX-License-Identifier: Apache-2.0

package network

import (
	"strings"
	"time"
)

// Period is a span of days, From and To included. A zero From or To is open:
// the period has no known beginning or end. The zero Period is open on both
// sides.
type Period struct {
	From, To Date
}

const wantPeriod = "a period like 2016-2021, 2016 or 2016-01-01/2021-12-31"

// ParsePeriod reads a year ("2016"), a span of years ("2016-2021", the last
// included) or two dates with a slash ("2016-01-01/2021-12-31"), of which one
// may be missing where the period is open. The empty text gives the zero
// Period. Anything else, a From after To included, is an *InputError without a
// file.
func ParsePeriod(s string) (Period, error) {
	if s == "" {
		return Period{}, nil
	}
	p, ok := parsePeriod(s)
	if !ok {
		return Period{}, badText(s, wantPeriod)
	}
	return p, nil
}

func parsePeriod(s string) (Period, bool) {
	if from, to, found := strings.Cut(s, "/"); found {
		f, ok1 := parseDate(from)
		t, ok2 := parseDate(to)
		ok := (ok1 || from == "") && (ok2 || to == "") && (ok1 || ok2)
		return Period{From: f, To: t}, ok && !f.After(t)
	}
	first, last := s, s
	if len(s) == 9 && s[4] == '-' {
		first, last = s[:4], s[5:]
	}
	if len(first) != 4 || len(last) != 4 {
		return Period{}, false
	}
	y, ok1 := digits(first)
	z, ok2 := digits(last)
	if !ok1 || !ok2 || y == 0 || y > z {
		return Period{}, false
	}
	return Period{From: NewDate(y, time.January, 1), To: NewDate(z, time.December, 31)}, true
}

// String returns the shortest form that ParsePeriod reads back: "2016",
// "2016-2021", "2016-06-13/2021-12-31", "2016-06-13/" or "/2021-12-31"; the
// empty text for the zero Period.
func (p Period) String() string {
	if p == (Period{}) {
		return ""
	}
	whole := !p.From.IsZero() && p.From == NewDate(p.From.Year(), time.January, 1) &&
		!p.To.IsZero() && p.To == NewDate(p.To.Year(), time.December, 31)
	from, to := p.From.String(), p.To.String()
	switch {
	case whole && p.From.Year() == p.To.Year():
		return from[:4]
	case whole:
		return from[:4] + "-" + to[:4]
	}
	return from + "/" + to
}

// Contains reports whether d lies in the period, the first and last day
// included. The zero Date lies only in the period that is open on both sides.
func (p Period) Contains(d Date) bool {
	if d.IsZero() {
		return p == (Period{})
	}
	return !d.Before(p.From) && !d.After(p.To)
}

// Overlaps reports whether the periods have a day in common.
func (p Period) Overlaps(q Period) bool {
	return !p.To.Before(q.From) && !q.To.Before(p.From)
}
