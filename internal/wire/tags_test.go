package wire_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/internal/wire"
)

// tagged has a field of each wire tag.
type tagged struct {
	ID       string         `json:"id" wire:"required"`
	Protocol status         `json:"protocol" wire:"null"`
	Rest     map[string]any `json:"rest" wire:"rest"`
}

func TestDecodeWireTags(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]tagged{
		`{"id":"a"}`:                               {ID: "a"},
		`{"id":7,"protocol":"tcp"}`:                {ID: "7", Protocol: "tcp"},
		`{"id":"a","protocol":"null"}`:             {ID: "a"},
		`{"id":"a","protocol":null}`:               {ID: "a"},
		`{"id":"null","protocol":"any"}`:           {ID: "null", Protocol: "any"},
		`{"id":"a","x":1,"y":{"id":"b"},"n":null}`: {ID: "a", Rest: map[string]any{"x": 1.0, "y": map[string]any{"id": "b"}, "n": nil}},
		`{"id":"a","rest":"r","Rest":2}`:           {ID: "a", Rest: map[string]any{"rest": "r", "Rest": 2.0}},
	} {
		for range 2 {
			var got tagged
			require.NoError(t, wire.Decode(strings.NewReader(in), "", &got), in)
			assert.Equal(t, want, got, in)
		}
	}
	var list []*tagged
	require.NoError(t, wire.Decode(strings.NewReader(`{"list":[null,"",{"id":"a"}]}`), "list", &list))
	assert.Equal(t, []*tagged{nil, nil, {ID: "a"}}, list)

	for _, in := range []string{`{}`, `{"x":1}`, `{"id":""}`, `{"id":null}`, `{"ID":"a"}`} {
		var one tagged
		assert.ErrorContains(t, wire.Decode(strings.NewReader(in), "", &one), `no member "id"`, in)
		err := wire.Decode(strings.NewReader(`{"list":[{"id":"a"},`+in+`]}`), "list", &list)
		assert.ErrorContains(t, err, `no member "id"`, in)
		assert.ErrorContains(t, err, "/list/1", in)
	}
}

// alone comes as an object, or as its id alone.
type alone struct {
	ID   string `json:"id" wire:"alone"`
	Name string `json:"name"`
}

func TestDecodeAlone(t *testing.T) {
	t.Parallel()
	var list []alone
	in := `{"list": ["a", {"id": "b", "name": "B"}, null, "", {"id": "c"}, "다"]}`
	for range 2 { // the second time over what is there
		require.NoError(t, wire.Decode(strings.NewReader(in), "list", &list))
		assert.Equal(t, []alone{{ID: "a"}, {ID: "b", Name: "B"}, {}, {}, {ID: "c"}, {ID: "다"}}, list)
	}
	for _, in := range []string{`{"list": [7]}`, `{"list": [["a"]]}`, `{"list": [true]}`} {
		assert.Error(t, wire.Decode(strings.NewReader(in), "list", &list), in)
	}
	var one *alone
	require.NoError(t, wire.Decode(strings.NewReader(`{"one": ""}`), "one", &one))
	assert.Nil(t, one)
}

// specs are a map, or a list of what would be in it.
type specs struct {
	Specs map[string]string `json:"specs" wire:"pairs"`
	At    time.Time         `json:"at" wire:"null"`
}

func TestDecodePairs(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]specs{
		`{"specs":{"a":"1","b":2}}`: {Specs: map[string]string{"a": "1", "b": "2"}},
		`{"specs":[{"id":1,"key":"a","value":"1","deleted":false},{"key":"b","value":2},{"key":"c","value":null}]}`: {Specs: map[string]string{"a": "1", "b": "2", "c": ""}},
		`{"specs":[]}`:   {Specs: map[string]string{}},
		`{"specs":{}}`:   {Specs: map[string]string{}},
		`{"specs":null}`: {},
		`{"specs":[{"key":"a","value":"1"}],"specs":[{"key":"b","value":"2"}]}`: {Specs: map[string]string{"b": "2"}},
		`{"at":"null"}`:                       {},
		`{"at":null}`:                         {},
		`{"at":""}`:                           {},
		`{"at":"2019-10-10T06:34:33.000000"}`: {At: time.Date(2019, 10, 10, 6, 34, 33, 0, time.UTC)},
	} {
		for range 2 {
			var got specs
			require.NoError(t, wire.Decode(strings.NewReader(in), "", &got), in)
			assert.Equal(t, want, got, in)
		}
	}
	for in, where := range map[string]string{
		`{"specs":[{"value":"1"}]}`:           `no member "key"`,
		`{"specs":["a"]}`:                     "/specs/0",
		`{"specs":[{"key":"a","value":[1]}]}`: "/specs/0/value",
		`{"specs":"a"}`:                       "a map of strings",
		`{"at":"never"}`:                      "a time",
		`{"at":1}`:                            "a time",
	} {
		var got specs
		assert.ErrorContains(t, wire.Decode(strings.NewReader(in), "", &got), where, in)
	}
	err := wire.DecodeLimited(t.Context(), strings.NewReader(`{"specs":[`+strings.Repeat(`{"key":"a"},`, 99)+`{"key":"a"}]}`), 1000, "", new(specs))
	assert.ErrorIs(t, err, wire.ErrTooMuch)
}
