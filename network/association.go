package network

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/netcheck"
)

// ServerAssociation says which floating IP a server is to have. ServerID is
// required.
type ServerAssociation struct {
	ServerID string
	// FixedIPAddress is the address of the port that is meant, of a server with
	// several; "" for its only one.
	FixedIPAddress string
	// FloatingIPID is a floating IP of the project; "" for a new one, which the
	// fields below are about.
	FloatingIPID      string
	FloatingNetworkID string // "" for that of VPCsService.FindExternal
	DeleteProtection  bool
	Label             string // up to 64 characters
}

// cleanUpBudget is how long a floating IP that is given back may take, and one
// that is being taken when the context ends.
const cleanUpBudget = 30 * time.Second

// AssociateWithServer gives a server a floating IP and returns it when it is
// [FloatingIPActive]. It waits until the server has a port, and goes on asking
// where the service refuses a port that is not up yet. Whether there is a server
// of the id, it can't tell: let the context have an end.
//
// It leaves no new floating IP behind when it fails, also when the context ends,
// after which it may take a minute for that. Where it could not be given back, the
// error names it.
func (s *FloatingIPsService) AssociateWithServer(ctx context.Context, association ServerAssociation, options *nhncloud.WaitOptions) (*FloatingIP, error) {
	if err := association.check(); err != nil {
		return nil, err
	}
	ports := PortsService{s.client}
	port, err := ports.WaitForServer(ctx, association.ServerID, association.FixedIPAddress, options)
	if err != nil {
		return nil, err
	}
	request := FloatingIPAssociateRequest{PortID: port.ID, FixedIPAddress: association.FixedIPAddress}
	if association.FloatingIPID != "" {
		return s.activate(ctx, association.FloatingIPID, request, options)
	}
	return s.activateNew(ctx, association, request, options)
}

func (a *ServerAssociation) check() error {
	var check nhncloud.ArgumentCheck
	check.Required("ServerID", a.ServerID)
	if a.FixedIPAddress != "" {
		netcheck.Address(&check, "FixedIPAddress", a.FixedIPAddress)
	}
	if a.FloatingIPID != "" {
		const problem = "must not be set with a FloatingIPID"
		check.RefuseIf(a.FloatingNetworkID != "", "FloatingNetworkID", problem)
		check.RefuseIf(a.DeleteProtection, "DeleteProtection", problem)
		check.RefuseIf(a.Label != "", "Label", problem)
	}
	return check.Err(associateFloatingIP)
}

// activateNew takes a floating IP, and keeps it if it becomes active. It is
// protected last, so that it can be given back until then.
func (s *FloatingIPsService) activateNew(ctx context.Context, a ServerAssociation, request FloatingIPAssociateRequest, options *nhncloud.WaitOptions) (active *FloatingIP, err error) {
	if a.FloatingNetworkID == "" {
		vpcs := VPCsService{s.client}
		external, err := vpcs.FindExternal(ctx)
		if err != nil {
			return nil, err
		}
		a.FloatingNetworkID = external.ID
	}
	ip, err := s.createWhole(ctx, FloatingIPCreateRequest{FloatingNetworkID: a.FloatingNetworkID, Label: a.Label})
	if err != nil {
		return nil, err
	}
	kept := false
	defer func() {
		if kept {
			return
		}
		if left := s.giveBack(ctx, ip.ID, a.DeleteProtection); left != nil {
			err = noted(err, fmt.Sprintf("floating IP %s is left behind, because it could not be given back: %v", ip.ID, left))
		}
	}()
	active, err = s.activate(ctx, ip.ID, request, options)
	if err == nil && a.DeleteProtection {
		active, err = s.Update(ctx, ip.ID, FloatingIPUpdateRequest{DeleteProtection: new(true)})
	}
	if err != nil {
		return nil, err
	}
	kept = true
	return active, nil
}

// createWhole creates a floating IP. A context that ends in the meantime does not
// break it off, which would lose the id of what was created.
func (s *FloatingIPsService) createWhole(ctx context.Context, request FloatingIPCreateRequest) (*FloatingIP, error) {
	if ctx.Err() == nil {
		detached, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanUpBudget)
		defer cancel()
		ctx = detached
	}
	return s.Create(ctx, request)
}

// activate connects a floating IP to a port and waits until it is active. What
// the service refuses while the port is not up, it may take later.
func (s *FloatingIPsService) activate(ctx context.Context, id string, request FloatingIPAssociateRequest, options *nhncloud.WaitOptions) (*FloatingIP, error) {
	ports := PortsService{s.client}
	var refusal error // at the last look
	waiter := ports.waiter(request.PortID)
	waiter.Look = func(ctx context.Context, portID string) (*Port, error) {
		port, err := ports.Get(ctx, portID)
		if err != nil {
			return nil, err
		}
		refusal = nil
		if _, err = s.Associate(ctx, id, request); err != nil && port.Status != PortActive && isRefusal(err) {
			refusal = err
			return port, nil
		}
		return port, err
	}
	_, err := waiter.Wait(ctx, options, func(port *Port) nhncloud.WaitStatus { return nhncloud.WaitStatus{Done: refusal == nil} })
	switch {
	case err != nil && refusal != nil:
		return nil, noted(err, "at last the service refused: "+refusal.Error())
	case err != nil:
		return nil, err
	}
	active, err := s.WaitForStatus(ctx, id, FloatingIPActive, options)
	if err != nil {
		return nil, err
	}
	return active, nil
}

// isRefusal reports whether the service understood the call, but would not do it
// in the state that things are in.
func isRefusal(err error) bool {
	return errors.Is(err, nhncloud.ErrConflict) || errors.Is(err, nhncloud.ErrInvalidArgument) || errors.Is(err, nhncloud.ErrNotFound)
}

// giveBack deletes a floating IP, also when the context has ended.
func (s *FloatingIPsService) giveBack(ctx context.Context, id string, isProtected bool) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanUpBudget)
	defer cancel()
	err := s.Delete(ctx, id)
	if err == nil || errors.Is(err, nhncloud.ErrNotFound) {
		return nil
	}
	// It may be connected, or protected by a call whose answer was lost.
	if isProtected {
		_, _ = s.Update(ctx, id, FloatingIPUpdateRequest{DeleteProtection: new(false)})
	}
	_, _ = s.Disassociate(ctx, id)
	if err = s.Delete(ctx, id); errors.Is(err, nhncloud.ErrNotFound) {
		return nil
	}
	return err
}

// noted returns the error with a note beside what it has.
func noted(err error, note string) error {
	var e *nhncloud.Error
	if !errors.As(err, &e) {
		return err
	}
	own := *e
	if own.Note != "" {
		note = own.Note + "; " + note
	}
	own.Note = note
	return &own
}
