// SPDX-License-Identifier: Apache-2.0

package source

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// plainRow has the columns of treatments as text; the others have the same in
// other types and encodings.
type plainRow struct {
	Patient   string `parquet:"patient_id"`
	Tumor     string `parquet:"tumour"`
	Year      string `parquet:"year"`
	First     string `parquet:"first_visit_hospital"`
	Treatment string `parquet:"treatment"`
	Hospital  string `parquet:"treatment_hospital"`
	Date      string `parquet:"date"`
	Other     int64  `parquet:"unused"`
}

type typedRow struct {
	Patient   string  `parquet:"patient_id,delta"`
	Tumor     *string `parquet:"tumour,optional,dict"`
	Year      int32   `parquet:"year,delta"`
	First     *string `parquet:"first_visit_hospital,optional"`
	Treatment *string `parquet:"treatment,optional,dict,zstd"`
	Hospital  *string `parquet:"treatment_hospital,optional,dict,gzip"`
	Date      *int32  `parquet:"date,optional,date,dict,lz4"`
}

type momentRow struct {
	Patient   string     `parquet:"patient_id,dict,snappy"`
	Tumor     string     `parquet:"tumour,delta,optional"`
	Year      float64    `parquet:"year"`
	First     string     `parquet:"first_visit_hospital,dict"`
	Treatment string     `parquet:"treatment,dict"`
	Hospital  string     `parquet:"treatment_hospital,delta"`
	Date      *time.Time `parquet:"date,optional,timestamp(microsecond)"`
}

func randomRows(n int, seed uint64) []plainRow {
	r := rand.New(rand.NewPCG(seed, 1))
	out := make([]plainRow, n)
	for i := range out {
		day := network.NewDate(2015, 1, 1).AddDays(r.IntN(3000))
		out[i] = plainRow{
			Patient: fmt.Sprintf("P%06d", r.IntN(n/2+1)), Tumor: fmt.Sprintf("C%02d", r.IntN(30)), Year: fmt.Sprint(day.Year()),
			First: fmt.Sprintf("H%02d", r.IntN(20)), Treatment: []string{"surgery", "systemic", ""}[r.IntN(3)], Hospital: fmt.Sprintf("H%02d", r.IntN(20)),
			Date: day.String(),
		}
		if out[i].Treatment == "" {
			out[i].Hospital = ""
		}
		if r.IntN(10) == 0 {
			out[i].Date = ""
		}
	}
	return out
}

func orNil(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func typed(rows []plainRow) []typedRow {
	out := make([]typedRow, len(rows))
	for i, r := range rows {
		out[i] = typedRow{Patient: r.Patient, Tumor: orNil(r.Tumor), First: orNil(r.First), Treatment: orNil(r.Treatment), Hospital: orNil(r.Hospital)}
		_, _ = fmt.Sscan(r.Year, &out[i].Year)
		if d, _ := parseDate(r.Date); !d.IsZero() {
			days := int32(d) - unixDate
			out[i].Date = &days
		}
	}
	return out
}

func moments(rows []plainRow) []momentRow {
	out := make([]momentRow, len(rows))
	for i, r := range rows {
		out[i] = momentRow{Patient: r.Patient, Tumor: r.Tumor, First: r.First, Treatment: r.Treatment, Hospital: r.Hospital}
		_, _ = fmt.Sscan(r.Year, &out[i].Year)
		if d, _ := parseDate(r.Date); !d.IsZero() {
			day := time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, time.UTC)
			out[i].Date = &day
		}
	}
	return out
}

// eventsOf reads the rows without any file, as the oracle.
func eventsOf(t *testing.T, rows []plainRow) *referral.Log {
	t.Helper()
	c := keep.Log
	c.Layout = referral.LayoutTreatments
	l, _, err := referral.ReadLog(t.Context(), func(yield func(referral.Event, error) bool) {
		for i, r := range rows {
			e := referral.Event{Line: int64(i + 1), Patient: r.Patient, Tumor: r.Tumor, FirstVisit: r.First, Kind: r.Treatment, Hospital: r.Hospital}
			_, _ = fmt.Sscan(r.Year, &e.Year)
			e.Date, _ = network.ParseDate(r.Date)
			if !yield(e, nil) {
				return
			}
		}
	}, c)
	require.NoError(t, err)
	return l
}

func TestParquetReadsEveryEncoding(t *testing.T) {
	rows := randomRows(8000, 7)
	want := logText(eventsOf(t, rows))
	codecs := []compress.Codec{&parquet.Uncompressed, &parquet.Snappy, &parquet.Zstd, &parquet.Gzip, &parquet.Lz4Raw}
	for _, codec := range codecs {
		for _, version := range [...]int{1, 2} {
			t.Run(fmt.Sprintf("%v v%d", codec, version), func(t *testing.T) {
				o := []parquet.WriterOption{
					parquet.Compression(codec), parquet.DataPageVersion(version), parquet.MaxRowsPerRowGroup(3001), parquet.PageBufferSize(3000),
				}
				for name, file := range map[string][]byte{
					"plain": makeParquet(t, rows, o...), "typed": makeParquet(t, typed(rows), o...), "moments": makeParquet(t, moments(rows), o...),
				} {
					for _, workers := range [...]int{1, 8} {
						c := keep
						c.Log.Workers = workers
						l, q, err := readForm(t.Context(), "x.parquet", file, c)
						require.NoError(t, err, name)
						require.EqualValues(t, len(rows), q.Rows)
						assert.Zero(t, q.Refused)
						require.True(t, want == logText(l), "%s with %d workers differs", name, workers)
					}
				}
			})
		}
	}
}

