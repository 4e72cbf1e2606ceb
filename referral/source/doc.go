// SPDX-License-Identifier: Apache-2.0

// Package source reads registry extracts into a [referral.Log]: delimited text,
// spreadsheets, Parquet files and the rows of a database, each in the layout of
// events or of treatments, which the names of the columns tell apart.
//
//	l, q, err := source.ReadFile(ctx, "extract.csv.gz", source.Config{})
//	...
//	fmt.Print(q)
//	t, err := l.Table(referral.Rule{})
//
// [Columns] lists the names of columns and their aliases; a [Mapping] gives
// other ones. Text is comma, semicolon or tab separated, with quoted fields as
// in RFC 4180.
//
// The trap for a newcomer: a row with a bad value does not stop the reader. It
// is refused and counted in [referral.Quality] with its line, unless
// [referral.LogConfig] is strict. Look at the quality report before using the
// log. Only what cannot be cut into rows and columns is an error.
//
// How a format is added: its reader finds the names of the columns, calls
// newColumns for what they mean, and gives each of its workers a rows value,
// made by columns.rows. A row is begin(line), one call of text or date for each
// field, and end(); flush hands the rows collected so far to the log builder,
// whenever full says so and at the end. Rows may come in any order. Patients go
// by as [referral.Identity] only.
package source
