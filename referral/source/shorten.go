// SPDX-License-Identifier: Apache-2.0

package source

import "unicode/utf8"

// maxShown is the number of characters of a text that an error repeats.
const maxShown = 60

func shorten(s string) string {
	if utf8.RuneCountInString(s) <= maxShown {
		return s
	}
	return string([]rune(s)[:maxShown]) + "..."
}
