package oracle_test

import (
	"bytes"
	"math"
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/nhncloud-go/nhncloud/internal/wire"
)

// scalar returns the text of a number, Boolean or string, and false when the
// value counts as unset: null and the empty string.
func scalar(raw jsontext.Value) (text []byte, set bool) {
	switch raw.Kind() {
	case jsontext.KindNull:
		return nil, false
	case jsontext.KindString:
		text = raw[1 : len(raw)-1]
		if bytes.IndexByte(text, '\\') >= 0 { // rare enough to allocate
			// The decoder has checked the syntax; what is left is invalid UTF-8,
			// which no scalar but a string may hold.
			text, _ = jsontext.AppendUnquote(nil, raw)
		}
		text = bytes.TrimSpace(text)
		return text, len(text) > 0
	default:
		return raw, true
	}
}

// decodeInteger accepts 4, "4", 4.0, and as zero null and "".
func decodeInteger[T int | int64](dec *jsontext.Decoder, v *T) error {
	raw, err := dec.ReadValue()
	if err != nil {
		return err
	}
	text, set := scalar(raw)
	if !set {
		*v = 0
		return nil
	}
	if n, ok := parseInteger(text); ok && int64(T(n)) == n {
		*v = T(n)
		return nil
	}
	return mismatch(raw, v)
}

func parseInteger(text []byte) (int64, bool) {
	if n, err := strconv.ParseInt(string(text), 10, 64); err == nil {
		return n, true
	}
	f, ok := parseFloat(text)
	if !ok || f != math.Trunc(f) || math.Abs(f) >= 1<<53 {
		return 0, false
	}
	return int64(f), true
}

// decodeFloat accepts 1.5, "1.5", and as zero null and "".
func decodeFloat(dec *jsontext.Decoder, v *float64) error {
	raw, err := dec.ReadValue()
	if err != nil {
		return err
	}
	text, set := scalar(raw)
	if !set {
		*v = 0
		return nil
	}
	f, ok := parseFloat(text)
	if !ok {
		return mismatch(raw, v)
	}
	*v = f
	return nil
}

// parseFloat refuses what strconv takes for a number beyond decimal notation:
// words such as "inf", hexadecimal floats such as "0x1p4" and "1_000".
func parseFloat(text []byte) (float64, bool) {
	if c := text[len(text)-1]; c < '0' || c > '9' || bytes.ContainsAny(text, "xX_") {
		return 0, false
	}
	f, err := strconv.ParseFloat(string(text), 64)
	return f, err == nil && !math.IsInf(f, 0)
}

// decodeBool accepts true, "true", "True", 1, "1" and their opposites, and as
// false null and "".
func decodeBool(dec *jsontext.Decoder, v *bool) error {
	raw, err := dec.ReadValue()
	if err != nil {
		return err
	}
	text, set := scalar(raw)
	switch {
	case !set, string(text) == "0", bytes.EqualFold(text, []byte("false")):
		*v = false
	case string(text) == "1", bytes.EqualFold(text, []byte("true")):
		*v = true
	default:
		return mismatch(raw, v)
	}
	return nil
}

// decodeTime accepts every layout of wire.ParseTime, and as the zero time null
// and "".
func decodeTime(dec *jsontext.Decoder, v *time.Time) error {
	raw, err := dec.ReadValue()
	if err != nil {
		return err
	}
	text, set := scalar(raw)
	if !set {
		*v = time.Time{}
		return nil
	}
	t, ok := wire.ParseTime(text)
	if !ok || raw.Kind() != jsontext.KindString {
		return mismatch(raw, v)
	}
	*v = t
	return nil
}
