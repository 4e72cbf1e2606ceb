// SPDX-License-Identifier: Apache-2.0

// Package transport works on the transportation polytope: all tables of whole
// counts that agree with ranges of their cells, rows, columns and total.
//
//	p, err := transport.New(transport.Problem{
//		Rows:  []transport.Range{transport.At(3), transport.At(3)},
//		Cols:  []transport.Range{transport.At(2), transport.At(4)},
//		Total: transport.Any,
//		Cells: []transport.Cell{{0, 0, transport.Any}, {0, 1, transport.Any}, {1, 0, transport.Any}, {1, 1, transport.Any}},
//	})
//	bounds, err := p.Bounds(ctx, 0)
//
// It gives the tightest range of each cell and each total, the extremes of any
// linear function of the cells, all tables or a sample of them, and, if there
// is no table, a smallest conflict.
//
// Rows may be in groups, and groups in groups, with totals of their own and
// per column. Columns are in none: with groups on both sides, or a third
// dimension, the constraints are no network any more and the bounds would not
// be whole.
//
// # Why the bounds are whole numbers
//
// A table is a circulation in a network with an arc for each count: from the
// source into a group, from a group into its rows, along a cell, through the
// blocks of its groups into the column, into the sink, and by the arc of the
// total back to the source. Each arc has the range of its count as bounds. The
// incidence matrix of a directed graph is totally unimodular: each column has
// one 1 and one -1, so that every square submatrix has determinant -1, 0 or 1
// (Poincaré 1900; expand along a column with one entry, and if there is none
// the rows add up to 0). By Hoffman and Kruskal (1956) all vertices of the
// polytope are then whole if the bounds are, so that a linear function has its
// extremes at whole tables; and as the whole flows of an arc between its
// extremes are all attained, the range of a cell has no holes. The extremes
// come from maximum flows in the residual network of one table, which add
// whole numbers to whole numbers.
//
// The trap for a newcomer: a pair that is not listed is zero, and the zero
// value of a [Range] is zero too. Write [Any] for what is not known.
package transport
