package wire_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/internal/wire"
)

func TestDecodeKey(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]string{
		"only":           `{"flavor":{"id":"a","ram":"1"}}`,
		"before":         `{"x":{"flavor":{"id":"no"}},"y":[1,{"flavor":2}],"flavor":{"id":"a","ram":1}}`,
		"after":          `{"flavor":{"id":"a","ram":1},"header":{"isSuccessful":true},"z":null,"n":-1.5e3,"s":"}"}`,
		"space":          "\n{ \"x\" : 1 , \"flavor\" : { \"id\" : \"a\" , \"ram\" : 1 } }\r\n",
		"escaped name":   `{"fl\u0061vor":{"id":"a","ram":1}}`,
		"escaped others": `{"flavor\n":{"id":"b"},"\"flavor":1,"flav\\or":2,"flavor":{"id":"a","ram":1}}`,
		"similar":        `{"Flavor":1,"flavors":[],"flavo":1,"":2,"flavor ":3,"flavor":{"id":"a","ram":1}}`,
		"repeated":       `{"flavor":{"id":"b","name":"b","disk":3},"flavor":{"id":"a","ram":1}}`,
		"invalid others": "{\"\xff\":\"\xfe\",\"flavor\":{\"id\":\"a\",\"ram\":1}}",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got flavor
			require.NoError(t, wire.Decode(strings.NewReader(in), "flavor", &got))
			assert.Equal(t, flavor{ID: "a", RAM: 1}, got)
		})
	}
}

func TestDecodeKeyKinds(t *testing.T) {
	t.Parallel()
	list := []string{"old"}
	require.NoError(t, wire.Decode(strings.NewReader(`{"list":null}`), "list", &list))
	assert.Nil(t, list)
	require.NoError(t, wire.Decode(strings.NewReader(`{"list":[]}`), "list", &list))
	assert.Equal(t, []string{}, list)
	require.NoError(t, wire.Decode(strings.NewReader(`{"list":["a"],"list":["b","c"]}`), "list", &list))
	assert.Equal(t, []string{"b", "c"}, list)

	var metadata map[string]string
	require.NoError(t, wire.Decode(strings.NewReader(`{"metadata":{"a":"1"},"metadata":{"b":2}}`), "metadata", &metadata))
	assert.Equal(t, map[string]string{"b": "2"}, metadata)
	require.NoError(t, wire.Decode(strings.NewReader(`{"metadata":null}`), "metadata", &metadata))
	assert.Nil(t, metadata)

	var count int
	require.NoError(t, wire.Decode(strings.NewReader(`{"count":"4"}`), "count", &count))
	assert.Equal(t, 4, count)

	f := &flavor{ID: "old"}
	require.NoError(t, wire.Decode(strings.NewReader(`{"flavor":null}`), "flavor", &f))
	assert.Nil(t, f)

	korean := 0
	require.NoError(t, wire.Decode(strings.NewReader(`{"이름":1}`), "이름", &korean))
	assert.Equal(t, 1, korean)
}

func TestDecodeKeyErrors(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`{}`:                            `no member "flavor"`,
		`{"x":1}`:                       `no member "flavor"`,
		`{"x":{"flavor":{}}}`:           `no member "flavor"`,
		`{"Flavor":{}}`:                 `no member "flavor"`,
		`{"flavor":null}`:               "null in place of an object",
		`{"flavor":{},"flavor":null}`:   "null in place of an object",
		`{"flavor":"x"}`:                "/flavor",
		`{"flavor":[]}`:                 "/flavor",
		`{"flavor":{"ram":"{RAM}"}}`:    "/flavor/ram",
		`{"flavor":{}} x`:               "invalid character 'x'",
		`{"flavor":{}}{}`:               "more than one JSON value",
		`{"flavor":{}}}`:                "invalid character '}'",
		`{"flavor":{}]`:                 "invalid character ']'",
		`{"flavor":{},}`:                "invalid character",
		`{"flavor" {}}`:                 "invalid character",
		`{"x":nul,"flavor":{}}`:         "invalid character",
		`{"x":1 "flavor":{}}`:           "invalid character",
		`{1:1,"flavor":{}}`:             "string",
		`{null:1,"flavor":{}}`:          "string",
		`{[]:1,"flavor":{}}`:            "string",
		`{flavor:{}}`:                   "invalid character",
		`null`:                          "but null",
		`true`:                          "but a Boolean",
		`false`:                         "but a Boolean",
		`"flavor"`:                      "but a string",
		`4`:                             "but a number",
		`["flavor",{}]`:                 "but an array",
		`<html>`:                        "invalid character '<'",
		"\ufeff{\"flavor\":{}}":         "invalid character",
		``:                              "unexpected EOF",
		" \n":                           "unexpected EOF",
		`{"flavor":{}`:                  "unexpected EOF",
		`{"flavor":{"id":"a"},"x":"b"`:  "unexpected EOF",
		`{"flavor":`:                    "unexpected EOF",
		`{"x":`:                         "unexpected EOF",
		`{"flavor":{"ram":"4"}, "x":[}`: "invalid character",
	} {
		t.Run(in, func(t *testing.T) {
			t.Parallel()
			var got flavor
			assert.ErrorContains(t, wire.Decode(strings.NewReader(in), "flavor", &got), want)
		})
	}
}
