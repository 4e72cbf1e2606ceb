// SPDX-License-Identifier: Apache-2.0

package exchange

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"github.com/oncoref/oncoref/internal/delimited"
)

// place gives the place of a node; false if it has none.
func (w *written) place(i int) (Place, bool) {
	if w.s.Places.Len() == 0 {
		return Place{}, false
	}
	p := w.s.Places.Slice()[i]
	return p, !math.IsNaN(p.X)
}

// pajekText replaces what Pajek and its readers have no common form for.
var pajekText = strings.NewReplacer(`"`, "”", `\`, "⧵", "\n", " ", "\r", " ", "\x00", " ")

func encodePajek(b *bufio.Writer, w *written) error {
	if err := w.weighed(Pajek); err != nil {
		return err
	}
	names := make([]string, w.g.Len())
	first := map[string]string{}
	for i, key := range w.g.Keys() {
		names[i] = pajekText.Replace(key)
		if other, twice := first[names[i]]; twice {
			return fmt.Errorf("%w: %q and %q are both %q in Pajek", ErrKey, other, key, names[i])
		}
		first[names[i]] = key
	}
	if w.s.Name != "" {
		fmt.Fprintf(b, "*Network %s\n", pajekText.Replace(w.s.Name))
	}
	for _, f := range w.s.Facts {
		fmt.Fprintf(b, "%% %s: %s\n", pajekText.Replace(f.Name), pajekText.Replace(f.Value))
	}
	fmt.Fprintf(b, "*Vertices %d\n", w.g.Len())
	at := w.unitSquare()
	for i, name := range names {
		fmt.Fprintf(b, `%d "%s"`, i+1, name)
		if p, ok := w.place(i); ok {
			p = at(p)
			fmt.Fprintf(b, " %s %s", number(p.X), number(p.Y))
		}
		fmt.Fprint(b, "\n")
	}
	fmt.Fprint(b, "*Arcs\n")
	for i, e := range w.links {
		x, _ := w.weight(i)
		fmt.Fprintf(b, "%d %d %s\n", e.From+1, e.To+1, number(x))
	}
	return nil
}

// unitSquare maps places into the unit square, y downward, without stretching.
func (w *written) unitSquare() func(Place) Place {
	lo, hi := Place{math.Inf(1), math.Inf(1)}, Place{math.Inf(-1), math.Inf(-1)}
	for i := range w.g.Len() {
		if p, ok := w.place(i); ok {
			lo, hi = Place{min(lo.X, p.X), min(lo.Y, p.Y)}, Place{max(hi.X, p.X), max(hi.Y, p.Y)}
		}
	}
	// Halves, as the range of the largest numbers is not a number itself.
	half := max(hi.X/2-lo.X/2, hi.Y/2-lo.Y/2)
	if !(half > 0) {
		return func(Place) Place { return Place{0.5, 0.5} }
	}
	part := func(x, lo, hi float64) float64 {
		const digits = 1e6
		return math.Round(min(1, max(0, 0.5+(x/2-(lo/4+hi/4))/half))*digits) / digits
	}
	return func(p Place) Place { return Place{part(p.X, lo.X, hi.X), part(-p.Y, -hi.Y, -lo.Y)} }
}

func encodeNodeLink(b *bufio.Writer, w *written) error {
	var err error
	text := func(v any) string {
		out, e := json.Marshal(v)
		if e != nil && err == nil {
			err = e
		}
		return string(out)
	}
	fmt.Fprint(b, `{"directed": true, "multigraph": false,`+"\n"+`"graph": {`)
	for i, f := range w.facts() {
		if i > 0 {
			fmt.Fprint(b, ", ")
		}
		fmt.Fprint(b, text(f.Name)+": "+text(f.Value))
	}
	fmt.Fprint(b, "},\n\"nodes\": [")
	add := func(columns []column, i int) {
		for _, c := range columns {
			value, ok := c.value(i)
			if !ok {
				continue
			}
			if c.text != nil {
				value = text(value)
			}
			fmt.Fprint(b, ", "+text(c.name)+": "+value)
		}
	}
	for i, key := range w.g.Keys() {
		separate(b, i)
		fmt.Fprint(b, `{"id": `+text(key))
		if w.s.Labels.Len() > 0 {
			fmt.Fprint(b, `, "label": `+text(w.label(i)))
		}
		add(w.nodes, i)
		fmt.Fprint(b, "}")
	}
	fmt.Fprint(b, "\n],\n\"edges\": [")
	for i := range w.links {
		separate(b, i)
		fmt.Fprint(b, `{"source": `+text(w.from(i))+`, "target": `+text(w.to(i)))
		if x, ok := w.weight(i); ok {
			fmt.Fprint(b, `, "weight": `+number(x))
		}
		add(w.edges, i)
		fmt.Fprint(b, "}")
	}
	fmt.Fprint(b, "\n]}\n")
	return err
}

func separate(b *bufio.Writer, i int) {
	if i > 0 {
		fmt.Fprint(b, ",")
	}
	fmt.Fprint(b, "\n")
}

func encodeEdgeList(b *bufio.Writer, w *written) error {
	out := csv.NewWriter(b)
	head := []string{"source", "target", weightColumn}
	for _, c := range w.edges {
		head = append(head, c.name)
	}
	var facts []string
	for _, f := range w.s.Facts {
		if f.OnEdges {
			head = append(head, delimited.Guard(f.Name))
			facts = append(facts, delimited.Guard(f.Value))
		}
	}
	if err := out.Write(head); err != nil {
		return err
	}
	for i := range w.links {
		row := []string{delimited.Guard(w.from(i)), delimited.Guard(w.to(i)), ""}
		if x, ok := w.weight(i); ok {
			row[2] = number(x)
		}
		for _, c := range w.edges {
			value, _ := c.value(i)
			if c.text != nil {
				value = delimited.Guard(value)
			} else if math.IsNaN(c.number(i)) {
				value = ""
			}
			row = append(row, value)
		}
		if err := out.Write(append(row, facts...)); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
