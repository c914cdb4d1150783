package kubeconfig_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/nks/internal/kubeconfig"
)

// forms are one kubeconfig as different programs write it.
var forms = map[string]string{
	"NKS": "apiVersion: v1\nclusters:\n- cluster:\n    certificate-authority-data: LS0t... \n    server: https://k8s.example.com:6443\n  name: \"web\"\n" +
		"contexts:\n- context:\n    cluster: \"web\"\n    user: admin\n  name: default\ncurrent-context: default\nkind: Config\npreferences: {}\nusers:\n" +
		"- name: admin\n  user:\n    client-certificate-data: AAAA\n    client-key-data: BBBB\n",
	"indented, with comments": "---\n# of a test\ncurrent-context: 'default' # the only one\nusers: []\n\ncontexts:\n  - name: default\n    context:\n      user: ~\n" +
		"      cluster: it's\n      namespace: null\nclusters:\n  -\n    name: 'it''s' # his\n    cluster: {server: x}\n",
	"a dash alone": "current-context: d\r\ncontexts:\r\n-\r\n  name: d\r\n  context:\r\n    cluster: \"\\u0077eb\"\r\nclusters:\r\n- \r\n  name: web\r\n" +
		"  cluster:\r\n    server: https://k8s.example.com:6443\r\n    extensions:\r\n    - - deep\r\n      - -1\r\n    - name: x\r\n    empty:\r\n  list:\r\n",
	"JSON": ` {"current-context": "d", "contexts": [{"name": "d", "context": {"cluster": "web"}}],
		"clusters": [{"name": "other"}, {"name": "web", "cluster": {"server": "https://k8s.example.com:6443"}}]}`,
}

func TestServer(t *testing.T) {
	t.Parallel()
	forms := map[string]string{
		"NKS": forms["NKS"], "a dash alone": forms["a dash alone"], "JSON": forms["JSON"],
		"indented, with comments": strings.Replace(forms["indented, with comments"], "{server: x}", "\n      server: https://k8s.example.com:6443", 1),
	}
	for name, text := range forms {
		config, err := kubeconfig.Parse(text)
		require.NoError(t, err, name)
		server, err := config.Server()
		require.NoError(t, err, name)
		assert.Equal(t, "https://k8s.example.com:6443", server, name)
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	for text, problem := range map[string]string{
		"clusters:\n\t- x":             "line 2 is indented with a tab",
		"a: b\n  c: d":                 "line 2 does not belong to anything before it",
		"a: [b]":                       "line 1 is in a form of YAML that is not read here",
		"a: |\n  b":                    "line 1 is in a form of YAML that is not read here",
		"a: &x b":                      "line 1 is in a form",
		"a: \"b\\\"":                   "line 1 has a quote that does not end on it",
		"a: \"\\x\"":                   "line 1 has a quoted text that is not read here",
		"a: 'b' c":                     "line 1 has something behind a quote",
		"a: 'b''":                      "line 1 has a quote that does not end on it",
		"\"a: b":                       "line 1 has no name with a colon behind it",
		"'a\"b":                        "line 1 has no name",
		"secret":                       "line 1 has no name",
		"*a: b":                        "line 1 is in a form",
		"a:\n- *b":                     "line 2 is in a form",
		"a:\n-\n  [b]: c":              "line 3 is in a form",
		"a:\n  - b: *c":                "line 2 is in a form",
		"clusters: x":                  "it has not the form of a kubeconfig",
		"- a":                          "it has not the form of a kubeconfig",
		`{"clusters": 7}`:              "it has not the form of a kubeconfig",
		strings.Repeat("- ", 40) + "a": "line 1 is too deep",
	} {
		_, err := kubeconfig.Parse(text)
		assert.ErrorContains(t, err, problem, text)
		assert.NotContains(t, err.Error(), "secret")
	}
}

func TestMissing(t *testing.T) {
	t.Parallel()
	for text, problems := range map[string][2]string{
		"":                      {"no current context", "no current context"},
		"current-context: gone": {"no current context", "no current context"},
		"current-context: d\ncontexts:\n- name: d": {"no server", "no certificate in it"},
		"current-context: d\ncontexts:\n- name: d\nclusters:\n- cluster:\n    server: s\nusers:\n- user:\n    client-certificate-data: '?'\n":  {"", "not base64"},
		"current-context: d\ncontexts:\n- name: d\nclusters:\n- cluster:\n    server: s\nusers:\n- user:\n    client-certificate-data: AAAA\n": {"", "not PEM"},
		"current-context: d\ncontexts:\n- name: d\nclusters:\n- cluster:\n    server: s\nusers:\n- user:\n    client-certificate-data: " +
			"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCkFBQUEKLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo=\n": {"", "x509"},
	} {
		config, err := kubeconfig.Parse(text)
		require.NoError(t, err)
		_, err = config.Server()
		if problems[0] == "" {
			assert.NoError(t, err)
		} else {
			assert.ErrorContains(t, err, problems[0])
		}
		_, err = config.ClientCertificate()
		assert.ErrorContains(t, err, problems[1], text)
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range forms {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		config, err := kubeconfig.Parse(text)
		if err != nil {
			return
		}
		_, _ = config.Server()
		_, _ = config.ClientCertificate()
	})
}
