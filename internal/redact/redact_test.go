package redact

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const password = `p<s>&"w\rd/한글+ %41`

// forms are the ways in which a service may repeat what it was sent.
func forms(secret string) map[string]string {
	ascii := strconv.QuoteToASCII(secret)
	var marshalled bytes.Buffer
	encoder := json.NewEncoder(&marshalled)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(secret)
	trim := func(s string) string { return strings.Trim(strings.TrimSpace(s), `"`) }
	escaped, _ := json.Marshal(secret)
	twice, _ := json.Marshal(string(escaped))
	codes := ""
	for _, r := range secret {
		codes += fmt.Sprintf("&#%d;&#x%X;", r, r)[:len(fmt.Sprintf("&#%d;", r))]
	}
	return map[string]string{
		"as it is":        secret,
		"JSON":            trim(marshalled.String()),
		"JSON for HTML":   trim(string(escaped)),
		"JSON in JSON":    trim(string(twice)),
		"ASCII":           trim(ascii),
		"query":           url.QueryEscape(secret),
		"path":            url.PathEscape(secret),
		"path, small":     strings.ToLower(url.PathEscape("x" + secret)[1:]),
		"path twice":      url.PathEscape(url.PathEscape(secret)),
		"HTML":            html.EscapeString(secret),
		"HTML codes":      codes,
		"base64":          base64.StdEncoding.EncodeToString([]byte(secret)),
		"base64, URL":     base64.URLEncoding.EncodeToString([]byte(secret)),
		"base64 in a URL": url.QueryEscape(base64.StdEncoding.EncodeToString([]byte(secret))),
	}
}

func TestForms(t *testing.T) {
	t.Parallel()
	script := "#!/bin/sh\necho 'the password is <hunter2>' && curl -k \"https://example.com/?a=b\"\n"
	for _, secret := range []string{password, script} {
		set := NewSet(secret)
		for name, form := range forms(secret) {
			if name == "path, small" && strings.ContainsAny(secret, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") {
				continue
			}
			for _, frame := range []string{"%s", "before %s after", `{"value": "%s"}`, "%[1]s%[1]s"} {
				text := fmt.Sprintf(frame, form)
				got := string(set.Clean([]byte(text), false))
				assert.NotContains(t, got, form, "%s in %s", name, frame)
				assert.Contains(t, got, Mark, "%s in %s", name, frame)
				assert.NotContains(t, got, "hunter2", "%s in %s", name, frame)
				assert.NotContains(t, got, "w\\rd", "%s in %s", name, frame)
			}
		}
	}
}

// A secret that is sent in base64 is known by its content, too.
func TestBase64Content(t *testing.T) {
	t.Parallel()
	set := NewSet(base64.StdEncoding.EncodeToString([]byte("#!/bin/sh hunter2")))
	assert.Equal(t, "the script [REDACTED] is wrong", string(set.Clean([]byte("the script #!/bin/sh hunter2 is wrong"), false)))
}

// Of a long secret pieces are found: a service quotes the beginning, or the
// decoder an excerpt.
func TestPieces(t *testing.T) {
	t.Parallel()
	var script strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&script, "echo line %d of the script\n", i*i)
	}
	set := NewSet(script.String())
	encoded := base64.StdEncoding.EncodeToString([]byte(script.String()))
	for _, whole := range []string{script.String(), encoded} {
		for _, at := range []int{0, 1, 7, 100, len(whole) - 40} {
			for _, n := range []int{16, 23, 40} {
				piece := whole[at : at+n]
				got := string(set.Clean([]byte("Value: '"+piece+"' is too long"), false))
				assert.NotContains(t, got, piece[2:n-2], "%d bytes at %d", n, at)
				assert.Contains(t, got, "is too long")
			}
		}
	}
	long := "x" + strings.TrimRight(encoded, "=") + "y"
	assert.Equal(t, "x[REDACTED]y", string(set.Clean([]byte(long), false)))
}

// Where a text was cut off, the beginning of a secret is one.
func TestCut(t *testing.T) {
	t.Parallel()
	set := NewSet("static-token")
	assert.Equal(t, "it is [REDACTED]", string(set.Clean([]byte("it is stat"), true)))
	assert.Equal(t, "it is stat", string(set.Clean([]byte("it is stat"), false)))
	assert.Equal(t, `can't read "[REDACTED]…" and "[REDACTED]…"`, string(set.Clean([]byte(`can't read "static-t…" and "s…"`), false)))
}

func TestOthersStay(t *testing.T) {
	t.Parallel()
	set := NewSet("hunter2hunter2", "abc", "")
	for _, text := range []string{
		"", "nothing", "abc", "100% of \\ and & and &amp; and %zz and &#; and &#x;", "\\u12", "%e", "한글 %ED", "Basic authentication required",
		"bearer of bad news", "Basic realm=\"x\"", "hunter2", "aws region", "%ed%95%9c hunter",
	} {
		assert.Equal(t, text, string(set.Clean([]byte(text), false)))
	}
}

