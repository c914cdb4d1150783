package frame

import (
	"bytes"
	"crypto/rand"
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Object is a JSON object, as it comes and as it goes.
type Object = map[string]any

// ParseObject reads one JSON object, keeping numbers as they were written.
func ParseObject(data []byte) (Object, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var o Object
	if err := dec.Decode(&o); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, errors.New("more than one JSON value")
	}
	if o == nil {
		return nil, errors.New("not a JSON object")
	}
	return o, nil
}

// Encode writes a value as the services do: without escaping <, > and &.
func Encode(v any) []byte {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	Must(enc.Encode(v)) // the values are all our own
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n"))
}

// Str is the string under a key, "" when it is absent or something else.
func Str(o Object, key string) string {
	s, _ := o[key].(string)
	return s
}

// Sub is the object under a key; nil when it is absent or something else.
func Sub(o Object, key string) Object {
	v, _ := o[key].(Object)
	return v
}

// AsInt takes the integers that the services take: 4 and "4".
func AsInt(v any) (int, bool) {
	var s string
	switch v := v.(type) {
	case json.Number:
		s = v.String()
	case string:
		s = v
	default:
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}

// IsDigits tells whether a text has nothing but digits, or nothing at all.
func IsDigits(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r < '0' || r > '9' })
}

// AsBool takes true, "true" in the spellings of Python services, and 1.
func AsBool(v any) (value, ok bool) {
	switch v := v.(type) {
	case bool:
		return v, true
	case json.Number:
		return v == "1", v == "1" || v == "0"
	case string:
		switch strings.ToLower(v) {
		case "1", "t", "true", "on", "y", "yes":
			return true, true
		case "0", "f", "false", "off", "n", "no":
			return false, true
		}
	}
	return false, false
}

// PyStr writes a value as Python's str does.
func PyStr(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	return PyRepr(v)
}

// PyRepr writes a value as Python prints it; the services quote what they
// refuse in that form.
func PyRepr(v any) string {
	switch v := v.(type) {
	case nil:
		return "None"
	case bool:
		if v {
			return "True"
		}
		return "False"
	case string:
		return "'" + v + "'"
	case []any:
		parts := make([]string, len(v))
		for i, e := range v {
			parts[i] = PyRepr(e)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case Object:
		parts := make([]string, 0, len(v))
		for _, k := range slices.Sorted(maps.Keys(v)) {
			parts = append(parts, PyRepr(k)+": "+PyRepr(v[k]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return fmt.Sprint(v)
}

// Seconds is a time as most services write it.
func Seconds(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// Micros is a time with microseconds, without a zone.
func Micros(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000") }

// Spaced is a time with a space in it.
func Spaced(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05") }

// OrNull is nil for a zero time.
func OrNull(t time.Time, format func(time.Time) string) any {
	if t.IsZero() {
		return nil
	}
	return format(t)
}

// Nullable is nil for the zero value.
func Nullable[T comparable](v T) any {
	var zero T
	if v == zero {
		return nil
	}
	return v
}

// NewID makes a random id, with hyphens.
func NewID() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return hyphens(b[:])
}

// NewHexID makes a random id without hyphens, as users, tenants and tokens have.
func NewHexID() string { return strings.ReplaceAll(NewID(), "-", "") }

// FixedID is the same for the same words in every run.
func FixedID(words ...string) string {
	sum := sha1.Sum([]byte(strings.Join(words, "\x00")))
	sum[6], sum[8] = sum[6]&0x0f|0x50, sum[8]&0x3f|0x80
	return hyphens(sum[:16])
}

// FixedHexID is FixedID without hyphens.
func FixedHexID(words ...string) string {
	return strings.ReplaceAll(FixedID(words...), "-", "")
}

func hyphens(b []byte) string {
	s := hex.EncodeToString(b)
	return s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]
}

// Must is for errors that only broken code could bring about.
func Must(err error) {
	if err != nil {
		panic(fmt.Sprintf("nhncloudtest: %v", err))
	}
}
