// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"crypto/sha256"
	"encoding/binary"
	"strconv"
)

// Identity stands for a patient. It tells patients apart and says nothing about
// them that a reader could see: it has no text form, and a log forgets it unless
// [LogConfig.KeepPatients] is set. Equal identifiers have equal identities. The
// zero value is no patient.
type Identity struct{ key, check uint64 }

// An identifier that is a short prefix and some digits, such as P000000321, fits
// into the key as it is: the prefix, then the digits as a number with a 1 in
// front, which keeps zeros in front.
const (
	maxPrefix  = 2
	maxDigits  = 14
	numberBits = 48
)

// Identify returns the identity of an identifier. Identifiers of at most two
// other bytes followed by at most 14 digits are told apart exactly; any other
// is replaced by 127 bits of its SHA-256, for which no two equal ones are known
// or to be expected. The empty identifier gives the zero Identity.
func Identify(id []byte) Identity {
	prefix, number, n := uint64(0), uint64(1), 0
	for n < len(id) && n < maxPrefix && id[n]-'0' > 9 && id[n] != 0 {
		prefix = prefix<<8 | uint64(id[n])
		n++
	}
	if len(id) == 0 {
		return Identity{}
	}
	if len(id) > n+maxDigits {
		return hashIdentity(id)
	}
	if len(id)-n >= 8 {
		w := binary.LittleEndian.Uint64(id[n:])
		if !allDigits(w) {
			return hashIdentity(id)
		}
		number = number*1e8 + eightDigits(w)
		n += 8
	}
	for _, c := range id[n:] {
		d := c - '0'
		if d > 9 {
			return hashIdentity(id)
		}
		number = number*10 + uint64(d)
	}
	return Identity{key: prefix<<numberBits | number}
}

// allDigits reports whether all bytes of a word are decimal digits.
func allDigits(w uint64) bool {
	const high, zeros, sixes = 0xf0f0f0f0f0f0f0f0, 0x3030303030303030, 0x0606060606060606
	return w&high == zeros && (w+sixes)&high == zeros
}

// eightDigits gives the number that the digits in a word are, the first in the
// lowest byte: neighbors are joined to pairs, fours and eights.
func eightDigits(w uint64) uint64 {
	w = (w & 0x0f0f0f0f0f0f0f0f) * (10<<8 + 1) >> 8
	w = (w & 0x00ff00ff00ff00ff) * (100<<16 + 1) >> 16
	return (w & 0x0000ffff0000ffff) * (10000<<32 + 1) >> 32
}

func hashIdentity(id []byte) Identity {
	sum := sha256.Sum256(id)
	return Identity{key: binary.BigEndian.Uint64(sum[:8]), check: binary.BigEndian.Uint64(sum[8:16]) | 1}
}

// exact reports whether the identifier can be had back from the identity.
func (i Identity) exact() bool { return i.check == 0 }

// text gives the identifier of an exact identity.
func (i Identity) text() string {
	var out []byte
	if b := byte(i.key >> (numberBits + 8)); b != 0 {
		out = append(out, b)
	}
	if b := byte(i.key >> numberBits); b != 0 {
		out = append(out, b)
	}
	digits := strconv.FormatUint(i.key&(1<<numberBits-1), 10)
	return string(out) + digits[1:]
}

// IsZero reports whether it is no patient.
func (i Identity) IsZero() bool { return i == Identity{} }

// String hides the identity: it returns "patient".
func (i Identity) String() string { return "patient" }

// GoString hides the identity as String does.
func (i Identity) GoString() string { return "patient" }

// The factors of the finalizer of MurmurHash3, and their inverses modulo 2^64.
const (
	mixA, mixB     = 0xff51afd7ed558ccd, 0xc4ceb9fe1a85ec53
	unmixA, unmixB = 0x4f74430c22a54005, 0x9cb4b2f8129337db
)

// mix spreads keys evenly over all numbers; different keys stay different.
func mix(x uint64) uint64 {
	x ^= x >> 33
	x *= mixA
	x ^= x >> 33
	x *= mixB
	return x ^ x>>33
}

// unmix undoes mix.
func unmix(x uint64) uint64 {
	x ^= x >> 33
	x *= unmixB
	x ^= x >> 33
	x *= unmixA
	return x ^ x>>33
}
