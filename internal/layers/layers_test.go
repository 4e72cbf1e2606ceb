// SPDX-License-Identifier: Apache-2.0

package layers

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// root is the module's folder, seen from this package.
const root = "../.."

// maxLines is the longest a Go file may be.
const maxLines = 600

type file struct {
	path, room string
	test       bool
	text       []byte
	syntax     *ast.File
}

func goFiles(t *testing.T) []file {
	t.Helper()
	var out []file
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != root && strings.HasPrefix(d.Name(), ".") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") {
			return nil
		}
		rel, err := filepath.Rel(root, path)
		require.NoError(t, err)
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		syntax, err := parser.ParseFile(token.NewFileSet(), path, text, parser.ParseComments)
		require.NoError(t, err)
		rel = filepath.ToSlash(rel)
		room := filepath.ToSlash(filepath.Dir(rel))
		if bytes.Contains(text, []byte("\n//go:build ignore\n")) {
			room = "cmd/" + room // a program of its own
		}
		out = append(out, file{rel, room, strings.HasSuffix(rel, "_test.go"), text, syntax})
		return nil
	})
	require.NoError(t, err)
	require.NotEmpty(t, out)
	return out
}

func TestImportsPointDown(t *testing.T) {
	for _, f := range goFiles(t) {
		if f.room == "internal/layers" {
			continue
		}
		for _, imp := range f.syntax.Imports {
			path, err := strconv.Unquote(imp.Path.Value)
			require.NoError(t, err)
			assert.NoError(t, checkImport(f.room, path, f.test), f.path)
		}
	}
}

func TestWrongArrowsAreFound(t *testing.T) {
	for _, c := range []struct {
		room, path string
		test, ok   bool
	}{
		{"network", module + "/graph", false, false},
		{"graph", module + "/network", false, false},
		{"graph/centrality", module + "/graph/structure", false, false},
		{"referral", module + "/seeds", false, false},
		{"referral/chart", module + "/seeds", true, false},
		{"referral/flow", module + "/referral/chart", false, false},
		{"referral", "github.com/goccy/go-graphviz", false, false},
		{"referral/flow", "gonum.org/v1/gonum/graph/simple", false, false},
		{"network", "net/http", false, false},
		{"referral/flow", module + "/internal/catalogue", false, false},
		{"referral/flow", module + "/internal/catalogue", true, true},
		{"referral", module + "/internal/catalogue", true, false},
		{"newroom", module + "/graph", false, false},
		{"referral", module + "/graph/../x", false, false},
		{"graph/viz", "github.com/goccy/go-graphviz/cgraph", false, true},
		{"graph/viz", module + "/graph/dot", false, true},
		{"referral", module + "/network", false, true},
		{"referral/chart", module + "/referral/flow", false, true},
		{"seeds", module + "/referral", false, true},
		{"cmd/oncoref", module + "/seeds", false, true},
		{"graph", "math/rand/v2", false, true},
	} {
		err := checkImport(c.room, c.path, c.test)
		assert.Equal(t, c.ok, err == nil, "%s imports %s: %v", c.room, c.path, err)
	}
}

func TestRootHoldsNoGoFile(t *testing.T) {
	for _, f := range goFiles(t) {
		assert.NotEqual(t, ".", f.room, f.path)
	}
}

func TestFilesBeginWithLicenseAndStayShort(t *testing.T) {
	for _, f := range goFiles(t) {
		assert.True(t, bytes.HasPrefix(f.text, []byte("// SPDX-License-Identifier: Apache-2.0\n")), f.path)
		assert.LessOrEqual(t, bytes.Count(f.text, []byte("\n")), maxLines, f.path)
	}
}

// The mathematics knows no medicine, and the medicine no mathematics.
func TestWordsStayInTheirRooms(t *testing.T) {
	medicine := regexp.MustCompile(`(?i)patient|hospital|tumou?r|cancer`)
	mathematics := regexp.MustCompile(`Node|Edge|(^|[^y])Site`)
	for _, f := range goFiles(t) {
		switch {
		case f.room == "graph" || strings.HasPrefix(f.room, "graph/"):
			assert.Empty(t, medicine.FindString(string(f.text)), "%s", f.path)
		case f.test:
		case f.room == "network" || f.room == "referral" || strings.HasPrefix(f.room, "referral/"):
			for name := range exported(f.syntax) {
				assert.Empty(t, mathematics.FindString(name), "%s: %s", f.path, name)
			}
		}
	}
}

// exported collects the exported names that a file declares: types, functions,
// methods, fields, constants and variables.
func exported(f *ast.File) map[string]bool {
	names := map[string]bool{}
	add := func(ids ...*ast.Ident) {
		for _, id := range ids {
			if id.IsExported() {
				names[id.Name] = true
			}
		}
	}
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			add(d.Name)
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.ValueSpec:
					add(s.Names...)
				case *ast.TypeSpec:
					add(s.Name)
					if st, ok := s.Type.(*ast.StructType); ok {
						for _, field := range st.Fields.List {
							add(field.Names...)
						}
					}
				}
			}
		}
	}
	return names
}
