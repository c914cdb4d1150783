package browser

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	pictures    = "../../docs"
	largest     = 150_000 // bytes of a picture
	updatingVar = "NHNCLOUD_UPDATE_SCREENSHOTS"
)

// TestScreenshots holds the pictures of the README to be there, and small. It makes
// them anew where the environment asks for that.
func TestScreenshots(t *testing.T) {
	t.Parallel()
	if os.Getenv(updatingVar) != "" {
		takeScreenshots(t)
	}
	for _, name := range []string{"page-en.png", "page-ko.png", "swagger.png"} {
		data, err := os.ReadFile(filepath.Join(pictures, name))
		require.NoError(t, err)
		assert.Less(t, len(data), largest, name)
		_, err = png.Decode(bytes.NewReader(data))
		assert.NoError(t, err, name)
	}
}

func takeScreenshots(t *testing.T) {
	g, b := start(t), newTab(t)
	for _, name := range []string{"web-1", "web-2"} {
		g.create(name)
	}
	b.run(chromedp.EmulateViewport(900, 780))
	b.korean()
	b.login(g)
	b.run(
		visible(row("web-1", "ACTIVE")), visible(row("web-2", "ACTIVE")), click(row("web-2", "ACTIVE")+" button[data-action=stop]"),
		visible(row("web-2", "SHUTOFF")), visible(ended("stop")), fill("#create-form input[name=name]", "web-3"), choose("flavor_id", "m2.c2"),
		choose("image_id", "Ubuntu"), click("#create-form [type=submit]"), visible(row("web-3", "BUILD")), visible("#tasks li[data-task=create][data-state=running]"),
	)
	b.picture("page-ko.png")
	b.run(click("[data-language=en]"))
	b.picture("page-en.png")

	b = newTab(t)
	b.run(chromedp.EmulateViewport(1100, 1200))
	b.tryOut(g)
	evaluate[*int](b, `document.querySelector("`+operation+`").scrollIntoView(), null`)
	b.picture("swagger.png")
}

// picture writes down what is to be seen.
func (b *tab) picture(name string) {
	b.Helper()
	data := do(b, chromedp.CaptureScreenshot(), "picture %s", name)
	taken, err := png.Decode(bytes.NewReader(data))
	require.NoError(b, err)
	require.NoError(b, os.MkdirAll(pictures, 0o755))
	require.NoError(b, os.WriteFile(filepath.Join(pictures, name), small(b, taken), 0o644))
}

// small is a picture in as few bytes as PNG can have it in.
func small(t testing.TB, taken image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	require.NoError(t, encoder.Encode(&out, taken))
	return out.Bytes()
}
