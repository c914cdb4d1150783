package blockstorage

import (
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// Snapshot is what a volume held at some time.
type Snapshot struct {
	Disk
	ID                string
	Name, Description Text
	Status            string
	Metadata          map[string]string
	Volume            *Volume
	Created           time.Time
}

// Snapshot finds a snapshot; nil when there is none.
func (p *Project) Snapshot(id string) *Snapshot {
	i := slices.IndexFunc(p.Snapshots, func(s *Snapshot) bool { return s.ID == id })
	if i < 0 {
		return nil
	}
	return p.Snapshots[i]
}

// of are the snapshots of a volume, oldest first.
func (p *Project) of(v *Volume) []*Snapshot {
	return slices.DeleteFunc(slices.Clone(p.Snapshots), func(s *Snapshot) bool { return s.Volume != v })
}

// theSnapshot finds the snapshot that the path names.
func (c *call) theSnapshot() (*Snapshot, *frame.Reply) {
	id := c.Value("snapshotId")
	if s := c.project.Snapshot(id); s != nil {
		return s, nil
	}
	return nil, frame.NotFound("Snapshot %s could not be found.", id)
}

func getSnapshot(c *call) frame.Reply {
	s, r := c.theSnapshot()
	if r != nil {
		return *r
	}
	return frame.Answer(http.StatusOK, object{"snapshot": c.snapshotBody(s)})
}

func createSnapshot(c *call) frame.Reply {
	request := frame.Sub(c.Body, "snapshot")
	if request == nil {
		return *frame.Required("", c.Body, "snapshot")
	}
	s, r := c.readSnapshot(request)
	if r == nil {
		r = c.project.affordsSnapshot(s.Size)
	}
	if r != nil {
		return *r
	}
	c.project.Snapshots = append(c.project.Snapshots, s)
	c.Frame.After(c.Now, snapshotMade{s})
	return frame.Answer(http.StatusAccepted, object{"snapshot": s.summary()})
}

// readSnapshot makes the snapshot that a request describes.
func (c *call) readSnapshot(request object) (*Snapshot, *frame.Reply) {
	if request["volume_id"] == nil {
		return nil, frame.Required("snapshot", request, "volume_id")
	}
	id := frame.Str(request, "volume_id")
	v := c.project.Volume(id)
	if v == nil {
		return nil, frame.NotFound("Volume %s could not be found.", id)
	}
	force, r := readBool(request, "force")
	if r != nil {
		return nil, r
	}
	states := []string{Available}
	if force {
		states = append(states, InUse)
	}
	if r := v.mustBe(states...); r != nil {
		return nil, r
	}
	s := &Snapshot{Disk: v.Disk, ID: frame.NewID(), Status: Creating, Volume: v, Created: c.Now}
	s.Properties = maps.Clone(v.Properties)
	if s.Name, s.Description, r = readTexts(request); r != nil {
		return nil, r
	}
	if s.Metadata, r = readMetadata(request); r != nil {
		return nil, r
	}
	return s, nil
}

// summary is a snapshot in the short listing, and right after its creation.
func (s *Snapshot) summary() object {
	return object{
		"id": s.ID, "name": s.Name.Value(), "description": s.Description.Value(), "status": s.Status, "size": s.Size,
		"volume_id": s.Volume.ID, "metadata": s.Metadata, "created_at": frame.Micros(s.Created),
	}
}

func (c *call) snapshotBody(s *Snapshot) object {
	body := s.summary()
	progress := "100%"
	if s.Status == Creating {
		progress = "0%"
	}
	body["os-extended-snapshot-attributes:progress"] = progress
	body["os-extended-snapshot-attributes:project_id"] = c.Tenant
	return body
}
