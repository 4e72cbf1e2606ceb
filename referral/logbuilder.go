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

	adding   sync.RWMutex // read: by Add
	mu       sync.Mutex
	texts    *interners
	packers  []*packer // all, with what they have stored
	idle     []*packer
	found    findings
	rows     int64
	refused  int64
	names    map[Identity]string // KeepPatients: of identities that are not exact
	built    bool
	parts    []*part  // of all packers, when all rows are there
	general  bool     // no patient is taken to be plain
	contents contents // of all rows
}

// extent is the range of the numbers that are given; low > high if none is.
type extent struct{ low, high int64 }

func newExtent() extent { return extent{math.MaxInt64, math.MinInt64} }

func (s *extent) join(o extent) {
	if !o.empty() {
		s.low, s.high = min(s.low, o.low), max(s.high, o.high)
	}
}

func (s extent) empty() bool { return s.low > s.high }

// codes is the number of codes that the numbers need: one is for not given.
func (s extent) codes() uint64 {
	if s.empty() {
		return 0
	}
	return uint64(s.high-s.low) + 1
}

// NewLogBuilder returns a builder of a log.
func NewLogBuilder(c LogConfig) *LogBuilder {
	b := &LogBuilder{
		c: c, texts: newInterners(c), found: newFindings(), contents: newContents(int(evAttr) + len(c.Attributes)),
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
	b.adding.RLock()
	defer b.adding.RUnlock()
	p, err := b.begin(rows)
	if err != nil {
		return err
	}
	p.pack()

	b.mu.Lock()
	defer b.mu.Unlock()
	b.idle = append(b.idle, p)
	for _, r := range rows.Refused {
		p.found.add(r.Fault, Refused, r.Line)
	}
	b.refused += int64(p.refused + len(rows.Refused))
	b.found.merge(&p.found)
	b.contents.join(&p.contents)
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

// begin finds a packer for a batch, and the codes of its texts.
func (b *LogBuilder) begin(rows *Batch) (*packer, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.built {
		return nil, errors.New("referral: rows added to a log that has been built")
	}
	n := int64(rows.Len() + len(rows.Refused))
	if b.rows+n > maxRows {
		return nil, fmt.Errorf("referral: more than %d rows", int64(maxRows))
	}
	b.rows += n
	if len(b.idle) == 0 {
		p := &packer{store: &rowStore{}}
		b.packers, b.idle = append(b.packers, p), append(b.idle, p)
	}
	last := len(b.idle) - 1
	p := b.idle[last]
	b.idle = b.idle[:last]
	p.start(b, rows)
	for c, codes := range p.in.texts {
		if codes.In == nil {
			continue
		}
		f := familyOf(c)
		p.links[c] = b.texts.link(codes.In, f)
		p.codes[c] = len(b.texts.families[f].values)
	}
	return p, nil
}

// The years of diagnosis that a log accepts.
const firstYear, lastYear = 1800, 2200
