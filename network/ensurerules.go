package network

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/netcheck"
)

// DefaultEgressRules are the rules that a new security group has: they let out
// everything, by IPv4 and by IPv6. The service can't make the second of them
// anew, says the guide.
func DefaultEgressRules() []SecurityGroupRuleCreateRequest {
	return []SecurityGroupRuleCreateRequest{
		{Direction: DirectionEgress, Ethertype: EthertypeIPv4},
		{Direction: DirectionEgress, Ethertype: EthertypeIPv6},
	}
}

// RuleChanges are what [SecurityGroupsService.EnsureRules] did.
type RuleChanges struct {
	Added   []*SecurityGroupRule
	Removed []*SecurityGroupRule
	Kept    []*SecurityGroupRule // they were there already
}

// EnsureRules makes a security group have the wanted rules and no others: it adds
// those that it lacks, then removes those that are too many. A rule that is there
// stays untouched, so it can be called again at will, and traffic that is wanted
// goes through at all times. Rules that were made with the group count too; with
// [DefaultEgressRules] among the wanted ones they stay.
//
// Rules are compared by what they let through, as OpenStack's Neutron does it: by
// direction, ethertype, protocol (6 is as good as tcp), ports and remote
// (0.0.0.0/0 is as good as none, and host bits don't count), not by description.
// Of several that are alike, which an older service may have, one is kept. The
// SecurityGroupID of the wanted rules may be left empty.
//
// Where it fails half-way, what was done until then is returned beside the error,
// and another call goes on from there.
func (s *SecurityGroupsService) EnsureRules(ctx context.Context, id string, wanted []SecurityGroupRuleCreateRequest) (*RuleChanges, error) {
	if err := checkWanted(id, wanted); err != nil {
		return nil, err
	}
	group, err := s.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	rules := SecurityGroupRulesService{s.client}
	changes := new(RuleChanges)
	left := map[string]*SecurityGroupRule{} // that are not wanted, as far as is known
	there := map[netcheck.RuleKey]*SecurityGroupRule{}
	for i := range group.SecurityGroupRules {
		rule := &group.SecurityGroupRules[i]
		left[rule.ID] = rule
		if there[rule.key()] == nil {
			there[rule.key()] = rule
		}
	}
	done := map[netcheck.RuleKey]bool{}
	for _, want := range wanted {
		key := want.rule().Key()
		if done[key] {
			continue
		}
		done[key] = true
		rule, isNew := there[key], false
		if rule == nil {
			want.SecurityGroupID = id
			if rule, isNew, err = rules.createOrGet(ctx, want); err != nil {
				return changes, err
			}
		}
		delete(left, rule.ID)
		if isNew {
			changes.Added = append(changes.Added, rule)
		} else {
			changes.Kept = append(changes.Kept, rule)
		}
	}
	for i := range group.SecurityGroupRules {
		rule := &group.SecurityGroupRules[i]
		if left[rule.ID] == nil {
			continue
		}
		if err := rules.Delete(ctx, rule.ID); err != nil && !errors.Is(err, nhncloud.ErrNotFound) {
			return changes, err
		}
		changes.Removed = append(changes.Removed, rule)
	}
	return changes, nil
}

// checkWanted refuses what can't be right in any of the wanted rules.
func checkWanted(id string, wanted []SecurityGroupRuleCreateRequest) error {
	var check nhncloud.ArgumentCheck
	for i, want := range wanted {
		prefix := fmt.Sprintf("wanted[%d].", i)
		check.RefuseIf(!slices.Contains([]string{"", id}, want.SecurityGroupID), prefix+"SecurityGroupID", "must be that of the group, or empty")
		want.rule().Check(&check, prefix)
	}
	return check.Err(createSecurityGroupRule)
}

// createOrGet makes a rule, or gets the one that somebody else has made in the
// meantime: one that the service says is there already.
func (s *SecurityGroupRulesService) createOrGet(ctx context.Context, request SecurityGroupRuleCreateRequest) (rule *SecurityGroupRule, isNew bool, err error) {
	rule, err = s.Create(ctx, request)
	if err == nil {
		return rule, true, nil
	}
	existing, known := ExistingRuleID(err)
	if !known {
		return nil, false, err
	}
	rule, err = s.Get(ctx, existing)
	return rule, false, err
}
