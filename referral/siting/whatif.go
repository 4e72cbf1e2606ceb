// SPDX-License-Identifier: Apache-2.0

package siting

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/coverage"
	"github.com/oncoref/oncoref/referral/flow"
)

// Rule says where the patients of a hospital that stops go.
type Rule uint8

// The rules.
const (
	// Nearest sends them to the target nearest to their origin, the first by
	// label where several are.
	Nearest Rule = iota
	// Proportional divides them as the other patients of their origin are
	// divided over the targets; where there are none, they stay at the origin.
	Proportional
	// Gravity divides them over the targets j in proportion to
	// volume_j · exp(-Beta · distance_ij).
	Gravity
	// Shares divides them as Change.Shares says.
	Shares
)

var ruleNames = [...]string{"nearest", "proportional", "gravity", "matrix"}

// String returns "nearest", "proportional", "gravity" or "matrix".
func (r Rule) String() string {
	if int(r) < len(ruleNames) {
		return ruleNames[r]
	}
	return fmt.Sprintf("Rule(%d)", uint8(r))
}

// Change is a question: what if these hospitals stop? To concentrate care, close
// all hospitals but the Targets; to designate a new center, make it one of them:
// targets need not treat anybody yet. To redirect patients, give the Origins whose
// patients no longer go to the hospitals of Close.
type Change struct {
	Close   []string // hospitals that stop
	Origins []string // only their patients move; nil means all
	// Targets may receive the patients; nil means every hospital of the table
	// that does not stop.
	Targets []string
	Rule    Rule
	Beta    float64                       // Gravity: per unit of distance, at least 0
	Shares  map[string]map[string]float64 // Shares: for each origin the parts that go to each target, adding up to 1
	// Distance returns how far it is; an error or NaN says that it is not known.
	// It is 0 from a hospital to itself whatever it returns.
	Distance func(from, to string) (float64, error)

	Groups *network.Partition // networks, for the supra-regional share; nil leaves it undefined
	Norm   float64            // patients a year that a hospital should treat; 0 compares with none
	Years  int                // that the table is about, for Norm; 0 means 1
}

// Effect is what a change does to a table of patients.
type Effect struct {
	Before, After *referral.Table `json:"-"` // After: the same patients of each origin, elsewhere
	Closed        []string        // sorted
	Origins       []string        // whose patients move, sorted; empty means all
	Targets       []string        // that could receive the patients, sorted
	Rule          Rule
	Beta          float64 // under Gravity
	Groups        string  // name of the partition of SupraBefore and SupraAfter; empty without one
	Years         int     // that the volumes of UnderBefore and UnderAfter are the mean of

	Moved    referral.Result // patients who go elsewhere
	Extra    referral.Result // their further travel, patients times distance; negative if they travel less
	PerMoved referral.Result // Extra over Moved; undefined without anybody moved

	PerPatient referral.Result // Extra over all patients who have a place of first visit and of treatment

	// WorstTenth is the mean further travel of the tenth of the moved patients
	// for whom it grows most.
	WorstTenth referral.Result

	MeanBefore, MeanAfter referral.Result // distance per patient, retained patients at 0
	// SupraBefore and SupraAfter are the supra-regional shares: patients treated
	// outside their group of Change.Groups, over all. Undefined without groups.
	SupraBefore, SupraAfter referral.Result
	// HerfindahlBefore and HerfindahlAfter say how concentrated treatment is over
	// the hospitals, Σ (D_j / T)² for the volumes D_j.
	HerfindahlBefore, HerfindahlAfter referral.Result
	// UnderBefore and UnderAfter compare the volumes a year with Change.Norm.
	// Their results are undefined (unknown_norm) without one.
	UnderBefore, UnderAfter coverage.Under

	Moves []Move // every flow that moves, by origin, hospital, target
}

// Move is a flow that goes elsewhere.
type Move struct {
	Origin, From, To string
	Part             float64       // of the flow that goes to To
	Patients         referral.Cell // that part of the flow
	Extra            float64       // distance from the origin to To minus to From
}

// Reasons why a part of an effect has no value.
const (
	ReasonOneByOne = "rule_needs_exact_cells" // where patients go depends on cells that are not known
	ReasonNoGroups = "no_groups"              // no partition was given
)

