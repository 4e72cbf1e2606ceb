// SPDX-License-Identifier: Apache-2.0

package source

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"
)

// physical says how the values of a column are stored, and what they are.
type physical struct {
	kind     parquet.Kind
	optional bool
	days     bool  // whole days since 1970
	perDay   int64 // moments: units in a day
}

// physicalOf tells the type of a column, or what is expected instead.
func physicalOf(e *format.SchemaElement) (physical, string) {
	const want = "text, a whole number or a date"
	p := physical{optional: e.RepetitionType.Valid && e.RepetitionType.V == format.Optional}
	if e.RepetitionType.Valid && e.RepetitionType.V == format.Repeated {
		return p, "one value on each row, not a list"
	}
	p.kind = parquet.Kind(e.Type.V)
	switch logical := e.LogicalType.Value.(type) {
	case *format.DateType:
		p.days = true
	case *format.TimestampType:
		switch logical.Unit.Value.(type) {
		case *format.MilliSeconds:
			p.perDay = int64(24 * time.Hour / time.Millisecond)
		case *format.MicroSeconds:
			p.perDay = int64(24 * time.Hour / time.Microsecond)
		default:
			p.perDay = int64(24 * time.Hour)
		}
	case nil, *format.StringType, *format.EnumType, *format.IntType:
		if e.ConvertedType.Valid && !p.converted(e.ConvertedType.V) {
			return p, want
		}
	default:
		return p, want
	}
	switch p.kind {
	case parquet.ByteArray, parquet.Int32, parquet.Int64, parquet.Double, parquet.Float:
	case parquet.Int96:
		p.perDay = 1
	default:
		return p, want
	}
	return p, ""
}

// converted takes over the older form of a logical type.
func (p *physical) converted(t deprecated.ConvertedType) bool {
	switch t {
	case deprecated.Date:
		p.days = true
	case deprecated.TimestampMillis:
		p.perDay = int64(24 * time.Hour / time.Millisecond)
	case deprecated.TimestampMicros:
		p.perDay = int64(24 * time.Hour / time.Microsecond)
	case deprecated.UTF8, deprecated.Enum, deprecated.Int8, deprecated.Int16, deprecated.Int32, deprecated.Int64,
		deprecated.Uint8, deprecated.Uint16, deprecated.Uint32, deprecated.Uint64:
	default:
		return false
	}
	return true
}

// errHours is the error for a moment where a day is expected.
var errHours = errors.New("it has a time of day: make it a date where the file is written, for a moment may be another day in another zone")

func (m maker[T]) ofNumber(v int64) (T, referral.Fault) {
	if m.number != nil {
		return m.number(v)
	}
	var b [20]byte
	return m.text(strconv.AppendInt(b[:0], v, 10))
}

func (m maker[T]) ofDay(d network.Date) (T, referral.Fault) {
	if m.day != nil {
		return m.day(d)
	}
	return m.text([]byte(d.String()))
}

// badDay makes the value of a day that is outside the calendar.
func (m maker[T]) badDay() (T, referral.Fault) {
	var none T
	return none, referral.FaultDate
}

// cursor goes over a column of a row group.
type cursor[T any] struct {
	physical
	make       maker[T]
	reader     pageReader
	pages      []page
	dictionary []T
	dictFaults []referral.Fault // nil: none
	values     []T              // of the page, nulls as zero
	faults     []referral.Fault // nil: none
	at         int
	indexes    []uint32
	levels     []uint32
}

// start begins a row group.
func (c *cursor[T]) start(pages []page, codec format.CompressionCodec) {
	c.pages, c.reader.codec = pages, codec
	c.dictionary, c.dictFaults = nil, nil
	c.values, c.at = c.values[:0], 0
}

// take appends the next n values to dst, and sets the faults of rows that have
// one.
func (c *cursor[T]) take(dst []T, n int, fault func(i int, f referral.Fault)) ([]T, error) {
	for done := 0; done < n; {
		if c.at == len(c.values) {
			if err := c.load(); err != nil {
				return dst, err
			}
			continue
		}
		k := min(n-done, len(c.values)-c.at)
		dst = append(dst, c.values[c.at:c.at+k]...)
		if c.faults != nil {
			for i, f := range c.faults[c.at : c.at+k] {
				if f != "" {
					fault(done+i, f)
				}
			}
		}
		c.at += k
		done += k
	}
	return dst, nil
}

