// SPDX-License-Identifier: Apache-2.0

package simulate

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"math"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// dutch is the landscape of the end of 2021 and the flows of a figure.
func dutch(t testing.TB, figure string) (*network.Snapshot, *referral.Table) {
	t.Helper()
	const data = "../../seeds/data/"
	l, err := network.ReadLandscape(os.DirFS(data + "nl-oncology-landscape-2023"))
	require.NoError(t, err)
	s := l.On(network.NewDate(2021, time.December, 31))
	f, err := os.Open(data + figure + "/flows.csv")
	require.NoError(t, err)
	defer f.Close()
	shown, err := referral.ReadTable(context.Background(), f, referral.TableConfig{
		Within: s, Meta: referral.Meta{Level: referral.LevelNetwork, Partition: network.DefaultPartition},
	})
	require.NoError(t, err)
	return s, shown
}

var figures = map[string]string{
	PresetPenileCancer: "iknl-2023-fig-5.2-penile-cancer",
	PresetEyeMelanoma:  "iknl-2023-fig-5.3-eye-melanoma",
}

func presetRegistry(t testing.TB, name string, seed uint64) *Registry {
	t.Helper()
	s, shown := dutch(t, figures[name])
	c, err := Preset(name, s, shown)
	require.NoError(t, err)
	c.Seed = seed
	r, err := New(c)
	require.NoError(t, err)
	return r
}

// small is a landscape of four hospitals on a line, 20 km apart, one of them
// an institute, and two regions.
func small(t testing.TB) *network.Snapshot {
	t.Helper()
	l, err := network.ReadLandscape(fstest.MapFS{
		"hospitals.csv": {Data: []byte("hospital,name,province,type,lat,lon\nA,,P,general,52,5\nB,,P,general,52,5.2924\nC,,Q,academic,52,5.5848\nD,,Q,radiotherapy,52,5.8772\n")},
		"regions.csv":   {Data: []byte("region,name,network,lat,lon,population\nP,,,,,3000\nQ,,,,,1000\n")},
	})
	require.NoError(t, err)
	return l.On(network.NewDate(2021, time.December, 31))
}

func smallConfig(t testing.TB) Config {
	return Config{
		Landscape: small(t), Tumors: []Tumor{{Name: "x"}}, Patients: 100,
		Period: network.Period{From: network.NewDate(2020, time.January, 1), To: network.NewDate(2021, time.December, 31)},
	}
}

func write(t testing.TB, r *Registry, c WriteConfig) (string, Summary) {
	t.Helper()
	var b bytes.Buffer
	sum, err := r.Write(context.Background(), &b, c)
	require.NoError(t, err)
	return b.String(), sum
}

// The presets give the published totals exactly and the center's share to
// about a patient a year, for any seed.
func TestPresetTotals(t *testing.T) {
	for _, seed := range []uint64{1, 2, 77} {
		penile := presetRegistry(t, PresetPenileCancer, seed)
		assert.Equal(t, 3160, penile.Patients())
		eye := presetRegistry(t, PresetEyeMelanoma, seed)
		assert.Equal(t, 5036, eye.Patients())

		total, center := map[int]float64{}, map[int]float64{}
		avl := penile.ground.index["AVL"]
		penile.all(func(p *patient) bool {
			total[p.year]++
			treated := false
			for _, s := range p.steps {
				treated = treated || s.treats && s.hospital == avl
			}
			if treated {
				center[p.year]++
			}
			assert.Equal(t, p.to == avl, treated)
			return true
		})
		assert.Len(t, total, 31)
		before2007 := 0.0
		for year, n := range total {
			if year < 2007 {
				before2007 += n
			}
			due := 0.01 + 0.64*float64(year-1990)/30
			assert.InDelta(t, due*n, center[year], 2, "year %d", year)
		}
		// 1883 patients in 1989-2006 are 1778 without 1989.
		assert.InDelta(t, 1883*17.0/18, before2007, 1)
		assert.InDelta(t, 0.01, center[1990]/total[1990], 0.02)
		assert.InDelta(t, 0.65, center[2020]/total[2020], 0.02)
	}
}

