package nhncloudtest

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/blob"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/saved"
)

// stateFormat and stateVersion begin each state. The version goes up when older
// programs could read a state wrongly.
const (
	stateFormat  = "nhncloudtest state"
	stateVersion = 1
)

// stateHead is the first line of a state.
type stateHead struct {
	Format  string        `json:"format"`
	Version int           `json:"version"`
	Regions []string      `json:"regions"`
	Tenants []string      `json:"tenants"`
	Now     time.Time     `json:"now"` // the cloud's time
	Ahead   time.Duration `json:"ahead"`
}

// stateLine is one of those that follow: data in pieces, then what is there, then
// the end.
type stateLine struct {
	Blob    int                        `json:"blob,omitempty"` // the number of the data that begin here
	Data    []byte                     `json:"data,omitempty"` // the next piece of them
	Roots   map[string]json.RawMessage `json:"roots,omitempty"`
	Object  json.RawMessage            `json:"object,omitempty"`
	End     bool                       `json:"end,omitempty"`
	Blobs   int                        `json:"blobs,omitempty"`
	Objects int                        `json:"objects,omitempty"`
}

// statePiece is how much of a blob a line has.
const statePiece = 256 << 10

// states are what all services save, and the frame.
func (s *Server) states() []frame.State {
	return []frame.State{
		s.frame.State(), s.identity.State(), s.networks.State(), s.images.State(), s.volumes.State(), s.compute.State(), s.objects.State(), s.nks.State(),
		s.keys.State(), s.balancers.State(),
	}
}

// codec makes one that knows what the states are made of, with their roots. The
// caller holds the lock of the frame, and lets go of those that it takes.
func (s *Server) codec() (c *saved.Codec, roots map[string]any, states []frame.State, unlock func()) {
	c, roots, states = saved.New(), map[string]any{}, s.states()
	for _, st := range states {
		for name, root := range st.Roots {
			roots[st.Name+" "+name] = root
		}
		for name, anchor := range st.Anchors {
			c.Anchor(st.Name+" "+name, anchor)
		}
		for _, kind := range st.Kinds {
			c.Kind(kind)
		}
		if st.Lock != nil {
			st.Lock()
		}
	}
	return c, roots, states, func() {
		for _, st := range states {
			if st.Unlock != nil {
				st.Unlock()
			}
		}
	}
}

// SaveState writes down all that is in the cloud, as JSON in lines, for
// [Server.LoadState]: what every service has, with the data of objects and images,
// what is under way, and the tokens that were given out. Keys of clusters and
// credentials are in it, so nobody else should read it. Faults, recorded requests
// and uploads that are not over are not in it.
//
// The services wait while the state is looked through, but not while it is
// written; the data of objects go out in pieces.
func (s *Server) SaveState(w io.Writer) error {
	head, graph, blobs, err := s.takeState()
	if err != nil {
		return fmt.Errorf("nhncloudtest: saving the state: %w", err)
	}
	defer func() {
		for _, b := range blobs {
			b.Release()
		}
	}()
	out := bufio.NewWriter(w)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	write := func(v any) {
		if err == nil {
			err = enc.Encode(v)
		}
	}
	write(head)
	for i, b := range blobs {
		write(stateLine{Blob: i + 1})
		if err == nil {
			err = writePieces(b, func(piece []byte) error { return enc.Encode(stateLine{Data: piece}) })
		}
	}
	write(stateLine{Roots: graph.Roots})
	for _, o := range graph.Objects {
		write(stateLine{Object: o})
	}
	write(stateLine{End: true, Blobs: len(blobs), Objects: len(graph.Objects)})
	if err = errors.Join(err, out.Flush()); err != nil {
		return fmt.Errorf("nhncloudtest: saving the state: %w", err)
	}
	return nil
}

// takeState takes the state as it is now, and holds the blobs in it.
func (s *Server) takeState() (head stateHead, graph *saved.Graph, blobs []*blob.Blob, err error) {
	s.frame.Lock()
	defer s.frame.Unlock()
	now := s.frame.Settle()
	c, roots, _, unlock := s.codec()
	defer unlock()
	numbers := map[*blob.Blob]int{}
	c.Special((*blob.Blob)(nil), saved.Special{Save: func(pointer any) (any, error) {
		b := pointer.(*blob.Blob)
		if numbers[b] == 0 {
			b.Retain()
			blobs = append(blobs, b)
			numbers[b] = len(blobs)
		}
		return numbers[b], nil
	}})
	graph, err = c.Encode(roots)
	return stateHead{
		stateFormat, stateVersion, s.frame.RegionNames, s.identity.Tenants(), now, s.frame.Offset(),
	}, graph, blobs, err
}

func writePieces(b *blob.Blob, write func([]byte) error) error {
	content := blob.NewContent([]blob.Part{b.Whole()})
	defer content.Close()
	piece := make([]byte, statePiece)
	for {
		n, err := io.ReadFull(content, piece)
		if n > 0 {
			if err := write(piece[:n]); err != nil {
				return err
			}
		}
		switch {
		case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
			return nil
		case err != nil:
			return err
		}
	}
}
