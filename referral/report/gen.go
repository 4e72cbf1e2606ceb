// SPDX-License-Identifier: Apache-2.0

//go:build ignore

// This program writes methods.json: the doc comments of every measure that the
// report names, taken from the packages of measures.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/doc"
	"go/doc/comment"
	"go/parser"
	"go/token"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// rooms are the folders of the packages, by name.
var rooms = map[string]string{
	"referral": "..", "flow": "../flow", "coverage": "../coverage", "pathway": "../pathway", "inference": "../inference", "disclosure": "../disclosure",
}

// definition is one measure with its words.
type definition struct {
	ID     string  `json:"id"`
	Blocks []block `json:"blocks"`
}

// block is a paragraph ("p"), a formula or code ("pre"), or a list item ("li").
type block struct {
	Kind string `json:"kind"`
	Text string `json:"text"`
}

func main() {
	log.SetFlags(0)
	packages := map[string]*doc.Package{}
	var out []definition
	for _, id := range ids() {
		room, name, _ := strings.Cut(id, ".")
		p := packages[room]
		if p == nil {
			p = read(rooms[room])
			packages[room] = p
		}
		text, ok := find(p, name)
		if !ok {
			log.Fatalf("%s: no such function", id)
		}
		out = append(out, definition{id, blocks(p, text)})
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(out); err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile("methods.json", b.Bytes(), 0o644); err != nil {
		log.Fatal(err)
	}
}

// ids are the measures that the package names, in texts such as "flow.Gini".
func ids() []string {
	like := regexp.MustCompile(`^(referral|flow|coverage|pathway|inference|disclosure)\.[A-Z][A-Za-z.]*$`)
	files, err := filepath.Glob("*.go")
	if err != nil {
		log.Fatal(err)
	}
	var out []string
	for _, f := range files {
		if f == "gen.go" || strings.HasSuffix(f, "_test.go") {
			continue
		}
		syntax, err := parser.ParseFile(token.NewFileSet(), f, nil, 0)
		if err != nil {
			log.Fatal(err)
		}
		ast.Inspect(syntax, func(n ast.Node) bool {
			if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
				if s, err := strconv.Unquote(l.Value); err == nil && like.MatchString(s) {
					out = append(out, s)
				}
			}
			return true
		})
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// read parses a package without its tests.
func read(dir string) *doc.Package {
	set := token.NewFileSet()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		log.Fatal(err)
	}
	var files []*ast.File
	for _, n := range names {
		if strings.HasSuffix(n, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(set, n, nil, parser.ParseComments)
		if err != nil {
			log.Fatal(err)
		}
		files = append(files, f)
	}
	p, err := doc.NewFromFiles(set, files, "github.com/oncoref/oncoref/referral")
	if err != nil {
		log.Fatal(err)
	}
	return p
}

// find gives the comment of a function, a constructor or a method.
func find(p *doc.Package, name string) (string, bool) {
	typ, method, isMethod := strings.Cut(name, ".")
	for _, f := range p.Funcs {
		if f.Name == name {
			return f.Doc, true
		}
	}
	for _, t := range p.Types {
		for _, f := range t.Funcs {
			if f.Name == name {
				return f.Doc, true
			}
		}
		for _, m := range t.Methods {
			if isMethod && t.Name == typ && m.Name == method {
				return m.Doc, true
			}
		}
	}
	return "", false
}

// blocks cuts a comment into its parts.
func blocks(p *doc.Package, text string) []block {
	var out []block
	for _, b := range p.Parser().Parse(text).Content {
		switch b := b.(type) {
		case *comment.Paragraph:
			out = append(out, block{"p", words(b.Text)})
		case *comment.Heading:
			out = append(out, block{"p", words(b.Text)})
		case *comment.Code:
			out = append(out, block{"pre", strings.TrimRight(b.Text, "\n")})
		case *comment.List:
			for _, item := range b.Items {
				for _, c := range item.Content {
					if q, ok := c.(*comment.Paragraph); ok {
						out = append(out, block{"li", words(q.Text)})
					}
				}
			}
		default:
			log.Fatalf("comment block %T", b)
		}
	}
	return out
}

func words(list []comment.Text) string {
	var b strings.Builder
	for _, t := range list {
		switch t := t.(type) {
		case comment.Plain:
			b.WriteString(string(t))
		case comment.Italic:
			b.WriteString(string(t))
		case *comment.DocLink:
			b.WriteString(words(t.Text))
		case *comment.Link:
			b.WriteString(words(t.Text))
		default:
			fmt.Fprintf(&b, "%v", t)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
