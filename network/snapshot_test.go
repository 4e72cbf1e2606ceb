// SPDX-License-Identifier: Apache-2.0

package network

import (
	"math"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMembersOnDate(t *testing.T) {
	l := landscape(t)
	for _, c := range []struct {
		network, date string
		want          []string
	}{
		{"EMBRAZE", "2016-06-12", []string{}},
		{"EMBRAZE", "2016-06-13", []string{"ERASMUSMC", "JBZ"}},
		{"Onco-Oost", "2022-11-24", []string{"JBZ", "SLINGELAND"}},
		{"Onconovo+", "2023-11-07", []string{"AUMC", "AVL", "TERGOOI"}},
		{"HN:Onconovo+", "2018-06-06", []string{}},
		{"HN:Onconovo+", "2018-06-07", []string{"AUMC"}},
		{"nothing", "2021-12-31", []string{}},
	} {
		assert.Equal(t, c.want, keys(l.On(on(t, c.date)).Members(c.network), hospitalKey), "%s on %s", c.network, c.date)
	}
}

func TestNetworksOf(t *testing.T) {
	s := landscape(t).On(in2024)
	assert.Equal(t, []string{"CONCORD", "EMBRAZE"}, s.NetworksOf("ERASMUSMC", ""))
	assert.Equal(t, []string{"CONCORD", "EMBRAZE"}, s.NetworksOf("ERASMUSMC", "regional"))
	assert.Equal(t, []string{"HN:Onconovo+"}, s.NetworksOf("AUMC", "head-neck"))
	assert.Empty(t, s.NetworksOf("AUMC", "nothing"))
	assert.Empty(t, s.NetworksOf("OOGZH", ""))
	assert.Empty(t, s.NetworksOf("AMC", ""), "does not exist any more")

	ms := s.MembershipsOf("TERGOOI", "")
	require.Len(t, ms, 2)
	assert.Equal(t, "conflict", ms[0].Confidence, "a conflict stays visible")
	assert.True(t, ms[0].Undated(), "Oncomid: start not known")
	assert.False(t, ms[1].Undated())
}

func TestNetworkByLabel(t *testing.T) {
	s := landscape(t).On(asOf2021)
	for _, c := range []struct{ partition, label, want string }{
		{"", "Onconovo+", "Onconovo+"},
		{"", "OncoNoVo+", "Onconovo+"},
		{"regional", "NW NL", "Onconovo+"},
		{"head-neck", "NW-NL", "HN:Onconovo+"},
		{"head-neck", "Onconovo+", "HN:Onconovo+"},
		{"", "NW_NL", ""},
		{"", "onconovo+", ""},
		{"", " Onconovo+", ""},
		{"nothing", "Onconovo+", ""},
		{"", "", ""},
	} {
		n, ok := s.Network(c.partition, c.label)
		assert.Equal(t, c.want != "", ok, c.label)
		assert.Equal(t, c.want, n.ID, c.label)
	}
	assert.Equal(t, []string{"HN:Onconovo+"}, keys(s.Networks("head-neck"), networkKey))
	assert.Equal(t, []string{"head-neck", "regional"}, s.Landscape().Partitions())
}

func TestNetworkCopies(t *testing.T) {
	s := landscape(t).On(asOf2021)
	n, _ := s.Network("", "Onconovo+")
	n.Aliases[0] = "mine"
	s.Networks("")[0].Name = "mine"
	s.Landscape().Outline()[0][0] = Point{}
	s.Landscape().Domains()[1].WorkingGroups[0] = "mine"
	again, _ := s.Network("", "Onconovo+")
	assert.Equal(t, []string{"NW-NL", "NW NL"}, again.Aliases)
	assert.Equal(t, "CONCORD", s.Networks("")[0].Name)
	assert.Equal(t, Point{53.5, 4.7}, s.Landscape().Outline()[0][0])
	assert.NotEqual(t, "mine", s.Landscape().Domains()[1].WorkingGroups[0])
}

func TestSnapshotMiddle(t *testing.T) {
	l := read(t, map[string]string{
		"hospitals.csv":  "hospital,lat,lon\nA,0,10\nB,0,20\nC,,\n",
		"networks.csv":   "network,lat,lon\nmean,,\ngiven,52,5\nplaceless,,\nempty,,\n",
		"membership.csv": "hospital,network,from\nA,mean,\nB,mean,2020-01-01\nC,mean,\nA,given,\nC,placeless,\n",
	})
	before, after := l.On(on(t, "2019-12-31")), l.On(on(t, "2020-01-01"))
	for _, c := range []struct {
		s       *Snapshot
		network string
		want    Point
		ok      bool
	}{
		{before, "mean", Point{0, 10}, true},
		{after, "mean", Point{0, 15}, true},
		{after, "given", Point{52, 5}, true},
		{after, "placeless", NoPoint(), false},
		{after, "empty", NoPoint(), false},
		{after, "unknown", NoPoint(), false},
	} {
		p, ok := c.s.Middle(c.network)
		require.Equal(t, c.ok, ok, c.network)
		require.Equal(t, c.ok, p.Known(), c.network)
		if ok {
			assert.InDelta(t, c.want.Lat, p.Lat, sameDegrees, c.network)
			assert.InDelta(t, c.want.Lon, p.Lon, sameDegrees, c.network)
		}
	}
}

func TestDesignationsOnDate(t *testing.T) {
	l := landscape(t)
	of := func(date string, q DesignationQuery) []string {
		return keys(l.On(on(t, date)).Designations(q), func(d Designation) string { return d.Body + " " + d.Disease + " " + d.Hospital })
	}
	assert.Equal(t, []string{"NWHHT head and neck AUMC", "NWHHT head and neck JBZ", "NWHHT head and neck LUMC"},
		of("2021-12-31", DesignationQuery{Body: "NWHHT"}), "the last day counts")
	assert.Equal(t, []string{"NWHHT head and neck AUMC", "NWHHT head and neck LUMC"}, of("2022-01-01", DesignationQuery{Disease: "head and neck"}))
	assert.Equal(t, []string{"NWHHT head and neck JBZ"}, of("2020-01-01", DesignationQuery{Role: RolePreferredPartner}))
	assert.Equal(t, []string{"VWS uveal melanoma ERASMUSMC"}, of("2020-01-01", DesignationQuery{Disease: "uveal melanoma", Level: LevelDisorder}))
	assert.Equal(t, []string{"VWS bone sarcoma AMC"}, of("2016-01-01", DesignationQuery{Level: LevelDisorder, Hospital: "AMC"}))
	assert.Empty(t, of("2021-12-31", DesignationQuery{Hospital: "AMC"}), "does not pass to the successor")
	assert.Empty(t, of("2021-12-31", DesignationQuery{Hospital: "AMC", Body: "other"}))

	lumc := l.On(on(t, "1990-01-01")).Designations(DesignationQuery{Disease: "uveal melanoma"})
	require.Len(t, lumc, 1)
	assert.True(t, lumc[0].Undated(), "in force for want of a date, and it says so")
	assert.Equal(t, LevelUnknown, lumc[0].Level)
	assert.Equal(t, RoleUnknown, lumc[0].Role)
	jbz := l.On(asOf2021).Designations(DesignationQuery{Hospital: "JBZ"})
	assert.Equal(t, "LUMC", jbz[0].Of)
	assert.False(t, jbz[0].Undated())
}

func TestNormsOnDate(t *testing.T) {
	l := landscape(t)
	ns := l.On(on(t, "2016-12-31")).Norms(NormQuery{Body: "SONCOS"})
	require.Len(t, ns, 3)
	assert.Equal(t, []string{"cystectomy", "eye tumor", "penile cancer"}, keys(ns, func(n Norm) string { return n.Disease }))
	assert.False(t, ns[1].Published(), "known to exist, number not published")
	assert.True(t, math.IsNaN(ns[1].Lower) && math.IsNaN(ns[1].Upper))
	assert.True(t, ns[1].Undated())
	assert.True(t, ns[2].Published())
	assert.Equal(t, 10.0, ns[2].Lower)
	assert.True(t, math.IsNaN(ns[2].Upper), "no upper bound is not 0")

	assert.Len(t, l.On(on(t, "2017-01-01")).Norms(NormQuery{Body: "SONCOS"}), 2)
	assert.Len(t, l.On(on(t, "2016-01-01")).Norms(NormQuery{Modality: "surgery"}), 1)
	assert.Empty(t, l.On(on(t, "2021-12-31")).Norms(NormQuery{Body: "IZA"}))
	assert.Len(t, l.On(on(t, "2022-01-01")).Norms(NormQuery{Disease: "generic"}), 1)
	assert.Len(t, l.Norms(), 4, "asking a snapshot leaves the landscape alone")
}

func TestOnZero(t *testing.T) {
	l := landscape(t)
	assert.Equal(t, NewDate(2023, time.November, 7), l.Last())
	s := l.On(0)
	assert.Equal(t, l.Last(), s.Date(), "the newest situation")
	assert.Equal(t, []string{"AUMC", "AVL", "TERGOOI"}, keys(s.Members("Onconovo+"), hospitalKey))
}

func TestRegions(t *testing.T) {
	l := landscape(t)
	assert.Equal(t, []string{"GE", "NH", "XX"}, keys(l.Regions(), func(r Region) string { return r.ID }))
	r, ok := l.Region("NH")
	require.True(t, ok)
	assert.Equal(t, "Onconovo+", r.Network)
	assert.Equal(t, 2888486.0, r.Population)
	assert.True(t, math.IsNaN(r.Cases), "not given is not 0")
	r, _ = l.Region("XX")
	assert.True(t, math.IsNaN(r.Population))
	assert.False(t, r.Point.Known())
	_, ok = l.Region("AUMC")
	assert.False(t, ok)
}

func TestDistance(t *testing.T) {
	l := landscape(t)
	d, err := l.Distance("NH", "AUMC")
	require.NoError(t, err)
	assert.Equal(t, MethodSupplied, d.Method)
	assert.Equal(t, []float64{12.5, 19}, []float64{d.Km, d.Minutes})
	assert.Equal(t, "supplied", d.Method.String())

	d, err = l.Distance("NH", "LUMC")
	require.NoError(t, err)
	assert.Equal(t, MethodSupplied, d.Method)
	assert.True(t, math.IsNaN(d.Km), "a supplied row is not filled up with another method")
	assert.Equal(t, 35.0, d.Minutes)

	d, err = l.Distance("LUMC", "AUMC")
	require.NoError(t, err)
	assert.Equal(t, MethodGreatCircle, d.Method, "the table gives the other direction only")
	assert.Equal(t, "great circle", d.Method.String())
	assert.InDelta(t, vectorDistance(Point{52.16771, 4.47747}, Point{52.29413, 4.95808}), d.Km, millimeter)
	assert.True(t, math.IsNaN(d.Minutes))

	d, err = l.Distance("XX", "XX")
	require.NoError(t, err, "a place is where it is, known or not")
	assert.Zero(t, d.Km)
	_, err = l.Distance("XX", "AUMC")
	require.ErrorIs(t, err, ErrNoDistance)
	_, err = l.Distance("AUMC", "nowhere")
	require.ErrorIs(t, err, ErrUnknownPlace)
	_, err = l.Distance("nowhere", "AUMC")
	require.ErrorIs(t, err, ErrUnknownPlace)
}

func TestOutline(t *testing.T) {
	rings := landscape(t).Outline()
	require.Len(t, rings, 2)
	assert.Equal(t, []Point{{53.5, 4.7}, {53.4, 7.2}, {50.8, 6.0}, {51.4, 3.4}}, rings[0], "the repeated first point is dropped")
	assert.Len(t, rings[1], 3)
}

func TestWords(t *testing.T) {
	assert.Equal(t, []string{"unknown", "academic", "top-clinical", "general", "categorical", "radiotherapy", "proton", "other", "unknown"},
		[]string{TypeUnknown.String(), TypeAcademic.String(), TypeTopClinical.String(), TypeGeneral.String(), TypeCategorical.String(),
			TypeRadiotherapy.String(), TypeProton.String(), TypeOther.String(), HospitalType(200).String()})
	assert.Equal(t, []string{"unknown", "network", "region"}, []string{KindUnknown.String(), KindNetwork.String(), KindRegion.String()})
	assert.Equal(t, []string{"unknown", "cluster", "disorder", "subtype"},
		[]string{LevelUnknown.String(), LevelCluster.String(), LevelDisorder.String(), LevelSubtype.String()})
	assert.Equal(t, []string{"unknown", "center", "preferred partner", "panel"},
		[]string{RoleUnknown.String(), RoleCenter.String(), RolePreferredPartner.String(), RolePanel.String()})
	assert.Equal(t, []string{"unknown", "merger", "takeover", "closure", "split", "renaming"},
		[]string{SuccessionUnknown.String(), SuccessionMerger.String(), SuccessionTakeover.String(), SuccessionClosure.String(),
			SuccessionSplit.String(), SuccessionRenaming.String()})
}

// TestConcurrent lets many readers ask one landscape; it is for the race detector.
func TestConcurrent(t *testing.T) {
	l := landscape(t)
	s := l.On(asOf2021)
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			_, _ = s.Partition(PartitionConfig{Rule: Split})
			s.Resolve("AMC")
			s.Designations(DesignationQuery{})
			s.Norms(NormQuery{})
			l.On(in2024).Middle("EMBRAZE")
			_, _ = l.Distance("NH", "AUMC")
		})
	}
	wg.Wait()
}
