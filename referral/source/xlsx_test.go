// SPDX-License-Identifier: Apache-2.0

package source

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/oncoref/oncoref/referral"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
)

var eventHeader = []any{"patient", "date", "event", "hospital", "year"}

// onePatient is the log of one event on 2020-03-01, as the cases below have it.
func onePatient(t *testing.T) string {
	t.Helper()
	d, ok := parseDate("2020-03-01")
	require.True(t, ok)
	l, _, err := referral.ReadLog(t.Context(), func(yield func(referral.Event, error) bool) {
		yield(referral.Event{Patient: "1234567890", Date: d, Kind: "surgery", Hospital: "H1", Year: 2020}, nil)
	}, keep.Log)
	require.NoError(t, err)
	return logText(l)
}

func TestSheetCells(t *testing.T) {
	want := onePatient(t)
	day := time.Date(2020, 3, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name string
		rows [][]any
	}{
		{"text", [][]any{eventHeader, {"1234567890", "2020-03-01", "surgery", "H1", "2020"}}},
		{"numbers", [][]any{eventHeader, {1234567890, 43891, "surgery", "H1", 2020}}},
		{"date with time of day", [][]any{eventHeader, {1234567890, 43891.75, "surgery", "H1", 2020}}},
		{"date cell", [][]any{eventHeader, {1234567890, day, "surgery", "H1", 2020.0}}},
		{"day first", [][]any{eventHeader, {"1234567890", "01-03-2020", "surgery", "H1", 2020}}},
		{"number without hyphens", [][]any{eventHeader, {"1234567890", 20200301, "surgery", "H1", 2020}}},
		{"spaces and empty rows", [][]any{{}, eventHeader, {}, {}, {" 1234567890 ", " 2020-03-01", "surgery ", " H1", "2020 "}, {"", "", ""}}},
		{"formula result", [][]any{eventHeader, {"1234567890", "2020-03-01", excelize.Cell{Value: "surgery", Formula: `LOWER("SURGERY")`}, "H1", 2020}}},
		{"other column", [][]any{append(eventHeader, "remark"), {"1234567890", "2020-03-01", "surgery", "H1", 2020, "free text"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, q, err := readForm(t.Context(), "x.xlsx", makeXLSX(t, c.rows), keep)
			require.NoError(t, err)
			assert.Empty(t, q.Refused)
			assert.Equal(t, want, logText(l))
		})
	}
}

func TestSheetOfOldMac(t *testing.T) {
	f := excelize.NewFile()
	yes := true
	require.NoError(t, f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}))
	require.NoError(t, f.SetSheetRow("Sheet1", "A1", &eventHeader))
	require.NoError(t, f.SetSheetRow("Sheet1", "A2", &[]any{"1234567890", 43891 - shift1904, "surgery", "H1", 2020}))
	var b bytes.Buffer
	require.NoError(t, f.Write(&b))
	l, _, err := readForm(t.Context(), "x.xlsx", b.Bytes(), keep)
	require.NoError(t, err)
	assert.Equal(t, onePatient(t), logText(l))
}

func TestSheetByName(t *testing.T) {
	f := excelize.NewFile()
	_, err := f.NewSheet("Data")
	require.NoError(t, err)
	require.NoError(t, f.SetSheetRow("Data", "A1", &eventHeader))
	require.NoError(t, f.SetSheetRow("Data", "A2", &[]any{"1234567890", 43891, "surgery", "H1", 2020}))
	var b bytes.Buffer
	require.NoError(t, f.Write(&b))
	_, _, err = readForm(t.Context(), "x.xlsx", b.Bytes(), keep)
	assert.EqualError(t, err, `x.xlsx: expected the name of one of the sheets "Sheet1", "Data"`)
	c := keep
	c.Mapping.Sheet = "Data"
	l, _, err := readForm(t.Context(), "x.xlsx", b.Bytes(), c)
	require.NoError(t, err)
	assert.Equal(t, onePatient(t), logText(l))
	c.Mapping.Sheet = "data"
	_, _, err = readForm(t.Context(), "x.xlsx", b.Bytes(), c)
	assert.EqualError(t, err, `x.xlsx: sheet "data": expected one of "Sheet1", "Data"`)
	require.NoError(t, f.SetSheetVisible("Data", true))
	f.SetActiveSheet(1)
	require.NoError(t, f.SetSheetVisible("Sheet1", false))
	b.Reset()
	require.NoError(t, f.Write(&b))
	_, _, err = readForm(t.Context(), "x.xlsx", b.Bytes(), keep)
	require.NoError(t, err, "the only visible sheet")
}

