// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/fstest"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/network"
)

func readText(t *testing.T, text string, c TableConfig) *Table {
	t.Helper()
	c.File = "flows.csv"
	table, err := ReadTable(t.Context(), strings.NewReader(text), c)
	require.NoError(t, err)
	return table
}

func cells(t *Table) map[string]string {
	out := map[string]string{}
	for f := range t.Slices() {
		key := f.Origin + ">" + f.Destination
		for _, s := range []string{f.Tumor, f.Period.String(), f.Modality} {
			if s != "" {
				key += ";" + s
			}
		}
		out[key] = f.Cell.String()
	}
	return out
}

func TestReadLayouts(t *testing.T) {
	for _, c := range []struct {
		name, text string
		config     TableConfig
		want       map[string]string
		absent     Cell
	}{
		{
			"matrix", "origin\\destination,A,B\nA,40,12\nB,0,\n", TableConfig{},
			map[string]string{"A>A": "40", "A>B": "12", "B>B": "missing"}, Cell{},
		},
		{
			"matrix with the word for retained", "origin\\destination,geen,B\nA,40,12\nB,5,0\n", TableConfig{},
			map[string]string{"A>A": "40", "A>B": "12", "B>B": "5"}, Cell{},
		},
		{
			"long", "origin,destination,count\nA,B,12\nA,geen,40\nB,A,\nB,C,0\n", TableConfig{},
			map[string]string{"A>B": "12", "A>A": "40", "B>A": "missing"}, Cell{},
		},
		{
			"long with bounds", "origin;destination;count;lower;upper\nA;B;;1;4\nA;C;;1;\nA;D;;;9\nA;E;10;8;12\nA;F;7;7;7\nB;A;3;;\nB;C;;2;2\n", TableConfig{},
			map[string]string{"A>B": "[1, 4]", "A>C": "present", "A>D": "[0, 9]", "A>E": "[8, 12]", "A>F": "7", "B>A": "3", "B>C": "2"}, Cell{},
		},
		{
			"aliases, upper case, tabs, byte order mark", "\ufeffOrigin\tDestination\tlo\thi\nA\tB\t1\t4\n", TableConfig{},
			map[string]string{"A>B": "[1, 4]"}, Cell{},
		},
		{
			"structural zero", "origin,destination,count\nA,B,structural\nA,C,2\n", TableConfig{},
			map[string]string{"A>B": "structural zero", "A>C": "2"}, Cell{},
		},
		{
			"presence", "origin,destination\nA,B\nA,geen\n", TableConfig{},
			map[string]string{"A>B": "present", "A>A": "present"}, MissingCell(),
		},
		{
			"presence, absent means zero", "origin,destination\nA,B\n", TableConfig{Absent: AbsentZero},
			map[string]string{"A>B": "present"}, Cell{},
		},
		{
			"counts, absent unknown", "origin,destination,count\nA,B,0\nA,C,3\n", TableConfig{Absent: AbsentUnknown},
			map[string]string{"A>B": "0", "A>C": "3"}, MissingCell(),
		},
		{
			"slices", "origin,destination,count,tumour,period,modality\nA,B,1,penile,2016,surgery\nA,B,2,penile,2017,surgery\nA,B,4,eye,2016,surgery\n", TableConfig{},
			map[string]string{"A>B;penile;2016;surgery": "1", "A>B;penile;2017;surgery": "2", "A>B;eye;2016;surgery": "4"}, Cell{},
		},
		{
			"suppressed marks", "origin,destination,count\nA,B,<5\nA,C,*\nA,D,-\n",
			TableConfig{Suppressed: map[string]Cell{"<5": Between(1, 4), "*": MissingCell(), "-": Count(0)}},
			map[string]string{"A>B": "[1, 4]", "A>C": "missing"}, Cell{},
		},
		{
			"fractional", "origin,destination,count\nA,B,0.5\nA,C,1e-3\n", TableConfig{Meta: Meta{DestinationRule: Fractional}},
			map[string]string{"A>B": "0.5", "A>C": "0.001"}, Cell{},
		},
		{
			"whole number with a point", "origin,destination,count\nA,B,12.0\n", TableConfig{},
			map[string]string{"A>B": "12"}, Cell{},
		},
		{
			"other word for retained", "origin,destination,count\nA,none,3\nA,geen,4\n", TableConfig{Retained: "none"},
			map[string]string{"A>A": "3", "A>geen": "4"}, Cell{},
		},
		{
			"mapped columns", "van,naar,n\nA,B,3\n",
			TableConfig{Columns: map[string]string{"van": "origin", "naar": "destination", "n": "count"}},
			map[string]string{"A>B": "3"}, Cell{},
		},
		{
			"guarded labels", "origin,destination,count\n'=A,''-B,1\n'C,B'C,2\n", TableConfig{},
			map[string]string{"=A>'-B": "1", "'C>B'C": "2"}, Cell{},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			table := readText(t, c.text, c.config)
			assert.Equal(t, c.want, cells(table))
			assert.Equal(t, c.absent, table.Absent())
		})
	}
}

