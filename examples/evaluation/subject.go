// SPDX-License-Identifier: Apache-2.0

package main

import (
	"slices"

	"github.com/oncoref/oncoref/internal/small"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/chart"
	"github.com/oncoref/oncoref/referral/coverage"
	"github.com/oncoref/oncoref/referral/disclosure"
	"github.com/oncoref/oncoref/referral/simulate"
	"github.com/oncoref/oncoref/referral/siting"
	"github.com/oncoref/oncoref/seeds"
)

// group is a group of tumors of the report, and where it is in the data.
type group struct {
	key     string // of the landscape's tumors and designations
	en, nl  string
	place   string   // in the report
	dataset string   // of a published flow table; empty for none
	preset  string   // of a model; empty for none
	kind    string   // treatment whose way is followed, as figure 3.3 does surgery
	norms   []string // diseases of the landscape's norms, where they differ from key
	numbers []string // tumors of the published numbers, where they differ from key
	// What the model puts in, so that finding it again is no finding.
	putInEN, putInNL string
	// What the report says in words, for what has no numbers in it.
	saysEN, saysNL string
}

var groups = []group{
	{
		key: "penile_cancer", en: "Penile cancer", nl: "Peniskanker", place: "3.1.5, 5.2", kind: "surgery",
		dataset: "iknl-2023-fig-5.2-penile-cancer", preset: simulate.PresetPenileCancer,
		putInEN: "The model lets the share of the Antoni van Leeuwenhoek rise by 2.1 percentage points a year until 2020, and keeps it there in 2021, because no later share is published: about 6 points between the halves of 2016-2021, everywhere alike.",
		putInNL: "Het model laat het aandeel van het Antoni van Leeuwenhoek tot 2020 met 2,1 procentpunt per jaar stijgen en houdt het in 2021 gelijk, omdat geen later aandeel gepubliceerd is: ongeveer 6 punten tussen de helften van 2016-2021, overal even sterk.",
		saysEN:  "Treatment is given in a large number of hospitals, in most of them to few patients; the more specialized hospitals treat (many) more, so care is centralized (paragraph 3.1.5). The numbers of figure 3.12 are a picture and are not known here.",
		saysNL:  "Behandelingen worden in een groot aantal ziekenhuizen gegeven, in de meeste aan weinig patiënten; de meer gespecialiseerde behandelen er (veel) meer, zodat de zorg gecentraliseerd is (paragraaf 3.1.5). De aantallen van figuur 3.12 zijn een plaatje en hier niet bekend.",
	},
	{
		key: "eye_melanoma", en: "Eye melanoma", nl: "Oogmelanoom", place: "5.2", kind: "radiotherapy",
		dataset: "iknl-2023-fig-5.3-eye-melanoma", preset: simulate.PresetEyeMelanoma, norms: []string{"eye_tumor"},
		putInEN: "The model gives the LUMC 60% of the patients of all other hospitals in every year, because no share is published. The numbers of patients a year after 2019 are those before.",
		putInNL: "Het model geeft het LUMC in elk jaar 60% van de patiënten van alle andere ziekenhuizen, omdat geen aandeel gepubliceerd is. De aantallen per jaar na 2019 zijn die van daarvoor.",
		saysEN:  "Referral across the borders of networks is expected more often for rare cancers; eye melanoma is one of the two examples (paragraph 5.2).",
		saysNL:  "Bij zeldzame kanker wordt naar verwachting vaker bovenregionaal verwezen; oogmelanoom is een van de twee voorbeelden (paragraaf 5.2).",
	},
	{
		key: "mesothelioma", en: "Mesothelioma", nl: "Mesothelioom", place: "3.1.6, 5.2", dataset: "iknl-2023-fig-5.4-mesothelioma",
		numbers: []string{"peritoneal_mesothelioma"},
		saysEN:  "Treatment is mostly systemic and given in a large number of hospitals; a few specialized ones treat relatively more patients (paragraph 3.1.6).",
		saysNL:  "De behandeling is vooral systemisch en wordt in een groot aantal ziekenhuizen gegeven; enkele gespecialiseerde behandelen relatief meer patiënten (paragraaf 3.1.6).",
	},
	{
		key: "head_and_neck", en: "Head and neck cancer", nl: "Hoofd-halskanker", place: "2.4.1, 3.1.1, 5.2", dataset: "iknl-2023-fig-5.6-head-and-neck",
		saysEN: "Care is centralized in eight centers and six preferred partners (paragraph 3.1.1).",
		saysNL: "De zorg is gecentraliseerd in acht centra en zes preferred partners (paragraaf 3.1.1).",
	},
}

