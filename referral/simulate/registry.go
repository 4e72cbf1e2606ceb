// SPDX-License-Identifier: Apache-2.0

package simulate

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"sort"
	"time"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// Registry is a synthetic registry, drawn anew each time it is read. It is
// immutable and safe for concurrent use.
type Registry struct {
	config   Config
	ground   *ground
	models   []*model
	cohorts  []cohort
	patients int
}

// cohort is the patients of one tumor and year.
type cohort struct {
	model *model
	year  int
	from  network.Date // of the days of first visits
	days  int
	first int // number of the first patient, from 0
	n     int
	step  int // and shift: the order in which patients take the places of a quota
	shift int
}

// New prepares a registry. The patients are divided over tumors and years in
// proportion to the incidence and not drawn: any run of years of a tumor has
// its due number to within one.
//
// It returns a *ConfigError for a configuration that cannot be used. Time and
// memory O(tumors · hospitals² + tumors · years).
func New(c Config) (*Registry, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	c.Tumors = slices.Clone(c.Tumors)
	r := &Registry{config: c, ground: newGround(c.Landscape)}
	for i := range c.Tumors {
		m, err := r.ground.model(i, &c.Tumors[i])
		if err != nil {
			return nil, err
		}
		r.models = append(r.models, m)
	}
	return r, r.divide()
}

// Patients returns how many patients the registry has.
func (r *Registry) Patients() int { return r.patients }

// Label returns the label of the configuration.
func (r *Registry) Label() Label { return r.config.Label }

// divide makes the cohorts.
func (r *Registry) divide() error {
	p := r.config.Period
	expected := make([][]float64, len(r.models)) // by tumor and year
	sums := make([]float64, len(r.models))
	total := 0.0
	for year := p.From.Year(); year <= p.To.Year(); year++ {
		from, to := max(p.From, network.NewDate(year, time.January, 1)), min(p.To, network.NewDate(year, time.December, 31))
		all, _ := network.NewDate(year, time.December, 31).Sub(network.NewDate(year, time.January, 1))
		span, _ := to.Sub(from)
		for i, m := range r.models {
			e := m.perYear(year) * float64(span+1) / float64(all+1)
			expected[i] = append(expected[i], e)
			sums[i] += e
			total += e
			r.cohorts = append(r.cohorts, cohort{model: m, year: year, from: from, days: span + 1})
		}
	}
	r.patients = r.config.Patients
	if r.patients == 0 {
		r.patients = int(math.Round(min(total, maxPatients+1)))
	}
	if total <= 0 || r.patients > maxPatients || math.IsInf(total, 1) {
		return &ConfigError{"Tumors", "", "an incidence above 0 in the period, of fewer than 10^9 patients in all"}
	}
	for i, n := range apportion(sums, total, r.patients) {
		for k, n := range spread(expected[i], sums[i], n) {
			r.cohorts[k*len(r.models)+i].n = n
		}
	}
	first := 0
	for i := range r.cohorts {
		c := &r.cohorts[i]
		c.first = first
		first += c.n
		if c.n > 1 {
			z := mix(r.config.Seed ^ mix(uint64(i)+1))
			c.shift = int(z % uint64(c.n))
			c.step = coprime(int(mix(z)%uint64(c.n)), c.n)
		}
	}
	return nil
}

// apportion divides n in proportion to the weights by largest remainder; the
// earlier of equal remainders comes first.
func apportion(weights []float64, total float64, n int) []int {
	out := make([]int, len(weights))
	rest := make([]float64, len(weights))
	order := make([]int, len(weights))
	left := n
	for i, w := range weights {
		due := w / total * float64(n)
		out[i] = min(int(due), left)
		rest[i], order[i] = due-float64(out[i]), i
		left -= out[i]
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(rest[b], rest[a]), cmp.Compare(a, b)) })
	for i := 0; left > 0; i, left = (i+1)%len(order), left-1 {
		out[order[i]]++
	}
	return out
}

// spread divides n over successive years so that any run of years has its due
// number to within one.
func spread(weights []float64, total float64, n int) []int {
	out := make([]int, len(weights))
	sum, given := 0.0, 0
	for i, w := range weights {
		sum += w
		due := n
		if i < len(weights)-1 && total > 0 {
			due = min(int(math.Round(sum/total*float64(n))), n)
		}
		out[i] = due - given
		given = due
	}
	return out
}

