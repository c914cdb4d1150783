package networkv1_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	networkv1 "github.com/nhncloud-go/nhncloud/network/v1"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// success is an answer with one further member.
func success(key, value string) apitest.Reply {
	return apitest.Reply{Body: `{"header": {"isSuccessful": true, "resultCode": 0, "resultMessage": "SUCCESS"}, "` + key + `": ` + value + `}`}
}

// failure is the answer to a call that failed.
func failure(code int, message string) apitest.Reply {
	return apitest.Reply{Body: fmt.Sprintf(`{"header": {"isSuccessful": false, "resultCode": %d, "resultMessage": %q}}`, code, message)}
}

// byID is the request of a look-up or a deletion in place of that for all.
func byID(want apitest.Want, escaped string) apitest.Want {
	want.URL += "?id=" + escaped
	return want
}

// refusedIDs checks that a call refuses what can't be an id in a query.
func refusedIDs(t *testing.T, operation, field string, call func(ctx context.Context, client *nhncloud.Client, id string) error) {
	t.Helper()
	for why, id := range map[string]string{"empty": "", "newline": "a\nb", "zero": "a\x00b", "delete": "a\x7fb", "next line": "a\u0085b"} {
		t.Run("refused "+why, func(t *testing.T) {
			t.Parallel()
			apitest.Refused(t, operation, field, func(ctx context.Context, client *nhncloud.Client) error {
				return call(ctx, client, id)
			})
		})
	}
}

// lookUp is an operation that answers with a list, of one resource or of all.
type lookUp[T any] struct {
	all   apitest.Want
	key   string // of the list
	field string // the id is called
	items []*T   // of the documented answer
	id    func(*T) *string
	list  func(ctx context.Context, c *networkv1.Client) ([]*T, error)
	get   func(ctx context.Context, c *networkv1.Client, id string) (*T, error) // nil where the API has none
}

// check runs the operation on its documented answer and on what else may come.
func (l lookUp[T]) check(t *testing.T) {
	t.Helper()
	reply := apitest.Reply{Body: "@" + l.all.Operation + ".response.json"}
	t.Run("List", func(t *testing.T) {
		t.Parallel()
		list := func(ctx context.Context, client *nhncloud.Client) ([]*T, error) {
			return l.list(ctx, networkv1.New(client))
		}
		apitest.Check(t, l.all, reply, l.items, list)
		only := new(T)
		*l.id(only) = "a"
		for body, want := range map[string][]*T{`[]`: {}, `[null, {"id": "a"}, null]`: {only}} {
			t.Run(body, func(t *testing.T) {
				t.Parallel()
				m := apitest.New(t)
				m.Expect(l.all, success(l.key, body))
				items, err := list(t.Context(), m.Client)
				require.NoError(t, err)
				assert.Equal(t, want, items)
			})
		}
		t.Run("null", func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			m.Expect(l.all, success(l.key, `null`))
			items, err := list(t.Context(), m.Client)
			assert.ErrorIs(t, err, nhncloud.ErrBadAnswer)
			assert.Nil(t, items)
		})
	})
	if l.get == nil {
		return
	}
	t.Run("Get", func(t *testing.T) {
		t.Parallel()
		get := func(ctx context.Context, client *nhncloud.Client, id string) (*T, error) {
			return l.get(ctx, networkv1.New(client), id)
		}
		for _, item := range l.items {
			id := *l.id(item)
			t.Run(id, func(t *testing.T) {
				t.Parallel()
				apitest.Check(t, byID(l.all, id), reply, item, func(ctx context.Context, client *nhncloud.Client) (*T, error) { return get(ctx, client, id) })
			})
		}
		refusedIDs(t, l.all.Operation, l.field, func(ctx context.Context, client *nhncloud.Client, id string) error {
			_, err := get(ctx, client, id)
			return err
		})
		t.Run("escaped", func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			m.Expect(byID(l.all, "a%26id%3Db%231"), success(l.key, `[{"id": "a&id=b#1"}]`))
			item, err := get(t.Context(), m.Client, "a&id=b#1")
			require.NoError(t, err)
			assert.Equal(t, "a&id=b#1", *l.id(item))
		})
		for name, reply := range map[string]apitest.Reply{
			"none":    success(l.key, `[]`),
			"another": success(l.key, `[null, {"id": "b"}, {"id": ""}]`),
			"said so": failure(-5, "FAIL: resource does not exist"),
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				m := apitest.New(t)
				m.Expect(byID(l.all, "a"), reply)
				item, err := get(t.Context(), m.Client, "a")
				assert.ErrorIs(t, err, nhncloud.ErrNotFound)
				assert.Nil(t, item)
			})
		}
	})
}

// checkDelete runs the deletion of the resource that has the id.
func checkDelete(t *testing.T, operation, path, field, id string, remove func(ctx context.Context, c *networkv1.Client, id string) error) {
	t.Helper()
	want := byID(apitest.Want{Operation: operation, Method: http.MethodDelete, URL: apitest.AppKeyURL + path}, id)
	call := func(ctx context.Context, client *nhncloud.Client, id string) error {
		return remove(ctx, networkv1.New(client), id)
	}
	apitest.CheckEmpty(t, want, apitest.Reply{Body: "@" + operation + ".response.json"}, func(ctx context.Context, client *nhncloud.Client) error {
		return call(ctx, client, id)
	})
	refusedIDs(t, operation, field, call)
}

// The words of the guide.
func TestConstants(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []networkv1.NetworkStatus{"BUILD", "ACTIVE", "DOWN", "ERROR"},
		[]networkv1.NetworkStatus{networkv1.NetworkBuild, networkv1.NetworkActive, networkv1.NetworkDown, networkv1.NetworkError})
	assert.Equal(t, []networkv1.FloatingIPStatus{"ACTIVE", "DOWN", "ERROR"},
		[]networkv1.FloatingIPStatus{networkv1.FloatingIPActive, networkv1.FloatingIPDown, networkv1.FloatingIPError})
	assert.Equal(t, []networkv1.Direction{"ingress", "egress"}, []networkv1.Direction{networkv1.DirectionIngress, networkv1.DirectionEgress})
	assert.Equal(t, []networkv1.Ethertype{"IPv4", "IPv6"}, []networkv1.Ethertype{networkv1.EthertypeIPv4, networkv1.EthertypeIPv6})
	assert.Equal(t, []networkv1.Protocol{"", "icmp", "tcp", "udp"},
		[]networkv1.Protocol{networkv1.ProtocolAny, networkv1.ProtocolICMP, networkv1.ProtocolTCP, networkv1.ProtocolUDP})
}
