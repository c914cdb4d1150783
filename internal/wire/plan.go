package wire

import (
	"encoding"
	"encoding/json"
	"reflect"
	"sync"
	"sync/atomic"
	"time"
)

// A plan is how values of a Go type are decoded. It is compiled once.
type plan struct {
	*row
	typ  reflect.Type
	elem *plan        // of a list, map or pointer
	list *plan        // of a map, where it may be a list of pairs
	size int64        // of an elem in memory
	last atomic.Int32 // how many elements a list or map had; the next one begins with room for them

	byName   map[string]*field // of an object; nil for a name that is not clear
	start    field             // stands before the first
	folded   []*field
	required []*field
	rest     *field
	alone    *field // of a text in the place of the object

	spare sync.Pool // of *entry, for maps
}

// A field is one that a member of an object goes to.
type field struct {
	name     string
	plan     *plan
	index    []int
	next     atomic.Pointer[field] // of the member that followed last time
	tagged   bool
	fold     bool // takes the member of its name in capitals or not
	required bool
	alone    bool
	keeps    bool   // what a value does not replace; then
	bit      uint64 // tells it apart, where there are not too many
}

func (p *plan) isObject() bool { return p.byName != nil }

var plans sync.Map // of reflect.Type to *plan

func planOf(t reflect.Type) *plan {
	if p, ok := plans.Load(t); ok {
		return p.(*plan)
	}
	// Several goroutines may compile the same; each of their plans is good.
	p := (&compiler{}).plan(t)
	plans.Store(t, p)
	return p
}

// compiler compiles the plan of a type and of those that it is made of.
type compiler struct{ structs map[reflect.Type]*plan }

func (c *compiler) plan(t reflect.Type) *plan {
	p := &plan{typ: t, row: rowOf(t)}
	switch p.row {
	case &dialect.object:
		if known := c.structs[t]; known != nil {
			return known
		}
		if c.structs == nil {
			c.structs = map[reflect.Type]*plan{}
		}
		c.structs[t] = p
		c.fields(p)
	case &dialect.mapping:
		const overhead = 16 // of an entry
		p.elem, p.size = c.plan(t.Elem()), overhead+int64(t.Key().Size()+t.Elem().Size())
	case &dialect.list, &dialect.pointer, &dialect.texts:
		p.elem, p.size = c.plan(t.Elem()), int64(t.Elem().Size())
	}
	return p
}

// rowOf finds the line of the dialect for a type.
func rowOf(t reflect.Type) *row {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return &dialect.moment
	case t == reflect.TypeFor[map[string]string]():
		return &dialect.texts
	case decodesItself(reflect.PointerTo(t)):
		return &dialect.itself
	}
	switch t.Kind() {
	case reflect.String:
		return &dialect.text
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return &dialect.integer
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return &dialect.unsigned
	case reflect.Float32, reflect.Float64:
		return &dialect.number
	case reflect.Bool:
		return &dialect.boolean
	case reflect.Struct:
		return &dialect.object
	case reflect.Pointer:
		return &dialect.pointer
	case reflect.Slice:
		if t.Elem().Kind() != reflect.Uint8 {
			return &dialect.list
		}
	case reflect.Map:
		if t.Key().Kind() == reflect.String && !decodesItself(reflect.PointerTo(t.Key())) {
			return &dialect.mapping
		}
	case reflect.Interface:
		if t.NumMethod() == 0 {
			return &dialect.anything
		}
	}
	return &dialect.itself
}

func decodesItself(pointer reflect.Type) bool {
	if pointer.Implements(reflect.TypeFor[json.Unmarshaler]()) || pointer.Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) {
		return true
	}
	return decodesStreams(pointer)
}
