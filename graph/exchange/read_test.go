// SPDX-License-Identifier: Apache-2.0

package exchange

import (
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
)

// reading is what a file says, as an independent reader sees it: values by
// name, nodes by their names, in the order of the file.
type reading struct {
	graph map[string]string
	nodes []map[string]string // under "name" the name
	edges []map[string]string // under "source" and "target" the names
}

// read reads a file back with the readers of the standard library and what the
// formats say, without the code under test.
func read(f Format, text string) (reading, error) {
	switch f {
	case GraphML:
		return readGraphML(text)
	case GEXF:
		return readGEXF(text)
	case Pajek:
		return readPajek(text)
	case NodeLink:
		return readNodeLink(text)
	case EdgeList:
		return readEdgeList(text)
	}
	return reading{}, fmt.Errorf("format %v", f)
}

type xmlData struct {
	Key   string `xml:"key,attr"`
	Value string `xml:",chardata"`
}

func readGraphML(text string) (reading, error) {
	var file struct {
		XMLName xml.Name `xml:"http://graphml.graphdrawing.org/xmlns graphml"`
		Keys    []struct {
			ID   string `xml:"id,attr"`
			For  string `xml:"for,attr"`
			Name string `xml:"attr.name,attr"`
		} `xml:"key"`
		Graph struct {
			Kind  string    `xml:"edgedefault,attr"`
			Data  []xmlData `xml:"data"`
			Nodes []struct {
				ID   string    `xml:"id,attr"`
				Data []xmlData `xml:"data"`
			} `xml:"node"`
			Edges []struct {
				Source string    `xml:"source,attr"`
				Target string    `xml:"target,attr"`
				Data   []xmlData `xml:"data"`
			} `xml:"edge"`
		} `xml:"graph"`
	}
	if err := xml.Unmarshal([]byte(text), &file); err != nil {
		return reading{}, err
	}
	if file.Graph.Kind != "directed" {
		return reading{}, fmt.Errorf("graph is %q", file.Graph.Kind)
	}
	names := map[string]string{}
	for _, k := range file.Keys {
		if names[k.ID] != "" {
			return reading{}, fmt.Errorf("key %s twice", k.ID)
		}
		names[k.ID] = k.For + " " + k.Name
	}
	values := func(of string, data []xmlData) map[string]string {
		out := map[string]string{}
		for _, d := range data {
			out[strings.TrimPrefix(names[d.Key], of+" ")] = d.Value
		}
		return out
	}
	r := reading{graph: values("graph", file.Graph.Data)}
	at := map[string]string{}
	for _, n := range file.Graph.Nodes {
		v := values("node", n.Data)
		at[n.ID] = v["name"]
		r.nodes = append(r.nodes, v)
	}
	for _, e := range file.Graph.Edges {
		v := values("edge", e.Data)
		v["source"], v["target"] = at[e.Source], at[e.Target]
		r.edges = append(r.edges, v)
	}
	return r, nil
}

type gexfData struct {
	For   string `xml:"for,attr"`
	Value string `xml:"value,attr"`
}

