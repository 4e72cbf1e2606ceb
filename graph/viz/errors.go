// SPDX-License-Identifier: Apache-2.0

package viz

import (
	"errors"
	"fmt"
)

// Errors that say what kind of failure a returned error is; test for them with
// errors.Is.
var (
	// ErrTooLarge matches a *[TooLargeError].
	ErrTooLarge = errors.New("graph too large to draw")
	// ErrName matches a *[NameError].
	ErrName = errors.New("unknown name")
	// ErrSyntax means that the input is not a graph in the DOT language.
	ErrSyntax = errors.New("not valid DOT")
	// ErrRender means that Graphviz failed on, or gave no usable drawing of, a
	// graph that it could read.
	ErrRender = errors.New("cannot render")
	// ErrOption means that a field of Options has a value that is not allowed.
	ErrOption = errors.New("bad option")
	// ErrWorker means that the worker process could not be started, died, or
	// answered nonsense. It says nothing about the graph.
	ErrWorker = errors.New("render worker failed")
)

// TooLargeError refuses a graph beyond the budget of its layout. It matches
// [ErrTooLarge].
type TooLargeError struct {
	Layout             Layout
	Labeled            bool // the limits are those for graphs with edge labels
	Nodes, Edges       int  // what the graph has
	MaxNodes, MaxEdges int  // what the layout may get; negative: no bound
}

// Error says how large the graph is, what the limit is and what to do.
func (e *TooLargeError) Error() string {
	advice := "use pinned positions or sfdp, or draw the strongest edges only"
	if e.Layout == SFDP {
		advice = "use pinned positions, or draw the strongest edges only"
	}
	if e.Layout == Pinned {
		advice = "draw the strongest edges only"
	}
	if e.Labeled {
		advice = "leave out the edge labels, " + advice
	}
	return fmt.Sprintf("%v: layout %v takes %s nodes and %s edges, got %d and %d; %s, or raise MaxNodes and MaxEdges",
		ErrTooLarge, e.Layout, limitText(e.MaxNodes), limitText(e.MaxEdges), e.Nodes, e.Edges, advice)
}

// Is reports that the error matches [ErrTooLarge].
func (e *TooLargeError) Is(target error) bool { return target == ErrTooLarge }

func limitText(n int) string {
	if n < 0 {
		return "any number of"
	}
	return fmt.Sprintf("at most %d", n)
}

// NameError refuses an unknown format or layout. It matches [ErrName].
type NameError struct {
	Kind string // "format" or "layout"
	Name string // what was given
	Want string // the names that are known
}

// Error names what was given and what is known.
func (e *NameError) Error() string {
	return fmt.Sprintf("unknown %s %q: want %s", e.Kind, e.Name, e.Want)
}

// Is reports that the error matches [ErrName].
func (e *NameError) Is(target error) bool { return target == ErrName }
