// SPDX-License-Identifier: Apache-2.0

package source

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/oncoref/oncoref/internal/delimited"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// Limits of a Parquet file. Its headers say how large things are; they are
// believed only within these limits and as far as they agree with each other
// and with the file.
const (
	maxFooter       = 16 << 20
	maxFooterItems  = 1 << 20  // members of all lists in the footer
	maxPageHeader   = 1 << 20  // a header has the smallest and largest value of the page
	maxPage         = 64 << 20 // bytes of a page, decompressed; writers make pages of about 1 MiB
	maxPageValues   = 1 << 24
	maxThriftLevels = 32
)

// openParquetFile reads the footer of a Parquet file.
func openParquetFile(o *opened) (f *parquet.File, err error) { //nolint:nonamedreturns // set when the library panics
	defer recovered(o, &err)
	if o.size < 12 {
		return nil, o.error("a whole Parquet file, but it ends early: copy it again")
	}
	var end [8]byte
	if _, err := o.at.ReadAt(end[:], o.size-8); err != nil {
		return nil, err
	}
	length := int64(binary.LittleEndian.Uint32(end[:4]))
	switch {
	case string(end[4:]) == "PARE":
		return nil, o.error("Parquet without encryption")
	case string(end[4:]) != "PAR1" || length > o.size-12:
		return nil, o.error("a whole Parquet file, but its end is missing or damaged: copy it again")
	case length > maxFooter:
		return nil, o.error("a Parquet file whose footer is at most 16 MiB: write fewer columns or larger row groups")
	}
	footer := make([]byte, length)
	if _, err := o.at.ReadAt(footer, o.size-8-length); err != nil {
		return nil, err
	}
	w := thriftWalk{b: footer}
	if err := w.structure(0); err != nil {
		return nil, o.error("a Parquet file with a sound footer (" + err.Error() + ")")
	}
	f, err = parquet.OpenFile(o.at, o.size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return nil, o.error("a Parquet file with a sound footer (" + shorten(err.Error()) + ")")
	}
	return f, checkFooter(o, f)
}

// recovered makes an error of a panic of the Parquet library, which panics on
// some damaged files.
func recovered(o *opened, err *error) {
	if p := recover(); p != nil {
		*err = o.error("a sound Parquet file (" + shorten(fmt.Sprint(p)) + ")")
	}
}

// checkFooter compares what the footer says in several places.
func checkFooter(o *opened, f *parquet.File) error {
	m := f.Metadata()
	leaves := len(f.Schema().Columns())
	total := int64(0)
	for i, g := range m.RowGroups {
		if g.NumRows < 0 || len(g.Columns) != leaves {
			return o.error(fmt.Sprintf("a Parquet file whose row group %d has all %d columns", i, leaves))
		}
		total += g.NumRows
		if total < 0 || total > maxLines {
			return o.error(fmt.Sprintf("a Parquet file of at most %d rows", int64(maxLines)))
		}
	}
	if total != m.NumRows {
		return o.error(fmt.Sprintf("a Parquet file whose row groups have the %d rows that its footer tells, found %d", m.NumRows, total))
	}
	return nil
}

// thriftWalk goes over a structure in Thrift's compact form and looks whether
// the lengths in it stay within what there is, because decoding makes room for
// them before it reads.
type thriftWalk struct {
	b     []byte
	at    int
	items int
}

var (
	errThriftEnd   = errors.New("ends early")
	errThriftItems = errors.New("too many items")
	errThriftForm  = errors.New("not well formed")
)

// Types of Thrift's compact form.
const (
	thriftStop = iota
	thriftTrue
	thriftFalse
	thriftI8
	thriftI16
	thriftI32
	thriftI64
	thriftDouble
	thriftBinary
	thriftList
	thriftSet
	thriftMap
	thriftStruct
)

func (w *thriftWalk) structure(level int) error {
	if level > maxThriftLevels {
		return errThriftForm
	}
	for {
		head, err := w.byte()
		if err != nil {
			return err
		}
		if head&0xf == thriftStop {
			return nil
		}
		if head>>4 == 0 {
			if _, err := w.varint(); err != nil {
				return err
			}
		}
		if t := head & 0xf; t == thriftTrue || t == thriftFalse {
			continue // the type is the value
		} else if err := w.value(t, level); err != nil {
			return err
		}
	}
}

func (w *thriftWalk) value(t byte, level int) error {
	switch t {
	case thriftTrue, thriftFalse, thriftI8:
		return w.skip(1)
	case thriftI16, thriftI32, thriftI64:
		_, err := w.varint()
		return err
	case thriftDouble:
		return w.skip(8)
	case thriftBinary:
		n, err := w.varint()
		if err != nil {
			return err
		}
		return w.skip(n)
	case thriftList, thriftSet:
		return w.list(level)
	case thriftMap:
		n, err := w.varint()
		if err != nil || n == 0 {
			return err
		}
		kinds, err := w.byte()
		if err != nil {
			return err
		}
		return w.repeat(n, level, kinds>>4, kinds&0xf)
	case thriftStruct:
		return w.structure(level + 1)
	}
	return errThriftForm
}

