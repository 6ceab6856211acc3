package deadletters

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/workflow"
	"orderops/workflow/letterfile"
	"orderops/workflow/monitor"
)

// TestExport writes what is marked, else everything that was received, never
// over another file, for nobody else to read, and without asking AWS for anything.
func TestExport(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		var letters []workflow.DeadLetter
		for _, id := range []workflow.MessageID{"a", "b"} {
			letters = append(letters, workflow.Judge(workflow.Message{ID: id, Body: []byte("=1\x00" + id)}, workflow.Queue{}, workflow.Queue{}))
		}
		s.world.Store.Apply(monitor.InspectionStarted{At: time.Now()}, monitor.DeadLettersRead{Letters: letters, At: time.Now()})
		s.Refresh()
		write := func(name string) action.Say {
			say, _ := s.export(name)().(action.Say)
			return say
		}
		all := filepath.Join(t.TempDir(), "all.jsonl")
		if say := write(all); say.Err != nil || say.Text != "2 dead letters written to "+all {
			t.Fatalf("said %+v", say)
		}
		file, err := os.Open(all)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = file.Close() }()
		got, err := letterfile.Read(file)
		if err != nil || len(got) != 2 || !strings.HasPrefix(string(got[0].Body), "=1\x00") {
			t.Errorf("read %+v, %v", got, err)
		}
		if info, err := file.Stat(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", info.Mode(), err)
		}
		if say := write(all); say.Err == nil {
			t.Error("a file was written over")
		}
		s.list.Select("b")
		s.list.Update(tea.KeyPressMsg{Code: tea.KeySpace, Text: " "})
		one := filepath.Join(t.TempDir(), "one.csv")
		if say := write(one); say.Err != nil || !strings.HasPrefix(say.Text, "1 dead letters") {
			t.Errorf("said %+v", say)
		}
		if text, err := os.ReadFile(one); err != nil || !strings.Contains(string(text), "'=1\x00b") || strings.Contains(string(text), "=1\x00a") {
			t.Errorf("%q, %v", text, err)
		}
		if len(s.queue.calls) != 0 {
			t.Errorf("asked %v", s.queue.calls)
		}
	})
}
