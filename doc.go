// Package nhncloud is the core of the Go SDK for NHN Cloud (formerly TOAST
// Cloud), the public cloud and its government environments. It has the
// [Client], which finds endpoints, logs in, retries and decodes; the services
// are in packages of their own:
//
//	compute               servers, flavors, zones, images, volume attachments, server groups
//	keypair               key pairs
//	network               VPCs, subnets, routing tables, gateways, ports, security groups, floating IPs
//	network/loadbalancer  load balancers, listeners, pools, members, L7 policies, and their certificates
//	blockstorage          volumes, snapshots, types
//	nks                   Kubernetes clusters, node groups, add-ons
//	objectstorage         accounts, containers, objects, signed URLs, S3 credentials
//	compute/v1            the v1.0 API: instances, flavors, zones, images
//	keypair/v1            the v1.0 API: key pairs
//	network/v1            the v1.0 API: security groups, networks, subnets, floating IPs
//	blockstorage/v1       the v1.0 API: volumes
//	nhncloudtest          an in-memory NHN Cloud for tests and examples
//
// A program makes one Client and the service clients it needs:
//
//	package main
//
//	import (
//		"context"
//		"fmt"
//		"log"
//		"os"
//
//		"github.com/nhncloud-go/nhncloud"
//		"github.com/nhncloud-go/nhncloud/compute"
//	)
//
//	func main() {
//		client, err := nhncloud.NewClient(nhncloud.Config{
//			Environment: nhncloud.Public,
//			Region:      nhncloud.KR1,
//			TenantID:    "6cdebe3eb0094910bc41f1d42ebe4cb7",
//			Username:    "user@example.com",
//			Password:    nhncloud.Secret(os.Getenv("NHNCLOUD_PASSWORD")), // the API password, set in the console
//		})
//		if err != nil {
//			log.Fatal(err)
//		}
//		for server, err := range compute.New(client).Servers.All(context.Background(), nil) {
//			if err != nil {
//				log.Fatal(err)
//			}
//			fmt.Println(server.ID, server.Name)
//		}
//	}
//
// [ConfigFromEnv] reads the same from the environment of the process.
//
// # Errors
//
// Every call fails with an [*Error]. Its kind is asked with [errors.Is], its
// details with [errors.As]:
//
//	if errors.Is(err, nhncloud.ErrNotFound) { … }
//
//	var e *nhncloud.Error
//	if errors.As(err, &e) { log.Print(e.StatusCode, e.Code, e.RequestID) }
//
// # Retries
//
// Calls that may be sent again are, after broken connections and passing
// failures, with growing random waits; a call that creates something is
// repeated only if the service can't have acted on it. See [RetryPolicy],
// [Idempotency] and [ContextWithRetry].
//
// # Tokens
//
// The client logs in with the first call, replaces its token ahead of the end
// and when the service refuses it, and lets one login run at a time, however
// many calls wait for it. A login ends after [DefaultLoginTimeout] unless
// [WithLoginTimeout] says otherwise. A service that refuses several tokens in a
// row is not logged in for with each call, and a login that was refused several
// times is not tried with each: the waits between them grow from a second to a
// minute. See [TokenSource] and [FileTokenCache].
//
// # Time limits and connections
//
// A call ends with its context, and sets itself no limit besides:
//
//	login                      15 s, [WithLoginTimeout]
//	silence of a connection    2 minutes, [WithHTTPClient]
//	attempts of a call         4, with random waits of up to 0.5, 1, 2 s and on to 20 s, [WithRetry]
//	Retry-After                is waited, at most 60 s, [RetryPolicy]
//	looks of a waiter          after 1 s, growing by half to 10 s, [WaitOptions]
//	idle connections           128 to a host, 512 in all, [WithHTTPClient]
//	answer that is kept        32 MiB, [WithMaxResponse]; objects are streamed without a limit
//
// # Calls that the SDK lacks
//
// [Client.Do] and [Client.Open] send any request of the API with all of the
// above.
package nhncloud
