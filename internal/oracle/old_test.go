package oracle_test

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// decoder is a reusable JSON decoder together with the unmarshalers of the
// dialect. The unmarshalers are bound to the decoder, because they share its
// string cache and scratch space.
type decoder struct {
	json    *jsontext.Decoder
	options json.Options
	pairs   []pair
	scratch []byte
}

type pair struct{ key, value string }

func newDecoder(r io.Reader) *decoder {
	d := &decoder{json: jsontext.NewDecoder(r, syntax)}
	d.options = json.WithUnmarshalers(json.JoinUnmarshalers(
		json.UnmarshalFromFunc(d.decodeString),
		json.UnmarshalFromFunc(d.decodeStringMap),
		json.UnmarshalFromFunc(decodeBool),
		json.UnmarshalFromFunc(decodeTime),
		json.UnmarshalFromFunc(decodeInteger[int]),
		json.UnmarshalFromFunc(decodeInteger[int64]),
		json.UnmarshalFromFunc(decodeFloat),
		json.UnmarshalFromFunc(d.decodeOther),
	))
	return d
}

// oldDecode is Decode of internal/wire as it was on json v2.
func oldDecode(r io.Reader, key string, out any) error {
	return newDecoder(r).decode(key, out)
}

// syntax has the duplicate check off, because documented answers do repeat a
// name; the last one counts. Bytes that are not UTF-8 become U+FFFD.
var syntax = json.JoinOptions(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))

func (d *decoder) decode(key string, out any) error {
	if key == "" {
		if err := d.value(out); err != nil {
			return err
		}
	} else if err := d.member(key, out); err != nil {
		return err
	}
	switch _, err := d.json.ReadToken(); {
	case err == io.EOF:
		return nil
	case err == nil:
		return errors.New("more than one JSON value")
	default:
		return err
	}
}

func (d *decoder) value(out any) error {
	if d.json.PeekKind() == jsontext.KindNull && reflect.TypeOf(out).Elem().Kind() == reflect.Struct {
		return errors.New("null in place of an object")
	}
	err := json.UnmarshalDecode(d.json, out, d.options)
	if err == io.EOF {
		return io.ErrUnexpectedEOF // an empty body is no value
	}
	return err
}

func (d *decoder) member(key string, out any) error {
	begin, err := d.json.ReadToken()
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	if err != nil {
		return err
	}
	if begin.Kind() != jsontext.KindBeginObject {
		return fmt.Errorf("no object with a member %q but %s", key, describe(begin.Kind()))
	}
	found := false
	for d.json.PeekKind() != jsontext.KindEndObject {
		name, err := d.json.ReadValue()
		if err != nil {
			return err
		}
		if string(d.unquote(name)) != key {
			if err := d.json.SkipValue(); err != nil {
				return err
			}
			continue
		}
		if found {
			// Of a repeated member the last one counts, with nothing left of the
			// one before.
			reflect.ValueOf(out).Elem().SetZero()
		}
		found = true
		if err := d.value(out); err != nil {
			return err
		}
	}
	if _, err := d.json.ReadToken(); err != nil {
		return err
	}
	if !found {
		return fmt.Errorf("no member %q in the answer", key)
	}
	return nil
}

// describe names the kind of a value that is not an object.
func describe(k jsontext.Kind) string {
	switch k {
	case jsontext.KindNull:
		return "null"
	case jsontext.KindFalse, jsontext.KindTrue:
		return "a Boolean"
	case jsontext.KindString:
		return "a string"
	case jsontext.KindNumber:
		return "a number"
	default:
		return "an array"
	}
}

// decodeString accepts a string, and for members that are documented as
// strings but travel as something else a number or a Boolean by its text. Null
// is the empty string.
func (d *decoder) decodeString(dec *jsontext.Decoder, v *string) error {
	raw, err := dec.ReadValue()
	if err != nil {
		return err
	}
	*v, err = d.text(raw, v)
	return err
}

// text gives the string form of a raw scalar.
func (d *decoder) text(raw jsontext.Value, target any) (string, error) {
	switch raw.Kind() {
	case jsontext.KindString:
		return string(d.unquote(raw)), nil
	case jsontext.KindNull:
		return "", nil
	case jsontext.KindNumber, jsontext.KindTrue, jsontext.KindFalse:
		return string(raw), nil
	default:
		return "", mismatch(raw, target)
	}
}

// unquote returns what stands between the quotes of a string that the decoder
// has read; the result is valid until the next call or read.
func (d *decoder) unquote(raw jsontext.Value) []byte {
	for _, c := range raw {
		// A backslash starts an escape, and what is not ASCII may be invalid.
		if c == '\\' || c >= 0x80 {
			// The only possible error is invalid UTF-8, which gets replaced.
			d.scratch, _ = jsontext.AppendUnquote(d.scratch[:0], raw)
			return d.scratch
		}
	}
	return raw[1 : len(raw)-1]
}

// decodeStringMap decodes metadata-like objects. It collects the pairs first,
// so that the map is made once in its final size. Null is a nil map.
func (d *decoder) decodeStringMap(dec *jsontext.Decoder, v *map[string]string) error {
	switch dec.PeekKind() {
	case jsontext.KindBeginObject:
	case jsontext.KindNull:
		*v = nil
		return dec.SkipValue()
	default:
		raw, err := dec.ReadValue()
		if err != nil {
			return err
		}
		return mismatch(raw, v)
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	d.pairs = d.pairs[:0]
	for dec.PeekKind() != jsontext.KindEndObject {
		raw, err := dec.ReadValue()
		if err != nil {
			return err
		}
		var p pair
		if p.key, err = d.text(raw, v); err != nil {
			return err
		}
		if raw, err = dec.ReadValue(); err != nil {
			return err
		}
		if p.value, err = d.text(raw, v); err != nil {
			return fmt.Errorf("member %q: %w", p.key, err)
		}
		d.pairs = append(d.pairs, p)
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	m := make(map[string]string, len(d.pairs))
	for _, p := range d.pairs {
		m[p.key] = p.value
	}
	*v = m
	return nil
}

// mismatch describes a value that has no reading as the target's type. The
// caller of json.UnmarshalDecode adds where it stands.
func mismatch(raw jsontext.Value, target any) error {
	return fmt.Errorf("can't read %s as %s", excerpt(raw), goType(target))
}

func goType(target any) string {
	switch target.(type) {
	case *bool:
		return "a Boolean"
	case *time.Time:
		return "a time"
	case *string:
		return "a string"
	case *map[string]string:
		return "a map of strings"
	case *int, *int64:
		return "an integer"
	default:
		return "a number"
	}
}

func excerpt(raw []byte) string {
	const most = 40
	if len(raw) > most {
		end := most
		for end > 0 && !utf8.RuneStart(raw[end]) {
			end--
		}
		return string(raw[:end]) + "…"
	}
	return string(raw)
}
