package objectstorage_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const day = 24 * time.Hour

func TestVersions(t *testing.T) {
	s := newSwift(t)
	s.container("old%EB%93%A4")
	s.container("box", "X-History-Location", "old%EB%93%A4")
	s.object("/box/picture.jpg", "one", "X-Object-Meta-A", "b", "Content-Type", "image/jpeg")
	stamp := s.do("HEAD", "/box/picture.jpg", "").Header.Get("X-Timestamp")
	assert.Empty(t, s.names("/old%EB%93%A4"))
	s.object("/box/picture.jpg", "two")
	s.want(201, "COPY", "/box/picture.jpg", "", "Destination", "box/picture.jpg", "X-Object-Meta-A", "c")
	names := s.names("/old%EB%93%A4")
	require.Len(t, names, 2)
	assert.Equal(t, "00bpicture.jpg/"+stamp, names[0])
	res := s.want(200, "GET", "/old%EB%93%A4/"+names[0], "")
	assert.Equal(t, "one", res.Text)
	assert.Equal(t, "b", res.Header.Get("X-Object-Meta-A"))
	assert.Equal(t, "image/jpeg", res.Header.Get("Content-Type"))

	s.want(202, "POST", "/box/picture.jpg", "") // makes no version
	s.want(204, "DELETE", "/box/picture.jpg", "")
	s.want(404, "GET", "/box/picture.jpg", "")
	list := s.list("/old%EB%93%A4?format=json")
	require.Len(t, list, 4)
	assert.Equal(t, "application/x-deleted;swift_versions_deleted=1", list[3]["content_type"])
	assert.EqualValues(t, 0, list[3]["bytes"])
	// A marker is made even when there was nothing.
	s.want(404, "DELETE", "/box/%EA%B0%80", "")
	assert.Contains(t, s.want(200, "GET", "/old%EB%93%A4?prefix=003", "").Text, "003가/")

	// Without its archive a container takes nothing that would go there.
	s.object("/box/x", "1")
	for _, o := range s.list("/old%EB%93%A4?format=json") {
		s.want(204, "DELETE", "/old%EB%93%A4/"+o["name"].(string), "")
	}
	s.want(204, "DELETE", "/old%EB%93%A4", "")
	s.want(412, "PUT", "/box/x", "2")
	s.want(412, "DELETE", "/box/x", "")
	s.want(412, "DELETE", "/box/y", "")
	assert.Equal(t, "1", s.want(200, "GET", "/box/x", "").Text)
	s.want(204, "POST", "/box", "", "X-History-Location", "")
	s.object("/box/x", "2")
	s.want(204, "DELETE", "/box/x", "")
}

func TestVersionsOfLargeObjects(t *testing.T) {
	s := newSwift(t)
	s.segments()
	s.container("old")
	s.want(204, "POST", "/box", "", "X-History-Location", "old", "X-Versions-Retention", "2")
	s.object("/box/slo", "small")
	names := s.names("/old")
	require.Len(t, names, 1)
	res := s.want(200, "GET", "/old/"+names[0], "")
	assert.Equal(t, "one two three", res.Text)
	assert.Equal(t, fmt.Sprint(1772366400+2*86400), res.Header.Get("X-Delete-At"))
	s.want(204, "DELETE", "/box/slo", "")
	s.Advance(2*day - time.Second)
	assert.Len(t, s.as(s.fresh()).names("/old"), 3)
	s.Advance(time.Second)
	assert.Empty(t, s.as(s.fresh()).names("/old"))
}

// fresh logs in again: a token does not live for days.
func (s *swift) fresh() string {
	s.Login(s.ObjectStorageTenantID)
	return s.Token
}

func TestLifecycle(t *testing.T) {
	s := newSwift(t)
	s.container("box", "X-Container-Object-Lifecycle", "1")
	s.container("moved")
	s.object("/box/deleted", "x")
	assert.Equal(t, fmt.Sprint(1772366400+86400), s.do("HEAD", "/box/deleted", "").Header.Get("X-Delete-At"))
	s.object("/box/own", "x", "X-Delete-After", "7")
	assert.Equal(t, fmt.Sprint(1772366400+7), s.do("HEAD", "/box/own", "").Header.Get("X-Delete-At"))
	s.Advance(day)
	s.fresh()
	assert.Empty(t, s.names("/box"))
	assert.Empty(t, s.names("/moved"))

	s.want(204, "POST", "/box", "", "X-Container-Object-Transfer-To", "moved")
	s.object("/box/moved", "data", "X-Object-Meta-A", "b")
	s.want(204, "POST", "/box", "", "X-Container-Object-Lifecycle", "")
	s.object("/box/stays", "x")
	s.Advance(day)
	s.fresh()
	assert.Equal(t, []string{"stays"}, s.names("/box"))
	res := s.want(200, "GET", "/moved/moved", "")
	assert.Equal(t, "data", res.Text)
	assert.Equal(t, "b", res.Header.Get("X-Object-Meta-A"))
	assert.Empty(t, res.Header.Get("X-Delete-At"))
}

