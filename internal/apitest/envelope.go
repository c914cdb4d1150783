package apitest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
)

// isV1 reports whether the request is one of the v1.0 API.
func (w Want) isV1() bool { return strings.HasPrefix(w.URL, AppKeyURL) }

// loose runs an operation of the v1.0 API on its documented answer with every
// number and Boolean in quotes, as the guides show them, and on the answers
// that have a placeholder in place of one of them.
func loose[T any](t *testing.T, want Want, reply Reply, expected T, call func(ctx context.Context, client *nhncloud.Client) (T, error)) {
	t.Helper()
	document := parse(t, reply.Body)
	var members []member
	collect(document, "", &members)

	t.Run("quoted", func(t *testing.T) {
		t.Parallel()
		m := New(t)
		m.Expect(want, Reply{Header: reply.Header, Body: document.with(t, members, func(m member) any { return fmt.Sprint(m.value) })})
		got, err := call(t.Context(), m.Client)
		require.NoError(t, err)
		require.Equal(t, expected, got)
	})
	t.Run("placeholders", func(t *testing.T) {
		t.Parallel()
		for _, placed := range members {
			m := New(t)
			m.Expect(want, Reply{Header: reply.Header, Body: document.with(t, []member{placed}, func(member) any { return "{Placeholder}" })})
			got, err := call(t.Context(), m.Client)
			assert.Zero(t, got, placed.name)
			assert.ErrorIs(t, err, nhncloud.ErrBadAnswer, placed.name)
			if want.Operation != "keypair-v1-create-keypair" { // whose answers have a secret, and are not quoted
				assert.ErrorContains(t, err, placed.name)
			}
		}
	})
}

// failedEnvelopes checks that an answer of the v1.0 API that does not claim
// success is none, whatever else is in it.
func failedEnvelopes(t *testing.T, documented Reply, fail func(t *testing.T, reply Reply) *nhncloud.Error) {
	t.Helper()
	document := parse(t, documented.Body)
	replaced := func(header any) Reply {
		flipped := object{}
		for name, value := range document {
			flipped[name] = value
		}
		if flipped["header"] = header; header == nil {
			delete(flipped, "header")
		}
		return Reply{Header: documented.Header, Body: flipped.text(t)}
	}
	t.Run("isSuccessful flipped", func(t *testing.T) {
		t.Parallel()
		for code, kind := range map[int]error{
			0: nhncloud.ErrServerFault, -3: nhncloud.ErrForbidden, -5: nhncloud.ErrNotFound, 10404: nhncloud.ErrNotFound, 24409: nhncloud.ErrConflict,
		} {
			e := fail(t, replaced(object{"isSuccessful": false, "resultCode": code, "resultMessage": "FAIL: no luck"}))
			assert.ErrorIs(t, e, kind, "resultCode %d", code)
			assert.Equal(t, code, e.ResultCode)
			assert.Equal(t, http.StatusOK, e.StatusCode)
			assert.Equal(t, "FAIL: no luck", e.Message)
		}
	})
	t.Run("no header", func(t *testing.T) {
		t.Parallel()
		for _, header := range []any{nil, object{}, object{"resultCode": 0}, "SUCCESS", []any{}} {
			assert.ErrorIs(t, fail(t, replaced(header)), nhncloud.ErrBadAnswer)
		}
	})
	if len(document) == 1 {
		return
	}
	t.Run("header alone", func(t *testing.T) {
		t.Parallel()
		assert.ErrorIs(t, fail(t, Reply{Header: documented.Header, Body: object{"header": document["header"]}.text(t)}), nhncloud.ErrBadAnswer)
	})
}

type object map[string]any

// member is a number or a Boolean of a document.
type member struct {
	path  string // where it stands
	name  string // its own name
	value any
}

// parse reads a fixture; numbers keep their form.
func parse(t *testing.T, body string) object {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(Text(t, body)))
	decoder.UseNumber()
	var document object
	require.NoError(t, decoder.Decode(&document))
	return document
}

func (o object) text(t *testing.T) string {
	t.Helper()
	encoded, err := json.Marshal(o)
	require.NoError(t, err)
	return string(encoded)
}

// collect finds the numbers and Booleans of a document.
func collect(value any, path string, found *[]member) {
	walk(value, path, func(path string, value any) any {
		switch value.(type) {
		case bool, json.Number:
			*found = append(*found, member{path, path[strings.LastIndexByte(path, '/')+1:], value})
		}
		return value
	})
}

// with returns the text of the document with other values for some members.
func (o object) with(t *testing.T, members []member, value func(member) any) string {
	t.Helper()
	replaced := walk(o, "", func(path string, v any) any {
		if i := slices.IndexFunc(members, func(m member) bool { return m.path == path }); i >= 0 {
			return value(members[i])
		}
		return v
	})
	var b bytes.Buffer
	require.NoError(t, json.NewEncoder(&b).Encode(replaced))
	return b.String()
}

// walk copies a document and gives every value that holds no others to leaf.
func walk(value any, path string, leaf func(path string, value any) any) any {
	switch v := value.(type) {
	case object:
		return walk(map[string]any(v), path, leaf)
	case map[string]any:
		copied := make(map[string]any, len(v))
		for name, inner := range v {
			copied[name] = walk(inner, path+"/"+name, leaf)
		}
		return copied
	case []any:
		copied := make([]any, len(v))
		for i, inner := range v {
			copied[i] = walk(inner, fmt.Sprintf("%s[%d]", path, i), leaf)
		}
		return copied
	default:
		return leaf(path, value)
	}
}
