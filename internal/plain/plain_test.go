// SPDX-License-Identifier: Apache-2.0

package plain_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/internal/plain"
)

type color uint8

func (c color) String() string { return [...]string{"red", "blue"}[c] }

type inner struct{ Value, Lo float64 }

func (x inner) MarshalJSON() ([]byte, error) { return plain.Marshal(x) }

type outer struct {
	Scope string
	inner
	MeanAfter float64
	DiedSE    float64
	Color     color
	List      []float64
	Names     []string
	Of        map[string]inner
	Other     *inner
	Hidden    int `json:"-"`
	F         func()
	lower     int
}

func (x outer) MarshalJSON() ([]byte, error) { return plain.Marshal(x) }

func TestMarshal(t *testing.T) {
	x := outer{
		Scope: "a<b", inner: inner{1, math.NaN()}, MeanAfter: math.Inf(1), DiedSE: 0.5, Color: 1,
		List: []float64{1, math.NaN()}, Of: map[string]inner{"b": {2, 3}, "a": {}}, lower: 1,
	}
	b, err := x.MarshalJSON()
	require.NoError(t, err)
	assert.Equal(t, `{"scope":"a<b","value":1,"lo":null,"mean_after":null,"died_se":0.5,"color":"blue",`+
		`"list":[1,null],"names":[],"of":{"a":{"value":0,"lo":0},"b":{"value":2,"lo":3}},"other":null}`, string(b))
	b, err = json.Marshal([]outer{x})
	require.NoError(t, err)
	assert.True(t, json.Valid(b))
	_, err = plain.Marshal(struct{ C chan int }{make(chan int)})
	require.Error(t, err)
	b, err = plain.Marshal(struct {
		Any any
		N   map[int]int
	}{3, map[int]int{1: 2}})
	require.NoError(t, err)
	assert.Equal(t, `{"any":3,"n":{"1":2}}`, string(b))
}

func TestName(t *testing.T) {
	for field, want := range map[string]string{
		"N": "n", "DF": "df", "G2": "g2", "IQR": "iqr", "BiceBoxerman": "bice_boxerman", "TreatedSE": "treated_se", "OnlyA": "only_a", "HTTPCode": "http_code",
	} {
		assert.Equal(t, want, plain.Name(field))
	}
}
