// SPDX-License-Identifier: Apache-2.0

package inference_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/flow"
	"github.com/oncoref/oncoref/referral/inference"
)

func ExampleProportion() {
	i, err := inference.Proportion(40, 60, inference.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.3f to %.3f\n%s\n", i.Lo, i.Hi, i.Label())
	// Output:
	// 0.541 to 0.773
	// 95% interval of the process, not sampling error (Wilson)
}

func ExampleBootstrap() {
	t, err := referral.ReadTable(context.Background(), strings.NewReader("origin,destination,count\nA,A,1\nA,B,1\n"), referral.TableConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := inference.Bootstrap(context.Background(), t, []inference.Statistic{inference.HHIOrigin()}, inference.BootstrapConfig{Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	n, _ := r.Find("hhi_origin", "A")
	fmt.Printf("exact %v: HHI %.2f, bias %.2f\n", r.Exact, n.Observed.Value, n.Bias)
	// Output: exact true: HHI 0.50, bias 0.25
}

// read reads a matrix; the examples leave out what they know to be well.
func read(rows string) *referral.Table {
	t, err := referral.ReadTable(context.Background(), strings.NewReader("origin\\destination,A,B,C\n"+rows), referral.TableConfig{})
	if err != nil {
		panic(err)
	}
	return t
}

func ExampleOfShares() {
	e, err := inference.OfShares(flow.Retention(read("A,40,12,3\nB,8,55,6\nC,0,0,0\n")), inference.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, x := range e {
		fmt.Printf("%s: %v, %.2f to %.2f\n", x.Origin, x.Result, x.Interval.Lo, x.Interval.Hi)
	}
	// Output:
	// A: 0.7272727272727273, 0.60 to 0.83
	// B: 0.7971014492753623, 0.69 to 0.88
	// C: undefined: zero_row, 0.00 to 1.00
}

func ExampleRow() {
	// Four destinations of 30 patients, one of them of nobody.
	intervals, err := inference.Row([]float64{0, 4, 11, 15}, inference.Config{Method: inference.Goodman})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, i := range intervals {
		fmt.Printf("%.2f to %.2f\n", i.Lo, i.Hi)
	}
	// Output:
	// 0.00 to 0.17
	// 0.04 to 0.35
	// 0.19 to 0.59
	// 0.29 to 0.71
}

func ExampleRate() {
	volume, years := referral.Count(26), inference.RateConfig{Years: 6}
	i, err := inference.Rate(volume, years)
	if err != nil {
		fmt.Println(err)
		return
	}
	below, err := inference.BelowNorm(volume, 5, years)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.1f to %.1f a year; below 5 with probability %.2f\n", i.Lo, i.Hi, below.Value)
	// Output: 2.8 to 6.3 a year; below 5 with probability 0.76
}

func ExampleCompare() {
	before := read("A,24,4,2\nB,5,26,4\nC,1,4,11\n")
	after := read("A,16,8,6\nB,3,29,3\nC,1,6,7\n")
	// These tables have no periods; say that what differs is the tumor.
	c, err := inference.Compare(context.Background(), before, after, inference.CompareConfig{Dimension: inference.Tumors})
	if err != nil {
		fmt.Println(err)
		return
	}
	d := c.Supra
	fmt.Printf("treated elsewhere: %.2f, then %.2f; difference %.2f (%.2f to %.2f)\n",
		d.First.Value, d.Second.Value, d.Difference.Value, d.Interval.Lo, d.Interval.Hi)
	fmt.Printf("the destinations differ with p = %.2f\n", c.Matrix.P.Value)
	// Output:
	// treated elsewhere: 0.25, then 0.34; difference 0.09 (-0.05 to 0.23)
	// the destinations differ with p = 0.35
}

func ExampleNewFunnel() {
	f, err := inference.NewFunnel(flow.Retention(read("A,40,12,3\nB,8,95,6\nC,12,10,9\n")), inference.FunnelConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("target %.2f\n", f.Target)
	for _, p := range f.Points {
		fmt.Printf("%s: %.2f of %g, 95 %% limits %.2f to %.2f\n", p.Origin, p.Value, p.Patients, p.Limits[0].Lo, p.Limits[0].Hi)
	}
	// Output:
	// target 0.74
	// A: 0.73 of 55, 95 % limits 0.61 to 0.84
	// B: 0.87 of 109, 95 % limits 0.65 to 0.81
	// C: 0.29 of 31, 95 % limits 0.56 to 0.87
}

func ExampleShrink() {
	s, err := inference.Shrink(flow.Retention(read("A,40,12,3\nB,8,95,6\nC,2,0,0\n")))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, x := range s.Shares {
		fmt.Printf("%s: %.2f becomes %.2f\n", x.Origin, x.Observed.Value, x.Estimate.Value)
	}
	// Output:
	// A: 0.73 becomes 0.74
	// B: 0.87 becomes 0.86
	// C: 0.00 becomes 0.71
}
