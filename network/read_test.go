// SPDX-License-Identifier: Apache-2.0

package network

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestReadRefuses has one wrong file per case, in a folder with the hospitals A to
// F and, unless the case gives networks, N and M.
func TestReadRefuses(t *testing.T) {
	const two = "membership.csv"
	for _, c := range []struct {
		name, file, text string
		line, column     int
		field, value     string
		want             string
	}{
		{"empty file", "hospitals.csv", "", 0, 0, "", "", "the file is empty"},
		{"empty optional file", two, "", 0, 0, "", "", "the file is empty"},
		{"no hospitals", "hospitals.csv", "hospital\n", 0, 0, "", "", "at least one hospital"},
		{"missing column", "hospitals.csv", "name\nx\n", 1, 0, "", "name", `the column "hospital"`},
		{"missing column of pair", two, "hospital,from\nA,\n", 1, 0, "", "hospital,from", `the column "network"`},
		{"unknown column", "hospitals.csv", "hospital,beds\nA,5\n", 1, 10, "", "beds", "one of the columns hospital, name"},
		{"column twice", "hospitals.csv", "hospital,hospital\nA,A\n", 1, 10, "", "hospital", "each column once"},
		{"Windows-1252", "hospitals.csv", "hospital,province\nA,Frysl\xe2n\n", 2, 3, "province", "Frysl\uFFFDn", "UTF-8"},
		{"UTF-16", "hospitals.csv", "\xff\xfeh\x00", 1, 0, "", "", "UTF-16"},
		{"binary", "hospitals.csv", "hospital\nA\x00\n", 2, 1, "hospital", "A\x00", "zero byte"},
		{"too few fields", "hospitals.csv", "hospital,name\nA\n", 2, 0, "", "", "2 fields, found 1"},
		{"quote never closed", "hospitals.csv", "hospital\n\"A\n", 2, 4, "", "", "quotes"},

		{"key twice", "hospitals.csv", "hospital\nA\nB\nA\n", 4, 1, "hospital", "A", "each hospital once; it stands in line 2 too"},
		{"no key", "hospitals.csv", "hospital,name\n,x\n", 2, 1, "hospital", "", "a text of 1 to 200 bytes"},
		{"key over two lines", "hospitals.csv", "hospital\n\"A\nB\"\n", 2, 1, "hospital", "A\nB", "in one line"},
		{"long key", "hospitals.csv", "hospital\n" + strings.Repeat("x", 201) + "\n", 2, 1, "hospital", strings.Repeat("x", 60) + "...", "a text of 1 to 200 bytes"},
		{"unknown type", "hospitals.csv", "hospital,type\nA,huge\n", 2, 3, "type", "huge", "one of academic, top-clinical"},
		{"latitude out of range", "hospitals.csv", "hospital,lat,lon\nA,90.1,5\n", 2, 3, "lat", "90.1", "-90 to 90"},
		{"longitude out of range", "hospitals.csv", "hospital,lat,lon\nA,52,-181\n", 2, 6, "lon", "-181", "-180 to 180"},
		{"latitude alone", "hospitals.csv", "hospital,lat,lon\nA,52,\n", 2, 6, "lon", "", "as there is a latitude"},
		{"longitude no number", "hospitals.csv", "hospital,lat,lon\nA,52,east\n", 2, 6, "lon", "east", "a number"},
		{"longitude alone", "hospitals.csv", "hospital,lat,lon\nA,,5\n", 2, 3, "lat", "", "as there is a longitude"},
		{"decimal comma", "hospitals.csv", "hospital;lat;lon\nA;52,1;5\n", 2, 3, "lat", "52,1", "a number"},
		{"not a number", "hospitals.csv", "hospital,lat,lon\nA,NaN,5\n", 2, 3, "lat", "NaN", "a number"},

		{"network twice", "networks.csv", "network\nN\nN\n", 3, 1, "network", "N", "it stands in line 2 too"},
		{"network place", "networks.csv", "network,lat,lon\nN,-91,5\n", 2, 3, "lat", "-91", "-90 to 90"},
		{"unknown network kind", "networks.csv", "network,kind\nN,club\n", 2, 3, "kind", "club", "network, region"},
		{"name of two networks", "networks.csv", "network,name\nN,x\nM,x\n", 3, 3, "name", "x", "network N is called x too"},
		{"key is an alias of another", "networks.csv", "network,aliases\nN,x|M\nM,\n", 3, 1, "network", "M", "network N is called M too"},
		{"alias of two networks", "networks.csv", "network,aliases\nN,x|y\nM,z; y\n", 3, 3, "aliases", "z; y", "network N is called y too"},
		{"many aliases", "networks.csv", "network,aliases\nN," + strings.Repeat("x|", 201) + "\n", 2, 3, "aliases", strings.Repeat("x|", 30) + "...", "at most 200 texts"},

		{"unknown hospital", two, "hospital,network\nX,N\n", 2, 1, "hospital", "X", "a key of hospitals.csv"},
		{"unknown network", two, "hospital,network\nA,X\n", 2, 3, "network", "X", "a key of networks.csv"},
		{"name is no key", two, "hospital,network\na,N\n", 2, 1, "hospital", "a", "a key of hospitals.csv"},
		{"pair twice", two, "hospital,network\nA,N\nB,N\nA,N\n", 4, 1, "hospital", "A", "line 2 says the same"},
		{"overlap of a day", two, "hospital,network,from,to\nA,N,2016-01-01,\nA,N,2014-01-01,2016-01-01\n", 3, 1, "hospital", "A", "line 2 says the same"},
		{"bad date", two, "hospital,network,from\nA,N,2021-02-29\n", 2, 5, "from", "2021-02-29", "a date like 2021-12-31, or nothing"},
		{"Dutch date", two, "hospital,network,to\nA,N,31-12-2021\n", 2, 5, "to", "31-12-2021", "a date like 2021-12-31"},
		{"year for a date", two, "hospital,network,to\nA,N,2021\n", 2, 5, "to", "2021", "a date like 2021-12-31"},
		{"from after to", two, "hospital,network,from,to\nA,N,2021-01-02,2021-01-01\n", 2, 16, "to", "2021-01-01", "not before from (2021-01-02)"},
		{"primary", two, "hospital,network,primary\nA,N,maybe\n", 2, 5, "primary", "maybe", "yes, no or nothing"},

		{"designated hospital", "designations.csv", "hospital,body,disease\nX,b,d\n", 2, 1, "hospital", "X", "a key of hospitals.csv"},
		{"no body", "designations.csv", "hospital,body,disease\nA,,d\n", 2, 3, "body", "", "a text"},
		{"no disease", "designations.csv", "hospital,body,disease\nA,b,\n", 2, 5, "disease", "", "a text"},
		{"level", "designations.csv", "hospital,body,disease,level\nA,b,d,high\n", 2, 7, "level", "high", "cluster, disorder, subtype"},
		{"role", "designations.csv", "hospital,body,disease,role\nA,b,d,boss\n", 2, 7, "role", "boss", "center, preferred partner, panel"},
		{"partner of nobody", "designations.csv", "hospital,body,disease,of\nA,b,d,X\n", 2, 7, "of", "X", "a key of hospitals.csv"},
		{"partner of itself", "designations.csv", "hospital,body,disease,of\nA,b,d,A\n", 2, 7, "of", "A", "another hospital"},
		{"designation date", "designations.csv", "hospital,body,disease,from\nA,b,d,soon\n", 2, 7, "from", "soon", "a date like"},
		{"designation twice", "designations.csv", "hospital,body,disease,role\nA,b,d,center\nA,b,d,centre\n", 3, 1, "hospital", "A", "line 2 says the same"},

		{"norm without body", "norms.csv", "body,disease\n,d\n", 2, 1, "body", "", "a text"},
		{"norm without disease", "norms.csv", "body,disease\nb,\n", 2, 3, "disease", "", "a text"},
		{"negative norm", "norms.csv", "body,disease,lower\nb,d,-1\n", 2, 5, "lower", "-1", "not below 0"},
		{"norm no number", "norms.csv", "body,disease,upper\nb,d,ten\n", 2, 5, "upper", "ten", "a number"},
		{"norm upside down", "norms.csv", "body,disease,lower,upper\nb,d,20,10\n", 2, 8, "upper", "10", "not below lower (20)"},
		{"norm date", "norms.csv", "body,disease,to\nb,d,x\n", 2, 5, "to", "x", "a date like"},
		{"norm twice", "norms.csv", "body,disease,lower\nb,d,5\nb,d,5\n", 3, 3, "disease", "d", "line 2 says the same"},

		{"region twice", "regions.csv", "region\nR\nR\n", 3, 1, "region", "R", "it stands in line 2 too"},
		{"region called like a hospital", "regions.csv", "region\nA\n", 2, 1, "region", "A", "a key that no hospital has"},
		{"region of unknown network", "regions.csv", "region,network\nR,X\n", 2, 3, "network", "X", "a key of networks.csv"},
		{"region place", "regions.csv", "region,lat,lon\nR,100,5\n", 2, 3, "lat", "100", "-90 to 90"},
		{"negative population", "regions.csv", "region,population\nR,-5\n", 2, 3, "population", "-5", "not below 0"},
		{"infinite cases", "regions.csv", "region,cases\nR,Inf\n", 2, 3, "cases", "Inf", "a number"},

		{"many working groups", "domains.csv", "domain,working_groups\nD," + strings.Repeat("x;", 201) + "\n", 2, 3, "working_groups", strings.Repeat("x;", 30) + "...", "at most 200 texts"},
		{"domain twice", "domains.csv", "domain\nD\nD\n", 3, 1, "domain", "D", "it stands in line 2 too"},
		{"tumor twice", "tumors.csv", "tumor\nT\nT\n", 3, 1, "tumor", "T", "it stands in line 2 too"},
		{"tumor of unknown domain", "tumors.csv", "tumor,domain\nT,X\n", 2, 3, "domain", "X", "a key of domains.csv"},
		{"ICD-10", "tumors.csv", "tumor,icd10\nT,60\n", 2, 3, "icd10", "60", "codes like C60"},
		{"topography", "tumors.csv", "tumor,topography\nT,C38.4 and others\n", 2, 3, "topography", "C38.4 and others", "codes like C60"},
		{"morphology", "tumors.csv", "tumor,morphology\nT,905x\n", 2, 3, "morphology", "905x", "codes like 8720"},

		{"distance from nowhere", "distances.csv", "from,to,km\nX,A,1\n", 2, 1, "from", "X", "a hospital of hospitals.csv or a region"},
		{"distance to nowhere", "distances.csv", "from,to,km\nA,X,1\n", 2, 3, "to", "X", "a hospital of hospitals.csv or a region"},
		{"distance to no place", "distances.csv", "from,to,km\nA,,1\n", 2, 3, "to", "", "a text"},
		{"distance without number", "distances.csv", "from,to,km\nA,B,\n", 2, 5, "km", "", "kilometers, minutes or both"},
		{"negative distance", "distances.csv", "from,to,km\nA,B,-1\n", 2, 5, "km", "-1", "not below 0"},
		{"negative minutes", "distances.csv", "from,to,minutes\nA,B,-1\n", 2, 5, "minutes", "-1", "not below 0"},
		{"distance twice", "distances.csv", "from,to,km\nA,B,1\nA,B,1\n", 3, 3, "to", "B", "each pair of places once"},

		{"outline without part", "outline.csv", "part,lat,lon\n,52,5\n", 2, 1, "part", "", "a text"},
		{"outline without point", "outline.csv", "part,lat,lon\np,,\n", 2, 3, "lat", "", "a latitude and a longitude"},
		{"outline off the globe", "outline.csv", "part,lat,lon\np,5,200\n", 2, 5, "lon", "200", "-180 to 180"},
		{"ring of two", "outline.csv", "part,lat,lon\np,1,1\np,1,2\np,1,1\n", 2, 1, "part", "p", "at least 3 different points"},
	} {
		files := map[string]string{"networks.csv": "network\nN\nM\n"}
		files[c.file] = c.text
		_, err := ReadLandscape(folder(files))
		var bad *InputError
		require.ErrorAs(t, err, &bad, c.name)
		assert.Equal(t, c.file, bad.File, c.name)
		assert.Equal(t, []int{c.line, c.column}, []int{bad.Line, bad.Column}, "%s: %v", c.name, err)
		assert.Equal(t, c.value, bad.Value, "%s: %v", c.name, err)
		if c.column > 0 && c.line > 1 {
			assert.Equal(t, c.field, bad.Field, c.name)
		}
		assert.Contains(t, bad.Want, c.want, c.name)
	}
}

