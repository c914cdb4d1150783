package wire_test

import (
	stdjson "encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/internal/wire"
)

type base struct {
	ID     string `json:"id"`
	Kind   string `json:"kind"`
	Hidden int    `json:"-"`
}

type Named struct {
	Kind string `json:"kind"`
	Note string `json:"note"`
}

type clash struct {
	Note string `json:"note"`
	Both int
}

type clash2 struct{ Both int }

// embedding has structs in it that lend it their fields.
type embedding struct {
	base
	*Named
	clash
	clash2
	time.Weekday `json:"day"`
	Tagged       base `json:"tagged"`
	Kind         status
	unexported   int
}

// TestFields compares with encoding/json, which finds the same fields.
func TestFields(t *testing.T) {
	t.Parallel()
	for _, in := range []string{
		`{"id":"a","kind":"b","note":"c","day":3,"tagged":{"id":"d"},"Kind":"e"}`,
		`{"note":"c","Both":1,"Hidden":1,"hidden":2,"unexported":3}`,
		`{"Weekday":1,"Tagged":{},"Named":{"note":"x"},"base":{"id":"x"}}`,
		`{}`,
	} {
		var got, want embedding
		require.NoError(t, wire.Decode(strings.NewReader(in), "", &got), in)
		require.NoError(t, stdjson.Unmarshal([]byte(in), &want), in)
		assert.Equal(t, want, got, in)
		assert.Zero(t, got.unexported)
	}
}

// TestUntaggedFields: a struct without tags is filled by the names of its
// fields, as with encoding/json.
func TestUntaggedFields(t *testing.T) {
	t.Parallel()
	type plain struct {
		ID     string
		VPCId  string
		Size   int
		Nested struct{ Name string }
		Tagged string `json:"tagged"`
	}
	for _, in := range []string{
		`{"id":"a","vpcId":"b","size":"4","nested":{"name":"c"},"tagged":"d"}`,
		`{"ID":"a","VPCId":"b","Size":4,"Nested":{"Name":"c"},"tagged":"d","Tagged":"x"}`,
		`{"iD":"a","vpcid":"b","SIZE":4,"NESTED":{"NAME":"c"},"tagged":"d"}`,
	} {
		want := plain{ID: "a", VPCId: "b", Size: 4, Tagged: "d"}
		want.Nested.Name = "c"
		var got plain
		require.NoError(t, wire.Decode(strings.NewReader(in), "", &got), in)
		assert.Equal(t, want, got, in)
	}
}

// TestMemberOrder decodes members in every order, with others between them, by
// one plan after the other orders.
func TestMemberOrder(t *testing.T) {
	t.Parallel()
	type ordered struct {
		A, B, C int
		D       *int `json:"d"`
	}
	members := []string{`"A":1`, `"B":2`, `"C":3`, `"d":4`, `"x":[{"A":9}]`}
	var permute func(done []string, left []string)
	permute = func(done, left []string) {
		if len(left) == 0 {
			in := "{" + strings.Join(done, ",") + "}"
			var got ordered
			require.NoError(t, wire.Decode(strings.NewReader(in), "", &got), in)
			assert.Equal(t, ordered{1, 2, 3, ptr(4)}, got, in)
			return
		}
		for i, one := range left {
			rest := append(append([]string{}, left[:i]...), left[i+1:]...)
			permute(append(done[:len(done):len(done)], one), rest)
		}
	}
	permute(nil, members)
}

