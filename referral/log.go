// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"slices"
	"sync"
	"sync/atomic"

	"github.com/oncoref/oncoref/network"
)

// DestinationUnknown is the destination of patients whose treatment was in a
// hospital that is not known.
const DestinationUnknown = "destination_unknown"

// DuplicatePolicy says what becomes of a row that repeats another one in every
// column.
type DuplicatePolicy uint8

// The policies. Copies are counted in [Quality] under each of them.
const (
	// DuplicatesBySeq leaves out a copy that repeats the seq of the row, and
	// keeps other ones: without a number for each event, nothing tells a copy
	// from a second treatment on the same day.
	DuplicatesBySeq DuplicatePolicy = iota
	DuplicatesLeaveOut
	DuplicatesKeep
)

// LogConfig says how an input is read. The zero value takes hospitals as they
// are written and forgets who the patients are.
type LogConfig struct {
	File         string            // name for errors and the quality report
	Layout       LogLayout         // what a row is
	Within       *network.Snapshot // hospitals must be in it and are mapped to what they are on its date; nil takes any label
	Treatments   []string          // kinds that are treatments in LayoutEvents, of care alone; nil means TreatmentKinds
	Attributes   []string          // names of further columns that the log keeps
	Duplicates   DuplicatePolicy
	KeepPatients bool   // keep the identifiers for Pathway.Patient
	Strict       bool   // a refused row is an error
	Workers      int    // 0 means the number of processors
	Source       string // for the metadata of tables
	Synthetic    bool   // made up: not about patients
}

// Validate returns a [*RuleError] if Treatments names a kind that says where a
// pathway begins or ends: first_visit, diagnosis, death or end.
func (c LogConfig) Validate() error {
	for _, k := range [...]string{KindFirstVisit, KindDiagnosis, KindDeath, KindEnd} {
		if slices.Contains(c.Treatments, k) {
			return &RuleError{"Treatments", "kinds of care, which " + k + " is not"}
		}
	}
	return nil
}

func (c LogConfig) treatments() []string {
	if c.Treatments == nil {
		return TreatmentKinds()
	}
	return c.Treatments
}

// Log is a checked set of events, compact and immutable, and safe for concurrent
// use. It is made by [ReadLog] or a [LogBuilder] only, and so has always passed
// the checks. An event takes 8 bytes in most logs.
type Log struct {
	*schema
	config  LogConfig
	quality Quality
	shards  []shard

	narrowed *narrowing // nil for a log of all that was read
}

// shard is some of the patients of a log.
type shard struct {
	events []uint64 // words of all events, by patient and time
	start  []uint32 // events start[i]:start[i+1] are those of patient i
	names  []string // identifiers, if they are kept
}

// patients gives the number of patients of a shard.
func (s *shard) patients() int { return len(s.start) - 1 }

// patient gives the words of all events of a patient.
func (s *shard) patient(i, words int) []uint64 {
	return s.events[int(s.start[i])*words : int(s.start[i+1])*words]
}

// parallel lets workers take the shards of a log in turn, and returns the
// workers. Who takes which is left to chance.
func parallel[W any](l *Log, worker func() W, take func(W, *shard)) []W {
	var mu sync.Mutex
	var workers []W
	inTurn(min(l.config.workers(), len(l.shards)), len(l.shards), func(next func() (int, bool)) {
		w := worker()
		for k, ok := next(); ok; k, ok = next() {
			take(w, &l.shards[k])
		}
		mu.Lock()
		defer mu.Unlock()
		workers = append(workers, w)
	})
	return workers
}

// inTurn lets workers take numbers below n in turn.
func inTurn(workers, n int, work func(next func() (int, bool))) {
	var last atomic.Int64
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			work(func() (int, bool) {
				k := int(last.Add(1)) - 1
				return k, k < n
			})
		})
	}
	wg.Wait()
}

// Quality returns what was found in the input.
func (l *Log) Quality() Quality {
	q := l.quality
	q.Findings = slices.Clone(q.Findings)
	for i := range q.Findings {
		q.Findings[i].Lines = slices.Clone(q.Findings[i].Lines)
	}
	return q
}

// Len returns the number of events. In the layout of treatments a first visit is
// not an event of its own.
func (l *Log) Len() int { return int(l.quality.Events) }

// Patients returns the number of patients.
func (l *Log) Patients() int { return int(l.quality.Patients) }

// Synthetic reports whether the input is made up: not about patients.
func (l *Log) Synthetic() bool { return l.config.Synthetic }

// Layout returns the layout of the input.
func (l *Log) Layout() LogLayout { return l.layout }

// Hospitals returns the labels of the hospitals in the log, sorted.
func (l *Log) Hospitals() []string { return l.labels(familyHospital) }

// Tumors returns the tumors in the log, sorted.
func (l *Log) Tumors() []string { return l.labels(familyTumor) }

// Kinds returns the kinds of events and treatments in the log, sorted.
func (l *Log) Kinds() []string { return l.labels(familyKind) }

// Attributes returns the names of the further columns of the log.
func (l *Log) Attributes() []string { return slices.Clone(l.config.Attributes) }

// labels gives the texts of a family, without the reserved codes.
func (l *Log) labels(f family) []string {
	if l.narrowed != nil {
		return slices.Clone(l.narrowed.labels[f])
	}
	out := slices.Clone(l.values[f][codesReserved:])
	slices.Sort(out)
	return out
}

// Period returns the days from the first to the last dated event; the zero
// Period if no event is dated.
func (l *Log) Period() network.Period {
	if l.narrowed != nil {
		return l.narrowed.period
	}
	s := l.numbers[evDay]
	if s.empty() {
		return network.Period{}
	}
	return network.Period{From: network.Date(s.low), To: network.Date(s.high)}
}
