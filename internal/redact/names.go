package redact

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// member matches the value of a member whose name says that it is secret, in
// JSON, in JSON inside of a string, or in the Python notation that services use
// to quote a request.
var member = regexp.MustCompile(
	`(?is)(["'](?:password|adminPass|user_data|private_key|secret|secret_key|token|x-auth-token|config|skm_appkey)\\?["']\s*:\s*u?)` +
		`(?:(")(?:[^"\\]|\\.)*"?|(')(?:[^'\\]|\\.)*'?|(\\")(?:[^"\\]|\\[^"])*(?:\\")?)`)

// credential matches what stands behind the scheme of an Authorization header.
var credential = regexp.MustCompile(`(?i)\b(basic|bearer|aws)([ :]+)([a-z0-9+/_.~:-]{8,}=*)`)

// parameter matches a parameter of a signed URL, also where it is escaped.
var parameter = regexp.MustCompile(`(?i)(temp_url_sig|x-amz-signature|x-amz-credential|x-amz-security-token)(=|%3d|%253d|\\u003d)(?:\[REDACTED\]|[^\s"'<>&;,)\]}]+)`)

// byName takes secrets out of a text that stand under a name that says so.
func byName(text []byte) []byte {
	text = rewrite(member, text, func(part [][]byte) []byte {
		quote := slices.Concat(part[2:]...)
		return slices.Concat(part[1], quote, []byte(Mark), quote)
	})
	text = rewrite(credential, text, func(part [][]byte) []byte {
		if !isCredential(string(part[1]), string(part[3])) {
			return part[0]
		}
		return slices.Concat(part[1], part[2], []byte(Mark))
	})
	return byParameter(text)
}

// byParameter takes the values of the parameters of signed URLs out of a text.
func byParameter(text []byte) []byte {
	if !bytes.ContainsAny(text, `=%\`) {
		return text // what follows takes a while
	}
	return rewrite(parameter, text, func(part [][]byte) []byte { return slices.Concat(part[1], part[2], []byte(Mark)) })
}

// rewrite replaces what a pattern matches. The parts are the match and its
// groups.
func rewrite(pattern *regexp.Regexp, text []byte, with func(part [][]byte) []byte) []byte {
	return pattern.ReplaceAllFunc(text, func(found []byte) []byte { return with(pattern.FindSubmatch(found)) })
}

// headers are the header fields with a secret in them.
var headers = []string{
	"Authorization", "Cookie", "Proxy-Authorization", "Set-Cookie",
	"X-Account-Meta-Temp-Url-Key", "X-Account-Meta-Temp-Url-Key-2", "X-Auth-Key", "X-Auth-Token", "X-Container-Meta-Temp-Url-Key",
	"X-Container-Meta-Temp-Url-Key-2", "X-Service-Token", "X-Storage-Token", "X-Subject-Token",
}

// isCredential reports whether a text behind the name of a scheme is a
// credential of it, and not a word such as "authentication".
func isCredential(scheme, text string) bool {
	switch strings.ToLower(scheme) {
	case "basic":
		decoded, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(text, "="))
		return err == nil && bytes.IndexByte(decoded, ':') >= 0
	case "aws":
		return strings.IndexByte(text, ':') > 0
	default:
		return len(text) >= 16 && strings.ContainsAny(text, "0123456789")
	}
}

// HeaderSecrets returns the values of the secret fields of a header.
func HeaderSecrets(h http.Header) []string {
	var secrets []string
	for _, name := range headers {
		secrets = append(secrets, h[name]...)
	}
	return secrets
}

// DropHeaders deletes the secret fields of a header.
func DropHeaders(h http.Header) {
	for _, name := range headers {
		delete(h, name)
	}
}

// Header returns a copy of a header without secrets.
func (s *Set) Header(h http.Header) http.Header {
	h = h.Clone()
	for name, values := range h {
		for i, value := range values {
			values[i] = string(s.Clean([]byte(value), false))
		}
		h[name] = values
	}
	for _, name := range headers {
		if h.Get(name) != "" {
			h.Set(name, Mark)
		}
	}
	return h
}

// URL prints a URL without what could be used by another: signatures, tokens in
// the query, the appkey, and a user with a password. It works on queries that
// are not well formed, as on others.
func URL(u *url.URL) string {
	if u == nil {
		return ""
	}
	shown := *u
	shown.User = nil
	shown.Fragment, shown.RawFragment = "", ""
	if before, after, ok := strings.Cut(shown.Path, "/appkeys/"); ok {
		_, rest, more := strings.Cut(after, "/")
		shown.Path, shown.RawPath = before+"/appkeys/"+Mark, ""
		if more {
			shown.Path += "/" + rest
		}
	}
	shown.RawQuery = query(shown.RawQuery, u.Path)
	text := strings.ReplaceAll(shown.String(), url.PathEscape(Mark), Mark)
	return string(byParameter([]byte(text)))
}

// query replaces the values of the secret parameters of a query.
func query(raw, path string) string {
	var out []string
	shown := map[string]bool{}
	for raw != "" {
		part, separator := raw, ""
		if i := strings.IndexAny(raw, "&;"); i >= 0 {
			part, separator = raw[:i], raw[i:i+1]
		}
		raw = raw[len(part)+len(separator):]
		name, _, assigned := strings.Cut(part, "=")
		if assigned && isSecretParameter(name, path) {
			if shown[name] {
				continue
			}
			shown[name] = true
			part = name + "=" + Mark
		}
		out = append(out, part+separator)
	}
	return strings.TrimRight(strings.Join(out, ""), "&;")
}

// QuerySecrets returns the values of the secret parameters of a query.
func QuerySecrets(raw, path string) []string {
	var secrets []string
	for part := range strings.FieldsFuncSeq(raw, func(r rune) bool { return r == '&' || r == ';' }) {
		name, value, _ := strings.Cut(part, "=")
		if !isSecretParameter(name, path) {
			continue
		}
		if plain, _ := inURL.undo([]byte(value)); plain != nil {
			value = string(plain)
		}
		secrets = append(secrets, value)
	}
	return secrets
}

// isSecretParameter reports whether a parameter of the query is a credential.
func isSecretParameter(name, path string) bool {
	if plain, _ := inURL.undo([]byte(name)); plain != nil {
		name = string(plain)
	}
	switch strings.ToLower(strings.Trim(name, " +")) {
	case "temp_url_sig", "x-amz-signature", "x-amz-credential", "x-amz-security-token", "signature", "token", "password":
		return true
	case "id": // the v1.0 API looks tokens up by themselves
		return strings.HasSuffix(path, "/tokens")
	}
	return false
}
