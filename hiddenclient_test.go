package nhncloud_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/keypair"
)

// clientWithSecrets returns a client that has logged in with a password, for a
// token. What it sends goes through note.
func clientWithSecrets(t *testing.T, password, token nhncloud.Secret, note func(*http.Request)) *nhncloud.Client {
	t.Helper()
	transport := nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
		note(r)
		return answer(200, `{"access": {"token": {"id": "`+string(token)+`", "expires": "2126-01-01T00:00:00Z"}}, "keypairs": []}`)(r)
	})
	client, err := nhncloud.NewClient(nhncloud.Config{
		Environment: nhncloud.Public, Region: nhncloud.KR1, TenantID: testTenant, AppKey: "appkey", Username: "user", Password: password,
	}, nhncloud.WithHTTPClient(&http.Client{Transport: transport}))
	require.NoError(t, err)
	_, err = client.Token(t.Context())
	require.NoError(t, err)
	return client
}

// Clients hold the password and the token in use, deep inside.
func TestClientsAreNeverPrinted(t *testing.T) {
	t.Parallel()
	const password = "PASSWORD-" + marker
	const token = "TOKEN-" + marker
	var seen context.Context
	client := clientWithSecrets(t, password, token, func(r *http.Request) { seen = r.Context() })
	static, err := client.With(nhncloud.WithTokenSource(nhncloud.StaticToken(token)))
	require.NoError(t, err)
	login := seen // its call has the password in the body
	_, err = keypair.New(client).KeyPairs.List(t.Context())
	require.NoError(t, err)

	type holder struct {
		client *nhncloud.Client
		keys   *keypair.KeyPairsService
	}
	for name, value := range map[string]any{
		"client":            client,
		"client value":      *client,
		"static client":     static,
		"config":            client.Config(),
		"compute":           compute.New(client),
		"compute value":     *compute.New(client),
		"servers":           compute.New(static).Servers,
		"servers value":     *compute.New(client).Servers,
		"keypair":           keypair.New(client),
		"key pairs":         keypair.New(static).KeyPairs,
		"holder":            holder{client, keypair.New(client).KeyPairs},
		"holder pointer":    &holder{client, keypair.New(client).KeyPairs},
		"slice":             []any{client, *client, compute.New(client)},
		"context of a call": seen,
		"context of login":  login,
		"derived context":   context.WithValue(login, contextKey{}, 1),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assertHidden(t, value, password, token)
		})
	}
	assert.Equal(t, "nhncloud.Client(public KR1 tenant "+testTenant+")", fmt.Sprintf("%+v", client))
	assert.Equal(t, "<nil>", fmt.Sprintf("%v", (*nhncloud.Client)(nil)))
	assert.Equal(t, "nhncloud.Client(nil)", (*nhncloud.Client)(nil).String())
	assert.Equal(t, "nhncloud.call(identity-v2-create-token)", fmt.Sprintf("%v", login))
}

// sourceWithSecret is a source that its program keeps by value.
type sourceWithSecret struct{ token nhncloud.Secret }

func (s sourceWithSecret) Token(context.Context, nhncloud.Scope) (*nhncloud.Token, error) {
	return &nhncloud.Token{ID: s.token}, nil
}

// Package fmt asks no methods where a client stands in an unexported field, by
// value or behind a pointer, and some verbs make it look behind pointers.
func TestClientsInUnexportedFields(t *testing.T) {
	t.Parallel()
	const password = "PASSWORD-" + marker
	const token = "TOKEN-" + marker
	client := clientWithSecrets(t, password, token, func(*http.Request) {})
	sourced, err := client.With(nhncloud.WithTokenSource(sourceWithSecret{token}),
		nhncloud.WithServiceHeader(nhncloud.ServiceCompute, "Authorization", token))
	require.NoError(t, err)
	_, err = sourced.Token(t.Context())
	require.NoError(t, err)

	type byValue struct{ client nhncloud.Client }
	type byPointer struct{ client *nhncloud.Client }
	type deep struct {
		name   string
		value  byValue
		other  *byValue
		values []nhncloud.Client
		array  [1]nhncloud.Client
		named  map[string]nhncloud.Client
		keyed  map[byPointer]byValue
		any    any
	}
	for which, c := range map[string]*nhncloud.Client{"password": client, "source": sourced} {
		value, pointer := byValue{*c}, byPointer{c}
		whole := deep{"x", value, &value, []nhncloud.Client{*c}, [1]nhncloud.Client{*c}, map[string]nhncloud.Client{"a": *c}, map[byPointer]byValue{pointer: value}, *c}
		for name, v := range map[string]any{
			"value":                value,
			"pointer to value":     &value,
			"pointer":              pointer,
			"pointer to pointer":   &pointer,
			"twice":                struct{ client **nhncloud.Client }{&c},
			"any":                  struct{ any any }{*c},
			"any pointer":          struct{ any any }{c},
			"deep":                 whole,
			"pointer to deep":      &whole,
			"slice of values":      []byValue{value},
			"map of values":        map[string]byValue{"a": value},
			"map of pointers":      map[string]*byPointer{"a": &pointer},
			"slice in a field":     struct{ clients []*nhncloud.Client }{[]*nhncloud.Client{c}},
			"compute":              struct{ compute compute.Client }{*compute.New(c)},
			"servers":              struct{ servers compute.ServersService }{*compute.New(c).Servers},
			"pointers to services": struct{ keys *keypair.KeyPairsService }{keypair.New(c).KeyPairs},
		} {
			t.Run(which+" "+name, func(t *testing.T) {
				t.Parallel()
				assertHidden(t, v, password, token)
			})
		}
	}
}