// TestRepeatedMembers: the last one counts, with nothing left of the one before.
func TestRepeatedMembers(t *testing.T) {
	t.Parallel()
	type holder struct {
		Nested  nested             `json:"nested"`
		Pointer *nested            `json:"pointer"`
		Map     map[string]int     `json:"map"`
		Texts   map[string]string  `json:"texts"`
		List    []nested           `json:"list"`
		Raw     stdjson.RawMessage `json:"raw"`
		Any     any                `json:"any"`
	}
	const in = `{"nested":{"count":1,"on":true},"pointer":{"count":1,"on":true},"map":{"a":1},"texts":{"a":"1"},"list":[{"on":true},{}],"raw":[1],"any":{"a":1},
		"nested":{"count":2},"pointer":{"count":2},"map":{"b":2},"texts":{"b":"2"},"list":[{"count":2}],"raw":[2],"any":{"b":2}}`
	var got holder
	require.NoError(t, wire.Decode(strings.NewReader(in), "", &got))
	assert.Equal(t, holder{
		nested{Count: 2}, &nested{Count: 2}, map[string]int{"b": 2}, map[string]string{"b": "2"}, []nested{{Count: 2}}, stdjson.RawMessage("[2]"),
		map[string]any{"b": 2.0},
	}, got)

	// What the caller has set stays, where nothing is said of it.
	own := nested{Count: 7, On: true}
	set := holder{Nested: nested{On: true}, Pointer: &own, List: make([]nested, 5)}
	require.NoError(t, wire.Decode(strings.NewReader(`{"nested":{"count":1},"pointer":{"count":1},"list":[{}]}`), "", &set))
	assert.Equal(t, nested{Count: 1, On: true}, set.Nested)
	assert.Equal(t, nested{Count: 1, On: true}, own)
	assert.Equal(t, []nested{{}}, set.List)
}

// many has more fields that keep something than there are bits to count them by.
type many struct {
	F01, F02, F03, F04, F05, F06, F07, F08, F09, F10, F11, F12, F13, F14, F15, F16, F17, F18, F19, F20, F21, F22, F23 nested
	F24, F25, F26, F27, F28, F29, F30, F31, F32, F33, F34, F35, F36, F37, F38, F39, F40, F41, F42, F43, F44, F45, F46 nested
	F47, F48, F49, F50, F51, F52, F53, F54, F55, F56, F57, F58, F59, F60, F61, F62, F63, F64, F65, F66, F67, F68, F69 nested
}

func TestManyFields(t *testing.T) {
	t.Parallel()
	var got many
	require.NoError(t, wire.Decode(strings.NewReader(`{"F01":{"count":1},"F69":{"count":1},"F01":{"on":true},"F69":{"on":true}}`), "", &got))
	assert.Equal(t, many{F01: nested{On: true}, F69: nested{On: true}}, got)
}

func TestFoldedMember(t *testing.T) {
	t.Parallel()
	type route struct {
		Hop string `json:"nexthop" wire:"fold"`
		To  string `json:"to"`
	}
	for _, in := range []string{`{"nexthop":"a","to":"b"}`, `{"nextHop":"a","to":"b","To":"x"}`, `{"NEXTHOP":"a","to":"b"}`} {
		var got route
		require.NoError(t, wire.Decode(strings.NewReader(in), "", &got), in)
		assert.Equal(t, route{"a", "b"}, got, in)
	}
}

// TestNumbers reads every width of numbers, and refuses what does not fit.
func TestNumbers(t *testing.T) {
	t.Parallel()
	type widths struct {
		I8  int8
		I16 int16
		I32 int32
		U   uint
		U8  uint8
		U64 uint64
		F32 float32
	}
	var got widths
	require.NoError(t, wire.Decode(strings.NewReader(`{"I8":"-128","I16":32767,"I32":1e3,"U":"7","U8":255.0,"U64":18446744073709551615,"F32":"1.5"}`), "", &got))
	assert.Equal(t, widths{-128, 32767, 1000, 7, 255, 18446744073709551615, 1.5}, got)
	require.NoError(t, wire.Decode(strings.NewReader(`{"I8":"","U":null,"U8":"","U64":" ","F32":""}`), "", &got))
	assert.Equal(t, widths{I16: 32767, I32: 1000}, got)
	for _, in := range []string{
		`{"I8":128}`, `{"I16":-32769}`, `{"I32":1e10}`, `{"U":-1}`, `{"U":"x"}`, `{"U8":256}`, `{"U8":1.5}`, `{"U64":18446744073709551616}`, `{"F32":1e39}`, `{"U":true}`,
	} {
		assert.ErrorContains(t, wire.Decode(strings.NewReader(in), "", &got), "can't read", in)
	}
	for _, in := range []string{`-`, `01`, `1.`, `.5`, `+1`, `1e`, `1e+`, `-x`, `1.e3`, `1-2`, `1..2`, `0x1`, `--1`, `1e1.5`, `NaN`, `Infinity`} {
		for _, prefix := range []string{"", `[`} {
			assert.Error(t, wire.Decode(strings.NewReader(prefix+in+strings.Repeat("]", len(prefix))), "", new(any)), prefix+in)
		}
	}
}
