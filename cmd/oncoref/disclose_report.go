// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/oncoref/oncoref/referral/disclosure"
)

// auditReport is what the audit of a published table found. It names no hidden
// count, and no sum of them; nor why one is hidden, which tells those below the
// threshold from the others, unless it is not for publication.
type auditReport struct {
	only      int           // numbers hidden only to protect the others
	reasons   bool          // not for publication: why each is hidden
	Method    string        `json:"method"`
	Status    string        `json:"status"`
	Verdict   string        `json:"verdict"`
	Threshold int           `json:"threshold"`
	Lower     int           `json:"protect_lower"` // a reader must not exclude this or less,
	Upper     int           `json:"protect_upper"` // nor this or more
	Best      *bool         `json:"best,omitempty"`
	Gap       *float64      `json:"gap,omitempty"` // how much more may be hidden than need be, as a share
	Hidden    []auditRecord `json:"hidden"`
	Exposed   []string      `json:"exposed,omitempty"`
	Advice    []string      `json:"advice,omitempty"`
	Losses    []lossRecord  `json:"information_lost"`
}

// auditRecord is a hidden number.
type auditRecord struct {
	Origin      string   `json:"origin"` // empty: of all
	Destination string   `json:"destination"`
	Reason      string   `json:"reason,omitempty"`
	Lower       float64  `json:"lower"`
	Upper       *float64 `json:"upper"` // null: nothing limits it
	Verdict     string   `json:"verdict"`
	Reveals     []string `json:"reveals,omitempty"`
}

// lossRecord is what a method would take away from the table.
type lossRecord struct {
	Method   string  `json:"method"`
	Cells    int     `json:"cells"`
	Totals   int     `json:"totals"`
	Classes  int     `json:"classes"`
	Width    float64 `json:"width"`
	Possible bool    `json:"possible"`
}

// roughly keeps two digits, which are no count.
func roughly(x float64) float64 {
	v, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 2, 64), 64)
	return v
}

// suppression takes over why numbers are hidden.
func (r *auditReport) suppression(s *disclosure.Suppression) {
	r.Status = s.Status.String()
	for _, h := range s.Hidden {
		record := auditRecord{Origin: h.Row, Destination: h.Column, Lower: h.Lo, Upper: finite(h.Hi)}
		if r.reasons {
			record.Reason = h.Reason.String()
		}
		if h.Reason == disclosure.Complementary {
			r.only++
		}
		r.Hidden = append(r.Hidden, record)
	}
	if s.Status == disclosure.Protected {
		gap := roughly(s.Gap())
		r.Best, r.Gap = &s.Best, &gap
		return
	}
	for i := range r.Hidden { // what a reader would know is not told
		r.Hidden[i].Lower, r.Hidden[i].Upper, r.Hidden[i].Verdict = 0, nil, "exposed"
	}
	for _, e := range s.Exposed {
		r.Exposed = append(r.Exposed, e.String())
	}
	for _, a := range s.Advice {
		r.Advice = append(r.Advice, adviceText(a))
	}
}

// audit takes over what a reader can work out.
func (r *auditReport) audit(a *disclosure.Audit) {
	why := map[[2]string]string{}
	for _, h := range r.Hidden {
		why[[2]string{h.Origin, h.Destination}] = h.Reason
	}
	r.Verdict, r.Hidden = a.Verdict.String(), nil
	for _, x := range a.Findings {
		record := auditRecord{
			Origin: x.Origin, Destination: x.Destination, Reason: why[[2]string{x.Origin, x.Destination}],
			Lower: x.Lo, Upper: finite(x.Hi), Verdict: x.Verdict.String(), Reveals: x.Reveals,
		}
		if x.Verdict != disclosure.Safe { // what is known is not told
			record.Lower, record.Upper = 0, nil
		}
		r.Hidden = append(r.Hidden, record)
	}
	for _, x := range a.Failed() {
		r.Status = disclosure.NotProtectable.String()
		r.Exposed = append(r.Exposed, x.String())
	}
	if r.Status == disclosure.NotProtectable.String() {
		r.Advice = append(r.Advice, "--method suppress, or a wider interval, base or threshold")
	}
}

