// SPDX-License-Identifier: Apache-2.0

package coverage_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/coverage"
)

// bounds collects the values of a measure over all that may be true.
type bounds struct {
	lo, hi    float64
	seen      bool
	undefined bool // 0/0 for some
}

func (b *bounds) see(part, whole float64) {
	if whole == 0 {
		b.undefined = true
		return
	}
	v := part / whole
	if !b.seen {
		b.lo, b.hi, b.seen = v, v, true
	}
	b.lo, b.hi = min(b.lo, v), max(b.hi, v)
}

func (b bounds) check(t require.TestingT, r referral.Result, what string) {
	if !b.seen {
		assert.Equal(t, referral.Undefined, r.Status, what)
		return
	}
	assert.InDelta(t, b.lo, r.Lo, 1e-9, "%s: %v", what, r)
	assert.InDelta(t, b.hi, r.Hi, 1e-9, "%s: %v", what, r)
	assert.Equal(t, b.lo == b.hi && !b.undefined, r.Status == referral.OK, what)
	assert.Equal(t, b.undefined, r.Reason == referral.ReasonZeroPossible, what)
}

// cells draws small counts, some known within bounds only.
func cells(t *rapid.T, n int) []referral.Cell {
	out := make([]referral.Cell, n)
	for i := range out {
		lo := rapid.IntRange(0, 4).Draw(t, "lo")
		out[i] = referral.Between(float64(lo), float64(lo+max(0, rapid.IntRange(-3, 3).Draw(t, "more"))))
	}
	return out
}

// every yields all values that cells can have, in steps.
func every(list []referral.Cell, step float64, yield func(v []float64)) {
	v := make([]float64, len(list))
	var next func(i int)
	next = func(i int) {
		if i == len(list) {
			yield(v)
			return
		}
		for x := list[i].Lo; x <= list[i].Hi+1e-9; x += step {
			v[i] = x
			next(i + 1)
		}
	}
	next(0)
}

func TestUnderAgainstEveryVolume(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		years := rapid.IntRange(1, 2).Draw(t, "years")
		list := cells(t, rapid.IntRange(0, 4).Draw(t, "hospitals"))
		norm := float64(rapid.IntRange(-1, 14).Draw(t, "norm")) / 2
		var volumes []coverage.Volume
		for i, c := range list {
			volumes = append(volumes, coverage.Volume{Hospital: fmt.Sprint("H", i), Patients: c, Years: years})
		}
		var active, under, share, all, below, part bounds
		certain, possible := make([]int, len(list)), make([]int, len(list))
		n := 0
		every(list, 1/float64(years), func(v []float64) {
			var a, u, p, b float64
			n++
			for i, x := range v {
				if x > 0 {
					a++
					p += x
					if x < norm {
						u++
						b += x
						certain[i]++
						possible[i]++
					}
				}
			}
			active.see(a, 1)
			under.see(u, 1)
			share.see(u, a)
			all.see(p, 1)
			below.see(b, 1)
			part.see(b, p)
		})
		u := coverage.CountUnder(rapid.Permutation(volumes).Draw(t, "order"), norm)
		active.check(t, u.Active, "active")
		under.check(t, u.Hospitals, "hospitals")
		share.check(t, u.Share, "share")
		all.check(t, u.Patients, "patients")
		below.check(t, u.PatientsUnder, "patients under")
		part.check(t, u.SharePatients, "share of patients")
		var sure, may []string
		for i := range list {
			switch {
			case certain[i] == n:
				sure = append(sure, fmt.Sprint("H", i))
			case possible[i] > 0:
				may = append(may, fmt.Sprint("H", i))
			}
		}
		assert.Equal(t, sure, u.Certain)
		assert.Equal(t, may, u.Possible)
	})
}

