// SPDX-License-Identifier: Apache-2.0

package viz

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// decode renders a PNG at 72 dpi, so that a pixel is a point, and returns a
// function that gives the color at x, y in points with y growing upward.
func decode(t *testing.T, dot string, o Options) (image.Image, func(x, y int) color.NRGBA) {
	t.Helper()
	o.DPI = 72
	img, err := png.Decode(bytes.NewReader(render(t, dot, PNG, o)))
	require.NoError(t, err)
	h := img.Bounds().Dy()
	return img, func(x, y int) color.NRGBA {
		return color.NRGBAModel.Convert(img.At(x, h-1-y)).(color.NRGBA)
	}
}

var white = color.NRGBA{255, 255, 255, 255}

// pinned is a graph of 200 by 100 points, held open by an invisible polygon of
// the background and followed there by the given operations.
func pinned(body string, background ...string) string {
	return `digraph { pad=0; outputorder=edgesfirst
		_background="` + xdotOp("c", "#00000000") + xdotOp("C", "#00000000") + `P 4 0 0 200 0 200 100 0 100 ` + strings.Join(background, "") + `"
		node [label=" ", fixedsize=true, width=0.2, height=0.2]
		lower [pos="10,10", style=invis]; upper [pos="190,90", style=invis]
		` + body + ` }`
}

func xdotOp(op, s string) string { return fmt.Sprintf("%s %d -%s ", op, len(s), s) }

func count(img image.Image, want func(c color.NRGBA) bool) int {
	n, b := 0, img.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if want(color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA)) {
				n++
			}
		}
	}
	return n
}

func TestPNGOpenCurveIsNotFilled(t *testing.T) {
	img, at := decode(t, pinned(`lower -> upper [pos="20,20 20,96 180,96 180,20", penwidth=2, dir=none]`), Options{})
	assert.Equal(t, image.Rect(0, 0, 200, 100), img.Bounds())
	for _, p := range [][2]int{{100, 25}, {100, 50}, {100, 70}, {40, 30}, {160, 30}} {
		assert.Equal(t, white, at(p[0], p[1]), p)
	}
	assert.Equal(t, color.NRGBA{0, 0, 0, 255}, at(100, 77)) // the top is at 20/4 + 96*3/4 = 77
}

func TestPNGDashes(t *testing.T) {
	for style, dark := range map[string][2]int{"solid": {160, 160}, "dashed": {110, 120}, "dotted": {24, 30}} {
		t.Run(style, func(t *testing.T) {
			_, at := decode(t, pinned(`lower -> upper [pos="20,50.5 60,50.5 120,50.5 180,50.5", penwidth=1, dir=none, style=`+style+`]`), Options{})
			n := 0
			for x := range 200 {
				if at(x, 50).R < 128 {
					n++
				}
			}
			assert.GreaterOrEqual(t, n, dark[0])
			assert.LessOrEqual(t, n, dark[1])
		})
	}
}

func TestPNGColors(t *testing.T) {
	_, at := decode(t, pinned(`a [pos="50,50", shape=box, width=1, height=1, style=filled, color="#00000000", fillcolor="#ff000080"]
		b [pos="150,50", width=1, height=1, style=filled, color=gray50, penwidth=4, fillcolor=deepskyblue3]`), Options{})
	assert.Equal(t, color.NRGBA{255, 127, 127, 255}, at(50, 50), "half red over white")
	assert.Equal(t, color.NRGBA{0x00, 0x9a, 0xcd, 255}, at(150, 50), "X11 name")
	assert.Equal(t, color.NRGBA{0x7f, 0x7f, 0x7f, 255}, at(150, 50+36), "outline")
	assert.Equal(t, white, at(5, 5))

	_, at = decode(t, pinned(`bgcolor=transparent`), Options{})
	assert.Zero(t, at(100, 50).A)
	_, at = decode(t, pinned(`bgcolor="#112233"`), Options{})
	assert.Equal(t, color.NRGBA{0x11, 0x22, 0x33, 255}, at(0, 0))
	_, at = decode(t, pinned(`pad=0.5 bgcolor="#112233"`), Options{})
	assert.Equal(t, color.NRGBA{0x11, 0x22, 0x33, 255}, at(1, 1), "the border has the background too")
	_, at = decode(t, pinned(`a [pos="50,50", shape=box, width=1, height=1, style=radial, fillcolor="gold:red", color=gold]`), Options{})
	assert.Equal(t, color.NRGBA{0xff, 0xd7, 0x00, 255}, at(50, 50), "a gradient has its first color")
}

