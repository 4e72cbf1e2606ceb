// SPDX-License-Identifier: Apache-2.0

package flow_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/flow"
)

func table(t *testing.T, text string, c referral.TableConfig) *referral.Table {
	t.Helper()
	out, err := referral.ReadTable(t.Context(), strings.NewReader(text), c)
	require.NoError(t, err)
	return out
}

func text(scoped []referral.Scoped) map[string]string {
	out := map[string]string{}
	for _, s := range scoped {
		out[s.Scope] = s.String()
	}
	return out
}

func TestDegrees(t *testing.T) {
	type degrees = map[string]string
	for _, c := range []struct {
		name, text string
		config     referral.TableConfig
		out, in    degrees
		why        string
	}{
		{
			name: "zero row, loops only", text: "origin,destination,count\nA,A,3\nB,A,0\n",
			out: degrees{"A": "0", "B": "0"}, in: degrees{"A": "0", "B": "0"},
		},
		{
			name: "bounds", text: "origin,destination,count,lower,upper\nA,B,,0,4\nA,C,,1,4\nA,D,,,\nB,C,2,,\nB,D,0,,\n",
			out: degrees{"A": "[1, 3]", "B": "1"}, in: degrees{"A": "0", "B": "[0, 1]", "C": "2", "D": "[0, 1]"},
			why: "B and D may have none from A",
		},
		{
			name: "set and member", text: "origin,destination\nA,X\nA,X / Y\nB,X / Y\nX,X / Y\n",
			out: degrees{"A": "[1, 2]", "B": "1", "X": "0"}, in: degrees{"A": "0", "B": "0", "X": "[1, 2]", "Y": "[0, 2]"},
			why: "the set may be X again; from X it is retained",
		},
		{
			name: "sets that overlap", text: "origin,destination\nA,X / Y\nA,Y / Z\nA,K / L\n",
			out: degrees{"A": "[2, 3]"}, in: degrees{"A": "0", "X": "[0, 1]", "Y": "[0, 1]", "Z": "[0, 1]", "K": "[0, 1]", "L": "[0, 1]"},
			why: "Y alone covers two of the three sets",
		},
		{
			name: "set-valued origin", text: "origin,destination\nX / Y,A\nX,A\nX,B\n", config: referral.TableConfig{OriginSets: true},
			out: degrees{"X / Y": "1", "X": "2"}, in: degrees{"A": "[1, 2]", "B": "1", "X": "0", "Y": "0"},
			why: "the flow of the set is from X, which sends to A anyway, or from Y",
		},
		{
			name: "classes beside care", text: "origin,destination,count\nA,untreated,3\norigin_unknown,A,2\nA,B,1\n",
			out: degrees{"A": "1"}, in: degrees{"A": "0", "B": "1"},
		},
		{
			name: "several slices", text: "origin,destination,count,period\nA,B,3,2016\nA,B,2,2017\n",
			out: degrees{"A": "1"}, in: degrees{"A": "0", "B": "1"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			tab := table(t, c.text, c.config)
			assert.Equal(t, c.out, text(flow.OutDegree(tab)), c.why)
			assert.Equal(t, c.in, text(flow.InDegree(tab)), c.why)
		})
	}
}

func TestDegreeReasons(t *testing.T) {
	tab := table(t, "origin,destination,lower,upper\nA,B,0,4\nA,X / Y,1,4\n", referral.TableConfig{})
	reasons := map[string]string{}
	for _, s := range flow.InDegree(tab) {
		reasons[s.Scope] = s.Reason
	}
	assert.Equal(t, map[string]string{"A": "", "B": referral.ReasonUnknownCells, "X": referral.ReasonSetValued, "Y": referral.ReasonSetValued}, reasons)
	empty, err := referral.FromFlows(referral.Meta{}, referral.AbsentZero, func(func(referral.Flow) bool) {})
	require.NoError(t, err)
	assert.Empty(t, flow.InDegree(empty))
	assert.Empty(t, flow.OutDegree(empty))
}

func ExampleInDegree() {
	t, _ := referral.ReadTable(context.Background(), strings.NewReader(`origin,destination
Oncomid,EMBRAZE / CONCORD
Oncomid,RO West
RO West,EMBRAZE / CONCORD
`), referral.TableConfig{})
	for _, d := range flow.InDegree(t) {
		fmt.Println(d.Scope, d.Result)
	}
	// Output:
	// CONCORD [0, 2]
	// EMBRAZE [0, 2]
	// Oncomid 0
	// RO West 1
}

func ExampleOutDegree() {
	t, _ := referral.ReadTable(context.Background(), strings.NewReader(`origin,destination
Oncomid,EMBRAZE / CONCORD
Oncomid,RO West
RO West,geen
`), referral.TableConfig{})
	for _, d := range flow.OutDegree(t) {
		fmt.Println(d.Scope, d.Result)
	}
	// Output:
	// Oncomid 2
	// RO West 0
}
