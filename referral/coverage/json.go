// SPDX-License-Identifier: Apache-2.0

package coverage

import (
	"fmt"

	"github.com/oncoref/oncoref/internal/plain"
)

var contactNames = [...]string{"none", "discussed", "seen", "treated"}

// String returns "none", "discussed", "seen" or "treated".
func (c Contact) String() string {
	if int(c) < len(contactNames) {
		return contactNames[c]
	}
	return fmt.Sprintf("Contact(%d)", uint8(c))
}

// MarshalText returns the same text as String.
func (c Contact) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// MarshalText returns the same text as String.
func (w Weight) MarshalText() ([]byte, error) { return []byte(w.String()), nil }

// MarshalJSON writes the fields by name: the hospitals of the list, the date it
// holds on, and its sources.
func (l List) MarshalJSON() ([]byte, error) { return plain.Marshal(l) }

// MarshalJSON writes the fields by name, the list of centers among them.
func (c Classes) MarshalJSON() ([]byte, error) { return plain.Marshal(c) }

// MarshalJSON writes the fields by name, the list of centers among them.
func (v Involvement) MarshalJSON() ([]byte, error) { return plain.Marshal(v) }

// MarshalJSON writes the group and what [Involvement] has.
func (v GroupInvolvement) MarshalJSON() ([]byte, error) { return plain.Marshal(v) }

// MarshalJSON writes the fields by name, the list of centers among them.
func (a Access) MarshalJSON() ([]byte, error) { return plain.Marshal(a) }

// MarshalJSON writes the fields by name; distances that are not known are null.
func (r RegionAccess) MarshalJSON() ([]byte, error) { return plain.Marshal(r) }

// MarshalJSON writes the fields by name; what is not known is null.
func (l Loss) MarshalJSON() ([]byte, error) { return plain.Marshal(l) }

// MarshalJSON writes the fields by name, both lists among them.
func (a Agreement) MarshalJSON() ([]byte, error) { return plain.Marshal(a) }

// MarshalJSON writes the fields by name.
func (v Volume) MarshalJSON() ([]byte, error) { return plain.Marshal(v) }

// MarshalJSON writes the fields by name; the norm is null if it is not a number.
func (u Under) MarshalJSON() ([]byte, error) { return plain.Marshal(u) }
