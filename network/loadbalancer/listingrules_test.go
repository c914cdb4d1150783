package loadbalancer_test

import (
	"context"
	"iter"

	"github.com/nhncloud-go/nhncloud/network/loadbalancer"
)

// ruleListings are the listings of what decides on single requests.
func ruleListings() []listing {
	policies := newListing("loadbalancer-v2-list-l7policies", baseURL+"/l7policies", "l7policies",
		"action=REDIRECT_TO_URL&description=d&id=i&listener_id=l&name=n&position=2&redirect_http_code=301&redirect_pool_id=p&redirect_url=https%3A%2F%2Fa%2F",
		loadbalancer.L7PolicyListOptions{
			ID: "i", Name: "n", Description: "d", ListenerID: "l", Action: loadbalancer.L7RedirectToURL, RedirectPoolID: "p", RedirectURL: "https://a/",
			RedirectHTTPCode: 301, Position: 2,
		},
		[]*loadbalancer.L7Policy{documentedPolicy()},
		func(p *loadbalancer.L7Policy) string { return p.ID },
		func(ctx context.Context, l *loadbalancer.Client, o *loadbalancer.L7PolicyListOptions) ([]*loadbalancer.L7Policy, error) {
			return l.L7Policies.List(ctx, o)
		},
		func(ctx context.Context, l *loadbalancer.Client, o *loadbalancer.L7PolicyListOptions) iter.Seq2[*loadbalancer.L7Policy, error] {
			return l.L7Policies.All(ctx, o)
		})
	rules := newListing("loadbalancer-v2-list-l7rules", baseURL+rulesPath, "rules", "compare_type=REGEX&id=i&type=PATH",
		loadbalancer.L7RuleListOptions{ID: "i", Type: loadbalancer.L7Path, CompareType: loadbalancer.L7Regex},
		[]*loadbalancer.L7Rule{documentedRule()},
		func(r *loadbalancer.L7Rule) string { return r.ID },
		func(ctx context.Context, l *loadbalancer.Client, o *loadbalancer.L7RuleListOptions) ([]*loadbalancer.L7Rule, error) {
			return l.L7Rules.List(ctx, policyID, o)
		},
		func(ctx context.Context, l *loadbalancer.Client, o *loadbalancer.L7RuleListOptions) iter.Seq2[*loadbalancer.L7Rule, error] {
			return l.L7Rules.All(ctx, policyID, o)
		})
	groups := newListing("loadbalancer-v2-list-ipacl-groups", baseURL+"/ipacl-groups", "ipacl_groups", "action=ALLOW&description=d&id=i&name=n",
		loadbalancer.IPACLGroupListOptions{ID: "i", Name: "n", Description: "d", Action: loadbalancer.IPACLAllow},
		[]*loadbalancer.IPACLGroup{documentedGroup()},
		func(g *loadbalancer.IPACLGroup) string { return g.ID },
		func(ctx context.Context, l *loadbalancer.Client, o *loadbalancer.IPACLGroupListOptions) ([]*loadbalancer.IPACLGroup, error) {
			return l.IPACLGroups.List(ctx, o)
		},
		func(ctx context.Context, l *loadbalancer.Client, o *loadbalancer.IPACLGroupListOptions) iter.Seq2[*loadbalancer.IPACLGroup, error] {
			return l.IPACLGroups.All(ctx, o)
		})
	targets := newListing("loadbalancer-v2-list-ipacl-targets", baseURL+"/ipacl-targets", "ipacl_targets", "cidr_address=10.0.0.0%2F8&description=d&id=i&ipacl_group_id=g",
		loadbalancer.IPACLTargetListOptions{ID: "i", IPACLGroupID: "g", CIDRAddress: "10.0.0.0/8", Description: "d"},
		[]*loadbalancer.IPACLTarget{documentedTarget()},
		func(g *loadbalancer.IPACLTarget) string { return g.ID },
		func(ctx context.Context, l *loadbalancer.Client, o *loadbalancer.IPACLTargetListOptions) ([]*loadbalancer.IPACLTarget, error) {
			return l.IPACLTargets.List(ctx, o)
		},
		func(ctx context.Context, l *loadbalancer.Client, o *loadbalancer.IPACLTargetListOptions) iter.Seq2[*loadbalancer.IPACLTarget, error] {
			return l.IPACLTargets.All(ctx, o)
		})
	unavailable := &loadbalancer.ErrorPage{
		ID: "d7dfd308-051a-46aa-a1af-753f2c110133", TenantID: "419a823563124dc5b5627f5e79db8174", Code: 503, ContentType: loadbalancer.ErrorPageHTML,
		Body: "<html><body><h1>503 Service Unavailable</h1><p>The service is temporarily unavailable. Please try again later.</p></body></html>",
	}
	pages := newListing("loadbalancer-v2-list-errorpages", baseURL+errorPagesPath, "errorpages", "", struct{}{},
		[]*loadbalancer.ErrorPage{documentedErrorPage(), unavailable},
		func(p *loadbalancer.ErrorPage) string { return p.ID },
		func(ctx context.Context, l *loadbalancer.Client, _ *struct{}) ([]*loadbalancer.ErrorPage, error) {
			return l.ErrorPages.List(ctx, listenerID)
		},
		func(ctx context.Context, l *loadbalancer.Client, _ *struct{}) iter.Seq2[*loadbalancer.ErrorPage, error] {
			return l.ErrorPages.All(ctx, listenerID)
		})
	return []listing{policies, rules, groups, targets, pages}
}
