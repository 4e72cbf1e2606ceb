// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"math"
	"reflect"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
)

// The matrices of G. M. Machado, M. M. Oliveira and L. A. F. Fernandes, IEEE
// Transactions on Visualization and Computer Graphics 15:1291-1298, 2009
// (doi:10.1109/TVCG.2009.113), for a full lack of one kind of cone, on linear
// RGB.
var visions = map[string][3][3]float64{
	"all":    {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	"protan": {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
	"deutan": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
	"tritan": {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
}

// cielab gives CIELAB for D65.
func cielab(c [3]float64) [3]float64 {
	f := func(v float64) float64 {
		if v > 216.0/24389 {
			return math.Cbrt(v)
		}
		return (24389.0/27*v + 16) / 116
	}
	x := f((0.4124564*c[0] + 0.3575761*c[1] + 0.1804375*c[2]) / 0.95047)
	y := f(0.2126729*c[0] + 0.7151522*c[1] + 0.0721750*c[2])
	z := f((0.0193339*c[0] + 0.1191920*c[1] + 0.9503041*c[2]) / 1.08883)
	return [3]float64{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

func seen(color, vision string) [3]float64 {
	r, g, b := channels(color)
	linear := func(v int) float64 {
		c := float64(v) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	in := [3]float64{linear(r), linear(g), linear(b)}
	var out [3]float64
	for i, row := range visions[vision] {
		for k, m := range row {
			out[i] += m * in[k]
		}
		out[i] = min(max(out[i], 0), 1)
	}
	return cielab(out)
}

// nearest is the smallest distance of two colors over all kinds of eyes, and
// in gray that of their lightness.
func nearest(a, b string) (colored, gray float64) {
	colored = math.Inf(1)
	for vision := range visions {
		x, y := seen(a, vision), seen(b, vision)
		colored = min(colored, math.Hypot(math.Hypot(x[0]-y[0], x[1]-y[1]), x[2]-y[2]))
	}
	return colored, math.Abs(seen(a, "all")[0] - seen(b, "all")[0])
}

func TestCIELABOfKnownColors(t *testing.T) {
	for color, want := range map[string][3]float64{ // B. Lindbloom, CIE color calculator, sRGB, D65
		"#ffffff": {100, 0, 0}, "#000000": {0, 0, 0}, "#ff0000": {53.24, 80.09, 67.20}, "#0000ff": {32.30, 79.19, -107.86},
	} {
		got := seen(color, "all")
		for i := range want {
			assert.InDelta(t, want[i], got[i], 0.02, color)
		}
	}
}

// Two fills that may lie side by side differ in pattern, or in color for all
// eyes and in lightness on gray paper.
func TestFillsDifferForAllEyes(t *testing.T) {
	const leastColor, leastGray = 11, 7
	var classes []fill
	for i := range originColors {
		classes = append(classes, classFill(i))
	}
	groups := map[string][]fill{
		"destinations": append(classes, retainedFill, otherFill, setFill, unknownFill),
		"grades":       append(gradeFills[:len(gradeFills):len(gradeFills)], unknownFill),
		"hospitals":    {expertFill, hospitalFill, unknownFill},
	}
	for name, fills := range groups {
		for i, a := range fills {
			for _, b := range fills[:i] {
				if a.pattern != b.pattern {
					continue
				}
				colored, gray := nearest(a.color, b.color)
				assert.GreaterOrEqual(t, colored, float64(leastColor), "%s: %v %v", name, a, b)
				assert.GreaterOrEqual(t, gray, float64(leastGray), "%s: %v %v", name, a, b)
			}
		}
	}
}

// Curves differ in dashes or in color; their ends are named besides.
func TestCurvesDifferForAllEyes(t *testing.T) {
	for i := range curveDashes {
		for j := range i {
			if curveDashes[i] == curveDashes[j] {
				colored, _ := nearest(originColors[i], originColors[j])
				assert.GreaterOrEqual(t, colored, 11.0, "%d %d", i, j)
			}
		}
	}
}

// Writing on a fill has the contrast of readable text (WCAG 2.1, 1.4.3).
func TestWritingOnFills(t *testing.T) {
	fills := []fill{retainedFill, otherFill, setFill, unknownFill}
	for i := range originColors {
		fills = append(fills, classFill(i))
	}
	for _, f := range append(fills, gradeFills[:]...) {
		assert.GreaterOrEqual(t, contrast(parseColor(t, f.writing()), parseColor(t, f.color)), 4.5, "%v", f)
	}
}

func TestFigureWordsAreComplete(t *testing.T) {
	verb := regexp.MustCompile(`%[.0-9]*[sdf%]`)
	en, nl := reflect.ValueOf(englishFigures()), reflect.ValueOf(dutchFigures())
	for i := range en.NumField() {
		name := en.Type().Field(i).Name
		assert.NotEmpty(t, en.Field(i).String(), name)
		assert.NotEmpty(t, nl.Field(i).String(), name)
		assert.Equal(t, verb.FindAllString(en.Field(i).String(), -1), verb.FindAllString(nl.Field(i).String(), -1), name)
	}
}

func TestNumbersInWords(t *testing.T) {
	for v, want := range map[float64]string{0: "0%", 0.004: "<1%", 0.5: "50%", 0.996: ">99%", 1: "100%"} {
		assert.Equal(t, want, percent(v))
	}
	assert.Equal(t, "10–20%", percents(0.1, 0.2))
	assert.Equal(t, "10%", percents(0.1, 0.1))
	s := figure{page: Page{Lang: Dutch}}
	assert.Equal(t, "2,5", s.fixed(2.5, 1))
	assert.Equal(t, "0,0", s.fixed(-0.001, 1))
	assert.Equal(t, "a b c", plain("a\nb\t\u202ec"))
	assert.Equal(t, "abc", clip("abc", 100, 9, false))
	assert.Empty(t, clip("abc", 1, 9, false))
}
