package v1

import (
	"fmt"
	"net/http"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// area is what a call of v1.0 is about: the first two digits of the resultCode
// when the service behind refuses it.
type area int

const (
	areaInstance      area = 10
	areaFlavor        area = 11
	areaZone          area = 12
	areaKeyPair       area = 13
	areaNetwork       area = 20
	areaSubnet        area = 21
	areaFloatingIP    area = 22
	areaSecurityGroup area = 24
	areaImage         area = 30
	areaVolume        area = 40
	areaToken         area = 50
)

// failedHeader is a failure of v1.0.
func failedHeader(code int, format string, args ...any) *frame.Reply {
	r := frame.Answer(http.StatusOK, object{"header": object{
		"isSuccessful": false, "resultCode": code, "resultMessage": fmt.Sprintf(format, args...),
	}})
	return &r
}

func badParameters(format string, args ...any) *frame.Reply {
	return failedHeader(-4, "Invalid parameters: "+format, args...)
}

// refused is a failure that the service behind an area answers with an HTTP
// status.
func (a area) refused(status int, format string, args ...any) *frame.Reply {
	if a == 0 || status < 400 || status > 599 {
		return failedHeader(-2, "UNKNOWN EXCEPTION: "+format, args...)
	}
	return failedHeader(int(a)*1000+status, format, args...)
}

func (a area) notFound(what, id string) *frame.Reply {
	return a.refused(http.StatusNotFound, "%s %s could not be found.", what, id)
}

// relay passes on what a v2 service refused; nil stays nil.
func (a area) relay(r *frame.Reply) *frame.Reply {
	if r == nil {
		return nil
	}
	return a.refused(r.Status, "%s", r.Message)
}

// conflict is relay where the service answers 400 to what is a matter of
// state.
func (a area) conflict(r *frame.Reply) *frame.Reply {
	if r == nil {
		return nil
	}
	return a.refused(http.StatusConflict, "%s", r.Message)
}

// dialect is how the calls of an area word their failures; those that belong to
// none have the zero one.
type dialect struct{ area area }

// Fail is a failure that the service behind the area answers.
func (d dialect) Fail(_ *frame.Call, status int, message string) frame.Reply {
	return *d.area.refused(status, "%s", message)
}

// Unknown answers a path that the API does not have.
func (dialect) Unknown(c *frame.Call) frame.Reply {
	return *failedHeader(-7, "Not supported: %s %s", c.Request.Method, c.Request.URL.Path)
}

// Read reads the JSON object that calls with a body have.
func (dialect) Read(c *frame.Call) *frame.Reply {
	if c.Route.Method != http.MethodPost && c.Route.Method != http.MethodPut {
		return nil
	}
	body, err := frame.ParseObject(c.Raw)
	if err != nil {
		return failedHeader(-8, "JSON parsing error: %v", err)
	}
	c.Body = body
	return nil
}

// Sign adds nothing.
func (dialect) Sign(*frame.Call, frame.Reply, http.Header, time.Time) {}
