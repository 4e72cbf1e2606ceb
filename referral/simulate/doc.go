// SPDX-License-Identifier: Apache-2.0

// Package simulate makes up cancer registries: care events of patients who do
// not exist, in a landscape that does. It is for trying out a program before
// the data may be seen, for teaching, for tests of a known truth, and for
// measuring speed at any size. It is not for statements about care: what comes
// out of a model is what was put into it.
//
//	c, err := simulate.Preset(simulate.PresetPenileCancer, snapshot, figure)
//	if err != nil {
//		return err
//	}
//	c.Seed = 7
//	r, err := simulate.New(c)
//	if err != nil {
//		return err
//	}
//	summary, err := r.Write(ctx, file, simulate.WriteConfig{Layout: referral.LayoutTreatments})
//
// A registry is a stream: it is drawn patient by patient, each from the seed
// and the patient's number alone, and needs the same memory for a hundred
// patients and for a hundred million. The same configuration gives the same
// bytes.
//
// Every row says that it is synthetic, in a column of that name, and reading
// such a file gives tables with Meta.Synthetic set. The trap: the column is
// the only mark. Whoever cuts it out turns made-up rows into rows that look
// like patients.
package simulate
