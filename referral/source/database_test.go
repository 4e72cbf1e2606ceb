// SPDX-License-Identifier: Apache-2.0

package source

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/oncoref/oncoref/referral"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// memory is a database driver whose every query gives the same rows.
type memory struct {
	columns []string
	rows    [][]driver.Value
	fail    error // after the rows
}

func (m *memory) Connect(context.Context) (driver.Conn, error) { return m, nil }
func (m *memory) Driver() driver.Driver                        { return nil }
func (m *memory) Prepare(string) (driver.Stmt, error)          { return m, nil }
func (m *memory) Close() error                                 { return nil }
func (m *memory) Begin() (driver.Tx, error)                    { return nil, errors.New("no transactions") }
func (m *memory) NumInput() int                                { return 0 }
func (m *memory) Exec([]driver.Value) (driver.Result, error)   { return nil, errors.New("no changes") }
func (m *memory) Query([]driver.Value) (driver.Rows, error) {
	return &memoryRows{memory: m}, nil
}

type memoryRows struct {
	*memory
	at int
}

func (r *memoryRows) Columns() []string { return r.columns }

func (r *memoryRows) Next(to []driver.Value) error {
	if r.at == len(r.rows) {
		if r.fail != nil {
			return r.fail
		}
		return io.EOF
	}
	copy(to, r.rows[r.at])
	r.at++
	return nil
}

// readMemory reads rows as a query gives them.
func readMemory(t testing.TB, m *memory, c Config) (*referral.Log, referral.Quality, error) {
	t.Helper()
	db := sql.OpenDB(m)
	defer func() { require.NoError(t, db.Close()) }()
	r, err := db.QueryContext(t.Context(), "SELECT")
	require.NoError(t, err)
	defer func() { require.NoError(t, r.Close()) }()
	return ReadRows(t.Context(), r, c)
}

var queryColumns = []string{"patient", "date", "event", "hospital", "year", "remark"}

func TestReadRowsOfEveryType(t *testing.T) {
	want := onePatient(t)
	day := time.Date(2020, 3, 1, 0, 0, 0, 0, time.FixedZone("west", -5*3600))
	for _, c := range []struct {
		name string
		row  []driver.Value
	}{
		{"text", []driver.Value{"1234567890", "2020-03-01", "surgery", "H1", "2020", nil}},
		{"bytes", []driver.Value{[]byte("1234567890"), []byte("01-03-2020"), []byte("surgery"), []byte(" H1 "), []byte("2020"), []byte{0}}},
		{"numbers", []driver.Value{int64(1234567890), int64(20200301), "surgery", "H1", int64(2020), true}},
		{"floats and times", []driver.Value{float64(1234567890), day, "surgery", "H1", float64(2020), time.Now()}},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, q, err := readMemory(t, &memory{columns: queryColumns, rows: [][]driver.Value{c.row}}, keep)
			require.NoError(t, err)
			assert.Zero(t, q.Refused)
			assert.Equal(t, "query", q.File)
			assert.Equal(t, want, logText(l))
		})
	}
}

func TestReadRowsRefuses(t *testing.T) {
	good := []driver.Value{"Secret-1", "2020-03-01", "surgery", "H1", int64(2020), nil}
	_, q, err := readMemory(t, &memory{columns: queryColumns, rows: [][]driver.Value{
		good, {"Secret-2", "2020-02-30", "surgery", "H1", nil, nil}, {nil, nil, "surgery", "H1", nil, nil}, {"Secret-3", nil, "surgery", "H1", 2020.5, nil},
	}}, Config{})
	require.NoError(t, err)
	for i, f := range [...]referral.Fault{referral.FaultDate, referral.FaultPatient, referral.FaultYear} {
		assert.EqualValues(t, 1, q.Count(f), f)
		for _, g := range q.Findings {
			if g.Fault == f {
				assert.Equal(t, []int64{int64(i + 2)}, g.Lines)
			}
		}
	}
	noon := time.Date(2020, 3, 1, 12, 0, 0, 0, time.UTC)
	_, _, err = readMemory(t, &memory{columns: queryColumns, rows: [][]driver.Value{good, {"Secret-2", noon, "surgery", "H1", nil, nil}}}, Config{})
	var input *InputError
	require.ErrorAs(t, err, &input)
	assert.Equal(t, &InputError{File: "query", Line: 2, Column: 2, Field: "date", Want: "a day: cast it to a date in the query"}, input)
	_, _, err = readMemory(t, &memory{columns: []string{"patient"}}, Config{})
	require.ErrorAs(t, err, &input)
	lost := errors.New("connection lost")
	_, _, err = readMemory(t, &memory{columns: queryColumns, rows: [][]driver.Value{good}, fail: lost}, Config{})
	require.ErrorIs(t, err, lost)
}
