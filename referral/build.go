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
// log and what was found. It waits for calls of Add that have begun. The builder
// is used up.
//
// Under LogConfig.Strict it returns a [*QualityError] if rows were refused. An
// input without any row that can be taken is an error too: of type
// *QualityError if it had rows, else [ErrEmpty].
func (b *LogBuilder) Build(ctx context.Context) (*Log, Quality, error) {
	b.adding.Lock()
	defer b.adding.Unlock()
	if b.built {
		return nil, Quality{}, errors.New("referral: log built twice")
	}
	b.built = true
	for _, p := range b.packers {
		p.store.deal()
		b.parts = append(b.parts, p.store.parts...)
	}
	b.packers, b.idle = nil, nil
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
			k := &checker{schema: l.schema, b: b, ranks: ranks, found: newFindings(), firsts: map[uint64]firstVisit{}, nobody: []uint32{0}}
			k.plainRules, k.mayBePlain = l.newPlainRules()
			k.mayBePlain = k.mayBePlain && !b.general && b.names == nil
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
		return shard{start: k.nobody}
	}
	k.out = shard{events: make([]uint64, 0, rows*k.words+fewRows), start: make([]uint32, 1, rows/2+2)}
	if !k.plainShard(rows) {
		k.anyShard(rows)
	}
	k.events += int64(len(k.out.events) / k.words)
	return k.out
}

// anyShard makes a shard of any log.
func (k *checker) anyShard(rows int) {
	k.gather(rows)
	k.sort()
	for i := 0; i < rows; {
		first := k.items[i]
		j := i + 1
		for j < rows && k.items[j].hash == first.hash && k.samePatient(k.items[j], first) {
			j++
		}
		k.take(k.items[i:j])
		i = j
	}
}

// take checks and takes the sorted rows of a patient.
func (k *checker) take(rows []item) {
	first := rows[0]
	k.patient(rows)
	if end := uint32(len(k.out.events) / k.words); end > k.out.start[len(k.out.start)-1] {
		k.out.start = append(k.out.start, end)
		k.patients++
		k.name(first)
	}
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
	k.shardBits = uint64(n) << (64 - shardBits)
	k.runs, k.from = k.runs[:0], k.from[:0]
	rows := 0
	for _, p := range k.b.parts {
		if r := p.run(n); len(r.rows) > 0 {
			k.runs, k.from = append(k.runs, r), append(k.from, uint32(rows))
			rows += len(r.rows) / r.words
		}
	}
	k.row = slices.Grow(k.row[:0], rows*k.words)[:rows*k.words]
	return rows
}

// line gives the line of the row at a place.
func (k *checker) line(at uint32) uint32 {
	i, found := slices.BinarySearch(k.from, at)
	if !found {
		i--
	}
	r := k.runs[i]
	line := r.fields[evLine].get(r.rows[int(at-k.from[i])*r.words:])
	if line == 0 {
		return 0
	}
	return uint32(r.base[evLine] - 1 + int64(line))
}

// gather unpacks the rows of a shard into the form of the log, and puts them into
// groups by the next bits of the identity. There are about as many groups as
// rows.
func (k *checker) gather(rows int) {
	right := k.countGroups(max(bits.Len(uint(rows))-1, 1))
	sum := uint32(0)
	for i, n := range k.count {
		k.count[i] = sum
		sum += n
	}
	k.items = slices.Grow(k.items[:0], rows)[:rows]
	at := 0
	for _, r := range k.runs {
		dst := k.row[at*k.words:][:len(r.rows)/r.words*k.words]
		k.unpack(r, dst)
		for i, j := 0, 0; i < len(r.rows) && j < len(dst); i, j = i+r.words, j+k.words {
			h := r.rows[i]
			g := h >> (right & 63)
			k.items[k.count[g]] = item{hash: h>>shardBits | k.shardBits, word: dst[j], at: uint32(at)}
			k.count[g]++
			at++
		}
	}
}

// countGroups counts the rows that have the same highest bits in the first word,
// and gives the number of the other bits.
func (k *checker) countGroups(width int) uint8 {
	k.count = slices.Grow(k.count[:0], 1<<width+1)[:1<<width+1]
	clear(k.count)
	count, right := k.count, uint8(64-width)
	for _, r := range k.runs {
		for i := 0; i < len(r.rows); i += r.words {
			count[r.rows[i]>>(right&63)]++
		}
	}
	return right
}

// unpack brings rows into the form of the log.
func (k *checker) unpack(r run, dst []uint64) {
	tables := r.tables
	if k.words == 1 && len(tables) > 0 {
		tables[0].start(r.rows[tables[0].word:], r.words, dst)
		tables = tables[1:]
	} else {
		clear(dst)
	}
	for _, c := range r.moved {
		k.move(c, r, dst)
	}
	for _, t := range tables {
		t.move(r.rows[t.word:], r.words, dst[t.to:], k.words)
	}
}

// move unpacks a column.
func (k *checker) move(c column, r run, dst []uint64) {
	from, to := r.fields[c], k.fields[c]
	src, dst := r.rows[from.word:], dst[to.word:]
	step, shift, mask, left := r.words, from.shift&63, from.mask, to.shift&63
	switch {
	case c == evCheck || c == evLayer:
		for i, j := 0, 0; i < len(src) && j < len(dst); i, j = i+step, j+k.words {
			dst[j] |= (src[i] >> shift & mask) << left
		}
	case !c.coded():
		none, delta := k.numbers[c].codes(), uint64(r.base[c]-1-k.numbers[c].low)
		for i, j := 0, 0; i < len(src) && j < len(dst); i, j = i+step, j+k.words {
			v := none
			if x := src[i] >> shift & mask; x != 0 {
				v = x + delta
			}
			dst[j] |= v << left
		}
	default:
		rank := k.ranks[familyOf(c)]
		for i, j := 0, 0; i < len(src) && j < len(dst); i, j = i+step, j+k.words {
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
