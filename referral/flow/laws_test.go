// SPDX-License-Identifier: Apache-2.0

package flow_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/internal/catalogue"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/flow"
)

// changed makes the table of the same bounds with other labels, order or counts.
func (b boxed) changed(t require.TestingT, label func(i int) string, factor float64, transpose bool) *referral.Table {
	var flows []referral.Flow
	for i := range b.lo {
		for j := range b.lo {
			o, d := label(i), label(j)
			if transpose {
				o, d = d, o
			}
			flows = append(flows, referral.Flow{Origin: o, Destination: d, Cell: referral.Between(factor*b.lo[i][j], factor*b.hi[i][j])})
		}
	}
	out, err := referral.FromFlows(referral.Meta{}, referral.AbsentZero, slices.Values(flows))
	require.NoError(t, err)
	return out
}

func name(i int) string { return string(rune('A' + i)) }

func requireSame(t require.TestingT, want, got referral.Result, what string) {
	require.Equal(t, want.Status, got.Status, what)
	if !math.IsNaN(want.Lo) {
		require.InDelta(t, want.Lo, got.Lo, closeEnough, what)
		require.InDelta(t, want.Hi, got.Hi, closeEnough, what)
	}
}

func TestRelabeling(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := anyBoxed(t)
		n := len(b.lo)
		order := rapid.Permutation([]int{0, 1, 2, 3}[:n]).Draw(t, "order")
		x := b.table.WithoutTotals()
		y := b.changed(t, func(i int) string { return name(slices.Index(sortedCopy(order), order[i])) }, 1, false)
		for _, pair := range [][2][]referral.Scoped{
			{flow.NetFlowRatio(x), flow.NetFlowRatio(y)}, {flow.EITotal(x), flow.EITotal(y)},
			{flow.OriginHerfindahl(x, flow.HerfindahlConfig{}), flow.OriginHerfindahl(y, flow.HerfindahlConfig{})},
		} {
			for i, r := range pair[0] {
				requireSame(t, r.Result, pair[1][order[i]].Result, r.Scope)
			}
		}
		requireSame(t, flow.Gini(x, flow.VolumeConfig{}), flow.Gini(y, flow.VolumeConfig{}), "Gini")
		requireSame(t, flow.SupraRegional(x).Result, flow.SupraRegional(y).Result, "SupraRegional")
	})
}

func sortedCopy(x []int) []int { return slices.Sorted(slices.Values(x)) }

// Rows become columns: shares of origins are shares of destinations, retention
// is self-containment, and a net flow changes sign.
func TestTransposition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := anyBoxed(t)
		x, y := b.table.WithoutTotals(), b.changed(t, name, 1, true)
		n := len(b.lo)
		a, c := flow.OriginShares(x), flow.DestinationShares(y)
		for i := range n {
			for j := range n {
				want, got := a[i*n+j].Result, c[j*n+i].Result
				requireSame(t, want, got, "share")
			}
		}
		r, s := flow.Retention(x), flow.SelfContainment(y)
		f, g := flow.NetFlow(x), flow.NetFlow(y)
		for i := range n {
			requireSame(t, r[i].Result, s[i].Result, "retention")
			require.InDelta(t, f[i].Lo, -g[i].Hi, closeEnough)
		}
	})
}

// Measures without a unit do not change when all counts are multiplied.
func TestScaling(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := anyBoxed(t)
		for i := range b.lo { // exact tables: between bounds scaled counts are fewer
			copy(b.lo[i], b.truth[i])
			copy(b.hi[i], b.truth[i])
		}
		x, y := b.changed(t, name, 1, false), b.changed(t, name, 7, false)
		requireSame(t, flow.Gini(x, flow.VolumeConfig{}), flow.Gini(y, flow.VolumeConfig{}), "Gini")
		requireSame(t, flow.MarketEntropy(x, flow.EntropyConfig{}), flow.MarketEntropy(y, flow.EntropyConfig{}), "entropy")
		requireSame(t, flow.SupraRegional(x).Result, flow.SupraRegional(y).Result, "supra")
		for i, r := range flow.NetFlowRatio(x) {
			requireSame(t, r.Result, flow.NetFlowRatio(y)[i].Result, "net")
		}
	})
}

