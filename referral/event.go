// SPDX-License-Identifier: Apache-2.0

package referral

import "github.com/oncoref/oncoref/network"

// Layer says what an event is a fact about.
type Layer uint8

// The layers, with the word of the file in the comment.
const (
	LayerPatient   Layer = iota // patient: the patient is there
	LayerReferral               // referral: the decision to refer
	LayerPathology              // pathology: tissue goes from Hospital to ToHospital
	LayerMDT                    // mdt: a case of Hospital is discussed by ToHospital
	LayerStatus                 // status: death, or the end of what is known
)

var layerNames = []string{"patient", "referral", "pathology", "mdt", "status"}

// String returns the word of the file.
func (l Layer) String() string { return nameOf(layerNames, uint8(l)) }

// MarshalText returns the same text as String.
func (l Layer) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText accepts what String returns, and the empty text for
// [LayerPatient].
func (l *Layer) UnmarshalText(text []byte) error {
	return parseName((*uint8)(l), layerNames, "layer", text)
}

// Kinds of events that have a meaning of their own. All other kinds of
// [LayerPatient] are care, and treatment if [LogConfig.Treatments] says so.
const (
	KindFirstVisit = "first_visit" // the first visit to any hospital
	KindDiagnosis  = "diagnosis"
	KindConsult    = "consult"
	KindFollowup   = "followup"
	KindDeath      = "death" // of LayerStatus
	KindEnd        = "end"   // of LayerStatus: nothing is known after it
)

// LogLayout says what a row of the input is.
type LogLayout uint8

// The layouts.
const (
	// LayoutEvents has one row for each event, the first visit among them.
	LayoutEvents LogLayout = iota
	// LayoutTreatments has one row for each treatment, on which the hospital of
	// the first visit is repeated. A row without treatment and treatment
	// hospital is about an untreated patient.
	LayoutTreatments
)

var logLayoutNames = []string{"events", "treatments"}

// String returns "events" or "treatments".
func (l LogLayout) String() string { return nameOf(logLayoutNames, uint8(l)) }

// Event is one row of an event log: one fact of care. In [LayoutTreatments] it
// is a treatment together with the hospital of the patient's first visit.
type Event struct {
	Line       int64        // where it stands in the input, from 1; 0 means its place in the sequence
	Patient    string       // identifier; it never appears in an error or an output
	Seq        int32        // order among the events of a patient, from 1; 0 if not given
	Date       network.Date // zero if not known
	Until      network.Date // last day of a stay; zero for an event of one day
	Layer      Layer
	Kind       string
	Hospital   string
	ToHospital string // receiving hospital of a referral, tissue or case; empty otherwise
	FirstVisit string // LayoutTreatments: hospital of the first visit, empty if not known
	Tumor      string
	Year       int      // of diagnosis; 0 if not given
	Attributes []string // values of LogConfig.Attributes, in that order; shorter means empty
}

// otherKinds are the kinds of care that are known not to be treatment.
var otherKinds = []string{
	KindFirstVisit, KindDiagnosis, KindConsult, KindFollowup, KindDeath, KindEnd,
	"admission", "biopsy", "imaging", "mdt", "pathology", "referral", "stay", "visit",
}

// TreatmentKinds returns the kinds of events that are treatments unless
// [LogConfig.Treatments] names other ones.
func TreatmentKinds() []string {
	return []string{
		"chemo", "chemotherapy", "hormonal", "hormone", "immuno", "immunotherapy", "radio",
		"radiotherapy", "surgery", "systemic", "targeted",
	}
}