func TestReadSets(t *testing.T) {
	table := readText(t, "origin,destination\nA,X / Y\nX,Y/X\nX,A\nB,X  /Y\nY,Y\n", TableConfig{})
	assert.Equal(t, []string{"A", "B", "X", "Y"}, table.Classes())
	assert.Equal(t, []string{"A", "X / Y", "Y"}, table.Destinations(), "one class whatever the order and the spaces")
	assert.Equal(t, []string{"X", "Y"}, table.Members("X / Y"))
	assert.Nil(t, table.Members("Z"))
	var retained, sets []string
	for f := range table.Flows() {
		if f.Retained() {
			retained = append(retained, f.Origin)
		}
		if f.SetValued() {
			sets = append(sets, f.Origin)
		}
	}
	assert.Equal(t, []string{"X", "Y"}, retained, "care in a class shared with another is own care")
	assert.Equal(t, []string{"A", "B", "X"}, sets)

	one := readText(t, "origin,destination\nA,X/Y\nX / Y,A\n", TableConfig{})
	assert.Equal(t, []string{"A", "X / Y"}, one.Classes(), "an origin of the table is one class")
	one = readText(t, "origin,destination\nA,X/Y\n", TableConfig{Single: []string{"X/Y"}})
	assert.Equal(t, []string{"A", "X/Y"}, one.Classes())
	both := readText(t, "origin,destination\nX / Y,A\n", TableConfig{OriginSets: true})
	assert.Equal(t, []string{"A", "X", "Y"}, both.Classes())
	assert.Equal(t, []string{"X / Y"}, both.Origins())
	piped := readText(t, "origin,destination\nA,X | Y\nA,K/L\n", TableConfig{Separator: "|"})
	assert.Equal(t, []string{"A", "K/L", "X", "Y"}, piped.Classes())
}

const (
	long   = "origin,destination,count\n"
	bounds = "origin,destination,count,lower,upper\n"
	matrix = "origin\\destination,A,B\n"
)

