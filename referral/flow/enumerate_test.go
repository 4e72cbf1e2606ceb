// SPDX-License-Identifier: Apache-2.0

package flow_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/internal/catalogue"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/flow"
)

// Published totals in a test.
const (
	byRows = 1 << iota
	byCols
	byAll
)

// oracle is a measure and where its bounds are promised to be exact: for which
// published totals, beside none.
type oracle struct {
	name  string
	of    func(f matrix) []float64
	got   func(t *referral.Table) []referral.Result
	exact []int
}

func one(r referral.Result) []referral.Result { return []referral.Result{r} }

func scopes(s []referral.Scoped) []referral.Result {
	out := make([]referral.Result, len(s))
	for i, r := range s {
		out[i] = r.Result
	}
	return out
}

func shares(s []referral.Share) []referral.Result {
	out := make([]referral.Result, len(s))
	for i, r := range s {
		out[i] = r.Result
	}
	return out
}

func single(f func(f matrix) float64) func(f matrix) []float64 {
	return func(x matrix) []float64 { return []float64{f(x)} }
}

func perRow(f func(x matrix, i int) float64) func(x matrix) []float64 {
	return func(x matrix) []float64 { return each(len(x), func(i int) float64 { return f(x, i) }) }
}

func classIndex(label string) int { return int(label[0] - 'A') }

