package nhncloud_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
)

// recorded lists the answers in testdata/errors. They were recorded from the
// OpenStack services (Keystone 22, Nova 26, Neutron 21, Swift 2.30) that those
// of NHN Cloud derive from; no official guide describes errors of the v2 API.
// The words may differ, the shapes are what has to be understood:
//
//   - Each service has its own, and every 401 but that of object storage has
//     the shape of identity.
//   - Object storage never answers JSON, and HEAD has no body at all.
//   - A used-up quota is 403 in compute, 409 in network, 413 in block storage.
//   - The rate limit of object storage is 498 without Retry-After; the guide of
//     NHN Cloud says 429.
//   - What belongs to another tenant is 404, or 400 when its id is in the path.
var recorded = map[string]struct {
	status        int
	kind          error
	code, message string
}{
	"compute/err_400_attach_twice":                  {400, nhncloud.ErrInvalidArgument, "badRequest", "Invalid volume: volume 7e993691-6d0d-497e-8abd-385cf10cbfe3 is already attached to instances: 63c41d6d-be79-4f7d-bcee-6087422f411b"},
	"compute/err_400_bad_flavor":                    {400, nhncloud.ErrInvalidArgument, "badRequest", "Flavor nope could not be found."},
	"compute/err_400_bad_image":                     {400, nhncloud.ErrInvalidArgument, "badRequest", "Can not find requested image"},
	"compute/err_400_bfv_delete_on_termination_int": {400, nhncloud.ErrInvalidArgument, "badRequest", "Invalid input for field/attribute delete_on_termination. Value: 1. 1 is not of type 'boolean', 'string'"},
	"compute/err_400_keypair_bad_key":               {400, nhncloud.ErrInvalidArgument, "badRequest", "Keypair data is invalid: failed to generate fingerprint"},
	"compute/err_400_not_json":                      {400, nhncloud.ErrInvalidArgument, "badRequest", "Malformed request body"},
	"compute/err_400_schema":                        {400, nhncloud.ErrInvalidArgument, "badRequest", "Invalid input for field/attribute server. Value: {'name': 'x'}. 'flavorRef' is a required property"},
	"compute/err_400_wrong_project":                 {400, nhncloud.ErrInvalidArgument, "badRequest", "Malformed request URL: URL's project_id '00000000000000000000000000000000' doesn't match Context's project_id '3121bcdc97fd4244b6cb94ea4a72fefe'"},
	"compute/err_401":                               {401, nhncloud.ErrUnauthorized, "Unauthorized", "The request you have made requires authentication."},
	"compute/err_403_flavor_create":                 {403, nhncloud.ErrForbidden, "forbidden", "Policy doesn't allow os_compute_api:os-flavor-manage:create to be performed."},
	"compute/err_403_quota":                         {403, nhncloud.ErrQuotaExceeded, "forbidden", "Quota exceeded for cores, instances, ram: Requested 50, 50, 51200, but already used 2, 1, 2048 of 20, 10, 51200 cores, instances, ram"},
	"compute/err_404_keypair":                       {404, nhncloud.ErrNotFound, "itemNotFound", "Keypair nope not found for user 45ec02c010384e05824ed4876626bab9"},
	"compute/err_404_path":                          {404, nhncloud.ErrNotFound, "Not Found", "The resource could not be found."},
	"compute/err_404_path_anyaccept":                {404, nhncloud.ErrNotFound, "", "404 Not Found The resource could not be found."},
	"compute/err_404_server":                        {404, nhncloud.ErrNotFound, "itemNotFound", "Instance 00000000-0000-0000-0000-000000000000 could not be found."},
	"compute/err_404_stranger":                      {404, nhncloud.ErrNotFound, "itemNotFound", "Instance 63c41d6d-be79-4f7d-bcee-6087422f411b could not be found."},
	"compute/err_404_wrong_method":                  {404, nhncloud.ErrNotFound, "Not Found", "The resource could not be found."},
	"compute/err_406_microversion":                  {406, nhncloud.ErrNotSupported, "computeFault", "Version 2.9999 is not supported by the API. Minimum is 2.1 and maximum is 2.93."},
	"compute/err_409_keypair_exists":                {409, nhncloud.ErrConflict, "conflictingRequest", "Key pair 'k-6b0064ae' already exists."},
	"compute/err_409_stop_stopped":                  {409, nhncloud.ErrConflict, "conflictingRequest", "Cannot 'stop' instance 63c41d6d-be79-4f7d-bcee-6087422f411b while it is in vm_state stopped"},
	"compute/err_413_body":                          {413, nhncloud.ErrTooLarge, "Request Entity Too Large", "Request is too large. Larger than max_request_body_size (114688)."},
	"identity/err_400_bad_body":                     {400, nhncloud.ErrInvalidArgument, "Bad Request", "Expecting to find auth/passwordCredentials in request body. The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error."},
	"identity/err_400_v3_bad_body":                  {400, nhncloud.ErrInvalidArgument, "Bad Request", "'identity' is a required property Failed validating 'required' in schema: {'properties': {'identity': {'properties': {'methods': {'items': {'type': 'string'}, 'type': 'array'}, 'password': {'properties': {'user': {'properties': {'domain': {'properties': {'id': {'type': 'string'}, 'name': {'type': 'string'}}, 'type': 'object'}, 'id': {'type': 'string'}, 'name': {'type': 'string'}, 'password': {'type': 'string'}}, 'type': 'object'}}, 'type': 'object'}, 'token': {'properties': {'id': {'type': 'stri…"},
	"identity/err_401_bad_password":                 {401, nhncloud.ErrUnauthorized, "Unauthorized", "The request you have made requires authentication."},
	"identity/err_401_no_such_tenant":               {401, nhncloud.ErrUnauthorized, "Unauthorized", "The request you have made requires authentication."},
	"identity/err_401_wrong_tenant":                 {401, nhncloud.ErrUnauthorized, "Unauthorized", "The request you have made requires authentication."},
	"identity/err_403_v3":                           {403, nhncloud.ErrForbidden, "Forbidden", "You are not authorized to perform the requested action: identity:list_users."},
	"identity/err_404_v3":                           {404, nhncloud.ErrNotFound, "Not Found", "Could not find project: nope."},
	"network/err_400_bad_body":                      {400, nhncloud.ErrInvalidArgument, "HTTPBadRequest", "Unrecognized attribute(s) 'nope'"},
	"network/err_400_bad_cidr":                      {400, nhncloud.ErrInvalidArgument, "InvalidInput", "Invalid input for operation: zzz is not in a CIDR format."},
	"network/err_400_not_json":                      {400, nhncloud.ErrInvalidArgument, "HTTPBadRequest", "Body contains invalid data"},
	"network/err_400_subnet_overlap":                {400, nhncloud.ErrInvalidArgument, "InvalidInput", "Invalid input for operation: Requested subnet with cidr: 10.9.0.0/24 for network: a6da20f3-dcbf-422f-b33e-bfd03fa8bfd3 overlaps with another subnet."},
	"network/err_401":                               {401, nhncloud.ErrUnauthorized, "Unauthorized", "The request you have made requires authentication."},
	"network/err_403_provider_attr":                 {403, nhncloud.ErrForbidden, "PolicyNotAuthorized", "(rule:create_network and rule:create_network:provider:network_type) is disallowed by policy"},
	"network/err_404_network":                       {404, nhncloud.ErrNotFound, "NetworkNotFound", "Network 00000000-0000-0000-0000-000000000000 could not be found."},
	"network/err_404_path_vpcs":                     {404, nhncloud.ErrNotFound, "HTTPNotFound", "The resource could not be found."},
	"network/err_404_path_vpcsubnets":               {404, nhncloud.ErrNotFound, "HTTPNotFound", "The resource could not be found."},
	"network/err_404_stranger":                      {404, nhncloud.ErrNotFound, "NetworkNotFound", "Network a6da20f3-dcbf-422f-b33e-bfd03fa8bfd3 could not be found."},
	"network/err_409_ip_in_use":                     {409, nhncloud.ErrConflict, "IpAddressAlreadyAllocated", "IP address 10.9.0.50 already allocated in subnet 4d6c170a-9de0-41d5-a7c5-ca9c86704dd9"},
	"network/err_409_network_in_use":                {409, nhncloud.ErrConflict, "NetworkInUse", "Unable to complete operation on network a6da20f3-dcbf-422f-b33e-bfd03fa8bfd3. There are one or more ports still in use on the network, id for these ports is: 2caa2b75-b177-49af-8c9a-4d35331cf3bd,8df3f776-751e-4e19-9c1a-5b566f73b8f5."},
	"network/err_409_quota":                         {409, nhncloud.ErrQuotaExceeded, "OverQuota", "Quota exceeded for resources: ['security_group']."},
	"network/err_409_secgroup_in_use":               {409, nhncloud.ErrConflict, "SecurityGroupInUse", "Security Group 794ccb5a-f118-4cc1-8dea-5bfad9e145ca in use."},
	"network/err_409_secgroup_rule_exists":          {409, nhncloud.ErrConflict, "SecurityGroupRuleExists", "Security group rule already exists. Rule id is 067decb4-df5a-44c9-8814-ebf1d79325a3."},
	"object-store/err_400_name_too_long":            {400, nhncloud.ErrInvalidArgument, "", "Container name length of 300 longer than 256"},
	"object-store/err_400_slo_etag":                 {400, nhncloud.ErrInvalidArgument, "", "Errors: /c-6b0064ae/big/001, Etag Mismatch"},
	"object-store/err_401":                          {401, nhncloud.ErrUnauthorized, "", "This server could not verify that you are authorized to access the document you requested."},
	"object-store/err_401_no_token":                 {401, nhncloud.ErrUnauthorized, "", "This server could not verify that you are authorized to access the document you requested."},
	"object-store/err_401_tempurl_bad_sig":          {401, nhncloud.ErrUnauthorized, "", "401 Unauthorized: Temp URL invalid"},
	"object-store/err_403_other_account":            {403, nhncloud.ErrForbidden, "", "Access was denied to this resource."},
	"object-store/err_403_stranger":                 {403, nhncloud.ErrForbidden, "", "Access was denied to this resource."},
	"object-store/err_404_container":                {404, nhncloud.ErrNotFound, "", "The resource could not be found."},
	"object-store/err_404_encoded_slash":            {404, nhncloud.ErrNotFound, "", "The resource could not be found."},
	"object-store/err_404_expired":                  {404, nhncloud.ErrNotFound, "", "The resource could not be found."},
	"object-store/err_404_object":                   {404, nhncloud.ErrNotFound, "", "The resource could not be found."},
	"object-store/err_404_put_no_container":         {404, nhncloud.ErrNotFound, "", "The resource could not be found."},
	"object-store/err_409_container_not_empty":      {409, nhncloud.ErrConflict, "", "There was a conflict when trying to complete your request."},
	"object-store/err_412":                          {412, nhncloud.ErrPreconditionFailed, "", "A precondition for this request was not met."},
	"object-store/err_413_too_large":                {413, nhncloud.ErrTooLarge, "", "Your request is too large."},
	"object-store/err_416":                          {416, nhncloud.ErrRangeNotSatisfiable, "", "The Range requested is not available."},
	"object-store/err_422_etag":                     {422, nhncloud.ErrInvalidArgument, "", "Unable to process the contained instructions"},
	"object-store/err_498_ratelimit":                {498, nhncloud.ErrRateLimited, "", "Slow down"},
}