// TestInputErrorText pins the message that a user sees.
func TestInputErrorText(t *testing.T) {
	_, err := ReadLandscape(folder(map[string]string{
		"networks.csv": "network\nN\n", "membership.csv": "hospital,network\nA,N\nX,N\n",
	}))
	assert.EqualError(t, err, `membership.csv:3:1: hospital "X": expected a key of hospitals.csv`)
}

func TestReadNoHospitalsFile(t *testing.T) {
	_, err := ReadLandscape(fstest.MapFS{"Hospitals.csv": {}, "x.txt": {}})
	assert.EqualError(t, err, "hospitals.csv: expected the file hospitals.csv in the folder of a landscape; it holds Hospitals.csv")
	_, err = ReadLandscape(os.DirFS("testdata/nothing"))
	var bad *InputError
	require.ErrorAs(t, err, &bad)
	_, err = ReadLandscape(fstest.MapFS{"hospitals.csv/x": {}})
	require.ErrorAs(t, err, &bad, "a folder is no file")
	assert.Equal(t, "a regular file", bad.Want)
}

func TestReadLeast(t *testing.T) {
	l := read(t, nil)
	s := l.On(asOf2021)
	assert.Len(t, s.Hospitals(), 6)
	assert.Empty(t, s.Networks(""))
	assert.Empty(t, l.Partitions())
	assert.Empty(t, l.Outline())
	assert.Zero(t, l.Last())
	assert.Zero(t, l.On(0).Date())
	assert.Len(t, l.On(0).Hospitals(), 6)
	h, ok := s.Hospital("A")
	require.True(t, ok)
	assert.Equal(t, []string{"A", "A"}, []string{h.Name, h.ShortName}, "the key stands for a name that is not given")
	assert.False(t, h.Point.Known())
	assert.Equal(t, TypeUnknown, h.Type)
}

