// SPDX-License-Identifier: Apache-2.0

package seeds

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"reflect"
	"slices"
	"strings"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// Kind says what a dataset is, and with it which function reads it.
type Kind string

// The kinds of dataset.
const (
	FlowTable  Kind = "flow-table" // origins and destinations, for [Table]
	CareFolder Kind = "landscape"  // hospitals, networks and what belongs to them, for [Landscape]
	PlainTable Kind = "table"      // another table, for [Open]
)

// Manifest is the provenance record of a dataset: what it is, where it is
// from, how it was made, what it is not fit for, and the bytes it consists of.
// It is the only place where provenance is written. All dates are ISO 8601.
type Manifest struct {
	Name        string      `json:"name"` // also the name of its folder
	Title       string      `json:"title"`
	TitleNL     string      `json:"title_nl,omitempty"` // the title in Dutch
	Description string      `json:"description"`        // what one row means, and of which population
	Kind        Kind        `json:"kind"`
	Unit        string      `json:"unit"`         // what is counted, such as "patients"; "none" if nothing is
	PrimarySite []string    `json:"primary_site"` // ICD codes; empty if the dataset is not about one disease or the source states none
	PeriodStart string      `json:"period_start"` // first day the data are about; empty if there is no one period
	PeriodEnd   string      `json:"period_end"`   // last day
	Geography   string      `json:"geography"`
	Producer    string      `json:"producer"` // who made the source
	Citation    string      `json:"citation"` // how to cite the source, with the place in it
	URL         string      `json:"url"`      // page about the source
	URLDownload string      `json:"url_download"`
	Published   string      `json:"published"` // day the source appeared
	Retrieved   string      `json:"retrieved"` // day it was read
	License     License     `json:"license"`
	Suppression Suppression `json:"suppression"`
	Transform   []string    `json:"transform"`            // what was done to the source, step by step
	KnownLimits []string    `json:"known_limits"`         // what the data are not fit for, what was left out and what is not known
	Synthetic   bool        `json:"synthetic"`            // made up: not about patients
	Supersedes  string      `json:"supersedes,omitempty"` // dataset that this one corrects
	Table       *TableInfo  `json:"table,omitempty"`      // of a flow table only
	Sources     []Source    `json:"sources,omitempty"`    // further sources, where there is more than one
	Raw         []RawFile   `json:"raw"`                  // raw files it was made from; not shipped
	Files       []File      `json:"files"`                // every file of the folder except the manifest
}

// License says on which terms data may be used.
type License struct {
	Name string `json:"name"`
	SPDX string `json:"spdx"` // identifier of the SPDX list, or LicenseRef- and a name
	URL  string `json:"url"`
}

// Suppression says which counts the publisher hides, and how.
type Suppression struct {
	Threshold int      `json:"threshold"` // smallest count that is shown; 0 if the publisher states none
	Marks     []string `json:"marks"`     // texts that stand for a hidden count
}

// TableInfo is what a flow table says about its own counts; see [referral.Meta].
type TableInfo struct {
	File            string                   `json:"file"` // the file that holds the flows
	Tumor           string                   `json:"tumor"`
	Level           string                   `json:"level"`     // what a class is: hospital or network
	Partition       string                   `json:"partition"` // partition of the networks
	OriginRule      referral.OriginRule      `json:"origin_rule"`
	DestinationRule referral.DestinationRule `json:"destination_rule"`
	Landscape       string                   `json:"landscape"` // dataset that describes the classes
	PresenceOnly    bool                     `json:"presence_only"`
	Notes           []string                 `json:"notes"`
}

// Source is a further source of a dataset, with its own terms.
type Source struct {
	Citation string   `json:"citation"`
	URL      string   `json:"url"`
	License  License  `json:"license"`
	Files    []string `json:"files"` // files that use it
}

// RawFile identifies a raw file by its bytes.
type RawFile struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
	Bytes  int    `json:"bytes"`
}

// File is one embedded file.
type File struct {
	Path   string `json:"path"` // below the folder of the dataset
	SHA256 string `json:"sha256"`
	Bytes  int    `json:"bytes"`
	Rows   int    `json:"rows"` // rows of data, without the header; 0 for a text
}

