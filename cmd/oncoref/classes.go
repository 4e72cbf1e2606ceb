// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// classFlags say what hospitals are taken together as.
type classFlags struct{ by, double, rest string }

func (f *classFlags) add(c *cobra.Command, by, usage string) {
	p := c.Flags()
	p.StringVar(&f.by, "by", by, usage)
	p.StringVar(&f.double, "double", network.SetValued.String(), "hospitals of several networks: set-valued, primary or split")
	p.StringVar(&f.rest, "rest", "", `class for hospitals that are in no network, such as "no network" (default: they are an error that names them)`)
}

// partition gives the classes; nil for hospitals.
func (f *classFlags) partition(s *network.Snapshot) (*network.Partition, error) {
	rule, err := network.ParseRule(f.double)
	if err != nil {
		return nil, usagef("double %q: expected set-valued, primary or split", f.double)
	}
	if f.by == referral.LevelHospital {
		return nil, nil
	}
	if s == nil {
		return nil, usagef("--by %s needs a landscape; without one there is --by hospital", f.by)
	}
	name := f.by
	if name == referral.LevelNetwork {
		name = network.DefaultPartition
	}
	if known := append(s.Landscape().Partitions(), network.ProvincePartition); !slices.Contains(known, name) {
		known = append([]string{referral.LevelNetwork, referral.LevelHospital}, known...)
		return nil, usagef("no classes %q: expected %s%s", f.by, strings.Join(known, ", "), meant(f.by, known))
	}
	p := s.Provinces()
	if name != network.ProvincePartition {
		if p, err = s.Partition(network.PartitionConfig{Name: name, Rule: rule}); err != nil {
			return nil, err
		}
	}
	if f.rest == "" {
		return p, nil
	}
	return p.WithRest(f.rest)
}

// disjoint gives the classes as groups that each hospital has one of: those of
// several networks are a group of their own, named after all of them.
func (f *classFlags) disjoint(s *network.Snapshot) (*network.Partition, error) {
	if f.double == network.Split.String() {
		return nil, usagef("double %q: patients are not divided here; expected set-valued or primary", f.double)
	}
	p, err := f.partition(s)
	if p == nil || err != nil {
		return nil, err
	}
	labels := map[string]string{}
	for _, g := range p.Groups() {
		for _, h := range p.Members(g) {
			if labels[h] != "" {
				continue
			}
			var names []string
			shares, _ := p.Of(h)
			for _, x := range shares {
				names = append(names, x.Group)
			}
			labels[h] = strings.Join(names, " / ")
		}
	}
	return network.NewPartition(p.Name(), labels)
}

// tumorFlag chooses one tumor of an extract or table.
type tumorFlag struct{ tumor string }

func (f *tumorFlag) add(c *cobra.Command) {
	c.Flags().StringVar(&f.tumor, "tumor", "", "only this tumor (default: all)")
}

// ofTumor gives the cases of the tumor asked for.
func (f *tumorFlag) ofTumor(l *referral.Log) (*referral.Log, error) {
	if f.tumor == "" {
		return l, nil
	}
	if !slices.Contains(l.Tumors(), f.tumor) {
		return nil, fmt.Errorf("no patients with tumor %q; the extract has %s", f.tumor, shortened(orNone(l.Tumors())))
	}
	return l.OfTumor(f.tumor)
}
