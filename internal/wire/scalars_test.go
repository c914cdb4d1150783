package wire_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/internal/wire"
)

// scalars has a member of every type that the dialect is lenient about.
type scalars struct {
	Int      int               `json:"int"`
	Int64    int64             `json:"int64"`
	Float    float64           `json:"float"`
	Bool     bool              `json:"bool"`
	String   string            `json:"string"`
	Named    status            `json:"named"`
	Count    count             `json:"count"`
	Time     time.Time         `json:"time"`
	Map      map[string]string `json:"map"`
	Slice    []string          `json:"slice"`
	Ints     []int             `json:"ints"`
	Nested   nested            `json:"nested"`
	PInt     *int              `json:"pint"`
	PInt64   *int64            `json:"pint64"`
	PFloat   *float64          `json:"pfloat"`
	PBool    *bool             `json:"pbool"`
	PString  *string           `json:"pstring"`
	PTime    *time.Time        `json:"ptime"`
	PNested  *nested           `json:"pnested"`
	Versions map[string]bool   `json:"versions"`
}

type nested struct {
	Count int       `json:"count"`
	On    bool      `json:"on"`
	At    time.Time `json:"at"`
	Deep  []nested  `json:"deep"`
}

func TestDecodeScalars(t *testing.T) {
	t.Parallel()
	at := time.Date(2020, 2, 27, 3, 16, 5, 0, time.UTC)
	tests := []struct {
		in   string
		want scalars
	}{
		{`{}`, scalars{}},
		{`{"int":4}`, scalars{Int: 4}},
		{`{"int":"4"}`, scalars{Int: 4}},
		{`{"int":" 4 "}`, scalars{Int: 4}},
		{`{"int":"\t4\n"}`, scalars{Int: 4}},
		{`{"int":"\u0034"}`, scalars{Int: 4}},
		{`{"int":-4}`, scalars{Int: -4}},
		{`{"int":"-4"}`, scalars{Int: -4}},
		{`{"int":4.0}`, scalars{Int: 4}},
		{`{"int":"4.0"}`, scalars{Int: 4}},
		{`{"int":-4.000}`, scalars{Int: -4}},
		{`{"int":4e2}`, scalars{Int: 400}},
		{`{"int":"4E+2"}`, scalars{Int: 400}},
		{`{"int":0}`, scalars{}},
		{`{"int":-0}`, scalars{}},
		{`{"int":-0.0}`, scalars{}},
		{`{"int":null}`, scalars{}},
		{`{"int":""}`, scalars{}},
		{`{"int":"  "}`, scalars{}},
		{`{"int":9223372036854775807}`, scalars{Int: math.MaxInt64}},
		{`{"int":"-9223372036854775808"}`, scalars{Int: math.MinInt64}},
		{`{"int":9007199254740991.0}`, scalars{Int: 1<<53 - 1}},
		{`{"int64":1778843648}`, scalars{Int64: 1778843648}},
		{`{"int64":"1778843648"}`, scalars{Int64: 1778843648}},
		{`{"int64":10.0}`, scalars{Int64: 10}},
		{`{"int64":null}`, scalars{}},
		{`{"int64":""}`, scalars{}},

		{`{"float":1.5}`, scalars{Float: 1.5}},
		{`{"float":"1.5"}`, scalars{Float: 1.5}},
		{`{"float":"1\u002e5"}`, scalars{Float: 1.5}},
		{`{"float":1}`, scalars{Float: 1}},
		{`{"float":"-1e3"}`, scalars{Float: -1000}},
		{`{"float":1.7976931348623157e308}`, scalars{Float: math.MaxFloat64}},
		{`{"float":null}`, scalars{}},
		{`{"float":""}`, scalars{}},

		{`{"bool":true}`, scalars{Bool: true}},
		{`{"bool":"true"}`, scalars{Bool: true}},
		{`{"bool":"True"}`, scalars{Bool: true}},
		{`{"bool":"TRUE"}`, scalars{Bool: true}},
		{`{"bool":" true "}`, scalars{Bool: true}},
		{`{"bool":"\u0074rue"}`, scalars{Bool: true}},
		{`{"bool":1}`, scalars{Bool: true}},
		{`{"bool":"1"}`, scalars{Bool: true}},
		{`{"bool":false}`, scalars{}},
		{`{"bool":"false"}`, scalars{}},
		{`{"bool":"False"}`, scalars{}},
		{`{"bool":0}`, scalars{}},
		{`{"bool":"0"}`, scalars{}},
		{`{"bool":null}`, scalars{}},
		{`{"bool":""}`, scalars{}},
		{`{"versions":{"v1.29.3":true,"v1.17.6":"False","v1.18.19":0}}`,
			scalars{Versions: map[string]bool{"v1.29.3": true, "v1.17.6": false, "v1.18.19": false}}},

		{`{"string":"text"}`, scalars{String: "text"}},
		{`{"string":""}`, scalars{}},
		{`{"string":"x"}`, scalars{String: "x"}},
		{`{"string":" kept "}`, scalars{String: " kept "}},
		{`{"string":"null"}`, scalars{String: "null"}},
		{`{"string":null}`, scalars{}},
		{`{"string":4}`, scalars{String: "4"}},
		{`{"string":-4.50}`, scalars{String: "-4.50"}},
		{`{"string":123456789012345678901234567890}`, scalars{String: "123456789012345678901234567890"}},
		{`{"string":true}`, scalars{String: "true"}},
		{`{"string":false}`, scalars{String: "false"}},
		{`{"slice":["a",1,true,null]}`, scalars{Slice: []string{"a", "1", "true", ""}}},
		{`{"named":"ACTIVE"}`, scalars{Named: "ACTIVE"}},
		{`{"named":"A\u0043TIVE"}`, scalars{Named: "ACTIVE"}},
		{`{"named":""}`, scalars{}},
		{`{"named":null}`, scalars{}},
		{`{"named":4}`, scalars{Named: "4"}},
		{`{"count":"4"}`, scalars{Count: 4}},
		{`{"count":null}`, scalars{}},

		{`{"time":"2020-02-27 03:16:05"}`, scalars{Time: at}},
		{`{"time":"2020-02-27T03:16:05Z"}`, scalars{Time: at}},
		{`{"time":"2020-02-27T03:16:05\u002b00:00"}`, scalars{Time: at}},
		{`{"time":" 2020-02-27T03:16:05 "}`, scalars{Time: at}},
		{`{"time":null}`, scalars{}},
		{`{"time":""}`, scalars{}},

		{`{"map":{"volume_size":"50","n":50,"on":true,"off":null,"":""}}`,
			scalars{Map: map[string]string{"volume_size": "50", "n": "50", "on": "true", "off": "", "": ""}}},
		{`{"map":{}}`, scalars{Map: map[string]string{}}},
		{`{"map":null}`, scalars{}},
		{`{"map":{"a":"1","b":"2","a":"3"}}`, scalars{Map: map[string]string{"a": "3", "b": "2"}}},

		{`{"slice":null}`, scalars{}},
		{`{"slice":[]}`, scalars{Slice: []string{}}},
		{`{"ints":[1,"2",3.0,null,""]}`, scalars{Ints: []int{1, 2, 3, 0, 0}}},

		{`{"nested":{"count":"4","on":"1","at":"2020-02-27 03:16:05","deep":[{"count":null},{"on":"True"}]}}`,
			scalars{Nested: nested{Count: 4, On: true, At: at, Deep: []nested{{}, {On: true}}}}},
		{`{"nested":null}`, scalars{}},
		{`{"nested":""}`, scalars{}},
		{`{"nested":{"count":1},"nested":""}`, scalars{}},
		{`{"pnested":""}`, scalars{}},

		{`{"pint":null,"pint64":null,"pfloat":null,"pbool":null,"pstring":null,"ptime":null,"pnested":null}`, scalars{}},
		{`{"pint":"4"}`, scalars{PInt: ptr(4)}},
		{`{"pint":0}`, scalars{PInt: ptr(0)}},
		{`{"pint":""}`, scalars{PInt: ptr(0)}},
		{`{"pint64":4.0}`, scalars{PInt64: ptr(int64(4))}},
		{`{"pfloat":"1.5"}`, scalars{PFloat: ptr(1.5)}},
		{`{"pbool":"False"}`, scalars{PBool: ptr(false)}},
		{`{"pstring":4}`, scalars{PString: ptr("4")}},
		{`{"pstring":""}`, scalars{PString: ptr("")}},
		{`{"ptime":"2020-02-27T12:16:05+09:00"}`, scalars{PTime: &at}},
		{`{"pnested":{"count":"4"}}`, scalars{PNested: &nested{Count: 4}}},

		{`{"unknown":{"int":[1,{"a":null}]},"int":4,"more":"x"}`, scalars{Int: 4}},
		{`{"int":1,"int":"2"}`, scalars{Int: 2}},
		{`{"slice":["a","b"],"slice":["c"]}`, scalars{Slice: []string{"c"}}},
		{" \r\n\t{ \"int\" : \"4\" } \n", scalars{Int: 4}},
	}
	for _, test := range tests {
		t.Run(test.in, func(t *testing.T) {
			t.Parallel()
			var got scalars
			require.NoError(t, wire.Decode(strings.NewReader(test.in), "", &got))
			assert.Equal(t, test.want, got)
		})
	}
}

