// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"testing/fstest"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/coverage"
	"github.com/oncoref/oncoref/referral/source"
)

// example is the example that all measures share.
type example struct {
	table     *referral.Table       // networks A to E
	flows     *graph.Digraph        // its graph; loops are patients who stay
	presence  *graph.Digraph        // the same flows, each with weight 1
	periods   [2]*graph.Digraph     // the flows of two halves
	hospitals *graph.Digraph        // hospitals H1 to H7
	types     map[string]string     // hub or spoke, by network
	governing *network.Partition    // network of each hospital
	events    *referral.Log         // 21 patients
	stays     *referral.Table       // hospitals H1 to H7
	landscape *network.Landscape    // hospitals and regions
	listed    map[string][]string   // hospitals on the lists expert, ecza and field
	limits    map[string][2]float64 // least and most volume of each hospital
	home      map[string]string     // network of the region of each patient
	percent   map[string]float64    // published shares of the classes of figure 3.3
	partners  map[string]string     // preferred partner of each center of figure 2.1, or none
	volumes   []coverage.Volume     // by hospital, year and modality; what is not offered is absent
	report    map[string]*referral.Table

	halves   [2]*referral.Table // the flows of two halves
	interval *referral.Table    // networks A to E, counts of 1 to 4 not given
	occurs   *referral.Table    // who sends to whom; what is not listed did not occur

	networkPoints, hospitalPoints map[string]network.Point
	experts                       []string // hospitals with an expert center
}

// reportTables are the tables transcribed from the report.
var reportTables = map[string]string{
	"fig5_2": "example_fig5_2_penile.csv",
	"fig5_3": "example_fig5_3_eye_melanoma.csv",
	"fig5_4": "example_fig5_4_mesothelioma.csv",
	"fig5_6": "example_fig5_6_head_neck.csv",
}

func readExample(ctx context.Context, data fs.FS) (example, error) {
	r := reader{ctx: ctx, data: data}
	x := example{
		table:     r.table("example_flows.csv"),
		presence:  r.graph("example_flows_presence.csv", referral.Presence),
		periods:   [2]*graph.Digraph{r.graph("example_flows_p1.csv", referral.Counts), r.graph("example_flows_p2.csv", referral.Counts)},
		hospitals: r.graph("example_hospital_flows.csv", referral.Counts),
		types:     r.column("example_networks.csv", "network", "type"),
		events:    r.log("example_events.csv"),
		stays:     r.table("example_hospital_flows.csv"),
		landscape: r.landscape("example_hospitals.csv", "example_regions.csv"),
		listed:    map[string][]string{},
		percent:   map[string]float64{},
		partners:  r.column("example_fig2_1.csv", "centre", "preferred_partner"),
		limits:    map[string][2]float64{},
		home:      r.column("example_patients.csv", "patient", "region"),
		volumes:   r.volumes("example_volumes.csv"),
		report:    map[string]*referral.Table{},

		halves:         [2]*referral.Table{r.table("example_flows_p1.csv"), r.table("example_flows_p2.csv")},
		interval:       r.table("example_flows_interval.csv"),
		occurs:         r.tableWhere("example_flows_presence.csv", referral.AbsentZero),
		networkPoints:  r.points("example_networks.csv", "network"),
		hospitalPoints: r.points("example_hospitals.csv", "hospital"),
	}
	for name, file := range reportTables {
		x.report[name] = r.table(file)
	}
	networkOf := r.column("example_hospitals.csv", "hospital", "network")
	for _, list := range []string{"expert", "ecza", "field"} {
		for h, on := range r.column("example_hospitals.csv", "hospital", list) {
			if on == "1" {
				x.listed[list] = append(x.listed[list], h)
			}
		}
	}
	x.experts = slices.Sorted(slices.Values(x.listed["expert"]))
	least, most := r.column("example_hospitals.csv", "hospital", "min_volume"), r.column("example_hospitals.csv", "hospital", "capacity")
	for h := range least {
		x.limits[h] = [2]float64{r.number(least[h]), r.number(most[h])}
	}
	for class, percent := range r.column("example_fig3_3.csv", "class", "percent") {
		x.percent[class] = r.number(percent)
	}
	regions := r.column("example_regions.csv", "region", "network")
	for patient, region := range x.home {
		x.home[patient] = regions[region]
	}
	if r.err != nil {
		return example{}, r.err
	}
	var err error
	if x.governing, err = network.NewPartition("governance", networkOf); err != nil {
		return example{}, err
	}
	x.flows, err = x.table.Graph(referral.Counts)
	return x, err
}

// hubs returns the networks of the type hub, sorted.
func (x example) hubs() []string {
	var list []string
	for class, kind := range x.types {
		if kind == "hub" {
			list = append(list, class)
		}
	}
	slices.Sort(list)
	return list
}

// totals returns all sums of the table, as they may be published with it.
func (x example) totals() referral.Totals { return totalsOf(x.table, x.table.Origins()) }

// totalsOf returns the sums of some rows, and of all columns and cells.
func totalsOf(t *referral.Table, origins []string) referral.Totals {
	s := referral.Totals{
		Origins: map[string]referral.Cell{}, Destinations: map[string]referral.Cell{},
		All: referral.Count(t.Total().Value), HasAll: true,
	}
	for _, o := range origins {
		s.Origins[o] = referral.Count(t.OriginTotal(o).Value)
	}
	for _, d := range t.Destinations() {
		s.Destinations[d] = referral.Count(t.DestinationTotal(d).Value)
	}
	return s
}

