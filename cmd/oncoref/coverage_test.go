// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/referral"
)

// sites is a landscape small enough to compute by hand: three hospitals on a
// line with a region at each, travel times, designations and norms.
func sites(t *testing.T, change map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"hospitals.csv":    "hospital,lat,lon\nA,52,5\nB,52,5.5\nC,52,6\n",
		"networks.csv":     "network,partition\nN,regional\nM,regional\n",
		"membership.csv":   "hospital,network\nA,N\nB,N\nC,M\n",
		"regions.csv":      "region,network,population,cases\nRA,N,100,12\nRB,N,300,30\nRC,M,200,3\n",
		"designations.csv": "hospital,body,disease,level,role,from\nA,X,sarcoma,disorder,center,2010-01-01\nB,Y,sarcoma,disorder,center,\nA,Y,sarcoma,disorder,center,2010-01-01\n",
		"norms.csv":        "body,disease,modality,lower,upper,unit\nX,sarcoma,,10,,patients/year\nY,sarcoma,,,,\nZ,sarcoma,,20,,operations/year\n",
		"distances.csv": "from,to,km,minutes\nRA,A,0,0\nRA,B,10,15\nRA,C,30,40\nRB,A,10,15\nRB,B,0,0\nRB,C,20,25\n" +
			"RC,A,30,40\nRC,B,20,25\nRC,C,0,0\nA,B,10,15\nA,C,30,40\nB,A,10,15\nB,C,20,25\nC,A,30,40\nC,B,20,25\n",
	} {
		if other, ok := change[name]; ok {
			text = other
		}
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
	}
	return dir
}

// moves is a flow table of hospitals of the landscape above.
const moves = `origin,destination,count
A,A,20
B,A,30
B,B,10
C,A,6
C,B,4
C,C,3
`

// found runs a command and returns its rows by measure and scope.
func foundRow(t *testing.T, in string, args ...string) map[string][]string {
	t.Helper()
	code, out, errs := oncoref(t, in, append(args, "--format", "csv")...)
	require.Zero(t, code, errs)
	records, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	require.NoError(t, err)
	require.Equal(t, rowColumns, records[0][:len(rowColumns)])
	rows := map[string][]string{}
	for _, r := range records[1:] {
		key := strings.TrimSuffix(r[0]+" "+r[1], " ")
		require.NotContains(t, rows, key)
		rows[key] = r[2:]
	}
	return rows
}

// number gives the value of a row.
func number(t *testing.T, rows map[string][]string, key string) float64 {
	t.Helper()
	require.Contains(t, rows, key)
	v, err := strconv.ParseFloat(rows[key][0], 64)
	require.NoError(t, err, "%s: %v", key, rows[key])
	return v
}

func TestCoverageOfFlows(t *testing.T) {
	dir := sites(t, nil)
	rows := foundRow(t, moves, "coverage", "-", "--landscape", dir, "--disease", "sarcoma", "--body", "X", "--against", "Y",
		"--by", "network", "--period", "2016-2017", "--within", "10,20", "--allow-small")
	for key, want := range map[string]float64{
		"patients_treated_in_center":                56. / 73,
		"patients_treated_in_center N":              50. / 60,
		"patients_treated_in_center M":              6. / 13,
		"volume A":                                  56,
		"annual_volume B":                           7,
		"top_share 1":                               56. / 73,
		"top_share 2":                               70. / 73,
		"freeman_centralization":                    (42. + 53) / (2 * 73), // volumes 56, 14 and 3
		"hospitals_under_norm X 10":                 2,                     // B and C
		"share_patients_under_norm X 10":            17. / 73,
		"mean_distance":                             (300*10. + 200*30) / 600,
		"largest_distance":                          30,
		"within_reach 10 km":                        400. / 600,
		"hospitals_on_both X sarcoma / Y sarcoma":   1,
		"jaccard X sarcoma / Y sarcoma":             0.5,
		"jaccard_by_patients X sarcoma / Y sarcoma": 56. / 70,
	} {
		assert.InDelta(t, want, number(t, rows, key), 1e-12, key)
	}
	// Garwood's interval of 14 patients is 7.654 to 23.490: in two years.
	interval := rows["annual_volume B"][7:]
	for i, want := range []float64{7.654 / 2, 23.490 / 2} {
		got, err := strconv.ParseFloat(interval[i], 64)
		require.NoError(t, err)
		assert.InDelta(t, want, got, 5e-4)
	}
	assert.Contains(t, interval[2], "Garwood")
	minutes := foundRow(t, moves, "coverage", "-", "--landscape", dir, "--disease", "sarcoma", "--body", "X", "--minutes")
	assert.Equal(t, "40", minutes["largest_distance"][0])
	assert.Equal(t, "min", minutes["largest_distance"][6])
}