// formatOf tells the format of a report by the name of its file.
func formatOf(path string) string {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".csv":
		return "csv"
	case ".json":
		return "json"
	}
	return "table"
}

var auditColumns = []string{"item", "origin", "destination", "reason", "lower", "upper", "verdict", "reveals"}

func (r *auditReport) rows() [][]string {
	rows := make([][]string, len(r.Hidden))
	for i, h := range r.Hidden {
		lower, upper := "", ""
		if h.Verdict == disclosure.Safe.String() {
			lower = decimal(h.Lower, -1)
			if h.Upper != nil {
				upper = decimal(*h.Upper, -1)
			}
		}
		rows[i] = []string{"hidden", guarded(h.Origin), guarded(h.Destination), h.Reason, lower, upper, h.Verdict, guarded(strings.Join(h.Reveals, "; "))}
	}
	return rows
}

func (r *auditReport) write(w io.Writer, format string) error {
	switch format {
	case "json":
		return writeJSON(w, r)
	case "csv":
		rows := append([][]string{auditColumns}, r.rows()...)
		for _, l := range r.Losses {
			text := fmt.Sprintf("cells %d; totals %d; classes %d; width %s", l.Cells, l.Totals, l.Classes, decimal(l.Width, -1))
			verdict := "possible"
			if !l.Possible {
				verdict = disclosure.NotProtectable.String()
			}
			rows = append(rows, []string{"loss of " + l.Method, "", "", text, "", "", verdict, ""})
		}
		for _, a := range r.Advice {
			rows = append(rows, []string{"advice", "", "", a, "", "", "", ""})
		}
		rows = append(rows, []string{"table", "", "", r.Method, strconv.Itoa(r.Lower), strconv.Itoa(r.Upper), r.Status, ""})
		return csv.NewWriter(w).WriteAll(rows)
	}
	if err := r.summary(w, "audit", r.reasons); err != nil {
		return err
	}
	if err := printRows(w, auditColumns, r.rows(), "lower", "upper"); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(w, "\nWhat a method takes away; width is how far apart the bounds of a cell are on average.\n"); err != nil {
		return err
	}
	lines := make([][]string, len(r.Losses))
	for i, l := range r.Losses {
		lines[i] = []string{l.Method, strconv.Itoa(l.Cells), strconv.Itoa(l.Totals), strconv.Itoa(l.Classes), decimal(l.Width, 2), strconv.FormatBool(l.Possible)}
	}
	return printRows(w, []string{"method", "cells hidden", "totals hidden", "classes merged", "width", "possible"}, lines,
		"cells hidden", "totals hidden", "classes merged", "width")
}

// summary says in a few lines how the table is protected; to whom may know,
// also how many numbers are not sensitive themselves.
func (r *auditReport) summary(w io.Writer, name string, all bool) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s, %s: %d numbers hidden", name, r.Method, strings.ReplaceAll(r.Status, "_", " "), len(r.Hidden))
	if r.Gap != nil {
		if all {
			fmt.Fprintf(&b, ", %d of them only to protect the others", r.only)
		}
		if *r.Best {
			b.WriteString(" (no pattern hides fewer patients)")
		} else {
			fmt.Fprintf(&b, " (up to %.2g%% of the patients in them more than need be)", 100**r.Gap)
		}
	}
	if r.Verdict != "" {
		fmt.Fprintf(&b, "; protection of small counts from %d to %d: %s", r.Lower, r.Upper, r.Verdict)
	}
	b.WriteByte('\n')
	if len(r.Exposed) > 0 {
		fmt.Fprintf(&b, "exposed: %s\n", shortened(strings.Join(r.Exposed, ", ")))
	}
	for _, a := range r.Advice {
		fmt.Fprintf(&b, "advice: %s\n", a)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
