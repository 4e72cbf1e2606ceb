// SPDX-License-Identifier: Apache-2.0

package structure

import (
	"context"
	"math"

	"github.com/oncoref/oncoref/graph/internal/sum"
)

// countModel is the directed weighted configuration model with x = exp(-θ) and
// y = exp(-φ). Nodes with the same strengths have the same parameters and are
// one class.
//
// Only the sums θ_k + φ_l of different nodes matter and are above 0, which at
// most one node's own sum is not: the hub. The parameters are kept such that all
// others are above 0; then
//
//	exp(θ + φ) - 1 = A + B + A B,  A = exp(θ) - 1,  B = exp(φ) - 1
//
// cancels no digits and needs no exponential for each pair.
type countModel struct {
	size       []float64 // nodes in each class
	want       []float64 // out-strengths, then in-strengths, of one node of each class
	param      []float64 // θ, then φ; +Inf for strength 0
	hub        int       // the class of one node whose own sum is smallest, which is treated apart; -1 for none
	from, to   side      // classes that send and that receive, without the hub
	iterations int
	residual   float64
}

// side is a list of classes that have strength in one direction.
type side struct {
	class []int32
	own   []int32   // place of the class on the other side; -1 if it is not there
	size  []float64 // nodes of the class
	value []float64 // exp(parameter) - 1
}

func newCountModel(ctx context.Context, out, in []float64) (*countModel, error) {
	m := countModel{hub: -1}
	var wantIn []float64
	class := map[[2]float64]int{}
	for i := range out {
		if stopped(ctx, i) {
			return nil, ctx.Err()
		}
		key := [2]float64{out[i], in[i]}
		k, ok := class[key]
		if !ok {
			k = len(m.size)
			class[key] = k
			m.size = append(m.size, 0)
			m.want = append(m.want, out[i])
			wantIn = append(wantIn, in[i])
		}
		m.size[k]++
	}
	m.want = append(m.want, wantIn...)
	// Small enough that the strengths are of the right order.
	param := make([]float64, 0, len(m.want))
	for _, s := range m.want {
		param = append(param, math.Log1p(float64(len(out))/s))
	}
	m.set(param)
	return &m, nil
}

// set takes over the parameters, if need be shifted from one side to the other
// so that all but those of the hub are above 0.
func (m *countModel) set(param []float64) {
	n := len(m.size)
	theta, phi := param[:n], param[n:]
	m.hub = -1
	least := math.Inf(1)
	for k, size := range m.size {
		if own := theta[k] + phi[k]; size == 1 && own < least {
			m.hub, least = k, own
		}
	}
	low, high := math.Inf(1), math.Inf(1)
	for k := range n {
		if k != m.hub {
			low, high = min(low, theta[k]), min(high, phi[k])
		}
	}
	if low <= 0 || high <= 0 {
		shift := (high - low) / 2
		for k := range n {
			theta[k] += shift
			phi[k] -= shift
		}
	}
	m.param = param
	m.from, m.to = m.side(m.want[:n], theta), m.side(m.want[n:], phi)
	place := make([]int32, n)
	m.from.pair(m.to, place)
	m.to.pair(m.from, place)
}

func (m *countModel) side(want, param []float64) side {
	var s side
	for k, w := range want {
		if w > 0 && k != m.hub {
			s.class = append(s.class, int32(k))
			s.size = append(s.size, m.size[k])
			s.value = append(s.value, math.Expm1(param[k]))
		}
	}
	return s
}

// pair finds the place of each class on the other side, with the help of a place
// for each class.
func (s *side) pair(other side, place []int32) {
	for k := range place {
		place[k] = -1
	}
	for at, k := range other.class {
		place[k] = int32(at)
	}
	s.own = make([]int32, len(s.class))
	for at, k := range s.class {
		s.own[at] = place[k]
	}
}

// withHub calls visit for the hub as a sender and every receiver, and for every
// sender and the hub as a receiver: class of the sender, place of the receiver
// in param, number of pairs.
func (m *countModel) withHub(visit func(k, l int, pairs float64)) {
	n := len(m.size)
	if m.hub < 0 {
		return
	}
	if m.want[m.hub] > 0 {
		for at, l := range m.to.class {
			visit(m.hub, n+int(l), m.to.size[at])
		}
	}
	if m.want[n+m.hub] > 0 {
		for at, k := range m.from.class {
			visit(int(k), n+m.hub, m.from.size[at])
		}
	}
}

// strips is the number of parts in which pairs of classes are taken, several at
// the same time. It is fixed, and so is the order in which sums are added.
const strips = 16