func TestByName(t *testing.T) {
	t.Parallel()
	set := NewSet()
	for text, want := range map[string]string{
		`{"password": "x y", "a": 1}`:                         `{"password": "[REDACTED]", "a": 1}`,
		`Value: {'skm_appkey': 'a1b2', 'skm_key_id': 'k'}`:    `Value: {'skm_appkey': '[REDACTED]', 'skm_key_id': 'k'}`,
		`proxy said: Proxy-Authorization: Basic dXNlcjpwYXNz`: `proxy said: Proxy-Authorization: Basic [REDACTED]`,
		`Authorization: Bearer 0123456789abcdef0`:             `Authorization: Bearer [REDACTED]`,
		`Authorization: AWS access:signature`:                 `Authorization: AWS [REDACTED]`,
		`GET /o?temp_url_sig=abc123&temp_url_expires=9`:       `GET /o?temp_url_sig=[REDACTED]&temp_url_expires=9`,
		`/o?TEMP_URL_SIG%3Dabc`:                               `/o?TEMP_URL_SIG%3D[REDACTED]`,
		`X-Amz-Signature=00ff, then`:                          `X-Amz-Signature=[REDACTED], then`,
	} {
		assert.Equal(t, want, string(set.Clean([]byte(text), false)))
	}
}

func TestHeader(t *testing.T) {
	t.Parallel()
	h := http.Header{"X-Auth-Token": {"t"}, "Set-Cookie": {"a", "b"}, "X-Debug": {"got secret-token", "ok"}, "Www-Authenticate": {`X realm="secret-token"`}}
	got := NewSet("secret-token").Header(h)
	assert.Equal(t, http.Header{"X-Auth-Token": {Mark}, "Set-Cookie": {Mark}, "X-Debug": {"got " + Mark, "ok"}, "Www-Authenticate": {`X realm="` + Mark + `"`}}, got)
	assert.Equal(t, "t", h.Get("X-Auth-Token"), "the header itself stays")
	assert.ElementsMatch(t, []string{"t", "a", "b"}, HeaderSecrets(h))
	DropHeaders(h)
	assert.NotContains(t, h, "X-Auth-Token")
}

func TestURL(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"https://h/o?temp_url_sig=abc&temp_url_expires=1": "https://h/o?temp_url_sig=[REDACTED]&temp_url_expires=1",
		"https://h/o?temp_url_expires=1&TEMP_URL_SIG=abc": "https://h/o?temp_url_expires=1&TEMP_URL_SIG=[REDACTED]",
		"https://h/o?a=%zz&temp_url_sig=abc":              "https://h/o?a=%zz&temp_url_sig=[REDACTED]",
		"https://h/o?a=1;temp_url_sig=abc":                "https://h/o?a=1;temp_url_sig=[REDACTED]",
		"https://h/o?temp%5Furl%5Fsig=abc":                "https://h/o?temp%5Furl%5Fsig=[REDACTED]",
		"https://h/o?x#temp_url_sig=abc":                  "https://h/o?x",
		"https://user:secret@h/o":                         "https://h/o",
		"https://h/o%3Ftemp_url_sig=abc":                  "https://h/o%3Ftemp_url_sig=[REDACTED]",
		"https://h/v1.0/appkeys/key/instances?id=1":       "https://h/v1.0/appkeys/[REDACTED]/instances?id=1",
		"https://h/v1.0/appkeys/key/tokens?id=1":          "https://h/v1.0/appkeys/[REDACTED]/tokens?id=[REDACTED]",
		"https://h/v1.0/appkeys/key":                      "https://h/v1.0/appkeys/[REDACTED]",
		"https://h/o?a=b&c":                               "https://h/o?a=b&c",
	} {
		u, err := url.Parse(raw)
		require.NoError(t, err)
		assert.Equal(t, want, URL(u))
	}
	spaced := &url.URL{Scheme: "https", Host: "h", Path: "/o", RawQuery: "temp_url_sig=a b&c=d e&+token=x"}
	assert.Equal(t, "https://h/o?temp_url_sig=[REDACTED]&c=d e&+token=[REDACTED]", URL(spaced))
	assert.Equal(t, []string{"a b", "x"}, QuerySecrets(spaced.RawQuery, spaced.Path))
	assert.Empty(t, URL(nil))
}

func FuzzClean(f *testing.F) {
	f.Add("text with static-token-0123456789abcdef in it", "static-token-0123456789abcdef", true)
	f.Add(`%5c\u0073\\u0074&#x73;`, "static-token", false)
	f.Fuzz(func(t *testing.T, text, secret string, cut bool) {
		set := NewSet(secret)
		got := string(set.Clean([]byte(text), cut))
		if len(secret) >= minSecret && !strings.Contains(Mark, secret) && !strings.Contains(secret, "[") {
			for _, piece := range strings.Split(got, Mark) {
				assert.NotContains(t, piece, secret)
			}
		}
		set.Clean([]byte(got), cut) // what is clean can be cleaned again
	})
}
