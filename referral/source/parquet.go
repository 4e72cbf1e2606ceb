// SPDX-License-Identifier: Apache-2.0

package source

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/oncoref/oncoref/internal/delimited"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// maxLines is the largest number of rows of an input: lines are counted in 32
// bits.
const maxLines = math.MaxUint32

// parquetFile is an open file with the meaning of its columns. Rows count from
// 1; they are what lines are in a text.
type parquetFile struct {
	o       *opened
	file    *parquet.File
	columns *columns
	types   []physical // by leaf column, for those that are read
	starts  []int64    // by row group: the rows before it
}

// newParquet opens a Parquet file and checks the types of its columns.
func newParquet(o *opened, c Config) (*parquetFile, error) {
	f, err := openParquetFile(o)
	if err != nil {
		return nil, err
	}
	p := &parquetFile{o: o, file: f}
	leaves := f.Root().Columns()
	names := make([]string, len(leaves))
	for i, l := range leaves {
		names[i] = l.Name()
	}
	if p.columns, err = newColumns(names, 0, c); err != nil {
		return nil, err
	}
	p.types = make([]physical, len(leaves))
	elements := topElements(f.Metadata().Schema)
	for i, l := range leaves {
		if p.columns.fields[i].role == roleNone {
			continue
		}
		want := "one value on each row, not a group"
		if l.Leaf() && len(elements) == len(leaves) {
			p.types[i], want = physicalOf(elements[i])
		}
		if want == "" && p.columns.fields[i].role.isDate() && p.types[i].kind == parquet.Double {
			want = "a date, a text or a whole number"
		}
		if want != "" {
			return nil, &delimited.Error{File: o.name, Field: names[i], Value: l.Type().String(), Want: want}
		}
	}
	n := int64(0)
	for _, g := range f.Metadata().RowGroups {
		p.starts = append(p.starts, n)
		n += g.NumRows
	}
	return p, nil
}

func (r role) isDate() bool { return r == roleDate || r == roleUntil }

// topElements gives the children of the root of a schema, which is flattened
// depth first.
func topElements(all []format.SchemaElement) []*format.SchemaElement {
	var out []*format.SchemaElement
	for i := 1; i < len(all); {
		out = append(out, &all[i])
		for open := int64(1); open > 0 && i < len(all); i++ {
			open--
			if n := all[i].NumChildren; n.Valid {
				open += int64(n.V)
			}
		}
	}
	return out
}

// read gives all rows to the builder, each worker a row group at a time.
func (p *parquetFile) read(ctx context.Context, b *referral.LogBuilder) error {
	workers := p.columns.config.Log.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	groups := len(p.starts)
	var next, done atomic.Int64
	var wait sync.WaitGroup
	var progress sync.Mutex
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	for range min(workers, groups) {
		wait.Go(func() {
			w := newParquetWorker(p, b)
			for {
				g := int(next.Add(1) - 1)
				if g >= groups || ctx.Err() != nil {
					return
				}
				if err := w.group(ctx, g); err != nil {
					cancel(err)
					return
				}
				rows := done.Add(p.file.Metadata().RowGroups[g].NumRows)
				if report := p.columns.config.Progress; report != nil {
					progress.Lock()
					total := max(p.file.NumRows(), 1)
					report(int64(float64(p.o.size)*float64(rows)/float64(total)), p.o.size)
					progress.Unlock()
				}
			}
		})
	}
	wait.Wait()
	return context.Cause(ctx)
}

// parquetWorker makes batches of row groups. Its dictionaries last for all of
// them.
type parquetWorker struct {
	p     *parquetFile
	b     *referral.LogBuilder
	batch referral.Batch
	takes []func(n int) error // fills the columns of the batch
	begin []func(pages []page, codec format.CompressionCodec)
	reset []func()
	leaf  []int            // by take: the column
	fault []referral.Fault // by row of the batch
	bad   bool             // some row has a fault
}

func newParquetWorker(p *parquetFile, b *referral.LogBuilder) *parquetWorker {
	w := &parquetWorker{p: p, b: b}
	w.batch.Attributes = make([]referral.Codes, len(p.columns.config.Log.Attributes))
	for i, f := range p.columns.fields {
		if f.role == roleNone {
			continue
		}
		w.leaf = append(w.leaf, i)
		t := p.types[i]
		switch f.role {
		case rolePatient:
			follow(w, t, &w.batch.Patient, patientMaker())
		case roleSeq:
			follow(w, t, &w.batch.Seq, seqMaker())
		case roleYear:
			follow(w, t, &w.batch.Year, yearMaker())
		case roleLayer:
			follow(w, t, &w.batch.Layer, layerMaker())
		case roleDate:
			follow(w, t, &w.batch.Date, dateMaker())
		case roleUntil:
			follow(w, t, &w.batch.Until, dateMaker())
		default:
			codes := w.codes(f)
			codes.In = referral.NewDictionary()
			follow(w, t, &codes.Of, codeMaker(codes.In, p.columns, f.role))
		}
		if f.role == rolePatient && p.columns.config.Log.KeepPatients {
			w.leaf = append(w.leaf, i)
			follow(w, t, &w.batch.Name, nameMaker())
		}
	}
	return w
}

