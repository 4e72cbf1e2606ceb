// SPDX-License-Identifier: Apache-2.0

//go:build ignore

// Command oncoref makes inputs of the comparison and runs its tasks with the
// library.
//
//	oncoref make ROWS FILE.csv    writes treatments, the rows of a patient scattered over the file
//	oncoref count|flow FILE REPEATS
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log"
	"math"
	"os"
	"runtime"
	"sort"
	"strconv"
	"syscall"
	"time"

	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/source"
)

func main() {
	if len(os.Args) != 4 {
		log.Fatal("usage: oncoref make ROWS FILE | count FILE REPEATS | flow FILE REPEATS")
	}
	a, b := os.Args[2], os.Args[3]
	var err error
	if os.Args[1] == "make" {
		err = generate(a, b)
	} else {
		err = run(os.Args[1], a, b)
	}
	if err != nil {
		log.Fatal(err)
	}
}

// mix is SplitMix64.
func mix(z uint64) uint64 {
	z += 0x9e3779b97f4a7c15
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb
	return z ^ (z >> 31)
}

// unevenly gives numbers below n, of which i comes in proportion to (i+1)^-s.
func unevenly(n int, s float64) func(z uint64) int {
	sums, total := make([]float64, n), 0.0
	for i := range sums {
		total += math.Pow(float64(i+1), -s)
		sums[i] = total
	}
	for i := range sums {
		sums[i] /= total
	}
	return func(z uint64) int { return min(sort.SearchFloat64s(sums, float64(z>>11)/(1<<53)), n-1) }
}

func generate(rowsText, file string) error {
	const seed, years = 77, 10
	rows, err := strconv.Atoi(rowsText)
	if err != nil {
		return err
	}
	hospital, tumor := unevenly(80, 0.9), unevenly(200, 1.1)
	kinds := []string{"surgery", "chemo", "radio", "hormone", "immuno"}
	begin := time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC)
	var dates []string
	for i := range years*366 + 600 {
		dates = append(dates, begin.AddDate(0, 0, i).Format(time.DateOnly))
	}
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	fmt.Fprintln(w, "patient_id,tumour,year,first_visit_hospital,treatment,treatment_hospital,date")
	patients := uint64(float64(rows)/2.5) + 1
	for i := range uint64(rows) {
		z := mix(seed ^ i*0x2545f4914f6cdd1d)
		patient := z % patients
		own := mix(patient ^ seed<<32)
		year := int(mix(own^2) % years)
		first := hospital(mix(own ^ 3))
		treated := first
		if z2 := mix(z ^ 11); float64(z2>>11)/(1<<53) >= 0.6 {
			treated = hospital(mix(z ^ 12))
		}
		day := int(time.Date(2015+year, 1, 1, 0, 0, 0, 0, time.UTC).Sub(begin).Hours()/24) + int(mix(own^4)%365) + int(mix(z^14)%540)
		fmt.Fprintf(w, "P%09d,C%03d,%d,H%03d,%s,H%03d,%s\n",
			patient, tumor(mix(own^1)), 2015+year, first, kinds[mix(z^13)%5], treated, dates[day])
	}
	return errors.Join(w.Flush(), f.Close())
}

func run(task, file, repeats string) error {
	n, err := strconv.Atoi(repeats)
	if err != nil {
		return err
	}
	for range n {
		begin, cpu := time.Now(), used()
		l, _, err := source.ReadFile(context.Background(), file, source.Config{})
		if err != nil {
			return err
		}
		check, err := result(task, l)
		if err != nil {
			return err
		}
		fmt.Printf("RUN %.4f %.4f %s\n", time.Since(begin).Seconds(), used()-cpu, check)
	}
	fmt.Println("VERSION", runtime.Version())
	return nil
}

// result gives the number of groups, the sum of their counts and that of the
// squares.
func result(task string, l *referral.Log) (string, error) {
	groups, sum, squares := 0, int64(0), int64(0)
	add := func(n int64) { groups, sum, squares = groups+1, sum+n, squares+n*n }
	switch task {
	case "count":
		t, err := l.Count(context.Background(), referral.CountRule{
			By: []referral.Dimension{referral.ByOrigin, referral.ByHospital, referral.ByTumor, referral.ByYear},
		})
		if err != nil {
			return "", err
		}
		for i := range t.Len() {
			add(t.N(i))
		}
	case "flow":
		t, err := l.Transitions(context.Background(), referral.LinkRule{Treatments: true})
		if err != nil {
			return "", err
		}
		for f := range t.Flows() {
			add(int64(f.Cell.Lo))
		}
	default:
		return "", fmt.Errorf("no task %q", task)
	}
	return fmt.Sprintf("%d,%d,%d", groups, sum, squares), nil
}

// used gives the processor time so far, in seconds.
func used() float64 {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		return math.NaN()
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano()).Seconds()
}
