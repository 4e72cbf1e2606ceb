// SPDX-License-Identifier: Apache-2.0

package study

import (
	"encoding/csv"
	"fmt"
	"strconv"

	"github.com/oncoref/oncoref/referral/coverage"
	"github.com/oncoref/oncoref/seeds"
)

// Figure33 reads how patients with head and neck cancer came to surgery, in
// percent of them, as figure 3.3 of the report has it.
func Figure33() (coverage.Classes, error) {
	c := coverage.Classes{Kind: "surgery"}
	f, err := seeds.Open("iknl-2023-fig-3.3-referral-classes/classes.csv")
	if err != nil {
		return c, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return c, err
	}
	to := map[string]*float64{
		"expert_throughout": &c.Throughout, "referred_after_diagnosis_elsewhere": &c.AfterDiagnosis,
		"referred_after_prior_surgery_elsewhere": &c.AfterTreatment, "definitive_surgery_elsewhere": &c.Elsewhere,
	}
	for _, row := range rows[1:] { // class, name, as printed, percent
		if to[row[0]] == nil {
			return c, fmt.Errorf("class %q is not known", row[0])
		}
		if *to[row[0]], err = strconv.ParseFloat(row[3], 64); err != nil {
			return c, err
		}
	}
	return c, nil
}