// WhatIf moves the patients of hospitals that stop. The table is one of
// hospitals, with a single class as every destination; rows of origins stay what
// they are, only destinations change. A patient whose own hospital is the target
// becomes retained, at distance 0.
//
// The model is static: capacity, waiting time and changes of where patients go
// first are not in it. Intervals in the table give bounds under Nearest and
// Shares; Proportional and Gravity need exact counts (undefined, reason
// rule_needs_exact_cells; After is nil).
//
// What is said of the tables as a whole, as of the shares of hospitals, holds
// but can be wider than need be after a flow within bounds was divided.
//
// It returns a *ProblemError for hospitals that are not in the table, targets
// that stop, no target left, a distance that is needed and not known, a wrong
// norm or wrong shares, and a *referral.ClassError for hospitals that Groups does
// not assign. Time is the number of flows times the number of targets.
func WhatIf(t *referral.Table, c Change) (Effect, error) {
	w := &mover{t: t, c: c, volume: map[string]float64{}, goes: map[row]map[string]float64{}}
	if err := w.check(); err != nil {
		return Effect{}, err
	}
	e := Effect{Before: t, Closed: w.closed, Origins: w.origins(), Targets: w.targets, Rule: c.Rule, Years: max(1, c.Years)}
	if c.Rule == Gravity {
		e.Beta = c.Beta
	}
	if c.Groups != nil {
		e.Groups = c.Groups.Name()
	}
	var err error
	if e.SupraBefore, e.HerfindahlBefore, e.UnderBefore, err = c.whole(t); err != nil {
		return Effect{}, err
	}
	if !w.exact && (c.Rule == Proportional || c.Rule == Gravity) {
		none := referral.UndefinedResult(ReasonOneByOne)
		e.Moved, e.Extra, e.PerMoved, e.PerPatient, e.WorstTenth, e.MeanBefore, e.MeanAfter = none, none, none, none, none, none, none
		e.SupraAfter, e.HerfindahlAfter = none, none
		e.UnderAfter = coverage.Under{Norm: e.UnderBefore.Norm, Active: none, Hospitals: none, Share: none, Patients: none, PatientsUnder: none, SharePatients: none}
		return e, nil
	}
	after, err := w.move(&e)
	if err != nil {
		return Effect{}, err
	}
	if e.After, err = referral.FromFlows(w.meta(), referral.AbsentZero, slices.Values(after)); err != nil {
		return Effect{}, err
	}
	e.SupraAfter, e.HerfindahlAfter, e.UnderAfter, err = c.whole(e.After)
	return e, err
}

// whole measures a table as a whole.
func (c Change) whole(t *referral.Table) (supra, herfindahl referral.Result, under coverage.Under, err error) {
	supra = referral.UndefinedResult(ReasonNoGroups)
	if c.Groups != nil {
		groups, err := t.Aggregate(c.Groups)
		if err != nil {
			return supra, herfindahl, under, err
		}
		supra = flow.SupraRegional(groups).Result
	}
	herfindahl = flow.MarketHerfindahl(t, flow.HerfindahlConfig{})
	years, norm := max(1, c.Years), c.Norm
	if norm == 0 {
		norm = math.NaN()
	}
	volumes := coverage.PeriodVolumes(t)
	for i := range volumes {
		volumes[i].Year = 1 // all in one year, of as many
	}
	return supra, herfindahl, coverage.CountUnder(coverage.AnnualMean(volumes, "", 1, years), norm), nil
}

// mover carries out a change.
type mover struct {
	t       *referral.Table
	c       Change
	flows   []referral.Flow
	closed  []string
	targets []string
	volume  map[string]float64 // treated before, by hospital
	goes    map[row]map[string]float64
	exact   bool
	divided bool // flows were divided, so counts may be fractions
}

