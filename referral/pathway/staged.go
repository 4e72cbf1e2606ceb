// SPDX-License-Identifier: Apache-2.0

package pathway

import (
	"cmp"
	"slices"
	"strings"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// Stage is a part of care that each patient passes at most once in a way.
type Stage struct {
	Name  string   // for pictures, such as "surgery"
	Kinds []string // kinds of events of it; empty means the first visit
}

// Classes of a stage that stand beside hospitals and groups.
const (
	StageNone    = "none"    // no event of the stage is in the log
	StageUnknown = "unknown" // there is one, in a hospital that is not known
)

// Staged is the ways of patients through stages of care.
type Staged struct {
	Stages    []string  // names, in order
	Ways      []Variant // Steps has one class for each stage
	Patients  int       // who are in the ways
	Grouped   bool      // classes are groups of hospitals
	Tumor     string    // of all patients; empty if several
	Period    network.Period
	Source    string // of the log; empty unless the caller fills it in
	Synthetic bool
}

// StageConfig says what CountStages counts.
type StageConfig struct {
	Stages []Stage            // nil: first visit, surgery, radiotherapy, followup
	Groups *network.Partition // of the hospitals; nil: hospitals themselves
}

// DefaultStages returns the stages that StageConfig takes if it names none:
// first visit, surgery, radiotherapy and followup.
func DefaultStages() []Stage {
	return []Stage{
		{Name: "first visit"},
		{Name: "surgery", Kinds: []string{"surgery"}},
		{Name: "radiotherapy", Kinds: []string{"radiotherapy"}},
		{Name: "followup", Kinds: []string{referral.KindFollowup}},
	}
}

// CountStages returns where the patients of a log were in each stage of care:
// at the first visit, and at the first event of each later stage that is in
// the log, whatever its date. The order of the columns is that of the stages
// and not of the days, so that a way never leads back: it says where surgery
// was and where radiotherapy was, not which came first.
//
// A patient without an event of a stage has the class StageNone there, one
// whose event was in a hospital that is not known StageUnknown; a first visit
// that is not known is StageUnknown too. A hospital in several groups has the
// class of them together, "A / B"; one in none keeps its own label. Every
// patient has one way, so that the counts of each stage sum to all patients.
//
// Ways are sorted as by Variants. Rare ways can identify a patient: do not
// publish those of fewer than five.
//
// Time O(n) for n events, and O(w log w) in w ways.
func CountStages(l *referral.Log, c StageConfig) Staged {
	stages := c.Stages
	if stages == nil {
		stages = DefaultStages()
	}
	out := Staged{Grouped: c.Groups != nil, Period: l.Period(), Synthetic: l.Synthetic()}
	if tumors := l.Tumors(); len(tumors) == 1 {
		out.Tumor = tumors[0]
	}
	for _, s := range stages {
		out.Stages = append(out.Stages, s.Name)
	}
	class := classOf(c.Groups)
	type worker struct {
		count map[string]int
		steps []string
	}
	start := func() *worker { return &worker{count: map[string]int{}, steps: make([]string, len(stages))} }
	workers := referral.EachPathway(l, start, func(w *worker, p referral.Pathway) {
		for k, s := range stages {
			w.steps[k] = stageOf(p, s, class)
		}
		w.count[strings.Join(w.steps, "\x00")]++
	})
	count := map[string]int{}
	for _, w := range workers {
		for key, n := range w.count {
			count[key] += n
			out.Patients += n
		}
	}
	for key, n := range count {
		out.Ways = append(out.Ways, Variant{Steps: strings.Split(key, "\x00"), Patients: n, Share: float64(n) / float64(out.Patients)})
	}
	slices.SortFunc(out.Ways, func(a, b Variant) int {
		return cmp.Or(b.Patients-a.Patients, slices.Compare(a.Steps, b.Steps))
	})
	sum := 0
	for i := range out.Ways {
		sum += out.Ways[i].Patients
		out.Ways[i].Cumulative = float64(sum) / float64(out.Patients)
	}
	return out
}

// stageOf is the class of a patient in a stage.
func stageOf(p referral.Pathway, s Stage, class func(hospital string) string) string {
	if len(s.Kinds) == 0 {
		if hospital, _, ok := p.FirstVisit(); ok {
			return class(hospital)
		}
		return StageUnknown
	}
	for i := range p.Len() {
		e := p.Event(i)
		if e.Layer != referral.LayerPatient || !slices.Contains(s.Kinds, e.Kind) {
			continue
		}
		if e.Hospital == "" {
			return StageUnknown
		}
		return class(e.Hospital)
	}
	return StageNone
}

// classOf gives the class of a hospital in a partition.
func classOf(groups *network.Partition) func(hospital string) string {
	if groups == nil {
		return func(hospital string) string { return hospital }
	}
	return func(hospital string) string {
		shares, ok := groups.Of(hospital)
		if !ok {
			return hospital
		}
		names := make([]string, len(shares))
		for i, s := range shares {
			names[i] = s.Group
		}
		return strings.Join(names, " / ")
	}
}
