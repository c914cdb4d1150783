//go:build go1.27

package wire

import (
	"encoding/json/v2"
	"reflect"
)

// decodesStreams reports whether encoding/json hands a value of the type the
// decoder, which it does where it is made of encoding/json/v2.
func decodesStreams(pointer reflect.Type) bool {
	return pointer.Implements(reflect.TypeFor[json.UnmarshalerFrom]())
}
