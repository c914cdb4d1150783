package oracle_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/wire"
)

// payloads are all answers that the tests of the project have, documented ones
// and others.
func payloads(tb testing.TB) map[string][]byte {
	tb.Helper()
	found := map[string][]byte{}
	err := filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.Contains(path, "testdata") || !strings.HasSuffix(path, ".json") {
			return err
		}
		data, err := os.ReadFile(path)
		found[path] = data
		return err
	})
	if err != nil || len(found) < 100 {
		tb.Fatal(len(found), "payloads: ", err)
	}
	return found
}

// keys are the members that a payload can be decoded by.
func keys(data []byte) []string {
	var members map[string]json.RawMessage
	_ = json.Unmarshal(data, &members) // or there are none
	keys := []string{""}
	for key := range members {
		keys = append(keys, key)
	}
	return keys
}

// TestPayloads decodes each payload as each type, whether they belong together
// or not, as one and as a list.
func TestPayloads(t *testing.T) {
	t.Parallel()
	good := 0
	for path, data := range payloads(t) {
		for _, key := range keys(data) {
			for _, value := range publicTypes {
				one := reflect.TypeOf(value)
				for _, typ := range []reflect.Type{one, reflect.SliceOf(one), reflect.SliceOf(reflect.PointerTo(one))} {
					if compare(t, data, key, typ) {
						good++
					}
				}
			}
		}
		if t.Failed() {
			t.Fatal(path)
		}
	}
	t.Logf("%d of them can be decoded", good)
	if good < 1000 {
		t.Error(good)
	}
}

// compare decodes with both decoders. They have to get the same value, or refuse
// it both. It reports whether there is a value.
func compare(t *testing.T, data []byte, key string, typ reflect.Type) bool {
	t.Helper()
	got, slowly, want := reflect.New(typ), reflect.New(typ), reflect.New(typ)
	err := wire.Decode(bytes.NewReader(data), key, got.Interface())
	slowErr := wire.Decode(iotest.OneByteReader(bytes.NewReader(data)), key, slowly.Interface())
	if fmt.Sprint(err) != fmt.Sprint(slowErr) {
		t.Fatalf("%v, %q of %s: %v, byte by byte %v", typ, key, data, err, slowErr)
	}
	wantErr := oldDecode(bytes.NewReader(data), key, want.Interface())
	if (err == nil) != (wantErr == nil) {
		t.Fatalf("%v, %q of %s: %v, the decoder of before %v", typ, key, data, err, wantErr)
	}
	if err != nil {
		if !utf8.ValidString(err.Error()) && utf8.Valid(data) || len(err.Error()) > 600+4*len(key) {
			t.Fatalf("%v, %q of %s: %q", typ, key, data, err)
		}
		return false
	}
	if !reflect.DeepEqual(got.Interface(), want.Interface()) {
		t.Fatalf("%v, %q of %s:\n%+v, the decoder of before\n%+v", typ, key, data, got.Elem(), want.Elem())
	}
	if !reflect.DeepEqual(got.Interface(), slowly.Interface()) {
		t.Fatalf("%v, %q of %s: byte by byte %+v, at once %+v", typ, key, data, slowly.Elem(), got.Elem())
	}
	return true
}

// seeds begin the fuzzing.
func seeds(f *testing.F, add func(data []byte, key string)) {
	for _, data := range payloads(f) {
		if len(data) > 4<<10 {
			continue
		}
		for _, key := range keys(data) {
			add(data, key)
		}
	}
	for _, seed := range []string{
		``, `null`, `{}`, `{"a":null}`, `{"a":{}}x`, `{"int":"4","int64":4.0,"float":"1e3","bool":"True","word":4,"count":"2"}`,
		`{"time":"2020-02-27T12:16:05.5+09:00","ptime":""}`, `{"map":{"a":1,"\u0061":null},"words":{"a":[{"id":1}]}}`,
		`{"word":"\ud800","string":true,"slice":[1],"ints":[""]}`, `{"nested":{"id":"a","deep":[{"id":"b","deep":[]}]},"pnested":{}}`,
		"{\"string\":\"\xff\",\"\xff\":1}", `{"any":{"a":[1,"x",null]},"raw":{"a":{}, "b": [ 1 ]}}`, `{"pint":0,"pint":null}`,
		`{"nested":"","pnested":"","list":["",null,{"id":"\ud83d\ude00"}],"protocol":"null","HOP":"x","more":{"a":1}}`,
		`{"ref":"a","refs":["b",{"id":"c","name":"d"},"",null]}`, `{"nested":{"id":"a","next":{"id":"b","count":-0.0e1}},"int":9223372036854775807,"float":-1.7e308}`,
	} {
		add([]byte(seed), "")
		add([]byte(`{"a":`+seed+`}`), "a")
	}
	for _, data := range corpus(f) {
		add(data, "")
	}
}

