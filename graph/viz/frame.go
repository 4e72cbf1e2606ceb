// SPDX-License-Identifier: Apache-2.0

package viz

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// A message between a process and its worker is a mark, a header in JSON and a
// body, the latter two with their length in front (4 bytes, big endian).
const (
	requestMark = "viz?1"
	answerMark  = "viz!1"

	maxHeader = 1 << 20
	maxOutput = 512 << 20
)

var errFrame = errors.New("not a message of the render worker")

type request struct {
	Format             Format
	Layout             Layout
	DPI                float64
	MaxNodes, MaxEdges int
	Title, Description string
	Lang               string
	EmbedFont          bool
}

func newRequest(f Format, o Options) request {
	return request{f, o.Layout, o.DPI, o.MaxNodes, o.MaxEdges, o.Title, o.Description, o.Lang, o.EmbedFont}
}

func (r request) options() Options {
	return Options{
		Layout: r.Layout, DPI: r.DPI, MaxNodes: r.MaxNodes, MaxEdges: r.MaxEdges,
		Title: r.Title, Description: r.Description, Lang: r.Lang, EmbedFont: r.EmbedFont,
	}
}

// An answer says how rendering went; with an empty Message the body is the
// picture.
type answer struct {
	Message  string         `json:",omitempty"`
	Kind     string         `json:",omitempty"` // key of errorKinds
	TooLarge *TooLargeError `json:",omitempty"`
	Name     *NameError     `json:",omitempty"`
}

// errorKinds are the errors that keep their identity between processes.
var errorKinds = map[string]error{
	"name": ErrName, "option": ErrOption, "render": ErrRender, "syntax": ErrSyntax, "too large": ErrTooLarge,
}

func newAnswer(err error) answer {
	if err == nil {
		return answer{}
	}
	a := answer{Message: err.Error(), Kind: "render"}
	for kind, target := range errorKinds {
		if kind != "render" && errors.Is(err, target) {
			a.Kind = kind
		}
	}
	_ = errors.As(err, &a.TooLarge)
	_ = errors.As(err, &a.Name)
	return a
}

// err gives back the error that newAnswer was made of.
func (a answer) err() error {
	switch {
	case a.Message == "":
		return nil
	case a.TooLarge != nil:
		return a.TooLarge
	case a.Name != nil:
		return a.Name
	}
	kind, ok := errorKinds[a.Kind]
	if !ok {
		kind = ErrWorker
	}
	return &remoteError{message: oneLine(a.Message), kind: kind}
}

// remoteError is an error of the worker with its own words.
type remoteError struct {
	message string
	kind    error
}

func (e *remoteError) Error() string { return e.message }
func (e *remoteError) Unwrap() error { return e.kind }

func writeMessage(w io.Writer, mark string, header any, body []byte) error {
	h, err := json.Marshal(header)
	if err != nil {
		return err
	}
	if len(h) > maxHeader || len(body) > maxOutput {
		return fmt.Errorf("%w: %d and %d bytes", ErrTooLarge, len(h), len(body))
	}
	b := make([]byte, 0, len(mark)+8+len(h))
	b = append(b, mark...)
	b = append(binary.BigEndian.AppendUint32(b, uint32(len(h))), h...)
	b = binary.BigEndian.AppendUint32(b, uint32(len(body)))
	if _, err := w.Write(b); err != nil {
		return err
	}
	_, err = w.Write(body)
	return err
}

// readMessage reads one message into header and returns its body. It never
// takes more memory than the stream has bytes, whatever lengths it claims.
func readMessage(r io.Reader, mark string, header any, maxBody int) ([]byte, error) {
	got := make([]byte, len(mark))
	if _, err := io.ReadFull(r, got); err != nil {
		return nil, fmt.Errorf("%w: %w", errFrame, err)
	}
	if string(got) != mark {
		return nil, fmt.Errorf("%w: begins with %q", errFrame, got)
	}
	h, err := readPart(r, maxHeader)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(h, header); err != nil {
		return nil, fmt.Errorf("%w: %w", errFrame, err)
	}
	return readPart(r, maxBody)
}

func readPart(r io.Reader, limit int) ([]byte, error) {
	var size [4]byte
	if _, err := io.ReadFull(r, size[:]); err != nil {
		return nil, fmt.Errorf("%w: %w", errFrame, err)
	}
	n := int64(binary.BigEndian.Uint32(size[:]))
	if n > int64(limit) {
		return nil, fmt.Errorf("%w: a part of %d bytes, at most %d", errFrame, n, limit)
	}
	var b bytes.Buffer
	if _, err := io.CopyN(&b, r, n); err != nil {
		return nil, fmt.Errorf("%w: %w", errFrame, err)
	}
	return b.Bytes(), nil
}
