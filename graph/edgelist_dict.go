// SPDX-License-Identifier: Apache-2.0

package graph

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"hash/maphash"
	"math/bits"
	"slices"
	"strconv"
)

// dictionary gives each key a number. A plain decimal number is its own, if
// that is not too large, for which there is nothing to look up; the other keys
// are numbered down from -1 in the order in which they come. Of these, plain
// keys of at most eight bytes are looked up by a hash of their bytes packed into
// a number, and the rest by a hash of the bytes.
type dictionary struct {
	seen  bitset // the decimal numbers that are keys
	keys  int    // decimal and other
	short table
	long  table
	seed  maphash.Seed
	bytes []byte  // all other keys, one after the other
	ends  []int64 // where each of them ends in bytes
}

func newDictionary() *dictionary {
	return &dictionary{seed: maphash.MakeSeed(), short: newTable(), long: newTable()}
}

// maxDecimal bounds the values that are numbers of their own, and with them the
// memory for it. Values above smallDecimal must also be dense: at most sparse
// for each key.
const (
	maxDecimal   = 1 << 22
	smallDecimal = 1 << 20
	sparse       = 256
)

// bitset is a set of numbers.
type bitset []uint64

func (s bitset) has(v uint64) bool {
	return v>>6 < uint64(len(s)) && s[v>>6]>>(v&63)&1 != 0
}

func (s *bitset) add(v uint64) {
	if words := int(v>>6 + 1); words > len(*s) {
		*s = append(make(bitset, 0, 2*words), *s...)[:2*words]
	}
	(*s)[v>>6] |= 1 << (v & 63)
}

// pack returns a key as a number, which is 0 if the key is too long or holds a
// zero byte.
func pack(key []byte) uint64 {
	if len(key) > 8 || bytes.IndexByte(key, 0) >= 0 {
		return 0
	}
	var b [8]byte
	copy(b[:], key)
	return binary.LittleEndian.Uint64(b[:])
}

// packedLen returns the number of bytes of a packed key.
func packedLen(word uint64) int { return 8 - bits.LeadingZeros64(word)/8 }

// decimal returns the value of a packed key that is a decimal number without
// leading zeros; a value beyond all limits if it is something else.
func decimal(word uint64) uint64 {
	const (
		zeros = 0x3030303030303030
		six   = 0x0606060606060606
		high  = 0xf0f0f0f0f0f0f0f0
		none  = 1 << 63
	)
	pad := uint(bits.LeadingZeros64(word)) &^ 7
	w := (word<<pad | zeros&(1<<pad-1)) ^ zeros // the digits, units in the highest byte
	if first := byte(word); (w|(w+six))&high != 0 || first-'1' > 8 && word != '0' {
		return none
	}
	w = w*10 + w>>8
	const pairs = 0x000000ff000000ff
	return ((w&pairs)*(100+1000000<<32) + (w>>16&pairs)*(1+10000<<32)) >> 32
}

// addShort returns the number of a packed key, new or not; false if there is no
// number left.
func (d *dictionary) addShort(word uint64) (int32, bool) {
	v := decimal(word)
	if d.seen.has(v) {
		return int32(v), true
	}
	if id := d.short.find(word); id >= 0 {
		return -1 - id, true
	}
	if v < min(maxDecimal, max(smallDecimal, sparse*uint64(d.keys))) {
		d.seen.add(v)
		d.keys++
		return int32(v), true // there are fewer than maxNodes of these
	}
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], word)
	id, ok := d.append(b[:packedLen(word)])
	if ok {
		d.short.insert(word, id)
	}
	return -1 - id, ok
}

// addLong returns the number of a key, new or not; false if there is no number
// left.
func (d *dictionary) addLong(key []byte) (int32, bool) {
	hash := maphash.Bytes(d.seed, key) | 1
	for i := d.long.home(hash); ; i = (i + 1) & d.long.mask() {
		s := d.long.slots[i]
		if s.key == 0 {
			break
		}
		if s.key == hash && bytes.Equal(d.key(s.id), key) {
			return -1 - s.id, true
		}
	}
	id, ok := d.append(key)
	if ok {
		d.long.insert(hash, id)
	}
	return -1 - id, ok
}

// append adds an other key and returns its position among them.
func (d *dictionary) append(key []byte) (int32, bool) {
	if d.keys == maxNodes {
		return 0, false
	}
	d.keys++
	d.bytes = append(d.bytes, key...)
	d.ends = append(d.ends, int64(len(d.bytes)))
	return int32(len(d.ends) - 1), true
}

// key returns the other key at this position.
func (d *dictionary) key(id int32) []byte {
	begin := int64(0)
	if id > 0 {
		begin = d.ends[id-1]
	}
	return d.bytes[begin:d.ends[id]]
}