// Nobody goes where the figure does not show it: every hospital of treatment
// is in a network that is shown for the network of the first visit.
func TestPresetFlowsAreShown(t *testing.T) {
	for name, figure := range figures {
		t.Run(name, func(t *testing.T) {
			s, shown := dutch(t, figure)
			seen := map[string]bool{}
			presetRegistry(t, name, 5).all(func(p *patient) bool {
				for _, e := range p.steps {
					if !e.treats {
						continue
					}
					from := s.NetworksOf(s.Hospitals()[p.from].ID, "")
					to := s.NetworksOf(s.Hospitals()[e.hospital].ID, "")
					require.Len(t, from, 1)
					label := strings.Join(to, " / ")
					if slices.Contains(to, from[0]) {
						label = from[0]
					}
					found := false
					for f := range shown.Flows() {
						found = found || f.Origin == from[0] && (slices.Equal(f.Members, to) || f.Destination == label)
					}
					require.True(t, found, "%s to %s", from[0], label)
					seen[from[0]+" to "+label] = true
				}
				return true
			})
			assert.Len(t, seen, shown.Len(), "every flow that is shown occurs in a registry of this size")
		})
	}
}

// The shares of a plain registry are those of the model: first visits by
// population, places of treatment by gravity. With 40,000 independent patients
// a share has a standard deviation of at most 0.0025; five of them are allowed.
func TestSharesAreThoseOfTheModel(t *testing.T) {
	const n, tolerance = 40_000, 0.0125
	c := smallConfig(t)
	c.Patients, c.Seed = n, 3
	c.Tumors[0].Gravity = Gravity{Km: 20, Pull: 4, Experts: []string{"C"}}
	r, err := New(c)
	require.NoError(t, err)
	first, ways := make([]float64, 4), make([][4]float64, 4)
	r.all(func(p *patient) bool {
		first[p.from] += 1.0 / n
		ways[p.from][p.to]++
		return true
	})
	// P has 3000 inhabitants and two hospitals, Q 1000 and one that is no
	// institute.
	for i, want := range []float64{0.375, 0.375, 0.25, 0} {
		assert.InDelta(t, want, first[i], tolerance)
	}
	km := func(a, b int) float64 {
		h := r.ground.hospitals
		return network.GreatCircle(h[a].Point, h[b].Point)
	}
	assert.InDelta(t, 20, km(0, 1), 0.1)
	for from := range 3 {
		var weights [3]float64
		total := 0.0
		for to := range 3 {
			weights[to] = math.Exp(-km(from, to) / 20)
			if to == 2 {
				weights[to] *= 4
			}
			total += weights[to]
		}
		for to := range 3 {
			assert.InDelta(t, weights[to]/total, ways[from][to]/(first[from]*n), 2*tolerance, "%d to %d", from, to)
		}
		assert.Zero(t, ways[from][3], "institutes receive nobody by gravity")
	}
}

