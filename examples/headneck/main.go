// SPDX-License-Identifier: Apache-2.0

// Command headneck shows where Dutch patients with head and neck cancer are
// referred (IKNL 2023, figure 5.6), between the networks for head and neck
// oncology: a table on standard output, and a flow map as SVG, PNG and DOT.
//
//	go run ./examples/headneck -o out
package main

import "github.com/oncoref/oncoref/examples/internal/study"

func main() {
	study.Main(study.Study{Dataset: "iknl-2023-fig-5.6-head-and-neck", Name: "headneck"})
}
