// SPDX-License-Identifier: Apache-2.0

package source

import (
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/parquet-go/parquet-go"

	"github.com/oncoref/oncoref/referral"
)

// flowRow is a row of a Parquet file of flows.
type flowRow struct {
	Origin      string   `parquet:"origin"`
	Destination string   `parquet:"destination"`
	Tumor       *string  `parquet:"tumor,optional"`
	Period      *string  `parquet:"period,optional"`
	Modality    *string  `parquet:"modality,optional"`
	Count       *float64 `parquet:"count,optional"`
	Lower       float64  `parquet:"lower"`
	Upper       *float64 `parquet:"upper,optional"`
	State       string   `parquet:"state"`
	Retained    bool     `parquet:"retained"`
	Unit        string   `parquet:"unit"`
	Synthetic   bool     `parquet:"synthetic"`
}

// WriteParquet writes the cells of a table as a Parquet file, a row for each in
// the order of Table.Slices:
//
//	origin, destination     labels
//	tumor, period, modality  null where the table does not tell them apart
//	count                   null unless it is known
//	lower, upper            what is known of it; upper is null where nothing limits it
//	state                   "exact", "zero", "interval", "present", "missing", "structural zero"
//	retained                whether the destination is the origin
//	unit, synthetic         the same on each row
//
// The metadata of the file has title, unit, period, rules, landscape, source and
// notes, and in oncoref.unlisted_pairs whether pairs without a row are zero.
// Published totals are not written. Labels are as they are: nothing is disarmed
// for spreadsheets. The same table gives the same bytes.
//
// It returns the errors of w. Time and memory are linear in cells.
func WriteParquet(w io.Writer, t *referral.Table) error {
	options := []parquet.WriterOption{parquet.CreatedBy("oncoref", "", ""), parquet.Compression(&parquet.Zstd)}
	m := t.Meta()
	unlisted := "zero"
	if t.Absent().State == referral.Missing {
		unlisted = "not known"
	}
	for _, x := range [][2]string{
		{"title", m.Title}, {"unit", m.Unit.String()}, {"period", m.Period.String()}, {"tumor", m.Tumor}, {"level", m.Level},
		{"partition", m.Partition}, {"origin_rule", m.OriginRule.String()}, {"destination_rule", m.DestinationRule.String()},
		{"conditions", m.Conditions}, {"landscape", m.Landscape}, {"source", m.Source}, {"notes", strings.Join(m.Notes, " ")},
		{"synthetic", fmt.Sprint(m.Synthetic)}, {"presence_only", fmt.Sprint(t.PresenceOnly())}, {"unlisted_pairs", unlisted},
	} {
		if x[1] != "" {
			options = append(options, parquet.KeyValueMetadata("oncoref."+x[0], x[1]))
		}
	}
	out := parquet.NewGenericWriter[flowRow](w, options...)
	for f := range t.Slices() {
		row := flowRow{
			Origin: f.Origin, Destination: f.Destination, Tumor: given(f.Tumor), Period: given(f.Period.String()), Modality: given(f.Modality),
			Lower: f.Cell.Lo, State: f.Cell.State.String(), Retained: f.Retained(), Unit: m.Unit.String(), Synthetic: m.Synthetic,
		}
		if f.Cell.Known() {
			row.Count = &f.Cell.Lo
		}
		if !math.IsInf(f.Cell.Hi, 1) {
			row.Upper = &f.Cell.Hi
		}
		if _, err := out.Write([]flowRow{row}); err != nil {
			return err
		}
	}
	return out.Close()
}

// given is nil for a text that is not given.
func given(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
