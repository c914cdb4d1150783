package loadbalancer_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/network/loadbalancer"
)

// spec is a small load balancer: two servers behind one address.
var spec = loadbalancer.Spec{
	Name:        "shop",
	VIPSubnetID: "dcb31578-1e16-407f-a117-a716795fabc4",
	Listeners: []loadbalancer.ListenerSpec{{
		Protocol:     loadbalancer.ProtocolHTTP,
		ProtocolPort: 80,
		Pool: &loadbalancer.PoolSpec{
			Name:        "web",
			LBAlgorithm: loadbalancer.AlgorithmRoundRobin,
			Protocol:    loadbalancer.ProtocolHTTP,
			Members: []loadbalancer.MemberCreateRequest{
				{SubnetID: "dcb31578-1e16-407f-a117-a716795fabc4", Address: "192.168.0.4", ProtocolPort: 8080},
				{SubnetID: "dcb31578-1e16-407f-a117-a716795fabc4", Address: "192.168.0.5", ProtocolPort: 8080},
			},
			HealthMonitor: &loadbalancer.HealthMonitorSpec{Type: loadbalancer.MonitorHTTP, Delay: 30, Timeout: 5, MaxRetries: 2, URLPath: "/health"},
		},
	}},
}

// A load balancer that is what a spec says, and stays so.
func ExampleClient_Apply() {
	ctx := context.Background()
	l := loadbalancer.New(newEmptyClient())

	for range 2 {
		result, err := l.Apply(ctx, spec, &loadbalancer.ApplyOptions{Progress: func(change loadbalancer.Change) { fmt.Println(change) }})
		var failed *loadbalancer.ApplyError
		if errors.As(err, &failed) {
			log.Fatalf("it did not %v; %d changes are made, and the next Apply goes on from there: %v", failed.Step, len(failed.Changes), err)
		}
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(result.LoadBalancer.Name, "is", result.LoadBalancer.ProvisioningStatus, "after", len(result.Changes), "changes")
	}
	// Output:
	// create load balancer shop
	// create pool web
	// create health monitor web
	// create member web/192.168.0.4:8080
	// create member web/192.168.0.5:8080
	// create listener 80
	// shop is ACTIVE after 6 changes
	// shop is ACTIVE after 0 changes
}

// What Apply would do.
func ExampleClient_Plan() {
	ctx := context.Background()
	l := loadbalancer.New(newEmptyClient())
	if _, err := l.Apply(ctx, spec, nil); err != nil {
		log.Fatal(err)
	}

	changed := spec
	changed.Description = "open all day"
	changed.Listeners = []loadbalancer.ListenerSpec{{Protocol: loadbalancer.ProtocolHTTP, ProtocolPort: 8080, PoolName: "web"}}
	changed.Pools = []loadbalancer.PoolSpec{*spec.Listeners[0].Pool}
	changes, err := l.Plan(ctx, changed, &loadbalancer.ApplyOptions{Prune: true})
	if err != nil {
		log.Fatal(err)
	}
	for _, change := range changes {
		fmt.Println(change)
	}
	// Output:
	// update load balancer shop: Description
	// create listener 8080
	// delete listener 80
}

// All of it goes, in the right order.
func ExampleClient_DeleteAll() {
	ctx := context.Background()
	l := loadbalancer.New(newEmptyClient())
	if _, err := l.Apply(ctx, spec, nil); err != nil {
		log.Fatal(err)
	}

	result, err := l.DeleteAll(ctx, spec, nil)
	if err != nil {
		log.Fatal(err)
	}
	for _, change := range result.Changes {
		fmt.Println(change)
	}
	// Output:
	// delete listener 80
	// delete pool web
	// delete load balancer shop
}

// A certificate for a listener. What is broken is refused before it is sent.
func ExampleSecretContainersService_CreateCertificate() {
	ctx := context.Background()
	l := loadbalancer.New(newEmptyClient())

	container, err := l.SecretContainers.CreateCertificate(ctx, loadbalancer.Certificate{
		Name:        "shop",
		Certificate: "-----BEGIN CERTIFICATE-----\n…",
		PrivateKey:  "-----BEGIN PRIVATE KEY-----\n…",
	})
	if errors.Is(err, nhncloud.ErrInvalidArgument) {
		fmt.Println(err)
		return
	}
	fmt.Println(container, err) // for DefaultTLSContainerRef
	// Output: nhncloud: Certificate must be certificates in PEM; PrivateKey must be a private key in PEM
}

// newEmptyClient returns a client of a service that has nothing yet.
func newEmptyClient() *nhncloud.Client {
	client, err := newModel().core()
	if err != nil {
		log.Fatal(err)
	}
	return client
}
