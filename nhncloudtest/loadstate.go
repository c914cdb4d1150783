package nhncloudtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/blob"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/saved"
)

// LoadState replaces all that is in the cloud by what [Server.SaveState] wrote
// down, of a cloud with the same regions and tenants. What was under way goes on
// by the clock, which has gone on meanwhile; a clock that stands still goes on
// where it stood, if that is later. Options, such as quotas and the transition, are
// those of this cloud, but flavors and images those that were saved. Clusters have
// their Kubernetes API at the same address again, unless that is in use.
//
// A state that is cut off, is of a later version, or was changed, is refused, and
// the cloud stays as it was. Requests that are being answered may get to see
// either.
func (s *Server) LoadState(r io.Reader) error {
	l := loading{server: s, dec: json.NewDecoder(r)}
	defer l.release()
	if err := l.read(); err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			err = errors.New("it is cut off")
		}
		return fmt.Errorf("nhncloudtest: loading the state: %w", err)
	}
	if err := l.settle(); err != nil {
		return fmt.Errorf("nhncloudtest: loading the state: %w", err)
	}
	return nil
}

// loading is a state that is being read.
type loading struct {
	server *Server
	dec    *json.Decoder
	head   stateHead
	blobs  []*blob.Blob // each held once until the end
	graph  saved.Graph
}

func (l *loading) release() {
	for _, b := range l.blobs {
		b.Release()
	}
}

// read reads all of the state.
func (l *loading) read() error {
	if err := l.dec.Decode(&l.head); err != nil {
		return err
	}
	if err := l.fits(); err != nil {
		return err
	}
	var data *blob.Writer
	finish := func() error {
		if data == nil {
			return nil
		}
		b, _, err := data.Finish()
		data = nil
		if err == nil {
			l.blobs = append(l.blobs, b)
		}
		return err
	}
	defer func() {
		if data != nil {
			data.Discard()
		}
	}()
	for {
		var line stateLine
		if err := l.dec.Decode(&line); err != nil {
			return err
		}
		if line.Data != nil && data != nil {
			if _, err := data.Write(line.Data); err != nil {
				return err
			}
			continue
		}
		if err := finish(); err != nil {
			return err
		}
		switch {
		case line.End:
			if line.Blobs != len(l.blobs) || line.Objects != len(l.graph.Objects) {
				return errors.New("a part of it is missing")
			}
			return nil
		case line.Blob == len(l.blobs)+1:
			data = l.server.objects.Blobs().NewWriter(-1)
		case line.Roots != nil && l.graph.Roots == nil:
			l.graph.Roots = line.Roots
		case line.Object != nil:
			l.graph.Objects = append(l.graph.Objects, line.Object)
		default:
			return fmt.Errorf("what is before byte %d makes no sense there", l.dec.InputOffset())
		}
	}
}

// fits refuses a state that is none, or is not for this cloud.
func (l *loading) fits() error {
	h, s := l.head, l.server
	switch {
	case h.Format != stateFormat:
		return errors.New("it is no state of a cloud")
	case h.Version != stateVersion:
		return fmt.Errorf("it has version %d; this cloud reads version %d", h.Version, stateVersion)
	case !sameSet(h.Regions, s.frame.RegionNames):
		return fmt.Errorf("it is of a cloud with the regions %s; this one has %s",
			strings.Join(h.Regions, ","), strings.Join(s.frame.RegionNames, ","))
	case !sameSet(h.Tenants, s.identity.Tenants()):
		return fmt.Errorf("it is of a cloud with the tenants %s; this one has %s",
			strings.Join(h.Tenants, ","), strings.Join(s.identity.Tenants(), ","))
	}
	return nil
}

func sameSet(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// settle puts what was read in the place of what there was.
func (l *loading) settle() error {
	s := l.server
	s.frame.Lock()
	defer s.frame.Unlock()
	c, roots, states, unlock := s.codec()
	c.Special((*blob.Blob)(nil), saved.Special{Load: func(data json.RawMessage) (any, error) {
		var n int
		if err := json.Unmarshal(data, &n); err != nil {
			return nil, err
		}
		if n < 1 || n > len(l.blobs) {
			return nil, fmt.Errorf("data %d of %d", n, len(l.blobs))
		}
		l.blobs[n-1].Retain()
		return l.blobs[n-1], nil
	}})
	err := c.Decode(&l.graph, roots, func() {
		for _, st := range states {
			if st.Leave != nil {
				st.Leave()
			}
		}
	})
	unlock()
	if err != nil {
		return err
	}
	now := s.frame.Resume(l.head.Now, l.head.Ahead)
	for _, st := range states {
		if st.Loaded != nil {
			st.Loaded(now)
		}
	}
	s.frame.Settle()
	return nil
}
