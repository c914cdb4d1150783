package loadbalancer_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestErrorPages(t *testing.T) {
	w := newWorld(t)
	_, listener, _ := w.tree()
	path := "listeners/" + listener + "/errorpages"
	valid := object{"code": 502, "content_type": "text/html", "body": strings.Repeat("é", 1024)}
	page := w.make("errorpage", path, valid)
	w.make("errorpage", path, with(valid, object{"code": 503}))
	assert.Len(t, w.list("errorpages", path), 2)
	assert.Equal(t, "x", w.change("errorpage", path+"/"+page, object{"body": "x"})["body"])
	for _, c := range []struct {
		status  int
		message string
		fields  object
	}{
		{409, "Another Error Page on this Listener is already using code 502", nil},
		{400, "Value should be one of: 400, 403", object{"code": 501}},
		{400, "1024", object{"code": 504, "body": strings.Repeat("é", 1025)}},
		{400, "content_type. Value: 'None'", object{"content_type": nil}},
	} {
		w.refused(c.status, c.message, "POST", path, object{"errorpage": with(valid, c.fields)})
	}
	w.refused(400, "Unknown attribute", "PUT", path+"/"+page, object{"errorpage": object{"code": 503}})
	w.refused(404, "Listener "+nobody, "GET", "listeners/"+nobody+"/errorpages", nil)
	w.do(201, "POST", path, object{"errorpage": with(valid, object{"code": 400})})
	w.refused(409, "immutable", "POST", path, object{"errorpage": with(valid, object{"code": 403})})
	w.Done()
	w.gone(path + "/" + page)
}

func TestPolicies(t *testing.T) {
	w := newWorld(t)
	balancer, listener, pool := w.tree()
	policy := func(fields object) string {
		return w.make("l7policy", "l7policies", with(object{"listener_id": listener, "action": "REJECT"}, fields))
	}
	a, b := policy(nil), policy(object{"position": 10})
	first := policy(object{"position": 1, "action": "REDIRECT_TO_URL", "redirect_url": "https://#{host}:443/#{path}?#{query}"})
	order := func() []any { return w.list("l7policies", "l7policies?sort_key=position") }
	assert.Equal(t, []any{first, a, b}, order())
	assert.Equal(t, 302.0, w.show("l7policy", "l7policies/"+first)["redirect_http_code"])
	w.change("l7policy", "l7policies/"+b, object{"position": 2})
	assert.Equal(t, []any{first, b, a}, order())
	p := w.change("l7policy", "l7policies/"+first, object{"action": "REDIRECT_TO_POOL", "redirect_pool_id": pool})
	assert.Equal(t, []any{pool, nil, nil}, []any{p["redirect_pool_id"], p["redirect_url"], p["redirect_http_code"]})
	p = w.change("l7policy", "l7policies/"+first, object{"action": "REDIRECT_TO_URL", "redirect_url": "https://x", "redirect_http_code": 301})
	assert.Equal(t, []any{nil, 301.0}, []any{p["redirect_pool_id"], p["redirect_http_code"]})

	tcp := w.make("listener", "listeners", object{"loadbalancer_id": balancer, "protocol": "TCP", "protocol_port": 81})
	raw := w.make("pool", "pools", object{"loadbalancer_id": balancer, "protocol": "TCP", "lb_algorithm": "SOURCE_IP"})
	for _, c := range []struct {
		status  int
		message string
		fields  object
	}{
		{404, "Listener " + nobody, object{"listener_id": nobody}},
		{400, "A TCP listener cannot have L7 policies", object{"listener_id": tcp}},
		{400, "redirect_pool_id. Value: 'None'", object{"action": "REDIRECT_TO_POOL"}},
		{404, "Pool " + nobody, object{"action": "REDIRECT_TO_POOL", "redirect_pool_id": nobody}},
		{400, "The pool protocol 'TCP'", object{"action": "REDIRECT_TO_POOL", "redirect_pool_id": raw}},
		{400, "redirect_url. Value: 'None'", object{"action": "REDIRECT_TO_URL"}},
		{400, "Value should be a URL", object{"action": "REDIRECT_TO_URL", "redirect_url": "http://[x"}},
		{400, "lower or equal to 302", object{"action": "REDIRECT_TO_URL", "redirect_url": "http://x", "redirect_http_code": 404}},
		{400, "alone", object{"redirect_url": "http://x"}},
		{400, "greater or equal to 1", object{"position": 0}},
	} {
		w.refused(c.status, c.message, "POST", "l7policies", object{"l7policy": with(object{"listener_id": listener, "action": "REJECT"}, c.fields)})
	}
	w.gone("l7policies/" + first)
	assert.Equal(t, 1.0, w.show("l7policy", "l7policies/"+b)["position"])

	path := "l7policies/" + a + "/rules"
	valid := object{"type": "HEADER", "compare_type": "EQUAL_TO", "key": "X", "value": "v", "invert": false}
	rule := w.make("rule", path, valid)
	assert.Equal(t, "w", w.change("rule", path+"/"+rule, object{"value": "w"})["value"])
	for _, c := range []struct {
		message string
		fields  object
	}{
		{"a key is required", object{"key": nil}},
		{"a key is required", object{"type": "PATH"}},
		{"value. Value: 'None'", object{"value": ""}},
		{"only the compare types EQUAL_TO and REGEX", object{"type": "FILE_TYPE", "key": nil, "compare_type": "CONTAINS"}},
		{"is not a regular expression", object{"compare_type": "REGEX", "value": "("}},
		{"Value should be one of", object{"compare_type": "X"}},
	} {
		w.refused(400, c.message, "POST", path, object{"rule": with(valid, c.fields)})
	}
	plain := w.make("rule", path, object{"type": "PATH", "compare_type": "REGEX", "value": "^/a"})
	assert.Equal(t, true, w.show("rule", path+"/"+plain)["invert"], "as the guide has it")
	w.refused(404, "L7Policy "+nobody, "GET", "l7policies/"+nobody+"/rules", nil)
	w.gone(path + "/" + rule)
	w.gone("listeners/" + listener)
	assert.Empty(t, w.list("l7policies", "l7policies"))
}