// Shares of events and waiting times are those asked for; five standard
// deviations are allowed.
func TestPathwaysAreThoseOfTheModel(t *testing.T) {
	c := smallConfig(t)
	c.Patients, c.Seed = 20_000, 11
	c.Tumors[0] = Tumor{
		Name: "x", Origins: []Weight{{"A", 1}}, Routes: []Route{{"A", "A", 1}, {"A", "C", 3}}, Untreated: 0.2, Dead: 0.25,
		Consults: 0.1, MDT: 0.3, Pathology: 0.6, Undated: 0.05, FollowUp: 0.5, Gravity: Gravity{Experts: []string{"C"}},
		Treatments: []Treatment{{Kind: "surgery", Share: 0.8, Stay: Delay{2, 5}}, {Kind: "radiotherapy", Share: 0.4, Home: 0.5}},
		Delays:     Delays{Referral: Delay{5, 15}},
	}
	r, err := New(c)
	require.NoError(t, err)
	n := map[string]float64{}
	wait := 0.0
	r.all(func(p *patient) bool {
		n["patients"]++
		treated, elsewhere := false, false
		last := p.steps[0].date
		for _, s := range p.steps {
			assert.False(t, s.date.Before(last), "steps stand in the order of time")
			last = s.date
			n[s.kind]++
			treated = treated || s.treats
			elsewhere = elsewhere || s.treats && s.hospital == p.to
			if s.undated {
				n["undated"]++
			}
		}
		if p.from != p.to {
			n["moved"]++
			if p.steps[1].kind == "referral" {
				days, _ := p.steps[1].date.Sub(p.steps[0].date)
				wait += float64(days)
				n["waited"]++
			}
		}
		if treated {
			n["treated"]++
			assert.True(t, elsewhere, "a referred patient is treated where they were referred to")
		}
		return true
	})
	share := func(a, b string) float64 { return n[a] / n[b] }
	assert.InDelta(t, 0.75, share("moved", "patients"), 0.016)
	assert.InDelta(t, 0.8, share("treated", "patients"), 0.015)
	assert.InDelta(t, 0.25, n["death"]/(n["death"]+n["end"]), 0.035)
	// Who would get neither gets the first: 0.8 + 0.2·0.6.
	assert.InDelta(t, 0.92, share("surgery", "treated"), 0.012)
	assert.InDelta(t, 0.4, share("radiotherapy", "treated"), 0.02)
	assert.InDelta(t, 0.6, share("pathology", "referral"), 0.025)
	assert.InDelta(t, 0.05, share("undated", "referral"), 0.012)
	assert.InDelta(t, 0.5, share("followup", "treated"), 0.02)
	// The mean of whole days of an exponential time is half a day shorter.
	assert.InDelta(t, 14.5, wait/n["waited"], 0.6)
}

// Years come in proportion to the incidence and the days of the period.
func TestCohorts(t *testing.T) {
	c := smallConfig(t)
	c.Patients = 0
	c.Tumors = []Tumor{
		{Name: "x", Incidence: []Rate{{2000, 10}, {2021, 30}}},
		{Name: "y", Incidence: []Rate{{2021, 7.4}}},
	}
	c.Period.To = network.NewDate(2021, time.June, 30)
	r, err := New(c)
	require.NoError(t, err)
	got := map[string]int{}
	r.all(func(p *patient) bool {
		got[p.model.Name+strconv.Itoa(p.year)]++
		assert.True(t, c.Period.Contains(p.steps[0].date))
		return true
	})
	// 10 + (30 + 7.4)·181/365 = 28.55 patients.
	assert.Equal(t, map[string]int{"x2020": 10, "x2021": 15, "y2021": 4}, got)
	assert.Equal(t, 29, r.Patients())
}

func TestApportion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		weights := rapid.SliceOfN(rapid.Float64Range(0, 1e6), 1, 20).Draw(t, "weights")
		n := rapid.IntRange(0, 1e6).Draw(t, "n")
		total := 0.0
		for _, w := range weights {
			total += w
		}
		if total == 0 {
			return
		}
		for _, divide := range []func([]float64, float64, int) []int{apportion, spread} {
			sum := 0
			for i, k := range divide(weights, total, n) {
				due := weights[i] / total * float64(n)
				if k < 0 || math.Abs(float64(k)-due) > 1.0001 {
					t.Fatalf("%d patients where %v are due", k, due)
				}
				sum += k
			}
			if sum != n {
				t.Fatalf("%d patients of %d", sum, n)
			}
		}
	})
}

