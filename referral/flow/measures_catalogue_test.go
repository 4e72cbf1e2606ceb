// SPDX-License-Identifier: Apache-2.0

package flow_test

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/internal/catalogue"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/flow"
)

func points(t *testing.T, file, key string) map[string]network.Point {
	t.Helper()
	out := map[string]network.Point{}
	for _, r := range catalogue.Rows(t, file) {
		lat, err := strconv.ParseFloat(r["lat"], 64)
		require.NoError(t, err)
		lon, err := strconv.ParseFloat(r["lon"], 64)
		require.NoError(t, err)
		out[r[key]] = network.Point{Lat: lat, Lon: lon}
	}
	return out
}

func regional(t *testing.T) *network.Partition {
	t.Helper()
	labels := map[string]string{}
	for _, r := range catalogue.Rows(t, "example_hospitals.csv") {
		labels[r["hospital"]] = r["network"]
	}
	p, err := network.NewPartition("regional", labels)
	require.NoError(t, err)
	return p
}

func near(t *testing.T, key, scope string, want *float64, got referral.Result, tol float64) {
	t.Helper()
	if want == nil {
		assert.Equal(t, referral.Undefined, got.Status, "%s %s: %v", key, scope, got)
		return
	}
	assert.Equal(t, referral.OK, got.Status, "%s %s: %v", key, scope, got)
	assert.InDelta(t, *want, got.Value, tol, "%s %s", key, scope)
}

func TestCatalogueScoped(t *testing.T) {
	x, h := catalogue.Table(t, "example_flows.csv"), catalogue.Table(t, "example_hospital_flows.csv")
	scoped := func(s []referral.Scoped) map[string]referral.Result {
		out := map[string]referral.Result{}
		for _, r := range s {
			out[r.Scope] = r.Result
		}
		return out
	}
	byOrigin := func(s []referral.Share) map[string]referral.Result {
		out := map[string]referral.Result{}
		for _, r := range s {
			out[r.Origin] = r.Result
		}
		return out
	}
	byDestination := func(s []referral.Share) map[string]referral.Result {
		out := map[string]referral.Result{}
		for _, r := range s {
			out[r.Destination] = r.Result
		}
		return out
	}
	ei, err := flow.EIBetweenOut(h, regional(t))
	require.NoError(t, err)
	travel, err := flow.TravelByOrigin(x, flow.GreatCircles(points(t, "example_networks.csv", "network")), flow.TravelConfig{})
	require.NoError(t, err)
	expert, err := flow.ExpertDirected(x, []string{"B", "E"})
	require.NoError(t, err)
	pooled, err := flow.PooledExpertDirected(x, []string{"B", "E"})
	require.NoError(t, err)
	directed := byOrigin(expert)
	directed["system"] = pooled.Result
	drop := flow.HerfindahlConfig{DropRetained: true}
	cr, crossCR := map[string]referral.Result{}, map[string]referral.Result{}
	for k := 1; k <= 5; k++ {
		cr[strconv.Itoa(k)] = flow.ConcentrationRatio(x, k, flow.VolumeConfig{})
		crossCR[strconv.Itoa(k)] = flow.ConcentrationRatio(x, k, flow.VolumeConfig{DropRetained: true})
	}
	for key, got := range map[string]map[string]referral.Result{
		"A01.none_share":               byOrigin(flow.Retention(x)),
		"A03.origin_total":             scoped(flow.OriginTotals(x)),
		"A03.dest_total":               scoped(flow.DestinationTotals(x)),
		"A03.retained":                 scoped(flow.Retained(x)),
		"A03.outflow":                  scoped(flow.Outflow(x)),
		"A03.inflow":                   scoped(flow.Inflow(x)),
		"A04.net_flow":                 scoped(flow.NetFlow(x)),
		"A04.net_flow_ratio":           scoped(flow.NetFlowRatio(x)),
		"A05.retention":                byOrigin(flow.Retention(x)),
		"A06.dssc":                     byDestination(flow.SelfContainment(x)),
		"A07.commitment_index":         byDestination(flow.SelfContainment(x)),
		"A07.import_dependency":        byDestination(flow.ImportDependency(x)),
		"A08.market_share":             byDestination(flow.MarketShares(x)),
		"A08.external_attraction":      byDestination(flow.ExternalAttraction(x)),
		"A10.import_export_ratio":      scoped(flow.ImportExportRatio(x)),
		"A11.ei_out":                   scoped(flow.EIOut(x)),
		"A11.ei_hospital_out":          scoped(ei),
		"A12.hhi_origin":               scoped(flow.OriginHerfindahl(x, flow.HerfindahlConfig{})),
		"A12.hhi_origin_excl_self":     scoped(flow.OriginHerfindahl(x, drop)),
		"A12.hhi_dest":                 scoped(flow.DestinationHerfindahl(x, flow.HerfindahlConfig{})),
		"A12.hhi_dest_excl_self":       scoped(flow.DestinationHerfindahl(x, drop)),
		"A13.cr_k":                     cr,
		"A13.cr_k_cross":               crossCR,
		"A14.entropy_origin":           scoped(flow.OriginEntropy(x, flow.EntropyConfig{})),
		"A14.evenness_origin_possible": scoped(flow.OriginEntropy(x, flow.EntropyConfig{Form: flow.EvennessPossible})),
		"A24.mean_km_by_origin":        scoped(travel),
		"A28.expert_directed_share":    directed,
	} {
		want, tol := catalogue.Into[map[string]*float64](t, key)
		assert.Len(t, got, len(want), key)
		for scope, w := range want {
			near(t, key, scope, w, got[scope], tol)
		}
	}
}

