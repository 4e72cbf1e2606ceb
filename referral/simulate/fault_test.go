// SPDX-License-Identifier: Apache-2.0

package simulate

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/source"
)

// check reads a registry the way an extract is read.
func check(t *testing.T, r *Registry, text string) referral.Quality {
	t.Helper()
	_, q, err := source.ReadLog(context.Background(), strings.NewReader(text), source.Config{
		Log: referral.LogConfig{File: "x.csv", Within: r.config.Landscape},
	})
	require.NoError(t, err)
	return q
}

// known lists the faults that the checks know.
var known = []referral.Fault{
	referral.FaultPatient, referral.FaultDate, referral.FaultUntil, referral.FaultSeq, referral.FaultYear, referral.FaultLayer,
	referral.FaultKind, referral.FaultText, referral.FaultCopy, referral.FaultMerged, referral.FaultHospital, referral.FaultSplit,
	referral.FaultNoHospital, referral.FaultNoTumor, referral.FaultFirstVisit, referral.FaultNoKind, referral.FaultOtherKind,
	referral.FaultNoDate, referral.FaultNoFirst, referral.FaultYears, referral.FaultSeqTwice, referral.FaultOrder,
	referral.FaultBeforeFirst, referral.FaultAfterDeath,
}

// Every planted fault is found, on its line, and nothing else is.
func TestFaultsAreFound(t *testing.T) {
	all := map[referral.Fault]bool{}
	for _, layout := range []referral.LogLayout{referral.LayoutEvents, referral.LayoutTreatments} {
		for _, seed := range []uint64{1, 2, 3} {
			each := 5 // a finding gives ten lines
			r := presetRegistry(t, PresetPenileCancer, seed)
			if seed == 3 {
				r, each = severalTumors(t, 0.8, seed), 3
			}
			text, sum := write(t, r, WriteConfig{Layout: layout, Faults: each})
			q := check(t, r, text)
			assert.Equal(t, sum.Rows, q.Rows)
			count := map[referral.Fault]int{}
			for _, p := range sum.Planted {
				count[p.Fault]++
				all[p.Fault] = true
				found := slices.ContainsFunc(q.Findings, func(f referral.Finding) bool {
					return f.Fault == p.Fault && slices.Contains(f.Lines, p.Line)
				})
				assert.True(t, found, "%s: %s on line %d\n%s", layout, p.Fault, p.Line, q)
			}
			for fault, n := range count {
				assert.Equal(t, each, n, fault)
			}
			for _, f := range q.Findings {
				assert.NotZero(t, count[f.Fault], "%s: %s was not planted\n%s", layout, f, q)
			}
			assert.True(t, slices.IsSortedFunc(sum.Planted, func(a, b Planted) int { return int(a.Line - b.Line) }))
		}
	}
	for _, f := range known {
		assert.True(t, all[f], "%s is never planted", f)
	}
}

// A registry without faults gives nothing to report but referrals without a
// date.
func TestNoFaultsWithoutPlanting(t *testing.T) {
	r := presetRegistry(t, PresetEyeMelanoma, 1)
	for _, layout := range []referral.LogLayout{referral.LayoutEvents, referral.LayoutTreatments} {
		text, _ := write(t, r, WriteConfig{Layout: layout})
		q := check(t, r, text)
		assert.Equal(t, layout, q.Layout)
		assert.EqualValues(t, 5036, q.Patients)
		assert.EqualValues(t, q.Rows, q.Events)
		for _, f := range q.Findings {
			assert.Equal(t, referral.FaultNoDate, f.Fault)
		}
	}
}

