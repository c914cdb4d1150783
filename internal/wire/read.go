package wire

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
)

// value goes past a value and sets v to it.
func (d *decoder) value(p *plan, v reflect.Value) error {
	if p.all != nil {
		return p.all(d, p, v)
	}
	c, err := d.peek()
	if err != nil {
		return err
	}
	switch classOf[c] {
	case classText:
		raw, plain, err := d.text()
		if err != nil {
			return err
		}
		if p.text == nil || !p.text(d, p, v, d.unquote(raw, plain)) {
			return mismatch(d.buf[d.pos-len(raw)-2:d.pos], p.name)
		}
	case classNumber:
		raw, err := d.number()
		if err != nil {
			return err
		}
		if p.number == nil || !p.number(d, p, v, raw) {
			return mismatch(raw, p.name)
		}
	case classBoolean:
		raw, err := d.literal()
		if err != nil {
			return err
		}
		if p.boolean == nil || !p.boolean(d, p, v, raw) {
			return mismatch(raw, p.name)
		}
	case classNull:
		if _, err := d.literal(); err != nil {
			return err
		}
		v.SetZero()
	case classObject:
		if p.object == nil {
			return d.refuse(p)
		}
		return p.object(d, p, v)
	case classArray:
		if p.array == nil {
			return d.refuse(p)
		}
		return p.array(d, p, v)
	default:
		return d.unexpected("where a value begins")
	}
	return nil
}

// refuse goes past a value that has no reading.
func (d *decoder) refuse(p *plan) error {
	raw, err := d.rawValue()
	if err != nil {
		return err
	}
	return mismatch(raw, p.name)
}

// rawValue goes past a value and returns it as it is, valid until the scanner
// reads on.
func (d *decoder) rawValue() ([]byte, error) {
	if _, err := d.peek(); err != nil {
		return nil, err
	}
	d.mark = d.pos
	err := d.skip()
	raw := d.buf[d.mark:d.pos]
	d.mark = -1
	return raw, err
}

// mapSize is what a map takes in memory without its entries.
const mapSize = 48

// charge counts what is built.
func (d *decoder) charge(bytes int64) error {
	if d.room -= bytes; d.room < 0 {
		return ErrTooMuch
	}
	return nil
}

