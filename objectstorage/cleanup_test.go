package objectstorage_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// troubles are what may become of a request, by name.
var troubles = map[string]func(s *store, r *http.Request) (*http.Response, error){
	"403": func(_ *store, r *http.Request) (*http.Response, error) { return refusal(r, http.StatusForbidden) },
	"503": func(_ *store, r *http.Request) (*http.Response, error) {
		return refusal(r, http.StatusServiceUnavailable)
	},
	"504":  func(_ *store, r *http.Request) (*http.Response, error) { return refusal(r, http.StatusGatewayTimeout) },
	"page": func(_ *store, r *http.Request) (*http.Response, error) { return refusal(r, http.StatusOK) },
	"broken": func(_ *store, r *http.Request) (*http.Response, error) {
		_, _ = sent(r)
		return nil, io.ErrUnexpectedEOF
	},
	"lost": func(s *store, r *http.Request) (*http.Response, error) {
		body, err := sent(r)
		if err == nil {
			s.answer(r, body)
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	},
	"hangs": func(_ *store, r *http.Request) (*http.Response, error) {
		_, _ = sent(r)
		return hangs(r)
	},
	"late": func(s *store, r *http.Request) (*http.Response, error) { // the service acts when nobody waits any more
		body, err := sent(r)
		if err != nil {
			return nil, err
		}
		resp, err := hangs(r)
		time.AfterFunc(time.Second, func() { s.answer(r, body) })
		return resp, err
	},
}

func refusal(r *http.Request, status int) (*http.Response, error) {
	_, _ = sent(r)
	begins(r)
	return answer(status), nil
}

// Whatever goes wrong with an upload in parts, even with the cleaning up after
// it: the object is the new one or the old one, and whole, and what is left
// behind is named by the failure, which does not come late.
func TestUploadTroubles(t *testing.T) {
	t.Parallel()
	const deadline, grace = 3 * time.Second, 5 * time.Second
	operations := []string{
		"objectstorage-head-object", "objectstorage-list-objects", "objectstorage-put-container", "objectstorage-put-segment",
		"objectstorage-put-slo-manifest", "objectstorage-put-dlo-manifest", "objectstorage-get-slo-manifest", "objectstorage-delete-object",
	}
	const small, large = 1 * kib, 100 * kib // which are in memory when they are sent, and are not
	type trouble struct {
		operation, kind string
		after           int // requests of it that are well
	}
	var all []trouble
	for _, operation := range operations {
		for kind := range troubles {
			for after := range 3 {
				all = append(all, trouble{operation, kind, after})
			}
		}
	}
	counts := struct {
		sync.Mutex
		runs, failed, left int
	}{}
	run := func(t *testing.T, part int64, dynamic, there bool, hit ...trouble) {
		s := newStore(depot)
		old, data := noise(1, 2*int(part)), noise(2, 4*int(part)-10)
		options := inParts()
		options.PartSize = &part
		if there {
			_, err := s.client(t, nil).Upload(t.Context(), depot, "name", bytes.NewReader(old), options)
			require.NoError(t, err)
		}
		olds := s.all(depotSegments)
		var mu sync.Mutex
		seen := map[string]int{}
		objects := s.client(t, func(operation string, r *http.Request) (*http.Response, error) {
			mu.Lock()
			number := seen[operation]
			seen[operation]++
			mu.Unlock()
			for _, h := range hit {
				if h.operation == operation && number >= h.after {
					return troubles[h.kind](s, r)
				}
			}
			return nil, nil
		})
		options.Dynamic, options.DeleteOldSegments, options.Concurrency = dynamic, true, 2
		ctx, cancel := context.WithTimeout(nhncloud.ContextWithRetry(t.Context(), quick), deadline)
		defer cancel()
		start := time.Now()
		result, err := objects.Upload(ctx, depot, "name", bytes.NewReader(data), options)
		assert.LessOrEqual(t, time.Since(start), deadline+grace)
		time.Sleep(time.Minute) // until the service has done what it does late

		s.mu.Lock()
		defer s.mu.Unlock()
		var left *objectstorage.LeftoverError
		unnamed := slices.DeleteFunc(s.unused(depotSegments), func(place objectstorage.Location) bool {
			// Those of the old object stay as long as it may be there.
			return err != nil && slices.Contains(olds, place) || errors.As(err, &left) && slices.Contains(left.Objects, place)
		})
		assert.Empty(t, unnamed, "%v: parts that the failure does not name: %v", hit, err)
		var content []byte
		if object := s.containers[depot]["name"]; object != nil {
			var broken error
			content, broken = s.content(object)
			assert.NoError(t, broken, "%v: %v", hit, err)
		}
		counts.Lock()
		defer counts.Unlock()
		counts.runs++
		if left != nil {
			counts.left++
		}
		if err != nil {
			counts.failed++
			require.ErrorAs(t, err, new(*nhncloud.Error))
		}
		switch {
		case result != nil:
			assert.True(t, bytes.Equal(data, content), "%v: a success without the content", hit)
		case there:
			assert.True(t, bytes.Equal(data, content) || bytes.Equal(old, content), "%v: %v", hit, err)
		default:
			assert.True(t, bytes.Equal(data, content) || content == nil, "%v: %v", hit, err)
		}
	}
	t.Run("each", func(t *testing.T) {
		for i, first := range all {
			t.Run(fmt.Sprintf("%s %s after %d", first.kind, first.operation, first.after), func(t *testing.T) {
				t.Parallel()
				for _, dynamic := range []bool{false, true} {
					for _, there := range []bool{false, true} {
						synctest.Test(t, func(t *testing.T) { run(t, small, dynamic, there, first) })
						if first.after == 1 {
							synctest.Test(t, func(t *testing.T) { run(t, large, dynamic, there, first) })
						}
						for j, second := range all {
							if (i+j)%60 == 0 && first.operation != second.operation {
								synctest.Test(t, func(t *testing.T) { run(t, small, dynamic, there, first, second) })
							}
						}
					}
				}
			})
		}
	})
	t.Logf("%d runs, %d failed, %d of them left something behind", counts.runs, counts.failed, counts.left)
	assert.NotZero(t, counts.left)
}
