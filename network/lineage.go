// SPDX-License-Identifier: Apache-2.0

package network

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// lineage is what the successions say about each hospital that occurs in them.
type lineage struct {
	rows  []Succession
	lives map[string]*life
}

// life is when a hospital existed, and which rows began or ended that. Hospitals
// that begin and end several times are rare but real.
type life struct {
	spans  []Period
	begins []int // rows with this hospital as new successor, by date
	ends   []int // rows with this hospital as ending predecessor, by date
}

// group is the key of rows that tell of one happening.
type group struct {
	id   string
	date Date
}

// newLineage checks the successions against each other. places gives the place
// of each row in the file; both slices are sorted together by date first.
func newLineage(rows []Succession, places []place) (*lineage, error) {
	g := &lineage{rows: rows, lives: map[string]*life{}}
	from, to := map[group][]int{}, map[group][]int{}
	if err := g.happenings(places, from, to); err != nil {
		return nil, err
	}
	if err := g.acyclic(places); err != nil {
		return nil, err
	}
	for i, r := range rows {
		if begins(r, to[group{r.Successor, r.Date}]) {
			l := g.life(r.Successor)
			l.begins = append(l.begins, i)
		}
		if g.ends(r, from[group{r.Predecessor, r.Date}]) {
			l := g.life(r.Predecessor)
			l.ends = append(l.ends, i)
		}
	}
	for _, l := range g.lives {
		l.span(rows)
	}
	return g, g.exist(places)
}

// happenings sorts the rows into those from one predecessor and those to one
// successor on a date, and refuses rows that contradict each other.
func (g *lineage) happenings(places []place, from, to map[group][]int) error {
	for i, r := range g.rows {
		at := group{r.Predecessor, r.Date}
		for _, j := range from[at] {
			other := g.rows[j]
			want := ""
			switch {
			case other.Successor == r.Successor:
				want = "each succession once"
			case other.Kind != r.Kind:
				want = "one kind for all successors of " + r.Predecessor + " on one date"
			case r.Kind == SuccessionMerger || r.Kind == SuccessionRenaming:
				want = "one successor for a " + r.Kind.String()
			case r.Successor == "" || other.Successor == "":
				want = "a closure with successors or without"
			}
			if want != "" {
				return places[i].err(fmt.Sprintf("%s; see line %d", want, places[j].line))
			}
		}
		from[at] = append(from[at], i)
		into := group{r.Successor, r.Date}
		for _, j := range to[into] {
			if r.Successor != "" && (r.Kind == SuccessionRenaming || g.rows[j].Kind == SuccessionRenaming) {
				return places[i].err(fmt.Sprintf("one predecessor for a renaming; see line %d", places[j].line))
			}
		}
		to[into] = append(to[into], i)
	}
	return nil
}

// begins reports whether the row begins its successor; to lists the rows with the
// same successor on that date.
func begins(r Succession, to []int) bool {
	switch r.Kind {
	case SuccessionRenaming:
		return true
	case SuccessionSplit:
		return r.Successor != r.Predecessor
	case SuccessionMerger:
		return len(to) > 1
	default:
		return false
	}
}

// ends reports whether the row ends its predecessor; from lists the rows with the
// same predecessor on that date.
func (g *lineage) ends(r Succession, from []int) bool {
	if r.Kind != SuccessionSplit {
		return true
	}
	return len(from) > 1 && !slices.ContainsFunc(from, func(i int) bool { return g.rows[i].Successor == r.Predecessor })
}

func (g *lineage) life(id string) *life {
	l := g.lives[id]
	if l == nil {
		l = &life{}
		g.lives[id] = l
	}
	return l
}

// span lays out when the hospital existed. Its first row decides whether it was
// there from the start.
func (l *life) span(rows []Succession) {
	b, e := l.begins, l.ends
	alive := len(b) == 0 || len(e) > 0 && rows[e[0]].Date < rows[b[0]].Date
	var since Date
	for len(b)+len(e) > 0 {
		if len(e) == 0 || len(b) > 0 && rows[b[0]].Date <= rows[e[0]].Date {
			if !alive {
				alive, since = true, rows[b[0]].Date
			}
			b = b[1:]
			continue
		}
		if end := rows[e[0]].Date; alive && !end.IsZero() && since < end {
			l.spans = append(l.spans, Period{From: since, To: end.AddDays(-1)})
		}
		alive = false
		e = e[1:]
	}
	if alive {
		l.spans = append(l.spans, Period{From: since})
	}
}

// exist refuses a predecessor that was gone already, and a successor that had to
// exist and did not.
func (g *lineage) exist(places []place) error {
	for i, r := range g.rows {
		p := g.lives[r.Predecessor]
		if p != nil && !p.before(r.Date) && !p.began(g.rows, r.Date) {
			return places[i].err(fmt.Sprintf("a predecessor that exists before %s; %s had ended or not begun", r.Date, r.Predecessor))
		}
		s := g.lives[r.Successor]
		if s != nil && !s.on(r.Date) && !s.ended(g.rows, r.Date) {
			return places[i].err(fmt.Sprintf("a successor that exists on %s; %s does not", r.Date, r.Successor))
		}
		if r.Kind == SuccessionRenaming && s.on(r.Date.AddDays(-1)) && !r.Date.IsZero() {
			return places[i].err(fmt.Sprintf("a new key; %s existed already, use merger or takeover", r.Successor))
		}
	}
	return nil
}

func (l *life) on(d Date) bool {
	return slices.ContainsFunc(l.spans, func(p Period) bool {
		return p.Contains(d) || d.IsZero() && p.From.IsZero()
	})
}

