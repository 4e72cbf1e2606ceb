// SPDX-License-Identifier: Apache-2.0

package pathway

import "github.com/oncoref/oncoref/internal/plain"

// MarshalText returns the same text as String.
func (o Outcome) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// MarshalText returns the same text as String.
func (r Role) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// MarshalText returns the same text as String.
func (s Span) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// MarshalJSON writes the fields by name; means without patients are null.
func (v Visits) MarshalJSON() ([]byte, error) { return plain.Marshal(v) }

// MarshalJSON writes the fields by name; quantiles without patients are null.
func (d Days) MarshalJSON() ([]byte, error) { return plain.Marshal(d) }

// MarshalJSON writes the fields by name.
func (w Wait) MarshalJSON() ([]byte, error) { return plain.Marshal(w) }

// MarshalJSON writes the fields by name.
func (w Waiting) MarshalJSON() ([]byte, error) { return plain.Marshal(w) }

// MarshalJSON writes the fields by name.
func (c Curve) MarshalJSON() ([]byte, error) { return plain.Marshal(c) }

// MarshalJSON writes the fields by name; a standard error that is not defined is
// null.
func (s Step) MarshalJSON() ([]byte, error) { return plain.Marshal(s) }

// MarshalJSON writes the fields by name.
func (x Incidence) MarshalJSON() ([]byte, error) { return plain.Marshal(x) }

// MarshalJSON writes the fields by name.
func (s IncidenceStep) MarshalJSON() ([]byte, error) { return plain.Marshal(s) }

// MarshalJSON writes the fields by name.
func (r Returns) MarshalJSON() ([]byte, error) { return plain.Marshal(r) }

// MarshalJSON writes the fields by name; distances that are not known are null.
func (w Tissue) MarshalJSON() ([]byte, error) { return plain.Marshal(w) }

// MarshalJSON writes the fields by name.
func (c Shipments) MarshalJSON() ([]byte, error) { return plain.Marshal(c) }

// MarshalJSON writes the fields by name.
func (c Continuity) MarshalJSON() ([]byte, error) { return plain.Marshal(c) }

// MarshalJSON writes the fields by name; means without patients are null.
func (m MeanContinuity) MarshalJSON() ([]byte, error) { return plain.Marshal(m) }

// MarshalJSON writes the fields by name.
func (s Sharing) MarshalJSON() ([]byte, error) { return plain.Marshal(s) }

// MarshalJSON writes the fields by name.
func (b Brokerage) MarshalJSON() ([]byte, error) { return plain.Marshal(b) }

// MarshalJSON writes the fields by name; what is not defined without steps is
// null.
func (o Order) MarshalJSON() ([]byte, error) { return plain.Marshal(o) }

// MarshalJSON writes the fields by name.
func (v Variant) MarshalJSON() ([]byte, error) { return plain.Marshal(v) }
