package wire

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"sync"
)

// decoder is a scanner together with what it needs to build values, for use
// again and again.
type decoder struct {
	scanner
	strings stringCache
	pairs   []pair
	one     reflect.Value // a string on its way into a pair
	scratch []byte
	room    int64 // bytes that may still be built
}

type pair struct{ key, value string }

var decoders = sync.Pool{New: func() any { return &decoder{one: reflect.New(reflect.TypeFor[string]()).Elem()} }}

// maxPooledPairs and maxPooledScratch keep one unusually large answer from
// holding memory for the rest of the process.
const (
	maxPooledPairs   = 256
	maxPooledScratch = 64 << 10
)

// Decode reads exactly one JSON value from r into out, which must be a non-nil
// pointer. With a key, the value must be an object, and only its member of
// that name is decoded into out: Decode(r, "server", &s) reads
// {"server": {…}}. Unknown members are ignored. A value that ends early,
// something after the value, a missing member, and null where a struct is
// wanted are errors.
//
// Besides the names and "-" that encoding/json knows, fields can have one of
// these tags:
//
//	wire:"rest"      a map takes the members that have no field
//	wire:"null"      the text "null" stands for nothing, or for no time
//	wire:"pairs"     a map of strings may be a list of objects with key and value
//	wire:"fold"      the name counts in capitals or not
//	wire:"required"  what lacks it is no such object
//	wire:"alone"     a text in the place of the object is this field of it
func Decode(r io.Reader, key string, out any) error {
	return DecodeLimited(context.Background(), r, math.MaxInt64, key, out)
}

// DecodeLimited is [Decode] until the context ends, which is looked at whenever
// r is, and with values of at most so many bytes in memory. More is an
// [ErrTooMuch].
func DecodeLimited(ctx context.Context, r io.Reader, memory int64, key string, out any) error {
	v := reflect.ValueOf(out)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return fmt.Errorf("can't decode into a %T", out)
	}
	d := decoders.Get().(*decoder)
	d.begin(ctx, r, memory)
	err := d.whole(planOf(v.Type().Elem()), key, v.Elem())
	d.finish()
	decoders.Put(d)
	return err
}

func (d *decoder) begin(ctx context.Context, r io.Reader, memory int64) {
	buf := d.buf[:0]
	if buf == nil {
		buf = make([]byte, 0, firstBuffer)
	}
	d.scanner = scanner{ctx: ctx, r: r, buf: buf, mark: -1}
	d.room = memory
}

// finish lets go of the body and of what an unusually large one left behind.
func (d *decoder) finish() {
	d.ctx, d.r, d.end = nil, nil, nil
	if cap(d.buf) > fullBuffer {
		d.buf = nil
	}
	clear(d.pairs[:cap(d.pairs)])
	if cap(d.pairs) > maxPooledPairs {
		d.pairs = nil
	}
	if cap(d.scratch) > maxPooledScratch {
		d.scratch = nil
	}
}

// whole decodes the only value of the stream.
func (d *decoder) whole(p *plan, key string, v reflect.Value) error {
	var err error
	if key == "" {
		err = d.wanted(p, v)
	} else {
		err = d.member(p, key, v)
	}
	if err != nil {
		return err
	}
	switch c, err := d.next(); {
	case err == io.EOF:
		return nil
	case err != nil:
		return err
	case classOf[c] == classNone:
		return d.unexpected("after the value")
	}
	return errors.New("more than one JSON value")
}

// wanted decodes the value that was asked for.
func (d *decoder) wanted(p *plan, v reflect.Value) error {
	c, err := d.peek()
	if err != nil {
		return err
	}
	if classOf[c] == classNull && p.typ.Kind() == reflect.Struct {
		if _, err := d.literal(); err != nil {
			return err
		}
		return &Error{Problem: "null in place of an object"}
	}
	return d.value(p, v)
}

// member decodes one member of an object.
func (d *decoder) member(p *plan, key string, v reflect.Value) error {
	c, err := d.peek()
	if err != nil {
		return err
	}
	if classOf[c] != classObject {
		if classOf[c] == classNone {
			return d.unexpected("where a value begins")
		}
		if err := d.skip(); err != nil {
			return err
		}
		return fmt.Errorf("no object with a member %q but %s", key, kindNames[classOf[c]])
	}
	found := false
	err = d.object(func(raw []byte, plain bool) error {
		is := string(d.unquote(raw, plain)) == key
		if err := d.colon(); err != nil {
			return err
		}
		if !is {
			return d.skip()
		}
		if found {
			v.SetZero() // nothing of the one before
		}
		found = true
		if err := d.wanted(p, v); err != nil {
			return in(err, key)
		}
		return nil
	})
	if err == nil && !found {
		err = fmt.Errorf("no member %q in the answer", key)
	}
	return err
}

// kindNames name a value that is not an object.
var kindNames = [classes]string{
	classText: "a string", classNumber: "a number", classBoolean: "a Boolean", classNull: "null", classArray: "an array",
}
