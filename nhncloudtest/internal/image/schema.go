package image

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// property is what the schema of an image says of one.
type property struct {
	description string
	types       []string // of JSON schema
	max         int      // characters; 0 means any number
	enum        []any
}

const maxText = 255 // characters of names, tags and the like

var schema = map[string]property{
	"id":               {description: "An identifier for the image", types: []string{"string"}},
	"name":             {description: "Descriptive name for the image", types: []string{"null", "string"}, max: maxText},
	"owner":            {description: "Owner of the image", types: []string{"null", "string"}, max: maxText},
	"visibility":       {description: "Scope of image accessibility", types: []string{"string"}, enum: []any{"community", "public", "private", "shared"}},
	"protected":        {description: "If true, image will not be deletable.", types: []string{"boolean"}},
	"os_hidden":        {description: "If true, image will not appear in default image list response.", types: []string{"boolean"}},
	"tags":             {description: "List of strings related to the image", types: []string{"array"}},
	"min_disk":         {description: "Amount of disk space (in GB) required to boot image.", types: []string{"integer"}},
	"min_ram":          {description: "Amount of ram (in MB) required to boot image.", types: []string{"integer"}},
	"container_format": {description: "Format of the container", types: []string{"null", "string"}, enum: []any{nil, "ami", "ari", "aki", "bare", "ovf", "ova", "docker", "compressed"}},
	"disk_format":      {description: "Format of the disk", types: []string{"null", "string"}, enum: []any{nil, "ami", "ari", "aki", "vhd", "vhdx", "vmdk", "raw", "qcow2", "vdi", "iso", "ploop"}},
}

// readOnly are the properties that the service alone sets, and reserved those
// that nobody does.
var (
	readOnly = []string{
		"created_at", "updated_at", "status", "checksum", "size", "virtual_size", "direct_url", "self", "file", "schema", "id",
		"os_hash_algo", "os_hash_value",
	}
	disallowed = []string{"direct_url", "self", "file", "schema", "stores"}
	reserved   = []string{"location", "deleted", "deleted_at"}
)

const ownNamespace = "os_glance"

// writable refuses what a tenant can't set.
func writable(c *frame.Call, key string, readOnly []string) *frame.Reply {
	switch {
	case slices.Contains(readOnly, key):
		return failed(c, http.StatusForbidden, "Attribute '%s' is read-only.", key)
	case slices.Contains(reserved, key) || strings.HasPrefix(key, ownNamespace):
		return failed(c, http.StatusForbidden, "Attribute '%s' is reserved.", key)
	}
	return nil
}

// fits refuses a value that a property can't have.
func fits(c *frame.Call, key string, value any) *frame.Reply {
	p, known := schema[key]
	place := "['properties'][" + frame.PyRepr(key) + "]"
	if !known {
		p, place = property{types: []string{"string"}}, "['additionalProperties']"
	}
	refuse := func(problem, rule, place string, rules object, at string, value any) *frame.Reply {
		return failed(c, http.StatusBadRequest, "Provided object does not match schema 'image': %s\n\nFailed validating '%s' in schema%s:\n    %s\n\nOn instance%s:\n    %s",
			problem, rule, place, frame.PyRepr(rules), at, frame.PyRepr(value))
	}
	at := "[" + frame.PyRepr(key) + "]"
	switch {
	case !isOf(value, p.types):
		return refuse(frame.PyRepr(value)+" is not of type "+quoted(p.types), "type", place, p.rules(), at, value)
	case p.enum != nil && !slices.Contains(p.enum, value):
		return refuse(frame.PyRepr(value)+" is not one of "+frame.PyRepr(p.enum), "enum", place, p.rules(), at, value)
	case p.max > 0 && tooLong(value):
		return refuse(frame.PyRepr(value)+" is too long", "maxLength", place, p.rules(), at, value)
	}
	list, _ := value.([]any)
	for i, tag := range list {
		at, place, rules := fmt.Sprintf("%s[%d]", at, i), place+"['items']", object{"type": "string", "maxLength": maxText}
		switch text, ok := tag.(string); {
		case !ok:
			return refuse(frame.PyRepr(tag)+" is not of type 'string'", "type", place, rules, at, tag)
		case tooLong(tag):
			return refuse(frame.PyRepr(tag)+" is too long", "maxLength", place, rules, at, tag)
		case strings.HasPrefix(text, "_"):
			return failed(c, http.StatusBadRequest, "Tags that begin with _ are not allowed: %s", text)
		}
	}
	return nil
}

func tooLong(value any) bool {
	text, _ := value.(string)
	return utf8.RuneCountInString(text) > maxText
}

// rules is a property as Python prints it.
func (p property) rules() object {
	o := object{"type": p.types[0]}
	if len(p.types) > 1 {
		o["type"] = []any{p.types[0], p.types[1]}
	}
	if p.description != "" {
		o["description"] = p.description
	}
	if p.max > 0 {
		o["maxLength"] = p.max
	}
	if p.enum != nil {
		o["enum"] = p.enum
	}
	return o
}

func quoted(types []string) string { return "'" + strings.Join(types, "', '") + "'" }

// isOf tells whether a value is of one of the types.
func isOf(value any, types []string) bool {
	var kind string
	switch v := value.(type) {
	case nil:
		kind = "null"
	case string:
		kind = "string"
	case bool:
		kind = "boolean"
	case []any:
		kind = "array"
	case json.Number:
		if _, err := v.Int64(); err == nil {
			kind = "integer"
		}
	}
	return slices.Contains(types, kind)
}

// maxCount is how many properties, tags and members an image can have.
const maxCount = 128

// tooMany refuses more than that.
func tooMany(c *frame.Call, n int, what string) *frame.Reply {
	if n <= maxCount {
		return nil
	}
	return failed(c, http.StatusRequestEntityTooLarge,
		"The limit has been exceeded on the number of allowed image %s. Attempted: %d, Maximum: %d", what, n, maxCount)
}