func TestReadForms(t *testing.T) {
	l, err := ReadLandscape(fstest.MapFS{
		"hospitals.csv": {Data: []byte("\ufeffHospital_ID;Type;Latitude;Longitude;Notes\r\n  A ;Top_Clinical;52.1;5;x\r\n\r\n\"B;1\";RADIOTHERAPY_independent;;;\r\n")},
		"networks.csv":  {Data: []byte("network\taliases\nN\tx | y;z;;\n")},
	})
	require.NoError(t, err)
	hs := l.Hospitals()
	assert.Equal(t, []string{"A", "B;1"}, keys(hs, hospitalKey))
	assert.Equal(t, []HospitalType{TypeTopClinical, TypeRadiotherapy}, []HospitalType{hs[0].Type, hs[1].Type})
	assert.Equal(t, Point{52.1, 5}, hs[0].Point)
	assert.Equal(t, "x", hs[0].Note)
	assert.Equal(t, []string{"x", "y", "z"}, l.Networks()[0].Aliases)
}

func TestReadIgnored(t *testing.T) {
	l := read(t, map[string]string{"membershp.csv": "", "Flows.CSV": "x", "readme.md": "y"})
	assert.Equal(t, []string{"Flows.CSV", "membershp.csv"}, l.Ignored())
}

