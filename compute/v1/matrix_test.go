package computev1_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	computev1 "github.com/nhncloud-go/nhncloud/compute/v1"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
)

// operationKinds are one operation of each kind. Those that may be repeated at
// will are sent again after a temporary failure.
var operationKinds = map[string]struct {
	operation  string
	repeatable bool
	call       func(ctx context.Context, instances *computev1.InstancesService) (result any, err error)
}{
	"get": {"compute-v1-list-instances-detail", true, func(ctx context.Context, instances *computev1.InstancesService) (any, error) {
		return instances.Get(ctx, instanceID)
	}},
	"list": {"compute-v1-list-instances-detail", true, func(ctx context.Context, instances *computev1.InstancesService) (any, error) {
		return instances.List(ctx)
	}},
	"create": {"compute-v1-create-instance", false, func(ctx context.Context, instances *computev1.InstancesService) (any, error) {
		return instances.Create(ctx, documentedCreate())
	}},
	"delete": {"compute-v1-delete-instance", true, func(ctx context.Context, instances *computev1.InstancesService) (any, error) {
		return nil, instances.Delete(ctx, instanceID)
	}},
	"action": {"compute-v1-instance-action-start", false, func(ctx context.Context, instances *computev1.InstancesService) (any, error) {
		return nil, instances.Start(ctx, instanceID)
	}},
}

// failed is a failure that the guide documents, and what it has to become.
type failed struct {
	code      int
	message   string
	kind      error // nil where none fits
	temporary bool  // may be gone at the next attempt
	refusal   bool  // of the token
}

// documentedFailures are all result codes of the guide.
func documentedFailures() []failed {
	failures := []failed{
		{code: 0, message: "SUCCESS", kind: nhncloud.ErrServerFault}, // in contradiction to isSuccessful
		{code: -1, message: "FAIL: token", kind: nhncloud.ErrUnauthorized, refusal: true},
		{code: -2, message: "UNKNOWN EXCEPTION", kind: nhncloud.ErrServerFault},
		{code: -3, message: "Permission denied: appkey", kind: nhncloud.ErrForbidden},
		{code: -4, message: "Invalid parameters: flavor", kind: nhncloud.ErrInvalidArgument},
		{code: -5, message: "Nonexistent: instance", kind: nhncloud.ErrNotFound},
		{code: -6, message: "Failed to query internal db", kind: nhncloud.ErrServerFault},
		{code: -7, message: "Not supported: action", kind: nhncloud.ErrNotSupported},
		{code: -8, message: "JSON parsing error: unexpected end", kind: nhncloud.ErrInvalidArgument},
		{code: 20001, message: "No available IP", kind: nhncloud.ErrQuotaExceeded},
		{code: 20004, message: "No accessible network", kind: nhncloud.ErrNotFound},
	}
	// The last three digits are the HTTP status of the service behind.
	kinds := map[int]error{
		400: nhncloud.ErrInvalidArgument,
		401: nhncloud.ErrUnauthorized,
		402: nhncloud.ErrForbidden,
		403: nhncloud.ErrForbidden,
		404: nhncloud.ErrNotFound,
		405: nhncloud.ErrNotSupported,
		406: nhncloud.ErrNotSupported,
		408: nhncloud.ErrUnavailable,
		409: nhncloud.ErrConflict,
		410: nhncloud.ErrNotFound,
		411: nhncloud.ErrInvalidArgument,
		412: nhncloud.ErrPreconditionFailed,
		413: nhncloud.ErrTooLarge,
		414: nhncloud.ErrTooLarge,
		415: nhncloud.ErrNotSupported,
		416: nhncloud.ErrRangeNotSatisfiable,
		422: nhncloud.ErrInvalidArgument,
		423: nhncloud.ErrConflict,
		428: nhncloud.ErrPreconditionFailed,
		429: nhncloud.ErrRateLimited,
		431: nhncloud.ErrTooLarge,
		451: nhncloud.ErrForbidden,
		498: nhncloud.ErrRateLimited,
	}
	for _, area := range areas {
		for status := 400; status <= 499; status++ {
			failures = append(failures, failed{
				code:      area.code*1000 + status,
				message:   fmt.Sprintf("%s: status %d", area.name, status),
				kind:      kinds[status],
				temporary: status == 408 || status == 429 || status == 498,
				refusal:   status == 401,
			})
		}
	}
	return failures
}

// areas are the first digits of the result codes of five.
var areas = []struct {
	code int
	name string
}{
	{10, "instance"}, {11, "not named"}, {12, "availability zone"}, {13, "key pair"}, {20, "network"}, {21, "subnet"}, {22, "floating IP"},
	{23, "load balancer"}, {24, "security group"}, {30, "image"}, {40, "volume"}, {50, "token"},
}

