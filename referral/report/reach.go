// SPDX-License-Identifier: Apache-2.0

package report

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/coverage"
	"github.com/oncoref/oncoref/referral/flow"
)

// reachMeasures is how far centers are, and whether those who name centers
// agree.
type reachMeasures struct {
	reach     []answer
	reachNote string
	nearest   map[string]flow.Nearest // by class
	lists     []coverage.Agreement
	weighted  []coverage.Agreement // of the same lists, by patients
	unplaced  bool                 // some patients come from or go to one of several classes
	noRegions bool                 // of the landscape with known distances to the centers
}

// within are the distances, in kilometers and minutes, within which people are
// counted.
var within = [...]float64{30, 60}

// measureReach measures what takes a landscape and centers.
func (b *builder) measureReach() error {
	if len(b.in.Centers.Hospitals) == 0 {
		return nil
	}
	if err := b.measureBypass(); err != nil {
		return err
	}
	if b.in.Snapshot == nil {
		return nil
	}
	b.compareLists()
	return b.measureAccess()
}

func (b *builder) addReach(id, name, scope string, k kind, r referral.Result) {
	b.reach = append(b.reach, answer{id: id, name: name, scope: scope, kind: k, result: r, interval: noInterval})
}

// measureBypass counts who was treated farther away than in the nearest center.
func (b *builder) measureBypass() error {
	d := b.distances()
	if d == nil || len(b.experts) == 0 {
		return nil
	}
	l, class := b.l, new(referral.ClassError)
	b.nearest = map[string]flow.Nearest{}
	for _, n := range flow.NearestOf(b.t, b.experts, d) {
		b.nearest[n.Origin] = n
	}
	x, err := flow.Bypass(b.t, b.experts, d)
	if errors.As(err, &class) {
		b.unplaced = true
		return nil
	}
	if err != nil {
		return err
	}
	a := b.share("flow.Bypass", fmt.Sprintf(l.t("of those treated in a %s with a center, share not treated in the nearest one", "van wie in een %s met een centrum is behandeld, aandeel niet in het dichtstbijzijnde"), b.noun()), x.Share)
	a.scope = l.t("patients", "patiënten")
	b.reach = append(b.reach, a)
	b.addReach("flow.Bypass", l.t("how much farther they went, mean, km", "hoeveel verder zij gingen, gemiddeld, km"), a.scope, ofKm, x.Mean)
	b.reachNote = l.t("Distances of patients are straight lines between their "+b.nouns()+".", "Afstanden van patiënten zijn rechte lijnen tussen hun "+b.nouns()+".")
	return nil
}

// measureAccess measures how far people live from a center, as far as the
// landscape tells.
func (b *builder) measureAccess() error {
	l, landscape := b.l, b.in.Snapshot.Landscape()
	b.noRegions = true
	if len(landscape.Regions()) == 0 {
		return nil
	}
	for _, minutes := range []bool{false, true} {
		x, err := coverage.NewAccess(landscape, b.in.Centers, coverage.AccessConfig{Minutes: minutes})
		if err != nil {
			return err
		}
		if x.Unknown == len(x.Regions)*len(x.Experts.Hospitals) {
			continue
		}
		b.noRegions = false
		about := l.t("inhabitants", "inwoners")
		b.addReach("coverage.Access.Mean", fmt.Sprintf(l.t("mean distance to the nearest center, %s", "gemiddelde afstand tot het dichtstbijzijnde centrum, %s"), x.Unit), about, ofKm, x.Mean(coverage.Population))
		largest, where := x.Largest()
		b.addReach("coverage.Access.Largest", fmt.Sprintf(l.t("largest distance to the nearest center, %s", "grootste afstand tot het dichtstbijzijnde centrum, %s"), x.Unit),
			firstText(strings.Join(where, ", "), about), ofKm, largest)
		for _, limit := range within {
			b.addReach("coverage.Access.Within", fmt.Sprintf(l.t("share within %s %s of a center", "aandeel binnen %s %s van een centrum"), l.number(limit, 0), x.Unit), about, ofShare, x.Within(limit, coverage.Population, 1).Result)
		}
		if x.Circles > 0 {
			b.reachNote = strings.TrimSpace(b.reachNote + " " + fmt.Sprintf(l.t("Of %s pairs of region and center the distance is a straight line.", "Van %s paren van regio en centrum is de afstand een rechte lijn."), l.number(float64(x.Circles), 0)))
		}
	}
	return nil
}

