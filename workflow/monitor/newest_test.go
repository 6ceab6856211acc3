package monitor

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"orderops/workflow"
)

func TestNewest(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 23, 7, 0, 0, 0, time.UTC)
	execution := func(n int) workflow.Execution {
		return workflow.Execution{ARN: workflow.ExecutionARN(fmt.Sprint("arn:", n)), Name: fmt.Sprint(n), Status: workflow.Running, Started: start.Add(time.Duration(n) * time.Second)}
	}
	var page []workflow.Execution
	for n := 60; n > 0; n-- {
		page = append(page, execution(n))
	}
	s := NewStore()
	s.Apply(ExecutionsListed{Executions: page, At: start.Add(time.Minute)})
	names := func(most int) (names []string) {
		for _, e := range s.Newest(most) {
			names = append(names, e.Name)
		}
		return names
	}
	if got := names(2); !slices.Equal(got, []string{"60", "59"}) {
		t.Errorf("newest %v", got)
	}
	if got := len(names(100)); got != newestKept {
		t.Errorf("%d are kept, want %d", got, newestKept)
	}
	// One that was asked for by name comes first if it is newer, and only once.
	s.Apply(ExecutionRead{Execution: execution(61), At: start.Add(2 * time.Minute)})
	s.Apply(ExecutionRead{Execution: execution(61), At: start.Add(3 * time.Minute)})
	s.Apply(ExecutionRead{Execution: execution(3), At: start.Add(4 * time.Minute)})
	if got := names(2); !slices.Equal(got, []string{"61", "60"}) {
		t.Errorf("newest %v", got)
	}
	// The sort of the list changes nothing.
	s.Executions().SetSort("started", false)
	if got := names(1); !slices.Equal(got, []string{"61"}) {
		t.Errorf("newest %v", got)
	}
}
