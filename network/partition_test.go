// SPDX-License-Identifier: Apache-2.0

package network

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var in2024 = NewDate(2024, time.January, 1)

func TestPartitionRules(t *testing.T) {
	l := landscape(t)
	both := []Share{{"CONCORD", 0.5}, {"EMBRAZE", 0.5}}
	for _, c := range []struct {
		name string
		date string
		rule Rule
		want []Share // of Erasmus MC
	}{
		{"set-valued", "2021-12-31", SetValued, both},
		{"split", "2021-12-31", Split, both},
		{"primary", "2021-12-31", Primary, []Share{{"CONCORD", 1}}},
		{"primary of one, though declared no", "2017-01-01", Primary, []Share{{"EMBRAZE", 1}}},
		{"set-valued of one", "2017-01-01", SetValued, []Share{{"EMBRAZE", 1}}},
		{"before any", "2016-06-12", SetValued, nil},
	} {
		p, err := l.On(on(t, c.date)).Partition(PartitionConfig{Rule: c.rule})
		require.NoError(t, err, c.name)
		got, ok := p.Of("ERASMUSMC")
		assert.Equal(t, c.want != nil, ok, c.name)
		assert.Equal(t, c.want, got, c.name)
		assert.Equal(t, c.rule, p.Rule())
		assert.Equal(t, DefaultPartition, p.Name())
		assert.Equal(t, []string{"CONCORD", "EMBRAZE", "Onco-Oost", "Oncomid", "Onconovo+", "RO West"}, p.Groups(), "a group without members is a group")
	}
}

func TestPartitionPrimaryNotDeclared(t *testing.T) {
	_, err := landscape(t).On(in2024).Partition(PartitionConfig{Rule: Primary})
	var bad *PartitionError
	require.ErrorAs(t, err, &bad)
	require.ErrorIs(t, err, ErrPartition)
	assert.Equal(t, []string{"JBZ", "TERGOOI"}, bad.Hospitals)
	assert.EqualError(t, err, `partition "regional": rule primary needs exactly one membership declared primary for a hospital in several networks: JBZ, TERGOOI`)

	l := read(t, map[string]string{
		"networks.csv":   "network\nN\nM\n",
		"membership.csv": "hospital,network,primary\nA,N,yes\nA,M,yes\n",
	})
	_, err = l.On(0).Partition(PartitionConfig{Rule: Primary})
	require.ErrorAs(t, err, &bad, "two declared are as bad as none")
	assert.Equal(t, []string{"A"}, bad.Hospitals)
}

func TestPartitionUnassigned(t *testing.T) {
	p, err := landscape(t).On(asOf2021).Partition(PartitionConfig{})
	require.NoError(t, err)
	assert.Equal(t, []string{"AUMC", "AVL", "OOGZH", "SKB", "SLINGELAND", "STJANSDAL"}, p.Unassigned(), "Onconovo+ was signed in 2023")
	assert.Equal(t, []string{"ERASMUSMC", "JBZ"}, p.Members("EMBRAZE"))
	assert.Nil(t, p.Members("nothing"))
}

func TestPartitionOther(t *testing.T) {
	l := landscape(t)
	p, err := l.On(asOf2021).Partition(PartitionConfig{Name: "head-neck"})
	require.NoError(t, err)
	shares, ok := p.Of("AUMC")
	require.True(t, ok)
	assert.Equal(t, []Share{{"HN:Onconovo+", 1}}, shares)

	_, err = l.On(asOf2021).Partition(PartitionConfig{Name: "Regional"})
	require.ErrorIs(t, err, ErrPartition)
	assert.ErrorContains(t, err, "head-neck, regional")
	_, err = l.On(asOf2021).Partition(PartitionConfig{Rule: 9})
	require.ErrorIs(t, err, ErrPartition)
	_, err = read(t, nil).On(asOf2021).Partition(PartitionConfig{})
	require.ErrorIs(t, err, ErrPartition, "a landscape without networks has no such partition")
}

func TestProvinces(t *testing.T) {
	p := landscape(t).On(asOf2021).Provinces()
	assert.Equal(t, ProvincePartition, p.Name())
	assert.Equal(t, []string{"Gelderland", "Noord-Brabant", "Noord-Holland", "Zuid-Holland"}, p.Groups())
	assert.Equal(t, []string{"SKB", "SLINGELAND", "STJANSDAL"}, p.Members("Gelderland"))
	assert.Empty(t, p.Unassigned())
	assert.Equal(t, []string{"A", "B", "C", "D", "E", "F"}, read(t, nil).On(0).Provinces().Unassigned())
}

func TestNewPartition(t *testing.T) {
	labels := map[string]string{"x": "2", "y": "1", "z": "2"}
	p, err := NewPartition("communities", labels)
	require.NoError(t, err)
	labels["x"] = "changed later"
	shares, ok := p.Of("x")
	require.True(t, ok)
	assert.Equal(t, []Share{{"2", 1}}, shares)
	assert.Equal(t, []string{"1", "2"}, p.Groups())
	assert.Equal(t, []string{"x", "z"}, p.Members("2"))
	assert.Equal(t, SetValued, p.Rule())
	assert.Empty(t, p.Unassigned())

	shares[0].Group = "mine"
	p.Groups()[0] = "mine"
	again, _ := p.Of("x")
	assert.Equal(t, []Share{{"2", 1}}, again, "what is handed out is a copy")
	assert.Equal(t, []string{"1", "2"}, p.Groups())

	_, ok = p.Of("nobody")
	assert.False(t, ok)
	p, err = NewPartition("empty", nil)
	require.NoError(t, err)
	assert.Empty(t, p.Groups())
	for name, labels := range map[string]map[string]string{"": {"a": "b"}, "p": {"": "b"}, "q": {"a": ""}} {
		_, err := NewPartition(name, labels)
		require.ErrorIs(t, err, ErrPartition, name)
	}
}

func TestRuleText(t *testing.T) {
	for _, r := range []Rule{SetValued, Primary, Split} {
		back, err := ParseRule(r.String())
		require.NoError(t, err)
		assert.Equal(t, r, back)
	}
	_, err := ParseRule("Split")
	var bad *InputError
	require.ErrorAs(t, err, &bad)
	var zero PartitionConfig
	assert.Equal(t, SetValued, zero.Rule, "the zero value keeps sets")
}

func TestPartitionErrorShortens(t *testing.T) {
	e := &PartitionError{Partition: "p", Reason: "why", Hospitals: []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"}}
	assert.EqualError(t, e, `partition "p": why: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more`)
}

func TestWithRest(t *testing.T) {
	p, err := landscape(t).On(asOf2021).Partition(PartitionConfig{})
	require.NoError(t, err)
	require.NotEmpty(t, p.Unassigned())
	q, err := p.WithRest("no network")
	require.NoError(t, err)
	assert.Empty(t, q.Unassigned())
	assert.Equal(t, p.Unassigned(), q.Members("no network"))
	assert.True(t, slices.IsSorted(q.Groups()))
	assert.Equal(t, p.Rule(), q.Rule())
	for _, h := range p.Unassigned() {
		_, ok := p.Of(h)
		assert.False(t, ok, "the partition itself stays as it is")
	}
	_, err = p.WithRest("")
	require.ErrorIs(t, err, ErrPartition)
	_, err = p.WithRest("EMBRAZE")
	require.ErrorIs(t, err, ErrPartition)
}
