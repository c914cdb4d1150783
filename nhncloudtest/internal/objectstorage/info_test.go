package objectstorage_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

func TestObjectStorageInfo(t *testing.T) {
	s := newSwift(t, nhncloudtest.WithObjectSizeLimit(100)).as("") // everybody may know
	s.base = strings.TrimSuffix(s.base, "/v1/AUTH_"+s.ObjectStorageTenantID)
	res := s.want(200, "GET", "/info", "")
	assert.Equal(t, "application/json; charset=UTF-8", res.Header.Get("Content-Type"))
	var info struct {
		Swift map[string]any `json:"swift"`
		SLO   map[string]int `json:"slo"`
		Bulk  map[string]int `json:"bulk_delete"`
		Temp  map[string]any `json:"tempurl"`
	}
	require.NoError(t, json.Unmarshal([]byte(res.Text), &info))
	assert.Equal(t, 100.0, info.Swift["max_file_size"])
	assert.Equal(t, map[string]int{"max_manifest_segments": 10_000, "max_manifest_size": 8 << 20, "min_segment_size": 1}, info.SLO)
	assert.Equal(t, map[string]int{"max_deletes_per_request": 10_000}, info.Bulk)
	assert.Equal(t, []any{"sha1", "sha256", "sha512"}, info.Temp["allowed_digests"])

	assert.Empty(t, s.want(200, "HEAD", "/info", "").Text)
	assert.Equal(t, "GET, HEAD, OPTIONS", s.want(200, "OPTIONS", "/info", "").Header.Get("Allow"))
	assert.Equal(t, "GET, HEAD, OPTIONS", s.want(405, "PUT", "/info", "x").Header.Get("Allow"))
	s.want(412, "GET", "/v1", "")
}
