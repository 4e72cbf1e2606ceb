// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"iter"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/chart"
	"github.com/oncoref/oncoref/referral/coverage"
	"github.com/oncoref/oncoref/referral/report"
)

func flows(t testing.TB, text string) *referral.Table {
	t.Helper()
	f, err := referral.ReadTable(t.Context(), strings.NewReader(text), referral.TableConfig{
		File: "flows.csv", Meta: referral.Meta{Unit: referral.Patients, Level: referral.LevelNetwork, Source: "test"},
	})
	require.NoError(t, err)
	return f
}

// care makes a log in which so many patients went from one hospital to another.
func care(t testing.TB, from, to []string, patients []int) *referral.Log {
	t.Helper()
	p := 0
	var events []referral.Event
	for i, n := range patients {
		for k := range n {
			p++
			id := fmt.Sprint(p)
			events = append(events,
				referral.Event{Patient: id, Seq: 1, Kind: referral.KindFirstVisit, Hospital: from[i], Tumor: "x", Year: 2019 + k%2},
				referral.Event{Patient: id, Seq: 2, Kind: "surgery", Hospital: to[i], Tumor: "x", Year: 2019 + k%2})
		}
	}
	l, _, err := referral.ReadLog(t.Context(), all(events), referral.LogConfig{Synthetic: true})
	require.NoError(t, err)
	return l
}

func all(events []referral.Event) iter.Seq2[referral.Event, error] {
	return func(yield func(referral.Event, error) bool) {
		for _, e := range events {
			if !yield(e, nil) {
				return
			}
		}
	}
}

const plainFlows = "origin,destination,count\nA,A,120\nA,B,35\nA,C,3\nB,B,90\nB,A,2\nB,C,14\nC,C,48\nC,A,11\nC,D,6\n"

func build(t testing.TB, in report.Input, c report.Config) string {
	t.Helper()
	r, err := report.Build(t.Context(), in, c)
	require.NoError(t, err)
	var b bytes.Buffer
	require.NoError(t, r.WriteHTML(&b))
	return b.String()
}

func parse(t testing.TB, text string) *html.Node {
	t.Helper()
	n, err := html.Parse(strings.NewReader(text))
	require.NoError(t, err)
	return n
}

// elements gives all elements below a node, with the given names or all.
func elements(n *html.Node, names ...string) []*html.Node {
	var out []*html.Node
	for c := range n.Descendants() {
		if c.Type == html.ElementNode && (len(names) == 0 || slices.Contains(names, c.Data)) {
			out = append(out, c)
		}
	}
	return out
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return strings.TrimSpace(b.String())
}

func byID(t testing.TB, page *html.Node, id string) *html.Node {
	t.Helper()
	for _, n := range elements(page) {
		if attr(n, "id") == id {
			return n
		}
	}
	require.Fail(t, "no element", id)
	return nil
}

// rows gives the fields of a table of the page, without its head, and what each
// is sorted by.
func rows(t testing.TB, page *html.Node, id string) (texts, raws [][]string) {
	t.Helper()
	for _, tr := range elements(elements(byID(t, page, id), "tbody")[0], "tr") {
		var text, raw []string
		for _, c := range elements(tr, "th", "td") {
			text = append(text, textOf(c))
			v := textOf(c)
			for _, a := range c.Attr {
				if a.Key == "data-v" {
					v = a.Val
				}
			}
			raw = append(raw, v)
		}
		texts, raws = append(texts, text), append(raws, raw)
	}
	return texts, raws
}

var address = regexp.MustCompile(`(?i)\b(https?:)?//[a-z0-9]|@import|\bsrcset\b|\bimport\(`)

var fontData = regexp.MustCompile(`data:font/woff;base64,[A-Za-z0-9+/=]*`)