// codes gives the column of texts of a role.
func (w *parquetWorker) codes(f field) *referral.Codes {
	switch f.role { //nolint:exhaustive // the rest are attributes
	case roleKind:
		return &w.batch.Kind
	case roleHospital:
		return &w.batch.Hospital
	case roleToHospital:
		return &w.batch.ToHospital
	case roleFirstVisit:
		return &w.batch.FirstVisit
	case roleTumor:
		return &w.batch.Tumor
	}
	return &w.batch.Attributes[f.attr]
}

// follow lets a cursor fill a column of the batches.
func follow[T any](w *parquetWorker, t physical, column *[]T, m maker[T]) {
	c := &cursor[T]{physical: t, make: m}
	c.reader.at = w.p.o.at
	w.begin = append(w.begin, c.start)
	w.reset = append(w.reset, func() { *column = (*column)[:0] })
	w.takes = append(w.takes, func(n int) error {
		var err error
		*column, err = c.take(*column, n, w.refuse)
		return err
	})
}

func (w *parquetWorker) refuse(i int, f referral.Fault) {
	w.bad = true
	if w.fault[i] == "" {
		w.fault[i] = f
	}
}

// group reads one row group.
func (w *parquetWorker) group(ctx context.Context, g int) (err error) { //nolint:nonamedreturns // set when the library panics
	defer recovered(w.p.o, &err)
	meta := &w.p.file.Metadata().RowGroups[g]
	for i, leaf := range w.leaf {
		m := &meta.Columns[leaf].MetaData
		if meta.Columns[leaf].FilePath != "" {
			return w.error(leaf, g, fmt.Errorf("it is in another file"))
		}
		if k := parquet.Kind(m.Type); k != w.p.types[leaf].kind {
			return w.error(leaf, g, fmt.Errorf("it is %v in the schema and %v in a row group", w.p.types[leaf].kind, k))
		}
		pages, err := pagesOf(w.p.o, m, meta.NumRows)
		if err != nil {
			return w.error(leaf, g, err)
		}
		w.begin[i](pages, m.Codec)
	}
	for row := int64(0); row < meta.NumRows; {
		if err := ctx.Err(); err != nil {
			return err
		}
		n := int(min(batchRows, meta.NumRows-row))
		if err := w.fill(g, row, n); err != nil {
			return err
		}
		if err := w.b.Add(&w.batch); err != nil {
			return err
		}
		row += int64(n)
	}
	return nil
}

// fill makes a batch of the next n rows.
func (w *parquetWorker) fill(g int, row int64, n int) error {
	w.batch.Line, w.batch.Refused, w.bad = w.batch.Line[:0], w.batch.Refused[:0], false
	w.fault = slices.Grow(w.fault[:0], n)[:n]
	clear(w.fault)
	first := w.p.starts[g] + row + 1
	for i := range n {
		w.batch.Line = append(w.batch.Line, uint32(first+int64(i)))
	}
	for i, take := range w.takes {
		w.reset[i]()
		if err := take(n); err != nil {
			return w.error(w.leaf[i], g, err)
		}
	}
	if w.bad {
		w.batch.Refused = removeRefused(&w.batch, w.fault)
	}
	return nil
}

func (w *parquetWorker) error(leaf, g int, err error) error {
	return columnError(w.p.o, w.p.file.Root().Columns()[leaf].Name(), w.p.starts[g]+1, err)
}

// removeRefused takes the rows with a fault out of all columns, and lists them.
func removeRefused(b *referral.Batch, faults []referral.Fault) []referral.Refusal {
	var out []referral.Refusal
	for i, f := range faults {
		if f != "" {
			out = append(out, referral.Refusal{Line: b.Line[i], Fault: f})
		}
	}
	for _, c := range [...]*[]uint32{&b.Line, &b.Kind.Of, &b.Hospital.Of, &b.ToHospital.Of, &b.FirstVisit.Of, &b.Tumor.Of} {
		*c = keepSound(*c, faults)
	}
	for i := range b.Attributes {
		b.Attributes[i].Of = keepSound(b.Attributes[i].Of, faults)
	}
	b.Patient, b.Name = keepSound(b.Patient, faults), keepSound(b.Name, faults)
	b.Seq, b.Year, b.Layer = keepSound(b.Seq, faults), keepSound(b.Year, faults), keepSound(b.Layer, faults)
	b.Date, b.Until = keepSound(b.Date, faults), keepSound(b.Until, faults)
	return out
}

func keepSound[T any](column []T, faults []referral.Fault) []T {
	if len(column) == 0 {
		return column
	}
	out := column[:0]
	for i, f := range faults {
		if f == "" {
			out = append(out, column[i])
		}
	}
	return out
}

func dateMaker() maker[network.Date] {
	return maker[network.Date]{
		text: func(b []byte) (network.Date, referral.Fault) {
			d, ok := parseDate(trim(b))
			if !ok {
				return 0, referral.FaultDate
			}
			return d, ""
		},
		day: func(d network.Date) (network.Date, referral.Fault) { return d, "" },
	}
}

// readParquet reads a Parquet file.
func readParquet(ctx context.Context, o *opened, c Config) (*referral.Log, referral.Quality, error) {
	p, err := newParquet(o, c)
	if err != nil {
		return nil, referral.Quality{}, err
	}
	b := referral.NewLogBuilder(p.columns.config.Log)
	if err := p.read(ctx, b); err != nil {
		return nil, referral.Quality{}, err
	}
	return b.Build(ctx)
}
