// SPDX-License-Identifier: Apache-2.0

package graphtest

import "strings"

// Rename returns values of nodes and edges for nodes by other names. A value
// stands under the key of its node, under those of an edge as "A>B", or under a
// word that name leaves as it is.
func Rename(values map[string]float64, name func(key string) string) map[string]float64 {
	renamed := make(map[string]float64, len(values))
	for key, x := range values {
		parts := strings.Split(key, ">")
		for k, p := range parts {
			parts[k] = name(p)
		}
		renamed[strings.Join(parts, ">")] = x
	}
	return renamed
}
