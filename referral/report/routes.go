// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/oncoref/oncoref/internal/small"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/pathway"
)

// routeMeasures is what the events say about the ways of patients. They overlap
// with the flow table in many ways, so that all counts are ranges of five.
type routeMeasures struct {
	routes  []route // the most frequent first
	others  referral.Cell
	cases   int // with a route, or all if not all were gone through
	passing []passage
	roled   bool // passing has roles
	stages  pathway.Staged
	rounded bool // numbers of stages are rounded down
}

// route is a way through care and how many took it.
type route struct {
	steps    string
	stops    int
	patients referral.Cell
}

// passage is how many patients passed through a hospital, and its roles.
type passage struct {
	hospital string
	patients referral.Cell
	roles    map[pathway.Role]referral.Cell
}

// How many routes the report lists: through one place, and through several.
const (
	mostStays  = 10
	mostRoutes = 20
)

// fewestRouted is how many patients there are at least where routes are shown:
// of fewer, ranges of five say nothing.
const fewestRouted = 50

func (b *builder) ranges() small.Ranges { return small.Ranges{AllowSmall: b.c.AllowSmall} }

// measureRoutes measures the ways of patients through hospitals, or through
// networks if the classes are networks, and through the stages of care.
func (b *builder) measureRoutes() error {
	by, group := pathway.ByRoute, map[string]string(nil)
	if b.in.Rule.Partition != nil {
		by, group = pathway.ByGroup, b.groups()
	}
	stage := pathway.StageConfig{Groups: b.in.Rule.Partition}
	var routes, stages shownWays
	var passed passages
	if b.in.Rule.Partition != nil {
		var err error
		if passed.groups, err = network.NewPartition(b.t.Meta().Partition, group); err != nil {
			return err
		}
	}
	b.stages = pathway.CountStages(b.log, stage)
	all, err := b.eachCell(func(l *referral.Log) error {
		variants := pathway.Variants(l, by, group)
		for _, v := range variants {
			b.cases += v.Patients
		}
		routes.add(b.ranges(), variants)
		stages.add(b.ranges(), pathway.CountStages(l, stage).Ways)
		return passed.add(b.ranges(), l)
	})
	if err != nil {
		return err
	}
	if !all {
		b.cases = int(b.log.Quality().Cases)
	}
	b.showStages(&stages)
	if !b.c.AllowSmall && b.log.Quality().Cases < fewestRouted {
		return nil
	}
	b.showRoutes(&routes, all)
	b.showPassages(&passed, all)
	b.measureContinuity()
	return nil
}

// showRoutes keeps the most frequent routes.
func (b *builder) showRoutes(s *shownWays, all bool) {
	shown := referral.Cell{}
	for _, w := range s.ways {
		if w.patients.Lo > small.Hi || b.c.AllowSmall {
			b.routes = append(b.routes, route{joinedSteps(w.steps), len(w.steps), w.patients})
		}
	}
	slices.SortStableFunc(b.routes, func(x, y route) int {
		return cmp.Or(cmp.Compare(y.patients.Lo, x.patients.Lo), cmp.Compare(y.patients.Hi, x.patients.Hi), cmp.Compare(x.steps, y.steps))
	})
	stays, several := 0, 0
	b.routes = slices.DeleteFunc(b.routes, func(r route) bool {
		if r.stops == 1 {
			stays++
			return stays > mostStays
		}
		several++
		return several > mostRoutes
	})
	n := float64(b.cases)
	for i := range b.routes {
		if c := &b.routes[i].patients; !all { // some who took it may be in a cell that was not gone through
			*c = referral.Between(c.Lo, n)
		}
		shown = shown.Add(b.routes[i].patients)
	}
	b.others = referral.Between(max(0, n-shown.Hi), max(0, n-shown.Lo))
}

// joinedSteps is how a way is written.
func joinedSteps(steps []string) string { return strings.Join(steps, " › ") }

// groups gives each hospital of the log the label of its network, of all of
// several together, and its own if it is in none.
func (b *builder) groups() map[string]string {
	out := map[string]string{}
	for _, h := range b.log.Hospitals() {
		out[h] = h
		if shares, ok := b.in.Rule.Partition.Of(h); ok && len(shares) > 0 {
			var names []string
			for _, s := range shares {
				names = append(names, s.Group)
			}
			out[h] = strings.Join(names, " / ")
		}
	}
	return out
}

