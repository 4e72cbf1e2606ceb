// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"cmp"
	"context"
	"errors"
	"math/bits"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// Build checks what only all rows of a patient show together, and returns the
// log and what was found. The builder is used up.
//
// Under LogConfig.Strict it returns a [*QualityError] if rows were refused. An
// input without any row that can be taken is an error too: of type
// *QualityError if it had rows, else [ErrEmpty].
func (b *LogBuilder) Build(ctx context.Context) (*Log, Quality, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.built {
		return nil, Quality{}, errors.New("referral: log built twice")
	}
	b.built = true
	s, ranks := newSchema(b)
	l := &Log{schema: s, config: b.c, shards: make([]shard, shards)}
	b.setTables(s, ranks)
	found, err := b.buildShards(ctx, l, ranks)
	if err != nil {
		return nil, Quality{}, err
	}
	b.parts = nil
	l.quality = b.quality(found)
	q := l.Quality()
	switch {
	case q.Rows == 0:
		return nil, q, ErrEmpty
	case q.Events == 0 || b.c.Strict && q.Refused > 0:
		return nil, q, &QualityError{Quality: q}
	}
	return l, q, nil
}

// buildShards makes the shards in parallel.
func (b *LogBuilder) buildShards(ctx context.Context, l *Log, ranks [][]uint32) (*checker, error) {
	total := &checker{found: newFindings()}
	total.found.merge(&b.found)
	var next atomic.Int64
	var wg sync.WaitGroup
	var mu sync.Mutex
	var made [groups]atomic.Int32
	for range b.c.workers() {
		wg.Go(func() {
			k := &checker{schema: l.schema, b: b, ranks: ranks, found: newFindings(), firsts: map[uint64]firstVisit{}}
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= shards {
					break
				}
				l.shards[i] = k.shard(i)
				if g := i / groupShards; made[g].Add(1) == groupShards {
					for _, p := range b.parts {
						p.rows[g] = nil
					}
				}
			}
			mu.Lock()
			defer mu.Unlock()
			total.add(k)
		})
	}
	wg.Wait()
	return total, ctx.Err()
}

func (c LogConfig) workers() int {
	if c.Workers > 0 {
		return c.Workers
	}
	return runtime.GOMAXPROCS(0)
}

func (b *LogBuilder) quality(k *checker) Quality {
	return Quality{
		File: b.c.File, Layout: b.c.Layout, Rows: b.rows, Events: k.events, LeftOut: k.leftOut, Refused: b.refused,
		Patients: k.patients, Findings: k.found.report(),
	}.with(k.ends)
}

// item is a row on its way into a shard.
type item struct {
	hash, word uint64 // the mixed identity, and the first word
	at         uint32 // place of all words
}

// shard gathers the rows of a shard, sorts them by patient and time, and checks
// each patient.
func (k *checker) shard(n int) shard {
	rows := k.open(n)
	if rows == 0 {
		return shard{start: []uint32{0}}
	}
	k.gather()
	k.sort()
	k.out = shard{events: make([]uint64, 0, rows*k.words), start: make([]uint32, 1, rows/2+2)}
	for i := 0; i < rows; {
		first := k.items[i]
		j := i + 1
		for j < rows && k.items[j].hash == first.hash && k.samePatient(k.items[j], first) {
			j++
		}
		if !k.plain(k.items[i:j]) {
			k.patient(k.items[i:j])
		}
		if end := uint32(len(k.out.events) / k.words); end > k.out.start[len(k.out.start)-1] {
			k.out.start = append(k.out.start, end)
			k.patients++
			k.name(first)
		}
		i = j
	}
	k.events += int64(len(k.out.events) / k.words)
	return k.out
}

func (k *checker) samePatient(a, b item) bool {
	f := k.fields[evCheck]
	return f.mask == 0 || f.get(k.event(a)) == f.get(k.event(b))
}

// name keeps the identifier of the patient that was added last.
func (k *checker) name(i item) {
	if k.b.names == nil {
		return
	}
	id := Identity{key: unmix(i.hash), check: k.code(k.event(i), evCheck)}
	if id.exact() {
		k.out.names = append(k.out.names, id.text())
	} else {
		k.out.names = append(k.out.names, k.b.names[id])
	}
}

// open finds the rows of a shard, and gives their number.
func (k *checker) open(n int) int {
	k.runs, k.from = k.runs[:0], k.from[:0]
	rows := 0
	for _, p := range k.b.parts {
		if src := p.shard(n); len(src) > 0 {
			k.runs, k.from = append(k.runs, run{p, src}), append(k.from, uint32(rows))
			rows += len(src) / p.words
		}
	}
	k.items = slices.Grow(k.items[:0], rows)[:rows]
	k.row = slices.Grow(k.row[:0], rows*k.words)[:rows*k.words]
	return rows
}