func TestPNGText(t *testing.T) {
	dark := func(c color.NRGBA) bool { return c.R < 100 }
	one := func(attrs string) image.Image {
		img, _ := decode(t, pinned(`a [pos="100,50", shape=plain, label="Fryslân", fontsize=20, `+attrs+`]`), Options{})
		return img
	}
	regular := count(one("fontname=Arial"), dark)
	assert.Greater(t, regular, 100)
	assert.Greater(t, count(one(`fontname="Arial Bold"`), dark), regular*5/4)
	assert.NotEqual(t, one("fontname=Arial"), one(`fontname="Arial-Italic"`))

	// Text is centered by our own width.
	left, right := 200, 0
	img := one("fontname=Courier")
	for y := range 100 {
		for x := range 200 {
			if c := color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA); dark(c) {
				left, right = min(left, x), max(right, x)
			}
		}
	}
	w := TextWidth("Fryslân", 20, false)
	assert.InDelta(t, 100-w/2, left, 3)
	assert.InDelta(t, 100+w/2, right+1, 3)
}

func TestPNGBackground(t *testing.T) {
	op := xdotOp
	xdot := op("c", "#00000000") + op("C", "#ddeeff") + "P 4 0 0 100 0 100 100 0 100 " +
		op("c", "red") + op("S", "setlinewidth(3)") + op("S", "solid") + "B 4 110 10 110 98 190 98 190 10 " +
		"F 20 15 -Liberation Sans t 1 " + op("c", "#003366") + "T 150 30 0 40 " + op("", "Vak")
	_, at := decode(t, pinned("", xdot), Options{})
	assert.Equal(t, color.NRGBA{0xdd, 0xee, 0xff, 255}, at(50, 50))
	assert.Equal(t, color.NRGBA{255, 0, 0, 255}, at(150, 76))
	assert.Equal(t, white, at(150, 60), "open in xdot text: not filled")
	n := 0
	for x := 130; x < 170; x++ {
		for y := 28; y < 50; y++ {
			if c := at(x, y); c.R < 64 && c.B > 64 {
				n++
			}
		}
	}
	assert.Greater(t, n, 30, "text of the background")
}

func TestPNGOrder(t *testing.T) {
	body := `a [pos="100,50", width=0.5, height=0.5, style=filled, fillcolor=yellow, color=yellow]
		lower -> upper [pos="20,50 60,50 120,50 180,50", penwidth=4, color=blue, dir=none]
		subgraph cluster_1 { bb="80,30,120,70"; style=filled; color=green; a }`
	yellow, blue := color.NRGBA{255, 255, 0, 255}, color.NRGBA{0, 0, 255, 255}
	_, at := decode(t, pinned(body), Options{})
	assert.Equal(t, yellow, at(100, 50))
	assert.Equal(t, color.NRGBA{0, 255, 0, 255}, at(84, 34), "cluster below both")
	_, at = decode(t, strings.Replace(pinned(body), "edgesfirst", "nodesfirst", 1), Options{})
	assert.Equal(t, blue, at(100, 50))
}

