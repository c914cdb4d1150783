package loadbalancer

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/nhncloud-go/nhncloud"
)

// ApplyOptions changes how [Client.Apply], [Client.Plan] and [Client.DeleteAll]
// work. A nil pointer and zero fields stand for the defaults.
type ApplyOptions struct {
	// Prune has Apply remove what the spec does not have: listeners, pools, members,
	// health monitors, L7 policies and rules of the load balancer, targets of the
	// groups that the spec names, the binding of other groups, and certificates of
	// the names in the spec that nothing uses any more, as after a renewal. Without
	// it, nothing is removed but what has to be replaced.
	Prune bool
	// IPACLGroups has DeleteAll delete the groups of the spec too, but for those
	// that another load balancer goes by.
	IPACLGroups bool
	// Wait is for the waits between the changes.
	Wait *nhncloud.WaitOptions
	// Progress is called after each change, from the goroutine that makes them.
	Progress func(Change)
}

// Result is what [Client.Apply] has done.
type Result struct {
	// LoadBalancer is the load balancer at the end; nil where it did not come that
	// far.
	LoadBalancer *LoadBalancer
	// Resources are all that the spec names, as far as they are there, in the order
	// of their kinds and names.
	Resources []Resource
	// Changes are those that were made, in their order.
	Changes []Change
}

// ID returns the id of what the spec names, or "" where there is none.
func (r *Result) ID(kind Kind, name string) string {
	for _, resource := range r.Resources {
		if resource.Kind == kind && resource.Name == name {
			return resource.ID
		}
	}
	return ""
}

// ApplyError is the error of [Client.Apply] and [Client.DeleteAll] when a change
// fails.
type ApplyError struct {
	// Step is the change that failed. Where no answer came, or one that tells
	// nothing, it may have been made all the same.
	Step Change
	// Changes are those that were made before, in their order.
	Changes []Change
	Err     error // why it failed
}

// Error tells which change failed and why.
func (e *ApplyError) Error() string {
	return fmt.Sprintf("%v, after %d changes: %v", e.Step, len(e.Changes), e.Err)
}

// Unwrap returns why it failed.
func (e *ApplyError) Unwrap() error { return e.Err }

// Apply makes a load balancer, with all that belongs to it, what a spec says: it
// creates what is missing, changes what differs, and with Prune removes the rest.
// Where nothing differs, nothing is sent that changes anything.
//
// Before anything is sent, the spec is checked, certificates and their keys
// included; what is refused is an [nhncloud.ErrInvalidArgument] with the field,
// such as "Listeners[0].Pool.Members[1].Weight". Before anything is changed, what
// is there is read, and what can't become what is wanted, such as another subnet,
// is an [nhncloud.ErrConflict] with the field.
//
// The changes are made one after the other, each as [LoadBalancersService.WhenReady]
// makes one, and at the end the load balancer takes the next one. Groups of IP
// ACLs and certificates come first, then the load balancer, pools with members
// and health monitors, listeners, and L7 policies with rules.
//
// The first change that fails ends it with an *[ApplyError]; the result then has
// what is there by then. Nothing is taken back, and no change that may have been
// made is made again. The next Apply finds by its name what was made, and goes on
// from there. Two that run at a time for the same load balancer may make
// something twice.
func (l *Client) Apply(ctx context.Context, spec Spec, options *ApplyOptions) (*Result, error) {
	r, steps, err := l.prepare(ctx, &spec, options)
	if err != nil {
		return r.result(), err
	}
	if err := r.execute(ctx, steps); err != nil {
		return r.result(), err
	}
	balancer, err := l.LoadBalancers.WaitForReady(ctx, r.balancer(), r.options.Wait)
	result := r.result()
	result.LoadBalancer = balancer
	return result, err
}

// Plan returns the changes that [Client.Apply] would make, and makes none. Like
// that, it first waits until the load balancer takes a change. The ids of what
// would be created are empty.
func (l *Client) Plan(ctx context.Context, spec Spec, options *ApplyOptions) ([]Change, error) {
	_, steps, err := l.prepare(ctx, &spec, options)
	changes := make([]Change, len(steps))
	for i := range steps {
		changes[i] = steps[i].Change
	}
	return changes, err
}

