// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"io/fs"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/source"
)

// example is the example that all measures share.
type example struct {
	table     *referral.Table    // networks A to E
	flows     *graph.Digraph     // its graph; loops are patients who stay
	presence  *graph.Digraph     // the same flows, each with weight 1
	periods   [2]*graph.Digraph  // the flows of two halves
	hospitals *graph.Digraph     // hospitals H1 to H7
	types     map[string]string  // hub or spoke, by network
	governing *network.Partition // network of each hospital
	events    *referral.Log      // 21 patients
	report    map[string]*referral.Table
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
		report:    map[string]*referral.Table{},
	}
	for name, file := range reportTables {
		x.report[name] = r.table(file)
	}
	networkOf := r.column("example_hospitals.csv", "hospital", "network")
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

// reader reads the files of a folder until the first error.
type reader struct {
	ctx  context.Context
	data fs.FS
	err  error
}

func (r *reader) table(file string) *referral.Table {
	if r.err != nil {
		return nil
	}
	f, err := r.data.Open(file)
	if err != nil {
		r.err = err
		return nil
	}
	defer f.Close()
	t, err := referral.ReadTable(r.ctx, f, referral.TableConfig{File: file})
	r.err = err
	return t
}

// log reads events. The routes of this example are shown by patient: all are
// made up.
func (r *reader) log(file string) *referral.Log {
	if r.err != nil {
		return nil
	}
	f, err := r.data.Open(file)
	if err != nil {
		r.err = err
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

// column reads one column of a file by another.
func (r *reader) column(file, key, value string) map[string]string {
	if r.err != nil {
		return nil
	}
	f, err := r.data.Open(file)
	if err != nil {
		r.err = err
		return nil
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		r.err = fmt.Errorf("%s: %w", file, err)
		return nil
	}
	at := map[string]int{}
	out := map[string]string{}
	for i, row := range rows {
		if i == 0 {
			for j, name := range row {
				at[name] = j + 1
			}
			if at[key] == 0 || at[value] == 0 {
				r.err = fmt.Errorf("%s: line 1: expected the columns %s and %s", file, key, value)
				return nil
			}
			continue
		}
		out[row[at[key]-1]] = row[at[value]-1]
	}
	return out
}