// showStages keeps of the ways through stages what may be shown: multiples of
// five, of ways that five patients or more took.
func (b *builder) showStages(s *shownWays) {
	b.stages.Stages = slices.Clone(b.stages.Stages)
	for i, name := range b.stages.Stages {
		b.stages.Stages[i] = b.l.event(strings.ReplaceAll(name, " ", "_"))
	}
	if b.c.AllowSmall {
		return
	}
	k := len(b.stages.Stages)
	b.stages.Ways, b.stages.Patients, b.rounded = nil, 0, true
	keep := func(steps []string, n float64) {
		if n > small.Hi {
			b.stages.Ways = append(b.stages.Ways, pathway.Variant{Steps: steps, Patients: int(n)})
			b.stages.Patients += int(n)
		}
	}
	for _, w := range s.ways {
		keep(w.steps, w.patients.Lo)
	}
	for _, start := range slices.Sorted(maps.Keys(s.rarer)) {
		steps := slices.Repeat([]string{b.l.t("rarer ways", "zeldzamere wegen")}, k)
		steps[0] = start
		keep(steps, s.rarer[start])
	}
	slices.SortStableFunc(b.stages.Ways, func(x, y pathway.Variant) int {
		return cmp.Or(cmp.Compare(y.Patients, x.Patients), slices.Compare(x.Steps, y.Steps))
	})
	for i, w := range b.stages.Ways {
		b.stages.Ways[i].Share = float64(w.Patients) / float64(b.stages.Patients)
	}
}

// measureContinuity measures how much of the care of a patient was in one place.
func (b *builder) measureContinuity() {
	const id = "pathway.CountContinuity"
	l := b.l
	m := pathway.CountContinuity(b.log)
	b.add(id, l.t("share of a patient's care in the hospital that gave most, mean", "aandeel van de zorg van een patiënt in het ziekenhuis dat de meeste gaf, gemiddeld"), "",
		ofShare, b.ranges().Average(m.UsualProvider, m.UsualProvider.N))
	b.add(id, l.t("chance that two events of a patient were in one hospital, mean (Bice-Boxerman)", "kans dat twee gebeurtenissen van een patiënt in één ziekenhuis waren, gemiddeld (Bice-Boxerman)"), "",
		ofIndex, b.ranges().Average(m.BiceBoxerman, m.BiceBoxerman.N))
}

// passages adds up who passed through hospitals, and their roles between
// networks, over the cells of the flow table.
type passages struct {
	at     map[string]int
	list   []passage
	groups *network.Partition // nil: no roles
}

// add takes over the patients of one cell. How many these are the flow table
// tells, so that who passed and who did not are protected together.
func (p *passages) add(r small.Ranges, l *referral.Log) error {
	if p.at == nil {
		p.at = map[string]int{}
	}
	total := 0
	of := func(n int) referral.Cell {
		cells, _ := r.Within(referral.Count(float64(max(total, n))), n, max(total-n, 0))
		return cells[0]
	}
	for _, s := range pathway.CountTransit(l) {
		total = int(s.Whole.Lo)
		if s.Part.Hi == 0 {
			continue
		}
		i, ok := p.at[s.Origin]
		if !ok {
			i = len(p.list)
			p.at[s.Origin] = i
			p.list = append(p.list, passage{hospital: s.Origin, roles: map[pathway.Role]referral.Cell{}})
		}
		p.list[i].patients = p.list[i].patients.Add(of(int(s.Part.Lo)))
	}
	if p.groups == nil {
		return nil
	}
	list, err := pathway.CountBrokerage(l, p.groups)
	if err != nil {
		return err
	}
	for _, x := range list {
		if i, ok := p.at[x.Hospital]; ok {
			roles := p.list[i].roles
			roles[x.Role] = roles[x.Role].Add(of(x.Count))
		}
	}
	return nil
}

// showPassages takes over who passed through hospitals, most first.
func (b *builder) showPassages(p *passages, all bool) {
	b.passing, b.roled = p.list, p.groups != nil
	n := float64(b.cases)
	for i := range b.passing {
		x := &b.passing[i]
		if !all { // more may have passed in cells that were not gone through
			x.patients = referral.Between(x.patients.Lo, n)
			for role, c := range x.roles {
				x.roles[role] = referral.Between(c.Lo, math.Inf(1))
			}
		}
	}
	slices.SortStableFunc(b.passing, func(x, y passage) int {
		return cmp.Or(cmp.Compare(y.patients.Lo, x.patients.Lo), cmp.Compare(y.patients.Hi, x.patients.Hi), cmp.Compare(x.hospital, y.hospital))
	})
}

// routeTable lists the most frequent routes.
func (b *builder) routeTable() table {
	l := b.l
	t := table{
		ID: "t-routes", Caption: l.t("The most frequent routes, from the first visit on", "De meest voorkomende routes, vanaf het eerste bezoek"),
		Note: fmt.Sprintf(l.t("The %d most frequent through one %s and the %d most frequent through several. One name alone: all care was there.",
			"De %d meest voorkomende door één %s en de %d meest voorkomende door meerdere. Eén naam alleen: alle zorg was daar."), mostStays, b.noun(), mostRoutes) + " " + b.rangesNote(),
		Columns: []column{{l.t("route", "route"), false}, {b.units(), true}, {l.t("lower", "onder"), true}, {l.t("upper", "boven"), true}, {l.t("share", "aandeel"), true}},
	}
	add := func(name string, c referral.Cell) {
		t.Rows = append(t.Rows, append([]cell{text(name)}, b.amongAll(c)...))
	}
	for _, r := range b.routes {
		add(r.steps, r.patients)
	}
	if b.others.Hi > 0 {
		add(l.t("all other routes", "alle andere routes"), b.others)
	}
	return t
}

