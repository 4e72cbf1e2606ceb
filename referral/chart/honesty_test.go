// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/referral"
)

func dotOf(t *testing.T, text string, c FlowMapConfig) string {
	t.Helper()
	d, err := FlowMap(readTable(t, text, referral.Meta{Title: "T", Unit: referral.Patients, Level: "network"}), nil, c)
	require.NoError(t, err)
	out, err := d.DOT()
	require.NoError(t, err)
	return string(out)
}

// What is not known is never named as a number, in any part of the map.
func TestUnknownIsNotZero(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want, not  []string
	}{
		{
			"missing flow", "origin,destination,count\nA,A,40\nA,B,\nB,B,100\nC,A,9\n",
			[]string{"A; 49 treated; 40 of its own", "B; at least 100 treated", "Not drawn because it may be none: 1 of"},
			[]string{"B; 100 treated"},
		},
		{
			"missing retained", "origin,destination,count\nA,A,40\nC,C,\nC,A,9\n",
			[]string{"C; at least 0 treated; how many of its own are treated here is not known"},
			[]string{"no treatment of own"},
		},
		{
			"interval from zero", "origin,destination,count,lower,upper\nA,A,40,,\nA,B,,0,900\nB,A,9,,\n",
			[]string{"B; 0 to 900 treated", "Not drawn because it may be none: 1 of"}, []string{"B; 0 treated"},
		},
		{
			"suppressed", "origin,destination,count,lower,upper\nA,A,40,,\nA,B,,5,9\nB,B,10,,\n",
			[]string{"B; 15 to 19 treated", "A to B: 5 to 9 patients", "n = 55 to 59 patients", "Known between two numbers: A to B: 5 to 9."},
			[]string{"A to B: 5 patients"},
		},
		{
			"small", "origin,destination,count\nA,A,40\nA,B,3\nB,B,2\n",
			[]string{"A to B: 1 to 4 patients", "B; 2 to 8 treated; 1 to 4 of its own", "n = 42 to 48 patients"}, []string{"Known between"},
		},
		{
			"destination shared by two", "origin,destination,count\nC,A / B,37\nA,A,40\nB,C,6\n",
			[]string{"B; 0 to 37 treated", "A; 40 to 77 treated", "C to A / B: 37 patients"}, []string{"A; 40 treated", "B; 0 treated"},
		},
		{
			"shared with the origin", "origin,destination,count\nA,A / B,50\nA,A,20\nB,A,6\n",
			[]string{"A; 26 to 76 treated; some are treated here, share not published"}, []string{"70 of its own", "A; 76 treated"},
		},
		{
			"zero", "origin,destination,count\nA,B,40\nB,B,10\nA,A,0\n",
			[]string{"A; 0 treated; no treatment of own patients is shown", "n = 50 patients"}, []string{"at least 0"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := dotOf(t, c.text, FlowMapConfig{})
			for _, want := range c.want {
				assert.True(t, strings.Contains(got, want), "%s\nnot in %s", want, got)
			}
			for _, not := range c.not {
				assert.False(t, strings.Contains(got, not), "%s\nin %s", not, got)
			}
		})
	}
}

// A share is a ring only if all that started are known.
func TestRingNeedsAllFlows(t *testing.T) {
	known := dotOf(t, "origin,destination,count\nA,A,40\nA,B,60\nB,B,9\n", FlowMapConfig{})
	assert.True(t, strings.Contains(known, `"place 0" -> "place 0"`))
	unknown := dotOf(t, "origin,destination,count\nA,A,40\nA,B,\nB,B,9\n", FlowMapConfig{})
	assert.False(t, strings.Contains(unknown, `"place 0" -> "place 0"`))
	assert.True(t, strings.Contains(unknown, `"ring 0"`))
}

// Every count of 1 to 4 may be any other of them: the map is the same to the
// last byte.
func TestMapDoesNotDependOnSmallCounts(t *testing.T) {
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 5))
		n := 2 + r.IntN(7)
		var a, b bytes.Buffer
		for _, w := range []*bytes.Buffer{&a, &b} {
			w.WriteString("origin,destination,count\n")
		}
		for i := range n {
			for j := range n {
				if r.IntN(3) == 0 {
					continue
				}
				x := r.IntN(12)
				y := x
				if x >= 1 && x <= 4 {
					y = 1 + r.IntN(4)
				}
				fmt.Fprintf(&a, "N%d,N%d,%d\n", i, j, x)
				fmt.Fprintf(&b, "N%d,N%d,%d\n", i, j, y)
			}
		}
		fmt.Fprintf(&a, "N0,N%d / N%d,7\n", n, n+1)
		fmt.Fprintf(&b, "N0,N%d / N%d,7\n", n, n+1)
		c := FlowMapConfig{MaxFlows: 1 + r.IntN(20)}
		assert.Equal(t, dotOf(t, a.String(), c), dotOf(t, b.String(), c), "seed %d", seed)
	}
}

func TestConfigIsChecked(t *testing.T) {
	table := readTable(t, counted, referral.Meta{})
	for _, c := range []FlowMapConfig{
		{Page: Page{Width: math.NaN()}}, {Page: Page{Height: math.Inf(1)}}, {Page: Page{Width: -1}}, {Page: Page{Height: 10}}, {LabelSize: 1}, {LabelSize: math.NaN()},
		{MaxFlows: -5}, {Page: Page{Lang: 9}},
	} {
		_, err := FlowMap(table, nil, c)
		assert.ErrorIs(t, err, ErrConfig, "%+v", c)
	}
	assert.Equal(t, "Language(9)", Language(9).String())
}

func TestLongNamesStayOnThePage(t *testing.T) {
	for _, name := range []string{
		"Regionaal Samenwerkingsverband Oncologische Zorg Zuidwest-Nederland en Omstreken",
		strings.Repeat("Samenwerkingsverband", 4),
		strings.Repeat("M", 900),
	} {
		text := "origin,destination,count\n" + name + ",B,40\nB," + name + ",20\n" + name + "," + name + ",9\nB,C,12\nC,B,8\n"
		assert.Empty(t, drawn(t, readTable(t, text, referral.Meta{Title: "T"}), nil, FlowMapConfig{}).overlaps(), name)
	}
}

func TestLegendFitsLargeCounts(t *testing.T) {
	text := "origin,destination,count\nA,A,9007199254740992\nA,B,12345678901\nB,A,5\n"
	p := drawn(t, readTable(t, text, referral.Meta{Title: "T", Unit: referral.Patients}), nil, FlowMapConfig{})
	assert.Empty(t, p.overlaps())
	for _, x := range p.texts {
		assert.GreaterOrEqual(t, x.box.x0, pageMargin-1, x.text)
	}
}

// A ring of bounds is drawn in three parts, the last two of which are certain
// and possible.
func TestRingOfBounds(t *testing.T) {
	p := place{started: amount{40, 49, false}, retained: amount{30, 33, false}}
	lo, hi := p.share()
	assert.InDelta(t, 30.0/46, lo, 1e-15)
	assert.InDelta(t, 33.0/43, hi, 1e-15)
	bounded := dotOf(t, "origin,destination,count\nA,A,40\nA,B,3\nB,B,9\n", FlowMapConfig{})
	assert.Contains(t, bounded, pale(originColor(0)))
	assert.Contains(t, bounded, "Pale: it may be up to this.")
}