// sound checks what holds for every report.
func sound(t testing.TB, text string) *html.Node {
	t.Helper()
	page := parse(t, text)
	ids := map[string]bool{}
	scripts := 0
	for _, n := range elements(page) {
		if id := attr(n, "id"); id != "" {
			assert.False(t, ids[id], "id %q twice", id)
			ids[id] = true
		}
		scripts += map[bool]int{true: 1}[n.Data == "script"]
		assert.NotContains(t, []string{"link", "iframe", "object", "embed", "img", "form", "base", "audio", "video"}, n.Data)
		for _, a := range n.Attr {
			assert.False(t, strings.HasPrefix(a.Key, "on"), "%s has %s", n.Data, a.Key)
			assert.NotContains(t, []string{"style", "src", "action", "srcset", "ping", "background"}, a.Key)
			if a.Key == "href" {
				assert.True(t, strings.HasPrefix(a.Val, "#"), a.Val)
			}
		}
	}
	assert.Equal(t, 1, scripts)
	for _, n := range elements(page) {
		for _, a := range n.Attr {
			if a.Key == "href" || a.Key == "aria-labelledby" || a.Key == "aria-describedby" {
				assert.True(t, ids[strings.TrimPrefix(a.Val, "#")], "%s of %s leads to %q", a.Key, n.Data, a.Val)
			}
		}
	}
	style, script := elements(page, "style"), elements(page, "script")
	require.Len(t, style, 1)
	assert.Empty(t, address.FindString(fontData.ReplaceAllString(style[0].FirstChild.Data, "")))
	assert.Empty(t, address.FindString(script[0].FirstChild.Data))
	policy := ""
	for _, m := range elements(page, "meta") {
		if attr(m, "http-equiv") == "Content-Security-Policy" {
			policy = attr(m, "content")
		}
	}
	assert.True(t, strings.HasPrefix(policy, "default-src 'none';"), policy)
	assert.NotContains(t, policy, "unsafe")
	for _, n := range []*html.Node{style[0], script[0]} {
		sum := sha256.Sum256([]byte(n.FirstChild.Data))
		assert.Contains(t, policy, "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'", n.Data)
	}
	for _, name := range []string{"header", "nav", "main", "footer", "h1"} {
		assert.Len(t, elements(page, name), 1, name)
	}
	for _, n := range elements(page, "table") {
		assert.Len(t, elements(n, "caption"), 1)
		for _, h := range elements(n, "th") {
			assert.NotEmpty(t, attr(h, "scope"))
		}
	}
	for _, f := range elements(page, "figure") {
		if svg := elements(f, "svg"); len(svg) > 0 {
			assert.Equal(t, "img", attr(svg[0], "role"))
			assert.Len(t, elements(f, "figcaption"), 1)
			assert.NotEmpty(t, textOf(elements(f, "figcaption")[0]))
		} else {
			assert.NotEmpty(t, textOf(f), "no picture and no reason")
		}
	}
	return page
}

func TestPageIsSound(t *testing.T) {
	log := care(t, []string{"A", "A", "B", "B"}, []string{"A", "B", "B", "A"}, []int{40, 12, 30, 3})
	centers := coverage.NewList("centers", "B")
	for name, in := range map[string]report.Input{
		"counts":   {Table: flows(t, plainFlows)},
		"presence": {Table: flows(t, "origin,destination\nA,B\nB,C\nA,C\n")},
		"unknown":  {Table: flows(t, "origin,destination,count,lower,upper\nA,B,,,\nB,B,7,,\nA,A,,5,9\n")},
		"one":      {Table: flows(t, "origin,destination,count\nA,A,10\n")},
		"nobody":   {Table: flows(t, "origin,destination,count\nA,A,0\nA,B,0\n")},
		"sets":     {Table: flows(t, "origin,destination,count\nA,B / C,10\nB,B,7\nC,A,8\nA,A,9\n")},
		"events":   {Log: log, Centers: centers, Norm: 10},
		"surgery":  {Log: log, Centers: centers, Rule: referral.Rule{Modality: "surgery"}},
	} {
		for _, lang := range []chart.Language{chart.English, chart.Dutch} {
			t.Run(name+" "+lang.String(), func(t *testing.T) {
				text := build(t, in, report.Config{Lang: lang, Version: "v1", Options: []string{"--by=network"}})
				page := sound(t, text)
				assert.Equal(t, lang.String(), attr(elements(page, "html")[0], "lang"))
				assert.Less(t, len(text), 3<<20)
				assert.Equal(t, text, build(t, in, report.Config{Lang: lang, Version: "v1", Options: []string{"--by=network"}}))
			})
		}
	}
}

// Every text of a Dutch report differs from that of the English one, apart from
// names, numbers and words that are the same in both.
func TestEveryTextIsTranslated(t *testing.T) {
	same := map[string]bool{
		"n": true, "exact": true, "status": true, "A": true, "B": true, "tumor": true, "test": true, "norm": true, "x": true, "route": true, "centers: B": true,
	}
	in := report.Input{
		Log:     care(t, []string{"A", "A", "B", "B"}, []string{"A", "B", "B", "A"}, []int{40, 12, 30, 3}),
		Centers: coverage.NewList("centers", "B"), Norm: 10, Rule: referral.Rule{Modality: "surgery"},
	}
	for _, in := range []report.Input{in, {Table: flows(t, plainFlows)}, {Table: flows(t, "origin,destination\nA,B\n")}} {
		english := map[string]bool{}
		for s := range texts(parse(t, build(t, in, report.Config{}))) {
			english[s] = true
		}
		n := 0
		for s := range texts(parse(t, build(t, in, report.Config{Lang: chart.Dutch}))) {
			if strings.ContainsFunc(s, func(r rune) bool { return r >= 'a' && r <= 'z' }) && !same[s] {
				n++
				assert.False(t, english[s], "%q in both", s)
			}
		}
		assert.Greater(t, n, 50)
	}
}

// texts gives the texts of a page, apart from definitions, pictures and names of
// files, options and data.
func texts(page *html.Node) iter.Seq[string] {
	out := map[string]bool{}
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		switch {
		case n.Type == html.TextNode:
			if s := strings.TrimSpace(n.Data); s != "" {
				out[s] = true
			}
		case attr(n, "lang") == "en" && n.Data != "html", n.Data == "script", n.Data == "style", n.Data == "svg":
			return
		case n.Data == "footer" || attr(n, "id") == "provenance": // versions and hashes
			return
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(page)
	return maps.Keys(out)
}
