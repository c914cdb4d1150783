package loadbalancer

import (
	"context"
	"slices"
)

// policies plans the L7 policies of all listeners with their rules, and removes
// those that the listeners of the spec do not have.
func (p *planner) policies() {
	for i := range p.spec.Listeners {
		want := &p.spec.Listeners[i]
		var policies []*L7Policy
		if is := p.listenerAt(want.ProtocolPort); is != nil && is.Protocol == want.Protocol {
			policies = p.now.policies[is.ID]
		}
		p.listenerPolicies(inList("Listeners", i), want, policies)
		for _, is := range policies {
			if p.prune && !slices.ContainsFunc(want.L7Policies, func(want L7PolicySpec) bool { return want.Name == is.Name }) {
				p.removePolicy(want.ProtocolPort, is)
			}
		}
	}
}

func (p *planner) listenerPolicies(field string, listener *ListenerSpec, policies []*L7Policy) {
	for i := range listener.L7Policies {
		want := &listener.L7Policies[i]
		name := policyName(listener.ProtocolPort, want.Name)
		is := the(p, field+"."+inList("L7Policies", i)+".Name", "L7 policies of the listener", policies, func(is *L7Policy) bool { return is.Name == want.Name })
		if is == nil {
			before := listener.following(i, policies)
			p.create(KindL7Policy, name, true, func(ctx context.Context, r *run) (string, error) {
				listenerID := r.id(KindListener, listenerName(listener.ProtocolPort))
				position, err := r.position(ctx, listenerID, before)
				if err != nil {
					return "", err
				}
				created, err := r.L7Policies.Create(ctx, want.request(listenerID, r.poolID(want.RedirectPool), position))
				if err != nil {
					return "", err
				}
				return created.ID, nil
			})
			p.rules(name, want, "", nil)
			continue
		}
		p.is(KindL7Policy, name, is.ID)
		p.policy(name, want, is)
		p.rules(name, want, is.ID, p.now.rules[is.ID])
	}
	p.order(listener, policies)
}

// following returns the name of the next policy of the same action that is there
// already, and "" where none is.
func (l *ListenerSpec) following(i int, policies []*L7Policy) string {
	for _, next := range l.L7Policies[i+1:] {
		if next.Action == l.L7Policies[i].Action && slices.ContainsFunc(policies, func(is *L7Policy) bool { return is.Name == next.Name }) {
			return next.Name
		}
	}
	return ""
}

// position returns the one that a policy takes which is to come before another,
// and 0, for the last one, where there is no other. Positions shift with each
// change, so it looks.
func (r *run) position(ctx context.Context, listenerID, before string) (int, error) {
	if before == "" {
		return 0, nil
	}
	for policy, err := range r.L7Policies.All(ctx, &L7PolicyListOptions{ListenerID: listenerID}) {
		if err != nil {
			return 0, err
		}
		if policy.ListenerID == listenerID && policy.Name == before {
			return policy.Position, nil
		}
	}
	return 0, nil
}

func (p *planner) policy(name string, want *L7PolicySpec, is *L7Policy) {
	var d differing
	request := L7PolicyUpdateRequest{
		Action:       differ(&d, "Action", &want.Action, is.Action),
		Description:  differ(&d, "Description", set(want.Description), is.Description),
		AdminStateUp: differ(&d, "AdminStateUp", want.AdminStateUp, is.AdminStateUp),
	}
	if is.RedirectHTTPCode != 0 || request.Action != nil {
		request.RedirectHTTPCode = differ(&d, "RedirectHTTPCode", set(want.RedirectHTTPCode), is.RedirectHTTPCode)
	}
	toPool := want.Action == L7RedirectToPool
	pool := p.ids[key{KindPool, want.RedirectPool}]
	otherPool := toPool && (pool == "" || pool != is.RedirectPoolID)
	if otherPool {
		d = append(d, "RedirectPoolID")
	}
	if want.Action == L7RedirectToURL {
		request.RedirectURL = differ(&d, "RedirectURL", &want.RedirectURL, is.RedirectURL)
		if request.Action != nil {
			request.RedirectURL = &want.RedirectURL
		}
	}
	p.update(KindL7Policy, name, is.ID, true, d, func(ctx context.Context, r *run) error {
		if toPool && (otherPool || request.Action != nil) {
			id := r.poolID(want.RedirectPool)
			request.RedirectPoolID = &id
		}
		_, err := r.L7Policies.Update(ctx, is.ID, request)
		return err
	})
}

