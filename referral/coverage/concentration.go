// SPDX-License-Identifier: Apache-2.0

package coverage

import (
	"math"
	"slices"

	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/flow"
)

// TopShare returns the share of all treated patients that the k hospitals with
// most of them treat, Σ of the k largest v_h over Σ v_h. Volumes of the same
// hospital are added up; a patient of two hospitals counts in both. The share
// lies in [k/n, 1] for n active hospitals; it is 1 for k ≥ n and 0 for k ≤ 0.
// Volumes known within bounds give exact bounds.
//
// It is undefined (zero_denominator) without patients. It returns a
// *referral.CellError for volumes below 0. Time O(n² log n) for n hospitals.
//
// Reference: Curry and George 1983, doi:10.2307/2097885.
func TopShare(volumes []Volume, k int) (referral.Result, error) {
	t, _, err := asTable(volumes)
	if err != nil {
		return referral.Result{}, err
	}
	return flow.ConcentrationRatio(t, k, flow.VolumeConfig{}), nil
}

// Centralization returns how far treatment is concentrated in one hospital, as
// Freeman's centralization of volumes,
//
//	Σ_h (max v - v_h) / ((n - 1) Σ v_h)
//
// over the n hospitals that can have patients: 0 if all have as many, 1 if one has
// everybody. Hospitals without patients do not count. Volumes known within
// bounds give bounds, exact if it is known which hospitals are active.
//
// It is undefined (zero_denominator) without patients, and (one_class) for a
// single hospital. The rest is as in [TopShare].
//
// Reference: Freeman 1979, doi:10.1016/0378-8733(78)90021-7.
func Centralization(volumes []Volume) (referral.Result, error) {
	t, hospitals, err := asTable(volumes)
	if err != nil {
		return referral.Result{}, err
	}
	active := [2]float64{} // surely, and possibly
	for _, v := range hospitals {
		active[0] += one(v.Patients.Lo > 0)
		active[1] += one(v.Patients.Hi > 0)
	}
	top := flow.ConcentrationRatio(t, 1, flow.VolumeConfig{})
	if active[1] == 1 {
		return referral.UndefinedResult(referral.ReasonOneClass), nil
	}
	if top.Status != referral.OK && top.Status != referral.Bounded {
		return top, nil
	}
	// With the largest share s it is (n s - 1) / (n - 1), which grows with s and,
	// as s is at most 1, with n.
	of := func(s, n float64) float64 {
		if n < 2 {
			return 0
		}
		return math.Max(0, (n*s-1)/(n-1))
	}
	r := referral.BoundedResult(of(top.Lo, active[0]), of(top.Hi, active[1]), referral.ReasonUnknownCells)
	r.N = top.N
	return r, nil
}

// asTable gives volumes as a table with one origin, and the volumes by hospital.
func asTable(volumes []Volume) (*referral.Table, []Volume, error) {
	hospitals := slices.DeleteFunc(byHospital(volumes), func(v Volume) bool { return referral.Beside(v.Hospital) || v.Patients.Hi == 0 })
	m := referral.Meta{Unit: referral.Patients}
	for _, v := range hospitals {
		if v.Patients.Lo != math.Trunc(v.Patients.Lo) || v.Patients.Hi != math.Trunc(v.Patients.Hi) {
			m.DestinationRule = referral.Fractional // divided patients, or means
		}
	}
	t, err := referral.FromFlows(m, referral.AbsentZero, func(yield func(referral.Flow) bool) {
		for _, v := range hospitals {
			if !yield(referral.Flow{Origin: "all", Destination: v.Hospital, Cell: v.Patients}) {
				return
			}
		}
	})
	return t, hospitals, err
}
