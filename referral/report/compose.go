// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"github.com/oncoref/oncoref/graph/viz"
	"github.com/oncoref/oncoref/referral"
)

var (
	//go:embed page.html
	pageHTML string
	//go:embed page.css
	pageCSS string
	//go:embed page.js
	pageJS string
)

// page is a finished document.
type page []byte

func (p page) write(w io.Writer) error {
	_, err := w.Write(p)
	return err
}

// content is what the template of the body shows.
type content struct {
	T               tongue
	Title, Subtitle string
	Banners         []string
	Summary         []string
	Headline        []answerCard
	AboutShown      string
	Quality         []fact
	QualityTable    *table
	Rules           []fact
	Map             figure
	Figures         []figure
	Tables          []table
	Nouns           string
	ClassNote       string // on paper
	Classes         []classPart
	Unknown         []string
	Methods         []definition
	IntervalNote    string
	Provenance      []fact
	Version         string
}

// answerCard is a number of the summary.
type answerCard struct{ Name, Value, Note, Href string }

// document is what the template of the whole page shows.
type document struct {
	Lang, Title, Version, Policy string
	CSS                          template.CSS
	JS                           template.JS
	Body                         template.HTML
}

// compose puts the page together.
func (b *builder) compose() error {
	c := content{
		T: b.l, Title: b.title(), Subtitle: b.subtitle(), Banners: b.banners(), Summary: b.summary(), Headline: b.headline(), Rules: b.rules(),
		Nouns: b.nouns(), ClassNote: b.classNote(), Classes: b.classParts(), IntervalNote: b.intervalNote(), AboutShown: b.aboutShown(), Version: b.c.Version,
	}
	c.Quality, c.QualityTable = b.quality()
	for _, f := range b.figures {
		if f.ID == mapID {
			c.Map = f
		} else {
			c.Figures = append(c.Figures, f)
		}
	}
	c.Tables = b.tables()
	name := map[string]string{}
	for _, t := range c.Tables {
		name[t.ID] = t.Caption
	}
	for i := range c.Figures {
		c.Figures[i].DataName = name[c.Figures[i].Data]
	}
	c.Map.DataName = name[c.Map.Data]
	c.Unknown = b.unknown()
	var err error
	if c.Provenance, err = b.provenance(); err != nil {
		return err
	}
	used := map[string]bool{}
	for _, a := range slices.Concat(b.whole, b.perClass(), b.care, b.reach) {
		used[a.id] = true
	}
	for _, id := range b.also() {
		used[id] = true
	}
	if c.Methods, err = definitions(used); err != nil {
		return err
	}
	return b.render(c)
}

// tables are those of the page, in order.
func (b *builder) tables() []table {
	l := b.l
	measures := b.tidy("t-measures", l.t("All measures of each "+b.noun(), "Alle maten van elk "+b.noun()), b.intervalNote(), b.noun(), b.perClass())
	measures.Absent = fmt.Sprintf(l.t("The table “%s” is not on paper: its numbers stand in the part of each %s.", "De tabel “%s” staat niet op papier: de getallen staan in het deel van elk %s."), measures.Caption, b.noun())
	out := []table{
		b.tidy("t-whole", l.t("The table as a whole", "De tabel als geheel"), b.intervalNote(), "", b.whole),
		b.classTable(),
		measures,
		b.flowTable(),
	}
	if len(b.annual) > 0 {
		out = append(out, b.volumeTable())
	}
	if len(b.care) > 0 {
		out = append(out, b.tidy("t-care", l.t("Care of the patients", "Zorg van de patiënten"), b.aboutShown(), l.t("about", "waarover"), b.care))
	}
	if len(b.routes) > 0 {
		out = append(out, b.routeTable())
	}
	if len(b.passing) > 0 {
		out = append(out, b.passingTable())
	}
	if len(b.reach) > 0 {
		out = append(out, b.tidy("t-reach", l.t("Distance to a center", "Afstand tot een centrum"), b.reachNote, l.t("about", "waarover"), b.reach))
	}
	if len(b.lists) > 0 {
		out = append(out, b.listTable())
	}
	return out
}

// headline are the numbers that the page begins with.
func (b *builder) headline() []answerCard {
	if b.t.PresenceOnly() {
		return nil
	}
	var out []answerCard
	add := func(a answer, name string) {
		out = append(out, answerCard{name, b.l.result(a.result, a.kind), strings.Trim(b.within(a), " ()"), anchor(a.id)})
	}
	for _, id := range []string{"referral.Table.Total", "flow.SupraRegional", "flow.PooledExpertDirected"} {
		if a, ok := b.pick(id, ""); ok {
			add(a, a.name)
		}
	}
	for _, a := range b.care {
		if a.days == waitDays[1] && a.result.Status == referral.OK {
			add(a, fmt.Sprintf(b.l.t("share treated within %d days of the first visit", "aandeel behandeld binnen %d dagen na het eerste bezoek"), a.days))
		}
	}
	return out
}

// typed are characters that readers may type into a filter, and those of the
// style sheet.
const typed = " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~áâäàçéêëèíîïìñóôöòúûüùÁÂÄÀÇÉÊËÈÍÎÏÌÑÓÔÖÒÚÛÜÙ–↑↓↕"

// render makes the document: first the body, which tells the characters that the
// font must have, then the rest.
func (b *builder) render(c content) error {
	t, err := template.New("page").Funcs(template.FuncMap{"t": b.l.t}).Parse(pageHTML)
	if err != nil {
		return err
	}
	var body bytes.Buffer
	if err := t.ExecuteTemplate(&body, "body", c); err != nil {
		return err
	}
	faces, err := viz.FontRules(body.String() + typed)
	if err != nil {
		return err
	}
	css := faces + pageCSS + b.paperRule()
	d := document{
		Lang: b.l.code(), Title: c.Title, Version: b.c.Version, CSS: template.CSS(css), JS: template.JS(pageJS), //nolint:gosec // our own style and script, hashed below
		Body:   template.HTML(body.String()), //nolint:gosec // made by the template above
		Policy: "default-src 'none'; style-src " + hashSource(css) + "; script-src " + hashSource(pageJS) + "; font-src data:; base-uri 'none'; form-action 'none'",
	}
	var out bytes.Buffer
	if err := t.ExecuteTemplate(&out, "document", d); err != nil {
		return err
	}
	b.page = out.Bytes()
	return nil
}

// hashSource names a style or script by its hash, as a content security policy
// does.
func hashSource(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}
