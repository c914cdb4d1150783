package faultmatrix

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	computev1 "github.com/nhncloud-go/nhncloud/compute/v1"
	"github.com/nhncloud-go/nhncloud/keypair"
	"github.com/nhncloud-go/nhncloud/network"
)

// generation is the API whose token a call needs.
type generation int

const (
	v2 generation = iota
	v1
	neither // logs in itself
)

// call is a kind of call.
type call struct {
	name string
	// do makes it. It returns what is not true of a success.
	do func(ctx context.Context, c *cell) (wrong string, err error)

	aim          func(r *http.Request) bool // the requests that meet the fault; nil for all but logins
	generation   generation
	grace        time.Duration                   // that it may take beyond its context, as documented
	left         func(c *cell, err error) string // what a failure left behind
	creates      bool                            // its POST makes something each time
	anyAnswer    bool                            // takes any 2xx, because none is documented
	emptyList    bool                            // 204 is a list of nothing
	storage      bool                            // is one of object storage
	unanswered   bool                            // is answered with nothing but that it succeeded
	byStatus     bool                            // is answered with a documented status, and nothing else
	absentToo    bool                            // is done, too, when there is nothing to delete
	sizeByHeader bool                            // what it returns has a size that no checksum holds
	byETag       bool                            // believes the ETag of something that it does not know
	listed       bool                            // returns a list
	endless      bool                            // waits for what does not come
	unsafe       bool                            // is sent once only
	bears        []string                        // faults that it may fail with although others do not
}

// aims reports whether a request meets the fault.
func (c *call) aims(r *http.Request) bool {
	if c.aim != nil {
		return c.aim(r)
	}
	return !strings.HasSuffix(r.URL.Path, "/tokens")
}

// unless says what is not true.
func unless(truth bool, format string, args ...any) string {
	if truth {
		return ""
	}
	return fmt.Sprintf(format, args...)
}

