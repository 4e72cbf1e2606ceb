// SPDX-License-Identifier: Apache-2.0

package viz

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var allFormats = []Format{SVG, PNG, PDF, JSON, DOT}

func TestRenderEveryFormat(t *testing.T) {
	for _, g := range three {
		for _, f := range allFormats {
			t.Run(g.name+"/"+f.String(), func(t *testing.T) {
				out := render(t, g.dot, f, Options{Layout: Neato})
				switch f {
				case SVG:
					require.NoError(t, wellFormed(out))
				case PNG:
					_, err := png.Decode(bytes.NewReader(out))
					require.NoError(t, err)
				case PDF:
					assert.True(t, bytes.HasPrefix(out, []byte("%PDF-")))
					assert.True(t, bytes.HasSuffix(bytes.TrimSpace(out), []byte("%%EOF")))
				case JSON:
					assert.True(t, json.Valid(out))
				case DOT:
					_, err := scan(out)
					require.NoError(t, err)
				}
				assert.Equal(t, out, render(t, g.dot, f, Options{Layout: Neato}), "second run differs")
			})
		}
	}
}

func TestRenderEveryLayout(t *testing.T) {
	for l := Neato; l.valid(); l++ {
		t.Run(l.String(), func(t *testing.T) {
			out := render(t, three[2].dot, SVG, Options{Layout: l})
			require.NoError(t, wellFormed(out))
			for _, label := range []string{">a1<", ">b3<", "a1-&gt;b1"} {
				assert.Contains(t, string(out), label)
			}
		})
	}
}

func TestRenderConcurrently(t *testing.T) {
	const workers = 16
	dots := []string{three[0].dot, three[1].dot, three[2].dot, "digraph {", ""}
	var want [DOT + 1][5][]byte
	for f := range want {
		for i, d := range dots[:3] {
			want[f][i] = render(t, d, Format(f), Options{Layout: Neato})
		}
	}
	var group sync.WaitGroup
	for k := range workers {
		group.Go(func() {
			for i := range 10 {
				f, d := (k+i)%len(want), (k+i/2)%len(dots)
				var b bytes.Buffer
				err := Render(context.Background(), &b, []byte(dots[d]), Format(f), Options{Layout: Neato})
				if d >= 3 {
					assert.ErrorIs(t, err, ErrSyntax)
					continue
				}
				if assert.NoError(t, err) {
					assert.Equal(t, want[f][d], b.Bytes())
				}
			}
		})
	}
	group.Wait()
}