// plainDictionary is the older name of the encodings of dictionaries and their
// indexes.
const plainDictionary format.Encoding = 2

// load decodes the next page.
func (c *cursor[T]) load() error {
	if len(c.pages) == 0 {
		return errPageEnd
	}
	p := &c.pages[0]
	c.pages = c.pages[1:]
	levels, values, err := c.reader.read(p, c.optional)
	if err != nil {
		return err
	}
	if p.header.Type == format.DictionaryPage {
		if e := p.header.DictionaryPageHeader.V.Encoding; e != format.Plain && e != plainDictionary {
			return fmt.Errorf("its dictionary is encoded as %v", e)
		}
		c.dictionary, c.dictFaults, err = c.decode(nil, format.Plain, p.values, values)
		return err
	}
	n, have, v2 := p.values, p.values, p.header.Type == format.DataPageV2
	encoding := p.header.DataPageHeader.V.Encoding
	if v2 {
		encoding = p.header.DataPageHeaderV2.V.Encoding
	} else if l := p.header.DataPageHeader.V.DefinitionLevelEncoding; c.optional && l != format.RLE {
		return fmt.Errorf("its nulls are encoded as %v", l)
	}
	var present []uint32
	if c.optional {
		if present, have, err = presence(c.levels, n, levels, v2); err != nil {
			return err
		}
		if present != nil {
			c.levels = present
		}
	}
	if v2 && n-have != int(p.header.DataPageHeaderV2.V.NumNulls) {
		return errPageSize
	}
	c.at = 0
	c.values, c.faults, err = c.decode(c.values[:0], encoding, have, values)
	if err == nil && have < n {
		c.spread(present, have)
	}
	return err
}

// spread moves the values to their rows, from the end, and leaves nulls zero.
func (c *cursor[T]) spread(present []uint32, have int) {
	n := len(present)
	var none T
	for len(c.values) < n {
		c.values = append(c.values, none)
		if c.faults != nil {
			c.faults = append(c.faults, "")
		}
	}
	from := have
	for i := n - 1; i >= 0; i-- {
		value, fault := none, referral.Fault("")
		if present[i] == 1 {
			from--
			value = c.values[from]
			if c.faults != nil {
				fault = c.faults[from]
			}
		}
		c.values[i] = value
		if c.faults != nil {
			c.faults[i] = fault
		}
	}
}

// decode appends n values of a page.
func (c *cursor[T]) decode(dst []T, e format.Encoding, n int, b []byte) ([]T, []referral.Fault, error) {
	if e == format.RLEDictionary || e == plainDictionary {
		return c.lookUp(dst, n, b)
	}
	var faults []referral.Fault
	add := func(v T, f referral.Fault) {
		if f != "" && faults == nil {
			faults = make([]referral.Fault, len(dst), n)
		}
		dst = append(dst, v)
		if faults != nil {
			faults = append(faults, f)
		}
	}
	if cap(dst) < n {
		dst = make([]T, 0, min(n, len(b)+1)) // more than one value in a byte needs a second look
	}
	var err error
	switch {
	case e == format.Plain:
		err = c.plain(n, b, add)
	case c.kind == parquet.ByteArray && e == format.DeltaLengthByteArray:
		err = deltaTexts(n, b, func(t []byte) { add(c.make.text(t)) })
	case c.kind == parquet.ByteArray && e == format.DeltaByteArray:
		err = deltaPrefixed(n, b, func(t []byte) { add(c.make.text(t)) })
	case (c.kind == parquet.Int32 || c.kind == parquet.Int64) && e == format.DeltaBinaryPacked:
		var all []int64
		if all, _, err = deltas(n, b); err == nil {
			for _, v := range all {
				if c.kind == parquet.Int32 {
					v = int64(int32(v))
				}
				if err = c.integer(v, add); err != nil {
					break
				}
			}
		}
	default:
		err = fmt.Errorf("it is encoded as %v: write it without that encoding", e)
	}
	return dst, faults, err
}

