package networkv1_test

import (
	"testing"

	"github.com/nhncloud-go/nhncloud/internal/apitest"
	networkv1 "github.com/nhncloud-go/nhncloud/network/v1"
)

func TestPublicTypes(t *testing.T) {
	t.Parallel()
	apitest.PublicTypes(t,
		networkv1.AllocationPool{}, networkv1.FloatingIP{}, networkv1.FloatingIPPool{}, networkv1.HostRoute{},
		networkv1.Network{}, networkv1.SecurityGroup{}, networkv1.SecurityGroupCreateRequest{}, networkv1.SecurityGroupRule{},
		networkv1.SecurityGroupRuleCreateRequest{}, networkv1.SecurityGroupUpdateRequest{}, networkv1.Subnet{},
	)
}