func oracles() []oracle {
	rows, cols, pooled, volumes := []int{byRows}, []int{byCols}, []int{byRows, byCols, byAll}, []int{byCols, byAll}
	net := func(x matrix, i int) (in, out float64) { return x.col(i) - x[i][i], x.row(i) - x[i][i] }
	d := func(o, to string) float64 { return far(classIndex(o), classIndex(to)) }
	burden := func(f func(b flow.Burden) referral.Result) func(t *referral.Table) []referral.Result {
		return func(t *referral.Table) []referral.Result {
			b, err := flow.Travel(t, d, flow.TravelConfig{})
			if err != nil {
				panic(err)
			}
			return one(f(b))
		}
	}
	drop, volume, cross := flow.HerfindahlConfig{DropRetained: true}, flow.VolumeConfig{}, flow.VolumeConfig{DropRetained: true}
	return []oracle{
		{"OriginShares", func(x matrix) []float64 {
			var out []float64
			for i := range x {
				for j := range x {
					out = append(out, over(x[i][j], x.row(i)))
				}
			}
			return out
		}, func(t *referral.Table) []referral.Result { return shares(flow.OriginShares(t)) }, rows},
		{"ReferredShares", func(x matrix) []float64 {
			var out []float64
			for i := range x {
				for j := range x {
					v := x[i][j]
					if i == j {
						v = 0
					}
					out = append(out, over(v, x.row(i)-x[i][i]))
				}
			}
			return out
		}, func(t *referral.Table) []referral.Result { return shares(flow.ReferredShares(t)) }, rows},
		{"DestinationShares", func(x matrix) []float64 {
			var out []float64
			for i := range x {
				for j := range x {
					out = append(out, over(x[i][j], x.col(j)))
				}
			}
			return out
		}, func(t *referral.Table) []referral.Result { return shares(flow.DestinationShares(t)) }, cols},
		{"Retention", perRow(func(x matrix, i int) float64 { return over(x[i][i], x.row(i)) }),
			func(t *referral.Table) []referral.Result { return shares(flow.Retention(t)) }, rows},
		{"SelfContainment", perRow(func(x matrix, i int) float64 { return over(x[i][i], x.col(i)) }),
			func(t *referral.Table) []referral.Result { return shares(flow.SelfContainment(t)) }, cols},
		{"ImportDependency", perRow(func(x matrix, i int) float64 { return over(x.col(i)-x[i][i], x.col(i)) }),
			func(t *referral.Table) []referral.Result { return shares(flow.ImportDependency(t)) }, cols},
		{"PooledRetention", single(func(x matrix) float64 { return over(x.kept(), x.total()) }),
			func(t *referral.Table) []referral.Result { return one(flow.PooledRetention(t).Result) }, pooled},
		{"SupraRegional", single(func(x matrix) float64 { return over(x.total()-x.kept(), x.total()) }),
			func(t *referral.Table) []referral.Result { return one(flow.SupraRegional(t).Result) }, pooled},
		{"EISystem", single(func(x matrix) float64 { return over(x.total()-2*x.kept(), x.total()) }),
			func(t *referral.Table) []referral.Result { return one(flow.EISystem(t)) }, pooled},
		{"MeanRetention", single(func(x matrix) float64 {
			s, n := 0.0, 0.0
			for i := range x {
				if r := x.row(i); r > 0 {
					s, n = s+x[i][i]/r, n+1
				}
			}
			return over(s, n)
		}), func(t *referral.Table) []referral.Result { return one(flow.MeanRetention(t).Result) }, rows},
		{"MarketShares", func(x matrix) []float64 {
			return each(len(x), func(j int) float64 { return over(x.col(j), x.total()) })
		}, func(t *referral.Table) []referral.Result { return shares(flow.MarketShares(t)) }, volumes},
		{"ExternalAttraction", perRow(func(x matrix, i int) float64 { return over(x.col(i)-x[i][i], x.total()-x.kept()) }),
			func(t *referral.Table) []referral.Result { return shares(flow.ExternalAttraction(t)) }, nil},
		{"OriginTotals", perRow(func(x matrix, i int) float64 { return x.row(i) }),
			func(t *referral.Table) []referral.Result { return scopes(flow.OriginTotals(t)) }, pooled},
		{"DestinationTotals", perRow(func(x matrix, i int) float64 { return x.col(i) }),
			func(t *referral.Table) []referral.Result { return scopes(flow.DestinationTotals(t)) }, pooled},
		{"Outflow", perRow(func(x matrix, i int) float64 { return x.row(i) - x[i][i] }),
			func(t *referral.Table) []referral.Result { return scopes(flow.Outflow(t)) }, pooled},
		{"Inflow", perRow(func(x matrix, i int) float64 { return x.col(i) - x[i][i] }),
			func(t *referral.Table) []referral.Result { return scopes(flow.Inflow(t)) }, pooled},
		{"Retained", perRow(func(x matrix, i int) float64 { return x[i][i] }),
			func(t *referral.Table) []referral.Result { return scopes(flow.Retained(t)) }, pooled},
		{"CrossTotal", single(func(x matrix) float64 { return x.total() - x.kept() }),
			func(t *referral.Table) []referral.Result { return one(flow.CrossTotal(t)) }, nil},
		{"NetFlow", perRow(func(x matrix, i int) float64 { in, out := net(x, i); return in - out }),
			func(t *referral.Table) []referral.Result { return scopes(flow.NetFlow(t)) }, []int{byRows, byCols}},
		{"NetFlowRatio", perRow(func(x matrix, i int) float64 { in, out := net(x, i); return over(in-out, in+out) }),
			func(t *referral.Table) []referral.Result { return scopes(flow.NetFlowRatio(t)) }, []int{byRows, byCols}},
		{"ImportExportRatio", perRow(func(x matrix, i int) float64 { in, out := net(x, i); return over(in, out) }),
			func(t *referral.Table) []referral.Result { return scopes(flow.ImportExportRatio(t)) }, []int{byRows, byCols}},
		{"LogImportExportRatio", perRow(func(x matrix, i int) float64 { in, out := net(x, i); return math.Log((in + 0.5) / (out + 0.5)) }),
			func(t *referral.Table) []referral.Result { return scopes(flow.LogImportExportRatio(t)) }, []int{byRows, byCols}},
		{"AttractionRatio", perRow(func(x matrix, i int) float64 { return over(x.col(i), x.row(i)) }),
			func(t *referral.Table) []referral.Result { return scopes(flow.AttractionRatio(t)) }, []int{byRows, byCols}},
		{"EITotal", perRow(func(x matrix, i int) float64 { in, out := net(x, i); return over(in+out-x[i][i], in+out+x[i][i]) }),
			func(t *referral.Table) []referral.Result { return scopes(flow.EITotal(t)) }, []int{byRows, byCols}},
		{"OriginHerfindahl", perRow(func(x matrix, i int) float64 { return hhi(x[i]) }),
			func(t *referral.Table) []referral.Result {
				return scopes(flow.OriginHerfindahl(t, flow.HerfindahlConfig{}))
			}, rows},
		{"OriginHerfindahl cross", perRow(func(x matrix, i int) float64 { return hhi(without(x[i], i)) }),
			func(t *referral.Table) []referral.Result { return scopes(flow.OriginHerfindahl(t, drop)) }, nil},
		{"OriginHerfindahl unbiased", perRow(func(x matrix, i int) float64 { return unbiased(x[i]) }),
			func(t *referral.Table) []referral.Result {
				return scopes(flow.OriginHerfindahl(t, flow.HerfindahlConfig{Form: flow.Unbiased}))
			}, rows},
		{"DestinationHerfindahl", perRow(func(x matrix, i int) float64 { return hhi(x.column(i)) }),
			func(t *referral.Table) []referral.Result {
				return scopes(flow.DestinationHerfindahl(t, flow.HerfindahlConfig{}))
			}, cols},
		{"MarketHerfindahl", single(func(x matrix) float64 { return hhi(x.cols()) }),
			func(t *referral.Table) []referral.Result {
				return one(flow.MarketHerfindahl(t, flow.HerfindahlConfig{}))
			}, volumes},
		{"MarketHerfindahl cross", single(func(x matrix) float64 { return hhi(x.inflows()) }),
			func(t *referral.Table) []referral.Result { return one(flow.MarketHerfindahl(t, drop)) }, nil},
		{"MarketHerfindahl unbiased", single(func(x matrix) float64 { return unbiased(x.cols()) }),
			func(t *referral.Table) []referral.Result {
				return one(flow.MarketHerfindahl(t, flow.HerfindahlConfig{Form: flow.Unbiased}))
			}, volumes},
		{"OriginEntropy", perRow(func(x matrix, i int) float64 { return entropy(x[i]) }),
			func(t *referral.Table) []referral.Result { return scopes(flow.OriginEntropy(t, flow.EntropyConfig{})) }, rows},
		{"MarketEntropy", single(func(x matrix) float64 { return entropy(x.cols()) }),
			func(t *referral.Table) []referral.Result { return one(flow.MarketEntropy(t, flow.EntropyConfig{})) }, volumes},
		{"ConcentrationRatio 1", single(func(x matrix) float64 { return topShare(x.cols(), 1) }),
			func(t *referral.Table) []referral.Result { return one(flow.ConcentrationRatio(t, 1, volume)) }, volumes},
		{"ConcentrationRatio 2", single(func(x matrix) float64 { return topShare(x.inflows(), 2) }),
			func(t *referral.Table) []referral.Result { return one(flow.ConcentrationRatio(t, 2, cross)) }, nil},
		{"Gini", single(func(x matrix) float64 { return giniOf(x.cols()) }),
			func(t *referral.Table) []referral.Result { return one(flow.Gini(t, volume)) }, volumes},
		{"Gini cross", single(func(x matrix) float64 { return giniOf(x.inflows()) }),
			func(t *referral.Table) []referral.Result { return one(flow.Gini(t, cross)) }, nil},
		{"Hoover", single(func(x matrix) float64 { return hooverOf(x.cols()) }),
			func(t *referral.Table) []referral.Result { return one(flow.Hoover(t, volume)) }, volumes},
		{"WeightedReciprocity", single(matrix.reciprocity),
			func(t *referral.Table) []referral.Result { return one(flow.WeightedReciprocity(t)) }, nil},
		{"BinaryReciprocity", single(matrix.arcs),
			func(t *referral.Table) []referral.Result { return one(flow.BinaryReciprocity(t)) }, nil},
		{"Partners of outflow", perRow(func(x matrix, i int) float64 { return topShare(without(x[i], i), 1) }),
			func(t *referral.Table) []referral.Result {
				var out []referral.Result
				for _, p := range flow.Partners(t) {
					out = append(out, p.OfOutflow)
				}
				return out
			}, rows},
		{"Partners of patients", perRow(func(x matrix, i int) float64 {
			if y := without(x[i], i); sumOf(y) > 0 {
				return slices.Max(y) / x.row(i)
			}
			return math.NaN()
		}), func(t *referral.Table) []referral.Result {
			var out []referral.Result
			for _, p := range flow.Partners(t) {
				out = append(out, p.OfPatients)
			}
			return out
		}, rows},
		{"Travel total", single(matrix.km), burden(func(b flow.Burden) referral.Result { return b.Total }), rows},
		{"Travel mean", single(func(x matrix) float64 { return over(x.km(), x.total()) }), burden(func(b flow.Burden) referral.Result { return b.Mean }), rows},
		{"Travel median", single(func(x matrix) float64 { return x.quantile(0.5) }), burden(func(b flow.Burden) referral.Result { return b.Median }), rows},
		{"Travel P90", single(func(x matrix) float64 { return x.quantile(0.9) }), burden(func(b flow.Burden) referral.Result { return b.P90 }), rows},
		{"Travel max", single(func(x matrix) float64 { return x.quantile(1) }), burden(func(b flow.Burden) referral.Result { return b.Max }), rows},
		{"MigrationEffectiveness", single(matrix.effectiveness),
			func(t *referral.Table) []referral.Result { return one(flow.MigrationEffectiveness(t)) }, []int{-1}},
	}
}

