// SPDX-License-Identifier: Apache-2.0

package simulate

import (
	"fmt"
	"math"
	"strings"

	"github.com/oncoref/oncoref/network"
)

// Config says which registry to make up. Landscape, Tumors and Period are
// required; the zero value of the rest is a plain registry of independent
// patients.
type Config struct {
	Landscape *network.Snapshot // its hospitals exist, and no others
	Tumors    []Tumor
	Period    network.Period // days of first visits; both ends are needed. Later events may fall after it
	Patients  int            // 0 means as many as the incidence of the tumors gives for the period
	Seed      uint64
	// Quota draws the patients of each tumor and year evenly over the hospitals
	// of treatment, instead of each on their own: the shares of [Center] then
	// hold in every year to within two patients.
	Quota bool
	// SecondTumors is the share of those treated for their tumor who get another
	// one of Tumors after their last event, with a first visit and treatments of
	// its own. Which one is drawn in proportion to the incidence. These cases are
	// not part of Patients, of the incidence or of a quota, and may begin after
	// the period.
	SecondTumors float64
	Label        Label
}

// Label says what of a configuration is published and what is assumed, one
// sentence each. It belongs beside whatever is made from the registry.
type Label struct {
	Title     string
	Published []string
	Assumed   []string
}

// String returns the label as text, one statement on a line.
func (l Label) String() string {
	var b strings.Builder
	b.WriteString(l.Title + "\n")
	for _, s := range l.Published {
		b.WriteString("published: " + s + "\n")
	}
	for _, s := range l.Assumed {
		b.WriteString("assumed: " + s + "\n")
	}
	return b.String()
}

// Tumor says how often a tumor occurs and what happens to its patients.
// Everybody has a first visit in a hospital h. Patients go from there to a
// hospital d where they are treated:
//
//	P(d | h) = s_d                                 if d is a center
//	P(d | h) = (1 - Σ s) · base(d | h)             otherwise
//
// where s are the shares of the centers in that year and base comes from
// Routes, or from Gravity without routes. Patients who first visit a center
// stay there.
type Tumor struct {
	Name      string // as the column tumor has it
	Incidence []Rate // by year; none means the same number in every year and for every such tumor
	// Origins weighs the hospitals of first visits. None means by population:
	// each region's inhabitants are divided equally over the hospitals of the
	// province of its name, else of its network, else go to the nearest.
	// Radiotherapy and proton institutes have no first visits.
	Origins []Weight
	Centers []Center
	Routes  []Route
	Gravity Gravity

	Treatments []Treatment // in the order in which they are given; none means surgery for all
	Untreated  float64     // share of patients without treatment, of those that no center treats
	Dead       float64     // share of the untreated who die; of the others observation ends
	Consults   float64     // share of further consultations before treatment
	MDT        float64     // share of the patients treated where they came first whose case a center discusses
	Pathology  float64     // share of the referred whose tissue is sent to the hospital of treatment
	Undated    float64     // share of referral decisions without a date
	FollowUp   float64     // share of the treated with a recorded follow-up, in the hospital of first visit
	Delays     Delays
}

// Rate is the number of new patients a year, from one year on until the next
// rate.
type Rate struct {
	From    int // year
	PerYear float64
}

// Weight is a hospital, by key, and a weight of any scale.
type Weight struct {
	Hospital string
	Weight   float64
}

// Center is a hospital that treats a known share of the patients of all
// others.
type Center struct {
	Hospital string
	Shares   []Share // by year; linear between two years, constant before the first and after the last
}

// Share is a share from 0 to 1 in a year.
type Share struct {
	Year  int
	Share float64
}

// Route is a way that patients take from one hospital, by key, to another or
// to itself. The weights of the routes from one hospital are compared with
// each other; a hospital without routes keeps its patients.
type Route struct {
	From, To string
	Weight   float64
}

// Gravity is the model of where patients go without routes:
//
//	base(d | h) ∝ m_d · exp(-km(h, d) / Km)
//
// with the great-circle distance and m_d = Pull for the experts, 1 for other
// hospitals. Radiotherapy and proton institutes, centers and hospitals without
// coordinates receive nobody from elsewhere.
type Gravity struct {
	Km      float64 // distance in km at which a hospital counts for 1/e; 0 means 12
	Pull    float64 // 0 means 6
	Experts []string
}

