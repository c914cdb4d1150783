package api

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/middleware"
)

// Error is what all failures answer.
type Error struct {
	Text string `json:"error" doc:"what failed"`
	Code int    `json:"code" enum:"400,401,403,404,500" doc:"the HTTP status"`

	retryAfter time.Duration // that the cloud asked to wait
}

// Error returns the text.
func (e *Error) Error() string { return e.Text }

// GetStatus returns the HTTP status.
func (e *Error) GetStatus() int { return e.Code }

// GetHeaders returns what is answered in headers.
func (e *Error) GetHeaders() http.Header {
	if e.retryAfter <= 0 {
		return nil
	}
	return http.Header{"Retry-After": {strconv.Itoa(int(math.Ceil(e.retryAfter.Seconds())))}}
}

// codes are the statuses of failures. There are no others.
var codes = []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusInternalServerError}

// codeOfKinds maps the kinds of failure of the SDK onto codes. What is not here is a
// 500: the gateway or the cloud behind it is at fault, and the same request may
// succeed later.
var codeOfKinds = []struct {
	kind error
	code int
}{
	{nhncloud.ErrUnauthorized, http.StatusUnauthorized},
	{nhncloud.ErrForbidden, http.StatusForbidden},
	{nhncloud.ErrQuotaExceeded, http.StatusForbidden},
	{nhncloud.ErrNotFound, http.StatusNotFound},
	{nhncloud.ErrInvalidArgument, http.StatusBadRequest},
	{nhncloud.ErrConflict, http.StatusBadRequest},
	{nhncloud.ErrEndpointNotFound, http.StatusBadRequest}, // the region does not have the service
	{nhncloud.ErrNotSupported, http.StatusBadRequest},
	{nhncloud.ErrPreconditionFailed, http.StatusBadRequest},
	{nhncloud.ErrTooLarge, http.StatusBadRequest},
}

// errorOf makes an answer of what an operation failed with.
func errorOf(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	code := http.StatusInternalServerError
	for _, k := range codeOfKinds {
		if errors.Is(err, k.kind) {
			code = k.code
			break
		}
	}
	answer := &Error{Text: err.Error(), Code: code}
	e, ok := errors.AsType[*nhncloud.Error](err)
	if ok {
		answer.retryAfter = e.RetryAfter
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		answer.Text = "the cloud did not answer in time"
	case ok && e.Field != "" && e.Attempts == 0:
		answer.Text = textOfRefusal(e)
	case ok && e.Message != "" && code != http.StatusInternalServerError:
		answer.Text = e.Message
	}
	return answer
}

// fields are the names in this API of what the SDK may refuse, by its names for
// them.
var fields = map[string]string{
	"serverId": "server_id", "vpcId": "vpc_id", "subnetId": "subnet_id", "vpcsubnetId": "subnet_id", "CLUSTER_ID_OR_NAME": "cluster_name",
	"Container": "container_name", "Config.TenantID": "X-NHN-Tenant-ID",
	"Name": "name", "ImageID": "image_id", "FlavorID": "flavor_id", "SubnetID": "subnet_id", "KeyName": "keypair_name",
	"VolumeSize": "volume_size", "SecurityGroups": "security_groups", "AvailabilityZone": "availability_zone",
	"VPCID": "vpc_id", "CIDR": "cidr", "CIDRv4": "cidr",
	"InstanceType": "instance_type", "KubernetesVersion": "kubernetes_version", "NodeCount": "node_count",
	"ExternalNetworkID": "external_network_id", "ExternalSubnetID": "external_subnet_id",
	"BootVolumeSize": "boot_volume_size", "BootVolumeType": "boot_volume_type",
}

// textOfRefusal is what is wrong with what the SDK did not send, with the names that
// the caller knows.
func textOfRefusal(e *nhncloud.Error) string {
	names, problems := strings.Split(e.Field, ", "), strings.Split(e.Message, "; ")
	if len(names) != len(problems) {
		names, problems = names[:1], []string{e.Message}
	}
	for i, name := range names {
		problem := strings.TrimPrefix(problems[i], name+" ") // it is there where there are several
		base, index, inList := strings.Cut(name, "[")
		name = cmp.Or(fields[base], base)
		if inList {
			name += "[" + index
		}
		problems[i] = name + ": " + problem
	}
	return strings.Join(problems, "; ")
}

// refuse says that a field of the request is not as it has to be.
func refuse(field, problem string) *Error {
	return &Error{Text: field + ": " + problem, Code: http.StatusBadRequest}
}

// ownErrors makes huma answer in the form of the gateway. Huma has one form of
// errors for a whole program.
var ownErrors = sync.OnceFunc(func() {
	huma.NewError = func(status int, text string, details ...error) huma.StatusError {
		return newError(status, text, details)
	}
	huma.NewErrorWithContext = func(_ huma.Context, status int, text string, details ...error) huma.StatusError {
		return newError(status, text, details)
	}
})

// newError makes an answer of what huma found wrong with a request.
func newError(status int, text string, details []error) *Error {
	e := &Error{Text: text, Code: http.StatusBadRequest}
	switch {
	case status >= http.StatusInternalServerError:
		e.Code = http.StatusInternalServerError
	case status == http.StatusRequestEntityTooLarge:
		e.Text = "body: must not have more than 1 MiB"
	}
	var problems []string
	for _, detail := range details {
		d, ok := errors.AsType[*huma.ErrorDetail](detail)
		if !ok {
			if detail != nil && e.Code != http.StatusInternalServerError {
				problems = append(problems, detail.Error())
			}
			continue
		}
		// The value stays out: it may be a password.
		field := d.Location
		for _, where := range []string{"body.", "header.", "path.", "query."} {
			field = strings.TrimPrefix(field, where)
		}
		if n, _ := fmt.Sscanf(d.Message, validation.MsgExpectedRequiredProperty, &field); n == 1 {
			d.Message = "is required"
		}
		if field == middleware.TokenHeader {
			e.Code = http.StatusUnauthorized
		}
		problems = append(problems, field+": "+d.Message)
	}
	if len(problems) > 0 {
		e.Text = strings.Join(problems, "; ")
	}
	return e
}

// withoutToken is where all answers come by: an error must not repeat the token, as
// it may where a caller put that in a wrong place, and its text goes to the log.
func withoutToken(ctx huma.Context, _ string, value any) (any, error) {
	e, ok := value.(*Error)
	if !ok {
		return value, nil
	}
	e = &Error{Text: middleware.WithoutToken(e.Text, ctx.Header(middleware.TokenHeader)), Code: e.Code}
	middleware.NoteFailure(ctx.Context(), e.Text)
	return e, nil
}

// errorResponses documents the failures of an endpoint.
func (a *API) errorResponses() map[string]*huma.Response {
	schema := huma.SchemaFromType(a.huma.OpenAPI().Components.Schemas, reflect.TypeFor[Error]())
	responses := map[string]*huma.Response{}
	for _, code := range codes {
		responses[strconv.Itoa(code)] = &huma.Response{
			Description: http.StatusText(code),
			Content:     map[string]*huma.MediaType{"application/json": {Schema: schema}},
		}
	}
	return responses
}