// prepare checks the spec, reads what there is, and plans. It always returns a
// run.
func (l *Client) prepare(ctx context.Context, spec *Spec, options *ApplyOptions) (*run, []step, error) {
	r := l.newRun(options)
	r.name = spec.Name
	var check nhncloud.ArgumentCheck
	certificates := spec.check(&check)
	if err := check.Err(""); err != nil {
		return r, nil, err
	}
	balancer, err := l.readBalancer(ctx, spec.Name, r.options.Wait, false)
	if err != nil {
		return r, nil, err
	}
	now, err := l.readTree(ctx, balancer, true)
	if err != nil {
		return r, nil, err
	}
	var names []string
	for i := range spec.IPACLGroups {
		names = append(names, spec.IPACLGroups[i].Name)
	}
	if err := l.readGroups(ctx, now, names, true); err != nil {
		return r, nil, err
	}
	if err := l.readCertificates(ctx, now, certificates, r.options.Prune); err != nil {
		return r, nil, err
	}
	p := planner{spec: spec, certificates: certificates, prune: r.options.Prune, now: now, ids: r.ids}
	steps, err := p.plan()
	return r, steps, err
}

// readCertificates reads the key manager as far as it is needed: the containers
// for certificates, and the secrets for those that have none yet, or to find what
// nothing uses any more.
func (l *Client) readCertificates(ctx context.Context, now *tree, certificates map[int]storedCertificate, prune bool) error {
	if len(certificates) == 0 && !(prune && now.terminates()) {
		return nil
	}
	var err error
	if now.containers, err = l.readContainers(ctx); err != nil {
		return err
	}
	missing := slices.ContainsFunc(slices.Collect(maps.Values(certificates)), func(c storedCertificate) bool { return now.container(c) == nil })
	if missing || prune {
		now.secrets, err = l.readSecrets(ctx)
	}
	return err
}

// run is what the steps share while they are made.
type run struct {
	*Client
	options ApplyOptions
	name    string // of the load balancer
	ids     map[key]string
	changes []Change
	broken  bool // the load balancer takes no changes any more; it can be deleted
}

func (l *Client) newRun(options *ApplyOptions) *run {
	r := &run{Client: l, ids: map[key]string{}}
	if options != nil {
		r.options = *options
	}
	return r
}

// id returns that of what the spec names, which is there by then.
func (r *run) id(kind Kind, name string) string { return r.ids[key{kind, name}] }

func (r *run) balancer() string { return r.id(KindLoadBalancer, r.name) }

// poolID returns the id of a pool, and "" for none.
func (r *run) poolID(name string) string {
	if name == "" {
		return ""
	}
	return r.id(KindPool, name)
}

func (r *run) result() *Result {
	result := &Result{Changes: r.changes}
	for k, id := range r.ids {
		result.Resources = append(result.Resources, Resource{k.kind, k.name, id})
	}
	slices.SortFunc(result.Resources, func(a, b Resource) int {
		return strings.Compare(string(a.Kind)+"\x00"+a.Name, string(b.Kind)+"\x00"+b.Name)
	})
	return result
}

// execute makes the changes, one after the other.
func (r *run) execute(ctx context.Context, steps []step) error {
	for i := range steps {
		s := &steps[i]
		id, err := r.perform(ctx, s)
		if err != nil {
			return &ApplyError{Step: s.Change, Changes: r.changes, Err: err}
		}
		change := s.Change
		change.ID = id
		if s.Action == ActionCreate {
			r.ids[key{s.Kind, s.Name}] = id
		}
		r.changes = append(r.changes, change)
		if r.options.Progress != nil {
			r.options.Progress(change)
		}
	}
	return nil
}

// maxRepeats is how often a change is made again that was refused because of
// itself: its first request was taken, the answer got lost, and the second one
// came while the first was being done.
const maxRepeats = 3

// perform makes a change. What is deleted may be gone already.
func (r *run) perform(ctx context.Context, s *step) (id string, err error) {
	change := func(ctx context.Context) error {
		id, err = s.do(ctx, r)
		if s.Action == ActionDelete && errors.Is(err, nhncloud.ErrNotFound) {
			err = nil
		}
		return err
	}
	if !s.inTree || r.broken {
		err = change(ctx)
		return id, err
	}
	for n := 0; ; n++ {
		err = r.LoadBalancers.WhenReady(ctx, r.balancer(), r.options.Wait, change)
		if s.Action == ActionDelete && errors.Is(err, nhncloud.ErrNotFound) {
			return id, nil // with the load balancer
		}
		if s.Action == ActionCreate || n == maxRepeats || !refusedByItself(err) {
			return id, err
		}
	}
}

// refusedByItself reports whether a change was refused that was sent more than
// once. Other than a create, it can be made again.
func refusedByItself(err error) bool {
	var e *nhncloud.Error
	return errors.As(err, &e) && e.StatusCode == http.StatusConflict && e.Attempts > 1
}
