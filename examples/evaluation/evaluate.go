// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/oncoref/oncoref/internal/small"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/simulate"
	"github.com/oncoref/oncoref/referral/source"
	"github.com/oncoref/oncoref/seeds"
)

// evaluation is one run.
type evaluation struct {
	options
	land     *landscape
	subjects []*subject
	quality  referral.Quality // of the extract
	digest   string           // of the extract
	body     *document
	drawn    []file
}

// newEvaluation reads, or makes up, the data.
func newEvaluation(ctx context.Context, o options) (*evaluation, error) {
	land, err := readLandscape()
	if err != nil {
		return nil, err
	}
	e := &evaluation{options: o, land: land}
	for _, g := range groups {
		s := &subject{group: g, basis: published}
		if s.shows, err = seeds.Table(g.dataset); err != nil {
			return nil, err
		}
		e.subjects = append(e.subjects, s)
	}
	if o.in == "" {
		return e, e.makeUp(ctx)
	}
	return e, e.read(ctx)
}

// period is that of the report.
var period = network.Period{From: network.NewDate(2016, 1, 1), To: network.NewDate(2021, 12, 31)}

// makeUp makes a registry of each group that has a model.
func (e *evaluation) makeUp(ctx context.Context) error {
	for _, s := range e.subjects {
		if s.preset == "" {
			continue
		}
		c, err := simulate.Preset(s.preset, e.land.Snapshot, s.shows)
		if err != nil {
			return err
		}
		c.Period, c.Seed = period, e.seed
		registry, err := simulate.New(c)
		if err != nil {
			return err
		}
		log, _, err := referral.ReadLog(ctx, registry.Rows(referral.LayoutEvents), referral.LogConfig{Within: e.land.Snapshot, Synthetic: true, Source: c.Label.Title})
		if err != nil {
			return err
		}
		label := registry.Label()
		s.label = &label
		if err := e.take(s, log, log.Tumors()[0]); err != nil {
			return err
		}
	}
	return nil
}

// read reads the extract and divides it over the groups; tumors of no group
// become groups of their own.
func (e *evaluation) read(ctx context.Context) error {
	log, quality, err := source.ReadFile(ctx, e.in, source.Config{Log: referral.LogConfig{Within: e.land.Snapshot, Source: filepath.Base(e.in)}})
	if err != nil {
		return err
	}
	e.quality = quality
	f, err := os.Open(e.in)
	if err != nil {
		return err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return err
	}
	e.digest = fmt.Sprintf("%x", h.Sum(nil))
	tumors := log.Tumors()
	if len(tumors) == 0 {
		tumors = []string{""}
	}
	for _, tumor := range tumors {
		i := slices.IndexFunc(e.subjects, func(s *subject) bool { return s.key == tumor })
		if i < 0 {
			s := &subject{group: e.newGroup(tumor)}
			e.subjects = append(e.subjects, s)
			i = len(e.subjects) - 1
		}
		if err := e.take(e.subjects[i], log, tumor); err != nil {
			return err
		}
	}
	return nil
}

// newGroup is a group that the report has no flows of.
func (e *evaluation) newGroup(tumor string) group {
	i := slices.IndexFunc(others, func(g group) bool { return g.key == tumor })
	switch {
	case i >= 0:
		return others[i]
	case tumor == "":
		return group{key: "all", en: "All patients of the extract", nl: "Alle patiënten van het extract"}
	}
	g := group{key: tumor, en: plain(tumor), nl: plain(tumor)}
	if t, ok := e.land.Landscape().Tumor(tumor); ok {
		g.en, g.nl = plain(t.Name), plain(t.Name)
	}
	return g
}

// take gives a group its log.
func (e *evaluation) take(s *subject, log *referral.Log, tumor string) error {
	s.basis = counted
	if log.Synthetic() {
		s.basis = madeUp
	}
	s.gate = small.Gate{AllowSmall: log.Synthetic() || e.small}
	title := (&document{lang: e.language}).pick(s.en+": where patients are treated", s.nl+": waar patiënten behandeld worden")
	if err := s.prepare(e.land, log, tumor, title); err != nil {
		return fmt.Errorf("%s: %w", s.en, err)
	}
	return nil
}

// write asks all questions about all groups.
func (e *evaluation) write(ctx context.Context) error {
	e.body = &document{lang: e.language}
	for _, s := range e.subjects {
		if err := e.section(ctx, s); err != nil {
			return fmt.Errorf("%s: %w", s.en, err)
		}
	}
	return e.rest()
}

