// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/seeds"
)

// Four patients: one who stays, one who goes to another network after a first
// treatment at home, one who is not treated, one who is treated in an
// institute as well.
const care = `patient,seq,date,event,hospital,tumor,stage
1,1,2020-01-06,first_visit,AMPHIA,x,I
1,2,2020-02-06,surgery,BRAVIS,x,I
2,1,2020-03-06,first_visit,AMPHIA,x,IV
2,2,2020-04-06,surgery,AMPHIA,x,IV
2,3,2020-05-06,radiotherapy,AVL,x,IV
3,1,2021-03-06,first_visit,AVL,y,I
4,1,2021-04-06,first_visit,MMC,y,II
4,2,2021-05-06,surgery,MMC,y,II
4,3,2021-06-06,radiotherapy,VERBEETEN,y,II
`

// withoutZeros leaves out the rows that name classes without flow.
func withoutZeros(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if !strings.HasSuffix(line, ",0\n") {
			b.WriteString(line)
		}
	}
	return b.String()
}

func TestFlows(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
		want string
	}{
		{"the default is any outside by network", nil, `
origin,destination,count
EMBRAZE,EMBRAZE,1
EMBRAZE,Onconovo+,1
OncoZON,EMBRAZE,1
Onconovo+,untreated,1
`},
		{"first", []string{"--rule", "first"}, `
origin,destination,count
EMBRAZE,EMBRAZE,2
OncoZON,OncoZON,1
Onconovo+,untreated,1
`},
		{"fractional", []string{"--rule", "fractional", "--tumor", "x"}, `
origin,destination,count
EMBRAZE,EMBRAZE,1.5
EMBRAZE,Onconovo+,0.5
`},
		{"by hospital", []string{"--by", "hospital", "--tumor", "x"}, `
origin,destination,count
AMPHIA,AVL,1
AMPHIA,BRAVIS,1
`},
		{"institutes do not count", []string{"--without-institutes", "--tumor", "y"}, `
origin,destination,count
OncoZON,OncoZON,1
Onconovo+,untreated,1
`},
		{"by province", []string{"--by", "province", "--tumor", "x"}, `
origin,destination,count
Noord-Brabant,Noord-Brabant,1
Noord-Brabant,Noord-Holland,1
`},
		{"of one stage", []string{"--where", "stage=IV"}, `
origin,destination,count
EMBRAZE,Onconovo+,1
`},
		{"one period", []string{"--period", "2020"}, `
origin,destination,count
EMBRAZE,EMBRAZE,1
EMBRAZE,Onconovo+,1
`},
		{"a matrix", []string{"--layout", "matrix", "--by", "hospital", "--tumor", "x", "--rule", "last"}, `
origin\destination,AMPHIA,AVL,BRAVIS
AMPHIA,0,1,1
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, out, errs := oncoref(t, care, append([]string{"flows", "-", "--allow-small"}, c.args...)...)
			require.Zero(t, code, errs)
			assert.Equal(t, strings.TrimPrefix(c.want, "\n"), withoutZeros(out))
			assert.NotContains(t, errs, "refused 1")
		})
	}
}

func TestFlowsSlices(t *testing.T) {
	code, out, errs := oncoref(t, care, "flows", "-", "--allow-small", "--period", "year", "--tumor", "each", "--format", "json")
	require.Zero(t, code, errs)
	assert.Contains(t, errs, "not for publication")
	var r tableRecord
	require.NoError(t, json.Unmarshal([]byte(out), &r))
	assert.Equal(t, "patients", r.Unit)
	assert.Equal(t, "any_outside", r.DestinationRule)
	assert.Equal(t, "standard input", r.Source)
	years := map[string]int{}
	for _, f := range r.Flows {
		years[f.Period+" "+f.Tumor]++
	}
	assert.Equal(t, map[string]int{"2020 x": 2, "2021 y": 2}, years)

	code, out, errs = oncoref(t, care, "flows", "-", "--allow-small", "--period", "2019-2020, 2021", "--format", "table")
	require.Zero(t, code, errs)
	for _, want := range []string{"patients by network", "2019-2020", "2021", "untreated"} {
		assert.Contains(t, out, want)
	}
	code, out, errs = oncoref(t, care, "flows", "-", "--allow-small", "--modality", "each")
	require.Zero(t, code, errs)
	assert.Contains(t, out, "radiotherapy")
	code, out, errs = oncoref(t, care, "flows", "-", "--allow-small", "--format", "table", "--layout", "matrix")
	require.Zero(t, code, errs)
	assert.Contains(t, out, `origin\destination`)
}

// A hospital in no network is an error that names it, or a class on request.
func TestFlowsOfHospitalsInNoNetwork(t *testing.T) {
	in := strings.ReplaceAll(care, "MMC", "PMC")
	code, out, errs := oncoref(t, in, "flows", "-", "--allow-small")
	assert.Equal(t, 1, code)
	assert.Empty(t, out)
	assert.Contains(t, errs, "PMC")
	code, out, errs = oncoref(t, in, "flows", "-", "--allow-small", "--rest", "no network", "--tumor", "y")
	require.Zero(t, code, errs)
	assert.Equal(t, "origin,destination,count\nOnconovo+,untreated,1\nno network,EMBRAZE,1\n", withoutZeros(out))
	const rest = "no network / abroad"
	code, table, errs := oncoref(t, in, "flows", "-", "--allow-small", "--rest", rest)
	require.Zero(t, code, errs)
	code, out, errs = oncoref(t, table, "map", "-", "--format", "dot", "--rest", rest, "--allow-small")
	require.Zero(t, code, errs)
	assert.Contains(t, out, rest)
	code, _, errs = oncoref(t, strings.ReplaceAll(table, rest, "no network"), "map", "-", "--format", "dot")
	assert.Equal(t, 1, code)
	assert.Contains(t, errs, "--rest")
	code, _, errs = oncoref(t, in, "flows", "-", "--allow-small", "--rest", "EMBRAZE")
	assert.Equal(t, 1, code)
	assert.Contains(t, errs, "a name of its own")
}

// A treatment in a hospital that is not known survives the way through files.
func TestUnknownDestinationCanBeMapped(t *testing.T) {
	in := strings.ReplaceAll(care, "2,3,2020-05-06,radiotherapy,AVL", "2,3,2020-05-06,radiotherapy,NOWHERE")
	code, out, errs := oncoref(t, in, "flows", "-", "--allow-small", "--rule", "last")
	require.Zero(t, code, errs)
	assert.Contains(t, out, "EMBRAZE,destination_unknown,1\n")
	code, _, errs = oncoref(t, out, "map", "-", "--allow-small")
	require.Zero(t, code, errs)
}

// A wrong row stops the command and leaves the file of the run before; told
// to, it goes on without the row.
func TestFlowsRefuses(t *testing.T) {
	path := temp(t, "flows.csv", "old")
	bad := strings.Replace(care, "2020-05-06", "2020-05-60", 1)
	code, out, errs := oncoref(t, bad, "flows", "-", "--allow-small", "-o", path)
	assert.Equal(t, 1, code)
	assert.Empty(t, out)
	assert.Contains(t, errs, "refused")
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, "old", string(text))
	files, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	assert.Len(t, files, 1)

	code, out, errs = oncoref(t, bad, "flows", "-", "--allow-small", "-o", path, "--allow-refused")
	require.Zero(t, code, errs)
	assert.Empty(t, out)
	assert.Contains(t, errs, "refused 1")
	text, err = os.ReadFile(path)
	require.NoError(t, err)
	assert.Contains(t, string(text), "EMBRAZE,EMBRAZE,2\n")
}

// Made-up flows of a preset are flows that the figure shows, and every output
// on the way says that they are made up.
func TestSimulatedFlowsAreShown(t *testing.T) {
	for preset, figure := range figures {
		for _, layout := range []string{"events", "treatments"} {
			dir := t.TempDir()
			extract, flows := filepath.Join(dir, "extract.csv"), filepath.Join(dir, "flows.csv")
			code, _, errs := oncoref(t, "", "simulate", "--tumor", preset, "--layout", layout, "-o", extract)
			require.Zero(t, code, errs)
			assert.Contains(t, errs, "assumed: ")
			code, _, errs = oncoref(t, "", "flows", extract, "-o", flows)
			require.Zero(t, code, errs)

			code, out, errs := oncoref(t, "", "flows", extract, "--format", "json")
			require.Zero(t, code, errs)
			var r tableRecord
			require.NoError(t, json.Unmarshal([]byte(out), &r))
			assert.True(t, r.Synthetic)
			shown, err := seeds.Table(figure)
			require.NoError(t, err)
			known := map[[2]string]bool{}
			for f := range shown.Flows() {
				known[[2]string{f.Origin, strings.Join(f.Members, "/")}] = true
			}
			for _, f := range r.Flows {
				to := f.Destination
				if f.Members != nil {
					to = strings.Join(f.Members, "/")
				}
				if f.Retained {
					to = f.Origin
				}
				if to != "untreated" && f.Lower > 0 {
					assert.True(t, known[[2]string{f.Origin, to}], "%s: %s to %s", preset, f.Origin, to)
				}
			}

			text, err := os.ReadFile(flows)
			require.NoError(t, err)
			assert.Contains(t, string(text), "synthetic")
			code, out, errs = oncoref(t, "", "map", flows)
			require.Zero(t, code, errs)
			assert.Contains(t, out, "SYNTHETIC DATA")
			code, out, _ = oncoref(t, "", "check", flows)
			require.Zero(t, code)
			assert.Contains(t, out, "synthetic")
			code, out, errs = oncoref(t, "", "flows", extract, "--format", "table", "--layout", "matrix")
			require.Zero(t, code, errs)
			assert.Contains(t, out, "SYNTHETIC DATA")
		}
	}
}

// What is read is never replaced by what is made of it, under whatever name.
func TestOutputDoesNotReplaceTheInput(t *testing.T) {
	path := temp(t, "extract.csv", care)
	link := filepath.Join(filepath.Dir(path), "link.csv")
	require.NoError(t, os.Symlink(path, link))
	for _, out := range []string{path, link, filepath.Join(filepath.Dir(path), ".", "extract.csv")} {
		code, _, errs := oncoref(t, "", "flows", path, "-o", out)
		assert.Equal(t, 2, code, errs)
		assert.Contains(t, errs, "is the file that is read")
		have, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.Equal(t, care, string(have))
	}
}

func TestExtractWithoutRowsIsNamed(t *testing.T) {
	header, _, _ := strings.Cut(care, "\n")
	path := temp(t, "extract.csv", header+"\n")
	for _, command := range []string{"check", "flows"} {
		code, _, errs := oncoref(t, "", command, path)
		assert.Equal(t, 1, code)
		assert.Contains(t, errs, path+": expected rows below the header, but there are none")
	}
}

// An extract without a header that is taken for a table by mistake: its first
// row is not shown.
func TestFirstRowOfAnExtractIsNotShown(t *testing.T) {
	path := temp(t, "extract.csv", "secret-1,2020-01-06,surgery,AMPHIA,c61\n")
	for _, args := range [][]string{
		{"check", path}, {"flows", path}, {"measure", path}, {"map", path, "-o", filepath.Join(t.TempDir(), "map.svg")},
		{"disclose", path}, {"export", path, "--format", "csv"}, {"compare", path, path}, {"locate", "--regions", path, "-p", "1"},
		{"whatif", path, "--close", "AVL"}, {"coverage", path}, {"pathways", path},
	} {
		code, out, errs := oncoref(t, "", args...)
		assert.NotZero(t, code, args)
		assert.NotContains(t, out+errs, "secret-1", args)
		assert.NotContains(t, out+errs, "c61", args)
	}
}

// The notes of a table tell no number of 1 to 4 cases either.
func TestNotesOfFlowsAreGated(t *testing.T) {
	path := temp(t, "extract.csv", care+"1,3,2020-06-06,first_visit,AVL,z,I\n")
	for _, allow := range []bool{false, true} {
		args := []string{"flows", path, "--modality", "radiotherapy", "--format", "json"}
		want := "1 to 4 cases were left out"
		if allow {
			args, want = append(args, "--allow-small"), "3 cases were left out"
		}
		code, out, errs := oncoref(t, "", args...)
		require.Zero(t, code, errs)
		var table tableRecord
		require.NoError(t, json.Unmarshal([]byte(out), &table))
		notes := strings.Join(table.Notes, "\n")
		assert.Contains(t, notes, want)
		assert.Contains(t, notes, "Patients with several tumors count once for each of them.")
		assert.NotContains(t, notes, "5 cases")
	}
}

func TestOriginThatNoEventTellsIsRefused(t *testing.T) {
	path := temp(t, "extract.csv", care)
	for _, args := range [][]string{{"flows", path}, {"report", path, "-o", filepath.Join(t.TempDir(), "report.html")}} {
		code, _, errs := oncoref(t, "", append(args, "--origin", "diagnosis")...)
		assert.Equal(t, 1, code, args)
		assert.Contains(t, errs, `origin diagnosis: expected events of the kind "diagnosis", but there are none`)
	}
}
