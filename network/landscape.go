// SPDX-License-Identifier: Apache-2.0

package network

import (
	"cmp"
	"slices"
)

// Provenance says where a record comes from, in the words of the file. Nothing
// is computed from it.
type Provenance struct {
	Source     string // document and place in it
	Confidence string // how sure: "high", "medium", "low", "conflict" or other words of the file
	Note       string
}

// Landscape is the care landscape over all time: hospitals, networks,
// membership, successions, designations, norms, regions, domains and tumors.
// It is immutable and safe for concurrent use. What holds on a day is a
// Snapshot, made by On.
type Landscape struct {
	hospitals    []Hospital
	networks     []Network
	memberships  []Membership
	successions  []Succession
	designations []Designation
	norms        []Norm
	regions      []Region
	domains      []Domain
	tumors       []Tumor
	distances    []Distance
	outline      [][]Point

	supplied   map[route]int32
	hospitalAt map[string]int
	networkAt  map[string]int
	labels     map[string]map[string]string // partition, label: network
	lineage    *lineage
	last       Date
	ignored    []string
	digest     string
}

// Hospitals returns all hospitals of all times, by key. When each existed is
// for a Snapshot to say.
func (l *Landscape) Hospitals() []Hospital { return slices.Clone(l.hospitals) }

// Hospital returns the hospital with a key, whenever it existed.
func (l *Landscape) Hospital(id string) (Hospital, bool) {
	i, ok := l.hospitalAt[id]
	if !ok {
		return Hospital{Point: NoPoint()}, false
	}
	return l.hospitals[i], true
}

// Networks returns the networks of all partitions, by key.
func (l *Landscape) Networks() []Network { return cloneAll(l.networks, Network.clone) }

// Partitions returns the names of the partitions to which networks belong,
// sorted.
func (l *Landscape) Partitions() []string { return sortedKeys(l.labels) }

// Memberships returns all memberships, by hospital, network and start.
func (l *Landscape) Memberships() []Membership { return slices.Clone(l.memberships) }

// Successions returns all successions, by date, predecessor and successor.
func (l *Landscape) Successions() []Succession { return slices.Clone(l.successions) }

// Designations returns all designations, by body, disease, hospital and start.
func (l *Landscape) Designations() []Designation { return slices.Clone(l.designations) }

// Norms returns all norms, by body, disease, modality and start.
func (l *Landscape) Norms() []Norm { return slices.Clone(l.norms) }

// Regions returns the regions, by key.
func (l *Landscape) Regions() []Region { return slices.Clone(l.regions) }

// Region returns the region with a key.
func (l *Landscape) Region(id string) (Region, bool) {
	i, ok := slices.BinarySearchFunc(l.regions, id, func(r Region, id string) int { return cmp.Compare(r.ID, id) })
	if !ok {
		return Region{Point: NoPoint()}, false
	}
	return l.regions[i], true
}

// Domains returns the domains, by key.
func (l *Landscape) Domains() []Domain { return cloneAll(l.domains, Domain.clone) }

// Tumors returns the types of tumor, by key.
func (l *Landscape) Tumors() []Tumor { return slices.Clone(l.tumors) }

// Tumor returns the type of tumor with a key.
func (l *Landscape) Tumor(id string) (Tumor, bool) {
	i, ok := slices.BinarySearchFunc(l.tumors, id, func(t Tumor, id string) int { return cmp.Compare(t.ID, id) })
	if !ok {
		return Tumor{}, false
	}
	return l.tumors[i], true
}

// Outline returns the rings of the country's outline, for pictures. A ring is
// closed without repeating its first point. There are none if the folder has no
// outline.csv.
func (l *Landscape) Outline() [][]Point {
	return cloneAll(l.outline, func(ring []Point) []Point { return slices.Clone(ring) })
}

// Last returns the latest date that any record of the landscape names; zero if
// none does.
func (l *Landscape) Last() Date { return l.last }

// Ignored returns the names of the CSV files of the folder that are no part of
// a landscape and were not read, sorted. A misspelled file name shows here.
func (l *Landscape) Ignored() []string { return slices.Clone(l.ignored) }

// Digest returns the SHA-256 hash, in hexadecimal, of the names and bytes of
// the files that were read. Equal digests mean the same landscape.
func (l *Landscape) Digest() string { return l.digest }

func cloneAll[T any](list []T, clone func(T) T) []T {
	out := make([]T, len(list))
	for i, t := range list {
		out[i] = clone(t)
	}
	return out
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
