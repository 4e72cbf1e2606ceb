// SPDX-License-Identifier: Apache-2.0

package source

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestReadMapping(t *testing.T) {
	got, err := ReadMapping(strings.NewReader(`
# how the extract of our hospital names things
columns:
  pseudoniem: patient
  "eerste ziekenhuis": first_visit_hospital
  geboortejaar:          # not read
  No: event              # stays No
events:
  OK: surgery
  01: radiotherapy
  yes: systemic
sheet: 2021
encoding: windows-1252
separator: ";"
`), "m.yaml")
	require.NoError(t, err)
	assert.Equal(t, Mapping{
		Columns: map[string]string{"pseudoniem": "patient", "eerste ziekenhuis": "first_visit_hospital", "geboortejaar": "", "No": "event"},
		Events:  map[string]string{"OK": "surgery", "01": "radiotherapy", "yes": "systemic"},
		Sheet:   "2021", Windows1252: true, Comma: ';',
	}, got)
	for _, text := range []string{"", "# nothing\n", "---\n", "{}"} {
		got, err := ReadMapping(strings.NewReader(text), "m.yaml")
		require.NoError(t, err, text)
		assert.Equal(t, Mapping{}, got)
	}
	got, err = ReadMapping(strings.NewReader("separator: tab"), "m.yaml")
	require.NoError(t, err)
	assert.Equal(t, '\t', got.Comma)
}

func TestReadMappingIsStrict(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"unknown key", "columns:\n  a: b\ncolums:\n  a: b\n", `m.yaml:3:1: "colums": expected one of columns, events, sheet, encoding, separator`},
		{"key twice", "sheet: a\nsheet: b\n", `m.yaml:2:1: "sheet": expected each key once, and not empty`},
		{"column twice", "columns:\n  a: b\n  a: c\n", `m.yaml:3:3: "a": expected each key once, and not empty`},
		{"list", "columns: [a, b]\n", `m.yaml:1:10: expected lines like key: value`},
		{"text", "columns\n", `m.yaml:1:1: "columns": expected lines like key: value`},
		{"deep", "columns:\n  a: {b: c}\n", `m.yaml:2:6: expected a plain text`},
		{"anchor", "columns:\n  a: &x b\n  c: *x\n", `m.yaml:2:6: "b": expected a plain text`},
		{"merge", "columns:\n  <<: {a: b}\n", `m.yaml:2:3: "<<": expected a plain text`},
		{"tag", "sheet: !!binary aGk=\n", `expected a plain text`},
		{"other tag", "sheet: !exec rm\n", `expected a plain text`},
		{"encoding", "encoding: latin1\n", `m.yaml:1:11: "latin1": expected utf-8 or windows-1252`},
		{"separator", "separator: ;;\n", `m.yaml:1:12: ";;": expected one character`},
		{"digit", "separator: 1\n", `expected one character`},
		{"two documents", "sheet: a\n---\nsheet: b\n", `expected one YAML document`},
		{"not YAML", "columns:\n\ta: b\n", `m.yaml:2: expected well-formed YAML`},
		{"not YAML", "columns: {\n", `expected well-formed YAML`},
		{"too large", "# " + strings.Repeat("x", maxMapping), `m.yaml: expected a mapping of at most 1 MiB`},
		{"bomb", "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n", `m.yaml:1:1: "a": expected one of`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ReadMapping(strings.NewReader(c.text), "m.yaml")
			var input *InputError
			require.ErrorAs(t, err, &input)
			assert.Contains(t, err.Error(), c.want)
		})
	}
}
