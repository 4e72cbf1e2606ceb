// SPDX-License-Identifier: Apache-2.0

package referral

// Codes that every dictionary has.
const (
	codeEmpty = iota // not given
	codeBad          // a text that cannot be a label; rows with it are refused
	codesReserved
)

// maxCodes is the number of different texts that one column of a log may have.
const maxCodes = 1 << 22

// Dictionary numbers the texts of a column. A reader keeps one for each column
// and worker, and uses it for all batches of that worker; it only grows. It is
// not safe for concurrent use.
type Dictionary struct {
	values []string
	codes  map[string]uint32
}

// NewDictionary returns a dictionary that has the empty text as code 0.
func NewDictionary() *Dictionary {
	return &Dictionary{values: make([]string, codesReserved), codes: map[string]uint32{"": codeEmpty}}
}

// Code returns the number of a text, and gives it one if it is new. The empty
// text, which means not given, is 0. All texts that cannot be labels, because
// they are too long, not UTF-8, or have white space around them or control
// characters in them, share one code, and rows with it are refused. The same
// happens when there are more than 4 million texts.
func (d *Dictionary) Code(value []byte) uint32 {
	if c, ok := d.codes[string(value)]; ok {
		return c
	}
	s := string(value)
	if len(d.values) >= maxCodes || checkLabel(s) != "" {
		return codeBad
	}
	c := uint32(len(d.values))
	d.values = append(d.values, s)
	d.codes[s] = c
	return c
}

// Len returns the number of codes, including the reserved ones.
func (d *Dictionary) Len() int { return len(d.values) }

// Codes is a column of texts: for each row the number of its text in a
// dictionary. The zero value is a column that is not given.
type Codes struct {
	Of []uint32
	In *Dictionary
}
