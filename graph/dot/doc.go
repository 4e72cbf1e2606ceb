// SPDX-License-Identifier: Apache-2.0

// Package dot writes graphs as text in the DOT language of Graphviz.
//
//	err := dot.Encode(os.Stdout, g, dot.Style{})
//
// [Encode] turns a graph into a plain drawing. A [Document] is for those who
// compose a drawing of their own, attribute by attribute. The package computes
// nothing about a graph, lays nothing out and draws nothing.
//
// The trap for a newcomer: Graphviz reads attribute values a second time. In a
// label the two characters \N stand for the name of the node, \n is a line
// break and &eacute; is é. A [Document] leaves such sequences alone, so text
// that comes from data must pass through [Label] first:
//
//	dot.Attr{Name: "label", Value: dot.Label(text)}
package dot