// reader reads the files of a folder until the first error.
type reader struct {
	ctx  context.Context
	data fs.FS
	err  error
}

// open opens a file; nil after an error.
func (r *reader) open(file string) fs.File {
	if r.err != nil {
		return nil
	}
	f, err := r.data.Open(file)
	if err != nil {
		r.err = err
		return nil
	}
	return f
}

func (r *reader) table(file string) *referral.Table {
	return r.tableWhere(file, referral.AbsentByKind)
}

// tableWhere reads a table in which pairs that are not listed mean absent.
func (r *reader) tableWhere(file string, absent referral.Absence) *referral.Table {
	f := r.open(file)
	if f == nil {
		return nil
	}
	defer f.Close()
	t, err := referral.ReadTable(r.ctx, f, referral.TableConfig{File: file, Absent: absent})
	r.err = err
	return t
}

// log reads events. The routes of this example are shown by patient: all are
// made up.
func (r *reader) log(file string) *referral.Log {
	f := r.open(file)
	if f == nil {
		return nil
	}
	defer f.Close()
	l, _, err := source.ReadLog(r.ctx, f, source.Config{Log: referral.LogConfig{
		File: file, KeepPatients: true, Strict: true, Synthetic: true,
	}})
	r.err = err
	return l
}

func (r *reader) graph(file string, p referral.Policy) *graph.Digraph {
	t := r.table(file)
	if r.err != nil {
		return nil
	}
	g, err := t.Graph(p)
	r.err = err
	return g
}

// points reads the places of classes.
func (r *reader) points(file, key string) map[string]network.Point {
	lat, lon := r.column(file, key, "lat"), r.column(file, key, "lon")
	out := map[string]network.Point{}
	for class := range lat {
		var p network.Point
		for _, c := range []struct {
			into *float64
			text string
		}{{&p.Lat, lat[class]}, {&p.Lon, lon[class]}} {
			x, err := strconv.ParseFloat(c.text, 64)
			if err != nil && r.err == nil {
				r.err = fmt.Errorf("%s: %s: place %q: expected degrees", file, class, c.text)
			}
			*c.into = x
		}
		out[class] = p
	}
	return out
}

// rows reads a file with a header.
func (r *reader) rows(file string) (header []string, rows [][]string) {
	f := r.open(file)
	if f == nil {
		return nil, nil
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil || len(all) == 0 {
		r.err = fmt.Errorf("%s: expected rows below a header: %w", file, err)
		return nil, nil
	}
	return all[0], all[1:]
}

func (r *reader) number(text string) float64 {
	v, err := strconv.ParseFloat(text, 64)
	if err != nil && r.err == nil {
		r.err = err
	}
	return v
}

// landscape splits the one file of hospitals into the files of a landscape.
func (r *reader) landscape(hospitals, regions string) *network.Landscape {
	folder := fstest.MapFS{
		"networks.csv":   {Data: []byte("network,name,kind,partition,aliases\n")},
		"membership.csv": {Data: []byte("hospital,network,from,to\n")},
	}
	networks := map[string]bool{}
	for h, n := range r.column(hospitals, "hospital", "network") {
		if !networks[n] {
			networks[n] = true
			folder["networks.csv"].Data = fmt.Appendf(folder["networks.csv"].Data, "%s,%s,,regional,\n", n, n)
		}
		folder["membership.csv"].Data = fmt.Appendf(folder["membership.csv"].Data, "%s,%s,,\n", h, n)
	}
	lat, lon := r.column(hospitals, "hospital", "lat"), r.column(hospitals, "hospital", "lon")
	text := []byte("hospital,name,short_name,city,province,type,lat,lon\n")
	for h := range lat {
		text = fmt.Appendf(text, "%s,%s,,,,,%s,%s\n", h, h, lat[h], lon[h])
	}
	folder["hospitals.csv"] = &fstest.MapFile{Data: text}
	text = []byte("region,name,network,lat,lon,population,cases\n")
	header, rows := r.rows(regions)
	for _, row := range rows {
		m := map[string]string{}
		for i, name := range header {
			m[name] = row[i]
		}
		text = fmt.Appendf(text, "%s,%s,%s,%s,%s,%s,%s\n", m["region"], m["region"], m["network"], m["lat"], m["lon"], m["population"], m["cases"])
	}
	folder["regions.csv"] = &fstest.MapFile{Data: text}
	if r.err != nil {
		return nil
	}
	l, err := network.ReadLandscape(folder)
	r.err = err
	return l
}

// volumes reads the patients of each hospital, year and modality; an empty
// number says that the hospital does not offer the modality.
func (r *reader) volumes(file string) []coverage.Volume {
	var out []coverage.Volume
	_, rows := r.rows(file)
	for _, row := range rows {
		if row[3] != "" {
			out = append(out, coverage.Volume{
				Hospital: row[0], Year: int(r.number(row[1])), Kind: row[2], Patients: referral.Count(r.number(row[3])),
			})
		}
	}
	return out
}

// column reads one column of a file by another.
func (r *reader) column(file, key, value string) map[string]string {
	header, rows := r.rows(file)
	if r.err != nil {
		return nil
	}
	at, of := slices.Index(header, key), slices.Index(header, value)
	if at < 0 || of < 0 {
		r.err = fmt.Errorf("%s: line 1: expected the columns %s and %s", file, key, value)
		return nil
	}
	out := map[string]string{}
	for _, row := range rows {
		out[row[at]] = row[of]
	}
	return out
}
