// SPDX-License-Identifier: Apache-2.0

package report

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestInline(t *testing.T) {
	const svg = `<?xml version="1.0"?><svg width="5" height="5" viewBox="0 0 5 5" xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" onload="x()">
<title>old</title><style>@import url(x)</style><script>x()</script><defs><clipPath id="c"><rect width="1"/></clipPath></defs>
<g id="n1" class="node" style="fill:red" clip-path="url(#c)"><title>n1</title><a xlink:title="A &amp; &lt;B&gt;" xlink:href="http://x/"><path d="M0,0" fill="url(http://x/)"/></a>
<text font-family="F" textLength="9" x="1">a &lt; b</text><image href="x.png"/></g></svg>`
	got, err := inline([]byte(svg), "f", "New <title>")
	require.NoError(t, err)
	assert.Equal(t, `<svg role="img" aria-labelledby="f-t" aria-describedby="f-d" viewBox="0 0 5 5"><title id="f-t">New &lt;title&gt;</title>`+
		`<defs><clipPath id="f-c"><rect width="1"/></clipPath></defs>`+
		`<g clip-path="url(#f-c)"><g><title>A &amp; &lt;B&gt;</title><path d="M0,0"/></g><text x="1">a &lt; b</text></g></svg>`, string(got))
	for _, bad := range []string{"<svg>", "<svg><g></svg", "<svg a=>", "<svg><g></svg></g>", "</svg>"} {
		_, err := inline([]byte(bad), "f", "t")
		require.Error(t, err, bad)
	}
}

func FuzzInline(f *testing.F) {
	f.Add(`<svg><g id="a"><a xlink:title="x"><text>t</text></a></g></svg>`)
	f.Add(`<svg><script>alert(1)</script><text>&lt;script></text></svg>`)
	f.Fuzz(func(t *testing.T, svg string) {
		out, err := inline([]byte(svg), "f", "t")
		if err != nil {
			return
		}
		assert.NotContains(t, string(out), "<script")
		assert.NotContains(t, string(out), "<style")
		assert.NotContains(t, string(out), "<image")
	})
}

func TestNumbers(t *testing.T) {
	english, dutch := tongue{}, tongue{true}
	for _, c := range []struct {
		v        float64
		decimals int
		en, nl   string
	}{
		{0, 0, "0", "0"}, {999, 0, "999", "999"}, {1000, 0, "1,000", "1.000"}, {-1234567.891, 2, "−1,234,567.89", "−1.234.567,89"},
		{0.5, 1, "0.5", "0,5"}, {-0.001, 1, "0.0", "0,0"}, {nan, 1, "", ""},
	} {
		assert.Equal(t, c.en, english.number(c.v, c.decimals))
		assert.Equal(t, c.nl, dutch.number(c.v, c.decimals))
	}
	assert.Equal(t, "1 to 9", english.magnitude(9))
	assert.Equal(t, "10 tot 99", dutch.magnitude(10))
	assert.Equal(t, "1.000 tot 9.999", dutch.magnitude(1000))
	assert.Equal(t, "0", english.magnitude(0))
}

// A note that tells how many cases were left out names no small number.
func TestNotesAreGated(t *testing.T) {
	b := &builder{}
	assert.Equal(t, "1 to 4 cases were left out.", b.note("3 cases were left out."))
	assert.Equal(t, "12 cases were left out.", b.note("12 cases were left out."))
	b.hidden = 1
	assert.Equal(t, "10 to 99 cases were left out.", b.note("12 cases were left out."))
	b.g.AllowSmall, b.hidden = true, 0
	assert.Equal(t, "3 cases were left out.", b.note("3 cases were left out."))
	assert.Equal(t, "3 networks", b.note("3 networks"))
}
