// SPDX-License-Identifier: Apache-2.0

package report

import (
	"slices"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/flow"
	"github.com/oncoref/oncoref/referral/inference"
)

// answer is what one measure says, about the whole or about a class.
type answer struct {
	id       string // of the definition: room and function
	name     string
	scope    string // class; empty for the whole
	kind     kind
	result   referral.Result
	interval inference.Interval // of shares; NaN for none
	days     int                // since the first visit, of shares treated by then
}

// flowMeasures is what the flow table says.
type flowMeasures struct {
	whole   []answer
	classes []string             // single classes of the table that are places, in its order
	of      map[string][]answer  // by class, in one order
	shares  map[[2]string]answer // of origins, by destination
	experts []string             // classes with an expert center
}

// pick gives the answer with an id about a class, or about the whole.
func (m *flowMeasures) pick(id, class string) (answer, bool) {
	list := m.whole
	if class != "" {
		list = m.of[class]
	}
	i := slices.IndexFunc(list, func(a answer) bool { return a.id == id })
	if i < 0 {
		return answer{}, false
	}
	return list[i], true
}

// share is the answer of a share, with its interval.
func (b *builder) share(id, name string, s referral.Share) answer {
	a := answer{id: id, name: name, scope: s.Origin, kind: ofShare, result: s.Result, interval: noInterval}
	if e, err := inference.OfShare(s, inference.Config{Level: b.c.Level}); err == nil { // shares that contradict themselves have none
		a.interval = e.Interval
	}
	return a
}

var noInterval = inference.Interval{Lo: nan, Hi: nan}

func (b *builder) measureFlows() error {
	b.of, b.shares = map[string][]answer{}, map[[2]string]answer{}
	for _, c := range b.t.Classes() {
		if !referral.Beside(c) {
			b.classes = append(b.classes, c)
		}
	}
	b.experts = b.expertClasses()
	if err := b.measureWhole(); err != nil {
		return err
	}
	if err := b.measureClasses(); err != nil {
		return err
	}
	for _, s := range flow.OriginShares(b.t) {
		b.shares[[2]string{s.Origin, s.Destination}] = b.share("flow.OriginShares", b.l.t("share of the origin", "aandeel van de herkomst"), s)
	}
	return nil
}

