package main

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"orderops/ui/termtest/ptytest"
	"orderops/workflow"
)

// contextsOf writes a configuration file with a production context on the first
// server and a free one on the second, and gives the environment for it.
func contextsOf(t *testing.T, production, staging *server) (environment []string, state string) {
	t.Helper()
	folder := t.TempDir()
	path := filepath.Join(folder, "config.yaml")
	content := "current: shop-live\ncontexts:\n" +
		"  - {name: shop-live, endpoint_url: '" + production.url + "', region: us-east-1, production: true, unlock_minutes: 5}\n" +
		"  - {name: shop-test, endpoint_url: '" + staging.url + "', region: us-east-1}\n"
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return append(hermetic("1"), "ORDEROPS_CONFIG="+path, "XDG_STATE_HOME="+folder), folder
}

// A production context is locked until somebody says why it has to be changed;
// then every change asks for its name, and is written down.
func TestTerminalProductionIsLocked(t *testing.T) {
	t.Parallel()
	live := serveLocal(t, "127.0.0.1:0", predictable("--wait", "1s")...)
	environment, state := contextsOf(t, live, live)
	p := ptytest.Start(t, ptytest.Options{Cols: 120, Rows: 40, Timeout: patience, Env: environment}, os.Args[0])
	p.WaitFor("shop-live")
	p.WaitFor("PRODUCTION · locked")
	fillsTheForm(p)
	p.WaitFor(storyMD5)
	p.Key("enter")
	p.WaitFor("this production context is locked")
	stopsTyping(p)
	p.Key("U")
	p.WaitFor("Unlock production")
	p.Type("why")
	p.Key("enter")
	p.WaitFor("needs 5 characters")
	p.Type(" the noon orders are stuck")
	p.Key("enter")
	p.WaitGone("Unlock production")
	p.WaitFor("PRODUCTION · open")
	p.Key("5", "enter")
	p.WaitFor("type the context's name")
	straight(t, p)
	p.Type("shop-test")
	p.Key("enter")
	p.WaitFor("not yet: shop-live")
	p.Key("ctrl+u")
	p.Type("shop-live")
	p.Key("enter")
	id := p.WaitMatch(`✓ (?:accepted as )?(` + uuid + `)`)[1]
	stopsTyping(p)
	p.Key("U")
	p.WaitFor("PRODUCTION · locked")
	quits(t, p)

	entries := auditOf(t, state)
	if len(entries) != 1 {
		t.Fatalf("%d entries in the audit file, want the one order: %+v", len(entries), entries)
	}
	e := entries[0]
	if e.Action != "sqs:SendMessage" || e.Plan != "Submit an order" || e.Reason != "why the noon orders are stuck" || e.Context != "shop-live" || e.Outcome != "ok" ||
		e.RequestID == "" || e.Identity == "" {
		t.Errorf("the audit of order %s has %+v", id, e)
	}
}

func auditOf(t *testing.T, state string) []workflow.AuditEntry {
	t.Helper()
	file, err := os.Open(filepath.Join(state, "orderops", "audit.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	if info, err := file.Stat(); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the audit file has mode %v, %v", info.Mode(), err)
	}
	var entries []workflow.AuditEntry
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var e workflow.AuditEntry
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			t.Fatal(err)
		}
		entries = append(entries, e)
	}
	return entries
}

// Another context shows another deployment, and nothing of the one before: its
// leases are given back, its rows are gone.
func TestTerminalAnotherContext(t *testing.T) {
	t.Parallel()
	live, test := serveLocal(t, "127.0.0.1:0", predictable()...), serveLocal(t, "127.0.0.1:0", predictable()...)
	test.send(t, deadLetterQueue, malformed, nil)
	environment, _ := contextsOf(t, live, test)
	p := ptytest.Start(t, ptytest.Options{Cols: 80, Rows: 24, Timeout: patience, Env: environment}, os.Args[0], "--context", "shop-test")
	p.WaitFor("Overview")
	p.Key("4")
	p.WaitMatch(`Dead letters 1\b`)
	p.Key("i")
	p.WaitFor("[ cancel ]")
	p.Key("y")
	p.WaitFor("malformed")
	p.Key("ctrl+p")
	p.WaitFor("this is it")
	straight(t, p)
	p.Type("live")
	p.Key("enter")
	p.WaitFor("PRODUCTION · locked")
	p.WaitFor("OrderStateMachine")
	eventually(t, "message that is visible again", func() bool { return test.counts(t, deadLetterQueue) == counts{1, 0} })
	p.Key("4")
	p.WaitFor("no dead letters")
	if strings.Contains(p.Text(), "malformed") || strings.Contains(p.Text(), "shop-test") {
		t.Errorf("something of the other context is left:\n%s", p.Dump())
	}
	quits(t, p)
}

// A locked production context refuses a command, which says how it goes.
func TestCommandProductionIsLocked(t *testing.T) {
	t.Parallel()
	live := serveLocal(t, "127.0.0.1:0", predictable()...)
	environment, state := contextsOf(t, live, live)
	order := []string{"submit", "--user", "Burger_20", "--quantity", "3", "--restaurant", "Restaurant 4"}
	for _, test := range []struct {
		name   string
		more   []string
		code   int
		stderr string
	}{
		{"locked", nil, 3, "--reason"},
		{"no reason to speak of", []string{"--reason", "why", "--confirm", "shop-live"}, 3, "needs 5 characters"},
		{"another name", []string{"--reason", "a rehearsal", "--confirm", "shop-test"}, 3, "--confirm shop-live"},
		{"unlocked", []string{"--reason", "a rehearsal", "--confirm", "shop-live"}, 0, ""},
	} {
		got := commandIn(t, environment, append(order, test.more...)...)
		if got.code != test.code || !strings.Contains(got.stderr, test.stderr) {
			t.Errorf("%s: got %+v", test.name, got)
		}
	}
	if got := live.counts(t, orderQueue); got.visible+got.inFlight > 1 {
		t.Errorf("the order queue has %+v", got)
	}
	if entries := auditOf(t, state); len(entries) != 1 || entries[0].Reason != "a rehearsal" {
		t.Errorf("the audit file has %+v", entries)
	}
	shown := commandIn(t, environment, "audit", "export")
	if !strings.Contains(shown.stdout, `"reason":"a rehearsal"`) || strings.Count(shown.stdout, "\n") != 1 {
		t.Errorf("audit export prints %q, %q", shown.stdout, shown.stderr)
	}
	if shown = commandIn(t, environment, "audit", "show"); !strings.Contains(shown.stdout, "sqs:SendMessage") {
		t.Errorf("audit show prints %q, %q", shown.stdout, shown.stderr)
	}
}
