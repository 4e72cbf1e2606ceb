// SPDX-License-Identifier: Apache-2.0

// Command mesothelioma shows where Dutch patients with mesothelioma are
// referred (IKNL 2023, figure 5.4): a table on standard output, and a flow map
// as SVG, PNG and DOT. Two destinations of the source are not defined there;
// they stand beside the map.
//
//	go run ./examples/mesothelioma -o out
package main

import "github.com/oncoref/oncoref/examples/internal/study"

func main() {
	study.Main(study.Study{Dataset: "iknl-2023-fig-5.4-mesothelioma", Name: "mesothelioma"})
}
