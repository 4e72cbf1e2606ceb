// SPDX-License-Identifier: Apache-2.0

package network

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

// large is a folder of n hospitals, each in one or two of n/10 networks, with a
// merger for every twentieth.
func large(n int) fstest.MapFS {
	var hospitals, networks, membership, successions strings.Builder
	hospitals.WriteString("hospital,name,city,type,lat,lon,source\n")
	networks.WriteString("network,aliases\n")
	membership.WriteString("hospital,network,from,to\n")
	successions.WriteString("predecessor,successor,date,kind\n")
	groups := max(1, n/10)
	for i := range groups {
		fmt.Fprintf(&networks, "N%d,net %d|region %d\n", i, i, i)
	}
	for i := range n {
		fmt.Fprintf(&hospitals, "H%d,Hospital %d,City,general,%.4f,%.4f,list\n", i, i, 51+float64(i%200)/100, 4+float64(i%300)/100)
		fmt.Fprintf(&membership, "H%d,N%d,2016-01-01,\n", i, i%groups)
		if i%7 == 0 && groups > 1 {
			fmt.Fprintf(&membership, "H%d,N%d,2018-01-01,\n", i, (i+1)%groups)
		}
		if i%20 == 1 {
			fmt.Fprintf(&successions, "H%d,H%d,2018-06-07,takeover\n", i, i-1)
		}
	}
	return fstest.MapFS{
		"hospitals.csv":    {Data: []byte(hospitals.String())},
		"networks.csv":     {Data: []byte(networks.String())},
		"membership.csv":   {Data: []byte(membership.String())},
		"successions.csv":  {Data: []byte(successions.String())},
		"designations.csv": {Data: []byte("hospital,body,disease\nH0,b,d\n")},
	}
}

var sizes = []int{100, 1000, 10000}

func BenchmarkReadLandscape(b *testing.B) {
	for _, n := range sizes {
		fsys := large(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, err := ReadLandscape(fsys)
				require.NoError(b, err)
			}
		})
	}
}

func BenchmarkOn(b *testing.B) {
	for _, n := range sizes {
		l, err := ReadLandscape(large(n))
		require.NoError(b, err)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				l.On(asOf2021)
			}
		})
	}
}

func BenchmarkPartition(b *testing.B) {
	for _, n := range sizes {
		l, err := ReadLandscape(large(n))
		require.NoError(b, err)
		s := l.On(asOf2021)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, err := s.Partition(PartitionConfig{})
				require.NoError(b, err)
			}
		})
	}
}
