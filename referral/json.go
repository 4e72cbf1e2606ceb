// SPDX-License-Identifier: Apache-2.0

package referral

import "github.com/oncoref/oncoref/internal/plain"

// MarshalJSON writes value, lo, hi, status, reason and n; a number that is not
// known, or has no bound, is null.
func (r Result) MarshalJSON() ([]byte, error) { return plain.Marshal(r) }

// MarshalJSON writes scope and what [Result] has.
func (s Scoped) MarshalJSON() ([]byte, error) { return plain.Marshal(s) }

// MarshalJSON writes origin, destination and what [Result] has.
func (p Paired) MarshalJSON() ([]byte, error) { return plain.Marshal(p) }

// MarshalJSON writes origin, destination, part, whole and what [Result] has.
func (s Share) MarshalJSON() ([]byte, error) { return plain.Marshal(s) }

// MarshalJSON writes state, lo and hi; hi is null where nothing limits it.
func (c Cell) MarshalJSON() ([]byte, error) { return plain.Marshal(c) }
