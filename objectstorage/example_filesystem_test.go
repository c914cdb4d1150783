package objectstorage_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"net/http"
	"net/http/httptest"
	"strconv"

	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// A folder of a container, as files. All that takes an fs.FS takes it:
// http.FileServerFS, template.ParseFS, fs.WalkDir.
func ExampleObjectsService_FS() {
	ctx := context.Background()
	cloud, client := start("photos", "2025/forest.jpg", "2026/sea.jpg", "2026/05/lake.jpg")
	defer cloud.Close()

	photos, err := objectstorage.New(client).Objects.FS(ctx, "photos", "2026/")
	if err != nil {
		log.Fatal(err)
	}
	err = fs.WalkDir(photos, ".", func(path string, entry fs.DirEntry, err error) error {
		fmt.Println(path)
		return err
	})
	if err != nil {
		log.Fatal(err)
	}
	data, err := fs.ReadFile(photos, "05/lake.jpg")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(data))
	_, err = fs.Stat(photos, "forest.jpg")
	fmt.Println("missing:", errors.Is(err, fs.ErrNotExist))
	// Output:
	// .
	// 05
	// 05/lake.jpg
	// sea.jpg
	// some pixels
	// missing: true
}

// One file of an archive, without fetching the archive.
func ExampleObjectsService_Open() {
	ctx := context.Background()
	cloud, client := start("backups")
	defer cloud.Close()

	objects := objectstorage.New(client).Objects
	if _, err := objects.Put(ctx, "backups", "letters.zip", zipped("hello.txt", "안녕하세요"), nil); err != nil {
		log.Fatal(err)
	}
	file, err := objects.Open(ctx, "backups", "letters.zip")
	if err != nil {
		log.Fatal(err)
	}
	defer file.Close()
	archive, err := zip.NewReader(file, file.Object().Size)
	if err != nil {
		log.Fatal(err)
	}
	text, err := fs.ReadFile(archive, "hello.txt")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(text))
	// Output: 안녕하세요
}

// An object for a browser, which may ask for a part of it, or whether it is the
// one that it has.
func ExampleFile() {
	cloud, client := start("photos", "sea.jpg")
	defer cloud.Close()

	objects := objectstorage.New(client).Objects
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		file, err := objects.Open(r.Context(), "photos", "sea.jpg")
		if err != nil {
			http.NotFound(w, r)
			return
		}
		defer file.Close()
		object := file.Object()
		w.Header().Set("ETag", strconv.Quote(object.ETag))
		w.Header().Set("Content-Type", object.ContentType)
		http.ServeContent(w, r, object.Name, object.LastModified, file)
	})

	server := httptest.NewServer(handler)
	defer server.Close()
	request, err := http.NewRequest(http.MethodGet, server.URL, nil)
	if err != nil {
		log.Fatal(err)
	}
	request.Header.Set("Range", "bytes=5-")
	resp, err := http.DefaultClient.Do(request)
	if err != nil {
		log.Fatal(err)
	}
	defer resp.Body.Close()
	part, err := io.ReadAll(resp.Body)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(resp.Status, string(part))
	// Output: 206 Partial Content pixels
}

// zipped is an archive of one file.
func zipped(name, text string) io.Reader {
	var archive bytes.Buffer
	w := zip.NewWriter(&archive)
	file, err := w.Create(name)
	if err == nil {
		_, err = io.WriteString(file, text)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		log.Fatal(err)
	}
	return &archive
}
