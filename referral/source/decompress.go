// SPDX-License-Identifier: Apache-2.0

package source

import (
	"errors"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/oncoref/oncoref/internal/delimited"
)

const (
	maxZstdWindow = 128 << 20 // what zstd --long=27 makes, and zstd reads without being told
	bombFrom      = 64 << 20  // bytes of text from which the ratio counts
	bombRatio     = 500       // text of a registry shrinks 5 to 20 times, a bomb 1000 times and more
)

// gunzip reads gzip, also several members one after the other.
func gunzip(name string, r io.Reader) (io.ReadCloser, error) {
	u := &unzipper{name: name, form: "gzip", in: &counter{r: r}}
	z, err := gzip.NewReader(u.in)
	if err != nil {
		return nil, u.explain(err)
	}
	u.z, u.close = z, func() {}
	return u, nil
}

// unzstd reads zstd, also several frames one after the other.
func unzstd(name string, r io.Reader) (io.ReadCloser, error) {
	u := &unzipper{name: name, form: "zstd", in: &counter{r: r}}
	z, err := zstd.NewReader(u.in, zstd.WithDecoderMaxWindow(maxZstdWindow), zstd.WithDecoderLowmem(true), zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, u.explain(err)
	}
	u.z, u.close = z, z.Close
	return u, nil
}

// unzipper turns what goes wrong in decompression into errors that say what to
// do, and stops a stream that grows beyond all reason.
type unzipper struct {
	name, form string
	in         *counter
	z          io.Reader
	out        int64
	close      func()
}

func (u *unzipper) Read(p []byte) (int, error) {
	n, err := u.z.Read(p)
	u.out += int64(n)
	if bomb(u.out, u.in.n) {
		return 0, &delimited.Error{File: u.name, Want: "text that shrinks at most 500 times; this looks like a decompression bomb"}
	}
	if err != nil && !errors.Is(err, io.EOF) {
		err = u.explain(err)
	}
	return n, err
}

// Close frees what decompression took; what was wrong with the data came from
// Read.
func (u *unzipper) Close() error {
	u.close()
	return nil
}

func (u *unzipper) explain(err error) error {
	e := &delimited.Error{File: u.name}
	switch {
	case u.in.err != nil && !errors.Is(u.in.err, io.EOF):
		return u.in.err
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		e.Want = "a whole " + u.form + " file, but it ends early: copy it again"
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, zstd.ErrCRCMismatch):
		e.Want = "a sound " + u.form + " file, but its checksum is wrong: copy it again"
	case errors.Is(err, zstd.ErrWindowSizeExceeded):
		e.Want = "zstd with a window of at most 128 MiB: compress it again without --ultra and with --long=27 or less"
	default:
		e.Want = "a sound " + u.form + " file: " + err.Error()
	}
	return e
}

// bomb reports whether in bytes that become out bytes do so beyond all reason.
func bomb(out, in int64) bool { return out > bombFrom && out/bombRatio > in }

// counter counts the bytes that pass, and keeps the error that ended them.
type counter struct {
	r   io.Reader
	n   int64
	err error
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	c.err = err
	return n, err
}
