package browser

import (
	"context"
	"fmt"
	"testing"

	browserdomain "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
)

// login fills in the form, and sends it with the keyboard.
func (b *tab) login(g *gateway) {
	b.Helper()
	b.run(
		chromedp.Navigate(g.url), visible("#login-form"), present("#region option[value=kr2]"),
		fill("input[name=tenant_id]", g.account.TenantID),
		fill("input[name=username]", g.account.Username),
		fill("input[name=password]", g.account.Password+"\r"),
		visible("#work"),
	)
}

// choose chooses in the form for an instance, by the first letters.
func choose(field, letters string) step { return fill("#create-form select[name="+field+"]", letters) }

// row selects an instance with a status.
func row(name, status string) string {
	return fmt.Sprintf(`#instances tr[data-name="%s"][data-status="%s"]`, name, status)
}

// ended selects the task that has done an action.
func ended(action string) string {
	return fmt.Sprintf("#tasks li[data-task=%s][data-state=succeeded]", action)
}

func TestPage(t *testing.T) {
	t.Parallel()
	g, b := start(t), newTab(t)
	b.login(g)
	assert.Equal(t, "Instances kr1 Pangyo", b.text("#instances-title"))
	assert.Equal(t, "There are no instances.", b.text("#none"))

	b.run(fill("#create-form input[name=name]", "web-1"), click("#create-form [type=submit]"), visible("#tasks li[data-task=create]"), visible(row("web-1", "ACTIVE")), visible(ended("create")))
	assert.NotEmpty(t, b.text(row("web-1", "ACTIVE")+" td:nth-child(3)"), "addresses")
	assert.Equal(t, "", evaluate[string](b, `document.querySelector("#create-form input[name=name]").value`))

	const task = "#tasks li[data-task=create] strong"
	assert.Equal(t, "Create web-1", b.text(task))
	b.run(click("[data-language=ko]"))
	assert.Equal(t, "web-1 생성", b.text(task))
	b.run(click("[data-language=en]"))

	press := func(action, status string) {
		b.run(click(row("web-1", status) + fmt.Sprintf(" button[data-action=%s]", action)))
	}
	press("stop", "ACTIVE")
	b.run(visible(row("web-1", "SHUTOFF")), visible(ended("stop")))
	press("start", "SHUTOFF")
	b.run(visible(row("web-1", "ACTIVE")), visible(ended("start")))
	press("reboot", "ACTIVE")
	b.run(visible(ended("reboot")))

	// It is not deleted until that is said twice.
	press("delete", "ACTIVE")
	b.run(visible("#confirm"))
	assert.Equal(t, "Delete the instance web-1? There is no way back.", b.text("#confirm-text"))
	b.run(click("#confirm button[value=no]"), hidden("#confirm"), visible(row("web-1", "ACTIVE")))
	press("delete", "ACTIVE")
	b.run(click("#confirm button[value=yes]"), hidden("#confirm"), absent("#instances tbody tr"))
	b.run(visible("#none"))

	assert.Equal(t, "0 0 ", evaluate[string](b, "`${localStorage.length} ${sessionStorage.length} ${document.cookie}`"), "nothing is kept")
	b.run(chromedp.Reload(), visible("#login-form"))
	b.faultless()
}

func TestPageSaysWhatFailed(t *testing.T) {
	t.Parallel()
	g, b := start(t), newTab(t)
	right := g.account.Password
	g.account.Password = "wrong"
	b.run(
		chromedp.Navigate(g.url), visible("#login-form"), present("#region option[value=kr2]"),
		fill("input[name=tenant_id]", g.account.TenantID), fill("input[name=username]", g.account.Username),
		fill("input[name=password]", g.account.Password), click("#login-form [type=submit]"), visible("#problem"),
	)
	answer := evaluate[struct {
		Error string
		Code  int
	}](b, fmt.Sprintf(`fetch("/api/nhn/token/", {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(%s)}).then((r) => r.json())`, quoted(g.account)))
	assert.Equal(t, 401, answer.Code)
	assert.NotEmpty(t, answer.Error)
	assert.Equal(t, answer.Error, b.text("#problem-text"), "it is what the gateway says")
	b.run(click("#problem-close"), hidden("#problem"))

	g.account.Password = right
	b.login(g)
	b.run(
		fill("#create-form input[name=name]", "windows"), choose("flavor_id", "u2.c1"), choose("image_id", "Windows"),
		click("#create-form [type=submit]"), visible("#problem"),
	)
	assert.Equal(t, "Flavor u2.c1m1 cannot boot Windows images.", b.text("#problem-text"))
	b.run(visible("#tasks li[data-task=create][data-state=failed]"))

	// A token that is good no more leads back to where one logs in.
	evaluate[*int](b, `{
		const send = window.fetch;
		window.fetch = (url, options) => { options.headers["X-NHN-Token"] = "old"; return send(url, options); };
		null;
	}`)
	b.run(click("#refresh"), visible("#login-form"), hidden("#work"), visible("#problem"))
	assert.Equal(t, "The request you have made requires authentication.", b.text("#problem-text"))
	b.faultless()
}

func TestPageShowsNamesAsText(t *testing.T) {
	t.Parallel()
	g, b := start(t), newTab(t)
	const name = "<img src=x onerror=document.title='run'>"
	g.create(name)
	b.login(g)
	b.run(present("#instances tbody tr"))
	assert.Equal(t, name, b.text("#instances tbody th"))
	assert.Equal(t, "NHN Cloud gateway", evaluate[string](b, "document.title"))
	b.faultless()
}

func TestPageInKorean(t *testing.T) {
	t.Parallel()
	g, b := start(t), newTab(t)
	g.create("web-1")
	b.korean()
	b.login(g)
	b.run(present("#instances tbody tr"))
	assert.Equal(t, "ko", evaluate[string](b, "document.documentElement.lang"))
	assert.Equal(t, "인스턴스 kr1 판교", b.text("#instances-title"))
	assert.Equal(t, "인스턴스 생성", b.text("#create-title"))

	// It fits a narrow window.
	b.run(chromedp.EmulateViewport(320, 640))
	assert.LessOrEqual(t, evaluate[int](b, "document.documentElement.scrollWidth"), 320)

	b.run(click("[data-language=en]"), visible("[data-language=en][aria-pressed=true]"))
	assert.Equal(t, "Instances kr1 Pangyo", b.text("#instances-title"))
	b.faultless()
}

// korean makes the browser of a tab one in Korean.
func (b *tab) korean() {
	b.Helper()
	do(b, func(ctx context.Context, target *chromedp.Target) (cdp.Empty, error) {
		version, err := cdp.Call(ctx, target, browserdomain.GetVersion, cdp.Empty{})
		if err != nil {
			return cdp.Empty{}, err
		}
		return cdp.Call(ctx, target, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{
			UserAgent: version.UserAgent, AcceptLanguage: "ko-KR",
		})
	}, "the language")
}
