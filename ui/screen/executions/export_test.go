package executions

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/workflow"
	"orderops/workflow/monitor"
)

func exporting(t *testing.T) *Screen {
	t.Helper()
	s, world := newScreen(t)
	world.Store.Apply(monitor.ExecutionRead{At: world.Now, Execution: workflow.Execution{
		ARN: "arn:2", Name: "=cmd|' /C calc'!A0", Status: workflow.Failed, Started: start(), Stopped: world.Now, Error: "+1", Cause: "a,\"b\"\n@c",
		Input: `{"user_id":"-Burger"}`,
	}})
	s.detail = nil
	s.Refresh()
	return s
}

func TestExport(t *testing.T) {
	t.Parallel()
	s := exporting(t)
	folder := t.TempDir()
	lines := filepath.Join(folder, "x.jsonl")
	if msg, ok := s.export(lines)().(action.Say); !ok || msg.Err != nil || !strings.HasPrefix(msg.Text, "2 executions written") {
		t.Fatalf("said %+v", msg)
	}
	content, err := os.ReadFile(lines)
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for line := range strings.Lines(string(content)) {
		var e struct{ Execution, Cause, Seconds, User string }
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		found = found || e.Execution == "=cmd|' /C calc'!A0" && e.Cause == "a,\"b\"\n@c" && e.Seconds == "11.000" && e.User == "-Burger"
	}
	if !found {
		t.Errorf("got %s", content)
	}
	if msg, ok := s.export(lines)().(action.Say); !ok || msg.Err == nil {
		t.Error("a file was written over")
	}
}

// No cell is a formula, and only what is marked is written.
func TestExportAsCSV(t *testing.T) {
	t.Parallel()
	s := exporting(t)
	s.list.Select("arn:2")
	s.list.Update(tea.KeyPressMsg{Code: tea.KeySpace, Text: " "})
	name := filepath.Join(t.TempDir(), "x.csv")
	if msg, ok := s.export(name)().(action.Say); !ok || msg.Err != nil {
		t.Fatalf("said %+v", msg)
	}
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil || len(rows) != 2 || len(rows[0]) != len(rows[1]) {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for i, cell := range rows[1] {
		if cell != "" && strings.ContainsAny(cell[:1], "=+-@") {
			t.Errorf("%s is the formula %q", rows[0][i], cell)
		}
	}
	if err := action.CheckExport("a.txt"); err == nil {
		t.Error("any file is taken")
	}
}
