// SPDX-License-Identifier: Apache-2.0

package source

import (
	"bytes"
	"database/sql/driver"
	"encoding/csv"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/oncoref/oncoref/referral"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

var treatmentHeader = []string{"patient_id", "tumour", "year", "first_visit_hospital", "treatment", "treatment_hospital", "date"}

func (r plainRow) fields() []string {
	return []string{r.Patient, r.Tumor, r.Year, r.First, r.Treatment, r.Hospital, r.Date}
}

// delimitedText writes rows with a separator, dates in another form.
func delimitedText(t testing.TB, rows []plainRow, comma rune, date func(string) string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Comma = comma
	require.NoError(t, w.Write(treatmentHeader))
	for _, r := range rows {
		r.Date = date(r.Date)
		require.NoError(t, w.Write(r.fields()))
	}
	w.Flush()
	require.NoError(t, w.Error())
	return b.Bytes()
}

// The same rows give the same log and the same quality report, however they are
// stored.
func TestEveryFormatGivesTheSameLog(t *testing.T) {
	rows := randomRows(5000, 3)
	for i := range rows {
		rows[i].First = strings.Replace(rows[i].First, "H07", "Fryslân; \"noord\", €", 1)
	}
	iso := func(s string) string { return s }
	plain := delimitedText(t, rows, ',', iso)
	dutch := delimitedText(t, rows, ';', func(s string) string {
		if s == "" {
			return s
		}
		return s[8:] + "-" + s[5:7] + "-" + s[:4]
	})
	tabs := delimitedText(t, rows, '\t', func(s string) string { return strings.ReplaceAll(s, "-", "") })
	latin, err := charmap.Windows1252.NewEncoder().Bytes(dutch)
	require.NoError(t, err)
	var cells [][]any
	var values [][]driver.Value
	for i, r := range append([]plainRow{{}}, rows...) {
		fields := r.fields()
		if i == 0 {
			fields = treatmentHeader
		}
		var row []any
		var value []driver.Value
		for _, f := range fields {
			row, value = append(row, f), append(value, f)
		}
		if d, ok := parseDate(r.Date); i > 0 && ok && !d.IsZero() {
			row[6] = int(d) - unixDate - epoch1900
		}
		cells, values = append(cells, row), append(values, value)
	}
	crlf := bytes.ReplaceAll(plain, []byte("\n"), []byte("\r\n"))
	files := map[string][]byte{
		"x.csv": plain, "x.tsv": tabs, "dutch.csv": dutch, "crlf.csv": crlf, "bom.csv": append([]byte("\ufeff"), plain...),
		"latin.csv": latin, "utf16.csv": utf16(t, unicode.LittleEndian, string(plain)), "x.csv.gz": gzipped(t, plain), "x.csv.zst": zstandard(t, dutch),
		"x.xlsx": makeXLSX(t, cells), "x.parquet": makeParquet(t, rows), "typed.parquet": makeParquet(t, typed(rows)),
	}
	want := logText(eventsOf(t, rows))
	for name, file := range files {
		t.Run(name, func(t *testing.T) {
			c := keep
			c.Mapping.Windows1252 = name == "latin.csv"
			l, q, err := ReadFile(t.Context(), write(t, name, file), c)
			require.NoError(t, err)
			assert.EqualValues(t, len(rows), q.Rows)
			assert.Equal(t, referral.LayoutTreatments, q.Layout)
			assert.True(t, want == logText(l))
			c.Log.File = name
			l, _, err = ReadLog(t.Context(), bytes.NewReader(file), c)
			require.NoError(t, err)
			assert.True(t, want == logText(l), "as a stream")
		})
	}
	l, _, err := readMemory(t, &memory{columns: treatmentHeader, rows: values[1:]}, keep)
	require.NoError(t, err)
	assert.True(t, want == logText(l), "rows of a query")
}

// No format shows a patient in an error, whatever is wrong with the row.
func TestNoPatientInErrors(t *testing.T) {
	const secret = "Secret-007"
	c := Config{Log: referral.LogConfig{Strict: true}}
	row := plainRow{Patient: secret, Tumor: "C60", Year: "20x0", First: "H1", Treatment: "surgery", Hospital: "H1", Date: "2020-02-30"}
	var cells []any
	var header []any
	for i, f := range row.fields() {
		cells, header = append(cells, f), append(header, treatmentHeader[i])
	}
	for name, file := range map[string][]byte{
		"x.csv":     delimitedText(t, []plainRow{row}, ',', func(s string) string { return s }),
		"x.xlsx":    makeXLSX(t, [][]any{header, cells}),
		"x.parquet": makeParquet(t, []plainRow{row}),
		"twice.csv": []byte(strings.Join(treatmentHeader, ",") + "\n" + secret + "," + secret + "\n"),
		"quote.csv": []byte(strings.Join(treatmentHeader, ",") + "\n\"" + secret + "\"x,,,,,,\n"),
		"zero.csv":  []byte(strings.Join(treatmentHeader, ",") + "\n" + secret + "\x00,,,,,,\n"),
		"bytes.csv": []byte(strings.Join(treatmentHeader, ",") + "\n" + secret + "\xff,,,,,,\n"),
	} {
		path := write(t, name, file)
		_, q, err := ReadFile(t.Context(), path, c)
		require.Error(t, err, name)
		assert.NotContains(t, err.Error(), secret, name)
		assert.Contains(t, err.Error(), filepath.Base(path))
		assert.NotContains(t, fmt.Sprintf("%+v %v %#v", q, q, q), secret, name)
	}
}

// Programs without whole numbers write years with a decimal point or comma.
func TestWholeNumbersWithADecimal(t *testing.T) {
	for text, want := range map[string]int{"2020,0": 2020, "2020.0": 2020, " 2020 ": 2020, "2.020": 0, "2,000": 0, "2020,5": 0, ",0": 0, "2020,": 0, "-1": 0, "0,0": 0, "99999999999": 0} {
		file := "patient;event;hospital;year\nP1;surgery;H1;" + text + "\n"
		l, q, err := ReadFile(t.Context(), write(t, "x.csv", []byte(file)), Config{})
		if want == 0 {
			require.Error(t, err, text)
			assert.EqualValues(t, 1, q.Count(referral.FaultYear), text)
			continue
		}
		require.NoError(t, err, text)
		for p := range l.Pathways() {
			assert.Equal(t, want, p.Event(0).Year, text)
		}
	}
}