func TestCatalogueSystem(t *testing.T) {
	x, h := catalogue.Table(t, "example_flows.csv"), catalogue.Table(t, "example_hospital_flows.csv")
	between, err := flow.EIBetween(h, regional(t))
	require.NoError(t, err)
	b, err := flow.Bypass(h, []string{"H3", "H7"}, flow.GreatCircles(points(t, "example_hospitals.csv", "hospital")))
	require.NoError(t, err)
	volume, drop := flow.VolumeConfig{}, flow.HerfindahlConfig{DropRetained: true}
	for key, got := range map[string]referral.Result{
		"A03.total":                   x.Total(),
		"A03.cross_total":             flow.CrossTotal(x),
		"A05.retention_system":        flow.PooledRetention(x).Result,
		"A09.supra_share":             flow.SupraRegional(x).Result,
		"A11.ei_system":               flow.EISystem(x),
		"A11.ei_hospital_system":      between,
		"A12.hhi_market":              flow.MarketHerfindahl(x, flow.HerfindahlConfig{}),
		"A12.hhi_market_cross":        flow.MarketHerfindahl(x, drop),
		"A12.hhi_market_normalised":   flow.MarketHerfindahl(x, flow.HerfindahlConfig{Form: flow.Normalized}),
		"A12.effective_number":        flow.MarketHerfindahl(x, flow.HerfindahlConfig{Form: flow.EffectiveNumber}),
		"A12.hhi_market_hospital":     flow.MarketHerfindahl(h, flow.HerfindahlConfig{}),
		"A14.entropy_market":          flow.MarketEntropy(x, flow.EntropyConfig{}),
		"A14.entropy_market_bits":     flow.MarketEntropy(x, flow.EntropyConfig{Form: flow.Bits}),
		"A14.effective_number":        flow.MarketEntropy(x, flow.EntropyConfig{Form: flow.EffectiveClasses}),
		"A15.gini_dest":               flow.Gini(x, volume),
		"A15.gini_hospital":           flow.Gini(h, volume),
		"A15.hoover_dest":             flow.Hoover(x, volume),
		"A16.reciprocity_weighted":    flow.WeightedReciprocity(x),
		"A16.reciprocity_binary":      flow.BinaryReciprocity(x),
		"A17.flow_hierarchy_weighted": flow.FlowHierarchy(x).Result,
		"A25.bypass_share":            b.Share.Result,
		"A25.excess_km_total":         b.Excess,
	} {
		want, tol := catalogue.Into[float64](t, key)
		near(t, key, "", &want, got, tol)
	}
}

func TestCatalogueMatrices(t *testing.T) {
	x := catalogue.Table(t, "example_flows.csv")
	for key, got := range map[string][]referral.Share{
		"A01.od_share": flow.OriginShares(x), "A01.od_share_among_referred": flow.ReferredShares(x), "A02.dest_share": flow.DestinationShares(x),
	} {
		want, tol := catalogue.Into[map[string]map[string]*float64](t, key)
		assert.Len(t, got, 25)
		for _, s := range got {
			near(t, key, s.Origin+s.Destination, want[s.Origin][s.Destination], s.Result, tol)
		}
	}
	lorenz, tol := catalogue.Into[[][2]float64](t, "A15.lorenz_dest")
	for k, p := range flow.Lorenz(x, flow.VolumeConfig{}) {
		assert.InDelta(t, lorenz[k][0], p.Classes, tol)
		near(t, "A15.lorenz_dest", strconv.Itoa(k), &lorenz[k][1], p.Patients, tol)
	}
}