// quotaFailures are those that a quota causes, in the words of the services
// behind. Waiting does not help.
func quotaFailures() []failed {
	var failures []failed
	for _, area := range areas {
		for _, status := range []int{403, 409, 413} {
			for _, message := range []string{
				"FAIL: Quota exceeded for instances: Requested 1, but already used 10 of 10 instances", "QUOTA EXCEEDED",
				"FAIL: VolumeLimitExceeded: Maximum number of volumes allowed (10) exceeded for quota 'volumes'.",
			} {
				failures = append(failures, failed{code: area.code*1000 + status, message: message, kind: nhncloud.ErrQuotaExceeded})
			}
		}
	}
	return failures
}

// outcome is how a call ended.
type outcome struct {
	operation  string
	kind       error
	message    string
	resultCode int
	statusCode int
	attempts   int
	sent       int // requests
	tokens     int // different ones that were sent
}

func (f failed) outcome(operation string, repeatable bool) outcome {
	o := outcome{operation: operation, kind: f.kind, message: f.message, resultCode: f.code, statusCode: http.StatusOK, attempts: 1, sent: 1, tokens: 1}
	switch {
	case f.refusal: // a new token may be better, for whatever operation
		o.attempts, o.sent, o.tokens = 2, 2, 2
	case f.temporary && repeatable:
		o.attempts, o.sent = 3, 3
	}
	return o
}

// refuser answers every request with a failure.
type refuser struct {
	failed
	sent   int
	tokens map[string]bool
}

func (r *refuser) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.Body != nil {
		_, _ = io.Copy(io.Discard, request.Body)
		_ = request.Body.Close()
	}
	r.sent++
	r.tokens[request.Header.Get("X-Auth-Token")] = true
	body := fmt.Sprintf(`{"header": {"isSuccessful": false, "resultCode": %d, "resultMessage": %q}}`, r.code, r.message)
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: request}, nil
}

// newTokens gives out a new token each time.
type newTokens struct{ issued int }

func (s *newTokens) Token(context.Context, nhncloud.Scope) (*nhncloud.Token, error) {
	s.issued++
	return &nhncloud.Token{ID: nhncloud.Secret(fmt.Sprintf("token-%d", s.issued))}, nil
}

var allKinds = []error{
	nhncloud.ErrInvalidArgument, nhncloud.ErrUnauthorized, nhncloud.ErrForbidden, nhncloud.ErrNotFound, nhncloud.ErrConflict,
	nhncloud.ErrPreconditionFailed, nhncloud.ErrTooLarge, nhncloud.ErrRateLimited, nhncloud.ErrQuotaExceeded, nhncloud.ErrUnavailable,
	nhncloud.ErrServerFault, nhncloud.ErrNotSupported, nhncloud.ErrBadAnswer, nhncloud.ErrEndpointNotFound, nhncloud.ErrFailedState,
}

// TestResultCodes sends an operation of each kind into every failure that the
// guide documents.
func TestResultCodes(t *testing.T) {
	t.Parallel()
	failures := documentedFailures()
	require.Len(t, failures, 11+12*100)
	failures = append(failures, quotaFailures()...)
	for name, kind := range operationKinds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := new(refuser)
			client, err := nhncloud.NewClient(nhncloud.Config{Environment: nhncloud.Public, Region: nhncloud.KR1, TenantID: apitest.TenantID, AppKey: apitest.AppKey},
				nhncloud.WithHTTPClient(&http.Client{Transport: service}),
				nhncloud.WithTokenSource(new(newTokens)),
				nhncloud.WithRetry(nhncloud.RetryPolicy{MaxAttempts: 3, BaseDelay: time.Nanosecond}))
			require.NoError(t, err)
			instances := computev1.New(client).Instances
			for _, f := range failures {
				*service = refuser{failed: f, tokens: map[string]bool{}}
				result, err := kind.call(t.Context(), instances)
				assert.Empty(t, result, "%d", f.code)
				var e *nhncloud.Error
				require.ErrorAs(t, err, &e, "%d", f.code)
				assert.Equal(t, f.outcome(kind.operation, kind.repeatable), outcome{
					e.Operation, e.Kind(), e.Message, e.ResultCode, e.StatusCode, e.Attempts, service.sent, len(service.tokens),
				}, "%d", f.code)
				for _, one := range allKinds {
					if errors.Is(err, one) != (one == f.kind) {
						t.Errorf("%d: is %v: %t", f.code, one, errors.Is(err, one))
					}
				}
			}
		})
	}
}
