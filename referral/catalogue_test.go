// SPDX-License-Identifier: Apache-2.0

package referral_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/referral"
)

// published reads a value of the catalogue.
func published(t *testing.T, key string, into any) {
	t.Helper()
	b, err := os.ReadFile(catalogueFolder + "/expected.json")
	require.NoError(t, err)
	var doc struct {
		Metrics map[string]struct{ Value json.RawMessage }
	}
	require.NoError(t, json.Unmarshal(b, &doc))
	m, ok := doc.Metrics[key]
	require.True(t, ok, key)
	require.NoError(t, json.Unmarshal(m.Value, into), key)
}

func catalogueLog(t *testing.T) *referral.Log {
	t.Helper()
	l, q := readLog(t, catalogueEvents(t), referral.LogConfig{KeepPatients: true})
	assert.EqualValues(t, 21, q.Patients)
	assert.EqualValues(t, 3, q.Untreated)
	assert.EqualValues(t, 1, q.DiedUntreated, "P16")
	assert.EqualValues(t, 1, q.NoOrigin, "P21")
	assert.Equal(t, []referral.Finding{
		{Fault: referral.FaultNoDate, Count: 1, Lines: []int64{70}},
		{Fault: referral.FaultNoFirst, Count: 1, Lines: []int64{83}},
	}, q.Findings)
	return l
}

func TestCatalogueRoutes(t *testing.T) {
	var want map[string]string
	published(t, "E01.routes", &want)
	got := map[string]string{}
	for p := range catalogueLog(t).Pathways() {
		got[p.Patient()] = strings.Join(p.Route(), ">")
	}
	assert.Equal(t, want, got)
}

func TestCatalogueTransitions(t *testing.T) {
	var want map[string]float64
	published(t, "E02.transition_counts", &want)
	table, err := catalogueLog(t).Transitions(t.Context(), referral.LinkRule{DropSelf: true})
	require.NoError(t, err)
	assert.Equal(t, want, flowsOf(table))
	assert.Equal(t, referral.Transitions, table.Meta().Unit)

	var share float64
	published(t, "E02.between_network_transition_share", &share)
	between, err := catalogueLog(t).Transitions(t.Context(), referral.LinkRule{DropSelf: true, Partition: cataloguePartition(t)})
	require.NoError(t, err)
	assert.InDelta(t, share, total(between)/total(table), 1e-6)
}

func TestCatalogueFlows(t *testing.T) {
	l, p := catalogueLog(t), cataloguePartition(t)
	for name, rule := range map[string]referral.DestinationRule{"first": referral.FirstTreatment, "last": referral.LastTreatment} {
		t.Run(name, func(t *testing.T) {
			var want map[string]map[string]float64
			published(t, "E03.od_"+name, &want)
			table, err := l.Table(referral.Rule{Destination: rule, Partition: p})
			require.NoError(t, err)
			supra, total := 0.0, 0.0
			for o, row := range want {
				for d, n := range row {
					assert.Equal(t, referral.Count(n), table.Cell(o, d), "%s to %s", o, d)
					total += n
					if o != d {
						supra += n
					}
				}
			}
			var share float64
			published(t, "E03.supra_share_"+name, &share)
			assert.InDelta(t, share, supra/total, 1e-6)
			checkExcluded(t, table)
		})
	}
}

func TestCatalogueAnyOutside(t *testing.T) {
	table, err := catalogueLog(t).Table(referral.Rule{Partition: cataloguePartition(t)})
	require.NoError(t, err)
	checkExcluded(t, table)
	// By hand: P05 and P10 are treated outside after a treatment at home, P07 and
	// P14 at home after one outside.
	assert.Equal(t, map[string]float64{
		"A>A": 2, "A>B": 2, "A>E": 1, "A>untreated": 1, // P01 P18; P03 P04; P19; P12
		"B>B": 6, "B>untreated": 1, // P02 P05 P06 P11 P13 P17; P20
		"C>C": 1, "C>B": 1, "C>E": 1, // P08; P14; P07
		"D>D": 1, "D>B": 1, "D>E": 1, "D>untreated": 1, // P15; P10; P09; P16
		"origin_unknown>E": 1, // P21
	}, flowsOf(table))
	m := table.Meta()
	assert.Equal(t, referral.Patients, m.Unit)
	assert.Equal(t, referral.FirstVisit, m.OriginRule)
	assert.Equal(t, referral.AnyOutside, m.DestinationRule)
	assert.Equal(t, referral.LevelNetwork, m.Level)
	assert.Equal(t, "regional", m.Partition)
}

func total(table *referral.Table) float64 {
	n := 0.0
	for _, c := range flowsOf(table) {
		n += c
	}
	return n
}

func checkExcluded(t *testing.T, table *referral.Table) {
	t.Helper()
	var want struct {
		Untreated     float64 `json:"untreated"`
		OriginUnknown float64 `json:"origin_unknown"`
	}
	published(t, "E03.excluded", &want)
	assert.Equal(t, want.Untreated, table.DestinationTotal(referral.Untreated).Lo)
	assert.Equal(t, want.OriginUnknown, table.OriginTotal(referral.OriginUnknown).Lo)
	assert.Contains(t, table.Origins(), "E", "nobody came from it, but it is in the partition")
}

func TestCatalogueVolumes(t *testing.T) {
	var want map[string]int64
	published(t, "D05.events_treatments", &want)
	l := catalogueLog(t)
	tally, err := l.Count(t.Context(), referral.CountRule{By: []referral.Dimension{referral.ByHospital, referral.ByTreatmentYear, referral.ByKind}})
	require.NoError(t, err)
	got := map[string]int64{}
	for values, n := range tally.All() {
		got[strings.Join(values, "|")] = n
	}
	assert.Equal(t, want, got)

	tally, err = l.Count(t.Context(), referral.CountRule{By: []referral.Dimension{referral.ByHospital, referral.ByTreatmentYear}, Patients: true})
	require.NoError(t, err)
	patients := map[string]int64{}
	for values, n := range tally.All() {
		patients[strings.Join(values, "|")] = n
	}
	assert.EqualValues(t, 1, patients["H7|2020"]-1, "P07 once, although treated there twice, and P09")
	assert.EqualValues(t, 2, patients["H4|2020"], "P05 and P06")
}