// section is the part about one group.
func (e *evaluation) section(ctx context.Context, s *subject) error {
	place := ""
	if s.place != "" {
		place = fmt.Sprintf(e.body.pick(" (report: %s)", " (rapport: %s)"), s.place)
	}
	e.body.heading(2, "%s%s", "%s%s", s.title(e.body), place)
	of := func(activity string) chapter { return chapter{e.body, s, activity} }
	c := of("data")
	c.data(e)
	if err := c.singleNumbers(); err != nil {
		return err
	}
	if err := of("1").organization(e.land); err != nil {
		return err
	}
	if err := of("9.2").patterns(ctx, e.land, e.seed); err != nil {
		return err
	}
	if err := of("9.3").centers(e.land); err != nil {
		return err
	}
	if err := of("10").panels(e.land); err != nil {
		return err
	}
	if err := of("8").decision(ctx, e.land); err != nil {
		return err
	}
	return e.figures(ctx, s)
}

// data says what the section rests on.
func (c chapter) data(e *evaluation) {
	if c.log == nil {
		c.say("**No patient of this group is in this document, not even a made-up one.** What follows is published, or not known.",
			"**Van deze groep staat geen patiënt in dit document, ook geen verzonnen.** Wat volgt is gepubliceerd, of niet bekend.")
		return
	}
	c.record("patients", "", "patients", referral.ExactResult(float64(c.log.Patients())), noInterval)
	if c.basis == madeUp && c.label != nil {
		c.say("**SYNTHETIC DATA. The %d patients of %d-%d below do not exist.** They are drawn from a model (seed %d). What comes out of it is what was put in; it shows what this evaluation would say, not how care in the Netherlands is.",
			"**SYNTHETISCHE GEGEVENS. De %d patiënten van %d-%d hieronder bestaan niet.** Ze zijn uit een model getrokken (seed %d). Wat eruit komt is wat erin gestopt is; het laat zien wat deze evaluatie zou zeggen, niet hoe de zorg in Nederland is.",
			c.log.Patients(), c.first, c.last, e.seed)
		c.say("Published; numbers of patients a year, shares of the center and ways follow from it:", "Gepubliceerd, in de Engelse woorden van het model; aantallen patiënten per jaar, aandelen van het centrum en wegen volgen hieruit:")
		for _, x := range c.label.Published {
			c.line("- " + x)
		}
		c.gap()
		c.say("Assumed, so made up:", "Aangenomen, dus verzonnen, in de Engelse woorden van het model:")
		for _, x := range c.label.Assumed {
			c.line("- " + x)
		}
		c.item("How the patients whom the center does not treat are divided over hospitals, and so how many hospitals treat few; how many are discussed, and the ways of tissue. %s",
			"Hoe de patiënten die het centrum niet behandelt over ziekenhuizen verdeeld zijn, en dus hoeveel ziekenhuizen er weinig behandelen; hoeveel er besproken worden, en de wegen van weefsel. %s", c.pick(c.putInEN, c.putInNL))
		c.gap()
		return
	}
	if c.basis == madeUp {
		c.say("**SYNTHETIC DATA. The %d patients of %d-%d below do not exist:** the extract says that it is made up.",
			"**SYNTHETISCHE GEGEVENS. De %d patiënten van %d-%d hieronder bestaan niet:** het extract zegt dat het verzonnen is.", c.log.Patients(), c.first, c.last)
		return
	}
	c.say("%d patients of the extract, with a first visit in %d-%d.", "%d patiënten van het extract, met een eerste bezoek in %d-%d.", c.log.Patients(), c.first, c.last)
	switch {
	case !c.gate.AllowSmall && c.complete:
		c.say("Counts of 1 to 4 are hidden: %d flows between networks in half of the period are so small, and are taken as anything from 1 to 4. Every section hides such counts by itself. Sections about the same patients were not checked together: have that done before publishing (`oncoref disclose`).",
			"Aantallen van 1 tot 4 zijn verborgen: %d stromen tussen netwerken in de helft van de periode zijn zo klein, en worden genomen als alles van 1 tot 4. Elk deel verbergt zulke aantallen voor zich. Delen over dezelfde patiënten zijn niet samen getoetst: laat dat doen voor publicatie (`oncoref disclose`).", c.hidden)
	case !c.gate.AllowSmall:
		c.say("Counts of 1 to 4 are hidden. %d flows between networks in half of the period are so small; what is asked of flows takes them as 1 to 4. The number of all patients would give one of them away, so everything else is about the patients of the other flows, and shares in centers can be too high. Sections about the same patients were not checked together: have that done before publishing (`oncoref disclose`).",
			"Aantallen van 1 tot 4 zijn verborgen. %d stromen tussen netwerken in de helft van de periode zijn zo klein; wat over stromen gevraagd wordt neemt ze als 1 tot 4. Het aantal van alle patiënten zou er een verraden, dus al het andere gaat over de patiënten van de andere stromen, en aandelen in centra kunnen te hoog zijn. Delen over dezelfde patiënten zijn niet samen getoetst: laat dat doen voor publicatie (`oncoref disclose`).", c.hidden)
	default:
		c.say("**Counts of 1 to 4 are shown (-allow-small): not for publication.**", "**Aantallen van 1 tot 4 worden getoond (-allow-small): niet voor publicatie.**")
	}
}

