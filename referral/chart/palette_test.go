// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// sights are the linear RGB matrices of full protanopia, deuteranopia and
// tritanopia of Machado, Oliveira and Fernandes (2009), table of severity 1.0,
// and that of normal sight.
var sights = map[string][3][3]float64{
	"normal": {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	"protan": {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
	"deutan": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
	"tritan": {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
}

// seenBy is a color as somebody with that sight sees it.
func (c rgb) seenBy(m [3][3]float64) rgb {
	var out rgb
	for i := range out {
		v := m[i][0]*c[0] + m[i][1]*c[1] + m[i][2]*c[2]
		out[i] = math.Min(1, math.Max(0, v))
	}
	return out
}

// lab is a color in CIELAB under D65.
type lab struct{ l, a, b float64 }

func (c rgb) lab() lab {
	f := func(v float64) float64 {
		if v > 216.0/24389 {
			return math.Cbrt(v)
		}
		return (24389.0/27*v + 16) / 116
	}
	x := f((0.4124564*c[0] + 0.3575761*c[1] + 0.1804375*c[2]) / 0.95047)
	y := f(0.2126729*c[0] + 0.7151522*c[1] + 0.0721750*c[2])
	z := f((0.0193339*c[0] + 0.1191920*c[1] + 0.9503041*c[2]) / 1.08883)
	return lab{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

// difference is the CIEDE2000 color difference (Sharma, Wu and Dalal 2005,
// doi:10.1002/col.20070).
func difference(p, q lab) float64 {
	deg := func(v float64) float64 { return v * 180 / math.Pi }
	rad := func(v float64) float64 { return v * math.Pi / 180 }
	seventh := func(c float64) float64 { return math.Sqrt(math.Pow(c, 7) / (math.Pow(c, 7) + math.Pow(25, 7))) }
	g := 0.5 * (1 - seventh((math.Hypot(p.a, p.b)+math.Hypot(q.a, q.b))/2))
	a1, a2 := (1+g)*p.a, (1+g)*q.a
	c1, c2 := math.Hypot(a1, p.b), math.Hypot(a2, q.b)
	hue := func(a, b float64) float64 {
		if a == 0 && b == 0 {
			return 0
		}
		return math.Mod(deg(math.Atan2(b, a))+360, 360)
	}
	h1, h2 := hue(a1, p.b), hue(a2, q.b)
	dh, mean := h2-h1, (h1+h2)/2
	if c1*c2 == 0 {
		dh, mean = 0, h1+h2
	} else if math.Abs(dh) > 180 {
		if mean < 180 {
			mean += 180
		} else {
			mean -= 180
		}
		dh -= math.Copysign(360, dh)
	}
	dl, dc, dhh := q.l-p.l, c2-c1, 2*math.Sqrt(c1*c2)*math.Sin(rad(dh)/2)
	l, c := (p.l+q.l)/2, (c1+c2)/2
	square := func(v float64) float64 { return v * v }
	t := 1 - 0.17*math.Cos(rad(mean-30)) + 0.24*math.Cos(rad(2*mean)) + 0.32*math.Cos(rad(3*mean+6)) - 0.20*math.Cos(rad(4*mean-63))
	turn := -math.Sin(rad(60*math.Exp(-square((mean-275)/25)))) * 2 * seventh(c)
	sl := 1 + 0.015*square(l-50)/math.Sqrt(20+square(l-50))
	sc, sh := 1+0.045*c, 1+0.015*c*t
	return math.Sqrt(square(dl/sl) + square(dc/sc) + square(dhh/sh) + turn*dc/sc*dhh/sh)
}

// Pairs of the paper's table 1, with hues on both sides of 0 and gray.
func TestDifferenceAgreesWithThePaper(t *testing.T) {
	for _, c := range []struct {
		p, q lab
		want float64
	}{
		{lab{50, 2.6772, -79.7751}, lab{50, 0, -82.7485}, 2.0425},
		{lab{50, -1, 2}, lab{50, 0, 0}, 2.3669},
		{lab{50, 2.5, 0}, lab{50, 0, -2.5}, 4.3065},
		{lab{50, 2.5, 0}, lab{73, 25, -18}, 27.1492},
		{lab{60.2574, -34.0099, 36.2677}, lab{60.4626, -34.1751, 39.4387}, 1.2644},
		{lab{22.7233, 20.0904, -46.6940}, lab{23.0331, 14.9730, -42.5619}, 2.0373},
		{lab{2.0776, 0.0795, -1.1350}, lab{0.9033, -0.0636, -0.5514}, 0.9082},
	} {
		assert.InDelta(t, c.want, difference(c.p, c.q), 5e-5)
	}
	assert.InDelta(t, 100, rgb{1, 1, 1}.lab().l, 1e-5)
}

// Colors are told apart by everybody: a difference of 10 is seen at a glance,
// one of 2.3 is just noticeable.
func TestOriginColorsAreToldApart(t *testing.T) {
	assert.GreaterOrEqual(t, len(originColors), 14)
	for sight, m := range sights {
		seen := func(color string) lab { return parseColor(t, color).seenBy(m).lab() }
		for i, a := range originColors {
			for j, b := range originColors[:i] {
				least := 10.0
				if i < plainColors {
					least = 14
				}
				assert.GreaterOrEqual(t, difference(seen(a), seen(b)), least, "%s: %s (%d) and %s (%d)", sight, a, i, b, j)
			}
			for _, gray := range []string{hairline, "#d8d6cd", land, paper, coast} {
				assert.GreaterOrEqual(t, difference(seen(a), seen(gray)), 9.5, "%s: %s and the gray %s", sight, a, gray)
			}
		}
		assert.GreaterOrEqual(t, difference(seen(growth), seen(decline)), 20.0, sight)
		for i := 1; i < len(heatColors); i++ {
			assert.GreaterOrEqual(t, difference(seen(heatColors[i-1]), seen(heatColors[i])), 8.0, "%s: shade %d", sight, i)
		}
	}
}

// In gray only lightness is left: shades still follow each other.
func TestShadesAreToldApartInGray(t *testing.T) {
	l := func(color string) float64 { return parseColor(t, color).lab().l }
	last := l(paper)
	for _, c := range heatColors {
		assert.Greater(t, last-l(c), 8.0, c)
		last = l(c)
	}
	for _, c := range originColors { // a band that stays and one that moves
		assert.Greater(t, l(mixed(c, moveTone))-l(mixed(c, stayTone)), 8.0, c)
	}
}

// Text is read on every color that carries it.
func TestTextHasContrast(t *testing.T) {
	for _, c := range append(originColors[:], growth, decline, softInk, ink, heatColors[0], heatColors[1], heatColors[2], heatColors[3], heatColors[4]) {
		assert.GreaterOrEqual(t, contrast(parseColor(t, textOn(c)), parseColor(t, c)), 4.5, c)
	}
	for _, c := range originColors {
		assert.GreaterOrEqual(t, contrast(parseColor(t, ink), parseColor(t, mixed(c, 0.3))), 4.5, c)
	}
}

func TestLetters(t *testing.T) {
	assert.Equal(t, "A", letterOf(0))
	assert.Equal(t, "Z", letterOf(25))
	assert.Equal(t, "A2", letterOf(26))
	assert.Equal(t, "Z4", letterOf(103))
}
