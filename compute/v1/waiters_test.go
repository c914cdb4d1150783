package computev1_test

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"

	"github.com/nhncloud-go/nhncloud"
	computev1 "github.com/nhncloud-go/nhncloud/compute/v1"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
)

// waitFor lets a waiter look at an instance.
func waitFor(t *testing.T, looks []apitest.LookV1, wait func(ctx context.Context, instances *computev1.InstancesService, options *nhncloud.WaitOptions) error) error {
	t.Helper()
	want := apitest.Want{Operation: "compute-v1-list-instances-detail", Method: http.MethodGet, URL: detailURL + "?id=" + instanceID}
	return apitest.WaitThroughV1(t, want, "instances", instanceID, looks, func(ctx context.Context, client *nhncloud.Client, options *nhncloud.WaitOptions) error {
		return wait(ctx, computev1.New(client).Instances, options)
	})
}

func TestWaitForStatus(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		until computev1.InstanceStatus
		looks []apitest.LookV1
		err   error
	}{
		"at once":          {computev1.StatusActive, []apitest.LookV1{{Status: "ACTIVE"}}, nil},
		"built":            {computev1.StatusActive, []apitest.LookV1{{Status: "BUILD"}, {Status: "POWERING_ON"}, {Status: "ACTIVE"}}, nil},
		"stopped":          {computev1.StatusStop, []apitest.LookV1{{Status: "ACTIVE"}, {Status: "POWERING_OFF"}, {Status: "STOP"}}, nil},
		"rebooted":         {computev1.StatusActive, []apitest.LookV1{{Status: "REBOOTING"}, {Status: "ACTIVE"}}, nil},
		"resized":          {computev1.StatusActive, []apitest.LookV1{{Status: "RESIZING"}, {Status: "MIGRATING"}, {Status: "ACTIVE"}}, nil},
		"own status":       {"THAWING", []apitest.LookV1{{Status: "ACTIVE"}, {Status: "THAWING"}}, nil},
		"unknown status":   {computev1.StatusActive, []apitest.LookV1{{Status: "THAWING"}, {Status: ""}, {Status: "ACTIVE"}}, nil},
		"failed":           {computev1.StatusActive, []apitest.LookV1{{Status: "BUILD"}, {Status: "ERROR"}}, nhncloud.ErrFailedState},
		"failure wanted":   {computev1.StatusError, []apitest.LookV1{{Status: "BUILD"}, {Status: "ERROR"}}, nil},
		"being deleted":    {computev1.StatusActive, []apitest.LookV1{{Status: "DELETING"}}, nhncloud.ErrFailedState},
		"deletion wanted":  {computev1.StatusDeleting, []apitest.LookV1{{Status: "ACTIVE"}, {Status: "DELETING"}}, nil},
		"gone":             {computev1.StatusActive, []apitest.LookV1{{Status: "BUILD"}, {Fails: -5}}, nhncloud.ErrNotFound},
		"forbidden":        {computev1.StatusActive, []apitest.LookV1{{Fails: -3}}, nhncloud.ErrForbidden},
		"passing failures": {computev1.StatusActive, []apitest.LookV1{{Fails: -2}, {Status: "BUILD"}, {Fails: -6}, {Fails: 10429}, {Status: "ACTIVE"}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				err := waitFor(t, test.looks, func(ctx context.Context, instances *computev1.InstancesService, options *nhncloud.WaitOptions) error {
					instance, err := instances.WaitForStatus(ctx, instanceID, test.until, options)
					if err == nil {
						assert.Equal(t, test.until, instance.Status)
					}
					return err
				})
				assert.ErrorIs(t, err, test.err)
				if test.err == nhncloud.ErrFailedState {
					assert.ErrorContains(t, err, "instance "+instanceID+" does not become ACTIVE")
				}
			})
		})
	}
}

func TestWaitForDeletion(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		looks []apitest.LookV1
		err   error
	}{
		"gone at once":      {[]apitest.LookV1{{Gone: true}}, nil},
		"not found":         {[]apitest.LookV1{{Status: "DELETING"}, {Fails: -5, Gone: true}}, nil},
		"not found, status": {[]apitest.LookV1{{Status: "DELETING"}, {Fails: 10404, Gone: true}}, nil},
		"deleted":           {[]apitest.LookV1{{Status: "ACTIVE"}, {Status: "DELETING"}, {Status: "DELETING"}, {Gone: true}}, nil},
		"broken before":     {[]apitest.LookV1{{Status: "ERROR"}, {Status: "ERROR"}, {Status: "DELETING"}, {Gone: true}}, nil},
		"failed":            {[]apitest.LookV1{{Status: "DELETING"}, {Status: "ERROR"}}, nhncloud.ErrFailedState},
		"passing failures":  {[]apitest.LookV1{{Fails: -6}, {Fails: 10429}, {Gone: true}}, nil},
		"too many failures": {[]apitest.LookV1{{Fails: -6}, {Fails: -6}, {Fails: -6}, {Fails: -6}, {Fails: -6}, {Fails: -6}}, nhncloud.ErrServerFault},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				err := waitFor(t, test.looks, func(ctx context.Context, instances *computev1.InstancesService, options *nhncloud.WaitOptions) error {
					return instances.WaitForDeletion(ctx, instanceID, options)
				})
				assert.ErrorIs(t, err, test.err)
				if test.err == nhncloud.ErrFailedState {
					assert.ErrorContains(t, err, "instance "+instanceID+" was not deleted")
				}
			})
		})
	}
}
