// SPDX-License-Identifier: Apache-2.0

package source_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/source"
	"github.com/stretchr/testify/require"
)

// contents gives all that a log says, in an order of its own.
func contents(l *referral.Log) []string {
	out := []string{fmt.Sprint(l.Hospitals(), l.Kinds(), l.Tumors(), l.Period())}
	for p := range l.Pathways() {
		line := ""
		for e := range p.Events() {
			line += fmt.Sprint(e, ";")
		}
		out = append(out, line)
	}
	slices.Sort(out)
	return out
}

// Rows are read in blocks by the usual sizes of their fields, or one by one if
// there are quotes. Both give the same, also where sizes change so that a
// separator stands at the usual place by chance, and with rows that are refused.
func TestRowsOfAnySizesReadTheSame(t *testing.T) {
	columns := [...][]string{
		{"P1", "P22", "X-9", "7777777", "PQ12345098", "P", "é1"}, // patient
		{"", "2020-01-02", "03-01-2020", "20200104", "2020-13-01", "2020-01-05"},
		{"A", "AB", "A1", "", "ABCDEFGH", "ABCDEFGHI", "H é", " A", "ABC"}, // hospital
		{"x", "yy", "surgery", "radiotherapy", "z z", ""},                  // treatment
		{"n", "no t", "", "note"},                                          // not read
		{"B", "A", "AB", "B1B", ""},                                        // first visit
		{"2020", "", "20", "1999", "2020,0"},                               // year; the last is two fields
	}
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 1))
		var plain bytes.Buffer
		plain.WriteString("patient,date,hospital,treatment,note,first_visit_hospital,year\n")
		row := make([]string, len(columns))
		for range 150 {
			for i, c := range columns {
				n := len(c)
				if i == len(columns)-1 && seed%10 != 9 {
					n-- // else it is an error
				}
				row[i] = c[r.IntN(n)]
			}
			end := [...]string{"\n", "\r\n", "\n\n", "\r\n\r\n"}[r.IntN(4)]
			for range 1 + r.IntN(80)*r.IntN(2) {
				for i, f := range row {
					if i > 0 {
						plain.WriteByte(',')
					}
					plain.WriteString(f)
				}
				plain.WriteString(end)
			}
		}
		if seed%3 == 0 {
			plain.Truncate(plain.Len() - 1)
		}
		quoted := bytes.Replace(plain.Bytes(), []byte("patient,"), []byte(`"patient",`), 1)
		for i := bytes.IndexByte(quoted, '\n') + 1; i < len(quoted); i++ {
			if quoted[i] == '7' {
				quoted = slices.Insert(slices.Insert(quoted, i+7, '"'), i, '"')
				break
			}
		}
		a, qa, errA := source.ReadLog(t.Context(), &plain, source.Config{})
		b, qb, errB := source.ReadLog(t.Context(), bytes.NewReader(quoted), source.Config{})
		require.Equal(t, fmt.Sprint(errB), fmt.Sprint(errA), "seed %d", seed)
		if errA != nil {
			continue
		}
		require.Equal(t, qb, qa, "seed %d", seed)
		require.Equal(t, contents(b), contents(a), "seed %d", seed)
	}
}
