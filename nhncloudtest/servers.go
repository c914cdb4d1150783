package nhncloudtest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"time"
)

// server is a virtual machine. What the API calls its status follows from
// vm_state and task_state, as in nova.
type server struct {
	id, name    string
	project     *project
	flavor      *flavor
	image       *image // nil when it boots from a volume of its own
	key, zone   string
	ports       []port
	security    []*securityGroup
	metadata    map[string]string
	attached    []*attachment
	reservation string
	protected   bool

	vm, task string
	power    int
	fault    string // why it is in ERROR
	placed   bool   // has a host and addresses
	pending  *event

	created, updated, launched, terminated time.Time
}

// States of a server, as nova names them.
const (
	vmActive    = "active"
	vmBuilding  = "building"
	vmStopped   = "stopped"
	vmPaused    = "paused"
	vmSuspended = "suspended"
	vmRescued   = "rescued"
	vmResized   = "resized"
	vmShelved   = "shelved_offloaded"
	vmError     = "error"
	vmDeleted   = "deleted"
	vmUnknown   = "unknown"

	powerNone   = 0
	powerOn     = 1
	powerPaused = 3
	powerOff    = 4
)

// states gives the nova states behind each status.
var states = map[string]struct {
	vm, task string
	power    int
}{
	"ACTIVE":            {vmActive, "", powerOn},
	"BUILD":             {vmBuilding, "spawning", powerNone},
	"DELETED":           {vmDeleted, "", powerNone},
	"ERROR":             {vmError, "", powerNone},
	"HARD_REBOOT":       {vmActive, "rebooting_hard", powerOn},
	"MIGRATING":         {vmActive, "migrating", powerOn},
	"PASSWORD":          {vmActive, "updating_password", powerOn},
	"PAUSED":            {vmPaused, "", powerPaused},
	"REBOOT":            {vmActive, "rebooting", powerOn},
	"REBUILD":           {vmActive, "rebuilding", powerOn},
	"RESCUE":            {vmRescued, "", powerOn},
	"RESIZE":            {vmActive, "resize_migrating", powerOn},
	"REVERT_RESIZE":     {vmResized, "resize_reverting", powerOn},
	"SHELVED_OFFLOADED": {vmShelved, "", powerOff},
	"SHUTOFF":           {vmStopped, "", powerOff},
	"SUSPENDED":         {vmSuspended, "", powerOff},
	"UNKNOWN":           {vmUnknown, "", powerNone},
	"VERIFY_RESIZE":     {vmResized, "", powerOn},
}

func (v *server) status() string {
	byTask, byVM := "", "UNKNOWN"
	for status, st := range states {
		switch {
		case st.task != "" && st.task == v.task:
			byTask = status
		case st.task == "" && st.vm == v.vm:
			byVM = status
		}
	}
	switch {
	case byTask != "":
		return byTask
	case v.vm == vmBuilding:
		return "BUILD"
	}
	return byVM
}

// begin starts a task of a server. What is true afterwards comes with the end
// of the transition, and replaces whatever was under way.
func (s *Server) begin(v *server, at time.Time, task string, then func(at time.Time)) {
	v.pending.cancel()
	v.task, v.updated = task, at
	v.pending = s.after(at, func(at time.Time) {
		v.task, v.updated = "", at
		then(at)
	})
}

// running makes the server one that runs.
func (v *server) running(at time.Time) {
	v.vm, v.power, v.launched, v.placed, v.fault = vmActive, powerOn, at, true, ""
}

// server finds the server that the path names.
func (c *call) server() (*server, *reply) {
	id := c.value("serverId")
	if v := c.project.byID[id]; v != nil {
		return v, nil
	}
	return nil, notFound("Instance %s could not be found.", id)
}

func getServer(c *call) reply {
	v, r := c.server()
	if r != nil {
		return *r
	}
	return answer(http.StatusOK, object{"server": c.serverBody(v)})
}

func updateServer(c *call) reply {
	v, r := c.server()
	if r != nil {
		return *r
	}
	if sub(c.body, "server") == nil {
		return *required("", c.body, "server")
	}
	if name, ok := c.body["server"].(object)["name"]; ok {
		if r := checkName(name); r != nil {
			return *r
		}
		v.name, v.updated = strings.TrimSpace(name.(string)), c.now
	}
	return answer(http.StatusOK, object{"server": c.serverBody(v)})
}

func deleteServer(c *call) reply {
	v, r := c.server()
	if r == nil {
		r = c.destroy(v)
	}
	if r != nil {
		return *r
	}
	return answer(http.StatusNoContent, nil)
}

