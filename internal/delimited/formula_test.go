// SPDX-License-Identifier: Apache-2.0

package delimited

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"
)

func TestGuard(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "A": "A", "'": "'", "'A": "'A", "1-2": "1-2",
		"=1+1": "'=1+1", "+31": "'+31", "-": "'-", "@x": "'@x", "\t=1": "'\t=1", "'=1": "''=1",
	} {
		assert.Equal(t, want, Guard(text))
		assert.Equal(t, text, Unguard(want))
	}
}

func TestUnguardUndoesGuard(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("'=+-@\tab"))).Draw(t, "text")
		out := Guard(text)
		assert.Equal(t, text, Unguard(out))
		assert.True(t, text == "" || out == text || out == "'"+text)
		assert.NotContains(t, []rune("=+-@\t\r"), []rune(out + "#")[0])
	})
}
