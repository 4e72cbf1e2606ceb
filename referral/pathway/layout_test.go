// SPDX-License-Identifier: Apache-2.0

package pathway_test

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/pathway"
)

// TestLayoutsAgree writes the same care in both layouts.
func TestLayoutsAgree(t *testing.T) {
	groups, err := network.NewPartition("groups", map[string]string{"H1": "A", "H2": "A", "H3": "B"})
	require.NoError(t, err)
	rapid.Check(t, func(t *rapid.T) {
		hospital := rapid.SampledFrom([]string{"H1", "H2", "H3"})
		var events, treatments []referral.Event
		for i := range rapid.IntRange(1, 6).Draw(t, "patients") {
			p := referral.Event{Patient: fmt.Sprint("P", i), Seq: 1, Kind: referral.KindFirstVisit, Hospital: hospital.Draw(t, "first")}
			events = append(events, p)
			n := rapid.IntRange(0, 4).Draw(t, "treatments")
			if n == 0 {
				treatments = append(treatments, referral.Event{Patient: p.Patient, FirstVisit: p.Hospital})
			}
			for k := range n {
				e := referral.Event{Patient: p.Patient, Seq: int32(k + 2), Date: network.NewDate(2020, 1, 1+k), Hospital: hospital.Draw(t, "hospital")}
				e.Kind = rapid.SampledFrom([]string{"surgery", "systemic"}).Draw(t, "kind")
				events = append(events, e)
				e.FirstVisit = p.Hospital
				treatments = append(treatments, e)
			}
		}
		measure := func(l *referral.Log) []any {
			roles, err := pathway.CountBrokerage(l, groups)
			require.NoError(t, err)
			o, err := pathway.OrderTest(bg(), l, pathway.OrderConfig{Replicates: 5})
			require.NoError(t, err)
			text, err := json.Marshal(o) // NaN is not equal to itself
			require.NoError(t, err)
			visits, err := json.Marshal(pathway.CountVisits(l))
			require.NoError(t, err)
			returns, err := json.Marshal(pathway.CountReturns(l))
			require.NoError(t, err)
			return []any{
				string(visits), string(returns), pathway.CountSharing(l), roles, string(text),
				pathway.Variants(l, pathway.ByRoute, nil), pathway.Variants(l, pathway.ByTreatment, nil),
				pathway.Variants(l, pathway.ByGroup, map[string]string{"H1": "A", "H2": "A"}),
			}
		}
		a := measure(readLog(t, referral.LayoutEvents, events))
		b := measure(readLog(t, referral.LayoutTreatments, treatments))
		assert.Equal(t, a, b)
	})
}

// nobody is a log of a patient who was discussed and never seen.
func nobody(t require.TestingT) *referral.Log {
	return readLog(t, referral.LayoutEvents, []referral.Event{{
		Patient: "P", Seq: 1, Layer: referral.LayerMDT, Kind: "mdt", Hospital: "H1", ToHospital: "H2",
	}})
}

func on(month time.Month, day int) network.Date { return network.NewDate(2020, month, day) }

