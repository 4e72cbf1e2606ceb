// SPDX-License-Identifier: Apache-2.0

package seeds_test

import (
	"encoding/csv"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/seeds"
)

const (
	landscapeName = "nl-oncology-landscape-2023"
	numbersName   = "nl-published-numbers"
)

// allowedLicenses are the terms on which a dataset or one of its sources may
// be shipped.
var allowedLicenses = []string{
	"LicenseRef-facts-with-citation", // single facts, cited; no text or image of the source
	"LicenseRef-Eurostat-reuse",      // Commission Decision 2011/833/EU: source acknowledged, changes stated
	"ISC",
}

// rows reads a CSV file of a dataset as one map per row, with its header.
func rows(t *testing.T, name string) (header []string, out []map[string]string) {
	t.Helper()
	f, err := seeds.Open(name)
	require.NoError(t, err)
	records, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	require.NoError(t, f.Close())
	for _, rec := range records[1:] {
		row := map[string]string{}
		for i, v := range rec {
			row[records[0][i]] = v
		}
		out = append(out, row)
	}
	return records[0], out
}

// csvFiles calls f for every CSV file of every dataset.
func csvFiles(t *testing.T, f func(t *testing.T, m seeds.Manifest, file seeds.File)) {
	for _, m := range seeds.List() {
		for _, file := range m.Files {
			if path.Ext(file.Path) == ".csv" {
				t.Run(m.Name+"/"+file.Path, func(t *testing.T) { f(t, m, file) })
			}
		}
	}
}

func TestVerify(t *testing.T) {
	require.NoError(t, seeds.Verify())
}

func TestListNamesEveryDataset(t *testing.T) {
	var names []string
	for _, m := range seeds.List() {
		names = append(names, m.Name)
	}
	assert.Equal(t, []string{
		"iknl-2023-fig-2.1-head-and-neck-centers",
		"iknl-2023-fig-3.3-referral-classes",
		"iknl-2023-fig-5.2-penile-cancer",
		"iknl-2023-fig-5.3-eye-melanoma",
		"iknl-2023-fig-5.4-mesothelioma",
		"iknl-2023-fig-5.6-head-and-neck",
		landscapeName,
		numbersName,
	}, names)
}

func TestListIsTheCallersOwn(t *testing.T) {
	a := seeds.List()
	for i := range a {
		a[i].Files[0].Path = "changed"
		a[i].KnownLimits[0] = "changed"
		if a[i].Table != nil {
			a[i].Table.Notes[0] = "changed"
		}
	}
	assert.NotEqual(t, a, seeds.List())
	for _, m := range seeds.List() {
		assert.NotEqual(t, "changed", m.Files[0].Path)
		assert.NotEqual(t, "changed", m.KnownLimits[0])
	}
}

func TestLicenses(t *testing.T) {
	for _, m := range seeds.List() {
		assert.Contains(t, allowedLicenses, m.License.SPDX, m.Name)
		for _, s := range m.Sources {
			assert.Contains(t, allowedLicenses, s.License.SPDX, "%s: %s", m.Name, s.Citation)
			for _, f := range s.Files {
				assert.True(t, slices.ContainsFunc(m.Files, func(have seeds.File) bool { return have.Path == f }), "%s: source of %s", m.Name, f)
			}
		}
	}
}

func TestFoldersAreSmallAndExplained(t *testing.T) {
	const most = 200 << 10
	for _, m := range seeds.List() {
		total := 0
		for _, f := range m.Files {
			total += f.Bytes
		}
		assert.Less(t, total, most, m.Name)
		f, err := seeds.Open(m.Name + "/README.md")
		require.NoError(t, err)
		text, err := io.ReadAll(f)
		require.NoError(t, err)
		assert.Greater(t, len(text), 300, m.Name)
	}
}

func TestFilesAreSortedText(t *testing.T) {
	keepsOrder := []string{"outline.csv"} // a ring is a sequence
	csvFiles(t, func(t *testing.T, m seeds.Manifest, file seeds.File) {
		f, err := seeds.Open(m.Name + "/" + file.Path)
		require.NoError(t, err)
		text, err := io.ReadAll(f)
		require.NoError(t, err)
		assert.NotContains(t, string(text), "\r")
		assert.True(t, strings.HasSuffix(string(text), "\n"))
		assert.Equal(t, strings.ToValidUTF8(string(text), "?"), string(text))
		if slices.Contains(keepsOrder, file.Path) {
			return
		}
		records, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
		require.NoError(t, err)
		assert.True(t, slices.IsSortedFunc(records[1:], slices.Compare))
		assert.Len(t, slices.CompactFunc(records, slices.Equal), file.Rows+1, "a row occurs twice")
	})
}

