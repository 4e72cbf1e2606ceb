// SPDX-License-Identifier: Apache-2.0

package pathway_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/structure"
	"github.com/oncoref/oncoref/internal/catalogue"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/pathway"
)

func TestCatalogue(t *testing.T) {
	ctx := t.Context()
	l := catalogue.Log(t)
	metrics := catalogue.Metrics(t)
	check := func(key string, have any) {
		t.Helper()
		m, ok := metrics[key]
		if !ok {
			return // not published
		}
		catalogue.Compare(t, key, m, have)
	}

	routes, coc, status := map[string]string{}, map[string]float64{}, map[string][2]int{}
	back, shared := []string{}, []string{}
	for p := range l.Pathways() {
		routes[p.Patient()] = strings.Join(p.Route(), ">")
		if c, ok := pathway.ContinuityOf(p); ok {
			coc[p.Patient()] = c.BiceBoxerman
		}
		if w, problem := pathway.WaitOf(p); problem == "" {
			status[p.Patient()] = [2]int{w.Days, int(w.Outcome)}
		}
		if pathway.CameBack(p) {
			back = append(back, p.Patient())
		}
		if pathway.SharedTreatment(p) {
			shared = append(shared, p.Patient())
		}
	}
	check("E01.routes", routes)
	v := pathway.CountVisits(l)
	byCount := map[string]int{}
	for k, n := range v.Hospitals {
		byCount[strconv.Itoa(k+1)] = n
	}
	check("E01.hospitals_per_patient", byCount)
	check("E01.mean_hospitals", v.Mean.Value)
	check("E01.share_multi_hospital", v.Several.Value)
	check("E02.transitions_total", v.Transitions)
	check("E02.transitions_mean", v.MeanTransitions.Value)

	days := func(s pathway.Span) map[string]float64 {
		d := pathway.CountDays(l, s)
		return map[string]float64{"n": float64(d.N), "min": d.Min, "q1": d.Q1, "median": d.Median, "q3": d.Q3, "iqr": d.IQR, "p90": d.P90, "max": d.Max, "mean": d.Mean}
	}
	check("E04.days_to_referral", days(pathway.ToReferral))
	assert.Equal(t, 1, pathway.CountDays(l, pathway.ToReferral).Undated)
	check("E04.days_to_treatment", days(pathway.ToTreatment))
	check("E04.days_referral_to_arrival", days(pathway.ToArrival))

	check("E05.time_status", status)
	w := pathway.CountWaits(l)
	assert.Equal(t, 1, w.NoFirst)
	km, err := pathway.KaplanMeier(w.Waits, 0.95)
	require.NoError(t, err)
	var steps [][4]float64
	for _, s := range km.Steps {
		steps = append(steps, [4]float64{float64(s.Day), float64(s.AtRisk), float64(s.Treated), s.Survival})
	}
	check("E05.km_survival", steps)
	median, _ := km.Quantile(0.5)
	check("E05.km_median", median)
	check("E05.km_at_42", km.At(42).Survival)

	r := pathway.CountReturns(l)
	check("E06.return_share", r.Back.Value)
	check("E06.return_patients", sorted(back))
	check("E06.shared_treatment_patients", sorted(shared))
	check("E06.shared_treatment_share", r.Shared.Value)

	layers := map[string]*graph.Digraph{}
	arcs := map[string]map[string]float64{}
	var list []*graph.Digraph
	for _, layer := range []referral.Layer{referral.LayerPatient, referral.LayerReferral, referral.LayerPathology, referral.LayerMDT} {
		table, err := pathway.LayerTable(ctx, l, layer)
		require.NoError(t, err)
		g, err := table.Graph(referral.Counts)
		require.NoError(t, err)
		layers[layer.String()] = g
		list = append(list, g)
		arcs[layer.String()] = map[string]float64{}
		for e := range g.Edges() {
			arcs[layer.String()][g.Key(e.From)+">"+g.Key(e.To)] = e.Weight
		}
	}
	check("E07.layer_edges", arcs)
	check("E02.transition_counts", arcs["patient"])
	overlap := map[string]int{}
	for _, e := range structure.EdgeOverlap(list) {
		overlap[e.From+">"+e.To] = e.Layers
	}
	check("E08.edge_overlap", overlap)
	check("E08.mean_overlap", structure.MeanOverlap(list))
	check("E08.coverage_pathology_by_patient", structure.CoveredEdges(layers["pathology"], layers["patient"]))

	in := pathway.TissueInTime(l)
	check("E09.pathology_concordance", map[string]float64{"n": in.Whole.Lo, "concordant": in.Part.Lo, "share": in.Value})
	check("E11.bice_boxerman", coc)
	c := pathway.CountContinuity(l)
	check("E11.usual_provider_mean", c.UsualProvider.Value)
	pairs := map[string]int{}
	for _, s := range pathway.CountSharing(l) {
		pairs[s.A+"-"+s.B] = s.Patients
	}
	check("E12.patient_sharing", pairs)
	roles, err := pathway.CountBrokerage(l, catalogue.Governance(t))
	require.NoError(t, err)
	n := 0
	for _, b := range roles {
		n += b.Count
	}
	assert.Equal(t, 6, n, "P03 1, P04 1, P07 3, P14 1")
}

func sorted(s []string) []string {
	out := append([]string{}, s...)
	for i := range out {
		for j := i; j > 0 && out[j] < out[j-1]; j-- {
			out[j], out[j-1] = out[j-1], out[j]
		}
	}
	return out
}

// same compares values as JSON gives them.
