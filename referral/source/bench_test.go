// SPDX-License-Identifier: Apache-2.0

package source_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/source"
)

// benchRows is the number of treatments in the benchmarks.
const benchRows = 1_000_000

// benchRegistry writes treatments of a made-up registry in no order: 2.5 for a
// patient, 80 hospitals of which some are much larger than others, 200 tumors,
// 10 years.
func benchRegistry(rows int) []byte {
	r := rand.New(rand.NewPCG(29, 31))
	hospital := rand.NewZipf(r, 1.2, 8, hospitalsMade-1)
	kinds := [...]string{"surgery", "chemo", "radio", "hormone", "immuno"}
	type patient struct {
		tumor, year int
		first       uint64
		day         network.Date
	}
	patients := make([]patient, rows*2/5+1)
	for i := range patients {
		year := 2015 + r.IntN(10)
		patients[i] = patient{r.IntN(200), year, hospital.Uint64(), network.NewDate(year, 1, 1).AddDays(r.IntN(365))}
	}
	var b bytes.Buffer
	b.WriteString("patient_id,tumour,year,first_visit_hospital,treatment,treatment_hospital,date\n")
	for range rows {
		i := r.IntN(len(patients))
		p := patients[i]
		treated := p.first
		if r.IntN(10) >= 6 {
			treated = hospital.Uint64()
		}
		fmt.Fprintf(&b, "P%09d,C%03d,%d,H%03d,%s,H%03d,%s\n",
			i, p.tumor, p.year, p.first, kinds[r.IntN(len(kinds))], treated, p.day.AddDays(r.IntN(540)))
	}
	return b.Bytes()
}

// report sets what a benchmark tells beside its time.
func report(b *testing.B) {
	b.Helper()
	b.ReportMetric(float64(benchRows)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mrows/s")
}

func BenchmarkRegistry(b *testing.B) {
	text := benchRegistry(benchRows)
	l, q, err := source.ReadLog(b.Context(), bytes.NewReader(text), source.Config{})
	if err != nil || q.Events != benchRows {
		b.Fatalf("%v; %v", err, q)
	}
	for _, workers := range [...]int{1, 2} {
		b.Run(fmt.Sprintf("read/workers=%d", workers), func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				if _, _, err := source.ReadLog(b.Context(), bytes.NewReader(text), source.Config{Log: referral.LogConfig{Workers: workers}}); err != nil {
					b.Fatal(err)
				}
			}
			report(b)
		})
	}
	b.Run("count", func(b *testing.B) {
		b.ReportAllocs()
		by := []referral.Dimension{referral.ByOrigin, referral.ByHospital, referral.ByTumor, referral.ByYear}
		for b.Loop() {
			if _, err := l.Count(b.Context(), referral.CountRule{By: by}); err != nil {
				b.Fatal(err)
			}
		}
		report(b)
	})
	b.Run("transitions", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := l.Transitions(b.Context(), referral.LinkRule{Treatments: true}); err != nil {
				b.Fatal(err)
			}
		}
		report(b)
	})
	b.Run("table", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := l.Table(referral.Rule{}); err != nil {
				b.Fatal(err)
			}
		}
		report(b)
	})
}