func TestPNGSize(t *testing.T) {
	img, _ := decode(t, pinned(`size="1,1"`), Options{})
	assert.Equal(t, image.Rect(0, 0, 72, 36), img.Bounds())
	img, _ = decode(t, pinned(`size="5,5!"`), Options{})
	assert.Equal(t, image.Rect(0, 0, 360, 180), img.Bounds())
	img, _ = decode(t, pinned(`pad="0.5,0.25" rotate=90 landscape=true`), Options{})
	assert.Equal(t, image.Rect(0, 0, 272, 136), img.Bounds())

	out := render(t, pinned(""), PNG, Options{DPI: 300, Title: "Naam", Lang: "nl"})
	config, err := png.DecodeConfig(bytes.NewReader(out))
	require.NoError(t, err)
	assert.Equal(t, []int{834, 417}, []int{config.Width, config.Height})
	i := bytes.Index(out, []byte("pHYs"))
	require.Positive(t, i)
	assert.EqualValues(t, 11811, binary.BigEndian.Uint32(out[i+4:]), "pixels per meter of 300 dpi")
	assert.EqualValues(t, 1, out[i+12])
	assert.Contains(t, string(out), "iTXtTitle\x00\x00\x00nl\x00\x00Naam")
}

func TestPNGAgreesWithSVGInSize(t *testing.T) {
	for _, g := range three {
		svg := string(render(t, g.dot, SVG, Options{Layout: Neato}))
		m := regexp.MustCompile(`viewBox="0.00 0.00 ([0-9.]+) ([0-9.]+)"`).FindStringSubmatch(svg)
		require.NotNil(t, m)
		img, _ := decode(t, g.dot, Options{Layout: Neato})
		var w, h float64
		_, err := fmt.Sscan(m[1], &w)
		require.NoError(t, err)
		_, err = fmt.Sscan(m[2], &h)
		require.NoError(t, err)
		assert.InDelta(t, w, img.Bounds().Dx(), 1)
		assert.InDelta(t, h, img.Bounds().Dy(), 1)
	}
}

func TestPDF(t *testing.T) {
	out := render(t, pinned(`a [pos="100,50", shape=plain, label="Fryslân één € ž", fontname="Arial"] b [pos="100,20", shape=plain, label="vet \U0001F600", fontname="Arial Bold"]`),
		PDF, Options{Title: "Tïtel", Lang: "nl"})
	assert.Contains(t, string(out), "/MediaBox [0 0 200.00 100.00]")
	assert.Contains(t, string(out), "/ToUnicode")
	assert.Contains(t, string(out), "/Lang (nl)")
	assert.Regexp(t, `/CreationDate \(D:19700101000000`, string(out))
	pdftotext, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("pdftotext is not installed")
	}
	file := filepath.Join(t.TempDir(), "x.pdf")
	require.NoError(t, os.WriteFile(file, out, 0o600))
	text, err := exec.CommandContext(t.Context(), pdftotext, file, "-").Output()
	require.NoError(t, err)
	assert.Contains(t, string(text), "Fryslân één € ž")
	assert.Contains(t, string(text), "vet")
}

