package loadbalancer_test

import (
	"encoding/json"
	"fmt"
	"iter"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/network/loadbalancer"
)

// inventory is all that there is of load balancers, with names in the place of ids,
// so that two that were made the same way are alike.
type inventory struct {
	t      testing.TB
	lines  []string
	labels []string // id and label in turn
}

// add adds a resource with its label, which is unique where nothing is there
// twice.
func (s *inventory) add(id, label string, resource any) {
	text, err := json.Marshal(resource)
	require.NoError(s.t, err)
	s.lines = append(s.lines, label+" "+string(text))
	s.labels = append(s.labels, id, "<"+label+">")
}

// collected is all of a listing.
func collected[T any](t testing.TB, all iter.Seq2[*T, error]) []*T {
	t.Helper()
	var list []*T
	for item, err := range all {
		require.NoError(t, err)
		list = append(list, item)
	}
	return list
}

// host is that of a URL, which each cloud has another of.
var host = regexp.MustCompile("https?://[^/]+")

// inventoryOf lists it all.
func inventoryOf(t testing.TB, l *loadbalancer.Client) []string {
	t.Helper()
	ctx := t.Context()
	s := &inventory{t: t}
	for _, b := range collected(t, l.LoadBalancers.All(ctx, nil)) {
		if b.VIPPortID != "" {
			s.labels = append(s.labels, b.VIPPortID, "<port>")
		}
		s.add(b.ID, "load balancer "+b.Name, b)
	}
	listeners := collected(t, l.Listeners.All(ctx, nil))
	slices.SortFunc(listeners, func(a, b *loadbalancer.Listener) int { return a.ProtocolPort - b.ProtocolPort })
	for _, listener := range listeners {
		s.add(listener.ID, fmt.Sprintf("listener %d", listener.ProtocolPort), listener)
	}
	for _, pool := range collected(t, l.Pools.All(ctx, nil)) {
		slices.SortFunc(pool.Listeners, func(a, b loadbalancer.Ref) int { return slices.Index(s.labels, a.ID) - slices.Index(s.labels, b.ID) })
		s.add(pool.ID, "pool "+pool.Name, pool)
		for _, member := range collected(t, l.Members.All(ctx, pool.ID, nil)) {
			s.add(member.ID, fmt.Sprintf("member %s %s:%d", pool.Name, member.Address, member.ProtocolPort), member)
		}
	}
	for _, monitor := range collected(t, l.HealthMonitors.All(ctx, nil)) {
		s.add(monitor.ID, "monitor "+string(monitor.Type), monitor)
	}
	for _, policy := range collected(t, l.L7Policies.All(ctx, nil)) {
		s.add(policy.ID, "policy "+policy.Name, policy)
		for _, rule := range collected(t, l.L7Rules.All(ctx, policy.ID, nil)) {
			s.add(rule.ID, "rule "+policy.Name+" "+rule.Value, rule)
		}
	}
	for _, group := range collected(t, l.IPACLGroups.All(ctx, nil)) {
		s.add(group.ID, "group "+group.Name, group)
	}
	for _, target := range collected(t, l.IPACLTargets.All(ctx, nil)) {
		s.add(target.ID, "target "+target.CIDRAddress, target)
	}
	for _, container := range collected(t, l.SecretContainers.All(ctx, nil)) {
		container.Created, container.Updated = time.Time{}, time.Time{}
		slices.SortFunc(container.Secrets, func(a, b loadbalancer.ContainerSecret) int { return strings.Compare(string(a.Name), string(b.Name)) })
		s.add(container.Ref.ID(), "container "+container.Name, container)
	}
	for _, secret := range collected(t, l.Secrets.All(ctx, nil)) {
		secret.Created, secret.Updated = time.Time{}, time.Time{}
		s.add(secret.Ref.ID(), "secret "+secret.Name, secret)
	}
	text := strings.NewReplacer(s.labels...).Replace(strings.Join(s.lines, "\n"))
	lines := strings.Split(host.ReplaceAllString(text, "https://host"), "\n")
	slices.Sort(lines)
	if text == "" {
		return nil
	}
	return lines
}
