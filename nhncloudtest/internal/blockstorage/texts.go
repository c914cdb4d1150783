package blockstorage

import "github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"

// Text is one that a tenant gives a thing, or null.
type Text struct {
	Text  string
	Given bool
}

// TextOf is a text that is given.
func TextOf(text string) Text { return Text{text, true} }

// Value is the text, or null.
func (t Text) Value() any {
	if !t.Given {
		return nil
	}
	return t.Text
}

// readTexts reads name and description.
func readTexts(request object) (name, description Text, r *frame.Reply) {
	for key, field := range map[string]*Text{"name": &name, "description": &description} {
		value, given := request[key]
		if !given || value == nil {
			continue
		}
		text, ok := value.(string)
		switch {
		case !ok:
			return name, description, frame.Invalid(key, value, frame.PyRepr(value)+" is not of type 'string', 'null'")
		case len([]rune(text)) > 255:
			return name, description, frame.Invalid(key, value, frame.PyRepr(frame.Shorten(text))+" is too long")
		}
		*field = TextOf(text)
	}
	return name, description, nil
}

// readMetadata reads what may be left out.
func readMetadata(request object) (map[string]string, *frame.Reply) {
	if request["metadata"] == nil {
		return map[string]string{}, nil
	}
	return frame.ReadMetadata("metadata", request["metadata"])
}

// readBool reads a Boolean that may be left out.
func readBool(request object, key string) (bool, *frame.Reply) {
	value, given := request[key]
	if !given {
		return false, nil
	}
	b, ok := frame.AsBool(value)
	if !ok {
		return false, frame.Invalid(key, value, frame.PyRepr(value)+" is not of type 'boolean'")
	}
	return b, nil
}
