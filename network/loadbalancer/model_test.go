package loadbalancer_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/network/loadbalancer"
)

type object = map[string]any

// model is a service that keeps what it is told, and is always ready. It stands
// in for the cloud where a test is about what is sent.
type model struct {
	mu      sync.Mutex
	objects map[string][]object // by collection
	n       int
	sent    []string // what changes something
	// broken is the number of the request that goes wrong, from 1 on; 0 for none.
	// With lost it is done and its answer gets lost, else it is not done.
	broken int
	lost   bool
	status int // of the answer to it; 0 for a broken connection
	asked  int
	stays  string                    // a status that all load balancers have; "" for that which they should have
	refuse func(r *http.Request) int // the status to refuse a request with, 0 for none; nil for none at all
}

func newModel() *model { return &model{objects: map[string][]object{}} }

func (m *model) client(t *testing.T) *loadbalancer.Client {
	t.Helper()
	client, err := m.core()
	require.NoError(t, err)
	return loadbalancer.New(client)
}

func (m *model) core() (*nhncloud.Client, error) {
	return nhncloud.NewClient(nhncloud.Config{Environment: nhncloud.Public, Region: nhncloud.KR1, TenantID: "tenant", WaitInterval: time.Microsecond},
		nhncloud.WithTokenSource(nhncloud.StaticToken("token")), nhncloud.WithRetry(nhncloud.NoRetry),
		nhncloud.WithHTTPClient(&http.Client{Transport: nhncloud.RoundTripperFunc(m.answer)}))
}

func (m *model) answer(r *http.Request) (*http.Response, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var body object
	if r.Body != nil {
		_ = json.NewDecoder(r.Body).Decode(&body)
	}
	m.asked++
	if m.refuse != nil {
		if status := m.refuse(r); status != 0 {
			return &http.Response{StatusCode: status, ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{}, Body: http.NoBody, Request: r}, nil
		}
	}
	wrong := m.asked == m.broken
	status, answer := m.status, any(object{})
	if !wrong || m.lost {
		status, answer = m.do(r, body)
	}
	if wrong {
		if m.status == 0 {
			return nil, errors.New("connection reset")
		}
		status, answer = m.status, object{}
	}
	text, err := json.Marshal(answer)
	if err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: status, ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(text)), ContentLength: int64(len(text)), Request: r}, nil
}

// singular is the key of one of a collection.
func singular(collection string) string {
	switch collection {
	case "l7policies":
		return "l7policy"
	}
	return strings.ReplaceAll(strings.TrimSuffix(collection, "s"), "-", "_")
}

func (m *model) do(r *http.Request, body object) (int, any) {
	path := strings.Split(strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, "/v2.0/lbaas/"), "/v1/"), "/")
	if r.Method != http.MethodGet {
		m.sent = append(m.sent, r.Method+" "+strings.Join(path, "/"))
	}
	m.setStatus()
	if path[len(path)-1] == "bind_ipacl_groups" {
		m.unbind(path[1])
		balancer := m.find(path[0], path[1])
		balancer["ipacl_groups"] = body["ipacl_groups_binding"]
		for _, g := range body["ipacl_groups_binding"].([]any) {
			group := m.find("ipacl-groups", g.(object)["ipacl_group_id"].(string))
			balancer["ipacl_group_action"] = group["action"]
			others, _ := group["loadbalancers"].([]any)
			group["loadbalancers"] = append(others, object{"loadbalancer_id": balancer["id"]})
		}
		return 200, []any{}
	}
	collection, parent := path[0], ""
	if len(path) > 2 {
		collection, parent = path[2], path[1]
		path = path[2:]
	}
	store := collection
	if parent != "" {
		store += "/" + parent
	}
	switch {
	case r.Method == http.MethodGet && len(path) == 1:
		list := []object{}
		for _, o := range m.objects[store] {
			if id := r.URL.Query().Get("listener_id"); id == "" || o["listener_id"] == id {
				list = append(list, o)
			}
		}
		return 200, object{strings.ReplaceAll(collection, "-", "_"): list}
	case r.Method == http.MethodPost:
		return m.create(r, collection, store, body)
	}
	is := m.find(store, path[1])
	switch {
	case is == nil:
		return 404, object{}
	case r.Method == http.MethodDelete:
		m.remove(collection, store, path[1])
		return 204, nil
	case r.Method == http.MethodPut:
		maps.Copy(is, body[singular(collection)].(object))
		m.sort(collection, is)
	}
	return 200, object{singular(collection): is}
}

