package loadbalancer

import (
	"context"
	"slices"
)

// pools plans the pools, with their members and health monitors.
func (p *planner) pools() {
	pools, fields := p.spec.pools()
	for i, pool := range pools {
		is := the(p, fields[i]+".Name", "pools", p.now.pools, func(is *Pool) bool { return is.Name == pool.Name })
		if is == nil {
			p.create(KindPool, pool.Name, true, func(ctx context.Context, r *run) (string, error) {
				created, err := r.Pools.Create(ctx, pool.request(r.balancer()))
				if err != nil {
					return "", err
				}
				return created.ID, nil
			})
			is = new(Pool)
		} else {
			p.pool(fields[i], pool, is)
		}
		p.monitor(pool, is)
		p.members(pool, is)
	}
}

func (p *planner) pool(field string, pool *PoolSpec, is *Pool) {
	p.is(KindPool, pool.Name, is.ID)
	p.refuse(pool.Protocol != is.Protocol, field+".Protocol", "can't be changed from "+string(is.Protocol)+"; give the pool another Name")
	var d differing
	request := PoolUpdateRequest{
		Description:  differ(&d, "Description", set(pool.Description), is.Description),
		LBAlgorithm:  differ(&d, "LBAlgorithm", &pool.LBAlgorithm, is.LBAlgorithm),
		AdminStateUp: differ(&d, "AdminStateUp", pool.AdminStateUp, is.AdminStateUp),
		MemberPort:   differ(&d, "MemberPort", set(pool.MemberPort), is.MemberPort),
	}
	if persistence := pool.SessionPersistence; persistence != nil {
		var now SessionPersistence
		if is.SessionPersistence != nil {
			now = *is.SessionPersistence
		}
		request.SessionPersistence = differ(&d, "SessionPersistence", persistence, now)
	}
	p.update(KindPool, pool.Name, is.ID, true, d, func(ctx context.Context, r *run) error {
		_, err := r.Pools.Update(ctx, is.ID, request)
		return err
	})
}

// monitor plans the health monitor of a pool, which is empty where it is created.
func (p *planner) monitor(pool *PoolSpec, in *Pool) {
	is, want := p.now.monitors[in.ID], pool.HealthMonitor
	if is != nil && (want == nil && p.prune || want != nil && want.Type != is.Type) {
		id := is.ID
		p.remove(KindHealthMonitor, pool.Name, id, true, func(ctx context.Context, r *run) error { return r.HealthMonitors.Delete(ctx, id) })
		is = nil
	}
	switch {
	case want == nil:
	case is == nil:
		p.create(KindHealthMonitor, pool.Name, true, func(ctx context.Context, r *run) (string, error) {
			created, err := r.HealthMonitors.Create(ctx, want.request(r.id(KindPool, pool.Name)))
			if err != nil {
				return "", err
			}
			return created.ID, nil
		})
	default:
		p.is(KindHealthMonitor, pool.Name, is.ID)
		var d differing
		request := HealthMonitorUpdateRequest{
			Delay:           differ(&d, "Delay", &want.Delay, is.Delay),
			Timeout:         differ(&d, "Timeout", &want.Timeout, is.Timeout),
			MaxRetries:      differ(&d, "MaxRetries", &want.MaxRetries, is.MaxRetries),
			AdminStateUp:    differ(&d, "AdminStateUp", want.AdminStateUp, is.AdminStateUp),
			HealthCheckPort: differ(&d, "HealthCheckPort", want.HealthCheckPort, is.HealthCheckPort),
			HTTPMethod:      differ(&d, "HTTPMethod", set(want.HTTPMethod), is.HTTPMethod),
			URLPath:         differ(&d, "URLPath", set(want.URLPath), is.URLPath),
			ExpectedCodes:   differ(&d, "ExpectedCodes", set(want.ExpectedCodes), is.ExpectedCodes),
			HostHeader:      differ(&d, "HostHeader", set(want.HostHeader), is.HostHeader),
		}
		p.update(KindHealthMonitor, pool.Name, is.ID, true, d, func(ctx context.Context, r *run) error {
			_, err := r.HealthMonitors.Update(ctx, is.ID, request)
			return err
		})
	}
}

// members plans the members of a pool: first those that come, then those that go.
func (p *planner) members(pool *PoolSpec, in *Pool) {
	wanted := map[string]bool{}
	for _, want := range pool.Members {
		short := memberName(want.Address, want.ProtocolPort)
		name := pool.Name + "/" + short
		wanted[short] = true
		i := slices.IndexFunc(p.now.members[in.ID], func(is *Member) bool { return memberName(is.Address, is.ProtocolPort) == short })
		if i < 0 {
			p.create(KindMember, name, true, func(ctx context.Context, r *run) (string, error) {
				created, err := r.Members.Create(ctx, r.id(KindPool, pool.Name), want)
				if err != nil {
					return "", err
				}
				return created.ID, nil
			})
			continue
		}
		is := p.now.members[in.ID][i]
		p.is(KindMember, name, is.ID)
		var d differing
		request := MemberUpdateRequest{
			Weight:       differ(&d, "Weight", want.Weight, is.Weight),
			AdminStateUp: differ(&d, "AdminStateUp", want.AdminStateUp, is.AdminStateUp),
		}
		p.update(KindMember, name, is.ID, true, d, func(ctx context.Context, r *run) error {
			_, err := r.Members.Update(ctx, in.ID, is.ID, request)
			return err
		})
	}
	if !p.prune {
		return
	}
	for _, is := range p.now.members[in.ID] {
		if short := memberName(is.Address, is.ProtocolPort); !wanted[short] {
			p.remove(KindMember, pool.Name+"/"+short, is.ID, true, func(ctx context.Context, r *run) error { return r.Members.Delete(ctx, in.ID, is.ID) })
		}
	}
}

// removePools removes the pools that the spec does not have, with what belongs to
// them.
func (p *planner) removePools() {
	wanted := map[string]bool{}
	pools, _ := p.spec.pools()
	for _, pool := range pools {
		wanted[pool.Name] = true
	}
	for _, is := range p.now.pools {
		if !wanted[is.Name] {
			p.removePool(is)
		}
	}
}

// removePool removes a pool with its members and its health monitor, which go
// with it.
func (p *planner) removePool(is *Pool) {
	p.remove(KindPool, nameOr(is.Name, is.ID), is.ID, true, func(ctx context.Context, r *run) error { return r.Pools.Delete(ctx, is.ID) })
}

// nameOr is the name of something, or its id where it has none.
func nameOr(name, id string) string {
	if name == "" {
		return id
	}
	return name
}
