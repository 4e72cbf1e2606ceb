// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// module is one that is linked into a binary.
type module struct{ Path, Version, Dir string }

// embedded are works of others inside a module, which its license file does not
// name, by module.
var embedded = map[string][]struct{ name, license string }{
	"github.com/goccy/go-graphviz": {{"Graphviz 12.1.2, compiled to WebAssembly; source: https://graphviz.org", "EPL-2.0"}},
}

// phrases tell licenses apart; the first license of which all phrases occur is
// meant. Texts are compared in lower case, with single spaces.
var phrases = []struct {
	license string
	all     []string
}{
	{"FTL", []string{"subject to your choice of exactly one of the following two licenses", "the freetype license"}},
	{"BSD-3-Clause and Apache-2.0 and MIT", []string{"redistribution and use in source and binary forms", "apache license", "permission is hereby granted, free of charge"}},
	{"MIT and Apache-2.0", []string{"permission is hereby granted, free of charge", "licensed under the apache license, version 2.0"}},
	{"Apache-2.0", []string{"apache license", "version 2.0, january 2004", "grant of patent license"}},
	{"OFL-1.1", []string{"sil open font license version 1.1"}},
	{"BSD-3-Clause", []string{"redistribution and use in source and binary forms", "neither the name"}},
	{"BSD-3-Clause", []string{"redistribution and use in source and binary forms", "may not be used to endorse or promote products", "names of its contributors"}},
	{"BSD-2-Clause", []string{"redistribution and use in source and binary forms", "redistributions in binary form must reproduce"}},
	{"MIT", []string{"permission is hereby granted, free of charge", "the above copyright notice and this permission notice"}},
	{"ISC", []string{"permission to use, copy, modify, and/or distribute this software for any purpose"}},
	{"EPL-2.0", []string{"eclipse public license - v 2.0"}},
}

// classify names the license of a text, "" for none that may be linked. The
// GNU licenses and others that ask for more than a notice are not among them.
func classify(text string) string {
	text = strings.Join(strings.Fields(strings.ToLower(text)), " ")
	for _, p := range phrases {
		if !slices.ContainsFunc(p.all, func(s string) bool { return !strings.Contains(text, s) }) {
			return p.license
		}
	}
	return ""
}

// linked lists the modules that the command contains on a system, by path,
// without this one.
func linked(ctx context.Context, root string, t target) ([]module, error) {
	c := exec.CommandContext(ctx, "go", "list", "-deps", "-json=Module", command)
	c.Dir = root
	c.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-mod=readonly", "GOOS="+t.os, "GOARCH="+t.arch)
	c.Stderr = os.Stderr
	out, err := c.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	found := map[string]module{}
	d := json.NewDecoder(bytes.NewReader(out))
	for {
		var p struct{ Module *module }
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		if p.Module != nil && p.Module.Version != "" {
			found[p.Module.Path] = *p.Module
		}
	}
	list := slices.Collect(maps.Values(found))
	slices.SortFunc(list, func(a, b module) int { return cmp.Compare(a.Path, b.Path) })
	return list, nil
}

// gather collects the license texts: our own, those of the modules and of Go,
// and a list of them.
func gather(ctx context.Context, root string, modules []module) ([]file, error) {
	var files []file
	for _, name := range []string{"LICENSE", "NOTICE", "README.md", "CHANGELOG.md"} {
		data, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			return nil, err
		}
		files = append(files, file{name, data, false})
	}
	rows := [][]string{{"module", "version", "license", "part"}}
	goroot, err := text(ctx, root, "go", "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	goversion, err := text(ctx, root, "go", "env", "GOVERSION")
	if err != nil {
		return nil, err
	}
	for _, m := range append([]module{{"std", goversion, goroot}}, modules...) {
		texts, licenses, err := licenseTexts(m)
		if err != nil {
			return nil, err
		}
		files = append(files, texts...)
		rows = append(rows, []string{m.Path, m.Version, strings.Join(licenses, " and "), ""})
		for _, e := range embedded[m.Path] {
			rows = append(rows, []string{m.Path, m.Version, e.license, e.name})
		}
	}
	files = append(files, file{"licenses/EPL-2.0.txt", eclipse, false})
	var list bytes.Buffer
	if err := csv.NewWriter(&list).WriteAll(rows); err != nil {
		return nil, err
	}
	return append(files, file{"licenses/licenses.csv", list.Bytes(), false}), nil
}

// licenseTexts gives the license files of a module and what they are. A module
// without one, or with one that is not known to allow linking, is an error.
func licenseTexts(m module) ([]file, []string, error) {
	entries, err := os.ReadDir(m.Dir)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w (go mod download fetches it)", m.Path, err)
	}
	var files []file
	var licenses []string
	for _, e := range entries {
		name := strings.ToUpper(e.Name())
		license := strings.HasPrefix(name, "LICEN") || strings.HasPrefix(name, "COPYING")
		if e.IsDir() || !license && !strings.HasPrefix(name, "NOTICE") {
			continue
		}
		data, err := os.ReadFile(filepath.Join(m.Dir, e.Name()))
		if err != nil {
			return nil, nil, err
		}
		files = append(files, file{"licenses/" + m.Path + "/" + e.Name(), data, false})
		if !license {
			continue
		}
		is := classify(string(data))
		switch is {
		case "":
			return nil, nil, fmt.Errorf("%s: %s is no license known to allow linking; if it does, add it", m.Path, e.Name())
		case "FTL": // its text stands in a file of its own
			data, err := os.ReadFile(filepath.Join(m.Dir, "licenses", "ftl.txt"))
			if err != nil {
				return nil, nil, err
			}
			files = append(files, file{"licenses/" + m.Path + "/ftl.txt", data, false})
		}
		if !slices.Contains(licenses, is) {
			licenses = append(licenses, is)
		}
	}
	if len(licenses) == 0 {
		return nil, nil, fmt.Errorf("%s %s: no license file", m.Path, m.Version)
	}
	return files, licenses, nil
}