func TestCataloguePartners(t *testing.T) {
	type dependency struct {
		Partner    string  `json:"partner"`
		OfOutflow  float64 `json:"share_of_outflow"`
		OfPatients float64 `json:"share_of_patients"`
	}
	want, tol := catalogue.Into[map[string]*dependency](t, "A07.max_dependency")
	dominant, _ := catalogue.Into[map[string]*string](t, "A27.dominant")
	for _, p := range flow.Partners(catalogue.Table(t, "example_flows.csv")) {
		w := want[p.Origin]
		if w == nil {
			assert.Empty(t, p.Candidates)
			assert.Equal(t, referral.Undefined, p.OfOutflow.Status)
			assert.Nil(t, dominant[p.Origin])
			continue
		}
		assert.Equal(t, w.Partner, p.Candidates[0], "of tied partners the catalogue has the first")
		assert.Equal(t, p.Origin == "C", p.Tied, "C sends 10 to B and to E")
		assert.Equal(t, *dominant[p.Origin], p.Candidates[0])
		near(t, "A07", p.Origin, &w.OfOutflow, p.OfOutflow, tol)
		near(t, "A07", p.Origin, &w.OfPatients, p.OfPatients, tol)
	}
}

func TestCatalogueTravel(t *testing.T) {
	x, d := catalogue.Table(t, "example_flows.csv"), flow.GreatCircles(points(t, "example_networks.csv", "network"))
	far, tol := catalogue.Into[float64](t, "A24.haversine_A_D")
	assert.InDelta(t, far, d("A", "D"), tol)
	want, tol := catalogue.Into[map[string]float64](t, "A24.burden_all")
	b, err := flow.Travel(x, d, flow.TravelConfig{})
	require.NoError(t, err)
	for key, got := range map[string]referral.Result{
		"patients": b.Patients, "patient_km": b.Total, "mean_km": b.Mean, "median_km": b.Median, "p90_km": b.P90, "max_km": b.Max,
	} {
		w := want[key]
		near(t, "A24.burden_all", key, &w, got, tol)
	}
	nearest, _ := catalogue.Into[map[string]string](t, "A25.nearest_expert")
	for _, n := range flow.NearestOf(catalogue.Table(t, "example_hospital_flows.csv"), []string{"H7", "H3"}, flow.GreatCircles(points(t, "example_hospitals.csv", "hospital"))) {
		assert.Equal(t, nearest[n.Origin], n.Class, n.Origin)
	}
}

func TestCatalogueBackbone(t *testing.T) {
	x := catalogue.Table(t, "example_flows.csv")
	for key, of := range map[string]func(p flow.Prominence) referral.Result{
		"A23.alpha_out": func(p flow.Prominence) referral.Result { return p.Out },
		"A23.alpha_in":  func(p flow.Prominence) referral.Result { return p.In },
	} {
		want, tol := catalogue.Into[map[string]map[string]*float64](t, key)
		for _, p := range flow.Backbone(x, 0) {
			near(t, key, p.Origin+p.Destination, want[p.Origin][p.Destination], of(p), tol)
		}
	}
	for key, level := range map[string]float64{"A23.backbone_or_0.05": 0, "A23.backbone_or_0.20": 0.2} {
		want, _ := catalogue.Into[[]string](t, key)
		got := []string{}
		for _, p := range flow.Backbone(x, level) {
			require.NotEqual(t, flow.Undecided, p.Decision)
			if p.Decision == flow.Kept {
				got = append(got, p.Origin+p.Destination)
			}
		}
		assert.Equal(t, want, got, key)
	}
}

