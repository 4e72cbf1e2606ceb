// SPDX-License-Identifier: Apache-2.0

package source

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// reference reads a table of reference values: labels, then a count.
func reference(t *testing.T, name string) map[string]int64 {
	t.Helper()
	b, err := os.ReadFile("testdata/reference/rec5k." + name + ".tsv")
	require.NoError(t, err)
	out := map[string]int64{}
	for _, line := range strings.Split(strings.TrimSpace(string(b)), "\n")[1:] {
		at := strings.LastIndexByte(line, '\t')
		n, err := strconv.ParseInt(line[at+1:], 10, 64)
		require.NoError(t, err)
		out[line[:at]] = n
	}
	return out
}

func TestReferenceRecords(t *testing.T) {
	text, err := os.ReadFile("testdata/reference/rec5k.csv")
	require.NoError(t, err)
	lines := strings.SplitAfter(string(text), "\n")
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(lines)-2, func(i, j int) { lines[i+1], lines[j+1] = lines[j+1], lines[i+1] })
	for name, b := range map[string][]byte{
		"as it is":   text,
		"shuffled":   []byte(strings.Join(lines, "")),
		"CRLF":       bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n")),
		"semicolons": bytes.ReplaceAll(text, []byte(","), []byte(";")),
		"tabs":       bytes.ReplaceAll(text, []byte(","), []byte("\t")),
		"quoted":     bytes.ReplaceAll(bytes.ReplaceAll(text, []byte("surgery"), []byte(`"surgery"`)), []byte(",H001,"), []byte(`,"H001",`)),
		"no newline": bytes.TrimSpace(text),
		"BOM":        append([]byte("\ufeff"), text...),
	} {
		for _, workers := range []int{1, 2, 8} {
			t.Run(fmt.Sprint(name, workers), func(t *testing.T) {
				l, q, err := ReadLog(t.Context(), bytes.NewReader(b), Config{Log: referral.LogConfig{Workers: workers}})
				require.NoError(t, err)
				assert.Equal(t, referral.LayoutTreatments, q.Layout)
				assert.Empty(t, q.Findings)
				checkReference(t, l)
			})
		}
	}
}

func checkReference(t *testing.T, l *referral.Log) {
	t.Helper()
	tally, err := l.Count(t.Context(), referral.CountRule{By: []referral.Dimension{referral.ByOrigin, referral.ByHospital, referral.ByTumor, referral.ByYear}})
	require.NoError(t, err)
	counts := map[string]int64{}
	for v, n := range tally.All() {
		counts[strings.Join(v, "\t")] = n
	}
	assert.Equal(t, reference(t, "counts"), counts)
	steps, err := l.Transitions(t.Context(), referral.LinkRule{Treatments: true})
	require.NoError(t, err)
	assert.Equal(t, reference(t, "transitions"), cells(steps))
	first, err := l.Table(referral.Rule{Destination: referral.FirstTreatment})
	require.NoError(t, err)
	assert.Equal(t, reference(t, "first_step"), cells(first))
}

func cells(t *referral.Table) map[string]int64 {
	out := map[string]int64{}
	for f := range t.Flows() {
		out[f.Origin+"\t"+f.Destination] = int64(f.Cell.Lo)
	}
	return out
}

func TestTextErrors(t *testing.T) {
	const header = "patient,date,event,hospital\n"
	tests := []struct{ name, text, want string }{
		{"empty", "", "in.csv: expected a header line, but the file is empty"},
		{"blank lines", "\n\n", "in.csv: expected a header line, but the file has blank lines only"},
		{"no patient", "date,event,hospital\n", `in.csv:1: expected a header with the column "patient" or one of its aliases, or a mapping`},
		{"too few fields", header + "1,2020-01-01,surgery,A\n2,2020-01-01\n", "in.csv:3: expected 4 fields, found 2"},
		{"too many fields", header + "1,2020-01-01,surgery,A,B\n", "in.csv:2: expected 4 fields, found 5"},
		{"open quote", header + "1,2020-01-01,\"surgery,A\n", "in.csv:2: expected " + wantQuotes},
		{"bare quote", header + "1,2020-01-01,sur\"gery,A\n", "in.csv:2:17: expected " + wantQuotes},
		{"after quote", header + "1,2020-01-01,\"surgery\"x,A\n", "in.csv:2:22: expected " + wantQuotes},
		{"not UTF-8", header + "1,2020-01-01,surgery,caf\xe9\n", "in.csv:2:22: expected " + wantUTF8},
		{"zero byte", header + "1,2020-01-01,surgery,A\x00\n", "in.csv:2:22: expected text, but the file has a zero byte"},
		{"first error", header + strings.Repeat("1,2020-01-01,surgery,A\n", 200000) + "x\n" + strings.Repeat("1,2020-01-01,surgery,A\n", 200000) + "y\n", "in.csv:200002: expected 4 fields, found 1"},
		{"twice", "patient,pid,event,hospital\n", `in.csv:1: "pid": expected one column for patient`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := ReadLog(t.Context(), strings.NewReader(tt.text), Config{Log: referral.LogConfig{File: "in.csv"}})
			require.EqualError(t, err, tt.want)
			var at *InputError
			require.ErrorAs(t, err, &at)
		})
	}
}

func TestTextCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, err := ReadLog(ctx, strings.NewReader("patient,date,event,hospital\n1,2020-01-01,surgery,A\n"), Config{})
	require.ErrorIs(t, err, context.Canceled)
}

// Bad values refuse their row only, by line, and never show a patient.
func TestRefusedRows(t *testing.T) {
	const text = `patient,seq,date,layer,event,hospital,year
SECRET1,1,2020-01-01,patient,first_visit,A,2020
SECRET2,1,2020-02-30,patient,first_visit,A,2020
SECRET3,0,2020-01-01,patient,first_visit,A,2020
SECRET4,1,2020-01-01,other,first_visit,A,2020
SECRET5,1,2020-01-01,patient,first_visit,A,20x0
,1,2020-01-01,patient,first_visit,A,2020
SECRET6,1,01-03-2020,patient,first_visit, A ,
`
	l, q, err := ReadLog(t.Context(), strings.NewReader(text), Config{Log: referral.LogConfig{File: "in.csv"}})
	require.NoError(t, err)
	want := map[referral.Fault]int64{
		referral.FaultDate: 3, referral.FaultSeq: 4, referral.FaultLayer: 5, referral.FaultYear: 6, referral.FaultPatient: 7,
	}
	require.Len(t, q.Findings, len(want))
	for _, f := range q.Findings {
		assert.Equal(t, referral.Refused, f.Decision)
		assert.Equal(t, []int64{want[f.Fault]}, f.Lines, f.Fault)
	}
	assert.Equal(t, 2, l.Len())
	assert.Equal(t, []string{"A"}, l.Hospitals())
	assert.Equal(t, network.NewDate(2020, 3, 1), l.Period().To)
	assert.NotContains(t, q.String(), "SECRET")
	_, _, err = ReadLog(t.Context(), strings.NewReader(text), Config{Log: referral.LogConfig{Strict: true}})
	require.ErrorIs(t, err, referral.ErrQuality)
	assert.NotContains(t, err.Error(), "SECRET")
}

// readChunks reads text in chunks of a few bytes.
func readChunks(t *testing.T, text string, size int, c Config) (*referral.Log, referral.Quality, error) {
	t.Helper()
	r := &textReader{chunker: chunker{file: c.Log.File, r: strings.NewReader(strings.TrimPrefix(text, "\ufeff")), line: 1, size: size}}
	if err := r.readHeader(c); err != nil {
		return nil, referral.Quality{}, err
	}
	b := referral.NewLogBuilder(r.columns.config.Log)
	if err := r.read(t.Context(), b, 2); err != nil {
		return nil, referral.Quality{}, err
	}
	return b.Build(t.Context())
}

// Where a text is cut makes no difference.
func TestChunksOfAnySize(t *testing.T) {
	const text = "patient;date;event;hospital\r\n\"1\";2020-01-01;first_visit;\"a \"\"b\"\"; c\"\n\n2;;surgery;\"\"\n\n" +
		"P3;2020-02-30;surgery;A\n\"P4\";\"2020-01-01\";\"line\nbreak\";B\r\nP5;01-02-2020;surgery;radboudumc nijmegen"
	c := Config{Log: referral.LogConfig{File: "in.csv"}}
	want, q, err := ReadLog(t.Context(), strings.NewReader(text), c)
	require.NoError(t, err)
	assert.EqualValues(t, 5, q.Rows)
	assert.Equal(t, []int64{6}, q.Findings[slices.IndexFunc(q.Findings, func(f referral.Finding) bool { return f.Fault == referral.FaultDate })].Lines)
	for size := 1; size < len(text)+20; size++ {
		got, q2, err := readChunks(t, text, size, c)
		require.NoError(t, err, size)
		require.Equal(t, q, q2, size)
		require.Equal(t, plainText(want), plainText(got), size)
	}
}

