//go:build !go1.27

package wire

import "reflect"

func decodesStreams(reflect.Type) bool { return false }