func TestOverlapAllowed(t *testing.T) {
	l := read(t, map[string]string{
		"networks.csv":   "network,partition\nN,\nM,\nP,other\n",
		"membership.csv": "hospital,network,from,to\nA,N,2016-01-01,\nA,N,2014-01-01,2015-12-31\nA,M,2015-01-01,\nA,P,,\n",
		"norms.csv":      "body,disease,lower\nb,d,5\nb,d,\nb,d,6\n",
	})
	assert.Equal(t, []string{"M", "N"}, l.On(on(t, "2015-12-31")).NetworksOf("A", ""), "several networks at once")
	assert.Equal(t, []string{"M", "N"}, l.On(on(t, "2016-01-01")).NetworksOf("A", ""), "again right after the end")
	assert.Len(t, l.On(0).Norms(NormQuery{}), 3, "sources may disagree")
}

// TestReadOrder checks that rows in any order make the same landscape.
func TestReadOrder(t *testing.T) {
	want := landscape(t)
	random := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		fsys := fstest.MapFS{}
		for _, file := range tables {
			data, err := os.ReadFile("testdata/landscape/" + file.name)
			require.NoError(t, err)
			lines := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
			if file.name != "outline.csv" {
				random.Shuffle(len(lines)-1, func(i, j int) { lines[i+1], lines[j+1] = lines[j+1], lines[i+1] })
			}
			fsys[file.name] = &fstest.MapFile{Data: []byte(strings.Join(lines, "\n"))}
		}
		got, err := ReadLandscape(fsys)
		require.NoError(t, err)
		assert.NotEqual(t, want.Digest(), got.Digest(), "the digest is of the bytes")
		requireSame(t, want, got)
	}
	assert.Equal(t, want.Digest(), landscape(t).Digest())
	assert.Len(t, want.Digest(), 64)
}

