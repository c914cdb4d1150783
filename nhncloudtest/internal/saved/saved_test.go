package saved_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/saved"
)

type shape interface{ area() int }

type square struct{ side int }

func (s square) area() int { return s.side * s.side }

type node struct {
	name    string
	next    *node
	home    *place
	when    time.Time
	any     any
	shape   shape
	numbers []int
	bytes   []byte
	fixed   [2]uint8
	byName  map[string]*node
	float   float64
	flag    *bool
	call    func()
	skipped chan int `state:"-"`
}

type place struct{ name string }

type special struct{ text string }

func codec(home *place) *saved.Codec {
	c := saved.New()
	c.Anchor("home", home)
	c.Kind(square{})
	return c
}

func TestGraph(t *testing.T) {
	t.Parallel()
	home, yes := &place{"here"}, true
	a := &node{
		name: "not UTF-8: \xff", home: home, when: time.Date(2026, 3, 1, 0, 0, 0, 5, time.UTC), any: map[string]any{"list": []any{"x", nil, 1.5}},
		shape: square{3}, numbers: []int{}, bytes: []byte{0, 255}, fixed: [2]uint8{1, 2}, float: 0.5, flag: &yes, skipped: make(chan int),
	}
	a.next = &node{name: "<second>", next: a}
	a.byName = map[string]*node{"b": a.next, "a": a}
	g, err := codec(home).Encode(map[string]any{"root": &a})
	require.NoError(t, err)

	other := &place{"there"}
	var b *node
	called := false
	require.NoError(t, codec(other).Decode(g, map[string]any{"root": &b}, func() { called = true }))
	assert.True(t, called)
	assert.Same(t, other, b.home)
	assert.Same(t, b, b.next.next)
	assert.Same(t, b.next, b.byName["b"])
	assert.NotNil(t, b.numbers)
	assert.Nil(t, b.next.numbers)
	assert.Nil(t, b.skipped)
	assert.Equal(t, 9, b.shape.area())
	b.home, b.skipped = a.home, a.skipped
	assert.Equal(t, a, b)
}

func TestWhatCannotBeSaved(t *testing.T) {
	t.Parallel()
	for words, n := range map[string]*node{
		"call: a func() can't be saved":             {call: func() {}},
		"what is a saved_test.place can't be saved": {any: place{}},
		`any.map[string]interface {}."x": what is`:  {any: map[string]any{"x": place{}}},
	} {
		_, err := codec(&place{}).Encode(map[string]any{"root": &n})
		require.ErrorContains(t, err, words)
	}
	call := func() {}
	_, err := codec(&place{}).Encode(map[string]any{"root": &call})
	require.ErrorContains(t, err, "root: a func()")
}

func TestWhatCannotBeLoaded(t *testing.T) {
	t.Parallel()
	for words, object := range map[string]string{
		"has no field gone any more":                  `{"gone":1}`,
		"has no field skipped":                        `{"skipped":1}`,
		"cannot unmarshal string":                     `{"float":"x"}`,
		"name: json: cannot unmarshal number":         `{"name":1}`,
		"illegal base64 data":                         `{"name":{"base64":"?"}}`,
		"when: json":                                  `{"when":1}`,
		"when: parsing time":                          `{"when":"soon"}`,
		"numbers.1: json":                             `{"numbers":[1,"x"]}`,
		"numbers: json":                               `{"numbers":1}`,
		"bytes: illegal":                              `{"bytes":"?"}`,
		"bytes: json":                                 `{"bytes":1}`,
		"fixed: 1 elements where 2":                   `{"fixed":[1]}`,
		"byName: json":                                `{"byName":1}`,
		"byName: json: cannot unmarshal number into":  `{"byName":[[1,null]]}`,
		"points to object 7 of 1":                     `{"byName":[["a",{"ref":7}]]}`,
		"next: json":                                  `{"next":1}`,
		`next: this cloud has no "nowhere"`:           `{"next":{"anchor":"nowhere"}}`,
		"points to a *saved_test.place":               `{"next":{"anchor":"home"}}`,
		"any: json":                                   `{"any":1}`,
		"knows no saved_test.circle":                  `{"any":{"kind":"saved_test.circle"}}`,
		"shape: this cloud knows no string":           `{"shape":{"kind":"string","value":"x"}}`,
		"shape.saved_test.square.side: json":          `{"shape":{"kind":"saved_test.square","value":{"side":"x"}}}`,
		"a func() can't be loaded":                    `{"call":1}`,
		"json: cannot unmarshal number into Go value": `1`,
	} {
		g := &saved.Graph{Roots: map[string]json.RawMessage{"root": []byte(`{"ref":1}`)}, Objects: []json.RawMessage{[]byte(object)}}
		kept := &node{name: "kept"}
		root := kept
		assert.ErrorContains(t, codec(&place{}).Decode(g, map[string]any{"root": &root}, func() {}), words, object)
		assert.Same(t, kept, root)
	}
	var root *node
	g := &saved.Graph{Roots: map[string]json.RawMessage{"other": nil}}
	require.ErrorContains(t, codec(&place{}).Decode(g, map[string]any{"root": &root}, nil), "other: this cloud has no such thing")
	require.ErrorContains(t, codec(&place{}).Decode(&saved.Graph{}, map[string]any{"root": &root}, nil), "root: it is missing")
}

func TestSpecial(t *testing.T) {
	t.Parallel()
	c := saved.New()
	cause := errors.New("no more")
	c.Special((*special)(nil), saved.Special{
		Save: func(pointer any) (any, error) { return pointer.(*special).text, nil },
		Load: func(data json.RawMessage) (any, error) {
			s := new(special)
			if string(data) == `"bad"` {
				return nil, cause
			}
			return s, json.Unmarshal(data, &s.text)
		},
	})
	s := &special{"text"}
	g, err := c.Encode(map[string]any{"root": &s})
	require.NoError(t, err)
	assert.JSONEq(t, `"text"`, string(g.Roots["root"]))
	s = nil
	require.NoError(t, c.Decode(g, map[string]any{"root": &s}, func() {}))
	assert.Equal(t, "text", s.text)
	g.Roots["root"] = []byte(`"bad"`)
	require.ErrorIs(t, c.Decode(g, map[string]any{"root": &s}, func() {}), cause)
}
