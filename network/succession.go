// SPDX-License-Identifier: Apache-2.0

package network

// Succession says what became of a hospital on a date. The predecessor existed
// until the day before; from Date on there is the successor. Date zero means
// that it happened before every date one can ask for.
//
//	merger     two or more predecessors become a new hospital; with a single
//	           predecessor, it goes into a successor that existed already
//	takeover   the predecessor goes into one or more hospitals that existed already
//	closure    the predecessor ends; a successor, if any, existed already
//	split      the predecessor becomes two or more new hospitals; with a single
//	           successor, or with itself among them, it goes on beside them
//	renaming   the predecessor goes on under a new key
//
// Equal keys mean the same organization. A hospital that merged can become
// itself again: a split may give back a key that went into its predecessor
// earlier. Any other way back to an earlier key is a cycle and refused, whatever
// the dates.
type Succession struct {
	Predecessor string
	Successor   string // empty: nobody, for a closure only
	Date        Date
	Kind        SuccessionKind
	Provenance
}

// SuccessionKind says what happened.
type SuccessionKind uint8

// The kinds of succession, with the word of the file in the comment. A file must
// give one; SuccessionUnknown does not occur in a landscape.
const (
	SuccessionUnknown  SuccessionKind = iota
	SuccessionMerger                  // merger
	SuccessionTakeover                // takeover
	SuccessionClosure                 // closure
	SuccessionSplit                   // split
	SuccessionRenaming                // renaming
)

var successionKinds = []string{unknownWord, "merger", "takeover", "closure", "split", "renaming"}

// String returns the word of the file, "unknown" for the zero value.
func (k SuccessionKind) String() string { return wordText(k, successionKinds) }

func (b *builder) succession(w row) error {
	p, err := w.ref("predecessor", b.hospitals)
	if err != nil {
		return err
	}
	s, err := w.optionalRef("successor", b.hospitals)
	if err != nil {
		return err
	}
	kind, ok := parseWord[SuccessionKind](w.Text("kind"), successionKinds, nil)
	if !ok || kind == SuccessionUnknown {
		return w.Err("kind", "one of merger, takeover, closure, split, renaming")
	}
	date, err := w.date("date")
	if err != nil {
		return err
	}
	switch {
	case s == "" && kind != SuccessionClosure:
		return w.Err("successor", "a hospital of hospitals.csv; only a closure may have none")
	case s == p && kind != SuccessionSplit:
		return w.Err("successor", "another hospital than the predecessor")
	}
	b.l.successions = append(b.l.successions, Succession{
		Predecessor: p, Successor: s, Date: date, Kind: kind, Provenance: w.provenance(),
	})
	b.successionPlaces = append(b.successionPlaces, w.place("predecessor"))
	return nil
}
