package loadbalancer_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"os"
	"path/filepath"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/network/loadbalancer"
)

// A load balancer, as soon as it takes the next change.
func ExampleLoadBalancersService_Create() {
	ctx := context.Background()
	l := loadbalancer.New(newClient())

	balancer, err := l.LoadBalancers.Create(ctx, loadbalancer.LoadBalancerCreateRequest{Name: "LB-1", VIPSubnetID: "dcb31578-1e16-407f-a117-a716795fabc4"})
	if err != nil {
		log.Fatal(err)
	}
	balancer, err = l.LoadBalancers.WaitForReady(ctx, balancer.ID, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(balancer.Name, balancer.VIPAddress, balancer.ProvisioningStatus)
	// Output: LB-1 192.168.0.187 ACTIVE
}

// A change that waits for those before it.
func ExampleLoadBalancersService_WhenReady() {
	ctx := context.Background()
	l := loadbalancer.New(newClient())

	var pool *loadbalancer.Pool
	err := l.LoadBalancers.WhenReady(ctx, "7b4cef78-72b0-4c3c-9971-98763ef6284c", nil, func(ctx context.Context) error {
		var err error
		pool, err = l.Pools.Create(ctx, loadbalancer.PoolCreateRequest{
			ListenerID:  "1b5e4950-71ae-4d67-bf97-453f986c9a20",
			LBAlgorithm: loadbalancer.AlgorithmRoundRobin,
			Protocol:    loadbalancer.ProtocolHTTP,
		})
		return err
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(pool.LBAlgorithm, pool.Protocol)
	// Output: ROUND_ROBIN HTTP
}

// The day on which the certificate of a listener ends.
func ExampleListenersService_Get() {
	ctx := context.Background()
	l := loadbalancer.New(newClient())

	listener, err := l.Listeners.Get(ctx, "1b5e4950-71ae-4d67-bf97-453f986c9a20")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(listener.Protocol, listener.ProtocolPort)
	fmt.Println(listener.DefaultTLSContainerRef.ID(), "ends on", listener.CertExpireDate.Format("2006-01-02"))
	// Output:
	// TERMINATED_HTTPS 443
	// c8f4503c-1da5-4ec7-9456-51183bd4ad4e ends on 2025-12-27
}

// A pool that keeps no client with its member any more.
func ExamplePoolsService_Update() {
	ctx := context.Background()
	l := loadbalancer.New(newClient())

	pool, err := l.Pools.Update(ctx, "522a5681-fc4c-4b0b-85ec-bf7777c48a57", loadbalancer.PoolUpdateRequest{SessionPersistence: &loadbalancer.SessionPersistence{}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(pool.Members), "members, kept:", pool.SessionPersistence != nil)
	// Output: 2 members, kept: false
}

// The members that get no traffic.
func ExampleMembersService_All() {
	ctx := context.Background()
	l := loadbalancer.New(newClient())

	for member, err := range l.Members.All(ctx, "522a5681-fc4c-4b0b-85ec-bf7777c48a57", nil) {
		if err != nil {
			log.Fatal(err)
		}
		if member.OperatingStatus != loadbalancer.OperatingActive {
			fmt.Printf("%s:%d %s\n", member.Address, member.ProtocolPort, member.OperatingStatus)
		}
	}
	// Output: 192.168.0.188:80 INACTIVE
}

// A health monitor that asks each member for a page.
func ExampleHealthMonitorsService_Create() {
	ctx := context.Background()
	l := loadbalancer.New(newClient())

	monitor, err := l.HealthMonitors.Create(ctx, loadbalancer.HealthMonitorCreateRequest{
		PoolID:          "872dc92f-777b-4e0f-9413-0132b98bc60b",
		Type:            loadbalancer.MonitorHTTP,
		Delay:           30,
		Timeout:         5,
		MaxRetries:      2,
		HealthCheckPort: 80,
		URLPath:         "/",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s %s every %d s, expects %s\n", monitor.HTTPMethod, monitor.URLPath, monitor.Delay, monitor.ExpectedCodes)
	// Output: GET / every 30 s, expects 200
}

// A policy that rejects what its rules, which come next, fit.
func ExampleL7PoliciesService_Create() {
	ctx := context.Background()
	l := loadbalancer.New(newClient())

	policy, err := l.L7Policies.Create(ctx, loadbalancer.L7PolicyCreateRequest{
		ListenerID: "2a38f448-c898-4694-9808-685dd6360dab",
		Action:     loadbalancer.L7Reject,
		Position:   1,
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(policy.Action, len(policy.Rules), "rules")
	// Output: REJECT 0 rules
}

// A rule on the beginning of the path.
func ExampleL7RulesService_Create() {
	ctx := context.Background()
	l := loadbalancer.New(newClient())

	rule, err := l.L7Rules.Create(ctx, "9376c901-64cc-46a0-bab3-1b4bf42699ad", loadbalancer.L7RuleCreateRequest{
		Type:        loadbalancer.L7Path,
		CompareType: loadbalancer.L7StartsWith,
		Value:       "/images",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(rule.Type, rule.CompareType, rule.Value)
	// Output: PATH STARTS_WITH /images
}

// Groups of addresses that a load balancer goes by from now on, and by no others.
func ExampleIPACLGroupsService_Bind() {
	ctx := context.Background()
	l := loadbalancer.New(newClient())

	bindings, err := l.IPACLGroups.Bind(ctx, "096ddfbf-aaf9-42d6-b93d-0036ec219479", "acc655d4-4735-4892-b32b-669cc21925ff", "ef33c087-2dc9-4be6-a0d2-d24c9d84e66e")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(bindings), "groups")
	// Output: 2 groups
}

// A network that comes into a group.
func ExampleIPACLTargetsService_Create() {
	ctx := context.Background()
	l := loadbalancer.New(newClient())

	target, err := l.IPACLTargets.Create(ctx, loadbalancer.IPACLTargetCreateRequest{IPACLGroupID: "d240300b-53f2-4729-a6bb-b6f84f9be076", CIDRAddress: "10.0.0.0/24"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(target.CIDRAddress)
	// Output: 10.0.0.0/24
}

// The errors that a listener has pages of its own for.
func ExampleErrorPagesService_All() {
	ctx := context.Background()
	l := loadbalancer.New(newClient())

	for page, err := range l.ErrorPages.All(ctx, "1b5e4950-71ae-4d67-bf97-453f986c9a20") {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(page.Code, page.ContentType)
	}
	// Output:
	// 502 text/html
	// 503 text/html
}

// The certificates and keys that are stored.
func ExampleSecretsService_List() {
	ctx := context.Background()
	l := loadbalancer.New(newClient())

	secrets, err := l.Secrets.List(ctx, nil)
	if err != nil {
		log.Fatal(err)
	}
	for _, secret := range secrets {
		fmt.Println(secret.Ref.ID(), secret.Type)
	}
	// Output:
	// adffcd66-ff63-4c66-8139-2f254e63aef5 certificate
	// 36f88d4c-16f0-4db2-80bc-4dda0125589b private
}

// A certificate and its private key, put together for a listener.
func ExampleSecretContainersService_Create() {
	ctx := context.Background()
	l := loadbalancer.New(newClient())
	certificate, key := "-----BEGIN CERTIFICATE-----\n…", nhncloud.Secret("-----BEGIN PRIVATE KEY-----\n…") // in PEM

	certificateRef, err := l.Secrets.Create(ctx, loadbalancer.SecretCreateRequest{
		Name: "shop certificate", Type: loadbalancer.SecretCertificate, Payload: nhncloud.Secret(certificate), PayloadContentType: loadbalancer.ContentTypeText,
	})
	if err != nil {
		log.Fatal(err)
	}
	keyRef, err := l.Secrets.Create(ctx, loadbalancer.SecretCreateRequest{
		Name: "shop key", Type: loadbalancer.SecretPrivate, Payload: key, PayloadContentType: loadbalancer.ContentTypeText,
	})
	if err != nil {
		log.Fatal(err)
	}
	container, err := l.SecretContainers.Create(ctx, loadbalancer.SecretContainerCreateRequest{
		Name: "shop",
		Type: loadbalancer.ContainerCertificate,
		Secrets: []loadbalancer.ContainerSecret{
			{Name: loadbalancer.ContainedCertificate, Ref: certificateRef},
			{Name: loadbalancer.ContainedPrivateKey, Ref: keyRef},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(container) // for DefaultTLSContainerRef
	// Output: https://kr1-api-key-manager-infrastructure.nhncloudservice.com/v1/containers/ea2e90fc-1ba2-412b-b7a0-61da4402bf58
}

// newClient returns a client of a service that knows the examples of the guide.
func newClient() *nhncloud.Client {
	client, err := nhncloud.NewClient(nhncloud.Config{Environment: nhncloud.Public, Region: nhncloud.KR1, TenantID: "tenant"},
		nhncloud.WithTokenSource(nhncloud.StaticToken("token")),
		nhncloud.WithHTTPClient(&http.Client{Transport: nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
			call, _ := nhncloud.CallFromContext(r.Context())
			file, err := os.Open(filepath.Join("testdata", call.Operation+".response.json"))
			if err != nil {
				return nil, err
			}
			return &http.Response{StatusCode: http.StatusOK, ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{}, Body: file, ContentLength: -1, Request: r}, nil
		})}))
	if err != nil {
		log.Fatal(err)
	}
	return client
}
