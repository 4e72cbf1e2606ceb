// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	"slices"

	"github.com/oncoref/oncoref/internal/small"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/pathway"
)

// mostReads is how many events are read at most to go through the cells of the
// flow table one by one, so that an extract of ten million rows takes no minute.
const mostReads = 80_000_000

// mostCells is how many cells are gone through, the largest first: an event is
// read about once for each bit of their number.
func mostCells(events int) int {
	bits := min(mostReads/max(events, 1), 11)
	return 1 << bits
}

// flowCell is a cell of the flow table that is shown with its count.
type flowCell struct {
	origin, destination string
	patients            float64
}

// eachCell gives the patients of each cell of the flow table that is shown. It
// reports whether these are all.
func (b *builder) eachCell(do func(*referral.Log) error) (all bool, err error) {
	at := map[[2]string]int{}
	var cells []flowCell
	for f := range b.t.Flows() {
		if !f.Cell.Known() || f.Cell.Lo == 0 {
			continue
		}
		key := [2]string{f.Origin, f.Destination}
		if i, ok := at[key]; ok {
			cells[i].patients += f.Cell.Lo
			continue
		}
		at[key] = len(cells)
		cells = append(cells, flowCell{f.Origin, f.Destination, f.Cell.Lo})
	}
	slices.SortStableFunc(cells, func(x, y flowCell) int { return cmp.Compare(y.patients, x.patients) })
	cells = cells[:min(mostCells(b.log.Len()), len(cells))]
	if len(cells) == 0 {
		return true, nil
	}
	seen := int64(0)
	err = b.cleave(b.log, cells, func(l *referral.Log) error {
		seen += l.Quality().Cases
		return do(l)
	})
	return seen == b.log.Quality().Cases, err // cases that are divided over cells are in none of them
}

// cleave goes through the cells of a log by halves, so that an event is read
// about once for each bit of the entropy of the cells.
func (b *builder) cleave(l *referral.Log, cells []flowCell, do func(*referral.Log) error) error {
	if err := b.ctx.Err(); err != nil {
		return err
	}
	wanted := map[[2]string]bool{}
	total := 0.0
	for _, c := range cells {
		wanted[[2]string{c.origin, c.destination}] = true
		total += c.patients
	}
	l, err := l.Select(b.in.Rule, func(f referral.Flow) bool { return wanted[[2]string{f.Origin, f.Destination}] })
	if err != nil {
		return err
	}
	switch {
	case l.Patients() == 0:
		return nil
	case len(cells) == 1:
		return do(l)
	}
	n, sum := 1, cells[0].patients
	for n < len(cells)-1 && sum+cells[n].patients/2 < total/2 {
		sum += cells[n].patients
		n++
	}
	if err := b.cleave(l, cells[:n], do); err != nil {
		return err
	}
	return b.cleave(l, cells[n:], do)
}

// shownWays adds up over the cells of the flow table what may be shown of ways.
type shownWays struct {
	at    map[string]int
	ways  []shownWay
	rarer map[string]float64 // by beginning: at least how many took ways that are shown no other way
}

type shownWay struct {
	steps    []string
	patients referral.Cell
}

// add takes over the ways of the patients of one cell. How many these are the
// flow table tells, so that they are protected together.
func (s *shownWays) add(r small.Ranges, ways []pathway.Variant) {
	if s.at == nil {
		s.at, s.rarer = map[string]int{}, map[string]float64{}
	}
	gate := small.Gate(r)
	var counts []int
	total, rare := 0, 0
	start := ""
	for _, w := range ways {
		total += w.Patients
		start = cmp.Or(start, w.Steps[0])
		if gate.Hidden(float64(w.Patients)) {
			rare += w.Patients
		} else {
			counts = append(counts, w.Patients)
		}
	}
	whole := referral.Count(float64(total))
	cells, sum := r.Within(whole, append(slices.Clone(counts), rare)...)
	if sum != whole { // nothing is wide enough
		return
	}
	i := 0
	for _, w := range ways {
		c := referral.Between(0, small.Hi)
		if !gate.Hidden(float64(w.Patients)) {
			c = cells[i]
			i++
		}
		s.count(w.Steps, c)
	}
	if rest := cells[len(counts)]; rest.Lo > small.Hi {
		s.rarer[start] += rest.Lo
	}
}

func (s *shownWays) count(steps []string, c referral.Cell) {
	key := joinedSteps(steps)
	k, ok := s.at[key]
	if !ok {
		k = len(s.ways)
		s.at[key] = k
		s.ways = append(s.ways, shownWay{steps: steps})
	}
	s.ways[k].patients = s.ways[k].patients.Add(c)
}