// compareLists sets beside each other which hospitals the bodies designate for
// the disease.
func (b *builder) compareLists() {
	q := b.in.Designations
	if q.Disease == "" {
		return
	}
	q.Body = ""
	var bodies []string
	for _, d := range b.in.Snapshot.Designations(q) {
		bodies = append(bodies, d.Body)
	}
	slices.Sort(bodies)
	bodies = slices.Compact(bodies)
	var all []string
	for _, h := range b.in.Snapshot.Hospitals() {
		all = append(all, h.ID)
	}
	list := func(body string) coverage.List {
		q.Body = body
		return coverage.Designated(b.in.Snapshot, body, q)
	}
	for i, first := range bodies {
		for _, second := range bodies[i+1:] {
			x, y := list(first), list(second)
			b.lists = append(b.lists, coverage.Agree(x, y, all))
			b.weighted = append(b.weighted, coverage.AgreeWeighted(x, y, b.annual))
		}
	}
}

// listTable says of each pair of lists how far they agree.
func (b *builder) listTable() table {
	l := b.l
	t := table{
		ID: "t-lists", Caption: l.t("Whether those who name centers agree", "Of zij die centra noemen het eens zijn"),
		Note: l.t("Jaccard: share of the hospitals on either list that are on both. Kappa: agreement beyond chance, 1 at most. The lists may be incomplete in the landscape.",
			"Jaccard: aandeel van de ziekenhuizen op een van de lijsten dat op beide staat. Kappa: overeenstemming boven toeval, hoogstens 1. De lijsten in het landschap kunnen onvolledig zijn."),
		Columns: []column{
			{l.t("first list", "eerste lijst"), false}, {l.t("second list", "tweede lijst"), false}, {l.t("on both", "op beide"), false}, {l.t("only on the first", "alleen op de eerste"), false},
			{l.t("only on the second", "alleen op de tweede"), false}, {"Jaccard", true}, {l.t("Jaccard by patients", "Jaccard naar patiënten"), true}, {"kappa", true},
		},
	}
	value := func(r referral.Result, k kind) cell {
		if r.Status == referral.OK {
			return l.figureCell(r.Value, k)
		}
		return cell{Text: l.result(r, k)}
	}
	names := func(list []string) cell {
		return text(firstText(strings.Join(list, ", "), l.t("none", "geen")))
	}
	for i, x := range b.lists {
		byPatients := referral.UndefinedResult(referral.ReasonZeroDenominator)
		if len(b.annual) > 0 {
			byPatients = b.weighted[i].Jaccard
		}
		t.Rows = append(t.Rows, []cell{
			text(x.A.Name), text(x.B.Name), names(x.Both), names(x.OnlyA), names(x.OnlyB), value(x.Jaccard, ofShare), value(byPatients, ofShare), value(x.Kappa, ofIndex),
		})
	}
	return t
}

// nearestCenter says which class with a center is nearest to a class.
func (b *builder) nearestCenter(class string) (fact, bool) {
	n, ok := b.nearest[class]
	if !ok || n.Class == "" || n.Class == class {
		return fact{}, false
	}
	return fact{
		Name:  fmt.Sprintf(b.l.t("nearest %s with a center", "dichtstbijzijnd %s met een centrum"), b.noun()),
		Value: fmt.Sprintf(b.l.t("%s (%s km in a straight line)", "%s (%s km hemelsbreed)"), n.Class, b.l.value(n.Far, ofKm)),
	}, true
}
