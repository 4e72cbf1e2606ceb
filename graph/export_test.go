// SPDX-License-Identifier: Apache-2.0

package graph

// ReadEdgesInBlocks is ReadEdges with blocks of another size, so that small
// inputs reach over several.
var ReadEdgesInBlocks = readEdges
