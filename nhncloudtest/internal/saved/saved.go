package saved

import (
	"cmp"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"unsafe"
)

// Codec knows what can't be seen in the types.
type Codec struct {
	kinds   map[string]reflect.Type
	anchors map[string]reflect.Value
	names   map[pointer]string // of the anchors
	special map[reflect.Type]Special
}

// Special saves and loads pointers of one type in a way of its own.
type Special struct {
	Save func(pointer any) (any, error)
	Load func(data json.RawMessage) (pointer any, err error)
}

// New makes a codec that knows the types that JSON values have, and those that
// services make of them.
func New() *Codec {
	c := &Codec{
		kinds: map[string]reflect.Type{}, anchors: map[string]reflect.Value{}, names: map[pointer]string{},
		special: map[reflect.Type]Special{},
	}
	for _, v := range []any{
		"", false, 0, int64(0), 0.0, json.Number(""), []string(nil), []any(nil), map[string]any(nil), []map[string]any(nil), map[string]string(nil),
	} {
		c.Kind(v)
	}
	return c
}

// Kind makes the type of a value known, for fields that are interfaces.
func (c *Codec) Kind(v any) {
	t := reflect.TypeOf(v)
	c.kinds[t.String()] = t
}

// Anchor gives a name to what a pointer points to, and is saved by name.
func (c *Codec) Anchor(name string, to any) {
	v := reflect.ValueOf(to)
	c.anchors[name], c.names[pointer{v.UnsafePointer(), v.Type()}] = v, name
}

// Special sets how pointers of the type of one are saved.
func (c *Codec) Special(pointer any, s Special) { c.special[reflect.TypeOf(pointer)] = s }

var (
	marshaler   = reflect.TypeFor[encoding.TextMarshaler]()
	unmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()
)

// isText tells whether values of a type are saved as the text that they make of
// themselves, such as times and addresses.
func isText(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return t.Kind() != reflect.Pointer && t.Kind() != reflect.Interface && p.Implements(marshaler) && p.Implements(unmarshaler)
}

// open lets a field that is not exported be read and set. The struct that it is of
// can be addressed.
func open(field reflect.Value) reflect.Value {
	return reflect.NewAt(field.Type(), unsafe.Pointer(field.UnsafeAddr())).Elem()
}

// copied is a value in a place that can be addressed.
func copied(v reflect.Value) reflect.Value {
	place := reflect.New(v.Type()).Elem()
	place.Set(v)
	return place
}

// isSaved tells whether a field is saved.
func isSaved(f reflect.StructField) bool { return f.Tag.Get("state") != "-" }

// reference is how pointers and interfaces are saved.
type reference struct {
	Ref    int             `json:"ref,omitempty"`
	Anchor *string         `json:"anchor,omitempty"`
	Kind   string          `json:"kind,omitempty"`
	Value  json.RawMessage `json:"value,omitempty"`
}

// at says where in the state an error is.
func at(err error, place string) error {
	var w *whereError
	if errors.As(err, &w) {
		return &whereError{cmp.Or(place, "?") + "." + w.place, w.err}
	}
	return &whereError{place, err}
}

type whereError struct {
	place string
	err   error
}

func (w *whereError) Error() string { return fmt.Sprintf("%s: %v", w.place, w.err) }
func (w *whereError) Unwrap() error { return w.err }
