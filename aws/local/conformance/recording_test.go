package conformance

import (
	"bytes"
	"encoding/json"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"orderops/aws/local"
)

// recording is one test that was run against AWS: its answers by name, in the
// form in which botocore gives them.
type recording struct {
	// file is the path below tests/aws/services, without ".snapshot.json".
	file string
	// test is the name with its parameters, without its class.
	test    string
	answers map[string]any
	// templates are the names of the state machine definitions that the test may use.
	templates []string
}

// name is the test without its parameters.
func (r *recording) name() string {
	name, _, _ := strings.Cut(r.test, "[")
	return name
}

// parameters are what stands in brackets behind the name, "" when nothing does.
func (r *recording) parameters() string {
	_, rest, _ := strings.Cut(r.test, "[")
	return strings.TrimSuffix(rest, "]")
}

// id names the recording in reports and in the table of differences.
func (r *recording) id() string { return r.file + " " + r.test }

// library is the folder of recordings.
type library struct {
	t          *testing.T
	recordings []*recording
	// definitions are state machine definitions by folder and name, as JSON with
	// placeholders.
	definitions map[string][]byte
	// cloud is asked which operations there are.
	cloud *local.Cloud
}

// folder is where the recordings are; "" when they are not there.
func folder(t *testing.T) string {
	t.Helper()
	path := os.Getenv("ORDEROPS_RECORDED")
	if path == "" {
		path = filepath.Join("..", "..", "..", "..", "shared", "aws-recorded")
	}
	if _, err := os.Stat(filepath.Join(path, "index.json")); err != nil {
		return ""
	}
	return path
}

// load reads all recordings.
func load(t *testing.T, path string) *library {
	t.Helper()
	all := &library{t: t, definitions: map[string][]byte{}, cloud: local.New(local.Options{})}
	t.Cleanup(all.cloud.Close)
	root := os.DirFS(path)
	walk(t, root, "asl-strict-json", ".json", func(file string, content []byte) {
		all.definitions[definitionName(file)] = content
	})
	used := templatesOf(t, root)
	walk(t, root, "tests", ".snapshot.json", func(file string, content []byte) {
		var tests map[string]struct {
			Content map[string]any `json:"recorded-content"`
		}
		decode(t, file, content, &tests)
		short := strings.TrimSuffix(strings.TrimPrefix(file, "tests/aws/services/"), ".snapshot.json")
		for key, recorded := range tests {
			_, test, _ := strings.Cut(key, "::")
			r := &recording{file: short, test: test, answers: recorded.Content, templates: used[file+" "+test]}
			if class, rest, ok := strings.Cut(test, "::"); ok && !strings.Contains(class, "[") {
				r.test = rest
			}
			all.recordings = append(all.recordings, r)
		}
	})
	slices.SortFunc(all.recordings, func(a, b *recording) int { return strings.Compare(a.id(), b.id()) })
	return all
}

// templatesOf reads the definitions that each test uses, by file and test.
func templatesOf(t *testing.T, root fs.FS) map[string][]string {
	t.Helper()
	content, err := fs.ReadFile(root, "index.json")
	if err != nil {
		t.Fatal(err)
	}
	var index struct {
		Tests []struct {
			File, Test   string
			ASLTemplates []string `json:"aslTemplates"`
		}
	}
	decode(t, "index.json", content, &index)
	used := map[string][]string{}
	for _, test := range index.Tests {
		for _, template := range test.ASLTemplates {
			used[test.File+" "+test.Test] = append(used[test.File+" "+test.Test], definitionName(template))
		}
	}
	return used
}

// definitionName makes base/wait of …/base/statemachines/wait.json5.
func definitionName(file string) string {
	folder, name := filepath.Split(file)
	name, _, _ = strings.Cut(name, ".")
	return filepath.Base(filepath.Dir(filepath.Dir(folder))) + "/" + name
}

// walk gives every file below a folder whose name ends in suffix.
func walk(t *testing.T, root fs.FS, below, suffix string, visit func(file string, content []byte)) {
	t.Helper()
	err := fs.WalkDir(root, below, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(file, suffix) {
			return err
		}
		content, err := fs.ReadFile(root, file)
		if err == nil {
			visit(file, content)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// decode reads JSON and keeps the text of numbers.
func decode(t *testing.T, what string, content []byte, into any) {
	t.Helper()
	decodeFrom(t, what, bytes.NewReader(content), into)
}

func decodeFrom(t *testing.T, what string, content io.Reader, into any) {
	t.Helper()
	d := json.NewDecoder(content)
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}
