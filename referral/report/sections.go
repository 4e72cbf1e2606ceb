// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/oncoref/oncoref/internal/small"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// fact is a name with what is known about it.
type fact struct {
	Name, Value, Note string
	Label, Why        string // what the note is, and why the value is not exact; not on paper
}

// quality says what the input is worth.
func (b *builder) quality() ([]fact, *table) {
	if b.log == nil {
		return b.tableQuality(), nil
	}
	l := b.l
	q := b.in.Log.Quality()
	var facts []fact
	if b.hidden == 0 {
		facts = append(facts, fact{Name: l.t("rows read", "gelezen rijen"), Value: l.number(float64(q.Rows), 0)},
			fact{Name: l.t("rows in use", "gebruikte rijen"), Value: l.number(float64(q.Events), 0)},
			fact{Name: l.t("copies left out", "weggelaten kopieën"), Value: l.number(float64(q.LeftOut), 0)},
			fact{Name: l.t("rows refused", "geweigerde rijen"), Value: l.number(float64(q.Refused), 0)})
		if b.cut { // the others could be few
			q = b.log.Quality()
		}
	} else {
		q = b.log.Quality()
		facts = append(facts, fact{Name: l.t("rows in use", "gebruikte rijen"), Value: l.number(float64(q.Events), 0)})
	}
	names := map[string]term{
		"patients": {"patients", "patiënten"}, "cases": {"cases (a patient with one tumor)", "gevallen (een patiënt met één tumor)"},
		"treated": {"cases with a treatment", "gevallen met een behandeling"}, "untreated": {"cases without", "gevallen zonder"},
		"died_untreated":      {"cases that ended in death without treatment", "gevallen overleden zonder behandeling"},
		"without_first_visit": {"cases without a known first visit", "gevallen zonder bekend eerste bezoek"},
	}
	for _, n := range b.g.Numbers(q) {
		facts = append(facts, fact{Name: l.term(names, n.Name), Value: l.bounds(float64(n.Lo), float64(n.Hi), ofClasses)})
	}
	t := &table{
		ID: "t-quality", Caption: l.t("What was found in the rows", "Wat in de rijen is gevonden"),
		Columns: []column{
			{l.t("finding", "bevinding"), false}, {l.t("decision", "besluit"), false}, {l.t("rows", "rijen"), true}, {l.t("first lines", "eerste regels"), false},
		},
	}
	for _, f := range b.in.Log.Quality().Findings {
		row := []cell{text(l.fault(f.Fault)), text(l.decision(f.Decision)), {}, {}}
		switch {
		case b.g.Hidden(float64(f.Count)):
			row[2] = cell{Text: l.bounds(small.Lo, small.Hi, ofClasses)}
		case b.hidden > 0:
			row[2] = cell{Text: l.magnitude(f.Count)}
		default:
			var lines []string
			for _, n := range f.Lines {
				lines = append(lines, strconv.FormatInt(n, 10))
			}
			row[2], row[3] = l.figureCell(float64(f.Count), ofClasses), text(strings.Join(lines, ", "))
		}
		t.Rows = append(t.Rows, row)
	}
	if b.hidden > 0 {
		t.Note = l.t("Numbers of rows are given by their order of magnitude, and no lines, because small counts could be worked out from them.",
			"Aantallen rijen staan er in orde van grootte, en zonder regels, omdat kleine aantallen eruit af te leiden zouden zijn.")
	}
	return facts, t
}

// tableQuality says how much of a flow table is known.
func (b *builder) tableQuality() []fact {
	l := b.l
	states := map[referral.State]int{}
	sets := 0
	for f := range b.t.Slices() {
		states[f.Cell.State]++
		if f.SetValued() {
			sets++
		}
	}
	n := func(v int) string { return l.number(float64(v), 0) }
	return []fact{
		{Name: l.t("origins", "herkomsten"), Value: n(len(b.t.Origins()))}, {Name: l.t("destinations", "bestemmingen"), Value: n(len(b.t.Destinations()))},
		{Name: l.t("flows listed", "vermelde stromen"), Value: n(b.t.Len()), Note: b.absentNote()},
		{Name: l.t("with an exact count", "met een exact aantal"), Value: n(states[referral.Exact])},
		{Name: l.t("observed zero", "waargenomen nul"), Value: n(states[referral.Zero] + states[referral.StructuralZero])},
		{Name: l.t("known between two numbers", "bekend tussen twee aantallen"), Value: n(states[referral.Interval])},
		{Name: l.t("occurring, count not published", "komt voor, aantal niet gepubliceerd"), Value: n(states[referral.Present])},
		{Name: l.t("of which nothing is known", "waarvan niets bekend is"), Value: n(states[referral.Missing])},
		{Name: l.t("to one of several destinations", "naar een van meerdere bestemmingen"), Value: n(sets)},
		{Name: l.t("published totals in use", "gebruikte gepubliceerde totalen"), Value: n(totals(b.t))},
	}
}

