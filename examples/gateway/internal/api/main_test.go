package api_test

import (
	"embed"
	"encoding/json"
	"io/fs"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/api"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/gatewaytest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

// documented are the payloads that the API is documented with.
//
//go:embed testdata
var documented embed.FS

// payload returns a documented payload.
func payload(t *testing.T, name string) map[string]any {
	t.Helper()
	text, err := fs.ReadFile(documented, "testdata/"+name+".json")
	require.NoError(t, err)
	var value map[string]any
	require.NoError(t, json.Unmarshal(text, &value))
	return value
}

// world is a cloud with the API in front of it.
type world struct {
	*gatewaytest.World
	api http.Handler
}

func newWorld(t *testing.T, options ...nhncloudtest.Option) *world {
	t.Helper()
	w := &world{World: gatewaytest.New(t, options...)}
	var err error
	w.api, err = api.New(w.Backend, nil)
	require.NoError(t, err)
	return w
}

func (w *world) do(method, path, body string, headers map[string]string) gatewaytest.Answer {
	return gatewaytest.Do(w.api, method, path, body, headers)
}

// sameShape asserts that a value has the keys and the types of a documented one. All
// elements of a list are like its first one, and so are those of a map that is named
// in maps.
func sameShape(t *testing.T, where string, want, got any) {
	t.Helper()
	switch want := want.(type) {
	case map[string]any:
		got, ok := got.(map[string]any)
		if !assert.True(t, ok, "%s is no object", where) {
			return
		}
		if where == "addresses" { // its keys are names of networks
			for _, one := range want {
				for name, other := range got {
					sameShape(t, name, one, other)
				}
			}
			return
		}
		for key, value := range want {
			if assert.Contains(t, got, key, where) {
				sameShape(t, key, value, got[key])
			}
		}
		for key := range got {
			assert.Contains(t, want, key, "%s has more than is documented", where)
		}
	case []any:
		got, ok := got.([]any)
		if !assert.True(t, ok, "%s is no list", where) || !assert.NotEmpty(t, got, where) {
			return
		}
		for _, one := range got {
			sameShape(t, where, want[0], one)
		}
	default:
		assert.IsType(t, want, got, where)
	}
}
