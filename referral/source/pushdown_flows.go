// SPDX-License-Identifier: Apache-2.0

package source

import (
	"fmt"
	"slices"
	"strings"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// grouped reports whether networks are the classes, and divided whether a
// hospital of several is divided over them.
func (q *queryWriter) grouped() bool { return len(q.c.Membership) > 0 || q.c.Rule.Partition != nil }

func (q *queryWriter) divided() bool {
	return q.c.Rule.Partition != nil && q.c.Rule.Partition.Rule() == network.Split
}

// anyOutside reports whether the destination is looked for outside the origin.
func (q *queryWriter) anyOutside() bool {
	d := q.c.Rule.Destination
	return d == referral.UnknownDestinationRule || d == referral.AnyOutside
}

func (q *queryWriter) fractional() bool { return q.c.Rule.Destination == referral.Fractional }

// isCase is the condition of rows that belong to a case.
const isCase = "(h.tumor <> '' OR h.some_tumor = '' OR h.stray = 1)"

// writeWanted keeps the cases that the rule asks for.
func (q *queryWriter) writeWanted() {
	q.line("wanted AS (")
	q.line("  SELECT h.patient, h.tumor, h.home, h.event_seq, h.event_date, h.kind, h.hospital, h.treated%s", q.also("h.slice"))
	q.line("  FROM %s h", q.last)
	q.line("  WHERE %s", isCase)
	if t := q.c.Rule.Tumor; t != "" {
		q.line("    AND h.tumor = %s", q.text(t))
	}
	for i := range q.c.Rule.Where {
		q.line("    AND h.meets_%d = 1", i+1)
	}
	if q.inTime() {
		q.line("    AND h.slice <> %d", sliceOutside)
	}
	q.line("),")
}

// also lists further columns that the rule needs, each behind a comma.
func (q *queryWriter) also(slice string, further ...string) string {
	out := ""
	if q.inTime() {
		out = ", " + slice
	}
	for _, f := range further {
		out += ", " + f
	}
	return out
}

// writeClasses gives hospitals their networks.
func (q *queryWriter) writeClasses() {
	switch {
	case len(q.c.Membership) > 0:
		hospital, net := q.keep(q.identifier("hospital")), q.keep(q.identifier("network"))
		q.line("memberships AS (")
		q.line("  SELECT DISTINCT %s AS hospital, %s AS network", q.given(hospital), q.given(net))
		q.line("  FROM %s", q.keep(q.identifier(q.c.Membership...)))
		q.line("),")
	case q.grouped():
		q.line("memberships AS (")
		q.line("  SELECT hospital, network")
		q.line("  FROM (VALUES")
		q.writeMembers(q.c.Rule.Partition)
		q.line("  ) AS listed (hospital, network)")
		q.line("),")
	default:
		return
	}
	if q.divided() {
		q.line("divisions AS (")
		q.line("  SELECT hospital, network, COUNT(*) OVER (PARTITION BY hospital) AS parts")
		q.line("  FROM memberships")
		q.line("),")
		return
	}
	q.line("classes AS (")
	q.line("  SELECT hospital, %snetwork%s AS class", q.list[0], q.list[1])
	q.line("  FROM memberships")
	q.line("  WHERE hospital IS NOT NULL AND network IS NOT NULL")
	q.line("  GROUP BY hospital")
	q.line("),")
	if q.anyOutside() {
		q.line("companions AS (")
		q.line("  SELECT DISTINCT a.hospital AS hospital, b.hospital AS other")
		q.line("  FROM memberships a")
		q.line("  JOIN memberships b ON a.network = b.network")
		q.line("),")
	}
}

// writeMembers lists the pairs of a partition. Without any there is one that
// matches no hospital, for a list may not be empty.
func (q *queryWriter) writeMembers(p *network.Partition) {
	var pairs []string
	for _, g := range p.Groups() {
		for _, h := range p.Members(g) {
			pairs = append(pairs, fmt.Sprintf("    (%s, %s)", q.text(h), q.text(g)))
		}
	}
	if len(pairs) == 0 {
		pairs = []string{"    ('', '')"}
	}
	slices.Sort(pairs)
	q.line("%s", strings.Join(pairs, ",\n"))
}

// writePlaces tells which rows are treatments that count, and which of them are
// inside the origin. A case of a divided hospital has its rows once for each
// part. Where the place or the origin is not known, a treatment may be outside,
// and is taken for it.
func (q *queryWriter) writePlaces() {
	counts := "h.treated"
	if m := q.c.Rule.Modality; m != "" {
		counts = fmt.Sprintf("CASE WHEN h.kind = %s THEN h.treated ELSE 0 END", q.text(m))
	}
	var further []string
	if q.withoutTypes() {
		further = append(further, fmt.Sprintf("CASE WHEN %s THEN %s ELSE 0 END AS skipped", q.outOfTypes(), counts))
		counts = fmt.Sprintf("CASE WHEN %s THEN 0 ELSE %s END", q.outOfTypes(), counts)
	}
	inside := "h.hospital = h.home"
	switch {
	case q.divided():
		further = append(further, "o.network AS home_group", "COALESCE(o.parts, 1) AS home_parts")
		inside += " OR n.hospital IS NOT NULL"
	case q.grouped():
		inside += " OR n.hospital IS NOT NULL"
	}
	if q.anyOutside() {
		further = append(further, fmt.Sprintf("CASE WHEN %s THEN 1 ELSE 0 END AS inside", inside))
	}
	q.line("places AS (")
	q.line("  SELECT h.patient, h.tumor, h.home, h.event_seq, h.event_date, h.kind, h.hospital%s,", q.also("h.slice"))
	for _, f := range further {
		q.line("    %s,", f)
	}
	q.line("    %s AS counts", counts)
	q.line("  FROM wanted h")
	if q.divided() {
		q.line("  LEFT JOIN divisions o ON o.hospital = h.home")
	}
	switch {
	case !q.anyOutside() || !q.grouped():
	case q.divided():
		q.line("  LEFT JOIN divisions n ON n.hospital = h.hospital AND n.network = o.network")
	default:
		q.line("  LEFT JOIN companions n ON n.hospital = h.home AND n.other = h.hospital")
	}
	if q.inTime() {
		q.line("  WHERE h.slice >= 0")
	}
	q.line("),")
}

func (q *queryWriter) withoutTypes() bool { return len(q.c.Rule.WithoutTypes) > 0 }

// outOfTypes is the condition of hospitals that do not count as places of
// treatment.
func (q *queryWriter) outOfTypes() string {
	var out []string
	for _, h := range q.c.Within.Hospitals() {
		if slices.Contains(q.c.Rule.WithoutTypes, h.Type) {
			out = append(out, q.text(h.ID))
		}
	}
	if out == nil {
		return "1 = 0"
	}
	return "h.hospital IN (" + strings.Join(out, ", ") + ")"
}

// writeCases finds the treatment of each case that is its destination, all
// hospitals of treatment if it is divided over them, and takes any row of a case
// without a treatment that counts.
func (q *queryWriter) writeCases() {
	unit := "patient, tumor"
	marks := []string{"MAX(counts) OVER (PARTITION BY patient, tumor) AS case_counts"}
	columns := []string{"counts"}
	if q.withoutTypes() {
		marks = append(marks, "MAX(skipped) OVER (PARTITION BY patient, tumor) AS case_skipped")
		columns = append(columns, "case_skipped")
	}
	if q.divided() {
		unit += ", home_group"
		columns = append(columns, "home_group", "home_parts")
	}
	if q.c.Rule.ByModality {
		unit += ", modality"
		marks = append(marks, fmt.Sprintf("CASE WHEN counts = 1 THEN COALESCE(kind, %s) ELSE %s END AS modality", q.text(referral.ModalityUnknown), q.text(referral.Untreated)))
		columns = append(columns, "modality")
	}
	all := "patient, tumor, home" + q.also("slice", columns...)
	q.with("marked_places", "places", strings.Split(strings.Join(marks, ",\n    "), "\n    ")...)
	if q.fractional() {
		q.line("stops AS (")
		q.line("  SELECT DISTINCT %s, CASE WHEN counts = 1 THEN hospital END AS place", all)
		q.line("  FROM marked_places")
		q.line("  WHERE counts = case_counts")
		q.line("),")
		q.line("cases AS (")
		q.line("  SELECT %s, place, COUNT(*) OVER (PARTITION BY %s) AS stops", all, unit)
		q.line("  FROM stops")
		q.line("),")
		return
	}
	place, order := "hospital", q.order(q.c.Rule.Destination == referral.LastTreatment, "kind")
	if q.anyOutside() {
		place, order = "CASE WHEN inside = 1 THEN home ELSE hospital END", "inside, "+order
	}
	q.line("ranked AS (")
	q.line("  SELECT %s, %s AS place,", all, place)
	q.line("    ROW_NUMBER() OVER (PARTITION BY %s ORDER BY %s) AS choice", unit, order)
	q.line("  FROM marked_places")
	q.line("  WHERE counts = case_counts")
	q.line("),")
	q.line("cases AS (")
	q.line("  SELECT %s, place", all)
	q.line("  FROM ranked")
	q.line("  WHERE choice = 1")
	q.line("),")
}

// slicing lists the columns beside origin and destination by which flows are
// counted, with what each is made of.
func (q *queryWriter) slicing() (names, from []string) {
	add := func(name, x string) { names, from = append(names, name), append(from, x+" AS "+name) }
	var parts []string
	if q.fractional() {
		parts = append(parts, "c.stops")
	}
	if q.divided() {
		parts = append(parts, "c.home_parts", "COALESCE(dd.parts, 1)")
	}
	if parts != nil {
		add("parts", strings.Join(parts, " * "))
	}
	if q.c.Rule.ByTumor {
		add("tumor", fmt.Sprintf("COALESCE(NULLIF(c.tumor, ''), %s)", q.text(referral.TumorUnknown)))
	}
	if q.c.Rule.ByModality {
		add("modality", "c.modality")
	}
	if q.c.Rule.ByYear || len(q.c.Rule.Slices) > 0 {
		add("slice", "c.slice")
	}
	return names, from
}

// writeFlows gives cases their classes, without those that are left out for want
// of a treatment that counts. Who stays in a divided hospital stays in its part.
func (q *queryWriter) writeFlows() {
	origin, destination := "c.home", "c.place"
	switch {
	case q.divided():
		origin = fmt.Sprintf("COALESCE(c.home_group, CHR(%d) || c.home)", unassignedMark)
		destination = fmt.Sprintf("CASE WHEN c.place = c.home AND c.home_group IS NOT NULL THEN c.home_group ELSE COALESCE(dd.network, CHR(%d) || c.place) END", unassignedMark)
	case q.grouped():
		origin = fmt.Sprintf("COALESCE(oc.class, CHR(%d) || c.home)", unassignedMark)
		destination = fmt.Sprintf("COALESCE(dc.class, CHR(%d) || c.place)", unassignedMark)
	}
	_, from := q.slicing()
	q.line("flows AS (")
	q.line("  SELECT COALESCE(%s, %s) AS origin,", origin, q.text(referral.OriginUnknown))
	for _, f := range from {
		q.line("    %s,", f)
	}
	q.line("    CASE WHEN c.counts = 0 THEN %s", q.text(referral.Untreated))
	q.line("      ELSE COALESCE(%s, %s) END AS destination", destination, q.text(referral.DestinationUnknown))
	q.line("  FROM cases c")
	switch {
	case q.divided():
		q.line("  LEFT JOIN divisions dd ON dd.hospital = c.place AND c.counts = 1 AND (c.home_group IS NULL OR c.place <> c.home)")
	case q.grouped():
		q.line("  LEFT JOIN classes oc ON oc.hospital = c.home")
		q.line("  LEFT JOIN classes dc ON dc.hospital = c.place")
	}
	switch {
	case q.c.Rule.Modality != "":
		q.line("  WHERE c.counts = 1")
	case q.withoutTypes():
		q.line("  WHERE c.counts = 1 OR c.case_skipped = 0")
	}
	q.line(")")
}

// writeTold counts the flows and adds the rows that are none.
func (q *queryWriter) writeTold() {
	names, _ := q.slicing()
	by, byNull := "", ""
	for _, n := range names {
		by += ", " + n
		kind := "INTEGER"
		if n == "tumor" || n == "modality" {
			kind = q.grammar.text
		}
		byNull += ", CAST(NULL AS " + kind + ")"
	}
	q.line("SELECT origin, destination, COUNT(*) AS flow%s", by)
	q.line("FROM flows")
	q.line("GROUP BY origin, destination%s", by)
	tell := func(what, count, from string, args ...any) {
		q.line("UNION ALL")
		q.line("SELECT CAST(NULL AS %s), %s, %s%s FROM %s", q.grammar.text, what, count, byNull, fmt.Sprintf(from, args...))
	}
	if q.grouped() {
		tell(fmt.Sprintf("CHR(%d) || network", networkMark), "0", "(SELECT DISTINCT network FROM memberships WHERE hospital IS NOT NULL AND network IS NOT NULL) named")
	}
	everybody := "cases h"
	if q.c.Rule.Tumor != "" || len(q.c.Rule.Where) > 0 || q.inTime() {
		everybody = "tumors h WHERE " + isCase
	}
	tell(quoted(tellCases), "COUNT(*)", "(SELECT DISTINCT h.patient, h.tumor FROM %s) counted", everybody)
	tell(quoted(tellPatients), "COUNT(DISTINCT h.patient)", "%s", everybody)
	if q.inTime() {
		tell(quoted(tellUndated), "COUNT(*)", "(SELECT DISTINCT patient, tumor FROM wanted WHERE slice = %d) undated", sliceUndated)
	}
	other := "counts = 0"
	if q.withoutTypes() {
		tell(quoted(tellElsewhere), "COUNT(*)", "(SELECT DISTINCT patient, tumor FROM cases WHERE counts = 0 AND case_skipped = 1) elsewhere")
		other += " AND case_skipped = 0"
	}
	if m := q.c.Rule.Modality; m != "" {
		tell(quoted(tellOtherKinds), "COUNT(*)", "(SELECT DISTINCT patient, tumor FROM cases WHERE %s) other_kinds", other)
		tell(quoted(tellModality), "COUNT(*)", "marked_rows WHERE kind = %s", q.text(m))
	}
	if t := q.c.Rule.Tumor; t != "" {
		tell(quoted(tellTumor), "COUNT(*)", "marked_rows WHERE own_tumor = %s", q.text(t))
	}
	for i, w := range q.c.Rule.Where {
		if w.Value != "" {
			tell(quoted(tellWhere(i)), "COUNT(*)", "marked_rows WHERE %s", q.condition(i))
		}
	}
	q.line("ORDER BY origin NULLS FIRST, destination NULLS FIRST%s", by)
}

func quoted(word string) string { return "'" + word + "'" }