// corpus is what fuzzing has found to be interesting, a quoted text a line.
func corpus(tb testing.TB) (found [][]byte) {
	tb.Helper()
	file, err := os.ReadFile("testdata/corpus.txt")
	if err != nil {
		tb.Fatal(err)
	}
	for line := range strings.Lines(string(file)) {
		text, err := strconv.Unquote(strings.TrimSuffix(line, "\n"))
		if err != nil {
			tb.Fatalf("%s: %v", line, err)
		}
		found = append(found, []byte(text))
	}
	return found
}

// FuzzOld compares with the decoder of before.
func FuzzOld(f *testing.F) {
	seeds(f, func(data []byte, key string) { f.Add(data, key) })
	types := []reflect.Type{reflect.TypeFor[everything](), reflect.TypeFor[[]*nested](), reflect.TypeFor[map[string]string](), reflect.TypeFor[any]()}
	f.Fuzz(func(t *testing.T, data []byte, key string) {
		if repeats(data) {
			return // the rule for repeated names is another
		}
		for _, typ := range types {
			compare(t, data, key, typ)
		}
	})
}

// repeats reports whether an object has a name twice.
func repeats(data []byte) bool {
	d := jsontext.NewDecoder(bytes.NewReader(data), jsontext.AllowInvalidUTF8(true))
	for {
		if _, err := d.ReadToken(); err != nil {
			return strings.Contains(err.Error(), "duplicate")
		}
	}
}

// FuzzV2 compares with json v2 itself, on types and texts for which the dialect
// has no rule of its own.
func FuzzV2(f *testing.F) {
	seeds(f, func(data []byte, _ string) { f.Add(data) })
	f.Fuzz(func(t *testing.T, data []byte) {
		if repeats(data) {
			return
		}
		checkV2[any](t, data)
		checkV2[[]any](t, data)
		checkV2[map[string]any](t, data)
		checkV2[map[string]map[string][]any](t, data)
		checkV2[struct {
			A any            `json:"a"`
			B map[string]any `json:"b"`
			C []*struct {
				D any `json:"d"`
			} `json:"c"`
		}](t, data)
	})
}

func checkV2[T any](t *testing.T, data []byte) {
	t.Helper()
	var got, want T
	err := wire.Decode(bytes.NewReader(data), "", &got)
	wantErr := jsonv2.Unmarshal(data, &want, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if err != nil && (strings.Contains(err.Error(), "null in place of an object") || strings.Contains(err.Error(), "as a number")) {
		return
	}
	if wantErr != nil && strings.Contains(wantErr.Error(), "JSON string into Go struct") && bytes.Contains(data, []byte(`""`)) {
		return // an absent object
	}
	if (err == nil) != (wantErr == nil) {
		t.Fatalf("%T from %s: %v, json v2 %v", got, data, err, wantErr)
	}
	if err == nil && !reflect.DeepEqual(got, want) {
		t.Fatalf("%T from %s: %+v, json v2 %+v", got, data, got, want)
	}
}

// TestSecretsWithV2: json v2 shows no secret either.
func TestSecretsWithV2(t *testing.T) {
	t.Parallel()
	const s = nhncloud.Secret("hunter2")
	for _, value := range []any{s, map[nhncloud.Secret]nhncloud.Secret{s: s}, []nhncloud.Secret{s}, nhncloud.Config{Password: s}} {
		// A duration has no form in json v2 unless one is asked for.
		encoded, err := jsonv2.Marshal(value, jsonv1.FormatDurationAsNano(true))
		if err != nil || strings.Contains(string(encoded), "hunter2") {
			t.Errorf("%s, %v", encoded, err)
		}
	}
	var back nhncloud.Secret
	if err := jsonv2.Unmarshal([]byte(`"hunter2"`), &back); err != nil || back != s {
		t.Errorf("%v, %q", err, string(back))
	}
}
