package wire_test

import (
	"bytes"
	stdjson "encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/internal/wire"
)

func TestDecodeWholeErrors(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`null`:     "null in place of an object",
		`{}{}`:     "more than one JSON value",
		`{}null`:   "more than one JSON value",
		`{} "a"`:   "more than one JSON value",
		`{},`:      "invalid character ','",
		`{}]`:      "invalid character ']'",
		`{}x`:      "invalid character 'x'",
		"{}\x00":   "invalid character",
		`[]`:       "can't read [] as an object",
		`"x"`:      "as an object",
		`{'a':1}`:  "invalid character",
		`{"a":1,}`: "invalid character",
		`// c
{}`: "invalid character",
	} {
		t.Run(in, func(t *testing.T) {
			t.Parallel()
			var got flavor
			assert.ErrorContains(t, wire.Decode(strings.NewReader(in), "", &got), want)
		})
	}
}

func TestDecodeEmptyBody(t *testing.T) {
	t.Parallel()
	for _, in := range []string{"", " ", "\r\n\t "} {
		for _, key := range []string{"", "flavor"} {
			var got flavor
			assert.Equal(t, io.ErrUnexpectedEOF, wire.Decode(strings.NewReader(in), key, &got), "%q %q", in, key)
		}
	}
}

// TestDecodeTruncated cuts documented answers after every byte.
func TestDecodeTruncated(t *testing.T) {
	t.Parallel()
	for file, test := range documented() {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			whole := strings.TrimSpace(payload(t, file))
			for n := range len(whole) {
				out := reflect.New(reflect.TypeOf(test.want)).Interface()
				err := wire.Decode(strings.NewReader(whole[:n]), test.key, out)
				require.ErrorIs(t, err, io.ErrUnexpectedEOF, "%d bytes", n)
				require.NotEqual(t, io.EOF, err)
				if n%7 == 0 {
					err = wire.Decode(strings.NewReader(whole[:n]), "absent", out)
					require.ErrorIs(t, err, io.ErrUnexpectedEOF, "%d bytes", n)
				}
			}
		})
	}
}

// TestDecodeReaderError lets the connection break after every byte.
func TestDecodeReaderError(t *testing.T) {
	t.Parallel()
	whole := payload(t, "compute-v2-get-server.response.json")
	broken := &net.OpError{Op: "read", Err: os.ErrDeadlineExceeded}
	for n := range len(whole) + 1 {
		for _, key := range []string{"", "server", "absent"} {
			if key == "absent" && n >= len(strings.TrimSpace(whole)) {
				continue // that the member is missing is known by then
			}
			var got server
			err := wire.Decode(io.MultiReader(strings.NewReader(whole[:n]), iotest.ErrReader(broken)), key, &got)
			require.ErrorIs(t, err, broken, "%d bytes, key %q", n, key)
			require.ErrorIs(t, err, os.ErrDeadlineExceeded)
			var op *net.OpError
			require.ErrorAs(t, err, &op)
		}
	}
}

// TestDecodeReaders checks that the size of the reads makes no difference.
func TestDecodeReaders(t *testing.T) {
	t.Parallel()
	for file, test := range documented() {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			whole := payload(t, file)
			for name, wrap := range map[string]func(io.Reader) io.Reader{
				"one byte":   iotest.OneByteReader,
				"half":       iotest.HalfReader,
				"data error": iotest.DataErrReader,
				"buffer":     func(r io.Reader) io.Reader { b := new(bytes.Buffer); _, _ = b.ReadFrom(r); return b },
			} {
				out := reflect.New(reflect.TypeOf(test.want))
				require.NoError(t, wire.Decode(wrap(strings.NewReader(whole)), test.key, out.Interface()), name)
				assert.Equal(t, test.want, out.Elem().Interface(), name)
			}
		})
	}
}

func TestDecodeSupports(t *testing.T) {
	t.Parallel()
	var versions map[string]bool
	require.NoError(t, wire.Decode(strings.NewReader(payload(t, "nks-get-supports.response.json")), "supported_k8s", &versions))
	assert.Len(t, versions, 16)
	assert.True(t, versions["v1.32.3"])
	assert.False(t, versions["v1.17.6"])
}

