// SPDX-License-Identifier: Apache-2.0

package seeds_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/seeds"
)

func snapshot(t *testing.T, year int) *network.Snapshot {
	t.Helper()
	l, err := seeds.Landscape()
	require.NoError(t, err)
	return l.On(network.NewDate(year, 12, 31))
}

func TestLandscapeOf2021(t *testing.T) {
	s := snapshot(t, 2021)
	// 72 hospitals, Het Oogziekenhuis, Prinses Maxima, 5 radiotherapy
	// institutes and HollandPTC.
	assert.Len(t, s.Hospitals(), 80)
	assert.Len(t, s.Networks(""), 10)
	assert.Len(t, s.Networks("head-neck"), 7)
	members := map[string]int{}
	for _, n := range s.Networks("") {
		members[n.ID] = len(s.Members(n.ID))
		_, ok := s.Middle(n.ID)
		assert.True(t, ok, "%s has no place on a map", n.ID)
	}
	assert.Equal(t, map[string]int{
		"Onconovo+": 13, "RO West": 7, "EMBRAZE": 9, "CONCORD": 9, "OncoZON": 10, "Oncomid": 8, "Onco-Oost": 9,
		"Oncologisch netwerk Friesland": 5, "Groningen-Drenthe": 5, "Twente-Salland": 8,
	}, members)
	for _, n := range s.Networks("head-neck") {
		assert.Empty(t, s.Members(n.ID))
		assert.True(t, n.Point.Known(), "%s has no place on a map", n.ID)
		assert.Contains(t, n.Note, "for drawing only")
	}
}

func TestDoubleMembership(t *testing.T) {
	s := snapshot(t, 2021)
	assert.Equal(t, []string{"CONCORD", "EMBRAZE"}, s.NetworksOf("ERASMUSMC", ""))
	claimed := map[string][]string{
		"JBZ": {"EMBRAZE", "Onco-Oost"}, "ZGV": {"Onco-Oost", "Oncomid"},
		"BEATRIX": {"CONCORD", "Oncomid"}, "TERGOOI": {"Oncomid", "Onconovo+"},
	}
	for id, want := range claimed {
		assert.Equal(t, want, s.NetworksOf(id, ""))
		for _, m := range s.MembershipsOf(id, "") {
			assert.Equal(t, "conflict", m.Confidence)
		}
	}
	for _, h := range s.Hospitals() {
		if n := s.NetworksOf(h.ID, ""); len(n) > 1 && h.ID != "ERASMUSMC" && h.ID != "RTG" {
			assert.Contains(t, claimed, h.ID)
		}
	}
	for _, id := range []string{"OOGZH", "PMC", "HPTC"} {
		assert.Empty(t, s.NetworksOf(id, ""))
	}
}

func TestMergersAsOf2021(t *testing.T) {
	s := snapshot(t, 2021)
	for former, want := range map[string][]string{
		"AMC": {"AUMC"}, "VUMC": {"AUMC"}, "WESTFRIES": {"DIJKLANDER"}, "WATERLAND": {"DIJKLANDER"},
		"MCIJ": {"STJANSDAL"}, "HAVEN": {"ERASMUSMC"}, "SANTIZ": {"SKB", "SLINGELAND"},
		"SKB": {"SKB"}, "LANGELAND": {"LANGELAND"}, "MCL": {"MCL"},
	} {
		assert.Equal(t, want, s.Resolve(former), former)
	}
	assert.Empty(t, s.Resolve("SLOTERVAART"))

	s = snapshot(t, 2016)
	assert.Equal(t, []string{"AMC"}, s.Resolve("AMC"))
	assert.Equal(t, []string{"AMC", "VUMC"}, s.Resolve("AUMC"))
	assert.Equal(t, []string{"SKB"}, s.Resolve("SKB"))
	s = snapshot(t, 2018)
	assert.Equal(t, []string{"SANTIZ"}, s.Resolve("SKB"))
	s = snapshot(t, 2025)
	assert.Equal(t, []string{"FRISIUS"}, s.Resolve("MCL"))
	assert.Equal(t, []string{"HAGA"}, s.Resolve("LANGELAND"))
}

// The list of sites and the province beside it agree roughly: a site lies in
// the box of the country.
func TestPlaces(t *testing.T) {
	s := snapshot(t, 2021)
	without := 0
	for _, h := range s.Hospitals() {
		if !h.Point.Known() {
			without++
			continue
		}
		assert.InDelta(t, 52.15, h.Point.Lat, 1.5, h.ID)
		assert.InDelta(t, 5.3, h.Point.Lon, 2.0, h.ID)
	}
	assert.Equal(t, 7, without)
}

func TestTypesWithoutPublicationAreEmpty(t *testing.T) {
	count := map[network.HospitalType]int{}
	for _, h := range snapshot(t, 2021).Hospitals() {
		count[h.Type]++
	}
	assert.Equal(t, map[network.HospitalType]int{
		network.TypeUnknown: 23, network.TypeAcademic: 7, network.TypeTopClinical: 5, network.TypeGeneral: 38,
		network.TypeCategorical: 1, network.TypeRadiotherapy: 5, network.TypeProton: 1,
	}, count)
}

func TestExpertise(t *testing.T) {
	s := snapshot(t, 2023)
	assert.Len(t, s.Designations(network.DesignationQuery{Body: "NWHHT", Role: network.RoleCenter}), 8)
	assert.Len(t, s.Designations(network.DesignationQuery{Body: "NWHHT", Role: network.RolePreferredPartner}), 6)
	assert.Len(t, s.Designations(network.DesignationQuery{Body: "ECZA", Disease: "head_and_neck"}), 8)
	assert.Len(t, s.Designations(network.DesignationQuery{Body: "field", Disease: "bone_sarcoma"}), 4)
	assert.Len(t, s.Designations(network.DesignationQuery{}), 48)
	norms := s.Norms(network.NormQuery{Body: "SONCOS", Disease: "penile_cancer"})
	require.Len(t, norms, 1)
	assert.Equal(t, 10.0, norms[0].Lower)
	assert.True(t, math.IsNaN(norms[0].Upper))
	eye := s.Norms(network.NormQuery{Disease: "eye_tumor"})
	require.Len(t, eye, 1)
	assert.False(t, eye[0].Published())
}

func TestDomainsTumorsRegions(t *testing.T) {
	l, err := seeds.Landscape()
	require.NoError(t, err)
	domains := l.Domains()
	assert.Len(t, domains, 11)
	outside := 0
	for _, d := range domains {
		if d.EURACAN == "" {
			outside++
		}
		assert.NotEmpty(t, d.WorkingGroups, d.ID)
	}
	assert.Equal(t, 1, outside, "breast is a domain of the report only")
	eye, ok := l.Tumor("eye_melanoma")
	require.True(t, ok)
	in, known := eye.Selects("C69.3", "8720/3")
	assert.True(t, in && known)
	in, _ = eye.Selects("C44.5", "8720/3")
	assert.False(t, in, "a melanoma of the skin")
	for _, want := range flowTables {
		_, ok := l.Tumor(want.tumor)
		assert.True(t, ok, want.tumor)
	}
	const netherlands2021 = 17_475_415 // CBS, 1 January 2021; the sum of its provinces
	sum := 0.0
	regions := l.Regions()
	for _, r := range regions {
		sum += r.Population
		assert.False(t, r.Point.Known())
	}
	assert.Len(t, regions, 12)
	assert.Equal(t, float64(netherlands2021), sum)
	assert.Len(t, l.Outline(), 9)
}