func TestEveryRowHasSourceAndConfidence(t *testing.T) {
	csvFiles(t, func(t *testing.T, m seeds.Manifest, file seeds.File) {
		if m.Kind == seeds.FlowTable || file.Path == "outline.csv" {
			assert.NotEmpty(t, m.Citation) // one source for the whole file
			return
		}
		_, all := rows(t, m.Name+"/"+file.Path)
		for i, r := range all {
			assert.NotEmpty(t, r["source"], "row %d", i+1)
			assert.Contains(t, []string{"high", "medium", "low", "conflict"}, r["confidence"], "row %d", i+1)
		}
	})
}

// Recollections are no source: not in a row, and not in passing.
func TestNothingFromMemory(t *testing.T) {
	csvFiles(t, func(t *testing.T, m seeds.Manifest, file seeds.File) {
		_, all := rows(t, m.Name+"/"+file.Path)
		for i, r := range all {
			for col, v := range r {
				for _, bad := range []string{"general knowledge", "recalled", "approx. of city"} {
					assert.NotContains(t, strings.ToLower(v), bad, "row %d, column %s", i+1, col)
				}
			}
		}
	})
}

var flowTables = []struct {
	name              string
	flows, retained   int
	everyonesGoal     string
	neverDestinations []string
	tumor, partition  string
}{
	{"iknl-2023-fig-5.2-penile-cancer", 22, 10, "Onconovo+", []string{"CONCORD", "EMBRAZE", "Oncologisch netwerk Friesland", "Twente-Salland"}, "penile_cancer", "regional"},
	{"iknl-2023-fig-5.3-eye-melanoma", 25, 10, "RO West", []string{"CONCORD", "EMBRAZE", "Oncologisch netwerk Friesland", "Oncomid", "OncoZON", "Twente-Salland"}, "eye_melanoma", "regional"},
	{"iknl-2023-fig-5.4-mesothelioma", 32, 10, "", []string{"CONCORD", "Oncologisch netwerk Friesland"}, "mesothelioma", "regional"},
	{"iknl-2023-fig-5.6-head-and-neck", 36, 7, "", nil, "head_and_neck", "head-neck"},
}

func TestFlowTables(t *testing.T) {
	for _, want := range flowTables {
		t.Run(want.name, func(t *testing.T) {
			table, err := seeds.Table(want.name)
			require.NoError(t, err)
			assert.True(t, table.PresenceOnly())
			flows, retained := 0, 0
			from := map[string][]string{}
			for f := range table.Flows() {
				assert.Equal(t, referral.PresentCell(), f.Cell)
				if f.Retained() {
					retained++
					continue
				}
				flows++
				from[f.Destination] = append(from[f.Destination], f.Origin)
			}
			assert.Equal(t, want.flows, flows)
			assert.Equal(t, want.retained, retained)
			assert.Len(t, table.Origins(), want.retained)
			if want.everyonesGoal != "" {
				assert.Len(t, from[want.everyonesGoal], len(table.Origins())-1)
			}
			var never []string
			for _, o := range table.Origins() {
				if len(from[o]) == 0 {
					never = append(never, o)
				}
			}
			assert.ElementsMatch(t, want.neverDestinations, never)

			meta := table.Meta()
			assert.Equal(t, want.tumor, meta.Tumor)
			assert.Equal(t, want.partition, meta.Partition)
			assert.Equal(t, referral.Patients, meta.Unit)
			assert.Equal(t, referral.AnyOutside, meta.DestinationRule)
			assert.Equal(t, referral.FirstVisit, meta.OriginRule)
			assert.Equal(t, "network", meta.Level)
			assert.Equal(t, landscapeName, meta.Landscape)
			assert.Equal(t, 2016, meta.Period.From.Year())
			assert.Equal(t, network.NewDate(2021, 12, 31), meta.Period.To)
			assert.False(t, meta.Synthetic)
			assert.NotEmpty(t, meta.Title)
			assert.Contains(t, meta.Source, "figure 5.")
			assert.Contains(t, strings.Join(meta.Notes, "\n"), "not how many patients")
		})
	}
}