func TestReadBadInput(t *testing.T) {
	for _, c := range []struct {
		name, text   string
		config       TableConfig
		line, column int
		value        string
	}{
		{"empty file", "", TableConfig{}, 0, 0, ""},
		{"header only", long, TableConfig{}, 0, 0, ""},
		{"missing column", "origin,count\nA,3\n", TableConfig{}, 1, 0, "origin,count"},
		{"unknown column", "origin,destination,number\nA,B,3\n", TableConfig{}, 1, 20, "number"},
		{"column twice", "origin,destination,count,count\n", TableConfig{}, 1, 26, "count"},
		{"not UTF-8", long + "A,Frysl\xe2n,3\n", TableConfig{}, 2, 3, "Frysl\ufffdn"},
		{"UTF-16", "\xff\xfeo\x00", TableConfig{}, 1, 0, ""},
		{"ragged list", long + "A,B\n", TableConfig{}, 2, 0, ""},
		{"ragged matrix", matrix + "A,1,2\nB,1\n", TableConfig{}, 3, 0, ""},
		{"flow twice", long + "A,B,1\nB,A,2\nA,B,1\n", TableConfig{}, 4, 0, "A to B"},
		{"retained twice", long + "A,A,1\nA,geen,2\n", TableConfig{}, 3, 0, "A to A"},
		{"set twice", long + "A,X / Y,1\nA,Y / X,2\n", TableConfig{}, 3, 0, "A to X / Y"},
		{"negative", long + "A,B,1\nA,C,-3\n", TableConfig{}, 3, 5, "-3"},
		{"fraction", long + "A,B,2.5\n", TableConfig{}, 2, 5, "2.5"},
		{"thousands separator", long + "A,B,1.000\n", TableConfig{}, 2, 5, "1.000"},
		{"NaN", long + "A,B,NaN\n", TableConfig{}, 2, 5, "NaN"},
		{"infinite", long + "A,B,+Inf\n", TableConfig{}, 2, 5, "+Inf"},
		{"too large", long + "A,B,9007199254740993\n", TableConfig{}, 2, 5, "9007199254740993"},
		{"enormous", long + "A,B,1e999\n", TableConfig{}, 2, 5, "1e999"},
		{"hexadecimal", long + "A,B,0x10\n", TableConfig{}, 2, 5, "0x10"},
		{"mark not declared", long + "A,B,<5\n", TableConfig{}, 2, 5, "<5"},
		{"lower above upper", bounds + "A,B,,4,1\n", TableConfig{}, 2, 8, "1"},
		{"count outside its bounds", bounds + "A,B,5,1,4\n", TableConfig{}, 2, 5, "5"},
		{"mark outside its bounds", bounds + "A,B,<9,1,4\n", TableConfig{Suppressed: map[string]Cell{"<9": Between(1, 8)}}, 2, 5, "<9"},
		{"structural zero with patients", bounds + "A,B,structural,1,4\n", TableConfig{}, 2, 16, "1"},
		{"bad bound", bounds + "A,B,,x,4\n", TableConfig{}, 2, 6, "x"},
		{"empty origin", long + ",B,1\n", TableConfig{}, 2, 1, ""},
		{"empty destination", long + "A, ,1\n", TableConfig{}, 2, 3, ""},
		{"control character", long + "\"A\x01\",B,1\n", TableConfig{}, 2, 1, "A\x01"},
		{"retained as origin", long + "geen,B,1\n", TableConfig{}, 2, 1, "geen"},
		{"empty member", long + "A,X / / Y,1\n", TableConfig{}, 2, 3, "X / / Y"},
		{"member twice", long + "A,X / X,1\n", TableConfig{}, 2, 3, "X / X"},
		{"retained in a set", long + "A,X / geen,1\n", TableConfig{}, 2, 3, "X / geen"},
		{"matrix row twice", matrix + "A,1,2\nA,3,4\n", TableConfig{}, 3, 1, "A"},
		{"matrix column twice", "origin\\destination,A,A\nA,1,2\n", TableConfig{}, 1, 22, "A"},
		{"matrix column of the same class", "origin\\destination,X / Y,Y / X\nA,1,2\n", TableConfig{}, 1, 26, "Y / X"},
		{"matrix without columns", "origin\\destination\nA\n", TableConfig{}, 1, 1, matrixCorner},
		{"matrix with two retained cells", "origin\\destination,geen,A\nA,1,2\n", TableConfig{}, 2, 5, "2"},
		{"matrix cell", matrix + "A,1,x\n", TableConfig{}, 2, 5, "x"},
		{"period", "origin,destination,period\nA,B,last year\n", TableConfig{}, 2, 5, "last year"},
		{"period missing in one row", "origin,destination,period\nA,B,2016\nA,C,\n", TableConfig{}, 3, 5, ""},
		{"tumor missing in one row", "origin,destination,tumor\nA,B,\n", TableConfig{}, 2, 5, ""},
		{"modality missing in one row", "origin,destination,modality\nA,B,\n", TableConfig{}, 2, 5, ""},
		{"too many cells", long + "A,B,1\nA,C,1\nA,D,1\n", TableConfig{MaxCells: 2}, 4, 0, ""},
		{"quote never closed", long + "A,\"B,1\n", TableConfig{}, 2, 0, ""},
		{"binary", "\x00\x01\x02", TableConfig{}, 1, 1, "\x00\x01\x02"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.config.File = "flows.csv"
			_, err := ReadTable(t.Context(), strings.NewReader(c.text), c.config)
			var bad *InputError
			require.ErrorAs(t, err, &bad)
			assert.Equal(t, "flows.csv", bad.File)
			assert.Equal(t, c.line, bad.Line, "line of %v", err)
			if c.column != 0 {
				assert.Equal(t, c.column, bad.Column, "column of %v", err)
			}
			assert.Equal(t, c.value, bad.Value)
			assert.NotEmpty(t, bad.Want)
		})
	}
}

func TestInputErrorText(t *testing.T) {
	_, err := ReadTable(t.Context(), strings.NewReader(long+"A,B,1\nA,B,2\n"), TableConfig{File: "flows.csv"})
	assert.EqualError(t, err, `flows.csv:3: flow "A to B": expected each flow once; this one is on line 2 already`)
}

func TestReadConfigErrors(t *testing.T) {
	for _, c := range []TableConfig{
		{MaxCells: -1}, {Separator: " / "},
		{Suppressed: map[string]Cell{"<5": {State: Interval, Lo: 4, Hi: 1}}}, {Suppressed: map[string]Cell{" *": MissingCell()}},
	} {
		_, err := ReadTable(t.Context(), strings.NewReader(long+"A,B,1\n"), c)
		assert.Error(t, err)
	}
}

func TestReadStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	text := long + strings.Repeat("A,B,1\n", 5000)
	_, err := ReadTable(ctx, strings.NewReader(text), TableConfig{})
	require.ErrorIs(t, err, context.Canceled)

	broken := errors.New("disk")
	_, err = ReadTable(t.Context(), io.MultiReader(strings.NewReader(long+"A,B,1\n"), iotest.ErrReader(broken)), TableConfig{})
	require.ErrorIs(t, err, broken)
}