// table is a hash table with open addressing from numbers other than 0 to
// numbers of keys. Its multiplier is random, so that no file can be made to
// collide; what comes out does not depend on it.
type table struct {
	slots []slot
	used  int
	shift uint
	mix   uint64
}

type slot struct {
	key uint64
	id  int32
}

func newTable() table {
	const start = 8 // log2 of the number of slots
	return table{slots: make([]slot, 1<<start), shift: 64 - start, mix: maphash.Bytes(maphash.MakeSeed(), nil) | 1}
}

func (t *table) home(key uint64) uint64 {
	hi, lo := bits.Mul64(key^t.mix, 0x9e3779b97f4a7c15^t.mix<<1)
	return (hi ^ lo) >> t.shift
}

func (t *table) mask() uint64 { return uint64(len(t.slots) - 1) }

// find returns the number stored under key, -1 if there is none.
func (t *table) find(key uint64) int32 {
	slots := t.slots
	for i := t.home(key); ; i++ {
		s := &slots[i&uint64(len(slots)-1)]
		if s.key == key {
			if key == 0 {
				return -1
			}
			return s.id
		}
		if s.key == 0 {
			return -1
		}
	}
}

// insert stores id under key, also if there is one under that key already.
func (t *table) insert(key uint64, id int32) {
	if t.used*3 >= len(t.slots)*2 {
		old := t.slots
		t.slots = make([]slot, 2*len(old))
		t.shift--
		for _, s := range old {
			if s.key != 0 {
				t.put(s)
			}
		}
	}
	t.used++
	t.put(slot{key, id})
}

func (t *table) put(s slot) {
	i := t.home(s.key)
	for t.slots[i].key != 0 {
		i = (i + 1) & t.mask()
	}
	t.slots[i] = s
}

// ref is a key that is being sorted: its first eight bytes as a number with the
// same order, and its position in the dictionary, or its value if it is a
// decimal number.
type ref struct {
	prefix uint64
	id     int32
}

// len returns the length of the key if it is less than eight, else 8.
func (x ref) len() int { return 8 - bits.TrailingZeros64(x.prefix)/8 }

// sorted returns the other keys in byte order: sorted by their prefixes, byte by
// byte from the last, and then by the rest among equal prefixes. They are in no
// order once ctx is done.
func (d *dictionary) sorted(ctx context.Context) []ref {
	refs := make([]ref, len(d.ends))
	var differ uint64 // bits in which prefixes differ
	begin := int64(0)
	for i, end := range d.ends {
		var b [8]byte
		copy(b[:], d.bytes[begin:end])
		refs[i] = ref{binary.BigEndian.Uint64(b[:]), int32(i)}
		differ |= refs[i].prefix ^ refs[0].prefix
		begin = end
	}
	other := make([]ref, len(refs))
	for shift := 0; shift < 64; shift += 8 {
		if differ>>shift&0xff == 0 {
			continue
		}
		if ctx.Err() != nil {
			return refs
		}
		var at [257]int
		for _, x := range refs {
			at[x.prefix>>shift&0xff+1]++
		}
		for b := range 256 {
			at[b+1] += at[b]
		}
		for _, x := range refs {
			p := &at[x.prefix>>shift&0xff]
			other[*p] = x
			*p++
		}
		refs, other = other, refs
	}
	for i, look := 0, 0; i < len(refs); {
		if i >= look {
			if ctx.Err() != nil {
				return refs
			}
			look = i + keyPace
		}
		j := i + 1
		for j < len(refs) && refs[j].prefix == refs[i].prefix {
			j++
		}
		if j > i+1 {
			slices.SortFunc(refs[i:j], func(x, y ref) int { return bytes.Compare(d.key(x.id), d.key(y.id)) })
		}
		i = j
	}
	return refs
}

// compare compares a key of d with one of e. Keys hold no zero bytes, so that
// a key shorter than its prefix comes before those that it begins.
func (d *dictionary) compare(x ref, e *dictionary, y ref) int {
	if x.prefix != y.prefix || x.len() < 8 {
		return cmp.Compare(x.prefix, y.prefix)
	}
	return bytes.Compare(d.key(x.id), e.key(y.id))
}

// decimals returns the decimal keys of all dictionaries in byte order.
func decimals(parsers []*parser) []int32 {
	var seen bitset
	for _, p := range parsers {
		if len(p.dict.seen) > len(seen) {
			seen = p.dict.seen
		}
	}
	count := 0
	for i := range seen {
		for _, p := range parsers {
			if i < len(p.dict.seen) {
				seen[i] |= p.dict.seen[i]
			}
		}
		count += bits.OnesCount64(seen[i])
	}
	list := make([]int32, 0, count)
	if seen.has(0) {
		list = append(list, 0)
	}
	// After a number come those that it begins, after them the next one with
	// as many digits.
	end := 64 * len(seen)
	for v := 1; len(list) < count; {
		if seen.has(uint64(v)) {
			list = append(list, int32(v))
		}
		if 10*v < end {
			v *= 10
			continue
		}
		for v%10 == 9 || v+1 >= end {
			v /= 10
		}
		v++
	}
	return list
}

