// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"github.com/oncoref/oncoref/graph/viz"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/chart"
	"github.com/oncoref/oncoref/referral/inference"
)

// figure is a picture of the report, or the reason why there is none.
type figure struct {
	ID, Heading string
	Alt         string // what can be seen, for those who do not see it
	Data        string // ID of the table with the numbers
	DataName    string
	SVG         template.HTML // a picture made by us, cleaned by inline; empty if there is none
	Why         string        // then why not
}

// plan is a figure before it is drawn.
type plan struct {
	id, heading, alt, data string
	without                string // why it cannot be drawn; empty: it can
	draw                   func() (*viz.Drawing, error)
}

// draw draws the figures. The flow map comes first.
func (b *builder) draw() error {
	for _, p := range b.plans() {
		if err := b.ctx.Err(); err != nil {
			return err
		}
		f := figure{ID: p.id, Heading: p.heading, Alt: p.alt, Data: p.data, Why: p.without}
		if p.without == "" {
			d, err := p.draw()
			if err == nil {
				f.SVG, err = svgOf(b.ctx, d, p, b.l.code())
			}
			switch {
			case b.ctx.Err() != nil:
				return b.ctx.Err()
			case errors.Is(err, chart.ErrNoFlows) || errors.Is(err, chart.ErrEmpty):
				f.Why = b.l.t("There is nothing to draw.", "Er is niets te tekenen.")
			case err == nil && len(f.SVG) > mostPicture:
				f.SVG, f.Why = "", b.l.t("It would make the file too large; the table has the numbers.", "Het zou het bestand te groot maken; de tabel heeft de getallen.")
			case err != nil:
				f.Why = b.l.t("It could not be drawn: ", "Het kon niet worden getekend: ") + err.Error() + "."
			}
		}
		b.figures = append(b.figures, f)
	}
	return nil
}

// svgOf renders a drawing for its place in the report.
func svgOf(ctx context.Context, d *viz.Drawing, p plan, lang string) (template.HTML, error) {
	text, err := d.DOT()
	if err != nil {
		return "", err
	}
	var svg bytes.Buffer
	if err := viz.RenderSVG(ctx, &svg, text, viz.Options{Lang: lang}); err != nil {
		return "", err
	}
	return inline(svg.Bytes(), p.id, p.heading)
}

// mapID is the ID of the flow map among the figures.
const mapID = "f-map"

// mostPicture is how many bytes a picture has at most, so that a report of all
// hospitals of a country stays below 3 MB.
const mostPicture = 1100 << 10

// mostBars is how many divided bars a figure has at most.
const mostBars = 40

