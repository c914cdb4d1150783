package objectstorage_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// Content that arrives damaged is never left behind.
func TestUploadChecksums(t *testing.T) {
	t.Parallel()
	data := noise(16, 3*smallPart)
	wrong := digestOf([]byte("wrong"))
	unchecked := func(o *objectstorage.UploadOptions) { o.SkipChecksum = true }
	header := func(etag string) http.Header { return http.Header{"Etag": {etag}} }
	combined := digestOf([]byte(digestOf(data[:smallPart]) + digestOf(data[smallPart:2*smallPart]) + digestOf(data[2*smallPart:])))
	part := func(n int) string { return digestOf(data[n*smallPart : (n+1)*smallPart]) }
	for name, c := range map[string]struct {
		fault  nhncloudtest.Fault
		proxy  picker
		change func(o *objectstorage.UploadOptions)
		want   string // MD5 that the error tells; "" for no error
		got    string
	}{
		"part":              {fault: nhncloudtest.Fault{Method: http.MethodPut, Path: depotSegments + "/.*/00000001-", Header: header(wrong)}, want: part(1), got: wrong},
		"part in quotes":    {fault: nhncloudtest.Fault{Method: http.MethodPut, Path: depotSegments + "/.*/00000001-", Header: header(`"` + part(1) + `"`)}},
		"on its way":        {proxy: eachTime(9, isPart, garbleRequest), want: part(0)},
		"dynamic":           {proxy: eachTime(9, isPart, garbleRequest), want: part(0), change: func(o *objectstorage.UploadOptions) { o.Dynamic = true }},
		"whole":             {fault: nhncloudtest.Fault{Path: "/" + depot + "/name$", Header: header(wrong), After: 1}, want: combined, got: wrong},
		"manifest":          {fault: nhncloudtest.Fault{Operation: "objectstorage-put-slo-manifest", Header: header(wrong)}}, // and a look shows that it is right
		"manifest quoted":   {fault: nhncloudtest.Fault{Operation: "objectstorage-put-slo-manifest", Header: header(`"` + combined + `"`)}},
		"unchecked":         {fault: nhncloudtest.Fault{Method: http.MethodPut, Path: "/" + depot + "/name$", Header: header(wrong)}, change: func(o *objectstorage.UploadOptions) { o.Threshold, o.SkipChecksum = 0, true }},
		"part unchecked":    {fault: nhncloudtest.Fault{Method: http.MethodPut, Path: depotSegments + "/.*/00000001", Header: http.Header{"Etag": nil}}, change: unchecked},
		"one piece":         {fault: nhncloudtest.Fault{Path: "/" + depot + "/name$", Header: header(wrong)}, want: digestOf(data), got: wrong, change: func(o *objectstorage.UploadOptions) { o.Threshold = 0 }},
		"one piece on way":  {proxy: eachTime(9, func(r *http.Request) bool { return r.Method == http.MethodPut }, garbleRequest), want: digestOf(data), change: func(o *objectstorage.UploadOptions) { o.Threshold = 0 }},
		"told":              {change: func(o *objectstorage.UploadOptions) { o.Threshold, o.ETag = 0, wrong }, want: wrong},
		"told of the whole": {change: func(o *objectstorage.UploadOptions) { o.ETag = digestOf(data) }}, // it is none of a part
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			if c.proxy != nil {
				flawedProxy(t, r, c.proxy)
			} else if c.fault.Header != nil {
				r.cloud.Inject(c.fault)
			}
			options := inParts()
			options.Concurrency = 1
			if c.change != nil {
				c.change(options)
			}
			_, err := r.objects.Upload(t.Context(), depot, "name", bytes.NewReader(data), options)
			r.cloud.RemoveFaults()
			if c.want == "" {
				require.NoError(t, err)
				r.holds("name", data)
				return
			}
			require.ErrorIs(t, err, nhncloud.ErrChecksumMismatch)
			var mismatch *nhncloud.ChecksumError
			require.ErrorAs(t, err, &mismatch)
			assert.Equal(t, c.want, mismatch.Want)
			assert.Equal(t, c.got, mismatch.Got)
			assert.Empty(t, r.list(depot))
			assert.Empty(t, r.list(depotSegments))
		})
	}
	t.Run("no ETag", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		r.cloud.Inject(nhncloudtest.Fault{Method: http.MethodPut, Path: depotSegments + "/.*/00000001-", Header: http.Header{"Etag": nil}})
		_, err := r.objects.Upload(t.Context(), depot, "name", bytes.NewReader(data), inParts())
		failsAs(t, nhncloud.ErrBadAnswer, err)
		assert.Empty(t, r.list(depot))
		assert.Empty(t, r.list(depotSegments))
	})
	t.Run("container with quotes", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		require.NoError(t, r.client.Do(t.Context(), nhncloud.Request{
			Operation: "objectstorage-put-container", Service: nhncloud.ServiceObjectStorage, Method: http.MethodPut, Path: "/v1/{Account}/{Container}",
			Args: []string{depotSegments}, Header: http.Header{"X-Container-Rfc-Compliant-Etags": {"true"}},
		}, nil))
		result, err := r.objects.Upload(t.Context(), depot, "name", bytes.NewReader(data), inParts())
		require.NoError(t, err)
		assert.Equal(t, combined, result.ETag)
		r.holds("name", data)
	})
}

