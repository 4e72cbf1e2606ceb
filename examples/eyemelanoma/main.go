// SPDX-License-Identifier: Apache-2.0

// Command eyemelanoma shows where Dutch patients with eye melanoma are referred
// (IKNL 2023, figure 5.3): a table on standard output, and a flow map as SVG,
// PNG and DOT.
//
//	go run ./examples/eyemelanoma -o out
package main

import "github.com/oncoref/oncoref/examples/internal/study"

func main() {
	study.Main(study.Study{Dataset: "iknl-2023-fig-5.3-eye-melanoma", Name: "eyemelanoma"})
}
