package loadbalancer

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/nhncloud-go/nhncloud"
)

// Kind is the kind of a [Resource]. It is an open type.
type Kind string

// The kinds of resources, and what stands in Name for them.
const (
	KindLoadBalancer  Kind = "load balancer"  // its name
	KindListener      Kind = "listener"       // its port, such as "443"
	KindPool          Kind = "pool"           // its name
	KindMember        Kind = "member"         // pool, address and port, such as "web/10.0.0.4:80"
	KindHealthMonitor Kind = "health monitor" // its pool
	KindL7Policy      Kind = "L7 policy"      // port of the listener and name, such as "80/to-https"
	KindL7Rule        Kind = "L7 rule"        // policy and values, such as "80/to-https/PATH STARTS_WITH /"
	KindIPACLGroup    Kind = "IP ACL group"   // its name
	KindIPACLTarget   Kind = "IP ACL target"  // group and address, such as "office/10.0.0.0/8"
	KindIPACLBinding  Kind = "IP ACL binding" // the load balancer; has no id of its own
	KindSecret        Kind = "secret"         // its name; the id is its address
	KindCertificate   Kind = "certificate"    // the name of its container; the id is the address of that
)

// Resource is something that a [Spec] names.
type Resource struct {
	Kind Kind
	Name string
	ID   string // "" while there is none
}

// Action is what is done with a [Resource]. It is an open type.
type Action string

// The actions.
const (
	ActionCreate Action = "create"
	ActionUpdate Action = "update"
	ActionDelete Action = "delete"
)

// Change is a request that changes something.
type Change struct {
	Action Action
	Resource
	Fields []string // of ActionUpdate: what differs
}

// String returns the change in words, such as "create listener 443".
func (c Change) String() string {
	text := fmt.Sprintf("%s %s %s", c.Action, c.Kind, c.Name)
	for i, field := range c.Fields {
		if i == 0 {
			text += ": "
		} else {
			text += ", "
		}
		text += field
	}
	return text
}

type key struct {
	kind Kind
	name string
}

// step is a change that is to be made.
type step struct {
	Change
	inTree bool // it belongs to the load balancer, which has to be ready for it
	// do makes the change and returns the id of what it created.
	do func(ctx context.Context, r *run) (id string, err error)
}

// planner finds the steps from what there is to what is wanted.
type planner struct {
	spec         *Spec
	certificates map[int]storedCertificate // by the port of the listener
	prune        bool
	now          *tree
	ids          map[key]string // of what there is and is wanted, and later of what was made
	wrong        nhncloud.ArgumentCheck
	steps        []step
}

// plan returns the steps, in their order.
func (p *planner) plan() ([]step, error) {
	p.groups()
	for i := range p.spec.Listeners {
		if stored, ok := p.certificates[p.spec.Listeners[i].ProtocolPort]; ok {
			p.certificate(stored)
		}
	}
	p.balancer()
	p.bind()
	p.pools()
	p.listeners()
	p.policies()
	if p.prune {
		p.removeListeners()
		p.removePools()
		p.removeTargets()
		p.removeCertificates(p.spec.certificateNames(p.now), p.keptContainers())
	}
	if err := p.wrong.Err(""); err != nil {
		var refused *nhncloud.Error
		errors.As(err, &refused)
		return nil, refused.WithKind(nhncloud.ErrConflict)
	}
	return p.steps, nil
}

// is says that something that the spec names is there.
func (p *planner) is(kind Kind, name, id string) { p.ids[key{kind, name}] = id }

func (p *planner) create(kind Kind, name string, inTree bool, do func(ctx context.Context, r *run) (string, error)) {
	p.steps = append(p.steps, step{Change{ActionCreate, Resource{kind, name, ""}, nil}, inTree, do})
}

// update adds the change of what differs, if anything does.
func (p *planner) update(kind Kind, name, id string, inTree bool, differs differing, do func(ctx context.Context, r *run) error) {
	if len(differs) == 0 {
		return
	}
	p.steps = append(p.steps, step{Change{ActionUpdate, Resource{kind, name, id}, differs}, inTree, func(ctx context.Context, r *run) (string, error) {
		return id, do(ctx, r)
	}})
}

func (p *planner) remove(kind Kind, name, id string, inTree bool, do func(ctx context.Context, r *run) error) {
	p.steps = append(p.steps, step{Change{ActionDelete, Resource{kind, name, id}, nil}, inTree, func(ctx context.Context, r *run) (string, error) {
		return id, do(ctx, r)
	}})
}

// refuse says that something that is there can't become what is wanted.
func (p *planner) refuse(is bool, field, problem string) { p.wrong.RefuseIf(is, field, problem) }

// differing has the names of the fields that differ.
type differing []string

// differ returns the wanted value of a field where there is one and it is not
// that which is there, and nil elsewhere.
func differ[T comparable](d *differing, field string, want *T, is T) *T {
	if want == nil || *want == is {
		return nil
	}
	*d = append(*d, field)
	return want
}

// differUnknown is [differ] for what a service may not tell. That is taken for
// what is wanted.
func differUnknown[T comparable](d *differing, field string, want, is *T) *T {
	if is == nil {
		return nil
	}
	return differ(d, field, want, *is)
}

// set is a pointer to a value, and nil for the zero value, which stands for what
// is to be left as it is.
func set[T comparable](value T) *T {
	var zero T
	if value == zero {
		return nil
	}
	return &value
}

// balancer plans the load balancer itself.
func (p *planner) balancer() {
	s, is := p.spec, p.now.balancer
	if is == nil {
		p.create(KindLoadBalancer, s.Name, false, func(ctx context.Context, r *run) (string, error) {
			created, err := r.LoadBalancers.Create(ctx, s.request())
			if err != nil {
				return "", err
			}
			return created.ID, nil
		})
		return
	}
	p.is(KindLoadBalancer, s.Name, is.ID)
	p.refuse(s.VIPSubnetID != is.VIPSubnetID, "VIPSubnetID", "can't be changed; it is "+is.VIPSubnetID)
	p.refuse(s.VIPAddress != "" && s.VIPAddress != is.VIPAddress, "VIPAddress", "can't be changed; it is "+is.VIPAddress)
	p.refuse(s.Type != "" && s.Type != is.Type, "Type", "can't be changed; it is "+string(is.Type))
	var d differing
	request := LoadBalancerUpdateRequest{
		Description:  differ(&d, "Description", set(s.Description), is.Description),
		AdminStateUp: differ(&d, "AdminStateUp", s.AdminStateUp, is.AdminStateUp),
	}
	p.update(KindLoadBalancer, s.Name, is.ID, true, d, func(ctx context.Context, r *run) error {
		_, err := r.LoadBalancers.Update(ctx, is.ID, request)
		return err
	})
}

// the returns the one that fits, nil where none does, and refuses several.
func the[T any](p *planner, field, problem string, list []*T, fits func(*T) bool) *T {
	var found *T
	n := 0
	for _, item := range list {
		if fits(item) {
			found = item
			n++
		}
	}
	p.refuse(n > 1, field, fmt.Sprintf("is that of %d %s", n, problem))
	return found
}

// refIDs are the ids in references.
func refIDs(refs []KeyManagerRef) []string {
	ids := make([]string, len(refs))
	for i, ref := range refs {
		ids[i] = ref.ID()
	}
	slices.Sort(ids)
	return ids
}