// recording is a file in testdata/errors.
type recording struct {
	Status  int
	Headers map[string]string
	Body    json.RawMessage // a string when it was not JSON
}

func (r recording) answer() step {
	var header []string
	for name, value := range r.Headers {
		header = append(header, name, value)
	}
	body := string(r.Body)
	var text string
	if json.Unmarshal(r.Body, &text) == nil {
		body = text
	}
	return answer(r.Status, body, header...)
}

func asError(t *testing.T, err error) *nhncloud.Error {
	t.Helper()
	var e *nhncloud.Error
	require.ErrorAs(t, err, &e)
	return e
}

// failure sends a request that is answered so, and returns what it fails with.
func failure(t *testing.T, status int, body string, header ...string) *nhncloud.Error {
	t.Helper()
	client, sent := scriptClient(t, []nhncloud.Option{nhncloud.WithRetry(nhncloud.NoRetry)}, answer(status, body, header...))
	e := asError(t, client.Do(t.Context(), createRequest(), nil))
	assert.Equal(t, 1, sent.count(), "after 401 too, because the fixed token is all there is")
	return e
}

var allKinds = []error{
	nhncloud.ErrInvalidArgument, nhncloud.ErrUnauthorized, nhncloud.ErrForbidden, nhncloud.ErrNotFound, nhncloud.ErrConflict,
	nhncloud.ErrPreconditionFailed, nhncloud.ErrTooLarge, nhncloud.ErrRateLimited, nhncloud.ErrQuotaExceeded, nhncloud.ErrUnavailable,
	nhncloud.ErrServerFault, nhncloud.ErrNotSupported, nhncloud.ErrBadAnswer, nhncloud.ErrEndpointNotFound, nhncloud.ErrFailedState,
	nhncloud.ErrNotModified, nhncloud.ErrRangeNotSatisfiable, nhncloud.ErrChecksumMismatch,
}

