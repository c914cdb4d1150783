package cloudtest

import (
	"embed"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

//go:embed testdata
var testdata embed.FS

// Fixture is a documented or recorded payload.
func Fixture(t *testing.T, name string) object {
	t.Helper()
	data, err := testdata.ReadFile("testdata/" + name + ".json")
	require.NoError(t, err)
	var o object
	require.NoError(t, json.Unmarshal(data, &o))
	return o
}

// freeKeys are objects whose keys are data.
var freeKeys = map[string]bool{
	"metadata": true, "addresses": true, "extra_specs": true, "meta": true, "properties": true,
	"labels": true, "health_status_reason": true, "supported_k8s": true, "supported_event_type": true, "options": true,
}

// placeholders are what the documents of v1.0 show for values that are no
// strings.
var placeholders = map[string]any{
	"{IP Version}": 0., "{IP version}": 0., "{Flavor CPU}": 0., "{Flavor RAM}": 0., "{Root Volume Size}": 0.,
	"{Attached Volume Size}": 0., "{Ephermeral}": 0., "{Volume Size}": 0., "{RAM}": 0., "{VCPUs}": 0., "{Size}": 0.,
	"{Min Disk}": 0., "{Min RAM}": 0., "{Image Size}": 0., "{Port Range MAX}": 0., "{Port Range MIN}": 0.,
	"{Available}": true, "{Disabled}": true, "{Is Public}": true, "{Protected}": true, "{Enable DHCP}": true,
	"{Administrative State}": true, "{External Router Provided}": true,
}

// SameShape checks that an answer has the keys of the documented one, with
// values of the same kind, all the way down.
func SameShape(t *testing.T, name string, got any) {
	t.Helper()
	CompareShape(t, name, Fixture(t, name), got)
}

// CompareShape is SameShape for a payload that is at hand.
func CompareShape(t *testing.T, path string, want, got any) {
	t.Helper()
	if got == nil || want == nil {
		return // documented examples show null for what can have a value, and the other way round
	}
	switch want := want.(type) {
	case object:
		got, ok := got.(object)
		if !assert.True(t, ok, "%s is no object", path) {
			return
		}
		last := path[strings.LastIndexAny(path, ".]")+1:]
		if freeKeys[last] {
			return
		}
		for k, v := range want {
			g, ok := got[k]
			if assert.True(t, ok, "%s lacks %q", path, k) {
				CompareShape(t, path+"."+k, v, g)
			}
		}
		for k := range got {
			assert.Contains(t, want, k, "%s has more than documented", path)
		}
	case []any:
		got, ok := got.([]any)
		if !assert.True(t, ok, "%s is no list", path) || len(want) == 0 {
			return
		}
		for _, g := range got {
			CompareShape(t, path+"[]", likest(want, g), g)
		}
	case string:
		if kind, ok := placeholders[want]; ok {
			assert.IsType(t, kind, got, path)
			return
		}
		assert.IsType(t, want, got, path)
	default:
		assert.IsType(t, want, got, path)
	}
}

// likest is the element of a documented list that has the keys of an answered
// one, or the first one: some lists mix elements with and without a field.
func likest(want []any, got any) any {
	keys := func(v any) []string {
		o, _ := v.(object)
		return slices.Sorted(maps.Keys(o))
	}
	for _, w := range want {
		if slices.Equal(keys(w), keys(got)) {
			return w
		}
	}
	return want[0]
}

// SameError checks an answer against a recorded error: status, content type,
// shape, and the words up to the ids in them.
func SameError(t *testing.T, name string, got Result) {
	t.Helper()
	want := Fixture(t, "errors/"+name)
	assert.EqualValues(t, want["status"], got.Status, "%s", got.Text)
	assert.Equal(t, want["content_type"], got.Header.Get("Content-Type"))
	if text, ok := want["body"].(string); ok {
		assert.Equal(t, text, got.Text)
		return
	}
	compareError(t, want["body"], got.Body)
}

func compareError(t *testing.T, want, got any) {
	t.Helper()
	switch want := want.(type) {
	case object:
		got, _ := got.(object)
		for k, v := range want {
			compareError(t, v, got[k])
		}
		assert.Len(t, got, len(want))
	case []any:
		got, _ := got.([]any)
		if assert.Len(t, got, len(want)) {
			for i, v := range want {
				compareError(t, v, got[i])
			}
		}
	case string:
		assert.Equal(t, withoutIDs(want), withoutIDs(got.(string)))
	default:
		assert.Equal(t, want, got)
	}
}

// withoutIDs replaces words that look like ids, and names of the recording.
func withoutIDs(s string) string {
	words := strings.Fields(s)
	for i, w := range words {
		bare := strings.Trim(w, "'.,")
		if len(bare) >= 32 || strings.HasPrefix(bare, "k-") {
			words[i] = strings.ReplaceAll(w, bare, "ID")
		}
	}
	return strings.Join(words, " ")
}
