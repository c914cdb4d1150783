package apitest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Hidden checks that a value with a secret in it, and a pointer to it, print
// the secret in no form, whether by package fmt, in a log or as JSON.
func Hidden[T any](t *testing.T, secret string, value T) {
	t.Helper()
	texts := map[string]string{}
	for name, v := range map[string]any{"value": value, "pointer": &value, "slice": []T{value}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
			texts[name+" "+verb] = fmt.Sprintf(verb, v)
		}
		encoded, err := json.Marshal(v)
		require.NoError(t, err)
		texts[name+" JSON"] = string(encoded)
		var log bytes.Buffer
		slog.New(slog.NewTextHandler(&log, nil)).Info("made", "it", v)
		texts[name+" text log"] = log.String()
		log.Reset()
		slog.New(slog.NewJSONHandler(&log, nil)).Info("made", "it", v)
		texts[name+" JSON log"] = log.String()
	}
	for how, text := range texts {
		for _, form := range []string{secret, fmt.Sprintf("%x", secret), fmt.Sprintf("%X", secret), base64.StdEncoding.EncodeToString([]byte(secret))} {
			assert.NotContains(t, text, form, how)
		}
	}
}
