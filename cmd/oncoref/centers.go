// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral/coverage"
)

// centerFlags say which hospitals are centers.
type centerFlags struct {
	disease, body, level, role string
	centers                    []string
}

func (f *centerFlags) add(c *cobra.Command) {
	f.role = network.RoleCenter.String()
	p := c.Flags()
	p.StringVar(&f.disease, "disease", "", "disease of the designations and norms, as the landscape has it")
	p.StringVar(&f.body, "body", "", "body whose designations count (default: all)")
	p.StringSliceVar(&f.centers, "centers", nil, "the centers themselves, instead of designations")
}

// query is what designates a hospital for a body.
func (f *centerFlags) query(body string) (network.DesignationQuery, error) {
	q := network.DesignationQuery{Body: body, Disease: f.disease}
	found := f.level == ""
	for _, l := range []network.Level{network.LevelCluster, network.LevelDisorder, network.LevelSubtype} {
		if l.String() == f.level {
			q.Level, found = l, true
		}
	}
	if !found {
		return q, usagef("level %q: expected cluster, disorder or subtype", f.level)
	}
	if f.role == "any" {
		return q, nil
	}
	for _, r := range []network.Role{network.RoleCenter, network.RolePreferredPartner, network.RolePanel} {
		if strings.ReplaceAll(r.String(), "-", " ") == strings.ReplaceAll(f.role, "-", " ") {
			q.Role = r
			return q, nil
		}
	}
	return q, usagef("role %q: expected center, preferred partner, panel or any", f.role)
}

// list gives the centers; an empty list is an error.
func (f *centerFlags) list(s *network.Snapshot, why *reasons) (coverage.List, error) {
	switch {
	case f.disease == "" && len(f.centers) == 0:
		return coverage.List{}, usagef("which hospitals are centers? --disease takes the designations of the landscape, --centers names them")
	case s == nil && f.disease != "":
		return coverage.List{}, usagef("designations need a landscape")
	case len(f.centers) == 0:
		return f.designated(s, f.body, why)
	}
	for _, h := range f.centers {
		if s == nil {
			continue
		}
		if _, ok := s.Hospital(h); !ok {
			var known []string
			for _, x := range s.Hospitals() {
				known = append(known, x.ID)
			}
			return coverage.List{}, fmt.Errorf("center %q: expected a hospital of the landscape on %s%s", h, s.Date(), meant(h, known))
		}
	}
	l := coverage.NewList("chosen", f.centers...)
	why.list(l, nil)
	return l, nil
}

func (f *centerFlags) designated(s *network.Snapshot, body string, why *reasons) (coverage.List, error) {
	q, err := f.query(body)
	if err != nil {
		return coverage.List{}, err
	}
	name := body
	if name == "" {
		name = "any body"
	}
	l := coverage.Designated(s, name+" "+f.disease, q)
	if len(l.Hospitals) == 0 {
		have := map[string]bool{}
		for _, d := range s.Designations(network.DesignationQuery{}) {
			have[d.Body+" "+d.Disease] = true
		}
		return l, fmt.Errorf("no designations of %s on %s with the level and role asked for; the landscape has %s",
			l.Name, s.Date(), shortened(strings.Join(sortedKeys(have), ", ")))
	}
	if len(l.Undated) > 0 {
		why.Notes = append(why.Notes, fmt.Sprintf("%s: since when %d of %d hospitals are designated is not known; they count on %s",
			l.Name, len(l.Undated), len(l.Hospitals), s.Date()))
	}
	if len(l.Rolled) > 0 {
		why.Notes = append(why.Notes, fmt.Sprintf("%s: designated at another level and left out: %s", l.Name, strings.Join(l.Rolled, ", ")))
	}
	why.list(l, s.Designations(q))
	return l, nil
}