// coprime returns the first number from k on that shares no factor with n.
func coprime(k, n int) int {
	for k = max(1, k); gcd(k, n) != 1; k++ {
	}
	return k
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// mix spreads the bits of a number (SplitMix64), so that neighboring numbers
// start unrelated streams.
func mix(z uint64) uint64 {
	z += 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// patient is one made-up patient; its steps are reused for the next.
type patient struct {
	number int // from 0
	course     // the first one, also after live
	second course
	steps  []step // of both courses
	own    int    // how many of them are of the first
	pcg    rand.PCG
	rand   *rand.Rand
}

// course is what a patient goes through with one tumor.
type course struct {
	model    *model
	year     int // of the first visit
	from, to int // hospitals of first visit and of treatment
}

// courses calls yield for the tumors of the patient in order, with the steps of
// each.
func (p *patient) courses(yield func(course, []step) bool) {
	if yield(p.course, p.steps[:p.own]) && p.own < len(p.steps) {
		yield(p.second, p.steps[p.own:])
	}
}

// all calls yield for each patient, by number, until it returns false.
func (r *Registry) all(yield func(*patient) bool) {
	p := &patient{}
	p.rand = rand.New(&p.pcg)
	later := map[course][]way{} // of second tumors, by model and year
	for i := range r.cohorts {
		c := &r.cohorts[i]
		if c.n == 0 {
			continue
		}
		ways := c.model.ways(c.year)
		for k := range c.n {
			p.number, p.model, p.year, p.steps = c.first+k, c.model, c.year, p.steps[:0]
			p.pcg.Seed(r.config.Seed, mix(uint64(p.number)))
			x := p.rand.Float64()
			if r.config.Quota && c.n > 1 {
				x = (float64((k*c.step+c.shift)%c.n) + x) / float64(c.n)
			}
			p.from, p.to = pick(ways, x)
			p.live(c.from.AddDays(p.rand.IntN(c.days)))
			p.own = len(p.steps)
			r.again(p, later)
			if !yield(p) {
				return
			}
		}
	}
}

// pick returns the hospitals of first visit and of treatment at a place from 0
// to 1 of their distribution.
func pick(ways []way, x float64) (from, to int) {
	w := ways[sort.Search(len(ways)-1, func(i int) bool { return x < ways[i].sum })]
	return w.from, w.to
}

// latest keeps the days of second tumors far from the end of the calendar.
const latest = 9000 // year

// again draws the second tumor of a patient who has one.
func (r *Registry) again(p *patient, ways map[course][]way) {
	last := p.steps[len(p.steps)-1]
	if last.layer == referral.LayerStatus || !p.chance(r.config.SecondTumors) {
		return
	}
	first := p.course
	day := p.after(last.date, first.model.delays.Tumor)
	p.model, p.year = r.otherTumor(p), day.Year()
	if p.year == 0 || p.year > latest {
		p.course = first
		return
	}
	key := course{model: p.model, year: p.year}
	w, ok := ways[key]
	if !ok {
		w = p.model.ways(p.year)
		ways[key] = w
	}
	p.from, p.to = pick(w, p.rand.Float64())
	p.live(day)
	p.second, p.course = p.course, first
}

// otherTumor draws another tumor in proportion to the incidence in the year of
// the first, or evenly if none of the others occurs then.
func (r *Registry) otherTumor(p *patient) *model {
	weight := func(m *model) float64 {
		if m == p.model {
			return 0
		}
		return m.perYear(p.year)
	}
	total := 0.0
	for _, m := range r.models {
		total += weight(m)
	}
	if total <= 0 || math.IsInf(total, 1) {
		weight = func(m *model) float64 {
			if m == p.model {
				return 0
			}
			return 1
		}
		total = float64(len(r.models) - 1)
	}
	x := p.rand.Float64() * total
	chosen := p.model
	for _, m := range r.models {
		if w := weight(m); w > 0 {
			chosen = m
			if x -= w; x < 0 {
				break
			}
		}
	}
	return chosen
}
