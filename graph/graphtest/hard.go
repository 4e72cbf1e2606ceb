// SPDX-License-Identifier: Apache-2.0

package graphtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"math"
	"os"
	"strings"
)

// Hard returns the graphs of [Standard] and more that are hard in other ways:
// equal blocks, stars, and weights from 1e-12 to 1e12.
func Hard() []Case {
	const small, large = 1e-12, 1e12
	hard := append(Standard(),
		Case{"two equal blocks", Build([]Edge{
			{"a", "b", 3}, {"b", "c", 3}, {"c", "a", 3}, {"x", "y", 3}, {"y", "z", 3}, {"z", "x", 3},
		})},
		Case{"two equal full blocks and a lone node", Build([]Edge{
			{"a", "b", 1}, {"a", "c", 1}, {"b", "a", 1}, {"b", "c", 1}, {"c", "a", 1}, {"c", "b", 1},
			{"x", "y", 1}, {"x", "z", 1}, {"y", "x", 1}, {"y", "z", 1}, {"z", "x", 1}, {"z", "y", 1},
		}, "lone")},
		Case{"star both ways", Build([]Edge{
			{"hub", "a", 2}, {"hub", "b", 2}, {"hub", "c", 2}, {"a", "hub", 1}, {"b", "hub", 1}, {"c", "hub", 1},
		})},
		Case{"mutual pair and loops", Build([]Edge{{"a", "b", 1}, {"b", "a", 1}, {"a", "a", 5}, {"c", "c", 7}})},
		Case{"extreme cycle", Build([]Edge{{"a", "b", small}, {"b", "c", 1}, {"c", "a", large}, {"a", "c", small}, {"b", "b", large}})},
		Case{"extreme star", Build([]Edge{{"a", "hub", small}, {"b", "hub", large}, {"hub", "c", small}, {"c", "hub", 1}})},
	)
	var wide []Edge
	for i := range 9 {
		for j := range 9 {
			if (i*7+j*5)%3 != 0 {
				wide = append(wide, Edge{Key(i), Key(j), math.Pow(10, float64((i*11+j*17)%25-12))})
			}
		}
	}
	return append(hard, Case{"extreme mesh", Build(wide)})
}

// Functions returns the names of the exported functions of the package in a
// folder, without methods and tests, so that a table can be held against them.
func Functions(dir string) []string {
	var names []string
	files, err := fs.Glob(os.DirFS(dir), "*.go")
	must(err)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), fmt.Sprintf("%s/%s", dir, file), nil, parser.SkipObjectResolution)
		must(err)
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.IsExported() {
				names = append(names, fn.Name.Name)
			}
		}
	}
	return names
}
