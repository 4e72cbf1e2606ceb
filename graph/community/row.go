// SPDX-License-Identifier: Apache-2.0

package community

// The functions of this file go along the row of a node, with weights of
// either size.

// gather adds the weight between u and each community to w.acc, and the
// communities that had none to w.met.
func (l *level) gather(w *worker, label []int32, u int32) {
	lo, hi := l.start[u], l.start[u+1]
	if l.short != nil {
		w.met = gather(w.acc, w.met, label, l.node[lo:hi], l.short[lo:hi])
	} else {
		w.met = gather(w.acc, w.met, label, l.node[lo:hi], l.long[lo:hi])
	}
}

func gather[W float32 | float64](acc []float64, met, label, node []int32, weight []W) []int32 {
	weight = weight[:len(node)]
	for k, v := range node {
		c := label[v]
		a := acc[c]
		if a == 0 {
			met = append(met, c)
		}
		acc[c] = a + float64(weight[k])
	}
	return met
}

// gatherInside does the same with the groups of part, for the neighbors of u
// in its own community.
func (l *level) gatherInside(w *worker, label, part []int32, u int32) {
	lo, hi := l.start[u], l.start[u+1]
	if l.short != nil {
		w.met = gatherInside(w.acc, w.met, label, part, label[u], l.node[lo:hi], l.short[lo:hi])
	} else {
		w.met = gatherInside(w.acc, w.met, label, part, label[u], l.node[lo:hi], l.long[lo:hi])
	}
}

func gatherInside[W float32 | float64](acc []float64, met, label, part []int32, own int32, node []int32, weight []W) []int32 {
	weight = weight[:len(node)]
	for k, v := range node {
		if label[v] != own {
			continue
		}
		c := part[v]
		a := acc[c]
		if a == 0 {
			met = append(met, c)
		}
		acc[c] = a + float64(weight[k])
	}
	return met
}

// inside returns the weight between u and the rest of its community.
func (l *level) inside(label []int32, u int32) float64 {
	lo, hi := l.start[u], l.start[u+1]
	if l.short != nil {
		return inside(label, label[u], l.node[lo:hi], l.short[lo:hi])
	}
	return inside(label, label[u], l.node[lo:hi], l.long[lo:hi])
}

func inside[W float32 | float64](label []int32, own int32, node []int32, weight []W) float64 {
	weight = weight[:len(node)]
	var s float64
	for k, v := range node {
		if label[v] == own {
			s += float64(weight[k])
		}
	}
	return s
}

// tell queues the neighbors of u for which its move may matter. A neighbor that
// was better off where it is by more weight than has moved since then has
// nothing to gain; one with an offer must have a new one.
func (p *pass) tell(u, from, to int32) {
	lo, hi := p.l.start[u], p.l.start[u+1]
	if p.l.short != nil {
		tell(p, from, to, p.l.node[lo:hi], p.l.short[lo:hi])
	} else {
		tell(p, from, to, p.l.node[lo:hi], p.l.long[lo:hi])
	}
}

func tell[W float32 | float64](p *pass, from, to int32, node []int32, weight []W) {
	label, margin, status := p.label, p.margin, p.state
	weight = weight[:len(node)]
	for k, v := range node {
		switch status[v] {
		case queued:
		case eager:
			p.push(v)
		case idle:
			switch label[v] {
			case to:
				continue
			case from:
				margin[v] -= 2 * float64(weight[k])
			default:
				margin[v] -= float64(weight[k])
			}
			if margin[v] <= 0 {
				p.push(v)
			}
		}
	}
}
