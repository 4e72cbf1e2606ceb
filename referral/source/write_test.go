// SPDX-License-Identifier: Apache-2.0

package source

import (
	"bytes"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

func TestWriteParquet(t *testing.T) {
	year := network.Period{From: network.NewDate(2020, 1, 1), To: network.NewDate(2020, 12, 31)}
	flow := func(o, d string, c referral.Cell) referral.Flow {
		return referral.Flow{Origin: o, Destination: d, Cell: c, Period: year}
	}
	m := referral.Meta{Unit: referral.Patients, Synthetic: true, Source: "made up", Period: year}
	x, err := referral.FromFlows(m, referral.AbsentUnknown, slices.Values([]referral.Flow{
		flow("=A", "=A", referral.Count(40)), flow("=A", "B", referral.Between(1, 4)), flow("B", "=A", referral.PresentCell()), flow("B", "C / D", referral.Count(0)),
	}))
	require.NoError(t, err)
	var b, again bytes.Buffer
	require.NoError(t, WriteParquet(&b, x))
	require.NoError(t, WriteParquet(&again, x))
	assert.Equal(t, b.Bytes(), again.Bytes())

	file, err := parquet.OpenFile(bytes.NewReader(b.Bytes()), int64(b.Len()))
	require.NoError(t, err)
	for name, want := range map[string]string{"unit": "patients", "synthetic": "true", "source": "made up", "unlisted_pairs": "not known", "period": year.String()} {
		got, _ := file.Lookup("oncoref." + name)
		assert.Equal(t, want, got, name)
	}
	type row struct {
		Origin      string   `parquet:"origin"`
		Destination string   `parquet:"destination"`
		Tumor       *string  `parquet:"tumor,optional"`
		Count       *float64 `parquet:"count,optional"`
		Lower       float64  `parquet:"lower"`
		Upper       *float64 `parquet:"upper,optional"`
		State       string   `parquet:"state"`
		Retained    bool     `parquet:"retained"`
		Synthetic   bool     `parquet:"synthetic"`
	}
	rows, err := parquet.Read[row](bytes.NewReader(b.Bytes()), int64(b.Len()))
	require.NoError(t, err)
	number := func(x float64) *float64 { return &x }
	assert.Equal(t, []row{
		{"=A", "=A", nil, number(40), 40, number(40), "exact", true, true},
		{"=A", "B", nil, nil, 1, number(4), "interval", false, true},
		{"B", "=A", nil, nil, 1, nil, "present", false, true},
		{"B", "C / D", nil, number(0), 0, number(0), "zero", false, true},
	}, rows)
	assert.Equal(t, math.Inf(1), referral.PresentCell().Hi)

	require.ErrorIs(t, WriteParquet(broken{}, x), errBroken)
}

var errBroken = errors.New("broken")

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errBroken }