// plans lists the figures of the report.
func (b *builder) plans() []plan {
	l := b.l
	noEvents := ""
	if b.log == nil {
		noEvents = l.t("A flow table does not tell; it takes events.", "Een stromentabel vertelt dit niet; daarvoor zijn gebeurtenissen nodig.")
	} else if b.log.Patients() == 0 {
		noEvents = l.t("There are no patients whose flows may be shown.", "Er zijn geen patiënten van wie de stroom getoond mag worden.")
	}
	return []plan{
		{
			id: mapID, heading: l.t("Flow map", "Stromenkaart"), alt: b.altMap(), data: "t-flows",
			draw: func() (*viz.Drawing, error) {
				var c chart.FlowMapConfig
				c.Title, c.Lang, c.AllowSmall = b.title(), b.c.Lang, b.c.AllowSmall
				return chart.FlowMap(b.t, b.in.Snapshot, c)
			},
		},
		{
			id: "f-shares", heading: l.t("Where patients of each "+b.noun()+" are treated", "Waar patiënten van elk "+b.noun()+" worden behandeld"),
			alt:  l.t("One bar for each origin, divided over the destinations; the first part was treated in the own "+b.noun()+".", "Eén balk per herkomst, verdeeld over de bestemmingen; het eerste deel is in het eigen "+b.noun()+" behandeld."),
			data: "t-flows", without: b.missing(len(b.classes) > mostBars, fmt.Sprintf(l.t("More than %d bars cannot be read; the table has the numbers.", "Meer dan %d balken zijn niet te lezen; de tabel heeft de getallen."), mostBars)),
			draw: func() (*viz.Drawing, error) {
				return chart.DestinationShares(b.t, chart.DestinationSharesConfig{Page: b.sheet(), Intervals: b.intervals()})
			},
		},
		{
			id: "f-heat", heading: l.t("The flow table as a heat map", "De stromentabel als heatmap"),
			alt:  l.t("A matrix of origins by destinations, darker where more patients go, with communities framed.", "Een matrix van herkomsten bij bestemmingen, donkerder waar meer patiënten gaan, met gemeenschappen omlijnd."),
			data: "t-flows",
			draw: func() (*viz.Drawing, error) { return chart.HeatMap(b.t, chart.HeatMapConfig{Page: b.sheet()}) },
		},
		{
			id: "f-landscape", heading: l.t("The landscape", "Het landschap"), data: "t-classes",
			alt:     l.t("A map of the hospitals, their networks, and the expert centers among them.", "Een kaart van de ziekenhuizen, hun netwerken en de expertisecentra."),
			without: b.missing(b.in.Snapshot == nil, l.t("No landscape was given.", "Er is geen landschap gegeven.")),
			draw: func() (*viz.Drawing, error) {
				p := b.sheet()
				p.Source, p.Period, p.Synthetic = "", network.Period{}, false // it is not about the data
				return chart.Landscape(b.in.Snapshot, chart.LandscapeConfig{Page: p, Partition: b.t.Meta().Partition, Designations: b.in.Designations})
			},
		},
		{
			id: "f-volumes", heading: l.t("Patients treated a year, by hospital", "Behandelde patiënten per jaar, naar ziekenhuis"),
			alt:  l.t("One bar for each hospital, from most to fewest patients, with the norm as a line if there is one.", "Eén balk per ziekenhuis, van meeste naar minste patiënten, met de norm als lijn als die er is."),
			data: "t-volumes", without: firstText(noEvents, b.missing(len(b.annual) == 0, l.t("No treatment has a date.", "Geen behandeling heeft een datum."))),
			draw: func() (*viz.Drawing, error) {
				norm := b.in.Norm
				if !b.normed {
					norm = 0 // of some hospitals the patients who are not shown decide
				}
				return chart.Volumes(b.volumes, chart.VolumesConfig{
					Page: b.careSheet(), Norm: norm, From: b.years[0], To: b.years[1], Experts: b.in.Centers, Level: b.c.Level,
				})
			},
		},
		{
			id: "f-involvement", heading: l.t("Contact with an expert center", "Contact met een expertisecentrum"),
			alt:  l.t("How many patients were treated, seen or discussed in a center, or had no contact with one.", "Hoeveel patiënten in een centrum zijn behandeld, gezien of besproken, of er geen contact mee hadden."),
			data: "t-care", without: firstText(noEvents, b.missing(b.involvement == nil, l.t("No centers were named.", "Er zijn geen centra genoemd.")), b.few(b.contacts())),
			draw: func() (*viz.Drawing, error) { return b.drawInvolvement() },
		},
		{
			id: "f-classes", heading: l.t("How patients came to their definitive treatment", "Hoe patiënten bij hun definitieve behandeling kwamen"),
			alt:  l.t("Patients divided by whether they were in a center throughout, were referred to one, or were treated elsewhere.", "Patiënten verdeeld naar of zij steeds in een centrum waren, ernaar zijn verwezen, of elders zijn behandeld."),
			data: "t-care", without: firstText(noEvents, b.missing(b.classesOf == nil, l.t("It takes centers and one kind of treatment.", "Dit vraagt centra en één soort behandeling.")), b.few(b.ways())),
			draw: func() (*viz.Drawing, error) {
				x := *b.classesOf
				x.Kind = l.event(x.Kind)
				return chart.ReferralClasses([]chart.ClassesOf{{Classes: x}}, chart.ReferralClassesConfig{Page: b.careSheet(), Intervals: b.intervals()})
			},
		},
		{
			id: "f-lorenz", heading: l.t("How treatment is spread over "+b.nouns(), "Hoe behandeling over "+b.nouns()+" is verdeeld"),
			alt:  l.t("A Lorenz curve: the share of all patients treated in the smallest destinations together.", "Een Lorenz-curve: het aandeel van alle patiënten dat in de kleinste bestemmingen samen is behandeld."),
			data: "t-classes",
			draw: func() (*viz.Drawing, error) { return chart.Lorenz(b.t, chart.LorenzConfig{Page: b.sheet()}) },
		},
		{
			id: "f-funnel", heading: l.t("Is the difference between "+b.nouns()+" more than chance?", "Is het verschil tussen "+b.nouns()+" meer dan toeval?"),
			alt:  l.t("A funnel plot: the share treated in the own "+b.noun()+" against the number of patients, with control limits.", "Een trechterplot: het aandeel dat in het eigen "+b.noun()+" is behandeld tegen het aantal patiënten, met grenzen."),
			data: "t-classes", without: b.funnelReason(),
			draw: func() (*viz.Drawing, error) { return b.drawFunnel() },
		},
		{
			id: "f-trend", heading: l.t("Treated outside the own "+b.noun()+", by year", "Buiten het eigen "+b.noun()+" behandeld, per jaar"),
			alt:  l.t("A line of the share treated outside the own "+b.noun()+" over the years, with intervals.", "Een lijn van het aandeel dat buiten het eigen "+b.noun()+" is behandeld over de jaren, met intervallen."),
			data: "t-care", without: firstText(noEvents, b.missing(len(b.trend) < 2, l.t("There are no two years to compare.", "Er zijn geen twee jaren om te vergelijken."))),
			draw: func() (*viz.Drawing, error) {
				return chart.Trend([]chart.TrendSeries{{Points: b.trend}}, chart.TrendConfig{Page: b.careSheet(), Intervals: b.intervals()})
			},
		},
		{
			id: "f-stages", heading: l.t("Where patients were in each stage of care", "Waar patiënten waren in elke fase van de zorg"),
			alt:  l.t("Bands from the hospital of the first visit to those of surgery, radiotherapy and follow-up, as wide as patients are many.", "Banden van het ziekenhuis van het eerste bezoek naar die van chirurgie, radiotherapie en controle, zo breed als er patiënten zijn."),
			data: b.routesData(), without: firstText(noEvents, b.missing(len(b.stages.Ways) == 0, l.t("Every way through the stages was that of fewer than five patients. Larger classes, such as networks in place of hospitals, or a longer period show more.",
				"Elke weg door de fasen was die van minder dan vijf patiënten. Grotere klassen, zoals netwerken in plaats van ziekenhuizen, of een langere periode tonen meer."))),
			draw: b.drawStages,
		},
		{
			id: "f-waits", heading: l.t("Time to the first treatment", "Tijd tot de eerste behandeling"),
			alt:  l.t("Curves of the share of patients treated, and of those who died before, by days since the first visit.", "Curven van het aandeel behandelde patiënten, en van wie daarvoor overleed, naar dagen sinds het eerste bezoek."),
			data: "t-care", without: firstText(noEvents, b.missing(len(b.waits) == 0, l.t("No first visit has a date.", "Geen eerste bezoek heeft een datum."))),
			draw: func() (*viz.Drawing, error) {
				return chart.TimeToTreatment([]chart.WaitsOf{{Waits: b.waits}}, chart.TimeToTreatmentConfig{Page: b.careSheet(), Level: b.c.Level})
			},
		},
	}
}

