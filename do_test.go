package nhncloud_test

import (
	"encoding/json"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
)

func TestFetchOne(t *testing.T) {
	t.Parallel()
	const good = `{"header": {"isSuccessful": true, "resultCode": 0}, "thing": `
	for name, test := range map[string]struct {
		body string
		kind error
	}{
		"alone":      {good + `[{"id": "1", "name": "x"}]}`, nil},
		"among more": {good + `[null, {"id": "2"}, {"id": "1", "name": "x"}, {"id": "1"}]}`, nil},
		"empty":      {good + `[]}`, nhncloud.ErrNotFound},
		"null":       {good + `null}`, nhncloud.ErrNotFound},
		"another":    {good + `[{"id": "2"}]}`, nhncloud.ErrNotFound},
		"no list":    {good + `{"id": "1"}}`, nhncloud.ErrBadAnswer},
		"no member":  {`{"header": {"isSuccessful": true}}`, nhncloud.ErrBadAnswer},
		"failure":    {envelope(-5, "FAIL"), nhncloud.ErrNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, sent := scriptClient(t, nil, answer(200, test.body, "X-Request-Id", "req-1"))
			got, err := nhncloud.FetchOne(t.Context(), client, v1Request(), func(found *thing) bool { return found.ID == "1" })
			assert.Equal(t, 1, sent.count())
			if test.kind == nil {
				require.NoError(t, err)
				assert.Equal(t, &thing{ID: "1", Name: "x"}, got)
				return
			}
			assert.Nil(t, got)
			e := asError(t, err)
			assertKind(t, test.kind, e)
			assert.Equal(t, "test-v1", e.Operation)
			assert.Equal(t, "req-1", e.RequestID)
			assert.NotEmpty(t, e.Message)
		})
	}
}

func TestFetchList(t *testing.T) {
	t.Parallel()
	client, _ := scriptClient(t, nil, answer(200, `{"header": {"isSuccessful": true}, "thing": [null, {"id": "1"}, null]}`), answer(200, envelope(-3, "no")))
	got, err := nhncloud.FetchList[thing](t.Context(), client, v1Request())
	require.NoError(t, err)
	assert.Equal(t, []*thing{{ID: "1"}}, got)
	got, err = nhncloud.FetchList[thing](t.Context(), client, v1Request())
	assert.ErrorIs(t, err, nhncloud.ErrForbidden)
	assert.Nil(t, got)
}

// A program uses the types that it would give encoding/json.
func TestDoAsWithEncodingJSON(t *testing.T) {
	t.Parallel()
	client, sent := scriptClient(t, nil, answer(200, `{"thing": {"id": "1", "name": "x", "vpcId": "v", "Size": "4", "kept": {"a": [1, 2]}, "at": "10.0.0.1"}}`))
	request := createRequest()
	request.Body = struct {
		Off   bool     `json:"off,omitempty"`
		None  []string `json:"none,omitempty"`
		Zero  int      `json:"zero"`
		Nil   []string `json:"nil"`
		Empty []string `json:"empty"`
		Text  string   `json:"text"`
	}{Empty: []string{}, Text: "<&>"}
	var out struct {
		ID    string
		Name  string
		VPCID string
		Size  int
		Kept  json.RawMessage
		At    netip.Addr
	}
	require.NoError(t, client.Do(t.Context(), request, &out))
	assert.Equal(t, []string{`{"zero":0,"nil":null,"empty":[],"text":"<&>"}`}, sent.sent)
	assert.Equal(t, "1", out.ID)
	assert.Equal(t, "x", out.Name)
	assert.Equal(t, "v", out.VPCID)
	assert.Equal(t, 4, out.Size)
	assert.JSONEq(t, `{"a": [1, 2]}`, string(out.Kept))
	assert.Equal(t, netip.MustParseAddr("10.0.0.1"), out.At)

	request.Body = map[string]any{"deep": []any{map[string]string{"a": "\xff"}}}
	err := client.Do(t.Context(), request, nil)
	require.ErrorIs(t, err, nhncloud.ErrInvalidArgument)
	assert.ErrorContains(t, err, "Body can't be encoded as JSON: text is not UTF-8")
	assert.Equal(t, 1, sent.count())
}