func TestDecodeScalarErrors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in   string
		want []string // parts of the message
	}{
		{`{"int":"{Flavor CPU}"}`, []string{`"/int"`, `can't read "{Flavor CPU}" as an integer`}},
		{`{"int":4.5}`, []string{`"/int"`, "can't read 4.5 as an integer"}},
		{`{"int":"4.5"}`, []string{`"/int"`}},
		{`{"int":true}`, []string{`"/int"`}},
		{`{"int":{"a":1}}`, []string{`"/int"`}},
		{`{"int":[4]}`, []string{`"/int"`}},
		{`{"int":"null"}`, []string{`"/int"`}},
		{`{"int":"0x10"}`, []string{`"/int"`}},
		{`{"int":"0x1p4"}`, []string{`"/int"`}},
		{`{"int":"0X1P4"}`, []string{`"/int"`}},
		{`{"int":"1_000"}`, []string{`"/int"`}},
		{`{"int":"4 GB"}`, []string{`"/int"`}},
		{`{"int":9223372036854775808}`, []string{`"/int"`, "9223372036854775808 as an integer"}},
		{`{"int":-9223372036854775809}`, []string{`"/int"`}},
		{`{"int":1e400}`, []string{`"/int"`}},
		{`{"int":1e19}`, []string{`"/int"`}},
		{`{"int":9007199254740993.0}`, []string{`"/int"`}}, // would become another number
		{`{"int64":9223372036854775808}`, []string{`"/int64"`}},
		{`{"int64":"x"}`, []string{`"/int64"`}},
		{`{"pint":"x"}`, []string{`"/pint"`}},
		{`{"ints":[1,"x"]}`, []string{`"/ints/1"`}},

		{`{"float":"x"}`, []string{`"/float"`, "as a number"}},
		{`{"float":"inf"}`, []string{`"/float"`}},
		{`{"float":"NaN"}`, []string{`"/float"`}},
		{`{"float":"-Infinity"}`, []string{`"/float"`}},
		{`{"float":"0x1p4"}`, []string{`"/float"`}},
		{`{"float":"1_0.5"}`, []string{`"/float"`}},
		{`{"float":1e400}`, []string{`"/float"`}},
		{`{"float":true}`, []string{`"/float"`}},
		{`{"float":[]}`, []string{`"/float"`}},

		{`{"bool":"yes"}`, []string{`"/bool"`, `can't read "yes" as a Boolean`}},
		{`{"bool":2}`, []string{`"/bool"`}},
		{`{"bool":{}}`, []string{`"/bool"`}},
		{`{"versions":{"v1.29.3":"{Boolean}"}}`, []string{`"/versions/v1.29.3"`}},

		{`{"string":{"a":1}}`, []string{`"/string"`, "as a string"}},
		{`{"string":["a"]}`, []string{`"/string"`}},
		{`{"slice":["a",{}]}`, []string{`"/slice/1"`}},
		{`{"slice":"a"}`, []string{`"/slice"`}},
		{`{"named":{}}`, []string{`"/named"`}},

		{`{"time":"yesterday"}`, []string{`"/time"`, `can't read "yesterday" as a time`}},
		{`{"time":"{DateTime}"}`, []string{`"/time"`}},
		{`{"time":"2021-02-30T00:00:00Z"}`, []string{`"/time"`}},
		{`{"time":1582773365}`, []string{`"/time"`}},
		{`{"time":true}`, []string{`"/time"`}},
		{`{"time":{}}`, []string{`"/time"`}},
		{`{"ptime":"x"}`, []string{`"/ptime"`}},

		{`{"map":{"a":"b","c":{"d":1}}}`, []string{`"/map/c"`, `can't read {"d":1} as a string`}},
		{`{"map":{"a":[1]}}`, []string{`"/map/a"`}},
		{`{"map":[]}`, []string{`"/map"`, "as a map of strings"}},
		{`{"map":"a"}`, []string{`"/map"`}},
		{`{"map":{1:"a"}}`, []string{"/map"}},
		{`{"map":{"a":}}`, []string{"/map"}},
		{`{"map":{"a":"b",}}`, []string{"/map"}},
		{`{"map":{"a":"b"]}`, []string{"after object value"}},
		{`{"map":{"a"`, []string{"unexpected EOF"}},
		{`{"map":nul}`, []string{"/map"}},
		{`{"map":x}`, []string{"/map"}},

		{`{"nested":{"deep":[{},{"count":"many"}]}}`, []string{`"/nested/deep/1/count"`}},
		{`{"nested":"x"}`, []string{`"/nested"`, `can't read "x" as an object`}},
		{`{"nested":" "}`, []string{`"/nested"`}},
		{`{"nested":4}`, []string{`"/nested"`}},
		{`{"pnested":"x"}`, []string{`"/pnested"`}},
		{`{"count":"many"}`, []string{`"/count"`}},
		{`{"string":"` + strings.Repeat("\xed\x95\x9c", 5) + `","int":"ab` + strings.Repeat("\xed\x95\x9c", 20) + `"}`,
			[]string{`"/int"`, `"ab` + strings.Repeat("\xed\x95\x9c", 12) + "…"}},
	}
	for _, test := range tests {
		t.Run(test.in, func(t *testing.T) {
			t.Parallel()
			var got scalars
			err := wire.Decode(strings.NewReader(test.in), "", &got)
			require.Error(t, err)
			for _, part := range test.want {
				assert.ErrorContains(t, err, part)
			}
		})
	}
}