// TestDecodeDocumentedPlaceholders reads a page that prints placeholders in
// place of values.
func TestDecodeDocumentedPlaceholders(t *testing.T) {
	t.Parallel()
	var flavors []flavor
	err := wire.Decode(strings.NewReader(payload(t, "compute-v1-list-flavors.response.json")), "flavors", &flavors)
	require.ErrorContains(t, err, "/flavors/0/ram")
	require.ErrorContains(t, err, "{RAM}")
}

// TestDecodeRepeatedName follows the load balancer page, whose answers name
// ipacl_groups twice.
func TestDecodeRepeatedName(t *testing.T) {
	t.Parallel()
	type group struct {
		ID   string `json:"ipacl_group_id"`
		Note string `json:"note"`
	}
	var got struct {
		Groups []group `json:"ipacl_groups"`
	}
	require.NoError(t, wire.Decode(strings.NewReader(`{"loadbalancer":{
		"ipacl_groups":[{"ipacl_group_id":"a","note":"x"},{"ipacl_group_id":"b"}],
		"name":"LB-1",
		"ipacl_groups":[{"ipacl_group_id":"c"}]}}`), "loadbalancer", &got))
	assert.Equal(t, []group{{ID: "c"}}, got.Groups)
}

func TestDecodeText(t *testing.T) {
	t.Parallel()
	tests := []struct{ in, want string }{
		{`"plain"`, "plain"},
		{`"\"\\\/\b\f\n\r\t"`, "\"\\/\b\f\n\r\t"},
		{`"\u0041\u00e9\uc11c\uc6b8"`, "Aé서울"},
		{`"서울 리전"`, "서울 리전"},
		{`"\ud83d\ude00"`, "😀"},
		{`"\u0000"`, "\x00"},
		{`"\ud83d"`, "\ufffd"},
		{`"\ude00x"`, "\ufffdx"},
		{"\"\xff\"", "\ufffd"},
		{"\"a\xc3\"", "a\ufffd"},
		{"\"\xed\x95\"", "\ufffd\ufffd"},
		{"\"\xed\xa0\x80\"", "\ufffd\ufffd\ufffd"},
		{"\"\\n\xffb\"", "\n\ufffdb"},
		{`"` + strings.Repeat("x", 10000) + `"`, strings.Repeat("x", 10000)},
		{`"` + strings.Repeat(`\n`, 10000) + `"`, strings.Repeat("\n", 10000)},
	}
	for i, test := range tests {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			var got struct {
				String string            `json:"s"`
				Named  status            `json:"n"`
				Map    map[string]string `json:"m"`
				Named2 map[string]status `json:"m2"`
				Any    any               `json:"a"`
			}
			in := strings.ReplaceAll(`{"s":$,"n":$,"m":{$:$},"m2":{$:$},"a":$,$:$}`, "$", test.in)
			for _, key := range []string{"", "key"} {
				if key != "" {
					in = `{"key":` + in + `}`
				}
				require.NoError(t, wire.Decode(strings.NewReader(in), key, &got))
				assert.Equal(t, test.want, got.String)
				assert.Equal(t, test.want, string(got.Named))
				assert.Equal(t, map[string]string{test.want: test.want}, got.Map)
				assert.Equal(t, map[string]status{test.want: status(test.want)}, got.Named2)
				assert.Equal(t, test.want, got.Any)
			}
		})
	}
	for _, in := range []string{`"\x"`, `"\u12"`, `"\u12g4"`, "\"\n\"", "\"\x00\"", `"a`, `"a\`, `"a\"`, `'a'`} {
		var s string
		require.Error(t, wire.Decode(strings.NewReader(in), "", &s), in)
		var m map[string]string
		require.Error(t, wire.Decode(strings.NewReader(`{`+in+`:"a"}`), "", &m), in)
		require.Error(t, wire.Decode(strings.NewReader(`{"a":`+in+`}`), "", &m), in)
		require.Error(t, wire.Decode(strings.NewReader(`{`+in+`:1,"a":{}}`), "a", &m), in)
	}
}

type tree struct {
	Child *tree `json:"child"`
}

