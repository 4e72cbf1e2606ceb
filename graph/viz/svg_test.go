// SPDX-License-Identifier: Apache-2.0

package viz

import (
	"encoding/xml"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSVGHead(t *testing.T) {
	out := string(render(t, `digraph "A & <B>" { a }`, SVG, Options{Layout: Neato}))
	assert.True(t, strings.HasPrefix(out, `<?xml version="1.0" encoding="UTF-8" standalone="no"?>`+"\n<svg width=\"62pt\" height=\"44pt\" viewBox="), out)
	assert.Contains(t, out, "<title>A &amp; &lt;B&gt;</title>\n<g id=\"graph0\"")
	assert.Contains(t, out, `font-family="Liberation Sans,Arial,Helvetica,sans-serif"`)
	for _, not := range []string{"DOCTYPE", "<!--", "graphviz", "w3.org/Graphics", "Times", "role="} {
		assert.NotContains(t, out, not)
	}

	out = string(render(t, `digraph { a }`, SVG, Options{Layout: Neato, Title: `"T" < & é`, Description: "D\n2", Lang: "nl"}))
	assert.Contains(t, out, ` role="img" lang="nl" xml:lang="nl">`+"\n<title>\"T\" &lt; &amp; é</title>\n<desc>D\n2</desc>\n<g")
	require.NoError(t, wellFormed([]byte(out)))
	assert.NotContains(t, string(render(t, `digraph { a }`, SVG, Options{Layout: Neato})), "<title>%")
}

func TestSVGFonts(t *testing.T) {
	for name, want := range map[string]string{
		"Courier": "", "Helvetica-Bold": ` font-weight="bold"`, "Arial Bold": ` font-weight="bold"`,
		"Arial Italic": ` font-style="italic"`, "Times-BoldItalic": ` font-weight="bold" font-style="italic"`,
	} {
		out := string(render(t, `digraph { a [fontname="`+name+`"] }`, SVG, Options{Layout: Neato}))
		require.NoError(t, wellFormed([]byte(out)))
		style := regexp.MustCompile(`font-family="([^"]*)"((?: font-(?:weight|style)="[a-z]+")*)`).FindStringSubmatch(strings.Replace(out, ` font-size="14.00"`, "", 1))
		require.NotNil(t, style, out)
		assert.Equal(t, svgFamily, style[1])
		assert.Equal(t, want, style[2], name)
	}
}

func TestSVGEscapesLabels(t *testing.T) {
	for _, label := range []string{
		`<script>alert(1)</script>`, `a & b < c > d`, `it's "quoted"`, `]]>`, `<!-- x`, "x\x01\x1f\x7fy", `&#1; &#x2; &#xFFFE; &#99999999999;`,
		`&lt;&amp;&nosuch;`, "\ufffe", "Fryslân één €", strings.Repeat("long ", 2000),
	} {
		dot := `digraph { a [label="` + strings.ReplaceAll(label, `"`, `\"`) + `", tooltip="` + strings.ReplaceAll(label, `"`, `\"`) + `"] }`
		out := render(t, dot, SVG, Options{Layout: Neato})
		require.NoError(t, wellFormed(out), label)
		assert.NotContains(t, string(out), "<script", label)
	}
	var text string
	d := xml.NewDecoder(strings.NewReader(string(render(t, `digraph { a [label="x<&>\"'é"] }`, SVG, Options{Layout: Neato}))))
	for {
		token, err := d.Token()
		if err != nil {
			break
		}
		if c, ok := token.(xml.CharData); ok {
			text += string(c)
		}
	}
	assert.Contains(t, text, `x<&>"'é`)
}

func TestSVGHasNoReferences(t *testing.T) {
	dot := `digraph { stylesheet="http://example.org/x.css"
		a [URL="javascript:alert(1)", image="/etc/hostname"]
		b [URL=" JaVaScRiPt:alert(1)"]
		c [URL="https://example.org/?a=1&b=2", target="_blank"]
		d [URL="data:text/html,x"]
		e [label=<<table href="vbscript:x"><tr><td><img src="http://example.org/x.png"/>t</td></tr></table>>]
		f [URL="page.html#x"]
		a -> b [edgeURL="file:///etc/passwd"]
	}`
	out := string(render(t, dot, SVG, Options{Layout: Neato}))
	require.NoError(t, wellFormed([]byte(out)))
	for _, not := range []string{"script:", "data:", "file:", "x.css", "x.png", "hostname", "<image"} {
		assert.NotContains(t, strings.ToLower(out), not)
	}
	assert.Contains(t, out, `xlink:href="https://example.org/?a=1&amp;b=2"`)
	assert.Contains(t, out, `xlink:href="page.html#x"`)
}

func TestCleanSVGDropsWhatItDoesNotKnow(t *testing.T) {
	raw := `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x "y">]><svg width="1pt" onload="x()"><style>*{}</style>` +
		`<g><script><g/>x</script><rect style="fill:url(http://x)" fill="url(#ok)" onclick="x"/><image xlink:href="http://x"/><text>a<tspan>b</tspan></text></g></svg>`
	out, err := cleanSVG([]byte(raw), Options{})
	require.NoError(t, err)
	assert.Equal(t, `<?xml version="1.0" encoding="UTF-8" standalone="no"?>`+"\n"+
		`<svg width="1pt"><g><rect fill="url(#ok)"/><text>a<tspan>b</tspan></text></g></svg>`+"\n", string(out))

	for _, bad := range []string{"", "<html/>", "<svg>", "<svg><g></svg", "x", "<svg a=b/>", "<svg>&x;</svg>"} {
		_, err := cleanSVG([]byte(bad), Options{})
		require.ErrorIs(t, err, ErrRender, bad)
	}
}

// A viewer without the font keeps every label at its measured width.
func TestSVGTextLength(t *testing.T) {
	out := string(render(t, `digraph { a [label="wide label", fontsize=10, fontname="Arial Bold"]; b [label=" "] }`, SVG, Options{Layout: Neato}))
	want := fmt.Sprintf(` textLength="%.2f" lengthAdjust="spacingAndGlyphs">wide label</text>`, TextWidth("wide label", 10, true))
	assert.Contains(t, out, want)
	assert.Equal(t, 1, strings.Count(out, "textLength"), "a blank label needs none")
}

// Every viewer shows the title element of a link when pointing at it, but not
// all the attribute.
func TestTooltipIsATitle(t *testing.T) {
	out := string(render(t, `digraph { a [tooltip="it is <a> & \"b\""]; b; a -> b [tooltip="from a"] }`, SVG, Options{Layout: Neato}))
	if !strings.Contains(out, `<title>it is &lt;a&gt; &amp; "b"</title>`) || !strings.Contains(out, "<title>from a</title>") {
		t.Error(out)
	}
}