func TestRenderBadInput(t *testing.T) {
	deep := strings.Repeat("subgraph {", maxDepth) + "a" + strings.Repeat("}", maxDepth)
	for _, c := range []struct {
		name, dot string
		o         Options
		want      error
		message   string
	}{
		{"empty", "", Options{}, ErrSyntax, "no graph"},
		{"white space and comment", " \n// digraph {}\n", Options{}, ErrSyntax, "no graph"},
		{"no braces", "digraph", Options{}, ErrSyntax, "no graph"},
		{"malformed", "digraph {\n a -> -> b }", Options{}, ErrSyntax, "line 2"},
		{"unclosed", "digraph { a", Options{}, ErrSyntax, "line 1, column 9"},
		{"unclosed string", "digraph {\n  a [label=\"x] }", Options{}, ErrSyntax, "line 2, column 12: string is not closed"},
		{"unclosed comment", "digraph { /* a }", Options{}, ErrSyntax, "comment"},
		{"unclosed HTML", "digraph { a [label=<<b>x</b>] }", Options{}, ErrSyntax, "HTML"},
		{"too many braces", "digraph { a } }", Options{}, ErrSyntax, "column 15"},
		{"two graphs", "digraph { a [pos=\"0,0\"] } digraph { b }", Options{}, ErrSyntax, "text after"},
		{"NUL byte", "digraph { a [label=\"x\x00y\"] }", Options{}, ErrSyntax, "NUL byte"},
		{"not UTF-8", "digraph { a [label=\"Frysl\xe2n\"] }", Options{}, ErrSyntax, "column 26: bytes that are not UTF-8"},
		{"nested too deep", "digraph {" + deep + "}", Options{}, ErrSyntax, "nested"},
		{"binary", "\x89PNG\r\n\x1a\n", Options{}, ErrSyntax, "UTF-8"},
		{"pinned without positions", "digraph { a }", Options{}, ErrRender, `node "a" has no position`},
		{"pinned without course", `digraph { a [pos="0,0"]; a -> a }`, Options{}, ErrRender, `edge from node "a"`},
		{"DPI", "digraph {}", Options{DPI: -1}, ErrOption, "DPI"},
		{"DPI too high", "digraph {}", Options{DPI: 1e9}, ErrOption, "DPI"},
		{"title", "digraph {}", Options{Title: "a\x00"}, ErrOption, "Title"},
		{"description", "digraph {}", Options{Description: "\xff"}, ErrOption, "Description"},
		{"language", "digraph {}", Options{Lang: `"><x`}, ErrOption, "Lang"},
		{"layout", "digraph {}", Options{Layout: 99}, ErrName, "Layout(99)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, f := range []Format{SVG, PNG} {
				var b bytes.Buffer
				err := Render(t.Context(), &b, []byte(c.dot), f, c.o)
				require.ErrorIs(t, err, c.want)
				assert.Contains(t, err.Error(), c.message)
				assert.Zero(t, b.Len(), "something was written")
			}
			require.NoError(t, wellFormed(render(t, three[1].dot, SVG, Options{Layout: Neato})))
		})
	}
	err := Render(t.Context(), io.Discard, []byte("digraph {}"), Format(77), Options{})
	require.ErrorIs(t, err, ErrName)
}

func TestRenderAcceptsUnusualText(t *testing.T) {
	for _, dot := range []string{
		"\ufeffdigraph {}",
		"strict graph \"{\" { /* } */ a [label=\"}\\\"{\"] // }\n b [label=<<b>}</b><!-- x -->>] \n# } \n a -- b } // done\n/* { */ ",
		"digraph { a [label=\"one\\ntwo\\ltext\\r\"] }",
		"digraph { a [label=\"" + strings.Repeat("€", 500) + "\"] }",
		"digraph { " + strings.Repeat("subgraph {", maxDepth-1) + "a" + strings.Repeat("}", maxDepth-1) + "}",
		"digraph { a [fontname=\"No Such Font\", shape=nosuchshape, color=nosuchcolor, image=\"/etc/passwd\"] }",
		"digraph { a [label=\"\U0001F600 漢字 e\u0301 \u202e\"] }",
	} {
		for _, f := range allFormats {
			render(t, dot, f, Options{Layout: Neato})
		}
	}
}

func TestRenderTooLarge(t *testing.T) {
	for l, v := range layouts {
		nodes, edges := v.nodes, v.edges
		err := Render(t.Context(), io.Discard, []byte("digraph { a -> { b; b } a -> b -> a; a; b }"), SVG, Options{Layout: Layout(l), MaxNodes: 1})
		var large *TooLargeError
		require.ErrorAs(t, err, &large)
		require.ErrorIs(t, err, ErrTooLarge)
		assert.Equal(t, TooLargeError{Layout: Layout(l), Nodes: 2, Edges: 3, MaxNodes: 1, MaxEdges: edges}, *large)

		if l == int(Pinned) {
			continue
		}
		err = Render(t.Context(), io.Discard, randomDOT(2, edges+1, false), SVG, Options{Layout: Layout(l)})
		require.ErrorAs(t, err, &large)
		assert.Equal(t, TooLargeError{Layout: Layout(l), Nodes: 2, Edges: edges + 1, MaxNodes: nodes, MaxEdges: edges}, *large)
	}
	var large *TooLargeError
	require.ErrorAs(t, Render(t.Context(), io.Discard, randomDOT(10, 1001, true), SVG, Options{Layout: SFDP}), &large)
	assert.Equal(t, TooLargeError{SFDP, true, 10, 1001, 500, 1000}, *large)
	assert.Contains(t, large.Error(), "leave out the edge labels")
	render(t, string(randomDOT(10, 1001, false)), SVG, Options{Layout: SFDP})

	err := &TooLargeError{Layout: Dot, Nodes: 100, Edges: 900, MaxNodes: -1, MaxEdges: 200}
	assert.Equal(t, "graph too large to draw: layout dot takes any number of nodes and at most 200 edges, got 100 and 900; "+
		"use pinned positions or sfdp, or draw the strongest edges only, or raise MaxNodes and MaxEdges", err.Error())
}