// The total does not change when classes are put together, and what left a group
// still does.
func TestAggregationKeepsPooledValues(t *testing.T) {
	h := catalogue.Table(t, "example_hospital_flows.csv")
	whole, err := flow.Decompose(h, regional(t))
	require.NoError(t, err)
	n, err := h.Aggregate(regional(t))
	require.NoError(t, err)
	assert.InDelta(t, flow.SupraRegional(n).Value, whole.OtherGroup.Value, closeEnough)
	assert.InDelta(t, flow.SupraRegional(h).Value, whole.OtherGroup.Value+whole.SameGroup.Value, closeEnough)
	assert.InDelta(t, 1, whole.SameClass.Value+whole.SameGroup.Value+whole.OtherGroup.Value, closeEnough)
	_, err = network.NewPartition("some", map[string]string{"H1": "A"})
	require.NoError(t, err)
	some, err := network.NewPartition("some", map[string]string{"H1": "A"})
	require.NoError(t, err)
	_, err = flow.Decompose(h, some)
	require.ErrorIs(t, err, referral.ErrNoClass)
}

// Bounds hold for the truth of larger tables with hidden cells, with set-valued
// destinations, and where nothing is known of some cells.
func TestBoundsHoldTruth(t *testing.T) {
	list := oracles()
	r := rand.New(rand.NewPCG(7, 7))
	for range 150 {
		n := 3 + r.IntN(6)
		truth := make(matrix, n)
		var flows []referral.Flow
		for i := range n {
			truth[i] = make([]float64, n)
			for j := range n {
				truth[i][j] = float64(r.IntN(7) * r.IntN(4))
			}
			toSet := r.IntN(3) == 0 && i > 1
			for j := range n {
				c := referral.Count(truth[i][j])
				switch k := r.IntN(8); {
				case toSet && j < 2:
					continue
				case k < 2 && truth[i][j] >= 1 && truth[i][j] <= 4:
					c = referral.Between(1, 4)
				case k == 2 && truth[i][j] > 0:
					c = referral.PresentCell()
				case k == 3:
					c = referral.MissingCell()
				}
				flows = append(flows, referral.Flow{Origin: name(i), Destination: name(j), Cell: c})
			}
			if toSet {
				flows = append(flows, referral.Flow{Origin: name(i), Destination: "A / B", Members: []string{"A", "B"}, Cell: referral.Count(truth[i][0] + truth[i][1])})
			}
		}
		table, err := referral.FromFlows(referral.Meta{}, referral.AbsentZero, slices.Values(flows))
		require.NoError(t, err)
		x := referral.Totals{Origins: map[string]referral.Cell{}}
		for i := range n {
			if r.IntN(2) == 0 {
				x.Origins[name(i)] = referral.Count(truth.row(i))
			}
		}
		totals, err := table.WithTotals(x)
		require.NoError(t, err)
		for _, y := range []*referral.Table{table, totals} {
			if flow.SupraRegional(y).Status == referral.Disclosed {
				continue
			}
			sets := len(y.Destinations()) > n
			for _, o := range list {
				got, want := o.got(y), o.of(truth)
				if sets && (o.name == "OriginShares" || o.name == "ReferredShares" || o.name[0] == 'P') {
					continue // by label, of which the set is one more
				}
				for k, v := range want {
					if math.IsNaN(v) {
						continue
					}
					require.NotEqual(t, referral.Undefined, got[k].Status, o.name)
					require.False(t, math.IsNaN(got[k].Lo), "%s %d %v", o.name, k, got[k])
					require.LessOrEqual(t, got[k].Lo, v+closeEnough, "%s %d\n%v\n%v", o.name, k, truth, got[k])
					require.GreaterOrEqual(t, got[k].Hi, v-closeEnough, "%s %d\n%v\n%v", o.name, k, truth, got[k])
				}
			}
		}
	}
}

// Nothing that is not known is taken as zero: a published figure with presence
// only, of which unlisted pairs may have patients, says nothing about shares.
func TestPresenceOnlyFigure(t *testing.T) {
	x := catalogue.Table(t, figures["fig5_2"].file)
	for _, s := range flow.Retention(x) {
		assert.Equal(t, referral.Bounded, s.Status)
		assert.Equal(t, [2]float64{0, 1}, [2]float64{s.Lo, s.Hi}, s.Origin)
		assert.Equal(t, referral.ReasonUnlisted, s.Reason)
	}
	for _, s := range flow.NetFlow(x) {
		assert.True(t, math.IsInf(s.Lo, -1) && math.IsInf(s.Hi, 1), "%v", s)
	}
	b, err := flow.Travel(x, func(string, string) float64 { return 10 }, flow.TravelConfig{})
	require.NoError(t, err)
	assert.Equal(t, [2]float64{0, 10}, [2]float64{b.Mean.Lo, b.Mean.Hi})
	assert.True(t, math.IsInf(b.Total.Hi, 1))
	b, err = flow.Travel(x, func(string, string) float64 { return math.NaN() }, flow.TravelConfig{})
	require.NoError(t, err)
	assert.Equal(t, referral.ReasonNoDistance, b.Mean.Reason)
}

