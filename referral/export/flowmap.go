// SPDX-License-Identifier: Apache-2.0

package export

import (
	"encoding/csv"
	"io"
	"math"
	"strconv"

	"github.com/oncoref/oncoref/internal/delimited"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// Flowmap is a flow table as flowmap.gl and Flowmap Blue read it: locations
// with coordinates, and flows with a count between them.
type Flowmap struct {
	Locations []Location
	Flows     []Located // retained patients are flows from a location to itself
	// Unplaced are the flows that are not among Flows, because an end of them
	// is no place, is one of several, or has no coordinates.
	Unplaced []referral.Flow

	rule      string
	synthetic bool
}

// Location is a class of the table that has coordinates.
type Location struct {
	ID, Name string
	At       network.Point
}

// Located is a flow between two locations. Count is exact, or chosen from what
// is known by the rule of weights.
type Located struct {
	Origin, Destination string
	Count               float64
	Cell                referral.Cell
}

// NewFlowmap lays a table out for flowmap.gl. Its counts cannot be left out:
// under the rule Known a flow whose count is not known is an error. Classes
// without coordinates are left out, and the flows from and to them listed in
// Unplaced.
//
// It returns a *referral.CellError for a flow that does not fit the rule of
// weights.
func NewFlowmap(t *referral.Table, c Config) (*Flowmap, error) {
	m := &Flowmap{synthetic: t.Meta().Synthetic}
	if int(c.Weights) < len(rule) {
		m.rule = rule[c.Weights]
	}
	at := map[string]bool{}
	for _, label := range t.Classes() {
		if p := find(t, c.Within, label); p.at.Known() {
			m.Locations = append(m.Locations, Location{ID: label, Name: p.name, At: p.at})
			at[label] = true
		}
	}
	index := map[[2]string]int{}
	for f := range t.Flows() {
		if c.Weights == Known && !f.Cell.Known() {
			return nil, &referral.CellError{Origin: f.Origin, Destination: f.Destination, Cell: f.Cell, Want: "a count, or the weights lower, upper or presence"}
		}
		w, err := c.Weights.weight(f)
		if err != nil {
			return nil, err
		}
		if w == 0 {
			continue
		}
		to := f.Destination
		if f.Retained() {
			to = f.Origin
		}
		if !at[f.Origin] || !at[to] {
			m.Unplaced = append(m.Unplaced, f)
			continue
		}
		pair := [2]string{f.Origin, to}
		if k, twice := index[pair]; twice {
			m.Flows[k].Count += w
			m.Flows[k].Cell = m.Flows[k].Cell.Add(f.Cell)
			continue
		}
		index[pair] = len(m.Flows)
		m.Flows = append(m.Flows, Located{Origin: f.Origin, Destination: to, Count: w, Cell: f.Cell})
	}
	return m, nil
}

// WriteLocations writes the sheet of locations: id,name,lat,lon.
func (m *Flowmap) WriteLocations(w io.Writer) error {
	rows := [][]string{m.marked([]string{"id", "name", colLat, colLon}, true)}
	for _, l := range m.Locations {
		row := []string{delimited.Guard(l.ID), delimited.Guard(l.Name), decimal(l.At.Lat), decimal(l.At.Lon)}
		rows = append(rows, m.marked(row, false))
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// WriteFlows writes the sheet of flows: origin,dest,count, and behind them what
// flowmap.gl passes over: lower, upper and state, the rule by which counts were
// chosen, and the mark of synthetic data.
func (m *Flowmap) WriteFlows(w io.Writer) error {
	head := []string{"origin", "dest", "count", "lower", "upper", "state"}
	if m.rule != "" {
		head = append(head, "count_rule")
	}
	rows := [][]string{m.marked(head, true)}
	for _, f := range m.Flows {
		upper := ""
		if !math.IsInf(f.Cell.Hi, 1) {
			upper = decimal(f.Cell.Hi)
		}
		row := []string{delimited.Guard(f.Origin), delimited.Guard(f.Destination), decimal(f.Count), decimal(f.Cell.Lo), upper, f.Cell.State.String()}
		if m.rule != "" {
			row = append(row, m.rule)
		}
		rows = append(rows, m.marked(row, false))
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// marked adds the mark of synthetic data to a row.
func (m *Flowmap) marked(row []string, head bool) []string {
	switch {
	case !m.synthetic:
		return row
	case head:
		return append(row, "synthetic")
	}
	return append(row, yes)
}

func decimal(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
