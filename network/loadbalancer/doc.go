// Package loadbalancer calls the load balancers of NHN Cloud (API v2.0), and the
// key manager (v1), which keeps their certificates.
//
// A load balancer has an address in a subnet. Its listeners take the traffic of
// a port, a pool spreads what a listener takes over its members, and the health
// monitor of a pool says which members get any. L7 policies with their rules
// send single requests elsewhere, groups of IP ACLs say whom a load balancer lets
// in, and error pages are what a listener answers in the place of its own.
//
// # Certificates
//
// The certificate of a listener is a container of the key manager, with the
// certificate and its private key as secrets. Those are created first; the
// listener takes the address of the container.
// [SecretContainersService.CreateCertificate] makes them of PEM.
//
// # Changes
//
// The service answers before it has done what it was told. Until then the load
// balancer is in one of the PENDING statuses, and so is all that belongs to it:
// the next change is refused with an [nhncloud.ErrConflict].
// [LoadBalancersService.WhenReady] makes a change wait instead.
//
// # A whole load balancer
//
// [Client.Apply] makes a load balancer what a [Spec] says, with all that belongs
// to it, and changes nothing where it is so already; [Client.Plan] tells what that
// would do, and [Client.DeleteAll] takes it down. This program puts HTTPS in front
// of a server, with the account in the environment:
//
//	package main
//
//	import (
//		"context"
//		"log"
//		"os"
//
//		"github.com/nhncloud-go/nhncloud"
//		"github.com/nhncloud-go/nhncloud/network/loadbalancer"
//	)
//
//	func main() {
//		ctx := context.Background()
//		config, err := nhncloud.ConfigFromEnv()
//		if err != nil {
//			log.Fatal(err)
//		}
//		client, err := nhncloud.NewClient(config)
//		if err != nil {
//			log.Fatal(err)
//		}
//		certificate, err := os.ReadFile("fullchain.pem")
//		if err != nil {
//			log.Fatal(err)
//		}
//		key, err := os.ReadFile("privkey.pem")
//		if err != nil {
//			log.Fatal(err)
//		}
//		subnetID := os.Getenv("SUBNET_ID")
//		spec := loadbalancer.Spec{
//			Name:        "shop",
//			VIPSubnetID: subnetID,
//			Listeners: []loadbalancer.ListenerSpec{{
//				Protocol:     loadbalancer.ProtocolTerminatedHTTPS,
//				ProtocolPort: 443,
//				Certificate:  &loadbalancer.Certificate{Name: "shop", Certificate: string(certificate), PrivateKey: nhncloud.Secret(key)},
//				Pool: &loadbalancer.PoolSpec{
//					Name:          "web",
//					LBAlgorithm:   loadbalancer.AlgorithmRoundRobin,
//					Protocol:      loadbalancer.ProtocolHTTP,
//					Members:       []loadbalancer.MemberCreateRequest{{SubnetID: subnetID, Address: os.Getenv("SERVER"), ProtocolPort: 80}},
//					HealthMonitor: &loadbalancer.HealthMonitorSpec{Type: loadbalancer.MonitorHTTP, Delay: 30, Timeout: 5, MaxRetries: 2},
//				},
//			}},
//		}
//		result, err := loadbalancer.New(client).Apply(ctx, spec, &loadbalancer.ApplyOptions{Prune: true})
//		for _, change := range result.Changes {
//			log.Print(change)
//		}
//		if err != nil {
//			log.Fatal(err)
//		}
//		log.Printf("https://%s/", result.LoadBalancer.VIPAddress)
//	}
//
// Run again after the certificate was renewed, it stores the new one, has the
// listener take it, and deletes the old one.
//
// Statuses and other enumerations are open string types: the constants are
// those of the guides, and a value without a constant is passed on as it is.
package loadbalancer
