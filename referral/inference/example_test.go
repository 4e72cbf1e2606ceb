// SPDX-License-Identifier: Apache-2.0

package inference_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/oncoref/oncoref/referral"
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
	// 95% interval of the process, not sampling error (wilson)
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
