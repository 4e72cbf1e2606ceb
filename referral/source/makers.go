// SPDX-License-Identifier: Apache-2.0

package source

import (
	"bytes"
	"math"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// maker makes values of one role, from text, numbers and days.
type maker[T any] struct {
	text   func([]byte) (T, referral.Fault)
	number func(int64) (T, referral.Fault)        // nil: by text
	day    func(network.Date) (T, referral.Fault) // nil: by text
}

func trim(b []byte) []byte { return bytes.TrimSpace(b) }

func patientMaker() maker[referral.Identity] {
	return maker[referral.Identity]{text: func(b []byte) (referral.Identity, referral.Fault) {
		return referral.Identify(trim(b)), ""
	}}
}

func nameMaker() maker[string] {
	return maker[string]{text: func(b []byte) (string, referral.Fault) { return string(trim(b)), "" }}
}

func codeMaker(d *referral.Dictionary, c *columns, r role) maker[uint32] {
	return maker[uint32]{text: func(b []byte) (uint32, referral.Fault) {
		b = trim(b)
		if r == roleKind {
			if to, ok := c.config.Mapping.Events[string(b)]; ok {
				b = []byte(to)
			}
		}
		return d.Code(b), ""
	}}
}

// wholeMaker makes whole numbers from 1. They may be written with a decimal point
// or comma and one zero, as programs do that have no whole numbers; more zeros
// may be a thousand.
func wholeMaker[T int16 | int32](most int64, fault referral.Fault) maker[T] {
	number := func(v int64) (T, referral.Fault) {
		if v < 1 || v > most {
			return 0, fault
		}
		return T(v), ""
	}
	return maker[T]{number: number, text: func(b []byte) (T, referral.Fault) {
		b = trim(b)
		if len(b) == 0 {
			return 0, ""
		}
		if n := len(b) - 2; n > 0 && b[n+1] == '0' && (b[n] == '.' || b[n] == ',') {
			b = b[:n]
		}
		if len(b) > 10 {
			return 0, fault
		}
		return number(int64(decimal(b)))
	}}
}

func seqMaker() maker[int32] { return wholeMaker[int32](math.MaxInt32, referral.FaultSeq) }

func yearMaker() maker[int16] { return wholeMaker[int16](9999, referral.FaultYear) }

func layerMaker() maker[referral.Layer] {
	return maker[referral.Layer]{text: func(b []byte) (referral.Layer, referral.Fault) {
		var l referral.Layer
		if l.UnmarshalText(bytes.ToLower(trim(b))) != nil {
			return 0, referral.FaultLayer
		}
		return l, ""
	}}
}