// What is written twice is the same, and equal to what is given row by row;
// another seed gives another registry.
func TestDeterminism(t *testing.T) {
	r := severalTumors(t, 0.3, 4)
	for _, layout := range []referral.LogLayout{referral.LayoutEvents, referral.LayoutTreatments} {
		first, sum := write(t, r, WriteConfig{Layout: layout})
		again, _ := write(t, severalTumors(t, 0.3, 4), WriteConfig{Layout: layout})
		require.True(t, first == again)
		other, _ := write(t, severalTumors(t, 0.3, 5), WriteConfig{Layout: layout})
		require.False(t, first == other)

		rows, err := csv.NewReader(strings.NewReader(first)).ReadAll()
		require.NoError(t, err)
		require.Len(t, rows, int(sum.Rows)+1)
		assert.EqualValues(t, r.Patients(), sum.Patients)
		assert.Empty(t, sum.Planted)
		at := map[string]int{}
		for i, name := range rows[0] {
			at[name] = i
		}
		line := 1
		for e, err := range r.Rows(layout) {
			require.NoError(t, err)
			row := rows[line]
			line++
			require.EqualValues(t, line, e.Line)
			require.Equal(t, "yes", row[at["synthetic"]])
			require.Equal(t, row[at["tumor"]], e.Tumor)
			require.Equal(t, row[at["date"]], e.Date.String())
			require.Equal(t, row[at["year"]], strconv.Itoa(e.Year))
			if layout == referral.LayoutTreatments {
				require.Equal(t, []string{row[at["patient_id"]], row[at["first_visit_hospital"]], row[at["treatment"]], row[at["treatment_hospital"]]},
					[]string{e.Patient, e.FirstVisit, e.Kind, e.Hospital})
				continue
			}
			require.Equal(t, []string{row[at["patient"]], row[at["seq"]], row[at["until"]], row[at["layer"]], row[at["event"]], row[at["hospital"]], row[at["to_hospital"]]},
				[]string{e.Patient, strconv.Itoa(int(e.Seq)), e.Until.String(), e.Layer.String(), e.Kind, e.Hospital, e.ToHospital})
		}
		assert.Equal(t, len(rows), line)
	}
}

// A reader may stop at any row.
func TestRowsStop(t *testing.T) {
	n := 0
	for _, err := range presetRegistry(t, PresetEyeMelanoma, 4).Rows(referral.LayoutEvents) {
		require.NoError(t, err)
		if n++; n == 3 {
			break
		}
	}
	assert.Equal(t, 3, n)
}

func TestQuotingAndOddNames(t *testing.T) {
	l, err := network.ReadLandscape(fstest.MapFS{"hospitals.csv": {Data: []byte("hospital\n\"A, \"\"the\"\" first\"\nB\n")}})
	require.NoError(t, err)
	r, err := New(Config{
		Landscape: l.On(0), Patients: 50, Period: years(2020, 2020),
		Tumors: []Tumor{{Name: `x; "y"`, Origins: []Weight{{`A, "the" first`, 1}}}},
	})
	require.NoError(t, err)
	text, _ := write(t, r, WriteConfig{})
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	require.NoError(t, err)
	assert.Equal(t, `A, "the" first`, rows[1][6])
	assert.Equal(t, `x; "y"`, rows[1][8])
}

// Memory does not grow with the number of patients.
func TestConstantMemory(t *testing.T) {
	c := smallConfig(t)
	c.Patients, c.SecondTumors = 200_000, 0.5
	c.Tumors = append(c.Tumors, Tumor{Name: "y"})
	r, err := New(c)
	require.NoError(t, err)
	heap := &heapWatcher{}
	sum, err := r.Write(context.Background(), heap, WriteConfig{})
	require.NoError(t, err)
	assert.Greater(t, heap.bytes, int64(20e6))
	assert.EqualValues(t, 200_000, sum.Patients)
	assert.Less(t, heap.most, uint64(32<<20))
}

// heapWatcher looks at the heap now and then while it is written to.
type heapWatcher struct {
	bytes int64
	calls int
	most  uint64
}

func (h *heapWatcher) Write(b []byte) (int, error) {
	h.bytes += int64(len(b))
	if h.calls++; h.calls%64 == 0 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		h.most = max(h.most, m.HeapAlloc)
	}
	return len(b), nil
}