// before reports whether the hospital existed on the day before d. What
// happened before every date needs no day before it.
func (l *life) before(d Date) bool { return d <= firstDate || l.on(d.AddDays(-1)) }

func (l *life) began(rows []Succession, d Date) bool {
	return slices.ContainsFunc(l.begins, func(i int) bool { return rows[i].Date == d })
}

func (l *life) ended(rows []Succession, d Date) bool {
	return slices.ContainsFunc(l.ends, func(i int) bool { return rows[i].Date == d })
}

// on reports whether the hospital exists on d.
func (g *lineage) on(id string, d Date) bool {
	l := g.lives[id]
	return l == nil || l.on(d)
}

// resolve adds to found what the hospital is on d: itself while it exists, else
// what came of it, else, if it had not begun, what it came from. Equal keys mean
// the same organization, so a hospital that became itself again is itself.
func (g *lineage) resolve(id string, d Date, seen, found map[string]bool) {
	if seen[id] {
		return
	}
	seen[id] = true
	if g.on(id, d) {
		found[id] = true
		return
	}
	l := g.lives[id]
	if date, ok := lastBy(g.rows, l.ends, d); ok {
		for _, i := range l.ends {
			if g.rows[i].Date == date && g.rows[i].Successor != "" {
				g.resolve(g.rows[i].Successor, d, seen, found)
			}
		}
		return
	}
	for _, i := range l.begins {
		if g.rows[i].Date == g.rows[l.begins[0]].Date {
			g.resolve(g.rows[i].Predecessor, d, seen, found)
		}
	}
}

// lastBy returns the latest date not after d of the rows listed by date.
func lastBy(rows []Succession, list []int, d Date) (Date, bool) {
	for _, i := range slices.Backward(list) {
		if !rows[i].Date.After(d) {
			return rows[i].Date, true
		}
	}
	return 0, false
}

// acyclic refuses a way from a hospital back to itself, unless a split undoes
// what an earlier merger or takeover did.
func (g *lineage) acyclic(places []place) error {
	out := map[string][]int{}
	for i, r := range g.rows {
		if r.Successor != "" && r.Successor != r.Predecessor {
			out[r.Predecessor] = append(out[r.Predecessor], i)
		}
	}
	undoes := make([]bool, len(g.rows))
	for i, r := range g.rows {
		undoes[i] = r.Kind == SuccessionSplit && r.Successor != r.Predecessor &&
			g.reaches(out, r.Successor, r.Predecessor, r.Date)
	}
	if cycle := g.cycle(out, func(i int) bool { return !undoes[i] }); cycle != nil {
		return g.cycleError(cycle, places)
	}
	for start := 0; start < len(g.rows); {
		date := g.rows[start].Date
		day := map[string][]int{}
		end := start
		for ; end < len(g.rows) && g.rows[end].Date == date; end++ {
			if r := g.rows[end]; r.Successor != "" && r.Successor != r.Predecessor {
				day[r.Predecessor] = append(day[r.Predecessor], end)
			}
		}
		if cycle := g.cycle(day, func(int) bool { return true }); cycle != nil {
			return g.cycleError(cycle, places)
		}
		start = end
	}
	return nil
}

// reaches reports whether from went into to, by rows other than splits that are
// earlier than before and follow each other in time.
func (g *lineage) reaches(out map[string][]int, from, to string, before Date) bool {
	earliest := map[string]Date{from: 0}
	queue := []string{from}
	for len(queue) > 0 {
		id := queue[0]
		queue = queue[1:]
		for _, i := range out[id] {
			r := g.rows[i]
			if r.Kind == SuccessionSplit || r.Date >= before || r.Date < earliest[id] {
				continue
			}
			if r.Successor == to {
				return true
			}
			if have, seen := earliest[r.Successor]; !seen || r.Date < have {
				earliest[r.Successor] = r.Date
				queue = append(queue, r.Successor)
			}
		}
	}
	return false
}

// cycle returns the rows of a cycle among the rows of out that pass keep, or
// nil.
func (g *lineage) cycle(out map[string][]int, keep func(i int) bool) []int {
	const open, done = 1, 2
	state := map[string]int{}
	var path []int
	var visit func(id string) []int
	visit = func(id string) []int {
		state[id] = open
		for _, i := range out[id] {
			if !keep(i) {
				continue
			}
			next := g.rows[i].Successor
			path = append(path, i)
			switch state[next] {
			case open:
				start := slices.IndexFunc(path, func(j int) bool { return g.rows[j].Predecessor == next })
				return path[start:]
			case 0:
				if c := visit(next); c != nil {
					return c
				}
			}
			path = path[:len(path)-1]
		}
		state[id] = done
		return nil
	}
	for _, r := range g.rows {
		if state[r.Predecessor] == 0 {
			if c := visit(r.Predecessor); c != nil {
				return c
			}
		}
	}
	return nil
}

// maxCycleShown is the number of rows of a cycle that an error lists.
const maxCycleShown = 8

func (g *lineage) cycleError(cycle []int, places []place) error {
	last := slices.MaxFunc(cycle, func(i, j int) int { return cmp.Compare(places[i].line, places[j].line) })
	var s strings.Builder
	for n, i := range cycle {
		if n == maxCycleShown {
			s.WriteString(", ...")
			break
		}
		if n > 0 {
			s.WriteString(", ")
		}
		fmt.Fprintf(&s, "%s to %s (line %d)", g.rows[i].Predecessor, g.rows[i].Successor, places[i].line)
	}
	return places[last].err("successions that never lead back to the same hospital, except by a split that undoes an earlier merger; found " + s.String())
}