func TestAgreementAgainstEveryVolume(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := cells(t, 4)
		var a, b []string
		var volumes []coverage.Volume
		on := make([][2]bool, len(list))
		for i, c := range list {
			h := fmt.Sprint("H", i)
			on[i] = [2]bool{rapid.Bool().Draw(t, "a"), rapid.Bool().Draw(t, "b")}
			if on[i][0] {
				a = append(a, h)
			}
			if on[i][1] {
				b = append(b, h)
			}
			volumes = append(volumes, coverage.Volume{Hospital: h, Patients: c})
		}
		var jaccard, precision, recall, f1 bounds
		sums := func(v []float64) {
			var inA, inB, both, either float64
			for i, x := range v {
				inA += x * number(on[i][0])
				inB += x * number(on[i][1])
				both += x * number(on[i][0] && on[i][1])
				either += x * number(on[i][0] || on[i][1])
			}
			jaccard.see(both, either)
			precision.see(both, inA)
			recall.see(both, inB)
			f1.see(2*both, inA+inB)
		}
		every(list, 1, sums)
		x := coverage.AgreeWeighted(coverage.NewList("a", a...), coverage.NewList("b", b...), volumes)
		jaccard.check(t, x.Jaccard, "jaccard")
		precision.check(t, x.Precision, "precision")
		recall.check(t, x.Recall, "recall")
		f1.check(t, x.F1, "f1")

		jaccard, precision, recall, f1 = bounds{}, bounds{}, bounds{}, bounds{}
		sums([]float64{1, 1, 1, 1})
		y := coverage.Agree(coverage.NewList("a", a...), coverage.NewList("b", b...), []string{"H0", "H1", "H2", "H3"})
		jaccard.check(t, y.Jaccard, "jaccard")
		precision.check(t, y.Precision, "precision")
		recall.check(t, y.Recall, "recall")
		f1.check(t, y.F1, "f1")
		assert.Equal(t, x.Kappa.Status, y.Kappa.Status)
	})
}