func TestDecodeDepth(t *testing.T) {
	t.Parallel()
	deep := func(n int) string { return strings.Repeat(`{"child":`, n) + "null" + strings.Repeat("}", n) }
	var got tree
	require.NoError(t, wire.Decode(strings.NewReader(deep(1000)), "", &got))
	n := 0
	for c := &got; c != nil; c = c.Child {
		n++
	}
	assert.Equal(t, 1000, n)
	for name, in := range map[string]string{
		"typed":     deep(100000),
		"skipped":   `{"x":` + deep(100000) + `}`,
		"arrays":    strings.Repeat("[", 100000),
		"unmatched": `{"x":` + strings.Repeat("[", 1000000),
	} {
		for _, key := range []string{"", "child", "absent"} {
			var got tree
			assert.Error(t, wire.Decode(strings.NewReader(in), key, &got), "%s %q", name, key)
			var value any
			assert.Error(t, wire.Decode(strings.NewReader(in), key, &value), "%s %q", name, key)
			var m map[string]string
			assert.Error(t, wire.Decode(strings.NewReader(in), key, &m), "%s %q", name, key)
		}
	}
}

// itself is a type with a method of encoding/json, whose methods see the value
// as it was sent.
type itself struct {
	Text  string
	Inner flavor
}

func (i *itself) UnmarshalJSON(b []byte) error {
	if i.Text = string(b); i.Text == `"no"` {
		return errors.New("not this one")
	}
	body, err := strconv.Unquote(i.Text)
	if err != nil {
		return nil
	}
	return wire.Decode(strings.NewReader(body), "", &i.Inner)
}

func TestDecodeItself(t *testing.T) {
	t.Parallel()
	type all struct {
		List []*itself                     `json:"list"`
		Map  map[netip.Addr]*int           `json:"map"` // keys are not strings
		IP   netip.Addr                    `json:"ip"`
		Raw  stdjson.RawMessage            `json:"raw"`
		Any  map[string]stdjson.RawMessage `json:"any"`
		Some []byte                        `json:"some"`
		Two  [2]int                        `json:"two"`
		Keys map[status]itself             `json:"keys"`
		Nums map[string]stdjson.Number     `json:"nums"`
	}
	const in = `{"list": [{"a":[1, 2]}, null, "{\"id\":\"a\",\"ram\":\"4\"}" , 7],
		"map": {"10.0.0.1": 4}, "ip": "10.0.0.2", "raw": [ 1 ], "any": {"x": { }, "y":null}, "some": "aGk=", "two": [1,2],
		"keys": {"k": {"deep":"er"}}, "nums": {"n": 12.50, "m": "7"}}`
	var got all
	require.NoError(t, wire.Decode(iotest.OneByteReader(strings.NewReader(in)), "", &got))
	assert.Equal(t, all{
		List: []*itself{{Text: `{"a":[1, 2]}`}, nil, {Text: `"{\"id\":\"a\",\"ram\":\"4\"}"`, Inner: flavor{ID: "a", RAM: 4}}, {Text: "7"}},
		Map:  map[netip.Addr]*int{netip.MustParseAddr("10.0.0.1"): ptr(4)},
		IP:   netip.MustParseAddr("10.0.0.2"),
		Raw:  stdjson.RawMessage("[ 1 ]"),
		Any:  map[string]stdjson.RawMessage{"x": stdjson.RawMessage("{ }"), "y": stdjson.RawMessage("null")},
		Some: []byte("hi"),
		Two:  [2]int{1, 2},
		Keys: map[status]itself{"k": {Text: `{"deep":"er"}`}},
		Nums: map[string]stdjson.Number{"n": "12.50", "m": "7"},
	}, got)

	err := wire.Decode(strings.NewReader(`{"list":[{},"no"]}`), "", &got)
	require.ErrorContains(t, err, `at "/list/1": not this one`)
	for in, want := range map[string]string{
		`{"ip":"nowhere"}`: "/ip", `{"map":{"x":1}}`: "/map", `{"some":"?"}`: "/some", `{"list":[{"a":]}`: "invalid character ']'", `{"raw":[1}`: "invalid character '}'",
	} {
		assert.ErrorContains(t, wire.Decode(strings.NewReader(in), "", &got), want, in)
	}
	assert.ErrorIs(t, wire.Decode(strings.NewReader(`{"raw":[1`), "", &got), io.ErrUnexpectedEOF)
}

type panicking struct{}

func (*panicking) UnmarshalJSON([]byte) error { panic("on purpose") }