func readGEXF(text string) (reading, error) {
	var file struct {
		XMLName     xml.Name `xml:"http://gexf.net/1.3 gexf"`
		Version     string   `xml:"version,attr"`
		Description string   `xml:"meta>description"`
		Graph       struct {
			Kind       string `xml:"defaultedgetype,attr"`
			Attributes []struct {
				Class string `xml:"class,attr"`
				List  []struct {
					ID    string `xml:"id,attr"`
					Title string `xml:"title,attr"`
				} `xml:"attribute"`
			} `xml:"attributes"`
			Nodes struct {
				Count int `xml:"count,attr"`
				List  []struct {
					ID    string     `xml:"id,attr"`
					Label string     `xml:"label,attr"`
					Data  []gexfData `xml:"attvalues>attvalue"`
					Place *struct {
						X string `xml:"x,attr"`
						Y string `xml:"y,attr"`
					} `xml:"http://gexf.net/1.3/viz position"`
				} `xml:"node"`
			} `xml:"nodes"`
			Edges struct {
				Count int `xml:"count,attr"`
				List  []struct {
					Source string     `xml:"source,attr"`
					Target string     `xml:"target,attr"`
					Weight string     `xml:"weight,attr"`
					Data   []gexfData `xml:"attvalues>attvalue"`
				} `xml:"edge"`
			} `xml:"edges"`
		} `xml:"graph"`
	}
	if err := xml.Unmarshal([]byte(text), &file); err != nil {
		return reading{}, err
	}
	g := file.Graph
	if g.Kind != "directed" || file.Version != "1.3" || g.Nodes.Count != len(g.Nodes.List) || g.Edges.Count != len(g.Edges.List) {
		return reading{}, fmt.Errorf("not as announced: %q %q %d %d", g.Kind, file.Version, g.Nodes.Count, g.Edges.Count)
	}
	titles := map[string]string{}
	for _, a := range g.Attributes {
		for _, x := range a.List {
			titles[a.Class+" "+x.ID] = x.Title
		}
	}
	values := func(class string, data []gexfData) map[string]string {
		out := map[string]string{}
		for _, d := range data {
			out[titles[class+" "+d.For]] = d.Value
		}
		return out
	}
	r := reading{graph: map[string]string{}}
	if file.Description != "" {
		for line := range strings.SplitSeq(file.Description, "\n") {
			name, value, _ := strings.Cut(line, ": ")
			r.graph[name] = value
		}
	}
	for _, n := range g.Nodes.List {
		v := values("node", n.Data)
		v["name"], v["label"] = n.ID, n.Label
		if n.Place != nil {
			v["x"], v["y"] = n.Place.X, n.Place.Y
		}
		r.nodes = append(r.nodes, v)
	}
	for _, e := range g.Edges.List {
		v := values("edge", e.Data)
		v["source"], v["target"], v["weight"] = e.Source, e.Target, e.Weight
		r.edges = append(r.edges, v)
	}
	return r, nil
}

func readPajek(text string) (reading, error) {
	r := reading{graph: map[string]string{}}
	section := ""
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case strings.HasPrefix(line, "%"):
			name, value, _ := strings.Cut(strings.TrimPrefix(line, "% "), ": ")
			r.graph[name] = value
		case strings.HasPrefix(line, "*Network "):
			r.graph["name"] = strings.TrimPrefix(line, "*Network ")
		case strings.HasPrefix(line, "*"):
			section, _, _ = strings.Cut(line, " ")
		case section == "*Vertices":
			parts := strings.Split(line, `"`)
			if len(parts) != 3 || strings.TrimSpace(parts[0]) != strconv.Itoa(len(r.nodes)+1) {
				return r, fmt.Errorf("vertex %q", line)
			}
			v := map[string]string{"name": parts[1]}
			if at := strings.Fields(parts[2]); len(at) == 2 {
				v["x"], v["y"] = at[0], at[1]
			}
			r.nodes = append(r.nodes, v)
		default:
			var from, to int
			var weight string
			if _, err := fmt.Sscanf(line, "%d %d %s", &from, &to, &weight); err != nil || from > len(r.nodes) || to > len(r.nodes) {
				return r, fmt.Errorf("arc %q: %w", line, err)
			}
			r.edges = append(r.edges, map[string]string{"source": r.nodes[from-1]["name"], "target": r.nodes[to-1]["name"], "weight": weight})
		}
	}
	return r, nil
}

func readNodeLink(text string) (reading, error) {
	var file struct {
		Directed   bool
		Multigraph bool
		Graph      map[string]string
		Nodes      []map[string]any
		Edges      []map[string]any
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&file); err != nil {
		return reading{}, err
	}
	if !file.Directed || file.Multigraph {
		return reading{}, fmt.Errorf("graph is not directed, or has parallel edges")
	}
	flat := func(list []map[string]any) []map[string]string {
		var out []map[string]string
		for _, m := range list {
			v := map[string]string{}
			for name, x := range m {
				v[name] = fmt.Sprint(x)
			}
			out = append(out, v)
		}
		return out
	}
	r := reading{graph: file.Graph, nodes: flat(file.Nodes), edges: flat(file.Edges)}
	for _, n := range r.nodes {
		n["name"] = n["id"]
	}
	return r, nil
}

func readEdgeList(text string) (reading, error) {
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		return reading{}, err
	}
	r := reading{}
	for _, row := range rows[1:] {
		v := map[string]string{}
		for i, x := range row {
			if x != "" {
				v[rows[0][i]] = x
			}
		}
		r.edges = append(r.edges, v)
	}
	return r, nil
}