func requireSame(t *testing.T, want, got *Landscape) {
	t.Helper()
	same := func(want, got any) {
		t.Helper()
		require.Empty(t, cmp.Diff(want, got, cmpopts.EquateNaNs(), cmp.AllowUnexported(CodeSet{}, codeRange{})))
	}
	same(want.Hospitals(), got.Hospitals())
	same(want.Networks(), got.Networks())
	same(want.Memberships(), got.Memberships())
	same(want.Successions(), got.Successions())
	same(want.Designations(), got.Designations())
	same(want.Norms(), got.Norms())
	same(want.Regions(), got.Regions())
	same(want.Domains(), got.Domains())
	same(want.Tumors(), got.Tumors())
	same(want.Outline(), got.Outline())
	for _, d := range []Date{NewDate(2016, time.July, 1), NewDate(2019, time.July, 1), asOf2021, in2024} {
		for _, h := range want.Hospitals() {
			same(want.On(d).Resolve(h.ID), got.On(d).Resolve(h.ID))
		}
	}
}

// endless is a folder with one hospitals.csv: a header, then texts without end.
type endless struct{ text func(i int) string }

func (e endless) Open(name string) (fs.File, error) {
	if name != hospitalsFile {
		return nil, fs.ErrNotExist
	}
	return &endlessFile{next: "hospital,note\n", text: e.text}, nil
}

type endlessFile struct {
	next string
	n    int
	text func(i int) string
	fs.FileInfo
}

func (f *endlessFile) Read(p []byte) (int, error) {
	if f.next == "" {
		f.next = f.text(f.n)
		f.n++
	}
	n := copy(p, f.next)
	f.next = f.next[n:]
	return n, nil
}
func (f *endlessFile) Close() error               { return nil }
func (f *endlessFile) Stat() (fs.FileInfo, error) { return f, nil }
func (f *endlessFile) Mode() fs.FileMode          { return 0 }

func TestReadEndless(t *testing.T) {
	long := strings.Repeat("x", 900_000)
	for _, c := range []struct {
		name, want string
		text       func(i int) string
	}{
		{"long notes", "a file of at most 67108864 bytes", func(i int) string { return fmt.Sprintf("H%d,%s\n", i, long) }},
		{"one line", "records of at most", func(int) string { return long }},
		{"one quoted field", "quote", func(int) string { return "\"" + long + "\n" }},
		{"zero bytes", "records of at most", func(int) string { return strings.Repeat("\x00", 1<<16) }},
	} {
		_, err := ReadLandscape(endless{c.text})
		var bad *InputError
		require.ErrorAs(t, err, &bad, c.name)
		assert.Equal(t, hospitalsFile, bad.File)
		assert.Contains(t, bad.Want, c.want, c.name)
	}
}

