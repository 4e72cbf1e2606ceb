// SPDX-License-Identifier: Apache-2.0

package report

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/oncoref/oncoref/internal/small"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/chart"
	"github.com/oncoref/oncoref/referral/coverage"
)

// ErrInput is returned for an Input that has neither a log nor a table, or both.
var ErrInput = errors.New("report: expected a log of events or a flow table")

// ErrConfig is matched by errors about a Config that cannot be followed.
var ErrConfig = errors.New("report: bad config")

// Input is what a report is about: a log of events, or a flow table.
type Input struct {
	Log  *referral.Log // events
	Rule referral.Rule // how the flows of Log are counted
	// Table has the flows if there are no events. What takes events to know is
	// then not in the report.
	Table *referral.Table
	// Snapshot is the landscape of the flow map, and of what the networks
	// consist of. Without it the map has no geography.
	Snapshot *network.Snapshot
	// Centers are the hospitals, or the classes of the table, that are expert
	// for the disease; without any the report does not say who reaches one.
	Centers coverage.List
	// Designations are those that made the hospitals centers, for the map of the
	// landscape; the zero value shows none there.
	Designations network.DesignationQuery
	// Norm is the least number of patients a year that a hospital should have; 0
	// means that there is none. NormSource says who demands it.
	Norm       float64
	NormSource string
	Name       string // of the file, for the provenance
	// SHA256 is the hash of the bytes of the input in hexadecimal. Where counts
	// are hidden it is left out of the report, as they could be found by trying;
	// what is shown has a hash of its own there.
	SHA256 string
}

// Config says how a report is written. The zero value is an English report that
// hides counts of 1 to 4.
type Config struct {
	Title string         // empty: from the data
	Lang  chart.Language // of everything but names and texts of the data, and the definitions
	// AllowSmall shows counts of 1 to 4; the report then says that it is not for
	// publication.
	AllowSmall bool
	Level      float64 // of the intervals; 0 means 0.95
	// What stands under provenance. The library asks no clock: without Made
	// there is no date.
	Version string
	Options []string // one an entry, as given
	Made    network.Date
	// Progress is called before each step with its number, how many there are,
	// and what it is about.
	Progress func(step, steps int, about string)
}

// Report is a finished report. It is immutable and safe for concurrent use.
type Report struct {
	page page
}

// Build measures the input and draws the figures. The same input and config
// give the same report.
//
// A figure that cannot be drawn is not an error: the report says why in its
// place. Build returns ErrInput, an error matching ErrConfig, those of
// referral.Log.Table and disclosure.Gate, and that of ctx. Time is that of some
// twenty passes over the log, fewer over one of many million events, and of some
// hundred measures of the table.
func Build(ctx context.Context, in Input, c Config) (*Report, error) {
	if (in.Log == nil) == (in.Table == nil) {
		return nil, ErrInput
	}
	if c.Level == 0 {
		c.Level = 0.95
	}
	switch {
	case !(c.Level > 0 && c.Level < 1):
		return nil, fmt.Errorf("%w: level %v, expected a probability between 0 and 1", ErrConfig, c.Level)
	case !(in.Norm >= 0) || math.IsInf(in.Norm, 1):
		return nil, fmt.Errorf("%w: norm %v, expected a number of at least 0", ErrConfig, in.Norm)
	}
	b := &builder{ctx: ctx, in: in, c: c, l: tongue{c.Lang == chart.Dutch}, g: small.Gate{AllowSmall: c.AllowSmall}}
	b.nameCenters()
	steps := []struct {
		about string
		do    func() error
	}{
		{b.l.t("counting flows", "stromen tellen"), b.countFlows},
		{b.l.t("measuring flows", "stromen meten"), b.measureFlows},
		{b.l.t("measuring care", "zorg meten"), b.measureCare},
		{b.l.t("drawing", "tekenen"), b.draw},
		{b.l.t("writing", "schrijven"), b.compose},
	}
	for i, s := range steps {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if c.Progress != nil {
			c.Progress(i+1, len(steps), s.about)
		}
		if err := s.do(); err != nil {
			return nil, err
		}
	}
	return &Report{b.page}, nil
}

// WriteHTML writes the report as one HTML document in UTF-8.
func (r *Report) WriteHTML(w io.Writer) error { return r.page.write(w) }

// builder is a report in the making.
type builder struct {
	ctx context.Context
	in  Input
	c   Config
	l   tongue
	g   small.Gate

	protected
	flowMeasures
	eventMeasures
	routeMeasures
	reachMeasures
	figures []figure
	page    page
}