// The interval example has the counts 1 to 4 known as [1, 4] only.
func TestCatalogueF18(t *testing.T) {
	x := catalogue.Table(t, "example_flows_interval.csv")
	all := map[string]referral.Result{"flow_hierarchy_weighted": flow.FlowHierarchy(x).Result}
	for _, s := range flow.Retention(x) {
		all["retention."+s.Origin] = s.Result
	}
	for _, s := range flow.SelfContainment(x) {
		all["dssc."+s.Destination] = s.Result
	}
	for _, s := range flow.OriginShares(x) {
		all["od_share."+s.Origin+">"+s.Destination] = s.Result
	}
	for name, list := range map[string][]referral.Scoped{
		"net_flow.": flow.NetFlow(x), "hhi_origin.": flow.OriginHerfindahl(x, flow.HerfindahlConfig{}),
		"entropy_origin.": flow.OriginEntropy(x, flow.EntropyConfig{}),
	} {
		for _, s := range list {
			all[name+s.Scope] = s.Result
		}
	}
	for _, key := range []string{
		"flow_hierarchy_weighted", "od_share.A>D",
		"retention.A", "retention.B", "retention.C", "retention.D", "dssc.A", "dssc.B", "dssc.C", "dssc.D", "dssc.E",
		"net_flow.A", "net_flow.B", "net_flow.C", "net_flow.D", "net_flow.E",
		"hhi_origin.A", "hhi_origin.B", "hhi_origin.C", "entropy_origin.A", "entropy_origin.B", "entropy_origin.C",
	} {
		want, tol := catalogue.Into[[2]float64](t, "F18.interval."+key)
		assert.InDelta(t, want[0], all[key].Lo, tol, key)
		assert.InDelta(t, want[1], all[key].Hi, tol, key)
	}
}

// withOrigins adds the row totals of the complete example.
func withOrigins(t *testing.T, x *referral.Table, origins ...string) *referral.Table {
	t.Helper()
	full := catalogue.Table(t, "example_flows.csv")
	totals := referral.Totals{Origins: map[string]referral.Cell{}}
	for _, o := range origins {
		totals.Origins[o] = referral.Count(full.OriginTotal(o).Value)
	}
	out, err := x.WithTotals(totals)
	require.NoError(t, err)
	return out
}

func TestCatalogueF18KnownTotal(t *testing.T) {
	x := withOrigins(t, catalogue.Table(t, "example_flows_interval.csv"), "A")
	var want struct {
		Cell   [2]float64 `json:"cell_AD"`
		Status string     `json:"status"`
	}
	want, _ = catalogue.Into[struct {
		Cell   [2]float64 `json:"cell_AD"`
		Status string     `json:"status"`
	}](t, "F18.row_A_known_total")
	for _, c := range flow.Cells(x) {
		if c.Origin == "A" && c.Destination == "D" {
			assert.Equal(t, want.Cell, [2]float64{c.Lo, c.Hi})
			assert.Equal(t, want.Status, c.Status.String())
		} else {
			assert.NotEqual(t, referral.Disclosed, c.Status)
		}
	}
	assert.Equal(t, referral.Disclosed, flow.SupraRegional(x).Status)
	for _, s := range flow.OriginHerfindahl(x, flow.HerfindahlConfig{}) {
		assert.Equal(t, referral.Disclosed, s.Status)
	}

	// Row D: two cells of [1, 4] that sum to 5.
	x = withOrigins(t, catalogue.Table(t, "example_flows_interval.csv"), "D")
	assert.Equal(t, referral.Bounded, flow.SupraRegional(x).Status)
}

func TestCatalogueF17Bounds(t *testing.T) {
	file, err := os.Open(filepath.Join(catalogue.Folder(t), "example_flows_presence.csv"))
	require.NoError(t, err)
	defer file.Close()
	x, err := referral.ReadTable(t.Context(), file, referral.TableConfig{Absent: referral.AbsentZero})
	require.NoError(t, err)
	lower, tol := catalogue.Into[map[string]*float64](t, "F17.presence_hhi_lower_unknown_total")
	for _, s := range flow.OriginHerfindahl(x, flow.HerfindahlConfig{}) {
		assert.InDelta(t, *lower[s.Scope], s.Lo, tol)
		assert.InDelta(t, 1, s.Hi, tol)
	}
	x = withOrigins(t, x, "A", "B", "C", "D")
	share, tol := catalogue.Into[map[string]*[2]float64](t, "F17.presence_share_bounds")
	for _, s := range flow.OriginShares(x) {
		if x.Cell(s.Origin, s.Destination).State == referral.Present {
			assert.InDelta(t, share[s.Origin][0], s.Lo, tol)
			assert.InDelta(t, share[s.Origin][1], s.Hi, tol)
		}
	}
	supra, tol := catalogue.Into[[2]float64](t, "F17.presence_supra_bounds")
	got := flow.SupraRegional(x)
	assert.InDelta(t, supra[0], got.Lo, tol)
	assert.InDelta(t, supra[1], got.Hi, tol)
}
