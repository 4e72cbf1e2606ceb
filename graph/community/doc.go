// SPDX-License-Identifier: Apache-2.0

// Package community finds groups of nodes of a directed weighted graph that
// belong together, says how good a grouping is, and compares groupings with
// each other.
//
//	found, err := community.Leiden(ctx, g, community.LeidenConfig{Seed: 1})
//	if err != nil {
//		return err
//	}
//	for c, keys := range found.Partition.Keys() {
//		fmt.Println(c, keys)
//	}
//	fmt.Println(found.Modularity, community.Coverage(g, found.Partition))
//
// The trap for a newcomer: self loops are real edges here. Weight that stays
// at a node is weight inside its community, and heavy loops make small
// communities good. Pass g.Loopless() to leave them out; the communities and
// all values change. A search finds a partition whatever the graph: look with
// [Repeat] and [Sweep] whether it finds the same one again.
//
// A partition that comes from elsewhere, such as an agreed one, is made with
// [NewPartition] and measured in the same way.
//
//	question                          function
//	quality of a partition            Modularity, Coverage, Performance
//	border of each community          Conductance, OutConductance
//	best partition, small graph       Exact
//	good partition                    Leiden
//	how far to trust it               Repeat, Ensemble.Stability, Ensemble.Together
//	what the runs agree on            Ensemble.Consensus
//	at which scale                    Sweep
//	agreement of two partitions       Compare (NMI, AMI, ARI, VI)
//	which community is which          Match
package community
