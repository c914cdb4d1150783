package keymanager

import (
	"encoding/base64"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/identity"
)

// secret is a payload with what is said about it.
type secret struct {
	id, name, kind, algorithm, mode string
	bits                            int
	created, updated, expiration    time.Time
	contentType                     string // "" while there is no payload
	payload                         []byte
}

func sortedKeys(o object) []string { return slices.Sorted(maps.Keys(o)) }

func (c *call) body(s *secret) object {
	o := object{
		"secret_ref": c.ref("secrets", s.id), "name": s.name, "secret_type": s.kind, "status": "ACTIVE", "creator_id": identity.UserID,
		"created": s.created.Format(timeLayout), "updated": s.updated.Format(timeLayout), "algorithm": frame.Nullable(s.algorithm),
		"mode": frame.Nullable(s.mode), "bit_length": frame.Nullable(s.bits),
		"expiration": frame.OrNull(s.expiration, func(t time.Time) string { return t.UTC().Format(timeLayout) }),
	}
	if s.contentType != "" {
		o["content_types"] = object{"default": s.contentType}
	}
	return o
}

func (p *project) secret(id string) (*secret, *frame.Reply) {
	i := slices.IndexFunc(p.secrets, func(s *secret) bool { return s.id == id })
	if i < 0 {
		return nil, refused(http.StatusNotFound, "Not Found. Sorry but your secret is in another castle.")
	}
	return p.secrets[i], nil
}

// remove takes a secret away, from the containers as well.
func (p *project) remove(s *secret) {
	p.secrets = slices.DeleteFunc(p.secrets, func(o *secret) bool { return o == s })
	for _, ct := range p.containers {
		ct.secrets = slices.DeleteFunc(ct.secrets, func(in contained) bool { return in.secret == s })
	}
}

func listSecrets(c *call) frame.Reply {
	for key := range c.Query {
		if !slices.Contains([]string{"limit", "offset", "name", "alg", "mode", "bits", "secret_type"}, key) {
			return *refused(http.StatusBadRequest, "Secrets can't be listed by %s here.", key)
		}
	}
	var found []object
	for _, s := range c.project.secrets {
		fits := true
		for key, value := range map[string]string{
			"name": s.name, "alg": s.algorithm, "mode": s.mode, "bits": strconv.Itoa(s.bits), "secret_type": s.kind,
		} {
			fits = fits && (c.Query.Get(key) == "" || c.Query.Get(key) == value)
		}
		if fits {
			found = append(found, c.body(s))
		}
	}
	return page(c, "secrets", found)
}

func getSecret(c *call) frame.Reply {
	s, r := c.project.secret(c.Value("id"))
	if r != nil {
		return *r
	}
	return frame.Answer(http.StatusOK, c.body(s))
}

var (
	secretTypes  = []string{"symmetric", "public", "private", "passphrase", "certificate", "opaque"}
	contentTypes = []string{textType, "application/octet-stream", "application/pkcs8", "application/pkix-cert"}
)

const textType = "text/plain"

func createSecret(c *call) frame.Reply {
	const schema = "Secret"
	texts := []string{"name", "algorithm", "mode", "expiration", "payload", "payload_content_type", "payload_content_encoding", "secret_type"}
	if r := known(schema, c.Body, append(texts, "bit_length")...); r != nil {
		return *r
	}
	for _, name := range texts {
		if _, ok := c.Body[name].(string); !ok && c.Body[name] != nil {
			return *mismatch(schema, "%s is not of type 'string'. Invalid property: '%s'", frame.PyRepr(c.Body[name]), name)
		}
	}
	text := func(name string) string { return frame.Str(c.Body, name) }
	s := &secret{
		id: frame.NewID(), name: text("name"), kind: text("secret_type"), algorithm: text("algorithm"), mode: text("mode"),
		created: c.Now, updated: c.Now,
	}
	if s.name == "" {
		s.name = s.id
	}
	if s.kind == "" {
		s.kind = "opaque"
	}
	if !slices.Contains(secretTypes, s.kind) {
		return *mismatch(schema, "'%s' is not one of %s. Invalid property: 'secret_type'", s.kind, frame.PyRepr(anyOf(secretTypes)))
	}
	if v := c.Body["bit_length"]; v != nil {
		var ok bool
		if s.bits, ok = frame.AsInt(v); !ok || s.bits < 1 || s.bits > 32767 {
			return *mismatch(schema, "%s is not between 1 and 32767. Invalid property: 'bit_length'", frame.PyRepr(v))
		}
	}
	if when := text("expiration"); when != "" {
		var ok bool
		if s.expiration, ok = parseTime(when); !ok {
			return *mismatch(schema, "Invalid date for 'expiration'")
		}
		if !s.expiration.After(c.Now) {
			return *mismatch(schema, "'expiration' is before current time")
		}
	}
	if r := s.take(c.Body, text("payload"), text("payload_content_type"), text("payload_content_encoding")); r != nil {
		return *r
	}
	c.project.secrets = append(c.project.secrets, s)
	if !s.expiration.IsZero() {
		c.Frame.Plan(s.expiration, expired{c.project, s})
	}
	return frame.Answer(http.StatusCreated, object{"secret_ref": c.ref("secrets", s.id)})
}

