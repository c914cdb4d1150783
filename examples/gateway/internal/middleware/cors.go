package middleware

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/rs/cors"
)

const preflightAge = 10 * time.Minute // for which a browser remembers what is allowed

// WithCORS lets pages of some origins use the gateway, or of all with "*". Cookies
// and the like are never allowed: what a caller may do is in the token alone, so
// that a page on an origin gets nowhere without one.
func WithCORS(origins []string) (Middleware, error) {
	for _, origin := range origins {
		if err := checkOrigin(origin); err != nil {
			return nil, err
		}
	}
	if len(origins) == 0 {
		return func(next http.Handler) http.Handler { return next }, nil // rs/cors would allow all
	}
	return cors.New(cors.Options{
		AllowedOrigins: origins,
		AllowedMethods: []string{http.MethodGet, http.MethodPost, http.MethodDelete},
		AllowedHeaders: []string{
			"X-NHN-Region", TokenHeader, "X-NHN-Tenant-ID", "X-NHN-Storage-Account",
			"Content-Type", "Prefer", RequestIDHeader,
		},
		ExposedHeaders: []string{"Location", "Preference-Applied", "Retry-After", RequestIDHeader},
		MaxAge:         int(preflightAge.Seconds()),
	}).Handler, nil
}

// checkOrigin refuses what is no origin as browsers send them, which would never be
// let in.
func checkOrigin(origin string) error {
	if origin == "*" {
		return nil
	}
	u, err := url.Parse(origin)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || origin != u.Scheme+"://"+u.Host ||
		strings.Contains(origin, "*") || origin != strings.ToLower(origin) {
		return fmt.Errorf("%q is no origin: it has to look like https://app.example.com or http://localhost:3000", origin)
	}
	return nil
}