// Without --allow-small no count of 1 to 4 is printed, and none follows.
func TestSmallCountsStayBack(t *testing.T) {
	dir := sites(t, nil)
	rows := foundRow(t, moves, "coverage", "-", "--landscape", dir, "--disease", "sarcoma", "--body", "X", "--by", "network", "--period", "2016-2017")
	assert.Equal(t, []string{"", "1", "4", "bounded"}, rows["volume C"][:4])
	assert.Equal(t, []string{"", "11", "14", "bounded"}, rows["volume B"][:4])
	assert.Equal(t, "bounded", rows["patients_treated_in_center M"][3])

	// The same from events: 3 of 13 patients elsewhere are not shown.
	var b strings.Builder
	b.WriteString("patient,seq,date,event,hospital\n")
	for i := range 13 {
		to := "A"
		if i < 3 {
			to = "C"
		}
		for k, event := range []string{"first_visit,C", "surgery," + to} {
			b.WriteString("P" + strconv.Itoa(i) + "," + strconv.Itoa(k+1) + ",2016-0" + strconv.Itoa(k+1) + "-01," + event + "\n")
		}
	}
	args := []string{"coverage", "-", "--landscape", dir, "--disease", "sarcoma", "--body", "X", "--modality", "surgery"}
	rows = foundRow(t, b.String(), args...)
	assert.Equal(t, []string{"", "1", "4", "suppressed", reasonSmall}, rows["class_treated_elsewhere surgery"][:5])
	assert.Equal(t, []string{"", "10", "14", "suppressed", reasonRange}, rows["class_referred_after_diagnosis surgery"][:5], "it would give the 3 away")
	assert.Equal(t, "suppressed", rows["definitively_in_center surgery"][3])
	assert.Equal(t, "suppressed", rows["patients_treated_in_center"][3])
	open := foundRow(t, b.String(), append(args, "--allow-small")...)
	assert.InDelta(t, 3, number(t, open, "class_treated_elsewhere surgery"), 0)
	assert.InDelta(t, 10./13, number(t, open, "definitively_in_center surgery"), 1e-12)
	assert.Equal(t, "discussion_not_registered", open["discussed_by_center"][4])
}

// A hidden number of a family can be anything from 1 to 4, whatever else is
// shown.
func TestFamilyHidesEveryNumber(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		counts := rapid.SliceOfN(rapid.IntRange(0, 12), 1, 9).Draw(t, "counts")
		total := 0.0
		for _, n := range counts {
			total += float64(n)
		}
		cells, whole := gate{}.family(counts...)
		for i, c := range cells {
			require.True(t, c.Lo <= float64(counts[i]) && float64(counts[i]) <= c.Hi, "%v: %v", counts, cells)
			require.Equal(t, few(float64(counts[i])), c == referral.Between(1, 4))
			require.Equal(t, counts[i] == 0, c.Hi == 0)
		}
		require.True(t, whole.Lo <= total && total <= whole.Hi)
		for i, c := range cells {
			if !few(float64(counts[i])) {
				continue
			}
			// With this number at either end the others can still be such that all
			// adds up to what is shown of the whole.
			for _, v := range []float64{c.Lo, c.Hi} {
				lo, hi := v, v
				for j, d := range cells {
					if j != i {
						lo, hi = lo+d.Lo, hi+d.Hi
					}
				}
				require.True(t, lo <= whole.Hi && whole.Lo <= hi, "%v: %v of %v cannot be %v", cells, i, whole, v)
			}
		}
	})
}