func anyOf(words []string) (all []any) {
	for _, w := range words {
		all = append(all, w)
	}
	return all
}

func parseTime(text string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// take gives a new secret the payload of the request, if there is one.
func (s *secret) take(body object, payload, contentType, encoding string) *frame.Reply {
	const schema = "Secret"
	media, _, err := mime.ParseMediaType(contentType)
	switch {
	case body["payload"] == nil && contentType != "":
		return mismatch(schema, "payload must be provided when payload_content_type is supplied.")
	case body["payload"] == nil && encoding != "":
		return mismatch(schema, "payload must be provided when payload_content_encoding is supplied.")
	case body["payload"] == nil:
		return nil
	case payload == "":
		return mismatch(schema, "If 'payload' specified, must be non empty")
	case contentType == "":
		return mismatch(schema, "If 'payload' is supplied, 'payload_content_type' must also be supplied.")
	case err != nil || !slices.Contains(contentTypes, media):
		return mismatch(schema, "payload_content_type is not one of %s", frame.PyRepr(anyOf(contentTypes)))
	case media == textType && encoding != "":
		return mismatch(schema, "payload_content_encoding must not be specified when payload_content_type is text/plain")
	case media != textType && encoding != "base64":
		return mismatch(schema, "payload_content_encoding must be base64 when payload_content_type is set to %s", media)
	}
	return s.store(media, encoding, []byte(payload))
}

// store decodes a payload and keeps it.
func (s *secret) store(media, encoding string, payload []byte) *frame.Reply {
	if encoding == "base64" {
		data, err := base64.StdEncoding.DecodeString(string(payload))
		if err != nil {
			return refused(http.StatusBadRequest, "Unable to decode request data.")
		}
		payload = data
	}
	const most = 20000
	if len(payload) > most {
		return refused(http.StatusRequestEntityTooLarge, "Provided information too large to process")
	}
	s.contentType, s.payload = media, payload
	return nil
}

// updateSecret takes the payload of a secret that has none.
func updateSecret(c *call) frame.Reply {
	s, r := c.project.secret(c.Value("id"))
	if r != nil {
		return *r
	}
	contentType := c.Request.Header.Get("Content-Type")
	if contentType == "" {
		contentType = textType
	}
	media, _, err := mime.ParseMediaType(contentType)
	encoding := c.Request.Header.Get("Content-Encoding")
	switch {
	case err != nil || !slices.Contains(contentTypes, media):
		r = refused(http.StatusUnsupportedMediaType, "Content-Type of '%s' is not supported for PUT.", contentType)
	case encoding != "" && encoding != "base64":
		r = refused(http.StatusBadRequest, "Content-Encoding of '%s' is not supported.", encoding)
	case len(c.Raw) == 0:
		r = refused(http.StatusBadRequest, "No data supplied to process.")
	case s.contentType != "":
		r = refused(http.StatusConflict, "Secret already has data, cannot modify it.")
	default:
		r = s.store(media, encoding, c.Raw)
	}
	if r != nil {
		return *r
	}
	s.updated = c.Now
	return frame.Answer(http.StatusNoContent, nil)
}

func deleteSecret(c *call) frame.Reply {
	s, r := c.project.secret(c.Value("id"))
	if r != nil {
		return *r
	}
	c.project.remove(s)
	return frame.Answer(http.StatusNoContent, nil)
}

// getPayload answers the payload, to who takes it as it is.
func getPayload(c *call) frame.Reply {
	s, r := c.project.secret(c.Value("id"))
	accept, _, _ := mime.ParseMediaType(c.Request.Header.Get("Accept"))
	switch {
	case r != nil:
		return *r
	case s.contentType == "":
		return *refused(http.StatusNotFound, "Not Found. Sorry but your secret has no payload.")
	case accept != "" && accept != "*/*" && accept != s.contentType:
		return *refused(http.StatusNotAcceptable, "Secret payload is %s, not %s.", s.contentType, accept)
	}
	rep := frame.Reply{Status: http.StatusOK, Header: http.Header{}, Body: s.payload}
	rep.Header.Set("Content-Type", s.contentType)
	return rep
}
