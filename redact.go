package nhncloud

import (
	"bytes"
	"errors"

	"github.com/nhncloud-go/nhncloud/internal/redact"
)

// minAppKey is the length from which an appkey is looked for in texts. Real ones
// have 16 characters; a shorter one may be a word.
const minAppKey = 12

// secrets returns what no text of this call may repeat.
func (c *call) secrets() *redact.Set {
	config := &c.client.config
	secrets := []string{string(config.Password)}
	if c.session != nil {
		secrets = append(secrets, c.session.header[0])
	}
	if c.request.Service == ServiceAppKey && len(config.AppKey) >= minAppKey {
		secrets = append(secrets, config.AppKey)
	}
	for _, secret := range c.request.Secrets {
		secrets = append(secrets, string(secret))
	}
	secrets = append(secrets, redact.HeaderSecrets(c.request.Header)...)
	secrets = append(secrets, redact.HeaderSecrets(c.client.headers[c.request.Service.canonical()])...)
	secrets = append(secrets, redact.QuerySecrets(c.url.RawQuery, c.url.Path)...)
	return redact.NewSet(secrets...)
}

// clean makes what a failure says fit to be shown: free of secrets, on one
// line, and short. All text of a failure goes through here once the attempt or
// the call is over, so that nothing before has to think of it.
func (c *call) clean(e *Error) {
	set := c.secrets()
	e.Message = readable(set, e.Message, maxMessage)
	e.Code = readable(set, e.Code, maxWord)
	e.RequestID = readable(set, e.RequestID, maxWord)
	e.Note = readable(set, e.Note, maxMessage)
	if e.URL != "" { // a marker in it may be what a service answered with
		e.URL = string(set.Clean([]byte(e.URL), false))
	}
	if e.Header != nil {
		e.Header = set.Header(e.Header)
	}
	if len(e.Body) > 0 {
		body := set.Clean(e.Body[:min(len(e.Body), maxErrorText)], len(e.Body) > maxErrorText)
		e.Body = bytes.Clone(body[:min(len(body), maxErrorBody)]) // lets go of a larger one
	}
	if e.Err != nil {
		if text := e.Err.Error(); readable(set, text, maxErrorText) != text {
			e.Err = &cleaned{readable(set, text, maxMessage), e.Err}
		}
	}
}

// readable frees a text of secrets, and then makes it one line that is short. A
// text that could not be read in time is cut off before.
func readable(set *redact.Set, text string, most int) string {
	if text == "" {
		return ""
	}
	text = cut(text, maxErrorText)
	return cut(tidy(string(set.Clean([]byte(text), false))), most)
}

// cleaned is a cause whose text had secrets in it, or was too long. It is found
// by [errors.Is] and [errors.As] as the cause is, which is not handed out
// otherwise.
type cleaned struct {
	words string
	cause error
}

// Error tells the cause without secrets.
func (c *cleaned) Error() string { return c.words }

// Is reports whether the cause is that error.
func (c *cleaned) Is(target error) bool { return errors.Is(c.cause, target) }

// As finds an error of that type in the cause.
func (c *cleaned) As(target any) bool { return errors.As(c.cause, target) }