// Treatment is one kind of treatment and who gets it. Each treated patient
// gets each treatment with its share, on its own; who would get none gets the
// first of the list.
type Treatment struct {
	Kind  string  // as the column event has it: surgery, radiotherapy, systemic
	Share float64 // of treated patients
	// Home is the share of these treatments that referred patients get in the
	// hospital of their first visit. The last treatment of a patient who would
	// get all of them there is given in the hospital they were referred to.
	Home float64
	Stay Delay // days in the hospital; the zero Delay is a treatment of one day
}

// Delay is a waiting time in days: the whole part of Min plus an exponential
// time, with the given mean before rounding.
type Delay struct {
	Min  int
	Mean float64
}

// Delays are the waiting times between the steps of a pathway. A zero Delay
// is the one named here.
type Delays struct {
	Referral  Delay // from first visit to referral; 7, mean 18
	Consult   Delay // from referral to the first consultation elsewhere; 3, mean 12
	Treatment Delay // from the consultation, or the first visit, to treatment; 7, mean 24
	Next      Delay // from one treatment to the next; 21, mean 50
	FollowUp  Delay // from the last treatment to follow-up; 60, mean 90
	End       Delay // from the last event of the untreated to the end; 14, mean 80
	Tumor     Delay // from the last event to the first visit for a second tumor; 90, mean 900
}

func (d Delays) filled() Delays {
	for _, x := range []struct {
		delay *Delay
		zero  Delay
	}{
		{&d.Referral, Delay{7, 18}}, {&d.Consult, Delay{3, 12}}, {&d.Treatment, Delay{7, 24}},
		{&d.Next, Delay{21, 50}}, {&d.FollowUp, Delay{60, 90}}, {&d.End, Delay{14, 80}},
		{&d.Tumor, Delay{90, 900}},
	} {
		if *x.delay == (Delay{}) {
			*x.delay = x.zero
		}
	}
	return d
}

// perYear returns the incidence of a year.
func (t *Tumor) perYear(year int) float64 {
	if len(t.Incidence) == 0 {
		return 1
	}
	v := 0.0
	for _, r := range t.Incidence {
		if r.From <= year {
			v = r.PerYear
		}
	}
	return v
}

// share returns the share of a center in a year.
func (c *Center) share(year int) float64 {
	s := c.Shares
	switch {
	case len(s) == 0:
		return 0
	case year <= s[0].Year:
		return s[0].Share
	}
	for i := 1; i < len(s); i++ {
		if year <= s[i].Year {
			at := float64(year-s[i-1].Year) / float64(s[i].Year-s[i-1].Year)
			return s[i-1].Share + at*(s[i].Share-s[i-1].Share)
		}
	}
	return s[len(s)-1].Share
}

// ConfigError says which part of a configuration cannot be used.
type ConfigError struct {
	Field string // such as "Tumors[0].Untreated"
	Value string
	Want  string
}

// Error names the field, its value and what was expected.
func (e *ConfigError) Error() string {
	if e.Value == "" {
		return fmt.Sprintf("simulate: %s: expected %s", e.Field, e.Want)
	}
	return fmt.Sprintf("simulate: %s is %s: expected %s", e.Field, e.Value, e.Want)
}

// severalTumors reports whether there are two or more, each with its own name.
func (c *Config) severalTumors() bool {
	names := map[string]bool{}
	for _, t := range c.Tumors {
		names[t.Name] = true
	}
	return len(names) > 1 && len(names) == len(c.Tumors)
}

// maxPatients keeps the numbers of patients within nine digits.
const maxPatients = 999_999_999

// check returns the first fault of a configuration, by field.
func (c *Config) check() error {
	switch {
	case c.Landscape == nil || len(c.Landscape.Hospitals()) == 0:
		return &ConfigError{"Landscape", "", "a landscape with hospitals"}
	case c.Period.From.IsZero() || c.Period.To.IsZero() || c.Period.To.Before(c.Period.From):
		return &ConfigError{"Period", fmt.Sprintf("%q", c.Period), "a first and a last day"}
	case c.Patients < 0 || c.Patients > maxPatients:
		return &ConfigError{"Patients", fmt.Sprint(c.Patients), fmt.Sprintf("0 to %d", maxPatients)}
	case len(c.Tumors) == 0:
		return &ConfigError{"Tumors", "", "at least one tumor"}
	case !(c.SecondTumors >= 0 && c.SecondTumors <= 1):
		return &ConfigError{"SecondTumors", fmt.Sprint(c.SecondTumors), "a share from 0 to 1"}
	case c.SecondTumors > 0 && !c.severalTumors():
		return &ConfigError{"SecondTumors", fmt.Sprint(c.SecondTumors), "at least two tumors, with different names"}
	}
	for i := range c.Tumors {
		f := fields{prefix: fmt.Sprintf("Tumors[%d].", i), hospital: c.Landscape.Hospital}
		f.tumor(&c.Tumors[i], c.Patients == 0)
		if f.err != nil {
			return f.err
		}
	}
	return nil
}