// others are the groups of the report without any flows.
var others = []group{
	{key: "gynecological_cancer", en: "Gynecological cancer", nl: "Gynaecologische kanker", place: "2.4.2, 3.1.2", norms: []string{"vulvar_cancer"}},
	{key: "brain_tumor", en: "Malignant brain tumors", nl: "Kwaadaardige hersentumoren", place: "2.4.3"},
	{key: "bone_sarcoma", en: "Bone sarcoma", nl: "Botkanker", place: "3.1.3", norms: []string{"bone_tumor", "sarcoma"}},
	{key: "testicular_cancer", en: "Testicular cancer", nl: "Zaadbalkanker", place: "3.1.4"},
	{key: "anal_cancer", en: "Anal cancer", nl: "Anuskanker", place: "3.1.7"},
	{key: "thyroid_cancer", en: "Thyroid cancer", nl: "Schildklierkanker", place: "3.1.8"},
	{key: "cutaneous_squamous", en: "Metastatic squamous cell carcinoma of the skin", nl: "Uitgezaaid plaveiselcelcarcinoom van de huid", place: "3.2"},
	{key: "neuroendocrine", en: "Neuroendocrine carcinoma", nl: "Neuro-endocrien carcinoom", place: "4.1.1"},
	{key: "soft_tissue_sarcoma", en: "Soft tissue sarcoma", nl: "Wekedelensarcoom", place: "4.1.2", norms: []string{"sarcoma"}, numbers: []string{"sarcoma"}},
	{key: "trophoblast", en: "Trophoblastic tumors", nl: "Trofoblasttumoren", place: "4.2.1"},
	{key: "thymus", en: "Thymus tumors", nl: "Thymustumoren", place: "4.2.2"},
}

// subject is what is evaluated: a group with its data.
type subject struct {
	group
	basis basis // of the numbers from the log
	// shows is the table of the report's figure; nil for none.
	shows *referral.Table
	label *simulate.Label // of made-up patients

	gate    small.Gate
	log     *referral.Log    // of the patients whose flows are shown; nil for none
	first   int              // years of the log
	last    int              //
	halves  []network.Period // two of them, or none
	parts   []*referral.Table
	flows   *referral.Table // between networks
	between *referral.Table // the same with each hospital in one network
	sites   *referral.Table // between hospitals
	hidden  int             // flows in half of the period that are not shown
	// complete tells that the log has all patients. Otherwise their number would
	// give a hidden flow away, and it has those of the flows that are shown.
	complete bool
	one      *network.Partition // each hospital in one network
	experts  coverage.List
	ways     *coverage.Classes // how patients came to their treatment
	waited   []chart.WaitsOf
	points   []siting.FrontierPoint
	marks    []chart.FrontierMark
	rule     referral.Rule // of the flows
	found    []string      // findings for the summary
}

func (s *subject) years() float64 { return float64(s.last - s.first + 1) }

// title is the name of the group in the language of a document.
func (s *subject) title(d *document) string { return d.pick(s.en, s.nl) }

// landscape is what all subjects share.
type landscape struct {
	*network.Snapshot
	digest   string
	networks *network.Partition // hospitals of several networks in all of them
	primary  *network.Partition // in one
}

func readLandscape() (*landscape, error) {
	all, err := seeds.Landscape()
	if err != nil {
		return nil, err
	}
	l := &landscape{Snapshot: all.On(network.NewDate(2021, 12, 31)), digest: all.Digest()}
	if l.networks, err = l.Partition(network.PartitionConfig{}); err != nil {
		return nil, err
	}
	labels := map[string]string{}
	for _, g := range l.networks.Groups() {
		for _, h := range l.networks.Members(g) {
			if labels[h] == "" {
				labels[h] = g // the first by name of those it is in
			}
		}
	}
	l.primary, err = network.NewPartition(l.networks.Name(), labels)
	return l, err
}

// km is the distance between two hospitals along a great circle.
func (l *landscape) km(from, to string) (float64, error) {
	d, err := l.Landscape().Distance(from, to)
	return d.Km, err
}

