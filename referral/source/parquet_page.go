// SPDX-License-Identifier: Apache-2.0

package source

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go/format"
	"github.com/pierrec/lz4/v4"
)

// The pages of Parquet are decoded here and not by the library, which makes room
// for as many values as a damaged page claims to have. Nothing here grows beyond
// the checked sizes of the page header.

var (
	errPageEnd  = errors.New("a page ends early")
	errPageSize = errors.New("a page is not of the size that its header tells")
	errPageCRC  = errors.New("the checksum of a page is wrong: copy the file again")
)

// pageReader reads pages, and keeps its buffers and decompressors for the next.
type pageReader struct {
	at    io.ReaderAt
	codec format.CompressionCodec
	raw   []byte
	plain []byte
	zstd  *zstd.Decoder
	gzip  *gzip.Reader
}

// read gives the levels, nil if there are none, and the values of a page. Both
// are valid until the next call.
func (r *pageReader) read(p *page, optional bool) ([]byte, []byte, error) {
	r.raw = resize(r.raw, int(p.header.CompressedPageSize))
	if _, err := io.ReadFull(io.NewSectionReader(r.at, p.at, int64(len(r.raw))), r.raw); err != nil {
		return nil, nil, err
	}
	if c := uint32(p.header.CRC); c != 0 && c != crc32.ChecksumIEEE(r.raw) {
		return nil, nil, errPageCRC
	}
	size := int(p.header.UncompressedPageSize)
	if p.header.Type == format.DataPageV2 {
		h := &p.header.DataPageHeaderV2.V
		n := int(h.DefinitionLevelsByteLength)
		if h.RepetitionLevelsByteLength != 0 || n < 0 || n > len(r.raw) || n > size {
			return nil, nil, errPageSize
		}
		values := r.raw[n:]
		if !h.IsCompressed.Valid || h.IsCompressed.V {
			var err error
			if values, err = r.decompress(values, size-n); err != nil {
				return nil, nil, err
			}
		}
		if !optional {
			return nil, values, nil
		}
		return r.raw[:n], values, nil
	}
	values, err := r.decompress(r.raw, size)
	if err != nil || !optional || p.header.Type == format.DictionaryPage {
		return nil, values, err
	}
	if len(values) < 4 {
		return nil, nil, errPageEnd
	}
	n := binary.LittleEndian.Uint32(values)
	if uint64(n) > uint64(len(values)-4) {
		return nil, nil, errPageEnd
	}
	return values[4 : 4+n], values[4+n:], nil
}

func resize(b []byte, n int) []byte {
	if cap(b) < n {
		return make([]byte, n)
	}
	return b[:n]
}

// decompress gives exactly size bytes, or an error.
func (r *pageReader) decompress(src []byte, size int) ([]byte, error) {
	var err error
	var n int
	switch r.codec {
	case format.Uncompressed:
		if len(src) != size {
			return nil, errPageSize
		}
		return src, nil
	case format.Snappy:
		if n, err = snappy.DecodedLen(src); err != nil || n != size {
			return nil, errPageSize
		}
		r.plain = resize(r.plain, size)
		_, err = snappy.Decode(r.plain, src)
	case format.Zstd:
		if r.zstd == nil {
			r.zstd, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxPage), zstd.WithDecodeAllCapLimit(true))
			if err != nil {
				return nil, err
			}
		}
		r.plain = resize(r.plain, size)
		var out []byte
		out, err = r.zstd.DecodeAll(src, r.plain[:0:size])
		n = len(out)
	case format.Gzip:
		r.plain = resize(r.plain, size)
		n, err = r.gunzip(src)
	case format.Lz4Raw:
		r.plain = resize(r.plain, size)
		n, err = lz4.UncompressBlock(src, r.plain)
	default:
		return nil, fmt.Errorf("it is compressed by %v: use snappy, zstd, gzip or lz4_raw", r.codec)
	}
	if err != nil {
		return nil, fmt.Errorf("a page does not decompress: %w", err)
	}
	if n != size {
		return nil, errPageSize
	}
	return r.plain, nil
}

// gunzip fills r.plain, and tells how much there is, at most one byte more.
func (r *pageReader) gunzip(src []byte) (int, error) {
	in := bytes.NewReader(src)
	if r.gzip == nil {
		r.gzip = new(gzip.Reader)
	}
	if err := r.gzip.Reset(in); err != nil {
		return 0, err
	}
	n, err := io.ReadFull(r.gzip, r.plain)
	if err != nil && !errors.Is(err, io.EOF) {
		return n, err
	}
	var more [1]byte
	k, err := r.gzip.Read(more[:])
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return n + k, err
}

