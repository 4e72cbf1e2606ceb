// SPDX-License-Identifier: Apache-2.0

package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/inference"
)

// The methods of intervals around a share by itself, and around all shares of
// an origin together.
var (
	shareMethods = []inference.Method{inference.Wilson, inference.Jeffreys, inference.ClopperPearson}
	rowMethods   = []inference.Method{inference.Goodman, inference.SisonGlaz, inference.Dirichlet}
)

// intervalFlags say which intervals are put around shares.
type intervalFlags struct {
	method     string
	confidence float64
}

func (f *intervalFlags) add(c *cobra.Command, none string) {
	p := c.Flags()
	p.StringVar(&f.method, "interval", none, "intervals around shares: "+methodList(shareMethods)+"; around an origin's destinations together: "+methodList(rowMethods))
	p.Float64Var(&f.confidence, "confidence", 0.95, "probability that an interval is to cover")
}

func methodList(list []inference.Method) string {
	names := make([]string, len(list))
	for i, m := range list {
		names[i] = m.String()
	}
	return strings.Join(names, ", ")
}

// config gives the intervals asked for among some methods.
func (f *intervalFlags) config(methods []inference.Method) (inference.Config, error) {
	c := inference.Config{Level: f.confidence}
	if !(f.confidence > 0 && f.confidence < 1) {
		return c, usagef("confidence %v: expected a probability between 0 and 1", f.confidence)
	}
	if err := c.Method.UnmarshalText([]byte(f.method)); err != nil || !slices.Contains(methods, c.Method) {
		return c, usagef("interval %q: expected %s", f.method, methodList(methods))
	}
	return c, nil
}

// around puts intervals around shares; nil puts none.
type around struct {
	config inference.Config
	rows   map[string]inference.Interval // by pair, of methods for a row
}

// newAround prepares the intervals of a table, nil for none.
func newAround(t *referral.Table, f intervalFlags) (*around, error) {
	if f.method == "" {
		return nil, nil
	}
	c, err := f.config(slices.Concat(shareMethods, rowMethods))
	if err != nil {
		return nil, err
	}
	a := &around{config: c}
	if slices.Contains(shareMethods, c.Method) {
		return a, nil
	}
	a.rows = map[string]inference.Interval{}
	for _, o := range t.Origins() {
		list, err := inference.OfRow(t, o, c)
		if err != nil {
			return nil, err
		}
		for _, e := range list {
			a.rows[pairScope(o, e.Destination)] = e.Interval
		}
	}
	return a, nil
}

// interval is that of a share; nil for what is none.
func (a *around) interval(m measure, x entry) *inference.Interval {
	if a == nil || x.share == nil {
		return nil
	}
	var i inference.Interval
	if a.rows != nil {
		of, ok := a.rows[x.Scope]
		if !ok || m.name != "origin_share" {
			return nil
		}
		i = of
	} else {
		e, err := inference.OfShare(*x.share, a.config)
		if err != nil { // counts that contradict each other have no interval
			return nil
		}
		i = e.Interval
	}
	if finite(i.Lo) == nil || finite(i.Hi) == nil {
		return nil
	}
	return &i
}
