package nhncloud_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
)

func TestArgumentCheck(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		check func(c *nhncloud.ArgumentCheck)
		field string
		want  string // text, and message but for the field of a single one
	}{
		"nothing asked": {func(*nhncloud.ArgumentCheck) {}, "", ""},
		"nothing wrong": {func(c *nhncloud.ArgumentCheck) {
			c.Required("Name", "web")
			c.RefuseIf(false, "Size", "must be positive")
		}, "", ""},
		"one": {func(c *nhncloud.ArgumentCheck) {
			c.Required("Name", "")
			c.Required("FlavorID", "m2")
		}, "Name", "Name must not be empty"},
		"all of them, in their order": {func(c *nhncloud.ArgumentCheck) {
			c.Required("Name", "")
			c.Required("FlavorID", "")
			c.RefuseIf(true, "Size", "must be positive")
			c.Refuse("Networks[1]", "needs NetworkID or SubnetID")
		}, "Name, FlavorID, Size, Networks[1]",
			"Name must not be empty; FlavorID must not be empty; Size must be positive; Networks[1] needs NetworkID or SubnetID"},
		"empty values": {func(c *nhncloud.ArgumentCheck) {
			c.RequiredEach("SecurityGroups", []string{"default", "", "web", ""})
			c.RequiredEach("Tags", nil)
		}, "SecurityGroups[1], SecurityGroups[3]", "SecurityGroups[1] must not be empty; SecurityGroups[3] must not be empty"},
		"one field twice": {func(c *nhncloud.ArgumentCheck) {
			c.Refuse("Size", "must be in steps of 10")
			c.Required("Name", "")
			c.Refuse("Size", "must not be negative")
		}, "Size, Name", "Size must be in steps of 10; Name must not be empty; Size must not be negative"},
		"parts": {func(c *nhncloud.ArgumentCheck) {
			c.Within("Pool", func(c *nhncloud.ArgumentCheck) {
				c.Required("Name", "")
				c.Within("Members[1]", func(c *nhncloud.ArgumentCheck) { c.Refuse("Weight", "must be positive") })
			})
			c.Within("Other", func(c *nhncloud.ArgumentCheck) { c.Required("Name", "web") })
		}, "Pool.Name, Pool.Members[1].Weight", "Pool.Name must not be empty; Pool.Members[1].Weight must be positive"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var check nhncloud.ArgumentCheck
			test.check(&check)
			err := check.Err("op")
			if test.want == "" {
				require.NoError(t, err)
				return
			}
			e := requireRefused(t, err, test.field)
			assert.Equal(t, "op", e.Operation)
			assert.Equal(t, "nhncloud: op: "+test.want, err.Error())
		})
	}
	t.Run("in a log", func(t *testing.T) {
		t.Parallel()
		var check nhncloud.ArgumentCheck
		check.Required("Name", "")
		check.Required("KeyName", "")
		var out bytes.Buffer
		slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "error", check.Err("op"))
		var event struct {
			Error json.RawMessage `json:"error"`
		}
		require.NoError(t, json.Unmarshal(out.Bytes(), &event))
		assert.JSONEq(t, `{"operation": "op", "field": "Name, KeyName", "message": "Name must not be empty; KeyName must not be empty"}`, string(event.Error))
	})
}