// fields checks one tumor and keeps the first fault.
type fields struct {
	prefix   string
	hospital func(string) (network.Hospital, bool)
	err      error
}

func (f *fields) tumor(t *Tumor, needRate bool) {
	f.want(t.Name != "" && !strings.ContainsFunc(t.Name, bad), "Name", t.Name, "a name without control characters")
	f.want(len(t.Incidence) > 0 || !needRate, "Incidence", "", "a rate, because Patients is 0")
	for i, r := range t.Incidence {
		f.want(finite(r.PerYear), name("Incidence", i), r.PerYear, "a finite number of at least 0")
		f.want(i == 0 || r.From > t.Incidence[i-1].From, name("Incidence", i), r.From, "rising years")
	}
	for i, w := range t.Origins {
		f.known(name("Origins", i), w.Hospital)
		f.want(finite(w.Weight), name("Origins", i), w.Weight, "a finite weight of at least 0")
	}
	for i, c := range t.Centers {
		f.known(name("Centers", i), c.Hospital)
		for j, s := range c.Shares {
			f.share(name("Centers", i)+".Shares", s.Share)
			f.want(j == 0 || s.Year > c.Shares[j-1].Year, name("Centers", i)+".Shares", s.Year, "rising years")
		}
	}
	for i, r := range t.Routes {
		f.known(name("Routes", i), r.From)
		f.known(name("Routes", i), r.To)
		f.want(finite(r.Weight), name("Routes", i), r.Weight, "a finite weight of at least 0")
	}
	f.want(finite(t.Gravity.Km), "Gravity.Km", t.Gravity.Km, "a distance in km")
	f.want(finite(t.Gravity.Pull), "Gravity.Pull", t.Gravity.Pull, "a factor")
	for i, h := range t.Gravity.Experts {
		f.known(name("Gravity.Experts", i), h)
	}
	f.want(len(t.Treatments) <= 64, "Treatments", len(t.Treatments), "at most 64")
	for i, r := range t.Treatments {
		f.want(r.Kind != "" && !strings.ContainsFunc(r.Kind, bad), name("Treatments", i), r.Kind, "a kind without control characters")
		f.share(name("Treatments", i)+".Share", r.Share)
		f.share(name("Treatments", i)+".Home", r.Home)
		f.delay(name("Treatments", i)+".Stay", r.Stay)
	}
	f.share("Untreated", t.Untreated)
	f.share("Dead", t.Dead)
	f.share("Consults", t.Consults)
	f.share("MDT", t.MDT)
	f.share("Pathology", t.Pathology)
	f.share("Undated", t.Undated)
	f.share("FollowUp", t.FollowUp)
	d := t.Delays.filled()
	for i, x := range []Delay{d.Referral, d.Consult, d.Treatment, d.Next, d.FollowUp, d.End, d.Tumor} {
		f.delay(name("Delays", i), x)
	}
}

func (f *fields) delay(field string, d Delay) {
	f.want(d.Min >= 0 && d.Mean >= float64(d.Min) && d.Mean <= 3650, field, d, "0 <= Min <= Mean <= 3650 days")
}

func (f *fields) want(ok bool, field string, value any, want string) {
	if !ok && f.err == nil {
		f.err = &ConfigError{f.prefix + field, fmt.Sprint(value), want}
	}
}

func (f *fields) known(field, hospital string) {
	_, ok := f.hospital(hospital)
	f.want(ok, field, fmt.Sprintf("%q", hospital), "a hospital of the landscape on its date")
}

func (f *fields) share(field string, v float64) {
	f.want(v >= 0 && v <= 1, field, v, "a share from 0 to 1")
}

func name(list string, i int) string { return fmt.Sprintf("%s[%d]", list, i) }

func finite(v float64) bool { return v >= 0 && !math.IsInf(v, 1) }

func bad(r rune) bool { return r < ' ' }
