package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
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
		{[]string{"config", "validate"}, 2, `"good": false`, path + ": can't be read"},
		{[]string{"config", "init"}, 0, "wrote " + path, ""},
		{[]string{"config", "init"}, 2, "", "exists already"},
		{[]string{"config", "validate", "-o", "table"}, 0, "4 contexts, current staging", ""},
		{[]string{"config", "validate"}, 0, `"good": true`, ""},
		{[]string{"config", "use", "production"}, 0, "production is used from now on", ""},
		{[]string{"config", "use", "nowhere"}, 2, "", "There are staging, production, production-view, rehearsal."},
		{[]string{"config", "show", "-o", "table"}, 0, "▸  production ", ""},
		{[]string{"config", "show"}, 0, `"current":true`, ""},
		{[]string{"config", "show", "-o", "xml"}, 2, "", "must be table, json, jsonl or csv"},
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

// Own keys are checked when the file is read: the line, what collides, what to do.
func TestOwnKeysAreChecked(t *testing.T) {
	t.Parallel()
	const head = "contexts:\n  - name: a\n    refresh: 15s\n    keys:\n      quit: [Q, ctrl+q]\n"
	for name, test := range map[string]struct{ line, errors string }{
		"fine":           {"      dead-letters.inspect: f5", ""},
		"collision":      {"      executions.stop: R", `c.yaml:6:24: "R" would do two things on the screen executions: executions.stop and executions.redrive`},
		"no such action": {"      inspect: f5", "c.yaml:6:16: there is no action \"inspect\" to give keys to\n  next  Did you mean dead-letters.inspect?"},
		"reserved":       {"      help: esc", `"esc" can't be taken for "help"`},
		"no key":         {"      help: {a: b}", "c.yaml:"},
		"a digit":        {"      go-orders: 1", `"1" would do two things on every screen: go-orders and go-overview`},
		"fast":           {"    theme: auto\n  - name: b\n    refresh: 0s", `c.yaml:8:14: "0s" is no time`},
		"slow":           {"    theme: auto\n  - name: b\n    refresh: 1h", "no time up to 5m0s"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "c.yaml")
			if err := os.WriteFile(path, []byte(head+test.line+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			want := 0
			if test.errors != "" {
				want = 2
			}
			for _, args := range [][]string{{"config", "validate"}, {"config", "show"}, {"doctor", "--context", "a"}} {
				w := &world{environment: map[string]string{"ORDEROPS_CONFIG": path}}
				code := w.run(t, args...)
				if args[0] == "doctor" && want == 0 {
					if w.ran != "doctor" || w.settings.Refresh != 15*time.Second || len(w.settings.Keys) != 2 {
						t.Errorf("ran %q with %+v", w.ran, w.settings)
					}
					continue
				}
				if code != want || !strings.Contains(w.err.String(), test.errors) || w.ran != "" {
					t.Errorf("%q: exit code %d, ran %q, errors %q", args, code, w.ran, w.err.String())
				}
			}
			if want == 0 {
				w := &world{environment: map[string]string{"ORDEROPS_CONFIG": path}}
				w.run(t, "config", "show", "-o", "jsonl")
				for _, part := range []string{`"schema":"context/1"`, `"refresh":"15s"`, `"quit":["Q","ctrl+q"]`, `"unlock_minutes":10`} {
					if !strings.Contains(w.out.String(), part) {
						t.Errorf("%s is missing in %s", part, w.out.String())
					}
				}
			}
		})
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
	if code != 2 || w.ran != "" || !strings.Contains(w.err.String(), "c.yaml:3:5: there is no setting \"regoin\"\n  next  Did you mean region?") {
		t.Errorf("exit code %d, ran %q, errors %q", code, w.ran, w.err.String())
	}
}
