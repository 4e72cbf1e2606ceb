// SPDX-License-Identifier: Apache-2.0

package source

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/oncoref/oncoref/internal/delimited"
)

// form is how the bytes of a file are to be read.
type form uint8

const (
	formText form = iota // delimited text, decompressed
	formXLSX
	formParquet
)

const (
	sniffed     = 16      // bytes from which the form is known
	maxInMemory = 1 << 30 // bytes of a spreadsheet or Parquet file that come by a stream
)

// opened is a file or stream whose form is known.
type opened struct {
	name  string
	form  form
	text  *bufio.Reader // formText: the bytes, decompressed but not decoded
	plain *os.File      // formText: the file itself, at its start, when the bytes are not compressed; may be nil
	at    io.ReaderAt   // other forms
	size  int64
	file  *os.File    // nil for a stream
	was   os.FileInfo // of the file when it was opened
	close []func() error
}

// Close closes what was opened, in reverse order.
func (o *opened) Close() error {
	var errs []error
	for i := len(o.close) - 1; i >= 0; i-- {
		errs = append(errs, o.close[i]())
	}
	return errors.Join(errs...)
}

// openFile opens a file by its content. The extension must not say another
// thing: it is there that a wrong export shows.
func openFile(path string) (*opened, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	o := &opened{name: path, close: []func() error{f.Close}}
	if err := o.open(f); err != nil {
		return nil, errors.Join(err, o.Close())
	}
	return o, nil
}

// openStream opens what comes by a pipe; name is for errors, and its extension
// counts like that of a file.
func openStream(r io.Reader, name string) (*opened, error) {
	o := &opened{name: name}
	if err := o.sniff(r, nil); err != nil {
		return nil, errors.Join(err, o.Close())
	}
	return o, nil
}

func (o *opened) open(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	switch {
	case info.IsDir():
		return o.error("a file, but this is a folder")
	case !info.Mode().IsRegular():
		return o.sniff(f, nil)
	}
	o.size, o.file, o.was = info.Size(), f, info
	return o.sniff(f, f)
}

// unchanged returns an error if the file was written to since it was opened:
// what was read of it may be a part, or parts of two versions.
func (o *opened) unchanged() error {
	if o.file == nil {
		return nil
	}
	now, err := o.file.Stat()
	if err != nil {
		return err
	}
	if now.Size() != o.was.Size() || !now.ModTime().Equal(o.was.ModTime()) {
		return o.error("a file that nobody writes to while it is read: read it again when it is complete")
	}
	return nil
}

func (o *opened) error(want string) error { return &delimited.Error{File: o.name, Want: want} }

// signatures of what a file can be; the second text says what to do about a
// form that is not read here.
var signatures = []struct{ magic, refuse string }{
	{"\x1f\x8b", ""},
	{"\x28\xb5\x2f\xfd", ""},
	{"PK\x03\x04", ""},
	{"PAR1", ""},
	{"PARE", "Parquet without encryption"},
	{"PK\x05\x06", "a spreadsheet, but this is an empty ZIP archive"},
	{"\xd0\xcf\x11\xe0", "text, XLSX or Parquet, but this is an old or encrypted Office file: save it as XLSX without a password"},
	{"BZh", "gzip or zstd, but this is bzip2"},
	{"\xfd7zXZ\x00", "gzip or zstd, but this is xz"},
	{"7z\xbc\xaf\x27\x1c", "gzip or zstd, but this is 7z"},
	{"$FL2@(#)", "text, XLSX or Parquet, but this is an SPSS file: export it as CSV"},
	{"$FL3@(#)", "text, XLSX or Parquet, but this is an SPSS file: export it as CSV"},
	{"<stata_dta>", "text, XLSX or Parquet, but this is a Stata file: export it as CSV"},
	{"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xc2\xea\x81\x60", "text, XLSX or Parquet, but this is a SAS file: export it as CSV"},
	{"SQLite format 3\x00", "text, XLSX or Parquet, but this is an SQLite database: query it through database/sql"},
	{"RDX", "text, XLSX or Parquet, but this is an R file: write it as CSV"},
	{"%PDF-", "text, XLSX or Parquet, but this is a PDF"},
}

// magicOf gives the index in signatures, or -1 for text.
func magicOf(head []byte) int {
	for i, s := range signatures {
		if bytes.HasPrefix(head, []byte(s.magic)) {
			return i
		}
	}
	return -1
}

// extensions say what the content must begin with.
var extensions = map[string]string{
	".gz": "\x1f\x8b", ".zst": "\x28\xb5\x2f\xfd", ".xlsx": "PK\x03\x04", ".xlsm": "PK\x03\x04", ".parquet": "PAR1",
}

func (o *opened) sniff(r io.Reader, file *os.File) error {
	br := bufio.NewReaderSize(r, 1<<16)
	head, err := br.Peek(sniffed)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	at, magic := magicOf(head), ""
	if at >= 0 {
		if refuse := signatures[at].refuse; refuse != "" {
			return o.error(refuse)
		}
		magic = signatures[at].magic
	}
	ext := strings.ToLower(filepath.Ext(o.name))
	if want, ok := extensions[ext]; ok && want != magic {
		return o.error("what the extension " + ext + " says, but the content is something else")
	}
	switch magic {
	case "":
		return o.setText(br, file)
	case "PK\x03\x04":
		o.form = formXLSX
		return o.setRandom(br, file)
	case "PAR1":
		o.form = formParquet
		return o.setRandom(br, file)
	}
	unzip := gunzip
	if magic != "\x1f\x8b" {
		unzip = unzstd
	}
	z, err := unzip(o.name, br)
	if err != nil {
		return err
	}
	o.close = append(o.close, z.Close)
	inner := bufio.NewReaderSize(z, 1<<16)
	head, err = inner.Peek(sniffed)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if magicOf(head) >= 0 {
		return o.error("text inside the compression; decompress the file first")
	}
	return o.setText(inner, nil)
}

// setText takes plain text: a file is put back to its start, for readers that
// want to go over it in parallel.
func (o *opened) setText(br *bufio.Reader, file *os.File) error {
	if file == nil {
		o.text = br
		return nil
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	br.Reset(file)
	o.plain, o.text = file, br
	return nil
}

// setRandom takes a form that is read in no order. A stream of it is kept in
// memory, and not in a temporary file: it holds patients.
func (o *opened) setRandom(br *bufio.Reader, file *os.File) error {
	if file != nil {
		o.at = file
		return nil
	}
	all, err := io.ReadAll(io.LimitReader(br, maxInMemory+1))
	if err != nil {
		return err
	}
	if len(all) > maxInMemory {
		return o.error("at most 1 GiB of a spreadsheet or Parquet file by a stream: give its path")
	}
	o.at, o.size = bytes.NewReader(all), int64(len(all))
	return nil
}
