package loadbalancer

import (
	"context"
	"errors"
	"iter"
	"net/http"

	"github.com/nhncloud-go/nhncloud"
)

func (s *LoadBalancersService) waiter(id string) nhncloud.Waiter[*LoadBalancer, ProvisioningStatus] {
	return nhncloud.Waiter[*LoadBalancer, ProvisioningStatus]{
		Operation: getLoadBalancer,
		Resource:  "load balancer",
		ID:        id,
		Look:      s.Get,
		Status:    func(l *LoadBalancer) ProvisioningStatus { return l.ProvisioningStatus },
		Failed:    []ProvisioningStatus{ProvisioningError, ProvisioningErrorMigrate},
		Deleting:  []ProvisioningStatus{ProvisioningPendingDelete},
	}
}

// WaitForReady waits until a load balancer is [ProvisioningActive] and returns
// it. Then all that was ordered for it, its listeners, pools and what belongs to
// them is done, and it takes the next change. It ends with an
// [nhncloud.ErrFailedState] when the load balancer gets into
// [ProvisioningError] or [ProvisioningErrorMigrate], or is deleted, instead.
func (s *LoadBalancersService) WaitForReady(ctx context.Context, id string, options *nhncloud.WaitOptions) (*LoadBalancer, error) {
	return s.waiter(id).Until(ctx, options, ProvisioningActive)
}

// WaitForOperatingStatus waits until a load balancer has an operating status,
// such as [OperatingOnline], with nothing left to be done, and returns it. It
// fails as [LoadBalancersService.WaitForReady] does.
func (s *LoadBalancersService) WaitForOperatingStatus(ctx context.Context, id string, status OperatingStatus, options *nhncloud.WaitOptions) (*LoadBalancer, error) {
	waiter := s.waiter(id)
	waiter.Busy = func(l *LoadBalancer) bool { return l.OperatingStatus != status }
	return waiter.Until(ctx, options, ProvisioningActive)
}

// WaitForDeletion waits until a load balancer is not found any more.
func (s *LoadBalancersService) WaitForDeletion(ctx context.Context, id string, options *nhncloud.WaitOptions) error {
	return s.waiter(id).UntilGone(ctx, options)
}

// group waits for many load balancers with one listing a look.
func (s *LoadBalancersService) group() nhncloud.GroupWaiter[*LoadBalancer, ProvisioningStatus] {
	return nhncloud.GroupWaiter[*LoadBalancer, ProvisioningStatus]{
		Waiter: s.waiter,
		List:   func(ctx context.Context) iter.Seq2[*LoadBalancer, error] { return s.All(ctx, nil) },
		Keys:   func(l *LoadBalancer) []string { return []string{l.ID} },
	}
}

// WaitForReadyAll is [LoadBalancersService.WaitForReady] for many load balancers,
// with one listing a look instead of as many requests as there are. It returns a
// result for each id, in their order, beside an error that joins theirs. One that
// failed does not end the wait for the others. See [nhncloud.GroupWaiter].
func (s *LoadBalancersService) WaitForReadyAll(ctx context.Context, ids []string, options *nhncloud.WaitOptions) ([]nhncloud.WaitResult[*LoadBalancer], error) {
	return s.group().Until(ctx, options, ids, ProvisioningActive)
}

// WaitForDeletionAll is [LoadBalancersService.WaitForDeletion] for many load
// balancers, as [LoadBalancersService.WaitForReadyAll] is.
func (s *LoadBalancersService) WaitForDeletionAll(ctx context.Context, ids []string, options *nhncloud.WaitOptions) ([]nhncloud.WaitResult[*LoadBalancer], error) {
	return s.group().UntilGone(ctx, options, ids)
}

// WhenReady makes a change to a load balancer, or to what belongs to it, as soon
// as it takes one:
//
//	err := l.LoadBalancers.WhenReady(ctx, id, nil, func(ctx context.Context) error {
//		var err error
//		listener, err = l.Listeners.Create(ctx, request)
//		return err
//	})
//
// It waits as [LoadBalancersService.WaitForReady] does, calls change, and returns
// its error. Where another change came first, so that the service refused this
// one because of what is still being done, it waits and calls change again. That
// is the only error after which it does, and only when a single request was
// sent: one that was sent twice may have been refused because of itself. So
// change has to end with the first call that fails and hand its error on, and is
// best a single call.
//
// It does not wait for the end of the change.
func (s *LoadBalancersService) WhenReady(ctx context.Context, id string, options *nhncloud.WaitOptions, change func(ctx context.Context) error) error {
	looks := 1 // that have to see it ready
	for {
		seen := 0
		_, err := s.waiter(id).Wait(ctx, options, func(l *LoadBalancer) nhncloud.WaitStatus {
			var status nhncloud.WaitStatus
			switch l.ProvisioningStatus {
			case ProvisioningActive:
				seen++
				status.Done = seen >= looks
			case ProvisioningError, ProvisioningErrorMigrate, ProvisioningPendingDelete:
				status.Failed = "load balancer " + id + " does not become ready for a change"
			}
			return status
		})
		if err != nil {
			return err
		}
		if err = change(ctx); err == nil || !s.isBusy(ctx, id, err) {
			return err
		}
		looks = 2 // so that a wait lies between two attempts
	}
}

// isBusy reports whether a change was refused because of another that is still
// being done, with nothing done of it.
func (s *LoadBalancersService) isBusy(ctx context.Context, id string, err error) bool {
	var e *nhncloud.Error
	if !errors.As(err, &e) || e.StatusCode != http.StatusConflict || e.Attempts != 1 {
		return false
	}
	if saysBusy(e.Message) {
		return true
	}
	// The guide has no words for it. A load balancer that is not ready right
	// after the refusal explains it; one that is, or can't be seen, does not.
	l, err := s.Get(ctx, id)
	return err == nil && (l.ProvisioningStatus == ProvisioningPendingCreate || l.ProvisioningStatus == ProvisioningPendingUpdate)
}
