package objectstorage

import (
	"context"
	"net/url"
	"strings"
)

// UploadPolicy restricts the names of objects that are stored after it was set,
// without the folders in them. It either allows or denies.
type UploadPolicy struct {
	AllowExtensions []string // without the dot, such as "jpg"
	AllowKeywords   []string // that a name has to have one of
	DenyExtensions  []string
	DenyKeywords    []string
}

func uploadRulesOf(value string) []string {
	rules := split(value, ",")
	for i, rule := range rules {
		rules[i] = unescaped(rule)
	}
	return rules
}

func (w *settingsWriter) uploadPolicy(p *UploadPolicy) {
	if len(p.AllowExtensions)+len(p.AllowKeywords) > 0 && len(p.DenyExtensions)+len(p.DenyKeywords) > 0 {
		w.refuse("UploadPolicy", "can't both allow and deny")
	}
	w.uploadRules(SettingAllowExtensions, p.AllowExtensions)
	w.uploadRules(SettingAllowKeywords, p.AllowKeywords)
	w.uploadRules(SettingDenyExtensions, p.DenyExtensions)
	w.uploadRules(SettingDenyKeywords, p.DenyKeywords)
}

func (w *settingsWriter) uploadRules(setting Setting, rules []string) {
	texts := make([]string, len(rules))
	for i, rule := range rules {
		if strings.TrimSpace(rule) == "" {
			w.refuse("UploadPolicy", "has an empty rule")
		}
		texts[i] = url.PathEscape(rule)
	}
	w.set(setting, texts...)
}

// SetUploadPolicy restricts the names of objects, and unsets what is empty in
// the policy.
//
// API: POST /v1/{Account}/{Container} (objectstorage-set-container-upload-policy; Storage-Object-Storage en/api-guide.md)
func (s *ContainersService) SetUploadPolicy(ctx context.Context, name string, policy UploadPolicy) error {
	return s.update(ctx, "objectstorage-set-container-upload-policy", name, ContainerSettings{UploadPolicy: &policy})
}
