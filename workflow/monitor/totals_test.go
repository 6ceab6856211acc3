package monitor

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"orderops/workflow"
)

// TestTotalsAreThoseOfTheRows: whatever answers come in which order, the totals
// are those of the rows, and no execution comes back to life without a redrive.
func TestTotalsAreThoseOfTheRows(t *testing.T) {
	t.Parallel()
	statuses := []workflow.ExecutionStatus{workflow.Running, workflow.Succeeded, workflow.Failed, workflow.Aborted, workflow.TimedOut, workflow.PendingRedrive}
	rapid.Check(t, func(t *rapid.T) {
		s := NewStore()
		anything := rapid.Custom(func(t *rapid.T) workflow.Execution {
			e := over(rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "name"), rapid.SampledFrom(statuses).Draw(t, "status"), time.Time{})
			if e.Status.Ended() {
				e.Stopped = after(rapid.Float64Range(0, 100).Draw(t, "stopped"))
			}
			e.RedriveCount = rapid.IntRange(0, 2).Draw(t, "redrives")
			e.Error = rapid.SampledFrom([]string{"", "E1", "E2"}).Draw(t, "error")
			return e
		})
		at := rapid.Custom(func(t *rapid.T) time.Time { return after(rapid.Float64Range(0, 100).Draw(t, "at")) })
		t.Repeat(map[string]func(*rapid.T){
			"list": func(t *rapid.T) {
				check(t, s, listed(at.Draw(t, "at"), rapid.SliceOfN(anything, 0, 3).Draw(t, "page")...))
			},
			"describe": func(t *rapid.T) { check(t, s, ExecutionRead{Execution: anything.Draw(t, "e"), At: at.Draw(t, "at")}) },
			"history": func(t *rapid.T) {
				name := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "name")
				events := append(waiting(name), workflow.Event{ID: 5, Type: "ExecutionAborted", Time: after(9)}, workflow.Event{ID: 6, Type: "ExecutionRedriven", RedriveCount: 1, Time: after(10)})
				from := rapid.IntRange(0, len(events)).Draw(t, "from")
				to := rapid.IntRange(from, len(events)).Draw(t, "to")
				check(t, s, HistoryRead{Feed: PositionsFeed, ARN: arn(name), Events: events[from:to], At: at.Draw(t, "at")})
			},
			"row": func(t *rapid.T) {
				key := workflow.RowKey{UserID: "u", ID: workflow.OrderID(rapid.SampledFrom([]string{"a", "b", "z"}).Draw(t, "id"))}
				read := RowsRead{Asked: []workflow.RowKey{key}, At: at.Draw(t, "at")}
				if rapid.Bool().Draw(t, "found") {
					read.Rows = []workflow.Row{{RowKey: key, Status: rapid.SampledFrom([]workflow.OrderStatus{workflow.Pending, workflow.Failure}).Draw(t, "status")}}
				}
				check(t, s, read)
			},
		})
	})
}

// check applies a change and compares every total with the rows.
func check(t *rapid.T, s *Store, change Change) {
	before := map[workflow.ExecutionARN]*Execution{}
	for i := range s.Executions().Len() {
		e := s.Executions().At(i)
		before[e.ARN] = e
	}
	s.Apply(change)
	byStatus, byState, byRow := map[workflow.ExecutionStatus]int{}, map[string]int{}, map[workflow.OrderStatus]int{}
	broken, alive, placed := map[failureKey]int{}, 0, 0
	for i := range s.Executions().Len() {
		e := s.Executions().At(i)
		byStatus[e.Status]++
		if e.Status == workflow.Running {
			byState[e.State]++
			alive++
			if e.State != "" {
				placed++
			}
		}
		if e.Status.Broken() {
			broken[failureKey{state: e.State, error: e.Error, cause: workflow.CauseGroup(e.Cause)}]++
		}
		if old := before[e.ARN]; old != nil && old.Status.Ended() && !e.Status.Ended() && e.RedriveCount <= old.RedriveCount {
			t.Fatalf("%s went from %s to %s without a redrive", e.Name, old.Status, e.Status)
		}
		if o, ok := s.Orders().Get(e.OrderID()); !ok || o.Execution != e {
			t.Fatalf("order %s does not show its execution", e.Name)
		}
	}
	for i := range s.Orders().Len() {
		if o := s.Orders().At(i); o.Row != nil {
			byRow[o.Row.Status]++
		}
	}
	c := s.Counts()
	if !equal(c.Executions, byStatus) || !equal(c.States, byState) || !equal(c.Rows, byRow) {
		t.Fatalf("counts %v, rows are %v %v %v", c, byStatus, byState, byRow)
	}
	ended, checked, unchecked, pending, rowless := 0, 0, 0, 0, 0
	for i := range s.Orders().Len() {
		o := s.Orders().At(i)
		if o.Execution == nil || !o.Execution.Status.Ended() {
			continue
		}
		ended++
		if o.checked() {
			checked++
			if o.RowStatus() == workflow.Pending {
				pending++
			}
			if o.Row == nil && o.Missing && o.Status() == workflow.Succeeded {
				rowless++
			}
		} else if o.UserID != "" {
			unchecked++
		}
	}
	if done, of := s.Checked(); done != checked || of != ended || s.checks.todo.len() != unchecked {
		t.Fatalf("checked %d of %d and %d to do, want %d of %d and %d", done, of, s.checks.todo.len(), checked, ended, unchecked)
	}
	if s.disagreeing.len() != pending || s.rowless.len() != rowless {
		t.Fatalf("%d rows disagree and %d are missing, want %d and %d", s.disagreeing.len(), s.rowless.len(), pending, rowless)
	}
	for name, in := range s.inState {
		placed -= in.len()
		for arn := range in.at {
			if e, ok := s.executions.Get(arn); !ok || e.Status != workflow.Running || e.State != name {
				t.Fatalf("%s is not in %s: %+v", arn, name, e)
			}
		}
	}
	if placed != 0 {
		t.Fatalf("%d running executions are missing among those of their state", placed)
	}
	groups := map[failureKey]int{}
	for name, f := range s.failures {
		groups[name] = f.count
	}
	if !equal(groups, broken) || s.running.len() != alive {
		t.Fatalf("failures %v, want %v; %d running, want %d", groups, broken, s.running.len(), alive)
	}
}

func equal[K comparable](a, b map[K]int) bool {
	if len(a) != len(b) {
		return false
	}
	for k, n := range a {
		if b[k] != n {
			return false
		}
	}
	return true
}