// remake writes a workbook again with some parts changed.
func remake(t testing.TB, file []byte, change func(name, text string) string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	require.NoError(t, err)
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range z.File {
		r, err := f.Open()
		require.NoError(t, err)
		text, err := io.ReadAll(r)
		require.NoError(t, err)
		part, err := w.Create(f.Name)
		require.NoError(t, err)
		_, err = io.WriteString(part, change(f.Name, string(text)))
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return b.Bytes()
}

func TestSheetHostile(t *testing.T) {
	const secret = "Secret-007"
	good := makeXLSX(t, [][]any{eventHeader, {secret, "2020-03-01", "surgery", "H1", 2020}, {secret, "2020-03-02", "surgery", "H2", 2020}})
	sheet := func(from, to string) []byte {
		changed := false
		b := remake(t, good, func(name, text string) string {
			if name != "xl/worksheets/sheet1.xml" {
				return text
			}
			changed = strings.Contains(text, from)
			return strings.Replace(text, from, to, 1)
		})
		require.True(t, changed, from)
		return b
	}
	bomb := func(n int) []byte {
		return remake(t, good, func(name, text string) string {
			if name == "xl/worksheets/sheet1.xml" {
				return strings.Replace(text, "</sheetData>", strings.Repeat(" ", n)+"</sheetData>", 1)
			}
			return text
		})
	}
	wide := make([]any, 16384)
	for i := range wide {
		wide[i] = "c" + strconv.Itoa(i)
	}
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"truncated", good[:len(good)/2], "x.xlsx: expected a whole XLSX file"},
		{"a ZIP that is no workbook", remake(t, good, func(string, string) string { return "" }), "x.xlsx: expected a workbook that can be read"},
		{"bomb", bomb(100 << 20), "zip bomb"},
		{"XML ends early", sheet("</sheetData>", ""), "whose parts are well formed"},
		{"XML broken in a row", sheet(`<c r="B3"`, `<c r="B3" <`), "whose parts are well formed"},
		{"cells out of order", sheet(`r="C2"`, `r="A2"`), "x.xlsx:2:3: expected cells in the order of their columns"},
		{"cell of another row", sheet(`<c r="C2"`, `<c r="C3"`), "x.xlsx:2:3: expected cells in the order of their columns"},
		{"rows out of order", sheet(`<row r="3"`, `<row r="1"`), "x.xlsx:3: expected row numbers that go up"},
		{"row beyond the end", sheet(`<row r="3"`, `<row r="99999999"`), "x.xlsx:3: expected row numbers that go up"},
		{"text that is not there", sheet(`<c r="B2" t="inlineStr">`, `<c r="B2" t="s"><v>77</v>`), "x.xlsx:2:2: expected a text that is in the workbook"},
		{"error of a formula", sheet(`<c r="B2" t="inlineStr">`, `<c r="B2" t="e"><v>#N/A</v>`), "x.xlsx:2:2: expected a value, but the cell has an error"},
		{"formula never computed", sheet(`<c r="B2" t="inlineStr">`, `<c r="B2"><f>TODAY()</f>`), "x.xlsx:2:2: expected a value, but the cell has a formula that was never computed"},
		{"cells beyond the header", makeXLSX(t, [][]any{eventHeader, {secret, "", "surgery", "H1", 2020, "", "more"}}), "x.xlsx:2:6: expected cells below the names of columns only"},
		{"empty", makeXLSX(t, nil), "x.xlsx: expected a sheet with a header, but it is empty"},
		{"column twice", makeXLSX(t, [][]any{{"patient", "pid"}}), `x.xlsx:1: "pid": expected one column for patient`},
		{"many columns", makeXLSX(t, [][]any{wide}), "x.xlsx:1: expected at most 10000 columns, found 16384"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := readForm(t.Context(), "x.xlsx", c.file, Config{})
			var input *InputError
			require.ErrorAs(t, err, &input)
			assert.Contains(t, err.Error(), c.want)
			assert.NotContains(t, err.Error(), secret)
		})
	}
}

