package loadbalancer

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/nhncloud-go/nhncloud"
)

// MonitorPort is the port that a health monitor looks at.
type MonitorPort int

// MemberPort stands for the port that each member has.
const MemberPort MonitorPort = 0

// UnmarshalJSON also takes the word "member-port", which the guide has for
// [MemberPort], and a number in quotes.
func (p *MonitorPort) UnmarshalJSON(text []byte) error {
	switch word := strings.Trim(string(text), `"`); word {
	case "", "null", "member-port":
		*p = MemberPort
	default:
		port, err := strconv.Atoi(word)
		if err != nil {
			return fmt.Errorf("%s is no port", text)
		}
		*p = MonitorPort(port)
	}
	return nil
}

// monitorValues is what the requests for a new health monitor and for a change of
// one have to be checked for alike. What is nil or "" is not set.
type monitorValues struct {
	delay, timeout, retries *int
	port                    *MonitorPort
	path, codes             string
}

func (v monitorValues) check(check *nhncloud.ArgumentCheck) {
	check.RefuseIf(v.delay != nil && *v.delay <= 0, "Delay", "must be positive")
	check.RefuseIf(v.timeout != nil && *v.timeout <= 0, "Timeout", "must be positive")
	check.RefuseIf(v.retries != nil && *v.retries <= 0, "MaxRetries", "must be positive")
	if v.port != nil {
		checkPort(check, "HealthCheckPort", int(*v.port), 0)
	}
	check.RefuseIf(v.path != "" && !strings.HasPrefix(v.path, "/"), "URLPath", `must begin with "/"`)
	check.RefuseIf(v.codes != "" && !statusCodes.MatchString(v.codes), "ExpectedCodes", `must be statuses of HTTP, such as "200", "200,202" or "200-204"`)
}

// statusCodes is a list of statuses of HTTP and of ranges of them.
var statusCodes = regexp.MustCompile(`^ *[1-5]\d\d *(- *[1-5]\d\d *)?(, *[1-5]\d\d *(- *[1-5]\d\d *)?)*$`)