// rules says what the counts are.
func (b *builder) rules() []fact {
	l, m := b.l, b.t.Meta()
	words := map[string]term{
		"unknown":     {"not stated by the source", "niet vermeld door de bron"},
		"first_visit": {"the first hospital visit", "het eerste ziekenhuisbezoek"},
		"residence":   {"where the patient lives", "waar de patiënt woont"}, "diagnosis": {"the hospital of the diagnosis", "het ziekenhuis van de diagnose"},
		"any_outside": {"the first treatment outside the origin, else the origin", "de eerste behandeling buiten de herkomst, anders de herkomst"},
		"first":       {"place of the first treatment", "plaats van de eerste behandeling"}, "last": {"place of the last treatment", "plaats van de laatste behandeling"},
		"fractional":               {"each patient divided equally over all places of treatment", "elke patiënt gelijk verdeeld over alle plaatsen van behandeling"},
		network.SetValued.String(): {"hospitals of several networks count as one of them", "ziekenhuizen van meerdere netwerken tellen als een ervan"},
		network.Primary.String():   {"hospitals of several networks count for the first", "ziekenhuizen van meerdere netwerken tellen voor het eerste"},
		network.Split.String():     {"patients of hospitals of several networks are divided", "patiënten van ziekenhuizen van meerdere netwerken worden verdeeld"},
	}
	facts := []fact{
		{Name: l.t("what is counted", "wat is geteld"), Value: b.units()}, {Name: l.t("origin", "herkomst"), Value: l.term(words, m.OriginRule.String())},
		{Name: l.t("destination", "bestemming"), Value: l.term(words, m.DestinationRule.String())}, {Name: l.t("classes", "klassen"), Value: b.nouns()},
	}
	add := func(name, value string) {
		if value != "" {
			facts = append(facts, fact{Name: name, Value: value})
		}
	}
	if m.Partition != "" {
		add(l.t("division into networks", "indeling in netwerken"), l.term(map[string]term{network.DefaultPartition: {"regional", "regionaal"}}, m.Partition))
		add(l.t("membership of several networks", "lidmaatschap van meerdere netwerken"), l.term(words, m.PartitionRule.String()))
	}
	add(l.t("tumor", "tumor"), m.Tumor)
	add(l.t("period", "periode"), m.Period.String())
	add(l.t("conditions", "voorwaarden"), b.conditions(m.Conditions))
	add(l.t("landscape", "landschap"), m.Landscape)
	if c := b.in.Centers; len(c.Hospitals) > 0 {
		var names []string
		for _, h := range c.Hospitals {
			names = append(names, b.hospital(h))
		}
		add(l.t("expert centers", "expertisecentra"), c.Name+": "+strings.Join(names, ", "))
	}
	if b.in.Norm > 0 {
		add(l.t("norm", "norm"), b.normName())
	}
	add(l.t("source", "bron"), m.Source)
	for _, n := range m.Notes {
		add(l.t("note", "opmerking"), b.note(n))
	}
	return facts
}

// classPart is the part of the page about one network or hospital.
type classPart struct {
	ID, Name string
	About    []fact
	Facts    []fact
	To, From []partner
	More     string // what the lists leave out
}

type partner struct{ Name, Href, Count, Share string }

// mostPartners is how many destinations and origins a part lists.
const mostPartners = 10

// classNote says what of the parts is not on paper.
func (b *builder) classNote() string {
	return fmt.Sprintf(b.l.t("The small numbers are %ss. Why a number is a range, and flows beyond the %s largest, are in the file on a screen.",
		"De kleine getallen zijn een %s. Waarom een getal een bereik is, en stromen na de %s grootste, staan in het bestand op een scherm."),
		b.intervalName(), b.l.number(mostPartners, 0))
}

