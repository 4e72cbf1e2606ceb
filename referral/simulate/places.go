// SPDX-License-Identifier: Apache-2.0

package simulate

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/oncoref/oncoref/network"
)

// model is a tumor made ready to draw from; places are indices in the list of
// hospitals.
type model struct {
	*Tumor
	delays  Delays
	origins []float64       // by hospital, sums to 1
	base    map[int][]place // by hospital of first visit, without centers, each sums to 1
	centers []int           // hospital of each center
	panel   int             // hospital whose experts discuss cases of others, or -1
}

type place struct {
	hospital int
	share    float64
}

// way is one cell of the joint distribution of hospitals of first visit and
// treatment; sum is its cumulative probability.
type way struct {
	from, to int
	sum      float64
}

// ground is what models are made on.
type ground struct {
	snapshot  *network.Snapshot
	hospitals []network.Hospital
	index     map[string]int
}

func newGround(s *network.Snapshot) *ground {
	g := &ground{snapshot: s, hospitals: s.Hospitals(), index: map[string]int{}}
	for i, h := range g.hospitals {
		g.index[h.ID] = i
	}
	return g
}

// institute reports whether a hospital only treats who was sent there.
func institute(h network.Hospital) bool {
	return h.Type == network.TypeRadiotherapy || h.Type == network.TypeProton
}

func (g *ground) model(i int, t *Tumor) (*model, error) {
	m := &model{Tumor: t, delays: t.Delays.filled(), base: map[int][]place{}, panel: -1}
	for _, c := range t.Centers {
		h := g.index[c.Hospital]
		if slices.Contains(m.centers, h) {
			return nil, &ConfigError{fmt.Sprintf("Tumors[%d].Centers", i), fmt.Sprintf("%q", c.Hospital), "each center once"}
		}
		m.centers = append(m.centers, h)
	}
	switch {
	case len(m.centers) > 0:
		m.panel = m.centers[0]
	case len(t.Gravity.Experts) > 0:
		m.panel = g.index[t.Gravity.Experts[0]]
	}
	for _, c := range t.Centers {
		for _, s := range c.Shares {
			if total := m.centerShare(s.Year); total > 1+1e-9 {
				return nil, &ConfigError{fmt.Sprintf("Tumors[%d].Centers", i), fmt.Sprint(total), fmt.Sprintf("shares that sum to at most 1 in %d", s.Year)}
			}
		}
	}
	var err error
	if m.origins, err = g.origins(i, t); err != nil {
		return nil, err
	}
	for h, w := range m.origins {
		if w == 0 || slices.Contains(m.centers, h) {
			continue
		}
		base := g.gravity(h, t.Gravity, m.centers)
		if len(t.Routes) > 0 {
			base = g.routes(h, t.Routes, m.centers)
		}
		if base = normal(base); base == nil {
			base = []place{{h, 1}}
		}
		m.base[h] = base
	}
	return m, nil
}

func (m *model) centerShare(year int) float64 {
	sum := 0.0
	for i := range m.Centers {
		sum += m.Centers[i].share(year)
	}
	return sum
}

// ways returns the joint distribution of a year, ordered by the hospital of
// treatment: an even comb over it then gives each its due number of patients.
func (m *model) ways(year int) []way {
	var ways []way
	add := func(from, to int, p float64) {
		if p > 0 {
			ways = append(ways, way{from, to, p})
		}
	}
	rest := max(0, 1-m.centerShare(year))
	for h, w := range m.origins {
		if slices.Contains(m.centers, h) {
			add(h, h, w)
			continue
		}
		for i := range m.Centers {
			add(h, m.centers[i], w*m.Centers[i].share(year))
		}
		for _, b := range m.base[h] {
			add(h, b.hospital, w*rest*b.share)
		}
	}
	slices.SortFunc(ways, func(a, b way) int { return cmp.Or(cmp.Compare(a.to, b.to), cmp.Compare(a.from, b.from)) })
	sum := 0.0
	for i := range ways {
		sum += ways[i].sum
		ways[i].sum = sum
	}
	ways[len(ways)-1].sum = math.Inf(1) // rounding must not leave a gap at 1
	return ways
}