// mark stands before every sentence with numbers, and says what they are made
// of.
func (c chapter) mark() string {
	switch c.basis {
	case madeUp:
		return c.pick("**Made up:**", "**Verzonnen:**")
	case counted:
		return c.pick("**Counted:**", "**Geteld:**")
	default:
		return c.pick("**Published:**", "**Gepubliceerd:**")
	}
}

// find keeps a sentence for the summary.
func (c chapter) find(en, nl string, a ...any) {
	c.found = append(c.found, c.mark()+" "+fmt.Sprintf(c.pick(en, nl), a...))
}

// rest is about the groups of which no flow is known.
func (e *evaluation) rest() error {
	d := e.body
	numbers, err := publishedNumbers()
	if err != nil {
		return err
	}
	d.heading(2, "The other groups of the report", "De andere groepen van het rapport")
	d.say("No flow between networks or hospitals is published for these, and there is no model of them. Activities 9 and 10 cannot be answered; of activity 1 only what lists and norms say. A dash means that nothing could be read, not that there is nothing.",
		"Van deze groepen is geen stroom tussen netwerken of ziekenhuizen gepubliceerd, en er is geen model. Activiteiten 9 en 10 zijn niet te beantwoorden; van activiteit 1 alleen wat lijsten en normen zeggen. Een streepje betekent dat er niets gelezen kon worden, niet dat er niets is.")
	var rows [][]string
	for _, g := range others {
		if slices.ContainsFunc(e.subjects, func(s *subject) bool { return s.key == g.key }) {
			continue
		}
		var lists, norms []string
		of := map[string][]string{}
		for _, x := range e.land.Designations(network.DesignationQuery{Disease: g.key}) {
			if of[x.Body] == nil {
				lists = append(lists, x.Body)
			}
			if !slices.Contains(of[x.Body], x.Hospital) {
				of[x.Body] = append(of[x.Body], x.Hospital)
			}
		}
		slices.Sort(lists)
		for i, body := range lists {
			slices.Sort(of[body])
			lists[i] = d.body(body) + ": " + strings.Join(of[body], ", ")
		}
		for _, n := range e.land.normsOf(g) {
			x := d.pick("no number", "geen getal")
			if n.Published() {
				x = d.figure(n.Lower, 0) + " " + d.unit(n.Unit)
			}
			norms = append(norms, d.body(n.Body)+" ("+plain(n.Disease)+"): "+x)
		}
		rows = append(rows, []string{g.name(d), g.place, dash(lists), dash(norms), dash(numbers[g.key], g.more(numbers)...)})
	}
	d.table([]string{d.pick("group", "groep"), d.pick("in the report", "in het rapport"), d.pick("lists of experts (not complete)", "lijsten van experts (niet volledig)"),
		d.pick("norms", "normen"), d.pick("published numbers", "gepubliceerde aantallen (woorden van de verzameling, Engels)")}, rows)
	return nil
}

func (g group) name(d *document) string { return d.pick(g.en, g.nl) }

func (g group) more(numbers map[string][]string) []string {
	var out []string
	for _, key := range g.numbers {
		out = append(out, numbers[key]...)
	}
	return out
}

func dash(list []string, more ...string) string {
	if list = slices.Concat(list, more); len(list) > 0 {
		return strings.Join(list, "; ")
	}
	return "–"
}
