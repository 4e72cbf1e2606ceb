// SPDX-License-Identifier: Apache-2.0

package report

import (
	"math"
	"strconv"
	"strings"

	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/inference"
)

// tongue is the language of a report. Every text is written down in both at its
// place, so that none can be missing.
type tongue struct{ dutch bool }

func (l tongue) t(english, dutch string) string {
	if l.dutch {
		return dutch
	}
	return english
}

// code is the language tag of the document.
func (l tongue) code() string { return l.t("en", "nl") }

// kind is what a value is, and so how it is written.
type kind uint8

const (
	ofPatients kind = iota // whole, or parts of patients that are divided
	ofClasses              // whole
	ofShare                // percent
	ofPercent              // percent, given as such
	ofIndex                // two decimals
	ofRatio
	ofKm
	ofDays
	ofYearly // patients a year
)

// decimals are how many a kind has.
func (k kind) decimals() int {
	switch k {
	case ofPatients, ofClasses, ofDays:
		return 0
	case ofShare, ofPercent, ofYearly, ofKm:
		return 1
	default:
		return 2
	}
}

// number writes a number with separators of thousands.
func (l tongue) number(v float64, decimals int) string {
	switch {
	case math.IsNaN(v):
		return ""
	case math.IsInf(v, 1):
		return "∞"
	case math.IsInf(v, -1):
		return "−∞"
	}
	s := strconv.FormatFloat(math.Abs(v), 'f', decimals, 64)
	whole, part, _ := strings.Cut(s, ".")
	var b strings.Builder
	if v < 0 && strings.Trim(s, "0.") != "" {
		b.WriteString("−")
	}
	for i, r := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(l.t(",", "."))
		}
		b.WriteRune(r)
	}
	if part != "" {
		b.WriteString(l.t(".", ","))
		b.WriteString(part)
	}
	return b.String()
}

// value writes a value of a kind, without its unit but for percent.
func (l tongue) value(v float64, k kind) string {
	switch {
	case math.IsNaN(v):
		return ""
	case k == ofShare:
		return l.number(100*v, 1) + "%"
	case k == ofPercent:
		return l.number(v, 1) + "%"
	case (k == ofPatients || k == ofDays) && v != math.Trunc(v):
		return l.number(v, 1)
	}
	return l.number(v, k.decimals())
}

// bounds writes two bounds; without an upper one "at least".
func (l tongue) bounds(lo, hi float64, k kind) string {
	switch {
	case math.IsNaN(lo) || math.IsNaN(hi):
		return l.t("not shown", "niet getoond")
	case math.IsInf(hi, 1) && lo <= 0:
		return l.t("unknown", "onbekend")
	case math.IsInf(hi, 1):
		return l.t("at least ", "ten minste ") + l.value(lo, k)
	case l.value(lo, k) == l.value(hi, k):
		return l.value(lo, k)
	}
	return l.value(lo, k) + l.t(" to ", " tot ") + l.value(hi, k)
}

// result writes what is known about a value.
func (l tongue) result(r referral.Result, k kind) string {
	switch r.Status {
	case referral.OK:
		return l.value(r.Value, k)
	case referral.Undefined, referral.Infeasible, referral.Disclosed:
		return l.status(r.Status)
	default:
		return l.bounds(r.Lo, r.Hi, k)
	}
}

// interval writes an interval of shares; empty if there is none.
func (l tongue) interval(i inference.Interval, k kind) string {
	if math.IsNaN(i.Lo) || math.IsNaN(i.Hi) {
		return ""
	}
	return l.bounds(i.Lo, i.Hi, k)
}

// cell writes a count as far as it is known.
func (l tongue) cell(c referral.Cell) string {
	switch c.State {
	case referral.Missing:
		return l.t("unknown", "onbekend")
	case referral.Present:
		return l.t("occurs", "komt voor")
	case referral.StructuralZero:
		return l.t("cannot occur", "kan niet voorkomen")
	case referral.Interval:
		return l.bounds(c.Lo, c.Hi, ofPatients)
	default:
		return l.value(c.Lo, ofPatients)
	}
}

// raw writes a number for sorting by a program; empty if there is none.
func raw(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return ""
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

// list joins names as a sentence does.
func (l tongue) list(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + l.t(" and ", " en ") + names[len(names)-1]
}

// some is list of the first few names, with the number of the others.
func (l tongue) some(names []string, most int) string {
	if len(names) <= most {
		return l.list(names)
	}
	more := l.number(float64(len(names)-most), 0)
	return strings.Join(names[:most], ", ") + l.t(" and "+more+" more", " en nog "+more)
}
