package browser

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// limit is for a whole test, on a machine that has much else to do.
const limit = 2 * time.Minute

var (
	chromium = os.Getenv("NHNCLOUD_CHROMIUM")
	program  string          // the gateway
	browser  context.Context // with the browser that all tests share
)

func TestMain(m *testing.M) {
	code, err := runTests(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func runTests(m *testing.M) (int, error) {
	if chromium == "" {
		return m.Run(), nil
	}
	dir, err := os.MkdirTemp("", "gateway")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	program = filepath.Join(dir, "gateway")
	if out, err := exec.Command("go", "build", "-o", program, "../..").CombinedOutput(); err != nil {
		return 0, fmt.Errorf("build the gateway: %w\n%s", err, out)
	}

	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium), chromedp.UserDataDir(filepath.Join(dir, "profile")),
		chromedp.DisableGPU, chromedp.Flag("lang", "en-US"),
	)
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // as root it runs in no other way
	}
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	defer stop()
	var end context.CancelFunc
	browser, end = chromedp.NewContext(allocator)
	defer end()
	if err := chromedp.Do(browser); err != nil {
		return 0, fmt.Errorf("start %s: %w", chromium, err)
	}
	return m.Run(), nil
}

// tab is a tab of the browser, with cookies and storage of its own.
type tab struct {
	testing.TB
	ctx      context.Context
	problems chan string // what the pages did wrong
}

func newTab(t testing.TB) *tab {
	t.Helper()
	if chromium == "" {
		t.Skip("no Chromium: NHNCLOUD_CHROMIUM has to name the program; internal/browser/fetch.sh finds one")
	}
	ctx, closeTab := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(closeTab)
	require.NoError(t, chromedp.Do(ctx)) // opens it, for as long as this context goes
	ctx, cancel := context.WithTimeout(ctx, limit)
	t.Cleanup(cancel)
	b := &tab{t, ctx, make(chan string, 100)}
	console := chromedp.Console(ctx)
	go func() {
		for message, err := range console {
			if err != nil {
				return // the tab is closed
			}
			// Answers that are errors are there too, and part of the tests.
			wrong := message.Type == chromedp.ConsoleError || message.IsException()
			if wrong && message.Source != "network" {
				select {
				case b.problems <- message.String():
				default: // there are enough
				}
			}
		}
	}()
	return b
}

// run does something in the tab.
func (b *tab) run(steps ...step) {
	b.Helper()
	for i, step := range steps {
		do(b, step, "step %d", i)
	}
}

// do does something in the tab, and returns what comes of it.
func do[T any](b *tab, action chromedp.Action[T], what string, values ...any) T {
	b.Helper()
	value, err := chromedp.Run(b.ctx, action)
	if err != nil {
		require.NoError(b, err, "%s; the page says %q", fmt.Sprintf(what, values...), b.look())
	}
	return value
}

// look returns what is to be seen, for failures.
func (b *tab) look() string {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(b.ctx), 5*time.Second)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string]("document.body.innerText"))
	if err != nil {
		return err.Error()
	}
	return text
}

// text returns the text of an element once that is there.
func (b *tab) text(selector string) string {
	b.Helper()
	return do(b, chromedp.Text(chromedp.CSS(selector)), "text of %s", selector)
}

// evaluate returns what an expression, or the promise that it is, comes to.
func evaluate[T any](b *tab, expression string) T {
	b.Helper()
	return do(b, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise), "%s", expression)
}

// faultless fails where the pages did something wrong.
func (b *tab) faultless() {
	b.Helper()
	select {
	case problem := <-b.problems:
		require.Empty(b, problem)
	default:
	}
}

// step is something to do in a tab.
type step = chromedp.Action[chromedp.Void]

// The steps of the tests, on the first element of a CSS selector.

func visible(selector string) step { return chromedp.WaitVisible(chromedp.CSS(selector)) }
func hidden(selector string) step  { return chromedp.WaitNotVisible(chromedp.CSS(selector)) }
func present(selector string) step { return chromedp.WaitReady(chromedp.CSS(selector)) }
func absent(selector string) step  { return chromedp.WaitNotPresent(chromedp.CSS(selector)) }
func click(selector string) step   { return chromedp.Click(chromedp.CSS(selector), chromedp.NodeEnabled) }

func fill(selector, text string) step { return chromedp.SendKeys(chromedp.CSS(selector), text) }
