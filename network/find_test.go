package network_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/network"
)

// search is one of the methods that find the one thing which is meant.
type search struct {
	want apitest.Want
	find func(ctx context.Context, n *network.Client) (id string, err error)
}

var (
	externalSearch = search{want("network-v2-list-vpcs", http.MethodGet, "/vpcs?router%3Aexternal=true", ""), func(ctx context.Context, n *network.Client) (string, error) {
		vpc, err := n.VPCs.FindExternal(ctx)
		if err != nil {
			return "", err
		}
		return vpc.ID, nil
	}}
	defaultSearch = search{want("network-v2-list-vpcs", http.MethodGet, "/vpcs?name=Default+Network", ""), func(ctx context.Context, n *network.Client) (string, error) {
		vpc, err := n.VPCs.FindDefault(ctx)
		if err != nil {
			return "", err
		}
		return vpc.ID, nil
	}}
	tableSearch = search{want("network-v2-list-routingtables", http.MethodGet, "/routingtables?default_table=true&detail=true", ""), func(ctx context.Context, n *network.Client) (string, error) {
		table, err := n.RoutingTables.FindDefault(ctx, "162de82d-7301-4141-ae7a-36c3dc9a63f8")
		if err != nil {
			return "", err
		}
		return table.ID, nil
	}}
	portSearch = search{want("network-v2-list-ports", http.MethodGet, "/ports?device_id="+serverID+"&fixed_ips=ip_address%3D192.168.0.15", ""), func(ctx context.Context, n *network.Client) (string, error) {
		port, err := n.Ports.FindOfServer(ctx, serverID, "192.168.0.15")
		if err != nil {
			return "", err
		}
		return port.ID, nil
	}}
	onlyPortSearch = search{want("network-v2-list-ports", http.MethodGet, "/ports?device_id="+serverID, ""), func(ctx context.Context, n *network.Client) (string, error) {
		port, err := n.Ports.FindOfServer(ctx, serverID, "")
		if err != nil {
			return "", err
		}
		return port.ID, nil
	}}
)

func TestFind(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		search search
		body   string
		id     string
		err    error
		text   string
	}{
		"external network":            {externalSearch, "@network-v2-list-vpcs.response.json", externalID, nil, ""},
		"no external network":         {externalSearch, `{"vpcs": []}`, "", nhncloud.ErrNotFound, "there is no external network"},
		"filter of externals is lost": {externalSearch, `{"vpcs": [{"id": "v"}, {"id": "e", "router:external": true}]}`, "e", nil, ""},
		"two external networks": {externalSearch, `{"vpcs": [{"id": "e1", "router:external": true}, {"id": "e2", "router:external": true}]}`, "",
			nhncloud.ErrConflict, "there is more than one external network, of which one has to be chosen: e1, e2"},
		"default VPC":    {defaultSearch, `{"vpcs": [{"id": "v", "name": "Default Network"}]}`, "v", nil, ""},
		"no default VPC": {defaultSearch, `{"vpcs": [{"id": "v", "name": "shop"}]}`, "", nhncloud.ErrNotFound, "there is no VPC Default Network"},
		"VPCs of others": {defaultSearch, `{"vpcs": [{"id": "e", "name": "Default Network", "router:external": true}, {"id": "s", "name": "Default Network", "shared": true}, {"id": "v", "name": "Default Network"}]}`, "v", nil, ""},
		"two default VPCs": {defaultSearch, `{"vpcs": [{"id": "v", "name": "Default Network"}, {"id": "w", "name": "Default Network"}]}`, "",
			nhncloud.ErrConflict, "v, w"},
		"default table": {tableSearch, "@network-v2-list-routingtables.response.2.json", "51848e19-f4ae-489a-9428-71927b97f3b5", nil, ""},
		"tables of others": {tableSearch, `{"routingtables": [{"id": "a", "default_table": true, "vpcs": [{"id": "other"}]}, {"id": "b", "vpcs": [{"id": "162de82d-7301-4141-ae7a-36c3dc9a63f8"}]}]}`, "",
			nhncloud.ErrNotFound, "there is no default routing table of VPC 162de82d-7301-4141-ae7a-36c3dc9a63f8"},
		"tables with ids": {tableSearch, `{"routingtables": [{"id": "a", "default_table": true, "vpcs": ["162de82d-7301-4141-ae7a-36c3dc9a63f8"]}]}`, "a", nil, ""},
		"port":            {portSearch, "@network-v2-list-ports.response.json", portID, nil, ""},
		"no port":         {portSearch, `{"ports": []}`, "", nhncloud.ErrNotFound, "there is no port of server " + serverID},
		"other ports": {portSearch, `{"ports": [{"id": "a", "device_id": "other", "fixed_ips": [{"ip_address": "192.168.0.15"}]}, {"id": "b", "device_id": "` + serverID + `", "fixed_ips": [{"ip_address": "192.168.0.150"}]}]}`, "",
			nhncloud.ErrNotFound, ""},
		"only port":    {onlyPortSearch, "@network-v2-list-ports.response.json", portID, nil, ""},
		"two ports":    {onlyPortSearch, `{"ports": [{"id": "a", "device_id": "` + serverID + `"}, {"id": "b", "device_id": "` + serverID + `"}]}`, "", nhncloud.ErrConflict, "a, b"},
		"null listing": {onlyPortSearch, `{"ports": null}`, "", nhncloud.ErrBadAnswer, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			m.Expect(test.search.want, apitest.Reply{Body: test.body})
			id, err := test.search.find(t.Context(), network.New(m.Client))
			assert.Equal(t, test.id, id)
			if test.err == nil {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, test.err)
			assert.ErrorContains(t, err, test.text)
			var e *nhncloud.Error
			require.True(t, errors.As(err, &e))
			assert.Equal(t, test.search.want.Operation, e.Operation)
		})
	}
	for name, search := range map[string]search{"external": externalSearch, "default": defaultSearch, "table": tableSearch, "port": portSearch} {
		apitest.Failures(t, search.want, apitest.Reply{}, func(ctx context.Context, client *nhncloud.Client) error {
			id, err := search.find(ctx, network.New(client))
			assert.Empty(t, id, name)
			return err
		})
	}
	refuses(t, "network-v2-list-routingtables", "vpcID", func(ctx context.Context, n *network.Client) error {
		_, err := n.RoutingTables.FindDefault(ctx, "")
		return err
	})
	refuses(t, "network-v2-list-ports", "serverID, fixedIPAddress", func(ctx context.Context, n *network.Client) error {
		_, err := n.Ports.FindOfServer(ctx, "", "here")
		return err
	})
}
