package objectstorage

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// containerSettings are the headers of containers that are kept, besides
// X-Container-Meta-….
var containerSettings = map[string]func(name, value string) (string, *frame.Reply){
	"X-Container-Read":                           cleanACL,
	"X-Container-Write":                          cleanACL,
	"X-Container-View":                           cleanACL,
	"X-Container-Ip-Acl-Allowed-List":            checkIPList,
	"X-Container-Ip-Acl-Denied-List":             checkIPList,
	"X-Container-Ip-Acl-Service-Gateway-Control": checkOneOf("read", "write", "rw", "deny"),
	"X-Container-Object-Lifecycle":               checkDays,
	"X-Container-Object-Transfer-To":             asIs,
	"X-History-Location":                         checkContainerName,
	"X-Versions-Retention":                       checkDays,
	"X-Container-Meta-Web-Index":                 checkWebDocument,
	"X-Container-Meta-Web-Error":                 checkWebDocument,
	"X-Container-Rfc-Compliant-Etags":            pythonBool,
	"X-Container-Worm-Retention-Day":             checkDays,
	"X-Container-Object-Deny-Extension-Policy":   asIs,
	"X-Container-Object-Deny-Keyword-Policy":     asIs,
	"X-Container-Object-Allow-Extension-Policy":  asIs,
	"X-Container-Object-Allow-Keyword-Policy":    asIs,
}

// ownerOnly are the settings that only users of the tenant get to see.
var ownerOnly = map[string]bool{
	"X-Container-Read": true, "X-Container-Write": true, "X-Container-View": true,
	"X-Container-Ip-Acl-Allowed-List": true, "X-Container-Ip-Acl-Denied-List": true,
	"X-Container-Ip-Acl-Service-Gateway-Control": true,
	"X-Container-Meta-Temp-Url-Key":              true, "X-Container-Meta-Temp-Url-Key-2": true,
}

// changes are the headers of a request that set something, those of the form
// X-Remove-… turned into empty ones.
func (c *call) changes(level string) map[string]string {
	out := map[string]string{}
	for k, v := range c.Request.Header {
		if rest, ok := strings.CutPrefix(k, "X-Remove-"); ok {
			k, v = "X-"+rest, []string{""}
		}
		if strings.HasPrefix(k, "X-"+level+"-") || k == "X-History-Location" || k == "X-Versions-Retention" {
			if _, twice := out[k]; !twice || strings.Join(v, "") != "" {
				out[k] = strings.Join(v, ",")
			}
		}
	}
	return out
}

// settings checks the settings in the headers of a request. A container that
// is yet to be made is nil.
func (c *call) settings(cont *Container, creating bool) (map[string]string, *frame.Reply) {
	now := map[string]string{}
	if cont != nil {
		maps.Copy(now, cont.settings)
	}
	const worm = "X-Container-Worm-Retention-Day"
	locking := now[worm] != ""
	given, changes := c.changes("Container"), map[string]string{}
	for _, k := range slices.Sorted(maps.Keys(given)) {
		v := given[k]
		check, ok := containerSettings[k]
		if !ok && !strings.HasPrefix(k, "X-Container-Meta-") {
			continue
		}
		if k == worm && (!creating && !locking || locking && v == "") {
			return nil, textReply(http.StatusBadRequest, htmlType, "%s can only be changed on object lock containers", worm)
		}
		if ok && v != "" {
			clean, rep := check(k, v)
			if rep != nil {
				return nil, rep
			}
			v = clean
		}
		changes[k] = v
		setOrUnset(now, k, v)
	}
	if rep := checkTotal(now, "X-Container-Meta-"); rep != nil {
		return nil, rep
	}
	if archive := c.account.containers[unescaped(changes["X-History-Location"])]; archive != nil && archive.settings[worm] != "" {
		return nil, textReply(http.StatusBadRequest, htmlType, "An object lock container cannot be an archive container")
	}
	const policy = "X-Container-Object-"
	if now[policy+"Deny-Extension-Policy"]+now[policy+"Deny-Keyword-Policy"] != "" &&
		now[policy+"Allow-Extension-Policy"]+now[policy+"Allow-Keyword-Policy"] != "" {
		return nil, textReply(http.StatusBadRequest, htmlType, "Allow and deny upload policies cannot be used at the same time")
	}
	return changes, nil
}

func (cont *Container) apply(changes map[string]string) {
	for k, v := range changes {
		setOrUnset(cont.settings, k, v)
	}
}

func setOrUnset(m map[string]string, k, v string) {
	if v == "" {
		delete(m, k)
		return
	}
	m[k] = v
}

// days is the number of days that a setting gives; 0 when it is not set.
func (cont *Container) days(setting string) time.Duration {
	n, _ := strconv.Atoi(cont.settings[setting])
	return time.Duration(n) * 24 * time.Hour
}

// rfcETags tells whether ETags are quoted.
func (cont *Container) rfcETags() bool {
	return cont.settings["X-Container-Rfc-Compliant-Etags"] == "True"
}

// Checks of values; each gives the value as it is kept.

func asIs(_, value string) (string, *frame.Reply) { return value, nil }

func badSetting(name string) *frame.Reply {
	return textReply(http.StatusBadRequest, htmlType, "Invalid value for %s", name)
}

func checkDays(name, value string) (string, *frame.Reply) {
	if n, err := strconv.Atoi(value); err != nil || n < 1 || n > 36_500 {
		return "", badSetting(name)
	}
	return value, nil
}

func checkOneOf(values ...string) func(name, value string) (string, *frame.Reply) {
	return func(name, value string) (string, *frame.Reply) {
		if !slices.Contains(values, value) {
			return "", badSetting(name)
		}
		return value, nil
	}
}

// pythonBool keeps what Swift makes of a flag; whatever it does not know is
// false.
func pythonBool(_, value string) (string, *frame.Reply) {
	if isTrue(value) {
		return "True", nil
	}
	return "False", nil
}

func isTrue(value string) bool {
	v, _ := frame.AsBool(value)
	return v
}

func checkContainerName(_, value string) (string, *frame.Reply) {
	if strings.Contains(value, "/") {
		return "", textReply(http.StatusPreconditionFailed, htmlType, "Container name cannot contain slashes")
	}
	return value, nil
}

func checkWebDocument(name, value string) (string, *frame.Reply) {
	bad := strings.ContainsFunc(value, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("-_./", r))
	})
	if bad || !strings.HasSuffix(value, ".html") {
		return "", badSetting(name)
	}
	return value, nil
}
