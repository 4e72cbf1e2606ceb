// SPDX-License-Identifier: Apache-2.0

package referral_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// eventText gives an event as a pathway tells it.
func eventText(e referral.Event) string {
	return fmt.Sprint(e.Seq, e.Date, e.Until, e.Layer, e.Kind, e.Tumor, e.Year, e.Attributes)
}

func TestLogOfOneTumorLaw(t *testing.T) {
	s := anySnapshot(t)
	partitions := anyPartitions(t)
	rapid.Check(t, func(t *rapid.T) {
		l, events := anyLog(t, s)
		require.Same(t, l, mustOfTumor(t, l, ""))
		for _, tumor := range l.Tumors() {
			part := mustOfTumor(t, l, tumor)
			q := part.Quality()
			patients, treated, n := int64(0), int64(0), 0
			var want, got []string
			kinds, hospitals := map[string]bool{}, map[string]bool{}
			var period network.Period
			for _, es := range ordered(events, l.Layout() == referral.LayoutTreatments) {
				for _, c := range casesOf(es, l.Layout()) {
					if c.tumor != tumor {
						continue
					}
					patients++
					n += len(c.events)
					if slices.ContainsFunc(c.events, func(e referral.Event) bool { return isTreatment(e, l.Layout()) }) {
						treated++
					}
					for _, e := range c.events {
						want = append(want, eventText(e))
						kinds[e.Kind], hospitals[e.Hospital], hospitals[e.FirstVisit] = true, true, true
						if !e.Date.IsZero() {
							if period.From.IsZero() || e.Date.Before(period.From) {
								period.From = e.Date
							}
							period.To = max(period.To, e.Date)
						}
					}
				}
			}
			for p := range part.Pathways() {
				require.Positive(t, p.Len())
				for e := range p.Events() {
					got = append(got, eventText(e))
				}
			}
			slices.Sort(want)
			slices.Sort(got)
			require.Equal(t, want, got)
			require.Equal(t, []int64{patients, patients, treated, patients - treated, int64(n)}, []int64{q.Patients, q.Cases, q.Treated, q.Untreated, q.Events})
			require.Equal(t, []string{tumor}, part.Tumors())
			require.Equal(t, period, part.Period())
			for _, k := range part.Kinds() {
				require.True(t, kinds[k], k)
			}
			if l.Layout() == referral.LayoutEvents {
				for _, h := range part.Hospitals() {
					require.True(t, hospitals[h], h)
				}
			}

			// A rule makes of it what the rule for the tumor makes of the whole.
			r := anyRule(t, l, partitions)
			r.ByTumor, r.Tumor = false, tumor
			whole, err := l.Table(r)
			r.Tumor = ""
			one, oneErr := part.Table(r)
			if r.Modality != "" && !slices.Contains(part.Kinds(), r.Modality) {
				require.ErrorIs(t, oneErr, referral.ErrRule)
				continue
			}
			require.Equal(t, err, oneErr)
			if err == nil {
				require.Equal(t, flowsOf(whole), flowsOf(one))
				require.Equal(t, tumor, one.Meta().Tumor)
			}
		}
	})
}

func mustOfTumor(t require.TestingT, l *referral.Log, tumor string) *referral.Log {
	part, err := l.OfTumor(tumor)
	require.NoError(t, err)
	return part
}

// Two patients, one with two tumors and one first visit for both.
func TestOfTumor(t *testing.T) {
	events := parseEvents(t, `
		p,1,2020-01-01,first_visit,A,
		p,2,2020-02-01,surgery,B,lung
		p,3,2020-03-01,surgery,C,skin
		q,1,2021-01-01,first_visit,D,skin
		q,2,2021-02-01,systemic,D,skin`)
	l, _ := readLog(t, events, referral.LogConfig{KeepPatients: true})
	lung, skin := mustOfTumor(t, l, "lung"), mustOfTumor(t, l, "skin")
	assert.Equal(t, []string{"A", "B"}, lung.Hospitals())
	assert.Equal(t, []string{"first_visit", "surgery"}, lung.Kinds())
	assert.Equal(t, 2, lung.Len())
	assert.Equal(t, "2020-02-01", lung.Period().To.String())
	assert.Equal(t, []string{"A", "C", "D"}, skin.Hospitals())
	assert.Equal(t, 2, skin.Patients())
	for p := range lung.Pathways() {
		assert.Equal(t, "p", p.Patient())
		assert.Equal(t, []string{"A", "B"}, p.Route())
		first, _, ok := p.FirstVisit()
		assert.True(t, ok)
		assert.Equal(t, "A", first)
	}
	n, err := lung.Count(t.Context(), referral.CountRule{By: []referral.Dimension{referral.ByTumor}})
	require.NoError(t, err)
	assert.Equal(t, int64(1), n.Total())
	links, err := skin.Transitions(t.Context(), referral.LinkRule{})
	require.NoError(t, err)
	assert.Equal(t, map[string]float64{"A>C": 1, "D>D": 1}, flowsOf(links))

	var rule *referral.RuleError
	_, err = l.OfTumor("bone")
	require.ErrorAs(t, err, &rule)
	assert.Equal(t, "Tumor", rule.Field)
	_, err = lung.OfTumor("skin")
	require.ErrorAs(t, err, &rule)
	_, err = lung.Table(referral.Rule{Modality: "systemic"})
	require.ErrorAs(t, err, &rule)
}
