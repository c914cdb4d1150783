package objectstorage

import (
	"net/http"
	"path"
	"strings"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// refuses tells whether the upload policy of a container keeps a name out. The
// folders in the name don't count.
func (cont *Container) refuses(name string) *frame.Reply {
	base := path.Base(name)
	for _, policy := range uploadPolicies {
		value := cont.settings["X-Container-Object-"+policy.setting]
		if value == "" {
			continue
		}
		var rules []string
		hit := false
		for rule := range strings.SplitSeq(value, ",") {
			rule = unescaped(strings.TrimSpace(rule))
			rules = append(rules, rule)
			hit = hit || rule != "" && policy.hits(base, rule)
		}
		if hit == policy.deny {
			return textReply(http.StatusConflict, htmlType, "%s: %s", policy.text, strings.Join(rules, ", "))
		}
	}
	return nil
}

var uploadPolicies = []struct {
	setting string
	deny    bool
	hits    func(base, rule string) bool
	text    string
}{
	{"Allow-Extension-Policy", false, hasExtension, "Only the objects with the following extensions can be uploaded"},
	{"Allow-Keyword-Policy", false, strings.Contains, "The object name must contain the following keywords"},
	{"Deny-Extension-Policy", true, hasExtension, "The objects with the following extensions cannot be uploaded"},
	{"Deny-Keyword-Policy", true, strings.Contains, "The object name must not contain the following keywords"},
}

func hasExtension(base, extension string) bool { return strings.HasSuffix(base, "."+extension) }