// Numbers next to each other in a range of five are shown alike.
func TestRangesOfFive(t *testing.T) {
	for n := 1; n <= 4; n++ {
		assert.Equal(t, gate{}.count(1), gate{}.count(n))
		one, all := gate{}.family(40, 1)
		other, sum := gate{}.family(40, n)
		assert.Equal(t, one, other)
		assert.Equal(t, all, sum)
		assert.Equal(t, fmt.Sprint(gate{}.part(1, 41)), fmt.Sprint(gate{}.part(n, 40+n)))
		a, b := referral.ExactResult(1./41), referral.ExactResult(float64(n)/float64(40+n))
		assert.Equal(t, fmt.Sprint(gate{}.average(a, 41)), fmt.Sprint(gate{}.average(b, 40+n)))
		assert.Equal(t, gate{}.of(referral.ExactResult(3), n, 1).Status, referral.Suppressed)
	}
	assert.Equal(t, referral.Between(40, 44), gate{}.count(43))
	assert.Equal(t, referral.Count(43), gate{allowSmall: true}.count(43))
	r := gate{}.part(12, 43)
	assert.Equal(t, []float64{10. / 44, 14. / 44}, []float64{r.Lo, r.Hi})
	assert.Equal(t, reasonRange, r.Reason)
	assert.Equal(t, []float64{12, 13}, []float64{gate{}.of(referral.ExactResult(12.4), 9, 1).Lo, gate{}.of(referral.ExactResult(12.4), 9, 1).Hi})
}

func TestCoverageWhy(t *testing.T) {
	dir := sites(t, nil)
	code, out, errs := oncoref(t, moves, "coverage", "-", "--landscape", dir, "--disease", "sarcoma", "--period", "2016", "--why")
	require.Zero(t, code, errs)
	var x explained
	require.NoError(t, json.Unmarshal([]byte(out), &x))
	assert.NotEmpty(t, x.Rows)
	require.Len(t, x.Why.Lists, 1)
	assert.Equal(t, []string{"A", "B"}, x.Why.Lists[0].Hospitals)
	assert.Equal(t, []string{"B"}, x.Why.Lists[0].Undated)
	assert.Len(t, x.Why.Lists[0].Designations, 3)
	require.Len(t, x.Why.Norms, 3)
	assert.True(t, x.Why.Norms[0].Applied)
	assert.Equal(t, "the number is not published", x.Why.Norms[1].NotApplied)
	assert.Contains(t, x.Why.Norms[2].NotApplied, "operations/year")
	assert.Empty(t, x.Why.Landscape.SHA256, "regions.csv has 3 cases")
	_, out, _ = oncoref(t, moves, "coverage", "-", "--landscape", dir, "--disease", "sarcoma", "--allow-small", "--why")
	require.NoError(t, json.Unmarshal([]byte(out), &x))
	assert.Len(t, x.Why.Landscape.SHA256, 64)
}

func TestCoverageRefuses(t *testing.T) {
	dir := sites(t, nil)
	for _, c := range []struct {
		name string
		args []string
		code int
		errs string
	}{
		{"no list", nil, 2, "--disease"},
		{"unknown disease", []string{"--disease", "x"}, 1, "the landscape has X sarcoma, Y sarcoma"},
		{"unknown center", []string{"--centers", "Q"}, 1, "a hospital of the landscape"},
		{"bad level", []string{"--disease", "sarcoma", "--level", "high"}, 2, "cluster, disorder or subtype"},
		{"bad role", []string{"--disease", "sarcoma", "--role", "king"}, 2, "preferred partner"},
		{"bad weight", []string{"--disease", "sarcoma", "--weight", "gold"}, 2, "population or cases"},
		{"bad limit", []string{"--disease", "sarcoma", "--within", "-1"}, 2, "at least 0"},
		{"bad period", []string{"--disease", "sarcoma", "--period", "soon"}, 2, "soon"},
		{"why is json", []string{"--disease", "sarcoma", "--why", "--format", "csv"}, 2, "--why writes json"},
		{"divided", []string{"--disease", "sarcoma", "--by", "network", "--double", "split"}, 2, "not divided"},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, out, errs := oncoref(t, moves, append([]string{"coverage", "-", "--landscape", dir}, c.args...)...)
			assert.Equal(t, c.code, code, errs)
			assert.Contains(t, errs, c.errs)
			assert.Empty(t, out)
		})
	}
}
