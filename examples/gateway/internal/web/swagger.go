// Package web is what the gateway shows in a browser. All of it is in the program;
// nothing is loaded from elsewhere.
package web

import (
	"net/http"

	"github.com/swaggest/swgui"
	"github.com/swaggest/swgui/v5emb"
)

// SwaggerPath is where the Swagger UI is.
const SwaggerPath = "/swagger/"

// Swagger shows an OpenAPI document in a Swagger UI, where each endpoint can be
// tried out.
func Swagger(title, document string) http.Handler {
	ui := v5emb.NewWithConfig(swgui.Config{
		SettingsUI: map[string]string{
			"tryItOutEnabled":        "true",
			"displayRequestDuration": "true",
			"validatorUrl":           "null", // it would send the document elsewhere
		},
	})(title, document, SwaggerPath)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// What is typed in here are tokens and passwords.
		w.Header().Set("Content-Security-Policy", "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline';"+
			" img-src 'self' data:; frame-ancestors 'none'")
		ui.ServeHTTP(w, r)
	})
}
