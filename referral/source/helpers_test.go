// SPDX-License-Identifier: Apache-2.0

package source

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/oncoref/oncoref/referral"
	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
)

// logText writes all that a log holds, one patient a line.
func logText(l *referral.Log) string {
	var lines []string
	for p := range l.Pathways() {
		lines = append(lines, fmt.Sprintf("%q %+v", p.Patient(), slices.Collect(p.Events())))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// write puts bytes into a file of a name.
func write(t testing.TB, name string, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, b, 0o600))
	return path
}

// makeXLSX makes a workbook with one sheet of the given cells.
func makeXLSX(t testing.TB, rows [][]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	w, err := f.NewStreamWriter("Sheet1")
	require.NoError(t, err)
	for i, r := range rows {
		at, err := excelize.CoordinatesToCellName(1, i+1)
		require.NoError(t, err)
		require.NoError(t, w.SetRow(at, r))
	}
	require.NoError(t, w.Flush())
	var b bytes.Buffer
	require.NoError(t, f.Write(&b))
	return b.Bytes()
}

// makeParquet makes a Parquet file with columns of text.
func makeParquet[T any](t testing.TB, rows []T, options ...parquet.WriterOption) []byte {
	t.Helper()
	var b bytes.Buffer
	w := parquet.NewGenericWriter[T](&b, options...)
	_, err := w.Write(rows)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.Bytes()
}

// readForm reads a spreadsheet or Parquet file from memory.
func readForm(ctx context.Context, name string, b []byte, c Config) (*referral.Log, referral.Quality, error) {
	o, err := openStream(bytes.NewReader(b), name)
	if err != nil {
		return nil, referral.Quality{}, err
	}
	defer func() { _ = o.Close() }()
	c.Log.File = name
	if o.form == formParquet {
		return readParquet(ctx, o, c)
	}
	return readSheet(ctx, o, c)
}

// keep keeps the patients' identifiers, to compare them.
var keep = Config{Log: referral.LogConfig{KeepPatients: true}}
