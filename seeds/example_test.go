// SPDX-License-Identifier: Apache-2.0

package seeds_test

import (
	"encoding/csv"
	"fmt"
	"log"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/seeds"
)

func ExampleList() {
	for _, m := range seeds.List() {
		fmt.Println(m.Name, m.Kind)
	}
	// Output:
	// iknl-2023-fig-2.1-head-and-neck-centers table
	// iknl-2023-fig-3.3-referral-classes table
	// iknl-2023-fig-5.2-penile-cancer flow-table
	// iknl-2023-fig-5.3-eye-melanoma flow-table
	// iknl-2023-fig-5.4-mesothelioma flow-table
	// iknl-2023-fig-5.6-head-and-neck flow-table
	// nl-oncology-landscape-2023 landscape
	// nl-published-numbers table
}

func ExampleTable() {
	t, err := seeds.Table("iknl-2023-fig-5.2-penile-cancer")
	if err != nil {
		log.Fatal(err)
	}
	senders := 0
	for f := range t.Flows() {
		if f.Destination == "Onconovo+" && !f.Retained() {
			senders++
		}
	}
	fmt.Printf("%d of %d networks refer to Onconovo+\n", senders, len(t.Origins()))
	fmt.Println("how many patients is known:", !t.PresenceOnly())
	// Output:
	// 9 of 10 networks refer to Onconovo+
	// how many patients is known: false
}

func ExampleLandscape() {
	l, err := seeds.Landscape()
	if err != nil {
		log.Fatal(err)
	}
	s := l.On(network.NewDate(2021, 12, 31))
	fmt.Println(s.NetworksOf("ERASMUSMC", "regional"))
	fmt.Println(s.Resolve("AMC"))
	// Output:
	// [CONCORD EMBRAZE]
	// [AUMC]
}

func ExampleOpen() {
	f, err := seeds.Open("iknl-2023-fig-3.3-referral-classes/classes.csv")
	if err != nil {
		log.Fatal(err)
	}
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		log.Fatal(err)
	}
	if err := f.Close(); err != nil {
		log.Fatal(err)
	}
	for _, r := range rows[1:] {
		fmt.Println(r[3], r[1])
	}
	// Output:
	// 6 definitive surgery elsewhere
	// 39 diagnosis and surgery in a specialized hospital
	// 53 referred for surgery after diagnosis elsewhere
	// 2 referred after earlier surgery elsewhere
}

func ExampleFind() {
	m, err := seeds.Find("iknl-2023-fig-5.3-eye-melanoma")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(m.Citation)
	fmt.Println(m.KnownLimits[1])
	_, err = seeds.Find("iknl-2023-fig-5.3-eye")
	fmt.Println(err)
	// Output:
	// IKNL, Zeldzame kanker: organisatie van expertise, 2023-03-06, figure 5.3
	// No count, no percentage and no total: nothing that needs the size of a flow can be computed from it, only bounds.
	// seeds: no dataset or file "iknl-2023-fig-5.3-eye"; did you mean iknl-2023-fig-5.3-eye-melanoma?
}
