package nks_test

import (
	"testing"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOffers(t *testing.T) {
	w := newWorld(t)
	supports := w.get("supports")
	assert.Equal(t, cloudtest.Fixture(t, "nks-get-supports.response"), supports)

	types := w.get("addon_types/")
	cloudtest.SameShape(t, "nks-list-addon-types.response", types)
	assert.Equal(t, types, w.get("addon_types"))
	first := cloudtest.At(types, "addon_types", 0).(object)
	cloudtest.SameShape(t, "nks-get-addon-type.response", w.get("addon_types/cni"))
	assert.Equal(t, first, w.get("addon_types/"+first["uuid"].(string)))
	w.refused(404, "AddonType nope could not be found.", "GET", "addon_types/nope", nil)

	offers := w.get("addons/")
	cloudtest.SameShape(t, "nks-list-addons.response", offers)
	offer := cloudtest.At(offers, "addons", 0).(object)
	cloudtest.SameShape(t, "nks-get-addon.response", w.get("addons/"+offer["uuid"].(string)))
	w.refused(404, "Addon calico could not be found.", "GET", "addons/calico", nil)
}

func TestAddons(t *testing.T) {
	w := newWorld(t)
	path := w.cluster("addons", nil, nil)
	calico := object{"name": "calico", "version": "v3.28.2-nks1", "resolve_conflicts": "none"}
	metrics := object{"name": "metrics-server", "version": "v0.4.4-nks1", "resolve_conflicts": "preserve"}
	with := func(changes object) object {
		o := object{}
		merge(o, metrics)
		merge(o, changes)
		return o
	}
	for message, body := range map[string]object{
		"resolve_conflicts. Value: 'None'.": with(object{"resolve_conflicts": nil}),
		"resolve_conflicts. Value: 'x'.":    with(object{"resolve_conflicts": "x"}),
		"version. Value: 'None'.":           with(object{"version": nil}),
		"Addon metrics-server of version 1": with(object{"version": "1"}),
		"Unknown attribute":                 with(object{"odd": 1}),
		"options. Value: 'x'.":              with(object{"options": "x"}),
		"There is no such option.":          with(object{"options": object{"odd": 1}}),
	} {
		w.refused(400, message, "POST", path+"/addons/", body)
	}
	w.refused(400, "options.mode. Value: 'x'. It is none of", "POST", "clusters", w.clusterBody("refused", nil, object{"addons": []object{
		{"name": "calico", "version": "v3.28.2-nks1", "options": object{"mode": "x"}},
	}}))
	w.refused(409, "Addon calico of type cni is already installed.", "POST", path+"/addons/", calico)
	addons := w.get(path + "/addons/")
	cloudtest.SameShape(t, "nks-list-cluster-addons.response", addons)
	one := w.get(path + "/addons/calico")
	cloudtest.SameShape(t, "nks-get-cluster-addon.response", one)
	assert.Equal(t, one, w.get(path+"/addons/"+one["uuid"].(string)))
	assert.Equal(t, "CREATE_COMPLETE", one["status"])
	assert.Equal(t, object{"mode": "vxlan"}, one["options"])
	w.refused(404, "Addon nope could not be found.", "GET", path+"/addons/nope", nil)

	update := object{"version": "v3.30.2-nks1", "resolve_conflicts": "overwrite"}
	w.refused(400, "version. Value: 'None'.", "PATCH", path+"/addons/calico", object{})
	w.refused(400, "resolve_conflicts", "PATCH", path+"/addons/calico", object{"version": "v3.30.2-nks1"})
	w.refused(400, "Addon calico of version 1", "PATCH", path+"/addons/calico", object{"version": "1", "resolve_conflicts": "none"})
	w.refused(400, "It can't be changed.", "PATCH", path+"/addons/calico",
		object{"version": "v3.30.2-nks1", "resolve_conflicts": "none", "options": object{"mode": "ebpf"}})
	w.refused(404, "Addon nope", "PATCH", path+"/addons/nope", update)
	w.changed("CLUSTER_UPDATE_ADDON", path, "PATCH", path+"/addons/calico", update)
	assert.Equal(t, "v3.30.2-nks1", w.get(path + "/addons/calico")["version"])

	require.NoError(t, w.FailKubernetesTask("CLUSTER_UPDATE_ADDON", "conflict"))
	w.do(202, "PATCH", path+"/addons/calico", object{"version": "v3.30.2-nks2", "resolve_conflicts": "none"})
	assert.Equal(t, "UPDATE_IN_PROGRESS", w.get(path + "/addons/calico")["status"])
	w.Done()
	one = w.get(path + "/addons/calico")
	assert.Equal(t, []any{"UPDATE_FAILED", "conflict", "v3.30.2-nks1"}, []any{one["status"], one["status_reason"], one["version"]})

	w.refused(400, "Removing addon calico of the mandatory type cni is not supported.", "DELETE", path+"/addons/calico", nil)
	w.refused(404, "Addon metrics-server", "DELETE", path+"/addons/metrics-server", nil)
	require.NoError(t, w.FailKubernetesTask("CLUSTER_INSTALL_ADDON", "conflict"))
	w.do(202, "POST", path+"/addons/", metrics)
	w.Done()
	assert.Equal(t, "CREATE_FAILED", w.get(path + "/addons/metrics-server")["status"])
	w.changed("CLUSTER_INSTALL_ADDON", path, "POST", path+"/addons/", metrics)
	w.changed("CLUSTER_UNINSTALL_ADDON", path, "DELETE", path+"/addons/metrics-server", nil)
	assert.Len(t, w.get(path + "/addons")["addons"], 2)
}