// prepare makes the tables that the chapters ask. Of patients who exist, flows
// of 1 to 4 in half of the period become ranges.
func (s *subject) prepare(l *landscape, log *referral.Log, tumor, title string) error {
	networks, primary, err := l.cover(log)
	if err != nil {
		return err
	}
	byYear, err := log.Table(referral.Rule{Partition: networks, Tumor: tumor, ByYear: true})
	if err != nil {
		return err
	}
	period := byYear.Meta().Period
	s.first, s.last = period.From.Year(), period.To.Year()
	rule := referral.Rule{Partition: networks, Tumor: tumor, Title: title}
	if s.last > s.first {
		middle := s.first + (s.last-s.first)/2
		s.halves = []network.Period{
			{From: network.NewDate(s.first, 1, 1), To: network.NewDate(middle, 12, 31)},
			{From: network.NewDate(middle+1, 1, 1), To: network.NewDate(s.last, 12, 31)},
		}
		rule.Slices = s.halves
	}
	s.rule = rule
	exact, err := log.Table(rule)
	if err != nil {
		return err
	}
	if err := s.divide(exact); err != nil {
		return err
	}
	if s.log, err = log.Select(rule, func(f referral.Flow) bool { return s.complete || s.shown(f) }); err != nil {
		return err
	}
	sites, err := s.log.Table(referral.Rule{Tumor: tumor, Title: rule.Title})
	if err != nil {
		return err
	}
	between, err := s.log.Table(referral.Rule{Partition: primary, Tumor: tumor, Title: rule.Title})
	if err != nil {
		return err
	}
	if s.sites, _, err = s.pass(sites); err != nil {
		return err
	}
	s.between, _, err = s.pass(between)
	s.one = primary
	return err
}

// divide makes the flows of each half of the period, and of both.
func (s *subject) divide(exact *referral.Table) error {
	periods := s.halves
	if periods == nil {
		periods = []network.Period{exact.Meta().Period}
	}
	s.complete = true
	for _, p := range periods {
		part := exact
		if s.halves != nil {
			var err error
			if part, err = exact.Filter(referral.Selection{Period: p}); err != nil {
				return err
			}
		}
		if !s.gate.AllowSmall {
			s.hidden += small.Cells(part)
		}
		shown, whole, err := s.pass(part)
		if err != nil {
			return err
		}
		s.parts = append(s.parts, shown)
		s.complete = s.complete && whole
	}
	var err error
	s.flows, err = s.parts[0].Merge(s.parts[1:]...)
	return err
}

// pass returns what may be shown of a table: all of made-up patients, and
// without counts of 1 to 4 of others, together with how many there are in all,
// unless that narrows a hidden count. It tells whether it does not.
func (s *subject) pass(t *referral.Table) (*referral.Table, bool, error) {
	if s.gate.AllowSmall {
		return t, true, nil
	}
	whole, err := t.WithTotals(referral.Totals{All: referral.Count(t.Total().Value), HasAll: true})
	if err != nil {
		return nil, false, err
	}
	shown, err := disclosure.Gate(whole, disclosure.Config{})
	if err != nil {
		return nil, false, err
	}
	return shown, shown.Totals().HasAll, nil
}

// shown tells whether the flow of a case is shown as it is.
func (s *subject) shown(f referral.Flow) bool {
	for c := range s.flows.Slices() {
		if c.Origin == f.Origin && c.Destination == f.Destination && c.Period == f.Period {
			return c.Cell.Known()
		}
	}
	return true
}

// cover adds to the networks what the log has and they have not.
func (l *landscape) cover(log *referral.Log) (networks, primary *network.Partition, err error) {
	lost := slices.ContainsFunc(log.Hospitals(), func(h string) bool {
		return !referral.Beside(h) && slices.Contains(l.networks.Unassigned(), h)
	})
	if !lost {
		return l.networks, l.primary, nil
	}
	const rest = "in no network"
	if networks, err = l.networks.WithRest(rest); err != nil {
		return nil, nil, err
	}
	labels := map[string]string{}
	for _, g := range l.primary.Groups() {
		for _, h := range l.primary.Members(g) {
			labels[h] = g
		}
	}
	for _, h := range l.networks.Unassigned() {
		labels[h] = rest
	}
	primary, err = network.NewPartition(l.primary.Name(), labels)
	return networks, primary, err
}