// TestDecodeAfterFailures checks that a decoder comes back clean from the pool.
func TestDecodeAfterFailures(t *testing.T) {
	t.Parallel()
	for range 50 {
		assert.Panics(t, func() { _ = wire.Decode(strings.NewReader(`{"a":{}}`), "a", new(panicking)) })
		var m map[string]string
		require.Error(t, wire.Decode(strings.NewReader(`{"a":{"left":"over","x":"\u00`), "a", &m))
		require.Error(t, wire.Decode(strings.NewReader(`{"a":{"left":"over","x":[[[[`), "", &m))
		var f flavor
		require.NoError(t, wire.Decode(strings.NewReader(`{"a":{"id":"x","extra_specs":{"k":"v"}}}`), "a", &f))
		require.Equal(t, flavor{ID: "x", ExtraSpecs: map[string]string{"k": "v"}}, f)
	}
}

// TestDecodeStringsStay checks that no string shares memory that a later
// decode writes to.
func TestDecodeStringsStay(t *testing.T) {
	t.Parallel()
	body := func(i int) string {
		return fmt.Sprintf(`{"id":"id-%[1]d","name":"\u0041\n%[1]d","ram":%[1]d,"extra_specs":{"key-%[1]d":"v\t%[1]d","\u006b%[1]d":%[1]d,"long":"%[2]s"}}`,
			i, strings.Repeat(fmt.Sprint(i%10), 300))
	}
	want := func(i int) flavor {
		return flavor{ID: fmt.Sprintf("id-%d", i), Name: fmt.Sprintf("A\n%d", i), RAM: i, ExtraSpecs: map[string]string{
			fmt.Sprintf("key-%d", i): fmt.Sprintf("v\t%d", i), fmt.Sprintf("k%d", i): fmt.Sprint(i),
			"long": strings.Repeat(fmt.Sprint(i%10), 300)}}
	}
	const n = 3000
	got := make([]flavor, n)
	for i := range got {
		// A bytes.Buffer is read in place.
		buf := bytes.NewBufferString(body(i))
		raw := buf.Bytes()
		require.NoError(t, wire.Decode(buf, "", &got[i]))
		clear(raw)
	}
	for i := range got {
		require.Equal(t, want(i), got[i])
	}
}

func TestDecodeConcurrently(t *testing.T) {
	t.Parallel()
	var wg sync.WaitGroup
	for worker := range 16 {
		wg.Go(func() {
			var kept []flavor
			for i := range 300 {
				n := worker*1000 + i
				in := fmt.Sprintf(`{"flavor":{"id":"id-%[1]d","name":"same","ram":"%[1]d","extra_specs":{"n":%[1]d,"\u006d":"v\n%[1]d"}}}`, n)
				var f flavor
				if !assert.NoError(t, wire.Decode(strings.NewReader(in), "flavor", &f)) {
					return
				}
				kept = append(kept, f)
				if i%10 == 0 {
					assert.Error(t, wire.Decode(strings.NewReader(in[:len(in)/2]), "flavor", &f))
				}
			}
			for i, f := range kept {
				n := worker*1000 + i
				assert.Equal(t, flavor{ID: fmt.Sprintf("id-%d", n), Name: "same", RAM: n,
					ExtraSpecs: map[string]string{"n": fmt.Sprint(n), "m": fmt.Sprintf("v\n%d", n)}}, f)
			}
		})
	}
	wg.Wait()
}

// TestGivenRoom: a list is read into the room that its caller gives it, and what
// is left there of before does not show.
func TestGivenRoom(t *testing.T) {
	t.Parallel()
	type element struct {
		A string `json:"a"`
		B string `json:"b"`
	}
	used := []element{{"x", "y"}, {"x", "y"}, {"x", "y"}}
	list := used[:0]
	require.NoError(t, wire.Decode(strings.NewReader(`[{"a":"1"},{"b":"2"}]`), "", &list))
	assert.Equal(t, []element{{A: "1"}, {B: "2"}}, list)
	assert.Same(t, &used[0], &list[0])

	require.NoError(t, wire.Decode(strings.NewReader(`[{},{},{},{"a":"4"}]`), "", &list)) // one with elements is left alone
	assert.Equal(t, []element{{}, {}, {}, {A: "4"}}, list)
	assert.Equal(t, []element{{A: "1"}, {B: "2"}, {"x", "y"}}, used)
}
