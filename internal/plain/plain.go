// SPDX-License-Identifier: Apache-2.0

// Package plain writes results as JSON in which a number that is not known is
// null, as JSON has no NaN. The MarshalJSON methods of result types call it, so
// that all rooms write the same form.
package plain

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"
	"unicode"
)

// Marshal writes the exported fields of a struct in their order, under their
// names in lower case with underscores, or under the name of a json tag; the tag
// "-" leaves a field out. NaN and infinities are null, an empty list is [],
// numbered names are their text, and the fields of embedded structs stand among
// the others. A MarshalJSON method of v itself is not called; those of the values
// in it are.
//
// It returns an error for a value that JSON cannot hold, such as a channel.
func Marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	if err := write(&b, reflect.ValueOf(v), true); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func write(b *bytes.Buffer, v reflect.Value, top bool) error {
	if !v.IsValid() || (v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface) && v.IsNil() {
		b.WriteString("null")
		return nil
	}
	if !top {
		switch x := v.Interface().(type) {
		case json.Marshaler, encoding.TextMarshaler:
			return encode(b, x)
		case fmt.Stringer:
			if v.CanInt() || v.CanUint() {
				return encode(b, x.String())
			}
		}
	}
	switch kind := v.Kind(); {
	case v.CanFloat():
		if f := v.Float(); math.IsNaN(f) || math.IsInf(f, 0) {
			b.WriteString("null")
			return nil
		}
	case kind == reflect.Pointer, kind == reflect.Interface:
		return write(b, v.Elem(), false)
	case kind == reflect.Slice, kind == reflect.Array:
		return list(b, v)
	case kind == reflect.Map:
		return table(b, v)
	case kind == reflect.Struct:
		b.WriteByte('{')
		first := true
		if err := fields(b, v, &first); err != nil {
			return err
		}
		b.WriteByte('}')
		return nil
	}
	return encode(b, v.Interface())
}

func encode(b *bytes.Buffer, v any) error {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err
	}
	b.Truncate(b.Len() - 1) // the line end
	return nil
}

func list(b *bytes.Buffer, v reflect.Value) error {
	b.WriteByte('[')
	for i := range v.Len() {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := write(b, v.Index(i), false); err != nil {
			return err
		}
	}
	b.WriteByte(']')
	return nil
}

// table writes a map whose keys are texts.
func table(b *bytes.Buffer, v reflect.Value) error {
	if v.Type().Key().Kind() != reflect.String {
		return encode(b, v.Interface())
	}
	at := map[string]reflect.Value{}
	for _, k := range v.MapKeys() {
		at[k.String()] = v.MapIndex(k)
	}
	b.WriteByte('{')
	for i, k := range slices.Sorted(maps.Keys(at)) {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := encode(b, k); err != nil {
			return err
		}
		b.WriteByte(':')
		if err := write(b, at[k], false); err != nil {
			return err
		}
	}
	b.WriteByte('}')
	return nil
}

func fields(b *bytes.Buffer, v reflect.Value, first *bool) error {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" {
			continue
		}
		if f.Anonymous && f.Type.Kind() == reflect.Struct {
			if err := fields(b, v.Field(i), first); err != nil {
				return err
			}
			continue
		}
		if !f.IsExported() || f.Type.Kind() == reflect.Func {
			continue
		}
		if !*first {
			b.WriteByte(',')
		}
		*first = false
		if name == "" {
			name = Name(f.Name)
		}
		if err := encode(b, name); err != nil {
			return err
		}
		b.WriteByte(':')
		if err := write(b, v.Field(i), false); err != nil {
			return err
		}
	}
	return nil
}

// Name turns the name of a Go field into one of JSON: "MeanAfter" into
// "mean_after" and "DiedSE" into "died_se".
func Name(field string) string {
	var b strings.Builder
	r := []rune(field)
	for i, c := range r {
		next := i+1 < len(r) && unicode.IsLower(r[i+1])
		if i > 0 && unicode.IsUpper(c) && (!unicode.IsUpper(r[i-1]) || next) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(c))
	}
	return b.String()
}
