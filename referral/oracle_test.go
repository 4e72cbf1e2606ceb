// SPDX-License-Identifier: Apache-2.0

package referral_test

import (
	"cmp"
	"slices"
	"strings"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// What follows says again, in maps and loops over whole events, what a log
// makes of its events. It shares no code with the log.

// ordered gives the events of each patient in their order, without the copies
// that a log leaves out, and with the only tumor of the patient where a row has
// none.
func ordered(events []referral.Event, treatments bool) map[string][]referral.Event {
	of := map[string][]referral.Event{}
	for _, e := range events {
		of[e.Patient] = append(of[e.Patient], e)
	}
	last := func(n int) int {
		if n == 0 {
			return 1 << 40
		}
		return n
	}
	place := func(kind string) int {
		return max(slices.Index([]string{"", "diagnosis", "first_visit"}, kind)+1, 0) // 0 is every other kind
	}
	for p, es := range of {
		slices.SortFunc(es, func(a, b referral.Event) int {
			kinds := cmp.Compare(cmp.Or(place(a.Kind), 9), cmp.Or(place(b.Kind), 9))
			return cmp.Or(cmp.Compare(last(int(a.Seq)), last(int(b.Seq))), cmp.Compare(last(int(a.Date)), last(int(b.Date))),
				cmp.Compare(a.Layer, b.Layer), kinds, cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Hospital, b.Hospital),
				cmp.Compare(a.FirstVisit, b.FirstVisit), cmp.Compare(a.Tumor, b.Tumor), cmp.Compare(a.Year, b.Year),
				slices.Compare(a.Attributes, b.Attributes))
		})
		es = slices.CompactFunc(es, func(a, b referral.Event) bool {
			attributes := slices.Equal(a.Attributes, b.Attributes)
			a.Line, b.Line, a.Attributes, b.Attributes = 0, 0, nil, nil
			return a.Seq != 0 && attributes && equalEvents(a, b)
		})
		tumors := map[string]bool{}
		for _, e := range es {
			tumors[e.Tumor] = true
		}
		delete(tumors, "")
		for i := range es {
			if len(tumors) == 1 && es[i].Layer != referral.LayerStatus {
				for t := range tumors {
					es[i].Tumor = t
				}
			}
		}
		of[p] = es
	}
	return of
}

func equalEvents(a, b referral.Event) bool {
	return a.Patient == b.Patient && a.Seq == b.Seq && a.Date == b.Date && a.Until == b.Until && a.Layer == b.Layer && a.Kind == b.Kind &&
		a.Hospital == b.Hospital && a.ToHospital == b.ToHospital && a.FirstVisit == b.FirstVisit && a.Tumor == b.Tumor && a.Year == b.Year
}

// caseOf is what a patient had with one tumor.
type caseOf struct {
	tumor  string
	events []referral.Event
	home   string // "" if not known
	visit  network.Date
}

func isTreatment(e referral.Event, layout referral.LogLayout) bool {
	if layout == referral.LayoutTreatments {
		return e.Kind != "" || e.Hospital != ""
	}
	return e.Layer == referral.LayerPatient && slices.Contains(referral.TreatmentKinds(), e.Kind)
}

// casesOf cuts the events of a patient.
func casesOf(events []referral.Event, layout referral.LogLayout) []caseOf {
	var tumors []string
	own := false // rows without a tumor are a case
	for _, e := range events {
		tumors = append(tumors, e.Tumor)
		own = own || e.Tumor == "" && isTreatment(e, layout)
	}
	slices.Sort(tumors)
	tumors = slices.Compact(tumors)
	if tumors[0] == "" && len(tumors) > 1 && !own {
		tumors = tumors[1:]
	}
	var out []caseOf
	for _, t := range tumors {
		visited := false
		for _, e := range events {
			visited = visited || e.Tumor == t && e.Kind == referral.KindFirstVisit
		}
		c := caseOf{tumor: t}
		for _, e := range events {
			shared := layout == referral.LayoutEvents && e.Tumor == "" && (e.Layer == referral.LayerStatus || e.Kind == referral.KindFirstVisit && !visited)
			if e.Tumor == t || shared || len(tumors) == 1 {
				c.events = append(c.events, e)
			}
		}
		c.findHome(layout)
		out = append(out, c)
	}
	return out
}

