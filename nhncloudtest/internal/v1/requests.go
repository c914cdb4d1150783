package v1

import (
	"strings"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// request is the object of the body under a key.
func (c *call) request(key string) (object, *frame.Reply) {
	if o := frame.Sub(c.Body, key); o != nil {
		return o, nil
	}
	return nil, badParameters("%s is missing", key)
}

// queried is the value of the query that a call cannot do without.
func (c *call) queried(key string) (string, *frame.Reply) {
	if v := c.Query.Get(key); v != "" {
		return v, nil
	}
	return "", badParameters("%s is missing", key)
}

// texts reads strings that must be there and not empty; none is longer than
// 255 characters.
func texts(o object, keys ...string) ([]string, *frame.Reply) {
	var out []string
	for _, key := range keys {
		s, r := optionalText(o, key)
		switch {
		case r != nil:
			return nil, r
		case strings.TrimSpace(s) == "":
			return nil, badParameters("%s is missing", key)
		}
		out = append(out, s)
	}
	return out, nil
}

func optionalText(o object, key string) (string, *frame.Reply) {
	s, ok := o[key].(string)
	switch {
	case !ok && o[key] != nil:
		return "", badParameters("%s is not a string", key)
	case len([]rune(s)) > 255:
		return "", badParameters("%s is longer than 255 characters", key)
	}
	return s, nil
}

// listing shows the elements of a list, or the one that the query names.
func listing[T any](c *call, what string, all []T, id func(T) string, body func(T) object) ([]object, *frame.Reply) {
	want := c.Query.Get("id")
	list := []object{}
	for _, e := range all {
		if want == "" || id(e) == want {
			list = append(list, body(e))
		}
	}
	if want != "" && len(list) == 0 {
		return nil, c.area().notFound(what, want)
	}
	return list, nil
}
