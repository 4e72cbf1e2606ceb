// SPDX-License-Identifier: Apache-2.0

package coverage_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/network"
)

// landscape makes the landscape of the example.
func landscape(t *testing.T) *network.Landscape {
	t.Helper()
	hospitals := "hospital,name,short_name,city,province,type,lat,lon\n"
	for _, h := range rows(t, "example_hospitals.csv") {
		hospitals += strings.Join([]string{h["hospital"], h["hospital"], "", "", "", "", h["lat"], h["lon"]}, ",") + "\n"
	}
	regions := "region,name,network,lat,lon,population,cases\n"
	for _, r := range rows(t, "example_regions.csv") {
		regions += strings.Join([]string{r["region"], r["region"], r["network"], r["lat"], r["lon"], r["population"], r["cases"]}, ",") + "\n"
	}
	file := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	l, err := network.ReadLandscape(fstest.MapFS{
		"hospitals.csv": file(hospitals), "regions.csv": file(regions),
		"networks.csv":   file("network,name,kind,partition,aliases\nA,A,,regional,\nB,B,,regional,\nC,C,,regional,\nD,D,,regional,\nE,E,,regional,\n"),
		"membership.csv": file("hospital,network,from,to\n"),
	})
	require.NoError(t, err)
	return l
}
