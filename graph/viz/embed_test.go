// SPDX-License-Identifier: Apache-2.0

package viz

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/base64"
	"encoding/binary"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	imagefont "golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// unpackWOFF is written from the recommendation alone: it gives the TrueType
// font that a WOFF file holds.
func unpackWOFF(t *testing.T, woff []byte) []byte {
	t.Helper()
	u32 := func(at int) int { return int(binary.BigEndian.Uint32(woff[at:])) }
	require.Equal(t, "wOFF", string(woff[:4]))
	require.Equal(t, len(woff), u32(8))
	n := int(binary.BigEndian.Uint16(woff[12:]))
	head := append(bytes.Clone(woff[4:8]), woff[12:14]...)
	head = append(head, make([]byte, 6)...)
	var directory, data []byte
	for i := range n {
		e := 44 + 20*i
		from, packed, length := u32(e+4), u32(e+8), u32(e+12)
		require.Zero(t, from%4)
		table := woff[from : from+packed]
		if packed < length {
			r, err := zlib.NewReader(bytes.NewReader(table))
			require.NoError(t, err)
			table, err = io.ReadAll(r)
			require.NoError(t, err)
		}
		require.Len(t, table, length)
		directory = append(directory, woff[e:e+4]...)
		directory = append(directory, woff[e+16:e+20]...)
		directory = binary.BigEndian.AppendUint32(directory, uint32(12+16*n+len(data)))
		directory = binary.BigEndian.AppendUint32(directory, uint32(length))
		data = append(data, table...)
		data = append(data, make([]byte, -length&3)...)
	}
	out := append(append(head, directory...), data...)
	require.Equal(t, len(out), u32(16), "size of the unpacked font")
	return out
}

func TestEmbeddedFontHasWhatIsUsed(t *testing.T) {
	before := bytes.Clone(faces[0].ttf)
	dot := []byte(`digraph { a [label="Ziekenhuis één & <b> “12–34” …"]; b [label="Vet", fontname="Helvetica-Bold"]; c [label=" "] }`)
	render := func(o Options) string {
		var b bytes.Buffer
		require.NoError(t, RenderSVG(context.Background(), &b, dot, o))
		return b.String()
	}
	assert.NotContains(t, render(Options{Layout: Dot}), "<style>")
	svg := render(Options{Layout: Dot, EmbedFont: true})
	assert.Equal(t, svg, render(Options{Layout: Dot, EmbedFont: true}), "the same bytes")
	assert.Equal(t, before, faces[0].ttf, "the font of the program is as it was")
	rules := regexp.MustCompile(`@font-face\{font-family:"Liberation Sans";font-weight:(\w+);font-style:normal;src:url\(data:font/woff;base64,([^)]*)\) format\("woff"\)\}`).FindAllStringSubmatch(svg, -1)
	require.Len(t, rules, 2)
	for i, used := range []string{"Ziekenhuis één & <b> “12–34” …", "Vet"} {
		assert.Equal(t, []string{"normal", "bold"}[i], rules[i][1])
		woff, err := base64.StdEncoding.DecodeString(rules[i][2])
		require.NoError(t, err)
		assert.Less(t, len(woff), 40_000)
		font, err := sfnt.Parse(unpackWOFF(t, woff))
		require.NoError(t, err)
		var buf sfnt.Buffer
		for _, r := range used {
			index, err := font.GlyphIndex(&buf, r)
			require.NoError(t, err)
			assert.NotZero(t, index, "%q", r)
			advance, err := font.GlyphAdvance(&buf, index, fixed.Int26_6(unitsPerEm), imagefont.HintingNone)
			require.NoError(t, err)
			assert.Equal(t, faceOf(i == 1, false).glyph(r).advance, int(advance), "%q", r)
		}
		index, err := font.GlyphIndex(&buf, 'Q')
		require.NoError(t, err)
		assert.Zero(t, index, "Q is not used")
	}
	_, err := woffOf([]byte("short"))
	require.ErrorIs(t, err, errFont)
	_, err = woffOf(append([]byte{0, 1, 0, 0, 0, 9}, make([]byte, 20)...))
	require.ErrorIs(t, err, errFont)
}

// Characters that the font lacks do not stop it.
func TestEmbeddedFontWithoutCharacters(t *testing.T) {
	for _, text := range []string{"😀", "漢字", ""} {
		d := Drawing{Width: 50, Height: 50, Texts: []Text{{At: Point{5, 20}, Text: text, Size: 9, Color: "#000000"}}}
		dot, err := d.DOT()
		require.NoError(t, err)
		var b bytes.Buffer
		require.NoError(t, RenderSVG(context.Background(), &b, dot, Options{EmbedFont: true}))
		assert.Equal(t, strings.Count(b.String(), "<style>"), strings.Count(b.String(), "</style>"))
	}
}

// A shape with an ID can be pointed at and looks like one without.
func TestShapesCanBePointedAt(t *testing.T) {
	bar := Shape{Points: []Point{{10, 10}, {40, 10}, {40, 20}, {10, 20}}, Fill: "#0072b2"}
	with := bar
	with.ID, with.Tooltip = "bar 1", `5 <of> "9" \N`
	draw := func(s Shape, f Format) string {
		d := Drawing{Width: 50, Height: 30, Shapes: []Shape{s}}
		dot, err := d.DOT()
		require.NoError(t, err)
		var b bytes.Buffer
		require.NoError(t, Render(context.Background(), &b, dot, f, Options{}))
		return b.String()
	}
	svg := draw(with, SVG)
	assert.Contains(t, svg, `<title>bar 1</title>`)
	assert.Contains(t, svg, `xlink:title="5 &lt;of&gt; &quot;9&quot; \N"`)
	assert.Contains(t, svg, `pointer-events="all"`)
	assert.NotContains(t, svg, "<text", "no text without letters")
	assert.Equal(t, draw(bar, PNG), draw(with, PNG))
	for _, s := range []Shape{{Points: bar.Points, Tooltip: "x"}, {ID: "a"}} {
		_, err := (&Drawing{Width: 50, Height: 30, Shapes: []Shape{s}}).DOT()
		require.ErrorIs(t, err, ErrDrawing)
	}
	_, err := (&Drawing{Width: 50, Height: 30, Shapes: []Shape{with, with}}).DOT()
	require.ErrorIs(t, err, ErrDrawing)
}
