// SPDX-License-Identifier: Apache-2.0

package flow_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/centrality"
	"github.com/oncoref/oncoref/graph/structure"
	"github.com/oncoref/oncoref/internal/catalogue"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/flow"
)

var figures = map[string]struct {
	file           string
	arcs, retained int // counted in the text of the report
}{
	"fig5_2": {"example_fig5_2_penile.csv", 22, 10},
	"fig5_3": {"example_fig5_3_eye_melanoma.csv", 25, 10},
	"fig5_4": {"example_fig5_4_mesothelioma.csv", 32, 10},
	"fig5_6": {"example_fig5_6_head_neck.csv", 36, 7},
}

func bounds(scoped []referral.Scoped) map[string][2]float64 {
	out := map[string][2]float64{}
	for _, s := range scoped {
		out[s.Scope] = [2]float64{s.Lo, s.Hi}
	}
	return out
}

func merged(t *testing.T, table *referral.Table) (*referral.Table, *graph.Digraph) {
	t.Helper()
	labels := map[string]string{}
	for _, c := range table.Classes() {
		labels[c] = c
		if c == "EMBRAZE" || c == "CONCORD" {
			labels[c] = "EMBRAZE / CONCORD"
		}
	}
	p, err := network.NewPartition("merged", labels)
	require.NoError(t, err)
	m, err := table.Aggregate(p)
	require.NoError(t, err)
	g, err := m.Graph(referral.Presence)
	require.NoError(t, err)
	return m, g
}

func TestCatalogueFigures(t *testing.T) {
	for name, fig := range figures {
		t.Run(name, func(t *testing.T) {
			table := catalogue.Table(t, fig.file)
			assert.True(t, table.PresenceOnly())
			assert.Equal(t, referral.MissingCell(), table.Absent())
			arcs, retained := 0, 0
			for f := range table.Flows() {
				if f.Retained() {
					retained++
				} else {
					arcs++
				}
			}
			assert.Equal(t, fig.arcs, arcs)
			assert.Equal(t, fig.retained, retained)

			t.Run("out_degree", func(t *testing.T) {
				want, tol := catalogue.Into[map[string]float64](t, "F17."+name+".out_degree")
				got := flow.OutDegree(table)
				assert.Len(t, got, len(want))
				for _, s := range got {
					assert.Equal(t, referral.OK, s.Status)
					assert.InDelta(t, want[s.Scope], s.Value, tol, s.Scope)
				}
			})
			t.Run("in_degree_bounds", func(t *testing.T) {
				want, _ := catalogue.Into[map[string][2]float64](t, "F17."+name+".in_degree_bounds")
				assert.Equal(t, want, bounds(flow.InDegree(table)))
			})
			t.Run("merged", func(t *testing.T) {
				want, tol := catalogue.Into[struct {
					Nodes, Arcs   int
					InDegree      map[string]float64 `json:"in_degree"`
					Reciprocity   float64
					FlowHierarchy float64 `json:"flow_hierarchy"`
					LargestSCC    int     `json:"largest_scc"`
				}](t, "F17."+name+".merged")
				m, g := merged(t, table)
				loops := 0
				for e := range g.Edges() {
					if e.From == e.To {
						loops++
					}
				}
				assert.Equal(t, want.Nodes, g.Len())
				assert.Equal(t, want.Arcs, g.Size()-loops)
				in := centrality.InDegree(g)
				for key, d := range in.All() {
					assert.InDelta(t, want.InDegree[key], d, tol, key)
				}
				for _, s := range flow.InDegree(m) {
					assert.InDelta(t, want.InDegree[s.Scope], s.Value, tol, s.Scope)
				}
				assert.InDelta(t, want.Reciprocity, structure.Reciprocity(g), tol)
				assert.InDelta(t, want.FlowHierarchy, structure.BinaryFlowHierarchy(g), tol)
				_, size := structure.StronglyConnected(g).Largest()
				assert.Equal(t, want.LargestSCC, size)
			})
		})
	}
}

