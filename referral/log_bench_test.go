// SPDX-License-Identifier: Apache-2.0

package referral_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/oncoref/oncoref/referral"
)

func BenchmarkReadLog(b *testing.B) {
	for _, n := range []int{100, 1000, 10000} {
		events := randomEvents(rand.New(rand.NewPCG(1, 1)), n, false)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := referral.ReadLog(b.Context(), sequence(events), referral.LogConfig{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkLogTable(b *testing.B) {
	for _, n := range []int{100, 1000, 10000} {
		l, _ := readLog(b, randomEvents(rand.New(rand.NewPCG(1, 1)), n, true), referral.LogConfig{Layout: referral.LayoutTreatments})
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := l.Table(referral.Rule{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// FuzzReadLog makes events of bytes, and looks at what always holds.
func FuzzReadLog(f *testing.F) {
	f.Add(uint64(1), 10, true)
	f.Add(uint64(2), 300, false)
	f.Fuzz(func(t *testing.T, seed uint64, n int, treatments bool) {
		n = 1 + int(uint(n)%500)
		events := randomEvents(rand.New(rand.NewPCG(seed, 0)), n, treatments)
		c := referral.LogConfig{Attributes: []string{"sex"}, Duplicates: referral.DuplicatePolicy(seed % 3)}
		if treatments {
			c.Layout = referral.LayoutTreatments
		}
		l, q, err := referral.ReadLog(t.Context(), sequence(events), c)
		if err != nil {
			t.Skip(err)
		}
		table, err := l.Table(referral.Rule{})
		if err != nil {
			t.Fatal(err)
		}
		if got := total(table); got != float64(q.Cases) {
			t.Fatalf("%v cases in the table, %d in the report", got, q.Cases)
		}
		rows := 0
		for p := range l.Pathways() {
			rows += p.Len()
		}
		if int64(rows) != q.Events || q.Rows != q.Events+q.LeftOut+q.Refused {
			t.Fatalf("%d rows in pathways; %v", rows, q)
		}
	})
}
