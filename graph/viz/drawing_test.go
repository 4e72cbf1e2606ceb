// SPDX-License-Identifier: Apache-2.0

package viz

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func sampleDrawing() *Drawing {
	return &Drawing{
		Name: "sample", Width: 200, Height: 100,
		Shapes: []Shape{
			{Points: []Point{{10, 10}, {190, 10}, {190, 90}, {10, 90}}, Fill: "#eeeeee", Stroke: Stroke{Color: "#999999", Width: 0.5}},
			{Points: []Point{{10, 50}, {60, 90}, {140, 10}, {190, 50}}, Curved: true, Stroke: Stroke{Color: "#ff0000", Width: 1, Dash: Dotted}},
		},
		Discs: []Disc{
			{ID: "a", Center: Point{40, 50}, Radius: 10, Fill: "#0072b2", Stroke: Stroke{Color: "#0072b2", Width: 1}, Text: "4", Size: 9, Color: "#ffffff", Tooltip: `"quoted" <a> \N`},
			{ID: "b", Center: Point{150, 50}, Radius: 12, Stroke: Stroke{Color: "#000000", Width: 1, Dash: Dashed}},
		},
		Arrows: []Arrow{
			{From: "a", To: "b", Points: []Point{{50, 50}, {80, 70}, {110, 70}, {130, 55}}, Tip: Point{138, 50}, Head: 9, Stroke: Stroke{Color: "#0072b2", Width: 1.5, Dash: Dashed}, Tooltip: "a to b"},
			{From: "b", To: "a", Points: []Point{{138, 45}, {110, 30}, {80, 30}, {60, 40}}, Tip: Point{51, 47}, Head: 14, Stroke: Stroke{Color: "#d55e00", Width: 5}},
		},
		Texts: []Text{
			{At: Point{10, 92}, Align: Left, Text: "Fryslân – één €", Size: 8, Color: "#000000"},
			{ID: "name", At: Point{150, 30}, Align: Center, Text: "B & C", Size: 9, Bold: true, Color: "#000000"},
		},
	}
}

func TestDrawingIsDrawnWhereItIsPinned(t *testing.T) {
	text, err := sampleDrawing().DOT()
	require.NoError(t, err)
	var b bytes.Buffer
	require.NoError(t, RenderSVG(context.Background(), &b, text, Options{}))
	svg := b.String()
	for _, want := range []string{
		`width="200pt" height="100pt"`,
		`cx="40" cy="-50" rx="10" ry="10"`,
		`cx="150" cy="-50" rx="12" ry="12"`,
		`M50,-50C80,-70 110,-70 130,-55`, // the shaft as it was given
		`Fryslân – één €`,
		`B &amp; C`,
		`xlink:title="a to b"`,
		`stroke-width="5"`,
	} {
		assert.True(t, strings.Contains(svg, want), "%s\nnot in\n%s", want, svg)
	}
	assert.Equal(t, 2, strings.Count(svg, `points="`)-3, "two arrow heads beside page and ground")
}

func TestDrawingIsTheSameTwice(t *testing.T) {
	a, err := sampleDrawing().DOT()
	require.NoError(t, err)
	b, err := sampleDrawing().DOT()
	require.NoError(t, err)
	assert.Equal(t, string(a), string(b))
}

// The head of a thick arrow is not thickened by its own outline: nothing
// orange is painted beyond the tip.
func TestThickArrowEndsAtItsTip(t *testing.T) {
	d := &Drawing{Width: 100, Height: 40,
		Discs:  []Disc{{ID: "a", Center: Point{5, 20}, Radius: 1}, {ID: "b", Center: Point{95, 20}, Radius: 1}},
		Arrows: []Arrow{{From: "a", To: "b", Points: []Point{{10, 20}, {20, 20}, {40, 20}, {60, 20}}, Tip: Point{80, 20}, Head: 20, Stroke: Stroke{Color: "#d55e00", Width: 8}}}}
	text, err := d.DOT()
	require.NoError(t, err)
	_, at := decode(t, string(text), Options{})
	orange := func(x, y int) bool {
		c := at(x, y)
		return c.R > 0xc0 && c.G < 0xa0 && c.B < 0x60
	}
	assert.True(t, orange(30, 20))
	assert.True(t, orange(70, 20))
	for x := 82; x < 90; x++ {
		assert.False(t, orange(x, 20), "painted at %d", x)
	}
}

func TestDrawingRefusesWhatCannotBeDrawn(t *testing.T) {
	for name, spoil := range map[string]func(*Drawing){
		"no size":           func(d *Drawing) { d.Width = 0 },
		"size is NaN":       func(d *Drawing) { d.Height = math.NaN() },
		"disc twice":        func(d *Drawing) { d.Discs[1].ID = "a" },
		"disc without ID":   func(d *Drawing) { d.Discs[0].ID = "" },
		"disc radius":       func(d *Drawing) { d.Discs[0].Radius = -1 },
		"disc at infinity":  func(d *Drawing) { d.Discs[0].Center.X = math.Inf(1) },
		"arrow to nowhere":  func(d *Drawing) { d.Arrows[0].To = "c" },
		"arrow of 3 points": func(d *Drawing) { d.Arrows[0].Points = d.Arrows[0].Points[:3] },
		"arrow tip":         func(d *Drawing) { d.Arrows[0].Tip.Y = math.NaN() },
		"curve of 3 points": func(d *Drawing) { d.Shapes[1].Points = d.Shapes[1].Points[:3] },
		"shape":             func(d *Drawing) { d.Shapes[0].Points[0].X = math.NaN() },
		"text ID of a disc": func(d *Drawing) { d.Texts[1].ID = "a" },
		"text not UTF-8":    func(d *Drawing) { d.Texts[0].Text = "\xff" },
		"text size":         func(d *Drawing) { d.Texts[0].Size = math.Inf(1) },
	} {
		t.Run(name, func(t *testing.T) {
			d := sampleDrawing()
			spoil(d)
			_, err := d.DOT()
			assert.ErrorIs(t, err, ErrDrawing)
		})
	}
}

// Text from data cannot break out of the background's drawing operations.
func TestDrawingTextIsOnlyText(t *testing.T) {
	for _, s := range []string{`"]; x [label="`, `\N \n \"`, "4 -abcd", "P 3 0 0 1 1 2 2", "<b>&amp;</b>", `a\`, "é€漢"} {
		d := sampleDrawing()
		d.Texts[0].Text, d.Texts[1].Text, d.Discs[0].Tooltip = s, s, s
		text, err := d.DOT()
		require.NoError(t, err)
		var b bytes.Buffer
		require.NoError(t, RenderSVG(context.Background(), &b, text, Options{}), s)
		texts := svgTexts(t, b.Bytes())
		n := 0
		for _, got := range texts {
			if got == s {
				n++
			}
		}
		assert.Equal(t, 2, n, "%q in %q", s, texts)
	}
}

// svgTexts gives the contents of all text elements.
func svgTexts(t *testing.T, svg []byte) []string {
	t.Helper()
	var out []string
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return out
		}
		require.NoError(t, err)
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "text" {
			var s string
			require.NoError(t, d.DecodeElement(&s, &e))
			out = append(out, s)
		}
	}
}
