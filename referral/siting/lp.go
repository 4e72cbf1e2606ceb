// SPDX-License-Identifier: Apache-2.0

package siting

import (
	"bufio"
	"fmt"
	"io"
	"math"
)

// Export says which model of a problem WriteLP writes.
type Export struct {
	Model  Model
	Count  int     // of centers; not for CoverModel
	Radius float64 // for CoverModel and MaxCoverModel
	Times  int     // for CoverModel: how many centers each demand needs; 0 means 1
	Whole  bool    // for CapacitatedModel: demands are not divided
}

// WriteLP writes a model in the LP format that GLPK (glpsol --lp), CBC, SCIP,
// HiGHS, Gurobi and CPLEX read. Variables are y<j> for "candidate j is a center"
// and x<r>_<j> for the part of demand r that it serves, with j and r counted
// from 0 in the order of the IDs; comments give the IDs.
//
// It returns a *ProblemError for a wrong problem or question, or the error of w.
func WriteLP(w io.Writer, p Problem, e Export) error {
	in, err := p.compile()
	if err != nil {
		return err
	}
	if e.Model > CapacitatedModel {
		return &ProblemError{Field: "Model", Value: e.Model.String(), Want: "a model of this package"}
	}
	if e.Model != CoverModel {
		if err := in.checkCount(e.Count); err != nil {
			return err
		}
	}
	if e.Model == CoverModel || e.Model == MaxCoverModel {
		if err := checkRadius(e.Radius); err != nil {
			return err
		}
	}
	b := &lp{Writer: bufio.NewWriter(w), in: in, e: e}
	b.write()
	return b.Flush()
}

type lp struct {
	*bufio.Writer
	in *instance
	e  Export
}

func (b *lp) printf(format string, a ...any) { fmt.Fprintf(b, format, a...) }

func (b *lp) write() {
	b.printf("\\ %s\n", b.e.Model)
	for j, c := range b.in.candidates {
		b.printf("\\ y%d = %q\n", j, c.ID)
	}
	for r, d := range b.in.demands {
		b.printf("\\ demand %d = %q\n", r, d.ID)
	}
	switch b.e.Model {
	case MedianModel, CapacitatedModel:
		b.printf("Minimize\n obj:")
		b.assigned(func(r, j int) { b.printf(" + %.17g x%d_%d", b.in.demands[r].Weight*b.in.at(r, j), r, j) })
		b.printf("\nSubject To\n")
		b.assignment()
	case CenterModel:
		b.printf("Minimize\n obj: z\nSubject To\n")
		b.assignment()
		for r := range b.in.demands {
			b.printf(" far%d:", r)
			for j := range b.in.candidates {
				if b.serves(r, j) {
					b.printf(" + %.17g x%d_%d", b.in.at(r, j), r, j)
				}
			}
			b.printf(" - z <= 0\n")
		}
	case CoverModel:
		b.printf("Minimize\n obj:")
		b.centers()
		b.printf("\nSubject To\n")
		b.covered(fmt.Sprintf(" >= %d", max(1, b.e.Times)))
	case MaxCoverModel:
		b.printf("Maximize\n obj:")
		for r, d := range b.in.demands {
			b.printf(" + %.17g z%d", d.Weight, r)
		}
		b.printf("\nSubject To\n")
		b.covered(" - z%d >= 0")
	}
	if b.e.Model != CoverModel {
		b.printf(" count:")
		b.centers()
		b.printf(" = %d\n", b.e.Count)
	}
	for j, c := range b.in.candidates {
		switch c.Choice {
		case Fixed:
			b.printf(" fixed%d: y%d = 1\n", j, j)
		case Forbidden:
			b.printf(" forbidden%d: y%d = 0\n", j, j)
		case Free:
		}
	}
	b.variables()
}

func (b *lp) serves(r, j int) bool { return !math.IsInf(b.in.at(r, j), 1) }

func (b *lp) assigned(f func(r, j int)) {
	for r := range b.in.demands {
		for j := range b.in.candidates {
			if b.serves(r, j) {
				f(r, j)
			}
		}
	}
}

// assignment sends every demand somewhere, to centers only, within volumes.
func (b *lp) assignment() {
	for r, d := range b.in.demands {
		if b.e.Model != CenterModel && d.Weight == 0 {
			continue
		}
		b.printf(" serve%d:", r)
		for j := range b.in.candidates {
			if b.serves(r, j) {
				b.printf(" + x%d_%d", r, j)
			}
		}
		b.printf(" = 1\n")
	}
	b.assigned(func(r, j int) { b.printf(" open%d_%d: x%d_%d - y%d <= 0\n", r, j, r, j, j) })
	if b.e.Model != CapacitatedModel {
		return
	}
	for j, c := range b.in.candidates {
		if c.Capacity > 0 {
			b.volume("most", j, fmt.Sprintf(" - %.17g y%d <= 0", c.Capacity, j))
		}
		if c.Least > 0 {
			b.volume("least", j, fmt.Sprintf(" - %.17g y%d >= 0", c.Least, j))
		}
	}
}

func (b *lp) volume(name string, j int, end string) {
	b.printf(" %s%d:", name, j)
	for r, d := range b.in.demands {
		if b.serves(r, j) {
			b.printf(" + %.17g x%d_%d", d.Weight, r, j)
		}
	}
	b.printf("%s\n", end)
}

func (b *lp) covered(end string) {
	for r := range b.in.demands {
		b.printf(" cover%d:", r)
		listed := false
		for j := range b.in.candidates {
			if reaches(b.in.at(r, j), b.e.Radius) {
				b.printf(" + y%d", j)
				listed = true
			}
		}
		if !listed {
			b.printf(" 0 y0")
		}
		if b.e.Model == MaxCoverModel {
			b.printf(end+"\n", r)
		} else {
			b.printf("%s\n", end)
		}
	}
}

func (b *lp) centers() {
	for j := range b.in.candidates {
		b.printf(" + y%d", j)
	}
}

// variables closes the model with the bounds and types of the variables.
func (b *lp) variables() {
	if b.e.Model == MaxCoverModel {
		b.printf("Bounds\n")
		for r := range b.in.demands {
			b.printf(" 0 <= z%d <= 1\n", r)
		}
	}
	b.printf("Binary\n")
	for j := range b.in.candidates {
		b.printf(" y%d\n", j)
	}
	if b.e.Model == CapacitatedModel && b.e.Whole || b.e.Model == CenterModel {
		b.assigned(func(r, j int) { b.printf(" x%d_%d\n", r, j) })
	}
	b.printf("End\n")
}