// hybrid decodes n numbers of a bit width in Parquet's mix of runs and packed
// numbers.
func hybrid(dst []uint32, b []byte, width int) error {
	if width > 32 {
		return fmt.Errorf("numbers of %d bits", width)
	}
	for len(dst) > 0 {
		head, k := binary.Uvarint(b)
		if k <= 0 {
			return errPageEnd
		}
		b = b[k:]
		count := head >> 1
		if head&1 == 0 {
			size := (width + 7) / 8
			if len(b) < size || count == 0 {
				return errPageEnd
			}
			v := uint32(0)
			for i := range size {
				v |= uint32(b[i]) << (8 * i)
			}
			b = b[size:]
			run := dst[:min(count, uint64(len(dst)))]
			for i := range run {
				run[i] = v
			}
			dst = dst[len(run):]
			continue
		}
		if count == 0 {
			return errPageEnd
		}
		// A writer may leave out the end of the last group.
		n := int(min(count, uint64(len(dst)+7)/8)) * 8
		packed := min(n, len(dst))
		if len(b)*8 < packed*width {
			return errPageEnd
		}
		unpack(dst[:packed], b, width)
		dst = dst[packed:]
		b = b[min(len(b), n*width/8):]
	}
	return nil
}

// unpack takes numbers of a width from the low bits up.
func unpack(dst []uint32, b []byte, width int) {
	mask := uint64(1)<<width - 1
	bit := 0
	for i := range dst {
		at := bit >> 3
		var v uint64
		if at+8 <= len(b) {
			v = binary.LittleEndian.Uint64(b[at:])
		} else {
			for j, x := range b[at:] {
				v |= uint64(x) << (8 * j)
			}
		}
		dst[i] = uint32(v >> (bit & 7) & mask)
		bit += width
	}
}

// deltas decodes n numbers in Parquet's DELTA_BINARY_PACKED, and gives what
// follows them.
func deltas(n int, b []byte) ([]int64, []byte, error) {
	var head [4]uint64
	for i := range head {
		v, k := binary.Uvarint(b)
		if k <= 0 {
			return nil, nil, errPageEnd
		}
		head[i], b = v, b[k:]
	}
	block, minis, total := head[0], head[1], head[2]
	if total != uint64(n) {
		return nil, nil, errPageSize
	}
	if minis == 0 || block == 0 || block > 1<<16 || block%minis != 0 || block/minis%8 != 0 || minis > block {
		return nil, nil, errors.New("a page has blocks of an odd size")
	}
	if n == 0 {
		return nil, b, nil
	}
	out := make([]int64, 1, n)
	last := unzigzag(head[3])
	out[0] = last
	per := int(block / minis)
	for len(out) < n {
		v, k := binary.Uvarint(b)
		if k <= 0 || uint64(len(b)-k) < minis {
			return nil, nil, errPageEnd
		}
		least := unzigzag(v)
		widths := b[k : k+int(minis)]
		b = b[k+int(minis):]
		for _, w := range widths {
			if len(out) == n {
				break
			}
			width := int(w)
			if width > 64 || len(b) < per*width/8 {
				return nil, nil, errPageEnd
			}
			for i := range min(per, n-len(out)) {
				last += least + int64(bitsAt(b, i*width, width))
				out = append(out, last)
			}
			b = b[per*width/8:]
		}
	}
	return out, b, nil
}

func unzigzag(v uint64) int64 { return int64(v>>1) ^ -int64(v&1) }

// bitsAt gives up to 64 bits from a place.
func bitsAt(b []byte, bit, width int) uint64 {
	if width == 0 {
		return 0
	}
	var v uint64
	at, off := bit>>3, bit&7
	for i := 0; i < 8 && at+i < len(b); i++ {
		v |= uint64(b[at+i]) << (8 * i)
	}
	v >>= off
	if off+width > 64 {
		v |= uint64(b[at+8]) << (64 - off)
	}
	if width < 64 {
		v &= 1<<width - 1
	}
	return v
}

// presence decodes definition levels of a flat column: 1 is a value, 0 is null.
// It returns nil if no row is null, and the number of values.
func presence(dst []uint32, n int, b []byte, v2 bool) ([]uint32, int, error) {
	if v2 && len(b) == 0 {
		return nil, n, nil
	}
	dst = dst[:0]
	if cap(dst) < n {
		dst = make([]uint32, 0, n)
	}
	dst = dst[:n]
	if err := hybrid(dst, b, 1); err != nil {
		return nil, 0, err
	}
	have := 0
	for _, l := range dst {
		have += int(l)
	}
	if have == n {
		return nil, n, nil
	}
	return dst, have, nil
}