// keyPace is the number of keys between two looks at a context.
const keyPace = 1 << 14

// join makes the graph of everything the parsers found, or returns the error of
// ctx.
func join(ctx context.Context, parsers []*parser) (*Digraph, error) {
	keys, ranks := mergeKeys(ctx, parsers)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if len(keys) > maxNodes {
		return nil, &KeyError{Key: keys[maxNodes], Err: ErrTooLarge}
	}
	shares := make([]share, len(parsers))
	for k, p := range parsers {
		shares[k] = share{chunks: p.chunks, rank: ranks[k], shift: int32(len(p.dict.ends))}
		p.chunks, p.dict = nil, nil
	}
	return assemble(ctx, keys, shares)
}

// mergeKeys returns all keys in byte order, and for each parser the position
// of each of its keys among them: first its other keys, from the last to the
// first, and then the decimal numbers. The result means nothing once ctx is
// done.
func mergeKeys(ctx context.Context, parsers []*parser) ([]string, [][]int32) {
	values := decimals(parsers)
	ranks := make([][]int32, len(parsers))
	rank := make([]int32, 0)
	if len(values) > 0 {
		rank = make([]int32, slices.Max(values)+1)
	}
	var text []byte
	var ends []int64
	others := 0
	for _, p := range parsers {
		others += len(p.dict.ends)
	}
	if others > 0 {
		text, ends = mergeOthers(ctx, parsers, values, rank, ranks)
	} else {
		text, ends = make([]byte, 0, 7*len(values)), make([]int64, 0, len(values)) // numbers have at most seven digits
		for i, v := range values {
			rank[v] = int32(i)
			text = strconv.AppendInt(text, int64(v), 10)
			ends = append(ends, int64(len(text)))
		}
	}
	for k, p := range parsers {
		if len(p.dict.ends) == 0 {
			ranks[k] = rank
		} else {
			copy(ranks[k][len(p.dict.ends):], rank)
		}
	}
	all := string(text)
	keys := make([]string, len(ends))
	begin := int64(0)
	for i, end := range ends {
		keys[i] = all[begin:end]
		begin = end
	}
	return keys, ranks
}

// mergeOthers merges the other keys of all parsers with the decimal numbers. It
// returns the text of all keys and where each ends, and fills in rank for the
// numbers and ranks for the other keys. It stops when ctx is done; look at ctx
// afterwards.
func mergeOthers(ctx context.Context, parsers []*parser, values, rank []int32, ranks [][]int32) ([]byte, []int64) {
	lists := make([][]ref, len(parsers)+1)
	inParallel(len(parsers), func(k int) {
		lists[k] = parsers[k].dict.sorted(ctx)
		if len(lists[k]) > 0 {
			ranks[k] = make([]int32, len(lists[k])+len(rank))
		}
	})
	numbers := make([]ref, len(values))
	for i, v := range values {
		var b [8]byte
		strconv.AppendInt(b[:0], int64(v), 10)
		numbers[i] = ref{binary.BigEndian.Uint64(b[:]), v}
	}
	lists[len(parsers)] = numbers
	dict := func(k int) *dictionary {
		if k == len(parsers) {
			return nil // numbers are shorter than their prefix
		}
		return parsers[k].dict
	}
	var text []byte
	var ends []int64
	for {
		if len(ends)%keyPace == 0 && ctx.Err() != nil {
			return text, ends
		}
		best := -1
		var least ref
		for k, list := range lists {
			if len(list) > 0 && (best < 0 || list[0].prefix < least.prefix ||
				list[0].prefix == least.prefix && dict(k).compare(list[0], dict(best), least) < 0) {
				best, least = k, list[0]
			}
		}
		if best < 0 {
			return text, ends
		}
		for k, list := range lists {
			if len(list) == 0 || list[0].prefix != least.prefix || dict(k).compare(list[0], dict(best), least) != 0 {
				continue
			}
			if k == len(parsers) {
				rank[list[0].id] = int32(len(ends))
			} else {
				ranks[k][len(ranks[k])-len(rank)-1-int(list[0].id)] = int32(len(ends))
			}
			lists[k] = list[1:]
		}
		if n := least.len(); n < 8 {
			var b [8]byte
			binary.BigEndian.PutUint64(b[:], least.prefix)
			text = append(text, b[:n]...)
		} else {
			text = append(text, dict(best).key(least.id)...)
		}
		ends = append(ends, int64(len(text)))
	}
}