func (c *caseOf) findHome(layout referral.LogLayout) {
	homes := map[string]bool{}
	var first *referral.Event
	for i, e := range c.events {
		switch {
		case layout == referral.LayoutTreatments:
			if e.FirstVisit != "" {
				homes[e.FirstVisit] = true
			}
		case e.Kind != referral.KindFirstVisit:
		case first == nil:
			first = &c.events[i]
			homes[e.Hospital] = true
			c.visit = e.Date
		default:
			later := e.Seq != 0 && first.Seq != 0 && e.Seq > first.Seq || first.Date.Before(e.Date)
			if !later {
				homes[e.Hospital] = true
			}
		}
	}
	if len(homes) == 1 {
		for h := range homes {
			c.home = h
		}
	}
}

// cellKey is a cell of a table and its slice.
type cellKey struct{ from, to, tumor, modality, period string }

// told is what a table says beside its cells.
type told struct{ undated, elsewhere, otherKinds int }

// plainTable follows a rule.
func plainTable(events []referral.Event, layout referral.LogLayout, r referral.Rule, attributes []string, types map[string]network.HospitalType) (map[cellKey]float64, told) {
	cells, notes := map[cellKey]float64{}, told{}
	for _, es := range ordered(events, layout == referral.LayoutTreatments) {
		for _, c := range casesOf(es, layout) {
			oneCase(c, layout, r, attributes, types, cells, &notes)
		}
	}
	return cells, notes
}

func oneCase(c caseOf, layout referral.LogLayout, r referral.Rule, attributes []string, types map[string]network.HospitalType, cells map[cellKey]float64, notes *told) {
	if r.Tumor != "" && c.tumor != r.Tumor {
		return
	}
	for _, w := range r.Where {
		at := slices.Index(attributes, w.Attribute)
		if !slices.ContainsFunc(c.events, func(e referral.Event) bool { return e.Attributes[at] == w.Value }) {
			return
		}
	}
	key := cellKey{}
	if r.ByTumor {
		key.tumor = cmp.Or(c.tumor, referral.TumorUnknown)
	}
	switch in := c.periodOf(r, &key); in {
	case "no":
		return
	case "unknown":
		notes.undated++
		return
	}
	home := c.home
	if r.Origin == referral.Diagnosis {
		home = ""
		for _, e := range c.events {
			if e.Kind == referral.KindDiagnosis {
				home = e.Hospital
				break
			}
		}
	}
	var done []referral.Event
	left := false
	for _, e := range c.events {
		if !isTreatment(e, layout) || r.Modality != "" && e.Kind != r.Modality {
			continue
		}
		if e.Hospital != "" && slices.Contains(r.WithoutTypes, types[e.Hospital]) {
			left = true
			continue
		}
		done = append(done, e)
	}
	switch {
	case len(done) > 0:
	case left:
		notes.elsewhere++
		return
	case r.Modality != "":
		notes.otherKinds++
		return
	default:
		if r.ByModality {
			key.modality = referral.Untreated
		}
		for _, from := range ends(home, r.Partition, referral.OriginUnknown) {
			key.from, key.to = from.label, referral.Untreated
			cells[key] += from.part
		}
		return
	}
	kinds := map[string][]referral.Event{}
	for _, e := range done {
		kind := ""
		if r.ByModality {
			kind = cmp.Or(e.Kind, referral.ModalityUnknown)
		}
		kinds[kind] = append(kinds[kind], e)
	}
	for kind, done := range kinds {
		key.modality = kind
		for _, from := range ends(home, r.Partition, referral.OriginUnknown) {
			for to, part := range destinationsOf(home, from, done, r) {
				key.from, key.to = from.label, to
				cells[key] += from.part * part
			}
		}
	}
}

// end is one class of a hospital.
type end struct {
	label string
	part  float64
	group string // of a hospital that is divided
}

func groupsOf(h string, p *network.Partition) []string {
	if p == nil {
		return []string{h}
	}
	var out []string
	shares, _ := p.Of(h)
	for _, s := range shares {
		out = append(out, s.Group)
	}
	slices.Sort(out)
	return out
}