func isLogin(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/tokens") }

// calls are the kinds of calls.
func calls() []*call {
	for _, c := range objectCalls {
		c.storage = true
	}
	return slices.Concat(tenantCalls, appkeyCalls, objectCalls)
}

var serverRequest = compute.ServerCreateRequest{
	Name: "web-1", FlavorID: "f", ImageID: "i", KeyName: "key", Networks: []compute.ServerNetwork{{NetworkID: "n"}},
}

func isOne(servers []*compute.Server, err error) (string, error) {
	return unless(len(servers) == 2 && servers[0].ID == "s1" && servers[1].ID == "s2", "%d servers are listed", len(servers)), err
}

// tenantCalls are those of the v2 API.
var tenantCalls = []*call{
	{name: "log in", generation: neither, aim: isLogin, bears: []string{"401 for the token"}, do: func(ctx context.Context, c *cell) (string, error) {
		token, err := c.client.Token(ctx)
		return unless(err != nil || strings.HasPrefix(string(token.ID), c.token), "another token"), err
	}},
	{name: "get server", do: func(ctx context.Context, c *cell) (string, error) {
		s, err := compute.New(c.client).Servers.Get(ctx, serverID)
		return unless(err != nil || s.ID == serverID && s.Status == compute.StatusActive && s.Name == "web-1", "another server: %+v", s), err
	}},
	{name: "list servers", do: func(ctx context.Context, c *cell) (string, error) {
		servers, err := compute.New(c.client).Servers.List(ctx, nil)
		return unless(err != nil || len(servers) == 1 && servers[0].ID == "s1", "%d servers are listed", len(servers)), err
	}},
	{name: "walk servers", do: func(ctx context.Context, c *cell) (string, error) {
		return isOne(nhncloud.Collect(compute.New(c.client).Servers.All(ctx, &compute.ServerListOptions{Limit: 1})))
	}},
	{name: "create server", creates: true, do: func(ctx context.Context, c *cell) (string, error) {
		request := serverRequest
		request.UserData = nhncloud.Secret(c.userData)
		s, err := compute.New(c.client).Servers.Create(ctx, request)
		return unless(err != nil || s.ID == madeID && c.cloud.created() == 1, "%d servers are made", c.cloud.created()), err
	}},
	{name: "delete server", anyAnswer: true, do: func(ctx context.Context, c *cell) (string, error) {
		err := compute.New(c.client).Servers.Delete(ctx, serverID)
		return unless(c.cloud.isGone(), "the server is there"), err
	}},
	{name: "start server", anyAnswer: true, creates: true, unsafe: true, do: func(ctx context.Context, c *cell) (string, error) {
		err := compute.New(c.client).Servers.Start(ctx, serverID)
		return unless(c.cloud.isStarted(), "the server was not started"), err
	}},
	{name: "wait for server", do: func(ctx context.Context, c *cell) (string, error) {
		s, err := compute.New(c.client).Servers.WaitForStatus(ctx, serverID, compute.StatusActive, nil)
		return unless(err != nil || s.ID == serverID && s.Status == compute.StatusActive, "another server: %+v", s), err
	}},
	{name: "wait for deletion", absentToo: true, endless: true, do: func(ctx context.Context, c *cell) (string, error) {
		err := compute.New(c.client).Servers.WaitForDeletion(ctx, serverID, nil)
		return "the server is there", err // and stays
	}},
	{name: "create key pair", creates: true, do: func(ctx context.Context, c *cell) (string, error) {
		k, err := keypair.New(c.client).KeyPairs.Create(ctx, "key")
		return unless(err != nil || string(k.PrivateKey) == c.privateKey && c.cloud.created() == 1, "%d key pairs are made", c.cloud.created()), err
	}},
	{name: "create VPC", creates: true, do: func(ctx context.Context, c *cell) (string, error) {
		v, err := network.New(c.client).VPCs.Create(ctx, network.VPCCreateRequest{Name: "net", CIDRv4: "10.0.0.0/16"})
		return unless(err != nil || v.ID == madeID && c.cloud.created() == 1, "%d VPCs are made", c.cloud.created()), err
	}},
	{name: "delete VPC", anyAnswer: true, do: func(ctx context.Context, c *cell) (string, error) {
		err := network.New(c.client).VPCs.Delete(ctx, serverID)
		return unless(c.cloud.isGone(), "the VPC is there"), err
	}},
}

// appkeyCalls are those of the v1.0 API.
var appkeyCalls = []*call{
	{name: "v1.0 log in", generation: neither, aim: isLogin, bears: []string{"401 for the token"}, do: func(ctx context.Context, c *cell) (string, error) {
		token, err := c.client.AppKeyToken(ctx)
		return unless(err != nil || strings.HasPrefix(string(token.ID), c.token), "another token"), err
	}},
	{name: "v1.0 look token up", generation: v1, aim: isLogin, bears: []string{"401 for the token"}, do: func(ctx context.Context, c *cell) (string, error) {
		token, err := c.client.GetAppKeyToken(ctx, nhncloud.Secret(c.token+"-1"))
		return unless(err != nil || strings.HasPrefix(string(token.ID), c.token), "another token"), err
	}},
	{name: "v1.0 get instance", generation: v1, do: func(ctx context.Context, c *cell) (string, error) {
		i, err := computev1.New(c.client).Instances.Get(ctx, serverID)
		return unless(err != nil || i.ID == serverID && i.Status == "ACTIVE", "another instance: %+v", i), err
	}},
	{name: "v1.0 list instances", generation: v1, do: func(ctx context.Context, c *cell) (string, error) {
		list, err := computev1.New(c.client).Instances.List(ctx)
		return unless(err != nil || len(list) == 1 && list[0].ID == serverID, "%d instances are listed", len(list)), err
	}},
	{name: "v1.0 create instance", generation: v1, creates: true, do: func(ctx context.Context, c *cell) (string, error) {
		i, err := computev1.New(c.client).Instances.Create(ctx, computev1.InstanceCreateRequest{
			Name: "web-1", ImageID: "i", FlavorID: "f", KeyName: "key", AvailabilityZone: "kr1-pub-a", Networks: []computev1.InstanceNetwork{{NetworkID: "n"}},
			SecurityGroups: []string{"default"},
		})
		return unless(err != nil || i.ID == madeID && c.cloud.created() == 1, "%d instances are made", c.cloud.created()), err
	}},
	{name: "v1.0 delete instance", generation: v1, unanswered: true, do: func(ctx context.Context, c *cell) (string, error) {
		err := computev1.New(c.client).Instances.Delete(ctx, serverID)
		return unless(c.cloud.isGone(), "the instance is there"), err
	}},
	{name: "v1.0 start instance", generation: v1, unanswered: true, creates: true, unsafe: true, do: func(ctx context.Context, c *cell) (string, error) {
		err := computev1.New(c.client).Instances.Start(ctx, serverID)
		return unless(c.cloud.isStarted(), "the instance was not started"), err
	}},
}

// onceRead are the faults that content which can be read only once does not
// bear.
var onceRead = []string{"401 for the token", "429 at once", "429 soon", "503 at once"}

// kindOf returns the failure of a call, and whether it has a kind or a reason
// not to have one.
func kindOf(err error) (e *nhncloud.Error, has bool) {
	if !errors.As(err, &e) {
		return nil, false
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled), e.Kind() != nil:
		return e, true
	}
	return e, e.StatusCode >= 400 && e.StatusCode < 500 // a status that none fits
}
