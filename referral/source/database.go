// SPDX-License-Identifier: Apache-2.0

package source

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"time"

	"github.com/oncoref/oncoref/internal/delimited"
	"github.com/oncoref/oncoref/referral"
)

// checkEvery is the number of rows between two looks at the context.
const checkEvery = 1024

// ReadRows reads the result of a query, through the driver that the caller
// brings. The names of its columns say what they are, as in a file; in errors
// and in the quality report a row goes by its number in the result, from 1, and
// c.Log.File names the query.
//
// NULL is an empty field. Dates are of type DATE, or texts as in files; a moment
// with a time of day is an [*InputError], because it may be another day in
// another zone: cast it to a date in the query. Columns may be of any type that
// the driver gives as text, whole number or time.
//
// ReadRows reads the result to its end but does not close it. Errors of the
// driver are returned as they are.
func ReadRows(ctx context.Context, r *sql.Rows, c Config) (*referral.Log, referral.Quality, error) {
	if c.Log.File == "" {
		c.Log.File = "query"
	}
	fail := func(err error) (*referral.Log, referral.Quality, error) { return nil, referral.Quality{}, err }
	names, err := r.Columns()
	if err != nil {
		return fail(err)
	}
	h, err := newColumns(names, 0, c)
	if err != nil {
		return fail(err)
	}
	b := referral.NewLogBuilder(h.config.Log)
	into := h.rows()
	var line uint32
	values := make([]columnValue, len(names))
	targets := make([]any, len(names))
	for i := range values {
		values[i] = columnValue{h: h, rows: into, field: i, name: names[i], line: &line}
		targets[i] = &values[i]
	}
	for r.Next() {
		if line == maxLines {
			return fail(&delimited.Error{File: c.Log.File, Want: fmt.Sprintf("at most %d rows", int64(maxLines))})
		}
		line++
		if line%checkEvery == 0 && ctx.Err() != nil {
			return fail(context.Cause(ctx))
		}
		into.begin(line)
		if err := r.Scan(targets...); err != nil {
			for i := range values {
				if values[i].err != nil {
					return fail(values[i].err)
				}
			}
			return fail(err)
		}
		into.end()
		if into.full() {
			if err := into.flush(b); err != nil {
				return fail(err)
			}
		}
	}
	if err := r.Err(); err != nil {
		return fail(err)
	}
	if err := into.flush(b); err != nil {
		return fail(err)
	}
	return b.Build(ctx)
}

// columnValue hands what a driver gives for a column on to the rows.
type columnValue struct {
	h      *columns
	rows   *rows
	field  int
	name   string
	line   *uint32
	buffer []byte
	err    error
}

// Scan implements sql.Scanner.
func (v *columnValue) Scan(src any) error {
	f := v.h.fields[v.field]
	if f.role == roleNone {
		return nil
	}
	v.buffer = v.buffer[:0]
	switch s := src.(type) {
	case nil:
	case string:
		v.buffer = append(v.buffer, s...)
	case []byte:
		v.buffer = append(v.buffer, s...)
	case int64:
		v.buffer = strconv.AppendInt(v.buffer, s, 10)
	case float64:
		v.buffer = strconv.AppendFloat(v.buffer, s, 'f', -1, 64)
	case bool:
		v.buffer = strconv.AppendBool(v.buffer, s)
	case time.Time:
		d, ok := fromTime(s)
		if !ok {
			return v.refuse("a day: cast it to a date in the query")
		}
		if f.role.isDate() {
			v.rows.date(v.field, d)
			return nil
		}
		v.buffer = append(v.buffer, d.String()...)
	default:
		return v.refuse(fmt.Sprintf("text, a whole number or a date, not %T: cast it in the query", src))
	}
	v.rows.text(v.field, v.buffer)
	return nil
}

func (v *columnValue) refuse(want string) error {
	v.err = &delimited.Error{File: v.h.config.Log.File, Line: int(*v.line), Column: v.field + 1, Field: v.name, Want: want}
	return v.err
}
