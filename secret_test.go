package nhncloud_test

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
)

// marker is a secret that must show up nowhere, neither as it is nor in hex.
const marker = "MARKER-5ecret"

type contextKey struct{}

// verbs lacks %p, for which package fmt asks no methods.
var verbs = []string{
	"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%#x", "%d", "%t", "%b", "%o", "%c", "%U", "%e", "%f", "%g", "%T", "%10.3v", "%-40s",
}

// printed returns everything that can be printed of a value.
func printed(t *testing.T, value any) map[string]string {
	t.Helper()
	shown := map[string]string{}
	for _, verb := range verbs {
		shown[verb] = fmt.Sprintf(verb, value)
	}
	shown["Sprint"] = fmt.Sprint(value)
	shown["Errorf"] = fmt.Errorf("wrapped: %v", value).Error()
	var text, structured bytes.Buffer
	for _, logger := range []*slog.Logger{slog.New(slog.NewTextHandler(&text, nil)), slog.New(slog.NewJSONHandler(&structured, nil))} {
		logger.Info("x", "value", value)
		logger.With("value", value).WithGroup("g").Info("x", slog.Group("group", slog.Any("value", value)))
	}
	shown["slog text"], shown["slog JSON"] = text.String(), structured.String()
	// Not everything can be encoded; what the error says is checked then.
	encoded, err := json.Marshal(value)
	shown["encoding/json"] = fmt.Sprint(string(encoded), err)
	if m, ok := value.(encoding.TextMarshaler); ok {
		encoded, err = m.MarshalText()
		shown["text"] = fmt.Sprint(string(encoded), err)
	}
	return shown
}

func assertHidden(t *testing.T, value any, secrets ...string) {
	t.Helper()
	for how, text := range printed(t, value) {
		for _, secret := range secrets {
			for _, form := range []string{secret, fmt.Sprintf("%x", secret), fmt.Sprintf("%X", secret), fmt.Sprintf("% x", secret), fmt.Sprintf("%d", []byte(secret))} {
				assert.NotContains(t, text, form, "%s shows the secret", how)
			}
		}
	}
}

func TestSecretIsNeverPrinted(t *testing.T) {
	t.Parallel()
	const s = nhncloud.Secret(marker)
	pointer := new(nhncloud.Secret)
	*pointer = s
	type nested struct {
		Name    string
		Secret  nhncloud.Secret
		Pointer *nhncloud.Secret
		Deep    struct{ Secrets []nhncloud.Secret }
	}
	n := nested{"n", s, pointer, struct{ Secrets []nhncloud.Secret }{[]nhncloud.Secret{s, s}}}
	for name, value := range map[string]any{
		"plain":           s,
		"pointer":         pointer,
		"struct":          n,
		"struct pointer":  &n,
		"embedded":        struct{ nhncloud.Secret }{s},
		"slice":           []nhncloud.Secret{s},
		"array":           [1]nhncloud.Secret{s},
		"map value":       map[string]nhncloud.Secret{"a": s},
		"map of structs":  map[string]nested{"a": n},
		"slice of any":    []any{s, n, map[string]any{"x": n}},
		"error argument":  fmt.Errorf("no luck with %v", s),
		"config":          nhncloud.Config{Username: "u", Password: s},
		"config pointer":  &nhncloud.Config{Username: "u", Password: s},
		"config in a map": map[string]nhncloud.Config{"a": {Password: s}},
		"token":           nhncloud.Token{ID: s, TenantID: "t"},
		"token pointer":   &nhncloud.Token{ID: s},
		"static token":    nhncloud.StaticToken(s),
		"source in a map": map[string]nhncloud.TokenSource{"a": nhncloud.StaticToken(s)},
		// Package fmt prints what is unexported without asking its methods.
		"source in an unexported field": struct{ source nhncloud.TokenSource }{nhncloud.StaticToken(s)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assertHidden(t, value, marker)
		})
	}
}

// Behind a pointer inside of something else, and as the key of a map, package
// fmt shows nothing of a secret as long as the verb suits a pointer.
func TestSecretBehindPointers(t *testing.T) {
	t.Parallel()
	config, token := &nhncloud.Config{Password: marker}, &nhncloud.Token{ID: marker}
	for name, value := range map[string]any{
		"slice":            []any{config, token},
		"map":              map[string]*nhncloud.Config{"a": config},
		"struct":           struct{ Token *nhncloud.Token }{token},
		"unexported field": struct{ token *nhncloud.Token }{token},
		"map key":          map[nhncloud.Secret]int{marker: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.NotContains(t, fmt.Sprintf("%v %+v %#v", value, value, value), marker)
			if name != "map key" { // of which encoding/json asks no method
				encoded, err := json.Marshal(value)
				assert.NotContains(t, fmt.Sprint(string(encoded), err), marker)
			}
		})
	}
}

func TestSecretTexts(t *testing.T) {
	t.Parallel()
	const s, none = nhncloud.Secret(marker), nhncloud.Secret("")
	assert.Equal(t, "[REDACTED]", s.String())
	assert.Equal(t, "[REDACTED]", fmt.Sprintf("%s", s))
	assert.Equal(t, "[REDACTED]", fmt.Sprintf("%d", s))
	assert.Equal(t, `nhncloud.Secret("[REDACTED]")`, fmt.Sprintf("%#v", s))
	assert.Empty(t, none.String(), "one sees that there is none")
	assert.Equal(t, `nhncloud.Secret("")`, fmt.Sprintf("%#v", none))
	assert.Equal(t, "[REDACTED]", s.LogValue().String())

	encoded, err := json.Marshal(struct{ S, None nhncloud.Secret }{s, none})
	require.NoError(t, err)
	assert.JSONEq(t, `{"S": "[REDACTED]", "None": ""}`, string(encoded))

	var back nhncloud.Secret
	require.NoError(t, json.Unmarshal([]byte(`"`+marker+`"`), &back))
	assert.Equal(t, marker, string(back), "what a service sends is decoded")

	assert.Equal(t, "nhncloud.StaticToken([REDACTED])", fmt.Sprint(nhncloud.StaticToken(s)))
}