// Each of these faults is survived, or leaves nothing.
func TestUploadFaults(t *testing.T) {
	t.Parallel()
	const parts = 5
	data := noise(17, parts*smallPart-100)
	put := func(f nhncloudtest.Fault) *nhncloudtest.Fault {
		f.Method, f.Path = http.MethodPut, "/"+depotSegments+"/"
		return &f
	}
	whole := func(f nhncloudtest.Fault) *nhncloudtest.Fault {
		f.Method, f.Path = http.MethodPut, "/"+depot+"/name$"
		return &f
	}
	for name, c := range map[string]struct {
		fault *nhncloudtest.Fault
		proxy picker
		fails error
		puts  int // of parts; 0 where that depends
	}{
		"none":                            {puts: parts},
		"reset at the beginning of each":  {proxy: eachTime(1, isPart, resetInRequest(1)), puts: 2 * parts},
		"reset in the middle of each":     {proxy: eachTime(1, isPart, resetInRequest(smallPart/2)), puts: 2 * parts},
		"twice":                           {proxy: eachTime(2, isPart, resetInRequest(smallPart/2)), puts: 3 * parts},
		"always":                          {proxy: eachTime(99, isPart, resetInRequest(smallPart/2)), fails: nhncloud.ErrUnavailable},
		"one always":                      {proxy: eachTime(99, isPartNumber(3), resetInRequest(smallPart/2)), fails: nhncloud.ErrUnavailable},
		"reset after each":                {fault: put(nhncloudtest.Fault{ResetAfter: true, Times: 3}), puts: parts + 3},
		"answer cut off":                  {fault: put(nhncloudtest.Fault{Truncate: true, Times: 3})},
		"503":                             {fault: put(nhncloudtest.Fault{Status: 503, Times: 3}), puts: parts + 3},
		"503 always":                      {fault: put(nhncloudtest.Fault{Status: 503}), fails: nhncloud.ErrUnavailable},
		"429":                             {fault: put(nhncloudtest.Fault{Status: 429, After: 2, Times: 2}), puts: parts + 2},
		"498":                             {fault: put(nhncloudtest.Fault{Status: 498, After: 2, Times: 2}), puts: parts + 2},
		"401 in the middle":               {fault: put(nhncloudtest.Fault{Status: 401, After: 2, Times: 1}), puts: parts + 1},
		"401 always":                      {fault: put(nhncloudtest.Fault{Status: 401, After: 2}), fails: nhncloud.ErrUnauthorized},
		"403 at the last":                 {fault: put(nhncloudtest.Fault{Status: 403, After: parts - 1}), fails: nhncloud.ErrForbidden, puts: parts},
		"507":                             {fault: put(nhncloudtest.Fault{Status: 507, After: 1, Times: 1}), fails: nhncloud.ErrServerFault},
		"slow part":                       {fault: put(nhncloudtest.Fault{Delay: 20 * time.Millisecond, After: 1, Times: 1}), puts: parts},
		"wrong ETag":                      {fault: put(nhncloudtest.Fault{Header: http.Header{"Etag": {"0cc175b9c0f1b6a831c399e269772661"}}, After: 2, Times: 1}), fails: nhncloud.ErrChecksumMismatch},
		"garbled":                         {proxy: eachTime(1, isPartNumber(2), garbleRequest), fails: nhncloud.ErrChecksumMismatch},
		"503 for the manifest":            {fault: whole(nhncloudtest.Fault{Status: 503, Times: 2}), puts: parts},
		"403 for the manifest":            {fault: whole(nhncloudtest.Fault{Status: 403}), fails: nhncloud.ErrForbidden, puts: parts},
		"401 for the manifest":            {fault: whole(nhncloudtest.Fault{Status: 401, Times: 1}), puts: parts},
		"reset before the manifest":       {fault: whole(nhncloudtest.Fault{Reset: true, Times: 3}), puts: parts},
		"reset after the manifest":        {fault: whole(nhncloudtest.Fault{ResetAfter: true, Times: 3}), puts: parts},
		"no listing":                      {fault: &nhncloudtest.Fault{Operation: "objectstorage-list-objects", Status: 403, Times: 1}, fails: nhncloud.ErrForbidden},
		"no segment container":            {fault: &nhncloudtest.Fault{Operation: "objectstorage-put-container", Status: 403, Times: 1}, fails: nhncloud.ErrForbidden},
		"connection lost at each request": {proxy: eachTime(1, func(*http.Request) bool { return true }, resetInRequest(0)), puts: 2 * parts},
	} {
		for _, once := range []bool{false, true} {
			for _, old := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s/%t/%t", name, once, old), func(t *testing.T) {
					t.Parallel()
					r := newRig(t)
					before := []byte("old")
					if old {
						before = noise(18, 2*smallPart)
						r.putLarge("name", before)
						if name == "no listing" || name == "no segment container" {
							return // these come before there is an object
						}
					}
					segments := r.list(depotSegments)
					if c.proxy != nil {
						flawedProxy(t, r, c.proxy)
					}
					if c.fault != nil {
						r.cloud.Inject(*c.fault)
					}
					sent := r.counting()
					var source io.Reader = bytes.NewReader(data)
					if once {
						source = onlyRead{source}
					}
					story := &story{t: t}
					options := inParts()
					options.Progress = story.tell
					_, err := r.objects.Upload(t.Context(), depot, "name", source, options)
					r.cloud.RemoveFaults()
					if c.fails == nil {
						require.NoError(t, err)
						r.holds("name", data)
						assert.Len(t, r.list(depotSegments), len(segments)+parts)
						assert.EqualValues(t, len(data), story.last.Done, "what was sent again counts once")
						assert.Equal(t, parts, story.last.Parts)
					} else {
						require.ErrorIs(t, err, c.fails)
						failsAs(t, c.fails, err)
						if old {
							r.holds("name", before)
							assert.Equal(t, segments, r.list(depotSegments))
						} else {
							assert.Empty(t, r.list(depot))
							assert.Empty(t, r.list(depotSegments))
						}
					}
					if c.puts > 0 {
						assert.Equal(t, c.puts, sent.count("objectstorage-put-segment"))
					}
					_, most := r.conns.counts()
					assert.LessOrEqual(t, most, 16)
				})
			}
		}
	}
}
