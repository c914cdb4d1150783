package nks_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/nks"
)

const (
	addonArg       = "ADDON_UUID_OR_NAME"
	addonClusterID = "6c1284e2-8ead-46a7-ace9-c19d6eec76b3"
)

func documentedTypes() []*nks.AddonType {
	return []*nks.AddonType{
		{UUID: "123e4567-e89b-12d3-a456-426614174001", Name: "cni", Mandatory: true},
		{UUID: "123e4567-e89b-12d3-a456-426614174003", Name: "kube-dns", Mandatory: true},
	}
}

func documentedAddons() []*nks.Addon {
	return []*nks.Addon{{
		UUID: "23454567-1234-12d3-a456-426614174001", Type: "cni", Name: "calico", Version: "v3.28.2-nks1", K8sMinVersion: "v1.26.0",
		Description:   "Calico is a CNI plugin for Kubernetes that provides networking and network security.",
		OptionSchemas: []nks.AddonOptionSchema{{Name: "mode", DataType: nks.AddonOptionSelect, Default: "vxlan", Choices: []string{"vxlan", "ebpf"}}},
	}, {
		UUID: "23454567-1234-12d3-a456-426614174005", Type: "kube-dns", Name: "coredns", Version: "1.8.4-nks1", K8sMinVersion: "v1.26.0",
		Description: "CoreDNS is the default DNS server for Kubernetes clusters.", OptionSchemas: []nks.AddonOptionSchema{},
	}}
}

func documentedInstalled(t *testing.T) []*nks.ClusterAddon {
	t.Helper()
	calico := nks.ClusterAddon{
		UUID: "0b29e253-fb0d-4888-a8fe-d287c65ba76b", Type: "cni", Name: "calico", Version: "v3.28.2-nks1", Options: map[string]any{"mode": "vxlan"},
		Status: nks.StatusUpdateComplete, Scope: "cluster", TargetUUID: addonClusterID, ClusterUUID: addonClusterID, ClusterName: "tw-addon3",
		ProjectID: "1ffeaca9bbf94ab1aa9cffdec29a258a", CreatedAt: at(t, "2025-04-25T15:11:48+00:00"), UpdatedAt: at(t, "2025-04-25T15:17:16+00:00"),
	}
	coredns := calico
	coredns.UUID, coredns.Type, coredns.Name, coredns.Version = "be71a120-7596-4b25-bee5-d5317e5134ee", "kube-dns", "coredns", "1.8.4-nks1"
	coredns.Options, coredns.Status = map[string]any{}, nks.StatusUpdateFailed
	coredns.CreatedAt, coredns.UpdatedAt = at(t, "2025-05-02T06:16:39+00:00"), at(t, "2025-05-08T01:03:19+00:00")
	return []*nks.ClusterAddon{&calico, &coredns}
}

func TestAddonsTypes(t *testing.T) {
	t.Parallel()
	apitest.Check(t, want("nks-list-addon-types", http.MethodGet, "/addon_types/", ""), documented("nks-list-addon-types"), documentedTypes(),
		on(func(ctx context.Context, k *nks.Client) ([]*nks.AddonType, error) { return k.Addons.ListTypes(ctx) }))
	const operation = "nks-get-addon-type"
	apitest.Check(t, want(operation, http.MethodGet, "/addon_types/cni", ""), documented(operation), documentedTypes()[0],
		on(func(ctx context.Context, k *nks.Client) (*nks.AddonType, error) { return k.Addons.GetType(ctx, "cni") }))
	refusesIDs(t, operation, "ADDON_TYPE_UUID_OR_NAME", func(ctx context.Context, k *nks.Client, id string) error {
		_, err := k.Addons.GetType(ctx, id)
		return err
	})
}

func TestAddonsOffered(t *testing.T) {
	t.Parallel()
	apitest.Check(t, want("nks-list-addons", http.MethodGet, "/addons/", ""), documented("nks-list-addons"), documentedAddons(),
		on(func(ctx context.Context, k *nks.Client) ([]*nks.Addon, error) { return k.Addons.List(ctx) }))
	const operation, uuid = "nks-get-addon", "23454567-1234-12d3-a456-426614174001"
	apitest.Check(t, want(operation, http.MethodGet, "/addons/"+uuid, ""), documented(operation), documentedAddons()[0],
		on(func(ctx context.Context, k *nks.Client) (*nks.Addon, error) { return k.Addons.Get(ctx, uuid) }))
	refusesIDs(t, operation, "ADDON_UUID", func(ctx context.Context, k *nks.Client, id string) error {
		_, err := k.Addons.Get(ctx, id)
		return err
	})
}

