package main

import (
	"encoding/json"

	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/gatewaytest"
)

// taskIn reads the answer that is a task.
func taskIn(t require.TestingT, body string) task {
	var answer struct{ Task task }
	decode(t, body, &answer)
	return answer.Task
}

func decode(t require.TestingT, body string, into any) {
	require.NoError(t, json.Unmarshal([]byte(body), into), body)
}

func encode(t require.TestingT, value any) string {
	text, err := json.Marshal(value)
	require.NoError(t, err)
	return string(text)
}

// body asks for an instance.
func (s *station) body(name string) string {
	return encode(s, map[string]any{
		"name": name, "image_id": s.Cloud.ImageID("Ubuntu"), "flavor_id": s.Cloud.FlavorID("m2.c2m4"),
		"subnet_id": s.Cloud.SubnetID(), "keypair_name": gatewaytest.KeyName,
	})
}

// clusterBody asks for a cluster.
func (s *station) clusterBody(name string) string {
	networkID, subnetID := s.External()
	return encode(s, map[string]any{
		"cluster_name": name, "vpc_id": s.Cloud.NetworkID(), "subnet_id": s.Cloud.SubnetID(), "instance_type": "m2.c4m8",
		"keypair_name": gatewaytest.KeyName, "kubernetes_version": gatewaytest.Version, "availability_zone": "kr-pub-a",
		"external_network_id": networkID, "external_subnet_id": subnetID,
	})
}