// destroy begins to delete a server, unless that is under way.
func (c *call) destroy(v *server) *reply {
	switch {
	case v.protected:
		return conflict("Instance %s is protected from deletion", v.id)
	case v.task != "deleting":
		c.srv.begin(v, c.now, "deleting", func(at time.Time) { v.project.remove(v, at) })
	}
	return nil
}

// remove ends a server: its volumes go or become free, as do its addresses.
func (p *project) remove(v *server, at time.Time) {
	for _, a := range v.attached {
		a.volume.attachment = nil
		if a.deleteOnTermination {
			p.volumes = slices.DeleteFunc(p.volumes, func(o *volume) bool { return o == a.volume })
		} else {
			a.volume.status = volumeAvailable
		}
	}
	for _, pt := range v.ports {
		delete(pt.subnet.used, pt.ip)
		if f := p.floatingIPOf(pt.id); f != nil {
			f.port = nil
		}
	}
	for _, g := range p.groups {
		g.members = slices.DeleteFunc(g.members, func(id string) bool { return id == v.id })
	}
	v.vm, v.power, v.terminated, v.attached = vmDeleted, powerNone, at, nil
	p.servers = slices.DeleteFunc(p.servers, func(o *server) bool { return o == v })
	delete(p.byID, v.id)
	const kept = 1000
	p.deleted = append(p.deleted, v)
	p.deleted = p.deleted[max(0, len(p.deleted)-kept):]
}

func (c *call) serverBody(v *server) object {
	addresses := object{}
	security := []object{}
	hostID := ""
	if v.placed {
		for _, p := range v.ports {
			address := func(ip netip.Addr, kind string) object {
				return object{"addr": ip.String(), "version": 4, "OS-EXT-IPS:type": kind, "OS-EXT-IPS-MAC:mac_addr": p.mac}
			}
			list, _ := addresses[p.subnet.network.name].([]object)
			list = append(list, address(p.ip, "fixed"))
			if f := v.project.floatingIPOf(p.id); f != nil {
				list = append(list, address(f.ip, "floating"))
			}
			addresses[p.subnet.network.name] = list
		}
		sum := sha256.Sum224([]byte(v.project.tenant.id + v.zone))
		hostID = hex.EncodeToString(sum[:])
	}
	for _, g := range v.security {
		security = append(security, object{"name": g.name})
	}
	volumes := []object{}
	for _, a := range v.attached {
		volumes = append(volumes, object{"id": a.volume.id})
	}
	var image any = "" // nova's way to say that there is none
	if v.image != nil {
		image = object{"id": v.image.id, "links": c.bookmark("images", v.image.id)}
	}
	var task, key any
	if v.task != "" {
		task = v.task
	}
	if v.key != "" {
		key = v.key
	}
	o := object{
		"id": v.id, "name": v.name, "status": v.status(), "tenant_id": v.project.tenant.id, "user_id": c.srv.userID,
		"created": seconds(v.created), "updated": seconds(v.updated), "hostId": hostID,
		"addresses": addresses, "accessIPv4": "", "accessIPv6": "", "links": c.computeLinks("servers", v.id),
		"image": image, "flavor": object{"id": v.flavor.ID, "links": c.bookmark("flavors", v.flavor.ID)},
		"key_name": key, "security_groups": security, "metadata": v.metadata, "progress": 0, "config_drive": "",
		"OS-EXT-STS:task_state": task, "OS-EXT-STS:vm_state": v.vm, "OS-EXT-STS:power_state": v.power,
		"OS-SRV-USG:launched_at":               orNull(v.launched, micros),
		"OS-SRV-USG:terminated_at":             orNull(v.terminated, micros),
		"OS-EXT-AZ:availability_zone":          v.zone,
		"os-extended-volumes:volumes_attached": volumes,
		"NHN-EXT-ATTR:ephemeral_disk_size":     v.flavor.Ephemeral,
		"NHN-EXT-ATTR:protect":                 v.protected,
	}
	if v.vm == vmError {
		o["fault"] = object{"code": 500, "message": v.fault, "created": seconds(v.updated)}
	}
	return o
}

func listServers(c *call) reply {
	return c.listServers(func(v *server) object {
		return object{"id": v.id, "name": v.name, "links": c.computeLinks("servers", v.id)}
	})
}

func listServersDetail(c *call) reply { return c.listServers(c.serverBody) }

// listServers answers one page, the newest server first.
func (c *call) listServers(body func(*server) object) reply {
	limit, r := c.limit()
	if r != nil {
		return *r
	}
	picked, r := c.serverFilter()
	if r != nil {
		return *r
	}
	var found []*server
	marker := c.query.Get("marker")
	all := c.project.servers
	if c.query.Has("changes-since") {
		all = slices.Concat(c.project.deleted, all)
	}
	for _, v := range slices.Backward(all) {
		if v.id == marker || picked(v) {
			found = append(found, v)
		}
	}
	page, ok := cutPage(found, func(v *server) string { return v.id }, marker, limit)
	if !ok {
		return *badRequest("marker [%s] not found", marker)
	}
	servers := []object{}
	for _, v := range page {
		servers = append(servers, body(v))
	}
	answered := object{"servers": servers}
	if len(page) == limit {
		answered["servers_links"] = c.nextPage(page[limit-1].id)
	}
	return answer(http.StatusOK, answered)
}