// routesData is the table beside the figure of stages.
func (b *builder) routesData() string {
	if len(b.routes) > 0 {
		return "t-routes"
	}
	return ""
}

// missing gives a reason if it holds.
func (b *builder) missing(holds bool, reason string) string {
	if holds {
		return reason
	}
	return ""
}

func firstText(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// sheet is what all figures have around them.
func (b *builder) sheet() chart.Page {
	m := b.t.Meta()
	return chart.Page{Lang: b.c.Lang, AllowSmall: b.c.AllowSmall, Source: m.Source, Period: m.Period, Synthetic: m.Synthetic}
}

// careSheet is sheet of figures that are about events.
func (b *builder) careSheet() chart.Page {
	p := b.sheet()
	if s := b.aboutShown(); s != "" {
		p.Notes = []string{s}
	}
	return p
}

func (b *builder) intervals() inference.Config { return inference.Config{Level: b.c.Level} }

// altMap says what the flow map shows.
func (b *builder) altMap() string {
	l, n := b.l, 0
	type link struct {
		name string
		size float64
	}
	var links []link
	for f := range b.t.Flows() {
		if f.Cell.Lo == 0 || f.Retained() || referral.Beside(f.Origin) || referral.Beside(f.Destination) {
			continue
		}
		n++
		links = append(links, link{l.t(f.Origin+" to "+f.Destination, f.Origin+" naar "+f.Destination), f.Cell.Lo})
	}
	slices.SortStableFunc(links, func(x, y link) int { return int(y.size - x.size) })
	text := fmt.Sprintf(l.t("A map with an arrow for each flow between %s: %s of them between %s %s.", "Een kaart met een pijl voor elke stroom tussen %s: %s tussen %s %s."),
		b.nouns(), l.number(float64(n), 0), l.number(float64(len(b.classes)), 0), b.nouns())
	if n == 0 || b.t.PresenceOnly() {
		return text
	}
	var names []string
	for _, x := range links[:min(3, n)] {
		names = append(names, x.name)
	}
	return text + " " + l.t("The largest: ", "De grootste: ") + strings.Join(names, "; ") + "."
}
