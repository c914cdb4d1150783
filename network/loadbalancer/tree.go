package loadbalancer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"net"
	"slices"
	"strconv"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/netcheck"
)

// tree is what there is of a load balancer.
type tree struct {
	balancer  *LoadBalancer // nil for none
	listeners []*Listener
	others    []*Listener // of other load balancers
	policies  map[string][]*L7Policy
	rules     map[string][]*L7Rule
	pools     []*Pool
	members   map[string][]*Member
	monitors  map[string]*HealthMonitor
	groups    []*IPACLGroup // of the tenant
	targets   map[string][]*IPACLTarget
	keyManager
}

// keyManager is what is stored in the key manager.
type keyManager struct {
	containers []*SecretContainer
	secrets    []*Secret
}

// readBalancer returns the load balancer of a name, as soon as it takes a change,
// or nil where there is none. One that is being deleted is waited for.
func (l *Client) readBalancer(ctx context.Context, name string, wait *nhncloud.WaitOptions, deleting bool) (*LoadBalancer, error) {
	found, err := filtered(l.LoadBalancers.All(ctx, &LoadBalancerListOptions{Name: name}), func(b *LoadBalancer) bool { return b.Name == name })
	if err != nil {
		return nil, err
	}
	staying := slices.DeleteFunc(slices.Clone(found), func(b *LoadBalancer) bool { return b.ProvisioningStatus == ProvisioningPendingDelete })
	if len(staying) > 1 {
		return nil, conflict("Name", fmt.Sprintf("is that of %d load balancers", len(staying)))
	}
	for _, b := range found {
		if b.ProvisioningStatus == ProvisioningPendingDelete {
			if err := l.LoadBalancers.WaitForDeletion(ctx, b.ID, wait); err != nil {
				return nil, err
			}
		}
	}
	if len(staying) == 0 {
		return nil, nil
	}
	b, err := l.LoadBalancers.WaitForReady(ctx, staying[0].ID, wait)
	if deleting && errors.Is(err, nhncloud.ErrFailedState) {
		return b, nil // it can be deleted all the same
	}
	return b, err
}

// filtered collects what fits. A service may not know a filter.
func filtered[T any](all iter.Seq2[*T, error], fits func(*T) bool) ([]*T, error) {
	list, err := nhncloud.Collect(all)
	return slices.DeleteFunc(list, func(item *T) bool { return !fits(item) }), err
}

