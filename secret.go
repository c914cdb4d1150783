package nhncloud

import (
	"fmt"
	"io"
	"log/slog"

	"github.com/nhncloud-go/nhncloud/internal/redact"
)

// redacted stands wherever a secret would show.
const redacted = redact.Mark

// Secret is a text that does not print itself: a password, a token, a private
// key, a user data script. Every verb of package fmt, slog and JSON encoding
// show "[REDACTED]" in its place. Convert it with string(s) where the value is
// needed.
//
// Go sets limits to that: package fmt asks no methods for %p and for unexported
// fields, and encoding/json none for the keys of a map.
type Secret string

// String returns "[REDACTED]", or "" for an empty secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return redacted
}

// GoString keeps the secret out of %#v.
func (s Secret) GoString() string { return fmt.Sprintf("nhncloud.Secret(%q)", s.String()) }

// Format keeps the secret out of every verb, %x and %d included.
func (s Secret) Format(f fmt.State, verb rune) {
	if verb == 'v' && f.Flag('#') {
		_, _ = io.WriteString(f, s.GoString())
		return
	}
	_, _ = io.WriteString(f, s.String())
}

// LogValue keeps the secret out of structured logs.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText keeps the secret out of JSON, and of every other encoding that
// knows [encoding.TextMarshaler]. What is encoded can't be decoded again: a
// program that stores a secret converts it with string(s) first.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