func ends(h string, p *network.Partition, unknown string) []end {
	if h == "" {
		return []end{{label: unknown, part: 1}}
	}
	groups := groupsOf(h, p)
	if p == nil || p.Rule() != network.Split {
		return []end{{label: strings.Join(groups, " / "), part: 1}}
	}
	var out []end
	for _, g := range groups {
		out = append(out, end{g, 1 / float64(len(groups)), g})
	}
	return out
}

// destinationsOf divides a case that comes from one class.
func destinationsOf(home string, from end, done []referral.Event, r referral.Rule) map[string]float64 {
	out := map[string]float64{}
	arrive := func(h string, part float64) {
		if h == home && h != "" && from.group != "" {
			out[from.label] += part
			return
		}
		for _, to := range ends(h, r.Partition, referral.DestinationUnknown) {
			out[to.label] += part * to.part
		}
	}
	switch r.Destination {
	case referral.FirstTreatment:
		arrive(done[0].Hospital, 1)
	case referral.LastTreatment:
		arrive(done[len(done)-1].Hospital, 1)
	case referral.Fractional:
		hospitals := map[string]bool{}
		for _, e := range done {
			hospitals[e.Hospital] = true
		}
		for h := range hospitals {
			arrive(h, 1/float64(len(hospitals)))
		}
	default:
		mine := groupsOf(home, r.Partition)
		if from.group != "" {
			mine = []string{from.group}
		}
		for _, e := range done {
			inside := home != "" && e.Hospital != "" && slices.ContainsFunc(groupsOf(e.Hospital, r.Partition), func(g string) bool { return slices.Contains(mine, g) })
			if !inside {
				arrive(e.Hospital, 1)
				return out
			}
		}
		arrive(home, 1)
	}
	return out
}

// periodOf says whether a case is in the period of a rule, and in which slice.
func (c caseOf) periodOf(r referral.Rule, key *cellKey) string {
	wanted := r.Slices
	if r.Period != (network.Period{}) {
		wanted = []network.Period{r.Period}
	}
	if !r.ByYear && len(wanted) == 0 {
		return "yes"
	}
	year := 0
	var earliest, diagnosed network.Date
	for _, e := range c.events {
		if e.Year != 0 && (year == 0 || e.Year < year) {
			year = e.Year
		}
		if !e.Date.IsZero() && (earliest.IsZero() || e.Date < earliest) {
			earliest = e.Date
		}
		if e.Kind == referral.KindDiagnosis && diagnosed.IsZero() {
			diagnosed = e.Date
		}
	}
	day := c.visit
	if r.Origin == referral.Diagnosis {
		day = diagnosed
	}
	if day.IsZero() {
		day = earliest
	}
	if year == 0 && day.IsZero() {
		return "unknown"
	}
	first, last := day, day
	if year != 0 {
		first, last = network.NewDate(year, 1, 1), network.NewDate(year, 12, 31)
	}
	if r.ByYear {
		key.period = first.String()[:4]
	}
	if len(wanted) == 0 {
		return "yes"
	}
	some := false
	for _, p := range wanted {
		a, b := p.Contains(first), p.Contains(last)
		if a && b {
			if len(r.Slices) > 0 {
				key.period = p.String()
			}
			return "yes"
		}
		some = some || a || b || !p.From.IsZero() && first <= p.From && p.From <= last
	}
	if some {
		return "unknown"
	}
	return "no"
}

// countsOf counts treatments by the texts of their dimensions.
func countsOf(events []referral.Event, layout referral.LogLayout, r referral.CountRule, attributes []string) map[string]int64 {
	out := map[string]int64{}
	for _, es := range ordered(events, layout == referral.LayoutTreatments) {
		mine := map[string]int64{}
		for _, c := range casesOf(es, layout) {
			for _, e := range c.events {
				if !isTreatment(e, layout) || r.Tumor != "" && c.tumor != r.Tumor || r.Kind != "" && e.Kind != r.Kind {
					continue
				}
				var key []string
				for _, d := range r.By {
					key = append(key, dimensionOf(d, c, e, attributes))
				}
				mine[strings.Join(key, "|")]++
			}
		}
		for key, n := range mine {
			if r.Patients {
				n = 1
			}
			out[key] += n
		}
	}
	return out
}

