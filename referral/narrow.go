// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"fmt"
	"maps"
	"slices"

	"github.com/oncoref/oncoref/network"
)

// narrowing is what a log of one tumor says where its schema is about all.
type narrowing struct {
	tumor  string
	labels map[family][]string
	period network.Period
}

// OfTumor returns the log of one tumor, so that measures of pathways are about
// it alone: of each patient who has it the events of that tumor, with first
// visits and status events that name no tumor, as under [Rule.Tumor]. A patient
// in it has one case. Hospitals, Kinds, Tumors and Period are those of these
// events; of Quality the numbers of events, patients and cases are, and what is
// said about rows is that of the whole input. The empty text gives the log
// itself.
//
// It returns a [*RuleError] for a tumor that the log does not have. Time and
// memory O(n) for n events.
func (l *Log) OfTumor(tumor string) (*Log, error) {
	code, err := l.tumorCode(tumor)
	if err != nil || code == codeEmpty {
		return l, err
	}
	workers := parallel(l, func() *narrower { return newNarrower(l, code) }, (*narrower).shard)
	out := &Log{schema: l.schema, config: l.config, quality: l.Quality(), shards: make([]shard, len(l.shards))}
	all := newNarrower(l, code)
	for _, w := range workers {
		all.add(w)
	}
	for i := range l.shards {
		out.shards[i] = all.made[&l.shards[i]]
	}
	out.quality = out.quality.with(all.ends)
	out.quality.Events, out.quality.Patients = all.events, all.ends.cases
	out.narrowed = &narrowing{tumor: tumor, labels: map[family][]string{familyTumor: {tumor}}}
	for f, used := range map[family][]bool{familyHospital: all.hospitals, familyKind: all.kinds} {
		for c, text := range l.values[f] {
			if c >= codesReserved && used[c] {
				out.narrowed.labels[f] = append(out.narrowed.labels[f], text)
			}
		}
		slices.Sort(out.narrowed.labels[f])
	}
	if !all.days.empty() {
		out.narrowed.period = network.Period{From: network.Date(all.days.low), To: network.Date(all.days.high)}
	}
	return out, nil
}

// tumorCode gives the code of a tumor of the log; codeEmpty for the empty text.
func (l *Log) tumorCode(tumor string) (uint64, error) {
	return l.required(familyTumor, tumor, "Tumor", "a tumor of the log")
}

// required gives the code of a text that the log must have, codeEmpty for the
// empty text.
func (l *Log) required(f family, text, field, want string) (uint64, error) {
	code := codeOf(l.values[f], text)
	if text != "" && (code == codeEmpty || l.narrowed != nil && !slices.Contains(l.narrowed.labels[f], text)) {
		return codeEmpty, &RuleError{field, fmt.Sprintf("%s, which %q is not", want, text)}
	}
	return code, nil
}

// only gives the tumor of a log of one tumor, else the empty text.
func (l *Log) only() string {
	if l.narrowed == nil {
		return ""
	}
	return l.narrowed.tumor
}

// narrower makes the shards of a log of one tumor.
type narrower struct {
	*Log
	tumor  uint64
	made   map[*shard]shard
	ends   caseCounts
	events int64
	days   extent

	hospitals, kinds []bool // by code: occurs
	rows             []event
	ills             []illness
}

func newNarrower(l *Log, tumor uint64) *narrower {
	return &narrower{
		Log: l, tumor: tumor, made: map[*shard]shard{}, days: newExtent(),
		hospitals: make([]bool, len(l.values[familyHospital])), kinds: make([]bool, len(l.values[familyKind])),
	}
}

// add takes over what another narrower has made.
func (n *narrower) add(o *narrower) {
	maps.Copy(n.made, o.made)
	n.ends.add(o.ends)
	n.events += o.events
	n.days.join(o.days)
	for c, is := range o.hospitals {
		n.hospitals[c] = n.hospitals[c] || is
	}
	for c, is := range o.kinds {
		n.kinds[c] = n.kinds[c] || is
	}
}

func (n *narrower) shard(s *shard) {
	out := shard{start: []uint32{0}}
	for i := range s.patients() {
		n.rows = n.appendRows(n.rows[:0], s.patient(i, n.words))
		n.ills = n.illnesses(n.rows, n.ills)
		for _, ill := range n.ills {
			if ill.tumor != n.tumor {
				continue
			}
			for _, e := range ill.events {
				out.events = append(out.events, e...)
				n.note(e)
			}
			out.start = append(out.start, uint32(len(out.events)/n.words))
			if s.names != nil {
				out.names = append(out.names, s.names[i])
			}
			n.ends.count(n.schema, ill)
		}
	}
	n.events += int64(len(out.events) / n.words)
	n.made[s] = out
}

// note keeps what occurs in an event.
func (n *narrower) note(e event) {
	n.hospitals[n.code(e, evHospital)] = true
	n.hospitals[n.code(e, evOther)] = true
	n.kinds[n.code(e, evKind)] = true
	if d := int64(n.day(e)); d != 0 {
		n.days.join(extent{d, d})
	}
}
