// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/doc"
	"go/doc/comment"
	"go/format"
	"go/parser"
	"go/token"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
)

// book is a package with its documentation.
type book struct {
	room     room
	fset     *token.FileSet
	pkg      *doc.Package
	types    map[string]*doc.Type
	measures []*doc.Func
	all      []*doc.Example
}

// open parses a package with its examples.
func open(root string, r room) (*book, error) {
	b := &book{room: r, fset: token.NewFileSet(), types: map[string]*doc.Type{}}
	paths, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(r.dir), "*.go"))
	if err != nil {
		return nil, err
	}
	var files []*ast.File
	for _, p := range paths {
		f, err := parser.ParseFile(b.fset, p, nil, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		if strings.HasSuffix(p, "_test.go") && !hasExample(f) {
			continue
		}
		files = append(files, f)
	}
	if b.pkg, err = doc.NewFromFiles(b.fset, files, modulePath+"/"+r.dir); err != nil {
		return nil, err
	}
	b.all = append(b.all, b.pkg.Examples...)
	all := slices.Clone(b.pkg.Funcs)
	for _, t := range b.pkg.Types {
		b.types[t.Name] = t
		b.all = append(b.all, t.Examples...)
		for _, m := range t.Methods {
			b.all = append(b.all, m.Examples...)
		}
		all = append(all, t.Funcs...)
	}
	for _, f := range all {
		b.all = append(b.all, f.Examples...)
		if !slices.Contains(r.tools, f.Name) {
			b.measures = append(b.measures, f)
		}
	}
	for _, name := range r.tools {
		if !slices.ContainsFunc(all, func(f *doc.Func) bool { return f.Name == name }) {
			return nil, fmt.Errorf("no function %s", name)
		}
	}
	slices.SortFunc(b.measures, func(x, y *doc.Func) int { return strings.Compare(x.Name, y.Name) })
	return b, nil
}

func hasExample(f *ast.File) bool {
	return slices.ContainsFunc(f.Decls, func(d ast.Decl) bool {
		fn, ok := d.(*ast.FuncDecl)
		return ok && strings.HasPrefix(fn.Name.Name, "Example")
	})
}

// page is the file of a measure, below the folder of pages.
func (b *book) page(name string) string { return path.Base(b.room.dir) + "/" + name + ".md" }

// library knows which symbols have a page.
type library struct{ pages map[string]string } // by folder.Name

func newLibrary(books []*book) *library {
	l := &library{map[string]string{}}
	for _, b := range books {
		for _, f := range b.measures {
			l.pages[b.room.dir+"."+f.Name] = b.page(f.Name)
		}
	}
	return l
}

// measure is the page of a function. It stands two folders below docs.
func (l *library) measure(b *book, f *doc.Func, q question) string {
	var out strings.Builder
	out.WriteString(generated)
	fmt.Fprintf(&out, "\n# %s\n\n", f.Name)
	fmt.Fprintf(&out, "[%s](../README.md#%s), package [%s](../../../%s)\n\n", b.room.title, anchor(b.room.title), b.room.dir, b.room.dir)
	fmt.Fprintf(&out, "```go\n%s\n```\n\n", b.source(signature(f.Decl)))
	out.Write(l.text(b, f.Doc))
	if len(q.measures) > 0 {
		fmt.Fprintf(&out, "\nOn the command line: `oncoref measure FLOWS --measures %s`\n", strings.Join(q.measures, ","))
	}
	worked(&out, q)
	for _, x := range b.examples(f) {
		l.example(&out, b, x)
	}
	for _, name := range mentioned(f.Decl.Type.Params) {
		if t := b.types[name]; t != nil && strings.HasSuffix(name, "Config") {
			fmt.Fprintf(&out, "\n## %s\n\n", name)
			out.Write(l.text(b, t.Doc))
			fmt.Fprintf(&out, "\n```go\n%s\n```\n", b.source(t.Decl))
		}
	}
	for _, name := range mentioned(f.Decl.Type.Results) {
		if t := b.types[name]; t != nil {
			l.result(&out, b, t)
		}
	}
	return out.String()
}

// worked shows the values on the shared example that are published.
func worked(out *strings.Builder, q question) {
	if len(q.keys) == 0 {
		return
	}
	out.WriteString("\n## On the shared example\n\nThe files of the example are in [testdata/catalogue](../../../testdata/catalogue), the calls in [examples/catalogue](../../../examples/catalogue).\n\n")
	for i, key := range q.keys {
		if q.values[i] == "" {
			fmt.Fprintf(out, "- `%s`\n", key)
			continue
		}
		fmt.Fprintf(out, "- `%s`: `%s`\n", key, shortened(strings.ReplaceAll(strings.ReplaceAll(q.values[i], ",", ", "), ":", ": ")))
	}
}

// shortened is the beginning of a long text.
func shortened(s string) string {
	const most = 400
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + " ..."
}

