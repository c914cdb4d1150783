package wire

import (
	"reflect"
	"slices"
	"strings"
)

// An embedded struct is one that lends its fields to the one that it is in.
type embedded struct {
	typ   reflect.Type
	index []int
}

// fields finds the fields of a struct, as encoding/json does: those of embedded
// structs count as its own, where no field above them has their name.
func (c *compiler) fields(p *plan) {
	p.byName = map[string]*field{}
	been := map[reflect.Type]bool{}
	for level := []embedded{{typ: p.typ}}; len(level) > 0; {
		found := map[string][]*field{}
		var below []embedded
		for _, e := range level {
			for i := range e.typ.NumField() {
				f := e.typ.Field(i)
				index := append(slices.Clip(e.index), i)
				switch one, inner := c.field(f, index); {
				case inner != nil && !been[inner]:
					below = append(below, embedded{inner, index})
				case one != nil && f.Tag.Get("wire") == "rest":
					p.rest = one
				case one != nil:
					found[one.name] = append(found[one.name], one)
				}
			}
		}
		for name, several := range found {
			if _, above := p.byName[name]; !above {
				p.byName[name] = dominant(several)
			}
		}
		for _, e := range below {
			been[e.typ] = true
		}
		level = below
	}
	c.arrange(p)
}

// field returns what a field of a struct takes, or the struct that lends its
// fields there, or nothing.
func (c *compiler) field(f reflect.StructField, index []int) (one *field, inner reflect.Type) {
	tag, extra := f.Tag.Get("json"), f.Tag.Get("wire")
	if tag == "-" && extra != "rest" {
		return nil, nil
	}
	name, _, _ := strings.Cut(tag, ",")
	if f.Anonymous && name == "" {
		t := f.Type
		if t.Kind() == reflect.Pointer && f.IsExported() {
			t = t.Elem()
		}
		if t.Kind() == reflect.Struct {
			return nil, t
		}
	}
	if !f.IsExported() {
		return nil, nil
	}
	one = &field{name: name, index: index, tagged: name != "", fold: extra == "fold", required: extra == "required", alone: extra == "alone"}
	one.plan = c.plan(f.Type)
	if name == "" {
		one.name, one.fold = f.Name, true
	}
	switch {
	case extra == "null" && one.plan.row == &dialect.moment:
		one.plan = &plan{row: &dialect.instant, typ: f.Type}
	case extra == "null":
		one.plan = &plan{row: &dialect.word, typ: f.Type}
	case extra == "pairs":
		one.plan = &plan{row: &dialect.pairs, typ: f.Type, elem: one.plan.elem, list: c.plan(reflect.TypeFor[[]keyValue]())}
	}
	return one, nil
}

// dominant picks the field that a name stands for, of several on one level:
// the only one with a tag, or the only one. It is nil for none.
func dominant(several []*field) *field {
	if len(several) > 1 {
		several = slices.DeleteFunc(several, func(f *field) bool { return !f.tagged })
	}
	if len(several) == 1 {
		return several[0]
	}
	return nil
}

// arrange sorts out what is done with the fields that were found, and guesses
// that members come in their order.
func (c *compiler) arrange(p *plan) {
	var fields []*field
	for _, f := range p.byName {
		if f != nil {
			fields = append(fields, f)
		}
	}
	slices.SortFunc(fields, func(a, b *field) int { return slices.Compare(a.index, b.index) })
	last := &p.start
	bit := uint64(1)
	for _, f := range fields {
		last.next.Store(f)
		last = f
		if f.fold {
			p.folded = append(p.folded, f)
		}
		if f.alone {
			p.alone = f
		}
		if f.required {
			p.required = append(p.required, f)
		}
		switch f.plan.row {
		case &dialect.object, &dialect.pointer, &dialect.itself:
			f.keeps, f.bit = true, bit
			bit <<= 1
		}
	}
}

// find returns the field for a member behind that of the field last, or nil.
func (p *plan) find(last *field, name []byte) *field {
	if guess := last.next.Load(); guess != nil && guess.name == string(name) {
		return guess
	}
	f := p.byName[string(name)]
	if f == nil {
		for _, f = range p.folded {
			if strings.EqualFold(f.name, string(name)) {
				break
			}
			f = nil
		}
	}
	if f != nil {
		last.next.Store(f)
	}
	return f
}

// of returns the field of a struct. It makes embedded structs on the way there
// that are pointers.
func (f *field) of(v reflect.Value) reflect.Value {
	if len(f.index) == 1 {
		return v.Field(f.index[0])
	}
	for _, i := range f.index {
		if v.Kind() == reflect.Pointer {
			if v.IsNil() {
				v.Set(reflect.New(v.Type().Elem()))
			}
			v = v.Elem()
		}
		v = v.Field(i)
	}
	return v
}