func (w *mover) check() error {
	if w.c.Rule > Shares {
		return &ProblemError{Field: "Rule", Value: w.c.Rule.String(), Want: "nearest, proportional, gravity or matrix"}
	}
	if !(w.c.Beta >= 0) || math.IsInf(w.c.Beta, 1) {
		return &ProblemError{Field: "Beta", Value: fmt.Sprint(w.c.Beta), Want: "at least 0"}
	}
	if !(w.c.Norm >= 0) || math.IsInf(w.c.Norm, 1) || w.c.Years < 0 {
		return &ProblemError{Field: "Norm", Value: fmt.Sprintf("%v over %d years", w.c.Norm, w.c.Years), Want: "numbers of at least 0"}
	}
	if w.c.Distance == nil {
		return &ProblemError{Field: "Distance", Want: "a function"}
	}
	if len(w.c.Close) == 0 {
		return &ProblemError{Field: "Close", Want: "a hospital that stops"}
	}
	if w.t.Absent().State == referral.Missing {
		return &ProblemError{Field: "table", Want: "a table whose unlisted pairs are zero: others may have patients to move"}
	}
	classes := w.t.Classes()
	w.closed = slices.Compact(slices.Sorted(slices.Values(w.c.Close)))
	for _, id := range w.closed {
		if !slices.Contains(classes, id) || referral.Beside(id) {
			return &ProblemError{Field: "Close", Value: id, Want: "a hospital of the table"}
		}
	}
	for _, id := range w.c.Origins {
		if !slices.Contains(w.t.Origins(), id) || referral.Beside(id) {
			return &ProblemError{Field: "Origins", Value: id, Want: "an origin of the table"}
		}
	}
	for _, id := range w.c.Targets {
		if slices.Contains(w.c.Close, id) || referral.Beside(id) {
			return &ProblemError{Field: "Targets", Value: id, Want: "hospitals that do not stop"}
		}
	}
	w.targets = slices.Compact(slices.Sorted(slices.Values(w.c.Targets)))
	if w.c.Targets == nil {
		for _, id := range classes {
			if !slices.Contains(w.c.Close, id) && !referral.Beside(id) {
				w.targets = append(w.targets, id)
			}
		}
	}
	if len(w.targets) == 0 {
		return &ProblemError{Field: "Targets", Want: "a hospital that does not stop"}
	}
	w.exact = true
	for f := range w.t.Flows() {
		if f.SetValued() {
			return &ProblemError{Field: "table", Value: f.Destination, Want: "single hospitals as destinations"}
		}
		if !f.Cell.Known() {
			w.exact = false
		}
		w.flows = append(w.flows, f)
		at := rowOf(f)
		if w.goes[at] == nil {
			w.goes[at] = map[string]float64{}
		}
		w.goes[at][f.Destination] += f.Cell.Lo
		if !referral.Beside(f.Destination) {
			w.volume[f.Destination] += f.Cell.Lo
		}
	}
	return nil
}

// row is what the flows of an origin in a slice have in common.
type row struct {
	origin, tumor, modality string
	period                  network.Period
}

func rowOf(f referral.Flow) row { return row{f.Origin, f.Tumor, f.Modality, f.Period} }

func (w *mover) origins() []string { return slices.Compact(slices.Sorted(slices.Values(w.c.Origins))) }

func (w *mover) meta() referral.Meta {
	m := w.t.Meta()
	what := fmt.Sprintf("what if: %v stopped", w.closed)
	if w.c.Origins != nil {
		what += fmt.Sprintf(" for patients of %v", w.origins())
	}
	m.Notes = append(slices.Clone(m.Notes), what+", patients moved by rule "+w.c.Rule.String())
	if w.divided {
		m.DestinationRule = referral.Fractional
	}
	return m
}

