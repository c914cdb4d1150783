package saved

import (
	"encoding"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"unicode/utf8"
	"unsafe"
)

// Graph is a state as JSON: what the roots hold, and what that points to, in the
// order of their numbers, which begin at 1.
type Graph struct {
	Roots   map[string]json.RawMessage
	Objects []json.RawMessage
}

// pointer is one by its address and type: a struct and its first field have the
// same address.
type pointer struct {
	address unsafe.Pointer
	kind    reflect.Type
}

type encoder struct {
	*Codec
	numbers map[pointer]int
	waiting []reflect.Value // pointers, in the order of their numbers
}

// Encode saves what roots, which are pointers, point to.
func (c *Codec) Encode(roots map[string]any) (*Graph, error) {
	e := &encoder{Codec: c, numbers: map[pointer]int{}}
	g := &Graph{Roots: map[string]json.RawMessage{}}
	for _, name := range slices.Sorted(maps.Keys(roots)) {
		data, err := e.raw(reflect.ValueOf(roots[name]).Elem())
		if err != nil {
			return nil, at(err, name)
		}
		g.Roots[name] = data
	}
	for i := 0; i < len(e.waiting); i++ {
		data, err := e.raw(e.waiting[i].Elem())
		if err != nil {
			return nil, at(err, e.waiting[i].Type().String())
		}
		g.Objects = append(g.Objects, data)
	}
	return g, nil
}

// value is a value, which can be addressed, in a form that JSON has.
func (e *encoder) value(v reflect.Value) (any, error) {
	t := v.Type()
	if isText(t) {
		text, err := v.Addr().Interface().(encoding.TextMarshaler).MarshalText()
		return string(text), err
	}
	switch t.Kind() {
	case reflect.Bool:
		return v.Bool(), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return v.Int(), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return v.Uint(), nil
	case reflect.Float64:
		return v.Float(), nil
	case reflect.String:
		text := v.String()
		if !utf8.ValidString(text) {
			return map[string]string{"base64": base64.StdEncoding.EncodeToString([]byte(text))}, nil
		}
		return text, nil
	case reflect.Struct:
		return e.fields(v)
	case reflect.Slice, reflect.Array:
		return e.list(v)
	case reflect.Map:
		return e.pairs(v)
	case reflect.Pointer:
		return e.pointer(v)
	case reflect.Interface:
		return e.dynamic(v)
	}
	if v.IsZero() {
		return nil, nil //nolint:nilnil // null
	}
	return nil, fmt.Errorf("a %s can't be saved", t)
}

func (e *encoder) fields(v reflect.Value) (any, error) {
	out := map[string]any{}
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if !isSaved(f) || v.Field(i).IsZero() {
			continue
		}
		field, err := e.value(open(v.Field(i)))
		if err != nil {
			return nil, at(err, f.Name)
		}
		out[f.Name] = field
	}
	return out, nil
}

func (e *encoder) list(v reflect.Value) (any, error) {
	if v.Kind() == reflect.Slice && v.IsNil() {
		return nil, nil //nolint:nilnil // null
	}
	if v.Type().Elem().Kind() == reflect.Uint8 && v.Kind() == reflect.Slice {
		return base64.StdEncoding.EncodeToString(v.Bytes()), nil
	}
	out := make([]any, v.Len())
	for i := range out {
		var err error
		if out[i], err = e.value(v.Index(i)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// pairs are the keys and values of a map, in the order of the keys as JSON.
func (e *encoder) pairs(v reflect.Value) (any, error) {
	if v.IsNil() {
		return nil, nil //nolint:nilnil // null
	}
	type pair struct {
		key   json.RawMessage
		value reflect.Value
	}
	var pairs []pair
	for it := v.MapRange(); it.Next(); {
		key, err := e.raw(copied(it.Key()))
		if err != nil {
			return nil, err
		}
		pairs = append(pairs, pair{key, copied(it.Value())})
	}
	slices.SortFunc(pairs, func(a, b pair) int { return slices.Compare(a.key, b.key) })
	out := make([][2]json.RawMessage, len(pairs))
	for i, p := range pairs {
		value, err := e.raw(p.value)
		if err != nil {
			return nil, at(err, string(p.key))
		}
		out[i] = [2]json.RawMessage{p.key, value}
	}
	return out, nil
}

// raw is a value as JSON.
func (e *encoder) raw(v reflect.Value) (json.RawMessage, error) {
	encoded, err := e.value(v)
	if err != nil {
		return nil, err
	}
	return json.Marshal(encoded)
}

func (e *encoder) pointer(v reflect.Value) (any, error) {
	if v.IsNil() {
		return nil, nil //nolint:nilnil // null
	}
	key := pointer{v.UnsafePointer(), v.Type()}
	if name, ok := e.names[key]; ok {
		return reference{Anchor: &name}, nil
	}
	if s, ok := e.special[v.Type()]; ok {
		return s.Save(v.Interface())
	}
	n, ok := e.numbers[key]
	if !ok {
		n = len(e.waiting) + 1
		e.numbers[key] = n
		e.waiting = append(e.waiting, v)
	}
	return reference{Ref: n}, nil
}

func (e *encoder) dynamic(v reflect.Value) (any, error) {
	if v.IsNil() {
		return nil, nil //nolint:nilnil // null
	}
	inner := copied(v.Elem())
	kind := inner.Type().String()
	if e.kinds[kind] != inner.Type() {
		return nil, errors.New("what is a " + kind + " can't be saved")
	}
	data, err := e.raw(inner)
	if err != nil {
		return nil, at(err, kind)
	}
	return reference{Kind: kind, Value: data}, nil
}
