// SPDX-License-Identifier: Apache-2.0

package viz

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"codeberg.org/go-pdf/fpdf"
)

// fontUse is the characters of an SVG by style, in the order of faces.
type fontUse [len(faces)]map[rune]bool

func (u *fontUse) add(s string, bold, italic bool) {
	i := faceIndex(bold, italic)
	if u[i] == nil {
		u[i] = map[rune]bool{}
	}
	for _, r := range s {
		u[i][r] = true
	}
}

// rules writes the style sheet with a subset of the font for each style in use.
func (u *fontUse) rules() (string, error) {
	var b bytes.Buffer
	for i, used := range u {
		if len(used) == 0 {
			continue
		}
		runes := make([]rune, 0, len(used))
		for r := range used {
			runes = append(runes, r)
		}
		slices.Sort(runes)
		// The cutter writes into the font it is given.
		ttf := fpdf.UTF8CutFont(bytes.Clone(faces[i].ttf), string(runes))
		woff, err := woffOf(ttf)
		if err != nil {
			return "", fmt.Errorf("%w: subset of the font: %w", ErrRender, err)
		}
		weight, style := "normal", "normal"
		if i&1 != 0 {
			weight = "bold"
		}
		if i&2 != 0 {
			style = "italic"
		}
		fmt.Fprintf(&b, "@font-face{font-family:%q;font-weight:%s;font-style:%s;src:url(data:font/woff;base64,%s) format(\"woff\")}\n",
			FontFamily, weight, style, base64.StdEncoding.EncodeToString(woff))
	}
	return b.String(), nil
}

var errFont = errors.New("not a TrueType font")

// woffOf packs a TrueType font as WOFF 1.0, a W3C recommendation of 2012: the
// same tables, each compressed.
func woffOf(ttf []byte) ([]byte, error) {
	const header, entry, fontHeader, fontEntry = 44, 20, 12, 16
	if len(ttf) < fontHeader {
		return nil, errFont
	}
	n := int(binary.BigEndian.Uint16(ttf[4:]))
	if len(ttf) < fontHeader+n*fontEntry {
		return nil, errFont
	}
	var directory, data []byte
	total := fontHeader + n*fontEntry // of the font when unpacked
	for i := range n {
		e := ttf[fontHeader+i*fontEntry:]
		from, length := binary.BigEndian.Uint32(e[8:]), binary.BigEndian.Uint32(e[12:])
		if uint64(from)+uint64(length) > uint64(len(ttf)) {
			return nil, errFont
		}
		table := ttf[from : from+length]
		packed, err := deflate(table)
		if err != nil {
			return nil, err
		}
		if len(packed) >= len(table) {
			packed = table
		}
		directory = append(directory, e[:4]...) // tag
		directory = binary.BigEndian.AppendUint32(directory, uint32(header+n*entry+len(data)))
		directory = binary.BigEndian.AppendUint32(directory, uint32(len(packed)))
		directory = binary.BigEndian.AppendUint32(directory, length)
		directory = append(directory, e[4:8]...) // checksum
		data = append(data, packed...)
		data = append(data, make([]byte, -len(packed)&3)...)
		total += (int(length) + 3) &^ 3
	}
	out := append([]byte("wOFF"), ttf[:4]...)
	out = binary.BigEndian.AppendUint32(out, uint32(header+len(directory)+len(data)))
	out = binary.BigEndian.AppendUint16(out, uint16(n))
	out = append(out, 0, 0)
	out = binary.BigEndian.AppendUint32(out, uint32(total))
	out = append(out, make([]byte, header-len(out))...) // version, metadata and private data: none
	return append(append(out, directory...), data...), nil
}

func deflate(b []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := zlib.NewWriterLevel(&out, zlib.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(b); err != nil {
		return nil, err
	}
	err = w.Close()
	return out.Bytes(), err
}
