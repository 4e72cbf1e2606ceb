// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"errors"
	"fmt"
	"math"
	"sync"
)

// Rows are dealt over shards by the highest bits of the mixed identity of their
// patient, so that each shard is small enough to be sorted in the cache of a
// processor, and a patient is in one shard only.
const (
	shardBits = 9
	shards    = 1 << shardBits
	noShard   = shards // of a row that is not taken

	groupShards = 32 // shards whose rows are kept and given free together
	groups      = shards / groupShards
)

// maxRows is the number of rows that a log can hold.
const maxRows = math.MaxUint32

// LogBuilder takes batches of rows and makes a log of them. It is for readers
// of large inputs; [ReadLog] is simpler. Add may be called from several
// goroutines; what comes out does not depend on the order of the rows.
type LogBuilder struct {
	c LogConfig

	mu       sync.Mutex
	texts    *interners
	parts    []*part
	found    findings
	rows     int64
	refused  int64
	names    map[Identity]string // KeepPatients: of identities that are not exact
	built    bool
	day      extent // of all parts, as are the following
	seq      extent
	year     extent
	until    extent
	line     extent
	checked  bool // some identity has a second part
	layered  bool // some event is not of the patient layer
	packings sync.Pool
}

// extent is the range of the numbers that are given; low > high if none is.
type extent struct{ low, high int64 }

func newExtent() extent { return extent{math.MaxInt64, math.MinInt64} }

func (s *extent) join(o extent) { s.low, s.high = min(s.low, o.low), max(s.high, o.high) }

func (s extent) empty() bool { return s.low > s.high }

// codes is the number of codes that the numbers need: one is for not given.
func (s extent) codes() uint64 {
	if s.empty() {
		return 0
	}
	return uint64(s.high-s.low) + 1
}

// part is a batch, packed and dealt over the shards.
type part struct {
	words  int              // for each row: the mixed identity, then the columns
	rows   [groups][]uint64 // by shard
	at     []uint32         // rows at[k]:at[k+1] are in shard k
	fields []bitfield
	base   []int64     // of columns with numbers: v stands for base + v - 1, 0 for not given
	tables []codeTable // when all texts are known
}

// shard gives the rows in a shard.
func (p *part) shard(n int) []uint64 {
	rows, first := p.rows[n/groupShards], p.at[n&^(groupShards-1)]
	return rows[int(p.at[n]-first)*p.words : int(p.at[n+1]-first)*p.words]
}

// NewLogBuilder returns a builder of a log.
func NewLogBuilder(c LogConfig) *LogBuilder {
	b := &LogBuilder{
		c: c, texts: newInterners(c), found: newFindings(),
		day: newExtent(), seq: newExtent(), year: newExtent(), until: newExtent(), line: newExtent(),
	}
	if c.KeepPatients {
		b.names = map[Identity]string{}
	}
	return b
}

// Add takes a copy of the rows of a batch, and checks what can be seen in a row
// alone. It returns an error if the columns of the batch differ in length, the
// log is too large or Build was called, and that of [LogConfig.Validate].
func (b *LogBuilder) Add(rows *Batch) error {
	if err := b.fits(rows); err != nil {
		return err
	}
	p, _ := b.packings.Get().(*packer)
	if p == nil {
		p = &packer{}
	}
	defer b.packings.Put(p)
	p.start(b, rows)
	b.link(p)
	made := p.pack()

	b.mu.Lock()
	defer b.mu.Unlock()
	if b.built {
		return errors.New("referral: rows added to a log that has been built")
	}
	if b.rows+int64(rows.Len()+len(rows.Refused)) > maxRows {
		return fmt.Errorf("referral: more than %d rows", int64(maxRows))
	}
	for _, r := range rows.Refused {
		p.found.add(r.Fault, Refused, r.Line)
	}
	b.rows += int64(rows.Len() + len(rows.Refused))
	b.refused += int64(p.refused + len(rows.Refused))
	b.found.merge(&p.found)
	if made != nil {
		b.parts = append(b.parts, made)
	}
	b.day.join(p.day)
	b.seq.join(p.seq)
	b.year.join(p.year)
	b.until.join(p.until)
	b.line.join(p.lines)
	b.checked = b.checked || p.checked
	b.layered = b.layered || p.layered
	for i, name := range rows.Name {
		if id := rows.Patient[i]; b.names != nil && !id.exact() {
			b.names[id] = name
		}
	}
	return nil
}

// fits checks the form of a batch.
func (b *LogBuilder) fits(r *Batch) error {
	if err := b.c.Validate(); err != nil {
		return err
	}
	n := r.Len()
	ok := len(r.Line) == n && len(r.Attributes) <= len(b.c.Attributes)
	for _, m := range [...]int{len(r.Name), len(r.Seq), len(r.Date), len(r.Until), len(r.Year), len(r.Layer)} {
		ok = ok && (m == 0 || m == n)
	}
	if b.c.KeepPatients {
		ok = ok && len(r.Name) == n
	}
	for c, codes := range r.texts {
		ok = ok && (codes.In == nil && len(codes.Of) == 0 || codes.In != nil && len(codes.Of) == n)
		ok = ok && (b.c.Layout == LayoutTreatments || c != evOther || r.FirstVisit.In == nil)
	}
	if !ok {
		return errors.New("referral: the columns of a batch do not fit together")
	}
	return nil
}

// texts gives the columns of codes.
func (b *Batch) texts(yield func(column, Codes) bool) {
	other := b.ToHospital
	if b.FirstVisit.In != nil {
		other = b.FirstVisit
	}
	if !yield(evKind, b.Kind) || !yield(evHospital, b.Hospital) || !yield(evOther, other) || !yield(evTumor, b.Tumor) {
		return
	}
	for i, a := range b.Attributes {
		if !yield(evAttr+column(i), a) {
			return
		}
	}
}

// link finds the codes of the texts of a batch.
func (b *LogBuilder) link(p *packer) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for c, codes := range p.in.texts {
		if codes.In == nil {
			continue
		}
		f := familyOf(c)
		p.links[c] = b.texts.link(codes.In, f)
		p.codes[c] = len(b.texts.families[f].values)
	}
}

// The years of diagnosis that a log accepts.
const firstYear, lastYear = 1800, 2200