func TestWriteStops(t *testing.T) {
	r := presetRegistry(t, PresetPenileCancer, 1)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := r.Write(ctx, io.Discard, WriteConfig{})
	require.ErrorIs(t, err, context.Canceled)
	full := errors.New("disk full")
	_, err = r.Write(context.Background(), failing{full}, WriteConfig{})
	require.ErrorIs(t, err, full)
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func TestConfigErrors(t *testing.T) {
	for _, c := range []struct {
		name   string
		field  string
		change func(*Config)
	}{
		{"no landscape", "Landscape", func(c *Config) { c.Landscape = nil }},
		{"no tumor", "Tumors", func(c *Config) { c.Tumors = nil }},
		{"no name", "Tumors[0].Name", func(c *Config) { c.Tumors[0].Name = "" }},
		{"name with a line break", "Tumors[0].Name", func(c *Config) { c.Tumors[0].Name = "a\nb" }},
		{"open period", "Period", func(c *Config) { c.Period.To = 0 }},
		{"period backward", "Period", func(c *Config) { c.Period.From, c.Period.To = c.Period.To, c.Period.From }},
		{"too many patients", "Patients", func(c *Config) { c.Patients = 1e9 }},
		{"negative patients", "Patients", func(c *Config) { c.Patients = -1 }},
		{"no number of patients", "Tumors[0].Incidence", func(c *Config) { c.Patients = 0 }},
		{"no incidence in the period", "Tumors", func(c *Config) { c.Tumors[0].Incidence = []Rate{{2030, 5}} }},
		{"too high an incidence", "Tumors", func(c *Config) { c.Patients, c.Tumors[0].Incidence = 0, []Rate{{2000, 1e300}} }},
		{"negative incidence", "Tumors[0].Incidence[0]", func(c *Config) { c.Tumors[0].Incidence = []Rate{{2000, -1}} }},
		{"years of incidence", "Tumors[0].Incidence[1]", func(c *Config) { c.Tumors[0].Incidence = []Rate{{2000, 1}, {2000, 1}} }},
		{"unknown origin", "Tumors[0].Origins[0]", func(c *Config) { c.Tumors[0].Origins = []Weight{{"Z", 1}} }},
		{"origins without weight", "Tumors[0].Origins", func(c *Config) { c.Tumors[0].Origins = []Weight{{"A", 0}} }},
		{"unknown center", "Tumors[0].Centers[0]", func(c *Config) { c.Tumors[0].Centers = []Center{{"Z", nil}} }},
		{"share above 1", "Tumors[0].Centers[0].Shares", func(c *Config) { c.Tumors[0].Centers = []Center{{"A", []Share{{2000, 1.1}}}} }},
		{"shares above 1 together", "Tumors[0].Centers", func(c *Config) {
			c.Tumors[0].Centers = []Center{{"A", []Share{{2000, 0.6}}}, {"B", []Share{{2000, 0.5}}}}
		}},
		{"a center twice", "Tumors[0].Centers", func(c *Config) { c.Tumors[0].Centers = []Center{{"A", nil}, {"A", nil}} }},
		{"unknown route", "Tumors[0].Routes[0]", func(c *Config) { c.Tumors[0].Routes = []Route{{"A", "Z", 1}} }},
		{"weight of a route", "Tumors[0].Routes[0]", func(c *Config) { c.Tumors[0].Routes = []Route{{"A", "B", math.NaN()}} }},
		{"unknown expert", "Tumors[0].Gravity.Experts[0]", func(c *Config) { c.Tumors[0].Gravity.Experts = []string{"Z"} }},
		{"distance", "Tumors[0].Gravity.Km", func(c *Config) { c.Tumors[0].Gravity.Km = math.Inf(1) }},
		{"kind", "Tumors[0].Treatments[0]", func(c *Config) { c.Tumors[0].Treatments = []Treatment{{Share: 1}} }},
		{"many treatments", "Tumors[0].Treatments", func(c *Config) { c.Tumors[0].Treatments = make([]Treatment, 65) }},
		{"untreated", "Tumors[0].Untreated", func(c *Config) { c.Tumors[0].Untreated = math.NaN() }},
		{"delay", "Tumors[0].Delays[0]", func(c *Config) { c.Tumors[0].Delays.Referral = Delay{10, 5} }},
	} {
		t.Run(c.name, func(t *testing.T) {
			config := smallConfig(t)
			c.change(&config)
			_, err := New(config)
			var e *ConfigError
			require.ErrorAs(t, err, &e)
			assert.Equal(t, c.field, e.Field)
			assert.NotEmpty(t, e.Error())
		})
	}
	s, shown := dutch(t, figures[PresetPenileCancer])
	var e *ConfigError
	_, err := Preset("liver", s, shown)
	require.ErrorAs(t, err, &e)
	assert.Equal(t, `simulate: Preset is "liver": expected one of eye-melanoma, penile-cancer`, err.Error())
	_, err = Preset(PresetPenileCancer, small(t), shown)
	require.ErrorAs(t, err, &e)
	_, err = Preset(PresetPenileCancer, s, nil)
	require.ErrorAs(t, err, &e)
	_, err = Preset(PresetPenileCancer, nil, shown)
	require.ErrorAs(t, err, &e)
	_, err = presetRegistry(t, PresetPenileCancer, 1).Write(context.Background(), io.Discard, WriteConfig{Faults: -1})
	require.ErrorAs(t, err, &e)
	assert.Equal(t, "Faults", e.Field)
}

func TestDefaults(t *testing.T) {
	assert.Equal(t, Delays{
		Referral: Delay{7, 18}, Consult: Delay{3, 12}, Treatment: Delay{7, 24},
		Next: Delay{21, 50}, FollowUp: Delay{60, 90}, End: Delay{14, 80}, Tumor: Delay{90, 900},
	}, Delays{}.filled())
	r, err := New(smallConfig(t))
	require.NoError(t, err)
	g := r.ground.gravity(0, Gravity{}, nil)
	assert.InDelta(t, math.Exp(-network.GreatCircle(r.ground.hospitals[0].Point, r.ground.hospitals[1].Point)/12), g[1].share, 1e-12)
	expert := r.ground.gravity(0, Gravity{Experts: []string{"B"}}, nil)
	assert.InDelta(t, 6*g[1].share, expert[1].share, 1e-12)
}

func TestPlain(t *testing.T) {
	s, _ := dutch(t, figures[PresetPenileCancer])
	c := Plain("bone_sarcoma", s)
	assert.NotEmpty(t, c.Tumors[0].Gravity.Experts)
	assert.Empty(t, c.Label.Published)
	r, err := New(c)
	require.NoError(t, err)
	assert.Equal(t, 1000, r.Patients())
}

func TestLabel(t *testing.T) {
	for _, name := range Presets() {
		label := presetRegistry(t, name, 1).Label().String()
		assert.Contains(t, label, "made-up")
		assert.Contains(t, label, "published: ")
		assert.Contains(t, label, "assumed: ")
		assert.Contains(t, label, "figure 5.")
	}
}

func BenchmarkWrite(b *testing.B) {
	s, _ := dutch(b, figures[PresetPenileCancer])
	for _, layout := range []referral.LogLayout{referral.LayoutEvents, referral.LayoutTreatments} {
		b.Run(layout.String(), func(b *testing.B) {
			c := Plain("bone_sarcoma", s)
			c.Patients = 20_000
			r, err := New(c)
			require.NoError(b, err)
			b.ReportAllocs()
			rows := int64(0)
			for b.Loop() {
				sum, err := r.Write(context.Background(), io.Discard, WriteConfig{Layout: layout})
				require.NoError(b, err)
				rows += sum.Rows
			}
			b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
