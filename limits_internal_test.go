package nhncloud

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The package doc tells the limits that hold.
func TestDocumentedLimits(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	doc := strings.Join(strings.Fields(strings.ReplaceAll(string(source), "\n//", "\n")), " ")
	seconds := func(d time.Duration) string { return fmt.Sprintf("%v s", d.Seconds()) }
	policy := RetryPolicy{}.withDefaults()
	pool, ok := defaultTransport().(*http.Transport)
	require.True(t, ok)
	for _, line := range []string{
		"login " + seconds(DefaultLoginTimeout) + ", [WithLoginTimeout]",
		fmt.Sprintf("silence of a connection %v minutes, [WithHTTPClient]", maxSilence.Minutes()),
		fmt.Sprintf("attempts of a call %d, with random waits of up to %v, %v, %v s and on to %v, [WithRetry]", policy.MaxAttempts,
			policy.BaseDelay.Seconds(), 2*policy.BaseDelay.Seconds(), 4*policy.BaseDelay.Seconds(), seconds(policy.MaxDelay)),
		"Retry-After is waited, at most " + seconds(policy.MaxRetryAfter) + ", [RetryPolicy]",
		"looks of a waiter after " + seconds(defaultWaitInterval) + ", growing by half to " + seconds(defaultMaxWaitInterval) + ", [WaitOptions]",
		fmt.Sprintf("idle connections %d to a host, %d in all, [WithHTTPClient]", pool.MaxIdleConnsPerHost, pool.MaxIdleConns),
		fmt.Sprintf("answer that is kept %d MiB, [WithMaxResponse]", DefaultMaxResponse>>20),
	} {
		assert.Contains(t, doc, line)
	}
}
