// SPDX-License-Identifier: Apache-2.0

package flow_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/flow"
)

// suppressed makes a table of n classes of which a part of the cells is known as
// [1, 4] only; the truth lies in the bounds.
func suppressed(t require.TestingT, n int, part float64, totals bool) *referral.Table {
	r := rand.New(rand.NewPCG(1, uint64(n)))
	x := referral.Totals{Origins: map[string]referral.Cell{}}
	table, err := referral.FromFlows(referral.Meta{}, referral.AbsentZero, func(yield func(referral.Flow) bool) {
		for i := range n {
			sum := 0
			for j := range n {
				count := r.IntN(30)
				if i == j {
					count += 100
				}
				c := referral.Count(float64(count))
				if r.Float64() < part {
					count = 1 + r.IntN(4)
					c = referral.Between(1, 4)
				}
				sum += count
				if !yield(referral.Flow{Origin: fmt.Sprintf("H%03d", i), Destination: fmt.Sprintf("H%03d", j), Cell: c}) {
					return
				}
			}
			x.Origins[fmt.Sprintf("H%03d", i)] = referral.Count(float64(sum))
		}
	})
	require.NoError(t, err)
	if totals {
		table, err = table.WithTotals(x)
		require.NoError(t, err)
	}
	return table
}

// everything computes each measure once.
func everything(t *referral.Table, d flow.Distances, experts []string) {
	flow.Cells(t)
	flow.OriginShares(t)
	flow.ReferredShares(t)
	flow.DestinationShares(t)
	flow.Retention(t)
	flow.PooledRetention(t)
	flow.MeanRetention(t)
	flow.SelfContainment(t)
	flow.ImportDependency(t)
	flow.MarketShares(t)
	flow.ExternalAttraction(t)
	flow.AttractionRatio(t)
	flow.SupraRegional(t)
	flow.OriginTotals(t)
	flow.DestinationTotals(t)
	flow.Outflow(t)
	flow.Inflow(t)
	flow.Retained(t)
	flow.CrossTotal(t)
	flow.NetFlow(t)
	flow.NetFlowRatio(t)
	flow.MigrationEffectiveness(t)
	flow.ImportExportRatio(t)
	flow.LogImportExportRatio(t)
	flow.EIOut(t)
	flow.EITotal(t)
	flow.EISystem(t)
	for _, drop := range []bool{false, true} {
		for f := flow.PlugIn; f <= flow.Unbiased; f++ {
			c := flow.HerfindahlConfig{DropRetained: drop, Form: f}
			flow.OriginHerfindahl(t, c)
			flow.DestinationHerfindahl(t, c)
			flow.MarketHerfindahl(t, c)
		}
		for f := flow.Nats; f <= flow.MillerMadow; f++ {
			c := flow.EntropyConfig{DropRetained: drop, Form: f}
			flow.OriginEntropy(t, c)
			flow.DestinationEntropy(t, c)
			flow.MarketEntropy(t, c)
		}
		c := flow.VolumeConfig{DropRetained: drop}
		flow.ConcentrationRatio(t, 4, c)
		flow.Gini(t, c)
		flow.Hoover(t, c)
		flow.Lorenz(t, c)
		_, _ = flow.Travel(t, d, flow.TravelConfig{DropRetained: drop})
		_, _ = flow.TravelByOrigin(t, d, flow.TravelConfig{DropRetained: drop})
	}
	_, _ = flow.Bypass(t, experts, d)
	_, _ = flow.ExpertDirected(t, experts)
	_, _ = flow.PooledExpertDirected(t, experts)
	_, _ = flow.RetainedByOthers(t, experts)
	flow.Partners(t)
	flow.BinaryReciprocity(t)
	flow.WeightedReciprocity(t)
	flow.FlowHierarchy(t)
	flow.Backbone(t, 0)
	flow.InDegree(t)
	flow.OutDegree(t)
}

// BenchmarkMeasures computes all measures, in all forms, with 30 percent of the
// cells unknown.
func BenchmarkMeasures(b *testing.B) {
	d := func(o, to string) float64 { return float64((int(o[3])*7+int(to[3])*3+int(to[2]))%50 + 1) }
	for _, n := range []int{10, 80} {
		for _, totals := range []bool{false, true} {
			b.Run(fmt.Sprintf("n=%d/totals=%t", n, totals), func(b *testing.B) {
				t := suppressed(b, n, 0.3, totals)
				experts := t.Classes()[:3]
				b.ReportAllocs()
				for b.Loop() {
					everything(t, d, experts)
				}
			})
		}
	}
}
