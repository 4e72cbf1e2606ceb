// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/report"
)

func TestInputAndConfig(t *testing.T) {
	f := flows(t, plainFlows)
	log := care(t, []string{"A"}, []string{"B"}, []int{9})
	_, err := report.Build(t.Context(), report.Input{}, report.Config{})
	require.ErrorIs(t, err, report.ErrInput)
	_, err = report.Build(t.Context(), report.Input{Table: f, Log: log}, report.Config{})
	require.ErrorIs(t, err, report.ErrInput)
	for _, level := range []float64{-1, 1, 2} {
		_, err = report.Build(t.Context(), report.Input{Table: f}, report.Config{Level: level})
		require.ErrorIs(t, err, report.ErrConfig)
	}
	_, err = report.Build(t.Context(), report.Input{Table: f, Norm: -1}, report.Config{})
	require.ErrorIs(t, err, report.ErrConfig)
	_, err = report.Build(t.Context(), report.Input{Log: log, Rule: referral.Rule{Tumor: "none such"}}, report.Config{})
	require.ErrorIs(t, err, referral.ErrRule)
	done, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = report.Build(done, report.Input{Table: f}, report.Config{})
	require.ErrorIs(t, err, context.Canceled)
}

func TestProvenance(t *testing.T) {
	in := report.Input{Table: flows(t, "origin,destination,count\nA,A,50\nA,B,9\n"), Name: "flows.csv", SHA256: "cafe"}
	without := build(t, in, report.Config{})
	with := build(t, in, report.Config{Version: "v9.9", Options: []string{"--lang=en"}, Made: network.NewDate(2026, 1, 31)})
	for _, s := range []string{"v9.9", "--lang=en", "2026-01-31"} {
		assert.Contains(t, with, s)
		assert.NotContains(t, without, s)
	}
	for _, s := range []string{"flows.csv", "cafe", "SHA-256 of the flow table as shown"} {
		assert.Contains(t, with, s)
	}
}

func TestStepsAreTold(t *testing.T) {
	var steps []int
	_, err := report.Build(t.Context(), report.Input{Table: flows(t, plainFlows)}, report.Config{Progress: func(step, n int, about string) {
		steps = append(steps, step)
		assert.Equal(t, 5, n)
		assert.NotEmpty(t, about)
	}})
	require.NoError(t, err)
	assert.Equal(t, []int{1, 2, 3, 4, 5}, steps)
}

func ExampleBuild() {
	text := "origin,destination,count\nNorth,North,120\nNorth,Center,35\nCenter,Center,90\nCenter,North,2\n"
	table, err := referral.ReadTable(context.Background(), strings.NewReader(text), referral.TableConfig{
		Meta: referral.Meta{Unit: referral.Patients, Level: referral.LevelNetwork},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := report.Build(context.Background(), report.Input{Table: table}, report.Config{Title: "A report"})
	if err != nil {
		fmt.Println(err)
		return
	}
	var page bytes.Buffer
	if err := r.WriteHTML(&page); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(strings.Contains(page.String(), "<h1>A report</h1>"))
	fmt.Println(strings.Contains(page.String(), "One flow, from one place to another, is of 1 to 4 patients."))
	// Output:
	// true
	// true
}
