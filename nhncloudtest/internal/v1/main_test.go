package v1_test

import (
	"testing"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type object = cloudtest.Object

// world is a cloud and a client of its v1.0 API.
type world struct{ *cloudtest.World }

func newWorld(t *testing.T, opts ...nhncloudtest.Option) *world {
	t.Helper()
	return &world{cloudtest.New(t, opts...)}
}

// v1 calls the v1.0 API, below the appkey, and returns what a success answers.
func (w *world) v1(method, path string, body any) object {
	w.T.Helper()
	res := w.Call(method, "/appkey/v1.0/appkeys/"+w.AppKey+path, body)
	require.Equal(w.T, 200, res.Status, "%s", res.Text)
	assert.Equal(w.T, "application/json", res.Header.Get("Content-Type"))
	require.Equal(w.T, object{"isSuccessful": true, "resultCode": 0., "resultMessage": "SUCCESS"}, res.Body["header"], "%s %s", method, path)
	return res.Body
}

// v1Empty is v1 for calls that answer nothing but the header.
func (w *world) v1Empty(method, path string, body any) {
	w.T.Helper()
	assert.Len(w.T, w.v1(method, path, body), 1, "%s %s", method, path)
}

// v1Fails makes a call that fails with a resultCode, and returns the message.
func (w *world) v1Fails(code int, method, path string, body any) string {
	w.T.Helper()
	res := w.Call(method, "/appkey/v1.0/appkeys/"+w.AppKey+path, body)
	return w.v1Failed(res, code, method+" "+path)
}

func (w *world) v1Failed(res cloudtest.Result, code int, what string) string {
	w.T.Helper()
	require.Equal(w.T, 200, res.Status, "%s: %s", what, res.Text)
	require.Len(w.T, res.Body, 1, "%s: %s", what, res.Text)
	header := res.Body["header"].(object)
	require.Len(w.T, header, 3, what)
	assert.Equal(w.T, false, header["isSuccessful"], what)
	assert.EqualValues(w.T, code, header["resultCode"], "%s: %s", what, res.Text)
	return header["resultMessage"].(string)
}

// without is an object less some keys.
func without(o object, keys ...string) object {
	out := object{}
	for k, v := range o {
		out[k] = v
	}
	for _, k := range keys {
		delete(out, k)
	}
	return out
}

// sameShapeV1 is sameShape for the first element of a list in an answer, which
// may lack some of the documented keys.
func sameShapeV1(t *testing.T, operation, list string, got any, missing ...string) {
	t.Helper()
	want := cloudtest.At(cloudtest.Fixture(t, operation+".response"), list)
	if all, ok := want.([]any); ok {
		want = all[0]
	}
	for _, k := range missing {
		assert.NotContains(t, got, k)
	}
	cloudtest.CompareShape(t, operation, without(want.(object), missing...), got)
}
