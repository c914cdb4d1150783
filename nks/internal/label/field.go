package label

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/wire"
)

// Field is a label that has a place of its own.
type Field struct {
	name string
	// read sets the place to a value as it came, or says that this has another
	// form than the label has.
	read func(value any) bool
	// write returns the value as it travels, or nil where it does not.
	write func() any
	// shown is write for what others may see; nil where that is the same.
	shown func() any
	// unset travels where write has nothing.
	unset string
}

// Text is a label that is a text.
func Text(name string, place *string) Field {
	return Field{
		name: name,
		read: func(value any) bool {
			text, ok := textOf(value)
			if ok {
				*place = text
			}
			return ok
		},
		write: func() any { return unlessEmpty(*place) },
	}
}

// JSON is a label that is JSON in a text. One that comes as the object itself
// becomes that text.
func JSON(name string, place *string) Field {
	f := Text(name, place)
	f.read = func(value any) bool {
		text, ok := jsonOf(value)
		if ok {
			*place = text
		}
		return ok
	}
	return f
}

// Secret is a label that is a text, or JSON in one, and is not shown.
func Secret(name string, place *nhncloud.Secret) Field {
	return Field{
		name: name,
		read: func(value any) bool {
			text, ok := jsonOf(value)
			if ok {
				*place = nhncloud.Secret(text)
			}
			return ok
		},
		write: func() any { return unlessEmpty(string(*place)) },
		shown: func() any { return unlessEmpty(place.String()) },
	}
}

// Number is a label that is a whole number in a text. 0 does not travel.
func Number(name string, place *int) Field {
	return Field{
		name: name,
		read: func(value any) bool { return decode(value, place) },
		write: func() any {
			if *place == 0 {
				return nil
			}
			return strconv.Itoa(*place)
		},
	}
}

// Flag is a label that is a Boolean in a text and stands for false where it is
// missing.
func Flag(name string, place *bool) Field {
	return Field{
		name: name,
		read: func(value any) bool { return decode(value, place) },
		write: func() any {
			if !*place {
				return nil
			}
			return Bool(true)
		},
	}
}

// Required is a [Flag] that always travels.
func Required(name string, place *bool) Field {
	f := Flag(name, place)
	f.unset = Bool(false)
	return f
}

// Optional is a label that is a Boolean in a text, where it is told.
func Optional(name string, place **bool) Field {
	return Field{
		name: name,
		read: func(value any) bool {
			if value == nil || value == "" {
				*place = nil
				return true
			}
			told := false
			ok := decode(value, &told)
			if ok {
				*place = &told
			}
			return ok
		},
		write: func() any {
			if *place == nil {
				return nil
			}
			return Bool(**place)
		},
	}
}

// Bool is a Boolean as it travels.
func Bool(value bool) string {
	if value {
		return "True"
	}
	return "False"
}

// Colons is a label that is a list in a text, with colons between.
func Colons(name string, place *[]string) Field {
	return Field{
		name: name,
		read: func(value any) bool {
			list, ok := Split(value, ":")
			if ok {
				*place = list
			}
			return ok
		},
		write: func() any { return unlessEmpty(strings.Join(*place, ":")) },
	}
}

// Split reads a list that is one text, or an array of such texts.
func Split(value any, separator string) (list []string, ok bool) {
	many, is := value.([]any)
	if !is {
		many = []any{value}
	}
	for _, value := range many {
		text, ok := textOf(value)
		if !ok {
			return nil, false
		}
		for one := range strings.SplitSeq(text, separator) {
			if one = strings.TrimSpace(one); one != "" {
				list = append(list, one)
			}
		}
	}
	return list, true
}

// Array is a label that is an array of objects. It is read from JSON in a text
// as well.
func Array[T any](name string, place *[]T) Field {
	return Field{
		name: name,
		read: func(value any) bool {
			var list []T
			text, is := value.(string)
			if is && !decodeText(text, &list) || !is && !decode(value, &list) {
				return false
			}
			if *place = nil; len(list) > 0 {
				*place = list
			}
			return true
		},
		write: func() any {
			if len(*place) == 0 {
				return nil
			}
			return *place
		},
	}
}

// Key is a label that names a key of Secure Key Manager, by JSON in a text.
func Key(name string, place *string) Field {
	type object struct {
		ID string `json:"key_id" wire:"required"`
	}
	return Field{
		name: name,
		read: func(value any) bool {
			text, ok := jsonOf(value)
			var key object
			if ok = ok && (text == "" || decodeText(text, &key)); ok {
				*place = key.ID
			}
			return ok
		},
		write: func() any {
			if *place == "" {
				return nil
			}
			text, _ := wire.Marshal(object{*place})
			return string(text)
		},
	}
}

func unlessEmpty(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// textOf reads a value that is a text, a number or a Boolean.
func textOf(value any) (text string, ok bool) {
	switch value.(type) {
	case map[string]any, []any:
		return "", false
	}
	ok = decode(value, &text)
	return text, ok
}

// jsonOf reads a text, or makes one of what is an object itself.
func jsonOf(value any) (text string, ok bool) {
	if text, ok = textOf(value); ok {
		return text, true
	}
	encoded, err := wire.Marshal(value)
	return string(encoded), err == nil
}

// decode reads a value in the dialect of the services. What fails leaves the
// place as it was.
func decode[T any](value any, place *T) bool {
	encoded, err := json.Marshal(value)
	return err == nil && decodeText(string(encoded), place)
}

func decodeText[T any](text string, place *T) bool {
	var read T
	if text != "" && wire.Decode(bytes.NewReader([]byte(text)), "", &read) != nil {
		return false
	}
	*place = read
	return true
}
