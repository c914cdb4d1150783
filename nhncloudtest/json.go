package nhncloudtest

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

// object is a JSON object, as it comes and as it goes.
type object = map[string]any

// parseObject reads one JSON object, keeping numbers as they were written.
func parseObject(data []byte) (object, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var o object
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

// encode writes a value as the services do: without escaping <, > and &.
func encode(v any) []byte {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(fmt.Sprintf("nhncloudtest: %v", err)) // the values are all our own
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n"))
}

// str is the string under a key, "" when it is absent or something else.
func str(o object, key string) string {
	s, _ := o[key].(string)
	return s
}

// sub is the object under a key; nil when it is absent or something else.
func sub(o object, key string) object {
	v, _ := o[key].(object)
	return v
}

// asInt takes the integers that the services take: 4 and "4".
func asInt(v any) (int, bool) {
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

// asBool takes true, "true" in the spellings of Python services, and 1.
func asBool(v any) (value, ok bool) {
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

// pyRepr writes a value as Python prints it; the services quote what they
// refuse in that form.
func pyRepr(v any) string {
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
			parts[i] = pyRepr(e)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case object:
		parts := make([]string, 0, len(v))
		for _, k := range slices.Sorted(maps.Keys(v)) {
			parts = append(parts, pyRepr(k)+": "+pyRepr(v[k]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return fmt.Sprint(v)
}

// Time as the services write it.
func seconds(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }
func micros(t time.Time) string  { return t.UTC().Format("2006-01-02T15:04:05.000000") }
func spaced(t time.Time) string  { return t.UTC().Format("2006-01-02 15:04:05") }

// orNull is nil for a zero time.
func orNull(t time.Time, format func(time.Time) string) any {
	if t.IsZero() {
		return nil
	}
	return format(t)
}

// newID makes a random id, with hyphens.
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return hyphens(b[:])
}

// newHexID makes a random id without hyphens, as users, tenants and tokens have.
func newHexID() string { return strings.ReplaceAll(newID(), "-", "") }

// fixedID is the same for the same words in every run.
func fixedID(words ...string) string {
	sum := sha1.Sum([]byte(strings.Join(words, "\x00")))
	sum[6], sum[8] = sum[6]&0x0f|0x50, sum[8]&0x3f|0x80
	return hyphens(sum[:16])
}

func fixedHexID(words ...string) string {
	return strings.ReplaceAll(fixedID(words...), "-", "")
}

func hyphens(b []byte) string {
	s := hex.EncodeToString(b)
	return s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]
}