// readTree reads what belongs to a load balancer: with details the L7 policies,
// members and health monitors too.
func (l *Client) readTree(ctx context.Context, balancer *LoadBalancer, details bool) (*tree, error) {
	t := &tree{
		balancer: balancer, policies: map[string][]*L7Policy{}, rules: map[string][]*L7Rule{}, members: map[string][]*Member{},
		monitors: map[string]*HealthMonitor{}, targets: map[string][]*IPACLTarget{},
	}
	for listener, err := range l.Listeners.All(ctx, nil) {
		if err != nil {
			return nil, err
		}
		if balancer != nil && belongs(balancer, listener.ID, listener.LoadBalancers, balancer.Listeners) {
			t.listeners = append(t.listeners, listener)
		} else {
			t.others = append(t.others, listener)
		}
	}
	if balancer == nil {
		return t, nil
	}
	var err error
	t.pools, err = filtered(l.Pools.All(ctx, nil), func(p *Pool) bool { return belongs(balancer, p.ID, p.LoadBalancers, balancer.Pools) })
	if err != nil {
		return nil, err
	}
	for _, listener := range t.listeners {
		if err := l.readPolicies(ctx, t, listener.ID, details); err != nil {
			return nil, err
		}
	}
	if !details {
		return t, nil
	}
	for _, pool := range t.pools {
		if t.members[pool.ID], err = nhncloud.Collect(l.Members.All(ctx, pool.ID, nil)); err != nil {
			return nil, err
		}
		if pool.HealthMonitorID == "" {
			continue
		}
		monitor, err := l.HealthMonitors.Get(ctx, pool.HealthMonitorID)
		if errors.Is(err, nhncloud.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		t.monitors[pool.ID] = monitor
	}
	return t, nil
}

// terminates reports whether a listener of the load balancer has a certificate.
func (t *tree) terminates() bool {
	return slices.ContainsFunc(t.listeners, func(is *Listener) bool { return is.Protocol == ProtocolTerminatedHTTPS })
}

// belongs reports whether something is part of a load balancer, which one of the
// two tells.
func belongs(balancer *LoadBalancer, id string, itsBalancers, parts []Ref) bool {
	return slices.Contains(itsBalancers, Ref{balancer.ID}) || slices.Contains(parts, Ref{id})
}

func (l *Client) readPolicies(ctx context.Context, t *tree, listenerID string, details bool) error {
	policies, err := filtered(l.L7Policies.All(ctx, &L7PolicyListOptions{ListenerID: listenerID}), func(p *L7Policy) bool { return p.ListenerID == listenerID })
	if err != nil {
		return err
	}
	slices.SortStableFunc(policies, func(a, b *L7Policy) int { return cmp.Compare(a.Position, b.Position) })
	t.policies[listenerID] = policies
	if !details {
		return nil
	}
	for _, policy := range policies {
		if t.rules[policy.ID], err = nhncloud.Collect(l.L7Rules.All(ctx, policy.ID, nil)); err != nil {
			return err
		}
	}
	return nil
}

// readGroups reads the groups of the names, with their targets.
func (l *Client) readGroups(ctx context.Context, t *tree, names []string, targets bool) error {
	if len(names) == 0 {
		return nil
	}
	var err error
	t.groups, err = filtered(l.IPACLGroups.All(ctx, nil), func(g *IPACLGroup) bool { return slices.Contains(names, g.Name) })
	if err != nil || !targets {
		return err
	}
	for _, group := range t.groups {
		options := &IPACLTargetListOptions{IPACLGroupID: group.ID}
		t.targets[group.ID], err = filtered(l.IPACLTargets.All(ctx, options), func(target *IPACLTarget) bool { return target.IPACLGroupID == group.ID })
		if err != nil {
			return err
		}
	}
	return nil
}

// keyManagerPage is how many secrets or containers are asked for at a time. Where
// the service gives fewer, there are more pages.
const keyManagerPage = 100

func (l *Client) readKeyManager(ctx context.Context) (*keyManager, error) {
	containers, err := l.readContainers(ctx)
	if err != nil {
		return nil, err
	}
	secrets, err := l.readSecrets(ctx)
	return &keyManager{containers, secrets}, err
}

func (l *Client) readContainers(ctx context.Context) ([]*SecretContainer, error) {
	return nhncloud.Collect(l.SecretContainers.All(ctx, &SecretContainerListOptions{Limit: keyManagerPage}))
}

func (l *Client) readSecrets(ctx context.Context) ([]*Secret, error) {
	return nhncloud.Collect(l.Secrets.All(ctx, &SecretListOptions{Limit: keyManagerPage}))
}

// container returns the container that a certificate is stored in, or nil.
func (k *keyManager) container(stored storedCertificate) *SecretContainer {
	for _, c := range k.containers {
		if stored.holds(c) {
			return c
		}
	}
	return nil
}

// listenerName, memberName and the like are the names of resources in results.
func listenerName(port int) string { return strconv.Itoa(port) }

func memberName(address string, port int) string {
	var check nhncloud.ArgumentCheck
	if ip := netcheck.Address(&check, "", address); ip.IsValid() {
		address = ip.String()
	}
	return net.JoinHostPort(address, strconv.Itoa(port))
}

func policyName(port int, policy string) string { return listenerName(port) + "/" + policy }

// conflict is the error for what is there and does not go with a spec.
func conflict(field, problem string) error {
	return nhncloud.NewArgumentError("", field, problem).WithKind(nhncloud.ErrConflict)
}
