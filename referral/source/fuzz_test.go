// SPDX-License-Identifier: Apache-2.0

package source

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/oncoref/oncoref/referral"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/unicode"
)

// checkOutcome holds for every input: an error says where and what, or there is
// a log whose rows add up.
func checkOutcome(t *testing.T, l *referral.Log, q referral.Quality, err error) {
	t.Helper()
	if err != nil {
		var input *InputError
		var quality *referral.QualityError
		require.True(t, errors.As(err, &input) || errors.As(err, &quality) || errors.Is(err, referral.ErrEmpty), "%v", err)
		return
	}
	require.NotNil(t, l)
	require.Equal(t, q.Rows, q.Events+q.LeftOut+q.Refused)
}

func FuzzOpen(f *testing.F) {
	const text = "patient,event,hospital,date\nP1,surgery,H1,2020-03-01\nP2,surgery,H2,\n"
	f.Add([]byte(text), false)
	f.Add([]byte(strings.ReplaceAll(text, ",", ";")), true)
	f.Add(gzipped(f, []byte(text)), false)
	f.Add(zstandard(f, []byte(text)), false)
	f.Add([]byte("\xef\xbb\xbf"+text), true)
	f.Add([]byte("\xff\xfep\x00"), false)
	f.Add([]byte("\xfe\xff\x00p\xd8"), false)
	f.Add([]byte("PK\x03\x04"), false)
	f.Add([]byte("PAR1\x00\x00\x00\x00PAR1"), false)
	f.Fuzz(func(t *testing.T, b []byte, windows1252 bool) {
		c := keep
		c.Log.File, c.Mapping.Windows1252, c.Log.Workers = "x", windows1252, 2
		l, q, err := ReadLog(t.Context(), bytes.NewReader(b), c)
		checkOutcome(t, l, q, err)
		o, err := openStream(bytes.NewReader(b), "x")
		if err != nil || o.form != formText {
			return
		}
		r, err := decodeText("x", o.text, false)
		require.NoError(t, err)
		_, _ = io.Copy(io.Discard, r)
		require.NoError(t, o.Close())
	})
}

func FuzzXLSX(f *testing.F) {
	f.Add(makeXLSX(f, [][]any{eventHeader, {"P1", 43891, "surgery", "H1", 2020}}))
	f.Add(makeXLSX(f, nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		if !bytes.HasPrefix(b, []byte("PK\x03\x04")) {
			return
		}
		l, q, err := readForm(t.Context(), "x", b, keep)
		checkOutcome(t, l, q, err)
	})
}

// FuzzSheet puts bytes into the sheet of a sound workbook, which random changes
// of a compressed file do not reach.
func FuzzSheet(f *testing.F) {
	file := makeXLSX(f, [][]any{eventHeader, {"P1", 43891, "surgery", "H1", 2020}})
	f.Add(`<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>patient</t></is></c></row></sheetData>`)
	f.Add(`<sheetData><row><c t="str"><v>patient</v></c><c t="s"><v>0</v></c></row><row r="5"><c r="C5"><f>A1</f></c></row></sheetData>`)
	f.Add(`<sheetData><row r="1"><c r="XFD1"><v>1</v></c></row><row r="1048576"/></sheetData>`)
	f.Fuzz(func(t *testing.T, sheet string) {
		b := remake(t, file, func(name, text string) string {
			if name != "xl/worksheets/sheet1.xml" {
				return text
			}
			return `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` + sheet + `</worksheet>`
		})
		l, q, err := readForm(t.Context(), "x", b, keep)
		checkOutcome(t, l, q, err)
	})
}

func FuzzParquet(f *testing.F) {
	rows := randomRows(20, 6)
	f.Add(makeParquet(f, rows))
	f.Add(makeParquet(f, typed(rows)))
	f.Add(makeParquet(f, moments(rows)))
	f.Fuzz(func(t *testing.T, b []byte) {
		if !bytes.HasPrefix(b, []byte("PAR1")) {
			return
		}
		l, q, err := readForm(t.Context(), "x", b, keep)
		checkOutcome(t, l, q, err)
	})
}

// FuzzParquetPage decodes pages of any bytes; what comes out has the promised
// number of values.
func FuzzParquetPage(f *testing.F) {
	f.Add([]byte{3, 1, 2}, uint8(2), uint16(10))
	f.Add([]byte{0x80, 1, 4, 10, 2, 0, 0, 0, 0, 0}, uint8(1), uint16(10))
	f.Fuzz(func(t *testing.T, b []byte, width uint8, n uint16) {
		_ = hybrid(make([]uint32, n), b, int(width))
		all, _, err := deltas(int(n), b)
		require.True(t, err != nil || len(all) == int(n))
		count := 0
		err = deltaTexts(int(n), b, func([]byte) { count++ })
		require.True(t, err != nil || count == int(n))
		count = 0
		err = deltaPrefixed(int(n), b, func([]byte) { count++ })
		require.True(t, err != nil || count == int(n))
	})
}

func FuzzMapping(f *testing.F) {
	f.Add("columns:\n  a: b\nevents: {OK: surgery}\nsheet: 1\nencoding: utf-8\nseparator: ';'\n")
	f.Add("columns: &a {<<: *a}")
	f.Add("--- !x\n? a\n: b")
	f.Fuzz(func(t *testing.T, text string) {
		m, err := ReadMapping(strings.NewReader(text), "m.yaml")
		if err != nil {
			var input *InputError
			require.ErrorAs(t, err, &input)
			require.Equal(t, Mapping{}, m)
		}
	})
}

func FuzzUTF16(f *testing.F) {
	f.Add("a,b\n1,2\n", true)
	f.Add("Fryslân €\U0001F600", false)
	f.Fuzz(func(t *testing.T, text string, big bool) {
		order := unicode.LittleEndian
		if big {
			order = unicode.BigEndian
		}
		text = strings.ToValidUTF8(text, "?")
		got, err := textOf(t, "x", utf16(t, order, text), false, true)
		if strings.Contains(text, "\uFFFD") {
			require.Error(t, err)
			return
		}
		require.NoError(t, err)
		require.Equal(t, text, got)
	})
}
