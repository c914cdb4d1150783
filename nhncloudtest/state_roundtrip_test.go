package nhncloudtest_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

func TestStateSmoke(t *testing.T) {
	a := nhncloudtest.Start(t)
	a.AddServers(2)
	a.AddObjects("c", "p", 3)
	var buf, buf2 bytes.Buffer
	require.NoError(t, a.SaveState(&buf))
	b := nhncloudtest.Start(t)
	t.Log(buf.Len())
	require.NoError(t, b.LoadState(bytes.NewReader(buf.Bytes())))
	require.Equal(t, a.Inventory(), b.Inventory())
	require.NoError(t, b.SaveState(&buf2))
}
