package nks

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// dialect is how the service words its errors: {"errors": [{status, code, title,
// detail, request_id}]}, as Magnum does.
type dialect struct{ frame.OpenStack }

// Fail is an error of the service.
func (dialect) Fail(_ *frame.Call, status int, message string) frame.Reply {
	return failed(status, message)
}

// Unknown answers a path that the service does not have. Who does not ask for
// JSON gets it all the same, without a title.
func (dialect) Unknown(c *frame.Call) frame.Reply {
	title := ""
	if strings.Contains(c.Request.Header.Get("Accept"), frame.JSONType) {
		title = http.StatusText(http.StatusNotFound)
	}
	return fault(http.StatusNotFound, "", title, "")
}

// Read reads the JSON object that calls with a body have.
func (d dialect) Read(c *frame.Call) *frame.Reply { return frame.ReadJSON(d, c) }

// Sign tells which versions there are.
func (d dialect) Sign(c *frame.Call, rep frame.Reply, h http.Header, now time.Time) {
	d.OpenStack.Sign(c, rep, h, now)
	if c.Tenant != "" && c.Known() && rep.Status != http.StatusNotAcceptable {
		tellVersions(h, latest)
	}
}

// fault is an error with all its words.
func fault(status int, code, title, detail string) frame.Reply {
	r := frame.Answer(status, object{"errors": []object{{
		"request_id": "", "code": code, "status": status, "title": title, "detail": detail, "links": []any{},
	}}})
	r.Message = detail
	return r
}

// failed is an error of which the title is how the message begins.
func failed(status int, message string) frame.Reply {
	title, _, _ := strings.Cut(message, ". ")
	code := "client"
	if status >= http.StatusInternalServerError {
		code = "server"
	}
	return fault(status, code, strings.TrimSuffix(title, "."), message)
}

func refused(status int, format string, args ...any) *frame.Reply {
	r := failed(status, fmt.Sprintf(format, args...))
	return &r
}

func badRequest(format string, args ...any) *frame.Reply {
	return refused(http.StatusBadRequest, format, args...)
}

// invalid refuses the value of a field.
func invalid(field string, value any, format string, args ...any) *frame.Reply {
	return badRequest("Invalid input for field/attribute %s. Value: '%s'. %s", field, frame.Shorten(shown(value)), fmt.Sprintf(format, args...))
}

// missing refuses a request without a field.
func missing(field string) *frame.Reply { return invalid(field, nil, "Mandatory field missing.") }

// shown is a value as Python prints it.
func shown(value any) string {
	if s, ok := value.(string); ok {
		return s
	}
	return frame.PyRepr(value)
}

// unsupported refuses what the state of a cluster does not allow.
func unsupported(format string, args ...any) *frame.Reply {
	return badRequest(format+" is not supported.", args...)
}

// The versions of the API. A request without one asks for the first, which has
// no node groups.
const (
	serviceType       = "container-infra"
	first, latest     = 1, 10
	withNodeGroups    = 9
	versionHeader     = "OpenStack-Api-Version"
	headerMinimum     = "OpenStack-API-Minimum-Version"
	headerMaximum     = "OpenStack-API-Maximum-Version"
	headerVersion     = "OpenStack-API-Version"
	microversionsHelp = "http://docs.openstack.org/api-guide/compute/microversions.html"
)

func tellVersions(h http.Header, minor int) {
	// These are the spellings of the service, which are not those of Go.
	h[headerMinimum] = []string{versionName(first)}
	h[headerMaximum] = []string{versionName(latest)}
	h[headerVersion] = []string{versionName(minor)}
	h.Set("Vary", "OpenStack-API-Version")
}

func versionName(minor int) string { return serviceType + " 1." + strconv.Itoa(minor) }

// admit lets calls through that have a good token and name the version that has
// all calls.
func (s *Service) admit(c *frame.Call) *frame.Reply {
	if r := s.identity.Admit(c); r != nil || !c.Known() {
		return r
	}
	asked, named := "", false
	for _, v := range c.Request.Header.Values(versionHeader) {
		for _, one := range strings.Split(v, ",") {
			if version, ok := strings.CutPrefix(strings.TrimSpace(one), serviceType+" "); ok {
				asked, named = strings.TrimSpace(version), true
			}
		}
	}
	minor := first
	if named && asked != "latest" {
		major, rest, _ := strings.Cut(asked, ".")
		n, err := strconv.Atoi(rest)
		if err != nil || major != "1" || n < first || n > latest {
			return noSuchVersion(asked)
		}
		minor = n
	}
	if asked == "latest" || minor >= withNodeGroups {
		return nil
	}
	r := fault(http.StatusNotAcceptable, "", "Not Acceptable", fmt.Sprintf(
		"Version 1.%d was requested but the requested API %s is not supported for this version.", minor, function(c)))
	return &r
}

// function is what the service calls the function behind a call.
func function(c *frame.Call) string {
	switch method := strings.ToLower(c.Request.Method); {
	case method != "get" && method != "head":
		return method
	case strings.Contains(c.Route.Path, "{") && !strings.HasSuffix(c.Route.Path, "/{$}"):
		return "get_one"
	}
	return "get_all"
}

func noSuchVersion(asked string) *frame.Reply {
	r := frame.Answer(http.StatusNotAcceptable, object{"errors": []object{{
		"code":  "magnum.microversion-unsupported",
		"title": "Requested microversion is unsupported",
		"description": "Mutually exclusive versions requested. Version " + asked + " requested but not supported by this service." +
			"The supported version range is: [container-infra 1.1, container-infra 1.10].",
		"max_version": "1.10", "min_version": "1.1",
		"links": []object{frame.Link("help", microversionsHelp)},
	}}})
	tellVersions(r.Header, latest)
	r.Header[headerVersion] = []string{serviceType + " " + asked}
	return &r
}
