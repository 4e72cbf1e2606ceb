// SPDX-License-Identifier: Apache-2.0

package source

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// PushdownQuery returns the query that makes a flow table of events in a
// database: one statement of standard SQL with window functions, with the
// columns origin, destination and flow, and, where the rule asks for them, parts
// (each case counts for one of so many equal parts of it), tumor, modality and
// slice (a year, or the place of a period in Rule.Slices). A class of several
// networks is their names with U+001F between them; a hospital without a network
// is its name behind U+001E. Rows whose origin is NULL are no flows: they tell
// the number of cases, of patients, of cases that were left out, and of rows
// with what the rule asks for, and, behind U+001D, the networks.
//
// Names of tables and columns and all texts are quoted, so that they can hold
// anything but a zero byte. The same configuration gives the same text.
//
// It returns an error for a configuration that is not complete, and a
// [*referral.RuleError] for a rule that cannot be followed.
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
	last  string // the part that the next one is made of
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
	q.last = "tumors"
	if q.c.Layout == referral.LayoutEvents {
		q.writeVisits()
	} else {
		q.then("homes",
			"CASE WHEN MIN(first_hospital) OVER (PARTITION BY patient, tumor) = MAX(first_hospital) OVER (PARTITION BY patient, tumor)",
			"  THEN MIN(first_hospital) OVER (PARTITION BY patient, tumor) END AS home")
	}
	q.writeConditions()
	q.writePeriods()
	q.writeWanted()
	q.writeClasses()
	q.writePlaces()
	q.writeCases()
	q.writeFlows()
	q.writeTold()
}