// assertKind checks that an error is of one kind and of no other.
func assertKind(t *testing.T, want error, e *nhncloud.Error) {
	t.Helper()
	assert.Equal(t, want, e.Kind())
	for _, kind := range allKinds {
		assert.Equal(t, kind == want, errors.Is(e, kind), "is %v", kind)
		assert.Equal(t, kind == want, errors.Is(fmt.Errorf("wrapped: %w", e), kind), "wrapped, is %v", kind)
	}
}

func TestRecordedErrors(t *testing.T) {
	t.Parallel()
	files := os.DirFS("testdata/errors")
	found := map[string]bool{}
	require.NoError(t, fs.WalkDir(files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			found[strings.TrimSuffix(path, ".json")] = true
		}
		return err
	}))
	for name := range recorded {
		assert.True(t, found[name], "no recording of %s", name)
	}
	for name := range found {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			content, err := fs.ReadFile(files, name+".json")
			require.NoError(t, err)
			var r recording
			require.NoError(t, json.Unmarshal(content, &r))
			want, ok := recorded[name]
			require.True(t, ok, "this recording is not in the table")

			client, _ := scriptClient(t, []nhncloud.Option{nhncloud.WithRetry(nhncloud.NoRetry)}, r.answer())
			err = client.Do(t.Context(), createRequest(), nil)
			e := asError(t, err)
			assert.Equal(t, want.status, e.StatusCode)
			assertKind(t, want.kind, e)
			assert.Equal(t, want.code, e.Code)
			assert.Equal(t, want.message, e.Message)
			requestID := r.Headers["X-Openstack-Request-Id"]
			assert.Equal(t, requestID, e.RequestID)
			assert.Equal(t, "test-create", e.Operation)
			assert.Equal(t, http.MethodPost, e.Method)
			assert.Equal(t, "https://compute.example.com/v2/"+testTenant+"/things", e.URL)
			assert.Equal(t, r.Headers["Content-Type"], e.Header.Get("Content-Type"))
			assert.NotEmpty(t, e.Body)
			assertReadable(t, e)
			assert.Contains(t, err.Error(), want.message)
			if requestID != "" {
				assert.Contains(t, err.Error(), "request id "+requestID)
			}
		})
	}
}

// assertReadable checks that a person can read an error, and a log keep it.
func assertReadable(t *testing.T, e *nhncloud.Error) {
	t.Helper()
	for _, text := range []string{e.Message, e.Code, e.Error()} {
		assert.True(t, utf8.ValidString(text), "%q", text)
		assert.False(t, strings.ContainsFunc(text, func(r rune) bool {
			return unicode.IsControl(r) || r == '\u2028' || r == '\u2029'
		}), "%q is not one line", text)
	}
	assert.LessOrEqual(t, len(e.Message), 500+len("…"))
	assert.LessOrEqual(t, len(e.Code), 500+len("…"))
	assert.LessOrEqual(t, len(e.Body), 16<<10)
	for _, tag := range []string{"<br", "<html", "<h1", "<p>", "</"} {
		assert.NotContains(t, e.Message, tag)
	}
}