func TestPaintOddOperations(t *testing.T) {
	for _, ops := range []string{
		`{"op":"P"}`, `{"op":"P","points":[]}`, `{"op":"P","points":[[1]]}`, `{"op":"P","points":[[1,1]]}`, `{"op":"p","points":[[1,1],[1,1],[1,1]]}`,
		`{"op":"B","points":[[1,1],[2,2]]}`, `{"op":"b","points":[[1,1],[2,2],[3,3],[4,4],[5,5]]}`, `{"op":"E","rect":[1]}`, `{"op":"E","rect":[1,2,-3,-4]}`,
		`{"op":"L","points":[[-1e300,0],[1e300,0]]}`, `{"op":"S","style":"setlinewidth(1e300)"},{"op":"L","points":[[0,0],[50,50]]}`,
		`{"op":"S","style":"setlinewidth(-1)"},{"op":"S","style":"setlinewidth("},{"op":"S","style":"setlinewidth(NaN)"},{"op":"e","rect":[50,50,9,9]}`,
		`{"op":"C","grad":"linear"},{"op":"C","color":"#12"},{"op":"C","color":"#gggggg"},{"op":"E","rect":[50,50,9,9]}`,
		`{"op":"F","size":1e300,"face":""},{"op":"T","pt":[0,0],"text":"x"}`, `{"op":"F","size":-5},{"op":"T","pt":[0,0],"text":"x"}`,
		`{"op":"T"}`, `{"op":"T","pt":[1e300,0],"text":"x"}`, `{"op":"t","fontchar":127},{"op":"T","pt":[10,10],"align":"r","text":"a\u0000b\ud83d\ude00"}`,
		`{"op":"nosuch"}`, `{}`, `{"op":"S","style":"invis"},{"op":"E","rect":[50,50,9,9]}`,
	} {
		raw := `{"bb":"0,0,100,100","_draw_":[` + ops + `],"_subgraph_cnt":9,"objects":[{"_draw_":[` + ops + `]}],"edges":[{"tail":-3,"head":99,"_hdraw_":[` + ops + `]}]}`
		require.True(t, json.Valid([]byte(raw)), ops)
		for _, paint := range []func(*scene, Options) ([]byte, error){paintPNG, paintPDF} {
			s, err := readScene([]byte(raw))
			require.NoError(t, err)
			_, err = paint(s, Options{})
			require.NoError(t, err, ops)
		}
	}
	for _, raw := range []string{``, `[]`, `{}`, `{"bb":"x"}`, `{"bb":"0,0,1"}`, `{"bb":"0,0,-5,-5","pad":"0"}`, `{"bb":"-1e308,0,1e308,1"}`, `{"bb":"0,0,9,9","size":"0.001"}`, `{"bb":"0,0,9,NaN"}`} {
		s, err := readScene([]byte(raw))
		if err == nil {
			_, err = paintPNG(s, Options{})
		}
		require.Error(t, err, raw)
	}
}

func TestBackslashes(t *testing.T) {
	for dot, want := range map[string]string{
		`digraph { a [label="p\\\\q \"r\" s"] }`:      `p\\q "r" s`,
		`digraph { a [label="\\N"] }`:                 `\N`,
		`digraph { a [label="x\\"] }`:                 `x\`,
		`digraph { "a\\b" }`:                          `a\b`,
		`digraph { a [label=<x\y>] }`:                 `x\y`,
		"digraph { a [label=\"x\x1ay\"] }":            "x y",
		`digraph { a [label="\\\\\\ een\ntwee \\"] }`: `\\\ een`,
	} {
		src, err := scan([]byte(dot))
		require.NoError(t, err)
		raw, err := run(t.Context(), src, PNG, Options{Layout: Neato})
		require.NoError(t, err)
		s, err := readScene(raw)
		require.NoError(t, err)
		c := new(recorder)
		p, err := s.page()
		require.NoError(t, err)
		s.paint(c, p)
		require.NotEmpty(t, c.texts, dot)
		assert.Equal(t, want, c.texts[0], dot)

		svg := string(render(t, dot, SVG, Options{Layout: Neato}))
		assert.Contains(t, svg, ">"+strings.ReplaceAll(want, "&", "&amp;")+"</text>", dot)
	}
}

// recorder keeps the texts that are painted.
type recorder struct{ texts []string }

func (*recorder) fill(path, color.NRGBA) {}
func (*recorder) stroke(path, pen)       {}
func (r *recorder) text(_, _ float64, s string, _ font, _ color.NRGBA) {
	r.texts = append(r.texts, s)
}

func TestMitered(t *testing.T) {
	area, ok := mitered(polyline([]point{{0, 0}, {10, 0}, {10, 10}, {0, 10}}, true), 2)
	require.True(t, ok)
	minX, maxX := 99.0, -99.0
	for _, v := range area {
		if v.verb != closing {
			minX, maxX = min(minX, v.p[0].x), max(maxX, v.p[0].x)
		}
	}
	assert.InDelta(t, -1, minX, 1e-9)
	assert.InDelta(t, 11, maxX, 1e-9)
	for _, p := range []path{nil, polyline([]point{{0, 0}, {1, 1}}, false), polyline([]point{{0, 0}, {1, 1}}, true), ellipse(point{0, 0}, 1, 1)} {
		_, ok := mitered(p, 1)
		assert.False(t, ok)
	}
}
