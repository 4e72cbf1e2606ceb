// SPDX-License-Identifier: Apache-2.0

package main

import (
	"math"
	"slices"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral/coverage"
)

// explained is a result with what is behind it, as --why writes it.
type explained struct {
	Rows []jsonRow `json:"rows"`
	Why  reasons   `json:"why"`
}

// reasons is what is behind a result.
type reasons struct {
	Command   string            `json:"command"`
	Input     string            `json:"input,omitempty"`
	Synthetic bool              `json:"synthetic"`
	Landscape landscapeRecord   `json:"landscape"`
	Lists     []listRecord      `json:"lists,omitempty"`
	Norms     []normRecord      `json:"norms,omitempty"`
	Rules     map[string]string `json:"rules,omitempty"`
	Moves     []moveRecord      `json:"moves,omitempty"`
	Notes     []string          `json:"notes,omitempty"`
	Settings  *settingsRecord   `json:"settings,omitempty"`
}

type landscapeRecord struct {
	Date   string `json:"date"`
	SHA256 string `json:"sha256,omitempty"`
}

// listRecord is a list of hospitals and the designations it was made of.
type listRecord struct {
	Name         string              `json:"name"`
	On           string              `json:"on,omitempty"`
	Hospitals    []string            `json:"hospitals"`
	Undated      []string            `json:"undated,omitempty"`     // nothing says since when
	OtherLevel   []string            `json:"other_level,omitempty"` // designated, at another level
	Sources      []string            `json:"sources,omitempty"`
	Designations []designationRecord `json:"designations,omitempty"`
}

type designationRecord struct {
	Hospital   string `json:"hospital"`
	Body       string `json:"body"`
	Disease    string `json:"disease"`
	Level      string `json:"level"`
	Role       string `json:"role"`
	Of         string `json:"of,omitempty"`
	Period     string `json:"period,omitempty"`
	Source     string `json:"source,omitempty"`
	Confidence string `json:"confidence,omitempty"`
	Note       string `json:"note,omitempty"`
}

type normRecord struct {
	Body       string   `json:"body"`
	Disease    string   `json:"disease,omitempty"`
	Modality   string   `json:"modality,omitempty"`
	Lower      *float64 `json:"lower"`
	Upper      *float64 `json:"upper"`
	Unit       string   `json:"unit,omitempty"`
	Period     string   `json:"period,omitempty"`
	Undated    bool     `json:"undated"`
	Source     string   `json:"source,omitempty"`
	Confidence string   `json:"confidence,omitempty"`
	Applied    bool     `json:"applied"`
	NotApplied string   `json:"not_applied_because,omitempty"`
}

// moveRecord is a flow that moves in a what-if.
type moveRecord struct {
	Origin string   `json:"origin"`
	From   string   `json:"from"`
	To     string   `json:"to"`
	Part   float64  `json:"part"`
	Lower  float64  `json:"patients_lower"`
	Upper  *float64 `json:"patients_upper"`
	Extra  float64  `json:"extra"`
}

// behind begins the reasons of a command.
func behind(command, input string, s *network.Snapshot, g gate) reasons {
	r := reasons{Command: command, Input: input, Rules: map[string]string{}}
	if s == nil {
		return r
	}
	r.Landscape = landscapeRecord{s.Date().String(), s.Landscape().Digest()}
	if slices.ContainsFunc(s.Landscape().Regions(), func(x network.Region) bool { return g.hidden(x.Cases) }) {
		// Whoever has the rest of the files could try which numbers give it.
		r.Landscape.SHA256 = ""
		r.Notes = append(r.Notes, "the digest of the landscape is left out, as it depends on numbers of 1 to 4 cases in regions")
	}
	return r
}

func (r *reasons) list(l coverage.List, made []network.Designation) {
	x := listRecord{
		Name: l.Name, On: l.On.String(), Hospitals: l.Hospitals, Undated: l.Undated, OtherLevel: l.Rolled, Sources: l.Sources,
	}
	for _, d := range made {
		x.Designations = append(x.Designations, designationRecord{
			d.Hospital, d.Body, d.Disease, d.Level.String(), d.Role.String(), d.Of, d.Period().String(), d.Source, d.Confidence, d.Note,
		})
	}
	r.Lists = append(r.Lists, x)
}

func (r *reasons) norm(n network.Norm, notApplied string) {
	r.Norms = append(r.Norms, normRecord{
		n.Body, n.Disease, n.Modality, finite(n.Lower), finite(n.Upper), n.Unit, n.Period().String(), n.Undated(), n.Source, n.Confidence,
		notApplied == "", notApplied,
	})
}

// chosenNorm is a norm that the user gave as a number.
func chosenNorm(least float64) network.Norm {
	return network.Norm{Body: "chosen", Lower: least, Upper: math.NaN(), Unit: "patients/year/hospital"}
}
