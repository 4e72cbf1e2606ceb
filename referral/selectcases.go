// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"maps"
	"slices"
)

// Select returns the log of the cases that count under a rule and whose flow is
// wanted: those that [Log.Table] counts in the cells for which keep holds. It
// is asked once for each cell, by a flow without its count. With it, what is
// measured beside a table is about the patients whom the table shows, and no
// others.
//
// A case with several flows, as under ByModality, Fractional or Split, is taken
// if keep holds for all of them. A patient with cases that are wanted and others
// keeps the events of the first. The Quality of the result counts what is in it
// and has no findings; its labels are those of the whole log.
//
// The errors are those of [Log.Table]. Time O(n), for n events.
func (l *Log) Select(r Rule, keep func(Flow) bool) (*Log, error) {
	if err := r.check(l); err != nil {
		return nil, err
	}
	f, err := l.follower(r)
	if err != nil {
		return nil, err
	}
	start := func() *follower {
		w, _ := l.follower(r)
		return w
	}
	for _, w := range parallel(l, start, (*follower).shard) {
		f.merge(w.stepCounts)
	}
	wanted, err := f.wanted(keep)
	if err != nil {
		return nil, err
	}
	out := &Log{schema: l.schema, config: l.config, shards: make([]shard, len(l.shards))}
	out.config.KeepPatients = false
	at := map[*shard]int{}
	for i := range l.shards {
		at[&l.shards[i]] = i
	}
	workers := parallel(l, func() *selector { return &selector{follower: start(), wanted: wanted} }, func(w *selector, s *shard) {
		out.shards[at[s]] = w.take(s)
	})
	q := Quality{File: l.quality.File, Layout: l.quality.Layout}
	for _, w := range workers {
		q.Events += w.q.Events
		q.Patients += w.q.Patients
		q.Cases += w.q.Cases
		q.Treated += w.q.Treated
		q.DiedUntreated += w.q.DiedUntreated
		q.NoOrigin += w.q.NoOrigin
	}
	q.Rows, q.Untreated = q.Events, q.Cases-q.Treated
	out.quality = q
	return out, nil
}

// wanted says of each step whether its cell is wanted.
func (f *follower) wanted(keep func(Flow) bool) (map[step]bool, error) {
	d := f.rule.draft(f.rule.Meta())
	w := spotWriter{places: f.places, hospitals: f.values[familyHospital], names: f.names, d: d, class: map[spotEnd]int32{}}
	type cell struct {
		from, to int32
		in       slice
	}
	asked := map[cell]bool{}
	out := make(map[step]bool, len(f.steps))
	for _, s := range slices.SortedFunc(maps.Keys(f.steps), compareSteps) {
		from, to, ok, err := w.ends(s)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue // the table gives the error
		}
		c := cell{from, to, f.slice(s)}
		yes, known := asked[c]
		if !known {
			yes = keep(Flow{
				Origin: d.classes[from].label, Destination: d.classes[to].label, Origins: d.classes[from].members, Members: d.classes[to].members,
				Tumor: c.in.tumor, Modality: c.in.modality, Period: c.in.period,
			})
			asked[c] = yes
		}
		out[s] = yes
	}
	_, err := w.table()
	return out, err
}

// selector takes the wanted cases of patients.
type selector struct {
	*follower
	wanted map[step]bool
	q      Quality
}

// take gives the wanted cases of a shard.
func (w *selector) take(s *shard) shard {
	out := shard{events: make([]uint64, 0, len(s.events)), start: make([]uint32, 1, len(s.start))}
	var kept []event
	for i := range s.patients() {
		words := s.patient(i, w.words)
		w.events = w.appendRows(w.events[:0], words)
		w.ills = w.illnesses(w.events, w.ills)
		kept = kept[:0]
		cases := 0
		for _, ill := range w.ills {
			clear(w.steps)
			w.follow(ill)
			if len(w.steps) == 0 || !w.all() {
				continue
			}
			cases++
			w.count(ill)
			kept = append(kept, ill.events...)
		}
		switch {
		case cases == 0:
			continue
		case cases == len(w.ills) && len(kept) == len(w.events):
			out.events = append(out.events, words...)
		default: // events of several tumors stand in each of them
			slices.SortStableFunc(kept, slices.Compare)
			for j, e := range kept {
				if j == 0 || &e[0] != &kept[j-1][0] {
					out.events = append(out.events, e...)
				}
			}
		}
		out.start = append(out.start, uint32(len(out.events)/w.words))
		w.q.Patients++
	}
	w.q.Events += int64(len(out.events) / w.words)
	out.events = slices.Clip(out.events)
	return out
}

// all reports whether all flows of the case that was followed last are wanted.
func (w *selector) all() bool {
	for s := range w.steps {
		if !w.wanted[s] {
			return false
		}
	}
	return true
}

func (w *selector) count(ill illness) {
	w.q.Cases++
	treated, died := false, false
	for _, e := range ill.events {
		treated = treated || w.schema.treated(e)
		died = died || w.layer(e) == LayerStatus && w.is(e, w.death)
	}
	switch {
	case treated:
		w.q.Treated++
	case died:
		w.q.DiedUntreated++
	}
	if !known(ill.origin) {
		w.q.NoOrigin++
	}
}
