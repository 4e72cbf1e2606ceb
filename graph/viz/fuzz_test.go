// SPDX-License-Identifier: Apache-2.0

package viz

import (
	"bytes"
	"testing"
)

// FuzzPaint paints damaged output of Graphviz: no panic, and work bounded by
// the size of the input.
func FuzzPaint(f *testing.F) {
	for _, g := range three {
		f.Add(render(f, g.dot, JSON, Options{Layout: Neato}))
	}
	f.Add([]byte(`{"bb":"0,0,99,99","_draw_":[{"op":"C","grad":"linear","stops":[{"color":"red"}]},{"op":"P","points":[[1,2],[3,4],[5,6]]}]}`))
	f.Add([]byte(`{"bb":"0,0,9,9","size":"1e9,1e9!","_ldraw_":[{"op":"S","style":"setlinewidth(1e9)"},{"op":"F","size":9,"face":"Bold Italic"},{"op":"t","fontchar":127},{"op":"T","pt":[1,2],"align":"r","text":"xyz"}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if len(raw) > 1<<16 {
			return
		}
		for _, paint := range []func(*scene, Options) ([]byte, error){paintPNG, paintPDF} {
			s, err := readScene(bytes.Clone(raw))
			if err != nil {
				return
			}
			if p, err := s.page(); err == nil && p.width*p.height > 1e6 {
				return // large pages are allowed and slow
			}
			if s, err = readScene(bytes.Clone(raw)); err != nil {
				t.Fatal("second reading differs")
			}
			if out, err := paint(s, Options{DPI: 36}); err == nil && len(out) == 0 {
				t.Fatal("neither picture nor error")
			}
		}
	})
}

// FuzzMessage reads what the other side of a pipe may send.
func FuzzMessage(f *testing.F) {
	var b bytes.Buffer
	_ = writeMessage(&b, requestMark, newRequest(PNG, Options{DPI: 9, Title: "t"}), []byte("digraph {}"))
	f.Add(b.Bytes())
	b.Reset()
	_ = writeMessage(&b, answerMark, newAnswer(&TooLargeError{Nodes: 1}), nil)
	f.Add(b.Bytes())
	f.Add([]byte("viz?1\xff\xff\xff\xff"))
	f.Add([]byte("viz?1\x00\x00\x00\x02{}\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var r request
		if body, err := readMessage(bytes.NewReader(raw), requestMark, &r, maxInput); err == nil {
			var again bytes.Buffer
			if err := writeMessage(&again, requestMark, r, body); err != nil {
				t.Fatal(err)
			}
			var r2 request
			body2, err := readMessage(&again, requestMark, &r2, maxInput)
			if err != nil || r != r2 || !bytes.Equal(body, body2) {
				t.Fatal("a message does not survive", err)
			}
			_ = r.options().check(r.Format)
		}
		var a answer
		if _, err := readMessage(bytes.NewReader(raw), answerMark, &a, maxOutput); err == nil {
			if err := a.err(); err != nil {
				_ = err.Error()
			}
		}
	})
}

// FuzzSVG cleans damaged SVG: what comes out is well-formed and harmless.
func FuzzSVG(f *testing.F) {
	f.Add([]byte(`<svg><g><title>t</title><text a="b">x&amp;&#1;</text></g></svg>`))
	f.Add([]byte(`<svg xmlns:xlink="x"><script/><a xlink:href="javascript:x" onclick="y">z</a><!-- c --></svg>`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		out, err := cleanSVG(raw, Options{Title: "a<b"})
		if err != nil {
			return
		}
		if err := wellFormed(out); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		if bytes.Contains(bytes.ToLower(out), []byte("<script")) || bytes.Contains(out, []byte("<!")) {
			t.Fatalf("%s", out)
		}
	})
}

// FuzzScan checks the DOT text's outline: no panic, and a body inside the text.
func FuzzScan(f *testing.F) {
	for _, g := range three {
		f.Add([]byte(g.dot))
	}
	f.Add([]byte("digraph { a [label=<<b>x</b>>] /* */ } // x"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		s, err := scan(raw)
		if err == nil && (s.body < 1 || s.body > len(s.text) || s.text[s.body-1] != '{') {
			t.Fatal(s.body)
		}
	})
}
