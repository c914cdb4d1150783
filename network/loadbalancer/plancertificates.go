package loadbalancer

import (
	"context"
	"slices"
)

// certificate plans the secrets of a certificate and their container. What is
// there of them under their names is taken: an earlier run may have ended half
// way, and the names tell what they hold.
func (p *planner) certificate(stored storedCertificate) {
	name := stored.name
	if _, done := p.ids[key{KindCertificate, name}]; done || slices.ContainsFunc(p.steps, func(s step) bool { return s.Kind == KindCertificate && s.Name == name }) {
		return // for another listener
	}
	if is := p.now.container(stored); is != nil {
		p.is(KindCertificate, name, string(is.Ref))
		for _, secret := range is.Secrets {
			p.is(KindSecret, secretName(name, secret.Name), string(secret.Ref))
		}
		return
	}
	parts := stored.parts()
	for _, part := range parts {
		at := slices.IndexFunc(p.now.secrets, func(is *Secret) bool { return is.Name == part.request.Name })
		if at >= 0 {
			p.is(KindSecret, part.request.Name, string(p.now.secrets[at].Ref))
			continue
		}
		p.create(KindSecret, part.request.Name, false, func(ctx context.Context, r *run) (string, error) {
			ref, err := r.Secrets.Create(ctx, part.request)
			return string(ref), err
		})
	}
	p.create(KindCertificate, name, false, func(ctx context.Context, r *run) (string, error) {
		request := SecretContainerCreateRequest{Type: ContainerCertificate, Name: name}
		for _, part := range parts {
			request.Secrets = append(request.Secrets, ContainerSecret{part.is, KeyManagerRef(r.id(KindSecret, part.request.Name))})
		}
		ref, err := r.SecretContainers.Create(ctx, request)
		return string(ref), err
	})
}

// certificateNames are those of the certificates of the spec, and of those that
// the listeners of the load balancer have under names like those.
func (s *Spec) certificateNames(now *tree) []string {
	var names []string
	add := func(name string) {
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for i := range s.Listeners {
		if c := s.Listeners[i].Certificate; c != nil {
			add(c.Name)
		}
	}
	for _, container := range now.containers {
		for _, listener := range now.listeners {
			if container.Ref.ID() == listener.DefaultTLSContainerRef.ID() {
				add(certificateOf(container.Name))
			}
		}
	}
	return names
}

// keptContainers are the names of the containers that the spec wants.
func (p *planner) keptContainers() []string {
	var names []string
	for _, stored := range p.certificates {
		names = append(names, stored.name)
	}
	return names
}

// usedContainers are the ids of the containers that are used when all is done:
// by listeners of other load balancers, and by those of this one that stay.
func (p *planner) usedContainers() map[string]bool {
	used := map[string]bool{}
	use := func(refs ...KeyManagerRef) {
		for _, ref := range refs {
			used[ref.ID()] = true
		}
	}
	for _, other := range p.now.others {
		use(other.DefaultTLSContainerRef)
		use(other.SNIContainerRefs...)
	}
	for i := range p.spec.Listeners {
		want := &p.spec.Listeners[i]
		is := p.listenerAt(want.ProtocolPort)
		switch {
		case want.SNIContainerRefs != nil:
			use(want.SNIContainerRefs...)
		case is != nil && is.Protocol == want.Protocol:
			use(is.SNIContainerRefs...)
		}
		ref, stored := p.wantedContainer(want)
		if ref == "" && !stored && is != nil && is.Protocol == want.Protocol {
			ref = is.DefaultTLSContainerRef
		}
		use(ref)
	}
	return used
}

// removeCertificates removes what is stored of the certificates of the names, but
// for the containers that are kept by their names and for those that are used.
// The containers go first; what is left of the secrets after a failure is found
// by their names.
func (p *planner) removeCertificates(certificates, kept []string) {
	used := p.usedContainers()
	held := map[string]bool{} // secrets of the containers that stay
	for _, container := range p.now.containers {
		mine := slices.ContainsFunc(certificates, func(name string) bool { return ofCertificate(name, container.Name) })
		if mine && !used[container.Ref.ID()] && !p.keeps(kept, container) {
			p.remove(KindCertificate, container.Name, string(container.Ref), false, func(ctx context.Context, r *run) error {
				return r.SecretContainers.Delete(ctx, container.Ref.ID())
			})
			continue
		}
		for _, secret := range container.Secrets {
			held[secret.Ref.ID()] = true
		}
	}
	for _, secret := range p.now.secrets {
		mine := slices.ContainsFunc(certificates, func(name string) bool { return ofCertificate(name, secret.Name) })
		wanted := p.ids[key{KindSecret, secret.Name}] == string(secret.Ref) // for a container that is made
		if mine && !wanted && !held[secret.Ref.ID()] {
			p.remove(KindSecret, secret.Name, string(secret.Ref), false, func(ctx context.Context, r *run) error {
				return r.Secrets.Delete(ctx, secret.Ref.ID())
			})
		}
	}
}

// keeps reports whether a container is the one that is kept under its name.
// There may be others of that name, which an answer that got lost has left.
func (p *planner) keeps(kept []string, container *SecretContainer) bool {
	return slices.Contains(kept, container.Name) && p.ids[key{KindCertificate, container.Name}] == string(container.Ref)
}
