// SPDX-License-Identifier: Apache-2.0

// Package graphtest has the graphs that tests of graph code run on: the
// standard nine, harder ones with extreme weights, a worked example with known values, and random graphs for
// laws. It is for tests, and its functions panic rather than return errors.
//
//	for _, c := range graphtest.Standard() {
//		t.Run(c.Name, func(t *testing.T) {
//			assert.LessOrEqual(t, structure.Density(c.Graph), 1.0)
//		})
//	}
//
// The trap for a newcomer: nodes are numbered by the byte order of their keys,
// so that "n10" comes before "n2"; the graphs here have keys of equal length.
package graphtest
