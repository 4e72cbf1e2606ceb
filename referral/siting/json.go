// SPDX-License-Identifier: Apache-2.0

package siting

import "github.com/oncoref/oncoref/internal/plain"

// MarshalText returns the same text as String.
func (c Choice) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// MarshalText returns the same text as String.
func (r Rule) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// MarshalJSON writes the fields by name; what a model does not have, and a
// distance without a way, is null.
func (p Plan) MarshalJSON() ([]byte, error) { return plain.Marshal(p) }

// MarshalJSON writes the fields by name.
func (s Service) MarshalJSON() ([]byte, error) { return plain.Marshal(s) }

// MarshalJSON writes the fields by name.
func (p FrontierPoint) MarshalJSON() ([]byte, error) { return plain.Marshal(p) }

// MarshalJSON writes the fields by name, without the tables.
func (e Effect) MarshalJSON() ([]byte, error) { return plain.Marshal(e) }

// MarshalJSON writes the fields by name.
func (m Move) MarshalJSON() ([]byte, error) { return plain.Marshal(m) }
