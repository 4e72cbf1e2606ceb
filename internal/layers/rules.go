// SPDX-License-Identifier: Apache-2.0

// Package layers holds the rules of who may import whom in this module, and
// the test that enforces them. See CONTRIBUTING for the floors.
package layers

import (
	"fmt"
	"slices"
	"strings"
)

// module is the path that all packages of the library begin with.
const module = "github.com/oncoref/oncoref"

// floors lists the rooms from the ground up. A room imports rooms of lower
// floors only, except where sideways says otherwise.
var floors = [][]string{
	{"internal/delimited", "internal/plain", "internal/nearest", "internal/transport", "internal/linear", "internal/quantile",
		"graph/internal/*"},
	{"graph", "graph/graphtest", "graph/centrality", "graph/community", "graph/structure", "graph/dot", "graph/viz",
		"graph/exchange", "network"},
	{"referral"},
	{"internal/catalogue"},
	{"referral/source", "referral/flow", "referral/flow/gravity", "referral/pathway", "referral/coverage", "referral/siting",
		"referral/inference", "referral/disclosure", "referral/chart", "referral/export", "internal/small"},
	{"referral/simulate", "seeds", "referral/report", "internal/output"},
	{"examples/internal/*"},
	{"cmd/*", "examples/*", "internal/release", "internal/handbook"},
}

// sideways lists the arrows allowed within a floor.
var sideways = map[string][]string{
	"graph/graphtest":       {"graph"},
	"graph/centrality":      {"graph"},
	"graph/community":       {"graph"},
	"graph/structure":       {"graph"},
	"graph/dot":             {"graph"},
	"graph/viz":             {"graph", "graph/dot"},
	"graph/exchange":        {"graph"},
	"referral/inference":    {"referral/flow"},
	"referral/flow/gravity": {"referral/flow"},
	"referral/coverage":     {"referral/flow"},
	"referral/siting":       {"referral/coverage", "referral/flow"},
	"referral/chart":        {"referral/flow", "referral/coverage", "referral/pathway", "referral/siting", "referral/inference", "referral/disclosure"},
	"internal/small":        {"referral/disclosure"},
	"seeds":                 {"referral/simulate"},
}

// outside says which rooms may import a module from outside the library; a
// module that is not listed may be imported anywhere.
var outside = []struct {
	prefix string
	rooms  []string
}{
	{"github.com/goccy/go-graphviz", []string{"graph/viz"}},
	{"gonum.org/v1/gonum/graph", []string{"graph", "graph/graphtest", "graph/centrality", "graph/community", "graph/structure", "graph/dot", "graph/viz"}},
	{"gonum.org/v1/plot", []string{"graph/viz", "referral/chart"}},
	{"codeberg.org/go-pdf", []string{"graph/viz", "referral/chart"}},
	{"codeberg.org/go-fonts", []string{"graph/viz", "referral/chart"}},
	{"golang.org/x/text", []string{"internal/delimited", "internal/plain", "internal/nearest", "referral/source"}},
	{"github.com/parquet-go", []string{"referral/source"}},
	{"github.com/xuri/excelize", []string{"referral/source"}},
	{"github.com/klauspost/compress", []string{"referral/source"}},
	{"database/sql", []string{"referral/source"}},
	{"github.com/jackc/pgx", []string{"referral/source"}},
	{"github.com/spf13/cobra", []string{"cmd/*"}},
	{"github.com/jedib0t/go-pretty", []string{"cmd/*"}},
	{"math/rand", []string{}}, // random numbers come from math/rand/v2 and a seed
	{"log", []string{"cmd/*", "examples/*", "internal/release", "internal/handbook"}},
	{"net/http", []string{}},
}

// checkImport returns an error if a file of room may not import path. In
// tests more of the outside is allowed, but the floors hold all the same.
func checkImport(room, path string, test bool) error {
	if rest, ok := strings.CutPrefix(path, module+"/"); ok {
		if test && rest == "graph/graphtest" && strings.HasPrefix(room, "graph") {
			return nil
		}
		if !test && rest == "internal/catalogue" {
			return fmt.Errorf("%s imports %s: only tests may", room, path)
		}
		return checkArrow(room, rest)
	}
	for _, o := range outside {
		if path != o.prefix && !strings.HasPrefix(path, o.prefix+"/") || path == "math/rand/v2" {
			continue
		}
		if !test && !slices.ContainsFunc(o.rooms, func(r string) bool { return matches(r, room) }) {
			return fmt.Errorf("%s imports %s: only %v may", room, path, o.rooms)
		}
	}
	return nil
}

func checkArrow(room, target string) error {
	from, to := floorOf(room), floorOf(target)
	switch {
	case from < 0:
		return fmt.Errorf("%s is not in the house: give it a floor", room)
	case to < 0:
		return fmt.Errorf("%s imports %s, which is not in the house", room, target)
	case to < from, room == target, slices.Contains(sideways[room], target):
		return nil
	}
	return fmt.Errorf("%s (floor %d) imports %s (floor %d): imports point down only", room, from, target, to)
}

// floorOf gives the floor of a room, or -1.
func floorOf(room string) int {
	for i, rooms := range floors {
		if slices.ContainsFunc(rooms, func(r string) bool { return matches(r, room) }) {
			return i
		}
	}
	return -1
}

func matches(pattern, room string) bool {
	if prefix, ok := strings.CutSuffix(pattern, "*"); ok {
		return strings.HasPrefix(room, prefix)
	}
	return pattern == room
}
