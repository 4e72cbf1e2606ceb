// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func writeText(t *testing.T, table *Table, c WriteConfig) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, table.WriteCSV(&b, c))
	return b.String()
}

func TestWriteLayouts(t *testing.T) {
	counted := readText(t, long+"A,A,40\nA,B,12\nB,A,\nE,E,0\n", TableConfig{})
	assert.Equal(t, "origin,destination,count\nA,A,40\nA,B,12\nB,A,\nE,A,0\nA,E,0\n", writeText(t, counted, WriteConfig{}),
		"E keeps its place as an origin and as a destination")
	assert.Equal(t, "origin\\destination,A,B,E\nA,40,12,0\nB,,0,0\nE,0,0,0\n", writeText(t, counted, WriteConfig{Layout: Matrix}))
	assert.Equal(t, "origin;destination;count\nA;geen;40\nA;B;12\nB;A;\nE;A;0\nA;E;0\n",
		writeText(t, counted, WriteConfig{Comma: ';', Retained: "geen"}))

	presence := readText(t, "origin,destination\nB,geen\nA,X / Y\n", TableConfig{})
	assert.Equal(t, "origin,destination\nA,X / Y\nB,B\n", writeText(t, presence, WriteConfig{Layout: PresenceLayout}))
	assert.Equal(t, "origin,destination,count,lower,upper\nA,X | Y,,1,\nB,B,,1,\n", writeText(t, presence, WriteConfig{Separator: "|"}))

	sliced := readText(t, "origin,destination,lower,upper,tumor,period,modality\nA,B,1,4,eye,2016-2017,surgery\n", TableConfig{})
	assert.Equal(t, "origin,destination,count,lower,upper,tumor,period,modality\nA,B,,1,4,eye,2016-2017,surgery\n", writeText(t, sliced, WriteConfig{}))
}

// A spreadsheet takes a field that starts with = + - or @ for a formula.
func TestWriteGuardsFormulas(t *testing.T) {
	labels := []string{`=HYPERLINK("http://x","y")`, "+1", "-1", "@SUM(A1)", "'=x", "''+y", "'quoted'", "a=b", "A;B"}
	var flows []Flow
	for _, l := range labels {
		flows = append(flows, Flow{Origin: l, Destination: l, Cell: Count(1)})
	}
	table := fromFlows(t, Meta{}, AbsentZero, flows)
	for _, layout := range []Layout{Long, Matrix} {
		text := writeText(t, table, WriteConfig{Layout: layout})
		assert.Contains(t, text, `"'=HYPERLINK(""http://x"",""y"")"`)
		for _, line := range bytes.Split([]byte(text), []byte("\n")) {
			assert.False(t, len(line) > 0 && bytes.IndexByte([]byte("=+-@"), line[0]) >= 0, "%s", line)
		}
		requireEqual(t, table, readText(t, text, TableConfig{}))
	}
}

func TestWriteRefuses(t *testing.T) {
	interval := readText(t, bounds+"A,B,,1,4\n", TableConfig{})
	sliced := readText(t, "origin,destination,count,tumor\nA,B,1,eye\nA,B,2,penile\n", TableConfig{})
	word := fromFlows(t, Meta{}, AbsentZero, []Flow{{Origin: "A", Destination: "Geen", Cell: Count(1)}})
	named := fromFlows(t, Meta{}, AbsentZero, []Flow{{Origin: "A", Destination: "SW", Members: []string{"X", "Y"}, Cell: Count(1)}})
	unnamed := fromFlows(t, Meta{}, AbsentZero, []Flow{
		{Origin: "A", Destination: "B", Tumor: "eye", Cell: Count(1)}, {Origin: "A", Destination: "B", Cell: Count(1)},
	})
	for _, c := range []struct {
		name  string
		table *Table
		write WriteConfig
		is    error
	}{
		{"interval in a matrix", interval, WriteConfig{Layout: Matrix}, ErrCell},
		{"interval as presence", interval, WriteConfig{Layout: PresenceLayout}, ErrCell},
		{"slices in a matrix", sliced, WriteConfig{Layout: Matrix}, nil},
		{"class with the word for retained", word, WriteConfig{}, ErrNoClass},
		{"set with a name of its own", named, WriteConfig{}, ErrNoClass},
		{"slice without name", unnamed, WriteConfig{}, nil},
		{"no rows", fromFlows(t, Meta{}, AbsentZero, nil), WriteConfig{}, nil},
		{"layout", interval, WriteConfig{Layout: 9}, nil},
	} {
		var b bytes.Buffer
		err := c.table.WriteCSV(&b, c.write)
		require.Error(t, err, c.name)
		assert.Zero(t, b.Len(), "%s: nothing is written", c.name)
		if c.is != nil {
			assert.ErrorIs(t, err, c.is, c.name)
		}
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errDisk }

var errDisk = errors.New("disk full")

func TestWriteFails(t *testing.T) {
	assert.ErrorIs(t, readText(t, long+"A,B,1\n", TableConfig{}).WriteCSV(failing{}, WriteConfig{}), errDisk)
}

func TestExamplesRoundTrip(t *testing.T) {
	files, err := filepath.Glob("../testdata/catalogue/example_*flows*.csv")
	require.NoError(t, err)
	figures, err := filepath.Glob("../testdata/catalogue/example_fig5_*.csv")
	require.NoError(t, err)
	require.Len(t, slices.Concat(files, figures), 10)
	for _, file := range slices.Concat(files, figures) {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		table := readText(t, string(text), TableConfig{})
		back := readText(t, writeText(t, table, WriteConfig{}), TableConfig{Absent: table.absence()})
		requireEqual(t, table, back)
	}
}
