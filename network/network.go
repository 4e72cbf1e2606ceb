// SPDX-License-Identifier: Apache-2.0

package network

import "slices"

// DefaultPartition is the name of the partition of a network whose file gives
// none, and the one meant by an empty partition name.
const DefaultPartition = "regional"

// Network is a named group of hospitals with agreements, or a region in which
// hospitals work together. It belongs to one partition: the regional networks
// are one, the head-and-neck networks another.
type Network struct {
	ID        string // key, unique among networks
	Name      string // the key if the file gives none
	Kind      NetworkKind
	Partition string   // DefaultPartition if the file gives none
	Aliases   []string // other spellings that stand in sources; nothing else is ever taken for this network
	Point     Point    // explicit place for maps; NoPoint if the file gives none
	Provenance
}

// NetworkKind says whether a network is one with agreements or a region of
// cooperation. The zero value is not known.
type NetworkKind uint8

// The kinds of network, with the word of the file in the comment.
const (
	KindUnknown NetworkKind = iota // unknown, or nothing
	KindNetwork                    // network: hospitals with agreements
	KindRegion                     // region: hospitals that work together without a network
)

var networkKinds = []string{unknownWord, "network", "region"}

// String returns the word of the file, "unknown" for the zero value.
func (k NetworkKind) String() string { return wordText(k, networkKinds) }

// maxList is the largest number of entries in a field that holds a list.
const maxList = 200

func (b *builder) network(w row) error {
	id, err := b.newKey(w, "network", b.networks)
	if err != nil {
		return err
	}
	kind, ok := parseWord[NetworkKind](w.Text("kind"), networkKinds, nil)
	if !ok {
		return w.Err("kind", wantWord(networkKinds))
	}
	aliases, err := w.list("aliases")
	if err != nil {
		return err
	}
	p, err := w.point()
	if err != nil {
		return err
	}
	n := Network{
		ID: id, Name: w.Text("name"), Kind: kind, Partition: partitionName(w.Text("partition")),
		Aliases: aliases, Point: p, Provenance: w.provenance(),
	}
	if n.Name == "" {
		n.Name = id
	}
	labels := b.labels[n.Partition]
	if labels == nil {
		labels = map[string]string{}
		b.labels[n.Partition] = labels
	}
	for i, label := range n.labels() {
		if have, taken := labels[label]; taken && have != id {
			col := [...]string{"network", "name", "aliases"}[min(i, 2)]
			return w.Err(col, "a label of one network; in partition "+n.Partition+" network "+have+" is called "+label+" too")
		}
		labels[label] = id
	}
	b.l.networks = append(b.l.networks, n)
	return nil
}

// labels are all texts that name the network in its partition.
func (n Network) labels() []string { return append([]string{n.ID, n.Name}, n.Aliases...) }

func (n Network) clone() Network {
	n.Aliases = slices.Clone(n.Aliases)
	return n
}

func partitionName(s string) string {
	if s == "" {
		return DefaultPartition
	}
	return s
}
