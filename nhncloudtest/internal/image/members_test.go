package image_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
)

func (r *room) list(query string) int {
	r.t.Helper()
	return len(r.call(200, "GET", "?"+query, nil).Body["images"].([]any))
}

func TestMembers(t *testing.T) {
	const friend = "8989447062e04a818baf9e073fd04fa7"
	w := newRoom(t, nhncloudtest.WithTenants(friend))
	own, others := w.Token, ""
	as := func(token string) { w.Token = token }
	w.Login(friend)
	others = w.Token
	as(own)
	path := w.create(nil)
	w.upload(204, path, "data")
	add := object{"member": friend}
	w.call(403, "POST", path+"/members", add) // it is private
	w.call(403, "GET", path+"/members", nil)
	w.call(404, "GET", path+"/members/"+friend, nil)
	as(others)
	w.call(404, "GET", path, nil)
	as(own)
	w.patch(200, path, documentedList(t, "image-v2-update-visibility.request"))
	as(others)
	w.call(404, "GET", path, nil)
	as(own)

	member := w.call(200, "POST", path+"/members", add).Body
	cloudtest.SameShape(t, "image-v2-create-member.response", member)
	assert.Equal(t, "pending", member["status"])
	w.call(409, "POST", path+"/members", add)
	w.call(400, "POST", path+"/members", object{"member": ""})
	w.call(400, "POST", path+"/members", object{})
	w.call(400, "POST", path+"/members", []any{})
	w.call(400, "POST", path+"/members", nil)
	w.call(200, "POST", path+"/members", object{"member": "123456789"})
	listed := w.call(200, "GET", path+"/members", nil).Body
	cloudtest.SameShape(t, "image-v2-list-members.response", listed)
	assert.Len(t, listed["members"], 2)
	accept := cloudtest.Fixture(t, "image-v2-update-member.request")
	w.call(403, "PUT", path+"/members/"+friend, accept) // in the place of the other

	as(others)
	assert.Equal(t, "mine", w.get(path)["name"], "it can be used at once")
	assert.Equal(t, 0, w.list("visibility=shared"))
	assert.Equal(t, 1, w.list("visibility=shared&member_status=pending"))
	assert.Equal(t, 1, w.list("visibility=shared&member_status=all"))
	w.call(400, "GET", "?member_status=maybe", nil)
	w.call(400, "GET", "?visibility=secret", nil)
	assert.Len(t, w.call(200, "GET", path+"/members", nil).Body["members"], 1, "its own alone")
	w.call(404, "GET", path+"/members/123456789", nil)
	w.call(404, "PUT", path+"/members/123456789", accept)
	w.call(400, "PUT", path+"/members/"+friend, object{"status": "maybe"})
	w.call(400, "PUT", path+"/members/"+friend, object{})
	w.Advance(time.Minute)
	member = w.call(200, "PUT", path+"/members/"+friend, accept).Body
	cloudtest.SameShape(t, "image-v2-update-member.response", member)
	assert.Equal(t, "accepted", member["status"])
	assert.NotEqual(t, member["created_at"], member["updated_at"])
	cloudtest.SameShape(t, "image-v2-get-member.response", w.call(200, "GET", path+"/members/"+friend, nil).Body)
	assert.Equal(t, 1, w.list("visibility=shared"))
	w.call(403, "POST", path+"/members", object{"member": "x"})
	w.call(403, "DELETE", path+"/members/"+friend, nil)
	w.call(403, "DELETE", path, nil)
	w.call(403, "PUT", path+"/tags/x", nil)
	w.patch(403, path, []object{{"op": "replace", "path": "/name", "value": "x"}})
	w.call(200, "PUT", path+"/members/"+friend, object{"status": "rejected"})
	assert.Equal(t, 0, w.list("visibility=shared"))
	w.call(404, "POST", "/nope/members", add)

	as(own)
	w.call(404, "DELETE", path+"/members/nobody", nil)
	w.call(204, "DELETE", path+"/members/"+friend, nil)
	as(others)
	w.call(404, "GET", path, nil)
	w.call(404, "GET", path+"/members", nil)
}

func TestTags(t *testing.T) {
	w := newRoom(t)
	path := w.create(nil)
	w.call(204, "PUT", path+"/tags/gold", nil)
	w.call(204, "PUT", path+"/tags/gold", nil)
	w.call(204, "PUT", path+"/tags/%EA%B8%88%20%2B", nil)
	assert.Equal(t, []any{"gold", "금 +"}, w.get(path)["tags"])
	assert.Equal(t, 1, w.list("tag=gold&tag=%EA%B8%88%20%2B"))
	assert.Equal(t, 0, w.list("tag=gold&tag=silver"))
	w.call(204, "DELETE", path+"/tags/gold", nil)
	w.call(404, "DELETE", path+"/tags/gold", nil)
	w.call(400, "PUT", path+"/tags/_x", nil)
	w.call(400, "PUT", path+"/tags/"+strings.Repeat("x", 256), nil)
	w.call(404, "PUT", "/nope/tags/x", nil)
	w.call(404, "DELETE", "/nope/tags/x", nil)
	w.call(403, "PUT", "/"+w.ImageID("Rocky")+"/tags/x", nil)
	var tags []string
	for i := range 128 {
		tags = append(tags, strings.Repeat("t", i+1))
	}
	w.patch(200, path, []object{{"op": "replace", "path": "/tags", "value": tags}})
	w.call(413, "PUT", path+"/tags/more", nil)
	w.call(204, "PUT", path+"/tags/t", nil)
	w.patch(413, path, []object{{"op": "replace", "path": "/tags", "value": append(tags, "more")}})
}

func TestErrorsAsRecorded(t *testing.T) {
	w := newRoom(t)
	cloudtest.SameError(t, "image_404", w.call(404, "GET", "/00000000-0000-0000-0000-000000000000", nil))
	res := w.Call("GET", "/image/v2/nope", nil)
	cloudtest.SameError(t, "image_404_path", res)
}

// A server boots only from an image that has data, whoever shares it.
func TestBootFromShared(t *testing.T) {
	w := newRoom(t)
	path := w.create(object{"min_disk": 20})
	server := w.U2Body("web")
	server["imageRef"] = path[1:]
	require.Equal(t, 400, w.Compute("POST", "/servers", object{"server": server}).Status)
	assert.Equal(t, "SAVING", cloudtest.At(w.Compute("GET", "/images/"+path[1:], nil).Body, "image", "status"))
	w.upload(204, path, "data")
	require.Equal(t, 202, w.Compute("POST", "/servers", object{"server": server}).Status)
}