// The shapes that were not recorded.
func TestErrorShapes(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status        int
		body          string
		kind          error
		code, message string
	}{
		"block storage": {404, `{"itemNotFound": {"message": "Volume x could not be found.", "code": 404}}`, nhncloud.ErrNotFound, "itemNotFound", "Volume x could not be found."},
		"block storage, quota": {
			413, `{"overLimit": {"code": 413, "message": "VolumeLimitExceeded: Maximum number of volumes allowed (10) exceeded for quota 'volumes'.", "retryAfter": "0"}}`,
			nhncloud.ErrQuotaExceeded, "overLimit", "VolumeLimitExceeded: Maximum number of volumes allowed (10) exceeded for quota 'volumes'.",
		},
		"image": {404, "<html>\n <head>\n  <title>404 Not Found</title>\n </head>\n <body>\n  <h1>404 Not Found</h1>\n  No image found with ID x<br /><br />\n\n\n\n </body>\n</html>", nhncloud.ErrNotFound, "", "404 Not Found No image found with ID x"},
		"image, JSON": {
			403, `{"message": "You are not permitted to delete this image.<br /><br />\n\n\n", "code": "403 Forbidden", "title": "Forbidden"}`,
			nhncloud.ErrForbidden, "Forbidden", "You are not permitted to delete this image.",
		},
		"kubernetes": {
			404, `{"errors": [{"status": 404, "code": "client", "links": [], "title": "Cluster x could not be found", "detail": "Cluster x could not be found.", "request_id": "req-1"}]}`,
			nhncloud.ErrNotFound, "client", "Cluster x could not be found.",
		},
		"kubernetes, no version": {
			406, `{"errors": [{"max_version": "1.10", "code": "", "links": [{"rel": "help"}], "title": "Missing version", "min_version": "1.1"}]}`,
			nhncloud.ErrNotSupported, "", "Missing version",
		},
		"kubernetes, two": {400, `{"errors": [{"code": "a", "title": "first"}, {"code": "b", "title": "second"}]}`, nhncloud.ErrInvalidArgument, "a", "first"},
		"load balancer":   {409, `{"faultcode": "Client", "faultstring": "Load Balancer x is immutable and cannot be updated.", "debuginfo": null}`, nhncloud.ErrConflict, "Client", "Load Balancer x is immutable and cannot be updated."},
		"key manager":     {404, `{"code": 404, "title": "Not Found", "description": "Not Found. Sorry but your secret is in another castle."}`, nhncloud.ErrNotFound, "Not Found", "Not Found. Sorry but your secret is in another castle."},
		"gateway":         {401, `{"error": "인증 실패 메시지", "code": 401}`, nhncloud.ErrUnauthorized, "", "인증 실패 메시지"},
		"network, detail": {500, `{"NeutronError": {"type": "X", "message": "", "detail": "why"}}`, nhncloud.ErrServerFault, "X", "why"},
		"network, text":   {400, `{"NeutronError": "just words"}`, nhncloud.ErrInvalidArgument, "", `{"NeutronError": "just words"}`},
		"compute, several": {
			400, `{"x": {"code": 1}, "zzz": {"message": "second"}, "badRequest": {"message": "first", "code": 400}}`, nhncloud.ErrInvalidArgument, "badRequest", "first",
		},
		"v1.0 with a status":  {401, `{"header": {"isSuccessful": false, "resultCode": -1, "resultMessage": "FAIL: no"}}`, nhncloud.ErrUnauthorized, "", "FAIL: no"},
		"no words":            {404, `{"error": {}, "message": null}`, nhncloud.ErrNotFound, "", `{"error": {}, "message": null}`},
		"other types":         {400, `{"error": {"message": 17, "title": true}}`, nhncloud.ErrInvalidArgument, "true", "17"},
		"message is a list":   {400, `{"message": ["a"]}`, nhncloud.ErrInvalidArgument, "", `{"message": ["a"]}`},
		"errors is an object": {400, `{"errors": {"a": 1}}`, nhncloud.ErrInvalidArgument, "", `{"errors": {"a": 1}}`},
		"nested differently":  {400, `{"badRequest": {"message": {"a": 1}}}`, nhncloud.ErrInvalidArgument, "", `{"badRequest": {"message": {"a": 1}}}`},
		"array":               {400, `["a"]`, nhncloud.ErrInvalidArgument, "", `["a"]`},
		"empty":               {404, "", nhncloud.ErrNotFound, "", "Not Found"},
		"blank":               {404, " \r\n\t ", nhncloud.ErrNotFound, "", "Not Found"},
		"tags alone":          {503, "<html><head><title>x</title></head><body>&nbsp;</body></html>", nhncloud.ErrUnavailable, "", "Service Unavailable"},
		"script":              {502, "<html><script>evil()</script><style>a{}</style><h1>Bad\tGateway</h1>&lt;nginx&gt;</html>", nhncloud.ErrUnavailable, "", "<nginx>"},
		"text":                {500, "it\nbroke\r\n", nhncloud.ErrServerFault, "", "it broke"},
		"truncated":           {500, `{"computeFault": {"message": "The ser`, nhncloud.ErrServerFault, "", `{"computeFault": {"message": "The ser`},
		"trailing garbage":    {500, `{"message": "a"} x`, nhncloud.ErrServerFault, "", `{"message": "a"} x`},
		"unicode lines":       {400, "a\u2028b\u0085c\u009bd\x1be\u2029", nhncloud.ErrInvalidArgument, "", "a b c d e"},
		"not UTF-8":           {400, "a\xffb", nhncloud.ErrInvalidArgument, "", "a\uFFFDb"},
		"not UTF-8, JSON":     {400, "{\"message\": \"a\xffb\"}", nhncloud.ErrInvalidArgument, "", "a\uFFFDb"},
		"binary":              {500, "\x00\x01\x02PNG\x00", nhncloud.ErrServerFault, "", "PNG"},
		"code on two lines":   {400, `{"NeutronError": {"type": "A\nB", "message": "m"}}`, nhncloud.ErrInvalidArgument, "A B", "m"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := failure(t, test.status, test.body)
			assert.Equal(t, test.status, e.StatusCode)
			assertKind(t, test.kind, e)
			assert.Equal(t, test.code, e.Code)
			assert.Equal(t, test.message, e.Message)
			assert.Equal(t, test.body, string(e.Body))
			assertReadable(t, e)
		})
	}
}

func TestKindsByStatus(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]error{
		400: nhncloud.ErrInvalidArgument, 401: nhncloud.ErrUnauthorized, 402: nil, 403: nhncloud.ErrForbidden, 404: nhncloud.ErrNotFound,
		405: nhncloud.ErrNotSupported, 406: nhncloud.ErrNotSupported, 408: nil, 409: nhncloud.ErrConflict, 410: nhncloud.ErrNotFound,
		411: nil, 412: nhncloud.ErrPreconditionFailed, 413: nhncloud.ErrTooLarge, 415: nil, 416: nhncloud.ErrRangeNotSatisfiable, 418: nil, 422: nhncloud.ErrInvalidArgument,
		429: nhncloud.ErrRateLimited, 498: nhncloud.ErrRateLimited, 499: nil, 500: nhncloud.ErrServerFault, 501: nhncloud.ErrNotSupported,
		502: nhncloud.ErrUnavailable, 503: nhncloud.ErrUnavailable, 504: nhncloud.ErrUnavailable, 505: nhncloud.ErrServerFault, 599: nhncloud.ErrServerFault,
		304: nhncloud.ErrNotModified, 300: nil,
	} {
		e := failure(t, status, "")
		assertKind(t, want, e)
		assert.Equal(t, status, e.StatusCode)
		assertReadable(t, e)
	}
	assert.Nil(t, new(nhncloud.Error).Kind())
	assertKind(t, nhncloud.ErrInvalidArgument, nhncloud.NewArgumentError("op", "field", "is wrong"))
}

// A used-up quota does not come back by waiting, whatever the status and the
// headers say.
func TestQuotaIsNotRetried(t *testing.T) {
	t.Parallel()
	fast := nhncloud.WithRetry(nhncloud.RetryPolicy{BaseDelay: time.Nanosecond, MaxRetryAfter: time.Nanosecond})
	for name, test := range map[string]struct {
		status   int
		body     string
		kind     error
		attempts int
	}{
		"compute":         {403, `{"forbidden": {"code": 403, "message": "Quota exceeded for instances: Requested 1, but already used 10 of 10 instances"}}`, nhncloud.ErrQuotaExceeded, 1},
		"network":         {409, `{"NeutronError": {"type": "OverQuota", "message": "No more IP addresses.", "detail": ""}}`, nhncloud.ErrQuotaExceeded, 1},
		"block storage":   {413, `{"overLimit": {"code": 413, "message": "no", "retryAfter": "0"}}`, nhncloud.ErrQuotaExceeded, 1},
		"by its words":    {413, `<h1>Upload</h1><p>QUOTA exceeded.</p>`, nhncloud.ErrQuotaExceeded, 1},
		"not a quota":     {403, `{"forbidden": {"message": "no"}}`, nhncloud.ErrForbidden, 1},
		"rate limit":      {429, `{"overLimit": {"code": 429, "message": "Quota exceeded, slow down", "retryAfter": "0"}}`, nhncloud.ErrRateLimited, 4},
		"rate limit, 498": {498, `Slow down`, nhncloud.ErrRateLimited, 4},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, sent := scriptClient(t, []nhncloud.Option{fast}, answer(test.status, test.body, "Retry-After", "0"))
			for _, idempotency := range []nhncloud.Idempotency{nhncloud.IdempotencyAlways, nhncloud.IdempotencyCreate} {
				before := sent.count()
				request := createRequest()
				request.Idempotency = idempotency
				e := asError(t, client.Do(t.Context(), request, nil))
				assertKind(t, test.kind, e)
				assert.Equal(t, test.attempts, e.Attempts)
				assert.Equal(t, test.attempts, sent.count()-before)
			}
		})
	}
}

