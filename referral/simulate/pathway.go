// SPDX-License-Identifier: Apache-2.0

package simulate

import (
	"slices"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// nowhere is the place of an event that has none.
const nowhere = -1

// step is one event of a patient.
type step struct {
	date     network.Date
	until    network.Date // zero for an event of one day
	layer    referral.Layer
	kind     string
	hospital int
	to       int
	treats   bool
	undated  bool // the date is not on record
}

// surgery is what a tumor without a list of treatments has.
var surgery = []Treatment{{Kind: "surgery", Share: 1}}

// live draws the events of a patient with one tumor from the first visit on.
func (p *patient) live(day network.Date) {
	m := p.model
	p.add(day, referral.LayerPatient, referral.KindFirstVisit, p.from, nowhere)
	if p.chance(m.Consults) {
		day = p.after(day, Delay{1, 6})
		p.add(day, referral.LayerPatient, referral.KindConsult, p.from, nowhere)
	}
	center := slices.Contains(m.centers, p.to)
	if !center && p.chance(m.Untreated) {
		p.end(day)
		return
	}
	if p.from == p.to && m.panel >= 0 && m.panel != p.from && p.chance(m.MDT) {
		day = p.after(day, Delay{2, 8})
		p.add(day, referral.LayerMDT, "mdt", p.from, m.panel)
	}
	day = p.treat(day)
	if p.chance(m.FollowUp) {
		p.add(p.after(day, m.delays.FollowUp), referral.LayerPatient, referral.KindFollowup, p.from, nowhere)
	}
}

// treat draws the treatments and the way to them; it returns the day of the
// last.
func (p *patient) treat(day network.Date) network.Date {
	list := p.model.Treatments
	if len(list) == 0 {
		list = surgery
	}
	// The draws of one patient are few; bits keep them without memory.
	var given, home uint64
	last := 0
	for i, t := range list {
		if p.chance(t.Share) {
			given |= 1 << i
			last = i
		}
		if p.chance(t.Home) {
			home |= 1 << i
		}
	}
	if given == 0 {
		given = 1
	}
	if given&^home == 0 {
		home &^= 1 << last
	}
	wait, arrived := p.model.delays.Treatment, p.from == p.to
	for i, t := range list {
		if given&(1<<i) == 0 {
			continue
		}
		at := p.to
		if home&(1<<i) != 0 {
			at = p.from
		} else if !arrived {
			day = p.refer(day)
			arrived, wait = true, p.model.delays.Treatment
		}
		day = p.after(day, wait)
		p.add(day, referral.LayerPatient, t.Kind, at, nowhere)
		given := &p.steps[len(p.steps)-1]
		given.treats = true
		if t.Stay != (Delay{}) {
			day = p.after(day, t.Stay)
			given.until = day
		}
		wait = p.model.delays.Next
	}
	return day
}

// refer draws the referral and the first consultation there.
func (p *patient) refer(day network.Date) network.Date {
	m := p.model
	day = p.after(day, m.delays.Referral)
	p.add(day, referral.LayerReferral, "referral", p.from, p.to)
	p.steps[len(p.steps)-1].undated = p.chance(m.Undated)
	if p.chance(m.Pathology) {
		p.add(day, referral.LayerPathology, "pathology", p.from, p.to)
	}
	day = p.after(day, m.delays.Consult)
	p.add(day, referral.LayerPatient, referral.KindConsult, p.to, nowhere)
	return day
}

// end draws what is known of a patient who is not treated.
func (p *patient) end(day network.Date) {
	if p.from != p.to {
		day = p.refer(day)
	}
	kind := referral.KindEnd
	if p.chance(p.model.Dead) {
		kind = referral.KindDeath
	}
	p.add(p.after(day, p.model.delays.End), referral.LayerStatus, kind, nowhere, nowhere)
}

func (p *patient) add(day network.Date, layer referral.Layer, kind string, hospital, to int) {
	p.steps = append(p.steps, step{date: day, layer: layer, kind: kind, hospital: hospital, to: to})
}

func (p *patient) chance(share float64) bool { return share > 0 && p.rand.Float64() < share }

func (p *patient) after(day network.Date, d Delay) network.Date {
	return day.AddDays(int(float64(d.Min) + p.rand.ExpFloat64()*(d.Mean-float64(d.Min))))
}
