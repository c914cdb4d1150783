package loadbalancer

import (
	"context"
	"slices"
)

// groups plans the groups of IP ACLs, with their targets. They come first: from
// its beginning a load balancer is to let in only whom it should.
func (p *planner) groups() {
	for i := range p.spec.IPACLGroups {
		want := &p.spec.IPACLGroups[i]
		field := inList("IPACLGroups", i)
		is := the(p, field+".Name", "groups", p.now.groups, func(is *IPACLGroup) bool { return is.Name == want.Name })
		if is == nil {
			p.create(KindIPACLGroup, want.Name, false, func(ctx context.Context, r *run) (string, error) {
				return r.createGroup(ctx, want)
			})
			continue
		}
		p.is(KindIPACLGroup, want.Name, is.ID)
		p.refuse(want.Action != is.Action, field+".Action", "can't be changed from "+string(is.Action)+"; give the group another Name")
		var d differing
		request := IPACLGroupUpdateRequest{Description: differ(&d, "Description", set(want.Description), is.Description)}
		p.update(KindIPACLGroup, want.Name, is.ID, false, d, func(ctx context.Context, r *run) error {
			_, err := r.IPACLGroups.Update(ctx, is.ID, request)
			return err
		})
		p.targets(want, is)
	}
}

// createGroup creates a group with its targets, and looks what ids those have.
func (r *run) createGroup(ctx context.Context, want *IPACLGroupCreateRequest) (string, error) {
	created, err := r.IPACLGroups.Create(ctx, *want)
	if err != nil {
		return "", err
	}
	if len(want.Targets) == 0 {
		return created.ID, nil
	}
	for is, err := range r.IPACLTargets.All(ctx, &IPACLTargetListOptions{IPACLGroupID: created.ID}) {
		if err != nil {
			return "", err
		}
		if is.IPACLGroupID == created.ID {
			r.ids[key{KindIPACLTarget, targetName(want.Name, is.CIDRAddress)}] = is.ID
		}
	}
	return created.ID, nil
}

func targetName(group, address string) string { return group + "/" + canonicalCIDR(address) }

// bound reports whether the load balancer goes by a group, so that a change of
// the group is one of the load balancer too.
func (p *planner) bound(groupID string) bool {
	return p.now.balancer != nil && slices.Contains(p.now.balancer.IPACLGroups, IPACLGroupRef{groupID})
}

func (p *planner) targets(group *IPACLGroupCreateRequest, in *IPACLGroup) {
	for _, want := range group.Targets {
		name := targetName(group.Name, want.CIDRAddress)
		i := slices.IndexFunc(p.now.targets[in.ID], func(is *IPACLTarget) bool { return targetName(group.Name, is.CIDRAddress) == name })
		if i < 0 {
			p.create(KindIPACLTarget, name, p.bound(in.ID), func(ctx context.Context, r *run) (string, error) {
				created, err := r.IPACLTargets.Create(ctx, IPACLTargetCreateRequest{IPACLGroupID: in.ID, CIDRAddress: want.CIDRAddress, Description: want.Description})
				if err != nil {
					return "", err
				}
				return created.ID, nil
			})
			continue
		}
		is := p.now.targets[in.ID][i]
		p.is(KindIPACLTarget, name, is.ID)
		var d differing
		request := IPACLTargetUpdateRequest{Description: differ(&d, "Description", set(want.Description), is.Description)}
		p.update(KindIPACLTarget, name, is.ID, p.bound(in.ID), d, func(ctx context.Context, r *run) error {
			_, err := r.IPACLTargets.Update(ctx, is.ID, request)
			return err
		})
	}
}

// removeTargets removes what is in the groups and not in the spec.
func (p *planner) removeTargets() {
	for i := range p.spec.IPACLGroups {
		want := &p.spec.IPACLGroups[i]
		id := p.ids[key{KindIPACLGroup, want.Name}]
		for _, is := range p.now.targets[id] {
			name := targetName(want.Name, is.CIDRAddress)
			if !slices.ContainsFunc(want.Targets, func(t IPACLGroupTarget) bool { return targetName(want.Name, t.CIDRAddress) == name }) {
				p.remove(KindIPACLTarget, name, is.ID, p.bound(id), func(ctx context.Context, r *run) error { return r.IPACLTargets.Delete(ctx, is.ID) })
			}
		}
	}
}

// bind plans by which groups the load balancer goes: by those of the spec, and
// without pruning by those that it goes by.
func (p *planner) bind() {
	var now []string
	if p.now.balancer != nil {
		for _, group := range p.now.balancer.IPACLGroups {
			if !slices.Contains(now, group.ID) { // the guide shows the list twice
				now = append(now, group.ID)
			}
		}
		action := p.now.balancer.IPACLGroupAction
		p.refuse(!p.prune && len(p.spec.IPACLGroups) > 0 && len(now) > 0 && action != "" && action != p.spec.IPACLGroups[0].Action,
			"IPACLGroups[0].Action", "must be that of the groups which the load balancer goes by, "+string(action)+"; with Prune it goes by them no more")
	}
	var names []string
	var staying []string // of those that are there
	same := true
	for _, want := range p.spec.IPACLGroups {
		names = append(names, want.Name)
		id := p.ids[key{KindIPACLGroup, want.Name}]
		same = same && id != "" && slices.Contains(now, id)
		staying = append(staying, id)
	}
	var others []string
	for _, id := range now {
		if !slices.Contains(staying, id) {
			others = append(others, id)
		}
	}
	if p.prune {
		same, others = same && len(others) == 0, nil
	}
	if same {
		return
	}
	p.update(KindIPACLBinding, p.spec.Name, "", true, differing{"IPACLGroups"}, func(ctx context.Context, r *run) error {
		ids := slices.Clone(others)
		for _, name := range names {
			ids = append(ids, r.id(KindIPACLGroup, name))
		}
		_, err := r.IPACLGroups.Bind(ctx, r.balancer(), ids...)
		return err
	})
}
