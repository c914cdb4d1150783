package blockstorage

import (
	"net/http"
	"slices"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// theVolume finds the volume that the path names.
func (c *call) theVolume() (*Volume, *frame.Reply) {
	id := c.Value("volumeId")
	if v := c.project.Volume(id); v != nil {
		return v, nil
	}
	return nil, frame.NotFound("Volume %s could not be found.", id)
}

func getVolume(c *call) frame.Reply {
	v, r := c.theVolume()
	if r != nil {
		return *r
	}
	return frame.Answer(http.StatusOK, object{"volume": c.volumeBody(v)})
}

func deleteVolume(c *call) frame.Reply {
	v, r := c.theVolume()
	if r != nil {
		return *r
	}
	cascade := false
	if text := c.Query.Get("cascade"); text != "" {
		var ok bool
		if cascade, ok = frame.AsBool(text); !ok {
			return *frame.BadRequest("Invalid value for 'cascade': '%s'", text)
		}
	}
	if r := c.project.Delete(v, cascade, c.Now); r != nil {
		return *r
	}
	return frame.Answer(http.StatusAccepted, nil)
}

// deletable tells whether a volume in that state can be deleted.
func deletable(status string) bool {
	return slices.Contains([]string{Available, Error, ErrorRestoring, ErrorExtending}, status)
}

// deletable tells whether the snapshot can be deleted.
func (s *Snapshot) deletable() bool { return s.Status == Available || s.Status == Error }

// Delete begins to delete a volume that nothing uses, with its snapshots where
// that is wanted.
func (p *Project) Delete(v *Volume, withSnapshots bool, now time.Time) *frame.Reply {
	snapshots := p.of(v)
	kept := slices.ContainsFunc(snapshots, func(s *Snapshot) bool { return !withSnapshots || !s.deletable() && s.Status != Deleting })
	if !deletable(v.Status) || kept {
		return frame.BadRequest("Invalid volume: Volume status must be available or error or error_restoring or " +
			"error_extending or error_managing and must not be migrating, attached, belong to a group, have snapshots, " +
			"awaiting a transfer, or be disassociated from snapshots after volume transfer.")
	}
	for _, s := range snapshots {
		s.Status = Deleting
	}
	v.Status = Deleting
	p.service.frame.After(now, volumeGone{p, v})
	return nil
}

// Remove takes a volume away at once, unless it has snapshots.
func (p *Project) Remove(v *Volume) {
	if len(p.of(v)) == 0 {
		p.Volumes = slices.DeleteFunc(p.Volumes, func(o *Volume) bool { return o == v })
	}
}

func deleteSnapshot(c *call) frame.Reply {
	s, r := c.theSnapshot()
	if r != nil {
		return *r
	}
	if !s.deletable() {
		return *frame.BadRequest("Invalid snapshot: Snapshot status must be available or error and must not be part of a group.")
	}
	s.Status = Deleting
	c.Frame.After(c.Now, snapshotGone{c.project, s})
	return frame.Answer(http.StatusAccepted, nil)
}

// forget takes a snapshot away whose deletion did not fail.
func (p *Project) forget(s *Snapshot) {
	if s.Status != Deleting {
		return
	}
	p.Snapshots = slices.DeleteFunc(p.Snapshots, func(o *Snapshot) bool { return o == s })
}
