// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"math"
	"reflect"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
)

// nearest is the smallest distance of two colors over all kinds of sight, and
// in gray that of their lightness.
func nearest(t *testing.T, a, b string) (colored, gray float64) {
	t.Helper()
	x, y := parseColor(t, a), parseColor(t, b)
	colored = math.Inf(1)
	for _, sight := range sights {
		p, q := x.seenBy(sight).lab(), y.seenBy(sight).lab()
		colored = min(colored, math.Hypot(math.Hypot(p.l-q.l, p.a-q.a), p.b-q.b))
	}
	return colored, math.Abs(x.lab().l - y.lab().l)
}

func TestCIELABOfKnownColors(t *testing.T) {
	for color, want := range map[string][3]float64{ // B. Lindbloom, CIE color calculator, sRGB, D65
		"#ffffff": {100, 0, 0}, "#000000": {0, 0, 0}, "#ff0000": {53.24, 80.09, 67.20}, "#0000ff": {32.30, 79.19, -107.86},
	} {
		x := parseColor(t, color).lab()
		for i, got := range [3]float64{x.l, x.a, x.b} {
			assert.InDelta(t, want[i], got, 0.02, color)
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
				colored, gray := nearest(t, a.color, b.color)
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
				colored, _ := nearest(t, originColors[i], originColors[j])
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
