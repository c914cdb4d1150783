package saved

import (
	"bytes"
	"encoding"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
)

type decoder struct {
	*Codec
	graph   *Graph
	objects []reflect.Value // pointers, by number; what is not there yet is invalid
	waiting []int
}

// Decode loads what roots, which are pointers, point to. They are touched only
// when all went well, after before is called.
func (c *Codec) Decode(g *Graph, roots map[string]any, before func()) error {
	d := &decoder{Codec: c, graph: g, objects: make([]reflect.Value, len(g.Objects)+1)}
	for name := range g.Roots {
		if roots[name] == nil {
			return fmt.Errorf("%s: this cloud has no such thing", name)
		}
	}
	fresh := map[string]reflect.Value{}
	for name, root := range roots {
		data, ok := g.Roots[name]
		if !ok {
			return fmt.Errorf("%s: it is missing", name)
		}
		fresh[name] = reflect.New(reflect.TypeOf(root).Elem()).Elem()
		if err := d.value(data, fresh[name]); err != nil {
			return at(err, name)
		}
	}
	for len(d.waiting) > 0 {
		n := d.waiting[0]
		d.waiting = d.waiting[1:]
		if err := d.value(g.Objects[n-1], d.objects[n].Elem()); err != nil {
			return at(err, d.objects[n].Type().String())
		}
	}
	before()
	for name, root := range roots {
		reflect.ValueOf(root).Elem().Set(fresh[name])
	}
	return nil
}

var null = []byte("null")

// value reads a value into a place that can be set.
func (d *decoder) value(data json.RawMessage, v reflect.Value) error {
	t := v.Type()
	if bytes.Equal(data, null) {
		v.SetZero()
		return nil
	}
	if isText(t) {
		var text string
		if err := json.Unmarshal(data, &text); err != nil {
			return err
		}
		return v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(text))
	}
	switch t.Kind() {
	case reflect.String:
		return d.text(data, v)
	case reflect.Struct:
		return d.fields(data, v)
	case reflect.Slice, reflect.Array:
		return d.list(data, v)
	case reflect.Map:
		return d.pairs(data, v)
	case reflect.Pointer:
		return d.pointer(data, v)
	case reflect.Interface:
		return d.dynamic(data, v)
	case reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return fmt.Errorf("a %s can't be loaded", t)
	}
	return json.Unmarshal(data, v.Addr().Interface())
}

func (d *decoder) text(data json.RawMessage, v reflect.Value) error {
	var text string
	if data[0] == '{' {
		var coded struct{ Base64 []byte }
		if err := json.Unmarshal(data, &coded); err != nil {
			return err
		}
		v.SetString(string(coded.Base64))
		return nil
	}
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	v.SetString(text)
	return nil
}

func (d *decoder) fields(data json.RawMessage, v reflect.Value) error {
	var given map[string]json.RawMessage
	if err := json.Unmarshal(data, &given); err != nil {
		return err
	}
	for name, part := range given {
		f, ok := v.Type().FieldByName(name)
		if !ok || len(f.Index) != 1 || !isSaved(f) {
			return fmt.Errorf("%s has no field %s any more; another version saved this", v.Type(), name)
		}
		if err := d.value(part, open(v.FieldByIndex(f.Index))); err != nil {
			return at(err, name)
		}
	}
	return nil
}

func (d *decoder) list(data json.RawMessage, v reflect.Value) error {
	if v.Type().Elem().Kind() == reflect.Uint8 && v.Kind() == reflect.Slice {
		var text string
		if err := json.Unmarshal(data, &text); err != nil {
			return err
		}
		b, err := base64.StdEncoding.DecodeString(text)
		v.SetBytes(b)
		return err
	}
	var given []json.RawMessage
	if err := json.Unmarshal(data, &given); err != nil {
		return err
	}
	if v.Kind() == reflect.Slice {
		v.Set(reflect.MakeSlice(v.Type(), len(given), len(given)))
	} else if v.Len() != len(given) {
		return fmt.Errorf("%d elements where %d are to be", len(given), v.Len())
	}
	for i, part := range given {
		if err := d.value(part, v.Index(i)); err != nil {
			return at(err, fmt.Sprint(i))
		}
	}
	return nil
}

func (d *decoder) pairs(data json.RawMessage, v reflect.Value) error {
	var given [][2]json.RawMessage
	if err := json.Unmarshal(data, &given); err != nil {
		return err
	}
	v.Set(reflect.MakeMapWithSize(v.Type(), len(given)))
	for _, pair := range given {
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		if err := d.value(pair[0], key); err != nil {
			return err
		}
		if err := d.value(pair[1], value); err != nil {
			return at(err, string(pair[0]))
		}
		v.SetMapIndex(key, value)
	}
	return nil
}

func (d *decoder) pointer(data json.RawMessage, v reflect.Value) error {
	if s, ok := d.special[v.Type()]; ok {
		p, err := s.Load(data)
		if err == nil {
			v.Set(reflect.ValueOf(p))
		}
		return err
	}
	var ref reference
	if err := json.Unmarshal(data, &ref); err != nil {
		return err
	}
	var to reflect.Value
	switch {
	case ref.Anchor != nil:
		if to = d.anchors[*ref.Anchor]; !to.IsValid() {
			return fmt.Errorf("this cloud has no %q", *ref.Anchor)
		}
	case ref.Ref < 1 || ref.Ref >= len(d.objects):
		return fmt.Errorf("it points to object %d of %d", ref.Ref, len(d.objects)-1)
	default:
		if to = d.objects[ref.Ref]; !to.IsValid() {
			to = reflect.New(v.Type().Elem())
			d.objects[ref.Ref] = to
			d.waiting = append(d.waiting, ref.Ref)
		}
	}
	if to.Type() != v.Type() {
		return fmt.Errorf("it points to a %s, not a %s", to.Type(), v.Type())
	}
	v.Set(to)
	return nil
}

func (d *decoder) dynamic(data json.RawMessage, v reflect.Value) error {
	var ref reference
	if err := json.Unmarshal(data, &ref); err != nil {
		return err
	}
	t := d.kinds[ref.Kind]
	if t == nil || !t.AssignableTo(v.Type()) {
		return errors.New("this cloud knows no " + ref.Kind + " there")
	}
	inner := reflect.New(t).Elem()
	if err := d.value(ref.Value, inner); err != nil {
		return at(err, ref.Kind)
	}
	v.Set(inner)
	return nil
}
