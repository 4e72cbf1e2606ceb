// SPDX-License-Identifier: Apache-2.0

package source_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/source"
	"github.com/stretchr/testify/require"
)

const hospitalsMade = 80

// makeTreatments writes rows of treatments in no order, with what extracts have
// in them: undated treatments, patients without a first visit or with two,
// without a treatment, with several tumors, rows without a tumor or hospital.
func makeTreatments(rows int) []byte {
	r := rand.New(rand.NewPCG(11, 13))
	var b bytes.Buffer
	b.WriteString("patient_id,tumor,year,first_visit_hospital,treatment,treatment_hospital,date\n")
	day := network.NewDate(2015, 1, 1)
	days := make([]string, 3000)
	for i := range days {
		days[i] = day.AddDays(i).String()
	}
	kinds := [...]string{"surgery", "chemo", "radio", "hormone", "immuno"}
	for range rows {
		p := r.IntN(rows*2/5 + 1)
		own := rand.New(rand.NewPCG(uint64(p), 17)) // what the rows of a patient share
		tumor, first := own.IntN(200), own.IntN(hospitalsMade)
		kind, hospital, date := kinds[r.IntN(len(kinds))], fmt.Sprintf("H%03d", first), days[r.IntN(len(days))]
		if r.IntN(10) >= 6 {
			hospital = fmt.Sprintf("H%03d", r.IntN(hospitalsMade))
		}
		tumorText, firstText := fmt.Sprintf("C%03d", tumor), fmt.Sprintf("H%03d", first)
		switch r.IntN(100) {
		case 0:
			date = ""
		case 1:
			firstText = ""
		case 2:
			firstText = "H000"
		case 3:
			kind, hospital, date = "", "", ""
		case 4:
			tumorText = fmt.Sprintf("C%03d", r.IntN(200))
		case 5:
			tumorText = ""
		case 6:
			hospital = ""
		}
		fmt.Fprintf(&b, "P%09d,%s,2020,%s,%s,%s,%s\n", p, tumorText, firstText, kind, hospital, date)
	}
	return b.Bytes()
}

// makeEvents writes rows of events, also of first visits that contradict each
// other, without numbers or dates.
func makeEvents(patients int) []byte {
	r := rand.New(rand.NewPCG(19, 23))
	var b bytes.Buffer
	b.WriteString("patient,seq,date,layer,event,hospital,to_hospital,tumor\n")
	kinds := [...]string{"first_visit", "first_visit", "consult", "surgery", "systemic", "radiotherapy", "followup", "referral", "death"}
	for p := range patients {
		numbered, tumors := r.IntN(3) > 0, 1+r.IntN(2)
		for i := range 1 + r.IntN(7) {
			kind := kinds[r.IntN(len(kinds))]
			layer, seq, to := "patient", "", ""
			switch kind {
			case "referral":
				layer, to = "referral", "H001"
			case "death":
				layer = "status"
			}
			if layer == "patient" && r.IntN(2) == 0 {
				layer = ""
			}
			if numbered && r.IntN(10) > 0 {
				seq = fmt.Sprint(i + 1)
			}
			date := network.NewDate(2020, 1, 1).AddDays(r.IntN(6)).String()
			if r.IntN(5) == 0 {
				date = ""
			}
			hospital := fmt.Sprintf("H%03d", r.IntN(5))
			if layer == "status" || r.IntN(20) == 0 {
				hospital = ""
			}
			tumor := fmt.Sprintf("C%03d", r.IntN(tumors))
			if r.IntN(6) == 0 {
				tumor = ""
			}
			fmt.Fprintf(&b, "P%05d,%s,%s,%s,%s,%s,%s,%s\n", p, seq, date, layer, kind, hospital, to, tumor)
		}
	}
	return b.Bytes()
}

// regions is a partition of the hospitals made above.
func regions(t *testing.T) *network.Partition {
	t.Helper()
	labels := map[string]string{}
	for i := range hospitalsMade {
		labels[fmt.Sprintf("H%03d", i)] = fmt.Sprintf("Region %d", i%9)
	}
	p, err := network.NewPartition("regions", labels)
	require.NoError(t, err)
	return p
}

// The database and the log give equal tables of the same rows, whatever the
// rows have. There are a million of them where CI is set to true.
func TestPushdownEqualsTheLog(t *testing.T) {
	db := postgres(t)
	rows, patients := 20_000, 2_000
	if os.Getenv("CI") == "true" && !testing.Short() && !raceDetector {
		rows, patients = 1_000_000, 20_000
	}
	for _, layout := range [...]struct {
		table   string
		csv     []byte
		columns map[string]string
	}{
		{"treatments", makeTreatments(rows), nil},
		{"events", makeEvents(patients), map[string]string{
			"patient": "patient", "seq": "seq", "date": "date", "layer": "layer", "event": "event", "hospital": "hospital", "tumor": "tumor",
		}},
	} {
		header, _, _ := strings.Cut(string(layout.csv[:200]), "\n")
		load(t, db, layout.table, header, bytes.NewReader(layout.csv))
		path := filepath.Join(t.TempDir(), layout.table+".csv")
		require.NoError(t, os.WriteFile(path, layout.csv, 0o600))
		l, q, err := source.ReadFile(t.Context(), path, source.Config{})
		require.NoError(t, err)
		require.Zero(t, q.Refused+q.LeftOut)
		for _, rule := range [...]referral.Rule{
			{},
			{Partition: regions(t)},
			{Destination: referral.FirstTreatment, Partition: regions(t), ByTumor: true},
			{Destination: referral.LastTreatment, Modality: "surgery", Tumor: "C001"},
			{Destination: referral.Fractional, Partition: regions(t), ByModality: true, ByYear: true},
		} {
			if rule.ByTumor && layout.table == "treatments" {
				continue // its golden file will do
			}
			c := source.PushdownConfig{Table: []string{layout.table}, Columns: layout.columns, Rule: rule}
			if layout.table == "treatments" {
				c.Layout = referral.LayoutTreatments
			}
			got, err := source.PushdownTable(t.Context(), db, c)
			require.NoError(t, err)
			want, err := l.Table(rule)
			require.NoError(t, err)
			require.Equal(t, want.Meta(), got.Meta())
			require.True(t, want.Equal(got), "%s under %v", layout.table, rule)
		}
	}
}
