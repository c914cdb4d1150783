// Package loadbalancer calls the load balancers of NHN Cloud (API v2.0), and the
// key manager (v1), which keeps their certificates.
//
//	l := loadbalancer.New(client)
//	balancer, err := l.LoadBalancers.Get(ctx, id)
//
// A load balancer has an address in a subnet. Its listeners take the traffic of
// a port, a pool spreads what a listener takes over its members, and the health
// monitor of a pool says which members get any. L7 policies with their rules
// send single requests elsewhere, groups of IP ACLs say whom a load balancer lets
// in, and error pages are what a listener answers in the place of its own.
//
// [Client.Apply] makes a whole load balancer what a [Spec] says, and
// [Client.DeleteAll] takes it down; what they do can be done call by call as well.
//
// The certificate of a listener is a container of the key manager, with the
// certificate and its private key as secrets. Those are created first; the
// listener takes the address of the container.
// [SecretContainersService.CreateCertificate] makes them of PEM.
//
// The service answers before it has done what it was told. Until then the load
// balancer is in one of the PENDING statuses, and so is all that belongs to it:
// the next change is refused with an [nhncloud.ErrConflict].
// [LoadBalancersService.WhenReady] makes a change wait instead.
//
// Statuses and other enumerations are open string types: the constants are
// those of the guides, and a value without a constant is passed on as it is.
package loadbalancer
