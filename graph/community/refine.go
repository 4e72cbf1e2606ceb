// SPDX-License-Identifier: Apache-2.0

package community

// refine splits every community of label into groups that hang well together,
// and writes the group of each node, a number in [0, n), to part. Each node
// begins as a group of its own. In random order, a node that is still alone
// and well connected joins the group that gains most, among those groups of its
// community that it has an edge with and that are well connected themselves;
// a node or a group is well connected if its weight with the rest of the
// community S is at least what chance gives it:
//
//	w(C, S\C) ≥ γ/W [s_out(C) s_in(S\C) + s_in(C) s_out(S\C)]
//
// So every group is connected. It is the refinement of Traag et al. with the
// best group instead of a random one that favors the best.
//
// s.total must hold the totals of the communities, as move leaves them.
func (s *search) refine(l *level, label, part []int32) error {
	n := l.len()
	size, own, border := s.size[:n], s.own[:n], s.border[:n]
	order := s.queue[:n]
	s.shuffle(order)
	for u := range n {
		part[u] = int32(u)
		size[u] = 1
		own[u] = l.flow[u]
		var w float64
		lo, hi := l.start[u], l.start[u+1]
		for k, v := range l.node[lo:hi] {
			if label[v] == label[u] {
				w += l.weight[lo+int64(k)]
			}
		}
		border[u] = w
		if err := s.spend(int(hi - lo)); err != nil {
			return err
		}
	}
	acc := s.acc
	for _, u := range order {
		if part[u] != u || size[u] > 1 || border[u] == 0 {
			continue
		}
		f := l.flow[u]
		all := s.total[label[u]]
		by := s.scaled(f)
		if border[u] < by.expects(all.minus(f)) {
			continue
		}
		lo, hi := l.start[u], l.start[u+1]
		if err := s.spend(int(hi - lo)); err != nil {
			return err
		}
		met := s.met[:0]
		for k, v := range l.node[lo:hi] {
			if label[v] != label[u] {
				continue
			}
			c := part[v]
			if acc[c] == 0 {
				met = append(met, c)
			}
			acc[c] += l.weight[lo+int64(k)]
		}
		s.met = met
		best, most, shared := int32(None), 0.0, 0.0
		for _, c := range met {
			x := acc[c] - by.expects(own[c])
			if x > most && border[c] >= s.scaled(own[c]).expects(all.minus(own[c])) {
				best, most, shared = c, x, acc[c]
			}
			acc[c] = 0
		}
		if best == None || most <= tolerance*shared {
			continue
		}
		if s.watch != nil {
			s.watch(l, part, u, best, most)
		}
		part[u] = best
		size[u]--
		size[best]++
		own[best] = own[best].plus(f)
		border[best] += border[u] - 2*shared
	}
	return nil
}
