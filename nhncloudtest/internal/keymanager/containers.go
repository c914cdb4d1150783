package keymanager

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/identity"
)

// container names secrets that belong together.
type container struct {
	id, name, kind string
	created        time.Time
	secrets        []contained
	consumers      []string
}

type contained struct {
	name   string
	secret *secret
}

// named is the secret with a name; nil when there is none.
func (ct *container) named(name string) *secret {
	for _, in := range ct.secrets {
		if in.name == name {
			return in.secret
		}
	}
	return nil
}

func (c *call) containerBody(ct *container) object {
	refs, consumers := []object{}, []object{}
	for _, in := range ct.secrets {
		refs = append(refs, object{"name": in.name, "secret_ref": c.ref("secrets", in.secret.id)})
	}
	for _, url := range ct.consumers {
		consumers = append(consumers, object{"name": "lbaas", "URL": url})
	}
	o := object{
		"container_ref": c.ref("containers", ct.id), "name": ct.name, "type": ct.kind, "status": "ACTIVE", "creator_id": identity.UserID,
		"created": ct.created.Format(timeLayout), "updated": ct.created.Format(timeLayout), "secret_refs": refs, "consumers": consumers,
	}
	if ct.kind == certificateType {
		o["common_name"], o["expiration"] = nil, nil
		if cert, ok := ct.certificate(); ok {
			o["common_name"], o["expiration"] = cert.Subject.CommonName, cert.NotAfter.UTC().Format(timeLayout)
		}
	}
	return o
}

func (p *project) container(id string) (*container, *frame.Reply) {
	i := slices.IndexFunc(p.containers, func(ct *container) bool { return ct.id == id })
	if i < 0 {
		return nil, refused(http.StatusNotFound, "Not Found. Sorry but your container is in another castle.")
	}
	return p.containers[i], nil
}

func listContainers(c *call) frame.Reply {
	for key := range c.Query {
		if !slices.Contains([]string{"limit", "offset", "name", "type"}, key) {
			return *refused(http.StatusBadRequest, "Containers can't be listed by %s here.", key)
		}
	}
	var found []object
	for _, ct := range c.project.containers {
		name, kind := c.Query.Get("name"), c.Query.Get("type")
		if (name == "" || name == ct.name) && (kind == "" || kind == ct.kind) {
			found = append(found, c.containerBody(ct))
		}
	}
	return page(c, "containers", found)
}

func getContainer(c *call) frame.Reply {
	ct, r := c.project.container(c.Value("id"))
	if r != nil {
		return *r
	}
	return frame.Answer(http.StatusOK, c.containerBody(ct))
}

const certificateType = "certificate"

// names are those that secrets can have in a container, and those that have to be
// there.
var names = map[string]struct{ known, needed []string }{
	"generic": {},
	"rsa":     {[]string{"public_key", "private_key", "private_key_passphrase"}, []string{"public_key", "private_key"}},
	certificateType: {
		[]string{certificateType, "private_key", "private_key_passphrase", "intermediates"}, []string{certificateType},
	},
}

func createContainer(c *call) frame.Reply {
	const schema = "Container"
	if r := known(schema, c.Body, "name", "type", "secret_refs"); r != nil {
		return *r
	}
	for _, name := range []string{"name", "type"} {
		if _, ok := c.Body[name].(string); !ok && c.Body[name] != nil {
			return *mismatch(schema, "%s is not of type 'string'. Invalid property: '%s'", frame.PyRepr(c.Body[name]), name)
		}
	}
	ct := &container{id: frame.NewID(), name: frame.Str(c.Body, "name"), kind: frame.Str(c.Body, "type"), created: c.Now}
	rules, ok := names[ct.kind]
	if !ok {
		return *mismatch(schema, "'%s' is not one of ['generic', 'rsa', 'certificate']. Invalid property: 'type'", ct.kind)
	}
	elements, ok := c.Body["secret_refs"].([]any)
	if !ok && c.Body["secret_refs"] != nil {
		return *mismatch(schema, "%s is not of type 'array'. Invalid property: 'secret_refs'", frame.PyRepr(c.Body["secret_refs"]))
	}
	for _, e := range elements {
		if r := c.contain(ct, e, rules.known); r != nil {
			return *r
		}
	}
	for _, name := range rules.needed {
		if ct.named(name) == nil {
			return *mismatch(schema, "The minimum required reference names are '%s' for type '%s'", strings.Join(rules.needed, ","), ct.kind)
		}
	}
	c.project.containers = append(c.project.containers, ct)
	return frame.Answer(http.StatusCreated, object{"container_ref": c.ref("containers", ct.id)})
}

// contain puts a secret into a new container.
func (c *call) contain(ct *container, element any, knownNames []string) *frame.Reply {
	const schema = "Container"
	e, ok := element.(object)
	name, ref := frame.Str(e, "name"), frame.Str(e, "secret_ref")
	switch {
	case !ok || ref == "":
		return mismatch(schema, "'secret_ref' is a required property. Invalid property: 'secret_refs'")
	case knownNames != nil && !slices.Contains(knownNames, name):
		return mismatch(schema, "only %s reference names are allowed for type '%s'", frame.PyRepr(anyOf(knownNames)), ct.kind)
	case ct.named(name) != nil:
		return mismatch(schema, "Duplicate reference names are not allowed")
	}
	s, r := c.project.secret(idOf(ref))
	switch {
	case r != nil:
		return refused(http.StatusNotFound, "Secret provided for '%s' doesn't exist.", name)
	case slices.ContainsFunc(ct.secrets, func(in contained) bool { return in.secret == s }):
		return mismatch(schema, "Duplicate secret refs are not allowed")
	}
	ct.secrets = append(ct.secrets, contained{name, s})
	return nil
}

// deleteContainer deletes a container also while a listener uses it, which keeps
// the certificate that it has taken.
func deleteContainer(c *call) frame.Reply {
	ct, r := c.project.container(c.Value("id"))
	if r != nil {
		return *r
	}
	c.project.containers = slices.DeleteFunc(c.project.containers, func(o *container) bool { return o == ct })
	return frame.Answer(http.StatusNoContent, nil)
}