// order plans to move those policies that are there and come in another order
// than in the spec, as far as they have the same action: among the others the
// order has no effect.
func (p *planner) order(listener *ListenerSpec, policies []*L7Policy) {
	var names []string // in the order that there is
	for _, is := range policies {
		names = append(names, is.Name)
	}
	for i := len(listener.L7Policies) - 2; i >= 0; i-- {
		want := &listener.L7Policies[i]
		before := listener.following(i, policies)
		at, then := slices.Index(names, want.Name), slices.Index(names, before)
		if at < 0 || then < 0 || at < then {
			continue
		}
		names = slices.Insert(slices.Delete(names, at, at+1), then, want.Name)
		name := policyName(listener.ProtocolPort, want.Name)
		id := p.ids[key{KindL7Policy, name}]
		p.update(KindL7Policy, name, id, true, differing{"Position"}, func(ctx context.Context, r *run) error {
			position, err := r.position(ctx, r.id(KindListener, listenerName(listener.ProtocolPort)), before)
			if err != nil || position == 0 {
				return err
			}
			_, err = r.L7Policies.Update(ctx, id, L7PolicyUpdateRequest{Position: &position})
			return err
		})
	}
}

func (p *planner) removePolicy(port int, is *L7Policy) {
	p.remove(KindL7Policy, policyName(port, nameOr(is.Name, is.ID)), is.ID, true, func(ctx context.Context, r *run) error { return r.L7Policies.Delete(ctx, is.ID) })
}

// ruleValue is what a rule is known by.
type ruleValue struct {
	kind    L7RuleType
	compare L7CompareType
	key     string
	value   string
	invert  bool
}

func valueOf(rule *L7RuleCreateRequest) ruleValue {
	return ruleValue{rule.Type, rule.CompareType, rule.Key, rule.Value, rule.Invert}
}

// String returns the rule in words, such as "PATH STARTS_WITH /images".
func (v ruleValue) String() string {
	text := string(v.kind)
	if v.key != "" {
		text += " " + v.key
	}
	if v.invert {
		text += " not"
	}
	return text + " " + string(v.compare) + " " + v.value
}

// rules plans the rules of a policy. One that is not wanted becomes one that is:
// all rules of a policy have to fit, so that it would keep the policy from doing
// what the spec says.
func (p *planner) rules(policyName string, policy *L7PolicySpec, policyID string, rules []*L7Rule) {
	var missing []*L7RuleCreateRequest
	left := slices.Clone(rules)
	for i := range policy.Rules {
		want := &policy.Rules[i]
		value := valueOf(want)
		at := slices.IndexFunc(left, func(is *L7Rule) bool {
			return value == ruleValue{is.Type, is.CompareType, is.Key, is.Value, is.Invert}
		})
		if at < 0 {
			missing = append(missing, want)
			continue
		}
		is, name := left[at], policyName+"/"+value.String()
		left = slices.Delete(left, at, at+1)
		p.is(KindL7Rule, name, is.ID)
		var d differing
		request := L7RuleUpdateRequest{AdminStateUp: differ(&d, "AdminStateUp", want.AdminStateUp, is.AdminStateUp)}
		p.update(KindL7Rule, name, is.ID, true, d, func(ctx context.Context, r *run) error {
			_, err := r.L7Rules.Update(ctx, policyID, is.ID, request)
			return err
		})
	}
	for _, want := range missing {
		name := policyName + "/" + valueOf(want).String()
		if len(left) > 0 {
			is := left[0]
			left = left[1:]
			p.is(KindL7Rule, name, is.ID)
			p.changeRule(name, policyID, want, is)
			continue
		}
		p.create(KindL7Rule, name, true, func(ctx context.Context, r *run) (string, error) {
			created, err := r.L7Rules.Create(ctx, r.id(KindL7Policy, policyName), *want)
			if err != nil {
				return "", err
			}
			return created.ID, nil
		})
	}
	if !p.prune {
		return
	}
	for _, is := range left {
		name := policyName + "/" + ruleValue{is.Type, is.CompareType, is.Key, is.Value, is.Invert}.String()
		p.remove(KindL7Rule, name, is.ID, true, func(ctx context.Context, r *run) error { return r.L7Rules.Delete(ctx, policyID, is.ID) })
	}
}

// changeRule makes a rule another one. All of its values go together.
func (p *planner) changeRule(name, policyID string, want *L7RuleCreateRequest, is *L7Rule) {
	var d differing
	differ(&d, "Type", &want.Type, is.Type)
	differ(&d, "CompareType", &want.CompareType, is.CompareType)
	differ(&d, "Key", &want.Key, is.Key)
	differ(&d, "Value", &want.Value, is.Value)
	differ(&d, "Invert", &want.Invert, is.Invert)
	request := L7RuleUpdateRequest{
		Type: &want.Type, CompareType: &want.CompareType, Value: &want.Value, Invert: &want.Invert,
		AdminStateUp: differ(&d, "AdminStateUp", want.AdminStateUp, is.AdminStateUp),
	}
	if want.Key != is.Key {
		request.Key = &want.Key
	}
	p.update(KindL7Rule, name, is.ID, true, d, func(ctx context.Context, r *run) error {
		_, err := r.L7Rules.Update(ctx, policyID, is.ID, request)
		return err
	})
}