// setStatus gives all load balancers the status that they have to have.
func (m *model) setStatus() {
	for _, balancer := range m.objects["loadbalancers"] {
		balancer["provisioning_status"] = cmp.Or(m.stays, "ACTIVE")
	}
}

func (m *model) find(store, id string) object {
	for _, o := range m.objects[store] {
		if o["id"] == id {
			return o
		}
	}
	return nil
}

func (m *model) create(r *http.Request, collection, store string, body object) (int, any) {
	m.n++
	id := fmt.Sprintf("%s-%d", singular(collection), m.n)
	if collection == "secrets" || collection == "containers" {
		ref := "https://" + r.URL.Host + "/v1/" + collection + "/" + id
		body["id"], body[singular(collection)+"_ref"] = id, ref
		m.objects[store] = append(m.objects[store], body)
		return 201, object{singular(collection) + "_ref": ref}
	}
	o := object{"id": id, "admin_state_up": true, "provisioning_status": "PENDING_CREATE", "weight": 1, "loadbalancer_type": "shared", "vip_address": "10.0.0.99"}
	maps.Copy(o, body[singular(collection)].(object))
	if balancer := o["loadbalancer_id"]; balancer != nil {
		o["loadbalancers"] = []any{object{"id": balancer}}
	}
	switch collection {
	case "healthmonitors":
		m.find("pools", o["pool_id"].(string))["healthmonitor_id"] = id
	case "ipacl-groups":
		o["loadbalancers"] = []any{}
		for _, target := range o["ipacl_targets"].([]any) {
			m.create(r, "ipacl-targets", "ipacl-targets", object{"ipacl_target": object{"ipacl_group_id": id, "cidr_address": target.(object)["cidr_address"], "description": target.(object)["description"]}})
		}
	}
	m.objects[store] = append(m.objects[store], o)
	m.sort(collection, o)
	return 201, object{singular(collection): o}
}

// sort gives the policies their positions after one has come or moved.
func (m *model) sort(collection string, moved object) {
	if collection != "l7policies" {
		return
	}
	position := func(o object) float64 {
		p, ok := o["position"].(float64)
		if !ok {
			p = 1000
		}
		if o["id"] == moved["id"] {
			p -= 0.5
		}
		return p
	}
	slices.SortStableFunc(m.objects[collection], func(a, b object) int { return cmp.Compare(position(a), position(b)) })
	next := map[any]float64{}
	for _, o := range m.objects[collection] {
		next[o["listener_id"]]++
		o["position"] = next[o["listener_id"]]
	}
}

// unbind takes a load balancer out of all groups.
func (m *model) unbind(balancer string) {
	for _, group := range m.objects["ipacl-groups"] {
		others, _ := group["loadbalancers"].([]any)
		group["loadbalancers"] = slices.DeleteFunc(others, func(ref any) bool { return ref.(object)["loadbalancer_id"] == balancer })
	}
}

func (m *model) remove(collection, store, id string) {
	m.objects[store] = slices.DeleteFunc(m.objects[store], func(o object) bool { return o["id"] == id })
	switch collection {
	case "loadbalancers":
		m.unbind(id)
	case "pools":
		delete(m.objects, "members/"+id)
		m.objects["healthmonitors"] = slices.DeleteFunc(m.objects["healthmonitors"], func(o object) bool { return o["pool_id"] == id })
	case "l7policies":
		delete(m.objects, "rules/"+id)
	case "healthmonitors":
		for _, pool := range m.objects["pools"] {
			if pool["healthmonitor_id"] == id {
				pool["healthmonitor_id"] = nil
			}
		}
	case "ipacl-groups":
		m.objects["ipacl-targets"] = slices.DeleteFunc(m.objects["ipacl-targets"], func(o object) bool { return o["ipacl_group_id"] == id })
	}
}
