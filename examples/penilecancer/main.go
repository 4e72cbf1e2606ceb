// SPDX-License-Identifier: Apache-2.0

// Command penilecancer shows where Dutch patients with penile cancer are
// referred (IKNL 2023, figure 5.2): a table on standard output, and a flow map
// as SVG, PNG and DOT.
//
//	go run ./examples/penilecancer -o out
package main

import "github.com/oncoref/oncoref/examples/internal/study"

func main() {
	study.Main(study.Study{Dataset: "iknl-2023-fig-5.2-penile-cancer", Name: "penilecancer"})
}