// A presence table has no column in which a count could stand.
func TestFlowTablesHaveNoCounts(t *testing.T) {
	for _, want := range flowTables {
		header, all := rows(t, want.name+"/flows.csv")
		assert.Equal(t, []string{"origin", "destination", "origin_as_printed", "destination_as_printed", "note"}, header)
		for _, r := range all {
			for _, col := range header {
				assert.NotRegexp(t, `[0-9]`, r[col], want.name)
			}
		}
	}
}

// Labels that the landscape does not know stay visible, and there are two.
func TestEveryLabelIsKnown(t *testing.T) {
	l, err := seeds.Landscape()
	require.NoError(t, err)
	s := l.On(network.NewDate(2021, 12, 31))
	unknown := map[string]bool{}
	for _, want := range flowTables {
		table, err := seeds.Table(want.name)
		require.NoError(t, err)
		for _, c := range table.Classes() {
			if _, ok := s.Network(want.partition, c); !ok {
				unknown[c] = true
			}
		}
		for _, col := range []string{"origin_as_printed", "destination_as_printed"} {
			_, all := rows(t, want.name+"/flows.csv")
			for _, r := range all {
				if r[col] == "OnzoZON" {
					n, ok := s.Network(want.partition, r[col])
					require.True(t, ok)
					assert.Equal(t, "OncoZON", n.Name)
				}
			}
		}
	}
	assert.Equal(t, []string{"NW NL", "Oost NL"}, slices.Sorted(maps.Keys(unknown)))
}

func TestOddLabelsAreKept(t *testing.T) {
	_, all := rows(t, "iknl-2023-fig-5.4-mesothelioma/flows.csv")
	noted := map[string]int{}
	for _, r := range all {
		if r["note"] != "" {
			noted[r["destination"]]++
		}
		if r["origin"] == "OncoZON" {
			assert.Equal(t, "OnzoZON", r["origin_as_printed"])
		}
	}
	assert.Equal(t, map[string]int{"NW NL": 2, "Oost NL": 1, "EMBRAZE": 1}, noted)
	_, all = rows(t, "iknl-2023-fig-5.6-head-and-neck/flows.csv")
	for _, r := range all {
		if r["origin"] == "OncoZON" { // printed right as an origin, wrong as a destination
			assert.Equal(t, "OncoZON", r["origin_as_printed"])
		}
		if r["destination"] == "OncoZON" {
			assert.Equal(t, "OnzoZON", r["destination_as_printed"])
		}
	}
}

func TestCenters(t *testing.T) {
	l, err := seeds.Landscape()
	require.NoError(t, err)
	s := l.On(network.NewDate(2021, 12, 31))
	_, all := rows(t, "iknl-2023-fig-2.1-head-and-neck-centers/centers.csv")
	partners := map[string]string{}
	for _, r := range all {
		partners[r["center"]] = r["preferred_partner"]
		for _, id := range []string{r["center"], r["preferred_partner"]} {
			if _, ok := s.Hospital(id); id != "" {
				assert.True(t, ok, id)
			}
		}
	}
	assert.Equal(t, map[string]string{
		"AUMC": "NWZ", "AVL": "", "ERASMUSMC": "ETZ", "LUMC": "HMC", "MUMC": "", "RADBOUDUMC": "RIJNSTATE", "UMCG": "MCL", "UMCU": "MST",
	}, partners)
	for _, d := range s.Designations(network.DesignationQuery{Body: "NWHHT", Role: network.RolePreferredPartner}) {
		assert.Equal(t, d.Hospital, partners[d.Of])
	}
}

func TestReferralClasses(t *testing.T) {
	_, all := rows(t, "iknl-2023-fig-3.3-referral-classes/classes.csv")
	got := map[string]string{}
	for _, r := range all {
		got[r["class"]] = r["percent"]
	}
	assert.Equal(t, map[string]string{ // add up to 100
		"expert_throughout": "39", "referred_after_diagnosis_elsewhere": "53",
		"referred_after_prior_surgery_elsewhere": "2", "definitive_surgery_elsewhere": "6",
	}, got)
}

