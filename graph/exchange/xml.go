// SPDX-License-Identifier: Apache-2.0

package exchange

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
)

const xmlHead = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"

// escaped gives text for an element or a quoted attribute.
func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder takes everything
	return b.String()
}

// inXML reports whether XML has all characters of a text.
func inXML(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff
	})
}

// checkKeys refuses keys that XML cannot hold: two of them could become one.
func (w *written) checkKeys(f Format) error {
	for _, key := range w.g.Keys() {
		if !inXML(key) {
			return fmt.Errorf("%w: %q has a character that %v cannot hold", ErrKey, key, f)
		}
	}
	return nil
}

func encodeGraphML(b *bufio.Writer, w *written) error {
	if err := w.checkKeys(GraphML); err != nil {
		return err
	}
	fmt.Fprint(b, xmlHead)
	fmt.Fprint(b, `<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" `+
		`xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">`+"\n")
	facts := w.facts()
	names := make([]string, w.g.Len())
	for i, key := range w.g.Keys() {
		names[i] = key
	}
	nodes := []column{textColumn(nameColumn, names)}
	if w.s.Labels.Len() > 0 {
		nodes = append(nodes, textColumn(labelColumn, w.s.Labels.Slice()))
	}
	nodes = append(nodes, w.nodes...)
	for i, f := range facts {
		fmt.Fprintf(b, `  <key id="g%d" for="graph" attr.name="%s" attr.type="string"/>`+"\n", i, escaped(f.Name))
	}
	graphMLKeys(b, "node", "v", nodes)
	fmt.Fprintf(b, `  <key id="w" for="edge" attr.name="%s" attr.type="double"/>`+"\n", weightColumn)
	graphMLKeys(b, "edge", "e", w.edges)
	fmt.Fprint(b, `  <graph id="G" edgedefault="directed">`+"\n")
	for i, f := range facts {
		fmt.Fprintf(b, `    <data key="g%d">%s</data>`+"\n", i, escaped(f.Value))
	}
	for i := range w.g.Len() {
		fmt.Fprintf(b, `    <node id="n%d">`+"\n", i)
		graphMLData(b, "v", nodes, i)
		fmt.Fprint(b, "    </node>\n")
	}
	for i, e := range w.links {
		fmt.Fprintf(b, `    <edge source="n%d" target="n%d">`+"\n", e.From, e.To)
		if x, ok := w.weight(i); ok {
			fmt.Fprintf(b, `      <data key="w">%s</data>`+"\n", number(x))
		}
		graphMLData(b, "e", w.edges, i)
		fmt.Fprint(b, "    </edge>\n")
	}
	fmt.Fprint(b, "  </graph>\n</graphml>\n")
	return nil
}

// facts are those of the style, the name of the graph in front.
func (w *written) facts() []Fact {
	if w.s.Name == "" {
		return w.s.Facts
	}
	return append([]Fact{{Name: nameColumn, Value: w.s.Name}}, w.s.Facts...)
}

func graphMLKeys(b *bufio.Writer, of, prefix string, columns []column) {
	for i, c := range columns {
		fmt.Fprintf(b, `  <key id="%s%d" for="%s" attr.name="%s" attr.type="%s"/>`+"\n", prefix, i, of, escaped(c.name), c.kind())
	}
}

func graphMLData(b *bufio.Writer, prefix string, columns []column, i int) {
	for k, c := range columns {
		if value, ok := c.value(i); ok {
			fmt.Fprintf(b, `      <data key="%s%d">%s</data>`+"\n", prefix, k, escaped(value))
		}
	}
}

func encodeGEXF(b *bufio.Writer, w *written) error {
	if err := w.checkKeys(GEXF); err != nil {
		return err
	}
	if err := w.weighed(GEXF); err != nil {
		return err
	}
	fmt.Fprint(b, xmlHead)
	fmt.Fprint(b, `<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">`+"\n")
	if facts := w.facts(); len(facts) > 0 {
		lines := make([]string, len(facts))
		for i, f := range facts {
			lines[i] = f.Name + ": " + f.Value
		}
		fmt.Fprintf(b, "  <meta>\n    <description>%s</description>\n  </meta>\n", escaped(strings.Join(lines, "\n")))
	}
	fmt.Fprint(b, `  <graph defaultedgetype="directed" idtype="string">`+"\n")
	nodes := slices.DeleteFunc(slices.Clone(w.nodes), func(c column) bool { return c.name == xColumn || c.name == yColumn }) // viz:position has them
	gexfAttributes(b, "node", nodes)
	gexfAttributes(b, "edge", w.edges)
	fmt.Fprintf(b, `    <nodes count="%d">`+"\n", w.g.Len())
	for i, key := range w.g.Keys() {
		fmt.Fprintf(b, `      <node id="%s" label="%s">`+"\n", escaped(key), escaped(w.label(i)))
		gexfValues(b, nodes, i)
		if at, ok := w.place(i); ok {
			fmt.Fprintf(b, `        <viz:position x="%s" y="%s" z="0"/>`+"\n", number(at.X), number(at.Y))
		}
		fmt.Fprint(b, "      </node>\n")
	}
	fmt.Fprint(b, "    </nodes>\n")
	fmt.Fprintf(b, `    <edges count="%d">`+"\n", len(w.links))
	for i := range w.links {
		weight, _ := w.weight(i)
		fmt.Fprintf(b, `      <edge id="%d" source="%s" target="%s" weight="%s">`+"\n", i, escaped(w.from(i)), escaped(w.to(i)), number(weight))
		gexfValues(b, w.edges, i)
		fmt.Fprint(b, "      </edge>\n")
	}
	fmt.Fprint(b, "    </edges>\n  </graph>\n</gexf>\n")
	return nil
}

func gexfAttributes(b *bufio.Writer, of string, columns []column) {
	if len(columns) == 0 {
		return
	}
	fmt.Fprintf(b, `    <attributes class="%s">`+"\n", of)
	for i, c := range columns {
		fmt.Fprintf(b, `      <attribute id="%d" title="%s" type="%s"/>`+"\n", i, escaped(c.name), c.kind())
	}
	fmt.Fprint(b, "    </attributes>\n")
}

func gexfValues(b *bufio.Writer, columns []column, i int) {
	if len(columns) == 0 {
		return
	}
	fmt.Fprint(b, "        <attvalues>\n")
	for k, c := range columns {
		if value, ok := c.value(i); ok {
			fmt.Fprintf(b, `          <attvalue for="%d" value="%s"/>`+"\n", k, escaped(value))
		}
	}
	fmt.Fprint(b, "        </attvalues>\n")
}