// lookUp decodes indexes into the dictionary.
func (c *cursor[T]) lookUp(dst []T, n int, b []byte) ([]T, []referral.Fault, error) {
	if n == 0 {
		return dst, nil, nil
	}
	if len(b) == 0 {
		return nil, nil, errPageEnd
	}
	if cap(c.indexes) < n {
		c.indexes = make([]uint32, n)
	}
	c.indexes = c.indexes[:n]
	if err := hybrid(c.indexes, b[1:], int(b[0])); err != nil {
		return nil, nil, err
	}
	if cap(dst) < n {
		dst = make([]T, 0, n)
	}
	var faults []referral.Fault
	if c.dictFaults != nil {
		faults = make([]referral.Fault, n)
	}
	for i, at := range c.indexes {
		if uint64(at) >= uint64(len(c.dictionary)) {
			return nil, nil, errors.New("a page has an entry that is not in the dictionary")
		}
		dst = append(dst, c.dictionary[at])
		if faults != nil {
			faults[i] = c.dictFaults[at]
		}
	}
	return dst, faults, nil
}

func (c *cursor[T]) plain(n int, b []byte, add func(T, referral.Fault)) error {
	size := 0
	switch c.kind { //nolint:exhaustive // the others were refused
	case parquet.ByteArray:
		for range n {
			if len(b) < 4 {
				return errPageEnd
			}
			l := binary.LittleEndian.Uint32(b)
			if uint64(l) > uint64(len(b)-4) {
				return errPageEnd
			}
			add(c.make.text(b[4 : 4+l]))
			b = b[4+l:]
		}
		return nil
	case parquet.Int32, parquet.Float:
		size = 4
	case parquet.Int64, parquet.Double:
		size = 8
	case parquet.Int96:
		size = 12
	}
	if len(b)/size < n {
		return errPageEnd
	}
	for i := range n {
		if err := c.number(b[i*size:], add); err != nil {
			return err
		}
	}
	return nil
}

func (c *cursor[T]) number(b []byte, add func(T, referral.Fault)) error {
	switch c.kind {
	case parquet.Int32:
		return c.integer(int64(int32(binary.LittleEndian.Uint32(b))), add)
	case parquet.Int64:
		return c.integer(int64(binary.LittleEndian.Uint64(b)), add)
	case parquet.Float:
		c.float(float64(math.Float32frombits(binary.LittleEndian.Uint32(b))), add)
	case parquet.Double:
		c.float(math.Float64frombits(binary.LittleEndian.Uint64(b)), add)
	default: // Int96: nanoseconds of the day, Julian day
		if binary.LittleEndian.Uint64(b) != 0 {
			return errHours
		}
		const julian1970 = 2440588
		c.day(int64(binary.LittleEndian.Uint32(b[8:]))-julian1970, add)
	}
	return nil
}

func (c *cursor[T]) integer(v int64, add func(T, referral.Fault)) error {
	switch {
	case c.days:
		c.day(v, add)
	case c.perDay > 0:
		if v%c.perDay != 0 {
			return errHours
		}
		c.day(v/c.perDay, add)
	default:
		add(c.make.ofNumber(v))
	}
	return nil
}

func (c *cursor[T]) day(v int64, add func(T, referral.Fault)) {
	if d, ok := fromUnixDays(v); ok {
		add(c.make.ofDay(d))
	} else {
		add(c.make.badDay())
	}
}

// float makes whole numbers of whole ones: programs that know no missing integer
// write years as 2020.0.
func (c *cursor[T]) float(v float64, add func(T, referral.Fault)) {
	switch {
	case math.IsNaN(v): // the missing number of such programs
		add(c.make.text(nil))
	case v == math.Trunc(v) && math.Abs(v) < 1<<53:
		add(c.make.ofNumber(int64(v)))
	default:
		add(c.make.text(strconv.AppendFloat(nil, v, 'f', -1, 64)))
	}
}

// deltaTexts reads texts behind their lengths.
func deltaTexts(n int, b []byte, add func([]byte)) error {
	lengths, b, err := deltas(n, b)
	if err != nil {
		return err
	}
	for _, l := range lengths {
		if l < 0 || l > int64(len(b)) {
			return errPageEnd
		}
		add(b[:l])
		b = b[l:]
	}
	return nil
}

// deltaPrefixed reads texts of which each begins like the one before.
func deltaPrefixed(n int, b []byte, add func([]byte)) error {
	prefixes, b, err := deltas(n, b)
	if err != nil {
		return err
	}
	var last []byte
	i, bad := 0, false
	err = deltaTexts(n, b, func(suffix []byte) {
		k := prefixes[i]
		i++
		if k < 0 || k > int64(len(last)) || k+int64(len(suffix)) > maxPage/64 {
			bad = true
			return
		}
		last = append(last[:k], suffix...)
		add(last)
	})
	if bad && err == nil {
		err = errPageEnd
	}
	return err
}
