package nhncloudtest

import (
	"maps"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Storage accounts.

// owned refuses those whom the account does not belong to.
func (c *swiftCall) owned() *swiftReply {
	if c.owner() {
		return nil
	}
	return c.denied()
}

func getAccount(c *swiftCall) *swiftReply {
	if rep := c.owned(); rep != nil {
		return rep
	}
	kind, rep := c.listingType()
	if rep != nil {
		return rep
	}
	h := http.Header{}
	var objects int
	var size int64
	for _, cont := range c.account.containers {
		objects += len(cont.objects)
		size += cont.bytes
	}
	if !c.query.Has("format") {
		h.Set("Vary", "Accept")
	}
	h.Set("X-Account-Container-Count", strconv.Itoa(len(c.account.containers)))
	h.Set("X-Account-Object-Count", strconv.Itoa(objects))
	h.Set("X-Account-Bytes-Used", strconv.FormatInt(size, 10))
	h.Set("X-Timestamp", unixStamp(c.account.created))
	h.Set("Accept-Ranges", "bytes")
	for k, v := range c.account.meta {
		h.Set(k, v)
	}
	if c.req.Method == http.MethodHead {
		h.Set("Content-Type", kind+"; charset=utf-8")
		return &swiftReply{status: http.StatusOK, header: h}
	}
	return c.listContainers(kind, h)
}

func postAccount(c *swiftCall) *swiftReply {
	if rep := c.owned(); rep != nil {
		return rep
	}
	if rep := checkSwiftMetadata(c.req.Header, "Account"); rep != nil {
		return rep
	}
	for k, v := range c.changes("Account") {
		if strings.HasPrefix(k, "X-Account-Meta-") {
			setOrUnset(c.account.meta, k, v)
		}
	}
	return swiftOK(http.StatusNoContent)
}

// deleteAccount is refused to everybody.
func deleteAccount(c *swiftCall) *swiftReply { return c.denied() }

// Containers.

// visible finds the container of the path for somebody who may see it.
func (c *swiftCall) visible(kind access) (*swiftContainer, *swiftReply) {
	cont := c.account.containers[c.container]
	if !c.may(kind, c.account, cont, false) {
		return nil, c.denied()
	}
	if cont == nil {
		return nil, swiftError(http.StatusNotFound)
	}
	return cont, nil
}

func getContainer(c *swiftCall) *swiftReply {
	cont, rep := c.visible(listing)
	if rep != nil {
		return rep
	}
	if c.req.Method == http.MethodGet && c.query.Has("policy") {
		rep := swiftOK(http.StatusOK)
		rep.header.Set("Content-Type", jsonType+"; charset=utf-8")
		rep.body = encode(cont.policy.document())
		return rep
	}
	kind, rep := c.listingType()
	if rep != nil {
		return rep
	}
	h := http.Header{}
	if !c.query.Has("format") {
		h.Set("Vary", "Accept")
	}
	h.Set("X-Container-Object-Count", strconv.Itoa(len(cont.objects)))
	h.Set("X-Container-Bytes-Used", strconv.FormatInt(cont.bytes, 10))
	h.Set("X-Timestamp", unixStamp(cont.created))
	h.Set("Last-Modified", lastModified(cont.put))
	h.Set("Accept-Ranges", "bytes")
	h.Set("X-Storage-Policy", cont.class)
	for k, v := range cont.settings {
		if c.owner() || !ownerOnly[k] {
			h.Set(k, v)
		}
	}
	if c.req.Method == http.MethodHead {
		h.Set("Content-Type", kind+"; charset=utf-8")
		return &swiftReply{status: http.StatusNoContent, header: h}
	}
	return c.listObjects(cont, kind, h)
}

func putContainer(c *swiftCall) *swiftReply {
	cont := c.account.containers[c.container]
	if !c.may(owning, c.account, cont, false) {
		return c.denied()
	}
	if rep := checkSwiftMetadata(c.req.Header, "Container"); rep != nil {
		return rep
	}
	if n := len(c.container); n > 256 {
		return swiftText(http.StatusBadRequest, swiftHTML, "Container name length of %d longer than 256", n)
	}
	if cont == nil && (strings.ContainsAny(c.container, "'\"`<>; ") || c.container == "." || c.container == ".." ||
		net.ParseIP(c.container) != nil) {
		return swiftText(http.StatusBadRequest, swiftHTML, "Container name is not allowed")
	}
	class := strings.ToLower(c.req.Header.Get("X-Storage-Policy"))
	if class != "" && class != "standard" && class != "economy" {
		return swiftText(http.StatusBadRequest, plainType, "Invalid X-Storage-Policy '%s'", c.req.Header.Get("X-Storage-Policy"))
	}
	if cont != nil && class != "" && class != cont.class {
		return swiftError(http.StatusConflict)
	}
	changes, rep := c.settings(cont, cont == nil)
	if rep != nil {
		return rep
	}
	now := c.store.stamp(c.now)
	status := http.StatusAccepted
	if cont == nil {
		cont = c.account.add(c.container, now)
		cont.class = orElse(class, cont.class)
		status = http.StatusCreated
	}
	cont.put = now
	cont.apply(changes)
	if status == http.StatusAccepted {
		return swiftError(status)
	}
	return swiftOK(status)
}

func postContainer(c *swiftCall) *swiftReply {
	cont, rep := c.visible(owning)
	if rep != nil {
		return rep
	}
	if rep := checkSwiftMetadata(c.req.Header, "Container"); rep != nil {
		return rep
	}
	var policy *containerPolicy
	if c.isPolicy() {
		data, err := c.readAll(1 << 20)
		if err != nil {
			return nil
		}
		if policy, rep = parsePolicy(data); rep != nil {
			return rep
		}
		if cont = c.account.containers[c.container]; cont == nil {
			return swiftError(http.StatusNotFound)
		}
	}
	changes, rep := c.settings(cont, false)
	if rep != nil {
		return rep
	}
	cont.put = c.store.stamp(c.now)
	cont.apply(changes)
	if policy != nil && policy.given {
		cont.policy = policy
	}
	return swiftOK(http.StatusNoContent)
}

// isPolicy tells a policy document from a change by headers.
func (c *swiftCall) isPolicy() bool {
	return strings.HasPrefix(c.req.Header.Get("Content-Type"), jsonType) && c.req.ContentLength != 0
}

func deleteContainer(c *swiftCall) *swiftReply {
	cont, rep := c.visible(owning)
	if rep != nil {
		return rep
	}
	if len(cont.objects) > 0 {
		return swiftError(http.StatusConflict)
	}
	c.account.remove(cont)
	return swiftOK(http.StatusNoContent)
}

func (a *swiftAccount) remove(cont *swiftContainer) {
	delete(a.containers, cont.name)
	a.names.remove(cont.name)
}

// Headers that set something.

// containerSettings are the headers of containers that are kept, besides
// X-Container-Meta-….
var containerSettings = map[string]func(name, value string) (string, *swiftReply){
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
func (c *swiftCall) changes(level string) map[string]string {
	out := map[string]string{}
	for k, v := range c.req.Header {
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
func (c *swiftCall) settings(cont *swiftContainer, creating bool) (map[string]string, *swiftReply) {
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
			return nil, swiftText(http.StatusBadRequest, swiftHTML, "%s can only be changed on object lock containers", worm)
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
	if archive := c.account.containers[unescaped(changes["X-History-Location"])]; archive != nil && archive.settings[worm] != "" {
		return nil, swiftText(http.StatusBadRequest, swiftHTML, "An object lock container cannot be an archive container")
	}
	const policy = "X-Container-Object-"
	if now[policy+"Deny-Extension-Policy"]+now[policy+"Deny-Keyword-Policy"] != "" &&
		now[policy+"Allow-Extension-Policy"]+now[policy+"Allow-Keyword-Policy"] != "" {
		return nil, swiftText(http.StatusBadRequest, swiftHTML, "Allow and deny upload policies cannot be used at the same time")
	}
	return changes, nil
}

func (cont *swiftContainer) apply(changes map[string]string) {
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
func (cont *swiftContainer) days(setting string) time.Duration {
	n, _ := strconv.Atoi(cont.settings[setting])
	return time.Duration(n) * 24 * time.Hour
}

// rfcETags tells whether ETags are quoted.
func (cont *swiftContainer) rfcETags() bool {
	return cont.settings["X-Container-Rfc-Compliant-Etags"] == "True"
}

// Checks of values; each gives the value as it is kept.

func asIs(_, value string) (string, *swiftReply) { return value, nil }

func badSetting(name string) *swiftReply {
	return swiftText(http.StatusBadRequest, swiftHTML, "Invalid value for %s", name)
}

func checkDays(name, value string) (string, *swiftReply) {
	if n, err := strconv.Atoi(value); err != nil || n < 1 || n > 36_500 {
		return "", badSetting(name)
	}
	return value, nil
}

func checkOneOf(values ...string) func(name, value string) (string, *swiftReply) {
	return func(name, value string) (string, *swiftReply) {
		if !slices.Contains(values, value) {
			return "", badSetting(name)
		}
		return value, nil
	}
}

// pythonBool keeps what Swift makes of a flag; whatever it does not know is
// false.
func pythonBool(_, value string) (string, *swiftReply) {
	if isTrue(value) {
		return "True", nil
	}
	return "False", nil
}

func isTrue(value string) bool {
	v, _ := asBool(value)
	return v
}

func checkContainerName(_, value string) (string, *swiftReply) {
	if strings.Contains(value, "/") {
		return "", swiftText(http.StatusPreconditionFailed, swiftHTML, "Container name cannot contain slashes")
	}
	return value, nil
}

func checkWebDocument(name, value string) (string, *swiftReply) {
	bad := strings.ContainsFunc(value, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("-_./", r))
	})
	if bad || !strings.HasSuffix(value, ".html") {
		return "", badSetting(name)
	}
	return value, nil
}

// checkSwiftMetadata holds the limits of metadata, of an account, a container or an
// object.
func checkSwiftMetadata(h http.Header, level string) *swiftReply {
	bad := func(format string, args ...any) *swiftReply {
		return swiftText(http.StatusBadRequest, plainType, format, args...)
	}
	prefix := "X-" + level + "-Meta-"
	count, size := 0, 0
	for _, k := range slices.Sorted(maps.Keys(h)) {
		value := strings.Join(h[k], ",")
		if len(value) > 8192 {
			return bad("Header value too long: %s", k[:min(len(k), 128)])
		}
		key, ok := strings.CutPrefix(k, prefix)
		if !ok {
			continue
		}
		count++
		size += len(key) + len(value)
		switch {
		case key == "":
			return bad("Metadata name cannot be empty")
		case level != "Object" && !validName(value):
			return bad("Metadata must be valid UTF-8")
		case len(key) > 128:
			return bad("Metadata name too long: %s%s", prefix, key)
		case len(value) > 256:
			return bad("Metadata value longer than 256: %s%s", prefix, key)
		case count > 90:
			return bad("Too many metadata items; max 90")
		case size > 4096:
			return bad("Total metadata too large; max 4096")
		}
	}
	return nil
}