func TestACL(t *testing.T) {
	w := newWorld(t)
	balancer := w.balancer(nil)
	deny := w.make("ipacl_group", "ipacl-groups", object{"action": "DENY", "name": "d", "ipacl_targets": []object{
		{"cidr_address": "192.168.0.5", "description": "one"}, {"cidr_address": "10.10.22.3/24"},
	}})
	allow := w.make("ipacl_group", "ipacl-groups", object{"action": "ALLOW"})
	assert.Equal(t, "2", w.show("ipacl_group", "ipacl-groups/"+deny)["ipacl_target_count"])
	assert.Len(t, w.list("ipacl_targets", "ipacl-targets?ipacl_group_id="+deny), 2)
	target := w.make("ipacl_target", "ipacl-targets", object{"ipacl_group_id": allow, "cidr_address": "1.2.3.4"})
	assert.Equal(t, "x", w.change("ipacl_target", "ipacl-targets/"+target, object{"description": "x"})["description"])

	bind := "loadbalancers/" + balancer + "/bind_ipacl_groups"
	body := func(ids ...any) object {
		all := []object{}
		for _, id := range ids {
			all = append(all, object{"ipacl_group_id": id})
		}
		return object{"ipacl_groups_binding": all}
	}
	res := w.Call("PUT", "/network/v2.0/lbaas/"+bind, body(deny))
	assert.JSONEq(t, `[{"loadbalancer_id": "`+balancer+`", "ipacl_group_id": "`+deny+`"}]`, res.Text)
	w.refused(409, "immutable", "PUT", bind, body())
	w.Done()
	l := w.show("loadbalancer", "loadbalancers/"+balancer)
	assert.Equal(t, []any{"DENY", []any{object{"ipacl_group_id": deny}}}, []any{l["ipacl_group_action"], l["ipacl_groups"]})
	assert.Equal(t, []any{object{"loadbalancer_id": balancer}}, w.show("ipacl_group", "ipacl-groups/"+deny)["loadbalancers"])
	for message, wrong := range map[string]object{
		"have to have the same action":        body(deny, allow),
		"is named twice":                      body(deny, deny),
		"IP ACL Group " + nobody:              body(nobody),
		"Value should be a list":              {"ipacl_groups_binding": 1},
		"ipacl_groups_binding. Value: 'None'": {},
		"ipacl_group_id. Value: 'None'":       body(nil),
		"Unknown attribute":                   {"ipacl_groups_binding": []any{}, "x": 1},
	} {
		status := 400
		if strings.Contains(message, nobody) {
			status = 404
		}
		w.refused(status, message, "PUT", bind, wrong)
	}
	w.refused(404, "not found", "PUT", "loadbalancers/"+nobody+"/bind_ipacl_groups", body())

	assert.Equal(t, "1", w.change("ipacl_group", "ipacl-groups/"+deny, object{"ipacl_targets": []object{{"cidr_address": "9.9.9.9"}}})["ipacl_target_count"])
	for message, wrong := range map[string]object{
		"Value should be an IPv4 address": {"cidr_address": "1.2.3.4/99"},
		"already has cidr_address":        {"cidr_address": "1.2.3.4"},
		"IP ACL Group " + nobody:          {"ipacl_group_id": nobody, "cidr_address": "1.2.3.4"},
	} {
		status := map[bool]int{true: 409, false: 400}[strings.Contains(message, "already")]
		if strings.Contains(message, nobody) {
			status = 404
		}
		w.refused(status, message, "POST", "ipacl-targets", object{"ipacl_target": with(object{"ipacl_group_id": allow}, wrong)})
	}
	twice := []object{{"cidr_address": "1.1.1.1"}, {"cidr_address": "1.1.1.1"}}
	w.refused(409, "already has", "POST", "ipacl-groups", object{"ipacl_group": object{"action": "ALLOW", "ipacl_targets": twice}})
	w.refused(400, "Value should be a list", "POST", "ipacl-groups", object{"ipacl_group": object{"action": "ALLOW", "ipacl_targets": 1}})
	w.refused(400, "Unknown attribute", "PUT", "ipacl-groups/"+deny, object{"ipacl_group": object{"action": "ALLOW"}})
	w.gone("ipacl-groups/" + deny)
	assert.Nil(t, w.show("loadbalancer", "loadbalancers/"+balancer)["ipacl_group_action"], "its rules go with it")
	assert.Equal(t, []any{target}, w.list("ipacl_targets", "ipacl-targets"))
	w.gone("ipacl-targets/" + target)
}
