// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"math"
	"reflect"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every phrase exists in every language and takes the same arguments.
func TestWordsAreComplete(t *testing.T) {
	verb := regexp.MustCompile(`%(\[\d\])?[sd]`)
	en, nl := reflect.ValueOf(english()), reflect.ValueOf(dutch())
	for i := range en.NumField() {
		name := en.Type().Field(i).Name
		assert.NotEmpty(t, en.Field(i).String(), name)
		assert.NotEmpty(t, nl.Field(i).String(), name)
		assert.Equal(t, verb.FindAllString(en.Field(i).String(), -1), verb.FindAllString(nl.Field(i).String(), -1), name)
	}
}

func TestParseLanguage(t *testing.T) {
	for _, l := range []Language{English, Dutch} {
		got, err := ParseLanguage(l.String())
		require.NoError(t, err)
		assert.Equal(t, l, got)
	}
	_, err := ParseLanguage("fr")
	assert.EqualError(t, err, `language "fr": expected en or nl`)
}

// rgb is a color in linear light.
type rgb [3]float64

func parseColor(t *testing.T, s string) rgb {
	t.Helper()
	var c rgb
	for i := range c {
		v, err := strconv.ParseUint(s[1+2*i:3+2*i], 16, 8)
		require.NoError(t, err)
		x := float64(v) / 255
		if x <= 0.04045 {
			c[i] = x / 12.92
		} else {
			c[i] = math.Pow((x+0.055)/1.055, 2.4)
		}
	}
	return c
}

func (c rgb) luminance() float64 { return 0.2126*c[0] + 0.7152*c[1] + 0.0722*c[2] }

func contrast(a, b rgb) float64 {
	x, y := a.luminance(), b.luminance()
	return (math.Max(x, y) + 0.05) / (math.Min(x, y) + 0.05)
}

// Thin lines need a contrast of 3 to what they lie on (WCAG 2.1, 1.4.11), and
// the white number in a disc 4.5 (1.4.3, text).
func TestOriginColorsHaveContrast(t *testing.T) {
	for _, s := range originColors {
		c := parseColor(t, s)
		assert.GreaterOrEqual(t, contrast(c, parseColor(t, land)), 3.0, s)
		assert.GreaterOrEqual(t, contrast(c, parseColor(t, paper)), 3.0, s)
	}
	for _, s := range []string{ink, softInk} {
		assert.GreaterOrEqual(t, contrast(parseColor(t, s), parseColor(t, land)), 4.5, s)
	}
}
