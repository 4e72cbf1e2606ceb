// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"iter"
	"slices"

	"github.com/oncoref/oncoref/network"
)

// Pathway is the events of one patient in order: by seq; events with the same
// seq or none by date, an event without a date after the dated ones; events of
// one day by layer, kind and hospital, the first visit in front.
type Pathway struct {
	l     *Log
	shard *shard
	at    int
}

// Pathways returns the pathways of all patients, in an order that is the same
// for the same patients and otherwise has no meaning.
func (l *Log) Pathways() iter.Seq[Pathway] {
	return func(yield func(Pathway) bool) {
		for i := range l.shards {
			s := &l.shards[i]
			for at := range s.patients() {
				if !yield(Pathway{l, s, at}) {
					return
				}
			}
		}
	}
}

// EachPathway lets several workers, each with a value made by start, take the
// pathways of all patients, and returns these values. It is [Log.Pathways] for
// large logs. Which worker takes which patient is left to chance: what is made of
// the values must not depend on it, as sums of whole numbers do not. How many
// there are is LogConfig.Workers. The functions are called concurrently.
func EachPathway[W any](l *Log, start func() W, take func(W, Pathway)) []W {
	return parallel(l, start, func(w W, s *shard) {
		for at := range s.patients() {
			take(w, Pathway{l, s, at})
		}
	})
}

// Patient returns the identifier of the patient if LogConfig.KeepPatients was
// set, else the empty text. It is for the caller's own program: nothing in the
// library prints it.
func (p Pathway) Patient() string {
	if p.shard.names == nil {
		return ""
	}
	return p.shard.names[p.at]
}

// events gives the words of all events.
func (p Pathway) events() []uint64 { return p.shard.patient(p.at, p.l.words) }

// Len returns the number of rows of the patient in the log.
func (p Pathway) Len() int { return int(p.shard.start[p.at+1] - p.shard.start[p.at]) }

// Event returns event i, without patient and line.
func (p Pathway) Event(i int) Event { return p.l.event(p.event(i)) }

// Layer returns the layer of event i, without the rest of it.
func (p Pathway) Layer(i int) Layer { return p.l.layer(p.event(i)) }

// event gives the words of event i.
func (p Pathway) event(i int) event {
	n := p.l.words
	at := (int(p.shard.start[p.at]) + i) * n
	return p.shard.events[at : at+n]
}

// Events returns the events in order, without patients and lines. In the layout
// of treatments each is a row of the input: a treatment with the first visit
// beside it, or nothing but the first visit of an untreated patient.
func (p Pathway) Events() iter.Seq[Event] {
	return func(yield func(Event) bool) {
		for i := range p.Len() {
			if !yield(p.Event(i)) {
				return
			}
		}
	}
}

// event unpacks an event.
func (l *Log) event(e event) Event {
	out := Event{
		Seq: int32(l.number(e, evSeq)), Date: l.day(e), Until: network.Date(l.number(e, evUntil)), Layer: l.layer(e),
		Kind: l.text(evKind, l.code(e, evKind)), Hospital: l.hospital(l.code(e, evHospital), DestinationUnknown),
		Tumor: l.text(evTumor, l.code(e, evTumor)), Year: int(l.number(e, evYear)),
	}
	if l.layout == LayoutTreatments {
		out.FirstVisit = l.hospital(l.code(e, evOther), OriginUnknown)
	} else {
		out.ToHospital = l.hospital(l.code(e, evOther), DestinationUnknown)
	}
	for i := range l.config.Attributes {
		c := evAttr + column(i)
		out.Attributes = append(out.Attributes, l.text(c, l.code(e, c)))
	}
	return out
}

// hospital gives the label of a hospital; the empty text if it is not given.
func (l *Log) hospital(code uint64, unknown string) string {
	if code == codeUnknown {
		return unknown
	}
	return l.values[familyHospital][code]
}

// IsTreatment reports whether event i is a treatment.
func (p Pathway) IsTreatment(i int) bool { return p.l.treated(p.event(i)) }

// FirstVisit returns the hospital of the first visit and its date, the zero Date
// if that is not known. The last result is false if the hospital is not known, or if the
// patient has several tumors with first visits in different hospitals. Several
// first visits to one hospital count from the earliest, if all have a date.
func (p Pathway) FirstVisit() (string, network.Date, bool) {
	words, n := p.events(), p.l.words
	var seen tumorsSeen
	var found illness
	for i := 0; i < len(words); i += n {
		p.l.see(&seen, words[i:i+n])
	}
	if !seen.one() {
		return p.firstOfSeveral()
	}
	for i := 0; i < len(words); i += n {
		if p.l.visited(&found, words[i:i+n]) {
			break
		}
	}
	var day network.Date
	if found.first != nil {
		day = p.l.day(found.first)
	}
	return p.firstAt(found.origin, day)
}

func (p Pathway) firstAt(origin uint64, day network.Date) (string, network.Date, bool) {
	if !known(origin) {
		return "", 0, false
	}
	return p.l.values[familyHospital][origin], day, true
}

// firstOfSeveral is FirstVisit for a patient with several tumors.
func (p Pathway) firstOfSeveral() (string, network.Date, bool) {
	var date network.Date
	var found illness
	for i, ill := range p.l.illnesses(p.l.appendRows(nil, p.events()), nil) {
		if i > 0 && ill.origin != found.origin {
			return "", 0, false
		}
		var day network.Date
		if ill.first != nil {
			day = p.l.day(ill.first)
		}
		if i == 0 || day.IsZero() || day.Before(date) {
			date = day
		}
		found = ill
	}
	return p.firstAt(found.origin, date)
}

// appendRows cuts the words of a patient into events.
func (s *schema) appendRows(to []event, words []uint64) []event {
	for e := range slices.Chunk(words, s.words) {
		to = append(to, e)
	}
	return to
}

// Route returns the hospitals where the patient was, in order and without
// consecutive repeats, the first visit included. A hospital that is not known is
// [DestinationUnknown]. The result is empty for a patient of whom no visit is
// recorded.
func (p Pathway) Route() []string { return p.AppendRoute(nil) }

// AppendRoute appends what [Pathway.Route] returns to a list, whose memory is
// then used again for the next patient.
func (p Pathway) AppendRoute(to []string) []string {
	begin := len(to)
	add := func(code uint64) {
		h := p.l.hospital(code, DestinationUnknown)
		if h != "" && (len(to) == begin || to[len(to)-1] != h) {
			to = append(to, h)
		}
	}
	words := p.events()
	for i := 0; i < len(words); i += p.l.words {
		e := words[i : i+p.l.words]
		if first := p.l.code(e, evOther); i == 0 && p.l.layout == LayoutTreatments && known(first) {
			add(first)
		}
		if p.l.visit(e) {
			add(p.l.code(e, evHospital))
		}
	}
	return to
}