// then adds columns to all those of the part before, the last of which ends the
// new part.
func (q *queryWriter) then(name string, columns ...string) {
	q.with(name, q.last, columns...)
	q.last = name
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
	if year := q.column("year"); year != "" && q.inTime() {
		q.line("    NULLIF(%s, 0) AS own_year,", year)
	}
	for i, w := range q.c.Rule.Where {
		q.line("    %s AS %s,", q.given(q.attribute(w.Attribute)), attributeName(i))
	}
	kind := q.given(q.required("event"))
	q.line("    %s AS kind,", kind)
	q.line("    %s AS hospital,", q.given(q.required("hospital")))
	if q.c.Layout == referral.LayoutTreatments {
		q.line("    %s AS first_hospital", q.given(q.required("first_visit_hospital")))
	} else {
		q.line("    COALESCE(%s, CASE %s WHEN 'referral' THEN 'referral' WHEN 'pathology' THEN 'pathology' WHEN 'mdt' THEN 'mdt'", q.given(q.column("layer")), kind)
		q.line("      WHEN %s THEN 'status' WHEN %s THEN 'status' ELSE 'patient' END) AS layer", q.text(referral.KindDeath), q.text(referral.KindEnd))
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
		q.with("tumors", "marked_rows", "'' AS tumor,", "'' AS some_tumor,", "0 AS stray")
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
// came later. Under the origin of diagnosis it is the hospital of the first of
// these events.
func (q *queryWriter) writeVisits() {
	q.then("visits", fmt.Sprintf("CASE WHEN layer = 'patient' AND kind = %s THEN 1 ELSE 0 END AS visit", q.text(referral.KindFirstVisit)))
	scopes := []struct{ name, visit, partition string }{
		{"own", "visit", "patient, tumor"},
		{"shared", "CASE WHEN tumor = '' THEN visit ELSE 0 END", "patient"},
	}
	if !q.shares() {
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
	q.then("first_visits", endList(firsts)...)
	if q.c.Rule.Origin == referral.Diagnosis {
		q.writeDiagnoses()
		return
	}
	q.then("doubts", endList(doubts)...)
	q.then("homes", home+" END AS home")
}

// writeDiagnoses finds the hospital of diagnosis of each case, and the day of
// the first diagnosis that has one.
func (q *queryWriter) writeDiagnoses() {
	const layers = "CASE layer WHEN 'patient' THEN 0 WHEN 'referral' THEN 1 WHEN 'pathology' THEN 2 WHEN 'mdt' THEN 3 ELSE 4 END"
	diagnosis := "kind = " + q.text(referral.KindDiagnosis)
	q.then("diagnoses",
		fmt.Sprintf("CASE WHEN %s THEN 1 ELSE 0 END AS diagnosis,", diagnosis),
		fmt.Sprintf("CASE WHEN %s AND event_date IS NOT NULL THEN 1 ELSE 0 END AS dated_diagnosis,", diagnosis),
		layers+" AS layer_place")
	order := "event_seq ASC NULLS LAST, event_date ASC NULLS LAST, layer_place, hospital" + q.bytes + " ASC NULLS FIRST"
	first := func(what, of string) string {
		return fmt.Sprintf("CASE WHEN MAX(%[2]s) OVER (PARTITION BY patient, tumor) = 1"+
			" THEN FIRST_VALUE(%[1]s) OVER (PARTITION BY patient, tumor ORDER BY %[2]s DESC, %[3]s) END", what, of, order)
	}
	q.then("homes", first("hospital", "diagnosis")+" AS home,", first("event_date", "dated_diagnosis")+" AS diagnosis_date")
}

// shares reports whether rows without a tumor can be part of several cases:
// what is known of the patient's status, and first visits.
func (q *queryWriter) shares() bool {
	return q.c.Layout == referral.LayoutEvents && q.column("tumor") != ""
}

// gathered adds, for a case, the largest or smallest value of an expression in
// its rows, those that it shares included.
func (q *queryWriter) gathered(aggregate string, columns map[string]string) {
	var own, met, all []string
	for _, name := range slices.Sorted(maps.Keys(columns)) {
		x := columns[name]
		if !q.shares() {
			own = append(own, fmt.Sprintf("%s(%s) OVER (PARTITION BY patient, tumor) AS %s,", aggregate, x, name))
			continue
		}
		own = append(own,
			fmt.Sprintf("%s(%s) OVER (PARTITION BY patient, tumor) AS own_%s,", aggregate, x, name),
			fmt.Sprintf("%s(CASE WHEN tumor = '' AND layer = 'status' THEN %s END) OVER (PARTITION BY patient) AS status_%s,", aggregate, x, name),
			fmt.Sprintf("%s(CASE WHEN tumor = '' AND visit = 1 THEN %s END) OVER (PARTITION BY patient) AS visit_%s,", aggregate, x, name))
		sign := map[string]string{"MIN": "<", "MAX": ">"}[aggregate]
		better := func(a, b string) string {
			return fmt.Sprintf("CASE WHEN %[1]s IS NULL OR %[2]s %[3]s %[1]s THEN %[2]s ELSE %[1]s END", a, b, sign)
		}
		met = append(met, better("own_"+name, "status_"+name)+" AS met_"+name+",")
		all = append(all, "CASE WHEN own_visit = 1 THEN met_"+name+" ELSE "+better("met_"+name, "visit_"+name)+" END AS "+name+",")
	}
	part := map[string]string{"MIN": "time", "MAX": "condition"}[aggregate]
	q.then(part+"s", endList(own)...)
	if q.shares() {
		q.then("met_"+part+"s", endList(met)...)
		q.then("all_"+part+"s", endList(all)...)
	}
}

// attribute gives the quoted name of a column that the rule asks about.
func (q *queryWriter) attribute(name string) string {
	theirs, ok := q.c.Columns[name]
	if !ok {
		theirs = name
	}
	return q.keep(q.identifier(theirs))
}

// attributeName is our name of the column of a condition.
func attributeName(i int) string { return fmt.Sprintf("attribute_%d", i+1) }

// writeConditions tells of each case which conditions one of its rows meets.
func (q *queryWriter) writeConditions() {
	if len(q.c.Rule.Where) == 0 {
		return
	}
	columns := map[string]string{}
	for i := range q.c.Rule.Where {
		columns[fmt.Sprintf("meets_%d", i+1)] = "CASE WHEN " + q.condition(i) + " THEN 1 ELSE 0 END"
	}
	q.gathered("MAX", columns)
}

func (q *queryWriter) condition(i int) string {
	if v := q.c.Rule.Where[i].Value; v != "" {
		return attributeName(i) + " = " + q.text(v)
	}
	return attributeName(i) + " IS NULL"
}

// inTime reports whether it matters when a case began.
func (q *queryWriter) inTime() bool {
	r := q.c.Rule
	return r.ByYear || len(r.Slices) > 0 || r.Period != network.Period{}
}

// Slices of cases that are in none.
const (
	sliceUndated = -1 // it is not known whether they are in a period
	sliceOutside = -2
)

// writePeriods finds the slice of each case: by its year of diagnosis or, if that
// is not given, by the day on which it began.
func (q *queryWriter) writePeriods() {
	if !q.inTime() {
		return
	}
	columns := map[string]string{"earliest": "event_date"}
	if q.column("year") != "" {
		columns["case_year"] = "own_year"
	}
	q.gathered("MIN", columns)
	var days []string
	switch {
	case q.c.Rule.Origin == referral.Diagnosis:
		days = append(days, "diagnosis_date")
	case q.shares():
		days = append(days, "CASE WHEN own_visit = 1 THEN own_event_date WHEN shared_visit = 1 THEN shared_event_date END")
	case q.c.Layout == referral.LayoutEvents:
		days = append(days, "CASE WHEN own_visit = 1 THEN own_event_date END")
	}
	q.then("begins", "COALESCE("+strings.Join(append(days, "earliest"), ", ")+") AS begin_date")
	q.then("periods", q.sliceOf()+" AS slice")
}

// sliceOf is the number of the slice of a case, under years the year.
func (q *queryWriter) sliceOf() string {
	r := q.c.Rule
	periods := r.Slices
	if r.Period != (network.Period{}) {
		periods = []network.Period{r.Period}
	}
	year, day, either := "", "", "EXTRACT(YEAR FROM begin_date)"
	if q.column("year") != "" {
		either = "COALESCE(case_year, " + either + ")"
	}
	either = "CAST(" + either + " AS INTEGER)"
	for i, p := range periods {
		in := fmt.Sprint(i)
		if r.ByYear {
			in = either
		}
		from, to := bounds(p.From.Year(), p.From.Day() != 1 || p.From.Month() != time.January, p.To.Year(), p.To.Day() != 31 || p.To.Month() != time.December)
		year += fmt.Sprintf(" WHEN %s THEN %s", between("case_year", from, to), in)
		from, to = bounds(p.From.Year(), false, p.To.Year(), false)
		year += fmt.Sprintf(" WHEN %s THEN %d", between("case_year", from, to), sliceUndated)
		from, to = "", ""
		if !p.From.IsZero() {
			from = "DATE '" + p.From.String() + "'"
		}
		if !p.To.IsZero() {
			to = "DATE '" + p.To.String() + "'"
		}
		day += fmt.Sprintf(" WHEN %s THEN %s", between("begin_date", from, to), in)
	}
	if len(periods) == 0 {
		return fmt.Sprintf("COALESCE(%s, %d)", either, sliceUndated)
	}
	out := fmt.Sprintf("CASE WHEN begin_date IS NULL THEN %d%s ELSE %d END", sliceUndated, day, sliceOutside)
	if q.column("year") != "" {
		out = fmt.Sprintf("CASE WHEN case_year IS NOT NULL THEN CASE%s ELSE %d END ELSE %s END", year, sliceOutside, out)
	}
	return out
}

// bounds gives the first and the last year that lie in a period, or that only
// touch it if it does not begin or end within them; empty if it is open.
func bounds(from int, afterStart bool, to int, beforeEnd bool) (string, string) {
	var first, last string
	if from != 0 {
		if afterStart {
			from++
		}
		first = fmt.Sprint(from)
	}
	if to != 0 {
		if beforeEnd {
			to--
		}
		last = fmt.Sprint(to)
	}
	return first, last
}

// between is a condition with two ends, either of which may be open.
func between(x, from, to string) string {
	var out []string
	if from != "" {
		out = append(out, x+" >= "+from)
	}
	if to != "" {
		out = append(out, x+" <= "+to)
	}
	if out == nil {
		return "1 = 1"
	}
	return strings.Join(out, " AND ")
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
		if q.c.Layout == referral.LayoutTreatments { // where any word can be that of a treatment
			keys += fmt.Sprintf("CASE WHEN %[1]s IS NULL THEN 0 WHEN %[1]s = %[2]s THEN 1 WHEN %[1]s = %[3]s THEN 2 ELSE 3 END%[4]s, ",
				kind, q.text(referral.KindDiagnosis), q.text(referral.KindFirstVisit), up)
		}
		keys += kind + q.bytes + up + first + ", "
	}
	return keys + "hospital" + q.bytes + up + first
}
