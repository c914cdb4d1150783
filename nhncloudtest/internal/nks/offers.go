package nks

import (
	"net/http"
	"slices"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// addonType is what add-ons are for.
type addonType struct {
	name      string
	mandatory bool // a cluster has one of that type
}

func (t addonType) id() string { return frame.FixedID("add-on type", t.name) }

func (t addonType) body() object {
	return object{"uuid": t.id(), "name": t.name, "mandatory": t.mandatory}
}

var addonTypes = []addonType{
	{"cni", true}, {"kube-dns", true}, {"cinder-csi-plugin", false}, {"metrics-server", false}, {"snapshot-controller", false},
}

// offer is an add-on that clusters can have.
type offer struct {
	kind, name, version, description string
	options                          []object
}

func (o *offer) id() string { return frame.FixedID("add-on", o.name, o.version) }

func (o *offer) body() object {
	return object{
		"uuid": o.id(), "type": o.kind, "name": o.name, "version": o.version, "option_schemas": append([]object{}, o.options...),
		"k8s_min_version": "v1.26.0", "k8s_max_version": nil, "description": o.description,
	}
}

var offers = allOffers()

func allOffers() []*offer {
	var all []*offer
	add := func(kind, name, description string, options []object, versions ...string) {
		for _, v := range versions {
			all = append(all, &offer{kind, name, v, description, options})
		}
	}
	add("cni", "calico", "Calico is a CNI plugin for Kubernetes that provides networking and network security.", []object{{
		"name": "mode", "data_type": "SELECT", "default": "vxlan", "updatable": false, "mandatory": false, "choices": []string{"vxlan", "ebpf"},
	}}, "v3.28.2-nks1", "v3.28.2-nks2", "v3.30.2-nks1", "v3.30.2-nks2")
	add("kube-dns", "coredns", "CoreDNS is the default DNS server for Kubernetes clusters.", nil, "1.8.4-nks1", "1.8.4-nks2")
	add("cinder-csi-plugin", "cinder-csi-plugin", "A CSI driver for block storage.", nil, "v1.27.101-nks1", "v1.27.102-nks1")
	add("metrics-server", "metrics-server", "Metrics Server collects how much nodes and pods use.", nil, "v0.4.4-nks1", "v0.4.4-nks2")
	add("snapshot-controller", "snapshot-controller", "Snapshot Controller looks after volume snapshots.", nil, "v4.1.1-nks1", "v4.1.1-nks2")
	return all
}

func findOffer(name, version string) *offer {
	for _, o := range offers {
		if o.name == name && o.version == version {
			return o
		}
	}
	return nil
}

// defaultAddons asks for the first add-on of each mandatory type.
func defaultAddons() []any {
	var all []any
	for _, t := range addonTypes {
		if t.mandatory {
			o := offers[slices.IndexFunc(offers, func(o *offer) bool { return o.kind == t.name })]
			all = append(all, object{"name": o.name, "version": o.version})
		}
	}
	return all
}

func listAddonTypes(*call) frame.Reply {
	types := []object{}
	for _, t := range addonTypes {
		types = append(types, t.body())
	}
	return frame.Answer(http.StatusOK, object{"addon_types": types})
}

func getAddonType(c *call) frame.Reply {
	ref := c.Value("type")
	for _, t := range addonTypes {
		if t.name == ref || t.id() == ref {
			return frame.Answer(http.StatusOK, t.body())
		}
	}
	return *refused(http.StatusNotFound, "AddonType %s could not be found.", ref)
}

func listAddons(*call) frame.Reply {
	addons := []object{}
	for _, o := range offers {
		addons = append(addons, o.body())
	}
	return frame.Answer(http.StatusOK, object{"addons": addons})
}

func getAddon(c *call) frame.Reply {
	id := c.Value("addon")
	for _, o := range offers {
		if o.id() == id {
			return frame.Answer(http.StatusOK, o.body())
		}
	}
	return *noAddon(id)
}

func noAddon(ref string) *frame.Reply {
	return refused(http.StatusNotFound, "Addon %s could not be found.", ref)
}
