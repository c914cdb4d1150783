package nks_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"os"
	"path/filepath"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/nks"
)

// The clusters of a project, with what is known of their health.
func ExampleClustersService_All() {
	ctx := context.Background()
	k := nks.New(newClient())

	for cluster, err := range k.Clusters.All(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(cluster.Name, cluster.Status, cluster.Labels.KubeTag, cluster.HealthStatus)
	}
	// Output: k8s-test CREATE_COMPLETE v1.23.3 HEALTHY
}

// A worker group with what its autoscaler may do.
func ExampleNodeGroupsService_Get() {
	ctx := context.Background()
	k := nks.New(newClient())

	group, err := k.NodeGroups.Get(ctx, "web", nks.DefaultNodeGroup)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d nodes of %s\n", group.NodeCount, group.KubernetesVersion())
	if a := group.Labels.Autoscaler; a.Enable {
		fmt.Printf("between %d and %d\n", a.MinNodeCount, a.MaxNodeCount)
	}
	// Output:
	// 2 nodes of v1.19.13
	// between 2 and 10
}

// The add-ons of a cluster that could not be brought up to date.
func ExampleAddonsService_ListInstalled() {
	ctx := context.Background()
	k := nks.New(newClient())

	addons, err := k.Addons.ListInstalled(ctx, "web")
	if err != nil {
		log.Fatal(err)
	}
	for _, addon := range addons {
		if addon.Status.Failed() {
			fmt.Println(addon.Name, addon.Version, addon.Status)
		}
	}
	// Output: coredns 1.8.4-nks1 UPDATE_FAILED
}

// What was done to a cluster.
func ExampleEventsService_All() {
	ctx := context.Background()
	k := nks.New(newClient())
	cluster, err := k.Clusters.Get(ctx, "web")
	if err != nil {
		log.Fatal(err)
	}

	for event, err := range k.Events.All(ctx, cluster.UUID) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(event.Type, event.State, event.UpdatedAt.Sub(event.CreatedAt))
	}
	// Output: CLUSTER_CREATE SUCCESS 11m33s
}

// The newest Kubernetes version that a cluster can have.
func ExampleSupportsService_Get() {
	ctx := context.Background()
	k := nks.New(newClient())

	supports, err := k.Supports.Get(ctx)
	if err != nil {
		log.Fatal(err)
	}
	versions := supports.Versions()
	fmt.Println(versions[len(versions)-1])
	// Output: v1.32.3
}

// newClient returns a client of a service that knows the examples of the guide.
func newClient() *nhncloud.Client {
	client, err := nhncloud.NewClient(nhncloud.Config{Environment: nhncloud.Public, Region: nhncloud.KR2, TenantID: "tenant"},
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
