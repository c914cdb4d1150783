package objectstorage

import (
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/blob"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// expires ends the life of an object.
type expires struct {
	store  *store
	object *Object
}

func (d expires) Happen(at time.Time) { d.store.expire(d.object, at) }

// State is what is saved. The stores stay: who waits for one has its lock.
func (s *Service) State() frame.State {
	roots, anchors := map[string]any{}, map[string]any{"": s}
	for rg, st := range s.stores {
		anchors["store "+rg.Name] = st
		roots["accounts "+rg.Name], roots["agenda "+rg.Name], roots["last "+rg.Name] = &st.accounts, &st.agenda, &st.last
	}
	each := func(do func(*store)) func() {
		return func() {
			for _, rg := range s.frame.Regions {
				do(s.stores[rg])
			}
		}
	}
	return frame.State{
		Name: "objectstorage", Roots: roots, Anchors: anchors, Kinds: []any{expires{}},
		Lock: each(func(st *store) { st.mu.Lock() }), Unlock: each(func(st *store) { st.mu.Unlock() }),
	}
}

// Blobs are where the data of objects are.
func (s *Service) Blobs() *blob.Store { return s.blobs }
