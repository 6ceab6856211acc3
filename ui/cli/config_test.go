package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestConfigFromInitToUse(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	path := filepath.Join(home, "orderops", "config.yaml")
	w := &world{environment: map[string]string{"XDG_CONFIG_HOME": home}}
	for _, step := range []struct {
		args        []string
		code        int
		out, errors string
	}{
		{[]string{"config", "validate"}, 2, "", path + ": can't be read"},
		{[]string{"config", "init"}, 0, "wrote " + path, ""},
		{[]string{"config", "init"}, 2, "", "exists already"},
		{[]string{"config", "validate"}, 0, "4 contexts, current staging", ""},
		{[]string{"config", "use", "production"}, 0, "production is used from now on", ""},
		{[]string{"config", "use", "nowhere"}, 2, "", "There are staging, production, production-view, rehearsal."},
		{[]string{"config", "show", "-o", "table"}, 0, "▸  production ", ""},
		{[]string{"config", "show"}, 0, `"current": true`, ""},
		{[]string{"config", "show", "-o", "xml"}, 2, "", "must be table or json"},
	} {
		w.out.Reset()
		w.err.Reset()
		if code := w.run(t, step.args...); code != step.code {
			t.Errorf("%q: exit code %d, want %d", step.args, code, step.code)
		}
		if !strings.Contains(w.out.String(), step.out) || !strings.Contains(w.err.String(), step.errors) || step.errors == "" && w.err.Len() > 0 {
			t.Errorf("%q: out %q, errors %q", step.args, w.out.String(), w.err.String())
		}
	}
}

func TestMistakesInTheFileStopEveryCommand(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "c.yaml")
	if err := os.WriteFile(path, []byte("contexts:\n  - name: a\n    regoin: x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	w := &world{environment: map[string]string{"ORDEROPS_CONFIG": path}, submitter: &submitter{}}
	code := w.run(t, "submit", "--user", "u", "--quantity", "1", "--restaurant", "r")
	if code != 2 || w.ran != "" || !strings.Contains(w.err.String(), "c.yaml:3:5: unknown field") {
		t.Errorf("exit code %d, ran %q, errors %q", code, w.ran, w.err.String())
	}
}
