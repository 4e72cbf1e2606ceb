// SPDX-License-Identifier: Apache-2.0

package simulate

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/source"
)

// severalTumors is a registry in which some patients get a second tumor.
func severalTumors(t testing.TB, share float64, seed uint64) *Registry {
	t.Helper()
	s, shown := dutch(t, figures[PresetPenileCancer])
	c, err := Preset(PresetPenileCancer, s, shown)
	require.NoError(t, err)
	other := Plain("bone_sarcoma", s)
	other.Tumors[0].Incidence = []Rate{{From: 1990, PerYear: 50}}
	c.Tumors = append(c.Tumors, other.Tumors...)
	c.Patients, c.Seed, c.SecondTumors = 4000, seed, share
	r, err := New(c)
	require.NoError(t, err)
	return r
}

// casesOf counts the tumors of all patients.
func casesOf(r *Registry) int64 {
	n := int64(0)
	r.all(func(p *patient) bool {
		for range p.courses {
			n++
		}
		return true
	})
	return n
}

// The share holds among the treated; a second tumor is another one, begins after
// everything about the first, and has a first visit and a year of its own.
func TestSecondTumors(t *testing.T) {
	r := severalTumors(t, 0.3, 1)
	treated, second, moved := 0, 0, 0
	r.all(func(p *patient) bool {
		own := p.steps[:p.own]
		if own[len(own)-1].layer != referral.LayerStatus {
			treated++
		}
		if p.own == len(p.steps) {
			return true
		}
		second++
		require.NotEqual(t, p.model, p.second.model)
		later := p.steps[p.own:]
		require.Equal(t, referral.KindFirstVisit, later[0].kind)
		require.Equal(t, p.second.from, later[0].hospital)
		require.Equal(t, later[0].date.Year(), p.second.year)
		require.True(t, own[len(own)-1].date.Before(later[0].date))
		if p.second.from != p.from {
			moved++
		}
		return true
	})
	assert.InDelta(t, 0.3, float64(second)/float64(treated), 0.03)
	assert.Positive(t, moved)
}

// Without the share the patients are those of a registry that knows none.
func TestSecondTumorsChangeNoFirstOne(t *testing.T) {
	without, with := []string{}, []string{}
	for share, to := range map[float64]*[]string{0: &without, 0.9: &with} {
		text, _ := write(t, severalTumors(t, share, 2), WriteConfig{Layout: referral.LayoutTreatments})
		*to = strings.Split(text, "\n")
	}
	have := map[string]bool{}
	for _, line := range with {
		have[line] = true
	}
	for _, line := range without {
		require.True(t, have[line], line)
	}
	assert.Greater(t, len(with), len(without)+1000)
}

// Each tumor is a case of its own: the flows of one tumor are those of the
// patients with it.
func TestSecondTumorsAreCases(t *testing.T) {
	r := severalTumors(t, 0.5, 3)
	for _, layout := range []referral.LogLayout{referral.LayoutEvents, referral.LayoutTreatments} {
		text, _ := write(t, r, WriteConfig{Layout: layout})
		l, q, err := source.ReadLog(t.Context(), strings.NewReader(text), source.Config{Log: referral.LogConfig{Within: r.config.Landscape}})
		require.NoError(t, err)
		assert.EqualValues(t, 4000, q.Patients)
		assert.Equal(t, casesOf(r), q.Cases)
		assert.Zero(t, q.NoOrigin)
		first := map[string]float64{}
		r.all(func(p *patient) bool {
			for c := range p.courses {
				first[c.model.Name+" "+r.ground.hospitals[c.from].ID]++
			}
			return true
		})
		for _, tumor := range l.Tumors() {
			table, err := l.Table(referral.Rule{Tumor: tumor})
			require.NoError(t, err)
			for _, o := range table.Origins() {
				require.Equal(t, first[tumor+" "+o], table.OriginTotal(o).Lo, "%s %s", tumor, o)
			}
		}
	}
}

func TestSecondTumorsNeedTwo(t *testing.T) {
	for _, c := range []struct {
		tumors []Tumor
		share  float64
	}{
		{[]Tumor{{Name: "x"}}, 0.1},
		{[]Tumor{{Name: "x"}, {Name: "x"}}, 0.1},
		{[]Tumor{{Name: "x"}, {Name: "y"}}, 1.1},
		{[]Tumor{{Name: "x"}, {Name: "y"}}, -1},
	} {
		config := smallConfig(t)
		config.Tumors, config.SecondTumors = c.tumors, c.share
		_, err := New(config)
		var e *ConfigError
		require.ErrorAs(t, err, &e)
		assert.Equal(t, "SecondTumors", e.Field)
	}
}
