package objectstorage

import (
	"bytes"
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// quotePath is a path with percent-encoding, slashes left alone.
func quotePath(p string) string {
	return strings.ReplaceAll(strings.ReplaceAll(url.QueryEscape(p), "%2F", "/"), "+", "%20")
}

// deleteManifest deletes a static large object with all its segments.
func deleteManifest(c *call) *frame.Reply {
	r := newDeleteReport()
	c.deleteLarge(r, c.container, c.object, 0)
	return c.finishDelete(r)
}

func (c *call) deleteLarge(r *deleteReport, container, name string, depth int) {
	o := c.account.object(container, name)
	cont := c.account.containers[container]
	switch {
	case !c.may(reading, c.account, cont, true):
		r.fail("/"+container+"/"+name, statusLine(c.denied().Status))
		return
	case o == nil:
		r.missing++
		return
	case o.slo == nil:
		r.fail("/"+container+"/"+name, "Not an SLO manifest")
		return
	}
	for _, g := range o.slo.segments {
		inside, part := g.split()
		switch {
		case g.Data != nil:
		case g.SubSLO && depth < maxManifestDeep:
			c.deleteLarge(r, inside, part, depth+1)
		default:
			r.count(g.Name, c.deleteOne(inside, part).Status)
		}
	}
	r.count("/"+container+"/"+name, c.deleteOne(container, name).Status)
}

// deleteReport is what became of many deletions.
type deleteReport struct {
	deleted, missing int
	errors           [][2]string
	status           int
	body             string
}

func newDeleteReport() *deleteReport { return &deleteReport{status: http.StatusOK} }

func (r *deleteReport) fail(path, status string) {
	r.errors = append(r.errors, [2]string{quotePath(path), status})
}

func (r *deleteReport) count(path string, status int) {
	switch {
	case status < 300:
		r.deleted++
	case status == http.StatusNotFound:
		r.missing++
	default:
		r.fail(path, statusLine(status))
	}
}

// finishDelete answers 200 whatever happened; what did is in the body.
func (c *call) finishDelete(r *deleteReport) *frame.Reply {
	switch {
	case r.status != http.StatusOK:
	case len(r.errors) > 0:
		r.status = http.StatusBadRequest
	case r.deleted+r.missing == 0:
		r.status, r.body = http.StatusBadRequest, "Invalid bulk delete."
	}
	return c.report(http.StatusOK, "delete", frame.Object{
		"Response Status": statusLine(r.status), "Response Body": r.body,
		"Number Deleted": r.deleted, "Number Not Found": r.missing,
	}, r.errors)
}

// report writes a report in the form that is wanted.
func (c *call) report(status int, root string, values frame.Object, problems [][2]string) *frame.Reply {
	kind := cmp.Or(bestMatch(c.Request.Header.Get("Accept"), plainType, frame.JSONType, "application/xml", "text/xml"), plainType)
	rep := newReply(status)
	rep.Header.Set("Content-Type", kind)
	keys := []string{"Number Deleted", "Number Not Found", "Response Body", "Response Status"}
	keys = slices.DeleteFunc(keys, func(k string) bool { return values[k] == nil })
	var text bytes.Buffer
	switch kind {
	case frame.JSONType:
		body := frame.Object{"Errors": append([][2]string{}, problems...)}
		for _, k := range keys {
			body[k] = values[k]
		}
		rep.Body = frame.Encode(body)
		return rep
	case plainType:
		for _, k := range keys {
			fmt.Fprintf(&text, "%s: %v\n", k, values[k])
		}
		text.WriteString("Errors:\n")
		for _, p := range problems {
			fmt.Fprintf(&text, "%s, %s\n", p[0], p[1])
		}
	default:
		fmt.Fprintf(&text, "<%s>\n", root)
		for _, k := range keys {
			tag := strings.ToLower(strings.ReplaceAll(k, " ", "_"))
			fmt.Fprintf(&text, "<%s>%s</%s>\n", tag, escapeXML(fmt.Sprint(values[k])), tag)
		}
		text.WriteString("<errors>\n")
		for _, p := range problems {
			fmt.Fprintf(&text, "<object><name>%s</name><status>%s</status></object>\n", escapeXML(p[0]), escapeXML(p[1]))
		}
		fmt.Fprintf(&text, "</errors>\n</%s>\n", root)
	}
	rep.Body = text.Bytes()
	return rep
}

var escapeXML = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace

// maxBulkDelete is how many names one request can delete.
const maxBulkDelete = 10_000

// bulkDelete deletes objects and containers that are named in the body, one a
// line and percent-encoded: objects first.
func bulkDelete(c *call) *frame.Reply {
	r := newDeleteReport()
	if kind := c.Request.Header.Get("Content-Type"); kind != "" && !strings.HasPrefix(kind, plainType) {
		r.status, r.body = http.StatusNotAcceptable, string(errorReply(http.StatusNotAcceptable).Body)
		return c.finishDelete(r)
	}
	data, err := c.readAll(maxBulkDelete * 4096)
	if err != nil {
		return nil
	}
	var names []string
	for line := range strings.Lines(string(data)) {
		if name := unescaped(strings.TrimSpace(line)); name != "" {
			names = append(names, strings.TrimLeft(name, "/"))
		}
	}
	if len(names) > maxBulkDelete {
		r.status, r.body = http.StatusRequestEntityTooLarge, fmt.Sprintf("Maximum Bulk Deletes: %d per request", maxBulkDelete)
		return c.finishDelete(r)
	}
	for _, objects := range []bool{true, false} {
		for _, name := range names {
			container, inside, _ := strings.Cut(strings.TrimRight(name, "/"), "/")
			if inside != "" {
				_, inside, _ = strings.Cut(name, "/") // the slash at the end is part of it
			}
			switch {
			case (inside != "") != objects:
			case !validName(name):
				r.fail(name, statusLine(http.StatusPreconditionFailed))
			case objects:
				r.count(name, c.deleteOne(container, inside).Status)
			default:
				c.container = container
				r.count(name, deleteContainer(c).Status)
			}
		}
	}
	return c.finishDelete(r)
}