func (w *thriftWalk) list(level int) error {
	head, err := w.byte()
	if err != nil {
		return err
	}
	n := uint64(head >> 4)
	if n == 15 {
		if n, err = w.varint(); err != nil {
			return err
		}
	}
	return w.repeat(n, level, head&0xf)
}

func (w *thriftWalk) repeat(n uint64, level int, kinds ...byte) error {
	if n > uint64(len(w.b)-w.at) {
		return errThriftEnd
	}
	if w.items += int(n); w.items > maxFooterItems {
		return errThriftItems
	}
	for range n {
		for _, k := range kinds {
			if err := w.value(k, level+1); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *thriftWalk) byte() (byte, error) {
	if w.at >= len(w.b) {
		return 0, errThriftEnd
	}
	w.at++
	return w.b[w.at-1], nil
}

func (w *thriftWalk) skip(n uint64) error {
	if n > uint64(len(w.b)-w.at) {
		return errThriftEnd
	}
	w.at += int(n)
	return nil
}

func (w *thriftWalk) varint() (uint64, error) {
	v, n := binary.Uvarint(w.b[w.at:])
	if n == 0 {
		return 0, errThriftEnd
	}
	if n < 0 {
		return 0, errThriftForm
	}
	w.at += n
	return v, nil
}

// page is one page of a column, its header read and checked, its bytes not.
type page struct {
	header format.PageHeader
	at     int64 // of the bytes in the file
	values int   // rows, or entries of a dictionary
}

// pagesOf reads the page headers of a column in a row group and checks that
// they fill the place and hold the rows that the footer tells.
func pagesOf(o *opened, m *format.ColumnMetaData, rows int64) ([]page, error) {
	at := m.DataPageOffset
	if d := m.DictionaryPageOffset; d > 0 && d < at {
		at = d
	}
	end := at + m.TotalCompressedSize
	if at < 4 || m.TotalCompressedSize < 0 || end < at || end > o.size {
		return nil, errors.New("its place is outside the file")
	}
	var out []page
	var have int64
	buffer := make([]byte, 1<<12)
	for at < end && have < rows {
		p, n, err := readPageHeader(o.at, at, end, &buffer)
		if err != nil {
			return nil, err
		}
		at += n
		p.at = at
		size := int64(p.header.CompressedPageSize)
		switch {
		case size < 0 || size > end-at || p.header.UncompressedPageSize < 0:
			return nil, errors.New("a page is larger than its place")
		case size > maxPage || p.header.UncompressedPageSize > maxPage:
			return nil, errors.New("a page of more than 64 MiB: write smaller pages or row groups")
		case p.values < 0 || p.values > maxPageValues:
			return nil, fmt.Errorf("a page of more than %d values: write smaller pages or row groups", maxPageValues)
		}
		at += size
		switch p.header.Type {
		case format.DataPage, format.DataPageV2:
			have += int64(p.values)
			out = append(out, p)
		case format.DictionaryPage:
			if len(out) > 0 {
				return nil, errors.New("a dictionary that is not at the start")
			}
			out = append(out, p)
		default: // pages of an index hold no values
		}
	}
	if have != rows {
		return nil, fmt.Errorf("it has %d values for %d rows", have, rows)
	}
	return out, nil
}

// readPageHeader reads the header at a place and tells its length.
func readPageHeader(r io.ReaderAt, at, end int64, buffer *[]byte) (page, int64, error) {
	for {
		b := (*buffer)[:min(int64(len(*buffer)), end-at)]
		if _, err := r.ReadAt(b, at); err != nil && !errors.Is(err, io.EOF) {
			return page{}, 0, err
		}
		w := thriftWalk{b: b}
		err := w.structure(0)
		if errors.Is(err, errThriftEnd) && int64(len(b)) < end-at && len(b) < maxPageHeader {
			*buffer = make([]byte, 4*len(b))
			continue
		}
		if err != nil {
			return page{}, 0, fmt.Errorf("the header of a page: %w", err)
		}
		var p page
		if err := thrift.Unmarshal(new(thrift.CompactProtocol), b[:w.at], &p.header); err != nil {
			return page{}, 0, fmt.Errorf("the header of a page: %s", shorten(err.Error()))
		}
		switch h := &p.header; {
		case h.Type == format.DataPage && h.DataPageHeader.Valid:
			p.values = int(h.DataPageHeader.V.NumValues)
		case h.Type == format.DataPageV2 && h.DataPageHeaderV2.Valid:
			p.values = int(h.DataPageHeaderV2.V.NumValues)
		case h.Type == format.DictionaryPage && h.DictionaryPageHeader.Valid:
			p.values = int(h.DictionaryPageHeader.V.NumValues)
		case h.Type != format.IndexPage:
			return page{}, 0, errors.New("the header of a page lacks a part")
		}
		return p, int64(w.at), nil
	}
}

// columnError places an error in a column of a Parquet file.
func columnError(o *opened, name string, row int64, err error) error {
	return &delimited.Error{File: o.name, Line: int(row), Want: "a sound column " + fmt.Sprintf("%q", shorten(name)) + ", but " + err.Error()}
}
