package objectstorage

import (
	"context"
	"fmt"
	"net/http"

	"github.com/nhncloud-go/nhncloud"
)

// ContainerPolicy is the policy document of a container. Of its keys the service
// knows one so far.
type ContainerPolicy struct {
	Lifecycle *LifecyclePolicy `json:"lifecycle,omitzero"` // nil where none is set
}

// LifecyclePolicy says when the objects of a container end, by their names. When
// an object is stored, the rule that fits it decides how long it stays; when it
// ends, the rule that fits it then decides what becomes of it. It is deleted
// where none fits any more.
type LifecyclePolicy struct {
	DefaultRule *DefaultLifecycleRule `json:"default_rule,omitzero"` // for objects that fit none of the Rules
	Rules       []LifecycleRule       `json:"rules,omitzero"`        // the first that fits counts
}

// DefaultLifecycleRule is the rule for objects that fit no other.
type DefaultLifecycleRule struct {
	Days   int             `json:"days,omitzero"` // from the time an object is stored
	Action LifecycleAction `json:"action,omitzero"`
}

// LifecycleRule is a rule for some of the objects.
type LifecycleRule struct {
	Name      string             `json:"name"` // no two in a container have the same
	Condition LifecycleCondition `json:"condition"`
	Days      int                `json:"days"` // from the time an object is stored
	Action    LifecycleAction    `json:"action"`
}

// LifecycleCondition says which objects a rule is for.
type LifecycleCondition struct {
	Prefix string `json:"prefix"` // that their names begin with
}

// LifecycleAction says what becomes of an object in the end.
type LifecycleAction struct {
	Type        LifecycleActionType `json:"type"`
	Destination string              `json:"destination,omitzero"` // container that it moves to with LifecycleTransfer
}

// LifecycleActionType is what becomes of an object. It is an open type.
type LifecycleActionType string

// What may become of an object.
const (
	LifecycleDelete   LifecycleActionType = "delete"
	LifecycleTransfer LifecycleActionType = "transfer" // to another container
)

// check refuses rules that lack what every rule has to have.
func (p *LifecyclePolicy) check(operation string) error {
	rule := func(field string, days int, action LifecycleAction) error {
		switch {
		case days <= 0:
			return nhncloud.NewArgumentError(operation, field+".Days", "must be positive")
		case action.Type == "":
			return nhncloud.NewArgumentError(operation, field+".Action.Type", "must not be empty")
		case action.Type == LifecycleTransfer && action.Destination == "":
			return nhncloud.NewArgumentError(operation, field+".Action.Destination", "must be the name of a container with LifecycleTransfer")
		}
		return nil
	}
	if d := p.DefaultRule; d != nil && *d != (DefaultLifecycleRule{}) {
		if err := rule("DefaultRule", d.Days, d.Action); err != nil {
			return err
		}
	}
	for i, r := range p.Rules {
		field := fmt.Sprintf("Rules[%d]", i)
		switch {
		case r.Name == "":
			return nhncloud.NewArgumentError(operation, field+".Name", "must not be empty")
		case r.Condition.Prefix == "":
			return nhncloud.NewArgumentError(operation, field+".Condition.Prefix", "must not be empty; use DefaultRule")
		}
		if err := rule(field, r.Days, r.Action); err != nil {
			return err
		}
	}
	return nil
}

// GetPolicy returns the policy of a container, which is empty where none was set.
//
// API: GET /v1/{Account}/{Container} (objectstorage-get-container-policy; Storage-Object-Storage en/container-policy-guide.md)
func (s *ContainersService) GetPolicy(ctx context.Context, name string) (*ContainerPolicy, error) {
	const operation = "objectstorage-get-container-policy"
	if err := checkContainer(operation, "Container", name); err != nil {
		return nil, err
	}
	// An empty document is a policy, and none at all is none.
	policy, err := nhncloud.Fetch[*ContainerPolicy](ctx, s.client, nhncloud.Request{
		Operation:    operation,
		Service:      nhncloud.ServiceObjectStorage,
		Method:       http.MethodGet,
		Path:         "/v1/{Account}/{Container}",
		Args:         []string{name},
		Query:        "policy",
		SuccessCodes: codesOK,
	})
	if err != nil {
		return nil, noContainer(err)
	}
	return *policy, nil
}

// SetPolicy sets the policy of a container. Its Lifecycle replaces the one
// before, all rules of it; an empty one removes them. It holds for objects that
// are stored from now on.
//
// API: POST /v1/{Account}/{Container} (objectstorage-set-container-policy; Storage-Object-Storage en/container-policy-guide.md)
func (s *ContainersService) SetPolicy(ctx context.Context, name string, policy ContainerPolicy) error {
	const operation = "objectstorage-set-container-policy"
	if err := checkContainer(operation, "Container", name); err != nil {
		return err
	}
	if policy.Lifecycle == nil {
		return nhncloud.NewArgumentError(operation, "Lifecycle", "must be set, because there is nothing else in a policy")
	}
	if err := policy.Lifecycle.check(operation); err != nil {
		return err
	}
	return noContainer(s.client.Do(ctx, nhncloud.Request{
		Operation:    operation,
		Service:      nhncloud.ServiceObjectStorage,
		Method:       http.MethodPost,
		Path:         "/v1/{Account}/{Container}",
		Args:         []string{name},
		Body:         policy,
		Idempotency:  nhncloud.IdempotencyAlways,
		SuccessCodes: codesNoContent,
	}, nil))
}
