// SPDX-License-Identifier: Apache-2.0

package source

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/oncoref/oncoref/internal/delimited"
	"github.com/oncoref/oncoref/referral"
	"github.com/stretchr/testify/require"
)

// lineForms are headers of both layouts, each with rows of equal sizes below it.
// The column note is not read.
var lineForms = [...]struct{ header, rows string }{
	{
		"patient,date,layer,event,hospital,note,year,seq,tumor,sex",
		"P000000001,2020-01-02,patient,surgery,AB,abc,2020,1,penis,m\nP000000002,2020-01-03,status,death,,,2021,2,,f\n",
	},
	{
		"layer,seq,year,until,patient,event,hospital,to_hospital",
		"referral,1,2020,,77,referral,A,B\npatient,2,,03-01-2020,78,systemic,A,\n,3,0000,,79,consult,C,\n",
	},
	{
		"patient,treatment,year,first_visit_hospital,hospital,date,note",
		"1234567890,surgery,2020,AB,long name of one,2020-01-02,\n",
	},
	{"date,patient,event,hospital,layer", "20200102,X-1,imaging,H,\n20200102,X-1,imaging,H,mdt\n"},
	{"event,hospital,patient", "surgery,A,1\n"},
	{"sex,event,hospital,patient,layer", "m,surgery,A,1,\nm,surgery,A,1,patient\n"},
}

// outcome is the rows that a text has, in order, or the line of the error in it.
type outcome struct {
	rows []string
	ids  map[uint32]referral.Identity // by line
	line int
}

// take gives the rows that were collected, by line, and forgets them. Codes stand
// for the texts in the dictionaries of the collection.
func take(r *rows) outcome {
	var out []string
	ids := map[uint32]referral.Identity{}
	b := &r.batch
	for i := range b.Len() {
		var values []any
		if b.Date != nil {
			values = append(values, b.Date[i])
		}
		if b.Until != nil {
			values = append(values, b.Until[i])
		}
		if b.Year != nil {
			values = append(values, b.Year[i])
		}
		if b.Seq != nil {
			values = append(values, b.Seq[i])
		}
		if b.Layer != nil {
			values = append(values, b.Layer[i])
		}
		for _, c := range append([]referral.Codes{b.Kind, b.Hospital, b.ToHospital, b.FirstVisit, b.Tumor}, b.Attributes...) {
			if c.In != nil {
				values = append(values, c.Of[i])
			}
		}
		out = append(out, fmt.Sprintf("%06d %v", b.Line[i], values))
		ids[b.Line[i]] = b.Patient[i]
	}
	for _, f := range b.Refused {
		out = append(out, fmt.Sprintf("%06d %s", f.Line, f.Fault))
	}
	r.resize(0, true)
	b.Refused = b.Refused[:0]
	slices.Sort(out)
	return outcome{rows: out, ids: ids}
}

// byCSV cuts a text by encoding/csv, and reads its fields one by one.
func byCSV(t testing.TB, text string, h *columns, r *rows) outcome {
	t.Helper()
	in := csv.NewReader(strings.NewReader(text))
	in.FieldsPerRecord = -1
	for {
		fields, err := in.Read()
		if errors.Is(err, io.EOF) {
			return take(r)
		}
		var bad *csv.ParseError
		if errors.As(err, &bad) {
			return outcome{line: bad.Line}
		}
		require.NoError(t, err)
		line, _ := in.FieldPos(0)
		if len(fields) != len(h.fields) {
			return outcome{line: line}
		}
		r.begin(uint32(line))
		for i, f := range fields {
			if at, _ := in.FieldPos(i); h.fields[i].role != roleNone && (strings.Contains(f, "\x00") || !utf8.ValidString(f)) {
				return outcome{line: at}
			}
			r.text(i, []byte(f))
		}
		r.end()
	}
}

// byParser reads the rows of a chunk.
func byParser(t testing.TB, text string, p *parser) outcome {
	t.Helper()
	b := append(make([]byte, 0, len(text)+padding), text...)
	k := chunk{text: b, line: 1, lines: strings.Count(text, "\n"), quotes: strings.Contains(text, `"`)}
	err := p.parse(k)
	if err == nil {
		return take(p.rows)
	}
	var bad *delimited.Error
	require.ErrorAs(t, err, &bad)
	p.rows.resize(0, true)
	p.rows.batch.Refused = p.rows.batch.Refused[:0]
	return outcome{line: bad.Line}
}

// checkRows compares the rows of a text as the parser and encoding/csv give them,
// after the parser has read regular rows, so that every column has a usual size.
func checkRows(t testing.TB, form int, text string) {
	t.Helper()
	f := lineForms[form]
	c := Config{Log: referral.LogConfig{File: "x.csv"}}
	if strings.Contains(f.header, "sex") {
		c.Log.Attributes = []string{"sex"}
	}
	h, err := newColumns(strings.Split(f.header, ","), 1, c)
	require.NoError(t, err)
	p := newParser("x.csv", ',', h)
	_ = byParser(t, strings.Repeat(f.rows, 50), p)
	got := byParser(t, text, p)
	again := byParser(t, text, p)
	want := byCSV(t, text, h, p.rows)
	if strings.Contains(text, `"`) && want.line != 0 { // encoding/csv counts the lines of stray quotes in another way
		require.NotZero(t, got.line, "%q", text)
		return
	}
	require.Equal(t, want, got, "%q", text)
	require.Equal(t, want, again, "%q", text)
}

// A separator where one is expected proves nothing: rows with a byte too many or
// too few, or with another one, are read as encoding/csv reads them.
func TestDamagedRowsReadAsCSV(t *testing.T) {
	texts := [...]string{"\n", ",", "\r", "\r\n", " ", "\t", "\x00", "\x80", "é", "0", "9", "a", "", "\n\n", ",\n", "\n,", `"`, ",,", "\u00a0", "patient", "\npatient"}
	seeds := uint64(3_000)
	if testing.Short() {
		seeds = 500
	}
	for seed := range seeds {
		r := rand.New(rand.NewPCG(seed, 5))
		form := r.IntN(len(lineForms))
		b := []byte(strings.Repeat(lineForms[form].rows, 1+r.IntN(60)))
		for range 1 + r.IntN(3) {
			at := r.IntN(len(b))
			if r.IntN(3) == 0 { // just before or behind a separator
				if i := bytes.IndexAny(b[at:], ",\n"); i >= 0 {
					at += i + r.IntN(2)
				}
			}
			b = slices.Replace(b, min(at, len(b)), min(at+r.IntN(2), len(b)), []byte(texts[r.IntN(len(texts))])...)
		}
		checkRows(t, form, string(b))
	}
}

func FuzzRowsAsCSV(f *testing.F) {
	for i, form := range lineForms {
		f.Add(uint8(i), form.rows)
		f.Add(uint8(i), strings.Repeat(form.rows, 40)+"\n,\n"+form.rows)
	}
	f.Add(uint8(3), "20200102,X-1,imaging,H,\npatient\n")
	f.Fuzz(func(t *testing.T, form uint8, text string) {
		checkRows(t, int(form)%len(lineForms), text)
	})
}