// The report's text says: Onconovo+ is a destination of all nine others in
// figure 5.2, RO West in 5.3, and Onco-Oost sends to RO West alone in 5.3.
func TestReportStatements(t *testing.T) {
	in := bounds(flow.InDegree(catalogue.Table(t, figures["fig5_2"].file)))
	assert.Equal(t, [2]float64{9, 9}, in["Onconovo+"])
	eye := catalogue.Table(t, figures["fig5_3"].file)
	assert.Equal(t, [2]float64{9, 9}, bounds(flow.InDegree(eye))["RO West"])
	assert.Equal(t, [2]float64{1, 1}, bounds(flow.OutDegree(eye))["Onco-Oost"])
}

func TestCatalogueB01(t *testing.T) {
	table := catalogue.Table(t, "example_flows.csv")
	for key, got := range map[string][]referral.Scoped{
		"B01.out_degree": flow.OutDegree(table), "B01.in_degree": flow.InDegree(table),
	} {
		want, tol := catalogue.Into[map[string]float64](t, key)
		assert.Len(t, got, len(want))
		for _, s := range got {
			assert.InDelta(t, want[s.Scope], s.Value, tol, key+" "+s.Scope)
		}
	}
	g, err := table.Graph(referral.Counts)
	require.NoError(t, err)
	density, tol := catalogue.Into[float64](t, "B01.density")
	assert.InDelta(t, density, structure.Density(g), tol)
}

func TestCatalogueA03(t *testing.T) {
	table := catalogue.Table(t, "example_flows.csv")
	for key, f := range map[string]func(string) referral.Result{
		"A03.origin_total": table.OriginTotal, "A03.dest_total": table.DestinationTotal, "A03.retained": table.RetainedTotal,
	} {
		want, tol := catalogue.Into[map[string]float64](t, key)
		for class, w := range want {
			r := f(class)
			assert.InDelta(t, w, r.Value, tol, key+" "+class)
			assert.Equal(t, int(w), r.N)
		}
	}
	total, tol := catalogue.Into[float64](t, "A03.total")
	assert.InDelta(t, total, table.Total().Value, tol)
}

// The interval example has the counts 1 to 4 known as [1, 4] only; A01, F18:
// retention of A is 40 over [58+1, 58+4] patients, so that the catalogue's
// bounds of retention follow from the totals.
func TestCatalogueF18Totals(t *testing.T) {
	table := catalogue.Table(t, "example_flows_interval.csv")
	want, tol := catalogue.Into[[2]float64](t, "F18.interval.retention.A")
	total, kept := table.OriginTotal("A"), table.RetainedTotal("A")
	assert.Equal(t, referral.Bounded, total.Status)
	assert.True(t, math.IsNaN(total.Value))
	assert.InDelta(t, want[0], kept.Lo/total.Hi, tol)
	assert.InDelta(t, want[1], kept.Hi/total.Lo, tol)

	dest, tol := catalogue.Into[[2]float64](t, "F18.interval.net_flow.E")
	in := table.DestinationTotal("E")
	assert.InDelta(t, dest[0], in.Lo, tol, "E has no patients of its own, so its net flow is its total")
	assert.InDelta(t, dest[1], in.Hi, tol)
}

// Hospitals of the shared example aggregate exactly to its networks.
func TestHospitalsAggregateToNetworks(t *testing.T) {
	p, err := network.NewPartition("regional", map[string]string{
		"H1": "A", "H2": "A", "H3": "B", "H4": "B", "H5": "C", "H6": "D", "H7": "E",
	})
	require.NoError(t, err)
	got, err := catalogue.Table(t, "example_hospital_flows.csv").Aggregate(p)
	require.NoError(t, err)
	want := catalogue.Table(t, "example_flows.csv")
	for _, o := range want.Classes() {
		for _, d := range want.Classes() {
			assert.Equal(t, want.Cell(o, d), got.Cell(o, d), o+d)
		}
	}
}
