// SPDX-License-Identifier: Apache-2.0

package source

import (
	"context"
	"errors"
	"io"

	"github.com/oncoref/oncoref/internal/delimited"
	"github.com/oncoref/oncoref/referral"
)

// InputError says where an input is wrong: File, Line and Column (from 1; 0 when
// the file or the line as a whole is meant), Field, Value, and Want, what was
// expected. Fields of patients are never shown.
type InputError = delimited.Error

// Config says how an extract is read. The zero value reads a file with the
// columns of [Columns] and takes hospitals as they are written.
type Config struct {
	Log     referral.LogConfig // Layout is found in the header; File is set by ReadFile
	Mapping Mapping            // names of columns and codes in the file
	// Progress is called now and then with the bytes read so far and all of
	// them, 0 if that is not known. Calls do not overlap.
	Progress func(done, total int64)
}

// ReadFile reads the extract with a path, in any of the formats: text, also
// compressed by gzip or zstd, XLSX, or Parquet.
//
// It returns an [*InputError] for what is not such a file, or was written to
// while it was read, a [*referral.QualityError] if no row could be used, or under Config.Log.Strict
// if one was refused, and [referral.ErrEmpty] for a file without rows.
func ReadFile(ctx context.Context, path string, c Config) (*referral.Log, referral.Quality, error) {
	o, err := openFile(path)
	if err != nil {
		return nil, referral.Quality{}, err
	}
	return readOpened(ctx, o, c)
}

// ReadLog reads an extract from a stream, in any of the formats of [ReadFile].
// Config.Log.File is its name in errors.
func ReadLog(ctx context.Context, r io.Reader, c Config) (*referral.Log, referral.Quality, error) {
	o, err := openStream(r, c.Log.File)
	if err != nil {
		return nil, referral.Quality{}, err
	}
	return readOpened(ctx, o, c)
}

func readOpened(ctx context.Context, o *opened, c Config) (*referral.Log, referral.Quality, error) {
	c.Log.File = o.name
	l, q, err := readByForm(ctx, o, c)
	if err == nil {
		if err = o.unchanged(); err != nil {
			l, q = nil, referral.Quality{}
		}
	}
	return l, q, errors.Join(err, o.Close())
}

func readByForm(ctx context.Context, o *opened, c Config) (*referral.Log, referral.Quality, error) {
	switch o.form {
	case formXLSX:
		return readSheet(ctx, o, c)
	case formParquet:
		return readParquet(ctx, o, c)
	default:
		return readText(ctx, o, c)
	}
}