// run is the rows of a shard that are in one part.
type run struct {
	*part
	src []uint64
}

// line gives the line of the row at a place.
func (k *checker) line(at uint32) uint32 {
	i, found := slices.BinarySearch(k.from, at)
	if !found {
		i--
	}
	r := k.runs[i]
	f := r.fields[evLine]
	if f.mask == 0 {
		return 0
	}
	return uint32(r.base[evLine] - 1 + int64(f.get(r.src[int(at-k.from[i])*r.words+1:])))
}

// gather unpacks the rows of a shard into the form of the log, and puts them into
// groups by the next bits of the identity. There are about as many groups as
// rows.
func (k *checker) gather() {
	width := max(bits.Len(uint(len(k.items)))-1, 1)
	k.count = slices.Grow(k.count[:0], 1<<width+1)[:1<<width+1]
	clear(k.count)
	count, right := k.count, uint8(64-width)
	for _, r := range k.runs {
		for i := 0; i < len(r.src); i += r.words {
			count[r.src[i]<<shardBits>>(right&63)]++
		}
	}
	sum := uint32(0)
	for i, n := range count {
		count[i] = sum
		sum += n
	}
	clear(k.row)
	at := 0
	for _, r := range k.runs {
		dst := k.row[at*k.words:][:len(r.src)/r.words*k.words]
		for c := range k.fields {
			k.move(column(c), r.part, r.src, dst)
		}
		for _, t := range r.tables {
			t.move(r.src[1+t.word:], r.words, dst[t.to:], k.words)
		}
		for i, j := 0, 0; i < len(r.src) && j < len(dst); i, j = i+r.words, j+k.words {
			h := r.src[i]
			g := h << shardBits >> (right & 63)
			k.items[count[g]] = item{hash: h, word: dst[j], at: uint32(at)}
			count[g]++
			at++
		}
	}
}

// move unpacks a column from the rows in src into those in dst, unless a table
// does it.
func (k *checker) move(c column, p *part, src, dst []uint64) {
	from, to := p.fields[c], k.fields[c]
	if to.mask == 0 {
		return
	}
	src, dst = src[1:], dst[to.word:]
	word, step, shift, mask, left := int(from.word), p.words, from.shift&63, from.mask, to.shift&63
	switch {
	case c == evCheck || c == evLayer:
		for i, j := word, 0; i < len(src) && j < len(dst); i, j = i+step, j+k.words {
			dst[j] |= (src[i] >> shift & mask) << left
		}
	case !c.coded():
		none, delta := k.numbers[c].codes(), p.base[c]-1-k.numbers[c].low
		for i, j := word, 0; i < len(src) && j < len(dst); i, j = i+step, j+k.words {
			v := none
			if x := src[i] >> shift & mask; x != 0 {
				v = uint64(int64(x) + delta)
			}
			dst[j] |= v << left
		}
	case bits.Len64(mask) > maxTableBits:
		rank := k.ranks[familyOf(c)]
		for i, j := word, 0; i < len(src) && j < len(dst); i, j = i+step, j+k.words {
			dst[j] |= uint64(rank[src[i]>>shift&mask]) << left
		}
	}
}

// smallGroup is the number of rows up to which sorting by insertion is fastest.
const smallGroup = 24

// sort brings the rows of each group in the order of patients and, within a
// patient, of time.
func (k *checker) sort() {
	from := uint32(0)
	for _, to := range k.count[:len(k.count)-1] {
		group := k.items[from:to]
		from = to
		if len(group) > smallGroup {
			slices.SortFunc(group, k.compare)
			continue
		}
		for i := 1; i < len(group); i++ {
			x := group[i]
			j := i
			for j > 0 && k.before(x, group[j-1]) {
				group[j] = group[j-1]
				j--
			}
			group[j] = x
		}
	}
}

func (k *checker) before(a, b item) bool {
	if a.hash != b.hash {
		return a.hash < b.hash
	}
	if a.word != b.word {
		return a.word < b.word
	}
	return k.compare(a, b) < 0
}

func (k *checker) compare(a, b item) int {
	if c := cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.word, b.word)); c != 0 {
		return c
	}
	return cmp.Or(slices.Compare(k.event(a), k.event(b)), cmp.Compare(k.line(a.at), k.line(b.at)))
}

// event gives the words of a row.
func (k *checker) event(i item) event {
	return k.row[int(i.at)*k.words : int(i.at+1)*k.words]
}
