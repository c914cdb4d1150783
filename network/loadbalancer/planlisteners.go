package loadbalancer

import (
	"context"
	"slices"
)

// listeners plans the listeners. One of another protocol goes before that of the
// spec comes, because they have the same port.
func (p *planner) listeners() {
	for i := range p.spec.Listeners {
		want := &p.spec.Listeners[i]
		field, name := inList("Listeners", i), listenerName(want.ProtocolPort)
		is := p.listenerAt(want.ProtocolPort)
		if is != nil && is.Protocol != want.Protocol {
			p.refuse(!p.prune, field+".Protocol", "can't be changed from "+string(is.Protocol)+"; with Prune the listener is replaced")
			p.removeListener(is)
			is = nil
		}
		if is == nil {
			p.create(KindListener, name, true, func(ctx context.Context, r *run) (string, error) {
				created, err := r.Listeners.Create(ctx, want.request(r.balancer(), r.poolID(want.pool()), p.containerRef(r, want)))
				if err != nil {
					return "", err
				}
				return created.ID, nil
			})
			continue
		}
		p.is(KindListener, name, is.ID)
		p.listener(name, want, is)
	}
}

func (p *planner) listenerAt(port int) *Listener {
	for _, is := range p.now.listeners {
		if is.ProtocolPort == port {
			return is
		}
	}
	return nil
}

func (p *planner) listener(name string, want *ListenerSpec, is *Listener) {
	var d differing
	request := ListenerUpdateRequest{
		Name:                  differ(&d, "Name", set(want.Name), is.Name),
		Description:           differ(&d, "Description", set(want.Description), is.Description),
		AdminStateUp:          differ(&d, "AdminStateUp", want.AdminStateUp, is.AdminStateUp),
		ConnectionLimit:       differ(&d, "ConnectionLimit", want.ConnectionLimit, is.ConnectionLimit),
		KeepaliveTimeout:      differ(&d, "KeepaliveTimeout", want.KeepaliveTimeout, is.KeepaliveTimeout),
		ProxyProtocol:         differ(&d, "ProxyProtocol", want.ProxyProtocol, is.ProxyProtocol),
		EnableXForwardedProto: differUnknown(&d, "EnableXForwardedProto", want.EnableXForwardedProto, is.EnableXForwardedProto),
		EnableXForwardedPort:  differUnknown(&d, "EnableXForwardedPort", want.EnableXForwardedPort, is.EnableXForwardedPort),
		EnableXForwardedFor:   differUnknown(&d, "EnableXForwardedFor", want.EnableXForwardedFor, is.EnableXForwardedFor),
		TLSVersion:            differUnknown(&d, "TLSVersion", set(want.TLSVersion), set(is.TLSVersion)),
	}
	if want.SNIContainerRefs != nil && !slices.Equal(refIDs(want.SNIContainerRefs), refIDs(is.SNIContainerRefs)) {
		request.SNIContainerRefs = want.SNIContainerRefs
		d = append(d, "SNIContainerRefs")
	}
	pool := want.pool()
	otherPool := pool != "" && (p.ids[key{KindPool, pool}] == "" || p.ids[key{KindPool, pool}] != is.DefaultPoolID)
	noPool := pool == "" && is.DefaultPoolID != "" && p.prune
	if otherPool || noPool {
		d = append(d, "DefaultPoolID")
	}
	certificate, stored := p.wantedContainer(want)
	otherCertificate := stored && certificate == "" || certificate != "" && certificate.ID() != is.DefaultTLSContainerRef.ID()
	if otherCertificate {
		d = append(d, "DefaultTLSContainerRef")
	}
	p.update(KindListener, name, is.ID, true, d, func(ctx context.Context, r *run) error {
		if otherPool || noPool {
			id := r.poolID(pool)
			request.DefaultPoolID = &id
		}
		if otherCertificate {
			ref := p.containerRef(r, want)
			request.DefaultTLSContainerRef = &ref
		}
		_, err := r.Listeners.Update(ctx, is.ID, request)
		return err
	})
}

// wantedContainer returns the container that a listener is to have, "" for one
// that is made first, and whether its certificate is stored by the spec.
func (p *planner) wantedContainer(want *ListenerSpec) (ref KeyManagerRef, stored bool) {
	certificate, stored := p.certificates[want.ProtocolPort]
	if !stored {
		return want.DefaultTLSContainerRef, false
	}
	return KeyManagerRef(p.ids[key{KindCertificate, certificate.name}]), true
}

// containerRef returns the container of a listener when it is there.
func (p *planner) containerRef(r *run, want *ListenerSpec) KeyManagerRef {
	if stored, ok := p.certificates[want.ProtocolPort]; ok {
		return KeyManagerRef(r.id(KindCertificate, stored.name))
	}
	return want.DefaultTLSContainerRef
}

// removeListeners removes the listeners that the spec does not have.
func (p *planner) removeListeners() {
	for _, is := range p.now.listeners {
		if !slices.ContainsFunc(p.spec.Listeners, func(want ListenerSpec) bool { return want.ProtocolPort == is.ProtocolPort }) {
			p.removeListener(is)
		}
	}
}

// removeListener removes a listener. Its L7 policies go first, since a listener
// that has some may be refused.
func (p *planner) removeListener(is *Listener) {
	for _, policy := range p.now.policies[is.ID] {
		p.removePolicy(is.ProtocolPort, policy)
	}
	p.remove(KindListener, listenerName(is.ProtocolPort), is.ID, true, func(ctx context.Context, r *run) error { return r.Listeners.Delete(ctx, is.ID) })
}
