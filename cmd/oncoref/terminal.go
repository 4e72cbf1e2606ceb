// SPDX-License-Identifier: Apache-2.0

package main

import (
	"io"
	"os"

	"golang.org/x/term"

	"github.com/oncoref/oncoref/referral"
)

// isTerminal tells whether somebody watches what is written.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// colored tells whether tables get colors: on a terminal that has them, unless
// the user wants none (https://no-color.org).
func colored(w io.Writer) bool {
	return isTerminal(w) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

// Colors, as terminals take them. What they say stands in words too.
const (
	bold   = "\x1b[1m"
	faint  = "\x1b[2m"
	red    = "\x1b[31m"
	yellow = "\x1b[33m"
	normal = "\x1b[0m"
)

// colorOf is the color of a word in a table; empty for none.
func colorOf(word string) string {
	for _, x := range []struct {
		word, color string
	}{
		{referral.Bounded.String(), yellow}, {referral.Envelope.String(), yellow}, {referral.Suppressed.String(), faint}, {referral.Undefined.String(), faint},
		{referral.Infeasible.String(), red}, {referral.Disclosed.String(), red}, {referral.Refused.String(), red},
	} {
		if word == x.word || word != "" && word == dutch[x.word] {
			return x.color
		}
	}
	return ""
}

func paint(color, word string) string {
	if color == "" {
		return word
	}
	return color + word + normal
}
