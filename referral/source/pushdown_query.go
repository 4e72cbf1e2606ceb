// SPDX-License-Identifier: Apache-2.0

package source

import (
	"fmt"
	"slices"
	"strings"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// PushdownQuery returns the query that makes a flow table of events in a
// database: one statement of standard SQL with window functions, with the
// columns origin, destination and flow, and tumor if the rule slices by it. A
// class of several networks is their names with U+001F between them; a hospital
// without a network is its name behind U+001E. Rows whose origin is NULL tell
// the number of cases, that of patients, and, behind U+001D, the networks; rows
// whose destination is NULL are cases without a treatment of the modality.
//
// Names of tables and columns and all texts are quoted, so that they can hold
// anything but a zero byte. The same configuration gives the same text.
//
// It returns an error for a configuration that is not complete, and for what the
// rule asks of the log alone: fractional destinations, periods, attributes,
// types of hospitals, partitions that divide hospitals.
func PushdownQuery(c PushdownConfig) (string, error) {
	if err := c.check(); err != nil {
		return "", err
	}
	q := &queryWriter{c: c, grammar: grammars[c.Dialect]}
	q.write()
	if q.err != nil {
		return "", q.err
	}
	return strings.Join(q.lines, "\n") + "\n", nil
}

// queryWriter collects the lines of a query, and the first error.
type queryWriter struct {
	grammar
	c     PushdownConfig
	lines []string
	err   error
}

func (q *queryWriter) line(format string, args ...any) {
	q.lines = append(q.lines, fmt.Sprintf(format, args...))
}

func (q *queryWriter) keep(text string, err error) string {
	if q.err == nil {
		q.err = err
	}
	return text
}

func (q *queryWriter) text(s string) string { return q.keep(q.literal(s)) }

// column gives the quoted name of one of our columns, "" if it does not exist.
func (q *queryWriter) column(name string) string {
	columns := q.c.Columns
	if columns == nil {
		columns = usualColumns[q.c.Layout]
	}
	theirs, ok := columns[name]
	if !ok {
		return ""
	}
	return q.keep(q.identifier(theirs))
}

// required is like column, and an error if it does not exist.
func (q *queryWriter) required(name string) string {
	if c := q.column(name); c != "" {
		return c
	}
	q.keep("", fmt.Errorf("source: the columns lack %q", name))
	return ""
}

// given makes a text column that is NULL where it is empty.
func (q *queryWriter) given(column string) string {
	if column == "" {
		return "CAST(NULL AS " + q.grammar.text + ")"
	}
	return "NULLIF(TRIM(CAST(" + column + " AS " + q.grammar.text + ")), '')"
}

// write makes the query of parts that follow each other. Properties of a patient
// or a case are found by window functions and not by joins: a planner that knows
// nothing of the size of a part could take a nested loop for those.
func (q *queryWriter) write() {
	q.writeRows()
	q.writeTumors()
	if q.c.Layout == referral.LayoutEvents {
		q.writeVisits()
	} else {
		q.with("homes", "tumors",
			"CASE WHEN MIN(first_hospital) OVER (PARTITION BY patient, tumor) = MAX(first_hospital) OVER (PARTITION BY patient, tumor)",
			"  THEN MIN(first_hospital) OVER (PARTITION BY patient, tumor) END AS home")
	}
	level := q.writeClasses()
	q.writeChoice(level)
	q.writeFlows(level)
}

// with adds columns to all those of a part, the last of which ends it.
func (q *queryWriter) with(name, from string, columns ...string) {
	q.line("%s AS (", name)
	q.line("  SELECT %s.*,", from)
	for _, c := range columns {
		q.line("    %s", c)
	}
	q.line("  FROM %s", from)
	q.line("),")
}

// writeRows takes the columns over under our names. Rows without a patient are
// no case.
func (q *queryWriter) writeRows() {
	q.line("WITH source_rows AS (")
	q.line("  SELECT %s AS patient,", q.given(q.required("patient")))
	q.line("    %s AS own_tumor,", q.given(q.column("tumor")))
	for _, c := range [...]struct{ name, as, kind string }{{"seq", "event_seq", "INTEGER"}, {"date", "event_date", "DATE"}} {
		column := q.column(c.name)
		if column == "" {
			column = "CAST(NULL AS " + c.kind + ")"
		}
		q.line("    %s AS %s,", column, c.as)
	}
	q.line("    %s AS kind,", q.given(q.required("event")))
	q.line("    %s AS hospital,", q.given(q.required("hospital")))
	if q.c.Layout == referral.LayoutTreatments {
		q.line("    %s AS first_hospital", q.given(q.required("first_visit_hospital")))
	} else {
		q.line("    COALESCE(%s, 'patient') AS layer", q.given(q.column("layer")))
	}
	q.line("  FROM %s", q.keep(q.identifier(q.c.Table...)))
	q.line("),")
	q.line("marked_rows AS (")
	q.line("  SELECT source_rows.*,")
	q.line("    CASE WHEN %s THEN 1 ELSE 0 END AS treated", q.treated())
	q.line("  FROM source_rows")
	q.line("  WHERE patient IS NOT NULL")
	q.line("),")
}

// treated is the condition of a row that is a treatment.
func (q *queryWriter) treated() string {
	if q.c.Layout == referral.LayoutTreatments {
		return "kind IS NOT NULL OR hospital IS NOT NULL"
	}
	kinds := q.c.Treatments
	if kinds == nil {
		kinds = referral.TreatmentKinds()
	}
	if len(kinds) == 0 {
		return "1 = 0"
	}
	quoted := make([]string, len(kinds))
	for i, k := range kinds {
		quoted[i] = q.text(k)
	}
	return "layer = 'patient' AND kind IN (" + strings.Join(quoted, ", ") + ")"
}

// writeTumors gives a row without a tumor the only one of its patient. A case is
// a patient with a tumor; rows without one of a patient with several are a case
// of their own if there is a treatment among them, which stray tells.
func (q *queryWriter) writeTumors() {
	if q.column("tumor") == "" {
		q.with("tumors", "marked_rows", "'' AS tumor, '' AS some_tumor, 0 AS stray")
		return
	}
	q.with("filled_rows", "marked_rows",
		"COALESCE(own_tumor, CASE WHEN MIN(own_tumor) OVER (PARTITION BY patient) = MAX(own_tumor) OVER (PARTITION BY patient)",
		"  THEN MIN(own_tumor) OVER (PARTITION BY patient) END, '') AS tumor")
	q.with("tumors", "filled_rows",
		"MAX(tumor) OVER (PARTITION BY patient) AS some_tumor,",
		"MAX(CASE WHEN tumor = '' THEN treated ELSE 0 END) OVER (PARTITION BY patient) AS stray")
}

// writeVisits finds the hospital of the first visit of each case: among its own
// first visits or, if it has none, among those of the patient without a tumor.
// Several in different hospitals give none, unless it is known that the others
// came later.
func (q *queryWriter) writeVisits() {
	q.with("visits", "tumors", fmt.Sprintf("CASE WHEN layer = 'patient' AND kind = %s THEN 1 ELSE 0 END AS visit", q.text(referral.KindFirstVisit)))
	scopes := []struct{ name, visit, partition string }{
		{"own", "visit", "patient, tumor"},
		{"shared", "CASE WHEN tumor = '' THEN visit ELSE 0 END", "patient"},
	}
	if q.column("tumor") == "" {
		scopes = scopes[:1]
	}
	firsts, doubts := make([]string, 0, 8), make([]string, 0, 6)
	home := "CASE"
	for _, s := range scopes {
		for _, c := range [...]string{"hospital", "event_seq", "event_date"} {
			firsts = append(firsts, fmt.Sprintf("FIRST_VALUE(%s) OVER (PARTITION BY %s ORDER BY %s DESC, %s) AS %s_%s,", c, s.partition, s.visit, q.order(false, ""), s.name, c))
		}
		firsts = append(firsts, fmt.Sprintf("MAX(%s) OVER (PARTITION BY %s) AS %s_visit,", s.visit, s.partition, s.name))
		doubts = append(doubts,
			fmt.Sprintf("MAX(CASE WHEN COALESCE(hospital, '') <> COALESCE(%s_hospital, '')", s.name),
			fmt.Sprintf("    AND NOT COALESCE(event_seq <> %[1]s_event_seq, 1 = 0) AND NOT COALESCE(event_date > %[1]s_event_date, 1 = 0)", s.name),
			fmt.Sprintf("  THEN %s ELSE 0 END) OVER (PARTITION BY %s) AS %s_doubt,", s.visit, s.partition, s.name))
		home += fmt.Sprintf(" WHEN %[1]s_visit = 1 THEN CASE WHEN %[1]s_doubt = 0 THEN %[1]s_hospital END", s.name)
	}
	q.with("first_visits", "visits", endList(firsts)...)
	q.with("doubts", "first_visits", endList(doubts)...)
	q.with("homes", "doubts", home+" END AS home")
}

// endList takes the comma from the end of a list of columns.
func endList(columns []string) []string {
	last := len(columns) - 1
	columns[last] = strings.TrimSuffix(columns[last], ",")
	return columns
}

// order is the order of the events of a case, or the reverse: by seq, date, kind
// and hospital.
func (q *queryWriter) order(reverse bool, kind string) string {
	up, last, first := " ASC", " NULLS LAST", " NULLS FIRST"
	if reverse {
		up, last, first = " DESC", first, last
	}
	keys := "event_seq" + up + last + ", event_date" + up + last + ", "
	if kind != "" {
		keys += kind + q.bytes + up + first + ", "
	}
	return keys + "hospital" + q.bytes + up + first
}

// writeClasses gives hospitals their networks, and tells whether there are any.
func (q *queryWriter) writeClasses() bool {
	switch {
	case len(q.c.Membership) > 0:
		hospital, net := q.keep(q.identifier("hospital")), q.keep(q.identifier("network"))
		q.line("memberships AS (")
		q.line("  SELECT DISTINCT %s AS hospital, %s AS network", q.given(hospital), q.given(net))
		q.line("  FROM %s", q.keep(q.identifier(q.c.Membership...)))
		q.line("),")
	case q.c.Rule.Partition != nil:
		q.line("memberships AS (")
		q.line("  SELECT hospital, network")
		q.line("  FROM (VALUES")
		q.writeMembers(q.c.Rule.Partition)
		q.line("  ) AS listed (hospital, network)")
		q.line("),")
	default:
		return false
	}
	q.line("classes AS (")
	q.line("  SELECT hospital, %snetwork%s AS class", q.list[0], q.list[1])
	q.line("  FROM memberships")
	q.line("  WHERE hospital IS NOT NULL AND network IS NOT NULL")
	q.line("  GROUP BY hospital")
	q.line("),")
	q.line("companions AS (")
	q.line("  SELECT DISTINCT a.hospital AS hospital, b.hospital AS other")
	q.line("  FROM memberships a")
	q.line("  JOIN memberships b ON a.network = b.network")
	q.line("),")
	return true
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

// writeChoice finds the treatment of each case that is its destination, and takes
// any row of a case without one. Where the place or the origin is not known, a
// treatment may be outside, and is taken for it.
func (q *queryWriter) writeChoice(level bool) {
	inside := "h.hospital = h.home"
	if level {
		inside += " OR n.hospital IS NOT NULL"
	}
	counts := "h.treated"
	if q.c.Rule.Modality != "" {
		counts = fmt.Sprintf("CASE WHEN h.kind = %s THEN h.treated ELSE 0 END", q.text(q.c.Rule.Modality))
	}
	q.line("places AS (")
	q.line("  SELECT h.patient, h.tumor, h.home, h.event_seq, h.event_date, h.kind, h.hospital,")
	q.line("    %s AS counts,", counts)
	q.line("    CASE WHEN %s THEN 1 ELSE 0 END AS inside", inside)
	q.line("  FROM homes h")
	if level {
		q.line("  LEFT JOIN companions n ON n.hospital = h.home AND n.other = h.hospital")
	}
	q.line("  WHERE h.tumor <> '' OR h.some_tumor = '' OR h.stray = 1")
	q.line("),")
	place, order := "CASE WHEN inside = 1 THEN home ELSE hospital END", "inside, "+q.order(false, "kind")
	switch q.c.Rule.Destination { //nolint:exhaustive // any_outside, by its name or not
	case referral.FirstTreatment:
		place, order = "hospital", q.order(false, "kind")
	case referral.LastTreatment:
		place, order = "hospital", q.order(true, "kind")
	}
	q.line("ranked AS (")
	q.line("  SELECT patient, tumor, home, counts, %s AS place,", place)
	q.line("    ROW_NUMBER() OVER (PARTITION BY patient, tumor ORDER BY counts DESC, %s) AS choice", order)
	q.line("  FROM places")
	q.line("),")
	q.line("cases AS (")
	q.line("  SELECT patient, tumor, home, counts, place")
	q.line("  FROM ranked")
	q.line("  WHERE choice = 1")
	q.line("),")
}

// writeFlows counts the cases. Rows without an origin tell about all of them,
// and name the networks; a destination that is NULL is of cases without a
// treatment of the modality.
func (q *queryWriter) writeFlows(level bool) {
	origin, destination := "c.home", "c.place"
	if level {
		origin = fmt.Sprintf("COALESCE(oc.class, CHR(%d) || c.home)", unassignedMark)
		destination = fmt.Sprintf("COALESCE(dc.class, CHR(%d) || c.place)", unassignedMark)
	}
	untreated := q.text(referral.Untreated)
	if q.c.Rule.Modality != "" {
		untreated = "NULL"
	}
	q.line("flows AS (")
	q.line("  SELECT COALESCE(NULLIF(c.tumor, ''), %s) AS tumor,", q.text(referral.TumorUnknown))
	q.line("    COALESCE(%s, %s) AS origin,", origin, q.text(referral.OriginUnknown))
	q.line("    CASE WHEN c.counts = 0 THEN %s", untreated)
	q.line("      ELSE COALESCE(%s, %s) END AS destination", destination, q.text(referral.DestinationUnknown))
	q.line("  FROM cases c")
	if level {
		q.line("  LEFT JOIN classes oc ON oc.hospital = c.home")
		q.line("  LEFT JOIN classes dc ON dc.hospital = c.place")
	}
	if q.c.Rule.Tumor != "" {
		q.line("  WHERE c.tumor = %s", q.text(q.c.Rule.Tumor))
	}
	q.line(")")
	by, byNull := "", ""
	if q.c.Rule.ByTumor {
		by, byNull = ", tumor", ", CAST(NULL AS "+q.grammar.text+")"
	}
	q.line("SELECT origin, destination, COUNT(*) AS flow%s", by)
	q.line("FROM flows")
	q.line("GROUP BY origin, destination%s", by)
	tell := func(what, count, from string) {
		q.line("UNION ALL")
		q.line("SELECT CAST(NULL AS %s), %s, %s%s FROM %s", q.grammar.text, what, count, byNull, from)
	}
	if level {
		tell(fmt.Sprintf("CHR(%d) || network", networkMark), "0", "(SELECT DISTINCT network FROM memberships WHERE hospital IS NOT NULL AND network IS NOT NULL) named")
	}
	tell("'"+tellCases+"'", "COUNT(*)", "cases")
	tell("'"+tellPatients+"'", "COUNT(DISTINCT patient)", "cases")
	q.line("ORDER BY origin NULLS FIRST, destination NULLS FIRST%s", by)
}