// boxed is a small table with its bounds and totals, made from a true one.
type boxed struct {
	truth, lo, hi matrix
	totals        int
	table         *referral.Table
}

func anyBoxed(t *rapid.T) boxed {
	n := rapid.IntRange(2, 4).Draw(t, "n")
	b := boxed{totals: rapid.SampledFrom([]int{0, 0, byRows, byCols, byAll, byRows | byCols, byRows | byCols | byAll}).Draw(t, "totals")}
	work := 1
	var flows []referral.Flow
	for i := range n {
		for _, m := range []*matrix{&b.truth, &b.lo, &b.hi} {
			*m = append(*m, make([]float64, n))
		}
		for j := range n {
			lo := float64(rapid.SampledFrom([]int{0, 0, 1, 1, 2, 5, 9}).Draw(t, "lo"))
			width := 0
			if rapid.IntRange(0, 2).Draw(t, "known") == 0 {
				width = rapid.IntRange(1, 4).Draw(t, "width")
			}
			if work *= width + 1; work > 3000 {
				work, width = work/(width+1), 0
			}
			b.lo[i][j], b.hi[i][j] = lo, lo+float64(width)
			b.truth[i][j] = lo + float64(rapid.IntRange(0, width).Draw(t, "count"))
			flows = append(flows, referral.Flow{Origin: string(rune('A' + i)), Destination: string(rune('A' + j)), Cell: referral.Between(b.lo[i][j], b.hi[i][j])})
		}
	}
	table, err := referral.FromFlows(referral.Meta{}, referral.AbsentZero, slices.Values(flows))
	require.NoError(t, err)
	x := referral.Totals{Origins: map[string]referral.Cell{}, Destinations: map[string]referral.Cell{}}
	for i := range n {
		label := string(rune('A' + i))
		if b.totals&byRows != 0 {
			x.Origins[label] = referral.Count(b.truth.row(i))
		}
		if b.totals&byCols != 0 {
			x.Destinations[label] = referral.Count(b.truth.col(i))
		}
	}
	if b.totals&byAll != 0 {
		x.All, x.HasAll = referral.Count(b.truth.total()), true
	}
	b.table, err = table.WithTotals(x)
	require.NoError(t, err)
	return b
}