// endlessBody is as long as its reader wants.
type endlessBody struct{ read atomic.Int64 }

func (b *endlessBody) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	b.read.Add(int64(len(p)))
	return len(p), nil
}

func (b *endlessBody) Close() error { return nil }

func TestHugeErrors(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"text":         strings.Repeat("long ", 2<<20),
		"one word":     strings.Repeat("한", 4<<20),
		"JSON":         `{"badRequest": {"code": 400, "message": "` + strings.Repeat("x", 10<<20) + `"}}`,
		"JSON, parsed": `{"NeutronError": {"type": "` + strings.Repeat("T", 10<<10) + `", "message": "` + strings.Repeat("한글", 1<<10) + `"}}`,
		"nested":       strings.Repeat(`{"a":`, 30<<10),
		"HTML":         "<html>" + strings.Repeat("<p>word</p>", 1<<20),
		"open tags":    strings.Repeat("<", 10<<20),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := failure(t, 400, body)
			assertReadable(t, e)
			assert.NotEmpty(t, e.Message)
			assert.LessOrEqual(t, len(e.Error()), 2000)
			if name == "JSON, parsed" {
				assert.True(t, strings.HasPrefix(e.Message, "한글한글"))
				assert.True(t, strings.HasSuffix(e.Message, "…"))
			}
		})
	}
	t.Run("endless", func(t *testing.T) {
		t.Parallel()
		body := new(endlessBody)
		client, _ := scriptClient(t, []nhncloud.Option{nhncloud.WithRetry(nhncloud.NoRetry)}, func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 500, Body: body, Header: http.Header{}, ContentLength: -1, Request: r}, nil
		})
		assertReadable(t, asError(t, client.Do(t.Context(), getRequest(), nil)))
		assert.LessOrEqual(t, body.read.Load(), int64(256<<10))
	})
	t.Run("broken off", func(t *testing.T) {
		t.Parallel()
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			w.WriteHeader(http.StatusConflict)
			_, _ = io.WriteString(w, `{"conflictingRequest": {"message": "half`)
		}))
		defer server.Close()
		client := staticClient(t, server.URL, nhncloud.WithRetry(nhncloud.NoRetry))
		defer client.CloseIdleConnections()
		e := asError(t, client.Do(t.Context(), getRequest(), nil))
		assertKind(t, nhncloud.ErrConflict, e)
		assert.Contains(t, e.Message, "half")
	})
}

// What a service repeats of a request must not end up in a log.
func TestErrorsHideSecrets(t *testing.T) {
	t.Parallel()
	const token, password = "TOKEN-" + marker, "PASSWORD-" + marker
	bodies := map[string]string{
		"token":             `{"badRequest": {"message": "Token ` + token + ` is not good (` + token + `)"}}`,
		"password":          `<h1>Sorry</h1><p>` + password + `</p>`,
		"JSON":              `{"server": {"user_data": "` + marker + `", "adminPass":"` + marker + `", "name": "shown"}}`,
		"key pair":          `{"keypair": {"private_key": "-----BEGIN\n` + marker + ` \"` + marker + `\"", "name": "shown"}}`,
		"other members":     `{"secret": "` + marker + `", "SECRET_KEY" : "` + marker + `", "config": "` + marker + `", "password": "` + marker + `", "token": "` + marker + `", "X-Auth-Token": "` + marker + `", "name": "shown"}`,
		"Python":            `{"badRequest": {"message": "Invalid input. Value: {'name': 'shown', 'user_data': '` + marker + `', u'adminPass': u'` + marker + `', 'private_key': \"` + marker + `\"}."}}`,
		"Python, quotes":    `Value: {'user_data': 'it\'s ` + marker + `', 'name': 'shown'}`,
		"JSON in JSON":      `{"message": "{\"user_data\": \"` + marker + `\\n` + marker + `\", \"name\": \"shown\"}"}`,
		"broken off":        `{"name": "shown", "user_data": "` + strings.Repeat("A", 100) + marker,
		"broken off Python": `{'name': 'shown', 'user_data': '` + marker,
		"after a megabyte":  `{"name": "shown"}` + strings.Repeat(" ", 1<<20) + token,
		"beyond 16 KiB":     `{"name": "shown"}` + strings.Repeat(" ", 16<<10-20) + token,
	}
	for _, status := range []int{400, 200} {
		for name, body := range bodies {
			t.Run(fmt.Sprint(status, " ", name), func(t *testing.T) {
				t.Parallel()
				config := goodConfig()
				config.Password = password
				var log bytes.Buffer
				client, err := nhncloud.NewClient(config, nhncloud.WithTokenSource(nhncloud.StaticToken(token)), nhncloud.WithRetry(nhncloud.NoRetry),
					nhncloud.WithLogger(slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))),
					nhncloud.WithHTTPClient(&http.Client{Transport: nhncloud.RoundTripperFunc(answer(status, body,
						"Set-Cookie", "session="+marker, "X-Subject-Token", marker, "X-Auth-Token", marker, "X-Storage-Token", marker, "Authorization", "Basic "+marker, "X-Other", "shown"))}))
				require.NoError(t, err)
				request := getRequest()
				request.Query = url.Values{"temp_url_sig": {marker}, "limit": {"5"}}
				err = client.Do(t.Context(), request, &struct{ X chan int }{})
				e := asError(t, err)
				assertHidden(t, e, marker)
				assertHidden(t, fmt.Errorf("wrapped: %w", err), marker)
				assertHidden(t, e.Header, marker)
				assertHidden(t, string(e.Body), marker)
				assert.NotContains(t, log.String(), marker)
				assert.Equal(t, "shown", e.Header.Get("X-Other"))
				assert.Equal(t, "[REDACTED]", e.Header.Get("Set-Cookie"))
				assert.Contains(t, e.URL, "limit=5")
				if strings.Contains(body, "shown") && status == 400 {
					assert.Contains(t, string(e.Body), "shown", "what is no secret stays")
				}
			})
		}
	}
}

// envelope is an answer of the v1.0 API.
func envelope(code int, message string) string {
	return fmt.Sprintf(`{"header": {"isSuccessful": false, "resultCode": %d, "resultMessage": %q}}`, code, message)
}

