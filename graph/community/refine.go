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
// Communities have nothing to do with each other here, so several of them are
// refined at the same time. s.members must hold the nodes of each in random
// order, and s.total the totals, as move leaves them.
func (s *search) refine(l *level, label, part []int32) error {
	for u := range part {
		part[u] = int32(u)
	}
	s.cuts = s.members.jobs(s.cuts)
	cuts := s.cuts
	return s.crew.each(len(cuts)-1, func(w *worker, k int) error {
		for c := cuts[k]; c < cuts[k+1]; c++ {
			if err := s.refineOne(w, l, label, part, s.members.of(int(c))); err != nil {
				return err
			}
		}
		return nil
	})
}

// refineOne refines the community with these members, in their order.
func (s *search) refineOne(w *worker, l *level, label, part, members []int32) error {
	if len(members) == 1 {
		return nil
	}
	size, own, border := s.size, s.own, s.border
	community := label[members[0]]
	all := s.total[community]
	for _, u := range members {
		size[u], own[u] = 1, l.flow[u]
		border[u] = l.inside(label, u)
		if err := w.spend(l.degree(u)); err != nil {
			return err
		}
	}
	acc := w.acc
	for _, u := range members {
		if part[u] != u || size[u] > 1 || border[u] == 0 {
			continue
		}
		f := l.flow[u]
		by := s.scaled(f)
		if border[u] < by.expects(all.minus(f)) {
			continue
		}
		if err := w.spend(l.degree(u)); err != nil {
			return err
		}
		w.met = w.met[:0]
		l.gatherInside(w, label, part, u)
		best, most, shared := int32(None), 0.0, 0.0
		for _, c := range w.met {
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