// move makes the flows after the change and fills in its effect.
func (w *mover) move(e *Effect) ([]referral.Flow, error) {
	sums := map[[4]string]referral.Flow{}
	listed := map[string]bool{}
	for _, f := range w.flows {
		listed[f.Origin] = true
	}
	for _, o := range w.t.Origins() { // rows without patients stay
		if len(w.flows) > 0 && !listed[o] {
			f := w.flows[0]
			f.Origin, f.Origins, f.Destination, f.Cell = o, nil, o, referral.Count(0)
			add(sums, f)
		}
	}
	var before, after, extra, stay []travel
	moved := referral.Cell{}
	for _, f := range w.flows {
		if referral.Beside(f.Origin) || referral.Beside(f.Destination) {
			add(sums, f)
			continue
		}
		km, err := w.distance(f.Origin, f.Destination)
		if err != nil {
			return nil, err
		}
		before = append(before, travel{km, f.Cell})
		if !slices.Contains(w.closed, f.Destination) || w.c.Origins != nil && !slices.Contains(w.c.Origins, f.Origin) {
			add(sums, f)
			after = append(after, travel{km, f.Cell})
			stay = append(stay, travel{0, f.Cell})
			continue
		}
		none := f
		none.Cell = referral.Count(0) // the pair stays in the table
		add(sums, none)
		if f.Cell.Hi == 0 {
			continue
		}
		parts, err := w.parts(f)
		if err != nil {
			return nil, err
		}
		moved = moved.Add(f.Cell)
		w.divided = w.divided || len(parts) > 1
		for _, p := range parts {
			to, err := w.distance(f.Origin, p.target)
			if err != nil {
				return nil, err
			}
			g := f
			g.Destination, g.Members, g.Cell = p.target, nil, scale(f.Cell, p.part)
			add(sums, g)
			after = append(after, travel{to, g.Cell})
			extra = append(extra, travel{to - km, g.Cell})
			e.Moves = append(e.Moves, Move{f.Origin, f.Destination, p.target, p.part, g.Cell, to - km})
		}
	}
	slices.SortFunc(e.Moves, func(a, b Move) int {
		return cmp.Or(cmp.Compare(a.Origin, b.Origin), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	e.Moved = referral.BoundedResult(moved.Lo, moved.Hi, referral.ReasonUnknownCells)
	e.Extra, e.PerMoved = total(extra), mean(extra)
	e.MeanBefore, e.MeanAfter = mean(before), mean(after)
	e.WorstTenth = worst(extra)
	e.PerPatient = mean(slices.Concat(extra, stay)) // those who stay travel no further
	var out []referral.Flow
	for _, f := range sums {
		out = append(out, f)
	}
	return out, nil
}

// add puts a flow beside the others of its pair and slice.
func add(sums map[[4]string]referral.Flow, f referral.Flow) {
	f.Members = nil
	key := [4]string{f.Origin, f.Destination, f.Tumor + "\x00" + f.Modality, f.Period.String()}
	if have, ok := sums[key]; ok {
		f.Cell = f.Cell.Add(have.Cell)
	}
	sums[key] = f
}

func scale(c referral.Cell, part float64) referral.Cell {
	switch {
	case part == 1:
		return c
	case c.Known():
		return referral.Count(c.Lo * part)
	}
	return referral.Between(c.Lo*part, c.Hi*part)
}

func (w *mover) distance(from, to string) (float64, error) {
	if from == to {
		return 0, nil
	}
	km, err := w.c.Distance(from, to)
	switch {
	case err != nil:
		return 0, &ProblemError{Field: "distance", Of: from + " to " + to, Want: "a known distance: " + err.Error()}
	case !(km >= 0) || math.IsInf(km, 1):
		return 0, &ProblemError{Field: "distance", Of: from + " to " + to, Value: fmt.Sprint(km), Want: "a finite distance, at least 0"}
	}
	return km, nil
}

// piece is a target and the part of a flow that goes there.
type piece struct {
	target string
	part   float64
}

func (w *mover) parts(f referral.Flow) ([]piece, error) {
	switch w.c.Rule {
	case Nearest:
		best, least := "", math.Inf(1)
		for _, id := range w.targets {
			km, err := w.distance(f.Origin, id)
			if err != nil {
				return nil, err
			}
			if km < least {
				best, least = id, km
			}
		}
		return []piece{{best, 1}}, nil
	case Shares:
		return w.given(f.Origin)
	case Proportional, Gravity:
	}
	var out []piece
	sum := 0.0
	for _, id := range w.targets {
		weight := 0.0
		if w.c.Rule == Proportional {
			weight = w.goes[rowOf(f)][id]
		} else if v := w.volume[id]; v > 0 {
			km, err := w.distance(f.Origin, id)
			if err != nil {
				return nil, err
			}
			weight = v * math.Exp(-w.c.Beta*km)
		}
		if weight > 0 {
			out = append(out, piece{id, weight})
			sum += weight
		}
	}
	if sum == 0 {
		if w.c.Rule == Proportional && slices.Contains(w.targets, f.Origin) {
			return []piece{{f.Origin, 1}}, nil
		}
		return nil, &ProblemError{Field: "Rule", Of: f.Origin, Value: w.c.Rule.String(), Want: "a target that the patients of this origin can go to"}
	}
	for i := range out {
		out[i].part /= sum
	}
	return out, nil
}

func (w *mover) given(origin string) ([]piece, error) {
	row, sum := w.c.Shares[origin], 0.0
	var out []piece
	for _, id := range slices.Sorted(maps.Keys(row)) {
		if v := row[id]; !(v >= 0) || !slices.Contains(w.targets, id) {
			return nil, &ProblemError{Field: "Shares", Of: origin + " to " + id, Value: fmt.Sprint(v), Want: "a part of at least 0 for a target"}
		} else if v > 0 {
			out = append(out, piece{id, v})
			sum += v
		}
	}
	if math.Abs(sum-1) > 1e-9 {
		return nil, &ProblemError{Field: "Shares", Of: origin, Value: fmt.Sprint(sum), Want: "parts that add up to 1"}
	}
	return out, nil
}
