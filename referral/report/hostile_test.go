// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"errors"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/report"
)

var hostile = []string{
	`"><script>alert(1)</script>`, `=cmd()`, `</style>`, `</title><img src=x onerror=alert(1)>`, `<!--`, `]]>`, `javascript:alert(1)`, "a\u2028b", `{{.}}`,
	`' onclick='alert(1)`, `&lt;b&gt;`, `</svg><script>`, `url(#x)`, "\u202eevil",
}

// named builds a report about two classes with names, or says why it cannot.
func named(t testing.TB, a, b string) (string, error) {
	m := referral.Meta{Unit: referral.Patients, Level: referral.LevelHospital, Title: a, Source: b, Tumor: a, Notes: []string{b}}
	f, err := referral.FromFlows(m, referral.AbsentZero, func(yield func(referral.Flow) bool) {
		for _, x := range []referral.Flow{
			{Origin: a, Destination: a, Cell: referral.Count(40)}, {Origin: a, Destination: b, Cell: referral.Count(9)}, {Origin: b, Destination: b, Cell: referral.Count(3)},
		} {
			if !yield(x) {
				return
			}
		}
	})
	if err != nil {
		return "", err
	}
	return build(t, report.Input{Table: f, Name: a, SHA256: b}, report.Config{Title: a, Version: b, Options: []string{a, b}}), nil
}

func TestHostileNamesAreTexts(t *testing.T) {
	for i, name := range hostile {
		text, err := named(t, name, hostile[(i+1)%len(hostile)])
		require.NoError(t, err, name)
		page := sound(t, text)
		assert.Equal(t, name, textOf(elements(page, "h1")[0]))
		assert.Equal(t, name, textOf(elements(page, "title")[0]))
		found := false
		texts, _ := rows(t, page, "t-flows")
		for _, r := range texts {
			found = found || r[0] == name
		}
		assert.True(t, found, name)
	}
}

func FuzzNames(f *testing.F) {
	for _, name := range hostile {
		f.Add(name, "other")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		if a == b || len(a)+len(b) > 200 || !utf8.ValidString(a+b) || strings.ContainsFunc(a+b, unicode.IsControl) {
			t.Skip()
		}
		text, err := named(t, a, b)
		if err != nil { // no label
			require.True(t, errors.Is(err, referral.ErrNoClass) || errors.Is(err, referral.ErrCell), "%v", err)
			t.Skip()
		}
		sound(t, text)
	})
}
