// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"bytes"
	"encoding/csv"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzReadTable checks that reading never panics, that what is refused is
// refused with a place, and that what is accepted reads back as it was written.
func FuzzReadTable(f *testing.F) {
	files, err := filepath.Glob("../testdata/catalogue/example_*.csv")
	require.NoError(f, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(text, false)
	}
	for _, text := range []string{
		bounds + "A,B,,1,4\nA,C,5,,\nA,D,,,\nA,E,structural,,\n'=F,X / Y,<5,,\n",
		"origin;destination;count;tumour;period;modality\nA;B;1;eye;2016;surgery\nA;B;2;eye;2017;\"a,b\"\n",
		"\ufeffOrigin\tDestination\nX / Y\tgeen\nA\tX/Y\n", "origin\\destination,geen,A\nA,1,\nB,,structural\n",
		bounds + "A,B,,1,4\nA,total,5,,\ntotal,B,,1,9\ntotal,total,12,,\n", "origin\\destination,B,total\nA,1,7\ntotal,,structural\n",
		matrix + "A,1,0\n\nB,,2\n", "origin,destination,note\nA,B,\"x\ny\"\n",
	} {
		f.Add([]byte(text), true)
	}
	f.Fuzz(func(t *testing.T, text []byte, sets bool) {
		c := TableConfig{File: "fuzz", OriginSets: sets, MaxCells: 5000, Suppressed: map[string]Cell{"<5": Between(1, 4)}}
		table, err := ReadTable(t.Context(), bytes.NewReader(text), c)
		if err != nil {
			var bad *InputError
			require.True(t, errors.As(err, &bad), "%v", err)
			return
		}
		for f := range table.Slices() {
			require.True(t, f.Cell.Valid())
			require.Equal(t, "", table.meta.refuse(f.Cell))
		}
		var b bytes.Buffer
		require.NoError(t, table.WriteCSV(&b, WriteConfig{}))
		c.Absent, c.MaxCells, c.Comma = table.absence(), 0, ','
		for _, class := range table.classes {
			if !class.set() {
				c.Single = append(c.Single, class.label)
			}
		}
		back, err := ReadTable(t.Context(), &b, c)
		require.NoError(t, err, "%s", b.Bytes())
		table.meta.Notes = nil
		requireEqual(t, table, back)
		for _, p := range []Policy{Counts, Lower, Upper, Presence} {
			if _, err := table.Graph(p); err != nil {
				require.ErrorIs(t, err, ErrCell)
			}
		}
	})
}

// TestReadAgainstNaive reads random long tables with encoding/csv alone and
// compares.
func TestReadAgainstNaive(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var b strings.Builder
		b.WriteString("destination,count,origin\n")
		seen := map[[2]string]bool{}
		for range 1 + r.IntN(60) {
			key := [2]string{"N" + strconv.Itoa(r.IntN(12)), "N" + strconv.Itoa(r.IntN(12))}
			if !seen[key] {
				seen[key] = true
				b.WriteString(key[1] + "," + strconv.Itoa(r.IntN(30)) + "," + key[0] + "\n")
			}
		}
		rows, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
		require.NoError(t, err)
		table := readText(t, b.String(), TableConfig{})
		total := 0.0
		for _, row := range rows[1:] {
			n, err := strconv.ParseFloat(row[1], 64)
			require.NoError(t, err)
			require.Equal(t, Count(n), table.Cell(row[2], row[0]))
			total += n
		}
		require.Equal(t, total, table.Total().Value)
	}
}
