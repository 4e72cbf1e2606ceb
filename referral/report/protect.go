// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/oncoref/oncoref/internal/small"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/disclosure"
)

// protected is what of the input may be known.
type protected struct {
	t      *referral.Table
	log    *referral.Log // of the patients whose flows are shown; nil without events
	hidden int           // flows of 1 to 4 patients that are shown as such
	shown  int           // the same, with their counts
	lost   int           // published totals that were left out
	cut    bool          // log has not all patients of the input
}

// countFlows makes the flow table and lets through what may be known of it. The
// log that everything else is measured on has only the cases of cells that are
// shown: otherwise totals would tell how many the others are.
func (b *builder) countFlows() error {
	t := b.in.Table
	if b.in.Log != nil {
		var err error
		if t, err = b.in.Log.Table(b.in.Rule); err != nil {
			return err
		}
		b.log = b.in.Log
	}
	if b.c.AllowSmall {
		b.t, b.shown = t, small.Cells(t)
	} else {
		gated, err := disclosure.Gate(t, disclosure.Config{})
		if err != nil {
			return err
		}
		b.t, b.lost = gated, totals(t)-totals(gated)
		for f := range gated.Slices() {
			if f.Cell == referral.Between(small.Lo, small.Hi) || f.Cell == referral.Between(0, small.Hi+1) {
				b.hidden++
			}
		}
	}
	if b.log == nil || b.hidden == 0 && !b.narrowed() {
		return nil
	}
	b.cut = true
	var err error
	b.log, err = b.in.Log.Select(b.in.Rule, b.counted)
	return err
}

// narrowed reports whether the rule counts some cases only.
func (b *builder) narrowed() bool {
	r := b.in.Rule
	return r.Tumor != "" || r.Modality != "" || r.Period.From != 0 || r.Period.To != 0 || len(r.Where) > 0 || len(r.WithoutTypes) > 0 || len(r.Slices) > 0
}

// counted reports whether a cell is shown with its count.
func (b *builder) counted(f referral.Flow) bool { return b.t.Cell(f.Origin, f.Destination).Known() }

func totals(t *referral.Table) int {
	x := t.Totals()
	n := len(x.Origins) + len(x.Destinations)
	if x.HasAll {
		n++
	}
	return n
}

// fingerprint is the hash of the flow table as far as it may be known.
func (b *builder) fingerprint() (string, error) {
	var text bytes.Buffer
	if err := b.t.WriteCSV(&text, referral.WriteConfig{}); err != nil {
		return "", fmt.Errorf("hash of the flow table: %w", err)
	}
	sum := sha256.Sum256(text.Bytes())
	return hex.EncodeToString(sum[:]), nil
}
