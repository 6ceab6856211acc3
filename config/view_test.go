package config_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"orderops/config"
)

func TestViewsAreKeptPerContext(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "new", "view.json")
	live := config.View{Screen: "Orders", Lists: map[string]config.ListView{"Orders": {Filter: "user:burger", Sort: "where", Descending: true}}, Preview: "below"}
	for name, view := range map[string]config.View{"live": live, "test": {Unmetered: true}} {
		if err := config.WriteView(path, name, view); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]config.View{"live": live, "test": {Unmetered: true}, "other": {}} {
		if got, err := config.ReadView(path, name); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 1 {
		t.Errorf("%d files, %v", len(left), err)
	}
}

// What can't be used is told, and is written over when the context is left.
func TestAFileThatIsNoViewIsRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		content, want string
		mode          os.FileMode
	}{
		"garbled":           {`{"schema":"orderops-view/1","contexts":{"a`, "damaged", 0o600},
		"another type":      {`{"schema":"orderops-view/1","contexts":[]}`, "damaged", 0o600},
		"another program's": {`{"contexts":{}}`, "not of this program", 0o600},
		"a later one":       {`{"schema":"orderops-view/2"}`, "or of a later one", 0o600},
		"nothing":           {"", "damaged", 0o600},
		"writable":          {`{"schema":"orderops-view/1"}`, "written by others", 0o666},
		"large":             {strings.Repeat(" ", 1<<20+1), "too large", 0o600},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "view.json")
			if err := os.WriteFile(path, []byte(test.content), test.mode); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(path, test.mode); err != nil { // whatever the umask
				t.Fatal(err)
			}
			view, err := config.ReadView(path, "a")
			if err == nil || !strings.Contains(err.Error(), test.want) || !reflect.DeepEqual(view, config.View{}) {
				t.Errorf("%+v, %v", view, err)
			}
			if err := config.WriteView(path, "a", config.View{Screen: "Orders"}); err != nil {
				t.Fatal(err)
			}
			if view, err = config.ReadView(path, "a"); err != nil || view.Screen != "Orders" {
				t.Errorf("afterwards: %+v, %v", view, err)
			}
		})
	}
}

// A link is not followed: it could lead to anything.
func TestALinkIsNoView(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	victim, path := filepath.Join(folder, "victim"), filepath.Join(folder, "view.json")
	if err := os.WriteFile(victim, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(victim, path); err != nil {
		t.Fatal(err)
	}
	if _, err := config.ReadView(path, "a"); err == nil {
		t.Error("a link was read")
	}
	if err := config.WriteView(path, "a", config.View{}); err != nil {
		t.Error(err)
	}
	if content, err := os.ReadFile(victim); err != nil || string(content) != "mine" {
		t.Errorf("what the link leads to is %q, %v", content, err)
	}
}