// examples are those of a function, else the first of another one that calls it.
func (b *book) examples(f *doc.Func) []*doc.Example {
	if len(f.Examples) > 0 {
		return f.Examples
	}
	for _, x := range b.all {
		calls := false
		ast.Inspect(x.Code, func(n ast.Node) bool {
			s, ok := n.(*ast.SelectorExpr)
			calls = calls || ok && isIdent(s.X, b.pkg.Name) && s.Sel.Name == f.Name
			return !calls
		})
		if calls {
			shown := *x
			shown.Suffix = ""
			return []*doc.Example{&shown}
		}
	}
	return nil
}

// result describes a type that a measure returns, with its methods.
func (l *library) result(out *strings.Builder, b *book, t *doc.Type) {
	fmt.Fprintf(out, "\n## %s\n\n", t.Name)
	out.Write(l.text(b, t.Doc))
	fmt.Fprintf(out, "\n```go\n%s\n```\n", b.source(t.Decl))
	for _, m := range t.Methods {
		switch m.Name {
		case "String", "Error", "Unwrap", "MarshalJSON", "MarshalText", "UnmarshalText":
			continue
		}
		fmt.Fprintf(out, "\n### %s.%s\n\n```go\n%s\n```\n\n", t.Name, m.Name, b.source(signature(m.Decl)))
		out.Write(l.text(b, m.Doc))
		for _, x := range m.Examples {
			l.example(out, b, x)
		}
	}
}

func (l *library) example(out *strings.Builder, b *book, x *doc.Example) {
	heading := "Example"
	if x.Suffix != "" {
		heading += ": " + strings.ReplaceAll(x.Suffix, "_", " ")
	}
	fmt.Fprintf(out, "\n## %s\n", heading)
	if text := l.text(b, x.Doc); text != nil {
		out.WriteByte('\n')
		out.Write(text)
	}
	code := b.source(x.Code)
	if _, ok := x.Code.(*ast.BlockStmt); ok { // the body alone
		code = strings.TrimSuffix(strings.TrimPrefix(code, "{"), "}")
		code = strings.Trim(strings.ReplaceAll(code, "\n\t", "\n"), "\n")
	}
	if i := strings.LastIndex(code, "// Output:"); i >= 0 {
		code = code[:i]
	}
	if i := strings.LastIndex(code, "// Unordered output:"); i >= 0 {
		code = code[:i]
	}
	fmt.Fprintf(out, "\n```go\n%s\n```\n", strings.TrimRight(code, "\n\t "))
	if x.Play != nil {
		for _, d := range x.Play.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Name.Name != "main" {
				fmt.Fprintf(out, "\nwith\n\n```go\n%s\n```\n", b.source(f))
			}
		}
	}
	if x.Output != "" {
		fmt.Fprintf(out, "\nprints\n\n```\n%s```\n", x.Output)
	}
}

// text writes a doc comment as Markdown.
func (l *library) text(b *book, text string) []byte {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	p := b.pkg.Printer()
	p.HeadingLevel = 3
	p.HeadingID = func(*comment.Heading) string { return "" }
	p.DocLinkURL = func(link *comment.DocLink) string { return l.link(b, link) }
	return p.Markdown(b.pkg.Parser().Parse(text))
}

// link leads to the page of a measure, to the folder of a package of the module,
// or out of it.
func (l *library) link(b *book, link *comment.DocLink) string {
	dir := b.room.dir
	if link.ImportPath != "" {
		in, ok := strings.CutPrefix(link.ImportPath, modulePath+"/")
		if !ok {
			return link.DefaultURL("https://pkg.go.dev")
		}
		dir = in
	}
	if page, ok := l.pages[dir+"."+link.Name]; ok && link.Recv == "" {
		return "../" + page
	}
	return "../../../" + dir
}

// source prints a piece of Go.
func (b *book) source(node any) string {
	var out bytes.Buffer
	if err := format.Node(&out, b.fset, node); err != nil {
		return fmt.Sprint(err)
	}
	return out.String()
}

// signature is a function without body and comment.
func signature(f *ast.FuncDecl) *ast.FuncDecl {
	c := *f
	c.Body, c.Doc = nil, nil
	return &c
}

// mentioned lists the names of types in a list of parameters, without those of
// other packages.
func mentioned(list *ast.FieldList) []string {
	if list == nil {
		return nil
	}
	var out []string
	var walk func(n ast.Node) bool
	walk = func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.SelectorExpr:
			return false
		case *ast.Field:
			ast.Inspect(x.Type, walk)
			return false
		case *ast.Ident:
			if !slices.Contains(out, x.Name) {
				out = append(out, x.Name)
			}
		}
		return true
	}
	for _, f := range list.List {
		ast.Inspect(f, walk)
	}
	return out
}

// anchor is the one that GitHub gives a heading.
func anchor(heading string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(heading) {
		switch {
		case r == ' ':
			b.WriteByte('-')
		case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(r)
		}
	}
	return b.String()
}
