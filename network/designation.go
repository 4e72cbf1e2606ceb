// SPDX-License-Identifier: Apache-2.0

package network

// Designation is the statement of a body that a hospital is expert for a
// disease. The disease is a text of that body, not a key: bodies recognize
// clusters, disorders and subtypes of their own.
type Designation struct {
	Hospital string
	Body     string // who says so
	Disease  string
	Level    Level
	Role     Role
	Of       string // for a preferred partner, the hospital whose partner it is; may be empty
	From, To Date   // zero: open
	Provenance
}

// Period returns the days on which the designation is in force.
func (d Designation) Period() Period { return Period{From: d.From, To: d.To} }

// Undated reports whether the file gives no start: the designation is in force
// on earlier dates because nobody said otherwise.
func (d Designation) Undated() bool { return d.From.IsZero() }

// Level says how wide the disease of a designation is. The zero value is not
// known.
type Level uint8

// The levels of a designation, with the word of the file in the comment.
const (
	LevelUnknown  Level = iota // unknown, or nothing
	LevelCluster               // cluster: a group of disorders
	LevelDisorder              // disorder
	LevelSubtype               // subtype: part of a disorder
)

var levels = []string{unknownWord, "cluster", "disorder", "subtype"}

// String returns the word of the file, "unknown" for the zero value.
func (l Level) String() string { return wordText(l, levels) }

// Role says what a designated hospital does. The zero value is not known.
type Role uint8

// The roles of a designated hospital, with the word of the file in the comment.
const (
	RoleUnknown          Role = iota // unknown, or nothing
	RoleCenter                       // center
	RolePreferredPartner             // preferred partner: treats together with a center
	RolePanel                        // panel: takes part in an expert panel
)

var roles = []string{unknownWord, "center", "preferred partner", "panel"}

var otherRoles = map[string]Role{"centre": RoleCenter}

// String returns the word of the file, "unknown" for the zero value.
func (r Role) String() string { return wordText(r, roles) }

// DesignationQuery chooses designations. Each field that is not zero must be
// equal; the zero value chooses all.
type DesignationQuery struct {
	Hospital, Body, Disease string
	Level                   Level
	Role                    Role
}

func (q DesignationQuery) matches(d Designation) bool {
	return (q.Hospital == "" || q.Hospital == d.Hospital) &&
		(q.Body == "" || q.Body == d.Body) &&
		(q.Disease == "" || q.Disease == d.Disease) &&
		(q.Level == LevelUnknown || q.Level == d.Level) &&
		(q.Role == RoleUnknown || q.Role == d.Role)
}

func (b *builder) designation(w row) error {
	h, err := w.ref("hospital", b.hospitals)
	if err != nil {
		return err
	}
	body, disease, err := w.statement()
	if err != nil {
		return err
	}
	level, ok := parseWord[Level](w.Text("level"), levels, nil)
	if !ok {
		return w.Err("level", wantWord(levels))
	}
	role, ok := parseWord(w.Text("role"), roles, otherRoles)
	if !ok {
		return w.Err("role", wantWord(roles))
	}
	of, err := w.optionalRef("of", b.hospitals)
	if err != nil {
		return err
	}
	if of == h {
		return w.Err("of", "another hospital than the designated one")
	}
	p, err := w.period()
	if err != nil {
		return err
	}
	b.l.designations = append(b.l.designations, Designation{
		Hospital: h, Body: body, Disease: disease, Level: level, Role: role, Of: of,
		From: p.From, To: p.To, Provenance: w.provenance(),
	})
	b.claim(w, "hospital", p, h, body, disease, level.String(), role.String(), of)
	return nil
}