// serverFilter is what the query asks of the servers of a list.
func (c *call) serverFilter() (func(*server) bool, *reply) {
	var checks []func(*server) bool
	add := func(check func(*server) bool) { checks = append(checks, check) }
	if q := c.query.Get("name"); q != "" {
		re, err := regexp.Compile(q)
		if err != nil {
			return nil, badRequest("Invalid filter name: %s", q)
		}
		add(func(v *server) bool { return re.MatchString(v.name) })
	}
	if q := c.query.Get("status"); q != "" {
		add(func(v *server) bool { return strings.EqualFold(v.status(), q) })
	}
	if q := c.query.Get("image"); q != "" {
		add(func(v *server) bool { return v.image != nil && strings.HasSuffix("/"+q, "/"+v.image.id) })
	}
	if q := c.query.Get("flavor"); q != "" {
		add(func(v *server) bool { return strings.HasSuffix("/"+q, "/"+v.flavor.ID) })
	}
	if q := c.query.Get("reservation_id"); q != "" {
		add(func(v *server) bool { return v.reservation == q })
	}
	if q := c.query.Get("changes-since"); q != "" {
		since, err := parseTime(q)
		if err != nil {
			return nil, badRequest("Invalid input for query parameters changes-since. Value: %s. '%s' is not a 'date-time'", q, q)
		}
		add(func(v *server) bool { return !v.updated.Truncate(time.Second).Before(since) })
	}
	return func(v *server) bool {
		for _, check := range checks {
			if !check(v) {
				return false
			}
		}
		return true
	}, nil
}

// parseTime takes the forms that changes-since comes in.
func parseTime(s string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", time.DateOnly} {
		if t, err := time.ParseInLocation(layout, s, time.UTC); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("no time: %q", s)
}

// Server metadata.

func listMetadata(c *call) reply {
	v, r := c.server()
	if r != nil {
		return *r
	}
	return answer(http.StatusOK, object{"metadata": v.metadata})
}

func getMetadata(c *call) reply {
	v, r := c.server()
	if r != nil {
		return *r
	}
	key := c.value("key")
	value, ok := v.metadata[key]
	if !ok {
		return *notFound("Metadata item was not found")
	}
	return answer(http.StatusOK, object{"meta": object{key: value}})
}

func setMetadata(c *call) reply {
	v, r := c.server()
	if r != nil {
		return *r
	}
	meta := sub(c.body, "meta")
	if meta == nil {
		return *required("", c.body, "meta")
	}
	if len(meta) != 1 {
		return *badRequest("Request body contains too many items")
	}
	key := c.value("key")
	value, ok := meta[key]
	if !ok {
		return *badRequest("Request body and URI mismatch")
	}
	if r := checkMetadata("meta", object{key: value}); r != nil {
		return *r
	}
	v.metadata[key] = value.(string)
	v.updated = c.now
	return answer(http.StatusOK, object{"meta": object{key: value}})
}

func deleteMetadata(c *call) reply {
	v, r := c.server()
	if r != nil {
		return *r
	}
	if _, ok := v.metadata[c.value("key")]; !ok {
		return *notFound("Metadata item was not found")
	}
	delete(v.metadata, c.value("key"))
	v.updated = c.now
	return answer(http.StatusNoContent, nil)
}

// checkMetadata checks the pairs of a metadata object: strings of at most 255
// characters.
func checkMetadata(field string, pairs object) *reply {
	for k, value := range pairs {
		s, ok := value.(string)
		switch {
		case !ok:
			return invalid(field+"/"+k, value, pyRepr(value)+" is not of type 'string'")
		case k == "" || len([]rune(k)) > 255:
			return badRequest("Metadata property key greater than 255 characters")
		case len([]rune(s)) > 255:
			return badRequest("Metadata property value greater than 255 characters")
		}
	}
	return nil
}

// checkName checks the name of a server.
func checkName(v any) *reply {
	name, ok := v.(string)
	switch {
	case !ok:
		return invalid("name", v, pyRepr(v)+" is not of type 'string'")
	case strings.TrimSpace(name) == "":
		return invalid("name", v, "'"+name+"' is too short")
	case len([]rune(name)) > 255:
		return invalid("name", v, pyRepr(shorten(name))+" is too long")
	}
	return nil
}