func readFields(d *decoder, p *plan, v reflect.Value) error {
	last := &p.start
	var seen uint64
	err := d.object(func(raw []byte, plain bool) error {
		name := d.unquote(raw, plain)
		f := p.find(last, name)
		if f == nil {
			return d.unknown(p, v, name)
		}
		last = f
		if err := d.colon(); err != nil {
			return err
		}
		member := f.of(v)
		if f.keeps {
			if seen&f.bit != 0 || f.bit == 0 {
				member.SetZero()
			}
			seen |= f.bit
		}
		if err := d.value(f.plan, member); err != nil {
			return in(err, f.name)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, f := range p.required {
		if f.of(v).IsZero() {
			return &Error{Problem: fmt.Sprintf("no member %q", f.name)}
		}
	}
	return nil
}

// unknown goes past a member that no field takes.
func (d *decoder) unknown(p *plan, v reflect.Value, name []byte) error {
	if p.rest == nil {
		if err := d.colon(); err != nil {
			return err
		}
		return d.skip()
	}
	rest := p.rest.of(v)
	if rest.IsNil() {
		rest.Set(reflect.MakeMap(rest.Type()))
	}
	return d.entry(p.rest.plan, rest, name)
}

// An entry of a map on its way there.
type entry struct{ key, elem reflect.Value }

// entry goes past a member, behind its name, and puts it into a map.
func (d *decoder) entry(p *plan, m reflect.Value, name []byte) error {
	key := d.strings.get(name)
	if err := d.colon(); err != nil {
		return err
	}
	if err := d.charge(p.size); err != nil {
		return err
	}
	e, ok := p.spare.Get().(*entry)
	if !ok {
		e = &entry{reflect.New(p.typ.Key()).Elem(), reflect.New(p.typ.Elem()).Elem()}
	}
	e.key.SetString(key)
	if err := d.value(p.elem, e.elem); err != nil {
		return in(err, key)
	}
	m.SetMapIndex(e.key, e.elem)
	e.key.SetZero()
	e.elem.SetZero()
	p.spare.Put(e)
	return nil
}

func readEntries(d *decoder, p *plan, v reflect.Value) error {
	if err := d.charge(mapSize); err != nil {
		return err
	}
	m := reflect.MakeMapWithSize(p.typ, int(p.last.Load()))
	err := d.object(func(raw []byte, plain bool) error { return d.entry(p, m, d.unquote(raw, plain)) })
	p.learn(m.Len())
	v.Set(m)
	return err
}

// readTexts collects the pairs first, so that the map is made once in its final
// size.
func readTexts(d *decoder, p *plan, v reflect.Value) error {
	if err := d.charge(mapSize); err != nil {
		return err
	}
	d.pairs = d.pairs[:0]
	err := d.object(func(raw []byte, plain bool) error {
		one := pair{key: d.strings.get(d.unquote(raw, plain))}
		if err := d.colon(); err != nil {
			return err
		}
		const size = 16 + 32 // of an entry
		if err := d.charge(size); err != nil {
			return err
		}
		if err := d.value(p.elem, d.one); err != nil {
			return in(err, one.key)
		}
		one.value = d.one.String()
		d.pairs = append(d.pairs, one)
		return nil
	})
	if err != nil {
		return err
	}
	m := make(map[string]string, len(d.pairs))
	for _, p := range d.pairs {
		m[p.key] = p.value
	}
	*v.Addr().Interface().(*map[string]string) = m
	return nil
}

// keyValue is a pair in the other form of a map of strings.
type keyValue struct {
	Key   string `json:"key" wire:"required"`
	Value string `json:"value"`
}

// readPairs reads a list of pairs into a map.
func readPairs(d *decoder, p *plan, v reflect.Value) error {
	var list []keyValue
	if err := readElements(d, p.list, reflect.ValueOf(&list).Elem()); err != nil {
		return err
	}
	if err := d.charge(mapSize + int64(len(list))*int64(reflect.TypeFor[keyValue]().Size())); err != nil {
		return err
	}
	m := make(map[string]string, len(list))
	for _, one := range list {
		m[one.Key] = one.Value
	}
	*v.Addr().Interface().(*map[string]string) = m
	return nil
}

// maxLearned is up to how many elements a list begins with room for as many as
// there were last time. Longer ones grow.
const maxLearned = 16

func (p *plan) learn(length int) {
	if length = min(length, maxLearned); p.last.Load() != int32(length) {
		p.last.Store(int32(length))
	}
}

func readElements(d *decoder, p *plan, v reflect.Value) error {
	if v.Len() > 0 {
		v.SetZero()
	}
	given := v.Cap() // by a caller who knows about how many there are
	n := 0
	err := d.array(func() error {
		if had := v.Cap(); n == had {
			more := max(1, n) // append would copy a long list many times
			if n == 0 {
				more = max(more, int(p.last.Load()))
			}
			v.Grow(more)
			if err := d.charge(int64(v.Cap()-had) * p.size); err != nil {
				return err
			}
		}
		v.SetLen(n + 1)
		n++
		if n <= given {
			v.Index(n - 1).SetZero()
		}
		if err := d.value(p.elem, v.Index(n-1)); err != nil {
			return at(err, n-1)
		}
		return nil
	})
	if v.IsNil() {
		v.Set(reflect.MakeSlice(p.typ, 0, 0))
	}
	p.learn(n)
	return err
}

func readPointer(d *decoder, p *plan, v reflect.Value) error {
	c, err := d.peek()
	if err != nil {
		return err
	}
	switch class := classOf[c]; {
	case class == classNull:
		_, err := d.literal()
		v.SetZero()
		return err
	case class == classText && p.elem.isObject():
		raw, plain, err := d.text()
		v.SetZero()
		if err != nil || len(raw) == 0 {
			return err
		}
		one := reflect.New(p.elem.typ)
		if !p.elem.text(d, p.elem, one.Elem(), d.unquote(raw, plain)) {
			return mismatch(d.buf[d.pos-len(raw)-2:d.pos], p.elem.name)
		}
		v.Set(one)
		return nil
	}
	if v.IsNil() {
		if err := d.charge(p.size); err != nil {
			return err
		}
		v.Set(reflect.New(p.elem.typ))
	}
	return d.value(p.elem, v.Elem())
}

// readItself is for types with methods for this, and for those that the dialect
// has no line for. encoding/json knows them all.
func readItself(d *decoder, _ *plan, v reflect.Value) error {
	raw, err := d.rawValue()
	if err != nil {
		return err
	}
	if err := json.Unmarshal(raw, v.Addr().Interface()); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			err = errors.New(err.Error()) // the stream has not ended
		}
		return &Error{Problem: err.Error(), Err: err}
	}
	return nil
}
