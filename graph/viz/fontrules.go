// SPDX-License-Identifier: Apache-2.0

package viz

// FontRules returns the style rules of CSS that bring the embedded font, regular
// and bold, with the characters of a text: for a page that shows SVGs, or sets
// its own text in the font. The same text gives the same rules.
func FontRules(text string) (string, error) {
	var u fontUse
	u.add(text, false, false)
	u.add(text, true, false)
	return u.rules()
}