func TestAddonsInstalled(t *testing.T) {
	t.Parallel()
	const listOperation, getOperation = "nks-list-cluster-addons", "nks-get-cluster-addon"
	apitest.Check(t, want(listOperation, http.MethodGet, "/clusters/web/addons/", ""), documented(listOperation), documentedInstalled(t),
		on(func(ctx context.Context, k *nks.Client) ([]*nks.ClusterAddon, error) {
			return k.Addons.ListInstalled(ctx, "web")
		}))
	refusesIDs(t, listOperation, clusterArg, func(ctx context.Context, k *nks.Client, id string) error {
		_, err := k.Addons.ListInstalled(ctx, id)
		return err
	})
	apitest.Check(t, want(getOperation, http.MethodGet, "/clusters/web/addons/calico", ""), documented(getOperation), documentedInstalled(t)[0],
		on(func(ctx context.Context, k *nks.Client) (*nks.ClusterAddon, error) {
			return k.Addons.GetInstalled(ctx, "web", "calico")
		}))
	refusesIDs(t, getOperation, clusterArg, func(ctx context.Context, k *nks.Client, id string) error {
		_, err := k.Addons.GetInstalled(ctx, id, "calico")
		return err
	})
	refusesIDs(t, getOperation, addonArg, func(ctx context.Context, k *nks.Client, id string) error {
		_, err := k.Addons.GetInstalled(ctx, "web", id)
		return err
	})
}

func TestAddonsInstall(t *testing.T) {
	t.Parallel()
	const operation = "nks-install-cluster-addon"
	install := func(request nks.AddonInstallRequest) change {
		return func(ctx context.Context, k *nks.Client, cluster, _ string) (string, error) {
			return k.Addons.Install(ctx, cluster, request)
		}
	}
	w := want(operation, http.MethodPost, "/clusters/my%20cluster/addons/", "@")
	checkChange(t, w, addonClusterID, install(nks.AddonInstallRequest{Name: "coredns", Version: "1.8.4-nks1", ResolveConflicts: nks.ResolveOverwrite}))
	sends(t, w, `{"name": "calico", "version": "v3", "resolve_conflicts": "none", "options": {"mode": "ebpf"}}`, documented(operation), func(ctx context.Context, k *nks.Client) error {
		_, err := k.Addons.Install(ctx, "my cluster", nks.AddonInstallRequest{
			Name: "calico", Version: "v3", ResolveConflicts: nks.ResolveNone, Options: map[string]any{"mode": "ebpf"},
		})
		return err
	})
	refuses(t, operation, "Name, Version, ResolveConflicts", func(ctx context.Context, k *nks.Client) error {
		_, err := install(nks.AddonInstallRequest{})(ctx, k, "web", "")
		return err
	})
}

func TestAddonsUpdate(t *testing.T) {
	t.Parallel()
	const operation = "nks-update-cluster-addon"
	update := func(request nks.AddonUpdateRequest) change {
		return func(ctx context.Context, k *nks.Client, cluster, addon string) (string, error) {
			return k.Addons.Update(ctx, cluster, addon, request)
		}
	}
	good := nks.AddonUpdateRequest{Version: "1.8.4-nks1", ResolveConflicts: nks.ResolveNone}
	checkChange(t, want(operation, http.MethodPatch, "/clusters/my%20cluster/addons/workers", "@"), addonClusterID, update(good))
	refuses(t, operation, "Version, ResolveConflicts", func(ctx context.Context, k *nks.Client) error {
		_, err := update(nks.AddonUpdateRequest{})(ctx, k, "web", "calico")
		return err
	})
	refusesIDs(t, operation, addonArg, func(ctx context.Context, k *nks.Client, id string) error {
		_, err := update(good)(ctx, k, "web", id)
		return err
	})
}

func TestAddonsRemove(t *testing.T) {
	t.Parallel()
	const operation = "nks-remove-cluster-addon"
	checkChange(t, want(operation, http.MethodDelete, "/clusters/my%20cluster/addons/workers", ""), addonClusterID,
		func(ctx context.Context, k *nks.Client, cluster, addon string) (string, error) {
			return k.Addons.Remove(ctx, cluster, addon)
		})
	refusesIDs(t, operation, addonArg, func(ctx context.Context, k *nks.Client, id string) error {
		_, err := k.Addons.Remove(ctx, "web", id)
		return err
	})
}
