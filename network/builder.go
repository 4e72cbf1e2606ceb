// SPDX-License-Identifier: Apache-2.0

package network

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"slices"
	"strings"
)

// builder is a landscape while it is read. The maps from key to line find
// duplicates and check references.
type builder struct {
	l                *Landscape
	hospitals        map[string]int
	networks         map[string]int
	regions          map[string]int
	domains          map[string]int
	tumors           map[string]int
	labels           map[string]map[string]string // partition, label: network
	claims           []claim                      // of the file being read
	successionPlaces []place
	rings            map[string]int // outline part: ring
	ringPlaces       []place
	hash             hash.Hash
}

func newBuilder() *builder {
	return &builder{
		l:         &Landscape{supplied: map[route]int32{}},
		hospitals: map[string]int{}, networks: map[string]int{}, regions: map[string]int{},
		domains: map[string]int{}, tumors: map[string]int{},
		labels: map[string]map[string]string{}, rings: map[string]int{}, hash: sha256.New(),
	}
}

// newKey reads a key that no earlier row may have, and notes its line.
func (b *builder) newKey(w row, col string, lines map[string]int) (string, error) {
	id, err := w.key(col)
	if err != nil {
		return "", err
	}
	if line := lines[id]; line != 0 {
		return "", w.Err(col, fmt.Sprintf("each %s once; it stands in line %d too", col, line))
	}
	lines[id] = w.Line()
	return id, nil
}

// claim is a record that may not hold twice on one day.
type claim struct {
	key    string
	period Period
	at     place
}

func (b *builder) claim(w row, col string, p Period, key ...string) {
	b.claims = append(b.claims, claim{key: strings.Join(key, "\x00"), period: p, at: w.place(col)})
}

// overlaps refuses two claims of the file just read that have equal keys and a
// day in common.
func (b *builder) overlaps() error {
	claims := b.claims
	b.claims = nil
	slices.SortFunc(claims, func(x, y claim) int {
		return cmp.Or(cmp.Compare(x.key, y.key), cmp.Compare(x.period.From, y.period.From), cmp.Compare(x.at.line, y.at.line))
	})
	var first, other place
	for i := 1; i < len(claims); i++ {
		x, y := claims[i-1], claims[i]
		if x.key != y.key || !x.period.Overlaps(y.period) {
			continue
		}
		late, early := y.at, x.at
		if late.line < early.line {
			late, early = early, late
		}
		if first.line == 0 || late.line < first.line {
			first, other = late, early
		}
	}
	if first.line == 0 {
		return nil
	}
	return first.err(fmt.Sprintf("each record once at a time; line %d says the same for days of the same period", other.line))
}

// finish makes the checks that need all files, sorts what was read, so that
// nothing depends on the order of rows, and builds the indexes.
func (b *builder) finish() (*Landscape, error) {
	l := b.l
	if len(l.hospitals) == 0 {
		return nil, &InputError{File: hospitalsFile, Want: "at least one hospital"}
	}
	if err := b.closeRings(); err != nil {
		return nil, err
	}
	b.sort()
	var err error
	if l.lineage, err = newLineage(l.successions, b.successionPlaces); err != nil {
		return nil, err
	}
	l.labels = b.labels
	l.hospitalAt = make(map[string]int, len(l.hospitals))
	for i, h := range l.hospitals {
		l.hospitalAt[h.ID] = i
	}
	l.networkAt = make(map[string]int, len(l.networks))
	for i, n := range l.networks {
		l.networkAt[n.ID] = i
	}
	for _, m := range l.memberships {
		l.last = max(l.last, m.From, m.To)
	}
	for _, s := range l.successions {
		l.last = max(l.last, s.Date)
	}
	for _, d := range l.designations {
		l.last = max(l.last, d.From, d.To)
	}
	for _, n := range l.norms {
		l.last = max(l.last, n.From, n.To)
	}
	l.digest = hex.EncodeToString(b.hash.Sum(nil))
	return l, nil
}

func (b *builder) sort() {
	l := b.l
	slices.SortFunc(l.hospitals, func(x, y Hospital) int { return cmp.Compare(x.ID, y.ID) })
	slices.SortFunc(l.networks, func(x, y Network) int { return cmp.Compare(x.ID, y.ID) })
	slices.SortFunc(l.memberships, func(x, y Membership) int {
		return cmp.Or(cmp.Compare(x.Hospital, y.Hospital), cmp.Compare(x.Network, y.Network), cmp.Compare(x.From, y.From))
	})
	slices.SortFunc(l.designations, func(x, y Designation) int {
		return cmp.Or(cmp.Compare(x.Body, y.Body), cmp.Compare(x.Disease, y.Disease), cmp.Compare(x.Hospital, y.Hospital),
			cmp.Compare(x.From, y.From), cmp.Compare(x.Level, y.Level), cmp.Compare(x.Role, y.Role), cmp.Compare(x.Of, y.Of))
	})
	slices.SortFunc(l.norms, func(x, y Norm) int {
		return cmp.Or(cmp.Compare(x.Body, y.Body), cmp.Compare(x.Disease, y.Disease), cmp.Compare(x.Modality, y.Modality),
			cmp.Compare(x.From, y.From), cmp.Compare(x.Unit, y.Unit), cmp.Compare(x.Lower, y.Lower), cmp.Compare(x.Upper, y.Upper))
	})
	slices.SortFunc(l.regions, func(x, y Region) int { return cmp.Compare(x.ID, y.ID) })
	slices.SortFunc(l.domains, func(x, y Domain) int { return cmp.Compare(x.ID, y.ID) })
	slices.SortFunc(l.tumors, func(x, y Tumor) int { return cmp.Compare(x.ID, y.ID) })

	order := make([]int, len(l.successions))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		x, y := l.successions[i], l.successions[j]
		return cmp.Or(cmp.Compare(x.Date, y.Date), cmp.Compare(x.Predecessor, y.Predecessor),
			cmp.Compare(x.Successor, y.Successor), cmp.Compare(b.successionPlaces[i].line, b.successionPlaces[j].line))
	})
	l.successions = permuted(l.successions, order)
	b.successionPlaces = permuted(b.successionPlaces, order)
}

func permuted[T any](list []T, order []int) []T {
	out := make([]T, len(list))
	for i, j := range order {
		out[i] = list[j]
	}
	return out
}

// badText is the error of a text that stands in no file.
func badText(s, want string) error {
	return &InputError{Value: fmt.Sprintf("%.60s", s), Want: want}
}
