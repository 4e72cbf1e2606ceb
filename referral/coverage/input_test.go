// SPDX-License-Identifier: Apache-2.0

package coverage_test

import (
	"math"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/coverage"
)

func read(files map[string]string) (*network.Landscape, error) {
	fsys := fstest.MapFS{
		"hospitals.csv":  {Data: []byte("hospital,name\nH0,H0\nH1,H1\n")},
		"networks.csv":   {Data: []byte("network,name,kind,partition,aliases\n")},
		"membership.csv": {Data: []byte("hospital,network,from,to\n")},
	}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return network.ReadLandscape(fsys)
}

// TestBadFiles has the errors of the files that the measures of this package
// rest on: each names file, line, column, value and what was expected.
func TestBadFiles(t *testing.T) {
	regions := "region,population,cases\nR0,10,1\n"
	for name, tt := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"norm": {
			map[string]string{"norms.csv": "body,disease,lower,upper\nb,d,20,10\n"},
			[]string{"norms.csv", "2", "upper", `"10"`, "not below lower"},
		},
		"designated hospital": {
			map[string]string{"designations.csv": "hospital,body,disease\nH9,b,d\n"},
			[]string{"designations.csv", "2", "hospital", `"H9"`, "a key of hospitals.csv"},
		},
		"population below 0": {
			map[string]string{"regions.csv": "region,population,cases\nR0,-1,1\n"},
			[]string{"regions.csv", "2", "population", `"-1"`},
		},
		"negative distance": {
			map[string]string{"regions.csv": regions, "distances.csv": "from,to,km\nR0,H0,-5\n"},
			[]string{"distances.csv", "2", "km", `"-5"`},
		},
		"negative time": {
			map[string]string{"regions.csv": regions, "distances.csv": "from,to,km,minutes\nR0,H0,5,-1\n"},
			[]string{"distances.csv", "2", "minutes", `"-1"`},
		},
		"distance to nowhere": {
			map[string]string{"regions.csv": regions, "distances.csv": "from,to,km\nR0,H9,5\n"},
			[]string{"distances.csv", "2", "to", `"H9"`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := read(tt.files)
			require.Error(t, err)
			for _, part := range tt.want {
				assert.ErrorContains(t, err, part)
			}
		})
	}
}

func TestRegionsWithoutPopulation(t *testing.T) {
	l, err := read(map[string]string{
		"regions.csv":   "region,population,cases\nR0,,1\nR1,5,2\n",
		"distances.csv": "from,to,km\nR0,H0,5\nR1,H0,50\n",
	})
	require.NoError(t, err)
	a, err := coverage.NewAccess(l, coverage.NewList("centers", "H0"), coverage.AccessConfig{})
	require.NoError(t, err)
	for _, r := range []referral.Result{a.Within(10, coverage.Population, 1).Result, a.Mean(coverage.Population), a.Gini(coverage.Population)} {
		assert.Equal(t, referral.Undefined, r.Status)
		assert.Equal(t, referral.ReasonUnknownCells, r.Reason, "unknown is not nobody")
	}
	assert.InDelta(t, 1.0/3, a.Within(10, coverage.Cases, 1).Value, 1e-12)
	losses := a.WithoutEach(10, nil)
	assert.True(t, math.IsNaN(losses[0].PopulationLost))
	assert.InDelta(t, 1, losses[0].CasesLost, 0)
	none, err := read(nil)
	require.NoError(t, err)
	_, err = coverage.NewAccess(none, coverage.NewList("centers", "H0"), coverage.AccessConfig{})
	require.ErrorContains(t, err, "no regions (regions.csv)")
}

func TestDesignationsWithoutDates(t *testing.T) {
	l, err := read(map[string]string{
		"designations.csv": "hospital,body,disease,level,from,to,source\nH0,b,d,disorder,2019-01-01,,decree\nH1,b,d,disorder,,,site\nH1,c,d,disorder,2022-01-01,,\n",
	})
	require.NoError(t, err)
	list := coverage.Designated(l.On(network.NewDate(2021, 12, 31)), "of b", network.DesignationQuery{Body: "b", Disease: "d", Level: network.LevelDisorder})
	assert.Equal(t, []string{"H0", "H1"}, list.Hospitals)
	assert.Equal(t, []string{"H1"}, list.Undated, "nothing says since when")
	assert.Equal(t, []string{"decree", "site"}, list.Sources)
	assert.Equal(t, "2021-12-31", list.On.String())
	list = coverage.Designated(l.On(network.NewDate(2021, 12, 31)), "of b", network.DesignationQuery{Body: "b", Disease: "d", Level: network.LevelSubtype})
	assert.Empty(t, list.Hospitals)
	assert.Equal(t, []string{"H0", "H1"}, list.Rolled, "designated, at another level")
	list = coverage.Designated(l.On(network.NewDate(2018, 12, 31)), "of b", network.DesignationQuery{Body: "b"})
	assert.Equal(t, []string{"H1"}, list.Hospitals)
}

// A kind that is in the log and no treatment has no classes, and one tumor of
// several has those of its own patients.
func TestKindsThatAreNoTreatment(t *testing.T) {
	events := []referral.Event{
		{Patient: "1", Seq: 1, Kind: referral.KindFirstVisit, Hospital: "H1", Tumor: "lung"},
		{Patient: "1", Seq: 2, Kind: "surgery", Hospital: "H2", Tumor: "lung"},
		{Patient: "2", Seq: 1, Kind: referral.KindFirstVisit, Hospital: "H1", Tumor: "skin"},
		{Patient: "2", Seq: 2, Kind: "consult", Hospital: "H2", Tumor: "skin"},
	}
	l, _, err := referral.ReadLog(t.Context(), func(yield func(referral.Event, error) bool) {
		for _, e := range events {
			if !yield(e, nil) {
				return
			}
		}
	}, referral.LogConfig{})
	require.NoError(t, err)
	centers := coverage.NewList("centers", "H2")
	_, err = coverage.CountClasses(l, "consult", centers)
	require.EqualError(t, err, `coverage: kind "consult": want a kind of treatment of the log`)
	c, err := coverage.CountClasses(l, "surgery", centers)
	require.NoError(t, err)
	assert.InDelta(t, 1, c.AfterDiagnosis, 0)
	assert.Equal(t, 1, c.Untreated)
	skin, err := l.OfTumor("skin")
	require.NoError(t, err)
	_, err = coverage.CountClasses(skin, "surgery", centers)
	require.EqualError(t, err, `coverage: kind "surgery": want one of the log: [consult first_visit]`)
	assert.Equal(t, 1, coverage.Involve(skin, centers).Seen)
	assert.Empty(t, coverage.CountVolumes(skin, coverage.VolumeRule{}))
}
