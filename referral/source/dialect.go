// SPDX-License-Identifier: Apache-2.0

package source

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Dialect is the SQL of a database.
type Dialect uint8

// The dialects.
const (
	PostgreSQL Dialect = iota
	DuckDB
	Trino
	Spark
)

var dialectNames = []string{"postgresql", "duckdb", "trino", "spark"}

// String returns the dialect in lower case.
func (d Dialect) String() string {
	if int(d) < len(dialectNames) {
		return dialectNames[d]
	}
	return "invalid(" + strconv.Itoa(int(d)) + ")"
}

// MarshalText returns the same text as String.
func (d Dialect) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText accepts what String returns.
func (d *Dialect) UnmarshalText(text []byte) error {
	i := slices.Index(dialectNames, string(text))
	if i < 0 {
		return fmt.Errorf("source: dialect %q is not one of %s", text, strings.Join(dialectNames, ", "))
	}
	*d = Dialect(i)
	return nil
}

// grammar is what differs between the dialects in the queries made here.
type grammar struct {
	quote byte   // around identifiers
	text  string // the type that a text is cast to
	bytes string // makes the order of texts that of their bytes
	// list joins the values of a column in order: before and after its name.
	list [2]string
	// backslash says that a backslash in a literal escapes.
	backslash bool
}

var grammars = [...]grammar{
	PostgreSQL: {quote: '"', text: "TEXT", bytes: ` COLLATE "C"`, list: [2]string{"STRING_AGG(", `, CHR(31) ORDER BY network COLLATE "C")`}},
	DuckDB:     {quote: '"', text: "VARCHAR", list: [2]string{"STRING_AGG(", ", CHR(31) ORDER BY network)"}},
	Trino:      {quote: '"', text: "VARCHAR", list: [2]string{"ARRAY_JOIN(ARRAY_AGG(", " ORDER BY network), CHR(31))"}},
	Spark:      {quote: '`', text: "STRING", list: [2]string{"ARRAY_JOIN(SORT_ARRAY(COLLECT_LIST(", ")), CHR(31))"}, backslash: true},
}

// identifier quotes a name, or several with dots between them.
func (g grammar) identifier(parts ...string) (string, error) {
	if len(parts) == 0 {
		return "", fmt.Errorf("source: a name of a table or column is missing")
	}
	quoted := make([]string, len(parts))
	for i, p := range parts {
		if p == "" || strings.ContainsRune(p, 0) {
			return "", fmt.Errorf("source: %q is no name of a table or column", p)
		}
		q := string(g.quote)
		quoted[i] = q + strings.ReplaceAll(p, q, q+q) + q
	}
	return strings.Join(quoted, "."), nil
}

// literal quotes a text. A zero byte, which no database takes, is an error.
func (g grammar) literal(s string) (string, error) {
	if strings.ContainsRune(s, 0) {
		return "", fmt.Errorf("source: %q has a zero byte", s)
	}
	if g.backslash {
		return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'", nil
	}
	return "'" + strings.ReplaceAll(s, "'", "''") + "'", nil
}