func TestReadNotes(t *testing.T) {
	table := readText(t, "origin,destination,note,source,confidence,origin_as_printed,destination_as_printed\n"+
		"OncoZON,A,look here,IKNL 2023,high,OnzoZON,A\nOncoZON,B,,IKNL 2023,,OnzoZON,\n",
		TableConfig{Meta: Meta{Notes: []string{"first"}}})
	assert.Equal(t, []string{
		"first",
		`"OncoZON" is printed "OnzoZON"`,
		"source: IKNL 2023",
		`"OncoZON" to "A": look here`,
		`"OncoZON" to "A": confidence high`,
	}, table.Meta().Notes)
}

func landscape(t *testing.T, date network.Date) *network.Snapshot {
	t.Helper()
	l, err := network.ReadLandscape(fstest.MapFS{
		"hospitals.csv": {Data: []byte("hospital,name,short_name,city,province,type,lat,lon\n" +
			"H1,Eerste,,,,,,\nH2,Tweede,,,,,,\nH12,Samen,S,,,,,\nH3,Derde,,,,,,\nEMC,Erasmus MC,,,,,,\n")},
		"networks.csv": {Data: []byte("network,name,kind,partition,aliases\n" +
			"EMBRAZE,EMBRAZE kankernetwerk,,regional,\nCONCORD,CONCORD,,regional,\nOncoZON,OncoZON,,regional,OnzoZON\n")},
		"membership.csv": {Data: []byte("hospital,network,from,to\n" +
			"EMC,EMBRAZE,,\nEMC,CONCORD,,\nH3,EMBRAZE,,\nH12,OncoZON,,\n")},
		"successions.csv": {Data: []byte("predecessor,successor,date,kind\nH1,H12,2018-01-01,merger\nH2,H12,2018-01-01,merger\n")},
	})
	require.NoError(t, err)
	return l.On(date)
}

func TestReadWithin(t *testing.T) {
	now := landscape(t, network.NewDate(2021, 12, 31))
	table := readText(t, "origin,destination\nOnzoZON,EMBRAZE / CONCORD\nOnzoZON,untreated\n", TableConfig{Within: now, Meta: Meta{Level: LevelNetwork}})
	assert.Equal(t, []string{"OncoZON"}, table.Origins())
	assert.Equal(t, []string{"CONCORD", "EMBRAZE"}, table.Members("EMBRAZE / CONCORD"))
	assert.Equal(t, []string{`"OnzoZON" in the file is "OncoZON" in the landscape of 2021-12-31`}, table.Meta().Notes)

	table = readText(t, long+"H1,H3,2\nH2,H3,3\nH1,H2,4\nErasmus MC,H3,1\nS,EMC,6\n", TableConfig{Within: now, Meta: Meta{Level: LevelHospital}})
	assert.Equal(t, map[string]string{"H12>H3": "5", "H12>H12": "4", "EMC>H3": "1", "H12>EMC": "6"}, cells(table))
	assert.Len(t, table.Meta().Notes, 4)

	before := landscape(t, network.NewDate(2017, 12, 31))
	table = readText(t, long+"H1,H2,4\n", TableConfig{Within: before})
	assert.Equal(t, map[string]string{"H1>H2": "4"}, cells(table))

	for _, c := range []struct {
		name, text string
		level      string
		in         *network.Snapshot
		column     int
		value      string
	}{
		{"unknown network", "origin,destination\nOncoZON,Noord\n", LevelNetwork, now, 9, "Noord"},
		{"unknown member", "origin,destination\nOncoZON,EMBRAZE / Noord\n", LevelNetwork, now, 9, "EMBRAZE / Noord"},
		{"unknown hospital", "origin,destination\nH9,H3\n", LevelHospital, now, 1, "H9"},
		{"hospital in a table of networks", "origin,destination\nH3,EMBRAZE\n", LevelNetwork, now, 1, "H3"},
		{"not one hospital yet", "origin,destination\nH12,H3\n", LevelHospital, before, 1, "H12"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ReadTable(t.Context(), strings.NewReader(c.text), TableConfig{File: "flows.csv", Within: c.in, Meta: Meta{Level: c.level}})
			var bad *InputError
			require.ErrorAs(t, err, &bad)
			assert.Equal(t, []any{"flows.csv", 2, c.column, c.value}, []any{bad.File, bad.Line, bad.Column, bad.Value})
		})
	}

	_, err := ReadTable(t.Context(), strings.NewReader(long+"OncoZON,EMBRAZE,1\nOnzoZON,EMBRAZE,2\n"), TableConfig{Within: now})
	var bad *InputError
	require.ErrorAs(t, err, &bad)
	assert.Equal(t, 3, bad.Line, "two names of one network are one flow listed twice")
}
