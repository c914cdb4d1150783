package clients_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/clients"
)

const idle = 10 * time.Minute

func build(caller clients.Caller) (*nhncloud.Client, error) {
	return nhncloud.NewClient(nhncloud.Config{Environment: nhncloud.Public, Region: caller.Region, TenantID: caller.TenantID},
		nhncloud.WithTokenSource(nhncloud.StaticToken(caller.Token)))
}

func get(t *testing.T, cache *clients.Cache, caller clients.Caller) *nhncloud.Client {
	t.Helper()
	client, err := cache.Get(caller)
	require.NoError(t, err)
	return client
}

// A caller gets its client again, and nobody else's.
func TestCallersAreToldApart(t *testing.T) {
	t.Parallel()
	cache := clients.New(build, idle, 100)
	defer cache.Close()
	callers := []clients.Caller{
		{Region: "KR1", TenantID: "a", Token: "t"},
		{Region: "KR2", TenantID: "a", Token: "t"},
		{Region: "KR1", TenantID: "b", Token: "t"},
		{Region: "KR1", TenantID: "a", Token: "u"},
		{Region: "KR1", StorageAccount: "a", Token: "t"},
		{Region: "KR1", TenantID: "a", Token: "tt"}, // the same letters as the next one
		{Region: "KR1", TenantID: "at", Token: "t"},
	}
	seen := map[*nhncloud.Client]bool{}
	for _, caller := range callers {
		client := get(t, cache, caller)
		assert.False(t, seen[client], caller)
		seen[client] = true
		assert.Same(t, client, get(t, cache, caller))
	}
	assert.Equal(t, len(callers), cache.Len())
}

// Clients that nobody uses go by themselves.
func TestIdleClientsGo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cache := clients.New(build, idle, 100)
		defer cache.Close()
		used, left := clients.Caller{Region: "KR1", Token: "used"}, clients.Caller{Region: "KR1", Token: "left"}
		client := get(t, cache, used)
		get(t, cache, left)
		time.Sleep(idle / 2)
		assert.Same(t, client, get(t, cache, used))
		time.Sleep(idle/2 + time.Second)
		synctest.Wait()
		assert.Equal(t, 1, cache.Len())
		assert.Same(t, client, get(t, cache, used))
		time.Sleep(idle + time.Second)
		synctest.Wait()
		assert.Zero(t, cache.Len())
		assert.NotSame(t, client, get(t, cache, used))
		time.Sleep(idle + time.Second)
		synctest.Wait()
		assert.Zero(t, cache.Len(), "it goes on")
	})
}

// Beyond the most, the one goes that was not used for the longest time.
func TestTheMost(t *testing.T) {
	t.Parallel()
	cache := clients.New(build, idle, 2)
	defer cache.Close()
	a, b, c := clients.Caller{Region: "KR1", Token: "a"}, clients.Caller{Region: "KR1", Token: "b"}, clients.Caller{Region: "KR1", Token: "c"}
	first, second := get(t, cache, a), get(t, cache, b)
	assert.Same(t, first, get(t, cache, a))
	get(t, cache, c)
	assert.Equal(t, 2, cache.Len())
	assert.Same(t, first, get(t, cache, a))
	assert.NotSame(t, second, get(t, cache, b))
}

// What can't be built is not kept.
func TestBuildFails(t *testing.T) {
	t.Parallel()
	failure := errors.New("no")
	cache := clients.New(func(clients.Caller) (*nhncloud.Client, error) { return nil, failure }, idle, 2)
	_, err := cache.Get(clients.Caller{})
	require.ErrorIs(t, err, failure)
	assert.Zero(t, cache.Len())
}

// Many at once get one client for each caller.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	cache := clients.New(build, idle, 100)
	defer cache.Close()
	var wg sync.WaitGroup
	var seen sync.Map
	for i := range 200 {
		wg.Go(func() {
			token := nhncloud.Secret(fmt.Sprint(i % 2))
			client, err := cache.Get(clients.Caller{Region: "KR1", Token: token})
			assert.NoError(t, err)
			other, _ := seen.LoadOrStore(token, client)
			assert.Same(t, other, client)
		})
	}
	wg.Wait()
	assert.Equal(t, 2, cache.Len())
}
