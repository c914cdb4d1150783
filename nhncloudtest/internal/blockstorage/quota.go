package blockstorage

import (
	"net/http"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// Quota limits what a tenant can have in a region; zero means no limit.
type Quota struct {
	Volumes, Snapshots int
	Gigabytes          int // of both together
}

// affords refuses so many GB more than the tenant may have.
func (p *Project) affords(gb int) *frame.Reply {
	limit := p.service.Quota.Gigabytes
	used := 0
	for _, v := range p.Volumes {
		used += v.Size
	}
	for _, s := range p.Snapshots {
		used += s.Size
	}
	if limit == 0 || used+gb <= limit {
		return nil
	}
	return overLimit("VolumeSizeExceedsAvailableQuota: Requested volume or snapshot exceeds allowed gigabytes quota. "+
		"Requested %dG, quota is %dG and %dG has been consumed.", gb, limit, used)
}

// affordsVolume refuses a volume more than the tenant may have.
func (p *Project) affordsVolume(gb int) *frame.Reply {
	if r := p.affords(gb); r != nil {
		return r
	}
	if most := p.service.Quota.Volumes; most > 0 && len(p.Volumes) >= most {
		return overLimit("VolumeLimitExceeded: Maximum number of volumes allowed (%d) exceeded for quota 'volumes'.", most)
	}
	return nil
}

// affordsSnapshot refuses a snapshot more than the tenant may have.
func (p *Project) affordsSnapshot(gb int) *frame.Reply {
	if r := p.affords(gb); r != nil {
		return r
	}
	if most := p.service.Quota.Snapshots; most > 0 && len(p.Snapshots) >= most {
		return overLimit("SnapshotLimitExceeded: Maximum number of snapshots allowed (%d) exceeded", most)
	}
	return nil
}

// overLimit is the quota error, the odd one out.
func overLimit(format string, args ...any) *frame.Reply {
	r := frame.Refused(http.StatusRequestEntityTooLarge, format, args...)
	rep := frame.NamedFault(r.Status, "overLimit", object{"code": r.Status, "message": r.Message, "retryAfter": "0"})
	rep.Header.Set("Retry-After", "0")
	return &rep
}
