package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"orderops/ui/cli"
	"orderops/workflow"
	"orderops/workflow/operation"
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
			if want := `{"schema":"submission/1","line":`; strings.Count(w.out.String(), want) != 2 || !strings.Contains(w.out.String(), `"status":"accepted","order":"id-1"`) {
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
	if code := w.run(t, "submit", "--file", "-", "-o", "json"); code != 0 || len(w.submitter.bodies) != 2 || strings.Count(w.out.String(), `"status":"accepted"`) != 2 {
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
		{[]string{"--file", path, "-o", "xml"}, "table, json, jsonl or csv"},
		{[]string{"--file", path, "--columns", "colour"}, "colour"},
		{[]string{"--file", path, "--again", "--resend-unknown"}, "--resend-unknown"},
		{[]string{"--file", path + ".none"}, "no such file"},
	} {
		w.err.Reset()
		if code := w.run(t, append([]string{"submit"}, test.args...)...); code != 2 || len(w.submitter.bodies) > 0 || !strings.Contains(w.err.String(), test.want) {
			t.Errorf("%q: exit code %d, errors %q", test.args[2:], code, w.err.String())
		}
	}
}

// TestGoldenFile keeps what is printed of a file, of which one order is in doubt
// and one is refused.
func TestGoldenFile(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"table", "json", "jsonl", "csv"} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			w, path := filed(t, "orders.jsonl", strings.Repeat(`{"user_id":"a","quantity":"1","restaurant_id":"r"}`+"\n", 5))
			w.submitter.results = []operation.OrderResult{
				{Outcome: workflow.Unknown, Why: "an earlier run got no answer"},
				{Outcome: workflow.Done, ID: "7c1e"},
				{Outcome: workflow.Denied, Why: "the queue's own reason,\nwith \x1b[31m colour"},
			}
			if code := w.run(t, "submit", "--file", path, "-o", format); code != cli.ExitUnknown || !strings.Contains(w.err.String(), "the orders 1 of the file may or may not be on the queue") {
				t.Errorf("exit code %d, errors %q", code, w.err.String())
			}
			golden(t, "submit-file-"+format, w.out.Bytes())
			reads(t, format, w.out.Bytes())
		})
	}
}
