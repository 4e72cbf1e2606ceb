// SPDX-License-Identifier: Apache-2.0

package network_test

import (
	"errors"
	"fmt"
	"math"
	"os"
	"testing/fstest"
	"time"

	"github.com/oncoref/oncoref/network"
)

func load() *network.Landscape {
	l, err := network.ReadLandscape(os.DirFS("testdata/landscape"))
	if err != nil {
		panic(err)
	}
	return l
}

func ExampleReadLandscape() {
	folder := fstest.MapFS{
		"hospitals.csv":  {Data: []byte("hospital,city\nAVL,Amsterdam\n")},
		"networks.csv":   {Data: []byte("network\nOnconovo+\n")},
		"membership.csv": {Data: []byte("hospital,network,from,to\nAVL,Onconovo+,2023-11-31,\n")},
	}
	_, err := network.ReadLandscape(folder)
	fmt.Println(err)
	var bad *network.InputError
	if errors.As(err, &bad) {
		fmt.Println(bad.File, bad.Line, bad.Field, bad.Value)
	}
	// Output:
	// membership.csv:2:15: from "2023-11-31": expected a date like 2021-12-31, or nothing where open
	// membership.csv 2 from 2023-11-31
}

// The hospitals of earlier years as they were in 2021.
func ExampleSnapshot_Resolve() {
	s := load().On(network.NewDate(2021, time.December, 31))
	for _, id := range []string{"AMC", "VUMC", "SANTIZ", "SLINGELAND", "IJSSELMEER", "SLOTERVAART"} {
		fmt.Println(id, s.Resolve(id))
	}
	// Output:
	// AMC [AUMC]
	// VUMC [AUMC]
	// SANTIZ [SKB SLINGELAND]
	// SLINGELAND [SLINGELAND]
	// IJSSELMEER [STJANSDAL]
	// SLOTERVAART []
}

func ExampleSnapshot_Partition() {
	s := load().On(network.NewDate(2021, time.December, 31))
	for _, rule := range []network.Rule{network.SetValued, network.Split, network.Primary} {
		p, err := s.Partition(network.PartitionConfig{Rule: rule})
		if err != nil {
			fmt.Println(err)
			return
		}
		shares, _ := p.Of("ERASMUSMC")
		fmt.Println(p.Rule(), shares)
	}
	// Output:
	// set-valued [{CONCORD 0.5} {EMBRAZE 0.5}]
	// split [{CONCORD 0.5} {EMBRAZE 0.5}]
	// primary [{CONCORD 1}]
}

func ExampleNewPartition() {
	p, err := network.NewPartition("side", map[string]string{"RO West": "west", "CONCORD": "west", "Onco-Oost": "east"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.Groups(), p.Members("west"))
	// Output:
	// [east west] [CONCORD RO West]
}

func ExampleLandscape_Distance() {
	l := load()
	for _, to := range []string{"AUMC", "AVL"} {
		d, err := l.Distance("NH", to)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%s %.1f km (%s)\n", to, d.Km, d.Method)
	}
	// Output:
	// AUMC 12.5 km (supplied)
	// AVL 5.6 km (great circle)
}

func ExampleParsePeriod() {
	p, err := network.ParsePeriod("2016-2021")
	fmt.Println(p.From, p.To, p, err)
	// Output:
	// 2016-01-01 2021-12-31 2016-2021 <nil>
}

func ExampleTumor_Selects() {
	eye, _ := load().Tumor("eye_melanoma")
	fmt.Println(eye.Selects("C69.3", "8720/3"))
	fmt.Println(eye.Selects("C69.0", "8720/3"))
	// Output:
	// true true
	// false true
}

func ExampleTravelRule() {
	circle := network.Distance{Km: 40, Minutes: math.NaN(), Method: network.MethodGreatCircle}
	r := network.TravelRule{Minutes: true, KmPerHour: 80, Detour: 1.25}
	fmt.Println(r.Of(circle), r.Unit())
	// Output: 37.5 min
}
