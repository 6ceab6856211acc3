package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const twoOrders = `{"user_id":"a","quantity":"1","restaurant_id":"r"}
{"user_id":"b","quantity":"2","restaurant_id":"r"}
`

// filed is a world with a file of orders and a home of its own.
func filed(t *testing.T, name, content string) (*world, string) {
	t.Helper()
	home := t.TempDir()
	path := filepath.Join(home, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return &world{environment: map[string]string{"HOME": home}, submitter: &submitter{}}, path
}

func TestSubmitFileSendsEachOrderOnce(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{"orders.jsonl": twoOrders, "orders.CSV": "user_id,quantity,restaurant_id\na,1,r\nb,2,r\n"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, path := filed(t, name, content)
			if code := w.run(t, "submit", "--file", path, "-o", "jsonl"); code != 0 || len(w.submitter.bodies) != 2 {
				t.Errorf("exit code %d, sent %q, errors %q", code, w.submitter.bodies, w.err.String())
			}
			if want := "{\"line\":"; strings.Count(w.out.String(), want) != 2 || !strings.Contains(w.out.String(), `"order_id":"id-1"}`) {
				t.Errorf("printed %q", w.out.String())
			}
			if code := w.run(t, "submit", "--file", path); code != 3 || len(w.submitter.bodies) != 2 || !strings.Contains(w.err.String(), "--again") {
				t.Errorf("a second time: exit code %d, sent %q, errors %q", code, w.submitter.bodies, w.err.String())
			}
			if code := w.run(t, "submit", "--file", path, "--again"); code != 0 || len(w.submitter.bodies) != 4 {
				t.Errorf("again: exit code %d, sent %q", code, w.submitter.bodies)
			}
		})
	}
}

func TestSubmitFileFromTheInput(t *testing.T) {
	t.Parallel()
	w, _ := filed(t, "unused", "")
	w.input = twoOrders
	if code := w.run(t, "submit", "--file", "-", "-o", "json"); code != 0 || len(w.submitter.bodies) != 2 || !strings.Contains(w.out.String(), `"accepted": 2`) {
		t.Errorf("exit code %d, sent %q, printed %q, errors %q", code, w.submitter.bodies, w.out.String(), w.err.String())
	}
}

func TestSubmitFileIsCheckedWhole(t *testing.T) {
	t.Parallel()
	w, path := filed(t, "orders.jsonl", twoOrders+`{"user_id":"c","quantity":"none","restaurant_id":"r"}`)
	code := w.run(t, "submit", "--file", path)
	if code != 2 || w.ran != "" || !strings.Contains(w.err.String(), `line 3: quantity is "none"`) {
		t.Errorf("exit code %d, ran %q, errors %q", code, w.ran, w.err.String())
	}
}

func TestSubmitFileDryRunSendsNothing(t *testing.T) {
	t.Parallel()
	w, path := filed(t, "orders.jsonl", twoOrders)
	code := w.run(t, "submit", "--file", path, "--dry-run", "-o", "table")
	if code != 0 || len(w.submitter.bodies) > 0 || !strings.Contains(w.out.String(), "orders  2") {
		t.Errorf("exit code %d, sent %q, printed %q", code, w.submitter.bodies, w.out.String())
	}
}

func TestSubmitFileRefuses(t *testing.T) {
	t.Parallel()
	w, path := filed(t, "orders.jsonl", twoOrders)
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"--file", path, "--user", "u"}, "--user"},
		{[]string{"--file", path, "--format", "xml"}, "jsonl or csv"},
		{[]string{"--file", path, "--rate", "-1"}, "--rate"},
		{[]string{"--file", path, "-o", "xml"}, "table, json or jsonl"},
		{[]string{"--file", path, "--again", "--resend-unknown"}, "--resend-unknown"},
		{[]string{"--file", path + ".none"}, "no such file"},
	} {
		w.err.Reset()
		if code := w.run(t, append([]string{"submit"}, test.args...)...); code != 2 || len(w.submitter.bodies) > 0 || !strings.Contains(w.err.String(), test.want) {
			t.Errorf("%q: exit code %d, errors %q", test.args[2:], code, w.err.String())
		}
	}
}