func dimensionOf(d referral.Dimension, c caseOf, e referral.Event, attributes []string) string {
	switch d {
	case referral.ByOrigin:
		return cmp.Or(c.home, referral.OriginUnknown)
	case referral.ByHospital:
		return cmp.Or(e.Hospital, referral.DestinationUnknown)
	case referral.ByTumor:
		return e.Tumor
	case referral.ByKind:
		return e.Kind
	case referral.ByYear:
		if e.Year == 0 {
			return ""
		}
		return network.NewDate(e.Year, 1, 1).String()[:4]
	case referral.ByTreatmentYear:
		if e.Date.IsZero() {
			return ""
		}
		return e.Date.String()[:4]
	}
	return e.Attributes[slices.Index(attributes, string(d))]
}

// linksOf counts linked stays.
func linksOf(events []referral.Event, layout referral.LogLayout, r referral.LinkRule, attributes []string) map[[2]string]float64 {
	out := map[[2]string]float64{}
	for _, es := range ordered(events, layout == referral.LayoutTreatments) {
		if r.Tumor == "" {
			linkOne(es, layout, r, attributes, out)
			continue
		}
		for _, c := range casesOf(es, layout) {
			if c.tumor == r.Tumor {
				linkOne(c.events, layout, r, attributes, out)
			}
		}
	}
	return out
}

// stayIn is where a patient was; without an event it is a first visit that no
// row of its own tells.
type stayIn struct {
	hospital string
	event    *referral.Event
}

func linkOne(events []referral.Event, layout referral.LogLayout, r referral.LinkRule, attributes []string, out map[[2]string]float64) {
	var stays []stayIn
	if layout == referral.LayoutTreatments && !r.Treatments {
		// The row in front speaks for its case, which may have said nothing or two things.
		homes := map[string]bool{}
		for _, e := range events {
			if e.Tumor == events[0].Tumor && e.FirstVisit != "" {
				homes[e.FirstVisit] = true
			}
		}
		for h := range homes {
			if len(homes) == 1 {
				stays = append(stays, stayIn{hospital: h})
			}
		}
	}
	for i, e := range events {
		visit := e.Layer == referral.LayerPatient && (layout == referral.LayoutEvents || isTreatment(e, layout))
		if r.Treatments && isTreatment(e, layout) || !r.Treatments && visit {
			stays = append(stays, stayIn{e.Hospital, &events[i]})
		}
	}
	flagged := func(s stayIn, attribute string) bool {
		return attribute == "" || s.event != nil && slices.Contains(r.Flags.Values, s.event.Attributes[slices.Index(attributes, attribute)])
	}
	for i, a := range stays {
		for j, b := range stays[i+1:] {
			if j > 0 && !r.AllPairs || !flagged(a, r.Flags.Out) || !flagged(b, r.Flags.In) {
				continue
			}
			if r.Window != 0 {
				if a.event == nil || b.event == nil {
					continue
				}
				end := a.event.Until
				if end.IsZero() {
					end = a.event.Date
				}
				days, ok := b.event.Date.Sub(end)
				if !ok || days > int(r.Window)-1 {
					continue
				}
			}
			linkClasses(a.hospital, b.hospital, r, out)
		}
	}
}

func linkClasses(a, b string, r referral.LinkRule, out map[[2]string]float64) {
	from, to := ends(a, r.Partition, referral.DestinationUnknown), ends(b, r.Partition, referral.DestinationUnknown)
	for _, x := range from {
		for _, y := range to {
			part := x.part * y.part
			if a == b && x != y {
				continue
			}
			if a == b {
				part = x.part
			}
			common := a == b || x.label == y.label
			if r.Partition != nil && r.Partition.Rule() != network.Split && a != "" && b != "" {
				common = common || slices.ContainsFunc(groupsOf(a, r.Partition), func(g string) bool { return slices.Contains(groupsOf(b, r.Partition), g) })
			}
			if r.DropSelf && common {
				continue
			}
			out[[2]string{x.label, y.label}] += part
		}
	}
}
