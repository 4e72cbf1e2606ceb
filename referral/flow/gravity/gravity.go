// SPDX-License-Identifier: Apache-2.0

package gravity

import (
	"context"
	"fmt"
	"math"

	"github.com/oncoref/oncoref/referral"
)

// Constraint says which totals of the table a model keeps.
type Constraint uint8

// The constraints.
const (
	Production Constraint = iota // the totals of the origins
	Doubly                       // those of the destinations too
)

// String returns "production" or "doubly".
func (c Constraint) String() string {
	switch c {
	case Production:
		return "production"
	case Doubly:
		return "doubly"
	}
	return fmt.Sprintf("Constraint(%d)", uint8(c))
}

// Config are the choices of [Fit].
type Config struct {
	Constraint   Constraint // the zero value is Production
	DropRetained bool       // only the flows between classes, totals without those who stay
}

// Cell is the flow between two classes beside what the model expects.
type Cell struct {
	Origin, Destination string
	Cost                float64 // NaN where none was needed
	Observed, Expected  float64 // patients
	Residual            float64 // (Observed - Expected) / √Expected; NaN where nothing is expected
}

// Model is a fitted model. If Beta has no value, none of the others has, and
// Cells is nil.
type Model struct {
	Beta     referral.Result // decay per unit of cost; negative if patients prefer what is far
	MeanCost referral.Result // of a patient, in the unit of the costs; the model has the same
	CPC      referral.Result // common part of commuters, 0 to 1: 1 if all flows are as expected
	SRMSE    referral.Result // standardized root mean square error, at least 0
	Cells    []Cell          // every origin with every class, in order; origins without patients too
}

// Reasons of a model that has no value.
const (
	ReasonOneCost   = "one_cost"   // all ways that are open to a class cost the same: any decay fits
	ReasonNoDecay   = "no_decay"   // no finite decay is steep enough: all go the cheapest, or dearest, way
	ReasonSetValued = "set_valued" // patients of a set-valued class have no one place
)

// Fit returns the gravity model of a table whose cells are exact:
//
//	production: M_ij = O_i D_j e^(-β c_ij) / Σ_k D_k e^(-β c_ik)
//	doubly:     M_ij = A_i B_j O_i D_j e^(-β c_ij), with Σ_j M_ij = O_i and Σ_i M_ij = D_j
//
// with O_i and D_j the totals of the table, c the costs and β by Hyman's
// condition, which is that of maximum likelihood for Poisson counts:
//
//	Σ M_ij c_ij = Σ F_ij c_ij
//
// The fit is measured by the common part of commuters and the standardized root
// mean square error over the K cells of origins with patients:
//
//	CPC = 2 Σ min(F, M) / (Σ F + Σ M), SRMSE = √(Σ (F - M)² / K) / (T / K)
//
// Retained patients are in the model at the cost of staying, unless
// DropRetained leaves them out. Untreated patients and unknown places are not in
// the model. An origin without patients expects nobody and is not in K;
// a structural zero is no way at all and not in K either.
//
// All values are undefined if a cell or an unlisted pair is not exact
// (unknown_cells, unlisted_cells), which [flow.TableBounds] can help with; if
// patients are in a set-valued class (set_valued), nobody is left (zero_denominator), all ways of
// each class cost the same (one_cost), or no finite β is steep enough (no_decay).
//
// The error is a [*CostError] for a way between an origin with patients and a
// destination with patients that has no cost; wraps [structure.ErrNotConverged]
// if the totals of a doubly constrained model cannot be met, or is that of ctx.
//
// Time O(n²) for each of about 50 values of β, times the sweeps of the
// proportional fitting if doubly constrained; memory O(n²).
//
// Reference: Wilson 1971, doi:10.1068/a030001; Hyman 1969,
// doi:10.1068/a010105; CPC: Lenormand, Huet, Gargiulo and Deffuant 2012,
// doi:10.1371/journal.pone.0045985.
//
// [flow.TableBounds]: https://pkg.go.dev/github.com/oncoref/oncoref/referral/flow#TableBounds
func Fit(ctx context.Context, t *referral.Table, costs Costs, c Config) (Model, error) {
	if c.Constraint > Doubly {
		return Model{}, fmt.Errorf("gravity: constraint %v: want production or doubly", c.Constraint)
	}
	f, reason := newFlows(t, c)
	if reason != "" {
		return undefined(reason), nil
	}
	if err := f.price(costs); err != nil {
		return Model{}, err
	}
	beta, reason, err := f.fit(ctx, c.Constraint)
	if err != nil {
		return Model{}, err
	}
	if reason != "" {
		return undefined(reason), nil
	}
	return f.model(beta), nil
}

func undefined(reason string) Model {
	r := referral.UndefinedResult(reason)
	return Model{Beta: r, MeanCost: r, CPC: r, SRMSE: r}
}

// model compares what is observed with what is expected.
func (f *flows) model(beta float64) Model {
	var m Model
	var common, squares, observed, expected, cost float64
	k := 0
	for i, o := range f.origins {
		for j, d := range f.classes {
			a := i*len(f.classes) + j
			c := Cell{Origin: o, Destination: d, Cost: f.cost[a], Observed: f.count[a], Expected: f.expected[a], Residual: math.NaN()}
			if c.Expected > 0 {
				c.Residual = (c.Observed - c.Expected) / math.Sqrt(c.Expected)
			}
			m.Cells = append(m.Cells, c)
			if f.row[i] == 0 || f.barred[a] {
				continue
			}
			k++
			common += min(c.Observed, c.Expected)
			squares += (c.Observed - c.Expected) * (c.Observed - c.Expected)
			observed += c.Observed
			expected += c.Expected
			if c.Observed > 0 {
				cost += c.Observed * c.Cost
			}
		}
	}
	n := int(math.Round(observed))
	value := func(x float64) referral.Result {
		r := referral.ExactResult(x)
		r.N = n
		return r
	}
	m.Beta = value(beta)
	m.MeanCost = value(cost / observed)
	m.CPC = value(2 * common / (observed + expected))
	m.SRMSE = value(math.Sqrt(squares/float64(k)) / (observed / float64(k)))
	return m
}