func TestLifecycleRules(t *testing.T) {
	s := newSwift(t)
	s.container("box", "X-Container-Object-Lifecycle", "9")
	s.container("archive")
	set := func(doc string) {
		t.Helper()
		s.want(204, "POST", "/box", doc, "Content-Type", "application/json")
	}
	days := func(name string) string {
		t.Helper()
		s.object(name, "x")
		return s.do("HEAD", name, "").Header.Get("X-Delete-At")
	}
	after := func(n int) string { return fmt.Sprint(s.Now().Unix() + int64(n)*86400) }
	const transfer = `{"type":"transfer","destination":"archive"}`
	const rules = `"rules":[{"name":"a","condition":{"prefix":"logs/"},"days":5,"action":` + transfer + `},
		{"name":"b","condition":{"prefix":"lo"},"days":6,"action":{"type":"delete"}}]`
	set(`{"lifecycle":{"default_rule":{"days":3,"action":{"type":"delete"}},` + rules + `}}`)
	assert.Equal(t, after(5), days("/box/logs/1"))
	assert.Equal(t, after(6), days("/box/log"))
	assert.Equal(t, after(3), days("/box/image/1"))
	// The header counts where there is no rule.
	set(`{"lifecycle":{` + rules + `}}`)
	assert.Equal(t, after(9), days("/box/other"))

	// What happens is decided when it does.
	set(`{"lifecycle":{"rules":[{"name":"a","condition":{"prefix":"image/"},"days":5,"action":` + transfer + `}]}}`)
	s.Advance(3 * day)
	s.fresh()
	assert.Equal(t, []string{"image/1"}, s.names("/archive"))
	s.Advance(2 * day)
	s.fresh()
	assert.Equal(t, []string{"log", "other"}, s.names("/box"))
	assert.Equal(t, []string{"image/1"}, s.names("/archive"))
	assert.Empty(t, s.do("HEAD", "/archive/image/1", "").Header.Get("X-Delete-At"))
}

func TestObjectLock(t *testing.T) {
	s := newSwift(t)
	s.container("box", "X-Container-Worm-Retention-Day", "2")
	s.container("plain")
	s.object("/box/x", "1")
	s.object("/plain/x", "1")
	until := s.Now().Add(2 * day).Unix()
	const header = "X-Object-Worm-Retain-Until"
	assert.Equal(t, fmt.Sprint(until), s.do("HEAD", "/box/x", "").Header.Get(header))
	assert.Empty(t, s.do("HEAD", "/plain/x", "").Header.Get(header))
	s.want(403, "PUT", "/box/x", "2")
	s.want(403, "DELETE", "/box/x", "")
	s.want(403, "COPY", "/plain/x", "", "Destination", "box/x")
	s.want(403, "PUT", "/box/x?multipart-manifest=put", "[]")
	res := s.want(200, "POST", "?bulk-delete", "box/x")
	assert.Contains(t, res.Text, "box/x, 403 Forbidden")

	// Metadata can be changed, and the lock made longer.
	s.want(202, "POST", "/box/x", "", "X-Object-Meta-A", "b")
	assert.Equal(t, fmt.Sprint(until), s.do("HEAD", "/box/x", "").Header.Get(header))
	s.want(400, "POST", "/box/x", "", header, fmt.Sprint(until-1))
	s.want(400, "POST", "/box/x", "", header, "x")
	s.want(400, "POST", "/plain/x", "", header, fmt.Sprint(until))
	s.want(400, "POST", "/box/x", "", "X-Delete-At", fmt.Sprint(until-1))
	s.want(202, "POST", "/box/x", "", header, fmt.Sprint(until+86400))
	// A copy keeps the date.
	s.want(201, "COPY", "/box/x", "", "Destination", "box/copy")
	assert.Equal(t, fmt.Sprint(until+86400), s.do("HEAD", "/box/copy", "").Header.Get(header))
	s.want(201, "COPY", "/box/x", "", "Destination", "box/fresh", "X-Fresh-Metadata", "true")
	assert.Equal(t, fmt.Sprint(until), s.do("HEAD", "/box/fresh", "").Header.Get(header))

	// What expires earlier waits for the end of the lock.
	s.object("/box/expires", "x", "X-Delete-After", "10")
	s.Advance(time.Minute)
	s.want(200, "GET", "/box/expires", "")
	s.Advance(2 * day)
	s.fresh()
	s.want(404, "GET", "/box/expires", "")
	s.want(204, "DELETE", "/box/fresh", "")
	s.want(403, "DELETE", "/box/x", "")
	s.Advance(day)
	s.fresh()
	s.want(204, "DELETE", "/box/x", "")
}
