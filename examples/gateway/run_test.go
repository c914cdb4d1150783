package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The program says how to get a token, and that works.
func TestRun(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var stdout, stderr lockedBuffer
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, []string{"-listen", "127.0.0.1:0", "-origins", "http://localhost:3000"}, &stdout, &stderr)
	}()
	command := regexp.MustCompile(`(?s)curl -s (http://\S+) -H 'Content-Type: application/json' \\\s+-d '([^']*)'`)
	require.Eventually(t, func() bool { return command.MatchString(stdout.String()) }, 10*time.Second, 5*time.Millisecond)
	printed := command.FindStringSubmatch(stdout.String())
	answer, err := http.Post(printed[1], "application/json", strings.NewReader(printed[2]))
	require.NoError(t, err)
	defer answer.Body.Close()
	require.Equal(t, 200, answer.StatusCode)
	var token struct{ Token string }
	require.NoError(t, json.NewDecoder(answer.Body).Decode(&token))
	assert.NotEmpty(t, token.Token)
	stop()
	require.NoError(t, <-ended)
	assert.Contains(t, stderr.String(), "shutting down")
}

func TestFlags(t *testing.T) {
	t.Parallel()
	for want, args := range map[string][]string{
		"-db needs a key":                  {"-db", "tasks.db"},
		"takes flags only":                 {"serve"},
		"not defined":                      {"-moon"},
		`no environment "moon"`:            {"-live", "-environment", "moon"},
		`environment "ngsc" has`:           {"-live", "-environment", "ngsc"},
		`"app.example.com" is no origin`:   {"-origins", "app.example.com"},
		"has nothing in it":                {"-origins", " , "},
		"listen tcp":                       {"-listen", "127.0.0.1:-1"},
		`invalid value "loud" for flag`:    {"-log", "loud"},
		`invalid value "" for flag -regio`: {"-regions", ""},
	} {
		err := run(t.Context(), args, io.Discard, io.Discard)
		assert.ErrorContains(t, err, want)
	}
	assert.ErrorIs(t, run(t.Context(), []string{"-h"}, io.Discard, io.Discard), flag.ErrHelp)
	assert.False(t, errors.Is(run(t.Context(), []string{"-moon"}, io.Discard, io.Discard), flag.ErrHelp))

	o, err := parse([]string{"-live", "-environment", "GOV", "-regions", "KR1, kr2"}, io.Discard)
	require.NoError(t, err)
	cloud, memory, err := o.open(slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	defer cloud.Close()
	assert.Nil(t, memory)
	_, ok := cloud.Region("Kr2")
	assert.True(t, ok)
	_, ok = cloud.Region("kr3")
	assert.False(t, ok)
}