// TestDecodeTopLevel reads scalars that are the whole body.
func TestDecodeTopLevel(t *testing.T) {
	t.Parallel()
	var i int
	require.NoError(t, wire.Decode(strings.NewReader(`"4"`), "", &i))
	assert.Equal(t, 4, i)
	var s string
	require.NoError(t, wire.Decode(strings.NewReader(`4`), "", &s))
	assert.Equal(t, "4", s)
	var list []reference
	require.NoError(t, wire.Decode(strings.NewReader(`[{"id":"a"}]`), "", &list))
	assert.Equal(t, []reference{{ID: "a"}}, list)
	m := map[string]string{"old": "1"}
	require.NoError(t, wire.Decode(strings.NewReader(`{"a":1}`), "", &m))
	assert.Equal(t, map[string]string{"a": "1"}, m)
	for _, out := range []any{new(int), new(int64), new(float64), new(bool), new(string), new(time.Time), new(map[string]string), new([]int), new(any)} {
		for _, in := range []string{"", " ", "\n\t"} {
			assert.ErrorContains(t, wire.Decode(strings.NewReader(in), "", out), "unexpected EOF", "%T %q", out, in)
		}
		assert.Error(t, wire.Decode(strings.NewReader("tru"), "", out), "%T", out)
	}
}

func TestDecodePlaceholder(t *testing.T) {
	t.Parallel()
	var flavors []struct {
		VCPUs int `json:"vcpus"`
	}
	err := wire.Decode(strings.NewReader(`{"flavors":[{"name":"m2","vcpus":"{Flavor CPU}"}]}`), "flavors", &flavors)
	require.ErrorContains(t, err, "/flavors/0/vcpus")
	require.ErrorContains(t, err, "{Flavor CPU}")
	var e *wire.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, "/flavors/0/vcpus", e.Path)
}

// TestDecodeAny checks that values without a static type keep their JSON type.
func TestDecodeAny(t *testing.T) {
	t.Parallel()
	var got any
	const in = `{"a":[1,"2",1.5,true,null,""],"b":{"c":"{x}","d":"\u00e9"},"e":{}}`
	require.NoError(t, wire.Decode(strings.NewReader(in), "", &got))
	assert.Equal(t, map[string]any{
		"a": []any{1.0, "2", 1.5, true, nil, ""},
		"b": map[string]any{"c": "{x}", "d": "é"},
		"e": map[string]any{},
	}, got)
}
