// SPDX-License-Identifier: Apache-2.0

package pathway

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// CountTransit returns for each hospital the share of patients who passed
// through it: it lies strictly inside their route. It is what was observed where
// betweenness supposes. The whole are the patients with a visit. Undefined
// (zero_denominator) without patients. Sorted by hospital; Origin is the
// hospital. Time O(n) for n events.
func CountTransit(l *referral.Log) []referral.Share {
	type worker struct {
		count map[string]int
		n     int
		route []string
	}
	start := func() *worker { return &worker{count: map[string]int{}} }
	workers := referral.EachPathway(l, start, func(w *worker, p referral.Pathway) {
		w.route = p.AppendRoute(w.route[:0])
		if len(w.route) == 0 {
			return
		}
		w.n++
		if len(w.route) < 3 {
			return
		}
		inside := w.route[1 : len(w.route)-1]
		slices.Sort(inside)
		for _, h := range slices.Compact(inside) {
			w.count[h]++
		}
	})
	count := map[string]int{}
	n := 0
	for _, w := range workers {
		sum(count, w.count)
		n += w.n
	}
	var out []referral.Share
	for _, h := range l.Hospitals() {
		s := share(count[h], n)
		s.Origin = h
		out = append(out, s)
	}
	return out
}

// Role is what a hospital b does in a step a > b > c of a route, seen from the
// groups of the three.
type Role uint8

// The roles.
const (
	Return         Role = iota // a and c are the same hospital
	Coordinator                // all in one group
	Itinerant                  // a and c in one group, b in another
	Gatekeeper                 // b and c in one group: into it
	Representative             // a and b in one group: out of it
	Liaison                    // three groups
)

var roleNames = [...]string{"return", "coordinator", "itinerant", "gatekeeper", "representative", "liaison"}

// String returns the name of the role in lower case.
func (r Role) String() string {
	if int(r) < len(roleNames) {
		return roleNames[r]
	}
	return fmt.Sprintf("Role(%d)", uint8(r))
}

// Brokerage is how often a hospital had a role.
type Brokerage struct {
	Hospital string
	Role     Role
	Count    int
}

// CountBrokerage counts the roles of hospitals over all three successive
// hospitals of all routes, groups being those of a partition. Steps with a
// hospital that is not known are left out. The result is sorted by hospital and
// role and leaves out what did not occur.
//
// It returns a *referral.ClassError with the hospitals that the partition does
// not assign to exactly one group. Time O(n) for n events.
//
// R. V. Gould and R. M. Fernandez, Sociological Methodology 19:89-126, 1989.
func CountBrokerage(l *referral.Log, groups *network.Partition) ([]Brokerage, error) {
	group := map[string]string{}
	var lost []string
	for _, h := range l.Hospitals() {
		if shares, ok := groups.Of(h); ok && len(shares) == 1 {
			group[h] = shares[0].Group
		} else {
			lost = append(lost, h)
		}
	}
	if len(lost) > 0 {
		return nil, &referral.ClassError{Want: "exactly one group of the partition " + groups.Name(), Labels: lost}
	}
	type worker struct{ count map[Brokerage]int }
	start := func() *worker { return &worker{count: map[Brokerage]int{}} }
	workers := eachTriple(l, start, func(w *worker, a, b, c string) {
		w.count[Brokerage{Hospital: b, Role: role(a == c, group[a], group[b], group[c])}]++
	})
	count := map[Brokerage]int{}
	for _, w := range workers {
		sum(count, w.count)
	}
	var out []Brokerage
	for b, n := range count {
		b.Count = n
		out = append(out, b)
	}
	slices.SortFunc(out, func(x, y Brokerage) int {
		return cmp.Or(cmp.Compare(x.Hospital, y.Hospital), cmp.Compare(x.Role, y.Role))
	})
	return out, nil
}

// eachTriple lets workers take all three successive hospitals of all routes that
// are known.
func eachTriple[W any](l *referral.Log, start func() W, take func(w W, a, b, c string)) []W {
	type worker struct {
		w     W
		route []string
	}
	workers := referral.EachPathway(l, func() *worker { return &worker{w: start()} }, func(w *worker, p referral.Pathway) {
		w.route = p.AppendRoute(w.route[:0])
		for i := 2; i < len(w.route); i++ {
			if steps := w.route[i-2 : i+1]; !slices.Contains(steps, referral.DestinationUnknown) {
				take(w.w, steps[0], steps[1], steps[2])
			}
		}
	})
	out := make([]W, len(workers))
	for i, w := range workers {
		out[i] = w.w
	}
	return out
}

func role(back bool, a, b, c string) Role {
	switch {
	case back:
		return Return
	case a == b && b == c:
		return Coordinator
	case a == c:
		return Itinerant
	case b == c:
		return Gatekeeper
	case a == b:
		return Representative
	}
	return Liaison
}
