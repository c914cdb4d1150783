package compute_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
	"github.com/stretchr/testify/assert"
)

func TestServerMetadata(t *testing.T) {
	w := cloudtest.New(t)
	id := w.U2("meta")
	base := "/servers/" + id + "/metadata"
	cloudtest.SameShape(t, "compute-v2-list-server-metadata.response", w.Compute("GET", base, nil).Body)
	cloudtest.SameShape(t, "compute-v2-get-server-metadata.response", w.Compute("GET", base+"/os_version", nil).Body)
	res := w.Compute("PUT", base+"/os_version", cloudtest.Fixture(t, "compute-v2-set-server-metadata.response"))
	assert.Equal(t, 200, res.Status)
	cloudtest.SameShape(t, "compute-v2-set-server-metadata.response", res.Body)
	assert.Equal(t, "Server 20.04 LTS", cloudtest.At(w.GetServer(id), "metadata", "os_version"))
	for _, body := range []object{
		{}, {"meta": object{"other": "x"}}, {"meta": object{"k": "a", "l": "b"}}, {"meta": object{"k": 1}},
		{"meta": object{"k": strings.Repeat("x", 256)}},
	} {
		assert.Equal(t, 400, w.Compute("PUT", base+"/k", body).Status, "%v", body)
	}
	odd := url.PathEscape("a/b 한글")
	assert.Equal(t, 200, w.Compute("PUT", base+"/"+odd, object{"meta": object{"a/b 한글": "v"}}).Status)
	assert.Equal(t, "v", cloudtest.At(w.Compute("GET", base+"/"+odd, nil).Body, "meta", "a/b 한글"))
	assert.Equal(t, 204, w.Compute("DELETE", base+"/"+odd, nil).Status)
	for _, method := range []string{"GET", "DELETE"} {
		res := w.Compute(method, base+"/"+odd, nil)
		assert.Equal(t, 404, res.Status)
		assert.Equal(t, "Metadata item was not found", cloudtest.At(res.Body, "itemNotFound", "message"))
	}
	for _, method := range []string{"GET", "DELETE", "PUT"} {
		assert.Equal(t, 404, w.Compute(method, "/servers/nope/metadata/k", object{"meta": object{"k": "v"}}).Status)
	}
}

// Nova has these two, NHN Cloud's guide has not.
func TestServerMetadataAtOnce(t *testing.T) {
	w := cloudtest.New(t)
	id := w.U2("meta")
	base := "/servers/" + id + "/metadata"
	before := len(w.GetServer(id)["metadata"].(object))

	merged := w.Compute("POST", base, object{"metadata": object{"role": "db", "os_type": "mine"}})
	assert.Equal(t, 200, merged.Status, "%s", merged.Text)
	assert.Len(t, merged.Body["metadata"], before+1)
	assert.Equal(t, merged.Body["metadata"], w.GetServer(id)["metadata"])
	assert.Equal(t, "mine", cloudtest.At(merged.Body, "metadata", "os_type"))

	replaced := w.Compute("PUT", base, object{"metadata": object{"only": "this"}})
	assert.Equal(t, 200, replaced.Status, "%s", replaced.Text)
	assert.Equal(t, object{"metadata": object{"only": "this"}}, replaced.Body)

	for _, method := range []string{"POST", "PUT"} {
		for _, body := range []object{{}, {"metadata": "x"}, {"metadata": nil}, {"metadata": object{"k": 1}}, {"metadata": object{"": "v"}}} {
			assert.Equal(t, 400, w.Compute(method, base, body).Status, "%v", body)
		}
		assert.Equal(t, 404, w.Compute(method, "/servers/nope/metadata", object{"metadata": object{"k": "v"}}).Status)
	}
	assert.Equal(t, object{"only": "this"}, w.GetServer(id)["metadata"])
}