func FuzzSplitter(f *testing.F) {
	for _, s := range []string{"a,b\nc,d\n", "\"a\"\"b\",c\r\n", "\"a\nb\",\"\"\n\n\nx", "a\"b", "\"a\"b", "\r", "a\r\n\r\n", "\"\r\n\"", "\"", ",\n,"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r := csv.NewReader(strings.NewReader(text))
		r.FieldsPerRecord = -1
		s := splitter{comma: ',', text: []byte(text), line: 1}
		for {
			want, werr := r.Read()
			err := s.next()
			if errors.Is(werr, io.EOF) {
				require.ErrorIs(t, err, io.EOF)
				return
			}
			if werr != nil {
				var at *InputError
				require.ErrorAs(t, err, &at)
				return
			}
			require.NoError(t, err)
			var got []string
			for i, field := range s.fields {
				got = append(got, string(field))
				line, column := r.FieldPos(i)
				require.Equal(t, place{uint32(line), column}, s.places[i])
			}
			require.Equal(t, want, got)
		}
	})
}

// FuzzReadText compares the parallel reader with encoding/csv and the door for
// single events.
func FuzzReadText(f *testing.F) {
	f.Add("patient,date,event,hospital\n1,2020-01-01,surgery,A\n", byte(1))
	f.Add("patient_id,tumour,year,first_visit_hospital,treatment,treatment_hospital,date\nP1,T,2020,A,surgery,B,2020-02-02\n", byte(2))
	f.Add("patient;seq;date;event;hospital\r\n\"1\";1;01-02-2020;first_visit;\"A;B\"\r\n x ;2;;consult;\r\n", byte(3))
	f.Add("patient,event,hospital\n\n1,,\n\x00,a,b\n", byte(0))
	f.Fuzz(func(t *testing.T, text string, workers byte) {
		c := Config{Log: referral.LogConfig{File: "in.csv", Workers: 1 + int(workers%4)}}
		fast, q, err := ReadLog(t.Context(), strings.NewReader(text), c)
		c.Log.KeepPatients = true // goes through the splitter
		slow, q2, err2 := ReadLog(t.Context(), strings.NewReader(text), c)
		if err != nil {
			require.Error(t, err2)
			require.Equal(t, err.Error(), err2.Error())
			return
		}
		require.NoError(t, err2)
		require.Equal(t, q, q2)
		require.Equal(t, q.Rows, q.Events+q.LeftOut+q.Refused)
		require.Equal(t, plainText(fast), plainText(slow))
		c.Log.KeepPatients = false
		if fits := strings.Count(text, "\n") > 1 && !strings.HasPrefix(text, "\xff\xfe") && !strings.HasPrefix(text, "\xfe\xff"); fits {
			cut, q3, err := readChunks(t, text, 1+int(workers), c)
			if err == nil {
				require.Equal(t, q, q3)
				require.Equal(t, plainText(fast), plainText(cut))
			}
		}
	})
}

// plainText writes what a log holds without patients.
func plainText(l *referral.Log) []string {
	var out []string
	for p := range l.Pathways() {
		out = append(out, fmt.Sprintf("%+v", slices.Collect(p.Events())))
	}
	return out
}

func BenchmarkReadText(b *testing.B) {
	for _, rows := range []int{1000, 100000, 1000000} {
		b.Run(strconv.Itoa(rows), func(b *testing.B) {
			text := records(rows)
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				l, _, err := ReadLog(b.Context(), bytes.NewReader(text), Config{})
				if err != nil || l.Len() != rows {
					b.Fatal(err)
				}
			}
		})
	}
}

// records makes treatments of some hundred thousand patients, in no order.
func records(rows int) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	out := []byte("patient_id,tumor,year,first_visit_hospital,treatment,treatment_hospital,date\n")
	for range rows {
		p := r.IntN(rows/3 + 1)
		year := 2015 + p%10
		out = fmt.Appendf(out, "P%09d,C%03d,%d,H%03d,%s,H%03d,%d-%02d-%02d\n", p, p%200, year, p%80,
			[...]string{"surgery", "chemo", "radio"}[r.IntN(3)], r.IntN(80), year, 1+r.IntN(12), 1+r.IntN(28))
	}
	return out
}