// eachStrip calls f for every strip of n rows until ctx is done.
func eachStrip(ctx context.Context, n int, f func(strip, lo, hi int)) {
	size := max(1, (n+strips-1)/strips)
	eachBlock(ctx, n, size, func(lo, hi int) { f(lo/size, lo, hi) })
}

// gradient returns the strengths wanted less those expected, for all nodes of a
// class together, and the largest of these errors as a share. They are the
// derivative of the convex function that the parameters minimize.
func (m *countModel) gradient(ctx context.Context) ([]float64, float64) {
	n := len(m.size)
	acc := make([]sum.Compensated, 2*n) // expected strengths of one node
	received := make([][]float64, strips)
	eachStrip(ctx, len(m.from.class), func(strip, lo, hi int) {
		to := make([]float64, len(m.to.class))
		for at := lo; at < hi && ctx.Err() == nil; at++ {
			s := &acc[m.from.class[at]]
			a, size := m.from.value[at], m.from.size[at]
			own := int(m.from.own[at])
			if own < 0 {
				m.to.weights(s, a, size, to, 0, len(to))
				continue
			}
			m.to.weights(s, a, size, to, 0, own)
			m.to.weights(s, a, size, to, own+1, len(to))
			if size > 1 {
				b := m.to.value[own]
				w := (size - 1) / (a + (1+a)*b)
				s.Add(w)
				to[own] += w
			}
		}
		received[strip] = to
	})
	if ctx.Err() != nil {
		return nil, math.NaN()
	}
	for _, to := range received {
		for at, x := range to {
			acc[n+int(m.to.class[at])].Add(x)
		}
	}
	m.withHub(func(k, l int, _ float64) {
		w := 1 / math.Expm1(m.param[k]+m.param[l])
		acc[k].Add(w * m.size[l-n])
		acc[l].Add(w * m.size[k])
	})
	var worst float64
	grad := make([]float64, 2*n)
	for i, want := range m.want {
		if want > 0 {
			acc[i].Add(-want)
			e := -acc[i].Value()
			grad[i] = m.size[i%n] * e
			worst = max(worst, math.Abs(e)/want)
		}
	}
	return grad, worst
}

// weights adds the expected weights from one node, with value a and so many like
// it, to the receivers lo to hi-1: to acc those of the node, to received those of
// each receiver.
func (s *side) weights(acc *sum.Compensated, a, size float64, received []float64, lo, hi int) {
	const most = 512 // plain additions at a time
	for ; lo < hi; lo += most {
		to := min(lo+most, hi)
		value, sizes, into := s.value[lo:to], s.size[lo:to], received[lo:to]
		sizes, into = sizes[:len(value)], into[:len(value)]
		c := 1 + a
		var x, y float64
		i := 0
		for ; i+1 < len(value); i += 2 {
			v, w := 1/(a+c*value[i]), 1/(a+c*value[i+1])
			x += sizes[i] * v
			y += sizes[i+1] * w
			into[i] += size * v
			into[i+1] += size * w
		}
		if i < len(value) {
			v := 1 / (a + c*value[i])
			x += sizes[i] * v
			into[i] += size * v
		}
		acc.Add(x + y)
	}
}

// matched returns the expected sum of min(w_ij, w_ji) over ordered pairs.
func (m *countModel) matched(ctx context.Context) float64 {
	n := len(m.size)
	own := func(k int) float64 { return m.param[k] + m.param[n+k] }
	var value, size []float64 // of the classes that send and receive
	for at, k := range m.from.class {
		if m.from.own[at] >= 0 {
			value = append(value, math.Expm1(own(int(k))))
			size = append(size, m.from.size[at])
		}
	}
	part := make([]sum.Compensated, strips)
	eachStrip(ctx, len(value), func(strip, lo, hi int) {
		for k := lo; k < hi && ctx.Err() == nil; k++ {
			a, c := value[k], 1+value[k]
			x := (size[k] - 1) / 2 / (a + c*a)
			for l := k + 1; l < len(value); l++ {
				x += size[l] / (a + c*value[l])
			}
			part[strip].Add(2 * size[k] * x)
		}
	})
	var s sum.Compensated
	for _, p := range part {
		s.Add(p.Value())
	}
	if m.hub >= 0 {
		for at, k := range m.from.class {
			if m.from.own[at] >= 0 {
				s.Add(2 * m.from.size[at] * expectedMin(own(int(k))+own(m.hub)))
			}
		}
	}
	return s.Value()
}