func v1Request() nhncloud.Request {
	return nhncloud.Request{
		Operation: "test-v1", Service: nhncloud.ServiceAppKey, Method: http.MethodGet, Path: "/v1.0/appkeys/{appkey}/things", ResponseKey: "thing",
	}
}

// The result codes of the guide. Those of five digits end in the status of the
// service behind.
func TestEnvelopeResultCodes(t *testing.T) {
	t.Parallel()
	want := map[int]error{
		-1: nhncloud.ErrUnauthorized, -2: nhncloud.ErrServerFault, -3: nhncloud.ErrForbidden, -4: nhncloud.ErrInvalidArgument, -5: nhncloud.ErrNotFound,
		-6: nhncloud.ErrServerFault, -7: nhncloud.ErrNotSupported, -8: nhncloud.ErrInvalidArgument,
		20001: nhncloud.ErrQuotaExceeded, 20004: nhncloud.ErrNotFound,
		-9: nhncloud.ErrServerFault, 1: nhncloud.ErrServerFault, 404: nhncloud.ErrServerFault, 10000: nhncloud.ErrServerFault, 10399: nhncloud.ErrServerFault,
		99503: nhncloud.ErrUnavailable, 10500: nhncloud.ErrServerFault, 0: nhncloud.ErrServerFault,
	}
	for _, area := range []int{10, 11, 12, 13, 20, 21, 22, 23, 24, 30, 40, 50} {
		for status, kind := range map[int]error{
			400: nhncloud.ErrInvalidArgument, 401: nhncloud.ErrUnauthorized, 403: nhncloud.ErrForbidden, 404: nhncloud.ErrNotFound, 405: nhncloud.ErrNotSupported,
			409: nhncloud.ErrConflict, 412: nhncloud.ErrPreconditionFailed, 413: nhncloud.ErrTooLarge, 418: nil, 422: nhncloud.ErrInvalidArgument, 429: nhncloud.ErrRateLimited, 499: nil,
		} {
			want[area*1000+status] = kind
		}
	}
	for code, kind := range want {
		client, _ := scriptClient(t, []nhncloud.Option{nhncloud.WithRetry(nhncloud.NoRetry)}, answer(200, envelope(code, "FAIL: because\n"), "X-Request-Id", "req-v1"))
		var out thing
		err := client.Do(t.Context(), v1Request(), &out)
		e := asError(t, err)
		assertKind(t, kind, e)
		assert.Equal(t, code, e.ResultCode)
		assert.Equal(t, 200, e.StatusCode)
		assert.Equal(t, "FAIL: because", e.Message)
		assert.Equal(t, "req-v1", e.RequestID)
		assert.Empty(t, e.Code)
		assert.NotEmpty(t, e.Body)
		assert.Zero(t, out)
		if code != 0 {
			assert.Contains(t, err.Error(), fmt.Sprintf("test-v1: resultCode %d: FAIL: because", code))
		}
		assert.NotContains(t, err.Error(), "/appkeys/appkey/", "the appkey is hidden")
		assertReadable(t, e)
	}
}

func TestEnvelopes(t *testing.T) {
	t.Parallel()
	const good = `"header": {"isSuccessful": true, "resultCode": 0, "resultMessage": "SUCCESS"}`
	for name, test := range map[string]struct {
		status int
		body   string
		kind   error // nil for a success
		text   string
	}{
		"success":               {200, `{` + good + `, "thing": {"id": "1", "name": "x"}}`, nil, ""},
		"header after":          {200, `{"thing": {"id": "1", "name": "x"}, ` + good + `}`, nil, ""},
		"quoted true":           {200, `{"header": {"isSuccessful": "true", "resultCode": "0"}, "thing": {"id": "1", "name": "x"}}`, nil, ""},
		"200 and a failure":     {200, `{"thing": {"id": "1", "name": "x"}, "header": {"isSuccessful": false, "resultCode": -5}}`, nhncloud.ErrNotFound, "resultCode -5"},
		"quoted false":          {200, `{"header": {"isSuccessful": "false", "resultCode": "-3", "resultMessage": "no"}}`, nhncloud.ErrForbidden, "resultCode -3: no"},
		"no header":             {200, `{"thing": {"id": "1"}}`, nhncloud.ErrBadAnswer, `no v1.0 answer: no member "header"`},
		"header is null":        {200, `{"header": null, "thing": {"id": "1"}}`, nhncloud.ErrBadAnswer, "no v1.0 answer"},
		"no isSuccessful":       {200, `{"header": {"resultCode": 0}, "thing": {"id": "1"}}`, nhncloud.ErrBadAnswer, "no v1.0 answer: no header.isSuccessful"},
		"isSuccessful is null":  {200, `{"header": {"isSuccessful": null}, "thing": {"id": "1"}}`, nhncloud.ErrBadAnswer, "no header.isSuccessful"},
		"isSuccessful is text":  {200, `{"header": {"isSuccessful": "perhaps"}, "thing": {"id": "1"}}`, nhncloud.ErrBadAnswer, "no v1.0 answer"},
		"no content":            {200, `{` + good + `}`, nhncloud.ErrBadAnswer, `no member "thing"`},
		"HTML":                  {200, "<html>Welcome</html>", nhncloud.ErrBadAnswer, "<html>Welcome"},
		"empty":                 {200, "", nhncloud.ErrBadAnswer, "unexpected EOF"},
		"no answer":             {204, "", nhncloud.ErrBadAnswer, "unexpected EOF"},
		"page of a proxy":       {500, "<html><h1>Internal Server Error</h1></html>", nhncloud.ErrServerFault, "500 Internal Server Error: Internal Server Error"},
		"gateway":               {503, "", nhncloud.ErrUnavailable, "503 Service Unavailable"},
		"success with a status": {404, `{` + good + `}`, nhncloud.ErrNotFound, "404 Not Found"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, _ := scriptClient(t, []nhncloud.Option{nhncloud.WithRetry(nhncloud.NoRetry)}, answer(test.status, test.body))
			got, err := nhncloud.Fetch[thing](t.Context(), client, v1Request())
			if test.kind == nil {
				require.NoError(t, err)
				assert.Equal(t, &thing{ID: "1", Name: "x"}, got)
				return
			}
			assert.Nil(t, got)
			e := asError(t, err)
			assertKind(t, test.kind, e)
			assert.Equal(t, test.status, e.StatusCode)
			assert.Contains(t, err.Error(), test.text)
			if strings.Contains(test.body, `"isSuccessful": true`) {
				// Without content that is wanted, the header is all that counts.
				request := v1Request()
				request.ResponseKey = ""
				assert.Equal(t, test.status == 200, client.Do(t.Context(), request, nil) == nil)
			}
		})
	}
}

