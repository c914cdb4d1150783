package image

import (
	"net/http"
	"slices"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// member is a tenant that an image is shared with.
type member struct {
	tenant, status   string
	created, updated time.Time
}

var memberStatuses = []string{"pending", "accepted", "rejected"}

// member finds a member; nil when the tenant is none.
func (img *Image) member(tenant string) *member {
	if i := slices.IndexFunc(img.members, func(m *member) bool { return m.tenant == tenant }); i >= 0 {
		return img.members[i]
	}
	return nil
}

func (m *member) body(img *Image) object {
	return object{
		"member_id": m.tenant, "image_id": img.ID, "status": m.status, "schema": "/v2/schemas/member",
		"created_at": frame.Seconds(m.created), "updated_at": frame.Seconds(m.updated),
	}
}

// shared finds an image that has members.
func (s *Service) shared(c *frame.Call, status int, refusal string) (*Image, *frame.Reply) {
	id := c.Value("imageId")
	img := s.Find(c.Place(), id)
	switch {
	case img == nil:
		return nil, failed(c, http.StatusNotFound, "Image %s not found.", id)
	case img.Visibility != "shared":
		return nil, failed(c, status, refusal, id)
	}
	return img, nil
}

// seen finds the member that a call names, if the tenant can see it: the owner
// sees all, a member itself.
func (img *Image) seen(c *frame.Call) (*member, *frame.Reply) {
	id := c.Value("memberId")
	m := img.member(id)
	if m == nil || c.Tenant != img.Owner && c.Tenant != m.tenant {
		return nil, failed(c, http.StatusNotFound, "%s not found in the member list of the image %s.", id, img.ID)
	}
	return m, nil
}

// text reads a string that a body has to have.
func text(c *frame.Call, key, absent, wrong string) (string, *frame.Reply) {
	v, r := readJSON(c)
	if r != nil {
		return "", r
	}
	body, ok := v.(object)
	if !ok {
		return "", failed(c, http.StatusBadRequest, "%s", wrong)
	}
	if _, ok := body[key]; !ok {
		return "", failed(c, http.StatusBadRequest, "%s", absent)
	}
	return frame.Str(body, key), nil
}

func (s *Service) createMember(c *frame.Call) frame.Reply {
	id, r := text(c, "member", "Member to be added not specified", `Expected a member in the form: {"member": "image_id"}`)
	if r == nil && id == "" {
		r = failed(c, http.StatusBadRequest, "Member can't be empty")
	}
	if r != nil {
		return *r
	}
	const refusal = "Not allowed to create members for image %s."
	img, r := s.shared(c, http.StatusForbidden, refusal)
	switch {
	case r != nil:
		return *r
	case img.Owner != c.Tenant:
		return *failed(c, http.StatusForbidden, refusal, img.ID)
	case img.member(id) != nil:
		return *failed(c, http.StatusConflict, "Member %s is duplicated for image %s", id, img.ID)
	}
	if r := tooMany(c, len(img.members)+1, "members"); r != nil {
		return *r
	}
	m := &member{tenant: id, status: "pending", created: c.Now, updated: c.Now}
	img.members = append(img.members, m)
	return frame.Answer(http.StatusOK, m.body(img))
}

func (s *Service) listMembers(c *frame.Call) frame.Reply {
	img, r := s.shared(c, http.StatusForbidden, "Not allowed to list members for image %s: Only shared images have members.")
	if r != nil {
		return *r
	}
	members := []object{}
	for _, m := range img.members {
		if c.Tenant == img.Owner || c.Tenant == m.tenant {
			members = append(members, m.body(img))
		}
	}
	return frame.Answer(http.StatusOK, object{"members": members, "schema": "/v2/schemas/members"})
}

func (s *Service) getMember(c *frame.Call) frame.Reply {
	img, r := s.shared(c, http.StatusNotFound, "Only shared images have members.%.0s")
	if r != nil {
		return *r
	}
	m, r := img.seen(c)
	if r != nil {
		return *r
	}
	return frame.Answer(http.StatusOK, m.body(img))
}

// updateMember lets a member say what it makes of an image. The owner can't say
// it in its place.
func (s *Service) updateMember(c *frame.Call) frame.Reply {
	status, r := text(c, "status", "Status not specified", `Expected a status in the form: {"status": "status"}`)
	if r != nil {
		return *r
	}
	const refusal = "Not allowed to update members for image %s."
	img, r := s.shared(c, http.StatusForbidden, refusal)
	switch {
	case r != nil:
		return *r
	case img.Owner == c.Tenant:
		return *failed(c, http.StatusForbidden, refusal, img.ID)
	}
	m, r := img.seen(c)
	switch {
	case r != nil:
		return *r
	case !slices.Contains(memberStatuses, status):
		return *failed(c, http.StatusBadRequest, "Incorrect request: Status must be \"pending\", \"accepted\" or \"rejected\".")
	}
	m.status, m.updated = status, c.Now
	return frame.Answer(http.StatusOK, m.body(img))
}

func (s *Service) deleteMember(c *frame.Call) frame.Reply {
	const refusal = "Not allowed to delete members for image %s."
	img, r := s.shared(c, http.StatusForbidden, refusal)
	switch {
	case r != nil:
		return *r
	case img.Owner != c.Tenant:
		return *failed(c, http.StatusForbidden, refusal, img.ID)
	}
	m, r := img.seen(c)
	if r != nil {
		return *r
	}
	img.members = slices.DeleteFunc(img.members, func(o *member) bool { return o == m })
	return frame.Reply{Status: http.StatusNoContent}
}
