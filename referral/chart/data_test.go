// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/oncoref/oncoref/referral"
)

// tenNetworks is a made-up table of the ten regional networks.
func tenNetworks(t testing.TB, seed uint64) *referral.Table {
	names := []string{"Onconovo+", "RO West", "EMBRAZE", "CONCORD", "OncoZON", "Oncomid", "Onco-Oost",
		"Oncologisch netwerk Friesland", "Groningen-Drenthe", "Twente-Salland"}
	r := rand.New(rand.NewPCG(seed, 3))
	var b strings.Builder
	b.WriteString("origin,destination,count\n")
	for i, from := range names {
		fmt.Fprintf(&b, "%s,%s,%d\n", from, from, 20+r.IntN(300))
		for _, j := range r.Perm(len(names))[:1+r.IntN(3)] {
			if j != i {
				fmt.Fprintf(&b, "%s,%s,%d\n", from, names[j], 1+r.IntN(90))
			}
		}
	}
	return readTable(t, b.String(), referral.Meta{Level: "network", Partition: "regional", Unit: referral.Patients, Synthetic: true, Source: "a simulation"})
}

// manyHospitals is a made-up table of 80 hospitals and about 600 flows, most of
// them to nine hubs.
func manyHospitals(t testing.TB) *referral.Table {
	s := dutchLandscape(t)
	var ids []string
	for _, h := range s.Landscape().Hospitals() {
		if h.Point.Known() && len(ids) < 80 {
			ids = append(ids, h.ID)
		}
	}
	r := rand.New(rand.NewPCG(7, 3))
	var b strings.Builder
	b.WriteString("origin,destination,count\n")
	hubs := r.Perm(len(ids))[:9]
	for i, from := range ids {
		fmt.Fprintf(&b, "%s,%s,%d\n", from, from, 20+r.IntN(300))
		seen := map[int]bool{i: true}
		for k := range 8 {
			j := r.IntN(len(ids))
			if k < 5 {
				j = hubs[r.IntN(len(hubs))]
			}
			if !seen[j] {
				seen[j] = true
				fmt.Fprintf(&b, "%s,%s,%d\n", from, ids[j], 1+int(40*r.ExpFloat64()/(1+float64(k))))
			}
		}
	}
	return readTable(t, b.String(), referral.Meta{Title: "Eighty hospitals", Level: "hospital", Partition: "regional", Unit: referral.Patients, Synthetic: true, Source: "a simulation"})
}
