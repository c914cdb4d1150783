package objectstorage

import "sync"

// Progress tells how far a transfer is.
type Progress struct {
	Done  int64 // bytes that were sent or received; what has to be sent again counts once
	Total int64 // bytes, or -1 when that is not known
	Parts int   // parts that are done; a transfer in one piece has one
	Count int   // parts in all, or -1 when that is not known
}

// progress collects the progress of the parts of a transfer.
type progress struct {
	tell func(Progress)

	mu    sync.Mutex
	state Progress
}

// newProgress returns nil when nobody wants to know.
func newProgress(tell func(Progress), total int64, count int) *progress {
	if tell == nil {
		return nil
	}
	return &progress{tell: tell, state: Progress{Total: total, Count: count}}
}

// part returns the function that is told how far a part is, or nil. A part that
// begins anew counts again only where it gets further than before.
func (p *progress) part() func(done int64) {
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

// partDone counts a part that is done.
func (p *progress) partDone() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.state.Parts++
	p.tell(p.state)
}