// In the v1.0 API a refused token comes with HTTP 200 as well. It is replaced
// as in the v2 API: once, and even for calls that must not be repeated.
func TestEnvelopeTokenRefused(t *testing.T) {
	t.Parallel()
	for _, code := range []int{-1, 10401, 50401} {
		for refusals, wantSent := range []int{1, 2, 2} {
			steps := []step{answer(200, `{"header": {"isSuccessful": true, "resultCode": 0}, "thing": {"id": "1", "name": "x"}}`)}
			for range refusals {
				steps = append([]step{answer(200, envelope(code, "FAIL: token"))}, steps...)
			}
			source := new(countingSource)
			client, sent := scriptClient(t, []nhncloud.Option{nhncloud.WithTokenSource(source)}, steps...)
			request := v1Request()
			request.Method, request.Idempotency = http.MethodPost, nhncloud.IdempotencyUnsafe
			request.Body = map[string]string{"a": "b"}
			_, err := nhncloud.Fetch[thing](t.Context(), client, request)
			assert.Equal(t, wantSent, sent.count())
			assert.EqualValues(t, wantSent, source.logins.Load())
			if refusals < 2 {
				require.NoError(t, err)
				continue
			}
			e := asError(t, err)
			assertKind(t, nhncloud.ErrUnauthorized, e)
			assert.Equal(t, code, e.ResultCode)
			assert.Equal(t, 2, e.Attempts)
		}
	}
}

// A failure in the envelope that is temporary is repeated as in the v2 API, but
// no create is: behind one call of the v1.0 API stand several.
func TestEnvelopeRetries(t *testing.T) {
	t.Parallel()
	options := []nhncloud.Option{nhncloud.WithRetry(nhncloud.RetryPolicy{MaxAttempts: 3, BaseDelay: time.Nanosecond})}
	for code, temporary := range map[int]bool{
		0: false, -2: false, -6: false, 10400: false, 10404: false, 20001: false, 503: false,
		10408: true, 10429: true, 40429: true, 10500: true, 10502: true, 10503: true, 10504: true,
	} {
		for idempotency, repeats := range map[nhncloud.Idempotency]bool{
			nhncloud.IdempotencyAlways: temporary, nhncloud.IdempotencyCreate: false, nhncloud.IdempotencyUnsafe: false,
		} {
			client, sent := scriptClient(t, options, answer(200, envelope(code, "x"), "Retry-After", "0"))
			request := v1Request()
			request.Idempotency = idempotency
			e := asError(t, client.Do(t.Context(), request, nil))
			want := 1
			if repeats {
				want = 3
			}
			assert.Equal(t, want, sent.count(), "%d %d", code, idempotency)
			assert.Equal(t, want, e.Attempts)
			assert.Equal(t, code, e.ResultCode)
		}
	}

	// The one that comes through ends it.
	client, sent := scriptClient(t, options, answer(200, envelope(10503, "x")), answer(200, `{"header": {"isSuccessful": true}, "thing": {"id": "1"}}`))
	got, err := nhncloud.Fetch[thing](t.Context(), client, v1Request())
	require.NoError(t, err)
	assert.Equal(t, &thing{ID: "1"}, got)
	assert.Equal(t, 2, sent.count())

	// A quota is not temporary, whatever it comes with.
	client, sent = scriptClient(t, options, answer(200, envelope(10413, "FAIL: Quota exceeded for volumes")))
	assert.ErrorIs(t, client.Do(t.Context(), v1Request(), nil), nhncloud.ErrQuotaExceeded)
	assert.Equal(t, 1, sent.count())
}

// A delete whose first answer does not tell whether it was done, and whose
// second one finds nothing, was done.
func TestEnvelopeDeleteRepeated(t *testing.T) {
	t.Parallel()
	request := v1Request()
	request.Method = http.MethodDelete
	options := []nhncloud.Option{nhncloud.WithRetry(nhncloud.RetryPolicy{BaseDelay: time.Nanosecond})}
	for first, kind := range map[int]error{10504: nil, 10429: nhncloud.ErrNotFound} {
		client, sent := scriptClient(t, options, answer(200, envelope(first, "x")), answer(200, envelope(10404, "gone")))
		err := client.Do(t.Context(), request, nil)
		if kind == nil {
			assert.NoError(t, err)
		} else {
			assert.ErrorIs(t, err, kind)
		}
		assert.Equal(t, 2, sent.count())
	}
}

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

// countingSource gives out a new token each time.
type countingSource struct{ logins atomic.Int64 }

func (s *countingSource) Token(context.Context, nhncloud.Scope) (*nhncloud.Token, error) {
	return &nhncloud.Token{ID: nhncloud.Secret(fmt.Sprintf("counted-token-%d", s.logins.Add(1)))}, nil
}

func TestErrorTexts(t *testing.T) {
	t.Parallel()
	cause := errors.New("connection reset")
	for _, test := range []struct {
		err  *nhncloud.Error
		text string
		log  string // JSON
	}{
		{&nhncloud.Error{}, "nhncloud: failed", `{}`},
		{&nhncloud.Error{Operation: "op"}, "nhncloud: op: failed", `{"operation": "op"}`},
		{
			nhncloud.NewArgumentError("op", "id", "must not be empty"), "nhncloud: op: id must not be empty",
			`{"operation": "op", "field": "id", "message": "must not be empty"}`,
		},
		{
			&nhncloud.Error{Field: "Body", Message: "can't be encoded as JSON", Err: cause}, "nhncloud: Body can't be encoded as JSON: connection reset",
			`{"field": "Body", "message": "can't be encoded as JSON", "cause": "connection reset"}`,
		},
		{
			&nhncloud.Error{
				Operation: "op", Method: "GET", URL: "https://x/y", StatusCode: 404, Code: "itemNotFound", Message: "no such thing", RequestID: "req-1",
				Attempts: 1, RetryAfter: 2 * time.Second, Header: http.Header{"A": {"b"}}, Body: []byte("body"),
			},
			"nhncloud: op: 404 Not Found (itemNotFound): no such thing [GET https://x/y, request id req-1]",
			`{"operation": "op", "method": "GET", "url": "https://x/y", "status": 404, "code": "itemNotFound", "message": "no such thing", "request_id": "req-1", "attempts": 1, "retry_after": 2000000000}`,
		},
		{
			&nhncloud.Error{Operation: "op", Method: "PUT", URL: "https://x/y", Attempts: 4, Err: cause, Note: "not repeated, because"},
			"nhncloud: op: connection reset; not repeated, because [PUT https://x/y, 4 attempts]",
			`{"operation": "op", "method": "PUT", "url": "https://x/y", "attempts": 4, "note": "not repeated, because", "cause": "connection reset"}`,
		},
		{
			&nhncloud.Error{StatusCode: 498, Message: "Slow down"}, "nhncloud: 498: Slow down", `{"status": 498, "message": "Slow down"}`,
		},
		{
			&nhncloud.Error{StatusCode: 200, ResultCode: -5, Message: "FAIL"}, "nhncloud: resultCode -5: FAIL", `{"status": 200, "result_code": -5, "message": "FAIL"}`,
		},
		{
			&nhncloud.Error{StatusCode: 503, Message: "busy", Err: cause}, "nhncloud: 503 Service Unavailable: busy: connection reset", `{"status": 503, "message": "busy", "cause": "connection reset"}`,
		},
	} {
		assert.Equal(t, test.text, test.err.Error())
		var out bytes.Buffer
		slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "error", test.err)
		var event struct {
			Error json.RawMessage `json:"error"`
		}
		require.NoError(t, json.Unmarshal(out.Bytes(), &event))
		if len(event.Error) == 0 {
			event.Error = []byte("{}") // a handler leaves an empty group out
		}
		assert.JSONEq(t, test.log, string(event.Error))
		assert.Equal(t, test.err.Err, errors.Unwrap(test.err))
		if test.err.Err != nil {
			require.ErrorIs(t, test.err, cause)
		}
	}
}