func (b *builder) measureWhole() error {
	l, t := b.l, b.t
	add := func(id, name string, k kind, r referral.Result) {
		b.whole = append(b.whole, answer{id: id, name: name, kind: k, result: r, interval: noInterval})
	}
	share := func(id, name string, s referral.Share) { b.whole = append(b.whole, b.share(id, name, s)) }
	add("referral.Table.Total", b.units(), ofPatients, t.Total())
	add("flow.CrossTotal", l.t("treated outside the own "+b.noun(), "behandeld buiten het eigen "+b.noun()), ofPatients, flow.CrossTotal(t))
	share("flow.SupraRegional", l.t("share treated outside the own "+b.noun(), "aandeel behandeld buiten het eigen "+b.noun()), flow.SupraRegional(t))
	share("flow.PooledRetention", l.t("share treated in the own "+b.noun(), "aandeel behandeld in het eigen "+b.noun()), flow.PooledRetention(t))
	if len(b.experts) > 0 {
		s, err := flow.PooledExpertDirected(t, b.experts)
		if err != nil {
			return err
		}
		share("flow.PooledExpertDirected", l.t("of those who leave, share going to a "+b.noun()+" with a center", "van wie vertrekt, aandeel naar een "+b.noun()+" met een centrum"), s)
		if s, err = flow.RetainedByOthers(t, b.experts); err != nil {
			return err
		}
		share("flow.RetainedByOthers", l.t("share treated at home in a "+b.noun()+" without a center", "aandeel thuis behandeld in een "+b.noun()+" zonder centrum"), s)
	}
	add("flow.MigrationEffectiveness", l.t("one-way part of the exchange", "eenrichtingsdeel van de uitwisseling"), ofPercent, flow.MigrationEffectiveness(t))
	add("flow.ConcentrationRatio", l.t("share of the three largest destinations", "aandeel van de drie grootste bestemmingen"), ofShare, flow.ConcentrationRatio(t, 3, flow.VolumeConfig{}))
	add("flow.MarketHerfindahl", l.t("concentration of treatment (Herfindahl)", "concentratie van behandeling (Herfindahl)"), ofIndex, flow.MarketHerfindahl(t, flow.HerfindahlConfig{}))
	add("flow.Gini", l.t("inequality of numbers treated (Gini)", "ongelijkheid van aantallen behandelden (Gini)"), ofIndex, flow.Gini(t, flow.VolumeConfig{}))
	add("flow.Hoover", l.t("inequality of numbers treated (Hoover)", "ongelijkheid van aantallen behandelden (Hoover)"), ofIndex, flow.Hoover(t, flow.VolumeConfig{}))
	add("flow.EISystem", l.t("external-internal index", "extern-intern-index"), ofIndex, flow.EISystem(t))
	add("flow.BinaryReciprocity", l.t("share of flows with a flow back", "aandeel stromen met een stroom terug"), ofShare, flow.BinaryReciprocity(t))
	add("flow.WeightedReciprocity", l.t("share of those leaving matched the other way", "aandeel vertrekkers met evenveel terug"), ofShare, flow.WeightedReciprocity(t))
	share("flow.FlowHierarchy", l.t("share of those leaving on no cycle", "aandeel vertrekkers buiten een kring"), flow.FlowHierarchy(t))
	if d := b.distances(); d != nil {
		x, err := flow.Travel(t, d, flow.TravelConfig{})
		if err != nil {
			return err
		}
		add("flow.Travel", l.t("mean distance from origin to treatment, km", "gemiddelde afstand van herkomst tot behandeling, km"), ofKm, x.Mean)
	}
	return nil
}

func (b *builder) measureClasses() error {
	l, t := b.l, b.t
	add := func(id, name string, k kind, list []referral.Scoped) {
		for _, s := range list {
			b.of[s.Scope] = append(b.of[s.Scope], answer{id: id, name: name, scope: s.Scope, kind: k, result: s.Result, interval: noInterval})
		}
	}
	share := func(id, name string, list []referral.Share) {
		for _, s := range list {
			a := b.share(id, name, s)
			if a.scope == "" {
				a.scope = s.Destination
			}
			b.of[a.scope] = append(b.of[a.scope], a)
		}
	}
	add("flow.OriginTotals", l.t("from here", "hiervandaan"), ofPatients, flow.OriginTotals(t))
	add("flow.Retained", l.t("of them treated here", "daarvan hier behandeld"), ofPatients, flow.Retained(t))
	share("flow.Retention", l.t("share treated here", "aandeel hier behandeld"), flow.Retention(t))
	add("flow.Outflow", l.t("treated elsewhere", "elders behandeld"), ofPatients, flow.Outflow(t))
	add("flow.Inflow", l.t("treated here from elsewhere", "van elders hier behandeld"), ofPatients, flow.Inflow(t))
	add("flow.DestinationTotals", l.t("all treated here", "alle hier behandelden"), ofPatients, flow.DestinationTotals(t))
	add("flow.NetFlow", l.t("net gain", "netto winst"), ofPatients, flow.NetFlow(t))
	share("flow.MarketShares", l.t("share of all treatment", "aandeel in alle behandeling"), flow.MarketShares(t))
	share("flow.SelfContainment", l.t("of those treated here, share from here", "van de hier behandelden, aandeel hiervandaan"), flow.SelfContainment(t))
	share("flow.ExternalAttraction", l.t("share of all who left elsewhere", "aandeel in alle vertrekkers van elders"), flow.ExternalAttraction(t))
	if len(b.experts) > 0 {
		list, err := flow.ExpertDirected(t, b.experts)
		if err != nil {
			return err
		}
		share("flow.ExpertDirected", l.t("of those who leave, share going to a "+b.noun()+" with a center", "van wie vertrekt, aandeel naar een "+b.noun()+" met een centrum"), list)
	}
	if d := b.distances(); d != nil {
		list, err := flow.TravelByOrigin(t, d, flow.TravelConfig{})
		if err != nil {
			return err
		}
		add("flow.TravelByOrigin", l.t("mean distance to treatment, km", "gemiddelde afstand tot behandeling, km"), ofKm, list)
	}
	add("flow.OriginHerfindahl", l.t("concentration of destinations (Herfindahl)", "concentratie van bestemmingen (Herfindahl)"), ofIndex, flow.OriginHerfindahl(t, flow.HerfindahlConfig{}))
	add("flow.InDegree", l.t("number that refer here", "aantal dat hierheen verwijst"), ofClasses, flow.InDegree(t))
	add("flow.OutDegree", l.t("number referred to", "aantal waarheen wordt verwezen"), ofClasses, flow.OutDegree(t))
	return nil
}

