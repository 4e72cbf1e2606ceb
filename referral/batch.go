// SPDX-License-Identifier: Apache-2.0

package referral

import "github.com/oncoref/oncoref/network"

// Refusal is a row that a reader could not take into a batch.
type Refusal struct {
	Line  uint32
	Fault Fault
}

// Batch is a number of rows in columns, the way fast readers deliver an input to
// [LogBuilder.Add]. Every column is either nil, which means not given on any
// row, or has an entry for each row. Batches of some ten thousand rows are the
// fastest; the order of rows and batches does not matter.
type Batch struct {
	Patient    []Identity // required
	Name       []string   // identifiers as text; required if LogConfig.KeepPatients is set, else ignored
	Line       []uint32   // where each row stands in the input, from 1; required
	Seq        []int32    // 0: not given
	Date       []network.Date
	Until      []network.Date
	Year       []int16 // 0: not given
	Layer      []Layer // nil: LayerPatient
	Kind       Codes   // kind of event, or treatment
	Hospital   Codes   // where it was; in LayoutTreatments the hospital of treatment
	ToHospital Codes
	FirstVisit Codes // LayoutTreatments
	Tumor      Codes
	Attributes []Codes   // in the order of LogConfig.Attributes
	Refused    []Refusal // rows that are not in the columns, and why
}

// Len returns the number of rows in the columns.
func (b *Batch) Len() int { return len(b.Patient) }