// The id under which the service knows the request, and how long it asks to wait.
func TestErrorHeaders(t *testing.T) {
	t.Parallel()
	const openstack, compute, swift, other = "X-Openstack-Request-Id", "X-Compute-Request-Id", "X-Trans-Id", "X-Request-Id"
	for _, test := range []struct {
		header []string
		want   string
	}{
		{nil, ""},
		{[]string{openstack, "a", compute, "b", swift, "c", other, "d"}, "a"},
		{[]string{compute, "b", swift, "c", other, "d"}, "b"},
		{[]string{swift, "c", other, "d"}, "c"},
		{[]string{other, "d"}, "d"},
	} {
		assert.Equal(t, test.want, failure(t, 400, "", test.header...).RequestID)
	}
	for value, want := range map[string]time.Duration{
		"": 0, "0": 0, "7": 7 * time.Second, " 7 ": 7 * time.Second, "1.5": 1500 * time.Millisecond, "-1": 0, "soon": 0, "NaN": 0, "Inf": 0, "1e300": 0,
		"Sat, 01 Jan 2000 00:00:00 GMT": 0,
	} {
		assert.Equal(t, want, failure(t, 429, "", "Retry-After", value).RetryAfter, value)
	}
	inAnHour := failure(t, 503, "", "Retry-After", time.Now().Add(time.Hour).UTC().Format(http.TimeFormat)).RetryAfter
	assert.InDelta(t, time.Hour, inAnHour, float64(time.Minute))
	assert.NotNil(t, failure(t, 503, "").Header, "an answer has a header")
}

func FuzzErrorBody(f *testing.F) {
	for _, seed := range []string{
		"", "text", "<html><title>x</title><br>", `{"badRequest": {"code": 400, "message": "x"}}`, `{"error": {"code": 401, "title": "t", "message": "m"}}`,
		`{"error": "x", "code": 1}`, `{"errors": [{"code": "c", "title": "t"}]}`, `{"faultcode": "a", "faultstring": "b"}`, `{"NeutronError": {"type": "a"}}`,
		`{"user_data": "x`, `{'adminPass': u'x'}`, `{"header": {"isSuccessful": false, "resultCode": -1}}`, "\xff\x00<", `{"a":{"message":"<br>\u2028"}}`, "&#x85;&#27;<p>",
	} {
		f.Add([]byte(seed), uint16(404))
		f.Add([]byte(seed), uint16(200))
	}
	f.Fuzz(func(t *testing.T, body []byte, status uint16) {
		code := 200 + int(status)%400
		for _, request := range []nhncloud.Request{getRequest(), v1Request()} {
			client, _ := scriptClient(t, []nhncloud.Option{nhncloud.WithRetry(nhncloud.NoRetry)}, answer(code, string(body)))
			err := client.Do(t.Context(), request, new(thing))
			if err == nil {
				assert.Less(t, code, 300)
				continue
			}
			e := asError(t, err)
			assert.Equal(t, code, e.StatusCode)
			assert.LessOrEqual(t, len(e.Body), 16<<10)
			for _, text := range []string{e.Message, e.Code} {
				assert.True(t, utf8.ValidString(text), "%q", text)
				assert.NotContains(t, text, "\n")
				if code >= 300 {
					assert.LessOrEqual(t, len(text), 500+len("…"))
				}
			}
			_ = e.LogValue()
			if code >= 300 {
				assertReadableLine(t, e.Error())
			}
		}
	})
}

func assertReadableLine(t *testing.T, text string) {
	t.Helper()
	assert.True(t, utf8.ValidString(text), "%q", text)
	assert.False(t, strings.ContainsFunc(text, unicode.IsControl), "%q", text)
}

// A quota of the v1.0 API that is used up is told apart from a missing right.
func TestQuotaInTheEnvelope(t *testing.T) {
	t.Parallel()
	for code, kind := range map[string]error{
		"10403": nhncloud.ErrQuotaExceeded, "24409": nhncloud.ErrQuotaExceeded, "40413": nhncloud.ErrQuotaExceeded,
		"10404": nhncloud.ErrNotFound, "-3": nhncloud.ErrForbidden,
	} {
		client, sent := scriptClient(t, nil, answer(200, `{"header": {"isSuccessful": false, "resultCode": `+code+`, "resultMessage": "FAIL: Quota exceeded for instances"}}`))
		err := client.Do(t.Context(), nhncloud.Request{
			Operation: "test-v1", Service: nhncloud.ServiceAppKey, Method: http.MethodGet, Path: "/v1.0/appkeys/{appkey}/instances",
		}, nil)
		assert.ErrorIs(t, err, kind, code)
		assert.Equal(t, 1, sent.count())
	}
	client, _ := scriptClient(t, nil, answer(200, envelope(40413, "FAIL: VolumeLimitExceeded: Maximum number of volumes allowed (10) exceeded for quota 'volumes'.")))
	assert.ErrorIs(t, client.Do(t.Context(), v1Request(), nil), nhncloud.ErrQuotaExceeded)
}
