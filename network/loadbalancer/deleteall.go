package loadbalancer

import (
	"context"
	"errors"
	"slices"

	"github.com/nhncloud-go/nhncloud"
)

// DeleteAll takes down the load balancer of a spec with all that belongs to it,
// also with what the spec does not have: L7 policies with their rules, listeners,
// pools with their members and health monitors, the load balancer, and then the
// certificates of the spec and those that the listeners have under names which
// [Client.Apply] gives, but for those that a listener of another load balancer
// uses. With IPACLGroups of the options the groups of the spec go too.
//
// Of the spec it needs the Name, the names of the certificates, and those of the
// groups. What is gone already does not matter, so that it can be called again
// where it failed; and where it fails, which is an *[ApplyError] when a change
// does, the result has what was done by then.
func (l *Client) DeleteAll(ctx context.Context, spec Spec, options *ApplyOptions) (*Result, error) {
	r := l.newRun(options)
	r.name = spec.Name
	var check nhncloud.ArgumentCheck
	check.Required("Name", spec.Name)
	if err := check.Err(""); err != nil {
		return r.result(), err
	}
	balancer, err := l.readBalancer(ctx, spec.Name, r.options.Wait, true)
	if err != nil {
		return r.result(), err
	}
	p := planner{spec: &Spec{}, ids: r.ids}
	if p.now, err = l.readTree(ctx, balancer, false); err != nil {
		return r.result(), err
	}
	if len(spec.certificateNames(p.now)) > 0 || p.now.terminates() {
		keys, err := l.readKeyManager(ctx)
		if err != nil {
			return r.result(), err
		}
		p.now.keyManager = *keys
	}
	if balancer != nil {
		r.ids[key{KindLoadBalancer, spec.Name}] = balancer.ID
		r.broken = balancer.ProvisioningStatus != ProvisioningActive
		p.removeBalancer(spec.Name)
	}
	p.removeCertificates(spec.certificateNames(p.now), nil) // after the listeners
	if err := r.execute(ctx, p.steps); err != nil {
		return r.result(), err
	}
	err = l.deleteGroups(ctx, r, &spec)
	delete(r.ids, key{KindLoadBalancer, spec.Name})
	return r.result(), err
}

// removeBalancer removes all of a load balancer, what stands on something before
// that.
func (p *planner) removeBalancer(name string) {
	for _, listener := range p.now.listeners {
		p.removeListener(listener)
	}
	for _, pool := range p.now.pools {
		p.removePool(pool)
	}
	id := p.now.balancer.ID
	p.remove(KindLoadBalancer, name, id, true, func(ctx context.Context, r *run) error { return r.deleteBalancer(ctx, id) })
}

// deleteBalancer deletes a load balancer and waits until it is gone. Where the
// answer to a first request gets lost, a second one is refused, because it is
// being deleted.
func (r *run) deleteBalancer(ctx context.Context, id string) error {
	err := r.LoadBalancers.Delete(ctx, id)
	if errors.Is(err, nhncloud.ErrConflict) {
		if is, lookErr := r.LoadBalancers.Get(ctx, id); errors.Is(lookErr, nhncloud.ErrNotFound) || lookErr == nil && is.ProvisioningStatus == ProvisioningPendingDelete {
			err = nil
		}
	}
	if err != nil {
		return err
	}
	return r.LoadBalancers.WaitForDeletion(ctx, id, r.options.Wait)
}

// deleteGroups deletes the groups of the spec that no load balancer goes by.
func (l *Client) deleteGroups(ctx context.Context, r *run, spec *Spec) error {
	if !r.options.IPACLGroups {
		return nil
	}
	var names []string
	for i := range spec.IPACLGroups {
		names = append(names, spec.IPACLGroups[i].Name)
	}
	t := new(tree)
	if err := l.readGroups(ctx, t, names, false); err != nil {
		return err
	}
	own := IPACLLoadBalancerRef{r.balancer()}
	p := planner{ids: r.ids}
	for _, group := range t.groups {
		if slices.ContainsFunc(group.LoadBalancers, func(ref IPACLLoadBalancerRef) bool { return ref != own }) {
			continue
		}
		p.remove(KindIPACLGroup, group.Name, group.ID, false, func(ctx context.Context, r *run) error { return r.IPACLGroups.Delete(ctx, group.ID) })
	}
	return r.execute(ctx, p.steps)
}
