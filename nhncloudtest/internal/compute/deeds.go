package compute

import (
	"slices"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/blockstorage"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// What is below happens to a server at the end of a transition.

// deeds are one of each.
func deeds() []any {
	return []any{
		taskDone{}, runs{}, stopped{}, resized{}, confirmed{}, shelved{}, unshelved{}, removed{}, scheduled{}, spawned{}, attached{}, detached{},
	}
}

// taskDone ends the task of a server, and then does what came of it.
type taskDone struct {
	server *Server
	then   frame.Deed // nil where nothing did
}

func (d taskDone) Happen(at time.Time) {
	d.server.Task, d.server.Updated = "", at
	if d.then != nil {
		d.then.Happen(at)
	}
}

type runs struct{ server *Server }

func (d runs) Happen(at time.Time) { d.server.running(at) }

type stopped struct{ server *Server }

func (d stopped) Happen(time.Time) { d.server.vm, d.server.power = vmStopped, powerOff }

// resized gives a server another flavor; confirmed brings it back to where it was
// before that.
type resized struct {
	server *Server
	to     *Flavor
	before string
	power  int
}

func (d resized) Happen(at time.Time) {
	v := d.server
	v.Flavor, v.vm = d.to, vmResized
	v.begin(at, "", confirmed{v, d.before, d.power})
}

type confirmed struct {
	server *Server
	before string
	power  int
}

func (d confirmed) Happen(at time.Time) {
	d.server.vm, d.server.power = d.before, d.power
	if d.before == vmActive {
		d.server.running(at)
	}
}

type shelved struct{ server *Server }

func (d shelved) Happen(time.Time) {
	d.server.vm, d.server.power, d.server.Placed = vmShelved, powerOff, true
	d.server.volumesBecome(blockstorage.Reserved)
}

type unshelved struct{ server *Server }

func (d unshelved) Happen(at time.Time) {
	d.server.running(at)
	d.server.volumesBecome(blockstorage.InUse)
}

// volumesBecome gives all volumes of a server a status.
func (v *Server) volumesBecome(status string) {
	for _, a := range v.Attached {
		a.Volume.Status = status
	}
}

type removed struct{ server *Server }

func (d removed) Happen(at time.Time) { d.server.remove(at) }

// scheduled has found a host for a new server, which comes up on it.
type scheduled struct{ server *Server }

func (d scheduled) Happen(at time.Time) {
	v, f := d.server, d.server.project.service.frame
	v.Task, v.Placed, v.Updated = "spawning", true, at
	v.pending = f.Plan(at.Add(f.Transition-f.Transition/2), spawned{v})
}

type spawned struct{ server *Server }

func (d spawned) Happen(at time.Time) { d.server.built(at) }

type attached struct {
	volume     *blockstorage.Volume
	attachment *blockstorage.Attachment
}

func (d attached) Happen(time.Time) {
	if d.volume.Attachment == d.attachment && d.volume.Status == blockstorage.Attaching {
		d.volume.Status = blockstorage.InUse
	}
}

type detached struct {
	server     *Server
	attachment *Attachment
}

func (d detached) Happen(time.Time) {
	v, a := d.server, d.attachment
	if a.Volume.Attachment != a.Attachment {
		return // the server went first
	}
	v.Attached = slices.DeleteFunc(v.Attached, func(o *Attachment) bool { return o == a })
	a.Volume.Detach()
}
