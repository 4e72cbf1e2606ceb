// SPDX-License-Identifier: Apache-2.0

// Command expertcenters looks at who is designated expert for head and neck
// cancer: centers and their preferred partners, what they leave uncovered, and
// whether the field's list and that of the ministry agree. The lists are real.
// It is meant to be copied.
//
//	go run ./examples/expertcenters
package main

import (
	"fmt"
	"io"
	"log"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral/coverage"
	"github.com/oncoref/oncoref/seeds"
)

func main() {
	if err := run(os.Stdout); err != nil {
		log.Fatal(err)
	}
}

const disease = "head_and_neck"

func run(w io.Writer) error {
	landscape, err := seeds.Landscape()
	if err != nil {
		return err
	}
	hospitals := landscape.On(network.NewDate(2022, time.November, 30))
	field := coverage.Designated(hospitals, "the field (NWHHT)", network.DesignationQuery{Body: "NWHHT", Disease: disease, Role: network.RoleCenter})
	partners := hospitals.Designations(network.DesignationQuery{Body: "NWHHT", Disease: disease, Role: network.RolePreferredPartner})

	fmt.Fprintf(w, "Centers of %s on %s, with their preferred partner\n", field.Name, field.On)
	var named []string
	for _, center := range field.Hospitals {
		of := "none"
		for _, p := range partners {
			if p.Of == center {
				of = p.Hospital
				named = append(named, p.Hospital)
			}
		}
		fmt.Fprintf(w, "  %-12s %s\n", center, of)
	}
	fmt.Fprintf(w, "Since when is not known: %s\n", strings.Join(field.Undated, ", "))

	fmt.Fprintln(w, "\nNetworks by the expert hospitals among their members")
	for _, n := range hospitals.Networks(network.DefaultPartition) {
		var centers, others []string
		for _, h := range hospitals.Members(n.ID) {
			switch {
			case field.Has(h.ID):
				centers = append(centers, h.ID)
			case slices.Contains(named, h.ID):
				others = append(others, h.ID)
			}
		}
		gap := ""
		if len(centers) == 0 {
			gap = "  no center"
		}
		fmt.Fprintf(w, "  %-30s centers: %-22s partners: %s%s\n", n.ID, list(centers), list(others), gap)
	}

	ministry := coverage.Designated(hospitals, "the ministry (ECZA)", network.DesignationQuery{Body: "ECZA", Disease: disease})
	var all []string
	for _, h := range hospitals.Hospitals() {
		all = append(all, h.ID)
	}
	fmt.Fprintf(w, "\nAgreement of lists, among %d hospitals\n", len(all))
	compare(w, coverage.Agree(field, ministry, all))
	experts := coverage.NewList("centers and partners", append(named, field.Hospitals...)...)
	compare(w, coverage.Agree(experts, ministry, all))
	for _, source := range ministry.Sources {
		fmt.Fprintf(w, "Source: %s\n", source)
	}
	return nil
}

func compare(w io.Writer, a coverage.Agreement) {
	fmt.Fprintf(w, "  %s (%d) and %s (%d)\n", a.A.Name, len(a.A.Hospitals), a.B.Name, len(a.B.Hospitals))
	fmt.Fprintf(w, "    both %d; first only: %s; second only: %s\n", len(a.Both), list(a.OnlyA), list(a.OnlyB))
	fmt.Fprintf(w, "    Jaccard %.3f, F1 %.3f, kappa %.3f\n", a.Jaccard.Value, a.F1.Value, a.Kappa.Value)
}

func list(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}
