package cli_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"orderops/ui/cli"
	"orderops/workflow"
	"orderops/workflow/monitor"
)

// crowd are executions that ended, the newest first, one a minute. Every tenth
// failed, and the newest is the second run of the oldest.
func crowd(n int) *aws {
	a := &aws{}
	for i := range n {
		started := time.Now().Add(-time.Duration(i) * time.Minute)
		e := workflow.Execution{Name: fmt.Sprintf("e%d", i), Status: workflow.Succeeded, Started: started, Stopped: started.Add(time.Second)}
		if i == 0 {
			e.Name = fmt.Sprintf("e%d-r1", n-1)
		}
		if i%10 == 9 {
			e.Status = workflow.Failed
		}
		e.ARN = workflow.ExecutionOf(machineARN, e.Name)
		e.Input = fmt.Sprintf(`{"user_id":"u","restaurant_id":"r","quantity":"1","id":%q}`, e.Name)
		a.executions = append(a.executions, e)
	}
	return a
}

func TestListsReadOn(t *testing.T) {
	t.Parallel()
	const n = 2500
	for _, test := range []struct {
		args  string
		rows  int
		lists int
		said  string
	}{
		{"executions list --quick", 50, 1, "looked at the newest 50 executions"},
		{"executions list --quick --newest 50", 50, 1, ""},
		{"executions list --quick --newest 1001", 1001, 2, ""},
		{"executions list --quick --newest 9999", n, 3, ""},
		{"executions list --quick --newest 9999 --filter status:failed", n / 10, 3, ""},
		{"executions list --quick --newest 9999 --limit 1200", 1200, 2, ""},
		{"executions list --quick --since 20h30s", 1201, 2, ""},
		{"executions list --quick --since 1000h", n, 3, ""},
		{"executions list --quick --since 1000h --newest 7", 7, 1, ""},
		{"executions list --quick --since 1000h --reverse", n, 3, ""},
		{"executions list --newest 60", 60, 1, ""},
		{"orders list --quick --newest 60", 0, 0, "--quick"},
		{"orders list --newest 1100", 1100, 2, ""},
		{"orders list --since 1000h", n - 1, 3, ""}, // two of them ran for one order
	} {
		for _, format := range []string{"jsonl", "table"} {
			t.Run(test.args+" as "+format, func(t *testing.T) {
				t.Parallel()
				w := &world{aws: crowd(n)}
				w.run(t, append(strings.Fields(test.args), "-o", format)...)
				want := test.rows
				if format == "table" && want > 0 {
					want++ // the head
				}
				if rows := strings.Count(w.out.String(), "\n"); rows != want || w.aws.asked[monitor.ExecutionsFeed] != test.lists {
					t.Errorf("%d lines in %d lists, want %d in %d; errors %q", rows, w.aws.asked[monitor.ExecutionsFeed], want, test.lists, w.err.String())
				}
				if !strings.Contains(w.err.String(), test.said) || test.said == "" && w.err.Len() > 0 {
					t.Errorf("said %q, want %q", w.err.String(), test.said)
				}
			})
		}
	}
}

// TestListOfManyIsSorted wants a sort to go over all pages.
func TestListOfManyIsSorted(t *testing.T) {
	t.Parallel()
	w := &world{aws: crowd(1500)}
	if code := w.run(t, "executions", "list", "--quick", "--newest", "1500", "--sort", "started", "-o", "csv", "--columns", "order", "--limit", "1"); code != 0 {
		t.Fatalf("exit code %d: %s", code, w.err.String())
	}
	if got := w.out.String(); got != "order\ne1499\n" {
		t.Errorf("printed %q", got)
	}
	w = &world{aws: crowd(1)}
	if code := w.run(t, "executions", "list", "--newest", "10001", "--sort", "started"); code != cli.ExitUsage || !strings.Contains(w.err.String(), "--newest") {
		t.Errorf("exit code %d, errors %q", code, w.err.String())
	}
}

// TestListThatBreaksOff keeps what was printed, and says that it is not all.
func TestListThatBreaksOff(t *testing.T) {
	t.Parallel()
	w := &world{aws: crowd(1500)}
	w.sink = &tripwire{out: &w.out, lines: 900, trip: func() {
		w.aws.fail = map[monitor.Feed]error{monitor.ExecutionsFeed: errors.New("the network is gone")}
	}}
	code := w.run(t, "executions", "list", "--quick", "--newest", "1500", "-o", "jsonl")
	if code != cli.ExitPartly || strings.Count(w.out.String(), "\n") != 1000 || !strings.Contains(w.err.String(), "after 1,000 executions: the network is gone") {
		t.Errorf("exit code %d, %d lines, errors %q", code, strings.Count(w.out.String(), "\n"), w.err.String())
	}
}

// tripwire trips when so many lines were written.
type tripwire struct {
	out   interface{ Write(p []byte) (int, error) }
	lines int
	trip  func()
}

func (w *tripwire) Write(p []byte) (int, error) {
	if w.lines -= strings.Count(string(p), "\n"); w.lines <= 0 {
		w.trip()
	}
	return w.out.Write(p)
}
