// SPDX-License-Identifier: Apache-2.0

package centrality

import "math"

// A search looks for shortest paths from one node after another.
type search struct {
	p     *paths
	q     *queue
	dist  []float64
	done  []bool
	order []int32 // nodes reached, by distance and then by node
}

func newSearch(p *paths) *search {
	n := p.len()
	size := 0.0
	for _, x := range p.length {
		size = max(size, x)
	}
	return &search{p: p, q: newQueue(n, size), dist: make([]float64, n), done: make([]bool, n), order: make([]int32, 0, n)}
}

func (s *search) start(from int, stop *stopper) {
	for i := range s.dist {
		s.dist[i] = math.Inf(1)
	}
	clear(s.done)
	s.order = s.order[:0]
	s.q.clear(stop)
	s.dist[from] = 0
	s.q.push(0, int32(from))
}

// finish fits the queue to the distances of this search for the sake of the
// next one.
func (s *search) finish() {
	if k := len(s.order) * 9 / 10; k > 0 {
		s.q.tune(s.dist[s.order[k]], k)
	}
}

// distances fills dist and order for the paths from one node. It returns
// early if stopped.
func (s *search) distances(from int, stop *stopper) {
	s.start(from, stop)
	start, to, length, dist, done := s.p.start, s.p.to, s.p.length, s.dist, s.done
	for {
		x, ok := s.q.pop()
		if !ok {
			break
		}
		u := x.v
		if done[u] {
			continue
		}
		done[u] = true
		s.order = append(s.order, u)
		if len(s.order)%patience == 0 && stop.done.Load() {
			return
		}
		lo, hi := start[u], start[u+1]
		row := to[lo:hi]
		if length == nil {
			for _, v := range row {
				if d := x.d + 1; d < dist[v] {
					dist[v] = d
					s.q.push(d, v)
				}
			}
			continue
		}
		step := length[lo:hi]
		step = step[:len(row)]
		for k, v := range row {
			if d := x.d + step[k]; d < dist[v] {
				dist[v] = d
				s.q.push(d, v)
			}
		}
	}
	s.finish()
}