// Whatever the configuration, what is written is a registry in order: nothing
// to report but referrals without a date and patients who come as asked for.
func TestAnyConfigurationGivesAnOrderlyRegistry(t *testing.T) {
	s := small(t)
	rapid.Check(t, func(rt *rapid.T) {
		share := rapid.Float64Range(0, 1)
		delay := rapid.Custom(func(t *rapid.T) Delay {
			low := rapid.IntRange(0, 100).Draw(t, "min")
			return Delay{low, float64(low) + rapid.Float64Range(0, 300).Draw(t, "more")}
		})
		hospital := rapid.SampledFrom([]string{"A", "B", "C", "D"})
		c := Config{
			Landscape: s, Seed: rapid.Uint64().Draw(rt, "seed"), Quota: rapid.Bool().Draw(rt, "quota"),
			Patients: rapid.IntRange(1, 60).Draw(rt, "patients"), Period: years(2010, rapid.IntRange(2010, 2030).Draw(rt, "to")),
		}
		for i := range rapid.IntRange(1, 3).Draw(rt, "tumors") {
			tumor := Tumor{
				Name: string(rune('x' + i)), Untreated: share.Draw(rt, "untreated"), Dead: share.Draw(rt, "dead"),
				Consults: share.Draw(rt, "consults"), MDT: share.Draw(rt, "mdt"), Pathology: share.Draw(rt, "pathology"),
				Undated: share.Draw(rt, "undated"), FollowUp: share.Draw(rt, "followup"),
				Delays: Delays{Referral: delay.Draw(rt, "referral"), Next: delay.Draw(rt, "next")},
			}
			for range rapid.IntRange(0, 4).Draw(rt, "treatments") {
				kind := rapid.SampledFrom([]string{"surgery", "radiotherapy", "systemic"}).Draw(rt, "kind")
				tumor.Treatments = append(tumor.Treatments, Treatment{kind, share.Draw(rt, "share"), share.Draw(rt, "home"), delay.Draw(rt, "stay")})
			}
			for range rapid.IntRange(0, 3).Draw(rt, "routes") {
				tumor.Routes = append(tumor.Routes, Route{hospital.Draw(rt, "from"), hospital.Draw(rt, "to"), share.Draw(rt, "weight")})
			}
			if rapid.Bool().Draw(rt, "center") {
				tumor.Centers = []Center{{hospital.Draw(rt, "at"), []Share{{2012, share.Draw(rt, "early")}, {2020, share.Draw(rt, "late")}}}}
			}
			c.Tumors = append(c.Tumors, tumor)
		}
		if len(c.Tumors) > 1 {
			c.SecondTumors = share.Draw(rt, "second tumors")
		}
		r, err := New(c)
		require.NoError(t, err)
		for _, layout := range []referral.LogLayout{referral.LayoutEvents, referral.LayoutTreatments} {
			text, sum := write(t, r, WriteConfig{Layout: layout})
			q := check(t, r, text)
			if q.Patients != int64(c.Patients) || q.Cases != casesOf(r) || q.Rows != sum.Rows || q.NoOrigin != 0 {
				rt.Fatalf("%d patients asked for: %s", c.Patients, q)
			}
			for _, f := range q.Findings {
				if f.Fault != referral.FaultNoDate {
					rt.Fatal(f, "\n", text)
				}
			}
		}
	})
}

// Faults are planted in a few patients and leave all other rows as they are.
func TestFaultsLeaveTheRestAlone(t *testing.T) {
	r := presetRegistry(t, PresetPenileCancer, 9)
	clean, _ := write(t, r, WriteConfig{Layout: referral.LayoutTreatments})
	bad, sum := write(t, r, WriteConfig{Layout: referral.LayoutTreatments, Faults: 2})
	rows := map[string]bool{}
	for line := range strings.SplitSeq(bad, "\n") {
		rows[line] = true
	}
	missing := 0
	for line := range strings.SplitSeq(clean, "\n") {
		if !rows[line] {
			missing++
		}
	}
	assert.LessOrEqual(t, missing, 3*len(sum.Planted))
}

func TestTooFewPatientsForTheFaults(t *testing.T) {
	c := smallConfig(t)
	c.Patients = 10
	r, err := New(c)
	require.NoError(t, err)
	var b strings.Builder
	_, err = r.Write(context.Background(), &b, WriteConfig{Faults: 1})
	var e *ConfigError
	require.ErrorAs(t, err, &e)
	assert.Equal(t, "Faults", e.Field)
}
