// SPDX-License-Identifier: Apache-2.0

package viz

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestTextWidth(t *testing.T) {
	// Advances of the font, the same as of Arial, in 2048ths of the size.
	for s, units := range map[string]int{"": 0, " ": 569, "i": 455, "H": 1479, "m": 1706, "é": 1139, "Hi": 1479 + 455, "AV": 2 * 1366} {
		assert.InDelta(t, float64(units)/2048*12, TextWidth(s, 12, false), 1e-9, s)
	}
	assert.InDelta(t, 1251.0/2048, TextWidth("k", 1, true)*1251/1139, 1e-9)
	assert.Greater(t, TextWidth("Onconovo+", 10, true), TextWidth("Onconovo+", 10, false))
	assert.Equal(t, TextWidth("\U0001F600", 10, false), TextWidth("\ufffd", 10, false))
	assert.InDelta(t, 1.1171875, TextHeight, 1e-9)
}

func TestTextWidthConcurrently(t *testing.T) {
	want := TextWidth("Oncologisch netwerk Fryslân", 9, true)
	var group sync.WaitGroup
	for range 16 {
		group.Go(func() {
			for r := rune(0); r < 2000; r++ {
				TextWidth(string(r), 9, true)
			}
			assert.Equal(t, want, TextWidth("Oncologisch netwerk Fryslân", 9, true))
		})
	}
	group.Wait()
}

func TestTextConstantsAreThoseOfTheFont(t *testing.T) {
	// An H stands on the baseline and reaches the height of capitals, an x that
	// of small letters.
	for r, want := range map[rune]float64{'H': TextCapHeight, 'x': TextXHeight} {
		low, high := 0.0, 0.0
		for _, v := range faceOf(false, false).glyph(r).outline {
			low, high = max(low, v.p[0].y), min(high, v.p[0].y)
		}
		assert.Zero(t, low)
		assert.InDelta(t, want, -high/unitsPerEm, 1e-9, string(r))
	}
}
