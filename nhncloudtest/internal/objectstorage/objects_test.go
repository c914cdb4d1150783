package objectstorage_test

import (
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestPostReplacesMetadata(t *testing.T) {
	s := newSwift(t)
	s.container("box")
	s.object("/box/x", "data", "Content-Type", "text/css", "X-Object-Meta-A", "1", "X-Object-Meta-B", "2",
		"Content-Encoding", "br", "Content-Disposition", "inline", "Cache-Control", "no-store", "X-Delete-After", "100")
	before := s.want(200, "HEAD", "/box/x", "").Header
	for k, v := range map[string]string{
		"X-Object-Meta-A": "1", "Content-Encoding": "br", "Content-Disposition": "inline", "Cache-Control": "no-store",
		"X-Delete-At": "1772366500",
	} {
		assert.Equal(t, v, before.Get(k), k)
	}
	s.Advance(time.Second)
	res := s.want(202, "POST", "/box/x", "", "X-Object-Meta-B", "3")
	assert.Empty(t, res.Text)
	after := s.want(200, "HEAD", "/box/x", "").Header
	for k, v := range map[string]string{
		"X-Object-Meta-A": "", "X-Object-Meta-B": "3", "Content-Encoding": "", "Content-Disposition": "", "Cache-Control": "",
		"X-Delete-At": "", "Content-Type": "text/css", "Etag": sum("data"), "Content-Length": "4", "X-Timestamp": "1772366401.00000",
	} {
		assert.Equal(t, v, after.Get(k), k)
	}
	s.want(202, "POST", "/box/x", "", "Content-Type", "text/plain", "X-Delete-At", "1772366500")
	s.Advance(100 * time.Second)
	s.want(404, "GET", "/box/x", "")
}

// Of many that want to be the first only one is.
func TestOnlyOneIsFirst(t *testing.T) {
	s := newSwift(t)
	s.container("box")
	var wg sync.WaitGroup
	statuses := make([]int, 20)
	for i := range statuses {
		wg.Go(func() {
			res, err := s.send("PUT", "/box/x", io.MultiReader(strings.NewReader("a"), strings.NewReader("b")), "If-None-Match", "*")
			if assert.NoError(t, err) {
				statuses[i] = res.Status
			}
		})
	}
	wg.Wait()
	first := 0
	for _, status := range statuses {
		if status == 201 {
			first++
			continue
		}
		assert.Equal(t, 412, status)
	}
	assert.Equal(t, 1, first)
}

func TestExpiry(t *testing.T) {
	s := newSwift(t)
	s.container("box")
	s.object("/box/after", "x", "X-Delete-After", "10")
	s.object("/box/at", "x", "X-Delete-At", "1772366420")
	s.object("/box/again", "x", "X-Delete-After", "5")
	s.object("/box/again", "y") // stays
	assert.Equal(t, "1772366410", s.do("HEAD", "/box/after", "").Header.Get("X-Delete-At"))
	s.Advance(9 * time.Second)
	s.want(200, "GET", "/box/after", "")
	s.Advance(time.Second)
	s.want(404, "GET", "/box/after", "")
	assert.Equal(t, []string{"again", "at"}, s.names("/box"))
	s.Advance(10 * time.Second)
	assert.Equal(t, []string{"again"}, s.names("/box"))

	for header, texts := range map[string]map[string]string{
		"X-Delete-At":    {"x": "Non-integer X-Delete-At", "1772366000": "X-Delete-At in past"},
		"X-Delete-After": {"1.5": "Non-integer X-Delete-After", "-1": "X-Delete-After in past", "0": "X-Delete-After in past"},
	} {
		for value, text := range texts {
			assert.Equal(t, text, s.want(400, "PUT", "/box/x", "x", header, value).Text)
			assert.Equal(t, text, s.want(400, "POST", "/box/again", "", header, value).Text)
		}
	}
}
