package nks

import (
	"errors"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/network"
)

// guard makes the security group of the nodes. The rules between nodes and
// control plane are left out: that has no address in the networks of the tenant.
func (cl *cluster) guard() (problem string) {
	g, r := cl.project.network.AddSecurityGroup(
		cl.name+"-"+frame.NewHexID()[:12]+"-secgroup_kube_minion-"+frame.NewHexID()[:12], "Nodes of the Kubernetes cluster "+cl.name)
	if r != nil {
		return "Failed to create the security group: " + r.Message
	}
	cl.security = g
	rules := []network.SecurityRule{
		nodeRule("ingress", "tcp", 10250, 10250), nodeRule("ingress", "tcp", 5473, 5473), nodeRule("ingress", "udp", 4789, 4789),
	}
	if strict, _ := frame.AsBool(cl.labels["strict_sg_rules"]); strict {
		g.Rules = nil // those that let everything out
		rules = append(rules,
			openRule("egress", "tcp", 6443, 6443), nodeRule("egress", "tcp", 5473, 5473), openRule("egress", "tcp", 53, 53),
			openRule("egress", "tcp", 443, 443), openRule("egress", "tcp", 80, 80), nodeRule("egress", "udp", 4789, 4789),
			openRule("egress", "udp", 53, 53))
	} else {
		rules = append(rules, nodeRule("ingress", "tcp", 1, 65535), openRule("ingress", "tcp", 30000, 32767), nodeRule("ingress", "udp", 1, 65535))
	}
	for _, rule := range rules {
		if rule.RemotePrefix == "" {
			rule.RemoteGroup = g.ID
		}
		if _, r := g.AddRule(rule); r != nil {
			return "Failed to create a security rule: " + r.Message
		}
	}
	return ""
}

// nodeRule lets nodes through.
func nodeRule(direction, protocol string, least, most int) network.SecurityRule {
	return network.SecurityRule{Direction: direction, Ethertype: "IPv4", Protocol: protocol, PortMin: &least, PortMax: &most}
}

// openRule lets everybody through.
func openRule(direction, protocol string, least, most int) network.SecurityRule {
	rule := nodeRule(direction, protocol, least, most)
	rule.RemotePrefix = "0.0.0.0/0"
	return rule
}

// unguard takes the security group away, unless something else has it too.
func (cl *cluster) unguard() error {
	if cl.security == nil || cl.project.network.SecurityGroup(cl.security.ID) == nil {
		return nil
	}
	if r := cl.project.network.RemoveSecurityGroup(cl.security); r != nil {
		return errors.New("Failed to delete the security group: " + r.Message)
	}
	return nil
}
