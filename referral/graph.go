// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"fmt"

	"github.com/oncoref/oncoref/graph"
)

// Policy says which weight a flow gets in a graph when its count is not known
// exactly.
type Policy uint8

// The policies.
const (
	Counts   Policy = iota // the count; a cell that is not exact is an error
	Lower                  // the lower bound
	Upper                  // the upper bound; a cell without one is an error
	Presence               // 1 for every flow known to occur
)

var policyNames = [...]string{"counts", "lower", "upper", "presence"}

// String returns the policy in lower case.
func (p Policy) String() string { return nameOf(policyNames[:], uint8(p)) }

// Graph returns the flows as a directed graph. Every label of the table is a
// member of the graph, also one without flow, and so is every member of a
// set-valued class; a set-valued class is itself one, keyed by its label.
// Retained patients are a loop at their origin, those of a set-valued
// destination that contains the origin included. Flows whose weight is zero
// are left out.
//
// It returns a [*CellError] naming the first flow that does not fit the policy:
// under Counts a cell that is not exact, under Upper one without upper bound,
// and under both any pair that is not listed when [Table.Absent] is missing.
// Time and memory are linear in classes and cells.
func (t *Table) Graph(p Policy) (*graph.Digraph, error) {
	if int(p) >= len(policyNames) {
		return nil, fmt.Errorf("referral: policy %v", p)
	}
	if t.absent.State == Missing && (p == Counts || p == Upper) {
		return nil, t.unlistedError(p)
	}
	var b graph.Builder
	for _, c := range t.classes {
		if err := b.AddNode(c.label); err != nil {
			return nil, err
		}
	}
	for f := range t.Flows() {
		w, want := p.weight(f.Cell)
		if want != "" {
			return nil, &CellError{Origin: f.Origin, Destination: f.Destination, Cell: f.Cell, Want: want}
		}
		if w == 0 {
			continue
		}
		to := f.Destination
		if f.Retained() {
			to = f.Origin
		}
		if err := b.AddEdge(f.Origin, to, w); err != nil {
			return nil, err
		}
	}
	return b.Build(), nil
}

const (
	wantExact   = "an exact count; the policies lower, upper and presence work with less"
	wantBounded = "an upper bound; the policies lower and presence work without one"
)

// weight gives the weight of a cell, and says what was expected if it has none.
func (p Policy) weight(c Cell) (float64, string) {
	switch {
	case p == Counts && !c.Known():
		return 0, wantExact
	case p == Upper && c.Hi > maxCount:
		return 0, wantBounded
	case p == Upper:
		return c.Hi, ""
	case p == Presence && c.Lo > 0:
		return 1, ""
	case p == Presence:
		return 0, ""
	}
	return c.Lo, ""
}

// unlistedError names the first flow that does not fit, listed or not.
func (t *Table) unlistedError(p Policy) error {
	for f := range t.Flows() {
		if _, want := p.weight(f.Cell); want != "" {
			return &CellError{Origin: f.Origin, Destination: f.Destination, Cell: f.Cell, Want: want}
		}
	}
	want := wantExact
	if p == Upper {
		want = wantBounded
	}
	return &CellError{Origin: "any", Destination: "not listed", Cell: t.absent, Want: want}
}