func TestParquetRefusesRowsByTheirNumber(t *testing.T) {
	rows := randomRows(40000, 8)
	rows[99].Date = "2020-02-30"
	rows[20000].Year = "20 20"
	rows[39999].Patient = ""
	file := makeParquet(t, rows, parquet.MaxRowsPerRowGroup(9000))
	l, q, err := readForm(t.Context(), "x.parquet", file, keep)
	require.NoError(t, err)
	for i, want := range map[int]referral.Fault{99: referral.FaultDate, 20000: referral.FaultYear, 39999: referral.FaultPatient} {
		k := slices.IndexFunc(q.Findings, func(f referral.Finding) bool { return f.Fault == want })
		require.GreaterOrEqual(t, k, 0, want)
		assert.Equal(t, []int64{int64(i + 1)}, q.Findings[k].Lines)
	}
	sound := slices.Concat(rows[:99], rows[100:20000], rows[20001:39999])
	assert.True(t, logText(eventsOf(t, sound)) == logText(l))
}

func TestParquetRefusesTypes(t *testing.T) {
	type list struct {
		Patient   string   `parquet:"patient"`
		Treatment string   `parquet:"treatment"`
		Hospital  []string `parquet:"hospital"`
	}
	type group struct {
		Patient   string `parquet:"patient"`
		Treatment string `parquet:"treatment"`
		Hospital  struct{ A string }
	}
	type boolean struct {
		Patient   string `parquet:"patient"`
		Treatment string `parquet:"treatment"`
		Hospital  bool   `parquet:"hospital"`
	}
	type hours struct {
		Patient   string    `parquet:"patient"`
		Treatment string    `parquet:"treatment"`
		Hospital  string    `parquet:"hospital"`
		Date      time.Time `parquet:"date,timestamp"`
	}
	type missing struct {
		Patient string `parquet:"patient"`
	}
	secret := "Secret-007"
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"list", makeParquet(t, []list{{Patient: secret}}), `x.parquet: hospital "STRING": expected one value on each row, not a list`},
		{"group", makeParquet(t, []group{{Patient: secret}}), `one value on each row, not a group`},
		{"boolean", makeParquet(t, []boolean{{Patient: secret}}), `x.parquet: hospital "BOOLEAN": expected text, a whole number or a date`},
		{"moment", makeParquet(t, []hours{{Patient: secret, Date: time.Date(2020, 3, 1, 23, 0, 0, 0, time.UTC)}}), "time of day"},
		{"missing", makeParquet(t, []missing{{Patient: secret}}), `a header with the column "event"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := readForm(t.Context(), "x.parquet", c.file, Config{})
			var input *InputError
			require.ErrorAs(t, err, &input)
			assert.Contains(t, err.Error(), c.want)
			assert.NotContains(t, err.Error(), secret)
		})
	}
}

// Every byte of a file, changed, gives the same log, another one or an error,
// and never a panic.
func TestParquetDamaged(t *testing.T) {
	rows := randomRows(40, 9)
	for _, file := range [][]byte{makeParquet(t, typed(rows), parquet.PageBufferSize(1000)), makeParquet(t, rows)} {
		for i := range file {
			for _, change := range [...]byte{0x81} {
				bad := slices.Clone(file)
				bad[i] ^= change
				_, _, err := readForm(t.Context(), "x.parquet", bad, Config{})
				if err != nil {
					var input *InputError
					require.ErrorAs(t, err, &input, "byte %d: %v", i, err)
				}
			}
		}
		for i := range 200 {
			_, _, err := readForm(t.Context(), "x.parquet", file[:len(file)*i/200], Config{})
			require.Error(t, err)
		}
	}
}

func BenchmarkParquet(b *testing.B) {
	for _, n := range [...]int{1000, 30000, 300000} {
		file := makeParquet(b, typed(randomRows(n, 1)), parquet.MaxRowsPerRowGroup(100000))
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(file)))
			for b.Loop() {
				if _, _, err := readForm(b.Context(), "x.parquet", file, Config{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// TestParquetSpeed reads the file that ONCOREF_PARQUET names.
func TestParquetSpeed(t *testing.T) {
	path := os.Getenv("ONCOREF_PARQUET")
	if path == "" {
		t.Skip("ONCOREF_PARQUET names no file")
	}
	for range 3 {
		o, err := openFile(path)
		require.NoError(t, err)
		p, err := newParquet(o, Config{})
		require.NoError(t, err)
		start := time.Now()
		b := referral.NewLogBuilder(p.columns.config.Log)
		require.NoError(t, p.read(t.Context(), b))
		read := time.Since(start)
		l, q, err := b.Build(t.Context())
		require.NoError(t, err)
		_ = l
		t.Logf("%s: %d rows, read %v, with checks %v", strings.TrimPrefix(path, "/"), q.Rows, read, time.Since(start))
		require.NoError(t, o.Close())
	}
}
