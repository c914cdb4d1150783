package loadbalancer

import (
	"net/http"
	"slices"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/network"
)

// part is what calls are about: a load balancer, or something that belongs to
// one.
type part interface {
	key() string
	tree() *balancer // that it belongs to; nil for none
	body() object
	leave() // takes it out of where it is, with what hangs on it
}

// What the parts are called that others name.
const (
	aBalancer = "Load Balancer"
	aListener = "Listener"
	aPool     = "Pool"
	aPolicy   = "L7Policy"

	anACLGroup = "IP ACL Group"
)

type pointer[V any] interface {
	*V
	part
}

// resource is a kind of parts, with what is the matter with it. The functions
// from limit on can be nil.
type resource[V any, P pointer[V]] struct {
	single, plural string                             // keys of bodies
	argument       string                             // the body in errors about what is in it
	title          string                             // in errors
	filters        map[string]network.Filter          // for query keys that are no fields
	in             func(*call) (*[]P, *frame.Reply)   // where those are that the path speaks of
	read           func(c *call, in *input, x, old P) // what a request says; old is nil for a new one

	limit     func(Quota) int
	settle    func(c *call, x, old P) *frame.Reply // refuses what does not go with the others
	changed   func(p *project, x, old P)           // does what else a change brings about
	removable func(c *call, x P) *frame.Reply
}

func (k *resource[V, P]) list(c *call) frame.Reply {
	all, r := k.in(c)
	if r != nil {
		return *r
	}
	var bodies []object
	for _, x := range *all {
		bodies = append(bodies, x.body())
	}
	return network.List(c.Call, k.plural, bodies, k.filters, func(_, message string) *frame.Reply { return invalid("%s", message) })
}

// find finds the one that the path names.
func (k *resource[V, P]) find(c *call) (P, *frame.Reply) {
	all, r := k.in(c)
	if r != nil {
		return nil, r
	}
	return byID(*all, c.Value("id"), k.title)
}

func byID[P part](all []P, id, title string) (P, *frame.Reply) {
	i := slices.IndexFunc(all, func(x P) bool { return x.key() == id })
	if i < 0 {
		var none P
		return none, notFound(title, id)
	}
	return all[i], nil
}

func (k *resource[V, P]) get(c *call) frame.Reply {
	x, r := k.find(c)
	if r != nil {
		return *r
	}
	return frame.Answer(http.StatusOK, object{k.single: network.Fields(c.Call, x.body())})
}

// change reads what a request says into a copy of one, and sees that it can be so.
func (k *resource[V, P]) change(c *call, x, old P) *frame.Reply {
	in, r := c.input(k.single, k.argument)
	if r != nil {
		return r
	}
	k.read(c, in, x, old)
	if r = in.done(); r == nil {
		r = x.tree().busy()
	}
	if r == nil && old == nil {
		r = k.withinLimit(c)
	}
	if r == nil && k.settle != nil {
		r = k.settle(c, x, old)
	}
	return r
}

// withinLimit refuses one more than there may be.
func (k *resource[V, P]) withinLimit(c *call) *frame.Reply {
	if k.limit == nil {
		return nil
	}
	all, r := k.in(c)
	if most := k.limit(c.service.quota); r == nil && most > 0 && len(*all) >= most {
		return refused(http.StatusForbidden, "Quota has been met for resources: %s", k.title)
	}
	return r
}

func (k *resource[V, P]) create(c *call) frame.Reply {
	all, r := k.in(c)
	if r != nil {
		return *r
	}
	x := P(new(V))
	if r = k.change(c, x, nil); r != nil {
		return *r
	}
	*all = append(*all, x)
	if k.changed != nil {
		k.changed(c.project, x, nil)
	}
	x.tree().begin(c, pendingUpdate, nil)
	return frame.Answer(http.StatusCreated, object{k.single: x.body()})
}

func (k *resource[V, P]) update(c *call) frame.Reply {
	x, r := k.find(c)
	if r != nil {
		return *r
	}
	next, old := *x, *x
	if r = k.change(c, P(&next), x); r != nil {
		return *r
	}
	*x = next
	if k.changed != nil {
		k.changed(c.project, x, P(&old))
	}
	x.tree().begin(c, pendingUpdate, nil)
	return frame.Answer(http.StatusOK, object{k.single: x.body()})
}

func (k *resource[V, P]) delete(c *call) frame.Reply {
	x, r := k.find(c)
	if r == nil {
		r = x.tree().busy()
	}
	if r == nil && k.removable != nil {
		r = k.removable(c, x)
	}
	if r != nil {
		return *r
	}
	x.tree().begin(c, pendingUpdate, x)
	return frame.Answer(http.StatusNoContent, nil)
}

func without[T comparable](all []T, gone T) []T {
	return slices.DeleteFunc(all, func(t T) bool { return t == gone })
}

// refs are the ids of parts as others show them.
func refs[P part](all ...P) []object {
	ids := []object{}
	for _, x := range all {
		ids = append(ids, object{"id": x.key()})
	}
	return ids
}

// hasRef is a filter for the ids under a key.
func hasRef(name string) network.Filter {
	return func(o object, values []string) bool {
		return slices.ContainsFunc(o[name].([]object), func(ref object) bool { return slices.Contains(values, frame.Str(ref, "id")) })
	}
}
