package objectstorage

import (
	"fmt"
	"html"
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// folderPage is the page of a folder without an index: a list of what is in it,
// where the owner wants one.
func (c *call) folderPage(site website, prefix string) *frame.Reply {
	title := c.Path
	if site.label != "" {
		title = site.label + "/" + c.object
	}
	if !isTrue(site.listings) {
		rep := newReply(http.StatusNotFound)
		rep.Body = []byte(site.noList(title, prefix))
		return c.errorPage(site, rep)
	}
	cont := c.account.containers[c.container]
	if !c.may(listing, c.account, cont, false) {
		return c.errorPage(site, c.denied())
	}
	names, folders := cont.pick(listQuery{limit: maxListing, prefix: prefix, delimiter: "/"})
	if prefix != "" && len(names) == 0 {
		return c.errorPage(site, errorReply(http.StatusNotFound))
	}
	rep := newReply(http.StatusOK)
	c.listed = true
	rep.Body = []byte(site.list(title, prefix, c.who, cont, names, folders))
	return rep
}

// noList is the page that says that there is no list.
func (w website) noList(title, prefix string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<!DOCTYPE html>\n<html>\n<head>\n<title>Listing of %s</title>\n", html.EscapeString(title))
	b.WriteString(w.style(prefix, "p {font-size: 2}"))
	b.WriteString("</head>\n<body>  <h1>Web Listing Disabled</h1>" +
		"   <p>The owner of this web site has disabled web listing." +
		"   <p>If you are the owner of this web site, you can enable   web listing by setting X-Container-Meta-Web-Listings.</p>")
	if w.index != "" {
		fmt.Fprintf(&b, "<h1>Index File Not Found</h1> <p>The owner of this web site has set "+
			" <b>X-Container-Meta-Web-Index: %s</b>.  However, this file is not found.</p>", html.EscapeString(w.index))
	}
	b.WriteString(" </body>\n</html>\n")
	return b.String()
}

// list is the page with the objects of a folder, below the folders in it.
func (w website) list(title, prefix string, who visitor, cont *Container, names []string, folders map[string]bool) string {
	var b strings.Builder
	title = html.EscapeString(title)
	fmt.Fprintf(&b, "<!DOCTYPE html>\n<html>\n <head>\n  <title>Listing of %s</title>\n", title)
	b.WriteString(w.style(prefix, "th {text-align: left; padding: 0px 1em 0px 1em;}",
		"td {padding: 0px 1em 0px 1em;}", "a {text-decoration: none;}"))
	fmt.Fprintf(&b, " </head>\n <body>\n  <h1 id=\"title\">Listing of %s</h1>\n  <table id=\"listing\">\n"+
		"   <tr id=\"heading\">\n    <th class=\"colname\">Name</th>\n    <th class=\"colsize\">Size</th>\n"+
		"    <th class=\"coldate\">Date</th>\n   </tr>\n", title)
	row := func(attributes, link, text, size, date string) {
		fmt.Fprintf(&b, "   <tr %s>\n    <td class=\"colname\"><a href=\"%s\">%s</a></td>\n    <td class=\"colsize\">%s</td>\n"+
			"    <td class=\"coldate\">%s</td>\n   </tr>\n", attributes, link, html.EscapeString(text), size, date)
	}
	const none = "&nbsp;"
	query := html.EscapeString(who.query)
	if len(prefix) > len(who.prefix) {
		row(`id="parent" class="item"`, "../"+query, "../", none, none)
	}
	for _, name := range names {
		if folders[name] {
			name = strings.TrimPrefix(name, prefix)
			row(`class="item subdir"`, linkTo(name)+query, name, none, none)
		}
	}
	for _, name := range names {
		o := cont.objects[name]
		if folders[name] || o == nil {
			continue
		}
		class := "item"
		for part := range strings.SplitSeq(o.contentType, "/") {
			class += " type-" + html.EscapeString(strings.ToLower(part))
		}
		name = strings.TrimPrefix(name, prefix)
		row(`class="`+class+`"`, linkTo(name)+query, name, readable(o.size()), o.stamp.UTC().Format("2006-01-02 15:04:05"))
	}
	b.WriteString("  </table>\n </body>\n</html>\n")
	return b.String()
}

// linkTo is a link from the page of a folder to what is in it. A name that looks
// like a scheme or like the folder above is neither.
func linkTo(name string) string { return "./" + strings.ReplaceAll(quotePath(name), ".", "%2E") }

// style is how a page says what it looks like.
func (w website) style(prefix string, rules ...string) string {
	switch css := quotePath(w.css); {
	case css == "":
		return "  <style type=\"text/css\">\n   h1 {font-size: 1em; font-weight: bold;}\n   " +
			strings.Join(rules, "\n   ") + "\n  </style>\n"
	case strings.HasPrefix(w.css, "/") || strings.HasPrefix(w.css, "http://") || strings.HasPrefix(w.css, "https://"):
		return `  <link rel="stylesheet" type="text/css" href="` + strings.ReplaceAll(css, "%3A", ":") + "\" />\n"
	default:
		return `  <link rel="stylesheet" type="text/css" href="` + strings.Repeat("../", strings.Count(prefix, "/")) + css + "\" />\n"
	}
}

// readable is a size in the units of 1,024 bytes.
func readable(size int64) string {
	value, unit := float64(size), ""
	for _, next := range []string{"Ki", "Mi", "Gi", "Ti", "Pi", "Ei"} {
		if value < 1024 {
			break
		}
		value, unit = math.RoundToEven(value/1024), next
	}
	return strconv.FormatFloat(value, 'f', 0, 64) + unit
}
