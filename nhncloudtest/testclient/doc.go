// Package testclient makes clients of the SDK for the in-memory cloud of package
// nhncloudtest. It stands apart because that package shares nothing with the
// SDK, which is to be tested against it.
//
// A test of a function that takes a client:
//
//	package main
//
//	import (
//		"context"
//		"testing"
//
//		"github.com/nhncloud-go/nhncloud"
//		"github.com/nhncloud-go/nhncloud/compute"
//		"github.com/nhncloud-go/nhncloud/nhncloudtest"
//		"github.com/nhncloud-go/nhncloud/nhncloudtest/testclient"
//	)
//
//	// stopAll stops all servers.
//	func stopAll(ctx context.Context, client *nhncloud.Client) error {
//		servers := compute.New(client).Servers
//		var ids []string
//		for server, err := range servers.All(ctx, nil) {
//			if err != nil {
//				return err
//			}
//			if err := servers.Stop(ctx, server.ID); err != nil {
//				return err
//			}
//			ids = append(ids, server.ID)
//		}
//		_, err := servers.WaitForStatusAll(ctx, ids, compute.StatusShutoff, nil)
//		return err
//	}
//
//	func TestStopAll(t *testing.T) {
//		cloud := nhncloudtest.Start(t)
//		ids := cloud.AddServers(3)
//		if err := stopAll(t.Context(), testclient.New(cloud)); err != nil {
//			t.Fatal(err)
//		}
//		for _, id := range ids {
//			if status, _ := cloud.ServerStatus(id); status != "SHUTOFF" {
//				t.Errorf("server %s is %s", id, status)
//			}
//		}
//	}
//
// A program that makes its client itself gets [nhncloudtest.Server.LookupEnv] or
// [nhncloudtest.Server.Environ] instead, from which the same comes about.
package testclient
