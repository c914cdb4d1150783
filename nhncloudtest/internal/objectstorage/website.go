package objectstorage

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// website is how a container is shown to browsers: as Swift's staticweb does it,
// of which NHN Cloud documents the index and the error pages.
type website struct {
	index     string // name of the page of a folder
	errors    string // what follows the status in the names of error pages
	listings  string // whether folders without an index are listed
	css       string // of such lists
	label     string // stands for the path of the container in their titles
	directory string // content type of objects that stand for folders
}

func (cont *Container) website() website {
	setting := func(name string) string {
		if cont == nil {
			return ""
		}
		return strings.TrimSpace(cont.settings["X-Container-Meta-Web-"+name])
	}
	w := website{
		setting("Index"), setting("Error"), setting("Listings"), setting("Listings-Css"), setting("Listings-Label"),
		setting("Directory-Type"),
	}
	if w.directory == "" {
		w.directory = "application/directory"
	}
	return w
}

// exists tells whether the container has anything but objects to show.
func (w website) exists() bool { return w.index != "" || w.listings != "" }

// wantsPage tells a browser from a client of the API: that has a token, unless
// it says that it wants pages.
func (c *call) wantsPage() bool {
	return c.container != "" && (c.Request.Method == http.MethodGet || c.Request.Method == http.MethodHead) &&
		(c.who.tenant == "" || isTrue(c.Request.Header.Get("X-Web-Mode")))
}

// page answers with a page of a website, or as the API where there is none.
func (c *call) page() *frame.Reply {
	site := c.account.containers[c.container].website()
	if c.object == "" {
		return c.homePage(site)
	}
	return c.sitePage(site)
}

// homePage is the page of a container.
func (c *call) homePage(site website) *frame.Reply {
	if !c.may(listing, c.account, c.account.containers[c.container], false) {
		return c.errorPage(site, c.denied())
	}
	switch {
	case !site.exists() && c.who.tenant == "":
		return c.withCORS(getContainer)
	case !site.exists():
		return errorReply(http.StatusNotFound)
	case !c.inFolder():
		return c.toFolder()
	case site.index == "":
		return c.folderPage(site, "")
	}
	switch rep := c.show(site.index); {
	case rep.Status == http.StatusNotFound:
		return c.folderPage(site, "")
	case rep.Status < 400:
		return rep
	default:
		return c.errorPage(site, rep)
	}
}

// sitePage is the page for the name of an object, which can be that of a folder.
func (c *call) sitePage(site website) *frame.Reply {
	rep := c.withCORS(getObject)
	folder := rep.Status < 400 && rep.Header.Get("Content-Type") == site.directory && rep.Size() <= 1
	if rep.Status != http.StatusNotFound && !folder || !site.exists() {
		return rep
	}
	drop(rep)
	name := strings.TrimSuffix(c.object, "/") + "/"
	if c.inFolder() {
		name = c.object
	}
	if site.index != "" {
		index := c.show(name + site.index)
		switch {
		case index.Status == http.StatusNotFound:
		case index.Status < 400 && !c.inFolder():
			drop(index)
			return c.toFolder()
		default:
			return index
		}
	}
	if c.inFolder() {
		return c.folderPage(site, name)
	}
	cont := c.account.containers[c.container]
	if c.may(listing, c.account, cont, false) {
		if names, _ := cont.pick(listQuery{limit: 1, prefix: name, delimiter: "/"}); len(names) > 0 {
			return c.toFolder()
		}
	}
	return c.errorPage(site, errorReply(http.StatusNotFound))
}

// inFolder tells whether the links of a page begin below the path that was asked
// for.
func (c *call) inFolder() bool { return strings.HasSuffix(c.Request.URL.Path, "/") }

// toFolder sends a browser to the path with a slash, so that the links of the
// page lead where they should.
func (c *call) toFolder() *frame.Reply {
	rep := errorReply(http.StatusMovedPermanently)
	rep.Header.Set("Location", "http://"+c.Request.Host+quotePath(c.Request.URL.Path)+"/")
	return rep
}

// show answers with another object of the container than that of the path.
func (c *call) show(name string) *frame.Reply {
	other := *c
	other.object = name
	return other.withCORS(getObject)
}

// errorPage puts the page of the site for an error in the place of the answer,
// where there is one that the visitor may read. What the request says of the
// object that it names does not hold for that page.
func (c *call) errorPage(site website, rep *frame.Reply) *frame.Reply {
	if site.errors == "" {
		return rep
	}
	other, inner := *c, *c.Call
	other.Call = &inner
	inner.Request = c.Request.Clone(c.Request.Context())
	inner.Request.Method = http.MethodGet
	for _, name := range []string{"Range", "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since"} {
		inner.Request.Header.Del(name)
	}
	page := other.show(strconv.Itoa(rep.Status) + site.errors)
	if page.Status != http.StatusOK {
		return rep
	}
	drop(rep)
	page.Status = rep.Status
	page.Header["Www-Authenticate"] = nil // a browser that is to show the page asks for no password
	return page
}

// drop lets go of an answer that nobody gets.
func drop(rep *frame.Reply) {
	if rep.Content != nil {
		rep.Content.Close()
	}
}