// origins returns the shares of first visits by hospital.
func (g *ground) origins(i int, t *Tumor) ([]float64, error) {
	w := make([]float64, len(g.hospitals))
	field := fmt.Sprintf("Tumors[%d].Origins", i)
	if len(t.Origins) > 0 {
		for _, o := range t.Origins {
			w[g.index[o.Hospital]] += o.Weight
		}
	} else if err := g.populate(field, w, func(int) bool { return true }); err != nil {
		return nil, err
	}
	total := 0.0
	for _, v := range w {
		total += v
	}
	if total <= 0 || math.IsInf(total, 1) {
		return nil, &ConfigError{field, fmt.Sprint(total), "weights with a finite sum above 0, or a landscape with regions and their population"}
	}
	for j := range w {
		w[j] /= total
	}
	return w, nil
}

// populate adds the inhabitants of each region to the hospitals that serve it,
// of those that are allowed to.
func (g *ground) populate(field string, w []float64, allowed func(hospital int) bool) error {
	for _, r := range g.snapshot.Landscape().Regions() {
		if math.IsNaN(r.Population) {
			return &ConfigError{field, fmt.Sprintf("region %q", r.ID), "a known population in every region"}
		}
		serving := g.serving(r, allowed)
		if serving == nil {
			return &ConfigError{field, fmt.Sprintf("region %q", r.ID), "a hospital in the region, in its network or with coordinates"}
		}
		for _, h := range serving {
			w[h] += r.Population / float64(len(serving))
		}
	}
	return nil
}

func (g *ground) serving(r network.Region, allowed func(int) bool) []int {
	var inside, members []int
	nearest, least := -1, math.Inf(1)
	for i, h := range g.hospitals {
		if institute(h) || !allowed(i) {
			continue
		}
		if h.Province != "" && (h.Province == r.ID || h.Province == r.Name) {
			inside = append(inside, i)
		}
		if r.Network != "" && slices.Contains(g.snapshot.NetworksOf(h.ID, ""), r.Network) {
			members = append(members, i)
		}
		if km := network.GreatCircle(r.Point, h.Point); km < least {
			nearest, least = i, km
		}
	}
	switch {
	case inside != nil:
		return inside
	case members != nil:
		return members
	case nearest >= 0:
		return []int{nearest}
	}
	return nil
}

// gravity returns the weights of the hospitals for patients of h.
func (g *ground) gravity(h int, c Gravity, centers []int) []place {
	reach, pull := cmp.Or(c.Km, 12), cmp.Or(c.Pull, 6)
	to := make([]place, 0, len(g.hospitals))
	for d, hospital := range g.hospitals {
		km := network.GreatCircle(g.hospitals[h].Point, hospital.Point)
		switch {
		case d == h:
			km = 0
		case institute(hospital), slices.Contains(centers, d), math.IsNaN(km):
			continue
		}
		mass := 1.0
		if slices.Contains(c.Experts, hospital.ID) {
			mass = pull
		}
		to = append(to, place{d, mass * math.Exp(-km/reach)})
	}
	return to
}

func (g *ground) routes(h int, routes []Route, centers []int) []place {
	var to []place
	for _, r := range routes {
		if d := g.index[r.To]; g.index[r.From] == h && !slices.Contains(centers, d) {
			to = append(to, place{d, r.Weight})
		}
	}
	slices.SortStableFunc(to, func(a, b place) int { return cmp.Compare(a.hospital, b.hospital) })
	return to
}

// normal scales shares to sum 1, or returns nil if there is nothing to scale.
func normal(p []place) []place {
	sum := 0.0
	for _, x := range p {
		sum += x.share
	}
	if sum <= 0 || math.IsInf(sum, 1) {
		return nil
	}
	for i := range p {
		p[i].share /= sum
	}
	return p
}

// keys returns the hospitals' keys as one field of a delimited text each.
func (g *ground) keys() []string {
	keys := make([]string, len(g.hospitals))
	for i, h := range g.hospitals {
		keys[i] = field(h.ID)
	}
	return keys
}

// field quotes a text where a delimited file needs it.
func field(s string) string {
	if strings.ContainsAny(s, ",;\t\"\r\n") || s != strings.TrimSpace(s) {
		return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
	}
	return s
}