// completions visits every complete table that agrees with the bounds and
// totals.
func (b boxed) completions(visit func(f matrix)) {
	n := len(b.lo)
	f := make(matrix, n)
	for i := range f {
		f[i] = slices.Clone(b.lo[i])
	}
	fits := func() bool {
		for i := range n {
			if b.totals&byRows != 0 && f.row(i) != b.truth.row(i) || b.totals&byCols != 0 && f.col(i) != b.truth.col(i) {
				return false
			}
		}
		return b.totals&byAll == 0 || f.total() == b.truth.total()
	}
	var fill func(k int)
	fill = func(k int) {
		if k == n*n {
			if fits() {
				visit(f)
			}
			return
		}
		i, j := k/n, k%n
		for v := b.lo[i][j]; v <= b.hi[i][j]; v++ {
			f[i][j] = v
			fill(k + 1)
		}
		f[i][j] = b.lo[i][j]
	}
	fill(0)
}

const closeEnough = 1e-9 // rounding of sums of at most 16 shares

func TestBoundsEqualEnumeration(t *testing.T) {
	list := oracles()
	rapid.Check(t, func(t *rapid.T) {
		b := anyBoxed(t)
		if flow.SupraRegional(b.table).Status == referral.Disclosed {
			return
		}
		lo, hi := make([][]float64, len(list)), make([][]float64, len(list))
		possible := make([][]bool, len(list))
		b.completions(func(f matrix) {
			for m, o := range list {
				for k, v := range o.of(f) {
					if len(lo[m]) == k {
						lo[m], hi[m], possible[m] = append(lo[m], math.Inf(1)), append(hi[m], math.Inf(-1)), append(possible[m], false)
					}
					if math.IsNaN(v) {
						possible[m][k] = true
						continue
					}
					lo[m][k], hi[m][k] = min(lo[m][k], v), max(hi[m][k], v)
				}
			}
		})
		for m, o := range list {
			got := o.got(b.table)
			require.Len(t, got, len(lo[m]), o.name)
			for k, r := range got {
				what := func() string {
					return fmt.Sprintf("%s %d: got %v (%v %s), want [%v, %v] possible %v\n%v\n%v totals %d of\n%v", o.name, k, r, r.Status, r.Reason, lo[m][k], hi[m][k], possible[m][k], b.lo, b.hi, b.totals, b.truth)
				}
				if math.IsInf(lo[m][k], 1) {
					if r.Status != referral.Undefined && r.Reason != referral.ReasonZeroPossible {
						require.Fail(t, what())
					}
					continue
				}
				if r.Status == referral.OK && possible[m][k] || r.Status == referral.Undefined {
					require.Fail(t, what())
				}
				if r.Lo > lo[m][k]+closeEnough || r.Hi < hi[m][k]-closeEnough {
					require.Fail(t, "bounds do not hold: "+what())
				}
				exact := b.totals == 0 && !slices.Contains(o.exact, -1) || slices.Contains(o.exact, b.totals)
				if exact && (math.Abs(r.Lo-lo[m][k]) > closeEnough || math.Abs(r.Hi-hi[m][k]) > closeEnough) {
					require.Fail(t, "bounds are too wide: "+what())
				}
			}
		}
	})
}

func TestMigrationEffectivenessUpperBound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := anyBoxed(t)
		if b.totals != 0 {
			return
		}
		hi := math.Inf(-1)
		b.completions(func(f matrix) {
			if v := f.effectiveness(); !math.IsNaN(v) {
				hi = max(hi, v)
			}
		})
		if r := flow.MigrationEffectiveness(b.table); !math.IsInf(hi, -1) {
			require.InDelta(t, hi, r.Hi, closeEnough)
		}
	})
}

func TestInfeasible(t *testing.T) {
	x, err := catalogue.Table(t, "example_flows.csv").WithTotals(referral.Totals{Origins: map[string]referral.Cell{"A": referral.Count(61)}})
	require.NoError(t, err)
	for _, o := range oracles() {
		if strings.HasPrefix(o.name, "Travel") {
			continue
		}
		for _, r := range o.got(x) {
			assert.Equal(t, referral.Infeasible, r.Status, o.name)
			assert.Equal(t, referral.ReasonTotals, r.Reason, o.name)
		}
	}
}
