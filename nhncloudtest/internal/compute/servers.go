package compute

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/image"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/network"
)

// Server is a virtual machine. What the API calls its status follows from
// vm_state and task_state, as in nova.
type Server struct {
	ID, Name  string
	Flavor    *Flavor
	Image     *image.Image // nil when it boots from a volume of its own
	Key, Zone string
	Ports     []*network.Port
	Metadata  map[string]string
	Attached  []*Attachment
	Task      string // what is under way
	Placed    bool   // has a host and addresses

	Created, Updated, Launched time.Time

	project     *Project
	reservation string
	protected   bool
	vm          string
	power       int
	fault       string // why it is in ERROR
	pending     *frame.Event
	terminated  time.Time
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

// Status is what the API calls it.
func (v *Server) Status() string {
	byTask, byVM := "", "UNKNOWN"
	for status, st := range states {
		switch {
		case st.task != "" && st.task == v.Task:
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
func (v *Server) begin(at time.Time, task string, then frame.Deed) {
	v.pending.Cancel()
	v.Task, v.Updated = task, at
	v.pending = v.project.service.frame.After(at, taskDone{v, then})
}

// running makes the server one that runs.
func (v *Server) running(at time.Time) {
	v.vm, v.power, v.Launched, v.Placed, v.fault = vmActive, powerOn, at, true, ""
}

// server finds the server that the path names.
func (c *call) server() (*Server, *frame.Reply) {
	id := c.Value("serverId")
	if v := c.project.Server(id); v != nil {
		return v, nil
	}
	return nil, frame.NotFound("Instance %s could not be found.", id)
}

func getServer(c *call) frame.Reply {
	v, r := c.server()
	if r != nil {
		return *r
	}
	return frame.Answer(http.StatusOK, object{"server": c.serverBody(v)})
}

func updateServer(c *call) frame.Reply {
	v, r := c.server()
	if r != nil {
		return *r
	}
	if frame.Sub(c.Body, "server") == nil {
		return *frame.Required("", c.Body, "server")
	}
	if name, ok := c.Body["server"].(object)["name"]; ok {
		if r := checkName(name); r != nil {
			return *r
		}
		v.Name, v.Updated = strings.TrimSpace(name.(string)), c.Now
	}
	return frame.Answer(http.StatusOK, object{"server": c.serverBody(v)})
}

func deleteServer(c *call) frame.Reply {
	v, r := c.server()
	if r == nil {
		r = v.Destroy(c.Now)
	}
	if r != nil {
		return *r
	}
	return frame.Answer(http.StatusNoContent, nil)
}

// Destroy begins to delete a server, unless that is under way.
func (v *Server) Destroy(now time.Time) *frame.Reply {
	switch {
	case v.protected:
		return frame.Conflict("Instance %s is protected from deletion", v.ID)
	case v.Task != "deleting":
		v.begin(now, "deleting", removed{v})
	}
	return nil
}

// remove ends a server: its volumes go or become free, as do its addresses.
func (v *Server) remove(at time.Time) {
	p := v.project
	for _, a := range v.Attached {
		a.Volume.Detach()
		if a.deleteOnTermination {
			p.Volumes.Remove(a.Volume)
		}
	}
	v.unplug()
	for _, g := range p.groups {
		g.members = slices.DeleteFunc(g.members, func(id string) bool { return id == v.ID })
	}
	v.vm, v.power, v.terminated, v.Attached = vmDeleted, powerNone, at, nil
	p.Servers = slices.DeleteFunc(p.Servers, func(o *Server) bool { return o == v })
	delete(p.byID, v.ID)
	const kept = 1000
	p.deleted = append(p.deleted, v)
	p.deleted = p.deleted[max(0, len(p.deleted)-kept):]
}

// Server finds a server; nil when there is none.
func (p *Project) Server(id string) *Server { return p.byID[id] }

// checkName checks the name of a server.
func checkName(v any) *frame.Reply {
	name, ok := v.(string)
	switch {
	case !ok:
		return frame.Invalid("name", v, frame.PyRepr(v)+" is not of type 'string'")
	case strings.TrimSpace(name) == "":
		return frame.Invalid("name", v, "'"+name+"' is too short")
	case len([]rune(name)) > 255:
		return frame.Invalid("name", v, frame.PyRepr(frame.Shorten(name))+" is too long")
	}
	return nil
}
