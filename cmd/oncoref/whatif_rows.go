// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/coverage"
	"github.com/oncoref/oncoref/referral/siting"
)

func (f *whatIfFlags) effectRows(e siting.Effect, why *reasons) []row {
	var rows []row
	add := func(measure, scope string, r referral.Result, unit string) {
		rows = append(rows, row{measure, referral.Scoped{Scope: scope, Result: r}, unit, nil})
	}
	km := f.unit()
	add("patients_moved", "", e.Moved, unitPatients)
	add("extra_travel", "", e.Extra, "patients * "+km)
	add("extra_travel_per_moved", "", e.PerMoved, km+"/patient")
	add("extra_travel_per_patient", "", e.PerPatient, km+"/patient")
	add("extra_travel_worst_tenth", "", e.WorstTenth, km+"/patient")
	add("mean_distance_before", "", e.MeanBefore, km+"/patient")
	add("mean_distance_after", "", e.MeanAfter, km+"/patient")
	if e.Groups != "" {
		add("supra_regional_before", "", e.SupraBefore, unitShare)
		add("supra_regional_after", "", e.SupraAfter, unitShare)
	}
	add("herfindahl_before", "", e.HerfindahlBefore, unitIndex)
	add("herfindahl_after", "", e.HerfindahlAfter, unitIndex)
	for _, x := range []struct {
		name  string
		table *referral.Table
		under coverage.Under
	}{{"before", e.Before, e.UnderBefore}, {"after", e.After, e.UnderAfter}} {
		if x.table == nil {
			continue
		}
		volumes := coverage.PeriodVolumes(x.table)
		for _, v := range volumes {
			if v.Patients.Hi > 0 {
				add("volume_"+x.name, v.Hospital, bounds(v.Patients, referral.ReasonUnknownCells), unitPatients)
			}
		}
		if f.norm > 0 {
			for _, v := range yearly(volumes, e.Years) {
				if v.Patients.Hi > 0 {
					add("annual_volume_"+x.name, v.Hospital, bounds(v.Patients, referral.ReasonUnknownCells), unitYearly)
				}
			}
			u := x.under
			scope := fmt.Sprint(f.norm)
			add("hospitals_under_norm_"+x.name, scope, u.Hospitals, unitHospitals)
			add("share_patients_under_norm_"+x.name, scope, u.SharePatients, unitShare)
			why.Notes = append(why.Notes, fmt.Sprintf("under %s a year %s: certain %s; possible %s", scope, x.name, orNone(u.Certain), orNone(u.Possible)))
		}
	}
	return rows
}

// networks gives the networks of the hospitals of a table; nil if one of them is
// in none.
func (f *whatIfFlags) networks(c *cobra.Command, s *network.Snapshot, t *referral.Table) (*network.Partition, error) {
	if f.by == referral.LevelHospital {
		return nil, usagef("by %q: expected network, province or a partition", f.by)
	}
	p, err := f.disjoint(s)
	if err != nil {
		return nil, err
	}
	_, err = t.Aggregate(p)
	if errors.Is(err, referral.ErrNoClass) {
		remark(c, "no supra-regional share: %v; --rest gives hospitals in no network a class", err)
		return nil, nil
	}
	return p, err
}
