package label

import (
	"bytes"
	"encoding/json"
	"maps"

	"github.com/nhncloud-go/nhncloud/internal/wire"
)

// Read reads labels into their fields, and what has no field, or not the form of
// its field, into other.
func Read(encoded []byte, fields []Field, other *map[string]any) error {
	var all map[string]any
	if err := wire.Decode(bytes.NewReader(encoded), "", &all); err != nil {
		return err
	}
	for _, f := range fields {
		if f.read(all[f.name]) {
			delete(all, f.name)
		}
	}
	if *other = nil; len(all) > 0 {
		*other = all
	}
	return nil
}

// Body returns the labels as they travel. A field that is set comes before what
// other has under its name.
func Body(fields []Field, other map[string]any) map[string]any {
	return collect(fields, other, func(f Field) any { return f.write() })
}

// Shown encodes the labels in the form of [Body], without what is secret.
func Shown(fields []Field, other map[string]any) ([]byte, error) {
	return json.Marshal(collect(fields, other, func(f Field) any {
		if f.shown != nil {
			return f.shown()
		}
		return f.write()
	}))
}

func collect(fields []Field, other map[string]any, value func(Field) any) map[string]any {
	all := maps.Clone(other)
	if all == nil {
		all = map[string]any{}
	}
	for _, f := range fields {
		_, taken := all[f.name]
		switch v := value(f); {
		case v != nil:
			all[f.name] = v
		case f.unset != "" && !taken:
			all[f.name] = f.unset
		}
	}
	return all
}
