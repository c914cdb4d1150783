package label_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/nks/internal/label"
)

// all has a label of each kind. Package nks tests their forms.
type all struct {
	text, json, key string
	secret          nhncloud.Secret
	number          int
	required, flag  bool
	optional        *bool
	colons          []string
	array           []struct {
		Size int `json:"size"`
	}
	other map[string]any
}

func (a *all) fields() []label.Field {
	return []label.Field{
		label.Text("text", &a.text), label.JSON("json", &a.json), label.Key("key", &a.key), label.Secret("secret", &a.secret),
		label.Number("number", &a.number), label.Required("required", &a.required), label.Flag("flag", &a.flag),
		label.Optional("optional", &a.optional), label.Colons("colons", &a.colons), label.Array("array", &a.array),
	}
}

const given = `{"text": "t", "json": {"a": 1}, "key": "{\"key_id\": \"k\"}", "secret": "s", "number": 7, "required": true, "flag": "true",
	"optional": "false", "colons": "a:b", "array": "[{\"size\": \"1\"}]", "stranger": null}`

func TestRead(t *testing.T) {
	t.Parallel()
	a := all{other: map[string]any{"old": 1}}
	require.NoError(t, label.Read([]byte(given), a.fields(), &a.other))
	assert.Equal(t, map[string]any{"stranger": nil}, a.other)
	body := label.Body(a.fields(), a.other)
	assert.Equal(t, map[string]any{
		"text": "t", "json": `{"a":1}`, "key": `{"key_id":"k"}`, "secret": "s", "number": "7", "required": "True", "flag": "True", "optional": "False",
		"colons": "a:b", "array": a.array, "stranger": nil,
	}, body)
	assert.Len(t, a.other, 1, "what others gave stays theirs")
	shown, err := label.Shown(a.fields(), a.other)
	require.NoError(t, err)
	assert.Contains(t, string(shown), `"secret":"[REDACTED]"`)

	require.NoError(t, label.Read([]byte(`{}`), a.fields(), &a.other))
	assert.Equal(t, all{}, a, "what does not come is nothing")
	assert.Error(t, label.Read([]byte(`[]`), a.fields(), &a.other))
}

// TestOther has labels under the name of a field that are of another form.
func TestOther(t *testing.T) {
	t.Parallel()
	a := all{}
	require.NoError(t, label.Read([]byte(`{"text": [], "number": "many", "required": "maybe", "array": {}, "key": "k"}`), a.fields(), &a.other))
	assert.Len(t, a.other, 5)
	assert.Equal(t, a.other, label.Body(a.fields(), a.other), "they are sent as they came")
	a.number, a.required = 2, true
	body := label.Body(a.fields(), a.other)
	assert.Equal(t, []any{"2", "True"}, []any{body["number"], body["required"]}, "until the field is set")
}

// FuzzRead sends what was read, and reads the same again.
func FuzzRead(f *testing.F) {
	f.Add(given)
	f.Add(`{"text": [], "number": "many", "required": "maybe", "array": {}, "key": "k", "colons": [":"], "optional": {}}`)
	f.Fuzz(func(t *testing.T, text string) {
		var first, second all
		if label.Read([]byte(text), first.fields(), &first.other) != nil {
			return
		}
		sent, err := json.Marshal(label.Body(first.fields(), first.other))
		require.NoError(t, err)
		require.NoError(t, label.Read(sent, second.fields(), &second.other))
		assert.Equal(t, first, second, "%s", sent)
	})
}
