package oracle_test

import (
	"encoding"
	"errors"
	"fmt"
	"reflect"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// decodeOther reads what no other rule of the dialect has a type for: named
// scalars as their kind, "" as an absent object, and the fields of structs that
// have a wire tag:
//
//	wire:"rest"      a map[string]any takes the members that have no field
//	wire:"null"      the text "null" stands for nothing
//	wire:"required"  what lacks it is no such object
//	wire:"alone"     a text in the place of the object is this field of it
func (d *decoder) decodeOther(dec *jsontext.Decoder, v any) error {
	p := reflect.ValueOf(v)
	if decodesItself(p.Type()) {
		return errors.ErrUnsupported
	}
	switch t := p.Type().Elem(); t.Kind() {
	case reflect.String:
		return d.decodeString(dec, as[string](p))
	case reflect.Int:
		return decodeInteger(dec, as[int](p))
	case reflect.Int64:
		return decodeInteger(dec, as[int64](p))
	case reflect.Float64:
		return decodeFloat(dec, as[float64](p))
	case reflect.Bool:
		return decodeBool(dec, as[bool](p))
	case reflect.Pointer:
		if t.Elem().Kind() == reflect.Struct && !decodesItself(t) && dec.PeekKind() == jsontext.KindString {
			return decodeAbsent(dec, p)
		}
	case reflect.Struct:
		tags := tagsOf(t)
		switch isText := dec.PeekKind() == jsontext.KindString; {
		case isText && tags != nil && tags.alone != nil:
			p.Elem().SetZero()
			return d.decodeString(dec, as[string](p.Elem().Field(*tags.alone).Addr()))
		case isText:
			return decodeAbsent(dec, p)
		case tags != nil:
			return tags.decode(d, dec, p)
		}
	}
	return errors.ErrUnsupported
}

func decodesItself(pointer reflect.Type) bool {
	return pointer.Implements(reflect.TypeFor[json.UnmarshalerFrom]()) || pointer.Implements(reflect.TypeFor[json.Unmarshaler]()) ||
		pointer.Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

func as[T any](p reflect.Value) *T { return p.Convert(reflect.TypeFor[*T]()).Interface().(*T) }

// decodeAbsent reads "" in the place of an object.
func decodeAbsent(dec *jsontext.Decoder, p reflect.Value) error {
	raw, err := dec.ReadValue()
	if err != nil {
		return err
	}
	if string(raw) != `""` {
		return fmt.Errorf("can't read %s as an object", excerpt(raw))
	}
	p.Elem().SetZero()
	return nil
}

// wireTags are the fields of a struct that have a wire tag.
type wireTags struct {
	view           reflect.Type // pointer to the struct with the tags that json knows
	null, required []int
	alone          *int
}

var allTags sync.Map // of reflect.Type to *wireTags

func tagsOf(t reflect.Type) *wireTags {
	if known, ok := allTags.Load(t); ok {
		return known.(*wireTags)
	}
	tags := new(wireTags)
	found := false
	fields := make([]reflect.StructField, t.NumField())
	for i := range fields {
		fields[i] = t.Field(i)
		tag, tagged := fields[i].Tag.Lookup("wire")
		found = found || tagged
		fields[i].Tag = reflect.StructTag(fmt.Sprintf("json:%q", fields[i].Tag.Get("json")))
		switch tag {
		case "rest":
			fields[i].Tag = `json:",embed"`
		case "fold":
			fields[i].Tag = reflect.StructTag(fmt.Sprintf("json:%q", fields[i].Tag.Get("json")+",case:ignore"))
		case "null":
			tags.null = append(tags.null, i)
		case "required":
			tags.required = append(tags.required, i)
		case "alone":
			tags.alone = &i
		}
	}
	if !found {
		tags = nil
	} else {
		tags.view = reflect.PointerTo(reflect.StructOf(fields))
	}
	allTags.Store(t, tags)
	return tags
}

func (w *wireTags) decode(d *decoder, dec *jsontext.Decoder, p reflect.Value) error {
	if dec.PeekKind() == jsontext.KindNull {
		p.Elem().SetZero()
		return dec.SkipValue()
	}
	if err := json.UnmarshalDecode(dec, p.Convert(w.view).Interface(), d.options); err != nil {
		return err
	}
	for _, i := range w.null {
		if field := p.Elem().Field(i); field.String() == "null" {
			field.SetString("")
		}
	}
	for _, i := range w.required {
		if p.Elem().Field(i).IsZero() {
			return fmt.Errorf("no member %q", p.Elem().Type().Field(i).Tag.Get("json"))
		}
	}
	return nil
}
