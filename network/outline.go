// SPDX-License-Identifier: Apache-2.0

package network

import "fmt"

// minRing is the number of points below which a ring encloses nothing.
const minRing = 3

// outlinePoint adds a point to the ring of its part. Rings stand in the order
// in which their parts first occur.
func (b *builder) outlinePoint(w row) error {
	part, err := w.key("part")
	if err != nil {
		return err
	}
	p, err := w.point()
	if err != nil {
		return err
	}
	if !p.Known() {
		return w.Err("lat", "a latitude and a longitude")
	}
	i, ok := b.rings[part]
	if !ok {
		i = len(b.l.outline)
		b.rings[part] = i
		b.ringPlaces = append(b.ringPlaces, w.place("part"))
		b.l.outline = append(b.l.outline, nil)
	}
	b.l.outline[i] = append(b.l.outline[i], p)
	return nil
}

// closeRings drops the last point of a ring where it repeats the first.
func (b *builder) closeRings() error {
	for i, ring := range b.l.outline {
		if n := len(ring); n > 1 && ring[0] == ring[n-1] {
			ring = ring[:n-1]
			b.l.outline[i] = ring
		}
		if len(ring) < minRing {
			return b.ringPlaces[i].err(fmt.Sprintf("a ring of at least %d different points", minRing))
		}
	}
	return nil
}