// expertClasses gives the classes of the table that have an expert center.
func (b *builder) expertClasses() []string {
	var p *network.Partition
	if b.in.Log != nil {
		p = b.in.Rule.Partition
	} else if m := b.t.Meta(); b.in.Snapshot != nil && m.Level == referral.LevelNetwork {
		p, _ = b.in.Snapshot.Partition(network.PartitionConfig{Name: m.Partition}) // a table of other networks has no members here
	}
	var out []string
	for _, h := range b.in.Centers.Hospitals {
		if slices.Contains(b.classes, h) {
			out = append(out, h)
		} else if p != nil {
			shares, _ := p.Of(h)
			for _, s := range shares {
				if slices.Contains(b.classes, s.Group) {
					out = append(out, s.Group)
				}
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// distances are those between the classes, as far as these have a place; nil if
// none has.
func (b *builder) distances() flow.Distances {
	s := b.in.Snapshot
	if s == nil {
		return nil
	}
	points := map[string]network.Point{}
	for _, c := range b.classes {
		if h, ok := s.Hospital(c); ok && h.Point.Known() {
			points[c] = h.Point
		} else if n, ok := s.Network(b.t.Meta().Partition, c); ok {
			if p, ok := s.Middle(n.ID); ok {
				points[c] = p
			}
		}
	}
	if len(points) == 0 {
		return nil
	}
	return flow.GreatCircles(points)
}

// noun is what a class of the table is.
func (b *builder) noun() string {
	switch b.t.Meta().Level {
	case referral.LevelNetwork:
		return b.l.t("network", "netwerk")
	case referral.LevelHospital:
		return b.l.t("hospital", "ziekenhuis")
	}
	return b.l.t("class", "klasse")
}

// nouns is the same in the plural.
func (b *builder) nouns() string {
	switch b.t.Meta().Level {
	case referral.LevelNetwork:
		return b.l.t("networks", "netwerken")
	case referral.LevelHospital:
		return b.l.t("hospitals", "ziekenhuizen")
	}
	return b.l.t("classes", "klassen")
}

// units is what the table counts.
func (b *builder) units() string {
	switch b.t.Meta().Unit {
	case referral.Patients:
		if b.log != nil && b.log.Quality().Cases > b.log.Quality().Patients {
			return b.l.t("cases (a patient with one tumor)", "gevallen (een patiënt met één tumor)")
		}
		return b.l.t("patients", "patiënten")
	case referral.Treatments:
		return b.l.t("treatments", "behandelingen")
	case referral.Episodes:
		return b.l.t("episodes", "episodes")
	case referral.Transitions:
		return b.l.t("steps", "stappen")
	default:
	}
	return b.l.t("cases (unit not stated)", "gevallen (eenheid niet vermeld)")
}
