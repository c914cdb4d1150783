package blockstorage

import "time"

// What is below happens at the end of a transition, unless the status was set to
// something else meanwhile.

// deeds are one of each.
func deeds() []any {
	return []any{volumeMade{}, snapshotMade{}, uploaded{}, volumeGone{}, snapshotGone{}}
}

type volumeMade struct{ volume *Volume }

func (d volumeMade) Happen(time.Time) {
	if d.volume.Status == Creating {
		d.volume.Status = Available
	}
}

type snapshotMade struct{ snapshot *Snapshot }

func (d snapshotMade) Happen(time.Time) {
	if d.snapshot.Status == Creating {
		d.snapshot.Status = Available
	}
}

// uploaded has made an image of a volume, which is again what it was before.
type uploaded struct {
	volume *Volume
	before string
}

func (d uploaded) Happen(time.Time) {
	if d.volume.Status == Uploading {
		d.volume.Status = d.before
	}
}

type volumeGone struct {
	project *Project
	volume  *Volume
}

func (d volumeGone) Happen(time.Time) {
	if d.volume.Status != Deleting {
		return
	}
	for _, s := range d.project.of(d.volume) {
		d.project.forget(s)
	}
	d.project.Remove(d.volume)
}

type snapshotGone struct {
	project  *Project
	snapshot *Snapshot
}

func (d snapshotGone) Happen(time.Time) { d.project.forget(d.snapshot) }