// classParts gives the parts of all classes.
func (b *builder) classParts() []classPart {
	l := b.l
	to, from := map[string][]referral.Flow{}, map[string][]referral.Flow{}
	for f := range b.t.Flows() {
		if f.Cell.Hi == 0 {
			continue
		}
		to[f.Origin] = append(to[f.Origin], f)
		if !f.Retained() && !referral.Beside(f.Origin) {
			for _, m := range f.Members {
				from[m] = append(from[m], f)
			}
		}
	}
	var out []classPart
	for i, c := range b.classes {
		p := classPart{ID: fmt.Sprintf("c-%d", i+1), Name: c, About: b.aboutClass(c)}
		for _, a := range b.of[c] {
			value := l.result(a.result, a.kind)
			p.Facts = append(p.Facts, fact{Name: a.name, Value: value, Note: l.interval(a.interval, a.kind), Label: b.intervalName(), Why: l.reason(a.result.Reason)})
		}
		bySize := func(x, y referral.Flow) int {
			return cmp.Or(cmp.Compare(y.Cell.Lo, x.Cell.Lo), cmp.Compare(y.Cell.Hi, x.Cell.Hi), cmp.Compare(x.Origin, y.Origin), cmp.Compare(x.Destination, y.Destination))
		}
		slices.SortFunc(to[c], bySize)
		slices.SortFunc(from[c], bySize)
		for _, f := range to[c][:min(mostPartners, len(to[c]))] {
			p.To = append(p.To, b.partner(f.Destination, f))
		}
		for _, f := range from[c][:min(mostPartners, len(from[c]))] {
			from := b.partner(f.Origin, f)
			if f.SetValued() {
				from.Name += l.t(" (to one of ", " (naar een van ") + f.Destination + ")"
			}
			p.From = append(p.From, from)
		}
		if left := max(0, len(to[c])-mostPartners) + max(0, len(from[c])-mostPartners); left > 0 {
			p.More = fmt.Sprintf(l.t("%s more flows stand in the table of all flows.", "Nog %s stromen staan in de tabel van alle stromen."), l.number(float64(left), 0))
		}
		out = append(out, p)
	}
	return out
}

func (b *builder) partner(label string, f referral.Flow) partner {
	c := b.classCell(label)
	p := partner{Name: c.Text, Href: c.Href, Count: b.l.cell(f.Cell)}
	if f.Retained() {
		p.Name += " (" + b.l.t("treated here", "hier behandeld") + ")"
	}
	if s, ok := b.shares[[2]string{f.Origin, f.Destination}]; ok {
		p.Share = b.l.result(s.result, ofShare)
	}
	return p
}

// aboutClass says what the landscape knows about a class.
func (b *builder) aboutClass(c string) []fact {
	l, s := b.l, b.in.Snapshot
	var facts []fact
	if slices.Contains(b.experts, c) {
		facts = append(facts, fact{Name: l.t("expert center", "expertisecentrum"), Value: l.t("yes", "ja")})
	}
	if f, ok := b.nearestCenter(c); ok {
		facts = append(facts, f)
	}
	if s == nil {
		return facts
	}
	if h, ok := s.Hospital(c); ok {
		facts = append(facts, fact{Name: l.t("name", "naam"), Value: h.Name})
		if h.City != "" {
			facts = append(facts, fact{Name: l.t("place", "plaats"), Value: h.City})
		}
		if list := s.NetworksOf(c, ""); len(list) > 0 {
			facts = append(facts, fact{Name: l.t("network", "netwerk"), Value: strings.Join(list, ", ")})
		}
		return facts
	}
	n, ok := s.Network(b.t.Meta().Partition, c)
	if !ok {
		return facts
	}
	var names []string
	for _, h := range s.Members(n.ID) {
		name := h.Name
		if slices.Contains(b.in.Centers.Hospitals, h.ID) {
			name += l.t(" (expert center)", " (expertisecentrum)")
		}
		names = append(names, name)
	}
	if len(names) > 0 {
		facts = append(facts, fact{Name: l.t("hospitals", "ziekenhuizen"), Value: strings.Join(names, "; "), Note: l.t("as of ", "op ") + s.Date().String()})
	}
	return facts
}