// Bombs of every make are refused before they take memory: blanks, one endless
// text, comment or tag, and many nested elements.
func TestSheetBombsTakeLittleMemory(t *testing.T) {
	good := makeXLSX(t, [][]any{eventHeader, {"P1", "2020-03-01", "surgery", "H1", 2020}})
	noise := make([]byte, 1<<16) // shrinks to a tenth, so that the ratio of the archive gives nothing away
	r := rand.New(rand.NewPCG(1, 2))
	for i := range noise {
		noise[i] = "ab"[r.IntN(2)]
	}
	for _, c := range []struct{ name, part, head, fill, tail, want string }{
		{"blanks", "xl/worksheets/sheet1.xml", "", " ", "", "without tags or texts of more than"},
		{"text", "xl/worksheets/sheet1.xml", `<worksheet><sheetData><row r="1"><c r="A1"><v>`, string(noise), "</v></c></row></sheetData></worksheet>", "without tags or texts of more than"},
		{"comment", "xl/worksheets/sheet1.xml", "<worksheet><!--", "<v>" + string(noise), "--></worksheet>", "without tags or texts of more than"},
		{"tag", "xl/styles.xml", "<a b='", string(noise), "'/>", "without tags or texts of more than"},
		{"value in parts", "xl/worksheets/sheet1.xml", `<worksheet><sheetData><row r="1"><c r="A1"><v>`, string(noise) + "<b/>", "</v></c></row></sheetData></worksheet>", "expected a value of one text"},
		{"nested", "xl/theme/theme1.xml", "", "<a>", "", "nested too deeply"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var b bytes.Buffer
			w := zip.NewWriter(&b)
			w.RegisterCompressor(zip.Deflate, func(to io.Writer) (io.WriteCloser, error) { return flate.NewWriter(to, flate.BestSpeed) })
			z, err := zip.NewReader(bytes.NewReader(good), int64(len(good)))
			require.NoError(t, err)
			for _, f := range z.File {
				if f.Name != c.part {
					require.NoError(t, w.Copy(f))
				}
			}
			part, err := w.Create(c.part)
			require.NoError(t, err)
			_, err = io.WriteString(part, c.head)
			require.NoError(t, err)
			fill := strings.Repeat(c.fill, 1<<20/len(c.fill)+1)
			for range 2 {
				_, err = io.WriteString(part, fill)
				require.NoError(t, err)
			}
			_, err = io.WriteString(part, c.tail)
			require.NoError(t, err)
			require.NoError(t, w.Close())
			used := allocated(func() { _, _, err = readForm(t.Context(), "x.xlsx", b.Bytes(), Config{}) })
			var input *InputError
			require.ErrorAs(t, err, &input)
			assert.Contains(t, err.Error(), c.want)
			assert.Less(t, used, uint64(64<<20))
		})
	}
}

// A header of the archive that lies about the size of a part is found before any
// room is made for it.
func TestSheetWithLyingSize(t *testing.T) {
	good := makeXLSX(t, [][]any{eventHeader})
	at := bytes.LastIndex(good, []byte("PK\x01\x02"))
	require.Positive(t, at)
	copy(good[at+24:], []byte{0xff, 0xff, 0xff, 0x3f}) // uncompressed size: 1 GiB
	_, _, err := readForm(t.Context(), "x.xlsx", good, Config{})
	var input *InputError
	require.True(t, errors.As(err, &input), "%v", err)
}

func BenchmarkSheet(b *testing.B) {
	for _, n := range [...]int{100, 1000, 10000} {
		rows := [][]any{eventHeader}
		for i := range n {
			rows = append(rows, []any{fmt.Sprintf("P%06d", i), 43891 + i%1000, "surgery", fmt.Sprintf("H%02d", i%50), 2020})
		}
		file := makeXLSX(b, rows)
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := readForm(b.Context(), "x.xlsx", file, Config{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
