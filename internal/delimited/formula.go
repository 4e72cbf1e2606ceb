// SPDX-License-Identifier: Apache-2.0

package delimited

import "strings"

// formula are the first characters that make a spreadsheet take a field for a
// formula.
const formula = "=+-@\t\r"

// Guard makes a text safe to open in a spreadsheet: one that starts with
// = + - or @, a tab or a carriage return, possibly after apostrophes, gets one
// more apostrophe in front.
func Guard(text string) string {
	if rest := strings.TrimLeft(text, "'"); rest != "" && strings.IndexByte(formula, rest[0]) >= 0 {
		return "'" + text
	}
	return text
}

// Unguard undoes Guard.
func Unguard(field string) string {
	if strings.HasPrefix(field, "'") && Guard(field) != field {
		return field[1:]
	}
	return field
}
