package wire

import (
	"reflect"
	"strconv"
)

// What a value takes in memory of which the type is not known before.
const (
	anySize      = 32 // of a value in its interface
	anyEntrySize = 64 // of an entry of a map, in addition
)

func readAny(d *decoder, _ *plan, v reflect.Value) error {
	value, err := d.any()
	if err == nil && value == nil {
		v.SetZero()
		return nil
	}
	if err == nil {
		v.Set(reflect.ValueOf(value))
	}
	return err
}

// any goes past a value and returns it as encoding/json does: a map, a list, a
// string, a float64, a bool or nil.
func (d *decoder) any() (any, error) {
	c, err := d.peek()
	if err != nil {
		return nil, err
	}
	if err := d.charge(anySize); err != nil {
		return nil, err
	}
	switch classOf[c] {
	case classText:
		raw, plain, err := d.text()
		if err != nil {
			return nil, err
		}
		return d.strings.get(d.unquote(raw, plain)), nil
	case classNumber:
		raw, err := d.number()
		if err != nil {
			return nil, err
		}
		f, err := strconv.ParseFloat(string(raw), 64)
		if err != nil {
			return nil, mismatch(raw, "a number")
		}
		return f, nil
	case classBoolean, classNull:
		text, err := d.literal()
		if err != nil || text[0] == 'n' {
			return nil, err
		}
		return text[0] == 't', nil
	case classArray:
		list := []any{}
		err := d.array(func() error {
			value, err := d.any()
			if err != nil {
				return at(err, len(list))
			}
			list = append(list, value)
			return nil
		})
		return list, err
	case classObject:
		m := map[string]any{}
		err := d.object(func(raw []byte, plain bool) error {
			key := d.strings.get(d.unquote(raw, plain))
			if err := d.colon(); err != nil {
				return err
			}
			if err := d.charge(anyEntrySize); err != nil {
				return err
			}
			value, err := d.any()
			if err != nil {
				return in(err, key)
			}
			m[key] = value
			return nil
		})
		return m, err
	}
	return nil, d.unexpected("where a value begins")
}
