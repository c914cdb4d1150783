package wire_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/nhncloud-go/nhncloud/internal/wire"
)

// everything has members of all kinds that the public types use.
type everything struct {
	scalars
	Server  server                     `json:"server"`
	Servers []server                   `json:"servers"`
	Flavors []flavor                   `json:"flavors"`
	Access  map[string]json.RawMessage `json:"access"`
	Any     any                        `json:"any"`
	Rest    map[string]json.RawMessage `json:"-" wire:"rest"`
}

func FuzzDecode(f *testing.F) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) == 0 {
		f.Fatal("no payloads: ", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, "")
		f.Add(data, "servers")
	}
	for _, seed := range []string{
		``, `null`, `{}`, `{"server":null}`, `{"server":{}}x`, `{"int":"4","int64":4.0,"float":"1e3","bool":"True"}`,
		`{"time":"2020-02-27T12:16:05.5+09:00","ptime":""}`, `{"map":{"a":1,"\u0061":null},"versions":{"a":"1"}}`,
		`{"named":"\ud800","string":true,"slice":[1],"ints":[""]}`, `{"nested":{"deep":[{"deep":[]}]},"pnested":{}}`,
		"{\"string\":\"\xff\",\"\xff\":1}", `{"any":{"a":[1,"x",null]},"access":{"a":{}}}`, `{"pint":0,"pint":null}`,
	} {
		f.Add([]byte(seed), "")
		f.Add([]byte(seed), "server")
		f.Add([]byte(`{"server":`+seed+`}`), "server")
	}
	f.Fuzz(func(t *testing.T, data []byte, key string) {
		checkDecode[everything](t, data, key)
		checkDecode[server](t, data, key)
		checkDecode[[]server](t, data, key)
		checkDecode[map[string]string](t, data, key)
		checkDecode[string](t, data, key)
		checkDecode[any](t, data, key)
	})
}

func checkDecode[T any](t *testing.T, data []byte, key string) {
	var first, again, slowly, roundTrip T
	err := wire.Decode(bytes.NewReader(data), key, &first)
	if other := wire.Decode(iotest.OneByteReader(bytes.NewReader(data)), key, &slowly); (err == nil) != (other == nil) {
		t.Fatalf("%T: %v, but byte by byte %v", first, err, other)
	}
	if err != nil {
		return
	}
	if !reflect.DeepEqual(first, slowly) {
		t.Fatalf("%T: byte by byte %+v, not %+v", first, slowly, first)
	}
	if err := wire.Decode(bytes.NewBuffer(bytes.Clone(data)), key, &again); err != nil || !reflect.DeepEqual(first, again) {
		t.Fatalf("%T: again %+v, %v, not %+v", first, again, err, first)
	}
	// Some values have no JSON form: a year past 9999, raw invalid UTF-8.
	encoded, err := wire.Marshal(first)
	if err != nil {
		return
	}
	if err := wire.Decode(bytes.NewReader(encoded), "", &roundTrip); err != nil {
		if string(encoded) == "null" {
			return
		}
		t.Fatalf("%T: own encoding %s: %v", first, encoded, err)
	}
	if second, err := wire.Marshal(roundTrip); err != nil || !bytes.Equal(encoded, second) {
		t.Fatalf("%T: %s became %s, %v", first, encoded, second, err)
	}
}

func FuzzParseTime(f *testing.F) {
	for _, seed := range []string{
		"", "2020-02-25T01:22:24Z", "2020-02-25T01:22:23.000000", "2020-02-27 03:16:05", "2023-01-17 05:14:52.037777",
		"2021-08-05T01:48:39+00:00", "2021-08-05T01:48:39.123456-0330", "2021-08-05T01:48:39+09", "2021-02-30T00:00:00Z",
		"0000-01-01T00:00:00+23:59", "9999-12-31T23:59:59.999999999-23:59", "2020-02-29T24:60:60", "2021-13-01T00:00:00Z",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := wire.ParseTime(s)
		fromBytes, okBytes := wire.ParseTime([]byte(s))
		if ok != okBytes || !got.Equal(fromBytes) {
			t.Fatalf("%q: %v %v as text, %v %v as bytes", s, got, ok, fromBytes, okBytes)
		}
		std, stdOK := parseWithLayouts(s)
		switch {
		case ok && !stdOK:
			t.Fatalf("%q: %v, but time.Parse refuses it", s, got)
		case ok && (!std.Equal(got) || got.Location() != time.UTC):
			t.Fatalf("%q: %v, but time.Parse says %v", s, got, std)
		case !ok && stdOK && canonical(s, std):
			t.Fatalf("%q: refused, but time.Parse says %v", s, std)
		}
	})
}

// canonical tells whether formatting t gives s back. time.Parse also takes a
// few forms that no service prints, such as hours of one digit, commas, zones
// beyond a day and more than nine digits of a fraction.
func canonical(s string, t time.Time) bool {
	if _, offset := t.Zone(); max(offset, -offset) >= 24*60*60 {
		return false
	}
	fraction := ""
	if dot := strings.IndexByte(s, '.'); dot > 0 {
		end := dot + 1
		for end < len(s) && '0' <= s[end] && s[end] <= '9' {
			end++
		}
		if end-dot > 10 {
			return false
		}
		fraction = "." + strings.Repeat("0", end-dot-1)
	}
	for _, layout := range layouts {
		const clock = len("2006-01-02T15:04:05")
		for _, zone := range []string{layout[clock:], strings.Replace(layout[clock:], "Z", "-", 1)} {
			if t.Format(layout[:clock]+fraction+zone) == s {
				return true
			}
		}
	}
	return false
}