// TestHardPatients has one patient for each thing that goes wrong.
func TestHardPatients(t *testing.T) {
	one := func(events ...referral.Event) *referral.Log {
		for i := range events {
			events[i].Patient, events[i].Seq = "P", int32(i+1)
		}
		return readLog(t, referral.LayoutEvents, events)
	}
	first := referral.Event{Kind: "first_visit", Hospital: "H1", Date: on(3, 1)}
	status := func(kind string, d network.Date) referral.Event {
		return referral.Event{Layer: referral.LayerStatus, Kind: kind, Date: d}
	}
	surgery := referral.Event{Kind: "surgery", Hospital: "H2", Date: on(3, 11)}
	waits := func(events ...referral.Event) pathway.Waiting { return pathway.CountWaits(one(events...)) }

	assert.Equal(t, []pathway.Wait{{Days: 5, Outcome: pathway.Died}}, waits(first, status("death", on(3, 6)), surgery).Waits, "death before treatment")
	assert.Equal(t, []pathway.Wait{{Days: 10, Outcome: pathway.Treated}}, waits(first, surgery, status("death", on(3, 20))).Waits)
	assert.Equal(t, 1, waits(first, status("death", 0)).Undated, "death without a date")
	late := referral.Event{Kind: "followup", Hospital: "H1", Date: on(4, 1)}
	assert.Equal(t, []pathway.Wait{{Days: 31}}, waits(first, late, status("end", 0)).Waits, "an end without a date tells nothing")
	assert.Equal(t, []pathway.Wait{{Days: 4}}, waits(first, status("end", on(3, 5)), late).Waits)
	assert.Equal(t, 1, waits(referral.Event{Kind: "first_visit", Hospital: "H1"}, surgery).NoFirst)
	assert.Equal(t, 1, waits(surgery).NoFirst)
	early := surgery
	early.Date = on(2, 1)
	assert.Equal(t, 1, waits(first, early).Earlier)

	// Going to a hospital that is not known and back is no return.
	lost := referral.Event{Kind: "consult", Date: on(3, 3)}
	r := pathway.CountReturns(one(first, lost, referral.Event{Kind: "surgery", Hospital: "H1", Date: on(3, 9)}))
	assert.Equal(t, 0, r.Movers)
	assert.Equal(t, referral.Undefined, r.Back.Status)

	// Two tumors with a first visit each to one hospital: the earliest counts.
	a, b := first, first
	a.Tumor, b.Tumor, b.Date = "lung", "skin", on(5, 1)
	x, y := surgery, surgery
	x.Tumor, y.Tumor, y.Date = "lung", "skin", on(5, 11)
	assert.Equal(t, []pathway.Wait{{Days: 10, Outcome: pathway.Treated}}, waits(a, x, b, y).Waits)
	b.Hospital = "H3" // in different hospitals: neither is the first of the patient
	assert.Equal(t, 1, waits(a, x, b, y).NoFirst)

	empty := nobody(t)
	assert.Zero(t, pathway.CountVisits(empty).Patients)
	assert.True(t, math.IsNaN(pathway.CountDays(empty, pathway.ToTreatment).Median))
	assert.Empty(t, pathway.Variants(empty, pathway.ByRoute, nil))
	_, err := pathway.LayerTable(bg(), empty, referral.LayerStatus)
	require.ErrorContains(t, err, "no flows")
	_, err = pathway.LayerTable(bg(), empty, referral.Layer(9))
	require.ErrorContains(t, err, "pathology or mdt")
	groups, err := network.NewPartition("groups", map[string]string{"H1": "A"})
	require.NoError(t, err)
	_, err = pathway.CountBrokerage(one(first, surgery), groups)
	var unknown *referral.ClassError
	require.ErrorAs(t, err, &unknown)
	assert.Equal(t, []string{"H2"}, unknown.Labels)
}

// TestJSON writes the results of no patients, of which most numbers are unknown.
func TestJSON(t *testing.T) {
	empty := nobody(t)
	order, err := pathway.OrderTest(bg(), empty, pathway.OrderConfig{})
	require.NoError(t, err)
	curve, err := pathway.KaplanMeier([]pathway.Wait{{Days: 1, Outcome: pathway.Treated}}, 0.95)
	require.NoError(t, err)
	incidence, err := pathway.AalenJohansen([]pathway.Wait{{Days: 1, Outcome: pathway.Died}})
	require.NoError(t, err)
	tissue := pathway.Tissue{Route: []string{"H1", "H2"}, Legs: 1, Km: math.NaN(), Direct: math.NaN()}
	for _, x := range []any{
		pathway.CountVisits(empty), pathway.CountDays(empty, pathway.ToArrival), pathway.CountWaits(empty), pathway.CountReturns(empty),
		pathway.CountShipments(empty), pathway.CountContinuity(empty), pathway.TissueInTime(empty), order, curve, incidence, tissue,
		pathway.Brokerage{Hospital: "H1", Role: pathway.Gatekeeper, Count: 2},
	} {
		text, err := json.Marshal(x)
		require.NoError(t, err, "%T", x)
		var back map[string]any
		require.NoError(t, json.Unmarshal(text, &back), "%T", x)
	}
	text, err := json.Marshal(curve.Steps[0])
	require.NoError(t, err)
	assert.JSONEq(t, `{"day":1,"at_risk":1,"treated":1,"survival":0,"se":null,"lower":0,"upper":0}`, string(text))
	text, err = json.Marshal(pathway.Wait{Days: 3, Outcome: pathway.Died})
	require.NoError(t, err)
	assert.JSONEq(t, `{"days":3,"outcome":"died"}`, string(text))
}
