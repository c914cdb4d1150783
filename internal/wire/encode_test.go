package wire_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/internal/wire"
)

func TestMarshal(t *testing.T) {
	t.Parallel()
	in := map[string]any{"z": 1, "a": map[string]string{"y": "<&>", "b": "x"}, "m": []int{}, "n": nil}
	for range 20 {
		got, err := wire.Marshal(in)
		require.NoError(t, err)
		assert.Equal(t, `{"a":{"b":"x","y":"<&>"},"m":[],"n":null,"z":1}`, string(got))
	}
	_, err := wire.Marshal(func() {})
	assert.Error(t, err)
}

// TestMarshalRefusesWhatIsNoText: encoding/json would put U+FFFD in its place.
func TestMarshalRefusesWhatIsNoText(t *testing.T) {
	t.Parallel()
	const bad, good = "a\xffb", "a\ufffdb"
	type body struct {
		Text   string            `json:"text"`
		Any    any               `json:"any"`
		List   []*string         `json:"list"`
		Map    map[string]string `json:"map"`
		Inner  struct{ A [1]string }
		Number int
	}
	for name, make := range map[string]func(text string) any{
		"text":   func(text string) any { return text },
		"field":  func(text string) any { return body{Text: text} },
		"any":    func(text string) any { return &body{Any: []any{1, text}} },
		"list":   func(text string) any { return []body{{List: []*string{nil, &text}}} },
		"values": func(text string) any { return body{Map: map[string]string{"a": text}} },
		"names":  func(text string) any { return map[string]any{"x": body{Map: map[string]string{text: "a"}}} },
		"inner":  func(text string) any { return body{Inner: struct{ A [1]string }{[1]string{text}}} },
	} {
		_, err := wire.Marshal(make(bad))
		assert.ErrorContains(t, err, "text is not UTF-8", name)
		encoded, err := wire.Marshal(make(good))
		require.NoError(t, err, name)
		assert.Contains(t, string(encoded), good)
		_, err = wire.Marshal(make(`\ufffd`))
		assert.NoError(t, err, name)
	}
}