func TestReadTooManyRows(t *testing.T) {
	var rows strings.Builder
	rows.WriteString("predecessor,successor,date,kind\n")
	for i := range 5001 {
		rows.WriteString("A,," + NewDate(1000, 1, 1).AddDays(i).String() + ",closure\n")
	}
	_, err := ReadLandscape(folder(map[string]string{"successions.csv": rows.String()}))
	var bad *InputError
	require.ErrorAs(t, err, &bad)
	assert.Equal(t, 5002, bad.Line)
	assert.Equal(t, "at most 5000 rows", bad.Want)
}

// broken is a file system whose files fail in a chosen way.
type broken struct {
	fs.FS
	open, stat, read bool
}

var errBroken = errors.New("disk on fire")

func (b broken) Open(name string) (fs.File, error) {
	f, err := b.FS.Open(name)
	if err != nil || name == "." {
		return f, err
	}
	if b.open {
		return nil, errBroken
	}
	return brokenFile{f, b}, nil
}

type brokenFile struct {
	fs.File
	b broken
}

func (f brokenFile) Stat() (fs.FileInfo, error) {
	if f.b.stat {
		return nil, errBroken
	}
	return f.File.Stat()
}

func (f brokenFile) Read(p []byte) (int, error) {
	if f.b.read {
		return 0, errBroken
	}
	return f.File.Read(p)
}

func TestReadBrokenDisk(t *testing.T) {
	for _, b := range []broken{{open: true}, {stat: true}, {read: true}} {
		b.FS = folder(nil)
		_, err := ReadLandscape(b)
		require.ErrorIs(t, err, errBroken)
		assert.ErrorContains(t, err, hospitalsFile)
	}
	_, err := ReadLandscape(broken{FS: folder(nil)})
	require.NoError(t, err)
}

func TestLimited(t *testing.T) {
	for _, c := range []struct {
		size int
		ok   bool
	}{{9, true}, {10, true}, {11, false}} {
		got, err := io.ReadAll(&limited{r: strings.NewReader(strings.Repeat("x", c.size)), left: 10 + 1, file: "f"})
		assert.Equal(t, c.ok, err == nil, c.size)
		if c.ok {
			assert.Len(t, got, c.size)
		}
	}
}

func FuzzReadLandscape(f *testing.F) {
	var seed [][]byte
	for _, file := range tables {
		data, err := os.ReadFile("testdata/landscape/" + file.name)
		require.NoError(f, err)
		seed = append(seed, data)
	}
	f.Add(seed[0], seed[1], seed[2], seed[3], seed[4], seed[5], seed[6], seed[7], seed[8], seed[9], seed[10])
	least := []byte("hospital\nA\nB\nC\n")
	f.Add(least, []byte("network\nN"), []byte("hospital;network\nA;N"), []byte("predecessor,successor,date,kind\nA,B,,split\n"),
		[]byte{}, []byte("body,disease\n"), []byte("region\nR\n"), []byte("domain\n"), []byte("tumor,morphology\nT,/3\n"),
		[]byte("from\tto\tkm\nA\tB\t0\n"), []byte("part,lat,lon\n"))
	f.Add(least, []byte{}, []byte{}, []byte("predecessor,successor,date,kind\nA,C,2018-01-01,merger\nB,C,2018-01-01,merger\nC,A,2020-01-01,split\nC,B,2020-01-01,split\n"),
		[]byte{}, []byte{}, []byte{}, []byte{}, []byte{}, []byte{}, []byte{})
	f.Fuzz(func(t *testing.T, a, b, c, d, e, g, h, i, j, k, l []byte) {
		fsys := fstest.MapFS{}
		for n, data := range [][]byte{a, b, c, d, e, g, h, i, j, k, l} {
			if len(data) > 0 {
				fsys[tables[n].name] = &fstest.MapFile{Data: data}
			}
		}
		got, err := ReadLandscape(fsys)
		if err != nil {
			var bad *InputError
			require.ErrorAs(t, err, &bad, "files in memory can only be wrong in content")
			require.True(t, slices.ContainsFunc(tables, func(t table) bool { return t.name == bad.File }), bad.File)
			require.NotEmpty(t, bad.Want)
			return
		}
		requireSound(t, got)
	})
}
