// SPDX-License-Identifier: Apache-2.0

package graph

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
	"sync/atomic"
)

const (
	blockSize = 256 << 10 // bytes read at a time
	maxLine   = 1 << 20   // longest line, in bytes
	slack     = 8         // bytes after a block that may be read but mean nothing
)

// block is a piece of the input that ends at the end of a line.
type block struct {
	seq   int    // position among the blocks, from 0
	line  int    // number of its first line
	lines int    // number of its lines
	text  []byte // ends in LF; its capacity is at least slack larger
}

// readEdges cuts the input into blocks of about size bytes at line ends, has
// workers parse them and assembles what they found.
func readEdges(ctx context.Context, r io.Reader, c EdgeListConfig, size int) (*Digraph, error) {
	s := &splitter{ctx: ctx, r: r, c: c, size: size, line: 1, maxLines: c.MaxLines, maxBytes: c.MaxBytes}
	if s.maxLines == 0 {
		s.maxLines = defaultMaxLines
	}
	if s.maxBytes == 0 {
		s.maxBytes = defaultMaxBytes
	}
	first, lay, err := s.start()
	if err != nil {
		return nil, err
	}
	workers := c.Workers
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	workers = min(workers, maxWorkers)

	blocks := make(chan block)
	spare := make(chan []byte, workers+2)
	var failed atomic.Bool
	parsers := make([]*parser, workers)
	var wg sync.WaitGroup
	for k := range parsers {
		p := newParser(c, lay)
		parsers[k] = p
		wg.Go(func() {
			for b := range blocks {
				if !p.block(b) {
					failed.Store(true)
				}
				select {
				case spare <- b.text[:0]:
				default:
				}
			}
		})
	}
	var readErr error
	for b := first; ; {
		if len(b.text) > 0 {
			blocks <- b
		}
		var old []byte
		select {
		case old = <-spare:
		default:
		}
		if b, readErr = s.next(old); readErr != nil || len(b.text) == 0 || failed.Load() {
			break
		}
	}
	close(blocks)
	wg.Wait()
	if err := firstError(parsers, readErr); err != nil {
		return nil, err
	}
	return join(ctx, parsers)
}

// firstError returns the error of the earliest block; what the splitter found
// comes after all blocks that were handed out.
func firstError(parsers []*parser, after error) error {
	var first *parser
	for _, p := range parsers {
		if p.err != nil && (first == nil || p.errSeq < first.errSeq) {
			first = p
		}
	}
	if first != nil {
		return first.err
	}
	return after
}

// splitter cuts a stream into blocks.
type splitter struct {
	ctx                context.Context
	r                  io.Reader
	c                  EdgeListConfig
	size               int // of a block
	maxLines, maxBytes int64

	seq  int    // of the next block
	line int    // of the next block
	read int64  // bytes read
	rest []byte // read, but not yet in a block: the begin of a line
	done bool   // nothing more to read
}

// next returns the next block, without text at the end of the stream. It may
// use the memory of old.
func (s *splitter) next(old []byte) (block, error) {
	if err := s.ctx.Err(); err != nil {
		return block{}, err
	}
	buf := old[:0]
	if room := len(s.rest) + s.size + slack; cap(buf) < room {
		buf = make([]byte, 0, room)
	}
	buf = append(buf, s.rest...)
	for empty := 0; !s.done; {
		room := buf[len(buf) : cap(buf)-slack]
		if len(room) == 0 {
			if bytes.IndexByte(buf, '\n') >= 0 {
				break
			}
			if len(buf) > maxLine {
				return block{}, s.at(s.line, fmt.Sprintf("lines of at most %d bytes", maxLine))
			}
			buf = append(make([]byte, 0, 2*cap(buf)), buf...)
			continue
		}
		n, err := s.r.Read(room)
		if n < 0 || n > len(room) {
			return block{}, errors.New("graph: reader returned an impossible count")
		}
		buf = buf[:len(buf)+n]
		s.read += int64(n)
		switch {
		case s.read > s.maxBytes:
			return block{}, s.at(0, fmt.Sprintf("at most %d bytes; raise MaxBytes if this is meant", s.maxBytes))
		case errors.Is(err, io.EOF):
			s.done = true
			if len(buf) > 0 && buf[len(buf)-1] != '\n' {
				buf = append(buf, '\n')
			}
		case err != nil:
			return block{}, fmt.Errorf("graph: reading edges: %w", err)
		}
		if empty++; n > 0 {
			empty = 0
		}
		if empty == 100 {
			return block{}, fmt.Errorf("graph: reading edges: %w", io.ErrNoProgress)
		}
	}
	end := bytes.LastIndexByte(buf, '\n') + 1
	s.rest = append(s.rest[:0], buf[end:]...)
	b := block{seq: s.seq, line: s.line, text: buf[:end]}
	b.lines = bytes.Count(b.text, []byte{'\n'})
	s.seq++
	s.line += b.lines
	if int64(s.line)-1 > s.maxLines {
		return block{}, s.at(int(s.maxLines)+1, fmt.Sprintf("at most %d lines; raise MaxLines if this is meant", s.maxLines))
	}
	return b, nil
}

// start reads up to the first line that is neither blank nor a comment and
// finds out what the lines look like. The block returned begins after the
// header, if there is one.
func (s *splitter) start() (block, layout, error) {
	for {
		b, err := s.next(nil)
		if err != nil {
			return block{}, layout{}, err
		}
		if len(b.text) == 0 {
			return block{}, layout{}, s.at(0, "lines of source, target and weight, but there are none")
		}
		if b.seq == 0 {
			if err := s.checkStart(&b); err != nil {
				return block{}, layout{}, err
			}
		}
		for len(b.text) > 0 {
			end := bytes.IndexByte(b.text, '\n')
			if line := trimCR(b.text[:end]); !skipped(line) {
				lay, header, err := newLayout(line, b.line, s.c)
				if err != nil {
					return block{}, layout{}, err
				}
				if header {
					b.drop(end + 1)
				}
				return b, lay, nil
			}
			b.drop(end + 1)
		}
	}
}

// checkStart drops a byte order mark and refuses text that is not UTF-8 by its
// first bytes.
func (s *splitter) checkStart(b *block) error {
	t := b.text
	if len(t) >= 2 && (t[0] == 0xff && t[1] == 0xfe || t[0] == 0xfe && t[1] == 0xff) {
		return s.at(1, "UTF-8 text, but it starts like UTF-16: save it as UTF-8")
	}
	b.text = bytes.TrimPrefix(t, []byte(string(bom)))
	return nil
}

// drop removes n bytes, which are one line, from the begin of b.
func (b *block) drop(n int) {
	b.text = b.text[n:]
	b.line++
	b.lines--
}

func (s *splitter) at(line int, want string) *InputError {
	return &InputError{File: s.c.File, Line: line, Want: want}
}