// amongAll are the columns of a number of patients with a route, its bounds, and
// its share of all.
func (b *builder) amongAll(c referral.Cell) []cell {
	l, n, hi, value := b.l, float64(b.cases), c.Hi, nan
	if hi >= n && !c.Known() { // nothing limits it
		hi = math.Inf(1)
	}
	share := cell{Text: l.bounds(c.Lo/n, hi/n, ofShare)}
	if c.Known() {
		value, share.Raw = c.Lo, raw(c.Lo/n)
	}
	return []cell{{Text: l.bounds(c.Lo, hi, ofPatients), Raw: raw(value)}, l.figureCell(c.Lo, ofPatients), l.figureCell(hi, ofPatients), share}
}

// roleNames are the columns of roles, in order.
var roleNames = []struct {
	role pathway.Role
	name term
}{
	{pathway.Coordinator, term{"coordinator", "coördinator"}}, {pathway.Gatekeeper, term{"gatekeeper", "poortwachter"}},
	{pathway.Representative, term{"representative", "vertegenwoordiger"}}, {pathway.Itinerant, term{"itinerant", "buitenstaander"}},
	{pathway.Liaison, term{"liaison", "verbinder"}}, {pathway.Return, term{"return", "terugkeer"}},
}

// passingTable lists the hospitals that patients passed through, most first.
func (b *builder) passingTable() table {
	l := b.l
	t := table{
		ID: "t-passing", Caption: l.t("Hospitals that patients passed through", "Ziekenhuizen waar patiënten doorheen kwamen"),
		Note: l.t("Between two other stops of their route.", "Tussen twee andere plaatsen op hun route.") + " " + b.rangesNote(),
		Columns: []column{
			{l.t("hospital", "ziekenhuis"), false}, {b.units(), true}, {l.t("lower", "onder"), true}, {l.t("upper", "boven"), true}, {l.t("share of all", "aandeel van alle"), true},
		},
	}
	if b.roled {
		for _, r := range roleNames {
			t.Columns = append(t.Columns, column{l.t(r.name.english, r.name.dutch), true})
		}
		t.Note += " " + l.t("Roles count the steps a › b › c with b this hospital. Coordinator: all three in one network. Gatekeeper: b and c, so into it. Representative: a and b, so out of it. Itinerant: a and c, b in another. Liaison: three networks. Return: a and c are one hospital.",
			"Rollen tellen de stappen a › b › c met b dit ziekenhuis. Coördinator: alle drie in één netwerk. Poortwachter: b en c, dus erin. Vertegenwoordiger: a en b, dus eruit. Buitenstaander: a en c, b in een ander. Verbinder: drie netwerken. Terugkeer: a en c zijn één ziekenhuis.")
		t.Note += " " + l.t("Hospitals in the same several networks count as a network of their own.", "Ziekenhuizen in dezelfde meerdere netwerken tellen als een eigen netwerk.")
	}
	number := func(c referral.Cell) cell {
		if c.Known() {
			return l.figureCell(c.Lo, ofPatients)
		}
		return cell{Text: l.bounds(c.Lo, c.Hi, ofPatients)}
	}
	for _, p := range b.passing {
		row := append([]cell{text(b.hospital(p.hospital))}, b.amongAll(p.patients)...)
		if b.roled {
			for _, r := range roleNames {
				row = append(row, number(p.roles[r.role]))
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// rangesNote says how numbers counted along routes are given.
func (b *builder) rangesNote() string {
	var s []string
	if t := b.aboutShown(); t != "" {
		s = append(s, t)
	}
	if !b.c.AllowSmall {
		s = append(s, b.l.t("Numbers stand in ranges of five or wider, so that no small one can be worked out.", "Aantallen staan in bereiken van vijf of ruimer, zodat geen klein aantal eruit is af te leiden."))
	}
	return strings.Join(s, " ")
}

// stagesNote says under the figure of stages what its numbers are.
func (b *builder) stagesNote() string {
	return fmt.Sprintf(b.l.t("Every way is rounded down to a multiple of %d patients, and ways of fewer are drawn together or not at all.",
		"Elke weg is naar beneden afgerond op een veelvoud van %d patiënten, en wegen van minder zijn samen of niet getekend."), small.Hi+1)
}
