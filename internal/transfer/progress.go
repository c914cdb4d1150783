package transfer

import (
	"sync"

	"github.com/nhncloud-go/nhncloud"
)

// Progress collects the progress of the parts of a transfer. A nil one tells
// nobody.
type Progress struct {
	tell func(nhncloud.TransferProgress)

	mu    sync.Mutex
	state nhncloud.TransferProgress
}

// NewProgress returns nil when nobody wants to know.
func NewProgress(tell func(nhncloud.TransferProgress), total int64, count int) *Progress {
	if tell == nil {
		return nil
	}
	return &Progress{tell: tell, state: nhncloud.TransferProgress{Total: total, Count: count}}
}

// Part returns the function that is told how far a part is, or nil. A part that
// begins anew counts again only where it gets further than before.
func (p *Progress) Part() func(done int64) {
	if p == nil {
		return nil
	}
	most := int64(0)
	return func(done int64) {
		p.mu.Lock()
		defer p.mu.Unlock()
		if done > most {
			p.state.Done += done - most
			most = done
			p.tell(p.state)
		}
	}
}

// PartDone counts a part that is done.
func (p *Progress) PartDone() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.state.Parts++
	p.tell(p.state)
}