func TestRenderTooManyPixels(t *testing.T) {
	dot := `digraph { a [pos="0,0"]; b [pos="2000,2000"] }`
	err := RenderPNG(t.Context(), io.Discard, []byte(dot), Options{DPI: 4800})
	require.ErrorIs(t, err, ErrTooLarge)
	assert.Contains(t, err.Error(), "lower the DPI")

	dot = `digraph { a [pos="0,0"]; b [pos="20000,2000"] }`
	require.ErrorIs(t, RenderPDF(t.Context(), io.Discard, []byte(dot), Options{}), ErrTooLarge)
}

func TestRenderContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var b bytes.Buffer
	require.ErrorIs(t, RenderSVG(ctx, &b, []byte("digraph {}"), Options{}), context.Canceled)
	assert.Zero(t, b.Len())

	engine <- struct{}{} // somebody draws
	ctx, cancel = context.WithTimeout(t.Context(), 1)
	defer cancel()
	err := RenderSVG(ctx, &b, []byte("digraph {}"), Options{})
	<-engine
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

func TestRenderWriterFails(t *testing.T) {
	require.ErrorIs(t, RenderSVG(t.Context(), failing{}, []byte("digraph {}"), Options{}), io.ErrShortWrite)
}

func TestParseNames(t *testing.T) {
	for name, want := range map[string]Format{"svg": SVG, ".PNG": PNG, "out/map.v2.pdf": PDF, "gv": DOT, "dot": DOT, "json": JSON} {
		got, err := ParseFormat(name)
		require.NoError(t, err, name)
		assert.Equal(t, want, got, name)
	}
	for f := SVG; f.valid(); f++ {
		got, err := ParseFormat(f.Extension())
		require.NoError(t, err)
		assert.Equal(t, f, got)
	}
	for l := Pinned; l.valid(); l++ {
		got, err := ParseLayout(strings.ToUpper(l.String()))
		require.NoError(t, err)
		assert.Equal(t, l, got)
	}
	l, err := ParseLayout("nop2")
	require.NoError(t, err)
	assert.Equal(t, Pinned, l)

	_, err = ParseFormat("jpeg")
	require.ErrorIs(t, err, ErrName)
	assert.EqualError(t, err, `unknown format "jpeg": want svg, png, pdf, json or dot`)
	_, err = ParseLayout("")
	require.ErrorIs(t, err, ErrName)
}

func TestOptionsDefaults(t *testing.T) {
	for l, want := range map[Layout][2]int{
		Pinned: {20_000, 100_000}, Neato: {300, 2_400}, Dot: {300, 200}, FDP: {150, 1_000},
		SFDP: {5_000, 20_000}, Circo: {100, 120}, Twopi: {1_000, 4_000},
	} {
		nodes, edges := Options{Layout: l}.limits(false)
		assert.Equal(t, want, [2]int{nodes, edges}, l)
	}
	nodes, edges := Options{Layout: SFDP}.limits(true)
	assert.Equal(t, [2]int{500, 1_000}, [2]int{nodes, edges})
	nodes, edges = Options{Layout: Dot, MaxNodes: -1}.limits(false)
	assert.Equal(t, []int{-1, 200}, []int{nodes, edges})
	assert.Equal(t, 144.0, Options{}.dpi())
}

// wellFormed reads the whole document with a strict parser.
func wellFormed(doc []byte) error {
	d := xml.NewDecoder(bytes.NewReader(doc))
	d.Strict = true
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}
