// SPDX-License-Identifier: Apache-2.0

package inference

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/oncoref/oncoref/referral"
)

// Method says how an interval is made.
type Method uint8

// The methods. The first three are for one proportion, the next three for all
// destinations of an origin, the others belong to the functions named.
const (
	Wilson         Method = iota // score interval; the default for every share
	Jeffreys                     // quantiles of Beta(x+1/2, n-x+1/2)
	ClopperPearson               // exact binomial tests turned round; never covers less than it says
	Goodman                      // simultaneous score intervals, for short rows and small counts
	SisonGlaz                    // simultaneous intervals of equal width, for rows of 7 or more destinations
	Dirichlet                    // marginal quantiles of a Dirichlet posterior
	Newcombe                     // of [Difference]
	Garwood                      // of [Rate]
	Percentile                   // of [Bootstrap]
)

var methodNames = [...]string{"wilson", "jeffreys", "clopper-pearson", "goodman", "sison-glaz", "dirichlet", "newcombe", "garwood", "percentile"}

// title returns the method as text writes it.
func (m Method) title() string {
	if m == Percentile {
		return m.String()
	}
	parts := strings.Split(m.String(), "-")
	for i, name := range parts {
		parts[i] = strings.ToUpper(name[:1]) + name[1:]
	}
	return strings.Join(parts, "-")
}

// String returns the method as flags and files write it.
func (m Method) String() string {
	if int(m) < len(methodNames) {
		return methodNames[m]
	}
	return "invalid(" + strconv.Itoa(int(m)) + ")"
}

// MarshalText returns the same text as String.
func (m Method) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText accepts what String returns, and the empty text for [Wilson].
func (m *Method) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*m = Wilson
		return nil
	}
	for i, name := range methodNames {
		if string(text) == name {
			*m = Method(i)
			return nil
		}
	}
	return &InputError{Field: "method", Value: strconv.Quote(string(text)), Want: "one of the methods, such as wilson"}
}

// Meaning says what an interval is about. A registry that counts every patient
// has no sampling error: what is uncertain is the process that sent them, as
// it would show in the patients of another period.
type Meaning uint8

// The meanings.
const (
	OfProcess Meaning = iota // complete registration: would other patients go the same way?
	OfSample                 // the patients are a random sample of those it is about
)

// String returns "process" or "sample".
func (m Meaning) String() string {
	switch m {
	case OfProcess:
		return "process"
	case OfSample:
		return "sample"
	}
	return "invalid(" + strconv.Itoa(int(m)) + ")"
}

// Config says which interval is wanted. The zero value asks for 95 % [Wilson]
// intervals of the process.
type Config struct {
	Method  Method
	Level   float64 // probability to be covered, between 0 and 1; 0 means 0.95
	Meaning Meaning // changes the label only
}

func (c Config) level() (float64, error) { return levelOf(c.Level) }

func levelOf(level float64) (float64, error) {
	if level == 0 {
		return 0.95, nil
	}
	if !(level > 0 && level < 1) {
		return 0, badNumber("level", level, "a probability between 0 and 1")
	}
	return level, nil
}

// Interval is a range of values of the process that agree with what was
// counted, both ends included. It is not a range of the count itself, which is
// in [referral.Result].
type Interval struct {
	Lo, Hi  float64 // NaN when there is none
	Level   float64
	Method  Method
	Meaning Meaning
}

// String returns the two ends, such as "[0.54, 0.77]".
func (i Interval) String() string {
	return "[" + strconv.FormatFloat(i.Lo, 'g', -1, 64) + ", " + strconv.FormatFloat(i.Hi, 'g', -1, 64) + "]"
}

// Label says in English what the interval is, for a column or a legend, such
// as "95% interval of the process, not sampling error (Wilson)".
func (i Interval) Label() string {
	of := "of the process, not sampling error"
	if i.Meaning == OfSample {
		of = "of the sampling error"
	}
	return fmt.Sprintf("%s%% interval %s (%s)", percent(i.Level), of, i.Method.title())
}

// LabelNL is [Interval.Label] in Dutch.
func (i Interval) LabelNL() string {
	of := "voor het proces, geen steekproeffout"
	if i.Meaning == OfSample {
		of = "voor de steekproeffout"
	}
	return fmt.Sprintf("%s%%-interval %s (%s)", percent(i.Level), of, i.Method.title())
}

func percent(level float64) string {
	return strconv.FormatFloat(math.Round(level*1e6)/1e4, 'g', -1, 64)
}

// Estimate is what is known about an observed share, and the interval around
// it. Bounds of the share and those of the interval are different things: the
// first come from cells that are not exact, the second from chance.
type Estimate struct {
	Origin, Destination string // classes it is about; empty where it is about all of them
	referral.Result            // the share
	Interval            Interval
}
