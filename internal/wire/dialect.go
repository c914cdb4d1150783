package wire

import (
	"bytes"
	"math"
	"reflect"
	"strconv"
	"time"
)

// dialect is all that the services' JSON is read as, by the Go type that takes
// it. A cell says how a value of that kind is read; nil is refused. Besides:
//
//   - null is the zero value of every type.
//   - Of a name that is repeated the last value counts, with nothing left of the
//     one before. Names that no field has are skipped.
//   - A member goes to the field whose tag is its name, exactly. A field without
//     a tag takes the member of its name, in capitals or not.
//   - Strings with bytes that are no UTF-8 have U+FFFD in their place.
//   - The wire tags of fields are in [Decode].
var dialect = struct {
	text, word, integer, unsigned, number, boolean, moment, instant, object, texts, pairs, mapping, list, pointer, anything, itself row
}{
	text:     row{name: "a string", text: setText, number: setText, boolean: setText},
	word:     row{name: "a string", text: setWord, number: setWord, boolean: setWord},           // wire:"null": "null" is ""
	integer:  row{name: "an integer", text: setInteger, number: setInteger},                     // "4" and 4.0 are 4; "" is 0
	unsigned: row{name: "an integer", text: setUnsigned, number: setUnsigned},                   // the same
	number:   row{name: "a number", text: setFloat, number: setFloat},                           // "1.5" is 1.5; "" is 0
	boolean:  row{name: "a Boolean", text: setBoolean, number: setBoolean, boolean: setBoolean}, // "True", "1" and 1 are true; "" is false
	moment:   row{name: "a time", text: setTime},                                                // seven layouts; "" is the zero time
	instant:  row{name: "a time", text: setInstant},                                             // wire:"null": "null" is the zero time
	object:   row{name: "an object", text: setWhole, object: readFields},                        // "" is one that is absent; wire:"alone"
	texts:    row{name: "a map of strings", object: readTexts},                                  // map[string]string; values as for text
	pairs:    row{name: "a map of strings", object: readTexts, array: readPairs},                // wire:"pairs": [{"key": …, "value": …}] too
	mapping:  row{name: "an object", object: readEntries},                                       // other maps by strings
	list:     row{name: "an array", array: readElements},
	pointer:  row{all: readPointer}, // to what the value is; nil for null, and for an object that is absent
	anything: row{all: readAny},     // any
	itself:   row{all: readItself},  // has methods of encoding/json, or is beyond the dialect
}

// row is a line of the dialect.
type row struct {
	name                  string
	text, number, boolean scalarRule
	object, array, all    rule
}

// A scalarRule sets a value to what a string, number or Boolean says, of which
// it is given the text without quotes. It reports whether that has a reading.
type scalarRule func(d *decoder, p *plan, v reflect.Value, text []byte) bool

// A rule goes past a value and sets v to it.
type rule func(d *decoder, p *plan, v reflect.Value) error

func setText(d *decoder, _ *plan, v reflect.Value, text []byte) bool {
	v.SetString(d.strings.get(text))
	return true
}

// setWord is for enumerations, where the guides have the word for nothing.
func setWord(d *decoder, p *plan, v reflect.Value, text []byte) bool {
	if string(text) == "null" {
		text = nil
	}
	return setText(d, p, v, text)
}

func setInteger(_ *decoder, _ *plan, v reflect.Value, text []byte) bool {
	if text = bytes.TrimSpace(text); len(text) == 0 {
		v.SetZero()
		return true
	}
	n, ok := parseInteger(text)
	if !ok || v.OverflowInt(n) {
		return false
	}
	v.SetInt(n)
	return true
}

func setUnsigned(_ *decoder, _ *plan, v reflect.Value, text []byte) bool {
	if text = bytes.TrimSpace(text); len(text) == 0 {
		v.SetZero()
		return true
	}
	n, err := strconv.ParseUint(string(text), 10, 64)
	if err != nil {
		whole, ok := parseInteger(text)
		if !ok || whole < 0 {
			return false
		}
		n = uint64(whole)
	}
	if v.OverflowUint(n) {
		return false
	}
	v.SetUint(n)
	return true
}

func parseInteger(text []byte) (int64, bool) {
	if len(text) < 19 { // can't overflow
		if n, ok := digits(text); ok {
			return int64(n), true
		}
	}
	if n, err := strconv.ParseInt(string(text), 10, 64); err == nil {
		return n, true
	}
	f, ok := parseFloat(text)
	if !ok || f != math.Trunc(f) || math.Abs(f) >= 1<<53 {
		return 0, false
	}
	return int64(f), true
}

func setFloat(_ *decoder, _ *plan, v reflect.Value, text []byte) bool {
	if text = bytes.TrimSpace(text); len(text) == 0 {
		v.SetZero()
		return true
	}
	f, ok := parseFloat(text)
	if !ok || v.OverflowFloat(f) {
		return false
	}
	v.SetFloat(f)
	return true
}

// parseFloat refuses what strconv takes for a number beyond decimal notation:
// words such as "inf", hexadecimal floats such as "0x1p4" and "1_000".
func parseFloat(text []byte) (float64, bool) {
	if c := text[len(text)-1]; c < '0' || c > '9' || bytes.ContainsAny(text, "xX_") {
		return 0, false
	}
	f, err := strconv.ParseFloat(string(text), 64)
	return f, err == nil && !math.IsInf(f, 0)
}

func setBoolean(_ *decoder, _ *plan, v reflect.Value, text []byte) bool {
	text = bytes.TrimSpace(text)
	switch {
	case len(text) == 0, string(text) == "0", bytes.EqualFold(text, []byte("false")):
		v.SetBool(false)
	case string(text) == "1", bytes.EqualFold(text, []byte("true")):
		v.SetBool(true)
	default:
		return false
	}
	return true
}

// setTime takes every layout of [ParseTime].
func setTime(_ *decoder, _ *plan, v reflect.Value, text []byte) bool {
	t, ok := time.Time{}, true
	if text = bytes.TrimSpace(text); len(text) > 0 {
		t, ok = ParseTime(text)
	}
	if ok {
		*v.Addr().Interface().(*time.Time) = t
	}
	return ok
}

// setInstant is for times, where the guides have a word for none.
func setInstant(d *decoder, p *plan, v reflect.Value, text []byte) bool {
	if string(text) == "null" {
		text = nil
	}
	return setTime(d, p, v, text)
}

// setWhole takes what stands for a whole object: nothing, or the field that may
// come alone.
func setWhole(d *decoder, p *plan, v reflect.Value, text []byte) bool {
	v.SetZero()
	if len(text) == 0 {
		return true
	}
	return p.alone != nil && setText(d, p, p.alone.of(v), text)
}
