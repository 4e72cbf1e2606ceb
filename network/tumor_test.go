// SPDX-License-Identifier: Apache-2.0

package network

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTopography(t *testing.T) {
	for _, c := range []struct{ set, in, out string }{
		{"C60", "C60 C60.0 C60.9 C609 c60.9", "C59.9 C61 C61.9 C6 60 C60. C60.10 X60"},
		{"C69.3", "C69.3 C693", "C69 C69.2 C69.4"},
		{"C693", "C69.3", "C69"},
		{"C69.1-C69.4", "C69.1 C69.4", "C69 C69.0 C69.5"},
		{"C00-C14|C30-C32", "C00 C00.0 C14.9 C14 C31.5 C32.9", "C15 C29.9 C33"},
		{"C60.0, C60.1;C60.8", "C60.0 C60.1 C60.8", "C60 C60.2"},
		{"", "", "C60"},
	} {
		set, err := ParseTopography(c.set)
		require.NoError(t, err, c.set)
		for _, code := range strings.Fields(c.in) {
			assert.True(t, set.Contains(code), "%s in %s", code, c.set)
		}
		for _, code := range strings.Fields(c.out) {
			assert.False(t, set.Contains(code), "%s in %s", code, c.set)
		}
		assert.Equal(t, c.set, set.String())
		assert.Equal(t, c.set == "", set.Empty())
	}
	for _, s := range []string{"60", "C", "C6", "C60.", "C60.x", "C60-", "-C60", "C14-C00", "C69.8-9", "C60.10", "ç60", "C60-C61-C62", strings.Repeat("C60,", 201)} {
		_, err := ParseTopography(s)
		var bad *InputError
		require.ErrorAs(t, err, &bad, s)
		assert.Equal(t, wantTopography, bad.Want)
	}
}

func TestMorphology(t *testing.T) {
	for _, c := range []struct{ set, in, out string }{
		{"8720", "8720 8720/3 8720/0 87203", "8721 8719 872 8720/ 8720/33 /3 x"},
		{"8720-8790", "8720 8790/3", "8719/3 8791"},
		{"8720-8790/3", "8720/3 87903", "8720 8720/2 8791/3"},
		{"/3", "8000/3 99993", "8000 8000/2"},
		{"8050/3; 8720", "8050/3 8720/2", "8050/2 8050"},
	} {
		set, err := ParseMorphology(c.set)
		require.NoError(t, err, c.set)
		for _, code := range strings.Fields(c.in) {
			assert.True(t, set.Contains(code), "%s in %s", code, c.set)
		}
		for _, code := range strings.Fields(c.out) {
			assert.False(t, set.Contains(code), "%s in %s", code, c.set)
		}
	}
	for _, s := range []string{"905x", "872", "87200", "/", "/33", "/x", "8720/", "8790-8720", "8720-", "8720-87", strings.Repeat("/3,", 201)} {
		_, err := ParseMorphology(s)
		var bad *InputError
		require.ErrorAs(t, err, &bad, s)
		assert.Equal(t, wantMorphology, bad.Want)
	}
}

func TestTumors(t *testing.T) {
	l := landscape(t)
	penile, ok := l.Tumor("penile_cancer")
	require.True(t, ok)
	assert.Equal(t, "urogenital", penile.Domain)
	eye, _ := l.Tumor("eye_melanoma")
	headNeck, _ := l.Tumor("head_and_neck")
	for _, c := range []struct {
		tumor                  Tumor
		topography, morphology string
		selected, known        bool
	}{
		{penile, "C60.1", "8070/3", true, true},
		{penile, "C60.1", "8070/2", false, true},
		{penile, "C60.2", "8070/3", false, true},
		{eye, "C69.3", "8720/3", true, true},
		{eye, "C69.3", "8010/3", false, true},
		{headNeck, "C00.1", "8070/3", false, false},
		{Tumor{}, "", "", false, false},
	} {
		selected, known := c.tumor.Selects(c.topography, c.morphology)
		assert.Equal(t, []bool{c.selected, c.known}, []bool{selected, known}, "%s %s %s", c.tumor.ID, c.topography, c.morphology)
	}
	selected, known := headNeck.SelectsICD10("C14.8")
	assert.True(t, selected && known)
	_, known = Tumor{}.SelectsICD10("C14")
	assert.False(t, known)
	_, ok = l.Tumor("x")
	assert.False(t, ok)
	assert.Len(t, l.Tumors(), 4)
}

func TestDomains(t *testing.T) {
	ds := landscape(t).Domains()
	assert.Equal(t, []string{"breast", "sarcoma", "urogenital"}, keys(ds, func(d Domain) string { return d.ID }))
	assert.Empty(t, ds[0].EURACAN, "not a domain of EURACAN")
	assert.Equal(t, []string{"Dutch Sarcoma Group", "GIST-consortium", "Commissie voor Beentumoren"}, ds[1].WorkingGroups)
	assert.Equal(t, "G1", ds[1].EURACAN)
}