// parseManifest reads a manifest and refuses unknown, missing and empty keys.
func parseManifest(text []byte) (Manifest, error) {
	var m Manifest
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return Manifest{}, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Manifest{}, errors.New("text after the manifest")
	}
	var keys map[string]json.RawMessage
	if err := json.Unmarshal(text, &keys); err != nil {
		return Manifest{}, err
	}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[Manifest]()) {
		key, optional, _ := strings.Cut(f.Tag.Get("json"), ",")
		if _, ok := keys[key]; !ok && optional == "" {
			return Manifest{}, fmt.Errorf("key %q is missing", key)
		}
	}
	return m, m.check()
}

// check reports the first thing that makes a manifest unfit as a record.
func (m Manifest) check() error {
	for key, v := range map[string]string{
		"name": m.Name, "title": m.Title, "description": m.Description, "unit": m.Unit, "geography": m.Geography,
		"producer": m.Producer, "citation": m.Citation, "url": m.URL, "retrieved": m.Retrieved,
		"license.name": m.License.Name, "license.spdx": m.License.SPDX, "license.url": m.License.URL,
	} {
		if strings.TrimSpace(v) == "" {
			return fmt.Errorf("key %q is empty", key)
		}
	}
	for key, v := range map[string]string{
		"period_start": m.PeriodStart, "period_end": m.PeriodEnd, "published": m.Published, "retrieved": m.Retrieved,
	} {
		if _, err := network.ParseDate(v); err != nil {
			return fmt.Errorf("key %q: %w", key, err)
		}
	}
	switch {
	case !slices.Contains([]Kind{FlowTable, CareFolder, PlainTable}, m.Kind):
		return fmt.Errorf("kind %q is not known", m.Kind)
	case (m.Kind == FlowTable) != (m.Table != nil):
		return fmt.Errorf("key %q belongs to a dataset of kind %s, and to no other", "table", FlowTable)
	case len(m.Transform) == 0 || len(m.KnownLimits) == 0:
		return fmt.Errorf("keys %q and %q must say something", "transform", "known_limits")
	case len(m.Files) == 0 || len(m.Raw) == 0:
		return fmt.Errorf("keys %q and %q must name files", "files", "raw")
	}
	for _, f := range m.Files {
		if !fs.ValidPath(f.Path) || strings.Contains(f.Path, "/") || f.Path == manifestName {
			return fmt.Errorf("file %q is not a file of the folder", f.Path)
		}
	}
	_, err := m.meta()
	return err
}

// meta gives the manifest's statements about the counts of a flow table.
func (m Manifest) meta() (referral.Meta, error) {
	if m.Table == nil {
		return referral.Meta{}, nil
	}
	from, err := network.ParseDate(m.PeriodStart)
	if err != nil {
		return referral.Meta{}, err
	}
	to, err := network.ParseDate(m.PeriodEnd)
	if err != nil {
		return referral.Meta{}, err
	}
	meta := referral.Meta{
		Title:           m.Title,
		TitleNL:         m.TitleNL,
		Period:          network.Period{From: from, To: to},
		Tumor:           m.Table.Tumor,
		Level:           m.Table.Level,
		Partition:       m.Table.Partition,
		OriginRule:      m.Table.OriginRule,
		DestinationRule: m.Table.DestinationRule,
		Landscape:       m.Table.Landscape,
		Source:          m.Citation,
		Synthetic:       m.Synthetic,
		Notes:           slices.Clone(m.Table.Notes),
	}
	return meta, meta.Unit.UnmarshalText([]byte(m.Unit))
}

// clone copies everything that a caller could change.
func (m Manifest) clone() Manifest {
	m.PrimarySite = slices.Clone(m.PrimarySite)
	m.Suppression.Marks = slices.Clone(m.Suppression.Marks)
	m.Transform = slices.Clone(m.Transform)
	m.KnownLimits = slices.Clone(m.KnownLimits)
	m.Raw = slices.Clone(m.Raw)
	m.Files = slices.Clone(m.Files)
	m.Sources = slices.Clone(m.Sources)
	for i := range m.Sources {
		m.Sources[i].Files = slices.Clone(m.Sources[i].Files)
	}
	if m.Table != nil {
		t := *m.Table
		t.Notes = slices.Clone(t.Notes)
		m.Table = &t
	}
	return m
}