func TestZeroTable(t *testing.T) {
	x := table(t, "origin,destination,count\nA,A,0\nA,B,0\nB,A,0\n", referral.TableConfig{})
	for _, o := range oracles() {
		for _, r := range o.got(x) {
			switch o.name {
			case "OriginTotals", "DestinationTotals", "Outflow", "Inflow", "Retained", "CrossTotal", "NetFlow", "LogImportExportRatio", "Travel total":
				assert.Equal(t, 0.0, r.Value, o.name)
			default:
				assert.Equal(t, referral.Undefined, r.Status, "%s %v", o.name, r)
			}
		}
	}
	empty, err := referral.FromFlows(referral.Meta{}, referral.AbsentZero, func(func(referral.Flow) bool) {})
	require.NoError(t, err)
	everything(empty, func(string, string) float64 { return 1 }, nil)
	assert.Equal(t, referral.Undefined, flow.SupraRegional(empty).Status)
}

// Patients who were not treated, or whose first visit is not known, are in no
// share; a published total has them.
func TestClassesBesideCare(t *testing.T) {
	x := table(t, "origin,destination,count,lower,upper\nA,A,6,,\nA,B,,1,9\nA,untreated,4,,\norigin_unknown,B,5,,\nB,B,2,,\nA,total,13,,\n",
		referral.TableConfig{Suppressed: nil})
	assert.Equal(t, referral.Disclosed, flow.SupraRegional(x).Status, "13 - 6 - 4 are left for the interval")
	x = table(t, "origin,destination,count,lower,upper\nA,A,,1,9\nA,B,,1,9\nA,untreated,4,,\norigin_unknown,B,5,,\nB,B,2,,\nA,total,13,,\n", referral.TableConfig{})
	assert.Equal(t, 9.0, flow.OriginTotals(x)[0].Value)
	assert.Equal(t, []string{"A", "B"}, []string{flow.OriginTotals(x)[0].Scope, flow.OriginTotals(x)[1].Scope})
	assert.Equal(t, "[1, 8]", fmt.Sprint(flow.Outflow(x)[0].Result))
	assert.Equal(t, "[3, 10]", fmt.Sprint(flow.DestinationTotals(x)[1].Result))
}

func TestMoreConfigs(t *testing.T) {
	x := table(t, "origin,destination,count\nA,A,6\nA,B,2\nB,B,4\nB,C,0\nC,C,0\n", referral.TableConfig{})
	assert.InDelta(t, (36+36)/144.0, flow.MarketHerfindahl(x, flow.HerfindahlConfig{}).Value, closeEnough)
	assert.InDelta(t, 0, flow.Gini(x, flow.VolumeConfig{ActiveOnly: true}).Value, closeEnough, "A and B have 6 each")
	assert.InDelta(t, 1.0/3, flow.Gini(x, flow.VolumeConfig{}).Value, closeEnough)
	assert.InDelta(t, 0.5, flow.Gini(x, flow.VolumeConfig{SmallSample: true}).Value, closeEnough)
	assert.InDelta(t, 0, flow.Hoover(x, flow.VolumeConfig{ActiveOnly: true}).Value, closeEnough)
	assert.Len(t, flow.Lorenz(x, flow.VolumeConfig{ActiveOnly: true}), 3)
	j := flow.OriginEntropy(x, flow.EntropyConfig{Form: flow.EvennessObserved})
	assert.InDelta(t, entropy([]float64{6, 2})/math.Ln2, j[0].Value, closeEnough)
	assert.Equal(t, referral.ReasonOneClass, j[1].Reason)
	assert.Equal(t, referral.ReasonZeroRow, j[2].Reason)
	mm := flow.MarketEntropy(x, flow.EntropyConfig{Form: flow.MillerMadow})
	assert.InDelta(t, math.Ln2+1.0/24, mm.Value, closeEnough)
	_, err := flow.Travel(x, nil, flow.TravelConfig{Detour: 0.5})
	require.ErrorIs(t, err, flow.ErrTravel)
	_, err = flow.ExpertDirected(x, []string{"Z"})
	require.ErrorIs(t, err, referral.ErrNoClass)
	s, err := flow.RetainedByOthers(x, []string{"A"})
	require.NoError(t, err)
	assert.InDelta(t, 4.0/12, s.Value, closeEnough)
}