func number(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func TestTreatedAgainstEveryTable(t *testing.T) {
	groups, err := network.NewPartition("groups", map[string]string{"H1": "A", "H2": "A", "H3": "B"})
	require.NoError(t, err)
	hospitals := []string{"H1", "H2", "H3"}
	rapid.Check(t, func(t *rapid.T) {
		list := cells(t, 6)
		pairs := rapid.Permutation([]int{0, 1, 2, 3, 4, 5, 6, 7, 8}).Draw(t, "pairs")[:6]
		table, err := referral.FromFlows(referral.Meta{}, referral.AbsentZero, func(yield func(referral.Flow) bool) {
			for i, p := range pairs {
				if !yield(referral.Flow{Origin: hospitals[p/3], Destination: hospitals[p%3], Cell: list[i]}) {
					return
				}
			}
		})
		require.NoError(t, err)
		experts := coverage.NewList("centers", rapid.SliceOfDistinct(rapid.SampledFrom(hospitals), rapid.ID).Draw(t, "experts")...)
		want := map[string]*bounds{"A": {}, "B": {}, "": {}}
		every(list, 1, func(v []float64) {
			in, all := map[string]float64{}, map[string]float64{}
			for i, p := range pairs {
				g := "A"
				if p/3 == 2 {
					g = "B"
				}
				for _, k := range []string{g, ""} {
					all[k] += v[i]
					in[k] += v[i] * number(experts.Has(hospitals[p%3]))
				}
			}
			for k, b := range want {
				b.see(in[k], all[k])
			}
		})
		shares, err := coverage.TreatedInCenters(table, experts, groups)
		require.NoError(t, err)
		require.Len(t, shares, 3)
		for _, s := range shares {
			want[s.Origin].check(t, s.Result, s.Origin)
		}
	})
}

// Where pairs that are not listed are unknown, each can be any number: those of
// a row that is listed in full, and of centers that are, cannot.
func TestTreatedWithUnknownPairs(t *testing.T) {
	flow := func(from, to string, n float64) referral.Flow {
		return referral.Flow{Origin: from, Destination: to, Cell: referral.Count(n)}
	}
	table, err := referral.FromFlows(referral.Meta{}, referral.AbsentUnknown, slices.Values([]referral.Flow{
		flow("H1", "H1", 6), flow("H1", "H2", 2), flow("H1", "H3", 1),
		flow("H2", "H1", 3), flow("H2", "H2", 5),
		flow("H3", "H3", 4),
	}))
	require.NoError(t, err)
	shares, err := coverage.TreatedInCenters(table, coverage.NewList("centers", "H1"), nil)
	require.NoError(t, err)
	require.Len(t, shares, 4)
	for i, want := range [][2]float64{
		{6. / 9, 6. / 9}, // all is listed
		{0, 3. / 8},      // more can be in H3
		{0, 1},           // nothing is known of H1 or H2
		{0, 1},
	} {
		assert.InDelta(t, want[0], shares[i].Lo, 1e-12, "%v", shares[i])
		assert.InDelta(t, want[1], shares[i].Hi, 1e-12, "%v", shares[i])
	}
	assert.Equal(t, referral.OK, shares[0].Status)
	shares, err = coverage.TreatedInCenters(table, coverage.NewList("centers", "H1", "H2"), nil)
	require.NoError(t, err)
	assert.InDelta(t, 0, shares[1].Lo, 0)
	assert.InDelta(t, 1, shares[1].Hi, 0)
	shares, err = coverage.TreatedInCenters(table, coverage.NewList("centers", "H3"), nil)
	require.NoError(t, err)
	assert.InDelta(t, 1, shares[1].Hi, 0, "H2 may send any number to H3")
	assert.InDelta(t, 0, shares[1].Lo, 0, "or nobody")
}

// drawn is the events of a patient, as a rule sees them.
type drawn []referral.Event

func patients(t *rapid.T) map[string]drawn {
	hospital := rapid.SampledFrom([]string{"H1", "H2", "H3", ""})
	out := map[string]drawn{}
	for i := range rapid.IntRange(1, 6).Draw(t, "patients") {
		id := fmt.Sprint("P", i)
		for s := range rapid.IntRange(1, 6).Draw(t, "events") {
			e := referral.Event{Patient: id, Seq: int32(s + 1), Hospital: hospital.Draw(t, "hospital")}
			e.Kind = rapid.SampledFrom([]string{"consult", "surgery", "surgery", "systemic", "referral", "mdt", "pathology"}).Draw(t, "kind")
			switch e.Kind {
			case "referral":
				e.Layer, e.ToHospital = referral.LayerReferral, hospital.Draw(t, "to")
			case "mdt":
				e.Layer, e.ToHospital = referral.LayerMDT, hospital.Draw(t, "to")
			case "pathology":
				e.Layer, e.ToHospital = referral.LayerPathology, hospital.Draw(t, "to")
			}
			if s == 0 && rapid.IntRange(0, 4).Draw(t, "known") > 0 {
				e.Layer, e.Kind, e.ToHospital = referral.LayerPatient, "first_visit", ""
			}
			out[id] = append(out[id], e)
		}
	}
	return out
}

func TestPatientsAgainstNaive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := patients(t)
		var events []referral.Event
		for _, p := range all {
			events = append(events, p...)
		}
		slices.SortFunc(events, func(a, b referral.Event) int { return int(a.Seq) - int(b.Seq) })
		l, _, err := referral.ReadLog(context.Background(), func(yield func(referral.Event, error) bool) {
			for _, e := range rapid.Permutation(events).Draw(t, "order") {
				if !yield(e, nil) {
					return
				}
			}
		}, referral.LogConfig{KeepPatients: true})
		require.NoError(t, err)
		experts := coverage.NewList("centers", "H1", "H2")
		expert := func(h string) bool { return h == "H1" || h == "H2" }
		count, contact := map[string]float64{}, map[string]int{}
		volume, treatments := map[string]map[string]bool{}, map[string]int{}
		operated, registered := false, false
		for id, p := range all {
			var where []string
			lost, first := false, ""
			rank, referred := 0, false
			for _, e := range p {
				if e.Kind == "first_visit" {
					first = e.Hospital
				}
				if e.Kind == "surgery" {
					operated = true
					where = append(where, e.Hospital)
					lost = lost || e.Hospital == ""
				}
				if (e.Kind == "surgery" || e.Kind == "systemic") && e.Hospital != "" {
					key := e.Hospital + " " + e.Kind
					if volume[key] == nil {
						volume[key] = map[string]bool{}
					}
					volume[key][id] = true
					treatments[key]++
				}
				registered = registered || e.Kind == "mdt"
				switch {
				case e.Layer == referral.LayerPatient && expert(e.Hospital) && (e.Kind == "surgery" || e.Kind == "systemic"):
					rank = 3
				case e.Layer == referral.LayerPatient && expert(e.Hospital):
					rank = max(rank, 2)
				case (e.Kind == "mdt" || e.Kind == "pathology") && expert(e.ToHospital):
					rank = max(rank, 1)
				case e.Kind == "referral" && expert(e.ToHospital):
					referred = true
				}
			}
			contact[fmt.Sprint(rank)]++
			at := slices.ContainsFunc(p, func(e referral.Event) bool { return (e.Kind == "surgery" || e.Kind == "systemic") && e.Hospital != "" })
			if at && rank < 3 {
				contact["shared or alone"]++
				contact["shared"] += min(rank, 1)
			}
			if rank == 0 && referred {
				contact["referred"]++
			}
			class := "after diagnosis"
			switch {
			case len(where) == 0:
				class = "none"
			case first == "":
				class = "origin"
			case lost:
				class = "lost"
			case !expert(where[len(where)-1]):
				class = "elsewhere"
			case slices.ContainsFunc(where, func(h string) bool { return !expert(h) }):
				class = "after treatment"
			case expert(first):
				class = "throughout"
			}
			count[class]++
		}
		c, err := coverage.CountClasses(l, "surgery", experts)
		if !operated {
			require.ErrorContains(t, err, `kind "surgery"`)
		} else {
			require.NoError(t, err)
			assert.Equal(t,
				[]float64{count["throughout"], count["after diagnosis"], count["after treatment"], count["elsewhere"], count["none"], count["origin"], count["lost"]},
				[]float64{c.Throughout, c.AfterDiagnosis, c.AfterTreatment, c.Elsewhere, float64(c.Untreated), float64(c.OriginUnknown), float64(c.HospitalLost)})
		}
		v := coverage.Involve(l, experts)
		assert.Equal(t, []int{contact["3"], contact["2"], contact["1"], contact["0"], contact["referred"]}, []int{v.Treated, v.Seen, v.Discussed, v.None, v.ReferredOnly})
		assert.Equal(t, registered, v.Registered)
		share := 1 - float64(contact["0"])/float64(len(all))
		assert.InDelta(t, share, v.Any.Lo, 1e-12)
		if registered {
			assert.InDelta(t, share, v.Any.Hi, 1e-12)
		} else {
			assert.InDelta(t, 1, v.Any.Hi, 0)
		}
		assert.Equal(t, contact["shared"], v.SharedCare)
		n := float64(len(all))
		assert.InDelta(t, float64(contact["shared"])/n, v.SharedCareShare.Lo, 1e-12)
		if !registered {
			assert.InDelta(t, float64(contact["shared or alone"])/n, v.SharedCareShare.Hi, 1e-12)
		} else {
			assert.InDelta(t, float64(contact["shared"])/n, v.SharedCareShare.Value, 1e-12)
		}
		have := map[string]int{}
		for _, x := range coverage.CountVolumes(l, coverage.VolumeRule{ByKind: true}) {
			key := x.Hospital + " " + x.Kind
			have[key] = x.Treatments
			assert.InDelta(t, len(volume[key]), x.Patients.Lo, 0, key)
		}
		assert.Equal(t, treatments, have)
	})
}

func TestUnknownNorm(t *testing.T) {
	u := coverage.CountUnder([]coverage.Volume{{Hospital: "H1", Patients: referral.Count(4)}}, math.NaN())
	assert.Equal(t, coverage.ReasonUnknownNorm, u.Share.Reason)
	assert.Equal(t, coverage.ReasonUnknownNorm, u.Hospitals.Reason)
	assert.InDelta(t, 1, u.Active.Value, 0)
	u = coverage.CountUnder([]coverage.Volume{{Hospital: "H1", Patients: referral.PresentCell()}, {Hospital: "H2", Patients: referral.Count(3)}}, 5)
	assert.Equal(t, []string{"H2"}, u.Certain)
	assert.Equal(t, []string{"H1"}, u.Possible)
	assert.InDelta(t, 0.5, u.Share.Lo, 0)
	assert.InDelta(t, 1, u.Share.Hi, 0)
	assert.InDelta(t, 0, u.SharePatients.Lo, 0)
	assert.True(t, math.IsInf(u.Patients.Hi, 1))
}
