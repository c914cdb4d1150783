package browser

import (
	"encoding/json"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// operation selects the part of Swagger UI about an operation.
const operation = "#operations-Compute-list-instances"

// tryOut lists the instances in Swagger UI, with headers typed in.
func (b *tab) tryOut(g *gateway) {
	b.Helper()
	b.run(chromedp.Navigate(g.url+"/swagger/"), visible(operation), click(operation+" .opblock-summary-control"))
	headers := g.headers()
	for _, name := range []string{"X-NHN-Region", "X-NHN-Token", "X-NHN-Tenant-ID"} {
		b.run(fill(operation+" tr[data-param-name="+name+"] input", headers[name]))
	}
	b.run(click(operation+" .execute"), visible(operation+" .live-responses-table"))
}

func TestSwaggerTryItOut(t *testing.T) {
	t.Parallel()
	g, b := start(t), newTab(t)
	g.create("web-1")
	b.tryOut(g)
	const answer = operation + " .live-responses-table .response"
	assert.Contains(t, b.text(answer+" .response-col_status"), "200")
	var list struct{ Servers []struct{ Name string } }
	body := b.text(answer + " .response-col_description .highlight-code code")
	require.NoError(t, json.Unmarshal([]byte(body), &list), body)
	require.Len(t, list.Servers, 1)
	assert.Equal(t, "web-1", list.Servers[0].Name)

	// Nothing of it comes from elsewhere.
	others := evaluate[[]string](b, `performance.getEntriesByType("resource").map((r) => r.name).filter((n) => !n.startsWith(location.origin) && !n.startsWith("data:"))`)
	assert.Empty(t, others)
	b.faultless()
}