func TestPublishedNumbers(t *testing.T) {
	_, all := rows(t, numbersName+"/numbers.csv")
	assert.Len(t, all, 44)
	for _, want := range []struct{ tumor, measure, period, scope, value string }{
		{"penile_cancer", "share of annual caseload at NCI/AVL", "1990", "AVL", "1"},
		{"penile_cancer", "share of annual caseload at NCI/AVL", "2020", "AVL", "65"},
		{"penile_cancer", "diagnoses (PSCC), total", "1990-2020", "NL", "3160"},
		{"eye_melanoma", "uveal melanoma diagnoses, total", "1989-2019", "NL", "5036"},
		{"head_and_neck", "diagnosis and surgery in specialized hospital", "2016-2021", "NL", "39"},
	} {
		assert.True(t, slices.ContainsFunc(all, func(r map[string]string) bool {
			return r["tumor"] == want.tumor && r["measure"] == want.measure && r["period"] == want.period &&
				r["scope"] == want.scope && r["value"] == want.value
		}), "%v", want)
	}
	for _, r := range all {
		assert.NotEmpty(t, r["as_printed"])
		assert.NotEmpty(t, r["unit"])
	}
}

func TestOpenAndFS(t *testing.T) {
	for _, m := range seeds.List() {
		fsys, err := seeds.FS(m.Name)
		require.NoError(t, err)
		for _, f := range m.Files {
			direct, err := seeds.Open(m.Name + "/" + f.Path)
			require.NoError(t, err)
			info, err := direct.Stat()
			require.NoError(t, err)
			assert.EqualValues(t, f.Bytes, info.Size())
			_, err = fs.Stat(fsys, f.Path)
			require.NoError(t, err)
		}
		_, err = seeds.Open(m.Name + "/manifest.json")
		require.NoError(t, err)
	}
}

func TestNotFound(t *testing.T) {
	for _, c := range []struct{ name, close string }{
		{"iknl-2023-fig-5.2-penile-cancr", "iknl-2023-fig-5.2-penile-cancer"},
		{"penile", "iknl-2023-fig-5.2-penile-cancer"},
		{"nl-oncology-landscape", landscapeName},
		{"nl-oncology-landscape-2023/hospital.csv", landscapeName + "/hospitals.csv"},
		{landscapeName, landscapeName + "/README.md"}, // a folder is no file
		{"Fig-5.4", "iknl-2023-fig-5.4-mesothelioma"},
	} {
		_, err := seeds.Open(c.name)
		var missing *seeds.NotFoundError
		require.ErrorAs(t, err, &missing, c.name)
		require.ErrorIs(t, err, fs.ErrNotExist)
		assert.Contains(t, missing.Close, c.close)
	}
	for _, name := range []string{"", "/", "..", "../go.mod", "x/../y", landscapeName + "/", landscapeName + "/../" + numbersName + "/numbers.csv", strings.Repeat("a", 1<<20)} {
		_, err := seeds.Open(name)
		require.ErrorIs(t, err, fs.ErrNotExist)
		_, err = seeds.FS(name)
		if name != landscapeName {
			require.ErrorIs(t, err, fs.ErrNotExist)
		}
		_, err = seeds.Table(name)
		require.ErrorIs(t, err, fs.ErrNotExist)
	}
}

func TestNotFoundErrorText(t *testing.T) {
	_, err := seeds.Table("iknl-2023-fig-5.2")
	assert.EqualError(t, err, `seeds: no dataset or file "iknl-2023-fig-5.2"; did you mean iknl-2023-fig-5.2-penile-cancer?`)
}

func TestTableOfAnotherKind(t *testing.T) {
	for _, name := range []string{landscapeName, numbersName, "iknl-2023-fig-3.3-referral-classes"} {
		_, err := seeds.Table(name)
		var kind *seeds.KindError
		require.ErrorAs(t, err, &kind)
		assert.Equal(t, seeds.FlowTable, kind.Want)
	}
	_, err := seeds.Table(numbersName)
	assert.EqualError(t, err, "seeds: nl-published-numbers is a table, not a flow-table")
}

func FuzzOpen(f *testing.F) {
	f.Add("nl-published-numbers/numbers.csv")
	f.Add("iknl/../x")
	f.Fuzz(func(t *testing.T, name string) {
		file, err := seeds.Open(name)
		if err != nil {
			require.ErrorIs(t, err, fs.ErrNotExist)
			return
		}
		require.NoError(t, file.Close())
	})
}
