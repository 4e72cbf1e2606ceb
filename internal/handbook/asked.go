// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// question says how a function is asked for outside Go.
type question struct {
	measures []string // names in "oncoref measure"
	keys     []string // keys in examples/catalogue
	values   []string // by key: the value on the shared example, as JSON; "" if it is not published
}

// askedBy finds the questions of all functions, by "folder.Name": the entries
// of the command's registry, composite literals with a name, that mention them,
// and the statements v["key"] = ... of the catalogue.
func askedBy(root string, l *library) (map[string]question, error) {
	out := map[string]question{}
	command := filepath.Join(root, "cmd", "oncoref")
	helpers := map[string][]string{} // functions of the command that one measure is behind
	err := eachFile(command, func(f *ast.File, imports map[string]string) {
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv != nil || fn.Body == nil {
				continue
			}
			if list := l.measuresAmong(functions(fn.Body, imports, nil)); len(list) == 1 {
				helpers[fn.Name.Name] = list
			}
		}
	})
	if err != nil {
		return nil, err
	}
	err = eachFile(command, func(f *ast.File, imports map[string]string) {
		ast.Inspect(f, func(n ast.Node) bool {
			lit, ok := n.(*ast.CompositeLit)
			if !ok {
				return true
			}
			name := ""
			for _, e := range lit.Elts {
				if kv, ok := e.(*ast.KeyValueExpr); ok && isIdent(kv.Key, "name") {
					name = stringOf(kv.Value)
				}
			}
			if name == "" {
				return true
			}
			for _, fn := range functions(lit, imports, helpers) {
				q := out[fn]
				q.measures = add(q.measures, name)
				out[fn] = q
			}
			return false
		})
	})
	if err != nil {
		return nil, err
	}
	err = eachFile(filepath.Join(root, "examples", "catalogue"), func(f *ast.File, imports map[string]string) {
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
				keysOf(fn, imports, out)
			}
		}
	})
	if err != nil {
		return nil, err
	}
	return out, addValues(root, out)
}

// addValues looks the keys up among the published values of the shared example.
func addValues(root string, of map[string]question) error {
	text, err := os.ReadFile(filepath.Join(root, "testdata", "catalogue", "expected.json"))
	if err != nil {
		return err
	}
	var published struct {
		Metrics map[string]struct {
			Value json.RawMessage `json:"value"`
		} `json:"metrics"`
	}
	if err := json.Unmarshal(text, &published); err != nil {
		return err
	}
	for name, q := range of {
		for _, k := range q.keys {
			var b bytes.Buffer
			if v := published.Metrics[k].Value; v != nil {
				if err := json.Compact(&b, v); err != nil {
					return err
				}
			}
			q.values = append(q.values, b.String())
		}
		of[name] = q
	}
	return nil
}

// keysOf reads the statements of a function of the catalogue. A variable stands
// for the function whose result it is.
func keysOf(fn *ast.FuncDecl, imports map[string]string, out map[string]question) {
	vars := map[string][]string{}
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		a, ok := n.(*ast.AssignStmt)
		if !ok {
			return true
		}
		var from, called []string
		for _, r := range a.Rhs {
			from = append(from, functions(r, imports, vars)...)
			if call, ok := r.(*ast.CallExpr); ok {
				called = append(called, functions(call.Fun, imports, nil)...)
			}
		}
		for _, l := range a.Lhs {
			if id, ok := l.(*ast.Ident); ok && id.Name != "err" && id.Name != "_" {
				vars[id.Name] = called
			}
			index, ok := l.(*ast.IndexExpr)
			if !ok || stringOf(index.Index) == "" {
				continue
			}
			for _, f := range from {
				q := out[f]
				q.keys = add(q.keys, stringOf(index.Index))
				out[f] = q
			}
		}
		return true
	})
}

// functions lists what an expression mentions of imported packages of the
// module.
func functions(n ast.Node, imports map[string]string, vars map[string][]string) []string {
	var list []string
	ast.Inspect(n, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.SelectorExpr:
			if id, ok := x.X.(*ast.Ident); ok && imports[id.Name] != "" {
				list = append(list, imports[id.Name]+"."+x.Sel.Name)
			}
		case *ast.Ident:
			list = append(list, vars[x.Name]...)
		}
		return true
	})
	return list
}

// measuresAmong keeps the functions that have a page, each once.
func (l *library) measuresAmong(list []string) []string {
	var out []string
	for _, fn := range list {
		if l.pages[fn] != "" {
			out = add(out, fn)
		}
	}
	return out
}

// eachFile gives the files of a folder, tests apart, with the folders of their
// imports by name.
func eachFile(dir string, do func(*ast.File, map[string]string)) error {
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return err
	}
	for _, p := range paths {
		if strings.HasSuffix(p, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), p, nil, 0)
		if err != nil {
			return err
		}
		imports := map[string]string{}
		for _, i := range f.Imports {
			path, _ := strconv.Unquote(i.Path.Value)
			if in, ok := strings.CutPrefix(path, modulePath+"/"); ok {
				name := in[strings.LastIndex(in, "/")+1:]
				if i.Name != nil {
					name = i.Name.Name
				}
				imports[name] = in
			}
		}
		do(f, imports)
	}
	return nil
}

func isIdent(e ast.Expr, name string) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == name
}

// stringOf is the value of a text literal, else "".
func stringOf(e ast.Expr) string {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return ""
	}
	s, _ := strconv.Unquote(lit.Value)
	return s
}

func add(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	list = append(list, s)
	slices.Sort(list)
	return list
}
